"""What a camera writes into a photo besides the picture (EXIF, XMP, IPTC: place, time, owner): found and taken out, the picture untouched.

Works on the container only, never on the pixels; a file that does not follow its format comes back as it was.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_UPRIGHT = 1
_JPEG, _PNG, _RIFF, _EXIF = b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF", b"Exif\0\0"
_SOS, _EOI = 0xDA, 0xD9
_IN_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # inside a scan, 0xFF before anything else is data
_PNG_DROPPED = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_DROPPED = {b"EXIF": 0x08, b"XMP ": 0x04}  # with its bit in VP8X


class _Malformed(Exception):  # noqa: N818 - what it is, not that it is one
    pass


def stripped(data: bytes) -> bytes:
    """A JPEG, PNG or WebP without metadata and without anything behind its end; the very bytes of the picture.

    keeps   what the colours need: JFIF, Adobe, ICC profile, gamma
    gives   the data itself when there is nothing to take out, or when it is no whole picture of these formats
    """
    try:
        return b"".join(_kept(data))
    except (_Malformed, struct.error, IndexError):
        return data


def orientation(data: bytes) -> int:
    """How the camera was held (EXIF tag 0x0112): 1 upright, also when nothing is said; 2–8 turned or mirrored."""
    try:
        return next((found for block in _exif(data) if (found := _tag(block))), _UPRIGHT)
    except (_Malformed, struct.error, IndexError):
        return _UPRIGHT


def _kept(data: bytes) -> Iterator[bytes]:
    if data.startswith(_JPEG):
        yield _JPEG
        for marker, part in _segments(data):
            if not _is_metadata(marker, part):
                yield part
    elif data.startswith(_PNG):
        yield _PNG
        for name, part in _chunks(data, 8, ">"):
            if name not in _PNG_DROPPED:
                yield part
    elif data.startswith(_RIFF) and data[8:12] == b"WEBP":
        yield from _webp(data)
    else:
        yield data


def _is_metadata(marker: int, part: bytes) -> bool:
    body = part[4:]
    wanted = (
        (marker == 0xE0 and body.startswith(b"JFIF\0"))  # noqa: PLR2004 - the markers are the format's own
        or (marker == 0xE2 and body.startswith(b"ICC_PROFILE\0"))  # noqa: PLR2004
        or (marker == 0xEE and body.startswith(b"Adobe"))  # noqa: PLR2004
    )
    return (0xE0 <= marker <= 0xEF or marker == 0xFE) and not wanted  # noqa: PLR2004


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG up to its end, each with the scan that follows it."""
    at = 2
    while True:
        while data[at : at + 2] == b"\xff\xff":
            at += 1
        if data[at] != 0xFF:  # noqa: PLR2004
            raise _Malformed
        marker = data[at + 1]
        if marker == _EOI:
            yield marker, data[at : at + 2]
            return
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:  # noqa: PLR2004 - markers without a segment
            yield marker, data[at : at + 2]
            at += 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if end < at + 4 or end > len(data):
            raise _Malformed
        if marker == _SOS:
            found = _IN_SCAN.search(data, end)
            if found is None:
                raise _Malformed
            end = found.start()
        yield marker, data[at:end]
        at = end


def _chunks(data: bytes, at: int, order: str) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG (big-endian, with checksum, up to IEND) or of a RIFF file (little-endian, padded)."""
    while at < len(data):
        if order == ">":
            (size,), name = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
            end = at + 12 + size
        else:
            name, (size,) = data[at : at + 4], struct.unpack("<I", data[at + 4 : at + 8])
            end = at + 8 + size + size % 2
        if end > len(data):
            raise _Malformed
        yield name, data[at:end]
        if name == b"IEND":
            return
        at = end
    if order == ">":
        raise _Malformed


def _webp(data: bytes) -> Iterator[bytes]:
    whole = data[: 8 + struct.unpack("<I", data[4:8])[0]]
    if len(whole) <= 12:  # noqa: PLR2004 - no chunk at all
        raise _Malformed
    parts, there = [], 0
    for name, part in _chunks(whole, 12, "<"):
        there |= _WEBP_DROPPED.get(name, 0)
        if name not in _WEBP_DROPPED:
            parts.append(part)
    parts = [part[:8] + bytes([part[8] & ~there]) + part[9:] if part.startswith(b"VP8X") else part for part in parts]
    body = b"WEBP" + b"".join(parts)
    yield _RIFF + struct.pack("<I", len(body)) + body


def _exif(data: bytes) -> Iterator[bytes]:
    if data.startswith(_JPEG):
        yield from (part[10:] for marker, part in _segments(data) if marker == 0xE1 and part[4:10] == _EXIF)  # noqa: PLR2004
    elif data.startswith(_PNG):
        yield from (part[8:-4] for name, part in _chunks(data, 8, ">") if name == b"eXIf")
    elif data.startswith(_RIFF):
        yield from (part[8:].removeprefix(_EXIF) for name, part in _chunks(data, 12, "<") if name == b"EXIF")


def _tag(block: bytes) -> int:
    """The orientation in the first directory of a TIFF block; 0 when it says none."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    if order is None:
        return 0
    (at,) = struct.unpack(order + "I", block[4:8])
    (count,) = struct.unpack(order + "H", block[at : at + 2])
    for row in range(count):
        tag, _, _, value = struct.unpack(order + "HHIH", block[at + 2 + 12 * row : at + 12 + 12 * row])
        if tag == 0x0112:  # noqa: PLR2004
            return int(value) if 1 <= value <= 8 else 0  # noqa: PLR2004
    return 0
