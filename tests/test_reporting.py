"""Problems → text, JSON, annotations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from exemplars.checking import check
from exemplars.model import Problem
from exemplars.reporting import FORMATS, as_json, github, summary, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.model import Site, Story

PATH = "stories/2020/x/index.md"
ERROR = Problem(PATH, 9, 3, "TC002", "error", "Đoạn trích không có trong bài.", "Hãy chép nguyên văn.")
REMINDER = Problem(PATH, 2, 1, "TC003", "warning", "Đoạn trích ngắn.", "Hãy chép trọn câu.")


def test_text_is_one_line_a_problem_and_the_count() -> None:
    assert text([REMINDER, ERROR], "3 bài") == (
        "stories/2020/x/index.md:2:1: TC003 Đoạn trích ngắn. Hãy chép trọn câu.\n"
        "stories/2020/x/index.md:9:3: TC002 Đoạn trích không có trong bài. Hãy chép nguyên văn.\n"
        "\n"
        "Đã kiểm tra 3 bài: 1 lỗi phải sửa, 1 nhắc nhở.\n"
    )


def test_text_without_problems() -> None:
    assert text([], "3 bài") == "Đã kiểm tra 3 bài: không có lỗi, không có nhắc nhở.\n"


@pytest.mark.parametrize(("problems", "counts"), [([ERROR], (1, 0)), ([REMINDER], (0, 1)), ([ERROR, ERROR, REMINDER], (2, 1))])
def test_the_counts(problems: list[Problem], counts: tuple[int, int]) -> None:
    assert "{} lỗi phải sửa, {} nhắc nhở".format(*counts) in summary(problems, "")
    whole = json.loads(as_json(problems, ""))
    assert (whole["errors"], whole["warnings"]) == counts


def test_json() -> None:
    assert json.loads(as_json([REMINDER, ERROR], "3 bài")) == {
        "version": 1,
        "checked": "3 bài",
        "errors": 1,
        "warnings": 1,
        "problems": [
            {
                "path": PATH,
                "line": 2,
                "column": 1,
                "code": "TC003",
                "level": "warning",
                "says": "Đoạn trích ngắn.",
                "do": "Hãy chép trọn câu.",
            },
            {
                "path": PATH,
                "line": 9,
                "column": 3,
                "code": "TC002",
                "level": "error",
                "says": "Đoạn trích không có trong bài.",
                "do": "Hãy chép nguyên văn.",
            },
        ],
    }
    assert "Đoạn trích" in as_json([ERROR], ""), "people read it too"


def test_github_tells_errors_first() -> None:
    assert github([REMINDER, ERROR], "3 bài").split("\n") == [
        "::error file=stories/2020/x/index.md,line=9,col=3,title=TC002::Đoạn trích không có trong bài. Hãy chép nguyên văn.",
        "::warning file=stories/2020/x/index.md,line=2,col=1,title=TC003::Đoạn trích ngắn. Hãy chép trọn câu.",
        "Đã kiểm tra 3 bài: 1 lỗi phải sửa, 1 nhắc nhở.",
        "",
    ]


FORGED = "x\n::error file=a,line=1::giả\r::warning::giả"


@pytest.mark.parametrize(
    ("problem", "checked"),
    [
        pytest.param(Problem(PATH, 1, 1, "CT010", "error", FORGED, "y"), "z", id="trong lời nói"),
        pytest.param(Problem(PATH, 1, 1, "CT010", "error", "x", FORGED), "z", id="trong lời khuyên"),
        pytest.param(Problem(FORGED, 1, 1, "CT010", "error", "x", "y"), "z", id="trong tên tệp"),
        pytest.param(Problem(PATH, 1, 1, "CT010", "error", "x", "y"), FORGED, id="trong tên việc"),
    ],
)
def test_github_cannot_be_forged(problem: Problem, checked: str) -> None:
    lines = github([problem], checked).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::error file=")
    assert not lines[1].startswith("::")


def test_github_cannot_be_forged_by_a_story(a_story: Callable[..., Story], a_site: Callable[..., Site]) -> None:
    problems = check(a_site(a_story(unit=FORGED, title=f"**{FORGED}**")))
    assert len(problems) == 2
    assert [line[:13] for line in github(problems, "1 bài").splitlines()[:-1]] == ["::error file="] * 2


def test_github_keeps_percent_comma_and_colon() -> None:
    problem = Problem("stories/2020/100%, x:y/index.md", 1, 1, "CT015", "error", "96 %: đủ, rồi", "Hãy 100%25.")
    assert github([problem], "").split("\n")[0] == (
        "::error file=stories/2020/100%25%2C x%3Ay/index.md,line=1,col=1,title=CT015::96 %25: đủ, rồi Hãy 100%2525."
    )


def test_every_format_takes_nothing_and_something() -> None:
    for report in FORMATS.values():
        assert report([], "0 bài").endswith("\n")
        assert report([ERROR], "1 bài").endswith("\n")
