"""RSS as a contract: what must hold of every document, whatever the stories hold."""

from __future__ import annotations

import datetime as dt
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exemplars.feeds import WINDOW, Entry, Feed, feeds, rss
from exemplars.listing import Shelf
from exemplars.model import Approval, Settings
from exemplars.pages import Context
from exemplars.rendering import Body

SETTINGS = Settings(site_name="Gương & sáng", site_url="https://p.example/g/", tag="p.example,2020", description="Mô tả", publisher="Sở")
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
# what reading lets through: no controls, no code points that XML forbids
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=60).filter(
    str.strip
)


def entry(title: str = "Tên", summary: str = "Tóm tắt", **changed: object) -> Entry:
    given_ = {
        "id": "tag:p.example,2020:guong/x", "title": title, "summary": summary, "address": "guong/2020/x/", "published": dt.date(2020, 6, 9),
        "updated": dt.date(2020, 7, 1), "authors": ("Phòng A", "Phòng B"), "categories": (("Lao động & sản xuất", "linh-vuc/x/"),), "body": Body("x"),
        "sample": False,
    }  # fmt: skip
    return Entry(**{**given_, **changed})  # type: ignore[arg-type]


def made(*entries: Entry, html: str = "<p>Thân</p>", **changed: object) -> ElementTree.Element:
    given_ = {
        "address": "feed.xml", "home": "", "id": "tag:p.example,2020:site", "title": "Gương & sáng", "description": "Mô tả",
        "updated": max((one.updated for one in entries), default=dt.date(2020, 1, 1)), "entries": entries,
    }  # fmt: skip
    data = rss(Feed(**{**given_, **changed}), {one.id: html for one in entries}, {}, SETTINGS)  # type: ignore[arg-type]
    channel = ElementTree.fromstring(data).find("channel")
    assert channel is not None
    return channel


@settings(max_examples=60, deadline=None, derandomize=True)
@given(title=TEXT, summary=TEXT, html=TEXT)
def test_always_well_formed_and_read_back(title: str, summary: str, html: str) -> None:
    item = made(entry(title, summary), html=html).find("item")
    assert item is not None
    assert item.findtext("title") == title
    assert item.findtext("description") == summary
    assert item.findtext(CONTENT) == html


@pytest.mark.parametrize("text", ["]]>", "<b>đậm</b>", "&amp;", "Đ" * 300, "😀 thật", 'nháy "kép"'])
def test_titles_are_escaped_once(text: str) -> None:
    assert made(entry(text), html=text).findtext("item/title") == text


def test_dates_authors_categories_guid() -> None:
    channel = made(entry())
    item = channel.find("item")
    assert item is not None
    assert item.findtext("pubDate") == "Tue, 09 Jun 2020 00:00:00 +0000"
    assert channel.findtext("lastBuildDate") == "Wed, 01 Jul 2020 00:00:00 +0000"
    assert [author.text for author in item.findall("{http://purl.org/dc/elements/1.1/}creator")] == ["Phòng A", "Phòng B"]
    category, guid = item.find("category"), item.find("guid")
    assert category is not None
    assert guid is not None
    assert (category.text, category.get("domain")) == ("Lao động & sản xuất", "https://p.example/g/linh-vuc/x/")
    assert (guid.text, guid.get("isPermaLink")) == ("tag:p.example,2020:guong/x", "false")


def test_an_empty_feed_has_a_date_of_its_own() -> None:
    assert made(updated=dt.date(2018, 2, 7)).findtext("lastBuildDate") == "Wed, 07 Feb 2018 00:00:00 +0000"


def test_window_order_and_ids(a_story, a_site) -> None:
    stories = []
    for n in range(WINDOW + 10):
        day = dt.date(2020, 1, 1) + dt.timedelta(days=n)
        given_ = {"path": f"stories/2020/s{n:03}/index.md", "id": f"2020-s{n:03}", "date": day}
        story = a_story(**given_)
        stories.append(a_story(**given_, approval=Approval("HĐ", "1", day, ("A1",), ("TK",), story.text_sha256)))
    whole, campaign = feeds(Context(Shelf(a_site(*stories)), SETTINGS, {}))
    assert len(whole.entries) == WINDOW
    assert [one.id for one in whole.entries[:2]] == ["tag:p.example,2020:guong/2020-s059", "tag:p.example,2020:guong/2020-s058"]
    assert whole.updated == dt.date(2020, 2, 29)
    assert campaign.address == "phong-trao/lao-dong-gioi/feed.xml"
    assert campaign.entries == whole.entries
