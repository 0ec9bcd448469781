"""Metadata taken out of photos: nothing of it is left, and not a pixel is touched."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from exemplars.photo_metadata import orientation, stripped
from exemplars.photos import upright
from exemplars.picture_header import header

if TYPE_CHECKING:
    from pathlib import Path

FORMATS = ("JPEG", "PNG", "WEBP")
SECRET = b"Nokia 3310"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def photo(form: str, *, held: int = 1, **more: object) -> bytes:
    """A picture whose left half is dark, with camera, position and comment in it."""
    image = Image.new("RGB", (40, 20), "white")
    image.paste("black", (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x010F] = SECRET.decode()
    exif[0x0112] = held
    exif.get_ifd(0x8825)[2] = (10.0, 20.0, 30.0)
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET.decode())
        text.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        more["pnginfo"] = text
    elif form == "WEBP":
        more |= {"lossless": True, "xmp": SECRET}
    else:
        more |= {"comment": SECRET, "progressive": True}
    out = io.BytesIO()
    image.save(out, form, exif=exif, icc_profile=PROFILE, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_of_the_camera_is_left_and_no_pixel_changes(form: str) -> None:
    data = photo(form)
    assert SECRET in data
    plain = stripped(data)
    before, after = opened(data), opened(plain)
    assert SECRET not in plain
    assert dict(after.getexif()) == {}
    assert "xmp" not in after.info
    assert after.tobytes() == before.tobytes()
    assert after.info["icc_profile"] == PROFILE
    assert stripped(plain) == plain


@pytest.mark.parametrize("form", FORMATS)
def test_what_lies_behind_the_picture_goes(form: str) -> None:
    assert stripped(photo(form) + b"<html>" + SECRET) == stripped(photo(form))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("held", range(1, 9))
def test_how_the_camera_was_held(form: str, held: int) -> None:
    assert orientation(photo(form, held=held)) == held
    assert orientation(stripped(photo(form, held=held))) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_a_turned_photo_is_turned_for_good(form: str) -> None:
    data = upright(photo(form, held=6))
    image = opened(data)
    assert image.format == form
    assert image.size == (20, 40)
    assert image.convert("L").getpixel((10, 5)) < 40  # the left half is on top now
    assert image.convert("L").getpixel((10, 35)) > 210
    assert image.info["icc_profile"] == PROFILE
    assert SECRET not in data
    assert stripped(data) == data


def test_the_photos_of_the_repository_have_nothing_to_hide(repository: Path) -> None:
    photos = sorted(repository.glob("stories/*/*/*.jpg"))
    assert photos
    assert [path for path in photos if stripped(path.read_bytes()) != path.read_bytes()] == []


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\x00", b"\x89PNG\r\n\x1a\n\0\0\0\xffIHDR", b"RIFF\0\0\0\0WEBP", b"GIF89a"], ids=repr
)
def test_what_is_no_whole_picture_stays_as_it_is(data: bytes) -> None:
    assert stripped(data) == data
    assert orientation(data) == 1


@given(st.lists(st.sampled_from([b"\xff\x01", b"\xff\xd0", b"\xff\xd7", b"\xff"]), max_size=4))
def test_markers_without_a_segment_hide_nothing(before: list[bytes]) -> None:
    data = photo("JPEG")
    found = stripped(data[:2] + b"".join(before) + data[2:])
    assert header(found) == ("", ())
    assert SECRET not in found


@given(st.sampled_from(FORMATS), st.integers(0, 700), st.binary(max_size=4))
def test_damage_is_no_accident(form: str, at: int, damage: bytes) -> None:
    data = photo(form)
    data = data[:at] + damage + data[at + len(damage) :]
    stripped(data), stripped(data[:at])
    assert orientation(data) in range(1, 9)
