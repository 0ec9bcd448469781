"""For a person at a terminal: file by file, the line with a caret, what to do; an example where a code is met first."""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

from exemplars.explaining import LEVELS, example, explanations
from exemplars.reporting.report import plain, summary
from exemplars.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Problem
    from exemplars.reporting.report import Report

WIDE = 100  # columns of a source line that are shown
RED, YELLOW, DIM, BOLD, OFF = "\x1b[31m", "\x1b[33m", "\x1b[2m", "\x1b[1m", "\x1b[0m"


def text(report: Report) -> str:
    """`path:line:column: CODE what is there. What to do.`, the source line below it; the summary is the last line."""
    parts: list[str] = []
    told: set[str] = set()
    for path, problems in groupby(report.problems, key=lambda problem: problem.path):
        lines = clean(report.source(path)).split("\n")
        for problem in problems:
            parts += _told(problem, lines, report, first=problem.code not in told)
            told.add(problem.code)
        parts.append("")
    return "\n".join([*parts, _paint(summary(report), BOLD, report)]) + "\n"


def _told(problem: Problem, lines: list[str], report: Report, *, first: bool) -> Iterator[str]:
    colour = RED if problem.level == "error" else YELLOW
    place = plain(f"{problem.path}:{problem.line}:{problem.column}:")
    yield f"{place} {_paint(problem.code, colour, report)} {plain(f'{problem.says} {problem.do}')}"
    typed = lines[problem.line - 1] if 0 < problem.line <= len(lines) else ""
    if typed.strip():
        number = f"{problem.line:>6} │ "
        shown, below = pointed(typed, problem.column, problem.end)
        yield _paint(number, DIM, report) + shown
        yield _paint(" " * 6 + " │ ", DIM, report) + _paint(below, colour, report)
    level = LEVELS["error" if problem.level == "error" else _level(problem.code)]
    yield f"         {level}" + (f" · {plain(problem.label)} ({plain(problem.key)})" if problem.key else "")
    if first:
        yield from _explained(problem, report)


def _level(code: str) -> str:
    """A rule that the Council needs says so while it is still a reminder."""
    known = explanations().get(code)
    return known.level if known and known.level == "ready" else "warning"


def _explained(problem: Problem, report: Report) -> Iterator[str]:
    known = explanations().get(problem.code)
    if known is None:
        return
    for at, line in enumerate(example(problem).splitlines()):
        yield _paint(f"         {'' if at else 'đúng:':9}{line}", DIM, report)
    if known.clause:
        yield _paint(f"         căn cứ:  {known.clause}", DIM, report)
    if report.link(problem.code):
        yield _paint(f"         xem:     {report.link(problem.code)}", DIM, report)


def pointed(typed: str, column: int, end: int = 0) -> tuple[str, str]:
    """A source line as it is shown, cut to about 100 columns, and the line of carets below it.

    typed         the line; `column` and `end` count its characters from 1
    """
    typed = typed.replace("\t", " ")
    at = min(max(column - 1, 0), len(typed))
    until = min(max(end - 1, at), len(typed))
    start = max(at - WIDE // 2, 0) if len(typed) > WIDE else 0
    while start and unicodedata.combining(typed[start]):
        start -= 1
    before = ("…" if start else "") + plain(typed[start:at])
    after = plain(typed[at : start + WIDE]) + ("…" if start + WIDE < len(typed) else "")
    meant = width(plain(typed[at : min(until, start + WIDE)]))
    return plain(before + after), " " * width(before) + "^" * max(meant, 1)


def width(shown: str) -> int:
    """Columns of a terminal: two for a wide letter or picture, none for a combining mark or a joiner."""
    return sum(
        0 if unicodedata.category(char) in {"Mn", "Me", "Cf"} else 1 + (unicodedata.east_asian_width(char) in {"W", "F"}) for char in shown
    )


def _paint(shown: str, colour: str, report: Report) -> str:
    return f"{colour}{shown}{OFF}" if report.colour else shown
