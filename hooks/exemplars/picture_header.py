"""What the header of a picture file tells, read without decoding: is it a picture at all, and whom or what does it give away.

Cheap enough for every photo at every check; that the pixels are sound as well only `photos` can say.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PHOTOS = (".jpg", ".jpeg", ".png", ".webp")  # how the name of a photo ends
PIXELS_MOST = 40_000_000
PLACE, CAMERA = "tọa độ nơi chụp", "thông tin máy chụp"
NO_PICTURE = "không phải ảnh JPG, PNG, WebP"
CUT_OFF = "tệp bị cắt cụt hoặc hỏng"
TOO_LARGE = "ảnh quá lớn, hơn 40 triệu điểm"
SIDES_MOST = 20  # the longer side to the shorter; beyond that nothing is left of the shorter one, or WebP cannot hold the longer
TOO_NARROW = f"ảnh quá dài hoặc quá hẹp, cạnh này hơn {SIDES_MOST} lần cạnh kia"

GPS_IFD, EXIF_IFD = 0x8825, 0x8769
# make, model, day, artist; exposure, days, owner, serial numbers, maker's notes, comment: not size, colours, orientation
CAMERA_TAGS = frozenset(
    {0x010F, 0x0110, 0x0132, 0x013B, 0x829A, 0x9003, 0x9004, 0x927C, 0x9286, 0xA430, 0xA431, 0xA433, 0xA434, 0xA435}
)  # fmt: skip
XMP = b"http://ns.adobe.com/"
XMP_PLACE = (b"GPSLatitude", b"GPSLongitude")
XMP_CAMERA = (b"tiff:Make", b"tiff:Model", b"aux:SerialNumber", b"exifEX:", b"exif:DateTimeOriginal")
IPTC = b"8BIM\x04\x04"


class Header(NamedTuple):
    """fault: why the file is no picture to publish, in Vietnamese, or ""; private: what else it tells, of PLACE and CAMERA."""

    fault: str = ""
    private: tuple[str, ...] = ()


def header(data: bytes) -> Header:
    """The header of a JPEG, PNG or WebP file; never raises, whatever the bytes."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            size, private = _jpeg(data)
        elif data.startswith(b"\x89PNG\r\n\x1a\n"):
            size, private = _png(data)
        elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
            size, private = _webp(data)
        else:
            return Header(NO_PICTURE)
    except (ValueError, IndexError, struct.error):
        return Header(CUT_OFF)
    if not all(size):
        return Header(CUT_OFF)
    return Header(unfit(*size), tuple(sorted(private)))


def remedy(fault: str) -> str:
    """What to do about a fault, in Vietnamese."""
    known = {
        TOO_LARGE: "Hãy thu nhỏ ảnh: cạnh dài 2.000 điểm là đủ.", TOO_NARROW: "Hãy cắt bớt ảnh cho cân đối.",
        NO_PICTURE: "Hãy mở ảnh và lưu lại thành tệp JPG, PNG hoặc WebP; đổi tên tệp không đủ.",
    }  # fmt: skip
    return known.get(fault, "Hãy chép lại tệp gốc, hoặc mở ảnh và lưu lại thành JPG.")


def unfit(wide: int, high: int) -> str:
    """Why a picture of this size, in pixels, is not to be published; "" when it is."""
    return TOO_LARGE if wide * high > PIXELS_MOST else TOO_NARROW if max(wide, high) > SIDES_MOST * min(wide, high) else ""


Size: TypeAlias = tuple[int, int]


def _jpeg(data: bytes) -> tuple[Size, set[str]]:
    """Width and height, and what the segments before the picture tell. source: ITU-T T.81 annex B; Exif 2.32; XMP part 3."""
    at, size, private = 2, (0, 0), set[str]()
    while True:
        if data[at] != 0xFF:  # noqa: PLR2004
            raise ValueError
        while data[at] == 0xFF:  # noqa: PLR2004 - any number of fill bytes
            at += 1
        marker = data[at]
        at += 1
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:  # noqa: PLR2004 - markers without a segment
            continue
        (length,) = struct.unpack_from(">H", data, at)
        part = data[at + 2 : at + length]
        if length < 2 or len(part) != length - 2:  # noqa: PLR2004
            raise ValueError
        if marker == 0xDA:  # noqa: PLR2004 - the picture begins; FF D9 cannot stand inside it
            if data.rfind(b"\xff\xd9") < at:
                raise ValueError
            return size, private
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:  # noqa: PLR2004
            high, wide = struct.unpack_from(">HH", part, 1)
            size = wide, high
        elif marker == 0xE1:  # noqa: PLR2004
            private |= _tiff(part[6:]) if part.startswith(b"Exif\0") else _xmp(part) if part.startswith(XMP) else set()
        elif (marker == 0xED and IPTC in part) or (marker == 0xE2 and part.startswith(b"MPF\0")):  # noqa: PLR2004 - newspapers' caption, author and place
            private.add(CAMERA)
        at += length


