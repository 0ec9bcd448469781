"""Problems → text for a person, JSON for a program, annotations for a forge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from exemplars.model import Problem

VERSION = 1


def text(problems: Sequence[Problem], checked: str) -> str:
    """One line a problem, then the count; what a writer reads in a terminal."""
    lines = [str(problem) for problem in problems]
    return "\n".join([*lines, *([""] if lines else []), summary(problems, checked)]) + "\n"


def summary(problems: Sequence[Problem], checked: str) -> str:
    errors = sum(problem.level == "error" for problem in problems)
    reminders = len(problems) - errors
    if not problems:
        return f"Đã kiểm tra {checked}: không có lỗi, không có nhắc nhở."
    return f"Đã kiểm tra {checked}: {errors} lỗi phải sửa, {reminders} nhắc nhở."


def as_json(problems: Sequence[Problem], checked: str) -> str:
    """`{version, checked, errors, warnings, problems: [{path, line, column, code, level, says, do}]}`."""
    rows = [
        {"path": p.path, "line": p.line, "column": p.column, "code": p.code, "level": p.level, "says": p.says, "do": p.do} for p in problems
    ]
    errors = sum(problem.level == "error" for problem in problems)
    whole = {"version": VERSION, "checked": checked, "errors": errors, "warnings": len(rows) - errors, "problems": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def github(problems: Sequence[Problem], checked: str) -> str:
    """Workflow commands of GitHub Actions; errors first, since a step shows no more than ten of each."""
    first = sorted(problems, key=lambda problem: problem.level != "error")
    lines = [
        f"::{p.level} file={_property(p.path)},line={p.line},col={p.column},title={_property(p.code)}::{_message(f'{p.says} {p.do}')}"
        for p in first
    ]
    return "\n".join([*lines, _message(summary(problems, checked))]) + "\n"


def _message(value: str) -> str:
    """Story text must not forge a command of its own: a command begins a line."""
    return value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(value: str) -> str:
    return _message(value).replace(":", "%3A").replace(",", "%2C")


FORMATS: dict[str, Callable[[Sequence[Problem], str], str]] = {"text": text, "json": as_json, "github": github}
