"""What a whole process costs, how it is stopped when it takes too much, and old output put aside instead of deleted."""

import contextlib
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from command import ROOT

BENCH = ROOT / ".cache" / "bench"
ASIDE = BENCH / "aside"
DELETED = BENCH / "deleted"
RECENT = 60  # seconds for which ext4 does not hand out the number of a deleted file, and looks at each of them first
SAMPLE = 2  # seconds between two looks at a process that may take only so much; looking costs some of the machine


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process and all its children took: CPU and wall in seconds, the peak of the largest of them in MB.

    stopped  it was not let finish: each figure is then the least that it would have been
    said     its output
    """

    cpu: float
    wall: float
    peak: float
    stopped: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Beyond:
    """A figure of a process that was stopped: it is larger than this."""

    least: float


Value = float | Beyond
Figures = Mapping[str, Value]
"""What was found at one size, by the name of its row."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a process may take, in seconds, and how much memory it and its children may hold together, in MB."""

    seconds: float
    megabytes: float


UNLIMITED = Limit(float("inf"), float("inf"))


class Failed(Exception):  # noqa: N818 - what it is
    """A command failed; the message holds what it said."""


def measured(
    command: Sequence[str | Path], *, cwd: Path | None = None, env: Mapping[str, str] | None = None, limit: Limit = UNLIMITED
) -> Cost:
    """One command as a whole process.

    errors  Failed, with the end of what it said; OSError where there is no such program
    """
    os.sync()  # what others left to be written is not to be written during this one
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        child = subprocess.Popen(  # noqa: S603
            command, cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        with _Guard(child.pid, limit) as guard:
            _, status, usage = os.wait4(child.pid, 0)  # on Linux with what its own children, all waited for, have used
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        text = said.read().decode(errors="replace")
    if child.returncode and not guard.stopped:
        raise Failed(f"{Path(command[0]).name} {' '.join(map(str, command[1:]))}: exit {child.returncode}\n{text[-4000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / 1e6, guard.stopped, text)


class _Guard:
    """Ends a process and all its children when they pass a limit, or when the bench itself is interrupted."""

    def __init__(self, session: int, limit: Limit) -> None:
        self.session, self.limit, self.stopped = session, limit, False
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        if self.limit != UNLIMITED:
            self.thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.over.set()
        if kind is not None:
            self._end()
        if self.limit != UNLIMITED:
            self.thread.join()

    def _watch(self) -> None:
        until = time.monotonic() + self.limit.seconds
        while not self.over.wait(SAMPLE):
            if time.monotonic() > until or resident(self.session) > self.limit.megabytes:
                self.stopped = True
                self._end()
                return

    def _end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.session, signal.SIGKILL)


def resident(session: int) -> float:
    """MB that the processes of a session hold; pages that they share count once each. 0 where there is no /proc."""
    page, total = os.sysconf("SC_PAGE_SIZE"), 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, ValueError):  # it has ended meanwhile
            fields = (folder / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            if int(fields[3]) == session:  # state, parent, group, session
                total += int(fields[21]) * page
    return total / 1e6


# --- old output -----------------------------------------------------------------------------------------------------------


def put_aside(*paths: Path) -> None:
    """Renames what a cold build must not find. Deleting it now would cost that build up to a second, see RECENT."""
    ASIDE.mkdir(parents=True, exist_ok=True)
    for path in paths:
        if path.exists():
            path.rename(Path(tempfile.mkdtemp(dir=ASIDE)) / path.name)


def clear() -> None:
    """Deletes what was put aside: after the last measurement."""
    shutil.rmtree(ASIDE, ignore_errors=True)
    os.sync()
    DELETED.parent.mkdir(parents=True, exist_ok=True)
    DELETED.touch()


def rest() -> None:
    """Waits until what another bench deleted lies far enough back, and has all memory that is free touched once: a virtual machine is given
    each page by its host only then, and that may take as long as what is done with it.
    """
    with contextlib.suppress(FileNotFoundError):
        left = min(RECENT, DELETED.stat().st_mtime + RECENT - time.time())
        if left > 0:
            print(f"waiting {left:.0f} s: files were deleted …", file=sys.stderr)
            time.sleep(left)
    BENCH.mkdir(parents=True, exist_ok=True)
    with (BENCH / "holes").open("wb+", buffering=0) as file:  # takes no room on the disk; in memory its pages give way to any other
        file.truncate(os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
        while file.read(1 << 20):
            pass


def files(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Every file under a folder, one at a time: what the bench itself held would count as the peak of its children."""
    with os.scandir(folder) as found:
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                yield from files(Path(entry.path))
            else:
                yield entry


# --- figures --------------------------------------------------------------------------------------------------------------


def figures(name: str, cost: Cost) -> dict[str, Value]:
    """The three rows of one measurement."""
    kind: Callable[[float], Value] = Beyond if cost.stopped else float
    return {f"{name}, CPU": kind(cost.cpu), f"{name}, wall": kind(cost.wall), f"{name}, peak": kind(cost.peak)}


def medians(rounds: Iterable[Figures]) -> dict[str, Value]:
    """The median of every row over the rounds that have it; a process that was once stopped stays «more than»."""
    values: dict[str, list[Value]] = {}
    for found in rounds:
        for name, value in found.items():
            values.setdefault(name, []).append(value)
    return {name: _median(one) for name, one in values.items()}


def _median(values: list[Value]) -> Value:
    beyond = [value.least for value in values if isinstance(value, Beyond)]
    if beyond:
        return Beyond(max(beyond))
    return statistics.median(value for value in values if not isinstance(value, Beyond))
