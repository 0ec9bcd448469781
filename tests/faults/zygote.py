"""A process with everything imported, which forks one child a line of its input: each is stopped before its first step, so that
strace can count and fail the calls of the work alone, not those of Python's start.

Line in: {"do": name, "arguments": […], "out": file, "err": file}. Lines out: the child's id once it is stopped; its exit code.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

REPOSITORY = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(REPOSITORY / "hooks"), str(REPOSITORY / "scripts")]
os.environ["NO_MKDOCS_2_WARNING"] = "1"

import build
import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PR_SET_PTRACER, ANY = 0x59616D61, ctypes.c_ulong(-1)


class NoGit:
    """A history that knows nothing: git itself is not what is made to fail here."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        """As `publishing.history.History`."""

    def dirty(self) -> bool:
        return False


def publishing(arguments: list[str]) -> int:
    """scripts/publish.py, with the first argument for the site that its build would have made."""
    built, *others = arguments
    made = Path(built)

    def laid_down(_root: Path, folder: Path, _options: list[str]) -> str:
        # by another process, so that only the product's own calls are counted; links, as nothing writes into a built file
        done = subprocess.run(["cp", "-al", f"{made}/.", folder], capture_output=True, check=False)
        return f"dựng dừng với mã {done.returncode}" if done.returncode else ""

    publish._build = laid_down
    publish.History = NoGit
    return publish.main(others)


DO: dict[str, Callable[[list[str]], int]] = {"publish": publishing, "build": build.main}


def child(asked: Mapping[str, object]) -> int:
    for name, number in (("out", 1), ("err", 2)):
        file = os.open(str(asked[name]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(file, number)
        os.close(file)
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANY, 0, 0, 0)
    os.kill(os.getpid(), signal.SIGSTOP)
    try:
        return DO[str(asked["do"])](list(asked["arguments"]))  # type: ignore[call-overload]
    except SystemExit as stop:
        return int(stop.code or 0)
    except BaseException as error:  # noqa: BLE001 - as Python itself ends
        with contextlib.suppress(SystemExit):
            sys.excepthook(type(error), error, error.__traceback__)
        return 1


def main() -> None:
    for line in sys.stdin:
        number = os.fork()
        if not number:
            code = child(json.loads(line))
            with contextlib.suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)
        os.waitpid(number, os.WUNTRACED)
        print(number, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(number, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
