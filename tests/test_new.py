"""scripts/new.py as a person runs it: at a terminal, in a pipe, stopped half-way."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).resolve().parent.parent
NEW = str(REPOSITORY / "scripts/new.py")
STORY = (
    "story", "--template", "individual", "--title", "Người gác cổng đọc sách", "--name", "Lê Mẫu Văn", "--kind", "cach-lam-hay",
    "--unit", "trung-tam-cong-tac-xa-hoi", "--field", "cong-tac",
)  # fmt: skip
PLACE = "stories/2020/nguoi-gac-cong-doc-sach"


@pytest.fixture
def root(a_root: Callable[..., Path]) -> Path:
    return a_root(real=True)


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def run(root: Path, kind: str, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    """Without a terminal, as in a pipe."""
    command = [sys.executable, NEW, kind, "--root", str(root), "--today", "2020-06-09", *arguments]
    done = subprocess.run(
        command, input=typed, capture_output=True, check=False, encoding="utf-8", timeout=60, env={**os.environ, "LC_ALL": "C"}
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done


def at_terminal(root: Path, kind: str, typed: list[str], *, stop: bool = False) -> tuple[int, str]:
    """At a terminal of its own, which echoes what is typed; with `stop`, Ctrl-C after it."""
    ours, theirs = pty.openpty()
    command = [sys.executable, NEW, kind, "--root", str(root), "--today", "2020-06-09"]
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell's job in the background, and all it starts, is deaf to Ctrl-C
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, preexec_fn=heard)  # noqa: PLW1509
    os.close(theirs)
    said = b""
    for line in [*typed, *([None] if stop else [])]:
        said += _until(ours, "→ ".encode())
        if line is None:
            process.send_signal(signal.SIGINT)
            if not select.select([ours], [], [], 10)[0]:  # it came just before the program began to wait: a person presses again
                process.send_signal(signal.SIGINT)
        else:
            os.write(ours, line.encode() + b"\n")
    said += _until(ours, b"\0")
    code = process.wait(60)
    os.close(ours)
    return code, said.decode(errors="replace")


def _until(terminal: int, mark: bytes) -> bytes:
    """What is shown until the mark, or until the other end closes."""
    said = b""
    while not said.endswith(mark):
        assert select.select([terminal], [], [], 120)[0], f"chờ mãi sau: {said.decode(errors='replace')}"
        try:
            part = os.read(terminal, 1)
        except OSError:  # Linux: the last one who held the other end is gone
            break
        if not part:
            break
        said += part
    return said


def test_a_story_from_flags(root: Path) -> None:
    done = run(root, *STORY)
    assert done.returncode == 0, done.stderr
    assert f"Đã tạo {PLACE}/index.md" in done.stdout
    text = (root / PLACE / "index.md").read_text(encoding="utf-8")
    assert "id: 2020-nguoi-gac-cong-doc-sach\n" in text
    assert "draft: true\n" in text
    check = [sys.executable, str(REPOSITORY / "scripts/check.py"), "--root", str(root), "--today", "2020-06-09"]
    assert subprocess.run(check, check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize(
    ("kind", "arguments", "path"),
    [
        ("campaign", ["--title", "Sạch nhà"], "campaigns/sach-nha.md"),
        ("event", ["--title", "Tọa đàm", "--kind", "toa-dam", "--starts", "19/8/2020 08:00", "--place", "Sở", "--unit", "van-phong-so"], "content/events/toa-dam-2020.md"),
        ("document", ["--title", "Khen thưởng", "--kind", "quyet-dinh", "--authority", "UBND tỉnh"], "content/documents/quyet-dinh-khen-thuong.md"),
    ],
)  # fmt: skip
def test_the_other_kinds_from_flags(kind: str, arguments: list[str], path: str, root: Path) -> None:
    done = run(root, kind, *arguments)
    assert done.returncode == 0, done.stderr
    assert (root / path).is_file()


def test_a_second_one_of_the_same_title_gets_a_number_and_the_first_stays(root: Path) -> None:
    assert run(root, *STORY).returncode == 0
    first = files(root)
    assert run(root, *STORY).returncode == 0
    assert files(root).items() > first.items()
    assert (root / f"{PLACE}-2/index.md").is_file()


def test_nothing_is_overwritten(root: Path) -> None:
    (root / PLACE).mkdir(parents=True)
    (root / PLACE / "anh.jpg").write_bytes(b"x")
    before = files(root)
    done = run(root, *STORY, "--slug", "nguoi-gac-cong-doc-sach")
    assert (done.returncode, files(root)) == (2, before)
    assert "đã dùng" in done.stderr or "không ghi đè" in done.stderr


def test_a_name_ever_published_is_refused_with_one_that_is_free(root: Path) -> None:
    (root / "content/data/published.txt").write_text("guong/2020/mot-viec/ 2020-mot-viec\n", encoding="utf-8")
    done = run(root, *STORY, "--slug", "mot-viec")
    assert done.returncode == 2
    assert "đã từng đăng" in done.stderr
    assert "«mot-viec-2»" in done.stderr


@pytest.mark.parametrize("slug", ["../../x", "Có Dấu", "a--b", "/etc", ""])
def test_a_slug_that_is_none_is_refused(slug: str, root: Path) -> None:
    before = files(root)
    done = run(root, *STORY, "--slug", slug)
    assert (done.returncode, files(root)) == (2, before)
    assert "không dùng làm tên được" in done.stderr


def test_without_a_terminal_and_without_answers_it_says_what_is_lacking(root: Path) -> None:
    before = files(root)
    done = run(root, "story", "--template", "model", typed="x\n" * 20)
    assert (done.returncode, files(root)) == (2, before)
    assert "--title (tiêu đề)" in done.stderr
    assert "--name" in done.stderr
    assert "--template" in run(root, "story").stderr


def test_a_draft_that_would_not_pass_is_not_left_behind(root: Path) -> None:
    before, folders = files(root), sorted(root.rglob("*"))
    done = run(root, *STORY[:4], "<b>Đậm</b>", *STORY[5:])
    assert done.returncode == 1
    assert "không nhận thẻ HTML" in done.stderr
    assert (files(root), sorted(root.rglob("*"))) == (before, folders)


def test_asked_at_a_terminal(root: Path) -> None:
    typed = ["1", "Người gác cổng", "1", "Lê Mẫu Văn", "sai ma don vi", "trung-tam-cong-tac-xa-hoi", "cong-tac", "", "2", ""]
    code, said = at_terminal(root, "story", typed)
    assert code == 0, said
    assert "không có giá trị «sai ma don vi»" in said
    assert (root / "stories/2020/nguoi-gac-cong/index.md").is_file()


@pytest.mark.parametrize("answers", [0, 1, 3, 8])
def test_ctrl_c_leaves_nothing(answers: int, root: Path) -> None:
    typed = ["1", "Người gác cổng", "1", "Lê Mẫu Văn", "trung-tam-cong-tac-xa-hoi", "cong-tac", "", "", ""][:answers]
    before, folders = files(root), sorted(root.rglob("*"))
    code, said = at_terminal(root, "story", typed, stop=True)
    assert code == 130
    assert "chưa tạo tệp nào" in said
    assert "Traceback" not in said
    assert (files(root), sorted(root.rglob("*"))) == (before, folders)


def test_a_person_is_warned_of_a_name_in_the_address(root: Path) -> None:
    done = run(root, *STORY[:4], "Gương Lê Mẫu Văn", *STORY[5:])
    assert done.returncode == 0
    assert "chứa tên người" in done.stderr
