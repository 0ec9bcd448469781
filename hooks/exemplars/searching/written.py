"""Files of an index as Pagefind writes them: packed, named by what they hold."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from typing import Any

from exemplars.searching import cbor

HEAD = b"pagefind_dcd"  # before the CBOR of every file of Pagefind
SIGNS = 0x2800  # the Braille patterns: 256 signs that are no letters, so a value written in them is not searched
OURS, BACK = str.maketrans("đĐ", "ḏḎ"), str.maketrans("ḏḎ", "đĐ")
DIGITS = 7  # of the hash in a name, where no other file has the same


def opened(data: bytes) -> bytes:
    """What a file holds."""
    return gzip.decompress(data).removeprefix(HEAD)


def packed(held: bytes) -> bytes:
    """The file that holds this.

    Its numbers seldom repeat for long, which is what Z_FILTERED is for: half the time of gzip's level 6; pieces grow by 2 %, the list of pages, which
    every search loads, shrinks by 9 % (544 pieces and the list of 10,000 stories).
    """
    packer = zlib.compressobj(5, wbits=16 + zlib.MAX_WBITS, strategy=zlib.Z_FILTERED)
    return packer.compress(HEAD + held) + packer.flush()


class Names:
    """Names for files, each the shortest of its hash that no other has."""

    def __init__(self) -> None:
        self._given: dict[str, str] = {}

    def __call__(self, sha256: str) -> str:
        """Shape  «vi_0123456»"""
        for digits in range(DIGITS, len(sha256) + 1):
            if self._given.setdefault(sha256[:digits], sha256) == sha256:
                return f"vi_{sha256[:digits]}"
        raise AssertionError(sha256)


def name_hash(held: bytes) -> str:
    """Of what a file holds: it names pieces and lists."""
    return hashlib.sha256(HEAD + held).hexdigest()


def indexed(path: str, data: bytes) -> tuple[str, ...]:
    """What a file of the index tells: the words of a piece; the address, text, card and facets of a fragment; nothing of others.

    errors  ValueError, OSError: no file that Pagefind and we write
    """
    if path.endswith(".pf_index"):
        return tuple(_word(entry) for entry in cbor.elements(opened(data), 1))
    if not path.endswith(".pf_fragment"):
        return ()
    fragment: dict[str, Any] = json.loads(opened(data))
    card = bytes(ord(sign) - SIGNS for sign in fragment["meta"].get("card", "")).decode()
    facets = [value for values in fragment["filters"].values() for value in values]
    return tuple(text.translate(BACK) for text in (fragment["url"], fragment["content"], card, *facets))


def _word(written: bytes) -> str:
    """The word at the head of an entry, which is a list."""
    return str(cbor.read(cbor.elements(written, 0)[0]))
