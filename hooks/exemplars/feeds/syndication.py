"""Documents → RSS 2.0 and Atom 1.0. The only user of feedgen, whose faults are repaired here, in one pair of extensions.

An entry is made once for each format: a story stands in half a dozen feeds. And feedgen makes but one of each shape (`moulds`).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars.feeds import EPOCH
from exemplars.feeds.moulds import Mould, Moulds, Texts, hole, mould
from exemplars.linking import SCHEME, absolute
from exemplars.pages.topics import FEEDS

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
PUBLISHED, UPDATED = dt.date(1901, 1, 1), dt.date(1902, 2, 2)
CONTROLS = bytes(n for n in range(32) if n not in {9, 10, 13})
ON_THE_PAGE = re.compile('(<a [^>]*?href=)"#')
DAMAGE = re.compile(rb"\xc2[\x80-\x9f]"), re.compile(rb"\xef\xbf[\xbd-\xbf]")  # U+0080 to U+009F, U+FFFD; U+FFFE and U+FFFF are forbidden
ENDS = {"rss": b"</channel></rss>", "atom": b"</feed>"}
SAMPLE = "<p><strong>Bài mẫu: nhân vật và số liệu là hư cấu.</strong></p>\n"
GONE = {
    "error": "Bài đã được gỡ vì có sai sót.",
    "consolidated": "Bài đã được gộp vào một bài khác.",
    "withdrawn": "Bài đã được rút.",
}
REUSE = "Khi đăng lại, xin ghi rõ nguồn."


class Telling(NamedTuple):
    """An item with what only the build knows: `whole_html`, and the true length of its picture in bytes."""

    item: Item
    html: bytes
    length: int


def whole_html(item: Item, html: str, settings: Settings) -> bytes:
    """The text as feeds carry it, in UTF-8: every address absolute, no character that XML forbids (`&#11;` in a text makes one) or
    that readers take for damage.

    The picture stands inside as well: some readers keep no enclosures.
    """
    picture = item.enclosure
    image = (
        f'<p><img src="{settings.site_url}{picture.src}" alt="" width="{picture.width}" height="{picture.height}"></p>\n' if picture else ""
    )
    if 'href="#' in html:  # to a heading of the same text
        html = ON_THE_PAGE.sub(rf'\1"{SCHEME}{item.address}#', html)
    whole = f"{SAMPLE if item.sample else ''}{image}{absolute(html, settings.site_url)}".encode(errors="ignore").translate(None, CONTROLS)
    for damage in DAMAGE:  # each starts with a byte of its own, which is soon not found: both at once would look at every byte
        whole = damage.sub(b"", whole)
    return whole


def entries(told: Telling, settings: Settings, moulds: Moulds) -> tuple[bytes, bytes]:
    """An item as an RSS `item` and an Atom `entry`, without the namespaces that the heads of documents declare.

    errors  ValueError that names the story: a character that XML forbids, which checking ought to have refused
    """
    item = told.item
    shape = (len(item.authors), len(item.categories), bool(item.enclosure), bool(item.unit))
    found = moulds.of(shape, lambda: _entry_moulds(_hollow(item), settings))
    try:
        texts = Texts.of(_texts(told))
    except ValueError as error:
        raise ValueError(f"{item.id}: {error}") from None
    html = told.html.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;").replace(b"\r", b"&#13;")
    rss, atom = (html.join(part.filled(texts).encode() for part in parts) for parts in found)
    return rss, atom


def _hollow(item: Item) -> Item:
    """An item of the same shape whose every text is a hole."""
    sizes: dict[str, Any] = {"width": hole("width"), "height": hole("height")}
    enclosure = item.enclosure and item.enclosure._replace(src=hole("src"), **sizes)
    return item._replace(
        id=hole("id"), title=hole("title"), summary=hole("summary"), address=hole("address"), published=PUBLISHED, updated=UPDATED,
        authors=tuple(hole(f"author{n}") for n, _ in enumerate(item.authors)), unit=item.unit and hole("unit"),
        categories=tuple((hole(f"label{n}"), hole(f"list{n}")) for n, _ in enumerate(item.categories)), enclosure=enclosure,
    )  # fmt: skip


def _texts(told: Telling) -> dict[str, str]:
    """What goes into the holes of `_hollow`."""
    item = told.item
    texts = {
        "id": item.id, "title": item.title, "summary": item.summary or item.title, "address": item.address, "unit": item.unit,
        "about": escape(item.summary or item.title, quote=False),  # RSS says HTML here, Atom plain text
        "length": str(told.length), **_days("published", item.published), **_days("updated", item.updated),
    }  # fmt: skip
    texts |= {f"author{n}": name for n, name in enumerate(item.authors)}
    for n, (label, address) in enumerate(item.categories):
        texts[f"label{n}"], texts[f"list{n}"] = label, address
    if item.enclosure:
        texts |= {"src": item.enclosure.src, "width": str(item.enclosure.width), "height": str(item.enclosure.height)}
    return texts


def _days(name: str, day: dt.date) -> dict[str, str]:
    return {f"{name}in": f"{day}T00:00:00Z", f"{name}on": _rfc822(day)}


@lru_cache(maxsize=4096)
def _rfc822(day: dt.date) -> str:
    return format_datetime(_midnight(day))


def _with_holes_for_days(xml: str) -> str:
    """The days, of which feedgen takes true ones only, as holes: no story is of these two, for the law on emulation is younger."""
    for name, day in (("published", PUBLISHED), ("updated", UPDATED)):
        for said, text in _days(name, day).items():
            xml = xml.replace(text, hole(said))
    return xml


def _entry_moulds(item: Item, settings: Settings) -> tuple[tuple[Mould, Mould], tuple[Mould, Mould]]:
    rss, atom = by_feedgen(item, hole("about"), hole("html"), hole("length"), settings)
    return _in_two(rss), _in_two(atom)


def by_feedgen(item: Item, about: str, html: str, length: str, settings: Settings) -> tuple[str, str]:
    """The RSS `item` and the Atom `entry` as feedgen makes them. `about`: the summary as HTML; `length`: of the picture, in bytes."""
    made = generator(settings)
    made.title("-")
    made.description("-")
    made.id("-")
    made.link(href=settings.site_url)
    made.updated(_midnight(EPOCH))
    entry = made.add_entry(order="append")
    entry.description(about)
    entry.content(html, type="html")
    _add(entry, item, length, settings)
    rss = made.rss_str(xml_declaration=False).removesuffix(ENDS["rss"]).decode().split("<item>")[1]
    atom = made.atom_str(xml_declaration=False).removesuffix(ENDS["atom"]).decode().split("<entry>")[1]
    return f"<item>{rss}", f"<entry>{atom}"


def _in_two(xml: str) -> tuple[Mould, Mould]:
    before, after = _with_holes_for_days(xml).split(hole("html"))
    return mould(before), mould(after)


def head(document: Document, settings: Settings, moulds: Moulds) -> bytes:
    """A document without its entries; they go before `ENDS[document.form]`.

    errors  ValueError: a character that XML forbids
    """
    if document.gone:  # tombstones are few, and no two heads have the same
        return _head(document, settings).encode()
    shape = (document.form, document.archive, document.complete, bool(document.older))
    found = moulds.of(shape, lambda: _head_mould(document, settings))
    texts = Texts.of({
        "address": document.address, "home": document.home, "id": document.id, "title": document.title, "older": document.older,
        "about": document.about or document.title, **_days("updated", document.updated),
    })  # fmt: skip
    return found.filled(texts).encode()


def _head_mould(document: Document, settings: Settings) -> Mould:
    names: dict[str, Any] = {name: hole(name) for name in ("address", "home", "id", "title", "about")}
    hollow = replace(document, **names, updated=UPDATED, older=document.older and hole("older"), entries=())
    return mould(_with_holes_for_days(_head(hollow, settings)))


def _head(document: Document, settings: Settings) -> str:
    made = generator(settings)
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
    xml = bytes((made.rss_str if document.form == "rss" else made.atom_str)(xml_declaration=False)).decode()
    style = f'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/css" href="{at}{STYLESHEET}"?>\n'
    return style + xml


def generator(settings: Settings) -> Any:
    """A feedgen with our extensions. It takes 0.1 s to load: whoever forks has it loaded before."""
    from feedgen.feed import FeedGenerator  # noqa: PLC0415 - 0.1 s, and most builds find their feeds already made

    made = FeedGenerator()
    feed, entry = _extensions()
    made.register_extension("exemplars", feed, entry)
    made.exemplars.publisher = settings.publisher
    return made


def _add(entry: Any, item: Item, length: str, settings: Settings) -> None:
    at = settings.site_url
    entry.id(item.id)
    entry.title(item.title)
    entry.summary(item.summary)
    entry.link(href=at + item.address)
    entry.published(_midnight(item.published))
    entry.updated(_midnight(item.updated))
    ours = entry.exemplars
    ours.item, ours.settings = item, settings
    ours.links = [{"rel": "alternate", "type": "text/html", "href": at + item.address}]
    if item.enclosure:
        src = at + item.enclosure.src
        ours.links.append({"rel": "enclosure", "type": PICTURE, "length": length, "href": src})
        ours.media = {
            "url": src, "type": PICTURE, "medium": "image", "fileSize": length,
            "width": str(item.enclosure.width), "height": str(item.enclosure.height),
        }  # fmt: skip


def _extensions() -> tuple[Any, Any]:
    """The classes, made when feedgen is loaded: their bases are its own."""
    from feedgen.ext.base import BaseEntryExtension, BaseExtension  # noqa: PLC0415
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415 - loaded with feedgen only

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
        settings: Any = None

        def extend_atom(self, entry: Any) -> Any:
            entry.remove(entry.find("link"))  # plain names: feedgen writes Atom's namespace as an attribute
            for link in self.links:  # alternate first, then enclosure
                etree.SubElement(entry, "link", link)
            for name in self.item.authors:
                etree.SubElement(etree.SubElement(entry, "author"), "name").text = name
            for label, address in self.item.categories:
                etree.SubElement(entry, "category", term=label, scheme=self.settings.site_url + address, label=label)
            _write_zulu(entry)
            entry[:] = sorted(entry, key=lambda child: ORDER.index(child.tag))
            self._picture(entry)
            return entry

        def extend_rss(self, item: Any) -> Any:
            told = [("creator", name) for name in self.item.authors]
            told += [
                ("identifier", self.item.id),
                ("language", "vi"),
                ("publisher", self.settings.publisher),
                ("contributor", self.item.unit),
            ]
            for name, text in told:
                if text:
                    etree.SubElement(item, f"{{{DC}}}{name}").text = text
            for label, address in self.item.categories:
                etree.SubElement(item, "category", domain=self.settings.site_url + address).text = label
            for link in self.links[1:]:
                etree.SubElement(item, "enclosure", url=link["href"], length=link["length"], type=link["type"])
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
