"""Pages → files: a tiny make. Every output has a key, the hash of all that goes into it; what the store holds under that
key is not made again. Outputs are made in child processes where there are many; a manifest says what is ours.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import json
import os
import pickle
import threading
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from exemplars import calendars, feeds, metadata, photos, quoting, rendering, searching
from exemplars.aside import Aside, Held
from exemplars.feeds import exchange, syndication
from exemplars.linking import INDEX, SITE_CARD, file_address, relative, rendition, share_picture, story_address
from exemplars.model import Problem
from exemplars.pages import Context, Page, body_of, pages, topics
from exemplars.reading import locate, photo_bytes
from exemplars.story_view import shown_photos
from exemplars.unfinished import Unfinished, clear_halves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.model import Site

VERSION = "1"
BATCH = 1024  # outputs that wait at once to be made: bounds the memory, whatever the size of the site
WORTH_FORKING = 48
DIGEST = 32
TOLD_TOGETHER, TOLD_AT_ONCE = 40, 2000  # entries of feeds that one child makes in a go, and that wait in memory


class Theme(Protocol):
    """What dresses a page. `fingerprint` changes with every template, style and setting of the theme."""

    fingerprint: str

    def prepare(self, page: Page) -> None:
        """Makes what `page` shares with other pages, in the parent, so that no child makes it again."""

    def render(self, page: Page, body: str) -> str:
        """The whole HTML document."""


class Store:
    """Results by key, under a folder that may be deleted at any time. An entry carries its own hash: a damaged or
    half-written one is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def get(self, key: str) -> bytes | None:
        found = self.find(key)
        return found[0] if found else None

    def find(self, key: str) -> tuple[bytes, str] | None:
        """What is kept, and its sha256."""
        try:
            with open(f"{self.folder}/{key[:2]}/{key[2:]}", "rb", buffering=0) as file:  # noqa: PTH123 - thousands of files
                entry = file.read()
        except OSError:
            return None
        data = entry[DIGEST:]
        if hashlib.sha256(data).digest() != entry[:DIGEST]:
            self._path(key).unlink(missing_ok=True)
            return None
        return data, entry[:DIGEST].hex()

    def size(self, key: str) -> int | None:
        """The length of what is kept, in bytes; None where nothing is."""
        try:
            return os.stat(f"{self.folder}/{key[:2]}/{key[2:]}").st_size - DIGEST  # noqa: PTH116 - thousands of files
        except OSError:
            return None

    def has(self, key: str) -> bool:
        return self._path(key).is_file()

    def put(self, key: str, data: bytes) -> None:
        write(self._path(key), hashlib.sha256(data).digest() + data)

    def keep(self, keys: set[str]) -> None:
        """Forgets what this build did not use, once that is more than what it used."""
        entries = [entry for folder in self.folder.glob("??") for entry in folder.iterdir()]
        if len(entries) > 2 * len(keys) + 1000:
            for entry in entries:
                if entry.parent.name + entry.name not in keys:
                    entry.unlink(missing_ok=True)


def write(path: Path, data: bytes) -> None:
    """Whole or not at all; readable by the web server whatever the umask."""
    folder, name = os.path.split(path)
    half = f"{folder}/.{name}.{os.getpid()}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    try:
        file = os.open(half, flags, 0o644)
    except FileNotFoundError:
        make_folder(path.parent)
        file = os.open(half, flags, 0o644)
    with open(file, "wb") as opened:  # noqa: PTH123 - thousands of files: pathlib would double the time
        opened.write(data)
        os.fchmod(file, 0o644)
    os.replace(half, path)  # noqa: PTH105


