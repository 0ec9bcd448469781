"""Pages → files: a tiny make. Every output has a key, the hash of all that goes into it; what the store holds under that
key is not made again. Outputs are made in child processes where there are many; a manifest says what is ours.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import marshal
import os
import pickle
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeVar

from exemplars import bodies, calendars, feeds, metadata, quoting, renditions, searching, versions
from exemplars.aside import Aside
from exemplars.children import in_children
from exemplars.feeds import exchange, syndication
from exemplars.linking import INDEX, SITE_CARD, file_address, relative, rendition, share_picture, story_address
from exemplars.model import Problem
from exemplars.pages import Context, Page, Sketch, sections
from exemplars.pages.stories import body_of
from exemplars.pages.topics import topics
from exemplars.reading import locate, photo_bytes
from exemplars.storing import DIGEST, Store, sha256_of, write
from exemplars.story_view import published_photos
from exemplars.unfinished import Unfinished, clear_halves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from exemplars.model import Story
    from exemplars.story_view import Card

T = TypeVar("T")
Row: TypeAlias = tuple[str, str]
VERSION = "1"
KEY = 32  # hexadecimal digits: two of 2^64 outputs would meet
MANIFEST = b"2"  # another form of the manifest, another number
SHELL, SITEMAP, WHOLE = "shell", "sitemap.xml", "whole"
SWEPT = 1000  # a build that made more looks at the whole store, and forgets what is no longer used
BATCH = 1024  # outputs that wait at once to be made: bounds the memory, whatever the size of the site
TOLD_TOGETHER = 40  # entries of feeds that a child makes in a go
TOLD, LIST = ("atom", "json", "rss"), "stories"  # the formats of an entry: with its text, which are made together; and its row in a list


class Theme(Protocol):
    """What dresses a page. `fingerprint` changes with every template, style and setting of the theme."""

    fingerprint: str

    def prepare(self, cards: Iterable[Card]) -> None:
        """Makes what pages share, in the parent, so that no child makes it again."""

    def render(self, page: Page, body: str) -> str:
        """The whole HTML document."""


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site: its path, and what it is made of. The key is the hash of the latter."""

    path: str
    what: Page | Sketch | feeds.Document | Copy | Rendition | SiteCard | IndexFile | str
    key: str

    @property
    def dressed(self) -> bool:
        """Pages and feeds are not kept: their text is, and the rest is quickly made."""
        return isinstance(self.what, (Page, Sketch, feeds.Document))


@dataclass(frozen=True, slots=True)
class Copy:
    """A file beside a story that is published as it is: a PDF, never a photo."""

    source: str


@dataclass(frozen=True, slots=True)
class SiteCard:
    """The picture for sharing where a story has none."""


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file of the search index; the index is made whole or not at all."""

    path: str


@dataclass(frozen=True, slots=True)
class Rendition:
    """Rendition `at` of the photo in the file `source`: narrow, wide, for sharing."""

    source: str
    at: int


class Maker:
    """Makes outputs. Holds what is costly to set up, so that children inherit it when they are forked.

    ground  hash of all that is read and is no story; sketches of pages do not name it
    """

    def __init__(self, root: Path, context: Context, theme: Theme, store: Store, ground: str = "") -> None:
        self.root, self.context, self.theme, self.store = root, context, theme, store
        self.counts = Counter[str]()
        self._aside = Aside()
        self._told: dict[tuple[str, str], tuple[int, int]] = {}  # digest of an entry, format → where it stands aside, its length
        known = (VERSION, bodies.VERSION, quoting.VERSION, metadata.VERSION, renditions.VERSION)
        self._ground = sha256_of(repr((known, context.settings, theme.fingerprint, ground)).encode())

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
                return searching.index(_documents(self.context))[path]
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
        done = in_children(chunks, self._tell, jobs)
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


# --- photos -------------------------------------------------------------------------------------------------------------


def picture_key(sha256: str, at: int) -> str:
    """The store's key of rendition `at` of a photo, narrow first."""
    return sha256_of(f"{renditions.VERSION} {sha256} {at}".encode())[:KEY]


