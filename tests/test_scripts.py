"""The commands as people run them: what they write, what they refuse, how they exit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Root = Callable[..., Path]

REPOSITORY = Path(__file__).resolve().parent.parent
STORY = "stories/2020/cho-hoi-dong"
INDEX = f"{STORY}/index.md"
DECIDED = (
    *("--body", "Hội đồng Thi đua - Khen thưởng Sở", "--minutes", "05/BB-HĐTĐKT"),
    *("--date", "2020-06-12", "--accepted", "B1, B2,B3", "--by", "Thư ký Hội đồng"),
)


OUTSIDE = {name: value for name, value in os.environ.items() if name not in {"GITHUB_ACTIONS", "GITLAB_CI", "GITHUB_STEP_SUMMARY"}}


def run(script: str, root: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "scripts" / script), "--root", str(root), *arguments],
        cwd=root,
        env={**OUTSIDE, "PYTHONUTF8": "1", **environment},
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        timeout=60,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


@pytest.fixture
def root(a_root: Root) -> Path:
    """A site without errors, holding one story that awaits the Council."""
    root = a_root(real=True)
    shutil.copytree(REPOSITORY / "tests/stories/clean/cho-hoi-dong", root / STORY)
    return root


def edit(root: Path, old: str, new: str) -> None:
    text = (root / INDEX).read_text(encoding="utf-8")
    assert old in text
    (root / INDEX).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


# ---- check.py


def test_check_without_errors(root: Path) -> None:
    done = run("check.py", root, "--today", "2020-12-31")
    assert done.returncode == 0, done.stdout
    assert "1 bài" in done.stdout.splitlines()[-1]
    assert done.stderr == ""


def test_check_with_errors(root: Path) -> None:
    edit(root, "field: lao-dong", "field: lao-dong-gioi-qua")
    done = run("check.py", root, "--today", "2020-12-31")
    assert done.returncode == 1
    assert f"{INDEX}:10:8: TL001 " in done.stdout


def test_a_path_is_understood_from_wherever_it_is_typed(root: Path, tmp_path: Path) -> None:
    (root / INDEX).write_text((root / INDEX).read_text(encoding="utf-8").replace("\ndate: ", "\ndate: 99"), encoding="utf-8")
    (root / STORY / "so-do.pdf").write_bytes(b"%PDF-1.4")
    (root / "README.md").write_text("x")
    from_here = subprocess.run(
        [sys.executable, REPOSITORY / "scripts/check.py", "--root", root, STORY], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False,
        env=OUTSIDE,
    )  # fmt: skip
    assert from_here.returncode == 1, from_here.stderr
    assert "CT003" in run("check.py", root, f"{STORY}/so-do.pdf").stdout, "a file beside a story stands for the story"
    other = run("check.py", root, "README.md")
    assert (other.returncode, "không thuộc phần nội dung" in other.stderr) == (0, True)


def test_a_report_that_nobody_reads_to_its_end_still_tells_by_its_exit(root: Path) -> None:
    links = "".join(f"[x{n}](../khong-co-{n}/index.md)\n\n" for n in range(900))
    (root / INDEX).write_text((root / INDEX).read_text(encoding="utf-8") + links, encoding="utf-8")
    shell = f"set -o pipefail; '{sys.executable}' '{REPOSITORY}/scripts/check.py' --root '{root}' | sleep 0"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False, env=OUTSIDE)
    assert (done.returncode, done.stderr) == (1, "")


def test_a_folder_that_got_another_name_is_reported_under_it(root: Path) -> None:
    copied = "stories/2020/Bài mới (bản sao)"
    shutil.copytree(root / STORY, root / copied)
    text = (
        (root / copied / "index.md").read_text(encoding="utf-8").replace("\nid: ", "\nid: 2020-khac # ").replace("\ndate: ", "\ndate: 99")
    )
    (root / copied / "index.md").write_text(text, encoding="utf-8")
    done = run("check.py", root, "--fix", f"{copied}/index.md")
    assert "stories/2020/bai-moi-ban-sao" in done.stdout
    assert done.returncode == 1, "its fault is told, under the name that it has now"


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["stories/2020/khong-co"], id="thư mục không có"),
        pytest.param(["--format", "xml"], id="dạng lạ"),
        pytest.param(["--today", "31/13/2020"], id="ngày lạ"),
        pytest.param(["--sua"], id="chọn lạ"),
        pytest.param([os.sep], id="ngoài kho"),
    ],
)
def test_check_misused(arguments: list[str], root: Path) -> None:
    done = run("check.py", root, *arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr


@pytest.mark.parametrize(
    ("paths", "status"),
    [
        pytest.param([STORY], 0, id="bài lành"),
        pytest.param([INDEX, "campaigns"], 0, id="tệp lành và thư mục"),
        pytest.param(["stories/2020/hong"], 1, id="bài hỏng"),
        pytest.param(["stories/2020/hong/index.md"], 1, id="tệp hỏng"),
        pytest.param([STORY, "./stories/2020/hong/"], 1, id="cả hai"),
        pytest.param(["stories"], 1, id="thư mục trên"),
        pytest.param(["."], 1, id="cả kho"),
    ],
)
def test_check_some_paths(paths: list[str], status: int, root: Path) -> None:
    (root / "stories/2020/hong").mkdir()
    (root / "stories/2020/hong/index.md").write_text("---\n", encoding="utf-8")
    done = run("check.py", root, *paths, "--today", "2020-12-31")
    assert done.returncode == status, done.stdout
    assert ("stories/2020/hong/index.md:1:1: CT007" in done.stdout) is bool(status)


def test_check_does_not_mistake_a_folder_for_another(root: Path) -> None:
    (root / f"{STORY}-hai").mkdir()
    assert run("check.py", root, STORY, "--today", "2020-12-31").returncode == 0


def test_check_as_json(root: Path) -> None:
    edit(root, "title: ", "tilte: ")
    done = run("check.py", root, "--format", "json", STORY, "--today", "2020-12-31")
    whole = json.loads(done.stdout)
    assert done.returncode == 1
    assert whole["checked"] == STORY
    assert [(row["line"], row["code"]) for row in whole["problems"]] == [(1, "CT001"), (3, "CT006")]


def test_check_for_github(root: Path) -> None:
    edit(root, "unit: trung-tam-cong-tac-xa-hoi", 'unit: "x\\n::error::giả"')
    done = run("check.py", root, "--format", "github", STORY, "--today", "2020-12-31")
    assert done.returncode == 1
    assert [line[:13] for line in done.stdout.splitlines()] == ["::error file=", "Đã kiểm tra s"]


@pytest.mark.parametrize(
    ("forge", "begins"),
    [
        pytest.param({"GITHUB_ACTIONS": "true"}, "::error file=", id="GitHub Actions"),
        pytest.param({"GITLAB_CI": "true"}, "[", id="GitLab CI"),
        pytest.param({}, f"{INDEX}:", id="ngoài CI"),
    ],
)
def test_check_speaks_to_the_forge_that_runs_it(forge: dict[str, str], begins: str, root: Path) -> None:
    edit(root, "title: ", "tilte: ")
    assert run("check.py", root, STORY, "--today", "2020-12-31", **forge).stdout.startswith(begins)
    asked = run("check.py", root, STORY, "--today", "2020-12-31", "--format", "junit", **forge)
    assert asked.stdout.startswith("<?xml"), "what is asked for goes first"


def test_check_adds_the_whole_report_to_the_page_of_a_github_run(root: Path, tmp_path: Path) -> None:
    edit(root, "title: ", "tilte: ")
    page = tmp_path / "summary.md"
    page.write_text("Trước đó.\n", encoding="utf-8")
    run("check.py", root, STORY, "--today", "2020-12-31", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(page))
    assert page.read_text(encoding="utf-8").startswith("Trước đó.\n## ❌ Còn 2 việc phải sửa")


@pytest.mark.parametrize("name", ["text", "github", "gitlab", "sarif", "rdjson", "junit", "json", "markdown"])
def test_check_in_every_format(name: str, root: Path) -> None:
    edit(root, "title: ", "tilte: ")
    done = run("check.py", root, "--format", name, STORY, "--today", "2020-12-31")
    assert done.returncode == 1
    assert "CT006" in done.stdout
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        pytest.param("https://portal.gov.vn/guong/", True, id="có địa chỉ"),
        pytest.param("https://portal.example/guong-sang/", False, id="địa chỉ mẫu"),
        pytest.param("''", False, id="để trống"),
    ],
)
def test_check_links_to_the_rule_once_the_site_has_an_address(address: str, linked: bool, root: Path) -> None:  # noqa: FBT001
    (root / "mkdocs.yml").write_text(f"site_name: x\nsite_url: {address}\n", encoding="utf-8")
    edit(root, "title: ", "tilte: ")
    out = run("check.py", root, STORY, "--today", "2020-12-31").stdout
    assert ("https://portal.gov.vn/guong/quy-tac/#ct006" in out) is linked
    assert ("quy-tac" in out) is linked


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize(
    ("environment", "coloured"), [({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)]
)
def test_check_shows_colours_at_a_terminal_only(environment: dict[str, str], coloured: bool, root: Path) -> None:  # noqa: FBT001
    edit(root, "title: ", "tilte: ")
    ours, theirs = os.openpty()
    command = [sys.executable, str(REPOSITORY / "scripts/check.py"), "--root", str(root), STORY, "--today", "2020-12-31"]
    known = {name: value for name, value in OUTSIDE.items() if name != "NO_COLOR"}
    with subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, env={**known, **environment}, cwd=root) as started:
        os.close(theirs)
        shown = b""
        while chunk := _read(ours):
            shown += chunk
    os.close(ours)
    assert started.returncode == 1
    assert (b"\x1b[31mCT006\x1b[0m" in shown) is coloured
    assert (b"\x1b" in shown) is coloured


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux's way to say that the other end is closed
        return b""


HEAVY = ("mkdocs", "pydantic", "PIL", "feedgen", "jsonschema", "lxml", "markdown", "jinja2", "nh3")


def test_check_starts_light(root: Path) -> None:
    """One story alone is checked in the time that others need to start."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", str(REPOSITORY / "scripts/check.py"), "--root", str(root), STORY, "--today", "2020-12-31"],
        env=OUTSIDE, capture_output=True, check=False, encoding="utf-8", cwd=root,
    )  # fmt: skip
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert {name for name in loaded if name.split(".")[0] in HEAVY} == set()
    formats = {name for name in loaded if name.startswith("exemplars.reporting.")} - {
        f"exemplars.reporting.{one}" for one in ("report", "progress", "saying")
    }
    assert formats == {"exemplars.reporting.text"}


