"""What publishing has to know of the stories of a built site, beside its files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from exemplars import ledger
from exemplars.publishing.release import Told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exemplars.listing import Shelf

NAME = "facts.json"


class Facts(NamedTuple):
    """stories: folder → the story there, those withdrawn included · additions: the lines that the ledger lacks."""

    stories: Mapping[str, Told]
    additions: tuple[str, ...]


def facts(shelf: Shelf) -> bytes:
    """As JSON: what `read` gives."""
    stories = {
        story.folder: Told(story.id, story.text_sha256, bool(story.withdrawn))
        for story in shelf.site.stories if story.withdrawn or shelf.shows(story)
    }  # fmt: skip
    return (json.dumps({"stories": stories, "additions": ledger.additions(shelf)}, indent=0, sort_keys=True) + "\n").encode()


def read(path: Path) -> Facts:
    """What `facts` wrote."""
    said = json.loads(path.read_bytes())
    return Facts({folder: Told(*told) for folder, told in said["stories"].items()}, tuple(said["additions"]))
