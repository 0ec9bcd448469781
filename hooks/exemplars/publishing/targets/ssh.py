"""A folder of another machine, reached by ssh: rsync moves the bytes, a few lines of shell there do what `folder` does here.

There: sh, rsync, flock (util-linux), and find, sha256sum, mv, sync of GNU. No Python.
"""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import tarfile
import tempfile
import zlib
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE
from typing import TYPE_CHECKING

from exemplars.publishing import locking, release
from exemplars.publishing.refusal import Refused
from exemplars.publishing.release import STAMP, Release
from exemplars.publishing.targets.tools import needs, run
from exemplars.publishing.verifying import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exemplars.publishing.locking import Wait
    from exemplars.publishing.targets import Seen

DROPPED = frozenset({255})
RSYNC_DROPPED = frozenset({10, 12, 30, 35, 255})  # rsync(1), EXIT VALUES: sockets, protocol stream, timeouts; ssh's own
STOPPED, BUSY, NO_FLOCK = 74, 75, 127
FILE_MODE = "644"
LOCK = """set -e; mkdir -p "$1"; cd "$1"; exec 9>>.lock
command -v flock >/dev/null || exit 127
flock -w "$2" 9 || { [ $? -eq 1 ] || exit 74; cat .lock; exit 75; }
printf '%s' "$3" >.lock; echo locked; timeout "$4" cat >/dev/null || :; : >.lock"""
LOOK = """cd "$1" 2>/dev/null || { echo; exit 0; }
if [ -L current ]; then readlink current || exit 1; elif [ -e current ]; then echo '!'; else echo; fi
cd releases 2>/dev/null || exit 0; set -- *.json; if [ -e "$1" ]; then tar -czf - "$@"; fi"""
HALF = """set -e; umask 022; mkdir -p "$1/releases"; cd "$1/releases"; if [ -d "$2" ]; then echo "$2"; else mkdir -p ".half-$2"; echo ".half-$2"; fi"""
CARRY = """set -e; umask 022; cd "$1/releases"; while IFS= read -r path; do [ -e "$3/$path" ] || { mkdir -p "$3/${path%/*}"; ln "$2/$path" "$3/$path"; }; done"""
MARK = """set -e; umask 022; cd "$1/releases"; [ ! -d ".half-$2" ] || { sync -f .; mv -T ".half-$2" "$2"; }
cat >".half-$2.json"; [ "$(wc -c <".half-$2.json")" -eq "$3" ]; sync ".half-$2.json"; mv -T ".half-$2.json" "$2.json\""""
FOUND = """cd "$1/releases/$2" 2>/dev/null || exit 0; set -e; find . -type f -printf '%T@ %m %s %P\\0'; find . ! -type f ! -type d -printf '0 0 0 %P\\0'
printf '\\0'; if [ -e build.json ]; then cat build.json; fi; printf '\\0'
status=0; sha256sum -c --quiet --strict - 2>/dev/null || status=$?; [ "$status" -le 1 ]; printf '\\0.'"""
WHOLE = b"\0."  # what is told by a command that was stopped lacks it
SWITCH = """set -e; cd "$1"; ln -sfn "releases/$2" .current; mv -T .current current; sync -f ."""
FORGET = """set -e; cd "$1/releases" 2>/dev/null || exit 0; keep=none; if [ -L ../current ]; then keep=$(readlink ../current); keep=${keep##*/}; fi; shift
for id; do rm -f "$id.json"; done
for entry in * .half-*; do [ -e "$entry" ] || continue; case $entry in .half-*) ;; *[!0-9a-f]*) continue;; *) [ ${#entry} -eq 16 ] || continue;; esac
[ -e "$entry.json" ] || [ "$entry" = "$keep" ] || rm -rf "$entry"; done; rm -f .half-*.json"""
SETTINGS = """set -e; umask 022; cd "$1"; rm -rf .server; mkdir -p server .server; tar -C .server -xmf - --no-same-owner; mv -f .server/* server; rmdir .server"""
NOTE = """set -e; umask 022; mkdir -p "$1/receipts"; cd "$1/receipts"; cat >".half"; [ "$(wc -c <.half)" -eq "$3" ]; mv .half "$2\""""


