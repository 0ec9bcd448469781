"""What a build was writing when it was stopped: noted before each file, so that the next build trusts none of them.

Without it a file that a killed build wrote, and the next one does not want, would stay for ever; and one that happens to have
the length of what the manifest expects would pass for it.
"""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path


class Unfinished:
    """The note, one path a line after the folder that it speaks of. Children that are forked write into it too."""

    def __init__(self, note: Path | None, target: Path) -> None:
        self._note, self._head = note, f"{target}\n"
        self._file: int | None = None

    def left(self) -> frozenset[str] | None:
        """The paths that an interrupted build of the same folder was writing, if it came to any; None after one that came to its end."""
        try:
            said = self._note.read_bytes().decode(errors="replace") if self._note else ""
        except FileNotFoundError:
            return None
        head, *paths = said.rpartition("\n")[0].split("\n")  # a line that a full disk cut short: its file was not begun
        return frozenset(filter(None, paths)) if f"{head}\n" == self._head else None

    def begin(self, left: frozenset[str]) -> None:
        """From now on `writing` is noted; what was left is noted still, for this build may be stopped as well."""
        if self._note:
            self._note.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self._note, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o644)
            self._add(self._head + "".join(f"{path}\n" for path in sorted(left)))

    def writing(self, path: str) -> None:
        if self._file is not None:
            self._add(f"\n{path}\n")  # on a line of its own, even behind one that was cut short

    def _add(self, lines: str) -> None:
        assert self._file is not None  # noqa: S101 - `begin` has opened it
        data = lines.encode()
        if os.write(self._file, data) < len(data):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._note))

    def end(self) -> None:
        """Everything stands as the manifest says."""
        if self._file is not None and self._note:
            os.close(self._file)
            self._file = None
            self._note.unlink()


def clear_halves(target: Path, paths: frozenset[str]) -> None:
    """Takes away the half-written files of `storing.write` beside those paths."""
    by_folder: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        by_folder.setdefault(folder, set()).add(name)
    for folder, names in by_folder.items():
        half = re.compile(rf"\.(?:{'|'.join(map(re.escape, sorted(names)))})\.[0-9]+")
        try:
            there = os.listdir(target / folder)  # noqa: PTH208 - names are enough
        except FileNotFoundError:
            continue
        for name in there:
            if half.fullmatch(name):
                (target / folder / name).unlink(missing_ok=True)
