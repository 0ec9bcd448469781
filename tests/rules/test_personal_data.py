"""Dữ liệu cá nhân (DD003, DD004, DD006, DD008): one table a rule, and what must never be taken for personal data."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars.checking import check
from exemplars.model import Consent, Origin, Site, Story, Subject, Withdrawal
from exemplars.model import OtherConsent as Other
from exemplars.reading import read_site
from exemplars.rules import personal_data
from exemplars.vietnamese import written_date, written_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]

DAY = dt.date(2020, 6, 1)
GONE = Withdrawal(DAY, "error", "Nhầm")
HEAD = "---\nid: x\n---\n"


def said(body: str) -> list[str]:
    origin = Origin("stories/2020/x/index.md", (HEAD + body).encode(), len(HEAD), 4)
    return [finding.says for finding in personal_data.nothing_that_identifies(Story(origin=origin), Site())]


PHONES = (
    "Gọi 0912 345 678.", "đt:0912.345.678", "ĐT 0912-345-678", "SĐT: 0912 345 678/0913 456 789", "0912345678 gặp chị Lan", "0912345678",
    "(0254) 3 852 401", "0254 3852401", "064.3852401", "01234567890", "+84 912 345 678", "+84(0)912345678", "0084912345678",
    "zalo 84912345678", "84 912 345 678 (Zalo)", "Zalo 09 12 34 56 78", "09 12 34 56 78 là số Zalo", "09.12.34.56.78",
    "[gọi](tel:0912345678)", "https://zalo.me/0912345678", "0912\u00a0345\u00a0678", "**0912345678**",
)  # fmt: skip
IDENTITIES = (
    "CCCD số 077085001234", "077085001234", "077 085 001 234", "căn cước công dân: 077.085.001.234", "số định danh 123456789012",
    "CMND 273456789", "chứng minh nhân dân số 273 456 789", "Bà Mẫu (273456789)", "Mẫu, 273456789, ở Đất Đỏ",
)  # fmt: skip
ACCOUNTS = (
    "STK 0071000123456 Vietcombank", "số tài khoản: 1903 2345 678 012", "tài khoản ngân hàng 12345678901", "Số tài khoản 12345678 (ACB)",
    "chuyển vào tài khoản 6000205123456",
)  # fmt: skip
HOMES = (
    "Bà ngụ số 12/3 đường Lê Lợi", "nhà ở 12/5 Nguyễn Trãi, phường 3", "số nhà 15, đường 30/4", "Số nhà 15, tổ 4, ấp Phước Lộc",
    "nhà số 5 ngõ 12", "số nhà 12 Lê Lợi", "thường trú tại 45 đường Trần Phú", "Nhà bà Năm ở số 7 hẻm 12 Lê Lai",
    "Anh sống với mẹ ở số 123B đường Võ Thị Sáu.",
)  # fmt: skip
HARMLESS = (
    "năm 2019 2020 2021", "2018-2019-2020", "1.234.567 đồng", "187 000 000 đồng", "1234567890 đồng", "84.912.345.678 đồng",
    "1 234 567 890", "273456789 lượt", "từ 0 đến 100 000 000 người", "10.5 20.5 30.5 40.5", "Điểm: 08 09 10 11 12", "07 30 đến 09 45 10",
    "12/2020", "01/02/2020 - 05/03/2020", "01.02.2020 15 giờ", "01-02-2020 - 05-03-2020", "2020-06-09 2020-06-10",
    "Quyết định số 123456789/QĐ-UBND", "số 07/2020/QĐ-UBND ngày 07/02/2020", "hồ sơ số 123456789", "mã 077085001234",
    "hồ sơ HS-0912345678", "mã số thuế 3500123456", "ISBN 978-604-1-12345-6", "20200609_123456.jpg", "Tổng đài 1900 1234 56", "1800 6789",
    "https://bao.vn/bai-0912345678.htm", "https://bao.vn/a-2020060912345.htm",
    "tài khoản có 12.000.000 đồng", "tài khoản 1111", "tài khoản 12 345 678 đồng", "tài khoản mở ngày 01/02/2020",
    "cuộc sống của 2/3 số hộ", "sống được nhờ 3/4 diện tích", "sống bằng nghề sửa 3 đường ống", "từ 12/2020 sống ở đây",
    "xây 120 số nhà 45 căn", "tổng số nhà 120 căn", "trụ sở tại số 198 đường Bạch Đằng", "đường 30/4 và đường Lê Lợi",
    "Nhà trường ở số 12 đường Lê Lợi", "nhà văn hóa số 12 đường Lê Lợi", "Trung tâm ở số 5 đường Trần Phú", "ấp 3, xã Long Sơn",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "số điện thoại") for text in PHONES),
        *((text, "số định danh") for text in IDENTITIES),
        *((text, "số tài khoản") for text in ACCOUNTS),
        *((text, "địa chỉ nhà") for text in HOMES),
    ],
)
def test_nothing_that_identifies(text: str, kind: str) -> None:
    found = said(text + "\n")
    assert found
    assert all(f"Có {kind}: " in one for one in found)


@pytest.mark.parametrize("text", HARMLESS)
def test_nothing_that_identifies_is_not_a_figure_a_date_or_a_paper(text: str) -> None:
    assert said(text + "\n") == []


def test_nothing_that_identifies_names_the_line(a_story: Stories, a_site: Sites, places: Places) -> None:
    body = "a\n\nGọi 0912 345 678.\nNhà anh ở số 12/3 đường Lê Lợi.\n"
    assert places(personal_data.nothing_that_identifies(a_story(body=body), a_site())) == [6, 7]
    assert places(personal_data.nothing_that_identifies(a_story(body=body, withdrawn=GONE), a_site())) == []
    told = replace(GONE, reason="Chị gọi 0912 345 678, xin rút")
    assert places(personal_data.nothing_that_identifies(a_story(withdrawn=told), a_site())) == [("withdrawn", "reason")], (
        "everybody reads it"
    )


@given(st.from_regex(r"0(?:[35789][0-9]{8}|2[0-9]{9})", fullmatch=True), st.sampled_from(["", " ", ".", "-"]))
def test_nothing_that_identifies_masks_what_it_found(digits: str, gap: str) -> None:
    (one,) = said(f"Gọi số {gap.join((digits[:4], digits[4:7], digits[7:]))}\n")
    assert len(re.findall(r"[0-9]", one)) == 2


NUMBERS = st.one_of(
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(written_date),
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(lambda day: f"{day.day}/{day.month}/{day.year}"),
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(lambda day: f"{day.month}/{day.year}"),
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)).map(lambda day: f"{day.day:02}-{day.month:02}-{day.year}"),
    st.integers(0, 10**13).map(lambda value: f"{written_number(value)} đồng"),
    st.integers(1, 10**13).map(lambda value: f"{value} đồng"),
    st.integers(1, 9999).map(lambda value: f"{value}/QĐ-SLĐTBXH"),
    st.integers(1, 9999).map(lambda value: f"{value:02}/2020/TT-BTTTT"),
    st.integers(1900, 2099).map(lambda value: f"năm {value}"),
    st.integers(1900, 2098).map(lambda value: f"{value}-{value + 1}"),
    st.decimals(0, 10**6, places=2).map(lambda value: f"{value} %".replace(".", ",")),
    st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda at: f"{at[0]} giờ {at[1]:02}"),
    st.integers(0, 10**8).map(written_number),
)


@given(st.lists(NUMBERS, min_size=1, max_size=6), st.sampled_from([", ", " và ", "; ", "\n", " đến ", ". "]))
def test_nothing_that_identifies_leaves_officials_numbers_alone(numbers: list[str], between: str) -> None:
    assert said(f"Kết quả: {between.join(numbers)}.\n") == []


def test_the_sample_stories_ask_nothing(repository: Path) -> None:
    problems = check(*read_site(repository, dt.date(2021, 12, 31)))
    assert [str(one) for one in problems if one.code in {"DD003", "DD004", "DD006", "DD008"}] == []


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("1 " * 5_000 + "\n", id="chữ số thưa"),
        pytest.param("0912345678 " * 900 + "\n", id="nhiều số điện thoại"),
        pytest.param("nhà ông " * 1_200 + "\n", id="chữ nhà"),
        pytest.param("nhà số 1/" * 1_000 + "\n", id="số nhà dở dang"),
        pytest.param("giúp " * 1_900 + "\n", id="chữ giúp"),
        pytest.param("sinh ngày " * 900 + "\n", id="chữ sinh"),
        pytest.param("12/3/4/5/6/7/8/9-" * 580 + "\n", id="gạch chéo"),
    ],
)
def test_long_lines_are_read_in_one_go(body: str, a_story: Stories, a_site: Sites) -> None:
    """As large a body as a file may have; a search that begins again at each word would hold the suite for minutes."""
    story = a_story(body=body * (250_000 // len(body.encode())))
    for rule in (personal_data.nothing_that_identifies, personal_data.helped_people_agreed, personal_data.only_the_year_of_birth):
        list(rule(story, a_site()))


@pytest.mark.parametrize(
    ("body", "scope", "found"),
    [
        pytest.param("Bà làm việc mười năm.\n", (), [], id="không có gì"),
        pytest.param("a\n\nBà Mắc bệnh từ năm 2015, mắc bệnh nặng.\n", (), [6], id="mỗi loại hỏi một lần"),
        pytest.param("Bà mắc bệnh.\n", ("health",), [], id="đã đồng ý"),
        pytest.param("Bà mắc bệnh. Gia đình công giáo.\n", ("health",), [4], id="loại khác chưa đồng ý"),
        pytest.param("Bà nhiễm HIV.\n", (), [4], id="chữ viết tắt"),
        pytest.param("Họ (mắc bệnh) vẫn đến.\n", (), [4], id="trong ngoặc"),
        pytest.param("Quỹ tai biến hỗ trợ. Ủy ban Đoàn kết Công giáo tặng quà.\n", (), [], id="tên hội"),
        pytest.param("Quỹ tai biến hỗ trợ người bị tai biến.\n", (), [4], id="tên hội, rồi tới người"),
        pytest.param("Mắc. Bệnh viện xã.\n", (), [], id="hai chữ rời nhau"),
    ],
)
def test_sensitive_words(body: str, scope: Any, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:  # noqa: PLR0913, PLR0917
    story = a_story(body=body, consent=Consent("HS-1", DAY, ("name", *scope)))
    assert places(personal_data.sensitive_words(story, a_site())) == found
    assert places(personal_data.sensitive_words(replace(story, withdrawn=GONE), a_site())) == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("Chị giúp em Trần Mẫu An trở lại lớp.\n", [4], id="giúp em"),
        pytest.param("a\n\nChị giúp gia đình bà Trần Mẫu An sửa nhà.\n", [6], id="giúp gia đình bà"),
        pytest.param("Tổ hỗ trợ vốn cho anh Lý Mẫu Em.\n", [4], id="hỗ trợ vốn cho anh"),
        pytest.param("Em Trần Mẫu An, mồ côi từ nhỏ, nay đã đi học.\n", [4], id="hoàn cảnh sau tên"),
        pytest.param("Chị giúp em Trần Mẫu An. Em Trần Mẫu An, mồ côi.\n", [4], id="mỗi người một lần"),
        pytest.param("Chị giúp em T.M.A. trở lại lớp.\n", [], id="viết tắt"),
        pytest.param("Chị giúp em N. trở lại lớp; giúp bà Năm đi chợ.\n", [], id="không đủ họ tên"),
        pytest.param("Chị giúp một cụ ở tổ 3.\n", [], id="không nêu tên"),
        pytest.param("Chị được ông Trần Mẫu An giúp ghi sổ.\n", [], id="người giúp, không phải người được giúp"),
        pytest.param("Anh em giúp chị Nguyễn Thị Mẫu ghi sổ.\n", [], id="chính nhân vật"),
        pytest.param("Chị giúp cháu Lê Mẫu Bi ôn bài.\n", [], id="đã đồng ý"),
        pytest.param("Chị giúp người dân tỉnh Bà Rịa - Vũng Tàu.\n", [], id="tên tỉnh"),
    ],
)
def test_helped_people_agreed(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    story = a_story(body=body, consent=Consent("HS-1", DAY, ("name",), others=(Other("Lê Mẫu Bi", "HS-2"),)))
    assert places(personal_data.helped_people_agreed(story, a_site())) == found
    nobody = replace(story, subject=Subject(), consent=None, withdrawn=GONE)
    assert places(personal_data.helped_people_agreed(nobody, a_site())) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("Bà sinh ngày 12/4/1965 ở Đất Đỏ.", 1, id="sinh ngày"),
        pytest.param("Bà sinh ngày 12 tháng 4 năm 1965.", 1, id="viết bằng chữ"),
        pytest.param("Ngày sinh: 12-04-1965", 1, id="ngày sinh"),
        pytest.param("Sinh nhật 12.4.1965 của bà", 1, id="sinh nhật"),
        pytest.param("Bà sinh năm 1965.", 0, id="chỉ năm"),
        pytest.param("Bà sinh tháng 4/1965.", 0, id="tháng và năm"),
        pytest.param("Anh hy sinh ngày 30/4/1975.", 0, id="hy sinh"),
        pytest.param("Lễ trao quà cho học sinh ngày 20/11/2020.", 0, id="học sinh"),
    ],
)
def test_only_the_year_of_birth(text: str, found: int, a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(personal_data.only_the_year_of_birth(a_story(body=f"a\n\n{text}\n"), a_site())) == [6] * found
