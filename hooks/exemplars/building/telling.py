"""Feed documents → bytes. An entry is told once in every format and put aside: a story stands in half a dozen documents, and many of
them are made anew when another story changes.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, NamedTuple

from exemplars import feeds, versions
from exemplars.building.told import Place, Told
from exemplars.feeds import exchange, syndication
from exemplars.feeds.moulds import Moulds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from exemplars.model import Settings
    from exemplars.storing import Store

FORMS = ("rss", "atom", "json", "stories")


class Tidings(NamedTuple):
    """What was told: where each entry stands, by its digest; and the moulds that had to be made for it."""

    places: Mapping[str, Place]
    moulds: Mapping[tuple[Any, ...], Any]


class Teller:
    """Tells feeds.

    name       of the file that keeps the entries
    made_with  stands for the code and whatever else an entry follows from beside its digest
    length     gives the true length of a published picture, in bytes
    """

    def __init__(
        self, settings: Settings, store: Store, name: str, made_with: str, length: Callable[[feeds.Enclosure], int],
    ) -> None:  # fmt: skip
        self._settings, self._store, self._measured = settings, store, length
        self._lengths: dict[str, int] = {}
        made_with = f"{made_with} {feeds.VERSION} {versions.of('feedgen', 'lxml')} {settings}"
        self._told = Told(store, name, made_with)
        self._key = f"moulds {made_with}"
        kept = store.get(self._key)
        self._moulds = Moulds(pickle.loads(kept) if kept else None)  # noqa: S301 - our own, and whole
        self._kept = len(self._moulds.known)

    def prepare(self) -> None:
        """Loads what a first mould is made with, so that no child has to."""
        if not self._moulds.known:
            syndication.generator(self._settings)

    def wanted(self, documents: Iterable[feeds.Document]) -> list[feeds.Entry]:
        """What has to be told before those documents can be made."""
        every = {entry.digest: entry for document in documents for entry in document.entries}
        return [entry for digest, entry in every.items() if digest not in self._told]

    def has(self, entry: feeds.Entry) -> bool:
        return entry.digest in self._told

    def tell(self, entry: feeds.Entry, item: feeds.Item, made: str) -> None:
        """Puts the entry aside in every format. `made`: its text as HTML."""
        settings = self._settings
        told = syndication.Telling(
            item, syndication.whole_html(item, made, settings), self._length(item.enclosure) if item.enclosure else 0
        )
        rss, atom = syndication.entries(told, settings, self._moulds)
        self._told.put(entry.digest, (rss, atom, exchange.json_item(told, settings), exchange.row(told, entry.digest, settings)))

    def _length(self, picture: feeds.Enclosure) -> int:
        if picture.sha256 not in self._lengths:
            self._lengths[picture.sha256] = self._measured(picture)
        return self._lengths[picture.sha256]

    def document(self, document: feeds.Document, tell: Callable[[feeds.Entry], object]) -> bytes:
        """The whole document. `tell` has an entry told that was not, or is damaged."""
        at = FORMS.index(document.form)
        found = []
        for entry in document.entries:
            text = self._told.get(entry.digest, at)
            if text is None:
                tell(entry)
                text = self._told.get(entry.digest, at)
                assert text is not None, entry.digest  # noqa: S101 - it was told just now
            found.append(text)
        if document.form in syndication.ENDS:
            end = syndication.ENDS[document.form]
            head = syndication.head(document, self._settings, self._moulds).removesuffix(end)
            return b"\n".join([head, *found, end + b"\n"])
        return (exchange.json_feed if document.form == "json" else exchange.stories)(document, found, self._settings)

    @property
    def keys(self) -> tuple[str, str]:
        """Those under which the store has its notes."""
        return self._told.key, self._key

    def news(self) -> Tidings | None:
        """What was told here since this was last asked, if anything; a child hands it to its parent."""
        news = Tidings(self._told.news(), self._moulds.fresh)
        self._moulds.fresh = {}
        return news if any(news) else None

    def learn(self, news: Tidings) -> None:
        self._told.learn(news.places)
        self._moulds.known |= news.moulds

    def keep(self, entries: Iterable[feeds.Entry]) -> None:
        """Leaves what was told for the next build. `entries`: all that feeds have now."""
        self._told.keep(entry.digest for entry in entries)
        if len(self._moulds.known) > self._kept:
            self._store.put(self._key, pickle.dumps(self._moulds.known, 5))
