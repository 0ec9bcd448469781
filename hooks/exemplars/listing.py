"""Which stories each list holds, and in which order; which stories are related, and why."""

from __future__ import annotations

import datetime as dt
import hashlib
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING
from zlib import crc32

from exemplars.approving import State
from exemplars.briefs import Brief, brief_of
from exemplars.linking import story_address
from exemplars.model import COLLECTIVE
from exemplars.vietnamese import given_initial, name_key, sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.model import Event, Site, Story

RELATED = 3
APPROVED = str(State.APPROVED)


def newest_first(stories: Iterable[Story]) -> tuple[Story, ...]:
    """By day of publication, then by id; a story without a day (a draft) comes first."""
    return tuple(sorted(sorted(stories, key=lambda s: s.id), key=lambda s: s.date or dt.date.max, reverse=True))


@dataclass(frozen=True)
class Shelf:
    """The stories that readers see, in order, and every list that is made of them.

    preview   show everything that could be read, not only what the Council approved
    briefs    path of a story → its brief, as far as they are made: one build's memory, never an input
    near      path of a story → paths of its related stories with the reason, likewise; see `structure`
    """

    site: Site
    preview: bool = False
    briefs: dict[str, Brief] = field(default_factory=dict)
    near: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def brief(self, story: Story) -> Brief:
        path = story.origin.path
        made = self.briefs.get(path)
        if made is None:
            made = self.briefs[path] = brief_of(story, self.site)
        return made

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        if self.preview:
            return newest_first(story for story in self.site.stories if not story.withdrawn)
        return newest_first(story for story in self.site.stories if self.brief(story).state == APPROVED)

    def shows(self, story: Story) -> bool:
        return not story.withdrawn if self.preview else self.brief(story).state == APPROVED

    def changed(self, story: Story) -> dt.date | None:
        """The day on which what it says last changed."""
        told = self.brief(story).changed
        return dt.date.fromisoformat(told) if told else None

    @cached_property
    def changes(self) -> Mapping[str, str]:
        """Path of a story → the day on which what it says last changed (ISO 8601), "" without one; every list asks for all of its own."""
        return {story.origin.path: self.brief(story).changed for story in self.stories}

    def accepted(self, story: Story) -> tuple[str, ...]:
        """The public criteria that the Council accepted for exactly this story, in the plan's order."""
        return self.brief(story).accepted

    @cached_property
    def by_key(self) -> Mapping[tuple[str, str], tuple[Story, ...]]:
        """(family, id) → its stories, newest first; families: unit, field, kind, year, campaign, plan/criterion."""
        lists: dict[tuple[str, str], list[Story]] = defaultdict(list)
        for story in self.stories:
            for key in self._keys(story):
                lists[key].append(story)
        return {key: tuple(found) for key, found in lists.items()}

    def _keys(self, story: Story) -> list[tuple[str, str]]:
        return [
            ("unit", story.unit), ("field", story.field), ("kind", story.kind), ("year", story.year),
            *[("campaign", id_) for id_ in dict.fromkeys(story.campaigns)],
            *[("criterion", f"{story.plan}/{id_}") for id_ in self.brief(story).accepted],
        ]  # fmt: skip

    def of(self, family: str, id_: str) -> tuple[Story, ...]:
        return self.by_key.get((family, id_), ())

    @cached_property
    def _rank(self) -> Mapping[str, int]:
        """The place of each story among all; every list keeps that order."""
        return {story.id: at for at, story in enumerate(self.stories)}

    @cached_property
    def events_of(self) -> Mapping[str, tuple[Event, ...]]:
        """Story id → the events it is told at."""
        found: dict[str, list[Event]] = defaultdict(list)
        for event in self.site.events:
            for id_ in dict.fromkeys(event.stories):
                found[id_].append(event)
        return {id_: tuple(events) for id_, events in found.items()}

    @cached_property
    def documents_cited(self) -> Mapping[str, tuple[Story, ...]]:
        """Document id → the stories that rest on it, newest first."""
        found: dict[str, list[Story]] = defaultdict(list)
        for story in self.stories:
            for id_ in self.brief(story).cited:
                found[id_].append(story)
        return {id_: tuple(stories) for id_, stories in found.items()}

    @cached_property
    def unit_names(self) -> frozenset[str]:
        return frozenset(name for unit in self.site.units for name in (unit.name, unit.short_name) if name)

    def related(self, story: Story) -> tuple[tuple[Story, str], ...]:
        """Up to three other stories with the reason each is shown.

        Taken from the neighbours in a shared list, so that a new story changes the pages beside it and no others.
        """
        near = self.near.get(story.origin.path)
        if near is None:
            near = self.near[story.origin.path] = tuple((one.origin.path, why) for one, why in self._related(story))
        return tuple((self.by_path[path], why) for path, why in near)

    @cached_property
    def by_path(self) -> Mapping[str, Story]:
        return {story.origin.path: story for story in self.stories}

    @cached_property
    def by_address(self) -> Mapping[str, Story]:
        return {story_address(story): story for story in self.stories}

    @cached_property
    def structure(self) -> str:
        """Hash of all that says which stories are related, and where links to them lead: their order, their places, and the lists
        that each stands in.
        """
        rows = [(one.id, one.origin.path, one.unit, one.field, one.campaigns, one.plan, self.brief(one).accepted) for one in self.stories]
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def _related(self, story: Story) -> tuple[tuple[Story, str], ...]:
        found: dict[str, tuple[Story, str]] = {}
        for family, id_ in self._shared(story):
            if len(found) == RELATED:
                break
            near = next((one for one in self._near(story, family, id_) if one.id not in found), None)
            if near:
                found[near.id] = (near, f"{family}/{id_}" if family in {"criterion", "campaign"} else family)
        return tuple(found.values())

    def _shared(self, story: Story) -> Iterator[tuple[str, str]]:
        """The lists to look for neighbours in: one criterion first, not the same for all, since most stories meet the same ones."""
        criteria = self.brief(story).accepted
        if criteria:
            yield "criterion", f"{story.plan}/{criteria[crc32(story.id.encode()) % len(criteria)]}"
        yield from (("campaign", one) for one in story.campaigns)
        yield from (("unit", story.unit), ("field", story.field))

    def _near(self, story: Story, family: str, id_: str) -> Iterator[Story]:
        """The next older stories of a list, then the next newer ones; another unit's first where the list mixes units."""
        stories, rank = self.of(family, id_), self._rank
        at = bisect_left(stories, rank.get(story.id, -1), key=lambda one: rank[one.id])
        if at == len(stories) or stories[at] is not story:
            return
        near = [*stories[at + 1 : at + 5], *reversed(stories[max(0, at - 4) : at])]
        yield from sorted(near, key=lambda one: one.unit == story.unit and family != "unit")

    @cached_property
    def people(self) -> tuple[tuple[str, tuple[Story, ...]], ...]:
        """A–Z: letter → stories by given name, family name, middle name; collectives under the first letter of their name."""
        rows = []
        for story in self.stories:
            if story.subject:
                name = story.subject.name
                # a collective has no given name: it is found under its first word
                whole = story.subject.sort_as or (name if story.subject.type == COLLECTIVE else None)
                letter = given_initial(name, whole)
                rows.append((sort_key(letter), name_key(name, whole), story.id, letter, story))
        letters: dict[str, list[Story]] = {}
        for *_, letter, story in sorted(rows, key=lambda row: row[:3]):
            letters.setdefault(letter, []).append(story)
        return tuple((letter, tuple(found)) for letter, found in letters.items())


def pages_of(stories: tuple[Story, ...], size: int) -> tuple[tuple[Story, ...], ...]:
    """A list cut into pages; an empty list still has one page, which says so."""
    return tuple(stories[at : at + size] for at in range(0, max(len(stories), 1), size))