def make_folder(folder: Path) -> None:
    """With those above it that are not there; whatever the umask, the web server may look into them."""
    if not folder.is_dir():
        make_folder(folder.parent)
        with contextlib.suppress(FileExistsError):  # another child was faster
            folder.mkdir()
            folder.chmod(0o755)


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site: its path, and what it is made of. The key is the hash of the latter."""

    path: str
    what: Page | feeds.Document | Copy | Rendition | SiteCard | IndexFile | str
    key: str


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
    """Makes outputs. Holds what is costly to set up, so that children inherit it when they are forked."""

    def __init__(self, root: Path, context: Context, theme: Theme, store: Store) -> None:
        self.root, self.context, self.theme, self.store = root, context, theme, store
        self.renderer = rendering.Renderer()
        self._aside = Aside()
        self._told: dict[str, dict[str, Held]] = {}  # digest of an entry → its text in each format
        versions = (VERSION, rendering.VERSION, quoting.VERSION, metadata.VERSION, photos.VERSION)
        self._ground = repr((versions, context.settings, theme.fingerprint))

    def key(self, what: Any) -> str:
        return hashlib.sha256(f"{self._ground}\0{what!r}".encode()).hexdigest()

    def make(self, output: Output) -> bytes:
        match output.what:
            case Page() as page:
                html = quoting.marked(self._fragment(page.body), page.quotes) if page.body else ""
                return self.theme.render(page, relative(html, page.address)).encode()
            case feeds.Document() as document:
                return self._document(document)
            case Copy(source):
                return (self.root / source).read_bytes()
            case Rendition(source, at):
                return photos.published((self.root / source).read_bytes())[at].data
            case SiteCard():
                return photos.site_card()
            case IndexFile(path):
                return searching.index(_documents(self.context))[path]
            case text:
                return str(text).encode()

    def bytes_of(self, output: Output) -> tuple[bytes, str, bool]:
        """What the output holds, its sha256, and whether it had to be made.

        Pages and feeds are not kept: their text is, and the rest is quickly made.
        """
        if not isinstance(output.what, (Page, feeds.Document)):
            kept = self.store.find(output.key)
            if kept is not None:
                return *kept, False
        data = self.make(output)
        if not isinstance(output.what, (Page, feeds.Document)):
            self.store.put(output.key, data)
        return data, _sha256(data), True

    # --- feeds

    def tell(self, documents: Iterable[feeds.Document], jobs: int) -> None:
        """Makes every entry of those documents once for all formats, and puts it aside."""
        wanted = {entry.digest: entry for document in documents for entry in document.entries if entry.digest not in self._told}
        every = list(wanted.values())
        for at in range(0, len(every), TOLD_AT_ONCE):
            some = every[at : at + TOLD_AT_ONCE]
            chunks = [some[n : n + TOLD_TOGETHER] for n in range(0, len(some), TOLD_TOGETHER)]
            done = in_children(chunks, self._tell, jobs)
            for n, chunk in enumerate(chunks):
                for entry, forms in zip(chunk, done[n] if n in done else self._tell(chunk), strict=True):
                    self._told[entry.digest] = {form: self._aside.hold(data) for form, data in forms.items()}

    def _tell(self, entries: list[feeds.Entry]) -> list[dict[str, bytes]]:
        settings = self.context.settings
        told = []
        for entry in entries:
            item, body = entry.item, body_of(entry.story, self.context)
            html = syndication.whole_html(item, self._fragment(body), settings)
            told.append(syndication.Told(item, html, self._length(item.enclosure) if item.enclosure else 0))
        xml = syndication.entries(told, settings)
        return [
            {"rss": rss, "atom": atom, "json": exchange.json_item(one, settings), "stories": exchange.row(one, entry.digest, settings)}
            for entry, one, (rss, atom) in zip(entries, told, xml, strict=True)
        ]

    def _length(self, picture: feeds.Enclosure) -> int:
        """The true length of a published picture in bytes; made when the store has lost it."""
        size = self.store.size(picture_key(picture.sha256, 1))
        return size if size is not None else len(self.make(Output(picture.src, Rendition(picture.file, 1), "")))

    def _document(self, document: feeds.Document) -> bytes:
        self.tell([document], jobs=1)
        found = [self._told[entry.digest][document.form].read() for entry in document.entries]
        settings = self.context.settings
        if document.form in syndication.ENDS:
            end = syndication.ENDS[document.form]
            return b"\n".join([syndication.head(document, settings).removesuffix(end), *found, end + b"\n"])
        return (exchange.json_feed if document.form == "json" else exchange.stories)(document, found, settings)

    def _fragment(self, body: rendering.Body) -> str:
        """The HTML of a text; kept, because its page and several feeds carry it, and a change of template leaves it as it is."""
        key = hashlib.sha256(f"{rendering.VERSION}\0{body!r}".encode()).hexdigest()
        kept = self.store.get(key)
        if kept is None:
            kept = self.renderer.html(body).encode()
            self.store.put(key, kept)
        return kept.decode()


# --- photos -------------------------------------------------------------------------------------------------------------


def picture_key(sha256: str, at: int) -> str:
    """The store's key of rendition `at` of a photo, narrow first."""
    return hashlib.sha256(f"{photos.VERSION} {photos.WIDTHS} {photos.QUALITY} {sha256} {at}".encode()).hexdigest()


