"""Pages → files: a tiny make. Every output has a key, the hash of all that goes into it; what the store holds under that
key is not made again. Outputs are made in child processes where there are many; a manifest says what is ours.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from exemplars import feeds, photos, rendering
from exemplars.linking import absolute, file_address, relative, story_address
from exemplars.model import Problem
from exemplars.pages import Context, Page, pages
from exemplars.reading import locate, photo_bytes
from exemplars.story_view import rendition, shown_photos

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.model import Site

VERSION = "1"
BATCH = 512  # outputs that wait at once to be made: bounds the memory, whatever the size of the site
WORTH_FORKING = 48
DIGEST = 32


class Theme(Protocol):
    """What dresses a page. `fingerprint` changes with every template, style and setting of the theme."""

    fingerprint: str

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
        try:
            entry = self._path(key).read_bytes()
        except OSError:
            return None
        if hashlib.sha256(entry[DIGEST:]).digest() != entry[:DIGEST]:
            self._path(key).unlink(missing_ok=True)
            return None
        return entry[DIGEST:]

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
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(half, flags, 0o644)
    with open(file, "wb") as opened:  # noqa: PTH123 - thousands of files: pathlib would double the time
        opened.write(data)
        os.fchmod(file, 0o644)
    os.replace(half, path)  # noqa: PTH105


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site: its path, and what it is made of. The key is the hash of the latter."""

    path: str
    what: Page | feeds.Feed | Copy | Rendition | str
    key: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A file beside a story that is published as it is: a PDF, never a photo."""

    source: str


@dataclass(frozen=True, slots=True)
class Rendition:
    """Rendition `at` of the photo in the file `source`, narrow first."""

    source: str
    at: int


class Maker:
    """Makes outputs. Holds what is costly to set up, so that children inherit it when they are forked."""

    def __init__(self, root: Path, context: Context, theme: Theme, store: Store) -> None:
        self.root, self.context, self.theme, self.store = root, context, theme, store
        self.renderer = rendering.Renderer()
        self._ground = repr((VERSION, rendering.VERSION, photos.VERSION, context.settings, theme.fingerprint))

    def key(self, what: Any) -> str:
        return hashlib.sha256(f"{self._ground}\0{what!r}".encode()).hexdigest()

    def make(self, output: Output) -> bytes:
        match output.what:
            case Page() as page:
                html = self.renderer.html(page.body) if page.body else ""
                return self.theme.render(page, relative(html, page.address)).encode()
            case feeds.Feed() as feed:
                return self._feed(feed)
            case Copy(source):
                return (self.root / source).read_bytes()
            case Rendition(source, at):
                return photos.published((self.root / source).read_bytes())[at].data
            case text:
                return str(text).encode()

    def store_output(self, output: Output) -> None:
        self.store.put(output.key, self.make(output))

    def bytes_of(self, output: Output) -> bytes:
        """From the store; made here where it is not (yet, or no longer) in it."""
        data = self.store.get(output.key)
        if data is None:
            data = self.make(output)
            self.store.put(output.key, data)
        return data

    def _feed(self, feed: feeds.Feed) -> bytes:
        settings = self.context.settings
        html = {entry.id: absolute(self._fragment(entry.body), settings.site_url) for entry in feed.entries}
        pictures = [entry.enclosure for entry in feed.entries if entry.enclosure]
        sizes = {one.src: len(self.store.get(picture_key(one.sha256, 1)) or b"") for one in pictures}
        return feeds.rss(feed, html, sizes, settings)

    def _fragment(self, body: rendering.Body) -> str:
        """The HTML of a story for a feed; kept, because several feeds carry the same stories."""
        key = self.key(("fragment", body))
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
    """Width and height of the renditions of every photo, by the photo's sha256; renditions not in the store are made.

    A photo that cannot be published is a problem (AN004) of the story that shows it.
    """
    wanted = {
        photo.sha256: (story, at) for story in site.stories for at, photo in enumerate(story.photos) if photo.sha256 and not photo.fault
    }
    kept = {sha256: store.get(_size_key(sha256)) for sha256 in wanted}
    missing = [sha256 for sha256, size in kept.items() if size is None]

    def make(sha256: str) -> None:
        story, at = wanted[sha256]
        renditions = photos.published(photo_bytes(root, story, story.photos[at]))
        for n, one in enumerate(renditions):
            store.put(picture_key(sha256, n), one.data)
        store.put(_size_key(sha256), json.dumps([(one.width, one.height) for one in renditions]).encode())

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
    for feed in feeds.feeds(context):
        yield Output(feed.address, feed, maker.key((feeds.VERSION, feed)))
    yield from _files(maker)
    sitemap = _sitemap(sorted(listed), context.settings.site_url)
    yield Output("sitemap.xml", sitemap, maker.key(sitemap))


def _files(maker: Maker) -> Iterator[Output]:
    """Renditions of photos, and the other files that a shown story lets readers have."""
    shelf = maker.context.shelf
    for story in shelf.stories:
        folder = story.origin.path.rpartition("/")[0]
        for photo in shown_photos(story, maker.context):
            for at, wide in enumerate((False, True)):
                what = Rendition(f"{folder}/{photo.file}", at)
                yield Output(story_address(story) + rendition(photo.file, wide=wide), what, picture_key(photo.sha256, at))
        for path in sorted(file for file in shelf.site.files_in.get(folder, ()) if file.endswith(".pdf")):
            key = maker.key(("file", _sha256((maker.root / path).read_bytes())))
            yield Output(file_address(path), Copy(path), key)


def _sitemap(listed: Iterable[tuple[str, str]], site_url: str) -> str:
    """sitemap.xml with the days of the content, never of the build; source: sitemaps.org, protocol 0.9."""
    rows = [f"<url><loc>{site_url}{at}</loc>" + (f"<lastmod>{day}</lastmod>" if day else "") + "</url>" for at, day in listed]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *rows, "</urlset>"]) + "\n"


# --- the build ----------------------------------------------------------------------------------------------------------


class TwoForOne(Exception):  # noqa: N818 - what it is
    """Two files for one address; the message names it, in Vietnamese."""

    def __init__(self, path: str) -> None:
        super().__init__(f"Hai tệp cùng ra một địa chỉ «{path}». Hãy đổi tên một tệp trong content/, hoặc đổi mã một bài.")


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
    before, after, made = _manifest(manifest), {}, 0
    writer = _Writer(target, before)
    (target / "build.json").unlink(missing_ok=True)  # while files change, nothing may look finished
    for path in _walk(shell):
        data = (shell / path).read_bytes()
        after[path] = _sha256(data) if shell == target else writer.put(path, data)
    addresses = {path.casefold() for path in after}
    keys = set()
    for batch in _batches(outputs(maker, others), BATCH):
        for output in batch:
            if output.path.casefold() in addresses:
                raise TwoForOne(output.path)
            addresses.add(output.path.casefold())
            keys.add(output.key)
        missing = [output for output in batch if not maker.store.has(output.key)]
        made += len(missing)
        in_children(missing, maker.store_output, jobs)
        for output in batch:
            after[output.path] = writer.put(output.path, maker.bytes_of(output))
    vanished = before.keys() - after.keys()
    for path in vanished:
        remove(target, path)
    if manifest:
        write(manifest, json.dumps(after, sort_keys=True, indent=0).encode())
    maker.store.keep(keys)
    built = Built(after, len(maker.context.shelf.stories), made, writer.written, len(vanished))
    write(target / "build.json", _stamped(built, stamp))
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


class _Writer:
    """Writes what differs from what an earlier build left."""

    def __init__(self, target: Path, before: Mapping[str, str]) -> None:
        self.target, self.before, self.written = target, before, 0

    def put(self, path: str, data: bytes) -> str:
        digest = _sha256(data)
        if self.before.get(path) != digest or not (self.target / path).is_file():
            write(self.target / path, data)
            self.written += 1
        return digest


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _walk(folder: Path) -> list[str]:
    found = []
    for at, folders, names in os.walk(folder, onerror=_raise):
        folders.sort()
        found += [(Path(at) / name).relative_to(folder).as_posix() for name in names]
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error  # os.walk passes over what it cannot read: a site would lose pages without a word


def _manifest(path: Path | None) -> dict[str, str]:
    try:
        return {str(name): str(digest) for name, digest in json.loads(path.read_bytes()).items()} if path else {}
    except (OSError, ValueError, AttributeError):
        return {}


def remove(target: Path, path: str) -> None:
    """A file of ours, and the folders it leaves empty."""
    (target / path).unlink(missing_ok=True)
    for folder in (target / path).parents:
        if folder == target or not folder.is_relative_to(target):
            break
        with contextlib.suppress(OSError):
            folder.rmdir()


def in_children(work: list[Any], do: Any, jobs: int) -> None:
    """Does each piece of work in forked children, if there is enough of it; results go through the store.

    A child that fails or is killed leaves its work undone, and the parent, which looks, does it itself: so an error
    comes up once, in the parent, with its own traceback.
    """
    # a fork copies only the calling thread: beside others (the server of a preview) their locks could stay shut for ever
    if jobs < 2 or len(work) < WORTH_FORKING or threading.active_count() > 1 or not hasattr(os, "fork"):  # noqa: PLR2004
        return
    children = []
    for n in range(jobs):
        child = os.fork()
        if child == 0:
            try:
                for piece in work[n::jobs]:
                    do(piece)
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)


def _batches(items: Iterable[Output], size: int) -> Iterator[list[Output]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
