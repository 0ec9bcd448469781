"""Withdrawing a story: what is written into it, what is refused, and that nothing of it stays in the built site."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exemplars.linking import INDEX
from exemplars.listing import Shelf
from exemplars.model import Approval, OtherConsent, Published, Withdrawal
from exemplars.packing import FORMS, beside, packed
from exemplars.reading import read_site
from exemplars.searching import written
from exemplars.traces import mentions, traces
from exemplars.withdrawing import Refused, called, refusals, withdrawn
from sites import build, copy_repository, run, tree

DAY, TODAY = dt.date(2020, 11, 20), dt.date(2026, 1, 1)
DECIDED = Approval("HĐ", "1", dt.date(2020, 6, 9), ("A1",), ("TK",))
WHAT = Withdrawal(DAY, "error", 'Số liệu "mới" chưa xác nhận')
STORY = "stories/2020/phien-viec-lam-ve-xa"
PLACE = "guong/2020/phien-viec-lam-ve-xa"


# ---- the text


def test_only_the_block_is_added() -> None:
    text = "---\nid: x   # mã\n\n# ghi chú\ntitle: 'A'\n---\nThân bài\n---\nhết\n"
    done = withdrawn(text, WHAT)
    block = 'withdrawn:\n  date: 2020-11-20\n  kind: error\n  reason: "Số liệu \\"mới\\" chưa xác nhận"\n'
    assert done == text.replace("---\nThân", f"{block}---\nThân")
    for end in ("\r\n", "\r"):
        assert withdrawn("\ufeff" + text.replace("\n", end), WHAT) == "\ufeff" + done.replace("\n", end)


@pytest.mark.parametrize("text", ["", "Không có khai báo\n", "---\nid: x\n", "\n---\nid: x\n---\n"])
def test_a_file_without_front_matter_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="---"):
        withdrawn(text, WHAT)


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (Withdrawal(DAY, "error", ""), "--reason"),
        (Withdrawal(DAY, "withdrawn", "  "), "--reason"),
        (Withdrawal(DAY, "consolidated", "", ""), "--see"),
        (Withdrawal(DAY, "consolidated", "", "khong-co"), "khong-co"),
        (Withdrawal(DAY, "consolidated", "", "2020-sap-lai-so-truc"), "chính bài này"),
        (Withdrawal(DAY, "consolidated", "", "2020-cu"), "cũng đã gỡ"),
        (Withdrawal(DAY, "consolidated", "", "2020-cho"), "chưa đăng"),
        (Withdrawal(dt.date(2027, 1, 1), "error", "Nhầm"), "phía trước"),
        (Withdrawal(dt.date(2019, 1, 1), "error", "Nhầm"), "đứng trước ngày đăng"),
        (Withdrawal(DAY, "error", "Bà Nguyễn thị Mẫu xin rút"), "Nguyễn Thị Mẫu"),
        (Withdrawal(DAY, "error", "Cháu TRẦN MẪU AN xin rút"), "Trần Mẫu An"),
    ],
)
def test_bad_input_is_refused_with_its_remedy(what: Withdrawal, says: str, a_story, a_site) -> None:
    story = a_story(approval=DECIDED)
    story = replace(story, consent=replace(story.consent, others=(OtherConsent("Trần Mẫu An", "HS-1"),)))
    old = a_story(id="2020-cu", path="stories/2020/cu/index.md", withdrawn=WHAT)
    waiting = a_story(id="2020-cho", path="stories/2020/cho/index.md")
    found = list(refusals(story, what, a_site(story, old, waiting), TODAY))
    assert len(found) == 1
    assert says in found[0]
    assert list(refusals(story, WHAT, a_site(story, old), TODAY)) == []
    assert "20/11/2020" in next(refusals(old, WHAT, a_site(story, old), TODAY))


@pytest.mark.parametrize(
    ("name", "reason", "said"),
    [
        ("Nguyễn Thị Mẫu", "Chị Mẫu không đồng ý nữa", "Chị Mẫu"),
        ("Nguyễn Văn Hùng", "Danh hiệu Anh hùng Lao động ghi chưa đúng", ""),
        ("Lê Thị Con", "Bà con trong ấp chưa đồng ý", ""),
    ],
)
def test_a_name_that_the_reason_calls_is_a_reminder_and_holds_nothing_up(name: str, reason: str, said: str, a_story, a_site) -> None:
    story = a_story(subject=replace(a_story().subject, name=name), approval=DECIDED)
    assert called(story, reason) == said
    assert list(refusals(story, Withdrawal(DAY, "withdrawn", reason), a_site(story), TODAY)) == []


@pytest.mark.parametrize(("changed", "says"), [({"draft": True, "approval": DECIDED}, "là bản nháp"), ({}, "còn chờ Hội đồng")])
def test_what_readers_never_saw_has_nothing_to_withdraw(changed: dict[str, Any], says: str, a_story, a_site) -> None:
    story = a_story(**changed)
    (said,) = refusals(story, WHAT, a_site(story), TODAY)
    assert says in said
    known = a_site(story, published=(Published("guong/2020/sap-lai-so-truc/", story.id, 1),))
    assert list(refusals(story, WHAT, known, TODAY)) == [], "published once, and a draft again"


# ---- the command


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with one story withdrawn by the command, built."""
    root = copy_repository(tmp_path_factory.mktemp("go") / "kho")
    (root / STORY / "so-do.pdf").write_bytes(b"%PDF-1.4 so do")
    (root / STORY / "index.md").write_text(
        (root / STORY / "index.md").read_text(encoding="utf-8") + "\nXem [sơ đồ](so-do.pdf).\n", encoding="utf-8"
    )
    approved = run(
        root,
        "scripts/approve.py",
        STORY,
        "--body",
        "Hội đồng",
        "--minutes",
        "99/BB-HĐTĐKT",
        "--date",
        "2020-11-01",
        "--accepted",
        "A1",
        "--by",
        "Thư ký",
    )
    assert approved.returncode == 0, approved.stderr
    assert build(root).returncode == 0
    before = tree(root / "site")
    assert {f"{PLACE}/anh-chinh.webp", f"{PLACE}/anh-chinh-og.jpg", f"{PLACE}/so-do.pdf"} <= before.keys()
    shutil.copytree(root / "site", root / "before")
    done = command(root, STORY, "--kind", "error", "--reason", "Đăng nhầm bản chưa đối chiếu", "--date", "20/11/2020")
    assert done.returncode == 0, done.stderr
    (root / "said").write_text(done.stdout, encoding="utf-8")
    done = build(root)
    assert done.returncode == 0, done.stderr
    return root


