#!/usr/bin/env python3
"""Dựng lại một bản đã dựng từ đúng commit của nó, trong bản lấy mới của kho, và so từng tệp."""

import argparse
import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from command import ROOT, Parser
from exemplars.packing import FORMS
from exemplars.publishing.quarantine import Stub
from exemplars.publishing.release import Release, read
from exemplars.reading import read_site
from exemplars.reporting.report import plain
from exemplars.storing import walk

STAMP = "build.json"
MOST = 20  # differing files told by name


def main(arguments: list[str] | None = None) -> int:
    """0 the same, 1 not the same or not to be rebuilt, 2 misuse."""
    parser = Parser(description=__doc__)
    parser.add_argument(
        "site",
        type=Path,
        nargs="?",
        default=ROOT / "site",
        metavar="BẢN",
        help="thư mục đã dựng hay bản đã đăng, hoặc tệp build.json của nó",
    )
    parser.add_argument("--root", type=Path, default=ROOT, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    stamp_file = asked.site if asked.site.is_file() else asked.site / STAMP
    try:
        stamp = json.loads(stamp_file.read_text(encoding="utf-8"))
        wanted, commit = str(stamp["tree_sha256"]), stamp["commit"]
    except (OSError, ValueError, KeyError, TypeError):
        parser.error(f"không đọc được {stamp_file}. Hãy ghi thư mục đã dựng xong, có {STAMP}.")
    if stamp.get("preview") or not commit:
        print(
            f"{stamp_file}: bản {'xem trước' if stamp.get('preview') else 'dựng ngoài kho git'} thì không gắn với commit nào để dựng lại.",
            file=sys.stderr,
        )
        return 1
    with tempfile.TemporaryDirectory(prefix="dung-lai-") as scratch, _checked_out(asked.root.resolve(), str(commit), Path(scratch)) as kho:
        if isinstance(kho, str):
            print(kho, file=sys.stderr)
            return 1
        return _compared(asked.root.resolve(), kho, stamp, wanted, asked.site)


@contextlib.contextmanager
def _checked_out(root: Path, commit: str, scratch: Path) -> Iterator[Path | str]:
    """The commit in a worktree of its own, or why it cannot be had."""
    place = scratch / "kho"
    command = ["git", "-C", str(root), "worktree", "add", "--quiet", "--detach", str(place), commit]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        yield f"Không lấy được commit {plain(commit)} từ kho này: {plain(done.stderr.strip())}. Hãy lấy đủ lịch sử (git fetch --unshallow) rồi chạy lại."
        return
    try:
        yield place
    finally:
        subprocess.run(["git", "-C", str(root), "worktree", "remove", "--force", str(place)], capture_output=True, check=False)  # noqa: S603, S607


def _compared(root: Path, kho: Path, stamp: Any, wanted: str, site: Path) -> int:
    locks = [name for name in ("requirements.txt", "requirements-feedgen.txt") if _read(root / name) != _read(kho / name)]
    if locks:
        print(
            f"Thư viện của commit ấy khóa khác hiện nay ({', '.join(locks)}): dựng bằng thư viện hiện có, khác nhau có thể do đó.",
            file=sys.stderr,
        )
    release = _release(site if site.is_dir() else site.parent)
    kept = {folder: one._asdict() for folder, one in release.kept.items()} if release else stamp.get("kept", {})
    for folder, instead in kept.items():
        fault = _stands_instead(kho, folder, instead)
        if fault:
            print(fault, file=sys.stderr)
            return 1
    command = [sys.executable, str(kho / "scripts/build.py"), "--root", str(kho)]
    done = subprocess.run(command, cwd=kho, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        print(f"Commit {stamp['commit'][:12]} không dựng lại được:\n{plain(done.stderr.strip())}", file=sys.stderr)
        return 1
    rebuilt = json.loads((kho / "site" / STAMP).read_text(encoding="utf-8"))
    different = list(_different(kho / "site", site)) if site.is_dir() else []
    if rebuilt["tree_sha256"] == wanted and not different:
        print(f"Trùng khớp: {rebuilt['files']} tệp, mã {wanted[:16]}, commit {stamp['commit'][:12]}.")
        return 0
    print(f"Không trùng: {STAMP} ghi mã {wanted[:16]}, dựng lại được {rebuilt['tree_sha256'][:16]}.", file=sys.stderr)
    print(*different[:MOST], sep="\n", file=sys.stderr)
    if len(different) > MOST:
        print(f"… và {len(different) - MOST} tệp nữa.", file=sys.stderr)
    return 1


def _stands_instead(kho: Path, folder: str, kept: Any) -> str:
    """Lays down what was published instead of a faulty story; or says why that cannot be had."""
    path = f"stories/{folder}"
    if kept["how"] == "kept":
        command = ["git", "-C", str(kho), "restore", "--source", str(kept["commit"]), "--worktree", "--", path]
        shutil.rmtree(kho / path, ignore_errors=True)
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            return f"Không lấy lại được {path} của commit {kept['commit'][:12]}: {plain(done.stderr.strip())}"
        folders = {story.folder: story.id for story in read_site(kho, dt.date.max)[0].stories}
        for moved in (one for one, id_ in folders.items() if one != folder and id_ == folders.get(folder)):
            shutil.rmtree(kho / "stories" / moved)  # the faulty text, at its new address
        return ""
    if kept["how"] == "left":
        shutil.rmtree(kho / path, ignore_errors=True)
        (kho / path).mkdir(parents=True)
        (kho / path / "index.md").write_bytes(Stub(read_site(kho, dt.date.max)[0]).draft(folder.replace("/", "-")))
        return ""
    return f"Bản này đăng khi {path} phải gỡ ngay; lời báo thay vào không nằm trong commit nào, nên không dựng lại để so được."


def _different(rebuilt: Path, site: Path) -> Iterator[str]:
    new, old = _hashes(rebuilt), _hashes(site)
    for path in sorted(new.keys() | old.keys()):
        if new.get(path) != old.get(path):
            yield f"{path}: {'nội dung khác' if path in new and path in old else 'chỉ có ở bản dựng lại' if path in new else 'chỉ có ở bản đã dựng'}"


def _release(folder: Path) -> Release | None:
    """What publishing noted beside the folder of a release."""
    known = folder.resolve().with_name(f"{folder.resolve().name}.json")
    return read(known.read_bytes()) if known.is_file() else None


def _hashes(folder: Path) -> dict[str, str]:
    """Every file of the site itself: not the stamp, what was packed of another, or what a release carries on of earlier ones."""
    release = _release(folder)
    carried = set(release.carried) if release else set()
    found = {}
    for inside in walk(folder):
        path = folder / inside
        packed = inside.endswith(FORMS) and path.with_suffix("").is_file()
        if not packed and inside not in carried and inside != STAMP:
            found[inside] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


if __name__ == "__main__":
    sys.exit(main())
