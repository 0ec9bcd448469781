"""Parts of an index → the files of one index, as Pagefind would have made it of all stories at once."""

from __future__ import annotations

import json
from itertools import accumulate
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from exemplars.searching import cbor
from exemplars.searching.written import Names, name_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from exemplars.searching.parts import Pages, Part

T = TypeVar("T")
PIECE = 40 * 1024  # bytes of an index piece before it is packed to about a third: a query loads the piece of each of its words


class Index(NamedTuple, Generic[T]):
    """The files of an index by their path under `pagefind/`.

    made   what was made of those that are of the whole
    kept   the others, which are as they were in a part, by sha256
    entry  bytes of the one that the browser asks for first, pagefind-entry.json
    """

    made: dict[str, T]
    kept: dict[str, str]
    entry: bytes


def merged(parts: Sequence[Part], make: Callable[[bytes], T]) -> Index[T]:
    """One index of all parts, in their order. `make` is given what a file shall hold, as `packed` is."""
    made, kept, names = dict[str, T](), dict(parts[0].files), Names()

    def add(folder: str, form: str, held: bytes) -> str:
        name = names(name_hash(held))
        made[f"{folder}{name}.{form}"] = make(held)
        return name

    starts = [0, *accumulate(len(part.pages) for part in parts)]
    numbers = [cbor.head(cbor.NUMBER, number) for number in range(starts[-1])]
    pages, pieces, facets = list[bytes](), list[cbor.Value](), list[cbor.Value]()
    for part in parts:
        for sha256, length in part.pages:
            name = names(sha256)
            kept[f"fragment/{name}.pf_fragment"] = sha256
            pages.append(cbor.listed([cbor.written(name), cbor.head(cbor.NUMBER, length)]))
    for words in _pieces(_words(parts, starts)):
        held = cbor.listed([cbor.listed([written for _, written in words])])
        pieces.append([words[0][0], words[-1][0], add("index/", "pf_index", held)])
    for facet, values in sorted(_facets(parts, starts, numbers).items()):
        every = [cbor.listed([cbor.written(value), cbor.listed(values[value])]) for value in sorted(values)]
        facets.append([facet, add("filter/", "pf_filter", cbor.listed([cbor.written(facet), cbor.listed(every)]))])
    days = sorted((day, start + page) for part, start in zip(parts, starts, strict=False) for day, page in part.days)
    order = cbor.listed([cbor.listed([cbor.written("date"), cbor.listed([numbers[page] for _, page in days])])])
    shown = cbor.listed([cbor.written(name) for name in parts[0].shown])
    lists = cbor.listed([cbor.written(parts[0].version), cbor.listed(pages), cbor.written(pieces), cbor.written(facets), order, shown])
    entry = json.loads(parts[0].entry)
    entry["languages"]["vi"] |= {"hash": add("pagefind.", "pf_meta", lists), "page_count": starts[-1]}
    return Index(made, kept, json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode())


def _facets(parts: Sequence[Part], starts: Sequence[int], numbers: Sequence[bytes]) -> dict[str, dict[str, list[bytes]]]:
    """Facet → value → its pages, as they are written."""
    facets: dict[str, dict[str, list[bytes]]] = {}
    for part, start in zip(parts, starts, strict=False):
        for facet, values in part.facets.items():
            every = facets.setdefault(facet, {})
            for value, pages in values.items():
                every.setdefault(value, []).extend([numbers[start + page] for page in pages])
    return facets


def _words(parts: Sequence[Part], starts: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    """Each word in order, and all that is written of it."""
    every: dict[str, list[tuple[int, tuple[Pages, dict[str, Pages]]]]] = {}
    for part, start in zip(parts, starts, strict=False):
        for word, forms in part.words.items():
            every.setdefault(word, []).append((start, forms))
    for word in sorted(every):
        found = every.pop(word)
        marked: dict[str, list[tuple[int, Pages]]] = {}
        for start, (_, others) in found:
            for form, pages in others.items():
                marked.setdefault(form, []).append((start, pages))
        written = [cbor.listed([cbor.written(form), _pages(one)]) for form, one in marked.items()]
        yield word, cbor.listed([cbor.written(word), _pages([(start, plain) for start, (plain, _) in found]), cbor.listed(written)])


def _pages(found: Iterable[tuple[int, Pages]]) -> bytes:
    many, before, written = 0, 0, [b""]
    for start, (count, first, last, rest) in found:
        if count:
            written += b"\x83", cbor.head(cbor.NUMBER, start + first - before), rest
            before, many = start + last, many + count
    written[0] = cbor.head(cbor.LIST, many)
    return b"".join(written)


def _pieces(words: Iterable[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """Words that go into one file: as many as it holds, and one at least."""
    piece, size = list[tuple[str, bytes]](), 0
    for word in words:
        size += len(word[1])
        if piece and size > PIECE:
            yield piece
            piece, size = [], len(word[1])
        piece.append(word)
    if piece:
        yield piece
