"""Chữ Ð, ngày tháng, chỗ đặt dấu: thấy đúng chỗ sai, sửa một lần là xong, không động tới tên riêng và lời trích."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars.spelling import mend_d, mend_dates, mend_tone, mixed_tones, wrong_d, wrong_dates
from exemplars.vietnamese import long_date, nfc, written_date

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PIECES = ["7/4/2014", "07/04/2014", "ngày 9 tháng 06 năm 2020", "hòa", "hoà", "khoẻ", "túy", "Thuý", "Hòa", "qùy", "quý", "Ðiều", "ðêm", "Guðrún",
          " ", "\n", ". ", "“", "”", "`", "(", "](", ")", "/", "-", ">", "1", "chữ"]  # fmt: skip
MENDS = [pytest.param(one, id=one.__name__) for one in (mend_d, mend_dates, mend_tone)]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param("Ðiều 5, ðiều kiện", "Điều 5, điều kiện", id="trong tiếng Việt"),
        pytest.param("QÐ-UBND, HÐND", "QĐ-UBND, HĐND", id="chữ viết tắt"),
        pytest.param("Guðrún ở Þingvöllur", "Guðrún ở Þingvöllur", id="tên nước ngoài"),
        pytest.param("Điều 5", "Điều 5", id="đã đúng"),
    ],
)
def test_d(text: str, right: str) -> None:
    assert mend_d(text) == right
    assert bool(wrong_d(text)) == (text != right)


def test_wrong_d_names_the_whole_word() -> None:
    text = "Theo QÐ-UBND, ðêm ấy"
    assert [(text[one.start : one.end], one.right) for one in wrong_d(text)] == [("QÐ", "QĐ"), ("ðêm", "đêm")]


@pytest.mark.parametrize(
    ("text", "right"),
    [
        pytest.param("ngày 7/4/2014", "ngày 07/4/2014", id="thêm 0 trước ngày"),
        pytest.param("07/04/2014", "07/4/2014", id="bỏ 0 trước tháng 4"),
        pytest.param("7/2/2018", "07/02/2018", id="thêm 0 trước tháng 2"),
        pytest.param("(28/10/2014)", "(28/10/2014)", id="đã đúng"),
        pytest.param("từ 1/6/2020 đến 9/12/2020.", "từ 01/6/2020 đến 09/12/2020.", id="hai ngày"),
        pytest.param("1/6/2020–1/7/2020", "01/6/2020–01/7/2020", id="khoảng ngày"),
        pytest.param("ngày 9 tháng 06 năm 2020", "ngày 09 tháng 6 năm 2020", id="viết đủ chữ"),
        pytest.param("Ngày 3 tháng 1 năm 2020", "Ngày 03 tháng 01 năm 2020", id="tháng 1 viết đủ chữ"),
        pytest.param("ngày 2 tháng 9", "ngày 2 tháng 9", id="không có năm: để nguyên"),
        pytest.param("31/2/2020, 0/1/2020, 1/13/2020", "31/2/2020, 0/1/2020, 1/13/2020", id="không có ngày ấy: không đoán"),
        pytest.param("số 7/4/2014/QĐ-UBND", "số 7/4/2014/QĐ-UBND", id="không phải ngày"),
        pytest.param("quý 1/2020, 3/4 dân số, 1.7/4/2014, 17/4/20145", "quý 1/2020, 3/4 dân số, 1.7/4/2014, 17/4/20145", id="số khác"),
        pytest.param("Bà viết: “Ngày 7/4/2014”.", "Bà viết: “Ngày 7/4/2014”.", id="lời trích"),
        pytest.param("> ngày 7/4/2014\n\nngày 7/4/2014", "> ngày 7/4/2014\n\nngày 07/4/2014", id="đoạn trích"),
        pytest.param(
            "[x](a/7/4/2014) `7/4/2014` https://a.vn?d=7/4/2014", "[x](a/7/4/2014) `7/4/2014` https://a.vn?d=7/4/2014", id="địa chỉ, mã"
        ),
    ],
)
def test_dates(text: str, right: str) -> None:
    assert mend_dates(text) == right
    assert bool(wrong_dates(text)) == (text != right)


@given(st.dates(dt.date(1000, 1, 1)))
def test_any_way_to_write_a_day_becomes_the_right_one(day: dt.date) -> None:
    for written in (f"{day.day}/{day.month}/{day.year}", f"{day.day:02}/{day.month:02}/{day.year}", written_date(day)):
        assert mend_dates(f"Từ {written}, bà") == f"Từ {written_date(day)}, bà"
    for written in (f"ngày {day.day} tháng {day.month} năm {day.year}", f"ngày {day.day:02} tháng {day.month:02} năm {day.year}"):
        assert mend_dates(written) == long_date(day)


@pytest.mark.parametrize(
    ("text", "old", "new"),
    [
        pytest.param("hòa giải, hoà thuận", ["òa"], ["oà"], id="lẫn hai kiểu"),
        pytest.param("khỏe, tùy, khoẻ, tuỳ", ["ỏe", "ùy"], ["oẻ", "uỳ"], id="cả e và y"),
        pytest.param("hòa giải, khỏe, túy", [], [], id="một kiểu"),
        pytest.param("hòa giải, quý, quá, toàn, loại, hoạt", [], [], id="quý, toàn không có hai kiểu"),
        pytest.param("hòa giải; bà Thuý, ông Hoà, phường HOÀ", [], [], id="tên riêng"),
        pytest.param("hòa giải; bà nói “hoà thuận”; xem [đây](hoà.jpg)", [], [], id="lời trích, địa chỉ"),
    ],
)
def test_mixed_tones(text: str, old: list[str], new: list[str]) -> None:
    assert [[text[one.start : one.end] for one in found] for found in mixed_tones(text)] == [old, new]


@pytest.mark.parametrize(
    ("text", "new", "right"),
    [
        pytest.param("hòa, hòa, hoà", None, "hòa, hòa, hòa", id="theo kiểu nhiều hơn"),
        pytest.param("hòa, hoà, khoẻ", None, "hoà, hoà, khoẻ", id="kiểu mới nhiều hơn"),
        pytest.param("hòa, hoà", None, "hòa, hòa", id="bằng nhau"),
        pytest.param("hoà, khoẻ, tuý", None, "hoà, khoẻ, tuý", id="không lẫn thì thôi"),
        pytest.param("hoà, khoẻ, tuý, quý", False, "hòa, khỏe, túy, quý", id="theo kiểu cũ"),
        pytest.param("hòa, khỏe, túy, quý", True, "hoà, khoẻ, tuý, quý", id="theo kiểu mới"),
        pytest.param("bà Thúy, Hòa Long", True, "bà Thúy, Hòa Long", id="tên riêng"),
    ],
)
def test_mend_tone(text: str, new: bool | None, right: str) -> None:  # noqa: FBT001
    assert mend_tone(text, new=new) == right


@pytest.mark.parametrize("mend", MENDS)
@given(pieces=st.lists(st.sampled_from(PIECES)))
def test_mending_twice_changes_nothing(mend: Callable[[str], str], pieces: list[str]) -> None:
    text = "".join(pieces)
    once = mend(text)
    assert mend(once) == once


@given(pieces=st.lists(st.sampled_from(PIECES)), new=st.sampled_from([None, True, False]))
def test_tone_and_d_keep_the_length(pieces: list[str], new: bool | None) -> None:  # noqa: FBT001
    text = "".join(pieces)
    assert len(mend_tone(text, new=new)) == len(mend_d(text)) == len(text)
    assert nfc(mend_tone(text, new=new)) == mend_tone(text, new=new)


@pytest.mark.parametrize("mend", MENDS)
@given(text=st.text())
def test_any_text_is_taken(mend: Callable[[str], str], text: str) -> None:
    assert mend(mend(text)) == mend(text)


@pytest.mark.parametrize("mend", MENDS)
def test_the_sample_stories_have_nothing_to_mend(mend: Callable[[str], str], repository: Path) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(repository.glob("stories/*/*/index.md"))]
    assert [text for text in texts if mend(text) != text] == []
