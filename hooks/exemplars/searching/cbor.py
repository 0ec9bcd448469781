"""The little of CBOR (RFC 8949) that Pagefind writes: numbers, texts, lists and the three constants."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

Value: TypeAlias = "int | str | bool | list[Value] | None"

NUMBER, TEXT, LIST, CONSTANT = 0, 3, 4, 7
CONSTANTS: dict[int, bool | None] = {20: False, 21: True, 22: None}


def read(data: bytes) -> Value:
    """Errors  ValueError: something else than the above, or not one whole value"""
    try:
        value, end = _read(data, 0)
    except (IndexError, KeyError, UnicodeDecodeError) as error:
        raise ValueError("not the CBOR that was expected") from error
    if end != len(data):
        raise ValueError("more than one value")
    return value


def _read(data: bytes, at: int) -> tuple[Value, int]:
    kind, size, at = data[at] >> 5, data[at] & 31, at + 1
    if 24 <= size <= 27:  # noqa: PLR2004 - the number itself stands in the next 1, 2, 4 or 8 bytes
        width = 1 << (size - 24)
        size, at = int.from_bytes(data[at : at + width], "big"), at + width
    elif size > 27:  # noqa: PLR2004
        raise KeyError(size)
    if kind == NUMBER:
        return size, at
    if kind == TEXT:
        return data[at : at + size].decode(), at + size
    if kind == LIST:
        values: list[Value] = []
        for _ in range(size):
            value, at = _read(data, at)
            values.append(value)
        return values, at
    if kind == CONSTANT:
        return CONSTANTS[size], at
    raise KeyError(kind)


def elements(data: bytes, at: int) -> list[bytes]:
    """The elements of the list at `at`, as they are written: much faster than reading them.

    errors  ValueError: no list, or the data end before it does
    """
    try:
        if data[at] >> 5 != LIST:
            raise ValueError("no list")
        size = data[at] & 31
        at += 1
        if size > 23:  # noqa: PLR2004
            width = 1 << (size - 24)
            size, at = int.from_bytes(data[at : at + width], "big"), at + width
        found = [at]
        for _ in range(size):
            open_ = 1
            while open_:
                head = data[at]
                kind, size, at = head >> 5, head & 31, at + 1
                if size > 23:  # noqa: PLR2004
                    width = 1 << (size - 24)
                    size, at = int.from_bytes(data[at : at + width], "big"), at + width
                open_ += (size if kind == LIST else 0) - 1
                at += size if kind == TEXT else 0
            found.append(at)
    except IndexError as error:
        raise ValueError("not the CBOR that was expected") from error
    return [data[start:end] for start, end in pairwise(found)]


def sized(data: bytes, at: int, kind: int) -> tuple[int, int]:
    """The number in the head at `at`, and where what follows the head begins.

    errors  ValueError: a head of another kind; IndexError: the data end before
    """
    if data[at] >> 5 != kind:
        raise ValueError("not the CBOR that was expected")
    size = data[at] & 31
    at += 1
    if size < 24:  # noqa: PLR2004
        return size, at
    width = 1 << (size - 24)
    return int.from_bytes(data[at : at + width], "big"), at + width


def of(data: bytes, at: int, size: int) -> int:
    """Where the elements of the list at `at` begin, which must be so many."""
    found, at = sized(data, at, LIST)
    if found != size:
        raise ValueError("a list of another length")
    return at


def text(data: bytes, at: int) -> tuple[str, int]:
    """The text at `at`, and where it ends."""
    size, at = sized(data, at, TEXT)
    return data[at : at + size].decode(), at + size


def listed(elements: Sequence[bytes]) -> bytes:
    """A list of values that are already written."""
    return head(LIST, len(elements)) + b"".join(elements)


def written(value: Value) -> bytes:
    """The shortest form of a value."""
    match value:
        case bool() | None:
            return bytes([CONSTANT << 5 | next(code for code, known in CONSTANTS.items() if known is value)])
        case int():
            return head(NUMBER, value)
        case str():
            return head(TEXT, len(value.encode())) + value.encode()
        case _:
            return head(LIST, len(value)) + b"".join(map(written, value))


def head(kind: int, size: int) -> bytes:
    if size < 24:  # noqa: PLR2004
        return bytes([kind << 5 | size])
    width = next(width for width in (1, 2, 4, 8) if size < 1 << 8 * width)
    return bytes([kind << 5 | 23 + width.bit_length()]) + size.to_bytes(width, "big")
