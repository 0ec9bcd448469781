"""Which of many texts say nearly the same: a few numbers for each text, compared in one pass; then word for word."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from hashlib import sha256
from operator import eq
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

from exemplars.vietnamese import sort_key

Fingerprint = tuple[int, ...]

SHINGLE = 3  # syllables in a row
# a sample by what the text says, not by where: a run is taken when it begins with one of these everyday words
_SAMPLED = re.compile(r" ((?:của|và|được|cho|không|là) \S+ \S+)")
_SHARED_LEAST = 0.25  # of the sample, for two texts to be worth comparing word for word
_SAMPLE_LEAST = 4


def fingerprint(text: str) -> Fingerprint:
    """The sampled runs of three syllables, each as a 32-bit number; some 20–40 for a story of 700 syllables.

    A pure function of the text (CRC-32, no seed), so it may be kept by the hash of the text.
    """
    return tuple(sorted({crc32(run.encode()) for run in _SAMPLED.findall(text)}))


class Gist(NamedTuple):
    """What tells whether two stories are one, without looking into them.

    person  hash of the name as it is compared: Hòa and Hoà are one; "" for none
    sample  the fingerprint of the body, as bytes: of ten thousand stories few are ever compared
    """

    person: str = ""
    sample: bytes = b""

    @property
    def fingerprint(self) -> Fingerprint:
        return tuple(memoryview(self.sample).cast("I"))


def gist(name: str, body: str) -> Gist:
    return Gist(sha256(repr(sort_key(name)[0]).encode()).hexdigest()[:32] if name else "", array("I", fingerprint(body)).tobytes())


def candidates(fingerprints: Iterable[Fingerprint]) -> Iterator[tuple[int, int]]:
    """Pairs (later, earlier) of positions worth comparing; the earlier ones by how much they share, most first.

    Each number leads only to the last text before that had it, so the time is linear, however many copies there are:
    of three copies the third is paired with the second, and the second with the first.
    """
    last: dict[int, int] = {}
    sizes: list[int] = []
    least = _SAMPLE_LEAST  # of any two texts so far
    for at, found in enumerate(fingerprints):
        sizes.append(len(found))
        least = min(least, len(found)) or least
        shared = sorted([last[number] for number in found if number in last])
        if any(map(eq, shared, shared[least - 1 :])):  # somebody shares enough to be counted
            for earlier, count in Counter(shared).most_common(3):
                smaller = min(len(found), sizes[earlier])
                if count >= max(min(_SAMPLE_LEAST, smaller), _SHARED_LEAST * smaller):
                    yield at, earlier
        for number in found:
            last[number] = at


def likeness(one: str, other: str) -> float:
    """How much of the shorter text stands in the other: the share of its runs of three syllables, 0 to 1."""
    runs, others = _runs(one), _runs(other)
    return len(runs & others) / (min(len(runs), len(others)) or 1)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.lower().split()
    return set(zip(*(words[at:] for at in range(SHINGLE)), strict=False))