def sizes_of(site: Site, root: Path, store: Store, jobs: int) -> tuple[dict[str, tuple[tuple[int, int], ...]], list[Problem]]:
    """Width and height of the narrow and the wide rendition of every photo, by its sha256; renditions not in the store are made.

    A photo that cannot be published is a problem (AN004) of the story that shows it.
    """
    wanted = {
        photo.sha256: (story, at) for story in site.stories for at, photo in enumerate(story.photos) if photo.sha256 and not photo.fault
    }
    kept = {sha256: store.get(_size_key(sha256)) for sha256 in wanted}
    missing = [sha256 for sha256, size in kept.items() if size is None]

    def make(sha256: str) -> None:
        story, at = wanted[sha256]
        narrow, wide, share = photos.published(photo_bytes(root, story, story.photos[at]))
        for n, one in enumerate((narrow, wide, share)):
            store.put(picture_key(sha256, n), one.data)
        store.put(_size_key(sha256), json.dumps([(one.width, one.height) for one in (narrow, wide)]).encode())

    in_children(missing, make, jobs)
    problems = []
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
    return hashlib.sha256(f"size {picture_key(sha256, 0)}".encode()).hexdigest()


# --- all outputs --------------------------------------------------------------------------------------------------------


def outputs(maker: Maker, others: Iterable[str]) -> Iterator[Output]:
    """Every file of ours, made or not; `others` are the addresses of the hand-written pages, for the sitemap."""
    context, listed = maker.context, [(address, "") for address in others]
    for page in pages(context):
        yield Output(f"{page.address}index.html", page, maker.key(page))
        if page.listed:
            listed.append((page.address, page.modified.isoformat() if page.modified else ""))
    for document in feeds.documents(context):
        yield Output(document.address, document, maker.key((feeds.VERSION, document)))
    yield from _files(maker)
    for at, text in calendars.calendars(context.shelf.site, context.settings):
        yield Output(at, text, maker.key(text))
    robots = _robots(context)
    for path, text in (
        ("robots.txt", robots),
        (exchange.OPML, exchange.opml(topics(context), context.settings)),
        (exchange.SCHEMA, exchange.schema()),
    ):
        yield Output(path, text, maker.key(text))
    yield from _index(maker)
    sitemap = _sitemap(sorted(listed), context.settings.site_url)
    yield Output("sitemap.xml", sitemap, maker.key(sitemap))


