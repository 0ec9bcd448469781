"""Outputs → bytes. Every output has a key, the hash of all that goes into it; what the store holds under that key is not made again."""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from exemplars import bodies, feeds, metadata, quoting, renditions, searching, versions
from exemplars.aside import Aside
from exemplars.building.outputs import Copy, IndexFile, Output, Rendition, SiteCard
from exemplars.building.pictures import KEY, picture_key
from exemplars.children import in_children
from exemplars.feeds import exchange, syndication
from exemplars.linking import relative
from exemplars.pages import Context, Page, Sketch
from exemplars.pages.stories import body_of
from exemplars.storing import Store, sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.story_view import Card


VERSION = "1"
TOLD_TOGETHER = 40  # entries of feeds that a child makes in a go
TOLD, LIST = ("atom", "json", "rss"), "stories"  # the formats of an entry: with its text, which are made together; and its row in a list


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
    jobs    how many processes may work at once
    """

    def __init__(self, root: Path, context: Context, theme: Theme, store: Store, ground: str = "", jobs: int = 1) -> None:  # noqa: PLR0913, PLR0917
        self.root, self.context, self.theme, self.store, self.jobs = root, context, theme, store, jobs
        self.counts = Counter[str]()
        self._aside = Aside()
        self._told: dict[tuple[str, str], tuple[int, int]] = {}  # digest of an entry, format → where it stands aside, its length
        known = (VERSION, bodies.VERSION, quoting.VERSION, metadata.VERSION, renditions.VERSION)
        self._ground = sha256_of(repr((known, context.settings, theme.fingerprint, ground)).encode())

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
                return self._document(document)
            case Copy(source):
                return (self.root / source).read_bytes()
            case Rendition(source, at):
                from exemplars.photos import published  # noqa: PLC0415 - most builds make no picture

                return published((self.root / source).read_bytes())[at].data
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

    def _page(self, page: Page) -> bytes:
        story = self.context.shelf.by_address.get(page.address)
        made = self._text(feeds.entry(story, self.context))[1] if story else self._rendered(page.body) if page.body else ""
        html = quoting.marked(made, page.quotes)
        self.counts["lượt dùng mẫu trang"] += 1
        return self.theme.render(page, relative(html, page.address)).encode()

    # --- feeds

    def tell(self, documents: Iterable[feeds.Document], jobs: int) -> None:
        """Makes every entry of those documents once for each format that is asked for, and puts it aside."""
        wanted: dict[str, tuple[feeds.Entry, set[str]]] = {}
        for document in documents:
            forms = TOLD if document.form in TOLD else (document.form,)
            for entry in document.entries:
                if (entry.digest, document.form) not in self._told:
                    wanted.setdefault(entry.digest, (entry, set()))[1].update(forms)
        every = [(entry, tuple(sorted(forms))) for entry, forms in wanted.values()]
        chunks = [every[n : n + TOLD_TOGETHER] for n in range(0, len(every), TOLD_TOGETHER)]
        done = in_children(chunks, self._tell, jobs, weight=TOLD_TOGETHER)
        for n, chunk in enumerate(chunks):
            found, counts = done[n] if n in done else self._tell(chunk)
            self.counts.update(counts)
            places = iter(found)
            self._told.update(((entry.digest, form), next(places)) for entry, forms in chunk for form in forms)

    def _tell(self, entries: list[tuple[feeds.Entry, tuple[str, ...]]]) -> tuple[list[tuple[int, int]], Counter[str]]:
        """Where in the file aside each entry stands in each of its formats, and its length; and the work that it took."""
        before, self.counts = self.counts, Counter()
        texts = [text for entry, forms in entries for text in self._forms(entry, forms)]
        starts = accumulate(map(len, texts), initial=self._aside.add(b"".join(texts)))
        counts, self.counts = self.counts, before
        return [(start, len(text)) for start, text in zip(starts, texts, strict=False)], counts

    def _forms(self, entry: feeds.Entry, forms: tuple[str, ...]) -> Iterator[bytes]:
        """The entry in each of the formats."""
        settings = self.context.settings
        item, made = self._text(entry)
        html = syndication.whole_html(item, made, settings) if forms != (LIST,) else b""
        told = syndication.Told(item, html, self._length(item.enclosure) if item.enclosure else 0)
        xml = dict(zip(("rss", "atom"), syndication.entries(told, settings, self._moulds), strict=True)) if "rss" in forms else {}
        for form in forms:
            match form:
                case "json":
                    yield exchange.json_item(told, settings)
                case "stories":
                    yield exchange.row(told, entry.digest, settings)
                case _:
                    yield xml[form]

    def _length(self, picture: feeds.Enclosure) -> int:
        """The true length of a published picture in bytes; made when the store has lost it."""
        size = self.store.size(picture_key(picture.sha256, 1))
        return size if size is not None else len(self.make(Output(picture.src, Rendition(picture.file, 1), "")))

    def _document(self, document: feeds.Document) -> bytes:
        self.tell([document], jobs=1)
        found = [self._aside.read(*self._told[entry.digest, document.form]) for entry in document.entries]
        settings = self.context.settings
        if document.form in syndication.ENDS:
            end = syndication.ENDS[document.form]
            return b"\n".join([syndication.head(document, settings, self._moulds).removesuffix(end), *found, end + b"\n"])
        return (exchange.json_feed if document.form == "json" else exchange.stories)(document, found, settings)

    @cached_property
    def _moulds(self) -> syndication.Moulds:
        """Those that an earlier build has had feedgen make."""
        kept = self.store.get(self._moulds_key)
        moulds: syndication.Moulds = pickle.loads(kept) if kept else syndication.Moulds()  # noqa: S301 - our own, and whole
        self._known_moulds = moulds.count
        return moulds

    @property
    def _moulds_key(self) -> str:
        return f"moulds {feeds.VERSION} {versions.of('feedgen', 'lxml')} {self.context.settings}"

    def keep_moulds(self) -> None:
        if "_moulds" in vars(self) and self._moulds.count > self._known_moulds:
            self.store.put(self._moulds_key, pickle.dumps(self._moulds, 5))

    def _text(self, entry: feeds.Entry) -> tuple[feeds.Item, str]:
        """The text of a story as HTML, and what feeds say beside it. Kept, because its page and several feeds carry it: when
        another story changes, those feeds are made anew without a look into this one.
        """
        key = f"text {entry.digest} {bodies.VERSION} {feeds.VERSION}"
        kept = self.store.get(key)
        if kept is not None:
            found: tuple[feeds.Item, str] = pickle.loads(kept)  # noqa: S301 - our own, and whole
            return found
        made = entry.item, self._rendered(body_of(entry.story, self.context))
        self.store.put(key, pickle.dumps(made, 5))
        return made

    def _rendered(self, body: bodies.Body) -> str:
        self.counts["lượt dựng Markdown"] += 1
        html: str = self.renderer.html(body)
        return html
