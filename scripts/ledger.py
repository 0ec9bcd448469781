#!/usr/bin/env python3
"""Ghi thêm vào sổ địa chỉ (content/data/published.txt) những bài đang đăng; đăng bằng publish.py thì sổ đã được ghi, không cần lệnh này."""

import argparse
import sys
from pathlib import Path

from command import ROOT, Parser
from exemplars import doors, ledger
from exemplars.checking import blocking, check
from exemplars.listing import Shelf
from exemplars.model import LEDGER
from exemplars.publishing import addresses
from exemplars.reading import read_site
from exemplars.storing import write


def main(arguments: list[str] | None = None) -> int:
    """0 up to date, 1 the content has errors and nothing was written."""
    parser = Parser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    root = parser.parse_args(arguments).root.resolve()
    site, problems = read_site(root, doors.today())
    errors = blocking(check(site, problems))
    if errors:
        print(*errors, f"{len(errors)} lỗi phải sửa, chưa ghi sổ địa chỉ.", sep="\n", file=sys.stderr)
        return 1
    new = ledger.additions(Shelf(site))
    if new:
        path = root / LEDGER
        write(path, addresses.additions(path.read_text(encoding="utf-8") if path.is_file() else "", new).encode())
    print(f"Sổ địa chỉ: thêm {len(new)} dòng." if new else "Sổ địa chỉ đã đủ.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
