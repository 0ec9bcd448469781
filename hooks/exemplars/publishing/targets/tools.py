"""The programs that move the bytes: run, retried where a connection may have dropped, and their refusals told."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from exemplars.publishing.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

TRIES, PAUSE = 3, 1.0
NOTHING: Mapping[int, bytes] = MappingProxyType({})
LAST = 5  # lines of what a program says
PACKAGES = {"ssh": "openssh-client", "rsync": "rsync", "rclone": "rclone"}


def needs(*programs: str) -> None:
    """errors: Refused, naming the package of the first that is missing."""
    for program in programs:
        if shutil.which(program) is None:
            raise Refused(f"Máy này chưa có {program}. Trên Debian, Ubuntu: apt-get install {PACKAGES[program]}")


def run(  # noqa: PLR0913
    command: Sequence[str], environment: Mapping[str, str], given: bytes = b"", *,
    doing: str, again: Collection[int] = (), instead: Mapping[int, bytes] = NOTHING, may: Callable[[], object] = lambda: None,
) -> bytes:  # fmt: skip
    """What the program prints.

    again    exit codes that speak of the connection: tried again
    instead  exit code → what to give instead of what was printed
    doing    what it is about, for the message
    may      asked before each try; it raises where nothing may be done any more
    errors   Refused
    """
    for at in range(TRIES):
        may()
        done = subprocess.run(command, input=given, env=dict(environment), capture_output=True, check=False)  # noqa: S603
        if done.returncode in instead:
            return instead[done.returncode]
        if done.returncode == 0:
            return done.stdout
        if done.returncode not in again:
            break
        time.sleep(PAUSE * (at + 1) if at + 1 < TRIES else 0)
    lines = done.stderr.decode(errors="replace").strip().splitlines()[-LAST:]
    says = "\n".join(lines) or f"mã {done.returncode}"
    raise Refused(f"{doing} không xong ({command[0]}, mã {done.returncode}):\n{says}")
