"""Outputs → bytes. Every output has a key, the hash of all that goes into it; what the store holds under that key is not made again."""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from exemplars import bodies, feeds, metadata, quoting, renditions, searching
from exemplars.building.indexing import used as index_used
from exemplars.building.outputs import Copy, IndexFile, Output, Rendition, SiteCard
from exemplars.building.pictures import KEY, encoded, keys_of_photo, length_of
from exemplars.building.telling import Teller, Tidings
from exemplars.children import WORTH_FORKING, in_children
from exemplars.linking import relative
from exemplars.pages import Context, Page, Sketch
from exemplars.pages.stories import body_of
from exemplars.storing import Store, sha256_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from exemplars.model import Story
    from exemplars.story_view import Card


VERSION = "1"
SPARE = 1000  # entries that the store may hold beyond twice the outputs
TOLD_TOGETHER = 40  # entries of feeds that a child makes in a go


def _text_key(digest: str) -> str:
    """Of the text of a story as HTML, with what feeds say beside it. `digest`: that of its entry in feeds."""
    return f"text {digest} {bodies.VERSION} {feeds.VERSION}"


class News(NamedTuple):
    """What making something has brought that serves others too; a child hands it to its parent.

    counts   work done, by name
    entries  path of a story → the digest of its entry in feeds, and its links as text
    """

    counts: Counter[str]
    entries: dict[str, tuple[str, str]]
    told: Tidings | None


class Theme(Protocol):
    """What dresses a page. `fingerprint` changes with every template, style and setting of the theme."""

    fingerprint: str

    def prepare(self, cards: Iterable[Card]) -> None:
        """Makes what pages share, in the parent, so that no child makes it again."""

    def render(self, page: Page, body: str) -> str:
        """The whole HTML document."""