def _files(maker: Maker) -> Iterator[Output]:
    """Renditions of photos, and the other files that a shown story lets readers have."""
    shelf = maker.context.shelf
    yield Output(SITE_CARD, SiteCard(), picture_key("site", 2))
    for story in shelf.stories:
        folder = story.origin.path.rpartition("/")[0]
        for n, photo in enumerate(shown_photos(story, maker.context)):
            names = [rendition(photo.file, wide=False), rendition(photo.file, wide=True), *([share_picture(photo.file)] if n == 0 else [])]
            for at, name in enumerate(names):
                what = Rendition(f"{folder}/{photo.file}", at)
                yield Output(story_address(story) + name, what, picture_key(photo.sha256, at))
        for path in sorted(file for file in shelf.site.files_in.get(folder, ()) if file.endswith(".pdf")):
            key = maker.key(("file", _sha256((maker.root / path).read_bytes())))
            yield Output(file_address(path), Copy(path), key)


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
    if not maker.context.searched:
        return
    whole = hashlib.sha256(searching.version().encode())
    for entry in searching.entries(maker.context):
        whole.update(repr(entry).encode())
    kept = maker.store.get(whole.hexdigest())
    keys: dict[str, str] = json.loads(kept) if kept else {}
    if not keys or not all(map(maker.store.has, keys.values())):
        for path, data in searching.index(_documents(maker.context)).items():
            keys[path] = maker.key(("index", path, _sha256(data)))
            maker.store.put(keys[path], data)
        maker.store.put(whole.hexdigest(), json.dumps(keys).encode())
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
        super().__init__(f"{named}Hai tệp cùng ra một địa chỉ «{path}». Hãy đổi tên một tệp trong content/, hoặc đổi mã một bài.")


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
    """What a build did. `files`: path → sha256 of every file in the target, `build.json` apart."""

    files: Mapping[str, str]
    stories: int
    made: int
    written: int
    removed: int


def build(  # noqa: PLR0913, PLR0917
    maker: Maker, target: Path, shell: Path, others: Iterable[str], manifest: Path | None, stamp: Stamp, jobs: int,
) -> Built:  # fmt: skip
    """Brings `target` up to date with the shell and with every output of ours, and stamps it.

    shell     the folder with the pages that MkDocs has built; it may be the target itself
    manifest  where an earlier build noted what it wrote into this target: unchanged files keep their times, vanished
              ones are removed. None where the target was emptied before
    errors    TwoForOne when two files would stand at one address
    """
    known = _manifest(manifest)
    unfinished = Unfinished(manifest and manifest.with_suffix(".writing"), target)
    left = unfinished.left()
    clear_halves(target, left)
    unfinished.begin(left)
    before = {path: file for path, file in known.items() if path not in left}
    writer = _Writer(maker, target, before, unfinished)
    (target / "build.json").unlink(missing_ok=True)  # while files change, nothing may look finished
    after = {path: writer.put(path, (shell / path).read_bytes(), there=shell == target) for path in walk(shell)}
    addresses = {path.casefold() for path in after}
    for batch in _batches(outputs(maker, others), BATCH):
        for output in batch:
            if output.path.casefold() in addresses:
                raise TwoForOne(output.path, _source(maker, output.path))
            addresses.add(output.path.casefold())
        changed = [output for output in batch if not writer.stands(output)]
        for output in changed:
            if isinstance(output.what, Page):
                maker.theme.prepare(output.what)
        maker.tell((output.what for output in changed if isinstance(output.what, feeds.Document)), jobs)
        done = in_children(changed, writer.deliver, jobs)
        for at, output in enumerate(changed):
            after[output.path] = writer.note(done[at] if at in done else writer.deliver(output))
        if done and len(done) < len(changed):  # a child was killed, maybe in the middle of a file
            clear_halves(target, frozenset(output.path for output in changed))
        after.update((output.path, before[output.path]) for output in batch if output.path not in after)
    vanished = (known.keys() | left) - after.keys()
    for path in vanished:
        remove(target, path)
    if manifest:
        write(manifest, json.dumps(after, sort_keys=True, indent=0).encode())
    maker.store.keep({file.key for file in after.values()})
    files = {path: file.sha256 for path, file in after.items()}
    built = Built(files, len(maker.context.shelf.stories), writer.made, writer.written, len(vanished))
    write(target / "build.json", _stamped(built, stamp))
    unfinished.end()
    return built


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


class _Delivery(NamedTuple):
    file: _File
    made: bool
    written: bool


