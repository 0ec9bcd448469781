#!/usr/bin/env python3
"""Gỡ một bài đã đăng: ghi mục `withdrawn` vào bài (không xóa thư mục), hoặc soát xem trang đã dựng còn sót gì của bài đã gỡ."""

import argparse
import stat
import sys
from pathlib import Path

from command import ROOT, Parser, day
from exemplars import doors, traces
from exemplars.checking import check
from exemplars.linking import story_address
from exemplars.listing import Shelf
from exemplars.model import WITHDRAWALS, Problem, Site, Story, Withdrawal
from exemplars.reading import content_paths, read_site
from exemplars.reporting.report import plain
from exemplars.rules.personal_data import leaks
from exemplars.storing import write
from exemplars.vietnamese import clean
from exemplars.withdrawing import Refused, called, refusals, withdrawn

STAMP, CURRENT = "build.json", "current"  # what every finished build has · what readers of a published folder are shown
CHECK = ".venv/bin/python scripts/withdraw.py --check"
MOST = 20  # lines of what is left


def main(arguments: list[str] | None = None) -> int:
    """0 written, or nothing left; 1 refused, or something left; 2 misuse."""
    parser = Parser(description=__doc__)
    parser.add_argument("story", metavar="BÀI", nargs="?", help="thư mục hoặc mã của bài, ví dụ stories/2020/ho-so-tra-trong-ngay")
    parser.add_argument("--kind", choices=WITHDRAWALS, help="error đăng nhầm · consolidated gộp vào bài khác · withdrawn rút")
    parser.add_argument("--reason", default="", help="một câu lý do, hiện cho mọi người đọc ở địa chỉ cũ; không nêu tên ai")
    parser.add_argument("--see", default="", metavar="MÃ", help="mã của bài thay thế (cần với consolidated)")
    parser.add_argument("--date", type=day, metavar="NGÀY", help="ngày gỡ, năm-tháng-ngày hoặc ngày/tháng/năm (mặc định: hôm nay)")
    parser.add_argument("--check", type=Path, nargs="?", const=ROOT / "site", metavar="TRANG", help="soát trang đã dựng (mặc định: site/)")
    parser.add_argument("--today", type=day, help=argparse.SUPPRESS)
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    root, today = asked.root.resolve(), asked.today or doors.today()
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


def _wanted(root: Path, site: Site, typed: str) -> tuple[str, Story | None]:
    path = (content_paths(root, [typed])[0] or "").removesuffix("/index.md") + "/index.md"
    return path, site.find("stories", typed) or next((one for one in site.stories if one.origin.path == path), None)


def _withdraw(root: Path, site: Site, problems: list[Problem], story: Story, what: Withdrawal) -> int:
    path = story.origin.path
    refused = list(refusals(story, what, site, site.today))
    refused += [
        f"Lý do có {kind} («{masked}»), mà ai cũng đọc được. Hãy viết lại câu ấy." for kind, _, masked in leaks(what.reason.encode())
    ]
    if not refused:
        try:
            before, mode = (root / path).read_bytes(), stat.S_IMODE((root / path).stat().st_mode)
            text = withdrawn(before.decode(), what)
        except (Refused, UnicodeDecodeError) as error:
            refused = [str(error)]
    if refused:
        print(*(f"{path}: {plain(one)}" for one in refused), "Chưa ghi gì.", sep="\n", file=sys.stderr)
        return 1
    write(root / path, text.encode(), mode)
    after, read = read_site(root, site.today)
    found = after.find("stories", story.id)
    if found is None or found.withdrawn != what:
        write(root / path, before, mode)
        print(f"{path}: phần khai báo còn lỗi nên mục `withdrawn` chưa đọc được; đã trả tệp về như cũ. Hãy sửa lỗi trước:", file=sys.stderr)
        print(*(plain(str(one)) for one in read if one.path == path), sep="\n", file=sys.stderr)
        return 1
    _told(root, found, after, set(check(after, read)) - set(check(site, problems)))
    return 0


