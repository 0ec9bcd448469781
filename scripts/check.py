#!/usr/bin/env python3
"""Kiểm tra các bài: lỗi nào, ở tệp nào, dòng nào, sửa thế nào."""

import argparse
import datetime as dt
import functools
import os
import re
import sys
import time
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

from exemplars.checking import blocking, check
from exemplars.reading import content_paths, raw_text, read_site
from exemplars.reporting import FORMATS, writer
from exemplars.reporting.progress import Progress
from exemplars.reporting.report import Report

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def main(arguments: list[str] | None = None) -> int:
    """0 no error, 1 errors, 2 misuse."""
    parser = argparse.ArgumentParser(description=__doc__, epilog="Thoát 0: không có lỗi; 1: có lỗi phải sửa; 2: gọi sai cách.")
    parser.add_argument("paths", nargs="*", metavar="ĐƯỜNG_DẪN", help="chỉ báo các tệp, thư mục này (mặc định: tất cả)")
    parser.add_argument("--format", choices=FORMATS, help="dạng kết quả (mặc định: text; trong GitHub Actions, GitLab CI: github, gitlab)")
    parser.add_argument("--today", type=dt.date.fromisoformat, help="coi như hôm nay là ngày này (năm-tháng-ngày)")
    parser.add_argument("--since", metavar="COMMIT", help="chỉ báo các tệp đã đổi kể từ commit này, và lỗi mới mà chỗ đổi gây ra nơi khác")
    parser.add_argument("--root", type=Path, default=ROOT, help="thư mục chứa content/, stories/, campaigns/")
    asked = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):  # Vietnamese whatever the terminal was set to
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    root = asked.root.resolve()
    wanted = content_paths(root, asked.paths)
    for path, inside in zip(asked.paths, wanted, strict=True):
        if not Path(path).exists() or inside is None:
            parser.error(f"không có tệp hay thư mục «{path}» trong {root}")
    progress = Progress(sys.stderr, time.monotonic)
    site, read = read_site(root, asked.today or dt.datetime.now(VIETNAM).date(), progress)
    problems = check(site, read, progress)
    progress.clear()
    changed = frozenset(filter(None, wanted))
    if asked.since:
        from exemplars.changing import NoHistoryError, brought, changes_since  # noqa: PLC0415 - subprocess and tempfile cost every start

        try:
            changes = changes_since(asked.since, root, os.environ)
            problems = brought(problems, changes, site.today)
        except NoHistoryError as error:
            parser.error(str(error))
        changed |= frozenset(changes.paths)
    if wanted:
        problems = [p for p in problems if any(p.path == path or p.path.startswith(f"{path}/") or path == "." for path in wanted)]
    report = Report(
        problems,
        checked=", ".join(filter(None, wanted)) or f"{len(site.stories)} bài, {len(site.campaigns)} phong trào",
        changed=changed,
        source=functools.lru_cache(maxsize=1)(functools.partial(raw_text, root)),
        site=site,
        site_url=_site_url(root),
        colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
    )
    name = asked.format or _format_of_the_forge()
    sys.stdout.write(writer(name)(report))
    if name == "github":
        _summarise(report)
    return 1 if blocking(problems) else 0


def _format_of_the_forge() -> str:
    """What the CI that runs us can show, by the variables that it sets."""
    forges = {"GITHUB_ACTIONS": "github", "GITLAB_CI": "gitlab"}
    return next((name for variable, name in forges.items() if os.environ.get(variable)), "text")


def _summarise(report: Report) -> None:
    """The full list for the page of a GitHub run, where annotations end at ten."""
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8", errors="backslashreplace") as page:
            page.write(writer("markdown")(report))


def _site_url(root: Path) -> str:
    """`site_url` of mkdocs.yml, read without MkDocs; "" while it is unset or an example (RFC 2606), for links would lead nowhere."""
    try:
        found = re.search(r"^site_url: *[\"']?(https?://[^\s\"'#]+/)", (root / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    except (OSError, UnicodeDecodeError):
        return ""
    address = found[1] if found else ""
    return "" if re.match(r"https?://[^/]*\.example(?::\d+)?/", address) else address


if __name__ == "__main__":
    sys.exit(main())
