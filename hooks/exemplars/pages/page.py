"""What a page is, and what every page is made from.

Data are plain values (text, numbers, tuples, mappings): their `repr` is the key under which a finished page is kept,
so whatever a page shows must be in its data, and nothing else can change it.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars.story_view import Card, card

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from exemplars.bodies import Body, Picture
    from exemplars.listing import Shelf
    from exemplars.model import Settings, Story


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be made.

    address   site-relative, ending in "/"
    data      what the template shows, plain values only
    body      the Markdown text of the page, where it has one
    modified  the newest day in what it shows, for the sitemap
    listed    whether search engines may list it
    feeds     (home, title) of the topics whose feeds the page belongs to, beside the site's
    """

    address: str
    template: str
    title: str
    description: str
    data: Mapping[str, Any]
    body: Body | None = None
    modified: dt.date | None = None
    listed: bool = True
    feeds: tuple[tuple[str, str], ...] = field(default=())

    @property
    def quotes(self) -> tuple[tuple[str, str], ...]:
        """(id, quote) of the passages that its text marks, since its claims lead to them."""
        evidence = (one for claim in self.data.get("claims", ()) for one in claim["evidence"])
        return tuple((href[1:], text) for kind, text, href in evidence if kind == "quote")

    @property
    def cards(self) -> Iterator[Card]:
        """The cards it shows."""
        for _, stories in self.data.get("years", ()):
            yield from stories
        for shown, _ in self.data.get("related", ()):
            yield shown


class Sketch(NamedTuple):
    """A page that is made only where it does not stand already.

    told   stands for all that the page shows: of two sketches of one address with equal `told` the same page is made
    cards  those that it shows
    whole  makes the page
    """

    address: str
    told: str
    modified: dt.date | None
    listed: bool
    cards: tuple[Card, ...]
    whole: Callable[[], Page]

    def __repr__(self) -> str:
        return f"Sketch({self.address} {self.told})"


@dataclass(frozen=True)
class Context:
    """What every page is made from.

    sizes     sha256 of a photo → (width, height) of its renditions, narrow first
    problems  repository path → what is wrong there; shown in a preview only
    search    whether the site has a search index
    fed       whether feeds are made; a build without them is for measuring only
    cards     path of a story → its card, as far as they are made: one build's memory, never an input
    links     path of a record → the links and pictures of its text, likewise
    faces     path of a story → hash of all its files, where that is known: a page is then not made only to see whether it changed
    entries   path of a story → its entry in feeds, as far as they are made
    settled   paths of stories whose page depends on nothing that has changed since `kept` was made
    kept      path of a story → hashes of what other pages, feeds and the search index show of it, by name, as far as they are made
    renewed   paths of stories of which this build has kept something else than it was given
    """

    shelf: Shelf
    settings: Settings
    sizes: Mapping[str, tuple[tuple[int, int], ...]]
    problems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search: bool = False
    fed: bool = True
    cards: dict[str, Card] = field(default_factory=dict)
    links: dict[str, tuple[tuple[tuple[str, str], ...], tuple[tuple[str, Picture], ...]]] = field(default_factory=dict)
    faces: Mapping[str, str] = field(default_factory=dict)
    kept: dict[str, dict[str, str]] = field(default_factory=dict)
    entries: dict[str, Any] = field(default_factory=dict)
    settled: AbstractSet[str] = frozenset()
    renewed: set[str] = field(default_factory=set)

    def known(self, story: Story, name: str) -> str:
        """The hash kept under that name; "" where it is not known."""
        return self.kept.get(story.origin.path, {}).get(name, "")

    def keep(self, story: Story, name: str, digest: str) -> None:
        path = story.origin.path
        kept = self.kept.setdefault(path, {})
        if kept.get(name) != digest:
            kept[name] = digest
            self.renewed.add(path)

    @cached_property
    def marks(self) -> Mapping[str, str]:
        """Path of a story → what stands for it in a list: its card, and the day of its last change, which is the sitemap's."""
        shelf = self.shelf
        return {story.origin.path: card(story, self).digest + shelf.changes[story.origin.path] for story in shelf.stories}

    @property
    def searched(self) -> bool:
        """An index without a story would be none."""
        return self.search and bool(self.shelf.stories)


class Section(NamedTuple):
    """Pages that belong together.

    told   stands for all that they show beside what is no story: while it is the same, none of them need be looked at; "" where
           only a look at each can tell
    pages  makes them, one after another
    """

    name: str
    told: str
    pages: Callable[[], Iterable[Page | Sketch]]
