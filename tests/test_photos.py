"""Photos: upright, small, without anything but the picture."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from exemplars.photos import WIDTHS, Unreadable, published


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
        assert [one.width > 0 and one.height > 0 for one in published(bytes(data[: keep or None]))] == [True, True]


def test_two_widths_never_enlarged() -> None:
    narrow, wide = published(encoded((2000, 1000)))
    assert [(one.width, one.height) for one in (narrow, wide)] == [(WIDTHS[0], 200), (WIDTHS[1], 500)]
    small = published(encoded((300, 200)))
    assert [(one.width, one.height) for one in small] == [(300, 200), (300, 200)]


def test_turned_upright_and_stripped() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Máy ảnh của ai đó"  # turned a quarter; maker
    exif.get_ifd(0x8825)[2] = (10.0, 20.0, 30.0)  # position
    for one in published(encoded((600, 400), exif=exif.tobytes())):
        image = Image.open(io.BytesIO(one.data))
        assert (image.format, one.height > one.width) == ("WEBP", True)
        assert (one.width, one.height) == image.size
        assert not image.getexif()
        assert "exif" not in image.info
        assert "xmp" not in image.info


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
    assert published(data) == published(data)
