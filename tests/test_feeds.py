"""Feeds as a contract: what must hold of every document, whatever the stories hold."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import replace
from html import escape, unescape
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import etree

import feed_rules
from exemplars import feeds
from exemplars.feeds import Enclosure, Item
from exemplars.feeds.exchange import json_item
from exemplars.feeds.syndication import Moulds, Telling, by_feedgen, entries, whole_html
from exemplars.model import Correction, Settings, Withdrawal
from feedsite import DAY, TAG, FeedSite, many

SETTINGS = Settings(site_name="Gương & sáng", site_url="https://p.example/g/", tag=TAG, description="Mô tả", publisher="Sở")
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
FEED = re.compile(r"(^|/)(feed|atom|stories)(-\d+)?\.(xml|json)$")
# what reading lets through: no controls, no code points that XML forbids
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffe\uffff"), min_size=1, max_size=60).filter(
    str.strip
)


def told(title: str = "Tên", summary: str = "Tóm tắt", text: str = "<p>Thân</p>") -> Telling:
    item = Item(
        "tag:p.example,2020:guong/x", title, summary, "guong/2020/x/", DAY, dt.date(2020, 7, 1), ("Phòng A", "Phòng B"), "Phòng A",
        (("Lao động & sản xuất", "linh-vuc/x/"),), sample=False, row=(("awards", ()),),
    )  # fmt: skip
    return Telling(item, whole_html(item, text, SETTINGS), 0)


def parsed(one: Telling) -> tuple[etree._Element, etree._Element]:
    rss, atom = entries(one, SETTINGS, Moulds())
    return read_back(rss.decode(), atom.decode())


def read_back(rss: str, atom: str) -> tuple[etree._Element, etree._Element]:
    return (
        etree.fromstring(f"<x {SPACES}>{rss}</x>")[0],
        etree.fromstring(f'<x {SPACES} xmlns="http://www.w3.org/2005/Atom">{atom}</x>')[0],
    )


@settings(max_examples=80, deadline=None, derandomize=True)
@given(title=TEXT, summary=TEXT, text=TEXT)
def test_always_well_formed_and_read_back(title: str, summary: str, text: str) -> None:
    given_ = told(title, summary, text)
    rss, atom = parsed(given_)
    assert (rss.findtext("title"), unescape(rss.findtext("description")), rss.findtext(feed_rules.CONTENT)) == (title, summary, text)
    assert [atom.findtext(feed_rules.ATOM + name) for name in ("title", "summary", "content")] == [title, summary, text]
    assert json.loads(json_item(given_, SETTINGS))["content_html"] == text


@pytest.mark.parametrize("text", ["]]>", "<b>đậm</b>", "&amp;", "Đ" * 300, "😀 thật", 'nháy "kép"', "<item>", "-"])
def test_texts_are_escaped_once(text: str) -> None:
    rss, atom = parsed(told(text, text, text))
    assert {rss.findtext(name) for name in ("title", feed_rules.CONTENT)} == {text}
    assert rss.findtext("description") == escape(text, quote=False), "where RSS says HTML, the summary is that"
    assert {atom.findtext(feed_rules.ATOM + name) for name in ("title", "summary", "content")} == {text}


@pytest.mark.parametrize(
    "character", ["\x00", "\x08", "\x0b", "\x1f", "\x81", "\x9f", "\ufffd", "\ufffe", "\uffff", chr(0xD800)], ids=ascii
)
def test_a_character_that_xml_forbids_or_readers_take_for_damage_leaves_the_text(character: str) -> None:
    """`&#11;` in a text is no fault that reading can see; HTML has it, XML may not."""
    rss, _ = parsed(told(text=f"<p>một{character}hai</p>"))
    assert rss.findtext(feed_rules.CONTENT) == "<p>mộthai</p>"


@pytest.mark.parametrize("text", ["Giá £5 « 10 » ﬁ", "「ｆｕｌｌ」", "😀"])
def test_characters_beside_those_stay(text: str) -> None:
    rss, _ = parsed(told(text=f"<p>{text}</p>"))
    assert rss.findtext(feed_rules.CONTENT) == f"<p>{text}</p>"


def test_a_link_to_a_heading_leads_to_the_page() -> None:
    rss, _ = parsed(told(text='<p><a title="b" href="#muc-viec-lam">xem</a>, gõ <code>href="#x"</code></p>'))
    assert rss.findtext(feed_rules.CONTENT) == (
        '<p><a title="b" href="https://p.example/g/guong/2020/x/#muc-viec-lam">xem</a>, gõ <code>href="#x"</code></p>'
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(texts=st.lists(TEXT, min_size=8, max_size=8), authors=st.integers(1, 3), lists=st.integers(0, 3), picture=st.booleans())
def test_a_mould_gives_what_feedgen_itself_gives(texts: list[str], authors: int, lists: int, *, picture: bool) -> None:
    """The same document, however its characters are written."""
    item = told().item._replace(
        title=texts[0], summary=texts[1], unit=texts[2], authors=tuple(texts[3 : 3 + authors]),
        categories=tuple((text, f"loai/{n}/") for n, text in enumerate(texts[5 : 5 + lists])),
        enclosure=Enclosure("guong/2020/x/anh.webp", 640, 480, "a" * 64, "anh.jpg", "") if picture else None,
    )  # fmt: skip
    html = "<p>Thân & bài</p>"
    theirs = by_feedgen(item, escape(item.summary, quote=False), html, "1234", SETTINGS)
    ours = entries(Telling(item, html.encode(), 1234), SETTINGS, Moulds())
    for one, other in zip(read_back(*(xml.decode() for xml in ours)), read_back(*theirs), strict=True):
        assert etree.tostring(one, method="c14n") == etree.tostring(other, method="c14n")


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\ufffe", "\ud800"], ids=ascii)
def test_in_a_title_it_is_an_error_that_names_the_story(character: str) -> None:
    with pytest.raises(ValueError, match=r"tag:p\.example,2020:guong/x"):
        entries(told(f"Tên{character}"), SETTINGS, Moulds())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, a_story, a_site) -> FeedSite:
    made = many(FeedSite(tmp_path_factory.mktemp("nguon"), a_story, a_site), 520)
    made.stories["bai-100"]["withdrawn"] = Withdrawal(DAY + dt.timedelta(days=500), "error", "Đăng nhầm")
    made.publish()
    return made


@pytest.fixture(scope="module")
def files(site: FeedSite) -> dict[str, bytes]:
    return {path.relative_to(site.out).as_posix(): path.read_bytes() for path in sorted(site.out.rglob("*")) if path.is_file()}


def test_every_document_keeps_every_rule(site: FeedSite, files: dict[str, bytes]) -> None:
    documents = [path for path in files if FEED.search(path)]
    homes = {path.rpartition("/")[0] for path in documents}
    assert homes == {"", "phong-trao/lao-dong-gioi", "don-vi/so", "don-vi/trung-tam", "linh-vuc/cong-tac", "loai/nguoi-tot-viec-tot"}
    for path in documents:
        feed_rules.check(path, files[path], files, site.url)
    feed_rules.opml(files["feeds.opml"], files, site.url)


def test_the_history_is_whole_in_every_format(site: FeedSite, files: dict[str, bytes]) -> None:
    shown = {f"tag:{TAG}:guong/{story.id}" for story in site.site().stories if not story.withdrawn}
    for name in ("feed.xml", "atom.xml", "feed.json", "phong-trao/lao-dong-gioi/atom.xml"):
        found, at = [], name
        while at:
            ids, at = _read(files[at], site.url)
            found.append(ids)
        assert len(found) == 11, "the subscription document and ten archives"
        assert len(found[0]) == 50
        assert set().union(*found) == shown
        assert not any(set(one) & set(other) for one, other in pairwise(found[1:]))


def _read(data: bytes, base: str) -> tuple[list[str], str]:
    if data.startswith(b"{"):
        feed = json.loads(data)
        return [one["id"] for one in feed["items"]], feed.get("next_url", "").removeprefix(base)
    root = etree.fromstring(data)
    ids = [one.text for one in (*root.iter("guid"), *root.iterfind(f"{feed_rules.ATOM}entry/{feed_rules.ATOM}id"))]
    older = [one.get("href") for one in root.iter(f"{feed_rules.ATOM}link") if one.get("rel") == "prev-archive"]
    return ids, older[0].removeprefix(base) if older else ""


def test_stories_json_and_its_parts_hold_every_story(files: dict[str, bytes], site: FeedSite) -> None:
    listed = json.loads(files["stories.json"])
    found = {one["id"] for one in listed["stories"]}
    (part,) = listed["older"]
    older = json.loads(files[part["url"].removeprefix(site.url)])["stories"]
    assert part["count"] == len(older) == 499, "one of the first 500 was withdrawn"
    assert part["sha256"] == hashlib.sha256("\n".join(one["sha256"] for one in older).encode()).hexdigest()
    assert len(found) >= 50, "a frame or a widget needs the newest only"
    assert found | {one["id"] for one in older} == {story.id for story in site.site().stories if not story.withdrawn}
    assert [one["id"] for one in listed["withdrawn"]] == ["2020-bai-100"]


@pytest.mark.parametrize("member", ["withdrawn", "older", "labels", "feeds"])
def test_the_schema_tells_a_wrong_head_from_a_part(member: str, files: dict[str, bytes]) -> None:
    schema, said = json.loads(files["stories.schema.json"]), json.loads(files["stories.json"])
    assert Draft202012Validator(schema).is_valid(said)
    assert not Draft202012Validator(schema).is_valid(said | {member: "rác"})
    del said[member]
    assert not Draft202012Validator(schema).is_valid(said)


def test_a_small_feed_is_complete_and_an_empty_one_has_a_day(files: dict[str, bytes]) -> None:
    root = etree.fromstring(files["don-vi/so/atom.xml"])
    assert root.find(f"{feed_rules.HISTORY}complete") is not None
    assert root.findtext(f"{feed_rules.ATOM}updated") == "2000-01-01T00:00:00Z"
    assert etree.fromstring(files["atom.xml"]).find(f"{feed_rules.HISTORY}complete") is None


def test_formats_agree(files: dict[str, bytes], site: FeedSite) -> None:
    read = [_read(files[name], site.url)[0] for name in ("feed.xml", "atom.xml", "feed.json")]
    assert read[0] == read[1] == read[2]


def test_the_content_hash_moves_with_text_photo_and_members_only(site: FeedSite, tmp_path: Path, a_story, a_site) -> None:
    def hashes(made: FeedSite) -> dict[str, str]:
        made.publish()
        return {one["id"]: one["sha256"] for one in json.loads((made.out / "stories.json").read_bytes())["stories"]}

    made = many(FeedSite(tmp_path, a_story, a_site), 12)
    before = hashes(made)
    made.stories["bai-003"]["body"] = "\n## Hoàn cảnh\n\nHai lần sửa trong một ngày vẫn nhận ra.\n"
    made.stories["bai-004"]["campaigns"] = ()
    after = hashes(made)
    assert {id_ for id_ in before if before[id_] != after[id_]} == {"2020-bai-003", "2020-bai-004"}


def test_documents_stay_small(files: dict[str, bytes]) -> None:
    assert max(len(data) for path, data in files.items() if FEED.search(path) and "stories" not in path) <= 500_000


def test_the_stylesheet_and_the_script_are_as_promised() -> None:
    assets = Path(__file__).resolve().parent.parent / "hooks/theme/assets"
    script = (assets / "embed.js").read_text(encoding="utf-8")
    assert len(script.encode()) <= 3000
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|\.html\(", script)
    assert "@import" not in (assets / "feed.css").read_text(encoding="utf-8")


def test_an_editorial_correction_moves_the_day_of_the_last_change(a_story, a_site, tmp_path: Path) -> None:
    """Readers who hold the old text are told, though the front matter names no `updated`."""
    site = FeedSite(tmp_path, a_story, a_site)
    site.add("mot", date=DAY)
    story = site.site().stories[0]
    corrected = replace(story, approval=replace(story.approval, correction=Correction(DAY.replace(month=12), "Văn phòng", "Sửa tên xã")))
    before, after = (next(feeds.documents(site.context(a_site(one)))) for one in (story, corrected))
    assert (before.updated, before.entries[0].item.updated) == (DAY, DAY)
    assert (after.updated, after.entries[0].item.updated) == (DAY.replace(month=12), DAY.replace(month=12))
    assert after.entries[0].item.published == DAY
