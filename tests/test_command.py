"""What every command starts with: Vietnamese whatever the terminal, and no traceback where a library is missing."""

from __future__ import annotations

import argparse
import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest

from command import Parser, day

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
# libraries, from the first line on
NEED = ("approve", "build", "check", "corpus", "font", "ledger", "new", "publish", "reproduce", "withdraw")
SPEAK = (*NEED, "bench", "bench_feeds", "comment", "generate", "serve", "tools", "websub")
ENGLISH = re.compile(r"usage:|positional arguments|options:|show this help|error:|required|argument|choose|invalid|expected")


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], capture_output=True, encoding="utf-8", env=environment, check=False, timeout=60)


@pytest.mark.parametrize("name", NEED)
def test_a_missing_library_is_told_in_a_line(name: str) -> None:
    """As with any Python but the project's own: `-S` leaves out what is installed."""
    done = run("-S", str(SCRIPTS / f"{name}.py"), "--help")
    assert done.returncode == 2
    assert re.fullmatch(rf"Thiếu thư viện «\w+» .*`make site`.* \.venv/bin/python scripts/{name}\.py\n", done.stderr)


def test_what_nobody_has_foreseen_is_told_in_a_line_and_kept_whole_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text(f"import sys\nsys.path.insert(0, {str(SCRIPTS)!r})\nimport command\nimport exemplars.khong_co\n")
    done = run(str(tmp_path / "x.py"), TMPDIR=str(tmp_path))
    said = f"Lỗi của chương trình, không phải của người viết \\(ModuleNotFoundError: .*\\). Hãy gửi tệp ({tmp_path}/guong-sang-.*[.]txt)"
    assert done.returncode == 70, "not 1, by which check.py tells of errors in the content"
    file = re.match(said, done.stderr)
    assert file, done.stderr
    assert "Traceback (most recent call last)" in Path(file[1]).read_text(encoding="utf-8")


@pytest.mark.parametrize("raised", ["BrokenPipeError()", "OSError(errno.EROFS, 'Read-only file system', '/kho/bai.md')"])
def test_a_reader_that_has_gone_and_a_disk_that_refuses_are_no_fault_of_the_program(raised: str, tmp_path: Path) -> None:
    script = tmp_path / "x.py"
    script.write_text(f"import errno, sys\nsys.path.insert(0, {str(SCRIPTS)!r})\nimport command\nraise {raised}\n")
    done = run(str(script), TMPDIR=str(tmp_path))
    assert "Lỗi của chương trình" not in done.stderr
    assert (done.returncode, "/kho/bai.md" in done.stderr) == ((141, False) if "Pipe" in raised else (1, True))
    assert list(tmp_path.iterdir()) == [script]


@pytest.mark.parametrize("typed", ["2020-11-20", "20/11/2020", "20-11-2020", "20.11.2020"])
def test_a_day_is_read_as_people_type_it(typed: str) -> None:
    assert day(typed) == dt.date(2020, 11, 20)


@pytest.mark.parametrize("typed", ["31/11/2020", "11/20/2020", "hôm nay", ""])
def test_what_is_no_day_is_told_with_an_example(typed: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="hãy ghi như 2020-11-20 hoặc 20/11/2020"):
        day(typed)


@pytest.mark.parametrize("name", SPEAK)
def test_help_is_vietnamese_whatever_the_terminal(name: str) -> None:
    done = run(str(SCRIPTS / f"{name}.py"), "--help", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"cách gọi: {name}.py")
    assert ENGLISH.findall(done.stdout) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        pytest.param([], "còn thiếu BÀI", id="thiếu"),
        pytest.param(["a", "b"], "không có đối số nào là b", id="thừa"),
        pytest.param(["a", "--kind"], "sau --kind còn thiếu giá trị", id="thiếu giá trị"),
        pytest.param(["a", "--kind", "z"], "--kind không nhận 'z'; hãy chọn một trong: 'x', 'y'", id="lựa chọn lạ"),
        pytest.param(["a", "--port", "z"], "--port không nhận 'z'", id="không phải số"),
        pytest.param(["a", "--yes=1"], "--yes không nhận giá trị nào, mà có '1'", id="giá trị thừa"),
        pytest.param(["a", "--p", "1"], "«--p» chưa rõ là cái nào: --port, --path", id="viết tắt hai nghĩa"),
        pytest.param(["a", "--yes", "--no"], "--no không đi cùng --yes", id="không đi cùng"),
    ],
)
def test_misuse_is_told_in_vietnamese(given: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="x.py")
    parser.add_argument("story", metavar="BÀI")
    parser.add_argument("--kind", choices=("x", "y"))
    parser.add_argument("--port", type=int)
    parser.add_argument("--path")
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--yes", action="store_true")
    either.add_argument("--no", action="store_true")
    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(given)
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("cách gọi: x.py ")
    assert said.endswith(f"x.py: {says}\n")


def test_one_of_several_and_a_kind_of_draft(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="x.py")
    either = parser.add_mutually_exclusive_group(required=True)
    either.add_argument("--yes", action="store_true")
    either.add_argument("--no", action="store_true")
    with pytest.raises(SystemExit):
        parser.parse_args([])
    assert capsys.readouterr().err.endswith("x.py: cần một trong: --yes --no\n")
    done = run(str(SCRIPTS / "new.py"), "story", "--help")
    assert ENGLISH.findall(done.stdout) == []


def test_our_own_words_stay_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        Parser(prog="x.py").error("không có tệp «a»")
    assert capsys.readouterr().err.endswith("x.py: không có tệp «a»\n")


def test_a_parser_leaves_alone_what_is_being_read() -> None:
    """A command may be called by a program that has read its own input."""
    code = f"import sys; sys.path.insert(0, {str(SCRIPTS)!r}); sys.stdin.readline(); import command; command.Parser()"
    done = subprocess.run([sys.executable, "-c", code], input="a\nb\n", capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_no_command_does_this_by_itself() -> None:
    for name in SPEAK:
        text = (SCRIPTS / f"{name}.py").read_text(encoding="utf-8")
        assert "reconfigure" not in text
        assert "ZoneInfo" not in text
        assert "ArgumentParser" not in text
