"""A bar at a terminal for those who wait, nothing in a pipe."""

from __future__ import annotations

import io

import pytest

from exemplars.reporting.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def run(stream: io.StringIO, steps: int, each: float) -> str:
    """What is written while `steps` records take `each` seconds by the clock given."""
    now = [0.0]
    progress = Progress(stream, lambda: now[0])
    for at in range(1, steps + 1):
        now[0] += each
        progress("Kiểm tra", at, steps)
    progress.clear()
    return stream.getvalue()


def test_nothing_in_a_pipe() -> None:
    assert run(io.StringIO(), 1000, 1.0) == ""


def test_nothing_for_a_short_run() -> None:
    assert run(Terminal(), 100, 0.005) == ""


def test_a_bar_that_is_wiped_in_the_end() -> None:
    written = run(Terminal(), 40, 0.1)
    assert "\rKiểm tra: 20/40 ██████████░░░░░░░░░░" in written
    assert "\n" not in written
    assert written.split("\r")[-2].strip() == ""
    assert written.endswith("\r")


@pytest.mark.parametrize(("each", "most"), [(0.001, 95), (0.5, 200)])
def test_it_is_not_drawn_for_every_record(each: float, most: int) -> None:
    assert run(Terminal(), 10_000 if each < 0.1 else 100, each).count("\r") <= most


def test_without_a_total_there_is_a_number() -> None:
    stream, now = Terminal(), [0.0]
    progress = Progress(stream, lambda: now[0])
    now[0] = 2.0
    progress("Đọc bài", 1200)
    assert stream.getvalue() == "\rĐọc bài: 1200"
