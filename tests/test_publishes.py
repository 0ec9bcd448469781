"""Six publishes in a row, read by readers with a memory and by a portal's mirror: nothing new that is not, nothing lost."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from lxml import etree

import mirror
from exemplars.linking import permanent
from exemplars.model import Withdrawal
from feedsite import DAY, TAG, FeedSite, many, served
from readers import Newsboat, Rss2email, needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"
DELETED = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
START = 55  # more than a subscription document holds, so that archives take part
CORRECTED = "\n## Hoàn cảnh\n\nThân bài đã sửa cho đúng.\n"


def steps(site: FeedSite) -> Iterator[tuple[str, str]]:
    """Each change as it is made, and the id it is about."""
    site.add("bai-moi", date=DAY + dt.timedelta(days=90), title="Câu chuyện mới")
    yield "add", "2020-bai-moi"
    site.stories["bai-050"] |= {"body": CORRECTED, "updated": DAY + dt.timedelta(days=91)}
    yield "correct", "2020-bai-050"
    site.stories["bai-051"] |= {"title": "Tiêu đề đã đổi", "updated": DAY + dt.timedelta(days=92)}
    yield "retitle", "2020-bai-051"
    site.stories["bai-052"] |= {"path": "stories/2020/cho-moi/index.md", "redirect_from": ("guong/2020/bai-052/",)}
    yield "move", "2020-bai-052"
    site.stories["bai-053"]["withdrawn"] = Withdrawal(DAY + dt.timedelta(days=93), "error", "Đăng nhầm")
    yield "withdraw", "2020-bai-053"
    del site.stories["bai-053"]["withdrawn"]
    yield "restore", "2020-bai-053"


@pytest.fixture
def site(tmp_path: Path, a_story, a_site) -> FeedSite:
    made = many(FeedSite(tmp_path / "trang", a_story, a_site), START)
    made.publish()
    return made


def ids(names: Any) -> set[str]:
    return {permanent(TAG, f"2020-{name}") for name in names}


@pytest.mark.parametrize("document", ["feed.xml", "atom.xml"])
@pytest.mark.parametrize(("client", "reader"), [("newsboat", Newsboat), ("rss2email", Rss2email)])
def test_readers_with_a_memory_see_each_story_once(client: str, reader: Any, document: str, site: FeedSite, tmp_path: Path) -> None:
    needs(client)
    with served(site.out) as home:
        reading = reader(tmp_path / client, home + document)
        seen = {one["id"] for one in reading.reload()}
        assert seen == ids(f"bai-{n:03}" for n in range(5, START))
        for step, about in steps(site):
            site.publish()
            found = reading.reload()
            told = [one["id"] for one in found]
            assert len(told) == len(set(told)), f"{step}: một bài hai lần"
            assert set(told) - seen == ({permanent(TAG, about)} if step == "add" else set()), step
            assert seen <= set(told), f"{step}: mất bài"
            seen = set(told)


def test_a_mirror_adds_changes_and_removes_exactly(site: FeedSite, tmp_path: Path) -> None:
    folder = tmp_path / "ban-chep"
    folder.mkdir()
    with served(site.out) as home:
        site.url = home  # a mirror follows the addresses it is given
        site.publish()
        assert len(mirror.mirror(home, folder)["added"]) == START
        for step, about in steps(site):
            site.publish()
            done = mirror.mirror(home, folder)
            wanted = {"add": "added", "withdraw": "removed", "restore": "added"}.get(step, "changed")
            assert {name: found for name, found in done.items() if found} == {wanted: [about]}, step
            held = {path.stem for path in folder.glob("*.json")}
            assert held == {story.id for story in site.site().stories if not story.withdrawn}
            assert mirror.mirror(home, folder) == {"added": [], "changed": [], "removed": [], "lost": []}
        kept = json.loads((folder / "2020-bai-050.json").read_text(encoding="utf-8"))
        assert "Thân bài đã sửa cho đúng." in kept["content_html"]


def test_a_mirror_fetches_again_what_is_damaged_and_names_only_what_it_has_written(site: FeedSite, tmp_path: Path) -> None:
    folder = tmp_path / "ban-chep"
    folder.mkdir()
    with served(site.out) as home:
        site.url = home
        site.publish()
        mirror.mirror(home, folder)
        torn = folder / "2020-bai-050.json"
        whole = torn.read_text(encoding="utf-8")
        torn.write_text(whole[: len(whole) // 2], encoding="utf-8")
        assert mirror.mirror(home, folder)["added"] == ["2020-bai-050"]
        assert torn.read_text(encoding="utf-8") == whole
        torn.unlink()
        feeds = {path: path.read_text(encoding="utf-8") for path in site.out.glob("feed*.json")}
        for path, text in feeds.items():  # as between two releases: listed already, not yet in the feed
            said = json.loads(text)
            said["items"] = [item for item in said["items"] if not item["id"].endswith("2020-bai-050")]
            path.write_text(json.dumps(said), encoding="utf-8")
        assert mirror.mirror(home, folder)["added"] == []
        assert not torn.exists()
        for path, text in feeds.items():
            path.write_text(text, encoding="utf-8")
        assert mirror.mirror(home, folder)["added"] == ["2020-bai-050"]


def test_every_withdrawal_is_told_and_updated_moves_with_the_content(site: FeedSite) -> None:
    before = _entries(site)
    for step, about in steps(site):
        site.publish()
        after, root = _entries(site), etree.parse(site.out / "atom.xml").getroot()
        moved = {one for one in before.keys() & after.keys() if before[one] != after[one]}
        assert moved == ({permanent(TAG, about)} if step in {"correct", "retitle"} else set()), step
        assert [one.get("ref") for one in root.iter(DELETED)] == ([permanent(TAG, about)] if step == "withdraw" else [])
        listed = json.loads((site.out / "stories.json").read_bytes())
        assert [one["id"] for one in listed["withdrawn"]] == ([about] if step == "withdraw" else [])
        known = {one["id"] for one in (*listed["stories"], *listed["withdrawn"])}
        assert {line.id for line in site.ledger} <= known, "no published id is in neither list"
        for name in ("feed.xml", "feed.json"):
            assert (about in (site.out / name).read_text(encoding="utf-8")) == (step != "withdraw")
        before |= after


def _entries(site: FeedSite) -> dict[str, str]:
    root = etree.parse(site.out / "atom.xml").getroot()
    return {one.findtext(f"{ATOM}id"): one.findtext(f"{ATOM}updated") for one in root.iter(f"{ATOM}entry")}


def test_archives_change_only_for_a_correction_or_a_withdrawal_in_them(site: FeedSite) -> None:
    many(site, 149)
    site.publish()
    names = [name for stem in ("feed-{}.xml", "atom-{}.xml", "feed-{}.json") for name in (stem.format(1), stem.format(2))]

    def archives() -> dict[str, tuple[bytes, int]]:
        return {name: ((site.out / name).read_bytes(), (site.out / name).stat().st_mtime_ns) for name in names}

    before = archives()
    site.add("som", date=DAY - dt.timedelta(days=900), title="Ngày sớm, đăng muộn")
    for n in range(40):
        site.add(f"them-{n:02}", date=DAY + dt.timedelta(days=400 + n))
    site.publish()
    assert archives() == before, "not even their times: a reader is answered 304"
    assert (site.out / "feed-3.xml").is_file()
    site.stories["bai-003"]["withdrawn"] = Withdrawal(DAY + dt.timedelta(days=600), "error", "Đăng nhầm")
    site.publish()
    after = archives()
    assert {name for name in names if after[name] != before[name]} == {"feed-1.xml", "atom-1.xml", "feed-1.json"}
    assert after["feed-1.xml"][0].count(b"<item>") == 49


def test_a_tombstone_stays_a_year_told_from_the_content_and_the_list_for_ever(site: FeedSite) -> None:
    site.stories["bai-053"]["withdrawn"] = Withdrawal(DAY + dt.timedelta(days=93), "withdrawn", "Theo đề nghị")
    for later, told in ((93 + 366, True), (93 + 401, False)):
        site.add("moi-nhat", date=DAY + dt.timedelta(days=later))
        site.publish()
        assert (b"deleted-entry" in (site.out / "atom.xml").read_bytes()) == told
        assert [one["id"] for one in json.loads((site.out / "stories.json").read_bytes())["withdrawn"]] == ["2020-bai-053"]
        assert b"Theo" not in (site.out / "atom.xml").read_bytes(), "the reason may speak of the person"


def test_a_publish_without_change_writes_nothing(site: FeedSite) -> None:
    assert site.publish().written == 0


def _lists(site: FeedSite, home: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """The archives of a list, and its stories.json."""
    archives = {path.name: path.read_bytes() for path in (site.out / home).glob("*-[0-9]*.*") if not path.name.startswith("stories")}
    return archives, json.loads((site.out / home / "stories.json").read_bytes())


def test_who_joins_or_leaves_a_list_moves_nobody_in_its_archives(tmp_path: Path, a_story, a_site) -> None:
    site, home = many(FeedSite(tmp_path / "trang", a_story, a_site), 120), "phong-trao/lao-dong-gioi/"
    for n in range(0, 120, 20):
        site.stories[f"bai-{n:03}"]["campaigns"] = ("nghia-tinh",)
    site.publish()
    archives, _ = _lists(site, home)
    assert archives.keys() == {f"{stem}-{n}.{end}" for stem, end in (("atom", "xml"), ("feed", "json"), ("feed", "xml")) for n in (1, 2)}
    site.stories["bai-000"]["campaigns"] = ("lao-dong-gioi", "nghia-tinh")
    site.publish()
    joined, listed = _lists(site, home)
    assert joined == archives
    assert "2020-bai-000" in {one["id"] for one in listed["stories"]}
    assert b"bai-000" in (site.out / home / "atom.xml").read_bytes(), "whoever reads only what is new hears of it"
    site.stories["bai-001"]["campaigns"] = ("nghia-tinh",)
    site.publish()
    left, listed = _lists(site, home)
    assert {name for name in archives if left[name] != archives[name]} == {"atom-1.xml", "feed-1.json", "feed-1.xml"}
    assert left.keys() == archives.keys(), "an address once given answers"
    assert "2020-bai-001" not in {one["id"] for one in (*listed["stories"], *listed["withdrawn"])}


def test_a_mirror_of_a_list_hears_of_the_withdrawal_of_a_story_that_has_left_it(site: FeedSite, tmp_path: Path) -> None:
    folder = tmp_path / "ban-chep"
    folder.mkdir()
    with served(site.out) as home:
        site.url, campaign = home, f"{home}phong-trao/lao-dong-gioi/"
        site.publish()
        mirror.mirror(campaign, folder)
        site.stories["bai-003"]["campaigns"] = ("nghia-tinh",)
        site.stories["bai-004"]["campaigns"] = ("nghia-tinh",)
        site.publish()
        site.stories["bai-003"]["withdrawn"] = Withdrawal(DAY + dt.timedelta(days=93), "withdrawn", "Rút đồng ý")
        site.publish()
        done = mirror.mirror(campaign, folder)
        assert (done["removed"], done["lost"]) == (["2020-bai-003"], ["2020-bai-004"])
    atom = etree.parse(site.out / "phong-trao/lao-dong-gioi/atom.xml").getroot()
    assert [one.get("ref") for one in atom.iter(DELETED)] == [permanent(TAG, "2020-bai-003")]


def test_what_is_corrected_or_returns_in_an_archive_is_told_to_whoever_reads_only_what_is_new(site: FeedSite) -> None:
    for name, day in (("bai-001", 95), ("bai-002", 0)):  # the second is old news
        site.stories[name] |= {"body": CORRECTED, "updated": DAY + dt.timedelta(days=day or 3)}
    site.add("bai-cuoi", date=DAY + dt.timedelta(days=150))
    site.publish()
    entries = _entries(site)
    assert permanent(TAG, "2020-bai-001") in entries
    assert permanent(TAG, "2020-bai-002") not in entries
    assert len(entries) == 50, "others of the archive make room"
    assert ids(f"bai-{n:03}" for n in range(50, START)) <= entries.keys(), "what stands in no archive stays"


def test_a_back_dated_withdrawal_is_told_so_that_it_is_believed(site: FeedSite) -> None:
    """RFC 6721, 3: a tombstone that is older than the entry says nothing."""
    site.stories["bai-053"]["withdrawn"] = Withdrawal(DAY, "error", "Đăng nhầm")
    site.publish()
    (buried,) = etree.parse(site.out / "atom.xml").getroot().iter(DELETED)
    assert buried.get("when") == f"{DAY + dt.timedelta(days=53)}T00:00:00Z"
