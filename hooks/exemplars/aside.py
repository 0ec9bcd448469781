"""Texts put aside in a file: thousands of stories are read, few are looked into again, and all of them in memory would be half
of what a large site takes.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakValueDictionary, finalize

if TYPE_CHECKING:
    from collections.abc import Iterator


class Holder(Protocol):
    """Whatever can give a text back."""

    def read(self) -> bytes: ...


class Aside:
    """A file that is open as long as anything in it is in use; forked children read it and add to it too, and what they say of it
    (pickled) means the parent's.

    fd  an open file, closed with this; None for one without a name, which is gone then
    """

    def __init__(self, fd: int | None = None) -> None:
        if fd is None:
            with tempfile.TemporaryFile() as file:
                fd = os.dup(file.fileno())
        self.fd = fd
        finalize(self, os.close, self.fd)
        _OPEN[self.fd] = self

    def __reduce__(self) -> tuple[Any, ...]:
        return _open, (self.fd,)

    @property
    def size(self) -> int:
        return os.fstat(self.fd).st_size

    def hold(self, text: bytes) -> Held:
        return Held(self, self.add(text), len(text))

    def add(self, text: bytes) -> int:
        """Where the text now stands. Children wait for each other."""
        with _locked(self.fd):
            at = self.size
            if os.pwrite(self.fd, text, at) < len(text):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return at

    def read(self, at: int, size: int) -> bytes:
        return os.pread(self.fd, size, at)


_OPEN: WeakValueDictionary[int, Aside] = WeakValueDictionary()


def _open(fd: int) -> Aside:
    return _OPEN[fd]


@contextlib.contextmanager
def _locked(fd: int) -> Iterator[None]:
    fcntl.lockf(fd, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.lockf(fd, fcntl.LOCK_UN)


@dataclass(frozen=True, slots=True)
class Held:
    """A text put aside."""

    aside: Aside
    at: int
    size: int

    def read(self) -> bytes:
        """The text.

        errors  OSError: the disk of temporary files
        """
        try:
            return self.aside.read(self.at, self.size)
        except OSError as error:
            raise OSError(error.errno, error.strerror, tempfile.gettempdir()) from None
