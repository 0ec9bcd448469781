"""Photos: decoded whole, turned upright, stripped of all metadata, reduced, written as WebP. The original is never published."""

from __future__ import annotations

import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps
from PIL import __version__ as pillow

from exemplars.picture_header import unfit

VERSION = f"2 pillow {pillow}"
WIDTHS = (400, 1000)
QUALITY = 80
BROKEN = "tệp không phải ảnh JPG, PNG, WebP, hoặc bị cắt cụt"


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
        image = _opened(data)
        image = ImageOps.exif_transpose(image)
        image = image.convert("RGBA" if "A" in image.getbands() else "RGB")
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - Pillow says OSError, ValueError, SyntaxError, struct.error, KeyError, … of bytes that are no picture
        raise Unreadable(BROKEN) from None
    return tuple(_rendition(image, width) for width in WIDTHS)


def upright(data: bytes) -> bytes:
    """The photo turned as the camera was held, in its own format, with its ICC profile and no other metadata.

    errors  Unreadable: as `published`
    """
    try:
        image = _opened(data)
        form, profile = image.format or "JPEG", image.info.get("icc_profile")
        out = io.BytesIO()
        how = {"PNG": {}, "WEBP": {"lossless": b"VP8L" in data[:64], "quality": 95}}.get(form, {"quality": 95, "subsampling": "4:4:4"})
        turned = ImageOps.exif_transpose(image)
        turned.info = {}  # Pillow writes comments and the like from there
        turned.save(out, form, icc_profile=profile, **how)
        return out.getvalue()
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - as above
        raise Unreadable(BROKEN) from None


def _opened(data: bytes) -> Image.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image: Image.Image = Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP"))
    fault = unfit(*image.size)
    if fault:
        raise Unreadable(fault)
    image.load()  # verify() passes a cut-off JPEG
    return image


def _rendition(image: Image.Image, width: int) -> Rendition:
    if image.width > width:
        image = image.resize((width, round(image.height * width / image.width)), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=2)
    return Rendition(out.getvalue(), image.width, image.height)
