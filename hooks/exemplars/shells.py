"""The shell: the hand-written pages, which another program builds. It is started only where what they are made from has changed."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from exemplars import linking, versions
from exemplars.model import Settings, Story
from exemplars.pages.home import home
from exemplars.storing import sealed, sha256_of, unsealed, write

if TYPE_CHECKING:
    from pathlib import Path

    from exemplars.pages import Context

# what else the settings name, nobody can tell by their text
ELSEWHERE = (b"INHERIT", b"!ENV")
UNSHOWN = "chua-dang"  # in the place of an address: the words of the link stay, the link goes
LIBRARIES = ("mkdocs", "mkdocs_material", "jinja2", "markdown", "markupsafe")


@dataclass(frozen=True, slots=True)
class Shell:
    """Hand-written pages that stand built.

    inputs     hash of the files that they were made from
    lead       the story that the home page begins with, as its front matter says
    home       hash of what the home page shows of the stories
    links      (link as written, file it stands in, address it leads to) of those that lead to stories and campaigns
    addresses  of the pages
    files      path → sha256 of every file of it
    """

    inputs: str
    settings: Settings
    lead: str
    home: str
    links: tuple[tuple[str, str, str], ...]
    addresses: tuple[str, ...]
    files: dict[str, str]

    def holds(self, context: Context) -> bool:
        """Whether the pages are what would be built now."""
        return self.home == shown_at_home(context, self.lead) and all(
            self.led(href, path, context) == address for href, path, address in self.links
        )

    @staticmethod
    def led(href: str, path: str, context: Context) -> str:
        """Where a link leads on the site; UNSHOWN for one to a story that readers do not see, "" for one that leads nowhere."""
        found, anchor = linking.resolve(href, path, context.shelf.site)
        if found is None or isinstance(found, str):
            return ""
        if isinstance(found, Story) and not context.shelf.shows(found):
            return UNSHOWN
        return linking.address(found) + (f"#{anchor}" if anchor else "")


def shown_at_home(context: Context, lead: str) -> str:
    return hashlib.sha256(repr((home(context, lead), context.searched, context.shelf.preview)).encode()).hexdigest()


def inputs(root: Path, *asked: object) -> str:
    """Hash of every file that the shell is made from; "" where that cannot be told. `asked`: what else decides."""
    settings = (root / "mkdocs.yml").read_bytes()
    if any(word in settings for word in ELSEWHERE):
        return ""
    digest = hashlib.sha256(repr((versions.of(*LIBRARIES), asked)).encode() + settings)
    for folder in ("content", "campaigns", "hooks"):
        for at, folders, names in os.walk(root / folder, onerror=_raise):
            folders[:] = sorted(name for name in folders if name != "__pycache__")
            for name in sorted(names):
                with open(f"{at}/{name}", "rb") as file:  # noqa: PTH123 - at every build
                    data = file.read()
                digest.update(f"\n{os.path.relpath(at, root)}/{name} {len(data)}\n".encode() + data)
    return digest.hexdigest()


def _raise(error: OSError) -> None:
    raise error


def known(note: Path, folder: Path, wanted: str) -> Shell | None:
    """The shell that an earlier build noted, if it was made from just these inputs and stands whole in the folder."""
    try:
        told: dict[str, Any] = json.loads(unsealed(note.read_bytes()) or b"")
        found = Shell(**{**told, "settings": Settings(**told["settings"]), "links": tuple(map(tuple, told["links"])),
                         "addresses": tuple(told["addresses"])})  # fmt: skip
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return found if wanted and found.inputs == wanted and found.files == files_of(folder) else None


def files_of(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): sha256_of(path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file()}


def note(shell: Shell, path: Path) -> None:
    write(path, sealed(json.dumps(asdict(shell), ensure_ascii=False).encode()))
