"""What the formats share: order, counts, links, and text that cannot pretend to be anything else."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars.model import Problem
from exemplars.reporting import FORMATS, writer
from exemplars.reporting.report import Report, defused, fingerprints, plain, summary
from reports import ERROR, PATH, REMINDER, hostile, reports, steady

if TYPE_CHECKING:
    from collections.abc import Callable

OTHER = "stories/2020/y/index.md"


@pytest.mark.parametrize(("found", "counts"), [([ERROR], (1, 0)), ([REMINDER], (0, 1)), ([ERROR, ERROR, REMINDER], (2, 1))])
def test_the_counts(found: list[Problem], counts: tuple[int, int]) -> None:
    assert summary(Report(found, "3 bài")) == "Đã kiểm tra 3 bài: {} lỗi phải sửa, {} nhắc nhở.".format(*counts)


def test_nothing_found() -> None:
    assert summary(Report([], "3 bài")) == "Đã kiểm tra 3 bài: không có lỗi, không có nhắc nhở."


def test_errors_then_what_the_council_needs_then_reminders_and_changed_files_first() -> None:
    ready = replace(REMINDER, code="CT002", path=OTHER)
    found = [REMINDER, replace(REMINDER, path=OTHER), ready, replace(ERROR, path="a"), replace(ERROR, path=OTHER)]
    told = Report(found, changed=frozenset({"stories/2020/y"})).first()
    assert [(one.path, one.code) for one in told] == [(OTHER, "TC002"), ("a", "TC002"), (OTHER, "CT002"), (OTHER, "TC003"), (PATH, "TC003")]


@pytest.mark.parametrize(
    ("changed", "holds"),
    [({"stories/2020/y"}, False), ({"stories/2020/x"}, True), ({PATH}, True), ({"."}, True), ({"stories/202"}, False), (set(), False)],
)
def test_which_files_are_changed(changed: set[str], holds: bool) -> None:  # noqa: FBT001
    assert Report([], changed=frozenset(changed)).is_changed(PATH) is holds


def test_links_lead_to_the_rule(a_report: Callable[..., Report]) -> None:
    report = a_report(site_url="https://portal.gov.vn/guong/")
    assert report.link("TC002") == "https://portal.gov.vn/guong/quy-tac/#tc002"
    assert report.link("ZZ999") == ""
    assert a_report().link("TC002") == ""


def test_a_fingerprint_outlives_moved_lines() -> None:
    assert replace(ERROR, line=99, column=1, end=0).fingerprint == ERROR.fingerprint
    twice = Problem(PATH, 5, 1, "CT008", "error", "Mục «unit» ghi hai lần (dòng 3 và 5).", "Hãy giữ một.")
    assert replace(twice, line=8, says="Mục «unit» ghi hai lần (dòng 6 và 8).").fingerprint == twice.fingerprint


@pytest.mark.parametrize("change", [{"code": "TC003"}, {"path": OTHER}, {"key": "criteria.A3.quote"}, {"says": "Điều khác."}])
def test_a_fingerprint_tells_problems_apart(change: dict[str, str]) -> None:
    assert replace(ERROR, **change).fingerprint != ERROR.fingerprint


def test_no_two_problems_of_a_report_share_a_fingerprint() -> None:
    same = [ERROR, replace(ERROR, line=7), replace(ERROR, line=9), REMINDER]
    found = fingerprints(same)
    assert len(set(found)) == 4
    assert found[0] == ERROR.fingerprint, "the first keeps its own"


@steady
@given(hostile)
def test_plain_is_one_visible_line(text: str) -> None:
    shown = plain(text)
    assert len(shown.splitlines() or [""]) == 1
    assert {unicodedata.category(char) for char in shown} & {"Cc", "Cs", "Zl", "Zp"} == set()
    assert "##[" not in shown
    assert plain(shown) == shown


@steady
@given(st.text("aăâ đ.,:;«»0123456789", max_size=40))
def test_plain_leaves_words_alone(text: str) -> None:
    assert plain(text) == text


@steady
@given(hostile)
def test_defused_starts_no_tag_link_or_mention(text: str) -> None:
    shown = defused(text)
    for sign in ("](", "][", "]:"):
        assert sign not in shown
    assert all(part.startswith("\u200b") for part in shown.split("://")[1:])
    assert all(char not in "<@" or shown[at + 1] == "\u200b" for at, char in enumerate(shown))


@steady
@given(reports, st.sampled_from(FORMATS))
def test_no_format_fails_or_lets_a_control_through(report: Report, name: str) -> None:
    made = writer(name)(report)
    assert made.endswith("\n")
    made.encode()
    assert {char for char in made if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}} <= {"\n"}
    assert not any(line.lstrip().startswith("::") for line in made.splitlines()) or name == "github"
    assert "##[" not in made
    assert writer(name)(report) == made


def test_an_unknown_format() -> None:
    with pytest.raises(KeyError):
        writer("xml")
