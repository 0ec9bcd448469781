"""One system call made to fail, or the process killed at it, by strace: no code in the product, no luck."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple, Self

ZYGOTE = Path(__file__).resolve().parent / "zygote.py"
KILL, EIO, ENOSPC = "signal=SIGKILL", "error=EIO", "error=ENOSPC"
# what each call can meet
CALLS = {
    "openat": (KILL, EIO, ENOSPC), "write": (KILL, EIO, ENOSPC), "rename": (KILL, EIO, ENOSPC), "mkdir": (KILL, EIO, ENOSPC),
    "symlink": (KILL, EIO, ENOSPC), "link": (KILL, EIO, ENOSPC), "fsync": (KILL, EIO, ENOSPC), "unlink": (KILL, EIO), "unlinkat": (KILL, EIO),
    "rmdir": (KILL, EIO), "read": (KILL, EIO), "getdents64": (KILL, EIO), "newfstatat": (KILL, EIO), "utimensat": (KILL, EIO),
    "renameat2": (KILL, EIO, ENOSPC), "linkat": (KILL, EIO, ENOSPC), "symlinkat": (KILL, EIO, ENOSPC), "mkdirat": (KILL, EIO, ENOSPC),
    "syncfs": (KILL, EIO), "fchmod": (KILL, EIO), "chmod": (KILL, EIO), "sendfile": (KILL, EIO, ENOSPC), "flock": (KILL, EIO), "close": (KILL,),
    "pread64": (KILL, EIO), "pwrite64": (KILL, EIO, ENOSPC), "fcntl": (KILL, EIO),
}  # fmt: skip


class Fault(NamedTuple):
    """`what` happens at the `when`-th `call` of the process, from 1; with `everywhere`, of each process that it starts as well."""

    call: str
    what: str
    when: int
    everywhere: bool = False

    def __str__(self) -> str:
        return f"{self.call} {self.when} {self.what.partition('=')[2]}"


class Ended(NamedTuple):
    """How a run ended: its exit code, negative for a signal, and what it said."""

    code: int
    out: str
    err: str


class Zygote:
    """Runs of the product's commands, each in a forked process of its own; see zygote.py."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        self._out, self._err = folder / "out", folder / "err"
        command, pipe = [sys.executable, ZYGOTE], subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd="/", env=environment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, do: str, *arguments: str, fault: Fault | None = None) -> Ended:
        if fault is None:
            return self._run(do, arguments, None)
        options = ["-e", f"trace={fault.call}", "-e", f"inject={fault.call}:{fault.what}:when={fault.when}"]
        return self._run(do, arguments, [*options, *(["-f"] if fault.everywhere else [])])

    def count(self, do: str, *arguments: str, log: Path, everywhere: bool) -> Counter[str]:
        """How often a sound run makes each call; with `everywhere`, the process of the run that makes it most often."""
        ended = self._run(do, arguments, ["-e", f"trace={','.join(CALLS)}", *(["-f"] if everywhere else [])], log)
        assert ended.code == 0, ended.err
        counted: Counter[tuple[str, str]] = Counter()
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
            process, _, call = line.partition(" ") if everywhere else ("", "", line)
            counted[process, call.strip().partition("(")[0]] += "(" in call and "resumed" not in call
        return Counter(
            {call: max(n for (_, one), n in counted.items() if one == call) for call in CALLS if any(one == call for _, one in counted)}
        )

    def _run(self, do: str, arguments: tuple[str, ...], options: list[str] | None, log: Path = Path("/dev/null")) -> Ended:
        assert self._process.stdin
        assert self._process.stdout
        asked = {"do": do, "arguments": arguments, "out": str(self._out), "err": str(self._err)}
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        number = int(self._process.stdout.readline())
        tracer = None
        if options is not None:
            tracer = subprocess.Popen(["strace", "-o", log, *options, "-p", str(number)], stderr=subprocess.PIPE, text=True)
            assert tracer.stderr
            said = tracer.stderr.readline()
            assert "attached" in said, said
        os.kill(number, signal.SIGCONT)
        code = int(self._process.stdout.readline())
        if tracer:
            tracer.communicate()
        return Ended(code, self._out.read_text(encoding="utf-8"), self._err.read_text(encoding="utf-8"))


def faults(counted: Counter[str], most: int, *, everywhere: bool) -> list[Fault]:
    """Every fault that a run can meet; more than `most` are thinned out evenly, each call and kind keeping its share."""
    every = [Fault(call, what, when, everywhere) for call, kinds in CALLS.items() for what in kinds for when in range(1, counted[call] + 1)]
    if len(every) <= most:
        return every
    step = len(every) / most
    return [every[int(at * step)] for at in range(most)]
