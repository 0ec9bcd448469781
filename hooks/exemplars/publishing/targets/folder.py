"""A folder of this machine that a web server shows: `releases/<id>/`, and `current`, a link that one rename turns.

Beside each release lies what is known of it, `releases/<id>.json`: a folder without it is an unfinished one, and is cleared away.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from exemplars.publishing import locking, release, verifying
from exemplars.publishing.refusal import Refused
from exemplars.publishing.release import STAMP, File, Release

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from exemplars.publishing.locking import Wait
    from exemplars.publishing.targets import Seen

CURRENT, RELEASES, HALF = "current", "releases", ".half-"
FILE_MODE, FOLDER_MODE = 0o644, 0o755  # whatever the umask: the web server is another user
NANO = 1_000_000_000


class Folder:
    """`targets.Target` for a folder. What an OSError says is told by the caller."""

    def __init__(self, where: Path) -> None:
        self.root = where
        self.where = self.beside = str(where)
        self._releases = where / RELEASES
        self._current = where / CURRENT
        self._whole: Release | None = None  # the one that `send` has just found whole, byte for byte

    def lock(self, wait: Wait) -> AbstractContextManager[None]:
        _folder(self.root)
        return locking.held(self.root / ".lock", wait, self.where)

    def releases(self) -> list[Release]:
        if not self._releases.is_dir():
            return []
        found = [self._read(name.removesuffix(".json")) for name in sorted(os.listdir(self._releases)) if name.endswith(".json")]  # noqa: PTH208
        return sorted((one for one in found if one and (self._releases / one.id).is_dir()), key=lambda one: -one.serial)

    def live(self) -> Release | None:
        name = self._pointed()
        if name is None:
            return None
        found = self._read(name)
        if found is None:
            says = f"Không đọc được {self._releases / name}.json, nơi ghi bản đang chạy gồm những tệp nào."
            raise Refused(f"{says} Hãy lấy lại tệp ấy từ bản sao lưu, hoặc xóa {self._current} rồi đăng lại từ đầu.")
        return found

    def _pointed(self) -> str | None:
        """The name of the release that readers see."""
        if not os.path.lexists(self._current):
            return None
        if not self._current.is_symlink():
            raise Refused(f"{self._current} phải là liên kết tới một bản, mà đang là tệp hay thư mục thường. Hãy dời nó đi rồi đăng lại.")
        return self._current.readlink().name

    def _read(self, name: str) -> Release | None:
        try:
            return release.read((self._releases / f"{name}.json").read_bytes())
        except FileNotFoundError:
            return None

    def send(self, site: Path | None, new: Release, seen: Seen) -> int:
        final, half = self._releases / new.id, self._releases / f"{HALF}{new.id}"
        _folder(self._releases)
        at = final if final.is_dir() else half
        shutil.rmtree(half, ignore_errors=True)
        _folder(at)
        sources = [(self._releases / one.id, one.all_files()) for one in self.releases()]
        written = self._settle(at, new, site, sources, seen)
        if at is half:
            half.rename(final)
            _sync(self._releases)
        self.mark(new)
        return written

    def mark(self, one: Release) -> None:
        _write(self._releases / f"{one.id}.json", release.written(one))

    def _settle(
        self, at: Path, new: Release, site: Path | None, sources: list[tuple[Path, dict[str, File]]], seen: Seen,
    ) -> int:  # fmt: skip
        """Makes the folder `at` exactly the release: a file that is missing or damaged there is linked or written anew."""
        files = new.all_files()
        wrong = {path for path, _ in _differences(at, files, seen)}
        self._whole = None if wrong else new
        for path in sorted(wrong - files.keys()):
            _remove(at, path)
        written = 0
        made: set[str] = set()
        for done, path in enumerate(sorted(wrong & files.keys()), 1):
            _folder_of(at, path, made)
            written += _put(at, path, files[path], site, sources)
            seen("Đưa tệp lên", done, len(wrong))
        if not (at / STAMP).is_file() or (at / STAMP).read_text(encoding="utf-8") != new.stamp:
            _write(at / STAMP, new.stamp.encode())
            written += 1
        if wrong:
            _sync_disk(at)
        return written

    def faults(self, one: Release, seen: Seen) -> list[str]:
        at = self._releases / one.id
        unlike = [] if one is self._whole else _differences(at, one.all_files(), seen)
        self._whole = None
        found = [f"{path}: {says}" for path, says in unlike]
        try:
            if (at / STAMP).read_text(encoding="utf-8") != one.stamp:
                found.append(f"{STAMP}: không đúng như khi đăng")
        except FileNotFoundError:
            found.append(f"{STAMP}: không có")
        return found

    def switch(self, one: Release, seen: Seen) -> None:  # noqa: ARG002 - it takes no time
        new = self.root / f".{CURRENT}"
        new.unlink(missing_ok=True)
        new.symlink_to(f"{RELEASES}/{one.id}")
        new.replace(self._current)
        _sync(self.root)

    def forget(self, releases: list[Release]) -> None:
        for one in releases:
            (self._releases / f"{one.id}.json").unlink(missing_ok=True)
        if not self._releases.is_dir():
            return
        live = self._pointed()
        for entry in list(self._releases.iterdir()):
            known = entry.suffix == ".json" or (self._releases / f"{entry.name}.json").is_file()
            if entry.name.startswith(HALF) or (release.NAMED.fullmatch(entry.name) and not known and entry.name != live):
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()

    def note(self, name: str, data: bytes) -> None:
        _folder(self.root / "receipts")
        _write(self.root / "receipts" / name, data)

    def settings(self, files: Mapping[str, str]) -> None:
        _folder(self.root / "server")
        for name, text in files.items():
            _write(self.root / "server" / name, text.encode())


def _differences(at: Path, files: dict[str, File], seen: Seen) -> list[tuple[str, str]]:
    """(path, what is wrong with it), in the folder `at`, which ought to hold exactly `files` beside its stamp."""
    there = set(verifying.walk(at)) - {STAMP} if at.is_dir() else set()
    found = [(path, "không thuộc bản này") for path in sorted(there - files.keys())]
    for done, (path, file) in enumerate(files.items(), 1):
        if path not in there:
            found.append((path, "không có"))
        elif (now := verifying.read(f"{at}/{path}")) != file:
            found.append((path, "sai ngày giờ" if now[:2] == file[:2] else "không đúng như khi đăng"))
        elif os.stat(f"{at}/{path}").st_mode & 0o777 != FILE_MODE:  # noqa: PTH116
            found.append((path, "sai quyền đọc"))
        seen("Đối chiếu", done, len(files))
    return found


def _put(at: Path, path: str, file: File, site: Path | None, sources: list[tuple[Path, dict[str, File]]]) -> bool:
    """Brings one file into the folder: linked from a release that has it with the same time, else copied. Whether it was written."""
    target, half = f"{at}/{path}", f"{at.parent}/{HALF}file"  # beside the releases: what is left of a killed run lies in none of them
    with contextlib.suppress(FileNotFoundError):
        os.unlink(half)  # noqa: PTH108 - tens of thousands of files
    for folder, held in sources:
        if held.get(path) == file and _linked(f"{folder}/{path}", half, file):
            os.replace(half, target)  # noqa: PTH105
            return False
    for folder, held in [*([(site, {path: file})] if site else []), *sources]:
        if path in held and held[path].sha256 == file.sha256 and _copied(f"{folder}/{path}", half, file):
            os.replace(half, target)  # noqa: PTH105
            return True
    raise Refused(f"Không còn nơi nào giữ đúng tệp «{path}» của bản này. Hãy dựng và đăng lại từ kho bài.")


def _linked(source: str, target: str, file: File) -> bool:
    """False where the file is damaged, or this kind of disk knows no links."""
    try:
        if verifying.read(source) != file:
            return False
        if os.stat(source).st_mode & 0o777 != FILE_MODE:  # noqa: PTH116
            return False
        os.link(source, target)
    except OSError:
        return False
    return True


def _copied(source: str, target: str, file: File) -> bool:
    """False where the source is not there, or does not hold what it should."""
    try:
        data = Path(source).read_bytes()
    except FileNotFoundError:
        return False
    with open(target, "xb") as opened:  # noqa: PTH123 - never into a file that a link shares with another release
        opened.write(data)
        opened.flush()
        os.fchmod(opened.fileno(), FILE_MODE)
        os.utime(opened.fileno(), ns=(file.since * NANO, file.since * NANO))
    return verifying.read(target) == file


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all, and on the disk before its name is. What a killed run leaves, the next one writes over."""
    half = path.with_name(f"{HALF}written")
    try:
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), FILE_MODE)
            os.fsync(file.fileno())
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def _folder(path: Path) -> None:
    for missing in [one for one in (*reversed(path.parents), path) if not one.is_dir()]:
        missing.mkdir(exist_ok=True)
        missing.chmod(FOLDER_MODE)


def _folder_of(at: Path, path: str, made: set[str]) -> None:
    """Makes the folder of a path under `at`; `made`: those that are known to be there."""
    folder = os.path.dirname(path)  # noqa: PTH120 - tens of thousands of files
    if folder not in made:
        _folder(at / folder)
        made.add(folder)


def _remove(at: Path, path: str) -> None:
    (at / path).unlink()
    for folder in (at / path).parents:
        if folder == at or any(folder.iterdir()):
            break
        folder.rmdir()


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _sync_disk(folder: Path) -> None:
    """Brings to the disk all that was written under `folder`, names too: one call instead of an fsync for every file.

    It tells of a disk that failed meanwhile (Linux 5.8 and later).
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "syncfs"):
        os.sync()
        return
    file = os.open(folder, os.O_RDONLY)
    try:
        if libc.syncfs(file):
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(file)
