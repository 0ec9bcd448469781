"""The last word of a command, whether it has done its work or not."""

from __future__ import annotations

import contextlib
import io
import sys


def say(*lines: str) -> None:
    """Prints to standard output. A full disk or a closed pipe behind it undoes nothing, and so changes no exit code."""
    try:
        print(*lines, sep="\n", flush=True)  # noqa: T201 - a command's door calls it
    except OSError:
        sys.stdout = io.StringIO()  # else Python would try once more at its end, and fail


def complain(text: object) -> None:
    """Prints to standard error. Where that cannot be written either, the exit code has to do."""
    with contextlib.suppress(OSError):
        print(text, file=sys.stderr, flush=True)  # noqa: T201 - a command's door calls it


def trouble(error: Exception, place: object) -> str:
    """What is said of a disk that refused. `place`: what was worked on, for an error that names no file."""
    where, why = getattr(error, "filename", None) or place, getattr(error, "strerror", None) or error
    if isinstance(error, (NotADirectoryError, IsADirectoryError, FileExistsError)):
        return f"Không ghi được {where}: ở chỗ ấy, hay trên đường tới đó, có một tệp đứng chỗ của thư mục hoặc ngược lại. Hãy xóa nó rồi chạy lại."
    return f"Không đọc hay ghi được {where} ({why}). Hãy xem lại quyền và chỗ trống trên đĩa rồi chạy lại."