def sizes_of(stories: Iterable[Story], root: Path, store: Store, jobs: int) -> tuple[dict[str, tuple[tuple[int, int], ...]], list[Problem]]:
    """Width and height of the narrow and the wide rendition of every photo, by its sha256; renditions not in the store are made.

    A photo that cannot be published is a problem (AN004) of the story that shows it.
    """
    wanted = {photo.sha256: (story, at) for story in stories for at, photo in enumerate(story.photos) if photo.sha256 and not photo.fault}
    kept = {sha256: store.get(_size_key(sha256)) for sha256 in wanted}
    missing = [sha256 for sha256, size in kept.items() if size is None]
    problems = []
    if missing:
        from exemplars import photos  # noqa: PLC0415 - most builds make no picture

        def make(sha256: str) -> None:
            story, at = wanted[sha256]
            narrow, wide, share = photos.published(photo_bytes(root, story, story.photos[at]))
            for n, one in enumerate((narrow, wide, share)):
                store.put(picture_key(sha256, n), one.data)
            store.put(_size_key(sha256), json.dumps([(one.width, one.height) for one in (narrow, wide)]).encode())

        in_children(missing, make, jobs)
        for sha256 in missing:
            try:
                if store.get(_size_key(sha256)) is None:
                    make(sha256)
                kept[sha256] = store.get(_size_key(sha256))
            except photos.Unreadable as error:
                story, at = wanted[sha256]
                place = locate(story.origin, ("photos", at, "file"))
                says = f"Không đọc được ảnh «{story.photos[at].file}» ({error})."
                problems.append(Problem(story.origin.path, *place, "AN004", "error", says, "Hãy dùng tệp JPG, PNG hoặc WebP."))
    return {sha256: tuple(map(tuple, json.loads(size))) for sha256, size in kept.items() if size}, problems


def _size_key(sha256: str) -> str:
    return f"size {picture_key(sha256, 0)}"


# --- all outputs --------------------------------------------------------------------------------------------------------


class Group(NamedTuple):
    """Files that belong together.

    key      hash of all that they are made from: while it is the same, they need not be told one by one; "" where only that tells
    outputs  each of them, with the row of the sitemap that it has: (address, day) or None
    """

    name: str
    key: str
    outputs: Callable[[], Iterable[tuple[Output, Row | None]]]


def groups(maker: Maker) -> Iterator[Group]:
    """Every file of ours but the sitemap, by groups."""
    context = maker.context
    for section in sections(context):
        yield Group(section.name, maker.key(section.told) if section.told else "", partial(_pages, maker, section.pages))
    for feed in feeds.sections(context) if context.fed else ():
        yield Group(f"feeds {feed.home}", maker.key(feed.told), partial(_feeds, maker, feed.documents))
    yield _group("pictures", maker, _pictures_told(context), _pictures)
    yield _group("files", maker, "", _files)
    yield _group("texts", maker, f"{context.fed} {context.shelf.preview}", _texts)
    if context.searched:
        yield _group("search", maker, searching.told(context), _index)


def _group(name: str, maker: Maker, told: str, outputs: Callable[[Maker], Iterator[Output]]) -> Group:
    return Group(name, maker.key((name, told)) if told else "", lambda: ((output, None) for output in outputs(maker)))


def _pages(maker: Maker, pages: Callable[[], Iterable[Page | Sketch]]) -> Iterator[tuple[Output, Row | None]]:
    for page in pages():
        row = (page.address, page.modified.isoformat() if page.modified else "") if page.listed else None
        yield Output(f"{page.address}index.html", page, maker.key(page)), row


def _feeds(maker: Maker, documents: Callable[[], Iterable[feeds.Document]]) -> Iterator[tuple[Output, None]]:
    for document in documents():
        yield Output(document.address, document, maker.key((feeds.VERSION, document))), None


def _pictures_told(context: Context) -> str:
    rows = [f"{story.origin.path} {context.shelf.brief(story).photos}" for story in context.shelf.stories]
    return sha256_of("\n".join(rows).encode(errors="replace"))


def _pictures(maker: Maker) -> Iterator[Output]:
    """Renditions of photos."""
    yield Output(SITE_CARD, SiteCard(), picture_key("site", 2))
    for story in maker.context.shelf.stories:
        at, folder = story_address(story), story.origin.path.rpartition("/")[0]
        for n, (file, sha256) in enumerate(published_photos(story, maker.context)):
            names = (rendition(file, wide=False), rendition(file, wide=True), share_picture(file))  # shared is the first photo
            for size, name in enumerate(names[: 2 if n else 3]):
                yield Output(at + name, Rendition(f"{folder}/{file}", size), picture_key(sha256, size))


def _files(maker: Maker) -> Iterator[Output]:
    """The other files that a shown story lets readers have."""
    shelf = maker.context.shelf
    for path in sorted(path for path in shelf.site.files if path.endswith(".pdf")):
        if f"{path.rpartition('/')[0]}/index.md" in shelf.by_path:
            yield Output(file_address(path), Copy(path), maker.key(("file", sha256_of((maker.root / path).read_bytes()))))


