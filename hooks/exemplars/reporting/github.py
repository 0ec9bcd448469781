"""Workflow commands of GitHub Actions: annotations beside the lines of a pull request."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from exemplars.reporting.report import plain, summary

if TYPE_CHECKING:
    from exemplars.model import Problem
    from exemplars.reporting.report import Report

MOST = 10  # errors, and as many warnings, that a step may show; GitHub drops the rest without a word


def github(report: Report) -> str:
    """Errors and changed files first; what GitHub would drop is counted in one line, the summary is the last."""
    shown: Counter[str] = Counter()
    lines = []
    for problem in report.first():
        shown[problem.level] += 1
        if shown[problem.level] <= MOST:
            lines.append(_command(problem))
    errors, warnings = (max(shown[level] - MOST, 0) for level in ("error", "warning"))
    if errors or warnings:
        lines.append(f"Còn {errors} lỗi, {warnings} nhắc nhở không hiện được cạnh dòng; danh sách đầy đủ ở phần tóm tắt của lượt chạy.")
    return "\n".join([*lines, summary(report)]) + "\n"


def _command(problem: Problem) -> str:
    end = f",endColumn={problem.end}" if problem.end else ""
    place = f"file={_property(problem.path)},line={problem.line},col={problem.column}{end},title={_property(problem.code)}"
    return f"::{problem.level} {place}::{_message(f'{problem.says} {problem.do}')}"


def _message(value: str) -> str:
    """Story text must not forge a command of its own: a command begins a line."""
    return plain(value).replace("%", "%25")


def _property(value: str) -> str:
    return _message(value).replace(":", "%3A").replace(",", "%2C")
