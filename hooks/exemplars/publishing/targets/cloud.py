"""A store that knows no links, S3 or SFTP, through rclone: files in phases, so that nothing is asked for before it is there.

`where` holds what readers see. `store`, which no reader reaches, holds the contents of the last releases by their hash, what is
known of each release, which one is live, which one is under way, and the lock. So a rollback needs nothing but the store.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars.publishing import presence, release
from exemplars.publishing.order import phases
from exemplars.publishing.refusal import Refused
from exemplars.publishing.release import STAMP, File, Release
from exemplars.publishing.targets.tools import needs, run
from exemplars.publishing.verifying import read as read_file
from exemplars.serving import group, media_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.publishing.locking import Wait
    from exemplars.publishing.presence import Presence
    from exemplars.publishing.targets import Seen

NOT_FOUND = (3, 4)  # rclone's exit codes for a folder, a file that is not there
LIVE, UNDER_WAY, FILES, RELEASES, LOCK = "live.json", "under-way.json", "files", "releases", "lock"
OPTIONS = {  # whatever was sent is fetched and hashed here, so no command there for every file; its time is that of its writing
    "RCLONE_SFTP_DISABLE_HASHCHECK": "true", "RCLONE_SFTP_SET_MODTIME": "false", "RCLONE_TRANSFERS": "8",
}  # fmt: skip


class Cloud:
    """`targets.Target` for a store of rclone. `headers`: it serves files itself, and is told type and caching of each."""

    def __init__(self, where: str, store: str, config: Path | None, environment: Mapping[str, str], *, headers: bool) -> None:
        needs("rclone")
        self.where = where
        self.beside = self._store = store.rstrip("/")
        self._headers = headers
        # Debian's rclone fails with this set, as some tools of Python set it
        self._environment = {name: value for name, value in environment.items() if name != "AWS_CA_BUNDLE"} | OPTIONS
        self._config = ["--config", str(config)] if config else []
        self._built: tuple[str, Path] | None = None  # id of the release that is being published, and its site
        self._lock: Presence | None = None

    def _rclone(self, *arguments: str, given: bytes = b"", missing: bytes | None = None) -> bytes:
        """What rclone prints; `missing` where the folder is not there."""
        instead = {} if missing is None else dict.fromkeys(NOT_FOUND, missing)
        command = ["rclone", *self._config, "--retries=3", "--low-level-retries=3", "--contimeout=20s", "--timeout=60s", *arguments]
        return run(command, self._environment, given, instead=instead, doing=f"Lệnh rclone {arguments[0]} ở {self.where}")

    def _put(self, name: str, data: bytes) -> None:
        self._rclone("rcat", f"{self._store}/{name}", given=data)

    def _listing(self, at: str, *more: str) -> list[dict[str, Any]]:
        said = self._rclone("lsjson", "-R", "--files-only", "--no-mimetype", "--no-modtime", *more, at, missing=b"[]")
        found: list[dict[str, Any]] = json.loads(said)
        return found

    def _all(self, folder: str) -> dict[str, bytes]:
        """The small files of a folder of the store, by name."""
        with tempfile.TemporaryDirectory(prefix="gs-") as here:
            self._rclone("copy", "--ignore-times", f"{self._store}/{folder}", here, missing=b"")
            return {path.name: path.read_bytes() for path in sorted(Path(here).iterdir())}

    def _one(self, name: str) -> Release | None:
        return release.read(self._rclone("cat", f"{self._store}/{name}", missing=b""))

    @contextmanager
    def lock(self, wait: Wait) -> Iterator[None]:
        with presence.held(_Marks(self), wait, self.where) as held:
            self._lock = held
            try:
                yield
            finally:
                self._lock = None

    def releases(self) -> list[Release]:
        found = (release.read(data) for data in self._all(RELEASES).values())
        return sorted((one for one in found if one), key=lambda one: -one.serial)

    def live(self) -> Release | None:
        return self._one(LIVE)

    def send(self, site: Path | None, new: Release, seen: Seen) -> int:
        """Into the store only; what `switch` then moves to where readers are, comes from `site` where that is given.

        A release that is already live is mended where readers see it. Gives how many files readers will find changed.
        """
        self._built = (new.id, site) if site else None
        held = {one["Name"] for one in self._listing(f"{self._store}/{FILES}")}
        lacking = {file.sha256: path for path, file in new.files.items() if file.sha256 not in held}
        if lacking and site is None:
            raise Refused(
                f"Kho riêng {self._store} không còn giữ đủ tệp của bản {new.id} (thiếu {len(lacking)}). Hãy dựng và đăng lại từ kho bài."
            )
        if lacking and site is not None:
            with tempfile.TemporaryDirectory(prefix="gs-", dir=site.parent) as here:
                for sha256, path in lacking.items():
                    os.link(site / path, f"{here}/{sha256}")
                self._rclone("copy", "--no-check-dest", here, f"{self._store}/{FILES}")
        self.mark(new)
        seen("Đưa tệp vào kho riêng", 1, 1)
        live = self.live()
        if live is not None and live.id == new.id:
            return self._mend(new)
        before = live.all_files() if live else {}
        return sum(path not in before or before[path].sha256 != file.sha256 for path, file in new.files.items())

    def _mend(self, live: Release) -> int:
        files = live.all_files()
        with tempfile.TemporaryDirectory(prefix="gs-") as here:
            there = Path(here) / "there"
            self._fetch(self.where, files, there)
            wrong = [fault.path for fault in _wrong(there, files)]
            site = self._arranged(live, wrong, Path(here))
            for paths in phases(wrong):
                self._upload(site, paths)
        return len(wrong)

    def mark(self, release_: Release) -> None:
        self._put(f"{RELEASES}/{release_.id}.json", release.written(release_))

    def faults(self, one: Release, seen: Seen) -> list[str]:
        """Of the live release every byte, by fetching all; of another, whether the store has its contents."""
        live = self.live()
        if live is None or live.id != one.id:
            held = {row["Name"]: row["Size"] for row in self._listing(f"{self._store}/{FILES}")}
            return [f"{path}: kho riêng không giữ đủ" for path, file in one.files.items() if held.get(file.sha256) != file.size]
        files = one.all_files()
        with tempfile.TemporaryDirectory(prefix="gs-") as here:
            self._fetch(self.where, [*files, STAMP], Path(here))
            found = [str(fault) for fault in _wrong(Path(here), files)]
            stamp = Path(here) / STAMP
            if not stamp.is_file() or stamp.read_text(encoding="utf-8") != one.stamp:
                found.append(f"{STAMP}: không đúng như khi đăng")
        seen("Đối chiếu", len(files), len(files))
        return found

    def switch(self, new: Release, seen: Seen) -> None:
        """Phase by phase; interrupted, the next run knows what may be where, and finishes."""
        live, begun = self.live(), self._one(UNDER_WAY)
        uncertain = [one for one in (live, begun) if one]
        sure = [one.all_files() for one in uncertain]
        files = new.all_files()
        wanted = [path for path, file in files.items() if not sure or any(held.get(path, ("",))[0] != file.sha256 for held in sure)]
        with tempfile.TemporaryDirectory(prefix="gs-") as here:
            site = self._arranged(new, wanted, Path(here))
            self._put(UNDER_WAY, release.written(_both(begun, new)))
            for number, paths in enumerate(phases([*wanted, STAMP]), 1):
                self._still_held()
                self._upload(site, paths)
                seen("Đưa lên từng đợt", number, 4)
            if faults := self._unlike(site, wanted, files):
                raise Refused(f"Trang ở {self.where} không đúng như bản vừa đưa lên; chạy lại để đưa tiếp:\n" + "\n".join(faults[:10]))
        gone = {path for one in uncertain for path in one.all_files()} - files.keys()
        self._delete(self.where, gone)
        self._put(LIVE, release.written(new))
        self._delete(self._store, {UNDER_WAY})

    def _still_held(self) -> None:
        if self._lock is not None and self._lock.expired:
            raise Refused(f"Khóa ở {self.where} đã hết hạn khi đang đăng: dừng lại để không chen với người khác. Hãy chạy lại.")

    def _arranged(self, new: Release, wanted: list[str], here: Path) -> Path:
        """A folder with the wanted files by their paths: the site as it was built, or what the store holds of another release."""
        if self._built and self._built[0] == new.id and all((self._built[1] / path).is_file() for path in wanted):
            return self._built[1]
        files = new.all_files()
        pool = here / "pool"
        pool.mkdir()
        self._fetch(f"{self._store}/{FILES}", sorted({files[path].sha256 for path in wanted}), pool)
        site = here / "site"
        for path in wanted:
            (site / path).parent.mkdir(parents=True, exist_ok=True)
            if not (pool / files[path].sha256).is_file():
                raise Refused(f"Kho riêng {self._store} không còn giữ tệp «{path}» của bản {new.id}. Hãy dựng và đăng lại từ kho bài.")
            os.link(pool / files[path].sha256, site / path)
        site.mkdir(exist_ok=True)
        (site / STAMP).write_text(new.stamp, encoding="utf-8")
        if faults := _wrong(site, {path: files[path] for path in wanted}):
            raise Refused(f"Kho riêng {self._store} giữ tệp đã hỏng:\n" + "\n".join(map(str, faults[:10])))
        return site

    def _upload(self, site: Path, paths: Iterable[str]) -> None:
        together: dict[tuple[str, str], list[str]] = defaultdict(list)
        for path in paths:
            together[_headers(path) if self._headers else ("", "")].append(path)
        for (kind, cache), some in together.items():
            said = [f"--header-upload=Content-Type: {kind}", f"--header-upload=Cache-Control: {cache}"] if self._headers else []
            with _list_of(some) as names:
                self._rclone(
                    "copy", "--ignore-times", "--no-check-dest", "--no-traverse", "--files-from-raw", names, *said, str(site), self.where
                )

    def _unlike(self, site: Path, sent: list[str], files: Mapping[str, File]) -> list[str]:
        """By length every file, by content those that were sent."""
        sizes = {row["Path"]: row["Size"] for row in self._listing(self.where)}
        found = [f"{path}: không có, hoặc sai độ dài" for path, file in files.items() if sizes.get(path) != file.size]
        if found or not sent:
            return found
        with tempfile.TemporaryDirectory(prefix="gs-", dir=site.parent) as here:
            self._fetch(self.where, sent, Path(here))
            return [str(fault) for fault in _wrong(Path(here), {path: files[path] for path in sent})]

    def _fetch(self, at: str, paths: Iterable[str], here: Path) -> None:
        with _list_of(paths) as names:
            self._rclone("copy", "--ignore-times", "--no-traverse", "--files-from-raw", names, at, str(here), missing=b"")

    def _delete(self, at: str, paths: Iterable[str]) -> None:
        found = sorted(paths)
        if found:
            with _list_of(found) as names:
                self._rclone("delete", "--files-from-raw", names, at, missing=b"")

    def forget(self, releases: list[Release]) -> None:
        self._delete(f"{self._store}/{RELEASES}", [f"{one.id}.json" for one in releases])
        kept = [*self.releases(), *(one for one in (self.live(), self._one(UNDER_WAY)) if one)]
        used = {file.sha256 for one in kept for file in one.all_files().values()}
        self._delete(f"{self._store}/{FILES}", {row["Name"] for row in self._listing(f"{self._store}/{FILES}")} - used)

    def note(self, name: str, data: bytes) -> None:
        self._put(f"receipts/{name}", data)

    def settings(self, files: Mapping[str, str]) -> None:
        """Nobody but the store serves files here: settings for nginx or Apache lie beside, for whoever puts one before it."""
        with tempfile.TemporaryDirectory(prefix="gs-") as here:
            for name, text in files.items():
                (Path(here) / name).write_text(text, encoding="utf-8", newline="\n")
            self._rclone("copy", "--ignore-times", here, f"{self._store}/server")


class _Marks:
    """`presence.Marks` in the store."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud

    def put(self, name: str, data: bytes) -> None:
        self._cloud._put(f"{LOCK}/{name}", data)  # noqa: SLF001 - the same module

    def all(self) -> Mapping[str, bytes]:
        return self._cloud._all(LOCK)  # noqa: SLF001

    def remove(self, name: str) -> None:
        self._cloud._delete(f"{self._cloud._store}/{LOCK}", [name])  # noqa: SLF001