class Maker:
    """Makes outputs. Holds what is costly to set up, so that children inherit it when they are forked.

    ground  hash of all that is read and is no story; sketches of pages do not name it
    code    hash of our own code
    jobs    how many processes may work at once
    """

    def __init__(  # noqa: PLR0913, PLR0917
        self, root: Path, context: Context, theme: Theme, store: Store, ground: str = "", code: str = "", jobs: int = 1,
    ) -> None:  # fmt: skip
        self.root, self.context, self.theme, self.store, self.jobs = root, context, theme, store, jobs
        self.counts = Counter[str]()
        self._teller: Teller | None = None
        if context.fed:
            name, made_with = "told-preview" if context.shelf.preview else "told", f"{code} {bodies.VERSION} {renditions.VERSION}"
            self._teller = Teller(context.settings, store, name, made_with, partial(length_of, root=root, store=store))
        self._done, self._entries = Counter[str](), dict[str, tuple[str, str]]()
        known = (VERSION, bodies.VERSION, quoting.VERSION, metadata.VERSION, renditions.VERSION)
        self._ground = sha256_of(repr((known, context.settings, theme.fingerprint, ground, code)).encode())

    @cached_property
    def _index(self) -> Mapping[str, bytes]:
        """For whoever finds that the store has lost a file of it since."""
        return searching.index(searching.documents(share, self.context) for share in searching.shares(self.context))

    @cached_property
    def renderer(self) -> Any:
        from exemplars.rendering import Renderer  # noqa: PLC0415 - 80 ms that a build which renders no text need not spend

        return Renderer()

    def key(self, what: Any) -> str:
        return hashlib.sha256(f"{self._ground}\0{what!r}".encode()).hexdigest()[:KEY]

    def make(self, output: Output) -> bytes:
        match output.what:
            case Sketch() as sketch:
                return self._page(sketch.whole())
            case Page() as page:
                return self._page(page)
            case feeds.Document() as document:
                assert self._teller is not None  # noqa: S101 - there is a document
                return self._teller.document(document, self._tell)
            case Copy(source):
                return (self.root / source).read_bytes()
            case Rendition(source, at):
                return encoded(self.root / source, at)
            case SiteCard():
                from exemplars.photos import site_card  # noqa: PLC0415

                return site_card()
            case IndexFile(path):
                return self._index[path]
            case text:
                return str(text).encode()

    def bytes_of(self, output: Output) -> tuple[bytes, str, bool]:
        """What the output holds, its sha256, and whether it had to be made."""
        kept = None if output.dressed else self.store.find(output.key)
        if kept is not None:
            return *kept, False
        data = self.make(output)
        if not output.dressed:
            self.store.put(output.key, data)
        return data, sha256_of(data), True

    def news(self) -> News | None:
        """What was not said yet; None where there is nothing to say, as of most files."""
        told = self._teller.news() if self._teller else None
        if not (self._done or self._entries or told):
            return None
        news = News(self._done, self._entries, told)
        self._done, self._entries = Counter(), {}
        return news

    def learn(self, news: News | None) -> None:
        """Takes in what this process or a child has to say."""
        if news is None:
            return
        context = self.context
        self.counts.update(news.counts)
        if self._teller and news.told:
            self._teller.learn(news.told)
        for path, (digest, links) in news.entries.items():
            story = context.shelf.by_path[path]
            context.entries[path] = feeds.Entry(story, context, digest)
            context.keep(story, "links", links)
            context.keep(story, "entry", digest)

    def keep(self, outputs: Collection[str]) -> None:
        """Leaves what is of use for the next build; the rest goes, once it is more than that. `outputs`: the keys of all outputs.

        A build without index does not know what of it is in use, and sweeps nothing.
        """
        if self._teller:
            self._teller.keep(self.context.entries.values())
        if self.context.searched and self.store.size > 2 * len(outputs) + SPARE:
            self.store.keep([*outputs, *self._used()])

    def _used(self) -> Iterator[str]:
        """What this build would ask the store for, beside outputs, if it had to make everything."""
        shelf = self.context.shelf
        yield from self._teller.keys if self._teller else ()
        yield from index_used(self.context, self.store)
        for story in shelf.stories:
            yield _text_key(self.context.known(story, "entry"))
            for _, sha256 in shelf.brief(story).photos:
                yield from keys_of_photo(sha256)

    def ready(self, outputs: Collection[Output]) -> None:
        """Makes what those outputs share, in the parent, so that no child makes it again."""
        pages = [output.what for output in outputs if isinstance(output.what, (Page, Sketch))]
        documents = [output.what for output in outputs if isinstance(output.what, feeds.Document)]
        self.theme.prepare(card for page in pages for card in page.cards)
        if len(outputs) >= WORTH_FORKING and any(page.address in self.context.shelf.by_address for page in pages):
            self._prepare()
        if self._teller and documents:
            self._tell_all(self._teller.wanted(documents))

    def _prepare(self) -> None:
        """What a text is rendered with, and told to feeds."""
        _ = self.renderer
        if self._teller:
            self._teller.prepare()

    def _tell_all(self, wanted: list[feeds.Entry]) -> None:
        chunks = [wanted[n : n + TOLD_TOGETHER] for n in range(0, len(wanted), TOLD_TOGETHER)]
        if len(chunks) > 1:
            self._prepare()
        done = in_children(chunks, self._tell_each, self.jobs, weight=TOLD_TOGETHER)
        for n, chunk in enumerate(chunks):
            self.learn(done[n] if n in done else self._tell_each(chunk))

    def _tell_each(self, entries: list[feeds.Entry]) -> News | None:
        for entry in entries:
            self._tell(entry)
        return self.news()

    def _tell(self, entry: feeds.Entry) -> str:
        """The text of an entry's story as HTML, told to feeds."""
        item, made = self._text(entry)
        if self._teller:
            self._teller.tell(entry, item, made)
            self._done["mục nguồn tin"] += 1
        return made

    def _page(self, page: Page) -> bytes:
        story = self.context.shelf.by_address.get(page.address)
        made = self._story(story) if story else self._rendered(page.body) if page.body else ""
        html = quoting.marked(made, page.quotes)
        self._done["lượt dùng mẫu trang"] += 1
        return self.theme.render(page, relative(html, page.address)).encode()

    def _story(self, story: Story) -> str:
        """The text of a story as HTML; its feeds are told it while it is at hand."""
        entry = feeds.entry(story, self.context)
        asked = story.date and self._teller and not self._teller.has(entry)
        made = self._tell(entry) if asked else self._text(entry)[1]
        self._entries[story.origin.path] = entry.digest, self.context.known(story, "links")
        return made

    def _text(self, entry: feeds.Entry) -> tuple[feeds.Item, str]:
        """The text of a story as HTML, and what feeds say beside it. Kept, because its page and several feeds carry it: when
        another story changes, those feeds are made anew without a look into this one.
        """
        key = _text_key(entry.digest)
        kept = self.store.get(key)
        if kept is not None:
            found: tuple[feeds.Item, str] = pickle.loads(kept)  # noqa: S301 - our own, and whole
            return found
        made = entry.item, self._rendered(body_of(entry.story, self.context))
        self.store.put(key, pickle.dumps(made, 5))
        return made

    def _rendered(self, body: bodies.Body) -> str:
        self._done["lượt dựng Markdown"] += 1
        html: str = self.renderer.html(body)
        return html
