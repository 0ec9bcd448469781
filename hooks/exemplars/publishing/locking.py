"""One at a time: who holds a place, since when, until when. Who comes second waits, or is told all that."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from exemplars.publishing.refusal import Busy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAUSE = 0.2  # seconds between two looks
LASTS = 3600  # seconds after which a lock that nobody renews counts as forgotten


class Owner(NamedTuple):
    """Who publishes: a name for people, start and expiry in seconds since 1970."""

    name: str
    start: int
    expires: int


class Wait(NamedTuple):
    """Who asks, for how long they would wait, and the clock: seconds since 1970."""

    name: str
    seconds: float
    clock: Callable[[], float]

    def owner(self) -> Owner:
        now = int(self.clock())
        return Owner(self.name, now, now + LASTS)


def written(owner: Owner) -> bytes:
    return (json.dumps(owner._asdict(), ensure_ascii=False) + "\n").encode()


def read(data: bytes) -> Owner | None:
    """The owner that was written; None for anything else."""
    try:
        said = json.loads(data)
        return Owner(str(said["name"]), int(said["start"]), int(said["expires"]))
    except (ValueError, KeyError, TypeError):
        return None


def busy(where: str, owner: Owner | None) -> Busy:
    if owner is None:
        return Busy(f"Đang có người đăng lên {where}. Hãy chờ, hoặc thêm --wait GIÂY.")
    return Busy(f"{owner.name} đang đăng lên {where} từ {_hour(owner.start)}, khóa hết hạn lúc {_hour(owner.expires)}. "
                "Hãy chờ, hoặc thêm --wait GIÂY.")  # fmt: skip


def _hour(seconds: int) -> str:
    return time.strftime("%H:%M:%S ngày %d/%m/%Y", time.gmtime(seconds + 7 * 3600)) + " (giờ Việt Nam)"


@contextmanager
def held(path: Path, wait: Wait, where: str) -> Iterator[None]:
    """The lock of a folder on this machine: the kernel's, so that it falls with the process that held it. errors: Busy."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        until = wait.clock() + wait.seconds
        while not _taken(file):
            if wait.clock() >= until:
                raise busy(where, read(os.pread(file, 4096, 0)))
            time.sleep(PAUSE)
        os.ftruncate(file, 0)
        os.pwrite(file, written(wait.owner()), 0)
        yield
        os.ftruncate(file, 0)
    finally:
        os.close(file)


def _taken(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
