"""What a page says to machines: canonical address, Open Graph, Dublin Core, schema.org. Only facts that the page shows.

Source: ogp.me; DCMI Metadata Terms, and the six that Thông tư 24/2011/TT-BTTTT asked of every page of a state portal
(title, creator, date, description, publisher, identifier); schema.org, as JSON-LD, which is data and never run.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any

from exemplars.linking import SITE_CARD
from exemplars.renditions import SHARE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exemplars.model import Settings
    from exemplars.pages import Page

VERSION = "1"
SHARED = (SITE_CARD, *SHARE)  # the picture of a page without one of its own


def head(page: Page, settings: Settings, *, home: bool = False) -> str:
    """The elements for the head of a page.

    home  it is the home page, which is the site itself
    """
    url = settings.site_url + page.address
    data, title = page.data, page.title if not home else settings.site_name
    src, width, height = _picture(data)
    image = settings.site_url + src
    story = page.template == "story.html"
    # one element says a thing to both vocabularies where both ask for it
    rows = [
        ("DC.title", "og:title", title), ("DC.description", "og:description", page.description), ("DC.identifier", "og:url", url),
        ("", "og:type", "article" if story else "website"), ("", "og:site_name", settings.site_name),
        ("", "og:image", image), ("", "og:image:width", str(width)), ("", "og:image:height", str(height)),
    ]  # fmt: skip
    if story:
        rows += [("", "article:published_time", data["day"][1]), ("", "og:image:alt", (data["portrait"] or {}).get("alt", ""))]
    rows += [(f"DC.{name}", "", value) for name, value in _dublin(page, settings)]
    lines = [f'<link rel="canonical" href="{escape(url)}">', *(_meta(*row) for row in rows if row[2])]
    linked = list(_linked(page, title, url, image, settings, home=home))
    lines.append(_script({"@context": "https://schema.org", "@graph": linked}))
    return "\n".join(lines)


def _meta(name: str, about: str, content: str) -> str:
    both = (f' name="{name}"' if name else "") + (f' property="{about}"' if about else "")
    return f'<meta{both} content="{escape(content)}">'


def _picture(data: Mapping[str, Any]) -> tuple[str, int, int]:
    if data.get("share"):
        return data["share"], *SHARED[1:]
    portrait = data.get("portrait")
    return (portrait["src"], portrait["width"], portrait["height"]) if portrait else SHARED


def _dublin(page: Page, settings: Settings) -> Iterator[tuple[str, str]]:
    """All but title, description and identifier: six always (a page of ours shows a day only where its content has one), the
    other nine where they are known.
    """
    data, publisher = page.data, settings.publisher or settings.site_name
    authors = [name for name, _ in data.get("authors", ())] or [publisher]
    yield from (("creator", name) for name in authors)
    day = data.get("modified") or (page.modified.isoformat() if page.modified else "")
    yield "date", day
    yield "publisher", publisher
    yield "language", "vi"
    yield "format", "text/html"
    yield "type", "Text"
    if page.template == "story.html":
        facts = {label: [text for text, _ in pairs] for label, pairs in data["facts"]}
        yield from (("subject", text) for label in ("Lĩnh vực", "Thể loại", "Phong trào") for text in facts.get(label, ()))
        yield "contributor", data["approval"]["body"] if data["approval"] else ""
        yield "source", data["source"]
        yield "coverage", data["unit"]
        yield "relation", data["plan"][0] if data["plan"] else ""
        yield "rights", "Khi đăng lại, xin ghi rõ nguồn."


def _script(data: Any) -> str:
    """A data block: `<` is written so that no text can end it."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/ld+json">{written}</script>'


def _linked(page: Page, title: str, url: str, image: str, settings: Settings, *, home: bool) -> Iterator[Mapping[str, Any]]:  # noqa: PLR0913
    publisher = {"@type": "GovernmentOrganization", "name": settings.publisher or settings.site_name}
    data = page.data
    if home:
        yield {
            "@type": "WebSite", "name": settings.site_name, "url": settings.site_url, "inLanguage": "vi", "publisher": publisher,
            "description": page.description,
        }  # fmt: skip
        return
    if page.template == "story.html":
        yield _article(page, image, publisher)
    elif page.template == "events.html":
        yield from (_event(row, settings, publisher) for row in data["rows"] if row["starts"])
    else:
        kind = "CollectionPage" if "crumbs" in data else "WebPage"
        yield {"@type": kind, "name": title, "url": url, "inLanguage": "vi", "description": page.description, "publisher": publisher}
    way = [("", settings.site_name), *data.get("crumbs", ())]
    steps = [{"@type": "ListItem", "position": n, "name": name, "item": settings.site_url + at} for n, (at, name) in enumerate(way, 1)]
    here = {"@type": "ListItem", "position": len(steps) + 1, "name": data.get("here") or title}  # the page itself: no address needed
    yield {"@type": "BreadcrumbList", "itemListElement": [*steps, here]}


def _article(page: Page, image: str, publisher: Mapping[str, Any]) -> Mapping[str, Any]:
    data = page.data
    subject = data["subject"]
    about: dict[str, Any] = {}
    if subject:
        about = {"@type": "Person" if subject["person"] else "Organization", "name": subject["name"]}
        if subject["person"] and subject["role"]:
            about["jobTitle"] = subject["role"]
        awards = [title for _, rows in data["awards"] for _, title, _ in rows]
        if awards:
            about["award"] = awards
    article = {
        "@type": "NewsArticle", "headline": page.title,
        "datePublished": data["day"][1], "dateModified": data["modified"] if data["modified"] != data["day"][1] else "", "inLanguage": "vi", "image": image, "about": about,
        "author": [{"@type": "Organization" if unit else "Person", "name": name} for name, unit in data["authors"]], "publisher": publisher,
    }  # fmt: skip
    return {key: value for key, value in article.items() if value}


def _event(row: Mapping[str, Any], settings: Settings, publisher: Mapping[str, Any]) -> Mapping[str, Any]:
    name, at = row["unit"]
    told = {
        "@type": "Event", "name": row["title"], "startDate": row["starts"], "endDate": row["ends"],
        "location": {"@type": "Place", "name": row["place"], "address": row["place"]},
        "url": f"{settings.site_url}su-kien/#{row['id']}", "description": row["paragraphs"][0] if row["paragraphs"] else "",
        "organizer": {"@type": "GovernmentOrganization", "name": name, "url": settings.site_url + at} if name else publisher,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}
