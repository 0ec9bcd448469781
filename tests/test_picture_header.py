"""Headers of pictures: what is one, what it gives away; whatever the bytes."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from exemplars.photos import published
from exemplars.picture_header import CAMERA, CUT_OFF, NO_PICTURE, PLACE, SIDES_MOST, TOO_LARGE, TOO_NARROW, header

FORMATS = ("JPEG", "PNG", "WEBP")


def picture(kind: str, **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 12), (200, 30, 30)).save(out, kind, **more)
    return out.getvalue()


def exif(*, place: bool = False, camera: bool = False, turned: bool = False) -> bytes:
    made = Image.Exif()
    if place:
        made.get_ifd(0x8825).update({1: "N", 2: (10.0, 20.0, 30.0)})
    if camera:
        made[0x010F] = "Hãng Mẫu"
    if turned:
        made[0x0112] = 6
    return made.tobytes()


SOUND = {kind: picture(kind) for kind in FORMATS}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_clean_picture_has_nothing_to_hide(kind: str) -> None:
    assert header(SOUND[kind]) == ("", ())
    assert header(picture(kind, exif=exif(turned=True))) == ("", ())


@pytest.mark.parametrize("kind", FORMATS)
def test_place_and_camera_are_seen(kind: str) -> None:
    assert header(picture(kind, exif=exif(place=True))).private == (PLACE,)
    assert header(picture(kind, exif=exif(camera=True))).private == (CAMERA,)
    assert header(picture(kind, exif=exif(place=True, camera=True))).private == (CAMERA, PLACE)


def test_the_inner_directory_of_exif_is_read_too() -> None:
    made = Image.Exif()
    made.get_ifd(0x8769)[0x9003] = "2020:06:09 08:00:00"
    assert header(picture("JPEG", exif=made)).private == (CAMERA,)
    harmless = Image.Exif()
    harmless.get_ifd(0x8769)[0xA001] = 1
    assert header(picture("JPEG", exif=harmless)).private == ()


def test_exif_that_cannot_be_read_is_not_called_harmless() -> None:
    assert header(picture("JPEG", exif=b"Exif\0\0II*\0\xff\xff\0\0")).private == (CAMERA,)


def segment(marker: int, part: bytes) -> bytes:
    return SOUND["JPEG"][:2] + struct.pack(">BBH", 0xFF, marker, len(part) + 2) + part + SOUND["JPEG"][2:]


@pytest.mark.parametrize(
    ("marker", "part", "found"),
    [
        pytest.param(0xE1, b"http://ns.adobe.com/xap/1.0/\0<exif:GPSLatitude>10</exif:GPSLatitude>", (PLACE,), id="XMP có tọa độ"),
        pytest.param(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x tiff:Model='Mau'/>", (CAMERA,), id="XMP có tên máy"),
        pytest.param(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x dc:title='Mau'/>", (), id="XMP chỉ có tiêu đề"),
        pytest.param(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\2xx", (CAMERA,), id="chú thích IPTC"),
        pytest.param(0xE2, b"MPF\0II*\0", (CAMERA,), id="ảnh thứ hai đằng sau"),
        pytest.param(0xE2, b"ICC_PROFILE\0\1\1", (), id="hồ sơ màu"),
        pytest.param(0xFE, b"GPSLatitude", (), id="lời bình"),
    ],
)
def test_other_segments_of_a_jpeg(marker: int, part: bytes, found: tuple[str, ...]) -> None:
    assert header(segment(marker, part)) == ("", found)


@pytest.mark.parametrize(
    ("keyword", "text", "found"),
    [
        pytest.param("Raw profile type exif", "\nexif\n 4\n", (CAMERA,), id="Exif viết thành chữ"),
        pytest.param("XML:com.adobe.xmp", "exif:GPSLatitude", (PLACE,), id="XMP"),
        pytest.param("Title", "GPSLatitude", (), id="tiêu đề"),
        pytest.param("GPS Position", "10 N", (PLACE,), id="vị trí"),
    ],
)
def test_texts_of_a_png(keyword: str, text: str, found: tuple[str, ...]) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt(keyword, text) if keyword.startswith("XML") else info.add_text(keyword, text)
    assert header(picture("PNG", pnginfo=info)) == ("", found)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_cut_off_picture_is_seen_wherever_it_was_cut(kind: str) -> None:
    data = SOUND[kind]
    assert {header(data[:at]).fault for at in range(12, len(data))} == {CUT_OFF}


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="trống"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", id="SVG"),
        pytest.param(b"GIF89a\x01\0\x01\0", id="GIF"),
        pytest.param(b"\0\0\0\x18ftypheic", id="HEIC"),
        pytest.param(b"RIFF\x04\0\0\0WAVE", id="âm thanh"),
    ],
)
def test_other_files_are_no_pictures(data: bytes) -> None:
    assert header(data) == (NO_PICTURE, ())


def test_too_many_pixels_are_refused_before_anything_is_decoded() -> None:
    out = io.BytesIO()
    Image.new("1", (8_000, 8_000)).save(out, "PNG")
    assert header(out.getvalue()).fault == TOO_LARGE


def test_bytes_behind_a_picture_do_not_matter() -> None:
    for data in SOUND.values():
        assert header(data + b"<script>").fault == ""


@given(st.sampled_from(FORMATS), st.integers(0, 400), st.binary(max_size=40))
def test_no_bytes_raise(kind: str, at: int, put: bytes) -> None:
    data = SOUND[kind]
    header(data[:at] + put + data[at + len(put) :])
    header(data[:12] + put)


@given(
    st.sampled_from(FORMATS),
    st.sampled_from(["L", "RGB", "RGBA", "P", "1", "CMYK"]),
    st.tuples(st.integers(1, 60), st.integers(1, 60)),
    st.sampled_from([{}, {"progressive": True}, {"lossless": True}, {"optimize": True}]),
)
def test_what_can_be_published_is_never_refused(kind: str, mode: str, size: tuple[int, int], more: dict[str, bool]) -> None:
    out = io.BytesIO()
    try:
        Image.new(mode, size).save(out, kind, **more)
    except (OSError, ValueError):  # this kind knows no such colours
        return
    if max(size) > SIDES_MOST * min(size):
        assert header(out.getvalue()) == (TOO_NARROW, ())
    else:
        assert published(out.getvalue())
        assert header(out.getvalue()) == ("", ())