def _both(begun: Release | None, new: Release) -> Release:
    """What may lie at the place while `new` is under way: its files, and under a path where both differ neither is sure."""
    if begun is None:
        return new
    files = {**{path: File("", 0, 0) for path in begun.all_files()}, **{
        path: file if begun.all_files().get(path, file).sha256 == file.sha256 else File("", 0, 0) for path, file in new.all_files().items()
    }}  # fmt: skip
    return Release(new.id, new.serial, new.tree, new.commit, files, new.stamp)


def _headers(path: str) -> tuple[str, str]:
    """Media type and caching of a file, as every server says them."""
    served = group(path.removesuffix("index.html") if path.endswith("/index.html") else path)
    return media_type(path, served), served.headers["Cache-Control"]


class _Fault(NamedTuple):
    path: str
    says: str

    def __str__(self) -> str:
        return f"{self.path}: {self.says}"


def _wrong(folder: Path, files: Mapping[str, File]) -> list[_Fault]:
    found = []
    for path, file in files.items():
        if not (folder / path).is_file():
            found.append(_Fault(path, "không có"))
        elif read_file(f"{folder}/{path}")[:2] != file[:2]:
            found.append(_Fault(path, "không đúng như khi đăng"))
    return found


@contextmanager
def _list_of(paths: Iterable[str]) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", prefix="gs-", suffix=".txt", encoding="utf-8") as file:
        file.write("".join(f"{path}\n" for path in paths))
        file.flush()
        yield file.name
