"""JSON for programs; `SCHEMA` describes it and is published as `content/data/report.schema.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from exemplars.reporting.report import fingerprints, plain

if TYPE_CHECKING:
    from exemplars.model import Problem
    from exemplars.reporting.report import Report

VERSION = 1


def as_json(report: Report) -> str:
    """All problems, by place; a key that does not apply is there and empty, so that every row has the same keys."""
    rows = [_row(problem, one, report) for problem, one in zip(report.problems, fingerprints(report.problems), strict=True)]
    errors = sum(problem.level == "error" for problem in report.problems)
    counts = {"errors": errors, "warnings": len(rows) - errors}
    whole = {"version": VERSION, "checked": plain(report.checked), **counts, "problems": rows}
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _row(problem: Problem, fingerprint: str, report: Report) -> dict[str, Any]:
    return {
        "path": plain(problem.path), "line": problem.line, "column": problem.column, "end_column": problem.end or None,
        "code": problem.code, "level": problem.level, "key": plain(problem.key), "label": plain(problem.label),
        "says": plain(problem.says), "do": plain(problem.do), "fingerprint": fingerprint, "url": report.link(problem.code),
    }  # fmt: skip


def _text(said: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": said, **more}


def _number(said: str, least: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": least, "description": said}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": list(properties), "properties": properties}


PROBLEM = _object(
    {
        "path": _text("tệp, tính từ gốc kho, dùng dấu /", minLength=1),
        "line": _number("dòng, đếm từ 1", 1),
        "column": _number("cột, đếm ký tự từ 1", 1),
        "end_column": {"type": ["integer", "null"], "minimum": 2, "description": "cột ngay sau chữ được nói tới; null khi không rõ"},
        "code": _text("mã quy tắc", pattern="^[A-Z]{2}[0-9]{3}$"),
        "level": {"enum": ["error", "warning"], "description": "error: phải sửa; warning: nhắc"},
        "key": _text("mục, như photos[1].alt, thứ tự đếm từ 1; trống khi nói về thân bài"),
        "label": _text("tên mục bằng tiếng Việt"),
        "says": _text("điều thấy được", minLength=1),
        "do": _text("việc cần làm"),
        "fingerprint": _text("dấu nhận biết, không đổi khi dòng xê dịch; mỗi điều một dấu", pattern="^[0-9a-f]{32}(-[0-9]+)?$"),
        "url": _text("chỗ giải thích quy tắc; trống khi trang chưa có địa chỉ"),
    }
)
SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Gương sáng: kết quả của scripts/check.py --format json",
    **_object(
        {
            "version": {"const": VERSION},
            "checked": _text("những gì đã kiểm"),
            "errors": _number("số lỗi phải sửa", 0),
            "warnings": _number("số nhắc nhở", 0),
            "problems": {"type": "array", "items": PROBLEM},
        }
    ),
}


def schema() -> str:
    return json.dumps(SCHEMA, ensure_ascii=False, indent=1) + "\n"
