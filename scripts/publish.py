#!/usr/bin/env python3
"""Đăng trang: dựng riêng, kiểm tra, đưa lên, chuyển một lần, xem lại; hoặc lùi về bản trước. Hỏng chỗ nào thì trang cũ còn nguyên."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import html
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from command import ROOT, Parser
from exemplars import doors
from exemplars.publishing import places, publication
from exemplars.publishing.history import History
from exemplars.publishing.locking import Wait
from exemplars.publishing.receipt import as_json, as_text
from exemplars.publishing.refusal import Busy, Refused
from exemplars.publishing.targets.made import made
from exemplars.reporting.progress import Progress
from exemplars.reporting.saying import complain, say, trouble
from exemplars.storing import Store, write

if TYPE_CHECKING:
    from exemplars.model import Problem, Site
    from exemplars.publishing.receipt import Receipt

DONE, REFUSED, MISUSE, QUARANTINED, BUSY = 0, 1, 2, 3, 75
HUB = re.compile(r"""<(?:atom:)?link[^>]*rel="hub"[^>]*href="([^"]+)"|<(?:atom:)?link[^>]*href="([^"]+)"[^>]*rel="hub\"""")


def main(arguments: list[str] | None = None) -> int:
    """0 done, 1 refused and nothing switched (or told otherwise), 2 misuse, 3 published without some faulty stories, 75 busy."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    root = asked.root.resolve()
    progress = Progress(sys.stderr, time.monotonic)
    try:
        place = places.find(root, asked.target)
    except Refused as error:
        print(error, file=sys.stderr)
        return MISUSE
    except OSError as error:
        complain(f"KHÔNG ĐĂNG. Không đọc được {error.filename} ({error.strerror}). Hãy xem lại quyền đọc tệp rồi chạy lại.")
        return REFUSED
    try:
        return _do(_work(root, place, asked, progress), asked)
    except Busy as error:
        progress.clear()
        complain(error)
        return BUSY
    except Refused as error:
        progress.clear()
        complain(error if error.switched else f"KHÔNG ĐĂNG. {error}")
        return REFUSED
    except OSError as error:
        progress.clear()
        complain(f"KHÔNG ĐĂNG. {trouble(error, place.where)}")
        return REFUSED


def _parser() -> Parser:
    parser = Parser(
        description=__doc__,
        epilog="Thoát 0: xong; 1: không đăng, trang cũ còn nguyên; 2: gọi sai cách; 3: đã đăng, trừ vài bài có lỗi; "
        "70: lỗi của chương trình, xem trang đang có gì bằng --check; 75: người khác đang đăng.",
    )
    add = parser.add_argument
    add("target", metavar="CHỖ_ĐĂNG", help="tên trong publish.yml, hoặc một thư mục (có dấu /)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--dry-run", action="store_true", help="chỉ xem sẽ đăng gì")
    what.add_argument("--list", action="store_true", help="các bản đang giữ ở đó")
    what.add_argument(
        "--check", nargs="?", const="", metavar="BẢN", help="trang đang chạy có đúng từng byte như bản ấy (mặc định: bản đang chạy)"
    )
    what.add_argument("--rollback", nargs="?", const="", metavar="BẢN", help="lùi về bản ấy (mặc định: bản ngay trước), không dựng lại")
    add("--wait", type=float, default=0, metavar="GIÂY", help="chờ người đang đăng bao lâu (mặc định: không chờ)")
    add("--any-commit", action="store_true", help="không so commit với bản đang chạy (kho mới, lịch sử đã viết lại)")
    add("--receipt", type=Path, metavar="TỆP", help="ghi biên nhận (JSON) vào tệp này nữa")
    add("--no-search", action="store_true", help="không làm chỉ mục tìm kiếm")
    add("--root", type=Path, default=ROOT, help="thư mục chứa mkdocs.yml")
    return parser


def _work(root: Path, place: places.Place, asked: argparse.Namespace, progress: Progress) -> publication.Work:
    now = dt.datetime.now(doors.VIETNAM)
    owner = f"{_user()} ở máy {socket.gethostname()} (tiến trình {os.getpid()})"
    options = ["--no-search"] if asked.no_search else []
    return publication.Work(
        root, place, made(place, root, os.environ), History(root, os.environ),
        build=lambda source, folder: _build(source, folder, options),
        judge=lambda source: _judge(source, root, now.date()),
        wait=Wait(owner, asked.wait, time.time), day=now.date(), hour=now.strftime("%Y-%m-%dT%H:%M:%S"),
        seen=progress, tell=_tell, any_commit=asked.any_commit, dry_run=asked.dry_run, jobs=os.cpu_count() or 1,
    )  # fmt: skip


def _do(work: publication.Work, asked: argparse.Namespace) -> int:
    if asked.list:
        return _list(work)
    if asked.check is not None:
        return _check(work, asked.check)
    done = publication.publish(work) if asked.rollback is None else publication.roll_back(work, asked.rollback)
    if isinstance(work.seen, Progress):
        work.seen.clear()
    fault = _kept(asked.receipt, done) if asked.receipt else ""
    say(as_text(done).removesuffix("\n"))
    if fault:
        complain(f"Mọi việc khác đã xong như trên, nhưng chưa ghi được biên nhận vào {asked.receipt} ({fault}). Hãy chọn chỗ ghi khác.")
        return REFUSED
    return QUARANTINED if done.release.kept and asked.rollback is None else DONE


def _kept(path: Path, done: Receipt) -> str:
    """Writes the receipt there as well; gives what went wrong."""
    try:
        write(path.resolve(), as_json(done))
    except OSError as error:
        return str(error)
    return ""


def _list(work: publication.Work) -> int:
    live, found = work.target.live(), work.target.releases()
    for one in found:
        mark = "đang chạy" if live and one.id == live.id else "đã lùi khỏi" if one.retired else ""
        shown = sum(not told.gone for told in one.stories.values())
        print(
            f"số {one.serial}  {one.id}  commit {(one.commit or 'không có')[:12]}  {shown} câu chuyện, {len(one.files)} tệp  {mark}".rstrip()
        )
    if not found:
        print(f"{work.target.where} chưa có bản nào.")
    return DONE


def _check(work: publication.Work, wanted: str) -> int:
    faults = publication.check(work, wanted)
    live = work.target.live()
    if isinstance(work.seen, Progress):
        work.seen.clear()
    if faults:
        print(*faults, sep="\n", file=sys.stderr)
        return REFUSED
    print(f"Đúng từng byte: bản số {live.serial}, mã {live.id}, {len(live.files)} tệp." if live else "")
    return DONE


def _build(root: Path, folder: Path, options: list[str]) -> str:
    """In a process of its own, as everybody builds."""
    command = [sys.executable, str(ROOT / "scripts" / "build.py"), "--root", str(root), "--release", str(folder), *options]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", env=environment, check=False)  # noqa: S603
    return (done.stderr.strip() or f"scripts/build.py dừng với mã {done.returncode}.") if done.returncode else ""


def _judge(source: Path, root: Path, today: dt.date) -> tuple[Site, list[Problem]]:
    """As the build judges: reading, photos, rules."""
    from exemplars import checking, reading  # noqa: PLC0415 - a rollback judges nothing, and is in haste
    from exemplars.building.pictures import sizes_of  # noqa: PLC0415

    site, problems = reading.read_site(source, today)
    _, faulty = sizes_of(site.stories, source, Store(root / ".cache" / "store"), 1)
    return site, checking.check(site, [*problems, *faulty])


def _user() -> str:
    """Who publishes; the number where the system cannot tell the name just now."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"người dùng số {os.getuid()}"


def _tell(site: Path) -> tuple[str, ...]:
    """Tells the hub that the feeds name, if they name one."""
    found = HUB.search((site / "atom.xml").read_text(encoding="utf-8"))
    if not found:
        return ()
    import websub  # noqa: PLC0415 - only where a hub is named

    topics = websub.topics(site)
    faults = websub.ping(html.unescape(found[1] or found[2]), topics)
    return tuple(faults) or (f"Đã báo máy chủ WebSub: {len(topics)} nguồn tin.",)


if __name__ == "__main__":
    sys.exit(main())