def command(root: Path, *arguments: str):
    done = run(root, str(root / "scripts/withdraw.py"), "--root", str(root), *arguments, PYTHONUTF8="1")
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_the_command_says_what_it_did_and_what_comes_next(root: Path) -> None:
    said = (root / "said").read_text(encoding="utf-8")
    assert f"{STORY}/index.md" in said
    assert "make publish" in said
    assert ".venv/bin/python scripts/withdraw.py --check <nơi đăng>/current" in said
    assert "`make site` trước, rồi .venv/bin/python scripts/withdraw.py --check\n" in said
    assert "Xóa khỏi lịch sử của kho" in said
    assert "## Xóa khỏi lịch sử của kho" in (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((STORY, "--kind", "error", "--reason", "x"), 1), (("stories/2020/khong-co", "--kind", "error"), 1), ((STORY,), 2), ((), 2),
        ((STORY, "--kind", "error", "--date", "32/1/2020"), 2), (("--check", "khong-co"), 2), (("stories/2020/bep-an-dinh-duong", "--kind", "error"), 1),
    ],
)  # fmt: skip
def test_the_command_refuses_and_writes_nothing(arguments: tuple[str, ...], code: int, root: Path) -> None:
    before = tree(root / "stories")
    done = command(root, *arguments)
    assert done.returncode == code
    assert done.stderr
    assert tree(root / "stories") == before


def test_a_broken_file_is_left_as_it_was(root: Path) -> None:
    path = root / "stories/2020/bep-an-dinh-duong/index.md"
    whole = path.read_text(encoding="utf-8")
    try:
        path.write_text(whole.replace("title: ", "title: «: ", 1).replace("kind:", "kind: [", 1), encoding="utf-8")
        broken = path.read_bytes()
        done = command(root, "stories/2020/bep-an-dinh-duong", "--kind", "error", "--reason", "Nhầm")
        assert done.returncode == 1
        assert "stories/2020/bep-an-dinh-duong/index.md:" in done.stderr
        assert path.read_bytes() == broken
    finally:
        path.write_text(whole, encoding="utf-8")


