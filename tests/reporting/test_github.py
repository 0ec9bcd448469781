"""Annotations of GitHub: errors first, no more than GitHub shows, and none that a story forged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from exemplars.checking import check
from exemplars.model import Problem
from exemplars.reporting.github import github
from exemplars.reporting.report import Report
from reports import ERROR, PATH, REMINDER, reports, steady

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.model import Site, Story

FORGED = "x\n::error file=a,line=1::giả\r::warning::giả"


def test_errors_first(a_report: Callable[..., Report]) -> None:
    assert github(a_report()).split("\n") == [
        "::error file=stories/2020/x/index.md,line=3,col=8,endColumn=11,title=TC002::Đoạn trích không có trong bài. Hãy chép nguyên văn.",
        "::warning file=stories/2020/x/index.md,line=2,col=1,title=TC003::Đoạn trích ngắn. Hãy chép trọn câu.",
        "Đã kiểm tra 3 bài: 1 lỗi phải sửa, 1 nhắc nhở.",
        "",
    ]


def test_changed_files_first() -> None:
    report = Report([ERROR, replace(ERROR, path="stories/2020/y/index.md")], changed=frozenset({"stories/2020/y"}))
    assert github(report).split("\n")[0].startswith("::error file=stories/2020/y/")


def test_what_github_would_drop_is_counted() -> None:
    errors = [replace(ERROR, line=line) for line in range(1, 14)]
    reminders = [replace(REMINDER, line=line) for line in range(1, 13)]
    lines = github(Report([*errors, *reminders])).splitlines()
    assert [sum(line.startswith(sign) for line in lines) for sign in ("::error", "::warning")] == [10, 10]
    assert lines[-2].startswith("Còn 3 lỗi, 2 nhắc nhở không hiện được")
    assert lines[-1].endswith("13 lỗi phải sửa, 12 nhắc nhở.")


@pytest.mark.parametrize(
    ("problem", "checked"),
    [
        pytest.param(Problem(PATH, 1, 1, "CT010", "error", FORGED, "y"), "z", id="trong lời nói"),
        pytest.param(Problem(PATH, 1, 1, "CT010", "error", "x", FORGED), "z", id="trong lời khuyên"),
        pytest.param(Problem(FORGED, 1, 1, "CT010", "error", "x", "y"), "z", id="trong tên tệp"),
        pytest.param(Problem(PATH, 1, 1, "CT010", "error", "x", "y"), FORGED, id="trong tên việc"),
    ],
)
def test_a_command_cannot_be_forged(problem: Problem, checked: str) -> None:
    lines = github(Report([problem], checked)).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::error file=")
    assert not lines[1].startswith("::")


def test_a_story_cannot_forge_a_command(a_story: Callable[..., Story], a_site: Callable[..., Site]) -> None:
    found = check(a_site(a_story(unit=FORGED, title=f"**{FORGED}**")))
    assert len(found) == 2
    assert [line[:13] for line in github(Report(found, "1 bài")).splitlines()[:-1]] == ["::error file="] * 2


def test_percent_comma_and_colon_are_kept() -> None:
    problem = Problem("stories/2020/100%, x:y/index.md", 1, 1, "CT015", "error", "96 %: đủ, rồi", "Hãy 100%25.")
    assert github(Report([problem])).split("\n")[0] == (
        "::error file=stories/2020/100%25%2C x%3Ay/index.md,line=1,col=1,title=CT015::96 %25: đủ, rồi Hãy 100%2525."
    )


@steady
@given(reports)
def test_as_many_commands_as_problems(report: Report) -> None:
    """Read as the runner reads: a command is a line that begins with `::`, its properties end at the next `::`."""
    commands = [line for line in github(report).splitlines() if line.lstrip().startswith("::")]
    assert len(commands) == len(report.problems)
    for line in commands:
        head, _, _ = line[2:].partition("::")
        level, _, given_ = head.partition(" ")
        assert level in {"error", "warning"}
        names = [pair.partition("=")[0] for pair in given_.split(",")]
        assert [name for name in names if name != "endColumn"] == ["file", "line", "col", "title"]
