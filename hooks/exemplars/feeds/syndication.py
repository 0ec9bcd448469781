"""Documents → RSS 2.0 and Atom 1.0. The only user of feedgen, whose faults are repaired here, in one pair of extensions.

An entry is made once for each format, and cut out of what feedgen made as bytes: a story stands in half a dozen feeds.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from lxml import etree

from exemplars.feeds import EPOCH
from exemplars.pages import FEEDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from exemplars.feeds import Document, Gone, Item
    from exemplars.model import Settings

ATOM = "http://www.w3.org/2005/Atom"
DC = "http://purl.org/dc/elements/1.1/"
HISTORY = "http://purl.org/syndication/history/1.0"
MEDIA = "http://search.yahoo.com/mrss/"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
ORDER = ("id", "title", "published", "updated", "author", "category", "summary", "content", "link")
PICTURE = "image/webp"
STYLESHEET = "assets/feed.css"
ENDS = {"rss": b"</channel></rss>", "atom": b"</feed>"}
SAMPLE = "<p><strong>Bài mẫu: nhân vật và số liệu là hư cấu.</strong></p>\n"
GONE = {
    "error": "Bài đã được gỡ vì có sai sót.",
    "consolidated": "Bài đã được gộp vào một bài khác.",
    "withdrawn": "Bài đã được rút.",
}
REUSE = "Khi đăng lại, xin ghi rõ nguồn."


class Told(NamedTuple):
    """An item with what only the build knows: its HTML with absolute addresses, the true length of its picture in bytes."""

    item: Item
    html: str
    length: int


def whole_html(told: Told, settings: Settings) -> str:
    """The text as feeds carry it: the picture inside as well, since some readers keep no enclosures."""
    picture = told.item.enclosure
    image = (
        f'<p><img src="{settings.site_url}{picture.src}" alt="" width="{picture.width}" height="{picture.height}"></p>\n' if picture else ""
    )
    return (SAMPLE if told.item.sample else "") + image + told.html


def entries(all_told: Sequence[Told], settings: Settings) -> list[tuple[bytes, bytes]]:
    """Each item as an RSS `item` and an Atom `entry`, without the namespaces that the heads of documents declare.

    errors  ValueError that names the story: a character that XML forbids, which checking ought to have refused
    """
    made = _generator(settings)
    made.title("-")
    made.description("-")
    made.id("-")
    made.link(href=settings.site_url)
    made.updated(_midnight(EPOCH))
    for told in all_told:
        try:
            _add(made.add_entry(order="append"), told, settings)
        except ValueError as error:
            raise ValueError(f"{told.item.id}: {error}") from None
    rss = made.rss_str(xml_declaration=False).split(b"<item>")[1:]
    atom = made.atom_str(xml_declaration=False).split(b"<entry>")[1:]
    rss[-1:], atom[-1:] = [rss[-1].removesuffix(ENDS["rss"])], [atom[-1].removesuffix(ENDS["atom"])]
    return [(b"<item>" + item, b"<entry>" + entry) for item, entry in zip(rss, atom, strict=True)]


def head(document: Document, settings: Settings) -> bytes:
    """A document without its entries; they go before `ENDS[document.form]`."""
    made = _generator(settings)
    ours = made.exemplars
    at = settings.site_url
    made.id(document.id)
    made.title(document.title)
    made.description(document.about or document.title)
    made.language("vi")
    made.generator("Gương sáng")
    made.docs("https://www.rssboard.org/rss-specification")
    made.rights(f"{settings.publisher}. {REUSE}" if settings.publisher else REUSE)
    made.author({"name": settings.publisher or settings.site_name})
    made.updated(_midnight(document.updated))
    made.lastBuildDate(_midnight(document.updated))
    media_type = FEEDS[document.form].media_type
    links = [{"href": at + document.address, "rel": "self", "type": media_type}]
    if document.older:
        links.append({"href": at + document.older, "rel": "prev-archive", "type": media_type})
    if document.archive:
        # no next-archive: it would change the archive when its successor comes; `current` leads back
        now = document.home + FEEDS[document.form].name
        links.append({"href": at + now, "rel": "current", "type": media_type})
    elif settings.hub:
        links.append({"href": settings.hub, "rel": "hub"})
    ours.links = links[1:]
    ours.history = "archive" if document.archive else "complete" if document.complete else ""
    ours.gone = document.gone
    for link in links:
        made.link(**link)
    made.link(href=at + document.home, rel="alternate", type="text/html")  # last: feedgen takes the last as the RSS channel's
    xml = bytes((made.rss_str if document.form == "rss" else made.atom_str)(xml_declaration=False))
    style = f'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/css" href="{at}{STYLESHEET}"?>\n'
    return style.encode() + xml


def _generator(settings: Settings) -> Any:
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 - 0.1 s, and most builds find their feeds already made

    made = FeedGenerator()
    feed, entry = _extensions()
    made.register_extension("exemplars", feed, entry)
    made.exemplars.publisher = settings.publisher
    return made


def _add(entry: Any, told: Told, settings: Settings) -> None:
    item, at = told.item, settings.site_url
    entry.id(item.id)
    entry.title(item.title)
    entry.summary(item.summary or item.title)
    entry.description(item.summary or item.title)
    entry.content(whole_html(told, settings), type="html")
    entry.link(href=at + item.address)
    entry.published(_midnight(item.published))
    entry.updated(_midnight(item.updated))
    for name in item.authors:
        entry.author({"name": name})
    for label, address in item.categories:
        entry.category(term=label, scheme=at + address, label=label)
    ours = entry.exemplars
    ours.item, ours.publisher = item, settings.publisher
    ours.links = [{"rel": "alternate", "type": "text/html", "href": at + item.address}]
    if item.enclosure:
        src, length = at + item.enclosure.src, str(told.length)
        entry.enclosure(src, length, PICTURE)
        ours.links.append({"rel": "enclosure", "type": PICTURE, "length": length, "href": src})
        ours.media = {
            "url": src, "type": PICTURE, "medium": "image", "fileSize": length,
            "width": str(item.enclosure.width), "height": str(item.enclosure.height),
        }  # fmt: skip


def _extensions() -> tuple[Any, Any]:
    """The classes, made when feedgen is loaded: their bases are its own."""
    from feedgen.ext.base import BaseEntryExtension, BaseExtension  # noqa: PLC0415

    class FeedExtension(BaseExtension):  # type: ignore[misc]
        """What a feed says of its history; feedgen knows none of it."""

        links: Sequence[dict[str, str]] = ()
        history = ""
        gone: Sequence[Gone] = ()
        publisher = ""

        def extend_ns(self) -> dict[str, str]:
            spaces = {"dc": DC, "media": MEDIA}
            if self.history:
                spaces["fh"] = HISTORY
            if self.gone:  # a prefix that validators do not know is declared only where it is used
                spaces["at"] = TOMBSTONES
            return spaces

        def extend_rss(self, rss: Any) -> Any:
            channel = rss[0]
            for link in self.links:  # feedgen writes rel="self" only
                etree.SubElement(channel, f"{{{ATOM}}}link", link)
            if self.publisher:
                etree.SubElement(channel, f"{{{DC}}}publisher").text = self.publisher
            self._tell_history(channel)
            return rss

        def extend_atom(self, feed: Any) -> Any:
            _write_zulu(feed)
            self._tell_history(feed)
            for one in self.gone:
                buried = etree.SubElement(feed, f"{{{TOMBSTONES}}}deleted-entry", ref=one.id, when=f"{one.day}T00:00:00Z")
                etree.SubElement(buried, f"{{{TOMBSTONES}}}comment").text = GONE.get(one.kind, GONE["withdrawn"])
            return feed

        def _tell_history(self, feed: Any) -> None:
            if self.history:
                etree.SubElement(feed, f"{{{HISTORY}}}{self.history}")

    class EntryExtension(BaseEntryExtension):  # type: ignore[misc]
        """An entry as every client reads it: links with all their attributes, children in order, the picture outside too."""

        links: Sequence[dict[str, str]] = ()
        media: dict[str, str] | None = None
        item: Any = None
        publisher = ""

        def extend_atom(self, entry: Any) -> Any:
            for old in entry.findall("link"):  # plain names: feedgen writes Atom's namespace as an attribute
                entry.remove(old)
            for link in self.links:  # alternate first, then enclosure
                etree.SubElement(entry, "link", link)
            _write_zulu(entry)
            entry[:] = sorted(entry, key=lambda child: ORDER.index(child.tag))
            self._picture(entry)
            return entry

        def extend_rss(self, item: Any) -> Any:
            told = [("creator", name) for name in self.item.authors]
            told += [("identifier", self.item.id), ("language", "vi"), ("publisher", self.publisher), ("contributor", self.item.unit)]
            for name, text in told:
                if text:
                    etree.SubElement(item, f"{{{DC}}}{name}").text = text
            for old in item.findall("author"):  # RSS wants an e-mail address there
                item.remove(old)
            etree.SubElement(item, f"{{{ATOM}}}updated").text = f"{self.item.updated}T00:00:00Z"
            self._picture(item)
            return item

        def _picture(self, entry: Any) -> None:
            if self.media:
                etree.SubElement(entry, f"{{{MEDIA}}}content", self.media)

    return FeedExtension, EntryExtension


def _write_zulu(parent: Any) -> None:
    """`Z` for `+00:00`: libmrss and elfeed pass over an offset."""
    for child in _dates(parent):
        child.text = child.text.replace("+00:00", "Z")


def _dates(parent: Any) -> Iterator[Any]:
    return (child for child in parent if child.tag in {"updated", "published"})


def _midnight(day: dt.date) -> dt.datetime:
    """A day without an hour goes out as T00:00:00Z: 07:00 in Vietnam, the same calendar day in both zones."""
    return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
