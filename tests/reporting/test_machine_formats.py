"""GitLab, SARIF, reviewdog, JUnit and JSON: checked against their specifications, told here in our own words, or by a reader."""

from __future__ import annotations

import io
import json
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree

import jsonschema
import junitparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars.model import Edit
from exemplars.reporting import writer
from exemplars.reporting.as_json import SCHEMA, as_json
from exemplars.reporting.gitlab import gitlab
from exemplars.reporting.junit import junit
from exemplars.reporting.rdjson import rdjson
from exemplars.reporting.report import Report
from exemplars.reporting.sarif import sarif
from reports import ERROR, PATH, REMINDER, SOURCE, reports, steady

if TYPE_CHECKING:
    from collections.abc import Callable

SITE = "https://portal.gov.vn/guong/"


def exactly(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(required), "properties": {**required, **optional}}


TEXT: dict[str, Any] = {"type": "string", "minLength": 1}
URL = {"type": "string", "pattern": "^https?://"}
FROM_ONE = {"type": "integer", "minimum": 1}

# GitLab documentation, «Code Quality report format»
GITLAB = {
    "type": "array",
    "items": exactly({
        "description": TEXT, "check_name": TEXT, "fingerprint": TEXT, "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
        "location": exactly({"path": TEXT, "lines": exactly({"begin": FROM_ONE})}),
    }),
}  # fmt: skip

# reviewdog, proto/rdf/reviewdog.proto: DiagnosticResult
POSITION = exactly({"line": FROM_ONE}, column=FROM_ONE)
RANGE = exactly({"start": POSITION}, end=POSITION)
RDJSON = exactly({
    "source": exactly({"name": TEXT}, url=URL),
    "diagnostics": {"type": "array", "items": exactly(
        {"message": TEXT, "location": exactly({"path": TEXT, "range": RANGE}), "severity": {"enum": ["UNKNOWN_SEVERITY", "ERROR", "WARNING", "INFO"]},
         "code": exactly({"value": TEXT}, url=URL)},
        suggestions={"type": "array", "minItems": 1, "items": exactly({"range": RANGE, "text": {"type": "string"}})},
    )},
})  # fmt: skip

# OASIS SARIF 2.1.0: 3.13 sarifLog, 3.14 run, 3.19 toolComponent, 3.27 result, 3.30 region, 3.33 logicalLocation, 3.49 reportingDescriptor
MESSAGE = exactly({"text": TEXT})
LEVEL = {"enum": ["none", "note", "warning", "error"]}
SARIF = exactly({
    "$schema": URL, "version": {"const": "2.1.0"},
    "runs": {"type": "array", "minItems": 1, "maxItems": 1, "items": exactly({
        "tool": exactly({"driver": exactly(
            {"name": TEXT, "language": {"type": "string", "pattern": "^[a-z]{2}(-[A-Z]{2})?$"}, "rules": {"type": "array", "uniqueItems": True, "items": exactly(
                {"id": TEXT}, shortDescription=MESSAGE, help=MESSAGE, helpUri=URL, defaultConfiguration=exactly({"level": LEVEL}))}},
            informationUri=URL,
        )}),
        "language": TEXT, "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]}, "properties": {"type": "object"},
        "results": {"type": "array", "items": exactly({
            "ruleId": TEXT, "ruleIndex": {"type": "integer", "minimum": 0}, "level": LEVEL, "message": MESSAGE,
            "partialFingerprints": {"type": "object", "minProperties": 1, "additionalProperties": TEXT},
            "locations": {"type": "array", "minItems": 1, "items": exactly(
                {"physicalLocation": exactly({
                    "artifactLocation": exactly({"uri": {"type": "string", "pattern": "^[!-~]+$"}, "uriBaseId": TEXT}),
                    "region": exactly({"startLine": FROM_ONE, "startColumn": FROM_ONE}, endColumn=FROM_ONE),
                })},
                logicalLocations={"type": "array", "minItems": 1, "items": exactly({"fullyQualifiedName": TEXT}, name={"type": "string"}, kind=TEXT)},
            )},
        })},
    })},
})  # fmt: skip