def _told(root: Path, story: Story, site: Site, problems: set[Problem]) -> None:
    """What was done, what people must look at, and what comes next."""
    print(f"Đã ghi mục `withdrawn` vào {story.origin.path}. Thư mục của bài vẫn còn: đừng xóa.")
    for problem in sorted(problems):
        print(f"{'Lỗi' if problem.level == 'error' else 'Nhắc'}: {plain(str(problem))}")
    if story.withdrawn and (said := called(story, story.withdrawn.reason)):
        print(
            f"Nhắc: lý do gọi «{said}», mà lời báo gỡ thì ai cũng đọc được. Nếu đó là nhân vật, hãy sửa `reason` trong {story.origin.path}."
        )
    for mention in traces.mentions(root, Shelf(site), story):
        print(plain(str(mention)))
    print(
        "Việc tiếp theo:\n"
        f"1. {'Xem các chỗ nêu trên (chỗ nào ghi «Lỗi» thì phải sửa), rồi đ' if problems else 'Đ'}ưa thay đổi này vào nhánh chính và đăng lại trang (make publish TARGET=<tên nơi đăng>). "
        f"Ở địa chỉ {story_address(story)} sẽ chỉ còn lời báo đã gỡ.\n"
        f"2. Soát bản vừa đăng: {CHECK} <nơi đăng>/{CURRENT} (nơi đăng: mục `where` trong publish.yml). "
        f"Đăng lên máy khác thì soát site/: chạy `make site` trước, rồi {CHECK}\n"
        "3. Lịch sử của kho vẫn giữ bài cũ. Cần xóa cả lịch sử thì đọc mục «Xóa khỏi lịch sử của kho» trong CONTRIBUTING.md."
    )


def _checked(parser: Parser, root: Path, built: Path, site: Site) -> int:
    if not (built / STAMP).is_file():
        parser.error(f"{built} không có {STAMP}, nên không phải một trang đã dựng xong. {_where(root, built)}")
    shelf = Shelf(site)
    left = traces.traces(root, built, shelf)
    if not left:
        count = sum(story.withdrawn is not None for story in site.stories)
        print(f"Đã soát {count} bài đã gỡ: ngoài lời báo ở địa chỉ cũ, trang không còn tên, chữ hay ảnh nào của các bài ấy.")
        return 0
    said = traces.grouped(left)
    print(*(plain(line) for line, _ in said[:MOST]), sep="\n", file=sys.stderr)
    if rest := sum(count for _, count in said[MOST:]):
        print(f"… và {rest} chỗ nữa trong {len({one.path for one in left[-rest:]})} tệp.", file=sys.stderr)
    before = [story.origin.path for story in traces.stands_still(built, shelf)]
    if before:
        more = f" và {len(before) - 1} bài nữa" if len(before) > 1 else ""
        print(f"{built} dựng từ trước khi gỡ: ở địa chỉ của {before[0]}{more} vẫn là chính bài ấy, chưa phải lời báo.", file=sys.stderr)
    print(f"Còn sót {len(left)} chỗ. {_mended(root, built, early=bool(before))}", file=sys.stderr)
    return 1


def _where(root: Path, built: Path) -> str:
    """How a folder is named that can be looked through."""
    if _own(root, built):
        return "Hãy chạy `make site` trước."
    if (built / CURRENT / STAMP).is_file():
        return f"Bản đang đăng là {built / CURRENT}: hãy ghi thư mục ấy sau --check."
    return f"Hãy ghi thư mục đã dựng: <nơi đăng>/{CURRENT} nếu đã đăng, hoặc site/ sau khi chạy `make site`."


def _mended(root: Path, built: Path, *, early: bool) -> str:
    """What to do about what is left; nothing that could take a published folder from its readers."""
    if not _own(root, built):
        return (
            f"Đừng xóa gì trong {built}: có thể độc giả đang xem chính thư mục này. Hãy đăng lại (make publish TARGET=<tên nơi đăng>) "
            "rồi soát lại; đăng rồi mà vẫn còn thì báo người phụ trách kỹ thuật."
        )
    return f"Hãy {'' if early else f'xóa {built}, '}chạy `make site` rồi soát lại."


def _own(root: Path, built: Path) -> bool:
    """Whether it is the folder that `make site` fills, which nobody but this machine looks at."""
    return built.resolve() == (root / "site").resolve()


if __name__ == "__main__":
    sys.exit(main())
