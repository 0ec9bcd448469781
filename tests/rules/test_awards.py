"""Khen thưởng (KT): one table a rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.model import Award, AwardKind, Compared, Period, Revocation, Subject, Withdrawal
from exemplars.rules import awards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]

DAY = dt.date(2020, 5, 22)
WHOLE = Award("giay-khen", "118/QĐ-SLĐTBXH", DAY, "Giám đốc Sở", "Sắp lại ca trực")
GONE = Withdrawal(DAY, "error", "Nhầm")
CHECKED = Compared("Văn phòng Sở", DAY)
KINDS = (
    AwardKind(
        "giay-khen", "Giấy khen", "hinh-thuc", ("individual", "collective"), ("Giám đốc Sở", "Chủ tịch UBND cấp xã"), checked=CHECKED
    ),
    AwardKind("bang-khen", "Bằng khen của bộ, ban, ngành, tỉnh", "hinh-thuc", ("individual",), ("Chủ tịch UBND tỉnh",), checked=CHECKED),
    AwardKind("lao-dong-tien-tien", "Lao động tiên tiến", "danh-hieu", ("individual",), ("Giám đốc Sở",)),
    AwardKind("huy-hieu", "Huy hiệu", "hinh-thuc", ("individual",), law=Period(dt.date(2003, 11, 26), dt.date(2023, 12, 31))),
    AwardKind("xa-tieu-bieu", "Xã, phường, thị trấn tiêu biểu", "danh-hieu", ("collective",), law=Period(dt.date(2024, 1, 1), None)),
)


@pytest.fixture
def site(a_site: Sites) -> Site:
    return a_site(awards=KINDS)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        pytest.param((), [], id="không có khen thưởng"),
        pytest.param((WHOLE,), [], id="đủ"),
        pytest.param((WHOLE, replace(WHOLE, number="")), [("awards", 1, "number")], id="thiếu số"),
        pytest.param((replace(WHOLE, for_=""),), [("awards", 0, "for")], id="thiếu thành tích"),
        pytest.param((Award("giay-khen"),), [("awards", 0)], id="thiếu cả bốn: một lời nhắn"),
    ],
)
def test_complete_awards(given: Any, found: list[Any], a_story: Stories, site: Site, places: Places) -> None:
    assert places(awards.complete_awards(a_story(awards=given), site)) == found


@pytest.mark.parametrize(
    ("type_", "authority", "found"),
    [
        pytest.param("giay-khen", "Giám đốc Sở", 0, id="đúng cơ quan"),
        pytest.param("giay-khen", "Giám đốc Sở Lao động - Thương binh và Xã hội", 0, id="ghi đủ tên"),
        pytest.param("giay-khen", "Chủ tịch UBND xã Long Sơn", 0, id="cấp xã, nêu tên xã"),
        pytest.param("giay-khen", "Chủ tịch Ủy ban nhân dân phường 3", 0, id="viết đủ Ủy ban nhân dân"),
        pytest.param("giay-khen", "Chủ tịch UBND huyện Châu Đức", 1, id="không phải cấp ấy"),
        pytest.param("bang-khen", "Chủ tịch UBND tỉnh Bà Rịa - Vũng Tàu", 0, id="nêu tên tỉnh"),
        pytest.param("bang-khen", "Giám đốc Sở", 1, id="sai cơ quan"),
        pytest.param("bang-khen", "", 0, id="chưa ghi: KT001 nói"),
        pytest.param("lao-dong-tien-tien", "Chủ tịch UBND tỉnh", 0, id="dòng chưa ai đối chiếu: máy im"),
    ],
)
def test_usual_authority(type_: str, authority: str, found: int, a_story: Stories, site: Site, places: Places) -> None:  # noqa: PLR0913, PLR0917
    story = a_story(awards=(replace(WHOLE, type=type_, authority=authority),))
    assert places(awards.usual_authority(story, site)) == [("awards", 0, "authority")] * found


@pytest.mark.parametrize(
    ("date", "achieved", "found"),
    [
        pytest.param(DAY, "2020", 0, id="trong năm"),
        pytest.param(DAY, "2020-05-22", 0, id="cùng ngày"),
        pytest.param(DAY, "", 0, id="không ghi thời gian"),
        pytest.param(DAY, "2015-2019", 0, id="nhiều năm"),
        pytest.param(DAY, "lâu nay", 0, id="không có năm nào"),
        pytest.param(None, "2021", 0, id="chưa có ngày: KT001 nói"),
        pytest.param(DAY, "2021", 1, id="thành tích năm sau"),
        pytest.param(DAY, "2020-05-23", 1, id="thành tích hôm sau"),
        pytest.param(dt.date(2021, 1, 1), "2020", 1, id="ngày mai"),
    ],
)
def test_dated_after_the_deed(date: Any, achieved: str, found: int, a_story: Stories, site: Site, places: Places) -> None:  # noqa: PLR0913, PLR0917
    story = a_story(awards=(replace(WHOLE, date=date, achieved=achieved),))
    assert places(awards.dated_after_the_deed(story, site)) == [("awards", 0, "date")] * found


@pytest.mark.parametrize(
    ("type_", "date", "near"),
    [
        pytest.param("giay-khen", DAY, None, id="có trong danh mục"),
        pytest.param("huy-hieu", DAY, None, id="còn trong luật ngày ấy"),
        pytest.param("xa-tieu-bieu", None, None, id="chưa có ngày"),
        pytest.param("", DAY, None, id="trống: CT001 nói"),
        pytest.param("huy-hieu", dt.date(2024, 1, 1), "", id="luật mới không còn"),
        pytest.param("xa-tieu-bieu", dt.date(2023, 12, 31), "", id="luật cũ chưa có"),
        pytest.param("giay_khen", DAY, "«giay-khen»", id="gõ sai"),
    ],
)
def test_in_the_catalogue(type_: str, date: Any, near: str | None, a_story: Stories, site: Site, places: Places) -> None:  # noqa: PLR0913, PLR0917
    found = list(awards.in_the_catalogue(a_story(awards=(replace(WHOLE, type=type_, date=date),)), site))
    assert places(found) == ([] if near is None else [("awards", 0, "type")])
    assert all((near or "") in finding.do for finding in found)


def test_in_the_catalogue_waits_for_a_list_that_cannot_be_read(a_story: Stories, a_site: Sites) -> None:
    site = a_site(awards=(), unread={"awards": frozenset({"*"})})
    assert list(awards.in_the_catalogue(a_story(awards=(WHOLE,)), site)) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"awards": (WHOLE,)}, [], id="còn hiệu lực"),
        pytest.param({"awards": (replace(WHOLE, revoked=Revocation(DAY)),)}, [("awards", 0, "revoked")], id="đã thu hồi"),
        pytest.param({"awards": (replace(WHOLE, revoked=Revocation()),)}, [("awards", 0, "revoked")], id="thu hồi, chưa ghi ngày"),
        pytest.param({"awards": (replace(WHOLE, revoked=Revocation(DAY)),), "withdrawn": GONE}, [], id="bài đã gỡ"),
    ],
)
def test_not_revoked(changed: dict[str, Any], found: list[Any], a_story: Stories, site: Site, places: Places) -> None:
    assert places(awards.not_revoked(a_story(**changed), site)) == found


@pytest.mark.parametrize(
    ("deeds", "found"),
    [
        pytest.param(("Sắp lại ca trực", "Mười năm giữ tổ"), [], id="hai việc"),
        pytest.param(("", ""), [], id="chưa ghi: KT001 nói"),
        pytest.param(("Sắp lại ca trực", "sắp lại  ca trực."), [("awards", 1, "for")], id="khác dấu câu, chữ hoa"),
        pytest.param(("A b", "A b", "A b"), [("awards", 1, "for"), ("awards", 2, "for")], id="ba lần"),
    ],
)
def test_one_deed_an_award(deeds: tuple[str, ...], found: list[Any], a_story: Stories, site: Site, places: Places) -> None:
    story = a_story(awards=tuple(replace(WHOLE, for_=deed) for deed in deeds))
    assert places(awards.one_deed_an_award(story, site)) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("Bà được tặng bằng khen.\n", [4], id="được tặng"),
        pytest.param("a\n\nNăm 2019, tổ được Giám đốc Sở trao Giấy khen.\n", [6], id="ai trao"),
        pytest.param("Bà đạt danh hiệu Lao động tiên tiến ba năm liền.\n", [4], id="danh hiệu"),
        pytest.param("Bà được tặng\nbằng khen.\n", [4], id="vắt qua hai dòng"),
        pytest.param("Bà chưa được tặng bằng khen.\n", [], id="chưa được"),
        pytest.param("Đơn vị đề nghị tặng giấy khen.\n", [], id="mới đề nghị"),
        pytest.param("Bà được tặng một chiếc xe.\n", [], id="tặng thứ khác"),
        pytest.param("Bà nhận hồ sơ của xã.\n", [], id="tên hình thức quá ngắn không dùng để tìm"),
        pytest.param("Ai cũng khen. Tờ giấy khen của ai?\n", [], id="không nói ai được"),
    ],
)
def test_told_awards_are_listed(body: str, found: list[Any], a_story: Stories, site: Site, places: Places) -> None:
    assert places(awards.told_awards_are_listed(a_story(body=body), site)) == found
    assert places(awards.told_awards_are_listed(a_story(body=body, awards=(WHOLE,)), site)) == []


@pytest.mark.parametrize(
    ("type_", "subject", "found"),
    [
        pytest.param("giay-khen", "collective", [], id="dành cho cả hai"),
        pytest.param("bang-khen", "individual", [], id="đúng đối tượng"),
        pytest.param("bang-khen", "collective", [("awards", 0, "type")], id="chỉ cho cá nhân"),
        pytest.param("xa-tieu-bieu", "household", [("awards", 0, "type")], id="chỉ cho tập thể"),
        pytest.param("la", "household", [], id="không có trong danh mục: KT004 nói"),
        pytest.param("bang-khen", "", [], id="chưa ghi đối tượng: CT001 nói"),
    ],
)
def test_for_such_a_subject(type_: str, subject: str, found: list[Any], a_story: Stories, site: Site, places: Places) -> None:  # noqa: PLR0913, PLR0917
    story = a_story(awards=(replace(WHOLE, type=type_),), subject=Subject(subject, "Tên Mẫu"))
    assert places(awards.for_such_a_subject(story, site)) == found