def test_a_reason_that_identifies_somebody_is_not_written(root: Path) -> None:
    path = root / "stories/2020/ca-truc-khong-sai-lieu/index.md"
    before = path.read_bytes()
    done = command(root, "stories/2020/ca-truc-khong-sai-lieu", "--kind", "withdrawn", "--reason", "Chị gọi 0912 345 678, xin rút")
    assert done.returncode == 1
    assert "Lý do có số điện thoại" in done.stderr
    assert "345" not in done.stderr
    assert path.read_bytes() == before


def test_the_file_keeps_its_line_ends_and_its_mode(root: Path) -> None:
    path = root / "stories/2020/ca-truc-khong-sai-lieu/index.md"
    whole, mode = path.read_bytes(), path.stat().st_mode
    try:
        path.write_bytes(whole.replace(b"\n", b"\r"))
        path.chmod(0o664)
        done = command(root, "stories/2020/ca-truc-khong-sai-lieu", "--kind", "error", "--reason", "Nhầm số liệu")
        assert done.returncode == 0, done.stderr
        assert b"\rwithdrawn:\r" in path.read_bytes()
        assert path.stat().st_mode & 0o777 == 0o664
    finally:
        path.write_bytes(whole)
        path.chmod(mode)


# ---- nothing is left


def left(root: Path, built: Path) -> set[tuple[str, str]]:
    return {(one.path, one.what) for one in traces(root, built, Shelf(read_site(root, TODAY)[0]))}


def test_nothing_is_left_but_the_notice(root: Path) -> None:
    assert left(root, root / "site") == set()
    done = command(root, "--check", str(root / "site"))
    assert (done.returncode, "3 bài đã gỡ" in done.stdout) == (0, True)
    assert {path for path in tree(root / "site") if path.startswith(f"{PLACE}/")} == {f"{PLACE}/index.html"}


def test_the_output_does_not_depend_on_what_was_withdrawn(root: Path, tmp_path: Path) -> None:
    """With every word and picture of the story replaced by others, each file of the site is the same byte for byte."""
    other = tmp_path / "kho"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns("site", "before"))
    path = other / STORY / "index.md"
    block = withdrawn("---\n---\n", Withdrawal(DAY, "error", "Đăng nhầm bản chưa đối chiếu")).removeprefix("---\n")
    model = (other / "stories/2020/sap-lai-so-truc-dem/index.md").read_text(encoding="utf-8")
    lists = ("id:", "date:", "kind:", "unit:", "field:", "campaigns:")  # the feeds of these lists bear its tombstone
    for key in lists:
        old, new = (next(line for line in text.splitlines() if line.startswith(key)) for text in (model, path.read_text(encoding="utf-8")))
        model = model.replace(old, new, 1)
    path.write_text(model.replace("---\n\n## Hoàn cảnh", f"{block}\n## Hoàn cảnh"), encoding="utf-8")
    shutil.copy(other / "stories/2020/sap-lai-so-truc-dem/anh-chinh.jpg", path.parent)
    (path.parent / "so-do.pdf").write_bytes(b"%PDF-1.4 khac")
    done = build(other)
    assert done.returncode == 0, done.stderr
    assert tree(other / "site") == tree(root / "site")


def test_the_site_of_before_is_found_out(root: Path) -> None:
    found = left(root, root / "before")
    assert {what for _, what in found} >= {"tên", "tiêu đề", "chữ", "tệp", "ảnh hoặc tệp", "liên kết", "mục tìm kiếm"}
    paths = {path for path, _ in found}
    assert {
        "guong/index.html",
        "feed.xml",
        "atom.xml",
        "feed.json",
        "stories.json",
        "sitemap.xml",
        f"{PLACE}/so-do.pdf",
    } <= paths
    assert any(path.startswith("nhung/") for path in paths)