def test_check_knows_the_day(root: Path) -> None:
    edit(root, "authors:", "waive: [{rule: TC003, reason: Câu ngắn, until: 2020-12-31}]\nauthors:")
    last, after = (run("check.py", root, STORY, "--today", day).stdout for day in ("2020-12-31", "2021-01-01"))
    assert "CT020" in last
    assert "CT020" in after
    assert last != after


def test_check_of_a_folder_whose_name_is_no_text(root: Path) -> None:
    os.mkdir(os.fsencode(root / "stories/2020") + b"/b\xe0i")  # noqa: PTH102
    done = run("check.py", root, "--today", "2020-12-31", PYTHONUTF8="0", PYTHONIOENCODING="utf-8:strict")
    assert done.returncode == 1
    assert "CT015" in done.stdout


@pytest.mark.parametrize("encoding", ["cp1252", "cp1258", "ascii"])
def test_check_where_the_terminal_knows_no_vietnamese(encoding: str, root: Path) -> None:
    edit(root, "title: ", "tilte: ")
    done = run("check.py", root, "--today", "2020-12-31", PYTHONUTF8="0", PYTHONIOENCODING=encoding)
    assert done.returncode == 1
    assert "CT006" in done.stdout


# ---- check.py --fix


def test_fix_writes_and_checks_again(root: Path) -> None:
    sound = (root / INDEX).read_bytes()
    (root / INDEX).write_bytes(sound.replace(b"\n", b"\r\n").replace(b"date: 2020-06-09", b"date: 9/6/2020"))
    done = run("check.py", root, "--fix", "--today", "2020-12-31")
    assert done.returncode == 0
    assert f"Đã sửa {STORY}: " in done.stderr
    assert "viết ngày theo năm-tháng-ngày" in done.stderr
    assert "0 lỗi phải sửa" in done.stdout
    assert (root / INDEX).read_bytes() == sound


