"""Repairs of names of files and folders, and of what refers to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from exemplars.linking import target
from exemplars.model import Edit
from exemplars.repairing.page import page, scalars
from exemplars.schema import Text
from exemplars.vietnamese import nfc, slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from exemplars.repairing.page import Page

WAY = re.compile(r"<?([^?#>]*+)")
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
    return (*listed, *_relinked(found, lambda typed: new.get(nfc(unquote(typed.strip("<>"))).removeprefix("./"))))


def moved(path: str, text: str, folders: Mapping[str, str]) -> tuple[Edit, ...]:
    """Links to story folders that got another name, from any page; whatever else stands in a link stays as it was typed.

    folders     old path → new path
    """
    found = page(path, text)
    if found is None:
        return ()
    new = {nfc(old): right.rpartition("/")[2] for old, right in folders.items()}

    def leads(typed: str) -> str:
        way = WAY.match(typed)
        assert way is not None  # noqa: S101 - it matches anything
        parts = way[1].split("/")
        reached = (nfc(target("/".join(parts[:at]), path) or "") for at in range(1, len(parts) + 1))
        right = (part if part in {"", ".", ".."} else new.get(to, part) for part, to in zip(parts, reached, strict=True))
        return typed[: way.start(1)] + "/".join(right) + typed[way.end(1) :]

    return tuple(_relinked(found, leads))


def _relinked(page: Page, leads: Callable[[str], str | None]) -> Iterator[Edit]:
    for link in LINKED.finditer(page.text, page.body_at):
        typed = link[1].rstrip()
        right = leads(typed)
        if right is not None and right != typed:
            yield Edit("CT015", link.start(1), link.start(1) + len(typed), right)
