"""What only a door may ask, and hands down: the day it is in Vietnam, how many processors there are, which commit is checked out."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

from exemplars import git

if TYPE_CHECKING:
    from pathlib import Path

VIETNAM = dt.timezone(dt.timedelta(hours=7))  # no summer time since 1975


def today() -> dt.date:
    return dt.datetime.now(VIETNAM).date()


def jobs() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def commit(root: Path) -> str | None:
    """The commit that is checked out; None outside a repository, or where git is not installed."""
    return git.commit(root, git.own(os.environ))
