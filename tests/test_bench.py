"""What the bench is made of: the same corpus for every peer, verdicts, the chart, the sections of BENCHMARKS.md. No seconds, no installs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

import bench
from benching import costs, layouts, ours, peers, sections, targets
from benching.chart import chart
from benching.costs import Beyond, Failed, Limit, measured
from benching.peers import PEERS, Measuring
from benching.targets import TARGETS, At, Target, peer_table, target_table, verdict
from exemplars.listing import RELATED

REPOSITORY = Path(__file__).resolve().parent.parent
KITS = sorted(path.name for path in layouts.KITS.iterdir())
STORIES = 12
SVG = "{http://www.w3.org/2000/svg}"
LINK = re.compile(r"\]\([^)]*\)")


# ---- the same corpus for every peer


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench") / "corpus"
    subprocess.run([sys.executable, REPOSITORY / "scripts/corpus.py", folder, str(STORIES)], check=True, stdout=subprocess.DEVNULL)
    return folder


@pytest.fixture(scope="module")
def laid_out(corpus: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("layouts")
    for kit in KITS:
        layouts.lay_out(kit, corpus, folder / kit)
    return {kit: folder / kit for kit in KITS}


def stories_of(kit: str, folder: Path) -> dict[str, str]:
    """Text by slug, without where its links lead."""
    _, _, where = layouts.FORMS[kit]
    return {path.stem: LINK.sub("]()", path.read_text(encoding="utf-8")) for path in (folder / where).glob("*/*.md")}


def test_every_peer_is_laid_out() -> None:
    assert set(KITS) == set(layouts.FORMS) == {peer.kit for peer in PEERS}


@pytest.mark.parametrize("kit", KITS)
def test_a_layout_holds_the_same_stories_with_the_same_text(kit: str, corpus: Path, laid_out: dict[str, Path]) -> None:
    found = stories_of(kit, laid_out[kit])
    given = {
        path.parent.name: path.read_text(encoding="utf-8").split("\n---\n", 1)[1].strip() for path in corpus.glob("stories/*/*/index.md")
    }
    assert len(given) == STORIES
    assert found.keys() == given.keys()
    assert [slug for slug, text in given.items() if LINK.sub("]()", text) not in found[slug]] == []
    told = json.loads((laid_out[kit] / layouts.MARK).read_bytes())
    assert told["stories"] == STORIES
    assert (laid_out[kit] / told["edit"]).is_file()


@pytest.mark.parametrize("kit", KITS)
def test_a_layout_holds_title_summary_and_terms(kit: str, corpus: Path, laid_out: dict[str, Path]) -> None:
    read, (_, _, where) = layouts.read(corpus), layouts.FORMS[kit]
    for story in read.stories:
        text = (laid_out[kit] / where / str(story.year) / f"{story.slug}.md").read_text(encoding="utf-8")
        terms = [(kind, id_) for kind, ids in story.terms.items() for id_ in ids]
        shown = [id_ if kit in {"hugo", "eleventy"} else read.names[kind][id_] for kind, id_ in terms]
        if kit == "pelican":  # commas stand between its tags
            shown = [read.names[kind][id_] if kind == "kind" else read.names[kind][id_].replace(",", " ") for kind, id_ in terms]
        wanted = [story.title, story.summary, story.date, story.photo, story.alt, *shown]
        assert [one for one in wanted if one not in text] == []


@pytest.mark.parametrize("kit", KITS)
def test_a_layout_holds_the_same_photos(kit: str, corpus: Path, laid_out: dict[str, Path]) -> None:
    given = {path.name: path.read_bytes() for path in (corpus / "pictures").iterdir()}
    assert {path.name: path.read_bytes() for path in (laid_out[kit] / layouts.FORMS[kit][1]).iterdir()} == given


@pytest.mark.parametrize("kit", KITS)
def test_the_links_of_a_story_lead_to_stories_and_campaigns_that_are_there(kit: str, corpus: Path, laid_out: dict[str, Path]) -> None:
    stories = {f"{story.year}/{story.slug}" for story in layouts.read(corpus).stories}
    campaigns = {path.stem for path in corpus.glob("campaigns/*.md")}
    _, _, where = layouts.FORMS[kit]
    seen = 0
    for path in (laid_out[kit] / where).glob("*/*.md"):
        for link in re.findall(r"(?<!!)\[[^\]]*\]\(([^)]*)\)", path.read_text(encoding="utf-8").split("\n## ", 1)[1]):
            address = link.removesuffix(".md").strip("/").split("/")
            seen += 1
            assert address[-1] in campaigns or "/".join(address[-2:]) in stories, link
            assert not link.endswith("index.md")
    assert seen


@pytest.mark.parametrize("kit", KITS)
def test_what_a_kit_needs_is_pinned_and_locked_without_an_address(kit: str) -> None:
    folder = layouts.KITS / kit
    if kit == "eleventy":
        assert all(re.fullmatch(r"\d[\d.]*", pin) for pin in json.loads((folder / "package.json").read_bytes())["dependencies"].values())
        locked = json.loads((folder / "package-lock.json").read_bytes())["packages"]
        assert [name for name, one in locked.items() if name and ("resolved" in one or "integrity" not in one)] == []
        return
    asked = [line.split("#")[0].strip() for line in (folder / "requirements.in").read_text().splitlines()]
    assert [line for line in asked if "==" not in line] == []
    lock = (folder / "requirements.txt").read_text()
    assert "http" not in lock + "".join(asked)
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []
    assert all(any(entry.startswith(pin.split(" ")[0]) for entry in entries) for pin in asked)


def test_the_peers_with_our_libraries_have_our_versions() -> None:
    ours_ = dict(re.findall(r"^([\w-]+)==(\S+)", (REPOSITORY / "requirements.txt").read_text(), re.MULTILINE))
    theirs = [
        pin
        for kit in ("material", "pelican")
        for pin in re.findall(r"^([\w-]+)==(\S+)", (layouts.KITS / kit / "requirements.in").read_text(), re.MULTILINE)
    ]
    shared = {name: version for name, version in theirs if name in {"mkdocs", "mkdocs-material", "markdown"}}
    assert len(shared) == 3
    assert shared == {name: ours_[name] for name in shared}


def test_the_peers_cut_lists_and_feeds_alike() -> None:
    hugo = tomllib.loads((layouts.KITS / "hugo/hugo.toml").read_text())
    eleventy = (layouts.KITS / "eleventy/eleventy.config.js").read_text() + (layouts.KITS / "eleventy/content/feeds.11ty.js").read_text()
    pelican = (layouts.KITS / "pelican/pelicanconf.py").read_text()
    blog, _, rss = yaml.safe_load((layouts.KITS / "material/mkdocs.yml").read_text())["plugins"]
    pages = {hugo["pagination"]["pagerSize"], int(re.search(r"PER_PAGE = (\d+)", eleventy)[1]),
             int(re.search(r"DEFAULT_PAGINATION = (\d+)", pelican)[1]), blog["blog"]["pagination_per_page"]}  # fmt: skip
    feeds = {hugo["services"]["rss"]["limit"], int(re.search(r"LIMIT = (\d+)", eleventy)[1]),
             int(re.search(r"FEED_MAX_ITEMS = (\d+)", pelican)[1]), rss["rss"]["length"]}  # fmt: skip
    related = {int(re.search(r"RELATED = (\d+)", eleventy)[1]),
               int(re.search(r"first (\d+)", (layouts.KITS / "hugo/layouts/page.html").read_text())[1])}  # fmt: skip
    assert (pages, feeds, related) == ({20}, {50}, {RELATED})


# ---- a peer that is not there


def test_a_peer_that_cannot_be_installed_stays_in_the_table_with_its_reason(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(kit: str) -> list[str]:
        raise Failed(f"pip: exit 1\nERROR: no {kit} here")

    monkeypatch.setattr(peers, "installed", refuse)
    measuring = Measuring(PEERS, Limit(1, 1))
    measuring.install()
    assert measuring.round(12, tmp_path, "x") == {}
    told = bench.beside({12: {"cold build, CPU": 1.0}}, measuring)
    for peer in PEERS:
        assert f"| {peer.name} | – |" in told
        assert f"**{peer.name}** was not measured whole: `pip: exit 1` · `ERROR: no {peer.kit} here`." in told


def test_a_peer_that_leaves_stories_out_is_not_measured(monkeypatch: pytest.MonkeyPatch, corpus: Path, tmp_path: Path) -> None:
    monkeypatch.setattr(costs, "ASIDE", tmp_path / "aside")
    layouts.lay_out("hugo", corpus, tmp_path / "layout")
    monkeypatch.setattr(peers, "laid_out", lambda *_: tmp_path / "layout")
    writes_one = "import pathlib; at = pathlib.Path('out/guong/2020/x'); at.mkdir(parents=True); (at / 'index.html').touch()"
    peer = next(peer for peer in PEERS if peer.id == "hugo")
    measuring = Measuring((peer,), Limit(60, 10_000), programs={"hugo": [sys.executable, "-c", writes_one]})
    assert measuring.round(STORIES, corpus, "x") == {}
    assert measuring.reasons == {peer.name: f"{STORIES} stories: `1 pages of {STORIES} stories`"}


# ---- processes


def test_a_process_past_its_time_is_ended_with_its_children(tmp_path: Path) -> None:
    late = tmp_path / "late"
    inner = f"import time, pathlib; time.sleep(6); pathlib.Path({str(late)!r}).touch()"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    start = time.monotonic()
    cost = measured([sys.executable, "-c", code], limit=Limit(0.1, 10_000))
    assert cost.stopped
    assert costs.figures("x", cost)["x, wall"] == Beyond(cost.wall)
    time.sleep(max(0, start + 7 - time.monotonic()))
    assert not late.exists()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="không có /proc")
def test_a_process_past_its_memory_is_ended() -> None:
    code = "import time; held = b'x' * 200_000_000; time.sleep(60)"
    assert measured([sys.executable, "-c", code], limit=Limit(60, 100)).stopped


def test_a_failure_tells_what_was_said() -> None:
    with pytest.raises(Failed, match=r"exit 3\nwhy"):
        measured([sys.executable, "-c", "import sys; print('why'); sys.exit(3)"])


def test_old_output_is_moved_and_deleted_later(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(costs, "ASIDE", tmp_path / "aside")
    monkeypatch.setattr(costs, "DELETED", tmp_path / "deleted")
    for _ in range(2):
        (tmp_path / "site").mkdir()
        (tmp_path / "site/page").touch()
        costs.put_aside(tmp_path / "site", tmp_path / "none")
        assert not (tmp_path / "site").exists()
    assert len([entry for entry in costs.files(tmp_path / "aside") if entry.name == "page"]) == 2
    costs.clear()
    assert not (tmp_path / "aside").exists()


def test_files_written_or_linked_anew_are_counted(tmp_path: Path) -> None:
    for name in ("kept", "written", "linked"):
        (tmp_path / name).write_text("x")
    (tmp_path / "of").mkdir()
    time.sleep(0.05)
    start = time.time_ns()
    time.sleep(0.05)
    assert ours.written_since(tmp_path, start) == 0
    (tmp_path / "written").write_text("y")
    os.link(tmp_path / "linked", tmp_path / "of/linked")
    assert ours.written_since(tmp_path, start) == 3  # the link is a file too


# ---- verdicts


@pytest.mark.parametrize(
    ("value", "other", "met"),
    [
        pytest.param(1.0, 2.0, True, id="dưới ngưỡng"),
        pytest.param(3.0, 2.0, False, id="trên ngưỡng"),
        pytest.param(2.0, 2.0, True, id="đúng ngưỡng"),
        pytest.param(None, 2.0, None, id="không đo"),
        pytest.param(1.0, None, None, id="không đo bên kia"),
        pytest.param(1.0, Beyond(900.0), True, id="bên kia bị dừng, đã đủ"),
        pytest.param(1000.0, Beyond(900.0), None, id="bên kia bị dừng, chưa rõ"),
        pytest.param(Beyond(900.0), 1.0, False, id="bên này bị dừng"),
        pytest.param(Beyond(900.0), Beyond(900.0), None, id="cả hai bị dừng"),
    ],
)
def test_a_verdict(value: float | Beyond | None, other: float | Beyond | None, *, met: bool | None) -> None:
    figures = {name: one for name, one in (("a", value), ("b", other)) if one is not None}
    assert verdict(Target("x", At(10, "a"), 1.0, "×", At(10, "b")), {10: figures}).met is met


def test_the_table_keeps_every_row_and_marks_those_missed() -> None:
    found = {1_000: {"cold build, wall": 3.0, "cold check, CPU": 1.0}}
    rows = target_table(found).splitlines()[2:]
    assert len(rows) == len(TARGETS)
    assert [row for row in rows if "missed" in row] == ["| cold build, 1,000, wall | 3.00 s | ≤ 2.2 s | **missed** |"]
    assert [row for row in rows if "| met |" in row] == ["| check, cold, 1,000 | 1.00 s | ≤ 2 s | met |"]
    assert all(targets.NONE in row for row in rows if "| open |" in row)


def test_what_is_wanted_of_peers_names_figures_that_the_peers_have() -> None:
    names = {
        f"{peer.name}, {work}, {figure}" for peer in PEERS for work in ("cold build", "build after one edit") for figure in ("CPU", "wall")
    }
    asked = {target.to.name for target in TARGETS if target.to and target.to.name.startswith(tuple(peer.name for peer in PEERS))}
    assert len(asked) == 5
    assert asked <= names


def test_a_peer_that_was_stopped_is_told_as_more_than() -> None:
    table = peer_table({"cold build, CPU": 9.0, "Material blog, cold build, CPU": Beyond(900.0), "Material blog, cold build, wall": Beyond(900.0)},
                       ["Material blog"])  # fmt: skip
    assert "| Material blog | > 900.00 s | > 900.00 s | – | – | – | – | – | < 0.010 × |" in table


# ---- the chart


def test_the_chart_is_a_whole_svg_that_is_read_aloud() -> None:
    found = {
        1_000: {"cold build, CPU": 7.0, "Pelican, cold build, CPU": 4.0, "<&>, cold build, CPU": Beyond(9.0)},
        10_000: {"cold build, CPU": 60.0},
    }
    root = ET.fromstring(chart(found, ["Pelican", "<&>", "absent"]))
    assert root.attrib["role"] == "img"
    told = {element.attrib["id"]: element.text or "" for element in root if "id" in element.attrib}
    assert root.attrib["aria-labelledby"].split() == list(told)
    assert [element.tag for element in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert all(words in told["d"] for words in ("1,000 stories", "Gương sáng 7.00 s", "Pelican 4.00 s", "<&> > 9.00 s", "10,000 stories"))
    bars = {float(bar.attrib["width"]) for bar in root.iter(f"{SVG}rect") if "rx" in bar.attrib}
    assert len([bar for bar in root.iter(f"{SVG}rect") if "rx" in bar.attrib]) == 4
    assert min(bars) > 0
    width, height = (float(root.attrib[name]) for name in ("width", "height"))
    assert all(0 <= float(text.attrib["x"]) < width and 0 < float(text.attrib["y"]) < height for text in root.iter(f"{SVG}text"))
    assert "prefers-color-scheme:dark" in root.find(f"{SVG}style").text
    assert not re.search(r"href|url\(|@import", chart(found, []))


# ---- BENCHMARKS.md


def test_each_script_replaces_its_own_section_and_no_other() -> None:
    document = ""
    for name in (sections.BROWSER, sections.BUILDS, sections.FEEDS):
        document = sections.placed(document, name, f"\n{name}: first\n\n### Part\n\ntext\n")
    again = sections.placed(document, sections.BUILDS, "second")
    assert again == document.replace("Builds: first\n\n### Part\n\ntext", "second")
    assert again.startswith(sections.INTRO)
    assert sections.placed(again, sections.BUILDS, "second") == again


def test_the_file_of_the_repository_is_in_these_sections() -> None:
    text = (REPOSITORY / "BENCHMARKS.md").read_text(encoding="utf-8")
    assert text.startswith(sections.INTRO)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [sections.BUILDS, sections.FEEDS, sections.BROWSER, sections.PUBLISHING]
    for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
        ET.parse(REPOSITORY / name)


# ---- the command


@pytest.mark.parametrize(
    ("arguments", "sizes", "count", "writes"),
    [
        pytest.param([], (1_000, 10_000), 5, True, id="đủ"),
        pytest.param(["--sizes", "10000,1000,3000"], (1_000, 3_000, 10_000), 5, True, id="thêm một cỡ"),
        pytest.param(["--sizes", "1000"], (1_000,), 5, False, id="một cỡ"),
        pytest.param(["--peers", "none"], (1_000, 10_000), 0, False, id="không phần mềm khác"),
        pytest.param(["--peers", "pelican,hugo"], (1_000, 10_000), 2, False, id="vài phần mềm"),
        pytest.param(["--quick"], (1_000,), 0, False, id="nhanh"),
        pytest.param(["--quick", "--peers", "all"], (1_000,), 5, False, id="nhanh, cùng phần mềm khác"),
    ],
)
def test_a_run_of_parts_only_prints(arguments: list[str], sizes: tuple[int, ...], count: int, *, writes: bool) -> None:
    asked = bench._asked(arguments)
    assert (asked.sizes, len(asked.peers), asked.out is not None) == (sizes, count, writes)


@pytest.mark.parametrize(
    "arguments", [["--sizes", "0"], ["--sizes", "x"], ["--peers", "jekyll"], ["--runs", "0"], ["--quick", "--sizes", "10"]]
)
def test_misuse(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench._asked(arguments)
    assert ended.value.code == 2
    assert "cách gọi: " in capsys.readouterr().err
