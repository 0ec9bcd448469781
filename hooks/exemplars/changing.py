"""What changed since a commit, and which problems that brought: those of the changed files, and new ones anywhere else."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from exemplars import git
from exemplars.checking import check
from exemplars.reading import read_site

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from exemplars.model import Problem


class NoHistoryError(Exception):
    """Git, the repository or the commit is not there; the text says in Vietnamese what to do."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The working tree under `root` compared with a commit.

    below     where `root` lies in its repository: "" or a path with "/" at its end
    paths     what was added, changed, renamed or removed since, by path under `root`; files not yet added count
    folders   the folders of these
    """

    root: Path
    commit: str
    below: str
    environment: Mapping[str, str]
    paths: frozenset[str]
    folders: frozenset[str]

    def touch(self, path: str) -> bool:
        """Whether a file changed, or one beside it in the same story: its photo, its approval."""
        return path in self.paths or (path.startswith("stories/") and path.rpartition("/")[0] in self.folders)


def changes_since(rev: str, root: Path, environment: Mapping[str, str]) -> Changes:
    """What changed under `root` since the commit `rev`. `environment` is the process's own; raises NoHistoryError."""
    own = git.own(environment)
    below = _git(root, own, "rev-parse", "--show-prefix")
    if below is None:
        raise NoHistoryError(f"`--since` cần lịch sử git, mà «{root}» không nằm trong kho git nào đọc được.")
    found = None if rev.startswith("-") else _git(root, own, "rev-parse", "--verify", "--quiet", f"{rev}^{{commit}}")
    if found is None:
        says = f"không tìm thấy «{rev}» trong lịch sử git."
        raise NoHistoryError(f"{says} Hãy ghi tên nhánh hay mã commit có trong kho; kho tải thiếu lịch sử thì chạy `git fetch`.")
    commit = found.decode().strip()
    changed = _git(root, own, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", "--relative", commit, "--", ".")
    added = _git(root, own, "ls-files", "-z", "--others", "--exclude-standard", "--", ".")
    if changed is None or added is None:
        raise NoHistoryError(f"git không so được thư mục «{root}» với «{rev}».")
    paths = frozenset(os.fsdecode(path) for path in (changed + added).split(b"\0") if path)
    return Changes(root, commit, os.fsdecode(below).strip("\n"), own, paths, frozenset(path.rpartition("/")[0] for path in paths))


def _git(root: Path, environment: Mapping[str, str], *command: str) -> bytes | None:
    """What git prints; None where it refuses."""
    done = git.run(root, environment, *command)
    if done is None:
        raise NoHistoryError("`--since` cần chương trình git, mà máy này không chạy được git.")
    return done.stdout if done.returncode == 0 else None


def brought(problems: Iterable[Problem], changes: Changes, today: dt.date) -> list[Problem]:
    """The problems that the changes answer for, out of all `problems` there are now.

    Every problem of a changed file; of the others those that the commit did not have, under the same rules and the same day:
    a removed unit, a renamed campaign, an id used twice. The commit is read only when another file has a problem at all.
    """
    now = list(problems)
    if all(changes.touch(problem.path) for problem in now):
        return now
    before = _problems_of(changes, today)
    return [problem for problem in now if changes.touch(problem.path) or problem not in before]


def _problems_of(changes: Changes, today: dt.date) -> frozenset[Problem]:
    with tempfile.TemporaryDirectory(prefix="truoc-") as folder:
        aside = {**changes.environment, "GIT_INDEX_FILE": f"{folder}/index"}
        read = _git(changes.root, aside, "read-tree", changes.commit)
        written = read is not None and _git(changes.root, aside, "checkout-index", "--all", "--quiet", f"--prefix={folder}/tree/")
        if written is None or written is False:
            raise NoHistoryError("git không lấy lại được các bài của commit cần so. Kho tải thiếu lịch sử thì hãy chạy `git fetch`.")
        return frozenset(check(*read_site(Path(folder, "tree", changes.below), today)))
