"""Feed documents → bytes. An entry is made once for each format and put aside: a story stands in half a dozen documents."""

from __future__ import annotations

import pickle
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from exemplars import feeds, versions
from exemplars.aside import Aside
from exemplars.feeds import exchange, syndication
from exemplars.feeds.moulds import Moulds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from exemplars.model import Settings
    from exemplars.storing import Store

TEXTS, LIST = ("atom", "json", "rss"), "stories"  # the formats of an entry: with its text, which are made together; and its row in a list
WHOLE = (*TEXTS, LIST)


class ToTell(NamedTuple):
    """An entry and the formats in which documents want it."""

    entry: feeds.Entry
    forms: tuple[str, ...]


class Tidings(NamedTuple):
    """What a child has told: digest of an entry, format → where it stands aside, its length; and the moulds it had to have made."""

    places: Mapping[tuple[str, str], tuple[int, int]]
    moulds: Mapping[tuple[Any, ...], Any]


class Teller:
    """Tells feeds. `length` gives the true length of a published picture, in bytes."""

    def __init__(self, settings: Settings, store: Store, length: Callable[[feeds.Enclosure], int]) -> None:
        self._settings, self._store, self._length = settings, store, length
        self._key = f"moulds 2 {feeds.VERSION} {versions.of('feedgen', 'lxml')} {settings}"
        kept = store.get(self._key)
        self._moulds = Moulds(pickle.loads(kept) if kept else None)  # noqa: S301 - our own, and whole
        self._kept = len(self._moulds.known)
        self._aside = Aside()
        self._places: dict[tuple[str, str], tuple[int, int]] = {}
        self._fresh: dict[tuple[str, str], tuple[int, int]] = {}

    def ready(self) -> None:
        """Loads what a first mould is made with, so that no child has to."""
        if not self._moulds.known:
            syndication.generator(self._settings)

    def wanted(self, documents: Iterable[feeds.Document]) -> list[ToTell]:
        """What has to be told before those documents can be made."""
        found: dict[str, tuple[feeds.Entry, set[str]]] = {}
        for document in documents:
            forms = TEXTS if document.form in TEXTS else (document.form,)
            for entry in document.entries:
                if (entry.digest, document.form) not in self._places:
                    found.setdefault(entry.digest, (entry, set()))[1].update(forms)
        return [ToTell(entry, tuple(sorted(forms))) for entry, forms in found.values()]

    def tell(self, entry: feeds.Entry, forms: Iterable[str], item: feeds.Item, made: str) -> None:
        """Puts an entry aside in those of the formats that it was not told in yet. `made`: its text as HTML."""
        digest = entry.digest
        forms = tuple(form for form in forms if (digest, form) not in self._places)
        texts = list(self._told(digest, forms, item, made))
        starts = accumulate(map(len, texts), initial=self._aside.add(b"".join(texts)))
        places = {(digest, form): (start, len(text)) for form, start, text in zip(forms, starts, texts, strict=False)}
        self._places |= places
        self._fresh |= places

    def _told(self, digest: str, forms: tuple[str, ...], item: feeds.Item, made: str) -> Iterator[bytes]:
        """The entry in each of the formats."""
        settings, texts = self._settings, any(form in TEXTS for form in forms)
        html = syndication.whole_html(item, made, settings) if texts else b""
        told = syndication.Told(item, html, self._length(item.enclosure) if item.enclosure else 0)
        xml = dict(zip(("rss", "atom"), syndication.entries(told, settings, self._moulds), strict=True)) if texts else {}
        for form in forms:
            match form:
                case "json":
                    yield exchange.json_item(told, settings)
                case "stories":
                    yield exchange.row(told, digest, settings)
                case _:
                    yield xml[form]

    def document(self, document: feeds.Document) -> bytes:
        """The whole document, of which every entry was told."""
        found = [self._aside.read(*self._places[entry.digest, document.form]) for entry in document.entries]
        if document.form in syndication.ENDS:
            end = syndication.ENDS[document.form]
            head = syndication.head(document, self._settings, self._moulds).removesuffix(end)
            return b"\n".join([head, *found, end + b"\n"])
        return (exchange.json_feed if document.form == "json" else exchange.stories)(document, found, self._settings)

    def news(self) -> Tidings:
        """What was told here since this was last asked."""
        news = Tidings(self._fresh, self._moulds.fresh)
        self._fresh, self._moulds.fresh = {}, {}
        return news

    def learn(self, news: Tidings) -> None:
        """Takes in what was told in a child."""
        self._places |= news.places
        self._moulds.known |= news.moulds

    def keep(self) -> None:
        """Keeps the moulds for the next build."""
        if len(self._moulds.known) > self._kept:
            self._store.put(self._key, pickle.dumps(self._moulds.known, 5))
