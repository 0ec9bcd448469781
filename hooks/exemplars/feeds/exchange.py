"""Documents → JSON Feed 1.1 and `stories.json`, and the list of all feeds as OPML 2.0.

`stories.json` is what a portal that copies stories reads: with it alone it knows what to add, to change and to remove.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from exemplars.feeds.syndication import PICTURE
from exemplars.pages.topics import FEEDS, feed_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exemplars.feeds import Document
    from exemplars.feeds.syndication import Telling
    from exemplars.model import Settings
    from exemplars.pages.topics import Topic

STORIES_VERSION = 1  # added members keep it; anything else raises it
SCHEMA = "stories.schema.json"
OPML = "feeds.opml"
JSON_ESCAPES = ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n"), (b"\r", b"\\r"), (b"\t", b"\\t"))  # no other control is left in a text
KINDS = ("error", "consolidated", "withdrawn")


def json_item(told: Telling, settings: Settings) -> bytes:
    """An item of JSON Feed 1.1."""
    item, at = told.item, settings.site_url
    before = {"id": item.id, "url": at + item.address, "title": item.title, "summary": item.summary or item.title}
    said: dict[str, Any] = {
        "date_published": f"{item.published}T00:00:00Z", "date_modified": f"{item.updated}T00:00:00Z",
        "authors": [{"name": name} for name in item.authors], "tags": [label for label, _ in item.categories], "language": "vi",
    }  # fmt: skip
    if item.enclosure:
        src = at + item.enclosure.src
        said["image"] = src
        said["attachments"] = [{"url": src, "mime_type": PICTURE, "size_in_bytes": told.length}]
    html = told.html
    for character, written in JSON_ESCAPES:
        html = html.replace(character, written)
    return b"".join([_bytes(before)[:-1], b', "content_html": "', html, b'", ', _bytes(said)[1:]])


def row(told: Telling, digest: str, settings: Settings) -> bytes:
    """A story in `stories.json`. `sha256` changes exactly when something that feeds say of it does."""
    item, at = told.item, settings.site_url
    more = dict(item.row)
    picture = item.enclosure
    image = picture and {
        "url": at + picture.src, "type": PICTURE, "bytes": told.length, "width": picture.width, "height": picture.height, "alt": picture.alt,
    }  # fmt: skip
    awards = [dict(zip(("type", "number", "date", "authority"), award, strict=True)) for award in more.pop("awards")]
    return _bytes({
        "id": more.pop("id"), "guid": item.id, "url": at + item.address, "title": item.title, "summary": item.summary,
        "date": item.published.isoformat(), "updated": item.updated.isoformat(), "sha256": digest, "image": image,
        "authors": list(item.authors), **more, "awards": awards, "sample": item.sample,
    })  # fmt: skip


def json_feed(document: Document, items: Iterable[bytes], settings: Settings) -> bytes:
    """A JSON Feed 1.1 document; `next_url` leads to older entries."""
    at = settings.site_url
    said: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1", "title": document.title, "home_page_url": at + document.home,
        "feed_url": at + document.address, "description": document.about or document.title, "language": "vi",
        "authors": [{"name": settings.publisher or settings.site_name}],
    }  # fmt: skip
    if document.older:
        said["next_url"] = at + document.older
    if settings.hub and not document.archive:
        said["hubs"] = [{"type": "WebSub", "url": settings.hub}]
    return _with(said, "items", items)


def stories(document: Document, rows: Iterable[bytes], settings: Settings) -> bytes:
    """`stories.json`, or a closed part of it, which holds older stories only."""
    at = settings.site_url
    extra: Mapping[str, Any] = dict(document.extra)
    said: dict[str, Any] = {
        "version": STORIES_VERSION, "schema": at + SCHEMA, "title": document.title, "home_page_url": at + document.home,
        "url": at + document.address, "current": f"{at}{document.home}stories.json", "language": "vi", "updated": document.updated.isoformat(),
    }  # fmt: skip
    if not document.archive:
        parts = [{"url": at + address, "count": count, "sha256": digest} for address, count, digest in extra["parts"]]
        feeds = [{"type": FEEDS[form].media_type, "url": at + address} for form, address in extra["feeds"]]
        said |= {"older": parts, "feeds": feeds, "labels": {name: dict(rows) for name, rows in extra["labels"]}}
        said["withdrawn"] = [
            {
                "id": one.story, "guid": one.id, "url": at + one.address, "date": one.day.isoformat(), "kind": one.kind,
                "see": one.see or None,
            }
            for one in document.gone
        ]  # fmt: skip
    return _with(said, "stories", rows)


def opml(topics: Iterable[Topic], settings: Settings) -> str:
    """OPML 2.0: exactly the subscription documents that the site has; source: opml.org/spec2.opml."""
    from lxml import etree  # type: ignore[import-untyped]  # noqa: PLC0415 - most builds make no such list

    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = settings.site_name
    body = etree.SubElement(root, "body")
    for topic in topics:
        for form, feed in FEEDS.items():
            title = f"{topic.title} ({feed.label})"
            at = settings.site_url
            # readers know no outline but type="rss"; it stands for every format, and of versions the specification has RSS's only
            version = {"version": "RSS2"} if form == "rss" else {}
            etree.SubElement(
                body, "outline", text=title, title=title, type="rss", language="vi", xmlUrl=at + feed_address(topic.home, form),
                htmlUrl=at + topic.home, **version,
            )  # fmt: skip
    xml: str = etree.tostring(root, encoding="unicode", pretty_print=True)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}'


def schema() -> str:
    """The JSON Schema of `stories.json`, published beside it."""
    text, address, day = {"type": "string"}, {"type": "string", "format": "uri", "pattern": "^https?://"}, _pattern(r"^\d{4}-\d{2}-\d{2}$")
    id_, digest, count = _pattern(r"^[a-z0-9]+(-[a-z0-9]+)*$"), _pattern("^[0-9a-f]{64}$"), {"type": "integer", "minimum": 0}
    image = _object(url=address, type=_pattern("^image/"), bytes=count, width=count, height=count, alt=text)
    award = _object(type=text, number=text, date={"anyOf": [day, {"type": "null"}]}, authority=text)
    story = _object(
        id=id_, guid=_pattern("^tag:"), url=address, title=text, summary=text, date=day, updated=day, sha256=digest,
        image={"anyOf": [image, {"type": "null"}]}, authors=_list(text), kind=id_, unit=id_, field=id_, plan=id_, campaigns=_list(id_),
        criteria=_list(text), awards=_list(award), sample={"type": "boolean"},
    )  # fmt: skip
    gone = _object(
        id=id_, guid=_pattern("^tag:"), url=address, date=day, kind={"enum": list(KINDS)}, see={"anyOf": [id_, {"type": "null"}]}
    )
    table = {"type": "object", "additionalProperties": text}
    labels = _object(**dict.fromkeys(("kind", "field", "unit", "plan", "campaign", "criterion", "award"), table))
    both: dict[str, Any] = {
        "version": {"const": STORIES_VERSION}, "schema": address, "title": text, "home_page_url": address, "url": address, "current": address,
        "language": {"const": "vi"}, "updated": day, "stories": _list(story),
    }  # fmt: skip
    head = {
        "older": _list(_object(url=address, count=count, sha256=digest)),
        "feeds": _list(_object(type=text, url=address)),
        "labels": labels,
        "withdrawn": _list(gone),
    }
    says = (
        "Danh sách câu chuyện đã đăng và đã gỡ. Tài liệu chính có `withdrawn` và `older` (các phần cũ hơn); phần cũ chỉ có `stories`. "
        "sha256 của một phần là của các sha256 trong phần ấy, nối bằng dấu xuống dòng. Một bài có thể vừa ở tài liệu chính vừa ở một phần cũ. "
        "sha256 của một bài đổi khi bất cứ điều gì nguồn tin nói về bài ấy đổi, kể cả tên phong trào. "
        "Tên của tiêu chí trong `labels.criterion` ghi theo `plan`/`criterion`, ví dụ ke-hoach-2020/A1."
    )
    part = _object(**both)
    part["properties"] = both | dict.fromkeys(head, False)  # a main document whose head is wrong must not pass for a part
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "stories.json", "description": says,
             "anyOf": [_object(**both, **head), part]}  # fmt: skip
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def _object(**members: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(members), "properties": members}


def _list(of: Any) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _pattern(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


def _with(said: Mapping[str, Any], name: str, rows: Iterable[bytes]) -> bytes:
    """The members, and last a list whose rows are JSON already."""
    start = json.dumps(said, ensure_ascii=False, indent=1).removesuffix("\n}")
    found = list(rows) or [b""]
    found[0] = f'{start},\n "{name}": [\n'.encode() + found[0]
    found[-1] += b"\n ]\n}\n"
    return b",\n".join(found)


_said = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` would make an encoder for each of ten thousand rows


def _bytes(said: Any) -> bytes:
    return _said(said).encode()