def _texts(maker: Maker) -> Iterator[Output]:
    """Small files that follow from what is no story."""
    context = maker.context
    told = {
        **dict(calendars.calendars(context.shelf.site, context.settings)), "robots.txt": _robots(context),
        **({exchange.OPML: exchange.opml(topics(context), context.settings), exchange.SCHEMA: exchange.schema()} if context.fed else {}),
    }  # fmt: skip
    for path, text in told.items():
        yield Output(path, text, maker.key(text))


def _robots(context: Context) -> str:
    """robots.txt (RFC 9309); it speaks for the site where the server shows it at the root of the host."""
    may = "Disallow: /" if context.shelf.preview else "Allow: /"
    return f"User-agent: *\n{may}\n\nSitemap: {context.settings.site_url}sitemap.xml\n"


def _documents(context: Context) -> Iterator[tuple[str, str]]:
    return ((entry.address, searching.document(entry)) for entry in searching.entries(context))


def _index(maker: Maker) -> Iterator[Output]:
    """The files of the search index, made anew when a story, its card or a name in it has changed.

    The store keeps each file, and under the key of all entries which files there are.
    """
    whole = f"index {searching.told(maker.context)}"
    kept = maker.store.get(whole)
    keys: dict[str, str] = json.loads(kept) if kept else {}
    if not keys or not all(map(maker.store.has, keys.values())):
        for path, data in searching.index(_documents(maker.context)).items():
            keys[path] = maker.key(("index", path, sha256_of(data)))
            maker.store.put(keys[path], data)
        maker.store.put(whole, json.dumps(keys).encode())
    for path, key in keys.items():
        yield Output(INDEX + path, IndexFile(path), key)


def _sitemap(listed: Iterable[tuple[str, str]], site_url: str) -> str:
    """sitemap.xml with the days of the content, never of the build; source: sitemaps.org, protocol 0.9."""
    rows = [f"<url><loc>{site_url}{at}</loc>" + (f"<lastmod>{day}</lastmod>" if day else "") + "</url>" for at, day in listed]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *rows, "</urlset>"]) + "\n"


# --- the build ----------------------------------------------------------------------------------------------------------


class TwoForOne(Exception):  # noqa: N818 - what it is
    """Two files for one address; the message names it, in Vietnamese."""

    def __init__(self, path: str, source: str = "") -> None:
        named = f"{source}: " if source else ""
        super().__init__(f"{named}CT014 Hai tệp cùng ra một địa chỉ «{path}». Hãy đổi tên một tệp trong content/, hoặc đổi mã một bài.")


def _source(maker: Maker, path: str) -> str:
    """The story's file that a page at `path` comes from; "" where no story made it."""
    address = path.removesuffix("index.html")
    stories = maker.context.shelf.stories
    return next((story.origin.path for story in stories if address == story_address(story) or address in story.redirect_from), "")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What `build.json` says of the build beside the counts and the hash of the tree."""

    commit: str | None
    preview: bool


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. `files`: path → sha256 of every file in the target, `build.json` apart; `counts`: work done, by name."""

    files: Mapping[str, str]
    stories: int
    made: int
    written: int
    removed: int
    counts: Mapping[str, int]


