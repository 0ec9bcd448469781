"""Strict checks of feed documents, of our own: what the specifications demand, and what validators warn of."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

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
    listed = [one.get("xmlUrl", "").removeprefix(base) for one in outlines]
    assert sorted(listed) == sorted(path for path in files if re.search(r"(^|/)(feed\.xml|atom\.xml|feed\.json)$", path))


def _tree(data: bytes) -> Any:
    root = etree.fromstring(data, PARSER)
    assert unicodedata.is_normalized("NFC", data.decode())
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/css" href="')
    return root


def _rss(path: str, data: bytes, files: dict[str, bytes], base: str) -> None:
    root = _tree(data)
    assert (root.tag, root.get("version"), len(root)) == ("rss", "2.0", 1)
    channel = root[0]
    _only_once(channel, CHANNEL, many={"item", f"{ATOM}link"})
    assert {"title", "link", "description", "language"} <= {one.tag for one in channel}
    _links(channel.findall(f"{ATOM}link"), path, files, base, channel.find(f"{HISTORY}archive") is not None, ".xml")
    _plain(channel.findtext("title"), channel.findtext("description"))
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
        assert item.findtext("description").strip()
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
        ids.append(entry.findtext(f"{ATOM}id"))
        _entry(ids[-1], found["alternate"].get("href"), entry.findtext(f"{ATOM}content"), base)
        assert _rfc3339(entry.findtext(f"{ATOM}published")) <= _rfc3339(entry.findtext(f"{ATOM}updated")) <= newest
        if "enclosure" in found:
            picture = found["enclosure"]
            _picture(picture.get("href"), int(picture.get("length")), picture.get("type"), files, base)
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
    assert found["self"] == base + path
    assert ("current" in found) == archive
    for rel in ("prev-archive", "current"):
        assert rel not in found or (found[rel].removeprefix(base) in files and found[rel].endswith(ending))


def _entry(id_: str, link: str, content: str, base: str) -> None:
    assert re.fullmatch(r"tag:[a-z0-9.-]+,\d{4}(-\d\d){0,2}:guong/[a-z0-9-]+", id_)
    assert link.startswith(base)
    assert id_ != link
    tree = html.fragment_fromstring(content, create_parent="div")
    for element in tree.iter():
        assert element.tag not in {"script", "style", "iframe", "form", "object"}
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            if name in {"href", "src"} and not value.startswith(("#", "mailto:", "tel:")):
                assert urlsplit(value).scheme in {"http", "https"}, value


def _picture(url: str, length: int, media_type: str, files: dict[str, bytes], base: str) -> None:
    assert (len(files[url.removeprefix(base)]), "image/webp") == (length, media_type)


def _plain(*texts: str) -> None:
    assert all(text.strip() and not re.search(r"&\w+;|<[a-z/]", text) for text in texts)


def _only_once(parent: Any, known: set[str], many: set[str]) -> None:
    names = [one.tag for one in parent]
    assert set(names) <= known, set(names) - known
    assert all(names.count(name) == 1 for name in set(names) - many)


def _unique(ids: Any) -> None:
    found = list(ids)
    assert len(found) == len(set(found))


def _rfc822(text: str) -> dt.datetime:
    assert re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d [A-Z][a-z]{2} \d{4} 00:00:00 \+0000", text), text
    return parsedate_to_datetime(text)


def _rfc3339(text: str) -> dt.datetime:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT00:00:00Z", text), text
    return dt.datetime.fromisoformat(text)