def test_fix_shows_without_writing(root: Path) -> None:
    edit(root, "date: 2020-06-09", "date: 9/6/2020")
    before = (root / INDEX).read_bytes()
    done = run("check.py", root, "--fix", "--diff", "--today", "2020-12-31")
    assert done.returncode == 1
    assert "\n-date: 9/6/2020\n+date: 2020-06-09\n" in done.stdout
    assert (root / INDEX).read_bytes() == before
    edit(root, "date: 9/6/2020", "date: 2020-06-09")
    done = run("check.py", root, "--fix", "--diff", "--today", "2020-12-31")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "Không có gì để tự sửa.\n")


def test_fix_since_a_commit_keeps_to_what_changed(root: Path) -> None:
    other = "campaigns/lao-dong-gioi.md"
    (root / other).write_bytes((root / other).read_bytes().replace(b"\n", b"\r\n"))
    git = ["git", "-C", str(root), "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "a"]):
        subprocess.run([*git, *command], check=True)
    asked = ("--fix", "--diff", "--since", "HEAD", "--today", "2020-12-31")
    assert run("check.py", root, *asked).stdout == ""
    (root / STORY / "index.md").write_bytes((root / STORY / "index.md").read_bytes().replace(b"\n", b"\r\n"))
    shown = run("check.py", root, *asked).stdout
    assert STORY in shown
    assert other not in shown


def test_fix_leaves_the_report_to_programs(root: Path) -> None:
    edit(root, "date: 2020-06-09", "date: 9/6/2020")
    done = run("check.py", root, "--fix", "--format", "json", STORY, "--today", "2020-12-31")
    assert json.loads(done.stdout)["errors"] == 0


@pytest.mark.parametrize("option", ["--diff", "--approved"])
def test_fix_misused(option: str, root: Path) -> None:
    done = run("check.py", root, option)
    assert done.returncode == 2
    assert "--fix" in done.stderr


# ---- approve.py


def approval(root: Path) -> str:
    return (root / STORY / "approval.yml").read_text(encoding="utf-8")


def states(root: Path) -> list[str]:
    return [line.split(": ")[1][:5] for line in run("check.py", root, STORY, "--today", "2020-12-31").stdout.splitlines() if INDEX in line]


def test_approve_writes(root: Path) -> None:
    done = run("approve.py", root, STORY, *DECIDED)
    assert done.returncode == 0, done.stderr
    lines = approval(root).splitlines()
    assert lines[1:6] == [
        'body: "Hội đồng Thi đua - Khen thưởng Sở"',
        'minutes: "05/BB-HĐTĐKT"',
        "date: 2020-06-12",
        'accepted: ["B1", "B2", "B3"]',
        'by: ["Thư ký Hội đồng"]',
    ]
    assert lines[6].startswith('text_sha256: "')
    assert states(root) == []


def test_approve_takes_the_place_of_a_link_and_writes_nothing_through_it(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "khac.yml"
    other.write_text("của bài khác\n", encoding="utf-8")
    (root / STORY / "approval.yml").unlink(missing_ok=True)
    (root / STORY / "approval.yml").symlink_to(other)
    assert run("approve.py", root, STORY, *DECIDED).returncode == 0
    assert other.read_text(encoding="utf-8") == "của bài khác\n"
    assert not (root / STORY / "approval.yml").is_symlink()


def test_approve_takes_the_file_as_well(root: Path) -> None:
    assert run("approve.py", root, f"./{INDEX}", *DECIDED).returncode == 0
    assert approval(root)


def test_after_an_edit_the_approval_no_longer_holds(root: Path) -> None:
    run("approve.py", root, STORY, *DECIDED)
    edit(root, "title: Tổ điện", "title: Tổ điện Trung tâm")
    assert states(root) == ["DU002"]
    done = run("approve.py", root, STORY, "--correction", "Thêm tên", "--date", "2020-07-01", "--by", "Văn phòng Sở")
    assert done.returncode == 0, done.stderr
    assert states(root) == []
    assert 'minutes: "05/BB-HĐTĐKT"' in approval(root)
    assert 'correction:\n  date: 2020-07-01\n  by: "Văn phòng Sở"\n  note: "Thêm tên"\n' in approval(root)


@pytest.mark.parametrize(
    ("edits", "arguments", "status"),
    [
        pytest.param(("sample: true", "sample: true\ndraft: true"), DECIDED, 1, id="bản nháp"),
        pytest.param(("authors:", "withdrawn: {date: 2020-11-20, kind: error, reason: x}\nauthors:"), DECIDED, 1, id="bài đã gỡ"),
        pytest.param(("title: ", "tilte: "), DECIDED, 1, id="bài có lỗi"),
        pytest.param(None, [*DECIDED[:-1], "phòng bảo trợ XÃ HỘI"], 1, id="người duyệt là người viết"),
        pytest.param(
            None,
            [*DECIDED[:-1], unicodedata.normalize("NFD", "Phòng Bảo trợ xã hội")],
            1,
            id="người duyệt là người viết, dấu tổ hợp",
        ),
        pytest.param(None, [*DECIDED, "--accepted", "B1,A1"], 2, id="tiêu chí bài không khai"),
        pytest.param(None, [*DECIDED, "--accepted", " , "], 1, id="không tiêu chí nào"),
        pytest.param(None, DECIDED[2:], 2, id="không nói cơ quan"),
        pytest.param(None, DECIDED[:-2], 2, id="không nói người duyệt"),
        pytest.param(None, [], 2, id="không nói gì"),
        pytest.param(None, [*DECIDED, "--minutes", " "], 2, id="số biên bản để trống"),
        pytest.param(None, [*DECIDED, "--by", "Thư\x0bký"], 2, id="ký tự điều khiển"),
        pytest.param(None, [*DECIDED, "--date", "1/1/2099"], 2, id="ngày phía trước"),
        pytest.param(None, ["--correction", "x", "--by", "y", "--date", "2020-07-01"], 2, id="sửa chữa khi chưa duyệt"),
    ],
)
def test_approve_refuses(edits: tuple[str, str] | None, arguments: list[str], status: int, root: Path) -> None:
    if edits:
        edit(root, *edits)
    done = run("approve.py", root, STORY, *arguments)
    assert done.returncode == status
    assert done.stderr
    assert not (root / STORY / "approval.yml").exists()


def test_a_correction_is_not_older_than_the_decision(root: Path) -> None:
    run("approve.py", root, STORY, *DECIDED)
    before = approval(root)
    done = run("approve.py", root, STORY, "--correction", "Thêm tên", "--date", "2019-07-01", "--by", "Văn phòng Sở")
    assert done.returncode == 2
    assert "đứng trước ngày thông qua" in done.stderr
    assert approval(root) == before


def test_approve_refuses_what_is_no_story(root: Path) -> None:
    assert run("approve.py", root, "stories/2020/khong-co", *DECIDED).returncode == 2


def test_approve_minds_only_its_own_story(root: Path) -> None:
    (root / "stories/2020/hong").mkdir()
    (root / "stories/2020/hong/index.md").write_text("---\n", encoding="utf-8")
    assert run("approve.py", root, STORY, *DECIDED).returncode == 0


@pytest.mark.parametrize("faulty", ["body: [\n", "body: x\nminute: y\n", "body: x\n"], ids=["không đọc được", "mục lạ", "thiếu mục"])
def test_approve_again_mends_a_faulty_approval(faulty: str, root: Path) -> None:
    """Every message about a faulty approval.yml says: make it again with this command."""
    (root / STORY / "approval.yml").write_text(faulty, encoding="utf-8")
    done = run("approve.py", root, STORY, *DECIDED)
    assert done.returncode == 0, done.stderr
    assert states(root) == []


# ---- check.py --since


def test_check_since_needs_a_repository_and_says_so(root: Path) -> None:
    done = run("check.py", root, "--since", "main")
    assert done.returncode == 2
    assert "không nằm trong kho git" in done.stderr


def test_check_since_tells_only_what_the_change_brought(root: Path) -> None:
    git = ("git", "-C", str(root), "-c", "user.name=Bài mẫu", "-c", "user.email=mau@example.invalid")
    edit(root, "field: lao-dong", "field: khong-co")
    for command in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "Bài mẫu")):
        subprocess.run([*git, *command], check=True)
    done = run("check.py", root, "--since", "HEAD", "--today", "2020-12-31")
    assert (done.returncode, done.stdout.count("TL001")) == (0, 0)
    edit(root, "field: khong-co", "field: cung-khong-co")
    assert run("check.py", root, "--since", "HEAD", "--today", "2020-12-31").returncode == 1
