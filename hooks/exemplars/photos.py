"""Photos: decoded whole, turned upright, stripped of all metadata, reduced, written as WebP. The original is never published."""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps
from PIL import __version__ as pillow

from exemplars.picture_header import PIXELS_MOST, TOO_LARGE

VERSION = f"2 pillow {pillow}"
SIDES_MOST = 20  # the longer side to the shorter; beyond that nothing is left of the shorter one, or WebP cannot hold the longer
WIDTHS = (400, 1000)
QUALITY = 80


class Unreadable(Exception):  # noqa: N818 - what it is, not that it is one
    """The bytes are no picture that can be published; the message says why, in Vietnamese."""


class Rendition(NamedTuple):
    data: bytes
    width: int
    height: int


def published(data: bytes) -> tuple[Rendition, ...]:
    """The renditions of a photo, narrow first; a photo is never enlarged.

    errors  Unreadable: not a picture, cut off, more than 40 million pixels, or a strip
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
            _check_size(image)
            image.load()  # verify() passes a cut-off JPEG
            image = ImageOps.exif_transpose(image)
            image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - Pillow says OSError, ValueError, SyntaxError, struct.error, KeyError, … of bytes that are no picture
        raise Unreadable("tệp không phải ảnh JPG, PNG, WebP, hoặc bị cắt cụt") from None
    return tuple(_rendition(image, width) for width in WIDTHS)


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > PIXELS_MOST:
        raise Unreadable(TOO_LARGE)
    if max(image.size) > SIDES_MOST * min(image.size):
        raise Unreadable(f"ảnh quá dài hoặc quá hẹp, cạnh này hơn {SIDES_MOST} lần cạnh kia")


def _rendition(image: Image.Image, width: int) -> Rendition:
    if image.width > width:
        image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=2)
    return Rendition(out.getvalue(), image.width, image.height)
