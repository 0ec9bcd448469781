"""The whole site, built from a copy of the repository: what readers get, and what they never get."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import subprocess
import unicodedata
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import feedparser
import html5lib
import pytest

import feed_rules
from exemplars.approving import State, state
from exemplars.explaining import explanations
from exemplars.linking import base
from exemplars.model import Site, Story
from exemplars.reading import read_site
from exemplars.vietnamese import passages, written_date
from sites import REPOSITORY, Refs, broken_links, build, copy_repository, mkdocs_build, run, tree

SITE_URL = "https://portal.example/guong-sang/"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    root = copy_repository(tmp_path_factory.mktemp("built") / "root")
    done = build(root)
    assert done.returncode == 0, done.stderr
    return tree(root / "site")


@pytest.fixture(scope="session")
def site() -> Site:
    return read_site(REPOSITORY, dt.date(2026, 1, 1))[0]


@pytest.fixture(scope="session")
def pages(built: dict[str, bytes]) -> dict[str, str]:
    return {path: data.decode() for path, data in built.items() if path.endswith(".html")}


def _in_state(site: Site, *states: State) -> list[Story]:
    return [story for story in site.stories if state(story) in states]


# --- same bytes --------------------------------------------------------------------------------------------------------


def test_same_bytes_anywhere(built: dict[str, bytes], tmp_path: Path) -> None:
    """Another folder, zone, locale, hash seed, worker count and door; a clone without history, whose files are of today."""
    root = tmp_path / "nơi khác" / "sâu hơn"
    _shallow_clone(copy_repository(tmp_path / "kho"), root)
    done = mkdocs_build(root, TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="42")
    assert done.returncode == 0, done.stderr
    there = tree(root / "site")
    assert [path for path in built.keys() | there.keys() if built.get(path) != there.get(path)] == ["build.json"]
    stamps = [json.loads(files["build.json"]) for files in (built, there)]
    assert [name for name in stamps[0] if stamps[0][name] != stamps[1][name]] == ["commit"], "the only word of git"


def _shallow_clone(origin: Path, root: Path) -> None:
    """A clone of the last commit of two, as CI makes it."""
    own = ["-c", "user.name=a", "-c", "user.email=a@b.example", "-c", "commit.gpgsign=false"]
    steps = [["init", "-q"], [*own, "commit", "-q", "--allow-empty", "-m", "1"], ["add", "-A"], [*own, "commit", "-q", "-m", "2"]]
    for step in steps:
        subprocess.run(["git", "-C", origin, *step], check=True)
    subprocess.run(["git", "clone", "-q", "--depth", "1", origin.as_uri(), root], check=True)
    assert subprocess.run(["git", "-C", root, "rev-list", "--count", "HEAD"], check=True, capture_output=True).stdout == b"1\n"


def test_another_engine_builds_the_same_stories(built: dict[str, bytes], tmp_path: Path) -> None:
    """ProperDocs, the fork that goes on where MkDocs 1.x ends, with the same mkdocs.yml and hook."""
    root = copy_repository(tmp_path / "root")
    done = run(root, "-m", "properdocs", "build", "--strict")
    assert done.returncode == 0, done.stderr
    there = tree(root / "site")
    stories = {path for path in built.keys() | there.keys() if path.startswith("guong/")}
    assert len(stories) > 20
    assert [path for path in sorted(stories) if built.get(path) != there.get(path)] == []


CLOCK = "dt.datetime.now(VIETNAM).date()"


def test_same_bytes_another_day(built: dict[str, bytes], tmp_path: Path) -> None:
    root = copy_repository(tmp_path / "root")
    doors = root / "hooks/exemplars/doors.py"
    asking = doors.read_text()
    assert asking.count(CLOCK) == 1, "the one place where a build asks for the day"
    doors.write_text(asking.replace(CLOCK, "dt.date(2031, 5, 6)"))
    done = build(root, SOURCE_DATE_EPOCH="1900000000")
    assert done.returncode == 0, done.stderr
    assert tree(root / "site") == built


def test_nothing_changed_nothing_written(tmp_path: Path) -> None:
    root = copy_repository(tmp_path / "root", stories=("2020/sap-lai-so-truc-dem", "2020/ho-so-tra-trong-ngay"))
    shutil.rmtree(root / "content/events")  # they name other stories
    assert build(root).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*.html")}
    done = build(root)
    assert "làm mới 0, ghi 0, bỏ 0" in done.stdout
    assert {path: path.stat().st_mtime_ns for path in (root / "site").rglob("*.html")} == before
    shutil.rmtree(root / ".cache/store")
    assert "ghi 0, bỏ 0" in build(root).stdout, "without its store a build makes the same bytes again"


def test_delta_equals_cold_after_edits(tmp_path: Path) -> None:
    """A story changed, one renamed with its old address kept, one withdrawn, a unit renamed: site/ is as if built afresh."""
    root = copy_repository(tmp_path / "root")
    assert build(root).returncode == 0
    story = root / "stories/2020/sap-lai-so-truc-dem/index.md"
    story.write_text(story.read_text().replace("date: 2020-06-09", "date: 2020-06-10", 1).replace("waive:", "waive:", 1))
    approval = story.with_name("approval.yml")
    fresh = next(s for s in read_site(root, dt.date(2026, 1, 1))[0].stories if s.folder == "2020/sap-lai-so-truc-dem")
    approval.write_text(re.sub(r'text_sha256: "\w+"', f'text_sha256: "{fresh.text_sha256}"', approval.read_text()))
    (root / "stories/2020/to-may-vuon-len").rename(root / "stories/2020/to-may-hoc-nghe")
    moved = root / "stories/2020/to-may-hoc-nghe/index.md"
    moved.write_text(moved.read_text().replace("\nunit:", "\nredirect_from: [guong/2020/to-may-vuon-len/]\nunit:", 1))
    gone = root / "stories/2020/ra-soat-ho-ngheo-bang-ban-do/index.md"
    gone.write_text(gone.read_text().replace("\nunit:", "\nwithdrawn: {date: 2021-03-01, kind: error, reason: Số liệu sai.}\nunit:", 1))
    for event in (root / "content/events").glob("*.md"):
        event.write_text(
            event.read_text().replace(", 2020-ra-soat-ho-ngheo-bang-ban-do", "").replace("2020-ra-soat-ho-ngheo-bang-ban-do, ", "")
        )
    units = root / "content/data/units.yml"
    units.write_text(units.read_text().replace("name: Văn phòng Sở", "name: Văn phòng của Sở"))
    done = build(root)
    assert done.returncode == 0, done.stderr
    delta = tree(root / "site")
    shutil.rmtree(root / "site")
    shutil.rmtree(root / ".cache")
    assert build(root).returncode == 0
    cold = tree(root / "site")
    assert [path for path in cold.keys() | delta.keys() if cold.get(path) != delta.get(path)] == []
    assert b'content="0; url=../../../guong/2020/to-may-hoc-nghe/"' in cold["guong/2020/to-may-vuon-len/index.html"]
    assert "Số liệu sai." in cold["guong/2020/ra-soat-ho-ngheo-bang-ban-do/index.html"].decode()


# --- what is there ------------------------------------------------------------------------------------------------------


def test_every_link_and_asset_resolves(built: dict[str, bytes], pages: dict[str, str]) -> None:
    assert broken_links(pages, built) == []


def test_no_page_asks_a_foreign_host(built: dict[str, bytes], pages: dict[str, str]) -> None:
    for path, html in pages.items():
        refs = Refs(html)
        assert [src for src in refs.loads if urlsplit(src).netloc] == [], path
        scripts = re.findall(r"<script([^>]*)>", html)
        ours = {' type="application/ld+json"', f' src="{base(path.removesuffix("index.html"))}assets/tools.js" defer'}
        if path == "tim-kiem/index.html":
            ours.add(' type="module" src="../assets/search.js"')
        assert set(scripts) <= ours, path  # data, and one file of comforts that a page does without
        assert " style=" not in html, path
    assert not re.search(rb"url\(\s*[\"']?(?:https?:)?//|@import", built["assets/exemplars.css"])


def test_html_is_valid(pages: dict[str, str]) -> None:
    for path, html in pages.items():
        parser = html5lib.HTMLParser()
        parser.parse(html)
        assert [code for _, code, _ in parser.errors] == [], path
        assert html.count("<h1") == 1, path


def test_every_index_family_is_there(pages: dict[str, str], site: Site) -> None:
    at = {path.removesuffix("index.html") for path in pages}
    assert {"", "guong/", "phong-trao/", "don-vi/", "linh-vuc/", "loai/", "tieu-chi/", "nam/", "nhan-vat/", "van-ban/", "su-kien/"} <= at
    assert {f"don-vi/{unit.id}/" for unit in site.units} <= at
    assert {f"phong-trao/{one.id}/" for one in site.campaigns} <= at
    assert {f"linh-vuc/{one.id}/" for one in site.terms["fields"]} | {f"loai/{one.id}/" for one in site.terms["kinds"]} <= at
    assert {f"tieu-chi/ke-hoach-2020/{id_}/" for id_ in ("a1", "a7", "b3", "c2")} <= at
    assert {"nam/2020/", "nam/2021/"} <= at


def test_a_fault_is_told_where_words_say_how(pages: dict[str, str], site: Site) -> None:
    """Without a mailbox in mkdocs.yml too: the link leads to the very words."""
    for story in _in_state(site, State.APPROVED):
        assert 'href="../../../tiep-can/#bao-sai-sot">Báo sai sót</a>' in pages[f"guong/{story.folder}/index.html"]
    told = pages["tiep-can/index.html"].split('id="bao-sai-sot"')[1]
    assert "Trang chưa có hộp thư riêng. Xin gửi thư về Văn phòng của Sở Lao động" in told


def test_counts_agree(pages: dict[str, str], site: Site) -> None:
    """What a list says it holds is what it holds, and what the index says of it."""
    approved = _in_state(site, State.APPROVED)
    for unit in site.units:
        count = sum(story.unit == unit.id for story in approved)
        html = pages[f"don-vi/{unit.id}/index.html"]
        assert html.count('<li class="card">') == count
        assert (f">{count} câu chuyện<" in html) if count else ("Chưa có câu chuyện nào được biểu dương" in html)
    assert pages["guong/index.html"].count('<li class="card">') == min(24, len(approved))


def test_a_campaign_tells_how_many_stories_a_criterion_leads_to(pages: dict[str, str]) -> None:
    """Its own, and all that stand on the page behind the tile."""
    html = pages["phong-trao/lao-dong-gioi/index.html"]
    tiles = re.findall(r'<a href="(?:\.\./)*(tieu-chi/[^"]+)">[^<]+</a> <span class="count">(\d+) trong (\d+)<', html)
    assert len(tiles) > 3
    for at, own, whole in tiles:
        assert pages[f"{at}index.html"].count('<li class="card">') == int(whole) >= int(own) > 0


def test_a_page_that_is_not_there_has_a_title_of_its_own(pages: dict[str, str]) -> None:
    assert "<title>Không tìm thấy trang này · Gương sáng</title>" in pages["404.html"]


def test_people_stand_by_given_name(pages: dict[str, str], site: Site) -> None:
    names = re.findall(r'<li><a href="[^"]*guong/[^"]*">([^<]+)</a>', pages["nhan-vat/index.html"].split('class="letters"')[1])
    assert sorted(names) == sorted(story.subject.name for story in _in_state(site, State.APPROVED) if story.subject)
    assert names.index("Hộ ông Bùi Mẫu Ơn") < next(at for at, name in enumerate(names) if name.startswith("Phòng "))


def test_invented_people_are_told_apart_on_paper_too(pages: dict[str, str], site: Site) -> None:
    """A list that is printed has no notice of the site above it."""
    rows = re.findall(r"<li><a [^>]+>[^<]+</a><p>([^<]+)</p>", pages["nhan-vat/index.html"])
    assert len(rows) == sum(bool(story.subject) for story in _in_state(site, State.APPROVED))
    assert all(row.endswith(" · Bài mẫu") for row in rows)


def test_only_approved_stories_are_published(built: dict[str, bytes], site: Site) -> None:
    whole = b"\n".join(data for path, data in built.items() if path.endswith((".html", ".xml", ".json"))).decode()
    for story in site.stories:
        shown = f"guong/{story.folder}/index.html" in built
        assert shown == (state(story) in {State.APPROVED, State.WITHDRAWN}), story.id
        if state(story) is not State.APPROVED:
            assert story.title not in whole, story.id
            assert passages(story.origin.body)[0] not in whole, story.id
            assert not any(path.startswith(f"guong/{story.folder}/") and path.endswith(".webp") for path in built), story.id


def test_withdrawn_says_so_and_no_more(pages: dict[str, str], site: Site) -> None:
    notice = pages["guong/2020/xe-lan-tu-xe-dap-cu/index.html"]
    assert "Bài đăng ở địa chỉ này đã được gỡ vì có sai sót." in notice
    assert "20/11/2020" in notice
    assert '<meta name="robots" content="noindex">' in notice
    assert "Tạ Mẫu" not in notice
    assert 'url=../../../guong/2020/ho-so-tra-trong-ngay/"' in pages["guong/2020/mot-cua-chieu-thu-sau/index.html"]


def test_a_criterion_kept_private_leaves_no_trace(built: dict[str, bytes], site: Site) -> None:
    assert any(claim.id == "C1" for story in _in_state(site, State.APPROVED) for claim in story.criteria), "no sample claims it"
    for path, data in built.items():
        if path.endswith((".html", ".xml")):
            assert "/c1/" not in data.decode(), path
            assert "yếu kém" not in data.decode(), path


def test_story_page_shows_the_four_facts_apart(pages: dict[str, str]) -> None:
    html = pages["guong/2020/sap-lai-so-truc-dem/index.html"]
    facts = re.findall(r'<p class="four">(.*?)</p>', html.replace("\xa0", " "))
    assert len(facts) == 7, "one line a criterion, never one badge for all"
    for fact in ("✓ Đã khai", "✓ Có dẫn chứng", "✓ Đã đối chiếu: Văn phòng Sở", "– Chưa đối chiếu", "✓ Hội đồng thông qua"):
        assert any(fact in told for told in facts), fact
    assert "Bài mẫu: nhân vật và số liệu là hư cấu." in html
    assert "%" not in re.sub(r"<[^>]+>", "", html.split('id="vi-sao"')[1].split("</section>")[0]), "no score of what is fulfilled"


def test_a_page_names_a_unit_and_writes_a_percentage_one_way(pages: dict[str, str], site: Site) -> None:
    """In «Chặng đường» as in «Đã nhân rộng»; «96%» never with a space that a line could break at."""
    followed = 0
    for story in _in_state(site, State.APPROVED):
        html = pages[f"guong/{story.folder}/index.html"]
        assert not re.search(r"\d(</strong>)?\s%", html), story.id
        for name in re.findall(r">([^<>]+)</a>", html.partition('id="nhan-rong"')[2].partition("</ul>")[0]):
            assert f">{name} làm theo</a>" in html, story.id
            followed += 1
    assert followed > 3


def test_minutes_of_one_number_are_of_one_day(site: Site) -> None:
    approvals = {(story.approval.minutes, story.approval.date) for story in site.stories if story.approval and story.approval.date}
    assert len({(minutes, day.year) for minutes, day in approvals}) == len(approvals)


def test_the_four_facts_are_explained_a_tap_away(pages: dict[str, str], site: Site) -> None:
    for story in _in_state(site, State.APPROVED):
        assert '/gioi-thieu/#bon-su-viec-tach-rieng">Bốn dấu này nghĩa là gì?</a>' in pages[f"guong/{story.folder}/index.html"]


def test_a_caption_belongs_to_its_picture(pages: dict[str, str]) -> None:
    html = pages["guong/2020/hai-muoi-nam-xe-cuu-tro/index.html"]
    figures = re.findall(r"<figure[^>]*><img[^>]+><figcaption>([^<]+)</figcaption></figure>", html)
    assert figures == ["Một chuyến hàng về xã. (Tranh minh họa)", "Cuốn sổ hành trình thứ mười một. (Tranh minh họa)"]


def test_every_claim_leads_to_its_passage(pages: dict[str, str], site: Site) -> None:
    for story in _in_state(site, State.APPROVED):
        html = pages[f"guong/{story.folder}/index.html"]
        for claim in story.criteria if (plan := site.plan_of(story)) else ():
            criterion = plan.criterion(claim.id)
            for n, quote in enumerate(claim.quote if criterion and criterion.public else (), 1):
                anchor = f"trich-{claim.id.lower()}" + (f"-{n}" if n > 1 else "")
                assert f'<a href="#{anchor}">' in html, (story.id, anchor)
                marked = re.search(rf'<mark id="{anchor}">(.*?)</mark>', html, re.DOTALL)
                assert marked, (story.id, anchor)
                assert _words(unescape(marked[1]))[0].lower() == _words(quote)[0].lower()


def test_no_dead_end(pages: dict[str, str]) -> None:
    """From an empty list there is a way on, and every page but the home page says where one is."""
    for path, html in pages.items():
        main = html.split("<main")[1].split("</main>")[0]
        assert "<a " in main, path
        if path not in {"index.html", "404.html"} and "noindex" not in html:
            assert 'class="crumbs"' in main, path


def test_dates_are_written_as_the_decree_says(pages: dict[str, str]) -> None:
    for path, html in pages.items():
        found = re.findall(r'<time datetime="([^"]+)">([^<]+)</time>', html)
        assert len(found) == html.count("<time"), path
        assert found or not re.match("guong/2", path) or "noindex" in html, f"{path}: no day is told"
        for iso, shown in found:
            assert shown == written_date(dt.date.fromisoformat(iso)), path


def test_a_story_page_stays_small(built: dict[str, bytes]) -> None:
    assert max(len(data) for path, data in built.items() if path.startswith("guong/2") and path.endswith(".html")) <= 20_000


def test_stamp(built: dict[str, bytes], site: Site) -> None:
    stamp = json.loads(built["build.json"])
    assert stamp["stories"] == len(_in_state(site, State.APPROVED))
    assert stamp["files"] == len(built) - 1
    assert not stamp["preview"]


# --- feeds --------------------------------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


def test_feed_carries_every_approved_story_whole(built: dict[str, bytes], site: Site) -> None:
    parsed = feedparser.parse(built["feed.xml"])
    assert not parsed.bozo
    stories = {f"tag:portal.example,2020:guong/{story.id}": story for story in _in_state(site, State.APPROVED)}
    assert [entry.id for entry in parsed.entries] == [
        f"tag:portal.example,2020:guong/{s.id}" for s in sorted(stories.values(), key=lambda s: (-s.date.toordinal(), s.id))
    ]
    for entry in parsed.entries:
        story = stories[entry.id]
        assert (entry.title, entry.summary) == (story.title, story.summary)
        assert entry.link == f"{SITE_URL}guong/{story.folder}/"
        assert not entry.guidislink
        told = set(_words(re.sub(r"<[^>]+>", " ", entry.content[0].value)))
        assert {word for passage in passages(story.origin.body) for word in _words(passage)} <= told
        assert "Bài mẫu: nhân vật và số liệu là hư cấu." in entry.content[0].value
        assert entry.published.startswith(f"{story.date:%a, %d %b %Y} 00:00:00")
        assert {tag.term for tag in entry.tags} >= {site.find("units", story.unit).name}
        assert [author.name for author in entry.authors] == list(story.authors)


def test_every_feed_document_keeps_every_rule(built: dict[str, bytes]) -> None:
    documents = [path for path in built if re.search(r"(^|/)(feed|atom|stories)(-\d+)?\.(xml|json)$", path)]
    for path in documents:
        feed_rules.check(path, built[path], built, SITE_URL)
    feed_rules.opml(built["feeds.opml"], built, SITE_URL)


def test_pages_name_the_feeds_they_belong_to(pages: dict[str, str]) -> None:
    for path, html in pages.items():
        home = path.removesuffix("index.html")
        topic = re.fullmatch(r"(phong-trao|don-vi|linh-vuc|loai)/[^/]+/", home)
        told = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="(?:\.\./|\./)*([^"]*)"', html)
        types = {"feed.xml": "application/rss+xml", "atom.xml": "application/atom+xml", "feed.json": "application/feed+json"}
        if path in {"index.html", "nguon-tin/index.html", "guong/index.html"} or topic:
            wanted = [(kind, at + name) for at in ("", *([home] if topic else [])) for name, kind in types.items()]
            assert told == wanted, path


@pytest.mark.parametrize("path", ["feed.xml", "phong-trao/lao-dong-gioi/feed.xml"])
def test_feed_document(built: dict[str, bytes], path: str) -> None:
    channel = ElementTree.fromstring(built[path]).find("channel")
    assert channel is not None
    link = channel.find("link")
    assert link is not None
    assert link.text == SITE_URL + path.removesuffix("feed.xml")
    assert channel.findtext("language") == "vi"
    self = channel.find("{http://www.w3.org/2005/Atom}link")
    assert self is not None
    assert (self.get("rel"), self.get("href")) == ("self", SITE_URL + path)
    dates = [channel.findtext("lastBuildDate"), *(item.findtext("pubDate") for item in channel.iter("item"))]
    assert all(date is not None and date.endswith(" 00:00:00 +0000") for date in dates), "a day, never the clock"
    for item in channel.iter("item"):
        names = [child.tag for child in item]
        assert names.index("description") < names.index("{http://purl.org/rss/1.0/modules/content/}encoded")
        html = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or ""
        assert not re.findall(r'(?:href|src)="(?!https?:|mailto:|tel:|#)', html), "addresses are absolute"
        enclosure = item.find("enclosure")
        if enclosure is not None:
            file = built[enclosure.get("url", "").removeprefix(SITE_URL)]
            assert (enclosure.get("length"), enclosure.get("type")) == (str(len(file)), "image/webp")


def test_sitemap(built: dict[str, bytes], pages: dict[str, str]) -> None:
    urls = ElementTree.fromstring(built["sitemap.xml"])
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = {url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod") for url in urls}
    indexable = {SITE_URL + path.removesuffix("index.html") for path, html in pages.items() if "noindex" not in html and path != "404.html"}
    assert listed.keys() == indexable
    assert listed[f"{SITE_URL}guong/2020/sap-lai-so-truc-dem/"] == "2020-06-09"


# --- the rules ----------------------------------------------------------------------------------------------------------


def test_every_rule_can_be_linked_to(pages: dict[str, str]) -> None:
    html = pages["quy-tac/index.html"]
    ids = Refs(html).ids
    assert {code.lower() for code in explanations()} - ids == set()
    for one in explanations().values():
        section = html.split(f'id="{one.code.lower()}"')[1].split("</section>")[0]
        shown = re.sub(r"\s+", " ", html_text(section)).replace("`", "")
        for said in (one.title, one.wrong, one.right, one.remedy, one.clause):
            assert re.sub(r"\s+", " ", said.replace("`", "")) in shown, one.code


def html_text(html: str) -> str:
    return "".join(html5lib.parseFragment(html, namespaceHTMLElements=False).itertext())


def test_the_rules_are_kept_out_of_search(built: dict[str, bytes], pages: dict[str, str]) -> None:
    assert '<meta name="robots" content="noindex">' in pages["quy-tac/index.html"]
    assert b"quy-tac" not in built["sitemap.xml"]
