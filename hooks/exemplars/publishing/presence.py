"""A lock where nothing can be written under a condition: each who wants in lays down a mark of their own, then looks.

Who sees no other mark holds the place; who sees one that is earlier takes their own away. Two cannot both hold it: of any two,
the one whose look came last saw the mark of the other. It needs only what every store gives: a mark that was written is seen by
whoever lists after that. Conditional writes (`If-None-Match`) would do with one request, but rclone has none and not every store
that speaks S3 has them.
"""

from __future__ import annotations

import hashlib
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from exemplars.publishing import locking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exemplars.publishing.locking import Owner, Wait

PAUSE = 1.0  # seconds between two looks
LOOKS = 4  # how often the earlier of two looks again before it gives way without waiting


class Marks(Protocol):
    """A small store of marks by name."""

    def put(self, name: str, data: bytes) -> None: ...

    def all(self) -> Mapping[str, bytes]: ...

    def remove(self, name: str) -> None: ...


class Presence:
    """A held lock; `expired` once it has lasted too long to be believed."""

    def __init__(self, owner: Owner, wait: Wait) -> None:
        self.owner, self._wait = owner, wait

    @property
    def expired(self) -> bool:
        return self._wait.clock() >= self.owner.expires


@contextmanager
def held(marks: Marks, wait: Wait, where: str) -> Iterator[Presence]:
    """Holds the lock; errors: locking's Busy, naming the first of the others."""
    owner = wait.owner()
    name = f"{owner.start}-{hashlib.sha256(locking.written(owner)).hexdigest()[:16]}"
    until, looks = wait.clock() + wait.seconds, LOOKS
    marks.put(name, locking.written(owner))
    try:
        while others := _others(marks, name, wait):
            first, by = min(others.items())
            looks -= 1
            if wait.clock() >= until and (first < name or looks <= 0):
                raise locking.busy(where, by)
            if first < name:
                marks.remove(name)
            time.sleep(PAUSE)
            owner = owner._replace(expires=wait.owner().expires)  # it lasts from when it is held, however long the wait was
            marks.put(name, locking.written(owner))
        yield Presence(owner, wait)
    finally:
        marks.remove(name)


def _others(marks: Marks, name: str, wait: Wait) -> dict[str, Owner | None]:
    """The marks of others that still hold; one whose owner died long ago is cleared away."""
    found: dict[str, Owner | None] = {}
    for other, data in marks.all().items():
        owner = locking.read(data)
        if other != name and owner is not None and owner.expires <= wait.clock():
            marks.remove(other)
        elif other != name:
            found[other] = owner
    return found
