#!/usr/bin/env python3
"""Kiểm tra các bài: lỗi nào, ở tệp nào, dòng nào, sửa thế nào."""

import datetime as dt
import functools
import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from command import ROOT, Parser, day
from exemplars import doors
from exemplars.checking import blocking
from exemplars.model import Edit, Problem, Site
from exemplars.reading import content_paths, raw_text
from exemplars.remembering import check
from exemplars.reporting import FORMATS, writer
from exemplars.reporting.progress import Progress
from exemplars.reporting.report import Report
from exemplars.reporting.saying import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exemplars.rewriting import Rewrites

CONTENT = ("stories", "campaigns", "content")


def main(arguments: list[str] | None = None) -> int:
    """0 no error, 1 errors (with --fix --diff: something to mend), 2 misuse."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    root = asked.root.resolve()
    # as seen from here, else from the site: a path is often copied from a message
    typed = [path if Path(path).exists() else str(root / path) for path in asked.paths]
    wanted = content_paths(root, typed)
    for path, seen, found in zip(asked.paths, typed, wanted, strict=True):
        if not Path(seen).exists() or found is None:
            parser.error(f"không có tệp hay thư mục «{path}» trong {root}")
        if found != "." and found.split("/")[0] not in CONTENT:
            print(f"«{path}» không thuộc phần nội dung ({', '.join(CONTENT)}), nên không có gì để kiểm.", file=sys.stderr)
    if (asked.diff or asked.approved) and not asked.fix:
        parser.error("--diff và --approved đi cùng --fix")
    inside, today = [_unit(path) for path in wanted if path], asked.today or doors.today()
    if asked.fix:
        within = inside if asked.since is None else _changed(root, asked.since, inside)
        try:
            nothing = asked.since is not None and not within
            done = None if nothing else _fix(root, today, within, diff_only=asked.diff, approved=asked.approved)
        except OSError as error:
            says = f"Không ghi được {error.filename or root} ({error.strerror or error}). Hãy xem lại quyền ghi rồi chạy lại."
            print(says, file=sys.stderr)
            return 1
        if asked.diff:
            return int(bool(done and (done.rewrites or done.folders)))
        inside = [_renamed(path, done.folders) for path in inside] if done else inside
    return _check(root, today, inside, asked.since, asked.format or _format_of_the_forge())


def _parser() -> Parser:
    parser = Parser(description=__doc__, epilog="Thoát 0: không có lỗi; 1: có lỗi phải sửa; 2: gọi sai cách; 70: lỗi của chương trình.")
    add = parser.add_argument
    add("paths", nargs="*", metavar="ĐƯỜNG_DẪN", help="chỉ báo các tệp, thư mục này (mặc định: tất cả)")
    add("--format", choices=FORMATS, help="dạng kết quả (mặc định: text; trong GitHub Actions, GitLab CI: github, gitlab)")
    add("--today", type=day, help="coi như hôm nay là ngày này")
    add("--since", metavar="COMMIT", help="chỉ báo các tệp đã đổi kể từ commit này, và lỗi mới mà chỗ đổi gây ra nơi khác")
    add("--fix", action="store_true", help="tự sửa những lỗi chỉ có một cách sửa, rồi kiểm tra lại")
    add("--diff", action="store_true", help="với --fix: chỉ cho xem sẽ sửa gì, không ghi; thoát 1 nếu có gì để sửa")
    add("--approved", action="store_true", help="với --fix: sửa cả chỗ làm đổi nội dung Hội đồng đã duyệt")
    add("--root", type=Path, default=ROOT, help="thư mục chứa content/, stories/, campaigns/")
    return parser


def _changed(root: Path, since: str, wanted: list[str]) -> list[str]:
    """What changed since the commit, within the wanted paths (none: the whole site)."""
    from exemplars.changing import NoHistoryError, changes_since  # noqa: PLC0415 - subprocess and tempfile cost every start

    try:
        paths = sorted(changes_since(since, root, os.environ).paths)
    except NoHistoryError as error:
        _parser().error(str(error))
    return [path for path in paths if not wanted or any(one in {".", path} or path.startswith(f"{one}/") for one in wanted)]


def _check(root: Path, today: dt.date, wanted: list[str], since: str | None, format_: str) -> int:
    """Checks, and writes the report; 1 when there are errors."""
    progress = Progress(sys.stderr, time.monotonic)
    try:
        site, problems = check(root, today, root / ".cache", progress, doors.jobs())
    except OSError as error:
        from exemplars.reporting.saying import complain, trouble  # noqa: PLC0415 - only for errors

        progress.clear()
        complain(trouble(error, root))
        return 1
    progress.clear()
    changed = frozenset(wanted)
    if since is not None:
        from exemplars.changing import NoHistoryError, brought, changes_since  # noqa: PLC0415 - subprocess and tempfile cost every start

        try:
            changes = changes_since(since, root, os.environ)
            problems = brought(problems, changes, today)
        except NoHistoryError as error:
            _parser().error(str(error))
        changed |= frozenset(changes.paths)
    if wanted:
        problems = [p for p in problems if any(p.path == path or p.path.startswith(f"{path}/") or path == "." for path in wanted)]
    report = Report(
        problems,
        checked=", ".join(wanted) or f"{len(site.stories)} bài, {len(site.campaigns)} phong trào",
        changed=changed,
        source=functools.lru_cache(maxsize=1)(functools.partial(raw_text, root)),
        site=site,
        site_url=_site_url(root),
        colour=sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb",
        edits=_edits(root, site, problems) if format_ == "rdjson" else {},
    )
    say(writer(format_)(report).removesuffix("\n"))
    if format_ == "github":
        _summarise(report)
    return 1 if blocking(problems) else 0


def _edits(root: Path, site: Site, problems: list[Problem]) -> dict[str, tuple[Edit, ...]]:
    """What `--fix` would write in the files that have problems, as suggestions."""
    from exemplars.repairing import edits  # noqa: PLC0415 - only suggestions need it

    texts = {path: raw_text(root, path) for path in sorted({problem.path for problem in problems})}
    return {path: edits(path, text, site) for path, text in texts.items() if text}


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


def _renamed(path: str, folders: "Mapping[str, str]") -> str:
    """Where a path leads since folders got other names."""
    old = next((old for old in folders if path == old or path.startswith(f"{old}/")), "")
    return folders[old] + path.removeprefix(old) if old else path


def _unit(path: str) -> str:
    """What problems are told of: a photo's or paper's are those of its story."""
    return path.rpartition("/")[0] if path.startswith("stories/") and not path.endswith((".md", ".yml")) and path.count("/") > 2 else path  # noqa: PLR2004


def _fix(root: Path, today: dt.date, wanted: list[str], *, diff_only: bool, approved: bool) -> "Rewrites":
    """Carry out the repairs, or show them. What is said goes to stderr: stdout is the report's, or the diff's."""
    from exemplars.rewriting import diff, rewrites, told, write  # noqa: PLC0415 - a mere check does without

    found = rewrites(root, today, wanted, approved=approved)
    if diff_only:
        sys.stdout.write(diff(root, found))
    else:
        found = write(root, found)
    sys.stderr.write(told(found, written=not diff_only))
    return found


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # to take the memory of 10,000 stories apart, piece by piece, would be a tenth of the time
