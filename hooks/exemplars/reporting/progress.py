"""A bar for those who wait at a terminal; nothing at all in a pipe."""

from __future__ import annotations

from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

PATIENCE = 1.0  # seconds before a bar is worth showing
PAUSE = 0.1
CELLS = 20


class Progress:
    """Call it with what is being done, how much is done, and of how much (0 where nobody knows)."""

    def __init__(self, stream: TextIO, clock: Callable[[], float]) -> None:
        self.stream, self.clock = stream, clock
        self.watched = stream.isatty()
        self.next = clock() + PATIENCE if self.watched else 0.0
        self.shown = 0

    def __call__(self, doing: str, done: int, of: int = 0) -> None:
        if self.watched and self.clock() >= self.next:
            full = CELLS * done // of if of else 0
            line = f"{doing}: {done}/{of} {'█' * full}{'░' * (CELLS - full)}" if of else f"{doing}: {done}"
            self._write(line)
            self.next = self.clock() + PAUSE

    def clear(self) -> None:
        """Leaves an empty line behind, if anything was shown."""
        if self.shown:
            self._write("")
            self.stream.write("\r")
            self.stream.flush()
            self.shown = 0

    def _write(self, line: str) -> None:
        self.stream.write("\r" + line.ljust(self.shown))
        self.stream.flush()
        self.shown = max(self.shown, len(line))
