"""Photos: decoded whole, turned upright, stripped of all metadata, reduced, written as WebP. The original is never published."""

from __future__ import annotations

import contextlib
import io
import warnings
from typing import NamedTuple

from PIL import Image, ImageCms, ImageDraw, ImageOps

from exemplars.picture_header import unfit
from exemplars.renditions import QUALITY, SHARE, WIDTHS

FACES = (0.5, 0.3)  # where a crop holds on: faces stand in the upper third
BROKEN = "tệp không phải ảnh JPG, PNG, WebP, hoặc bị cắt cụt"


class Unreadable(Exception):  # noqa: N818 - what it is, not that it is one
    """The bytes are no picture that can be published; the message says why, in Vietnamese."""


class Rendition(NamedTuple):
    data: bytes
    width: int
    height: int


def published(data: bytes) -> tuple[Rendition, Rendition, Rendition]:
    """A photo as it is published: narrow and wide WebP, never enlarged, and the JPEG of 1200 × 630 for sharing.

    errors  Unreadable: not a picture, cut off, more than 40 million pixels, or a strip
    """
    image = _decoded(data)
    wide = _reduced(image, WIDTHS[1])
    return _webp(_reduced(wide, WIDTHS[0])), _webp(wide), _shared(image)


def site_card() -> bytes:
    """The picture for sharing where a story has none: a mirror that gives light back. Drawn here, so it is the site's own."""
    image = Image.new("RGB", (SHARE[0] * 2, SHARE[1] * 2), "#7a1f1f")
    draw, middle = ImageDraw.Draw(image), (SHARE[0], SHARE[1])
    for turn in range(0, 360, 15):
        draw.pieslice([(middle[0] - 1500, middle[1] - 1500), (middle[0] + 1500, middle[1] + 1500)], turn, turn + 6, fill="#8a2f26")
    for reach, colour in ((470, "#d9a441"), (420, "#fff7e6"), (330, "#f1d9a2"), (240, "#fff7e6")):
        draw.ellipse([(middle[0] - reach, middle[1] - reach), (middle[0] + reach, middle[1] + reach)], fill=colour)
    out = io.BytesIO()
    image.resize(SHARE, Image.Resampling.BOX).quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()


def _decoded(data: bytes) -> Image.Image:
    """The whole picture, upright, RGB or RGBA."""
    try:
        image = _in_srgb(ImageOps.exif_transpose(_opened(data)))
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - Pillow says OSError, ValueError, SyntaxError, struct.error, KeyError, … of bytes that are no picture
        raise Unreadable(BROKEN) from None
    image.info = {}  # a comment or a profile would be written again
    return image


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


def _in_srgb(image: Image.Image) -> Image.Image:
    """RGB or RGBA in the colours of the web: a phone's wide colours would look pale without its profile."""
    mode, profile = "RGBA" if "A" in image.getbands() else "RGB", image.info.get("icc_profile")
    if profile:
        with contextlib.suppress(ImageCms.PyCMSError, OSError):  # a broken profile is no profile
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
            return changed or image.convert(mode)
    return image.convert(mode)


def _reduced(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    return image.resize((width, max(1, round(image.height * width / image.width))), Image.Resampling.LANCZOS)


def _webp(image: Image.Image) -> Rendition:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=QUALITY, method=2)
    return Rendition(out.getvalue(), image.width, image.height)


def _shared(image: Image.Image) -> Rendition:
    """Cropped before it is reduced, so that only what is shown is worked on; what is transparent becomes white."""
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
    return Rendition(_jpeg(ImageOps.fit(image, SHARE, Image.Resampling.BICUBIC, centering=FACES)), *SHARE)


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