def _png(data: bytes) -> tuple[Size, set[str]]:
    """source: PNG, third edition, 5.3 and 11."""
    at, size, private = 8, (0, 0), set[str]()
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        part = data[at + 8 : at + 8 + length]
        if len(part) != length or len(data) < at + 12 + length:
            raise ValueError
        if kind == b"IHDR":
            size = struct.unpack_from(">II", part)
        elif kind == b"IEND":
            return size, private
        elif kind == b"eXIf":
            private |= _tiff(part)
        elif kind in {b"tEXt", b"zTXt", b"iTXt"}:
            private |= _png_text(*part.partition(b"\0")[::2])
        at += 12 + length


def _png_text(keyword: bytes, text: bytes) -> set[str]:
    if keyword == b"XML:com.adobe.xmp":
        return _xmp(text) if text[:1] == b"\0" else {CAMERA}  # a compressed one is not unpacked: it may be a bomb
    name = keyword.lower()
    if name.startswith(b"raw profile type") and not name.endswith(b"icc"):
        return {CAMERA}
    return {PLACE} if b"gps" in name or b"location" in name else set()


def _webp(data: bytes) -> tuple[Size, set[str]]:
    """source: RFC 9649, 2.3–2.7."""
    (size,) = struct.unpack_from("<I", data, 4)
    if 8 + size > len(data):
        raise ValueError
    found, private = (0, 0), set[str]()
    for kind, part in _riff(data[12 : 8 + size]):
        if kind == b"VP8X":
            found = 1 + int.from_bytes(part[4:7], "little"), 1 + int.from_bytes(part[7:10], "little")
        elif kind == b"VP8 " and not all(found):
            wide, high = struct.unpack_from("<HH", part, 6)
            found = wide & 0x3FFF, high & 0x3FFF
        elif kind == b"VP8L" and not all(found):
            (bits,) = struct.unpack_from("<I", part, 1)
            found = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        elif kind == b"EXIF":
            private |= _tiff(part.removeprefix(b"Exif\0\0"))
        elif kind == b"XMP ":
            private |= _xmp(part)
    return found, private


def _riff(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        kind, size = struct.unpack_from("<4sI", data, at)
        part = data[at + 8 : at + 8 + size]
        if len(part) != size:
            raise ValueError
        yield kind, part
        at += 8 + size + size % 2


def _tiff(data: bytes) -> set[str]:
    """What an Exif block gives away; one that cannot be read cannot be called harmless. source: TIFF 6.0, section 2."""
    try:
        order = {b"II": "<", b"MM": ">"}[data[:2]]
        first = _tags(data, order, struct.unpack_from(order + "I", data, 4)[0])
        inner = _tags(data, order, first[EXIF_IFD]) if EXIF_IFD in first else {}
    except (KeyError, struct.error):
        return {CAMERA}
    found = {PLACE} if GPS_IFD in first else set()
    return found | {CAMERA} if CAMERA_TAGS & (first.keys() | inner.keys()) else found


def _tags(data: bytes, order: str, at: int) -> dict[int, int]:
    """The tags of one directory, each with its value or the place of it."""
    (count,) = struct.unpack_from(order + "H", data, at)
    entries: Iterable[tuple[int, int]] = (struct.unpack_from(order + "H6xI", data, at + 2 + 12 * n) for n in range(count))
    return dict(entries)


def _xmp(data: bytes) -> set[str]:
    found = {PLACE} if any(word in data for word in XMP_PLACE) else set()
    return found | {CAMERA} if any(word in data for word in XMP_CAMERA) else found