def test_what_is_left_is_told_shortly_and_with_a_remedy_that_harms_nobody(root: Path) -> None:
    """A folder that is not our own site/ may be what readers are looking at: nothing in it may be deleted."""
    done = command(root, "--check", str(root / "before"))
    *lines, rest, early, last = done.stderr.splitlines()
    assert done.returncode == 1
    assert len(lines) == 20
    assert len({line.partition(": còn ")[0] for line in lines}) == 20, "one line a file"
    assert re.fullmatch(r"… và \d+ chỗ nữa trong \d+ tệp\.", rest)
    assert f"{root / 'before'} dựng từ trước khi gỡ: ở địa chỉ của {STORY}/index.md vẫn là chính bài ấy" in early
    assert last.startswith("Còn sót ")
    assert "make publish" in last
    assert "Đừng xóa" in last
    assert "make site" not in last


@pytest.mark.parametrize(
    ("stale", "says"), [(True, "Hãy chạy `make site` rồi soát lại."), (False, "/site, chạy `make site` rồi soát lại.")]
)
def test_our_own_site_may_be_built_anew(stale: bool, says: str, root: Path, tmp_path: Path) -> None:  # noqa: FBT001
    other = tmp_path / "kho"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns("site", "before"))
    shutil.copytree(root / ("before" if stale else "site"), other / "site")
    shutil.copy(root / "before/feed.xml", other / "site/feed.xml")
    done = command(other, "--check", str(other / "site"))
    assert done.returncode == 1
    assert ("dựng từ trước khi gỡ" in done.stderr) == stale
    assert done.stderr.rstrip().endswith(says)


