"""Is a built folder whole: stamped, not a preview, every byte as the build left it, every link of a page leading somewhere."""

from __future__ import annotations

import hashlib
import html
import json
import os
import posixpath
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from exemplars.publishing.refusal import Refused
from exemplars.publishing.release import STAMP, File

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    Seen = Callable[[str, int, int], None]

NAMED = 5
REFERENCE = re.compile(rb'\s(?:href|src|action)="([^"]*)"|\ssrcset="([^"]*)"')
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|$", re.IGNORECASE)
PIECE = 1 << 20


class Stamped(NamedTuple):
    """What the build says of itself: its stamp as text, the hash of the tree, the commit, how many stories it shows."""

    text: str
    tree: str
    commit: str | None
    stories: int


def verified(folder: Path, seen: Seen | None = None) -> tuple[Stamped, dict[str, File]]:
    """The stamp of the site in `folder`, and its files (`since` not yet known).

    The files are those on the disk, and they must be exactly those that the build counted and hashed: a page that got lost on
    the way, or a folder that cannot be read, is no smaller site but none. errors: Refused.
    """
    stamp = _stamp(folder)
    files = dict(hashed(folder, seen))
    tree = hashlib.sha256("".join(f"{path}\0{file.sha256}\n" for path, file in sorted(files.items())).encode()).hexdigest()
    if len(files) != stamp["files"] or tree != stamp["tree_sha256"]:
        raise Refused(f"Trang vừa dựng có {len(files)} tệp, không đúng như khi dựng xong ({stamp['files']} tệp). Hãy dựng lại.")
    if broken := _broken(folder, files):
        raise Refused(_told("liên kết trong trang không dẫn tới đâu", broken))
    return Stamped((folder / STAMP).read_text(encoding="utf-8"), tree, stamp["commit"], stamp["stories"]), files


def _stamp(folder: Path) -> dict[str, Any]:
    try:
        stamp: dict[str, Any] = json.loads((folder / STAMP).read_bytes())
        whole = stamp["version"] == 1 and {"files", "tree_sha256", "commit", "stories", "preview"} <= stamp.keys()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        whole = False
    if not whole:
        raise Refused(f"{folder} không có {STAMP} đọc được: trang chưa dựng xong, hoặc đã dựng mà không kiểm tra bài. Hãy dựng lại.")
    if stamp["preview"] is not False:
        raise Refused(f"{folder} là bản xem trước, có cả bài chưa duyệt: không đăng.")
    return stamp


def hashed(folder: Path, seen: Seen | None = None) -> Iterator[tuple[str, File]]:
    """Every file under `folder` but its stamp, as it is now; OSError where anything cannot be read."""
    paths = sorted(walk(folder))
    for at, path in enumerate(paths, 1):
        if path != STAMP:
            yield path, read(f"{folder}/{path}")
        if seen:
            seen("Kiểm tra tệp", at, len(paths))


def walk(folder: Path | str, within: str = "") -> Iterator[str]:
    """Paths of all files, in order; what is neither file nor folder is refused, what cannot be read is an OSError."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_symlink():
            raise Refused(f"{entry.path} là liên kết (symlink), không phải tệp của trang.")
        if entry.is_dir():
            yield from walk(entry.path, f"{within}{entry.name}/")
        else:
            yield within + entry.name


def read(path: str) -> File:
    """Hash, length and time (whole seconds) of a file."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - tens of thousands of files
        digest, size = hashlib.sha256(), 0
        while piece := file.read(PIECE):
            digest.update(piece)
            size += len(piece)
        return File(digest.hexdigest(), size, int(os.fstat(file.fileno()).st_mtime))


def _broken(folder: Path, files: Mapping[str, File]) -> list[str]:
    """`page → address` of every reference inside the site that nothing answers."""
    answered: dict[tuple[str, str], bool] = {}
    found = []
    for path in files:
        if not path.endswith(".html") or path == "404.html":  # which is shown at any depth, and so speaks of the server's root
            continue
        at = posixpath.dirname(path)
        for given in _references((folder / path).read_bytes()):
            if (at, given) not in answered:
                answered[at, given] = _answers(at, given, files)
            if not answered[at, given]:
                found.append(f"{path} → {given}")
    return found


def _references(page: bytes) -> set[str]:
    found = set()
    for one, several in REFERENCE.findall(page):
        for given in [one] if one else [part.split()[0] for part in several.split(b",") if part.strip()]:
            text = html.unescape(given.decode())
            if not ELSEWHERE.match(text):
                found.add(text.partition("#")[0].partition("?")[0])
    return found


def _answers(at: str, given: str, files: Mapping[str, File]) -> bool:
    whole = posixpath.normpath(posixpath.join(at, unquote(given)))
    if given.endswith("/") or whole == "." or given in {"", ".", ".."}:
        whole = posixpath.normpath(f"{whole}/index.html")
    return whole in files


def _told(what: str, found: Iterable[str]) -> str:
    every = list(found)
    more = f"\n… và {len(every) - NAMED} chỗ nữa" if len(every) > NAMED else ""
    return f"{len(every)} {what}:\n" + "\n".join(every[:NAMED]) + more
