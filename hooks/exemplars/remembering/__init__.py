"""What the last look at the site found, kept in one file, so that the next one looks only at what has changed since.

Kept of each story: the state of its files, what reading and the rules said of it, what is asked of every story in turn, and
what lists and feeds show of it. The record itself is not kept: whoever looks deeper into a remembered story has it read again
from its own files. Everything that is no story is read anew each time, and when any of it has changed nothing that the rules
said, and nothing that was made with it, is believed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exemplars import checking
from exemplars.model import Problem
from exemplars.reading import everything_stays, read_site
from exemplars.remembering.judging import Judge
from exemplars.remembering.memory import Memory
from exemplars.remembering.recalling import Recaller, Stale, row_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Any

    from exemplars.checking import Seen
    from exemplars.model import Site
    from exemplars.remembering.memory import Entry


class Look:
    """The site as it is now, and all its problems, with what is remembered of each story.

    ground   hash of everything that is no story
    entries  path of a story → what is known of its folder
    notes    what is remembered of the whole, by name; written back by `remember`
    judged   how many stories the rules looked at
    """

    def __init__(  # noqa: PLR0913, PLR0917
        self, site: Site, problems: list[Problem], ground: str, entries: Mapping[str, Entry], memory: Memory | None,
        reader: Recaller | None, judged: int,
    ) -> None:  # fmt: skip
        self.site, self.problems, self.ground, self.entries = site, problems, ground, entries
        self.judged, self._reader = judged, reader
        self.notes: dict[str, Any] = dict(memory.notes) if memory else {}
        self._memory = memory

    @property
    def read(self) -> int:
        """How many stories were read from their files, as far as anybody has looked into them."""
        return self._reader.read if self._reader else len(self.site.stories)

    def remember(self) -> None:
        """Keeps what is known now for the next look. Where it cannot be kept, nothing is, and nothing else differs.

        Nor where a rule failed: what it failed of (memory, the disk) may be gone the next time.
        """
        if self._memory and not any(problem.code == checking.CRASHED for problem in self.problems):
            self._memory.save({**self.notes, "ground": self.ground}, self.entries.values())


def check(root: Path, today: dt.date, folder: Path, seen: Seen | None = None, jobs: int = 1) -> tuple[Site, list[Problem]]:
    """The site under `root` and all its problems, as `checking.check` finds them; remembers in `folder`.

    `seen` is told how far it is, as by `read_site` and `checking.check`.
    """
    found = look(root, today, opened(folder), seen, jobs=jobs)
    found.remember()
    return found.site, found.problems


def opened(folder: Path) -> Memory | None:
    """What is remembered in the folder; None where nothing can be."""
    try:
        memory = Memory(folder)
    except OSError:
        return None
    with everything_stays():
        memory.load()
    return memory


def look(  # noqa: PLR0913
    root: Path, today: dt.date, memory: Memory | None, seen: Seen | None = None, *, errors_only: bool = False, jobs: int = 1
) -> Look:
    """The site as it is now; the caller says when to `remember`. `errors_only` as in `checking.check`; `jobs`: how many processes may work."""
    if memory is None:
        return _afresh(root, today, seen)
    try:
        return _look(root, today, memory, seen, errors_only, jobs)
    except Stale:  # a file changed while we looked: what we know of it no longer fits together
        return _afresh(root, today, seen)


def _look(root: Path, today: dt.date, memory: Memory, seen: Seen | None, errors_only: bool, jobs: int) -> Look:  # noqa: FBT001, PLR0913, PLR0917
    with everything_stays():
        reader = Recaller(root, memory, seen, jobs)
        site = reader.site(today)
        judge = Judge(site, reader)
        faces, read = [(entry.folder, entry.face) for entry in reader.entries], [row_of(problem) for problem in reader.problems]
        same = [errors_only, judge.ground, judge.ledger, today.isoformat(), faces, read]
        if judge.believed and same == memory.notes.get("same"):  # then so is all that was said of it
            problems = [Problem(*row) for row in memory.notes["problems"]]
        else:
            judge.ahead({(problem.path, problem.line, problem.column) for problem in reader.problems}, jobs, seen)
            problems = checking.check(site, reader.problems, seen, judge, errors_only=errors_only)
            memory.notes |= {"same": same, "problems": [row_of(problem) for problem in problems]}
    return Look(site, problems, judge.ground, judge.entries, memory, reader, judge.count)


def _afresh(root: Path, today: dt.date, seen: Seen | None) -> Look:
    site, read = read_site(root, today, seen)
    return Look(site, checking.check(site, read, seen), "", {}, None, None, len(site.stories))