def build(  # noqa: PLR0913, PLR0917
    maker: Maker, target: Path, shell: Path, others: Iterable[str], manifest: Path | None, stamp: Stamp, jobs: int, whole: str = "",
) -> Built:  # fmt: skip
    """Brings `target` up to date with the shell and with every output of ours, and stamps it.

    shell     the folder with the pages that MkDocs has built; it may be the target itself
    manifest  where an earlier build noted what it wrote into this target: unchanged files keep their times, vanished
              ones are removed. None where the target was emptied before
    whole     stands for all that the site is made from, for `standing`; "" where that is not known
    errors    TwoForOne when two files would stand at one address
    """
    before = _manifest(manifest)
    known = {path: file for group in before.values() for path, file in group.files.items()}
    unfinished = Unfinished(_note(manifest), target)
    left = unfinished.left()
    clear_halves(target, left)
    writer = _Writer(maker, target, {path: file for path, file in known.items() if path not in left}, unfinished, left)
    after = {SHELL: _Kept("", {path: writer.put(path, (shell / path).read_bytes(), there=shell == target) for path in walk(shell)}, [])}
    taken = {path.casefold() for path in after[SHELL].files}

    def wanted() -> Iterator[tuple[_Kept, Output]]:
        for group in groups(maker):
            kept = before.get(group.name)
            if (
                kept is not None
                and group.key
                and kept.key == group.key
                and left.isdisjoint(kept.files)
                and all(map(writer.there, kept.files.items()))
            ):
                after[group.name] = kept
                _take(kept.files, taken, maker)
                continue
            kept = after[group.name] = _Kept(group.key, {}, [])
            for output, row in group.outputs():
                _take((output.path,), taken, maker)
                if row:
                    kept.listed.append(row)
                yield kept, output

    for batch in _batches(wanted(), BATCH):
        writer.bring(batch, jobs)
    listed = [*((address, "") for address in others), *(row for group in after.values() for row in group.listed)]
    sitemap = _sitemap(sorted((at, day) for at, day in listed), maker.context.settings.site_url)
    after[SITEMAP] = _Kept("", {}, [])
    _take((SITEMAP,), taken, maker)
    writer.bring([(after[SITEMAP], Output(SITEMAP, sitemap, maker.key(sitemap)))], jobs)
    files = {path: file for group in after.values() for path, file in group.files.items()}
    vanished = (known.keys() | left) - files.keys()
    for path in vanished:
        writer.begin()
        remove(target, path)
    after[WHOLE] = _Kept(whole, {}, [])
    if manifest and (vanished or writer.written or after != before):
        write(manifest, _remembered(after))
    maker.keep_moulds()
    if writer.made > SWEPT:
        maker.store.keep(key for key, _, _ in files.values())
    built = Built(
        {path: digest for path, (_, digest, _) in files.items()}, len(maker.context.shelf.stories), writer.made, writer.written, len(vanished),
        dict(writer.counts),
    )  # fmt: skip
    _stamp(built, stamp, target)
    unfinished.end()
    return built


