"""Texts kept from build to build in one file of the store, because ten thousand small ones would cost more than making them again."""

from __future__ import annotations

import contextlib
import hashlib
import marshal
from typing import TYPE_CHECKING, TypeAlias

from exemplars.aside import Aside
from exemplars.storing import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exemplars.storing import Store

MARK = 8  # bytes of a text's sha256: enough to tell damage
FREE = 64_000_000  # bytes that the file may take beyond twice what is in use

Place: TypeAlias = tuple[int, tuple[int, ...], bytes]
"""Where texts stand, one after another: from which byte, how long each is, and the first bytes of the hash of each."""


class Told:
    """A few texts under each key. Forked children read and add too; a text that is damaged, or of another build's file, is not there.

    made_with  stands for everything that the texts follow from beside their keys
    """

    def __init__(self, store: Store, made_with: str) -> None:
        self._store, self._name = store, f"told-{sha256_of(made_with.encode())[:16]}"
        self._aside = Aside(store.file(self._name))
        self._earlier = self._aside.size  # what lies behind is of this build, and sound
        kept = store.get(self._name)
        size, places = marshal.loads(kept) if kept else (0, {})  # noqa: S302 - our own, and whole
        self._places: dict[str, Place] = places if size <= self._earlier else {}
        self._fresh: dict[str, Place] = {}
        self._changed = False

    def __contains__(self, key: str) -> bool:
        return key in self._places

    def put(self, key: str, texts: Sequence[bytes]) -> None:
        marks = b"".join(_mark(text) for text in texts)
        self._places[key] = self._fresh[key] = self._aside.add(b"".join(texts)), tuple(map(len, texts)), marks

    def get(self, key: str, at: int) -> bytes | None:
        """Text `at` of those under the key."""
        if key not in self._places:
            return None
        start, sizes, marks = self._places[key]
        start += sum(sizes[:at])
        text = self._aside.read(start, sizes[at])
        return text if start >= self._earlier or _mark(text) == marks[at * MARK : (at + 1) * MARK] else None

    def news(self) -> Mapping[str, Place]:
        """What was put here since this was last asked; a child hands it to its parent."""
        news, self._fresh = self._fresh, {}
        self._changed = self._changed or bool(news)
        return news

    def learn(self, news: Mapping[str, Place]) -> None:
        self._changed = self._changed or bool(news)
        self._places |= news

    def keep(self, used: Iterable[str]) -> None:
        """Leaves it for the next build, unless most of it is of no use any more. `used`: the keys that are."""
        if not self._changed:
            return
        self._places = {key: self._places[key] for key in used if key in self._places}
        if self._aside.size > FREE + 2 * sum(sum(sizes) for _, sizes, _ in self._places.values()):
            self._places = {}
        for path in self._store.folder.glob("told-*"):
            if not self._places or path.name != self._name:
                with contextlib.suppress(OSError):  # another build was faster, or holds it open where that forbids it (Windows)
                    path.unlink()
        self._store.put(self._name, marshal.dumps((self._aside.size if self._places else 0, self._places)))


def _mark(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()[:MARK]