SCHEMAS = {"gitlab": GITLAB, "rdjson": RDJSON, "sarif": SARIF, "json": SCHEMA}


def faults(name: str, made: str) -> list[str]:
    jsonschema.Draft202012Validator.check_schema(SCHEMAS[name])
    return [error.message for error in jsonschema.Draft202012Validator(SCHEMAS[name]).iter_errors(json.loads(made))]


@steady
@given(reports, st.sampled_from(["", SITE]))
def test_whatever_a_story_says_the_form_holds(report: Report, site_url: str) -> None:
    sound = [replace(one, says=one.says or "x", end=one.end if one.end > one.column else 0) for one in report.problems]
    report = replace(report, problems=sound, site_url=site_url)
    for name in SCHEMAS:
        made = writer(name)(report)
        assert faults(name, made) == []
        assert len(_rows(name, json.loads(made))) == len(sound)


def _rows(name: str, whole: Any) -> list[Any]:
    rows: list[Any] = {
        "gitlab": lambda: whole, "rdjson": lambda: whole["diagnostics"], "sarif": lambda: whole["runs"][0]["results"], "json": lambda: whole["problems"],
    }[name]()  # fmt: skip
    return rows


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_checks_would_see_a_fault(name: str, a_report: Callable[..., Report]) -> None:
    made = writer(name)(a_report())
    assert faults(name, made) == []
    for old, new in (('"error"', '"loi"'), ('"ERROR"', '"loi"'), ('"major"', '"loi"')):
        if old in made:
            assert faults(name, made.replace(old, new))
            break
    assert faults(name, made.replace('"path"', '"tep"').replace('"uri"', '"tep"'))


# --- each in particular


def test_gitlab(a_report: Callable[..., Report]) -> None:
    issues = json.loads(gitlab(a_report(ERROR, replace(ERROR, line=4), REMINDER)))
    assert [(one["check_name"], one["severity"], one["location"]["lines"]["begin"]) for one in issues] == [
        ("TC002", "major", 3), ("TC002", "major", 4), ("TC003", "minor", 2),
    ]  # fmt: skip
    assert issues[0]["description"] == "TC002 Đoạn trích không có trong bài. Hãy chép nguyên văn."
    assert len({one["fingerprint"] for one in issues}) == 3
    assert gitlab(a_report(problems=())) == "[]\n"


def test_sarif(a_report: Callable[..., Report]) -> None:
    run = json.loads(sarif(a_report(site_url=SITE)))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])
    assert [rule["helpUri"] for rule in rules] == [f"{SITE}quy-tac/#tc002", f"{SITE}quy-tac/#tc003"]
    result = next(one for one in run["results"] if one["ruleId"] == "TC002")
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 8, "endColumn": 11}
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "criteria.A2.quote"
    assert result["partialFingerprints"] == {"exemplars/v1": ERROR.fingerprint}


def test_sarif_names_a_file_by_a_uri(a_report: Callable[..., Report]) -> None:
    path = "stories/2020/bài viết #1?/index.md"
    location = json.loads(sarif(a_report(replace(ERROR, path=path))))["runs"][0]["results"][0]["locations"][0]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert "#" not in uri
    assert unquote(uri) == path


def test_rdjson_counts_bytes(a_report: Callable[..., Report]) -> None:
    (told,) = json.loads(rdjson(a_report(replace(ERROR, line=2, column=8, end=14), site_url=SITE)))["diagnostics"]
    assert told["location"] == {
        "path": PATH,
        "range": {"start": {"line": 2, "column": 8}, "end": {"line": 2, "column": 8 + len("Tổ điệ".encode())}},
    }
    assert told["code"] == {"value": "TC002", "url": f"{SITE}quy-tac/#tc002"}


