"""Real readers read every format of a site with archives: every story, every field, in every client."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from exemplars.linking import permanent, story_address
from exemplars.listing import newest_first
from feedsite import TAG, FeedSite, many, served
from readers import Newsboat, Rss2email, needs, read

DOCUMENTS = ("feed.xml", "atom.xml", "feed-1.xml", "atom-1.xml")
# what a client cannot give, by its own making; the list may not grow
LACKS = {
    "rss-parser": {"updated"}, "ruby": set(), "rome": set(), "horde": set(), "feedparser": set(), "feedsmith": set(),
    "sfeed": {"updated"}, "newsboat": {"updated", "image"}, "rss2email": {"updated", "image", "author", "date"},
}  # fmt: skip
READERS = [
    (client, document) for client in ("feedparser", "sfeed", "ruby", "horde", "rome", "rss-parser", "feedsmith") for document in DOCUMENTS
]
READERS += [("feedsmith", "feed.json"), ("feedsmith", "feed-1.json")]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, a_story, a_site) -> FeedSite:
    made = many(FeedSite(tmp_path_factory.mktemp("nguon-tin"), a_story, a_site), 61)
    made.publish()
    return made


def expected(site: FeedSite, document: str) -> list[dict[str, Any]]:
    """The 50 published last, or the first 50 in the archive; the newest first."""
    stories = newest_first(site.site().stories)
    wanted = stories[-50:] if "-1." in document else stories[:50]
    return [
        {
            "id": permanent(TAG, story.id), "title": story.title, "link": site.url + story_address(story), "date": story.date,
            "updated": story.updated or story.date, "author": story.authors[0],
            "image": f"{site.url}{story_address(story)}anh.webp" if story.photos else None,
        }
        for story in wanted
    ]  # fmt: skip


def check(client: str, document: str, found: list[dict[str, Any]], site: FeedSite) -> None:
    wanted = expected(site, document)
    assert len(found) == len(wanted)
    for one, story in zip(found, wanted, strict=True):
        assert (one["id"], one["title"], one["link"]) == (story["id"], story["title"], story["link"])
        if "date" not in LACKS[client]:
            assert day(one["date"]) == story["date"]
        if "updated" not in LACKS[client] and one.get("updated"):
            assert day(one["updated"]) == story["updated"]
        for key in ("author", "image"):
            if key not in LACKS[client]:
                assert (one.get(key) or None) == story[key]
        text = re.sub(r"\s+", " ", one["content"])
        assert "<strong>sắp lại sổ trực</strong>" in text
        assert "Đổi ca thì hai người cùng ký." in text
        assert ("<img" in text) == bool(story["image"])


def day(said: str) -> dt.date:
    if re.match(r"\w{3},", said):
        return dt.datetime.strptime(said, "%a, %d %b %Y %H:%M:%S %z").astimezone(dt.UTC).date()
    return dt.datetime.fromisoformat(said).astimezone(dt.UTC).date()


@pytest.mark.parametrize(("client", "document"), READERS)
def test_a_parser_reads_every_field(client: str, document: str, site: FeedSite) -> None:
    needs(client)
    check(client, document, read(client, site.out / document), site)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_newsboat_reads_every_field(document: str, site: FeedSite, tmp_path) -> None:
    needs("newsboat")
    with served(site.out) as home:
        found = Newsboat(tmp_path / "newsboat", home + document).reload()
    check("newsboat", document, _newest_first(found, site), site)


@pytest.mark.parametrize("document", ["feed.xml", "atom.xml"])
def test_rss2email_mails_every_story(document: str, site: FeedSite, tmp_path) -> None:
    needs("rss2email")
    with served(site.out) as home:
        found = Rss2email(tmp_path / "r2e", home + document).reload()
    check("rss2email", document, _newest_first(found, site), site)


def _newest_first(found: list[dict[str, Any]], site: FeedSite) -> list[dict[str, Any]]:
    order = {permanent(TAG, story.id): at for at, story in enumerate(newest_first(site.site().stories))}
    return sorted(found, key=lambda one: order[one["id"]])
