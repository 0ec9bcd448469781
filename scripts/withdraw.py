#!/usr/bin/env python3
"""Gỡ một bài đã đăng: ghi mục `withdrawn` vào bài (không xóa thư mục), hoặc soát xem trang đã dựng còn sót gì của bài đã gỡ."""

import argparse
import datetime as dt
import re
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "hooks"))

from exemplars import traces
from exemplars.building import write
from exemplars.checking import check
from exemplars.linking import story_address
from exemplars.listing import Shelf
from exemplars.model import WITHDRAWALS, Problem, Site, Story, Withdrawal
from exemplars.reading import content_paths, read_site
from exemplars.reporting.report import plain
from exemplars.vietnamese import clean
from exemplars.withdrawing import Refused, refusals, withdrawn

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def main(arguments: list[str] | None = None) -> int:
    """0 written, or nothing left; 1 refused, or something left; 2 misuse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("story", metavar="BÀI", nargs="?", help="thư mục hoặc mã của bài, ví dụ stories/2020/ho-so-tra-trong-ngay")
    parser.add_argument("--kind", choices=WITHDRAWALS, help="error đăng nhầm · consolidated gộp vào bài khác · withdrawn rút")
    parser.add_argument("--reason", default="", help="một câu lý do, hiện cho mọi người đọc ở địa chỉ cũ; không nêu tên ai")
    parser.add_argument("--see", default="", metavar="MÃ", help="mã của bài thay thế (cần với consolidated)")
    parser.add_argument("--date", type=_day, metavar="NGÀY", help="ngày gỡ, năm-tháng-ngày hoặc ngày/tháng/năm (mặc định: hôm nay)")
    parser.add_argument("--check", type=Path, nargs="?", const=ROOT / "site", metavar="TRANG", help="soát trang đã dựng (mặc định: site/)")
    parser.add_argument("--today", type=_day, help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):  # Vietnamese whatever the terminal was set to
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    root, today = asked.root.resolve(), asked.today or dt.datetime.now(VIETNAM).date()
    site, problems = read_site(root, today)
    if asked.check and not asked.story:
        return _checked(parser, root, asked.check, site)
    if not asked.story or not asked.kind or asked.check:
        parser.error("cần BÀI và --kind để gỡ một bài, hoặc --check để soát trang đã dựng")
    path, story = _wanted(root, site, asked.story)
    if story is None:
        for problem in (one for one in problems if one.path == path):
            print(plain(str(problem)), file=sys.stderr)
        print(f"Không đọc được bài nào ở «{plain(asked.story)}». Hãy ghi thư mục (stories/năm/tên-bài) hoặc mã của bài.", file=sys.stderr)
        return 1
    what = Withdrawal(asked.date or today, asked.kind, clean(" ".join(asked.reason.split())), asked.see)
    return _withdraw(root, site, problems, story, what)


def _day(typed: str) -> dt.date:
    other = re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})", typed)
    try:
        return dt.date(*map(int, reversed(other.groups()))) if other else dt.date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"«{typed}» không phải là ngày; hãy ghi như 2020-11-20 hoặc 20/11/2020") from None


def _wanted(root: Path, site: Site, typed: str) -> tuple[str, Story | None]:
    path = (content_paths(root, [typed])[0] or "").removesuffix("/index.md") + "/index.md"
    return path, site.find("stories", typed) or next((one for one in site.stories if one.origin.path == path), None)


def _withdraw(root: Path, site: Site, problems: list[Problem], story: Story, what: Withdrawal) -> int:
    path = story.origin.path
    refused = list(refusals(story, what, site, site.today))
    if not refused:
        try:
            text = withdrawn((root / path).read_bytes().decode(), what)
        except (Refused, UnicodeDecodeError) as error:
            refused = [str(error)]
    if refused:
        print(*(f"{path}: {plain(one)}" for one in refused), "Chưa ghi gì.", sep="\n", file=sys.stderr)
        return 1
    write(root / path, text.encode())
    after, read = read_site(root, site.today)
    found = after.find("stories", story.id)
    if found is None or found.withdrawn != what:
        write(root / path, _before(text, what).encode())
        print(f"{path}: phần khai báo còn lỗi nên mục `withdrawn` chưa đọc được; đã trả tệp về như cũ. Hãy sửa lỗi trước:", file=sys.stderr)
        print(*(plain(str(one)) for one in read if one.path == path), sep="\n", file=sys.stderr)
        return 1
    _told(root, found, after, set(check(after, read)) - set(check(site, problems)))
    return 0


def _before(text: str, what: Withdrawal) -> str:
    """The text without the block just written."""
    block = withdrawn("---\n---\n", what).removeprefix("---\n").removesuffix("---\n")
    return text.replace(block, "", 1) if block in text else text.replace(block.replace("\n", "\r\n"), "", 1)


def _told(root: Path, story: Story, site: Site, problems: set[Problem]) -> None:
    """What was done, what people must look at, and what comes next."""
    print(f"Đã ghi mục `withdrawn` vào {story.origin.path}. Thư mục của bài vẫn còn: đừng xóa.")
    for problem in sorted(problems):
        print(plain(str(problem)))
    for mention in traces.mentions(root, Shelf(site), story):
        print(plain(str(mention)))
    print(
        "Việc tiếp theo:\n"
        f"1. {'Xem các chỗ nêu trên (chỗ nào ghi là lỗi thì phải sửa), rồi đ' if problems else 'Đ'}ưa thay đổi này vào nhánh chính và đăng lại trang (make publish). "
        f"Ở địa chỉ {story_address(story)} sẽ chỉ còn lời báo đã gỡ.\n"
        f"2. Soát trang vừa dựng: {Path(sys.executable).name} scripts/withdraw.py --check\n"
        "3. Lịch sử của kho vẫn giữ bài cũ. Cần xóa cả lịch sử thì đọc mục «Xóa khỏi lịch sử của kho» trong CONTRIBUTING.md."
    )


def _checked(parser: argparse.ArgumentParser, root: Path, built: Path, site: Site) -> int:
    if not (built / "build.json").is_file():
        parser.error(f"{built} chưa dựng xong. Hãy chạy `make site` trước.")
    shelf = Shelf(site)
    left = traces.traces(root, built, shelf)
    for trace in left:
        print(plain(str(trace)), file=sys.stderr)
    count = sum(story.withdrawn is not None for story in site.stories)
    if left:
        print(f"Còn sót {len(left)} chỗ. Hãy dựng lại vào thư mục trống (xóa {built}, rồi make site) và soát lại.", file=sys.stderr)
        return 1
    print(f"Đã soát {count} bài đã gỡ: ngoài lời báo ở địa chỉ cũ, trang không còn tên, chữ hay ảnh nào của các bài ấy.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