def test_rdjson_counts_the_bytes_of_the_file_not_of_its_normal_form(a_report: Callable[..., Report]) -> None:
    typed = unicodedata.normalize("NFD", "title: Tổ điện ở đây\r\n")
    (told,) = json.loads(rdjson(a_report(replace(ERROR, line=1, column=15, end=0), source=lambda _: typed)))["diagnostics"]
    assert told["location"]["range"]["start"]["column"] == len(unicodedata.normalize("NFD", "title: Tổ điện").encode()) + 1


def test_rdjson_suggests_edits(a_report: Callable[..., Report]) -> None:
    at = SOURCE.index("bà")
    edits = {
        PATH: [Edit("TC002", at, at + 2, "Bà"), Edit("TC003", 0, 0, "x\n"), Edit("VT009", 0, 0, "không có điều nào để gợi ý")],
        "khac.md": [Edit("TC002", 0, 1, "")],
    }
    error, reminder = json.loads(rdjson(a_report(edits=edits)))["diagnostics"]
    assert error["suggestions"] == [
        {"range": {"start": {"line": 3, "column": 8}, "end": {"line": 3, "column": 11}}, "text": "Bà"},
    ]
    assert reminder["suggestions"] == [{"range": {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 1}}, "text": "x\n"}]


def test_rdjson_gives_an_edit_to_the_problem_on_its_line(a_report: Callable[..., Report]) -> None:
    at = SOURCE.index("quote")
    told = json.loads(rdjson(a_report(replace(ERROR, line=2), ERROR, edits={PATH: [Edit("TC002", at, at, "")]})))["diagnostics"]
    assert [("suggestions" in one, one["location"]["range"]["start"]["line"]) for one in told] == [(False, 2), (True, 3)]


@steady
@given(reports)
def test_junit_is_what_a_reader_of_junit_finds(report: Report) -> None:
    made = junit(report)
    found = junitparser.JUnitXml.fromstring(made.encode())
    cases = [case for suite in found for case in suite]
    errors = sum(problem.level == "error" for problem in report.problems)
    assert len(cases) == max(len(report.problems), 1)
    assert sum(isinstance(one, junitparser.Failure) for case in cases for one in case.result) == errors
    assert sum(isinstance(one, junitparser.Skipped) for case in cases for one in case.result) == len(report.problems) - errors
    assert (found.tests, found.failures, found.skipped) == (len(cases), errors, len(report.problems) - errors)
    tags = {element.tag for _, element in ElementTree.iterparse(io.BytesIO(made.encode()))}
    assert tags <= {"testsuites", "testsuite", "testcase", "failure", "skipped"}


def test_junit_names_the_place(a_report: Callable[..., Report]) -> None:
    suite = ElementTree.fromstring(junit(a_report()))[0]
    assert suite.attrib == {"name": PATH, "tests": "2", "failures": "1", "skipped": "1"}
    assert suite[1].attrib == {"classname": PATH, "name": "TC002 3:8", "file": PATH, "line": "3"}
    assert suite[1][0].text == str(ERROR)


def test_json(a_report: Callable[..., Report]) -> None:
    whole = json.loads(as_json(a_report(site_url=SITE)))
    assert {name: whole[name] for name in ("version", "checked", "errors", "warnings")} == {
        "version": 1, "checked": "3 bài", "errors": 1, "warnings": 1,
    }  # fmt: skip
    assert whole["problems"][1] == {
        "path": PATH, "line": 3, "column": 8, "end_column": 11, "code": "TC002", "level": "error", "key": "criteria.A2.quote",
        "label": "Tiêu chí đề nghị A2 › Đoạn trích", "says": "Đoạn trích không có trong bài.", "do": "Hãy chép nguyên văn.",
        "fingerprint": ERROR.fingerprint, "url": f"{SITE}quy-tac/#tc002",
    }  # fmt: skip
    assert "Đoạn trích" in as_json(a_report()), "people read it too"