class _Writer:
    """Writes what differs from what an earlier build left, and counts."""

    def __init__(self, maker: Maker, target: Path, before: Mapping[str, _File], unfinished: Unfinished) -> None:
        self.maker, self.target, self.before, self.unfinished = maker, target, before, unfinished
        self.made = self.written = 0

    def stands(self, output: Output) -> bool:
        """Whether the file of an earlier build is what this build would write."""
        old = self.before.get(output.path)
        return old is not None and old.key == output.key and self._there(output.path, old)

    def _there(self, path: str, old: _File) -> bool:
        try:
            return os.stat(f"{self.target}/{path}").st_size == old.size  # noqa: PTH116 - tens of thousands of files
        except OSError:
            return False

    def deliver(self, output: Output) -> _Delivery:
        """Brings one output into the target; runs in a child too, so it changes nothing here."""
        data, digest, made = self.maker.bytes_of(output)
        file = _File(output.key, digest, len(data))
        return _Delivery(file, made, self._write(output.path, file, data))

    def put(self, path: str, data: bytes, *, there: bool) -> _File:
        """A file that MkDocs made; `there` when it already stands in the target."""
        digest = _sha256(data)
        file = _File(digest, digest, len(data))
        return file if there else self.note(_Delivery(file, made=False, written=self._write(path, file, data)))

    def note(self, delivery: _Delivery) -> _File:
        self.made += delivery.made
        self.written += delivery.written
        return delivery.file

    def _write(self, path: str, file: _File, data: bytes) -> bool:
        old = self.before.get(path)
        if old is not None and old.sha256 == file.sha256 and self._there(path, old):
            return False
        self.unfinished.writing(path)
        write(self.target / path, data)
        return True


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def walk(folder: Path) -> list[str]:
    """Paths of all files below, in order; a folder that cannot be read is an OSError."""
    found = []
    for at, folders, names in os.walk(folder, onerror=_raise):
        folders.sort()
        found += [(Path(at) / name).relative_to(folder).as_posix() for name in names]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error  # os.walk passes over what it cannot read: a site would lose pages without a word


def _manifest(path: Path | None) -> dict[str, _File]:
    try:
        return {name: _File(*file) for name, file in json.loads(path.read_bytes()).items()} if path else {}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def remove(target: Path, path: str) -> None:
    """A file of ours, and the folders it leaves empty."""
    (target / path).unlink(missing_ok=True)
    for folder in (target / path).parents:
        if folder == target or not folder.is_relative_to(target):
            break
        with contextlib.suppress(OSError):
            folder.rmdir()


def in_children(work: list[Any], do: Any, jobs: int) -> dict[int, Any]:
    """Does each piece of work in forked children, if there is enough of it; gives the results by place in `work`.

    What a child that failed or was killed did not finish is not among them: the parent, which looks, does it itself, so an
    error comes up once, in the parent, with its own traceback.
    """
    # a fork copies only the calling thread: beside others (the server of a preview) their locks could stay shut for ever
    if jobs < 2 or len(work) < WORTH_FORKING or threading.active_count() > 1 or not hasattr(os, "fork"):  # noqa: PLR2004
        return {}
    children = [_child(work, do, n, jobs) for n in range(jobs)]
    done: dict[int, Any] = {}
    for child, pipe in children:
        with open(pipe, "rb") as results, contextlib.suppress(EOFError, pickle.UnpicklingError):  # noqa: PTH123
            while True:
                at, result = pickle.load(results)  # noqa: S301 - our own child's
                done[at] = result
        os.waitpid(child, 0)
    return done


def _child(work: list[Any], do: Any, n: int, jobs: int) -> tuple[int, int]:
    """A child that does every `jobs`-th piece of work, and the pipe its results come through."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    gc.disable()  # a short life, and what it inherits is the parent's
    try:
        with open(writing, "wb") as results:  # noqa: PTH123
            for at in range(n, len(work), jobs):
                pickle.dump((at, do(work[at])), results)
    finally:
        os._exit(0)


def _batches(items: Iterable[Output], size: int) -> Iterator[list[Output]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
