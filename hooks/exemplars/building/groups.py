"""Every file of the site, by groups of those that belong together."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from exemplars import calendars, feeds, searching
from exemplars.building.indexing import index
from exemplars.building.outputs import Copy, IndexFile, Output, Rendition, SiteCard
from exemplars.building.pictures import picture_key
from exemplars.feeds import exchange
from exemplars.linking import INDEX, SITE_CARD, file_address, rendition, share_picture, story_address
from exemplars.pages import Context, Page, Sketch, sections
from exemplars.pages.stories import papers
from exemplars.pages.topics import topics
from exemplars.storing import sha256_of
from exemplars.story_view import published_photos

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from exemplars.building.maker import Maker


Row: TypeAlias = tuple[str, str]


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
    yield _group("pictures", maker, _pictures_told(context), _pictures)
    yield _group("files", maker, "", _files)
    # last of what is much: the pages of stories are made by then, and feeds were told their texts
    for feed in feeds.sections(context) if context.fed else ():
        yield Group(f"feeds {feed.home}", maker.key(feed.told), partial(_feeds, maker, feed.documents))
    yield _group("texts", maker, f"{context.fed} {context.shelf.preview}", _texts)
    if context.searched:
        yield _group("search", maker, searching.told(context.shelf.stories, context), _index)


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
    for path in papers(maker.context):
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


def _index(maker: Maker) -> Iterator[Output]:
    for path, key in index(maker.context, maker.store, maker.jobs).items():
        yield Output(INDEX + path, IndexFile(path), key)


def sitemap(listed: Iterable[tuple[str, str]], site_url: str) -> str:
    """sitemap.xml with the days of the content, never of the build; source: sitemaps.org, protocol 0.9."""
    rows = [f"<url><loc>{site_url}{at}</loc>" + (f"<lastmod>{day}</lastmod>" if day else "") + "</url>" for at, day in listed]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    return "\n".join([head, *rows, "</urlset>"]) + "\n"
