"""The ledger of published addresses, `content/data/published.txt`: which stories readers were ever given, in which order.

Archives of feeds are filled in this order, not by day: a story with an early day that is published late goes to the end.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

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


def additions(shelf: Shelf) -> tuple[str, ...]:
    """The lines that publishing adds to the ledger: `address id` of each story, or notice of one, at an address not yet there."""
    known = {(line.address, line.id) for line in shelf.site.published}
    shown = (story for story in in_order(shelf) if story.withdrawn or shelf.shows(story))
    return tuple(f"{story_address(story)} {story.id}" for story in shown if (story_address(story), story.id) not in known)
