"""Strict checks of feed documents, of our own: what the specifications demand, and what the W3C feed validator warns of.

Three of its warnings are allowed, and no other: the namespace of tombstones, which it does not know; the oldest archive of a
feed, which has no neighbour to name that would not change it later; and entries of one day, of which no hour is known.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import html5lib
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree, html

ATOM = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
MEDIA = "{http://search.yahoo.com/mrss/}content"
HISTORY = "{http://purl.org/syndication/history/1.0}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
PARSER = etree.XMLParser(resolve_entities=False, no_network=True, recover=False)
PROFILE_MOST = 5_000_000
PLAUSIBLE = dt.datetime(1990, 1, 1, tzinfo=dt.UTC)
DAMAGED = re.compile("[\x80-\x9f\ufffd]")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[0-9A-Za-z;/?:@&=+$.\-_!~*'()%,#\[\]]+")
# of elements and attributes in a text, the ones that we make; the validator allows more
ELEMENTS = {"p", "h2", "h3", "h4", "ul", "ol", "li", "strong", "em", "a", "img", "blockquote", "code", "pre", "hr", "br", "table", "thead", "tbody",
            "tr", "th", "td"}  # fmt: skip
ATTRIBUTES = {"href", "rel", "title", "src", "alt", "width", "height", "loading", "id", "start", "class"}
RELATIONS = {"self", "alternate", "hub", "prev-archive", "current"}
CHANNEL = {"title", "link", "description", "copyright", "docs", "generator", "language", "lastBuildDate", "item", f"{ATOM}link",
           f"{DC}publisher", f"{HISTORY}complete", f"{HISTORY}archive"}  # fmt: skip
ITEM = {"title", "link", "description", CONTENT, "guid", "category", "enclosure", "pubDate", f"{DC}creator", f"{DC}identifier",
        f"{DC}language", f"{DC}publisher", f"{DC}contributor", f"{ATOM}updated", MEDIA}  # fmt: skip
FEED = {"id", "title", "updated", "author", "link", "generator", "rights", "subtitle", "entry"}
ENTRY = ["id", "title", "published", "updated", "author", "category", "summary", "content", "link"]

JSON_FEED = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "title", "items", "feed_url", "home_page_url", "language"],
    "$defs": {
        "url": {"type": "string", "pattern": "^https?://"},
        "date": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$", "format": "date-time"},
        "authors": {"type": "array", "items": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string", "minLength": 1}}}},
    },
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"}, "title": {"type": "string", "minLength": 1},
        "home_page_url": {"$ref": "#/$defs/url"}, "feed_url": {"$ref": "#/$defs/url"}, "next_url": {"$ref": "#/$defs/url"},
        "description": {"type": "string"}, "language": {"const": "vi"}, "authors": {"$ref": "#/$defs/authors"},
        "hubs": {"type": "array", "items": {"type": "object", "required": ["type", "url"]}},
        "items": {"type": "array", "items": {
            "type": "object", "additionalProperties": False,
            "required": ["id", "url", "title", "summary", "content_html", "date_published", "date_modified", "authors", "tags", "language"],
            "properties": {
                "id": {"type": "string", "pattern": "^tag:"}, "url": {"$ref": "#/$defs/url"}, "title": {"type": "string", "minLength": 1},
                "summary": {"type": "string", "minLength": 1}, "content_html": {"type": "string", "minLength": 1},
                "image": {"$ref": "#/$defs/url"}, "date_published": {"$ref": "#/$defs/date"}, "date_modified": {"$ref": "#/$defs/date"},
                "authors": {"$ref": "#/$defs/authors"}, "tags": {"type": "array", "items": {"type": "string", "minLength": 1}},
                "language": {"const": "vi"},
                "attachments": {"type": "array", "items": {"type": "object", "required": ["url", "mime_type", "size_in_bytes"], "properties": {
                    "url": {"$ref": "#/$defs/url"}, "mime_type": {"const": "image/webp"}, "size_in_bytes": {"type": "integer", "minimum": 1}}}},
            }}},
    },
}  # fmt: skip


def check(path: str, data: bytes, files: dict[str, bytes], base: str) -> None:
    """Fails on the first fault of the document at `path`. `files`: the whole site; `base`: its absolute address."""
    assert len(data) <= PROFILE_MOST
    name = path.rpartition("/")[2]
    if re.fullmatch(r"feed(-\d+)?\.xml", name):
        _rss(path, data, files, base)
    elif re.fullmatch(r"atom(-\d+)?\.xml", name):
        _atom(path, data, files, base)
    elif re.fullmatch(r"feed(-\d+)?\.json", name):
        _json_feed(path, data, files, base)
    else:
        stories_json(data, files)


def stories_json(data: bytes, files: dict[str, bytes]) -> None:
    schema = json.loads(files["stories.schema.json"])
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(json.loads(data))


def opml(data: bytes, files: dict[str, bytes], base: str) -> None:
    """OPML 2.0: exactly the subscription documents that are there."""
    root = etree.fromstring(data, PARSER)
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert root.findtext("head/title")
    outlines = root.findall("body/outline")
    assert all(one.get("type") == "rss" and one.get("text") and one.get("htmlUrl", "").startswith(base) for one in outlines)
    assert all(one.get("title") and one.get("version", "RSS2") in {"RSS", "RSS1", "RSS2", "scriptingNews"} for one in outlines)
    assert all(set(one.attrib) <= {"type", "text", "title", "language", "xmlUrl", "htmlUrl", "version"} for one in outlines)
    listed = [one.get("xmlUrl", "").removeprefix(base) for one in outlines]
    assert sorted(listed) == sorted(path for path in files if re.search(r"(^|/)(feed\.xml|atom\.xml|feed\.json)$", path))


def _tree(data: bytes) -> Any:
    root = etree.fromstring(data, PARSER)
    assert unicodedata.is_normalized("NFC", data.decode())
    assert not DAMAGED.search(data.decode())
    for one in root.iter(etree.Element):
        assert all(URI.fullmatch(one.get(name)) for name in ("href", "url", "domain", "scheme", "ref") if one.get(name) is not None), (
            one.attrib
        )
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/css" href="')
    return root


def _rss(path: str, data: bytes, files: dict[str, bytes], base: str) -> None:
    root = _tree(data)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    channel = root[0]
    names = [one.tag for one in channel]
    assert "item" not in names or set(names[names.index("item") :]) == {"item"}, "what is of the channel stands before the items"
    _only_once(channel, CHANNEL, many={"item", f"{ATOM}link"})
    assert {"title", "link", "description", "language"} <= {one.tag for one in channel}
    _links(channel.findall(f"{ATOM}link"), path, files, base, channel.find(f"{HISTORY}archive") is not None, ".xml")
    _plain(channel.findtext("title"), channel.findtext("description"))
    _unmarked(data, channel)
    newest = _rfc822(channel.findtext("lastBuildDate"))
    for item in channel.iter("item"):
        _only_once(item, ITEM, many={"category", f"{DC}creator"})
        names = [one.tag for one in item]
        assert names.index("description") < names.index(CONTENT)
        guid = item.find("guid")
        assert guid.get("isPermaLink") == "false"
        assert guid.text != item.findtext("link")
        _entry(guid.text, item.findtext("link"), item.findtext(CONTENT), base)
        assert _rfc822(item.findtext("pubDate")) <= _rfc3339(item.findtext(f"{ATOM}updated")) <= newest
        _html(item.findtext("description"))
        assert not set(item.findtext("description")) & {"<"}, "the summary has no markup of its own"
        assert item.findtext(f"{DC}creator").strip()
        assert all(one.text.strip() and one.get("domain").startswith(base) for one in item.findall("category"))
        enclosure, media = item.find("enclosure"), item.find(MEDIA)
        assert (enclosure is None) == (media is None)
        if enclosure is not None:
            assert (enclosure.get("url"), enclosure.get("length"), enclosure.get("type")) == (
                media.get("url"), media.get("fileSize"), media.get("type"),
            )  # fmt: skip
            _picture(enclosure.get("url"), int(enclosure.get("length")), enclosure.get("type"), files, base)
    _unique(channel.findtext(f"item[{n}]/guid") for n in range(1, len(channel.findall("item")) + 1))


def _atom(path: str, data: bytes, files: dict[str, bytes], base: str) -> None:
    root = _tree(data)
    assert root.tag == f"{ATOM}feed"
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == "vi"
    known = {ATOM + name for name in FEED} | {f"{HISTORY}complete", f"{HISTORY}archive", DELETED}
    _only_once(root, known, many={f"{ATOM}entry", f"{ATOM}link", DELETED})
    assert root.findtext(f"{ATOM}id").startswith("tag:")
    assert root.findtext(f"{ATOM}author/{ATOM}name").strip()
    links = root.findall(f"{ATOM}link")
    assert list(root)[-len(root.findall(f"{ATOM}entry")) :] == root.findall(f"{ATOM}entry") or root.find(f"{ATOM}entry") is None
    assert [one.get("href") for one in links if one.get("rel") == "alternate"] == [base + path.rpartition("/")[0] + "/" * ("/" in path)]
    archive = root.find(f"{HISTORY}archive") is not None
    _links([one for one in links if one.get("rel") != "alternate"], path, files, base, archive, ".xml")
    newest = _rfc3339(root.findtext(f"{ATOM}updated"))
    ids = []
    for entry in root.iter(f"{ATOM}entry"):
        names = [one.tag.removeprefix(ATOM) for one in entry if one.tag != MEDIA]
        assert names == sorted(names, key=ENTRY.index), "order"
        assert {"id", "title", "published", "updated", "author", "summary", "content"} <= set(names)
        found = {one.get("rel"): one for one in entry.findall(f"{ATOM}link")}
        assert list(found) in (["alternate"], ["alternate", "enclosure"])
        assert entry.find(f"{ATOM}content").get("type") == "html"
        assert all(entry.find(ATOM + name).get("type", "text") == "text" for name in ("title", "summary"))
        assert all(one.get("term") and one.get("label") for one in entry.findall(f"{ATOM}category"))
        ids.append(entry.findtext(f"{ATOM}id"))
        _entry(ids[-1], found["alternate"].get("href"), entry.findtext(f"{ATOM}content"), base)
        assert _rfc3339(entry.findtext(f"{ATOM}published")) <= _rfc3339(entry.findtext(f"{ATOM}updated")) <= newest
        if "enclosure" in found:
            picture = found["enclosure"]
            _picture(picture.get("href"), int(picture.get("length")), picture.get("type"), files, base)
            assert entry.find(MEDIA).get("url") == picture.get("href")
    for one in root.iter(DELETED):
        assert _rfc3339(one.get("when")) <= newest
        ids.append(one.get("ref"))
    _unique(ids)


def _json_feed(path: str, data: bytes, files: dict[str, bytes], base: str) -> None:
    feed = json.loads(data)
    Draft202012Validator(JSON_FEED, format_checker=FormatChecker()).validate(feed)
    assert feed["feed_url"] == base + path
    assert "next_url" not in feed or feed["next_url"].removeprefix(base) in files
    for item in feed["items"]:
        _entry(item["id"], item["url"], item["content_html"], base)
        for one in item.get("attachments", ()):
            assert item["image"] == one["url"]
            _picture(one["url"], one["size_in_bytes"], one["mime_type"], files, base)
    _unique(item["id"] for item in feed["items"])


def _links(links: list[Any], path: str, files: dict[str, bytes], base: str, archive: bool, ending: str) -> None:  # noqa: FBT001, PLR0913, PLR0917
    """Self is right, and every document of the history that is named is there (RFC 5005)."""
    found = {one.get("rel"): one.get("href") for one in links}
    assert len(found) == len(links)
    assert set(found) <= RELATIONS
    media_type = "application/atom+xml" if path.rpartition("/")[2].startswith("atom") else "application/rss+xml"
    assert all(one.get("type") == media_type for one in links if one.get("rel") != "hub")
    assert not any((one.text or "").strip() or len(one) for one in links)
    parent = links[0].getparent()
    complete, oldest = parent.find(f"{HISTORY}complete") is not None, path.rpartition("/")[2].partition(".")[0].endswith("-1")
    assert ("prev-archive" in found) == (not complete and not oldest), "a history is whole, or has more behind it"
    assert not (complete and archive)
    assert found["self"] == base + path
    assert ("current" in found) == archive
    for rel in ("prev-archive", "current"):
        assert rel not in found or (found[rel].removeprefix(base) in files and found[rel].endswith(ending))


def _entry(id_: str, link: str, content: str, base: str) -> None:
    assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:guong/[a-z0-9-]+", id_)
    assert link.startswith(base)
    assert id_ != link
    _content(content)


@lru_cache(maxsize=4096)
def _content(content: str) -> None:
    """The same text stands in a dozen documents."""
    assert not DAMAGED.search(content)
    tree = _html(content)
    for element in tree.iterdescendants():
        assert element.tag in ELEMENTS
        for name, value in element.attrib.items():
            assert name in ATTRIBUTES
            if name in {"href", "src"}:
                assert urlsplit(value).scheme in {"http", "https", "mailto", "tel"}, value


@lru_cache(maxsize=4096)
def _html(text: str) -> Any:
    """What a strict HTML parser takes without complaint."""
    html5lib.HTMLParser(strict=True).parseFragment(text)
    return html.fragment_fromstring(text, create_parent="div")


def _unmarked(data: bytes, channel: Any) -> None:
    """Plain text that looks like markup is written by numbers of characters: nobody then takes it for HTML (RSS profile)."""
    for one in channel.iter("title", "category", "copyright", "generator"):
        text = one.text or ""
        if re.search(r"</\w+>|&#?\w+|<[/a-zA-Z]", text):
            written = text.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&gt;")
            assert f">{written}</{one.tag}>".encode() in data, text


def _picture(url: str, length: int, media_type: str, files: dict[str, bytes], base: str) -> None:
    assert (len(files[url.removeprefix(base)]), "image/webp") == (length, media_type)


def _plain(*texts: str) -> None:
    assert all(text.strip() for text in texts)


def _only_once(parent: Any, known: set[str], many: set[str]) -> None:
    names = [one.tag for one in parent]
    assert set(names) <= known, set(names) - known
    assert all(names.count(name) == 1 for name in set(names) - many)


def _unique(ids: Any) -> None:
    found = list(ids)
    assert len(found) == len(set(found))


def _rfc822(text: str) -> dt.datetime:
    assert re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} 00:00:00 \+0000", text), text
    moment = parsedate_to_datetime(text)
    assert moment >= PLAUSIBLE
    assert moment.strftime("%a") == text[:3]
    return moment


def _rfc3339(text: str) -> dt.datetime:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", text), text
    moment = dt.datetime.fromisoformat(text)
    assert moment >= PLAUSIBLE
    return moment
