"""Text for a terminal: the caret stands under what is meant, whatever the letters; nothing moves the cursor."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars.reporting.report import plain
from exemplars.reporting.text import pointed, text, width
from reports import ERROR, PATH, hostile, reports, steady

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.reporting.report import Report


def test_text(a_report: Callable[..., Report]) -> None:
    assert text(a_report(site_url="https://portal.gov.vn/")).split("\n") == [
        "stories/2020/x/index.md:2:1: TC003 Đoạn trích ngắn. Hãy chép trọn câu.",
        "     2 │ title: Tổ điện",
        "       │ ^",
        "         nhắc",
        "         đúng:    A6: {quote: Tối nào bà cũng nán lại nửa giờ chỉ cho người mới cách ghi sổ}",
        "         xem:     https://portal.gov.vn/quy-tac/#tc003",
        "stories/2020/x/index.md:3:8: TC002 Đoạn trích không có trong bài. Hãy chép nguyên văn.",
        "     3 │ quote: bà sắp lại sổ",
        "       │        ^^^",
        "         lỗi · Tiêu chí đề nghị A2 › Đoạn trích (criteria.A2.quote)",
        "         đúng:    criteria:",
        "                    A2: {quote: bà sắp lại sổ trực theo ca}      # chép một câu đang có trong bài",
        "         căn cứ:  Kế hoạch của bài, mục `criteria`: tiêu chí nhận dẫn chứng loại `quote`.",
        "         xem:     https://portal.gov.vn/quy-tac/#tc002",
        "",
        "Đã kiểm tra 3 bài: 1 lỗi phải sửa, 1 nhắc nhở.",
        "",
    ]


def test_an_example_is_told_once(a_report: Callable[..., Report]) -> None:
    assert text(a_report(ERROR, replace(ERROR, line=4))).count("đúng:") == 1


def test_a_code_said_of_any_key_shows_that_key(a_report: Callable[..., Report]) -> None:
    assert "         đúng:    authors: [Phòng Bảo trợ xã hội]\n" in text(a_report(replace(ERROR, code="CT002", key="authors")))
    assert "đúng:" not in text(a_report(replace(ERROR, code="CT010", key="awards[1]")))


def test_files_stand_apart(a_report: Callable[..., Report]) -> None:
    paragraphs = text(a_report(ERROR, replace(ERROR, line=4), replace(ERROR, path="z"))).split("\n\n")
    assert [len(re.findall(r":\d+:\d+: ", one)) for one in paragraphs] == [2, 1, 0]


def test_without_a_source_line_there_is_no_caret(a_report: Callable[..., Report]) -> None:
    for lost in (replace(ERROR, line=99), replace(ERROR, path="campaigns/x.md")):
        assert "│" not in text(a_report(lost))


def test_a_reminder_of_the_council_says_so(a_report: Callable[..., Report]) -> None:
    assert "cần trước khi trình Hội đồng" in text(a_report(replace(ERROR, code="CT002", level="warning")))
    assert "         lỗi" in text(a_report(replace(ERROR, code="CT002")))


def test_colour_only_where_it_is_asked_for(a_report: Callable[..., Report]) -> None:
    assert "\x1b" not in text(a_report())
    painted = text(a_report(colour=True))
    assert "\x1b[31mTC002\x1b[0m" in painted
    assert re.sub(r"\x1b\[\d+m", "", painted) == text(a_report())


@pytest.mark.parametrize(
    ("typed", "column", "end", "below"),
    [
        pytest.param("ba bốn", 4, 7, "   ^^^", id="thường"),
        pytest.param("ba\u0301 bốn", 5, 8, "   ^^^", id="dấu tổ hợp trước"),
        pytest.param("ba bo\u0302\u0301n", 4, 9, "   ^^^", id="dấu tổ hợp trong"),
        pytest.param("漢字 bốn", 4, 7, "     ^^^", id="chữ rộng trước"),
        pytest.param("ba 漢字", 4, 6, "   ^^^^", id="chữ rộng trong"),
        pytest.param("🙂 bốn", 3, 6, "   ^^^", id="hình"),
        pytest.param("a\u200bb cd", 5, 7, "   ^^", id="ký tự không bề rộng"),
        pytest.param("\tbốn", 2, 5, " ^^^", id="phím tab"),
        pytest.param("bốn", 1, 0, "^", id="không biết chỗ hết"),
        pytest.param("bốn", 4, 0, "   ^", id="sau cuối dòng"),
        pytest.param("bốn", 99, 120, "   ^", id="ngoài dòng"),
        pytest.param("\x07 bốn", 3, 6, "       ^^^", id="ký tự điều khiển hiện thành số"),
    ],
)
def test_the_caret(typed: str, column: int, end: int, below: str) -> None:
    assert pointed(typed, column, end)[1] == below


@steady
@given(hostile, st.integers(1, 60), st.integers(0, 60))
def test_the_caret_stands_under_its_column(typed: str, column: int, end: int) -> None:
    typed = typed.replace("\n", " ")
    shown, below = pointed(typed, column, end)
    assert plain(shown) == shown
    if len(typed) <= 100:
        assert len(below) - below.count("^") == width(plain(typed.replace("\t", " ")[: column - 1]))


@pytest.mark.parametrize("column", [1, 5000, 9990, 10_000])
def test_a_long_line_is_cut_around_the_place(column: int) -> None:
    typed = "".join(chr(97 + at % 26) for at in range(10_000))
    shown, below = pointed(typed, column, column + 1)
    assert len(shown) <= 102
    assert shown[below.index("^")] == typed[column - 1 : column] or column > len(typed)


@steady
@given(reports)
def test_only_problems_begin_at_the_margin(report: Report) -> None:
    """So no text of a story can pass for a line of its own."""
    lines = text(report).splitlines()
    at_margin = [line for line in lines[:-1] if line and not line.startswith(" ")]
    assert len(at_margin) == len(report.problems)
    assert lines[-1].startswith("Đã kiểm tra ")


def test_what_ci_runners_obey_is_broken(a_report: Callable[..., Report]) -> None:
    report = a_report(ERROR, source=lambda _: "a\nb\n::error::giả ##[error]giả\n")
    assert "     3 │ ::error::giả ##\u200b[error]giả" in text(report).split("\n")
    assert PATH in text(report)
