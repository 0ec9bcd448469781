"""One at a time, whoever dies: the kernel's lock, and the one made of marks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exemplars.publishing import locking, presence
from exemplars.publishing.locking import LASTS, Owner, Wait
from exemplars.publishing.refusal import Busy

if TYPE_CHECKING:
    from collections.abc import Mapping

FORK = multiprocessing.get_context("fork")


class Marks:
    """Marks in a folder: written is seen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)

    def put(self, name: str, data: bytes) -> None:
        half = self.folder.parent / f"{name}.half"
        half.write_bytes(data)
        half.replace(self.folder / name)

    def all(self) -> Mapping[str, bytes]:
        found = {}
        for path in self.folder.iterdir():
            try:
                found[path.name] = path.read_bytes()
            except FileNotFoundError:
                continue
        return found

    def remove(self, name: str) -> None:
        (self.folder / name).unlink(missing_ok=True)


def wait(name: str, seconds: float = 0) -> Wait:
    return Wait(name, seconds, time.time)


def _hold(path: Path, ready: multiprocessing.synchronize.Event) -> None:
    with locking.held(path, wait("người thứ nhất"), "nơi thử"):
        ready.set()
        time.sleep(60)


def test_the_lock_falls_with_whoever_held_it(tmp_path: Path) -> None:
    ready = FORK.Event()
    first = FORK.Process(target=_hold, args=(tmp_path / "khoa", ready))
    first.start()
    assert ready.wait(20)
    with pytest.raises(Busy, match="người thứ nhất đang đăng lên nơi thử"), locking.held(tmp_path / "khoa", wait("hai"), "nơi thử"):
        pytest.fail("hai người cùng giữ khóa")
    assert first.pid is not None
    os.kill(first.pid, signal.SIGKILL)
    first.join()
    with locking.held(tmp_path / "khoa", wait("hai"), "nơi thử"):
        held = locking.read((tmp_path / "khoa").read_bytes())
        assert held is not None
        assert (held.name, held.expires - held.start) == ("hai", LASTS)
    assert (tmp_path / "khoa").read_bytes() == b""


def _compete(folder: Path, name: str, inside: Path) -> None:
    presence.PAUSE = 0.01
    for _ in range(5):
        with presence.held(Marks(folder), wait(name, 60), "nơi thử"):
            os.close(os.open(inside, os.O_CREAT | os.O_EXCL))  # FileExistsError when another is inside
            time.sleep(0.002)
            inside.unlink()


def test_marks_let_one_in_at_a_time(tmp_path: Path) -> None:
    processes = [FORK.Process(target=_compete, args=(tmp_path / "dau", f"người {n}", tmp_path / "trong")) for n in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * 4
    assert list((tmp_path / "dau").iterdir()) == []


def test_a_lock_lasts_from_when_it_is_held_however_long_the_wait_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marks, hour = Marks(tmp_path / "dau"), [1000]
    marks.put("1-truoc", locking.written(Owner("người trước", 1, 10_000)))

    def until_the_first_is_done(_: float) -> None:
        hour[0] = 9999
        marks.remove("1-truoc")

    monkeypatch.setattr(presence.time, "sleep", until_the_first_is_done)
    with presence.held(marks, Wait("người sau", 9000, lambda: hour[0]), "nơi thử") as held:
        assert not held.expired
        assert [locking.read(mark) for mark in marks.all().values()] == [held.owner]


def test_who_waits_no_longer_names_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(presence, "PAUSE", 0)
    marks = Marks(tmp_path / "dau")
    with presence.held(marks, wait("người thứ nhất"), "nơi thử") as held:
        assert not held.expired
        for clock in (time.time, lambda: 1.0):  # also where the clock of the second runs behind
            with pytest.raises(Busy, match="người thứ nhất đang đăng lên nơi thử"), presence.held(marks, Wait("hai", 0, clock), "nơi thử"):
                pytest.fail("hai người cùng giữ khóa")
        assert len(marks.all()) == 1
    late = Wait("ba", 0, lambda: held.owner.expires)
    marks.put("1-cu", locking.written(held.owner))
    with presence.held(marks, late, "nơi thử"):
        assert "1-cu" not in marks.all(), "its owner died long ago"
