"""Ảnh (AN): one table a rule."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.model import Consent, Photo, Withdrawal
from exemplars.picture_header import CUT_OFF, TOO_LARGE, remedy
from exemplars.rules import photographs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]

DAY = dt.date(2020, 6, 1)
GONE = Withdrawal(DAY, "error", "Nhầm")
ALT = "Cuốn sổ trực mở trên bàn"
FOLDER = "stories/2020/sap-lai-so-truc"


@pytest.mark.parametrize(
    ("photos", "found"),
    [
        pytest.param((), [], id="không có ảnh"),
        pytest.param((Photo("a.jpg", ALT),), [], id="có mô tả"),
        pytest.param((Photo("a.jpg", ALT), Photo("b.jpg", caption="Sổ")), [("photos", 1, "alt")], id="chú thích không thay mô tả"),
    ],
)
def test_described(photos: Any, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(photographs.described(a_story(photos=photos), a_site())) == found
    assert places(photographs.described(a_story(photos=photos, withdrawn=GONE), a_site())) == []


@pytest.mark.parametrize(
    ("photo", "consent", "found"),
    [
        pytest.param(Photo("a.jpg", people="none"), None, 0, id="không nhận ra ai"),
        pytest.param(Photo("a.jpg", people="public-event"), None, 0, id="hoạt động công cộng"),
        pytest.param(Photo("a.jpg", people="consent"), Consent("HS-1"), 0, id="nhân vật đồng ý"),
        pytest.param(Photo("a.jpg", people="consent", record="HS-2"), None, 0, id="người khác đồng ý"),
        pytest.param(Photo("a.jpg"), Consent("HS-1"), 1, id="chưa ghi ai"),
        pytest.param(Photo("a.jpg", people="consent"), None, 1, id="chưa có hồ sơ nào"),
        pytest.param(Photo("a.jpg", people="consent"), Consent(date=DAY), 1, id="hồ sơ chưa có mã"),
    ],
)
def test_people_agreed(photo: Photo, consent: Any, found: int, a_story: Stories, a_site: Sites, places: Places) -> None:  # noqa: PLR0913, PLR0917
    story = a_story(photos=(photo,), consent=consent)
    assert places(photographs.people_agreed(story, a_site())) == [("photos", 0, "people")] * found


def test_nothing_but_the_picture(a_story: Stories, a_site: Sites, places: Places) -> None:
    photos = (Photo("a.jpg"), Photo("b.jpg", private=("tọa độ nơi chụp", "thông tin máy chụp")))
    found = list(photographs.nothing_but_the_picture(a_story(photos=photos), a_site()))
    assert places(found) == [("photos", 1, "file")]
    assert "tọa độ nơi chụp, thông tin máy chụp" in found[0].says


def test_readable(a_story: Stories, a_site: Sites, places: Places) -> None:
    photos = (Photo("a.jpg"), Photo("b.jpg", fault=CUT_OFF), Photo("c.jpg", fault=TOO_LARGE))
    found = list(photographs.readable(a_story(photos=photos), a_site()))
    assert places(found) == [("photos", 1, "file"), ("photos", 2, "file")]
    assert "(tệp bị cắt cụt hoặc hỏng)" in found[0].says
    assert [finding.do for finding in found] == [remedy(CUT_OFF), remedy(TOO_LARGE)]
    assert "thu nhỏ" in found[1].do


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("![Sổ](so.jpg)\n", [], id="cạnh bài"),
        pytest.param("[web](https://x.vn/a.jpg)\n", [], id="liên kết, không phải ảnh"),
        pytest.param("`![Sổ](https://x.vn/a.jpg)`\n", [], id="trong mã"),
        pytest.param("a\n\n![Sổ](https://x.vn/a.jpg)\n", [6], id="trang khác"),
        pytest.param("![Sổ](//x.vn/a.jpg)\n", [4], id="không ghi giao thức"),
        pytest.param("![Sổ](data:image/png;base64,AAAA)\n", [4], id="ảnh nhúng"),
        pytest.param("![Sổ [1]](<https://x.vn/a.jpg>)\n", [4], id="ngoặc trong mô tả"),
        pytest.param("![Sổ][a]\n\n[a]: https://x.vn/a.jpg\n", [6], id="định nghĩa ở dưới"),
        pytest.param("![Sổ](so.jpg) [web][a]\n\n[a]: https://x.vn/a\n", [], id="định nghĩa của một liên kết"),
    ],
)
def test_kept_beside_the_story(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(photographs.kept_beside_the_story(a_story(body=body), a_site())) == found


def test_kept_beside_the_story_survives_open_brackets(a_story: Stories, a_site: Sites) -> None:
    """As large a body as a file may have."""
    story = a_story(body=("![" * 4_990 + "\n") * 25 + "](x)")
    assert list(photographs.kept_beside_the_story(story, a_site())) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("![Sổ](so.jpg)\n", [], id="đã khai"),
        pytest.param("![Sổ](./so.jpg)\n", [], id="đã khai, viết khác"),
        pytest.param("![Bếp](bep.jpg)\n", [4], id="chưa khai"),
        pytest.param("![Bếp](../khac/bep.jpg)\n", [4], id="ảnh của bài khác"),
        pytest.param("![Bếp](thieu.jpg)\n", [], id="không có tệp: TL002 nói"),
        pytest.param("[Sơ đồ](so-do.pdf) [bếp](bep.jpg)\n", [], id="liên kết, không phải ảnh"),
    ],
)
def test_declared(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    files = frozenset({f"{FOLDER}/so.jpg", f"{FOLDER}/bep.jpg", f"{FOLDER}/so-do.pdf", "stories/2020/khac/bep.jpg"})
    story = a_story(body=body, photos=(Photo("so.jpg"),))
    assert places(photographs.declared(story, a_site(story, files=files))) == found


@pytest.mark.parametrize(
    ("photo", "found"),
    [
        pytest.param(Photo("so-truc.jpg", ALT, caption="Mỗi tuần một trang"), 0, id="tả ảnh"),
        pytest.param(Photo("so-truc.jpg"), 0, id="chưa có: AN001 nói"),
        pytest.param(Photo("so-truc.jpg", "so-truc.jpg"), 1, id="tên tệp"),
        pytest.param(Photo("so-truc.jpg", "Sổ trực"), 1, id="tên tệp viết có dấu"),
        pytest.param(Photo("so-truc.jpg", "IMG_2043"), 1, id="tên máy đặt"),
        pytest.param(Photo("so-truc.jpg", "Ảnh 1"), 1, id="ảnh 1"),
        pytest.param(Photo("so-truc.jpg", "Hình"), 1, id="hình"),
        pytest.param(Photo("so-truc.jpg", "Mỗi tuần, một trang", caption="mỗi tuần một trang."), 1, id="chép chú thích"),
        pytest.param(Photo("so-truc.jpg", "Ảnh Bác treo giữa phòng họp"), 0, id="bắt đầu bằng chữ ảnh"),
    ],
)
def test_truly_described(photo: Photo, found: int, a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(photographs.truly_described(a_story(photos=(photo,)), a_site())) == [("photos", 0, "alt")] * found


@pytest.mark.parametrize(
    ("files", "found"),
    [
        pytest.param(["bep.jpg", "to-may.jpg"], [], id="hai tên"),
        pytest.param(["bep.jpg", "bep.png"], [1], id="khác đuôi"),
        pytest.param(["bep.jpg", "BEP.JPG"], [1], id="khác chữ hoa"),
        pytest.param(["bep-400.jpg", "bep.jpg"], [1], id="trùng bản nhỏ"),
        pytest.param(["bep.jpg", "bep.jpg", "bep.jpg"], [1, 2], id="khai ba lần"),
        pytest.param(["", ""], [], id="chưa ghi tệp"),
    ],
)
def test_one_photo_a_name(files: list[str], found: list[int], a_story: Stories, a_site: Sites, places: Places) -> None:
    story = a_story(photos=tuple(Photo(file) for file in files))
    assert places(photographs.one_photo_a_name(story, a_site())) == [("photos", at) for at in found]
