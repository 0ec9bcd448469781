"""Code Quality of GitLab: the widget of a merge request. A list of issues; the file is the job's `codequality` artefact."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from exemplars.reporting.report import defused, fingerprints, plain

if TYPE_CHECKING:
    from exemplars.reporting.report import Report

SEVERITIES = {"error": "major", "warning": "minor"}


def gitlab(report: Report) -> str:
    """`[{description, check_name, fingerprint, severity, location: {path, lines: {begin}}}]`, the most important first.

    source   GitLab documentation, «Code Quality report format»
    """
    problems = report.first()
    issues = [
        {
            "description": defused(f"{problem.code} {problem.says} {problem.do}"),
            "check_name": problem.code,
            "fingerprint": fingerprint,
            "severity": SEVERITIES[problem.level],
            "location": {"path": plain(problem.path), "lines": {"begin": problem.line}},
        }
        for problem, fingerprint in zip(problems, fingerprints(problems), strict=True)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=1) + "\n"
