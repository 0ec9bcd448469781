"""Texts kept from build to build in one file of the store, because ten thousand small ones would cost more than making them again."""

from __future__ import annotations

import marshal
from collections import OrderedDict
from itertools import accumulate
from typing import TYPE_CHECKING, TypeAlias
from zlib import crc32

from exemplars.aside import Aside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from exemplars.storing import Store

RECENT = 12_000_000  # bytes of texts held in memory once read: documents of one time have most of theirs in common
FREE = 64_000_000  # bytes that the file may hold beyond twice what is in use

Place: TypeAlias = tuple[int, tuple[int, ...], tuple[int, ...]]
"""Where texts stand, one behind the other: from which byte of the file; 0 and where each ends, from there; the CRC-32 of each, to tell damage."""


class Told:
    """A few texts under each key. Forked children read and add too; two builds at once may, for each believes its own list only.

    name       of the file in the store
    made_with  stands for everything that the texts follow from beside their keys
    """

    def __init__(self, store: Store, name: str, made_with: str) -> None:
        self._store, self._name, self.key = store, name, f"{name} {made_with}"
        self._aside = Aside(store.file(name))
        kept = store.get(self.key)
        size, places = marshal.loads(kept) if kept else (0, {})  # noqa: S302 - our own, and whole
        self._places: dict[str, Place] = places if size <= self._aside.size else {}
        used = sum(ends[-1] for _, ends, _ in self._places.values())
        if self._aside.size > (FREE + 2 * used if used else 0):  # of little use, or of none: another code's, or of a build that was stopped
            store.remove(name)
            self._aside, self._places = Aside(store.file(name)), {}
        self._earlier = self._aside.size  # what this build adds lies behind, and needs no second look
        self._fresh: dict[str, Place] = {}
        self._recent, self._held = OrderedDict[tuple[str, int], bytes](), 0
        self._changed = False

    def __contains__(self, key: str) -> bool:
        """Whether texts are noted under the key; `get` tells whether they are sound."""
        return key in self._places

    def put(self, key: str, texts: Sequence[bytes]) -> None:
        try:
            start = self._aside.add(b"".join(texts))
        except OSError as error:
            raise self._named(error) from None
        place = start, (0, *accumulate(map(len, texts))), tuple(map(crc32, texts))
        self._places[key] = self._fresh[key] = place

    def get(self, key: str, at: int) -> bytes | None:
        """Text `at` of those under the key; None for one that is not there, or not as an earlier build put it.

        errors  OSError: what this build put cannot be read
        """
        text = self._recent.get((key, at))
        if text is None and (text := self._read(key, at)) is not None:
            self._recent[key, at] = text
            self._held += len(text)
            while self._held > RECENT:
                self._held -= len(self._recent.popitem(last=False)[1])
        return text

    def _read(self, key: str, at: int) -> bytes | None:
        if key not in self._places:
            return None
        start, ends, sums = self._places[key]
        begin, ours = ends[at], start >= self._earlier
        try:
            text = self._aside.read(start + begin, ends[at + 1] - begin)
        except OSError as error:
            if ours:
                raise self._named(error) from None
            return None
        return text if ours or crc32(text) == sums[at] else None

    def _named(self, error: OSError) -> OSError:
        return OSError(error.errno, error.strerror, f"{self._store.folder}/{self._name}")

    def news(self) -> Mapping[str, Place]:
        """What was put here since this was last asked; a child hands it to its parent."""
        news, self._fresh = self._fresh, {}
        self._changed = self._changed or bool(news)
        return news

    def learn(self, news: Mapping[str, Place]) -> None:
        self._changed = self._changed or bool(news)
        self._places |= news

    def keep(self, used: Iterable[str]) -> None:
        """Leaves what is of use for the next build. `used`: the keys that are."""
        if self._changed:
            self._places = {key: self._places[key] for key in used if key in self._places}
            self._store.put(self.key, marshal.dumps((self._aside.size, self._places)))
