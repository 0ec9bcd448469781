"""Which feed documents the site has, and what each is made of. Pure: no HTML, no feedgen.

A feed is a subscription document with the 50 stories published last, and behind it archives of 50 that never change once
they exist (RFC 5005): counted by the ledger from the first story ever published in the list, so that one that comes, joins or
leaves moves nothing. An archive exists only when it is full, because until then all of it stands in the subscription document.
What is corrected in an archive stands in the subscription document too for a while: nobody reads an archive twice.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars import ledger
from exemplars.linking import permanent, rendition, story_address
from exemplars.pages.lists import newest
from exemplars.pages.stories import body_of, linked
from exemplars.pages.topics import FEEDS, SITE_TOPIC, Topic, feed_address, topics
from exemplars.story_view import shown_photos

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from exemplars.listing import Shelf
    from exemplars.model import Site, Story
    from exemplars.pages.page import Context

VERSION = "3 feedgen 1.0.0"
WINDOW = 50  # stories in a subscription document, and in an archive
CORRECTED = 20  # stories of archives, at most, that a subscription document has because they were corrected
ANNOUNCED = dt.timedelta(days=100)  # how long, told from the newest day in the content
PART = 500  # stories in a closed part of stories.json: some 600 kB
LISTED = ("", "phong-trao/", "don-vi/")  # where a stories.json stands: the site, campaigns, units
EPOCH = dt.date(2000, 1, 1)  # before every story; validators take days before 1990 for slips
TOMBSTONES_KEPT = dt.timedelta(days=400)  # RFC 6721 sets no time; the project promises a year, told from the newest day in the content


class Enclosure(NamedTuple):
    """The first picture of a story: its file is `src`, as published; `sha256` and `file` say what it is made of."""

    src: str
    width: int
    height: int
    sha256: str
    file: str
    alt: str


class Item(NamedTuple):
    """All that a feed says of a story but its text. `row`: its members in stories.json that nothing else here tells."""

    id: str
    title: str
    summary: str
    address: str
    published: dt.date
    updated: dt.date
    authors: tuple[str, ...]
    unit: str
    categories: tuple[tuple[str, str], ...]  # label, site-relative address of the list
    sample: bool
    row: tuple[tuple[str, Any], ...]
    enclosure: Enclosure | None = None
    photos: tuple[str, ...] = ()  # sha256 of all that are shown


class Entry:
    """A story as a document refers to it. `digest`, its `repr`, stands for everything that the document says of it; what that
    is, is looked up when somebody makes the document.
    """

    __slots__ = ("_context", "digest", "story")

    def __init__(self, story: Story, context: Context, digest: str = "") -> None:
        self.story, self._context = story, context
        self.digest = digest or (context.known(story, "entry") if story.origin.path in context.settled else "")
        if self.digest:
            return
        links = repr(linked(story, context)[0])  # a story it links to may have come or gone
        self.digest = context.known(story, "entry") if context.known(story, "links") == links else ""
        if not self.digest:
            made = f"{context.settings.site_url}{self.item!r}{body_of(story, context)!r}"
            self.digest = hashlib.sha256(made.encode()).hexdigest()
            context.keep(story, "links", links)
            context.keep(story, "entry", self.digest)

    @property
    def item(self) -> Item:
        """Made each time: ten thousand of them would take more memory than they cost time."""
        return _item(self.story, self._context)

    @property
    def id(self) -> str:
        return permanent(self._context.settings.tag, self.story.id)

    def __repr__(self) -> str:
        return self.digest


@dataclass(frozen=True, slots=True)
class Gone:
    """A story that was withdrawn; `kind` as in its front matter. Its reason is never told: it may speak of the person."""

    id: str
    story: str
    address: str
    day: dt.date
    kind: str
    see: str


@dataclass(frozen=True, slots=True)
class Document:
    """One feed document in one format; the newest entry first.

    form      "rss", "atom", "json", or "stories" for stories.json
    id        the permanent id of the feed, the same for its archives
    older     the address of the archive behind this document, "" where there is none
    archive   an archive, not a subscription document
    complete  the one document that holds every entry
    extra     for stories.json: older parts (address, count, sha256), labels of ids, addresses of the feeds
    """

    address: str
    form: str
    home: str
    id: str
    title: str
    about: str
    updated: dt.date
    entries: tuple[Entry, ...]
    gone: tuple[Gone, ...] = ()
    older: str = ""
    archive: bool = False
    complete: bool = False
    extra: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class _Shelves:
    """What the documents of all topics share."""

    context: Context
    entries: Mapping[str, Entry]
    gone: Mapping[str, Gone]
    corrected: Mapping[str, str]
    newest: dt.date


def entry(story: Story, context: Context) -> Entry:
    """The story as feeds refer to it, made once."""
    made: Entry | None = context.entries.get(story.origin.path)
    if made is None:
        made = context.entries[story.origin.path] = Entry(story, context)
    return made


def entries(context: Context) -> dict[str, Entry]:
    """Every story that readers see, as feeds refer to it, by id."""
    return {story.id: entry(story, context) for story in context.shelf.stories if story.date}


class Section(NamedTuple):
    """The documents of one topic. `told` stands for all that they say: while it is the same, none need be looked at."""

    home: str
    told: str
    documents: Callable[[], Iterator[Document]]


def documents(context: Context) -> Iterator[Document]:
    """Every feed document of the site."""
    for section in sections(context):
        yield from section.documents()


def sections(context: Context) -> Iterator[Section]:
    """Every feed document of the site, by topics."""
    shelf, found = context.shelf, entries(context)
    gone = {story.id: gone for story in shelf.site.stories if (gone := _gone(story, context))}
    days = [day for day in (newest(shelf.stories, context), *(one.day for one in gone.values())) if day]
    last = max(days, default=EPOCH)
    shelves = _Shelves(context, found, gone, _corrected(shelf, last - ANNOUNCED), last)
    every = [ledger.Place(story, stands=True) for story in ledger.in_order(shelf)]
    places = ledger.places(shelf) | {SITE_TOPIC: every}
    rank = {story.id: at for at, story in enumerate(shelf.stories)}
    said = {story.id: found[story.id].digest if story.id in found else repr(gone.get(story.id)) for story, _ in every}
    for topic in topics(context):
        slots = tuple(places.get(topic.home, ()))
        # tombstones are counted against the newest day of the whole site
        told = [
            VERSION,
            topic.title,
            topic.about,
            _begun(topic, shelves),
            shelves.newest if gone else None,
            [said[story.id] if stands or story.id in gone else "" for story, stands in slots],
            [story.id for story, _ in slots if story.id in shelves.corrected],
        ]
        yield Section(topic.home, hashlib.sha256(repr(told).encode()).hexdigest(), partial(_of_topic, topic, slots, rank, shelves))


def _begun(topic: Topic, shelves: _Shelves) -> dt.date:
    """The day of a feed without entries: that on which its campaign began, once anything of the site is as young."""
    return topic.since if topic.since and topic.since <= shelves.newest else EPOCH


def _corrected(shelf: Shelf, since: dt.date) -> dict[str, str]:
    """Stories that say something else than at first, since a day not long ago: id → day on which that changed (ISO 8601)."""
    changes, start = shelf.changes, since.isoformat()
    return {
        story.id: day for story in shelf.stories
        if (day := changes[story.origin.path]) >= start and story.date and day > story.date.isoformat()
    }  # fmt: skip


def _of_topic(topic: Topic, places: tuple[ledger.Place, ...], rank: Mapping[str, int], shelves: _Shelves) -> Iterator[Document]:
    """The subscription documents, archives and lists of one topic; `places`: those that stories have in it, in order."""
    slots = tuple(story for story, _ in places)
    entries = {story.id: shelves.entries[story.id] for story, stands in places if stands and story.id in shelves.entries}
    gone = tuple(sorted((shelves.gone[s.id] for s in slots if s.id in shelves.gone), key=lambda one: (-one.day.toordinal(), one.id)))
    buried = tuple(one for one in gone if shelves.newest - one.day <= TOMBSTONES_KEPT)
    shown = [story for story in slots if story.id in entries]

    def newest_first(stories: list[Story] | tuple[Story, ...]) -> tuple[Entry, ...]:
        found = [story for story in stories if story.id in entries]
        return tuple(entries[story.id] for story in sorted(found, key=lambda story: rank[story.id]))

    def day_of(found: tuple[Entry, ...], gone: tuple[Gone, ...] = ()) -> dt.date:
        changed = newest((entry.story for entry in found), shelves.context)
        days = [*([changed or EPOCH] if found else []), *(one.day for one in gone)]
        return max(days, default=_begun(topic, shelves))

    full = (len(slots) - 1) // WINDOW if slots else 0
    unarchived = sum(story.id in entries for story in slots[full * WINDOW :])
    window = newest_first(_window(shown, unarchived, shelves.corrected))
    closed = [(found, day_of(found)) for at in range(full) for found in [newest_first(slots[at * WINDOW : (at + 1) * WINDOW])]]
    about = (topic.home, f"tag:{shelves.context.settings.tag}:{topic.id}", topic.title, topic.about)
    for form in FEEDS:
        yield Document(
            feed_address(topic.home, form), form, *about, day_of(window, gone), window, buried if form == "atom" else (),
            older=feed_address(topic.home, form, full) if full else "", complete=not full,
        )  # fmt: skip
        for number, (found, day) in enumerate(closed, 1):
            older = feed_address(topic.home, form, number - 1) if number > 1 else ""
            yield Document(feed_address(topic.home, form, number), form, *about, day, found, older=older, archive=True)
    if topic.home.partition("/")[0] in {at.partition("/")[0] for at in LISTED}:
        yield from _lists(topic, about, slots, gone, shown, shelves, newest_first, day_of)


def _window(shown: list[Story], unarchived: int, corrected: Mapping[str, str]) -> list[Story]:
    """The stories of a subscription document: all that stand in no archive, the last of them that were corrected in one, and for the
    room that is left those that were published last.

    unarchived  how many of `shown`, at its end, stand in no archive
    """
    archived, latest = shown[: len(shown) - unarchived], shown[len(shown) - unarchived :]
    again = sorted((story for story in archived if story.id in corrected), key=lambda story: corrected[story.id])[-CORRECTED:]
    told = {story.id for story in again}
    others = [story for story in archived if story.id not in told]
    return [*others[len(others) - max(WINDOW - unarchived - len(again), 0) :], *again, *latest]


def _lists(  # noqa: PLR0913, PLR0917
    topic: Topic, about: tuple[str, str, str, str], slots: tuple[Story, ...], gone: tuple[Gone, ...], shown: list[Story], shelves: _Shelves,
    newest_first: Any, day_of: Any,
) -> Iterator[Document]:  # fmt: skip
    """stories.json and the closed parts behind it; the first document always holds the 50 stories published last."""
    full = (len(slots) - 1) // PART if slots else 0
    parts, days = [], []
    for number in range(1, full + 1):
        found, address = newest_first(slots[(number - 1) * PART : number * PART]), f"{topic.home}stories-{number}.json"
        parts.append((address, len(found), hashlib.sha256("\n".join(entry.digest for entry in found).encode()).hexdigest()))
        days.append(day_of(found))
        yield Document(address, "stories", *about, days[-1], found, archive=True)
    last = sum(count for _, count, _ in parts)
    found = newest_first(shown[min(last, max(len(shown) - WINDOW, 0)) :])
    feeds = tuple((form, feed_address(topic.home, form)) for form in FEEDS)
    extra = (("parts", tuple(reversed(parts))), ("feeds", feeds), ("labels", _labels(shelves.context.shelf.site)))
    yield Document(f"{topic.home}stories.json", "stories", *about, max([*days, day_of(found, gone)]), found, gone, extra=extra)


def _labels(site: Site) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """The names of the ids that stories.json uses."""
    return (
        ("kind", tuple((one.id, one.title) for one in site.terms.get("kinds", ()))),
        ("field", tuple((one.id, one.title) for one in site.terms.get("fields", ()))),
        ("unit", tuple((one.id, one.name) for one in site.units)),
        ("plan", tuple((one.id, one.title) for one in site.plans)),
        ("campaign", tuple((one.id, one.label) for one in site.campaigns)),
        ("criterion", tuple((f"{plan.id}/{one.id}", one.title) for plan in site.plans for one in plan.criteria if one.public)),
        ("award", tuple((one.id, one.title) for one in site.awards)),
    )


def _gone(story: Story, context: Context) -> Gone | None:
    withdrawn = story.withdrawn
    if withdrawn is None:
        return None
    # whoever has the story believes a tombstone only if it is no older than what the story says (RFC 6721, 3)
    day = max(day for day in (withdrawn.date, story.updated, story.date, EPOCH) if day)
    return Gone(permanent(context.settings.tag, story.id), story.id, story_address(story), day, withdrawn.kind, withdrawn.see)


def _item(story: Story, context: Context) -> Item:
    site = context.shelf.site
    day = story.date or EPOCH
    unit = site.find("units", story.unit)
    photos = tuple(shown_photos(story, context))
    enclosure = None
    if photos:
        first = photos[0]
        src = story_address(story) + rendition(first.file, wide=True)
        path = f"{story.origin.path.rpartition('/')[0]}/{first.file}"
        enclosure = Enclosure(src, *context.sizes[first.sha256][1], first.sha256, path, first.alt)
    return Item(
        permanent(context.settings.tag, story.id), story.title, story.summary, story_address(story), day, context.shelf.changed(story) or day,
        story.authors or ((unit.name,) if unit else ()), unit.name if unit else "", tuple(_categories(story, site)), story.sample,
        _row(story, context.shelf.accepted(story)), enclosure, tuple(photo.sha256 for photo in photos),
    )  # fmt: skip


def _categories(story: Story, site: Site) -> Iterator[tuple[str, str]]:
    for name, id_, at in (("kinds", story.kind, "loai"), ("fields", story.field, "linh-vuc")):
        if found := site.find(name, id_):
            yield found.title, f"{at}/{found.id}/"
    if unit := site.find("units", story.unit):
        yield unit.name, f"don-vi/{unit.id}/"
    yield from ((found.label, f"phong-trao/{found.id}/") for id_ in story.campaigns if (found := site.find("campaigns", id_)))


def _row(story: Story, accepted: tuple[str, ...]) -> tuple[tuple[str, Any], ...]:
    awards = tuple(
        (award.type, award.number, award.date.isoformat() if award.date else None, award.authority)
        for award in story.awards
        if not award.revoked
    )
    return (
        ("id", story.id), ("kind", story.kind), ("unit", story.unit), ("field", story.field), ("plan", story.plan),
        ("campaigns", story.campaigns), ("criteria", accepted), ("awards", awards),
    )  # fmt: skip
