"""Photos: upright, small, without anything but the picture."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from exemplars.photos import SHARE, WIDTHS, Unreadable, published, site_card

HOOKS = str(Path(__file__).resolve().parent.parent / "hooks")


def encoded(size: tuple[int, int], kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#7a1f1f").save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


# a few bytes that say they are sixty thousand pixels wide and high
BOMB = encoded((9, 9), "PNG")[:16] + b"\0\0\xea\x60" * 2 + encoded((9, 9), "PNG")[24:]
GENUINE = {
    kind: encoded((40, 30), kind, exif=b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0")
    for kind in ("JPEG", "PNG", "WEBP")
}


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(sorted(GENUINE)), st.lists(st.tuples(st.integers(0, 4000), st.binary(max_size=8)), max_size=6), st.integers(0, 4000))
def test_damaged_bytes_are_a_picture_or_unreadable(kind: str, changes: list[tuple[int, bytes]], keep: int) -> None:
    data = bytearray(GENUINE[kind])
    for at, new in changes:
        data[at % len(data) : at % len(data) + len(new)] = new
    with contextlib.suppress(Unreadable):
        assert [one.width > 0 and one.height > 0 for one in published(bytes(data[: keep or None]))] == [True] * 3


def test_two_widths_never_enlarged() -> None:
    narrow, wide, _ = published(encoded((2000, 1000)))
    assert [(one.width, one.height) for one in (narrow, wide)] == [(WIDTHS[0], 200), (WIDTHS[1], 500)]
    assert [(one.width, one.height) for one in published(encoded((300, 200)))[:2]] == [(300, 200), (300, 200)]


@pytest.mark.parametrize("size", [(2000, 1000), (640, 800), (300, 2000), (5, 1), (1, 1)])
def test_for_sharing_always_the_same_size(size: tuple[int, int]) -> None:
    share = published(encoded(size))[2]
    assert (share.width, share.height) == SHARE
    assert (Image.open(io.BytesIO(share.data)).format, Image.open(io.BytesIO(share.data)).size) == ("JPEG", SHARE)


def test_a_tall_photo_keeps_its_upper_part() -> None:
    tall = Image.new("RGB", (800, 2000), "white")
    tall.paste("red", (0, 400, 800, 800))
    out = io.BytesIO()
    tall.save(out, "PNG")
    middle = Image.open(io.BytesIO(published(out.getvalue())[2].data)).getpixel((600, 300))
    assert isinstance(middle, tuple)
    assert (middle[0] > 200, middle[1] < 80) == (True, True)


def test_what_is_transparent_becomes_white_for_sharing() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (400, 300), (255, 0, 0, 0)).save(out, "PNG")
    narrow, _, share = published(out.getvalue())
    assert Image.open(io.BytesIO(share.data)).getpixel((9, 9)) == (255, 255, 255)
    assert Image.open(io.BytesIO(narrow.data)).mode == "RGBA"


def test_turned_upright_and_stripped() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Máy ảnh của ai đó"  # turned a quarter; maker
    exif.get_ifd(0x8825)[2] = (10.0, 20.0, 30.0)  # position
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for one in published(encoded((600, 400), exif=exif.tobytes(), comment="chụp tại nhà ông A".encode(), icc_profile=profile)):
        image = Image.open(io.BytesIO(one.data))
        assert (one.width, one.height) == image.size
        assert not image.getexif()
        assert image.info.keys() & {"exif", "xmp", "icc_profile", "comment"} == set()
        assert "chụp".encode() not in one.data
    narrow, wide, _ = published(encoded((600, 400), exif=exif.tobytes()))
    assert narrow.height > narrow.width
    assert {Image.open(io.BytesIO(one.data)).format for one in (narrow, wide)} == {"WEBP"}


def test_a_broken_colour_profile_is_no_obstacle() -> None:
    assert published(encoded((60, 40), icc_profile=b"khong phai profile"))[0].width == 60


def test_a_printers_photo_becomes_rgb() -> None:
    out = io.BytesIO()
    Image.new("CMYK", (60, 40), (0, 255, 255, 0)).save(out, "JPEG")
    red = Image.open(io.BytesIO(published(out.getvalue())[1].data)).getpixel((20, 20))
    assert isinstance(red, tuple)
    assert (red[0] > 200, red[1] < 80) == (True, True)


def elsewhere(makes: str, given: bytes = b"") -> str:
    """The hash of bytes that another process makes, under another seed and in another zone."""
    script = (
        f"import hashlib, sys; sys.path.insert(0, {HOOKS!r}); from exemplars.photos import *; print(hashlib.sha256({makes}).hexdigest())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"}
    done = subprocess.run([sys.executable, "-c", script], input=given, env=environment, capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_site_card() -> None:
    assert Image.open(io.BytesIO(site_card())).size == SHARE
    assert elsewhere("site_card()") == hashlib.sha256(site_card()).hexdigest()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        encoded((900, 900))[:900],
        b"GIF89a" + b"\0" * 40,
        encoded((9000, 9000), "PNG"),
        encoded((30_000, 1)),
        encoded((300, 30_000), "PNG"),
        BOMB,
    ],
    ids=["trống", "SVG đội tên", "cắt cụt", "GIF", "quá lớn", "dải ngang", "dải dọc", "bom nén"],
)
def test_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable, match="ảnh"):
        published(data)


def test_html_behind_a_picture_is_not_published() -> None:
    for one in published(encoded((300, 300)) + b"<script>alert(1)</script>"):
        assert b"<script>" not in one.data


def test_same_bytes() -> None:
    data = encoded((1500, 900))
    made = b"".join(one.data for one in published(data))
    assert elsewhere('b"".join(one.data for one in published(sys.stdin.buffer.read()))', data) == hashlib.sha256(made).hexdigest()
