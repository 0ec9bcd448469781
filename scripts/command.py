"""What every command starts with: where the project is, its modules on the path, words of Vietnamese, and never a traceback.

To be imported before anything of the project. Standard library only, for whoever runs a command before `make site`.
"""

import argparse
import datetime as dt
import errno
import io
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn

ROOT = Path(__file__).resolve().parent.parent
MISUSE, CRASHED, STOPPED, PIPE = 2, 70, 130, 141  # EX_SOFTWARE of sysexits.h; the latter two as shells say it
# what argparse says, in any version → the same in Vietnamese; what is not listed is shown as it is
WORDS = (
    (r"the following arguments are required: (.*)", r"còn thiếu \1"),
    (r"unrecognized arguments: (.*)", r"không có đối số nào là \1"),
    (r"ambiguous option: (.*) could match (.*)", r"«\1» chưa rõ là cái nào: \2"),
    (r"one of the arguments (.*) is required", r"cần một trong: \1"),
    (r"argument ([^ ]+): expected (?:one|at least one|\d+) arguments?", r"sau \1 còn thiếu giá trị"),
    (r"argument ([^ ]+): not allowed with argument (.*)", r"\1 không đi cùng \2"),
    (r"argument ([^ ]+): invalid choice: (.*) \(choose from (.*)\)", r"\1 không nhận \2; hãy chọn một trong: \3"),
    (r"argument ([^ ]+): invalid \w+ value: (.*)", r"\1 không nhận \2"),
    (r"argument ([^ ]+): ignored explicit argument (.*)", r"\1 không nhận giá trị nào, mà có \2"),
    (r"argument ([^ ]+): (.*)", r"\1: \2"),
)


def day(typed: str) -> dt.date:
    """A day as people type it, for `type=`: 2020-11-20 or 20/11/2020."""
    other = re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", typed)
    try:
        return dt.date(*map(int, reversed(other.groups()))) if other else dt.date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{typed}» không phải là ngày; hãy ghi như 2020-11-20 hoặc 20/11/2020") from None


def speak() -> None:
    """Has Vietnamese written whatever the terminal was set to."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None where it is closed
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def listen() -> None:
    """Has Vietnamese read, for a command that asks; to be called before anything is."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "cách gọi: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """An `ArgumentParser` that speaks Vietnamese: its headings, its help, its errors (exit 2)."""

    def __init__(self, *, add_help: bool = True, **given: Any) -> None:
        speak()
        super().__init__(add_help=False, formatter_class=_Help, **given)
        self._positionals.title, self._optionals.title = "đối số", "tùy chọn"
        if add_help:
            self.add_argument("-h", "--help", action="help", help="hiện lời này rồi thôi")

    def error(self, message: str) -> NoReturn:
        words = next((found.expand(said) for pattern, said in WORDS if (found := re.fullmatch(pattern, message, re.DOTALL))), message)
        self.print_usage(sys.stderr)
        self.exit(MISUSE, f"{self.prog}: {words}\n")


def _told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What nobody has foreseen, in a line: who is to be told, and with which file. A library that is not there: what to do."""
    speak()
    name = (error.name or "") if isinstance(error, ModuleNotFoundError) else ""
    if name and name.partition(".")[0] != "exemplars":
        script = Path(sys.argv[0]).name
        print(
            f"Thiếu thư viện «{name}» trong {sys.executable}. Hãy chạy `make site` một lần, rồi gọi .venv/bin/python scripts/{script}",
            file=sys.stderr,
        )
        raise SystemExit(MISUSE)
    if issubclass(kind, KeyboardInterrupt):
        print("Đã dừng theo yêu cầu.", file=sys.stderr)
        raise SystemExit(STOPPED)
    if isinstance(error, BrokenPipeError):  # whoever read what we say has gone
        sys.stdout = io.StringIO()  # else Python would try once more at its end
        raise SystemExit(PIPE)
    if isinstance(error, OSError) and error.errno in {errno.EROFS, errno.EACCES, errno.ENOSPC, errno.EDQUOT}:
        from exemplars.reporting.saying import trouble  # noqa: PLC0415 - only for errors

        print(trouble(error, ROOT), file=sys.stderr)
        raise SystemExit(1)
    import tempfile  # noqa: PLC0415 - every start would pay for them
    import traceback  # noqa: PLC0415

    said = "".join(traceback.format_exception(kind, error, trace))
    try:
        with tempfile.NamedTemporaryFile(
            "w", prefix="guong-sang-", suffix=".txt", encoding="utf-8", errors="replace", delete=False
        ) as file:
            file.write(said)
    except OSError:
        print(said, file=sys.stderr)
    else:
        words = " ".join(str(error).split())
        print(
            f"Lỗi của chương trình, không phải của người viết ({kind.__name__}: {words}). "
            f"Hãy gửi tệp {file.name} (Traceback) cho người phụ trách kỹ thuật.",
            file=sys.stderr,
        )
    raise SystemExit(CRASHED)


sys.excepthook = _told
sys.path.insert(0, str(ROOT / "hooks"))
