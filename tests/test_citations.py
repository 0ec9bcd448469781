"""Số, ký hiệu văn bản: dạng nào nhận, câu nào dẫn văn bản nào, ngày nào là ngày của nó."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars.citations import citations, is_document_number, is_document_symbol, same_number

NUMBERS = [
    "75/KH-UBND", "34-CT/TW", "05/CT-UBND", "05-CT/TW", "53/KH-UBND", "5/KH-BTĐKT-TC", "30/2020/NĐ-CP", "06/2022/QH15", "22/HĐTĐKT", "12/XN",
    "118/QĐ-SLĐTBXH", "13/2020/QĐ-TTg", "07/PGT-VP", "02/TTr-SNV", "01/2012/TTLT-BNV-BTC", "12a/QĐ-UBND", "389/QĐ-BCĐ389", "112-KH/ĐU",
    "25-HD/BTCTW", "05/BB-HĐTĐKT", "09/NQ/TW",
]  # fmt: skip
NOT_NUMBERS = [
    "", "75", "KH-UBND", "75KH-UBND", "75/kh-ubnd", "75 /KH-UBND", "75/KH UBND", "75/KH–UBND", "75/KH-", "/KH-SLĐTBXH", "75//KH-UBND", "75-KH",
    "Số 75/KH-UBND", "75/KH-UBND ", "75/20/NĐ-CP", "34-CT-TW", "28/9/2016", "75/Kế hoạch", "75/QÐ-UBND",
]  # fmt: skip


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number(number: str) -> None:
    assert is_document_number(number)


@pytest.mark.parametrize("number", NOT_NUMBERS)
def test_not_a_number(number: str) -> None:
    assert not is_document_number(number)


@pytest.mark.parametrize(("symbol", "is_one"), [("KH-SLĐTBXH", True), ("QH15", True), ("75/KH-UBND", False), ("kh", False), ("KH-", False)])
def test_a_symbol(symbol: str, is_one: bool) -> None:  # noqa: FBT001
    assert is_document_symbol(symbol) == is_one


def test_numbers_are_compared_without_leading_zeros() -> None:
    assert same_number("05/CT-UBND") == same_number("5/CT-UBND")
    assert len({same_number(number) for number in NUMBERS}) == len(NUMBERS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Kế hoạch số 75/KH-UBND ngày 28/9/2016 của UBND tỉnh", [("75/KH-UBND", dt.date(2016, 9, 28))], id="số rồi ngày"),
        pytest.param("Chỉ thị 34-CT/TW, ngày 07 tháng 4 năm 2014", [("34-CT/TW", dt.date(2014, 4, 7))], id="ngày viết đủ chữ"),
        pytest.param("34-CT/TW của Bộ Chính trị ban hành ngày 7/4/2014", [("34-CT/TW", dt.date(2014, 4, 7))], id="có cơ quan"),
        pytest.param("(34-CT/TW; 05/CT-UBND)", [("34-CT/TW", None), ("05/CT-UBND", None)], id="không có ngày"),
        pytest.param("theo 34-CT/TW, sáng ngày 07/4/2020 tổ họp", [("34-CT/TW", None)], id="ngày của việc khác"),
        pytest.param("theo 34-CT/TW. Ngày 07/4/2020 tổ họp", [("34-CT/TW", None)], id="ngày ở câu sau"),
        pytest.param("75/KH-UBND ngày 31/2/2016", [("75/KH-UBND", None)], id="không có ngày ấy"),
        pytest.param("Nghị định số 30/2020/NĐ-CP.", [("30/2020/NĐ-CP", None)], id="có năm"),
        pytest.param("ngày 28/9/2016, 3/4 dân số, A/B, 12/NB", [("12/NB", None)], id="không phải văn bản"),
        pytest.param("https://a.vn/12/KH-UBND", [], id="trong địa chỉ"),
        pytest.param("", [], id="trống"),
    ],
)
def test_citations(text: str, found: list[tuple[str, dt.date | None]]) -> None:
    cited = list(citations(text))
    assert [(one.number, one.day) for one in cited] == found
    assert all(text.startswith(one.number, one.start) for one in cited)


@given(st.sampled_from(NUMBERS), st.dates(dt.date(1945, 9, 2)))
def test_every_number_is_found_in_a_sentence(number: str, day: dt.date) -> None:
    (cited,) = citations(f"Theo văn bản số {number} ngày {day.day}/{day.month}/{day.year}, bà làm.")
    assert (cited.number, cited.day) == (number, day)


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert all(is_document_number(one.number) for one in citations(text))
