#!/usr/bin/env python3
"""Kiểm tra các bài: lỗi nào, ở tệp nào, dòng nào, sửa thế nào."""

import argparse
import datetime as dt
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

from exemplars.checking import blocking
from exemplars.reading import content_paths
from exemplars.remembering import check
from exemplars.reporting import FORMATS

VIETNAM = dt.timezone(dt.timedelta(hours=7))  # since 1975, without summer time; `zoneinfo` takes 3 ms to import


def main(arguments: list[str] | None = None) -> int:
    """0 no error, 1 errors, 2 misuse."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="Thoát 0: không có lỗi; 1: có lỗi phải sửa; 2: gọi sai cách.")
    parser.add_argument("paths", nargs="*", metavar="ĐƯỜNG_DẪN", help="chỉ báo các tệp, thư mục này (mặc định: tất cả)")
    parser.add_argument("--format", choices=sorted(FORMATS), default="text", help="dạng kết quả (mặc định: text)")
    parser.add_argument("--today", type=dt.date.fromisoformat, help="coi như hôm nay là ngày này (năm-tháng-ngày)")
    parser.add_argument("--root", type=Path, default=ROOT, help="thư mục chứa content/, stories/, campaigns/")
    asked = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):  # Vietnamese whatever the terminal was set to
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    root = asked.root.resolve()
    wanted = content_paths(root, asked.paths)
    for path, inside in zip(asked.paths, wanted, strict=True):
        if not Path(path).exists() or inside is None:
            parser.error(f"không có tệp hay thư mục «{path}» trong {root}")
    site, problems = check(root, asked.today or dt.datetime.now(VIETNAM).date(), root / ".cache")
    if wanted:
        problems = [p for p in problems if any(p.path == path or p.path.startswith(f"{path}/") or path == "." for path in wanted)]
    checked = ", ".join(filter(None, wanted)) or f"{len(site.stories)} bài, {len(site.campaigns)} phong trào"
    sys.stdout.write(FORMATS[asked.format](problems, checked))
    return 1 if blocking(problems) else 0


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # to take the memory of 10,000 stories apart, piece by piece, would be a tenth of the time
