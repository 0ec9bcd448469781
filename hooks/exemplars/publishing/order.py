"""In which order files go where nothing can be switched at once: what is asked for comes before what asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exemplars.linking import INDEX
from exemplars.publishing.release import STAMP

if TYPE_CHECKING:
    from collections.abc import Iterable

ENTRY = INDEX + "pagefind-entry.json"  # names the pieces of the index by their hashes
TELLING = (".xml", ".json", ".opml", ".ics", ".txt")
PACKED = (".gz", ".br")


def phases(paths: Iterable[str]) -> tuple[list[str], list[str], list[str], list[str]]:
    """Assets; pages of stories and hand-written ones; lists, feeds, sitemap; the stamp."""
    found: tuple[list[str], list[str], list[str], list[str]] = ([], [], [], [])
    for path in sorted(paths):
        found[_phase(path)].append(path)
    return found


def _phase(path: str) -> int:
    name = path.removesuffix(PACKED[0]).removesuffix(PACKED[1])  # a packed copy goes with what it is a copy of
    if name == STAMP:
        return 3
    if name.endswith(".html"):
        return 1 if name.startswith("guong/") else 2
    if name.startswith(("assets/", "guong/")) or (name.startswith(INDEX) and name != ENTRY):
        return 0
    return 2 if name.endswith(TELLING) else 0
