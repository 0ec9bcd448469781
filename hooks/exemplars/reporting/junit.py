"""JUnit's XML, for the test view of GitLab, Jenkins and others: a suite a file, a case a problem.

An error is a failure; a reminder is a skipped case, so that it is seen and blocks nothing.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from exemplars.reporting.report import plain, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Problem
    from exemplars.reporting.report import Report


def junit(report: Report) -> str:
    """No times are given: the same problems make the same bytes. Without a problem one case has passed."""
    suites = [_suite(path, list(problems)) for path, problems in groupby(report.problems, key=lambda problem: problem.path)]
    if not suites:
        case = f'<testcase classname="guong-sang" name="{_attribute(summary(report))}"/>'
        suites = [f'<testsuite name="guong-sang" tests="1" failures="0" skipped="0">{case}</testsuite>']
    errors = sum(problem.level == "error" for problem in report.problems)
    total = len(report.problems) or 1
    head = f'<testsuites name="guong-sang" tests="{total}" failures="{errors}" skipped="{len(report.problems) - errors}">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _suite(path: str, problems: list[Problem]) -> str:
    errors = sum(problem.level == "error" for problem in problems)
    head = f'<testsuite name="{_attribute(path)}" tests="{len(problems)}" failures="{errors}" skipped="{len(problems) - errors}">'
    return "\n".join([head, *(line for problem in problems for line in _case(problem)), "</testsuite>"])


def _case(problem: Problem) -> Iterator[str]:
    path, name = _attribute(problem.path), _attribute(f"{problem.code} {problem.line}:{problem.column}")
    message = _attribute(problem.says)
    yield f'<testcase classname="{path}" name="{name}" file="{path}" line="{problem.line}">'
    if problem.level == "error":
        yield f'<failure type="{_attribute(problem.code)}" message="{message}">{_attribute(str(problem))}</failure>'
    else:
        yield f'<skipped type="{_attribute(problem.code)}" message="{_attribute(f"{problem.says} {problem.do}")}"/>'
    yield "</testcase>"


def _attribute(text: str) -> str:
    return escape(plain(text), quote=True)
