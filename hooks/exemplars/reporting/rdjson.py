"""Reviewdog's diagnostic format: comments beside the lines of a request, with repairs that one click accepts.

source   reviewdog, proto/rdf: lines and columns from 1, columns count bytes of UTF-8
"""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from exemplars.reporting.report import defused, plain
from exemplars.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Edit, Problem
    from exemplars.reporting.report import Report

SEVERITIES = {"error": "ERROR", "warning": "WARNING"}


def rdjson(report: Report) -> str:
    """One diagnostic a problem, the most important first; an edit goes with the problem of its code on its line, else
    with the first of its code in the file. An edit of a code that has no problem there suggests nothing.
    """
    problems = report.first()
    texts = {path: report.source(path) for path in {problem.path for problem in problems}}
    suggested = dict(_suggested(problems, report, texts))
    diagnostics = [_diagnostic(problem, suggested.get(at, []), report, texts[problem.path]) for at, problem in enumerate(problems)]
    source = {"name": "guong-sang", **({"url": report.site_url} if report.site_url else {})}
    return json.dumps({"source": source, "diagnostics": diagnostics}, ensure_ascii=False, indent=1) + "\n"


def _diagnostic(problem: Problem, edits: list[Edit], report: Report, text: str) -> dict[str, Any]:
    start = {"line": problem.line, "column": _bytes_before(text, problem.line, problem.column) + 1}
    end = {"line": problem.line, "column": _bytes_before(text, problem.line, problem.end) + 1} if problem.end else {}
    url = report.link(problem.code)
    return {
        "message": defused(f"{problem.says} {problem.do}"),
        "location": {"path": plain(problem.path), "range": {"start": start, **({"end": end} if end else {})}},
        "severity": SEVERITIES[problem.level],
        "code": {"value": problem.code, **({"url": url} if url else {})},
        **({"suggestions": [_suggestion(edit, text) for edit in edits]} if edits else {}),
    }


def _suggested(problems: list[Problem], report: Report, texts: dict[str, str]) -> Iterator[tuple[int, list[Edit]]]:
    """Which edits go with which problem, by its position."""
    for path, edits in report.edits.items():
        found: dict[int, list[Edit]] = {}
        for edit in edits:
            line = texts.get(path, "").count("\n", 0, edit.start) + 1
            same = [at for at, problem in enumerate(problems) if (problem.path, problem.code) == (path, edit.code)]
            if same:
                found.setdefault(next((at for at in same if problems[at].line == line), same[0]), []).append(edit)
        yield from found.items()


def _suggestion(edit: Edit, text: str) -> dict[str, Any]:
    return {"range": {"start": _position(text, edit.start), "end": _position(text, edit.end)}, "text": edit.text}


def _position(text: str, at: int) -> dict[str, int]:
    """Offset of a character in the file → line and byte column."""
    return {"line": text.count("\n", 0, at) + 1, "column": len(text[text.rfind("\n", 0, at) + 1 : at].encode(errors="surrogatepass")) + 1}


def _bytes_before(text: str, line: int, column: int) -> int:
    """Bytes that stand before a column of a normalised line, in the line as the file has it."""
    typed = text.split("\n")[line - 1 : line]
    if not typed:
        return column - 1
    if clean(typed[0]) == typed[0]:
        return len(typed[0][: column - 1].encode(errors="surrogatepass"))
    at = bisect_left(range(len(typed[0]) + 1), column - 1, key=lambda n: len(clean(typed[0][:n])))
    return len(typed[0][:at].encode(errors="surrogatepass"))