class Remote:
    """`targets.Target` over ssh; `where` is `machine:/path` or `user@machine:path`."""

    def __init__(self, where: str, config: Path | None, environment: Mapping[str, str]) -> None:
        needs("ssh", "rsync")
        self.where = self.beside = where
        self._machine, _, self._path = where.partition(":")
        self._environment = dict(environment)
        self._ssh = ["ssh", *(["-F", str(config)] if config else []), "-o", "BatchMode=yes", "-o", "ServerAliveInterval=15"]
        self._holding: subprocess.Popen[bytes] | None = None
        self._looked: tuple[str, list[Release]] | None = None
        self._shared: list[str] = []  # options by which commands go through the connection that holds the lock

    def _command(self, options: list[str], script: str, *arguments: str) -> list[str]:
        return [*self._ssh, *options, self._machine, shlex.join(["sh", "-c", script, "sh", self._path, *arguments])]

    def _run(self, script: str, *arguments: str, given: bytes = b"") -> bytes:
        command = self._command(self._shared, script, *arguments)
        return run(command, self._environment, given, again=DROPPED, doing=f"Lệnh trên máy {self._machine}", may=self._held)

    def _write(self, script: str, name: str, data: bytes) -> None:
        """Has a script write a file. It is told the length: to it, a sender that was killed looks like one that has said all."""
        self._run(script, name, str(len(data)), given=data)

    @contextmanager
    def lock(self, wait: Wait) -> Iterator[None]:
        given = str(int(wait.seconds)), locking.written(wait.owner()).decode(), str(locking.LASTS)
        with tempfile.TemporaryDirectory(prefix="gs-") as folder:  # the path of a socket must be short
            shared = ["-o", f"ControlPath={folder}/s"]
            command = self._command(["-o", "ControlMaster=yes", *shared], LOCK, *given)
            with subprocess.Popen(command, env=self._environment, stdin=PIPE, stdout=PIPE, stderr=PIPE) as holding:  # noqa: S603
                assert holding.stdin and holding.stdout and holding.stderr  # noqa: S101, PT018 - pipes were asked for
                said = holding.stdout.readline()
                if said != b"locked\n":
                    holding.stdin.close()
                    raise self._unlocked(holding.wait(), said, holding.stderr.read().decode(errors="replace").strip())
                self._looked = None
                # where the shared connection is gone, ssh would open another, which holds no lock: through `false` it cannot
                self._holding, self._shared = holding, ["-o", "ControlMaster=no", *shared, "-o", "ProxyCommand=false"]
                try:
                    yield
                finally:
                    self._holding, self._shared = None, []
                    with suppress(OSError):  # the connection may have dropped
                        holding.stdin.close()

    def _unlocked(self, status: int, said: bytes, fault: str) -> Exception:
        """Why the lock was not to be had."""
        if status == BUSY:
            return locking.busy(self.where, locking.read(said))
        if status == STOPPED:
            return Refused(f"Lệnh flock ở {self._machine} bị dừng giữa chừng, nên không giữ được khóa. Hãy chạy lại.")
        if status == NO_FLOCK:
            return Refused(f"Máy {self._machine} thiếu lệnh flock (Debian: gói util-linux), nên không giữ được khóa.")
        return Refused(f"Không mở được {self.where} bằng ssh (mã {status}):\n{fault}")

    def _held(self) -> None:
        if self._holding is not None and self._holding.poll() is not None:
            raise Refused(f"Mất kết nối đang giữ khóa ở {self.where}: không chuyển gì nữa. Hãy chạy lại.")

    def _look(self) -> tuple[str, list[Release]]:
        """The name of the live release, and all there are; looked up once while nothing of it is changed under our lock."""
        if self._looked is None or self._holding is None:
            self._looked = self._looking()
        return self._looked

    def _looking(self) -> tuple[str, list[Release]]:
        said = self._run(LOOK)
        name, _, archive = said.partition(b"\n")
        if name == b"!":
            raise Refused(
                f"{self.where}/current phải là liên kết tới một bản, mà đang là tệp hay thư mục thường. Hãy dời nó đi rồi đăng lại."
            )
        found = []
        if archive:
            try:
                found = list(_unpacked(archive))
            except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
                raise Refused(f"Chưa đọc được trọn sổ các bản ở {self.where} ({error}). Hãy chạy lại.") from error
        return Path(os.fsdecode(name)).name, sorted(found, key=lambda one: -one.serial)

    def releases(self) -> list[Release]:
        return self._look()[1]

    def live(self) -> Release | None:
        name, releases = self._look()
        live = next((one for one in releases if one.id == name), None)
        if name and live is None:
            raise Refused(f"Không đọc được {self.where}/releases/{name}.json, nơi ghi bản đang chạy gồm những tệp nào. "
                          f"Hãy lấy lại tệp ấy, hoặc xóa {self.where}/current rồi đăng lại từ đầu.")  # fmt: skip
        return live

    def send(self, site: Path | None, new: Release, seen: Seen) -> int:
        written, at = 0, new.id
        if site is not None:
            at = self._run(HALF, new.id).decode().strip()
            others = [one.id for one in self.releases() if one.id != at][:20]  # rsync takes no more
            written = self._rsync(site, new, at, others)
        self._carry(new, at)
        self.mark(new)
        seen("Đưa tệp lên", 1, 1)
        return written

    def _rsync(self, site: Path, new: Release, at: str, others: list[str]) -> int:
        """Only files that no release there has are sent; a file that did not change is linked, and keeps its time."""
        files = new.all_files()
        for path in walk(site):
            os.chmod(site / path, 0o644)  # noqa: PTH101
            if path != STAMP:
                os.utime(site / path, (files[path].since, files[path].since))
        protected = "".join(f"P /{path}\n" for path in new.carried)
        rules = site.parent / "rsync-rules"
        rules.write_text(protected, encoding="utf-8")
        command = [
            "rsync", "-rpt", "--checksum", "--omit-dir-times", "--chmod=D755,F644", "--delete-after", "--timeout=120", "--out-format=%i %n",
            f"--filter=merge {rules}", *(f"--link-dest=../{one}" for one in others), "-e", shlex.join(self._ssh),
            f"{site}/", f"{self._machine}:{self._path}/releases/{at}/",
        ]  # fmt: skip
        said = run(command, self._environment, again=RSYNC_DROPPED, doing="Chép trang lên máy chủ", may=self._held)
        return sum(line.startswith(b"<f") for line in said.splitlines())

    def _carry(self, new: Release, at: str) -> None:
        name, _ = self._look()
        if new.carried and name and name != at:
            self._run(CARRY, name, at, given="".join(f"{path}\n" for path in new.carried).encode())

    def mark(self, release_: Release) -> None:
        self._looked = None
        self._write(MARK, release_.id, release.written(release_))

    def faults(self, one: Release, seen: Seen) -> list[str]:
        files = one.all_files()
        listed = "".join(f"{file.sha256}  {path}\n" for path, file in files.items())
        said = self._run(FOUND, one.id, given=listed.encode())
        if said and not said.endswith(WHOLE):
            raise Refused(f"Việc đối chiếu ở {self.where} bị ngắt giữa chừng. Hãy chạy lại.")
        found, _, rest = said.removesuffix(WHOLE).partition(b"\0\0")
        stamp, _, unlike = rest.partition(b"\0")
        there = {name: (int(size), int(float(time)), mode) for time, mode, size, name in _listed(found) if name != STAMP}
        told = [f"{path}: không thuộc bản này" for path in sorted(there.keys() - files.keys())]
        for path, file in files.items():
            if path not in there:
                told.append(f"{path}: không có")
            elif there[path] != (file.size, file.since, FILE_MODE):
                told.append(f"{path}: sai độ dài, ngày giờ hoặc quyền đọc")
        told += [f"{line.rpartition(':')[0]}: không đúng như khi đăng" for line in unlike.decode(errors="replace").splitlines()]
        if stamp != one.stamp.encode():
            told.append(f"{STAMP}: không đúng như khi đăng")
        seen("Đối chiếu", len(files), len(files))
        return told

    def switch(self, one: Release, seen: Seen) -> None:  # noqa: ARG002 - it takes no time
        self._looked = None
        self._run(SWITCH, one.id)

    def forget(self, releases: list[Release]) -> None:
        self._looked = None
        self._run(FORGET, *(one.id for one in releases))

    def note(self, name: str, data: bytes) -> None:
        self._write(NOTE, name, data)

    def settings(self, files: Mapping[str, str]) -> None:
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w") as archive:
            for name, text in files.items():
                data, member = text.encode(), tarfile.TarInfo(name)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        self._run(SETTINGS, given=packed.getvalue())


def _unpacked(archive: bytes) -> Iterator[Release]:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        for member in opened:
            data = opened.extractfile(member)
            one = release.read(data.read()) if data else None
            if one:
                yield one


def _listed(said: bytes) -> Iterator[list[str]]:
    for line in said.split(b"\0"):
        if line:
            yield os.fsdecode(line).split(" ", 3)
