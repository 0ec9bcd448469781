"""What git knows: whether a commit is older than another, what a story was at a commit, whether there is more than the commit."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from exemplars import git
from exemplars.model import LEDGER
from exemplars.publishing.refusal import Refused

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Mapping
    from pathlib import Path

    from exemplars.publishing.release import Release

SOURCES = ("stories", "campaigns", "content", "hooks", "mkdocs.yml")
ANCESTOR, NOT_ANCESTOR = 0, 1


class History:
    """The repository that `root` lies in. `environment` is the process's own."""

    def __init__(self, root: Path, environment: Mapping[str, str]) -> None:
        self.root = root
        self._environment = git.own(environment)

    def _git(self, *command: str) -> subprocess.CompletedProcess[bytes] | None:
        return git.run(self.root, self._environment, *command)

    def dirty(self) -> bool:
        """Whether what is built differs from the commit; the ledger, which publishing itself writes, does not count."""
        done = self._git("status", "--porcelain=v1", "-z", "--untracked-files=all", "--", *SOURCES)
        lines = os.fsdecode(done.stdout).split("\0") if done and not done.returncode else []
        return any(line and not line.endswith(LEDGER) for line in lines)

    def folder(self, commit: str, path: str) -> dict[str, bytes] | None:
        """The files of a folder (repository path under `root`) at a commit, by name; None where git does not have it."""
        listed = self._git("ls-tree", "-z", commit, f"./{path}/")
        if listed is None or listed.returncode or not listed.stdout:
            return None
        found = {}
        for line in listed.stdout.split(b"\0"):
            about, _, name = line.partition(b"\t")
            words = about.split()
            if not words:
                continue
            blob = self._git("cat-file", "blob", words[2].decode())
            if words[1] != b"blob" or words[0] == b"120000" or blob is None or blob.returncode:
                return None
            found[os.fsdecode(name.rpartition(b"/")[2])] = blob.stdout
        return found

    def commit(self) -> str | None:
        """The commit that is checked out; None without git."""
        return git.commit(self.root, self._environment)

    def _why(self) -> str:
        """Why git tells no commit."""
        done = self._git("rev-parse", "--verify", "HEAD^{commit}")
        if done is None:
            return "máy chưa có git"
        if b"dubious ownership" in done.stderr:
            return f"kho của người dùng khác; chạy `git config --global --add safe.directory {self.root}`"
        return "không phải kho git"

    def follows(self, commit: str) -> bool:
        """Whether what is checked out has that commit behind it."""
        done = self._git("merge-base", "--is-ancestor", commit, "HEAD")
        return done is not None and done.returncode == ANCESTOR

    def hold(self, live: Release | None, last: Release | None) -> None:
        """Refuses to put something older in the place of something newer without being told so; errors: Refused.

        last   the latest that readers ever saw; not the live one after a rollback
        """
        if live is None or last is None or last.commit is None:
            return
        commit = self.commit()
        if commit is None:
            says = f"Không hỏi được git ở đây ({self._why()}), nên không biết bài trong kho cũ hay mới hơn bản số {last.serial} đã đăng."
            raise Refused(f"{says} Hãy đăng từ kho git; chắc chắn rồi thì thêm --any-commit.")
        if commit == last.commit:
            if live.id != last.id and live.commit != commit:
                says = f"Trang đã được lùi khỏi bản số {last.serial} ({last.id}), mà đây lại đúng commit của bản ấy ({commit[:12]})."
                raise Refused(f"{says} Hãy đăng một commit mới hơn; muốn dùng lại bản ấy: --rollback {last.id}")
            return
        done = self._git("merge-base", "--is-ancestor", commit, last.commit)
        status = done.returncode if done else -1
        if status == ANCESTOR:
            says = f"Commit {commit[:12]} cũ hơn commit {last.commit[:12]} của bản số {last.serial} đã đăng."
            raise Refused(f"{says} Hãy lấy bản mới nhất của nhánh (git pull) rồi đăng; muốn về bản cũ thì dùng --rollback.")
        if status != NOT_ANCESTOR:
            says = f"Kho này không có commit {last.commit[:12]} của bản số {last.serial} đã đăng, nên không biết bản nào mới hơn."
            raise Refused(f"{says} Hãy chạy `git fetch --unshallow` (hoặc `git fetch`); chắc chắn rồi thì thêm --any-commit.")
