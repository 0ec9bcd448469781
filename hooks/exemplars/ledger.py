"""The ledger of published addresses, `content/data/published.txt`: which stories readers were ever given, in which order, and in
which lists: `guong/2020/x/ 2020-x don-vi/a/ phong-trao/b/`.

Archives of feeds are filled in this order, not by day: a story with an early day that is published late goes to the end, and so
does one that joins a list late; one that leaves a list leaves its place there empty.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from exemplars.linking import story_address

if TYPE_CHECKING:
    from exemplars.listing import Shelf
    from exemplars.model import Story


def in_order(shelf: Shelf) -> tuple[Story, ...]:
    """Every story that was ever published, those hidden or withdrawn since included, in order of first publication.

    Stories that the ledger does not know yet come last, by day and id: the order in which `additions` writes them.
    """
    known = dict.fromkeys(line.id for line in shelf.site.published)
    stories = {story.id: story for story in shelf.site.stories}
    new = [story for story in shelf.site.stories if story.id not in known and story.date and (story.withdrawn or shelf.shows(story))]
    return (*(stories[id_] for id_ in known if id_ in stories), *sorted(new, key=_by_day))


def _by_day(story: Story) -> tuple[dt.date, str]:
    return story.date or dt.date.max, story.id


def lists(story: Story) -> tuple[str, ...]:
    """The lists with feeds that the story stands in now, beside that of the whole site."""
    under = (("don-vi/", story.unit), ("linh-vuc/", story.field), ("loai/", story.kind), *(("phong-trao/", one) for one in story.campaigns))
    return tuple(dict.fromkeys(f"{at}{id_}/" for at, id_ in under))


class Place(NamedTuple):
    """That of a story in a list; `stands`: it is there now."""

    story: Story
    stands: bool


def places(shelf: Shelf) -> dict[str, list[Place]]:
    """The places in every list, in order: of stories that stand there, and of those that once did.

    Where a story has joined is not noted before it is published: it comes last. A line of an earlier version names no lists; then
    they are those of now.
    """
    end, first, noted = len(shelf.site.published), dict[str, int](), dict[str, dict[str, int]]()
    for number, line in enumerate(shelf.site.published):
        at = first.setdefault(line.id, number)
        if line.lists:
            known = noted.setdefault(line.id, dict.fromkeys(line.lists, at))
            for one in line.lists:
                known.setdefault(one, number)
    found: dict[str, list[tuple[int, Place]]] = {}
    for story in in_order(shelf):
        now, at = lists(story), first.get(story.id, end)
        known = noted.get(story.id) or dict.fromkeys(now, at)
        for one in now:
            found.setdefault(one, []).append((known.get(one, end), Place(story, stands=True)))
        for one in known.keys() - now:
            found.setdefault(one, []).append((known[one], Place(story, stands=False)))
    return {one: [place for _, place in sorted(entered, key=_number)] for one, entered in found.items()}


def _number(entered: tuple[int, Place]) -> int:
    return entered[0]


def additions(shelf: Shelf) -> tuple[str, ...]:
    """The lines that publishing adds to the ledger: `address id lists` of each story, or notice of one, where one of them is not noted yet."""
    addresses = {(line.address, line.id) for line in shelf.site.published}
    noted = {(line.id, one) for line in shelf.site.published for one in line.lists}
    return tuple(
        " ".join([story_address(story), story.id, *lists(story)])
        for story in in_order(shelf)
        if (story.withdrawn or shelf.shows(story))
        and ((story_address(story), story.id) not in addresses or any((story.id, one) not in noted for one in lists(story)))
    )
