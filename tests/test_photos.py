"""Photos: upright, small, without anything but the picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from exemplars.photos import WIDTHS, Unreadable, published


def encoded(size: tuple[int, int], kind: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "#7a1f1f").save(out, kind, **options)  # type: ignore[arg-type]
    return out.getvalue()


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
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", encoded((900, 900))[:900], b"GIF89a" + b"\0" * 40, encoded((9000, 9000), "PNG")],
    ids=["trống", "SVG đội tên", "cắt cụt", "GIF", "quá lớn"],
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
