"""Repairs of names of files and folders, and of what refers to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from exemplars.model import Edit
from exemplars.repairing.page import page, scalars
from exemplars.schema import Text
from exemplars.vietnamese import nfc, slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exemplars.repairing.page import Page

FINE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.[a-z]+\Z")
LINKED = re.compile(r"\]\([ ]*+(<[^<>\n]*+>|[^()<>\"\n]++)[ ]*+(?:\"[^\"\n]*+\")?[ ]*+\)")


def file_name(name: str) -> str:
    """The name a photo should have: «Ảnh chính.JPG» → "anh-chinh.jpg"; "" when nothing of it can stay."""
    if FINE_NAME.match(name):
        return name
    stem, _, ending = name.rpartition(".")
    return f"{slug(stem)}.{ending.lower()}" if slug(stem) else ""


def renamed(path: str, text: str, names: dict[str, str]) -> tuple[Edit, ...]:
    """A story's references to the files beside it, under their new names: `photos` and `![…](…)`.

    names   old name → new name
    """
    found = page(path, text)
    if found is None:
        return ()
    new = {nfc(old): right for old, right in names.items()}
    listed = (
        Edit("CT015", start, end, new[nfc(node.text)])
        for key, _, node, start, end in scalars(found, Text)
        if key.name == "file" and nfc(node.text) in new
    )
    return (*listed, *_relinked(found, lambda target: new.get(target.removeprefix("./"))))


def moved(path: str, text: str, folders: dict[str, str]) -> tuple[Edit, ...]:
    """Links to story folders that got another name, from any page.

    folders     old name → new name of the last part of the path
    """
    found = page(path, text)
    if found is None:
        return ()
    new = {nfc(old): right for old, right in folders.items()}

    def leads(target: str) -> str | None:
        parts = target.split("/")
        return "/".join(new.get(part, part) for part in parts) if any(part in new for part in parts) else None

    return tuple(_relinked(found, leads))


def _relinked(page: Page, leads: Callable[[str], str | None]) -> Iterator[Edit]:
    for link in LINKED.finditer(page.text, page.body_at):
        typed = link[1].rstrip()
        right = leads(nfc(unquote(typed.strip("<>"))))
        if right is not None:
            yield Edit("CT015", link.start(1), link.start(1) + len(typed), right)
