"""Texts put aside in an unnamed file: thousands of stories are read, few are looked into again, and all of them in memory
would be half of what a large site takes.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from typing import Protocol


class Holder(Protocol):
    """Whatever can give a text back."""

    def read(self) -> bytes: ...


class Aside:
    """A file without a name that lives as long as anything in it is in use; forked children read it too."""

    def __init__(self) -> None:
        self.fd, name = tempfile.mkstemp()
        os.unlink(name)  # noqa: PTH108
        self._end = 0

    def __del__(self) -> None:
        os.close(self.fd)

    def hold(self, text: bytes) -> Held:
        at, self._end = self._end, self._end + len(text)
        os.pwrite(self.fd, text, at)
        return Held(self, at, len(text))


@dataclass(frozen=True, slots=True)
class Held:
    """A text put aside."""

    aside: Aside
    at: int
    size: int

    def read(self) -> bytes:
        return os.pread(self.aside.fd, self.size, self.at)