def test_a_place_is_not_a_built_folder_but_its_current_is(root: Path, tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    (tmp_path / "current/build.json").touch()
    done = command(root, "--check", str(tmp_path))
    assert done.returncode == 2
    assert f"{tmp_path}/current" in done.stderr


def planted(path: str, old: str, new: str) -> Callable[[Path, Path], str]:
    def plant(root: Path, built: Path) -> str:
        text = (built / path).read_text(encoding="utf-8")
        assert old in text
        (built / path).write_text(text.replace(old, new, 1), encoding="utf-8")
        return path

    return plant


def picture_elsewhere(root: Path, built: Path) -> str:
    shutil.copy(root / "before" / PLACE / "anh-chinh-og.jpg", built / "assets/khac.jpg")
    return "assets/khac.jpg"


def original_elsewhere(root: Path, built: Path) -> str:
    shutil.copy(root / STORY / "anh-chinh.jpg", built / "assets/goc.jpg")
    return "assets/goc.jpg"


def fragment(root: Path, built: Path) -> str:
    old = {path.name for path in (built / INDEX / "fragment").iterdir()}
    new = next(path for path in sorted((root / "before" / INDEX / "fragment").iterdir()) if path.name not in old)
    shutil.copy(new, built / INDEX / "fragment")
    return f"{INDEX}fragment/{new.name}"


def piece_of_index(_root: Path, built: Path) -> str:
    path = next((built / INDEX / "index").iterdir())
    data = gzip.decompress(path.read_bytes())
    word = b"phien"
    assert data.startswith(written.HEAD)
    fake = b"\x81\x81\x82" + bytes([0x60 | len(word) + 7]) + b"khongai" + word + b"\x80"
    (built / INDEX / "index/vi_khongai.pf_index").write_bytes(written.packed(fake))
    return f"{INDEX}index/vi_khongai.pf_index"


TITLE, NAME = "Phiên việc làm về xã, người tìm việc không còn đi xa", "Tổ tư vấn việc làm lưu động"
PLANTS = {
    "danh sách": planted("guong/index.html", "</main>", "<p>{name}</p></main>"),
    "thuộc tính": planted("index.html", "<main", '<main title="{name}"'),
    "dữ liệu cho máy": planted("index.html", "</head>", '<script type="application/ld+json">{"name":"{name}"}</script></head>'),
    "chữ có mã": planted("feed.xml", "</channel>", "<item><description>&lt;b&gt;{name}&lt;/b&gt;</description></item></channel>"),
    "json": planted("stories.json", '"version"', '"ten":"{name}","version"'),
    "lịch": planted("su-kien.ics", "END:VCALENDAR", "SUMMARY:{title}\nEND:VCALENDAR"),
    "một câu": planted("loai/index.html", "</main>", "<p>{passage}</p></main>"),
    "lời báo": planted(f"{PLACE}/index.html", "</main>", "<p>{title}</p></main>"),
    "sơ đồ trang": planted("sitemap.xml", "</urlset>", f"<url><loc>https://portal.example/guong-sang/{PLACE}/</loc></url></urlset>"),
    "ảnh": picture_elsewhere, "ảnh gốc": original_elsewhere, "mục tìm kiếm": fragment, "mảnh chỉ mục": piece_of_index,
}  # fmt: skip


def test_whatever_is_left_is_found_and_nothing_else(root: Path, tmp_path: Path) -> None:
    story = read_site(root, TODAY)[0].find("stories", "2020-phien-viec-lam-ve-xa")
    words = story.origin.body.split("\n\n")[2].split()
    told = {"{name}": story.subject.name, "{title}": story.title, "{passage}": " ".join(words[3:11]).strip("“”.,*")}
    shutil.copytree(root / "site", tmp_path / "site")
    wanted = {PLANTS[name](root, tmp_path / "site") for name in PLANTS}
    for path in wanted:
        if not path.endswith((".jpg", ".pf_fragment", ".pf_index")):
            text = (tmp_path / "site" / path).read_text(encoding="utf-8")
            for hole, value in told.items():
                text = text.replace(hole, value)
            (tmp_path / "site" / path).write_text(text, encoding="utf-8")
    assert {path for path, _ in left(root, tmp_path / "site")} == wanted


def test_the_packed_copies_of_a_release_are_no_traces(root: Path, tmp_path: Path) -> None:
    """A published folder has `index.html.gz` and `.br` beside each page, the notice included."""
    shutil.copytree(root / "site", tmp_path / "site")
    for path, data in tree(root / "site").items():
        for name, one in beside(path, data).items():
            (tmp_path / "site" / name).write_bytes(one)
    assert (tmp_path / "site" / PLACE / "index.html.br").is_file()
    assert left(root, tmp_path / "site") == set()


@pytest.mark.parametrize("form", FORMS)
def test_what_a_packed_copy_says_otherwise_than_its_file_is_found(form: str, root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "site", tmp_path / "site")
    stale, alone, damaged = (f"{path}{form}" for path in (f"{PLACE}/index.html", "guong/cu/index.html", "loai/index.html"))
    data = packed((root / "before" / PLACE / "index.html").read_bytes())[FORMS.index(form)]
    (tmp_path / "site/guong/cu").mkdir()
    for path in (stale, alone):
        (tmp_path / "site" / path).write_bytes(data)
    (tmp_path / "site" / damaged).write_bytes(data[:-9])
    found = left(root, tmp_path / "site")
    assert {path for path, _ in found} == {stale, alone, damaged}
    assert {what for path, what in found if path == stale} >= {"tên", "tiêu đề", "chữ"}


def test_what_another_story_says_itself_is_no_trace_but_told(root: Path, tmp_path: Path) -> None:
    """The name stands in another story's text, title and tables: rightly, and a person is asked to look."""
    other = tmp_path / "kho"
    shutil.copytree(root, other, ignore=shutil.ignore_patterns("site", "before"))
    site = read_site(other, TODAY)[0]
    story = site.find("stories", "2020-phien-viec-lam-ve-xa")
    path = other / "content/gioi-thieu.md"
    path.write_text(
        path.read_text(encoding="utf-8") + f"\nCảm ơn **{story.subject.name}** và {story.subject.name} đã giúp.\n", encoding="utf-8"
    )
    assert build(other).returncode == 0
    assert left(other, other / "site") == set()
    assert "content/gioi-thieu.md" in {one.path for one in mentions(other, Shelf(site), story)}
    planted("guong/index.html", "</main>", f"<p>Bài của {story.subject.name} vừa đăng</p></main>")(other, other / "site")
    assert left(other, other / "site") <= {("guong/index.html", "tên")}


def test_json_in_a_fragment_is_read(root: Path) -> None:
    """The card of a search result is written in signs: its title is read nevertheless."""
    path = next((root / "before" / INDEX / "fragment").iterdir())
    told = json.loads(gzip.decompress(path.read_bytes()).removeprefix(written.HEAD))
    assert set(told["meta"]) == {"card"}
