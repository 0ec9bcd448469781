"""SARIF 2.1.0, for code scanning: results with a place, a stable fingerprint, and the rules they come from.

source   OASIS, Static Analysis Results Interchange Format 2.1.0
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from exemplars.explaining import explanations
from exemplars.reporting.report import defused, fingerprints, plain, summary

if TYPE_CHECKING:
    from exemplars.explaining import Explanation
    from exemplars.model import Problem
    from exemplars.reporting.report import Report

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {"error": "error", "ready": "error", "warning": "warning"}


def sarif(report: Report) -> str:
    """One run; columns count code points, which SARIF must be told (`columnKind`)."""
    codes = sorted({problem.code for problem in report.problems})
    at = {code: index for index, code in enumerate(codes)}
    results = [
        _result(problem, at[problem.code], fingerprint)
        for problem, fingerprint in zip(report.problems, fingerprints(report.problems), strict=True)
    ]
    driver = {
        "name": "guong-sang",
        "language": "vi",
        **({"informationUri": report.site_url} if report.site_url else {}),
        "rules": [_rule(code, explanations().get(code), report) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "language": "vi",
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"summary": summary(report)},
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=1) + "\n"


def _rule(code: str, known: Explanation | None, report: Report) -> dict[str, Any]:
    if known is None:
        return {"id": code}
    help_ = "\n\n".join([known.remedy, f"Sai:\n{known.wrong}", f"Đúng:\n{known.right}", *known.notes, known.clause]).strip()
    return {
        "id": code,
        "shortDescription": {"text": known.title},
        "help": {"text": help_},
        **({"helpUri": report.link(code)} if report.link(code) else {}),
        "defaultConfiguration": {"level": LEVELS[known.level]},
    }


def _result(problem: Problem, index: int, fingerprint: str) -> dict[str, Any]:
    region = {"startLine": problem.line, "startColumn": problem.column, **({"endColumn": problem.end} if problem.end else {})}
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(plain(problem.path)), "uriBaseId": "%SRCROOT%"},
            "region": region,
        }
    }
    if problem.key:
        location["logicalLocations"] = [{"fullyQualifiedName": plain(problem.key), "name": plain(problem.label), "kind": "member"}]
    return {
        "ruleId": problem.code,
        "ruleIndex": index,
        "level": problem.level,
        "message": {"text": defused(f"{problem.says} {problem.do}")},
        "locations": [location],
        "partialFingerprints": {"exemplars/v1": fingerprint},
    }