def standing(target: Path, manifest: Path, whole: str, stamp: Stamp) -> Built | None:
    """What an earlier build made of just these sources, if every file of it stands; only its stamp may get another commit.

    whole  as handed to `build`
    """
    kept = _manifest(manifest)
    if not whole or WHOLE not in kept or kept[WHOLE].key != whole or Unfinished(_note(manifest), target).left():
        return None
    files = {path: file for group in kept.values() for path, file in group.files.items()}
    if not all(stands(target, row) for row in files.items()):
        return None
    try:
        stories = int(json.loads((target / "build.json").read_bytes())["stories"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    built = Built({path: digest for path, (_, digest, _) in files.items()}, stories, 0, 0, 0, {})
    _stamp(built, stamp, target)
    return built


def stands(target: Path, row: tuple[str, _File]) -> bool:
    """Whether a file stands as an earlier build left it, as far as its size tells."""
    path, (_, _, size) = row
    try:
        return os.stat(f"{target}/{path}").st_size == size  # noqa: PTH116 - tens of thousands of files
    except OSError:
        return False


def _note(manifest: Path | None) -> Path | None:
    return manifest and manifest.with_suffix(".writing")


def _stamp(built: Built, stamp: Stamp, target: Path) -> None:
    stamped, path = _stamped(built, stamp), target / "build.json"
    try:
        same = path.read_bytes() == stamped
    except OSError:
        same = False
    if not same:
        write(path, stamped)


def _take(paths: Iterable[str], taken: set[str], maker: Maker) -> None:
    for path in paths:
        folded = path.casefold()
        if folded in taken:
            raise TwoForOne(path, _source(maker, path))
        taken.add(folded)


def _stamped(built: Built, stamp: Stamp) -> bytes:
    """`build.json`: publishing refuses a site without one, so pages that skipped the checks never go out."""
    tree = hashlib.sha256("".join(f"{path}\0{digest}\n" for path, digest in sorted(built.files.items())).encode()).hexdigest()
    said = {
        "version": 1,
        "commit": stamp.commit,
        "preview": stamp.preview,
        "stories": built.stories,
        "files": len(built.files),
        "tree_sha256": tree,
    }
    return (json.dumps(said, indent=2) + "\n").encode()


class _File(NamedTuple):
    """A file of the target as a build left it."""

    key: str
    sha256: str
    size: int


class _Kept(NamedTuple):
    """A group as a build left it; `listed`: its rows of the sitemap."""

    key: str
    files: dict[str, _File]
    listed: list[Row]


class _Delivery(NamedTuple):
    """A file brought into the target, with the work that it took."""

    file: _File
    made: bool
    written: bool
    counts: dict[str, int]


class _Writer:
    """Writes what differs from what an earlier build left, and counts."""

    def __init__(
        self, maker: Maker, target: Path, before: Mapping[str, _File], unfinished: Unfinished, left: frozenset[str],
    ) -> None:  # fmt: skip
        self.maker, self.target, self.before, self.unfinished, self._left = maker, target, before, unfinished, left
        self._begun = False
        self.made = self.written = 0
        self.counts = Counter[str]()

    def begin(self) -> None:
        """While files change, nothing may look finished."""
        if self._begun:
            return
        self._begun = True
        self.unfinished.begin(self._left)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{self.target}/build.json")  # noqa: PTH108

    def bring(self, batch: list[tuple[_Kept, Output]], jobs: int) -> None:
        """Brings outputs into the target, each noted in its group: those that stand there already are only noted."""
        changed = []
        for group, output in batch:
            old = self.before.get(output.path)
            if old is not None and old[0] == output.key and self.there((output.path, old)):
                group.files[output.path] = old
            else:
                changed.append((group, output))
        outputs = [output for _, output in changed]
        if changed:
            self.begin()
        self.maker.theme.prepare(card for output in outputs if isinstance(output.what, (Page, Sketch)) for card in output.what.cards)
        before = Counter(self.maker.counts)
        self.maker.tell((output.what for output in outputs if isinstance(output.what, feeds.Document)), jobs)
        self.counts.update(self.maker.counts - before)
        done = in_children(outputs, self.deliver, jobs)
        for at, (group, output) in enumerate(changed):
            group.files[output.path] = self.note(done[at] if at in done else self.deliver(output))
        if done and len(done) < len(outputs):  # a child was killed, maybe in the middle of a file
            clear_halves(self.target, frozenset(output.path for output in outputs))

    def there(self, row: tuple[str, _File]) -> bool:
        return stands(self.target, row)

    def deliver(self, output: Output) -> _Delivery:
        """Brings one output into the target; runs in a child too, so it changes nothing here."""
        before = Counter(self.maker.counts)
        data, digest, made = self.maker.bytes_of(output)
        file = _File(output.key, digest, len(data))
        return _Delivery(file, made, self._write(output.path, file, data), dict(self.maker.counts - before))

    def put(self, path: str, data: bytes, *, there: bool) -> _File:
        """A file that MkDocs made; `there` when it already stands in the target."""
        digest = sha256_of(data)
        file = _File(digest, digest, len(data))
        if not there and not self._stands(path, data):
            self.begin()
        return file if there else self.note(_Delivery(file, made=False, written=self._write(path, file, data), counts={}))

    def note(self, delivery: _Delivery) -> _File:
        self.made += delivery.made
        self.written += delivery.written
        self.counts.update(delivery.counts)
        return delivery.file

    def _write(self, path: str, file: _File, data: bytes) -> bool:
        old = self.before.get(path)
        if self.there((path, old)) and old[1] == file.sha256 if old else self._stands(path, data):
            return False
        self.unfinished.writing(path)
        write(f"{self.target}/{path}", data)
        return True

    def _stands(self, path: str, data: bytes) -> bool:
        """Whether a file of which nothing is noted holds just these bytes: then it keeps its time."""
        try:
            with open(f"{self.target}/{path}", "rb") as file:  # noqa: PTH123 - tens of thousands of files
                return file.read() == data
        except OSError:
            return False


def walk(folder: Path) -> list[str]:
    """Paths of all files below, in order; a folder that cannot be read is an OSError."""
    found = []
    for at, folders, names in os.walk(folder, onerror=_raise):
        folders.sort()
        found += [(Path(at) / name).relative_to(folder).as_posix() for name in names]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error  # os.walk passes over what it cannot read: a site would lose pages without a word


def _remembered(kept: Mapping[str, _Kept]) -> bytes:
    rows = {name: (key, {path: tuple(file) for path, file in files.items()}, listed) for name, (key, files, listed) in kept.items()}
    data = marshal.dumps(rows)
    return hashlib.sha256(MANIFEST + data).digest() + data


def _manifest(path: Path | None) -> dict[str, _Kept]:
    """What an earlier build noted; nothing where that is damaged, or of another form."""
    try:
        found = path.read_bytes() if path else b""
    except OSError:
        return {}
    digest, data = found[:DIGEST], found[DIGEST:]
    if hashlib.sha256(MANIFEST + data).digest() != digest:
        return {}
    return {name: _Kept(*group) for name, group in marshal.loads(data).items()}  # noqa: S302 - our own, and whole


def remove(target: Path, path: str) -> None:
    """A file of ours, and the folders it leaves empty."""
    (target / path).unlink(missing_ok=True)
    for folder in (target / path).parents:
        if folder == target or not folder.is_relative_to(target):
            break
        with contextlib.suppress(OSError):
            folder.rmdir()


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
