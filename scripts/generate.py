#!/usr/bin/env python3
"""Viết lại những gì sinh từ schema: phần khai báo mẫu trong CONTRIBUTING.md, content/data/schema.json và report.schema.json."""

import re
import sys
from pathlib import Path

from command import ROOT, Parser
from exemplars.describing import RECORDS, annotated, json_schema
from exemplars.reporting import as_json

BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- /generated -->)", re.DOTALL)


def generated(root: Path) -> dict[Path, str]:
    """The files that are made from the schema, with what they should hold."""
    guide = root / "CONTRIBUTING.md"
    filled = BLOCK.sub(lambda m: f"{m[1]}```yaml\n{annotated(RECORDS[m[2]])}\n```\n{m[3]}", guide.read_text(encoding="utf-8"))
    data = root / "content" / "data"
    return {guide: filled, data / "schema.json": json_schema(), data / "report.schema.json": as_json.schema()}


def main(arguments: list[str] | None = None) -> int:
    """0 fresh or rewritten, 1 stale with --check."""
    parser = Parser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="chỉ kiểm, không ghi; thoát 1 nếu đã cũ")
    asked = parser.parse_args(arguments)
    stale = {path: text for path, text in generated(ROOT).items() if not path.exists() or path.read_text(encoding="utf-8") != text}
    for path, text in stale.items():
        if not asked.check:
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{'đã cũ, hãy chạy scripts/generate.py' if asked.check else 'đã viết lại'}: {path.relative_to(ROOT)}")
    return 1 if stale and asked.check else 0


if __name__ == "__main__":
    sys.exit(main())
