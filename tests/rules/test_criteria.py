"""Tiêu chí (TC): one table a rule."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.model import Award, Claim, Confirmation, Figure, Subject
from exemplars.rules import criteria

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Finding, Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Judge = Callable[..., list[Any]]

A1 = Claim("A1", quote=("không còn ca trực nào phải bỏ trống giữa đêm",))
A2 = Claim("A2", quote=("bà sắp lại sổ trực theo ca, không ai phải thức",))
PAPER = Confirmation("12/XN", dt.date(2020, 5, 28), "Giám đốc")
QUOTED = [("criteria", "A2", "quote")]


@pytest.fixture
def judge(a_story: Stories, a_site: Sites, places: Callable[[Iterable[Finding]], list[Any]]) -> Judge:
    """Where a rule finds something in a story with these claims; and in one without a known plan, nothing."""

    def run(rule: Callable[[Story, Site], Iterable[Finding]], *claims: Claim, **changed: Any) -> list[Any]:
        story = a_story(criteria=claims, **changed)
        return places(rule(story, a_site(story)))

    return run


@pytest.mark.parametrize(
    ("claims", "found"),
    [
        pytest.param((A1, A2), [], id="có trong kế hoạch"),
        pytest.param((A1, Claim("A9")), [("criteria", "A9")], id="không có"),
        pytest.param((Claim("a1"),), [("criteria", "a1")], id="chữ thường là mã khác"),
        pytest.param((replace(A2, part="A2.1"),), [], id="ý có trong tiêu chí"),
        pytest.param((replace(A2, part="A2.9"),), [("criteria", "A2", "part")], id="ý không có"),
        pytest.param((replace(A1, part="A1.1"),), [("criteria", "A1", "part")], id="tiêu chí không có ý nào"),
    ],
)
def test_known_criteria(claims: tuple[Claim, ...], found: list[Any], judge: Judge) -> None:
    assert judge(criteria.known_criteria, *claims) == found


@pytest.mark.parametrize(
    "rule",
    [
        criteria.known_criteria,
        criteria.whole_sentence,
        criteria.accepted_evidence,
        criteria.complete_route,
        criteria.needed_evidence,
        criteria.real_improvement,
        criteria.within_the_plan,
        criteria.enough_results,
        criteria.fresh_post,
        criteria.kept_private,
    ],
)
def test_without_a_plan_nothing_is_asked(rule: Any, judge: Judge) -> None:
    assert judge(rule, Claim("A9"), Claim("C1"), Claim("B1"), plan="la") == []


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        pytest.param(("bà sắp lại sổ trực theo ca",), [], id="nguyên văn, có dấu nhấn xen giữa"),
        pytest.param(("bà **sắp lại sổ trực** theo ca",), [], id="chép cả dấu nhấn"),
        pytest.param(("không ai phải thức hai đêm liền",), [], id="vắt qua hai dòng"),
        pytest.param(('Bà nói: "Ai cũng cần ngủ."',), [], id="nháy thẳng, nháy cong"),
        pytest.param((unicodedata.normalize("NFD", "sắp lại sổ trực"),), [], id="dấu tổ hợp"),
        pytest.param(("BÀ SẮP LẠI SỔ TRỰC",), [], id="chữ hoa"),
        pytest.param((), [], id="dẫn chứng loại khác"),
        pytest.param(("bà có nhiều sáng kiến",), QUOTED, id="không có trong bài"),
        pytest.param(("bà sắp lai sổ trực",), QUOTED, id="sai một dấu thanh"),
        pytest.param(("sắp lại sổ tr",), QUOTED, id="cắt ngang chữ"),
        pytest.param(("thức hai đêm liền. Sáu tháng sau",), QUOTED, id="nối hai đoạn văn"),
        pytest.param(("Hoàn cảnh",), QUOTED, id="chỉ có ở đầu mục"),
        pytest.param(("“bà sắp lại sổ trực theo ca”",), QUOTED, id="thêm dấu ngoặc kép"),
        pytest.param(("",), QUOTED, id="để trống"),
        pytest.param(("…",), QUOTED, id="không có chữ nào"),
        pytest.param(("sổ trực", "không có"), [(*QUOTED[0], 1)], id="đoạn thứ hai"),
    ],
)
def test_quote_in_text(quote: tuple[str, ...], found: list[Any], judge: Judge) -> None:
    assert judge(criteria.quote_in_text, Claim("A2", quote=quote)) == found


def test_quote_in_text_says_when_only_its_quotation_marks_are_too_much(a_story: Stories, a_site: Sites) -> None:
    said = [
        finding.do
        for quote in ("“bà sắp lại sổ trực theo ca”", "bà có nhiều sáng kiến")
        for finding in criteria.quote_in_text(a_story(criteria=(Claim("A2", quote=(quote,)),)), a_site())
    ]
    assert ["dấu “ ”" in do for do in said] == [True, False]


def test_a_criterion_in_small_letters_is_guessed(a_story: Stories, a_site: Sites) -> None:
    (found,) = criteria.known_criteria(a_story(criteria=(Claim("a2", figure=(1,)),)), a_site())
    assert found.do == "Có phải là «A2»?"


def test_quote_in_text_asks_also_without_a_plan(judge: Judge) -> None:
    assert judge(criteria.quote_in_text, Claim("A2", quote=("không có",)), plan="la") == QUOTED


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        pytest.param(("một hai ba bốn năm sáu bảy tám",), [], id="tám âm tiết"),
        pytest.param(("một hai ba bốn năm sáu bảy",), QUOTED, id="bảy âm tiết"),
        pytest.param(("một hai ba bốn năm sáu bảy tám", "chín"), [(*QUOTED[0], 1)], id="đoạn thứ hai ngắn"),
        pytest.param((), [], id="không trích"),
    ],
)
def test_whole_sentence(quote: tuple[str, ...], found: list[Any], judge: Judge) -> None:
    assert judge(criteria.whole_sentence, Claim("A2", quote=quote)) == found


def test_whole_sentence_as_long_as_the_plan_wants(a_story: Stories, a_site: Sites) -> None:
    site = a_site()
    plan = replace(site.plans[0], criteria=tuple(replace(one, min_words=3) for one in site.plans[0].criteria))
    site = replace(site, plans=(plan,))
    for quote, count in (("một hai ba", 0), ("một hai", 1)):
        assert len(list(criteria.whole_sentence(a_story(criteria=(Claim("A2", quote=(quote,)),)), site))) == count


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        pytest.param(A2, [], id="loại được nhận"),
        pytest.param(Claim("A1", figure=(1,)), [], id="một trong ba loại"),
        pytest.param(Claim("A2", note="sẽ bổ sung"), [("criteria", "A2")], id="chỉ ghi chú"),
        pytest.param(Claim("A2", award=(1,)), [("criteria", "A2")], id="loại không được nhận"),
        pytest.param(Claim("A4", confirmation=PAPER), [], id="giấy xác nhận"),
        pytest.param(Claim("A9"), [], id="tiêu chí lạ: quy tắc khác nói"),
    ],
)
def test_accepted_evidence(claim: Claim, found: list[Any], judge: Judge) -> None:
    assert judge(criteria.accepted_evidence, claim) == found


@pytest.mark.parametrize(
    ("claims", "found"),
    [
        pytest.param((A1, A2), [], id="hai đoạn"),
        pytest.param((A1, replace(A2, quote=A1.quote)), QUOTED, id="một đoạn"),
        pytest.param((A1, replace(A2, quote=(A1.quote[0].upper().replace(" ", "  "),))), QUOTED, id="khác chữ hoa, dấu cách"),
        pytest.param((Claim("A1", quote=("một", "hai")), Claim("A2", quote=("ba", "hai"))), QUOTED, id="chung một trong hai"),
        pytest.param((Claim("A1"), Claim("A2")), [], id="không trích"),
    ],
)
def test_separate_passages(claims: tuple[Claim, ...], found: list[Any], judge: Judge) -> None:
    assert judge(criteria.separate_passages, *claims) == found


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        pytest.param("A1 A2", [], id="trọn hướng A"),
        pytest.param("A2 A1 B1", [], id="trọn hướng A, thêm một tiêu chí"),
        pytest.param("C1 C2 B1", [], id="trọn hướng C: hai trong ba"),
        pytest.param("C1 C2", [("criteria",)], id="hướng C mới một trong ba"),
        pytest.param("C2 C3 B1", [("criteria",)], id="hướng C thiếu điều bắt buộc"),
        pytest.param("A1", [("criteria",)], id="hướng A còn thiếu"),
        pytest.param("A1 C1 C2", [("criteria",)], id="mỗi hướng một ít"),
        pytest.param("", [], id="chưa khai gì: quy tắc khác nói"),
    ],
)
def test_complete_route(ids: str, found: list[Any], judge: Judge) -> None:
    assert judge(criteria.complete_route, *map(Claim, ids.split())) == found


def test_complete_route_says_what_each_route_lacks(a_story: Stories, a_site: Sites) -> None:
    (finding,) = criteria.complete_route(a_story(criteria=(A1, Claim("C2"))), a_site())
    assert "A thiếu A2; C thiếu C1, 2 trong C2, C3, B1" in finding.says


@pytest.mark.parametrize(
    ("ids", "found"),
    [
        pytest.param("A1 A2", [], id="hướng đầu là đủ"),
        pytest.param("C1 C2 B1", [("criteria",)], id="hướng sau mà thiếu hướng đầu"),
        pytest.param("A1 A2 C1 C2 B1", [], id="cả hai"),
    ],
)
def test_complete_route_on_top_of_the_first(ids: str, found: list[Any], a_story: Stories, a_site: Sites) -> None:
    site = a_site()
    site = replace(site, plans=(replace(site.plans[0], routes_relation="base_plus"),))
    story = a_story(criteria=tuple(map(Claim, ids.split())))
    assert [finding.where for finding in criteria.complete_route(story, site)] == found


@pytest.mark.parametrize(
    ("ids", "lacking"),
    [
        pytest.param("C1 C2 B1", ["A1", "A2"], id="thiếu cả hướng đầu"),
        pytest.param("A1 A2 C2 B1", ["C1"], id="thiếu điều riêng"),
        pytest.param("", ["C1", "2 trong C2, C3, B1", "A1", "A2"], id="chưa có gì"),
    ],
)
def test_missing_on_top_of_the_first(ids: str, lacking: list[str], a_site: Sites) -> None:
    plan = replace(a_site().plans[0], routes_relation="base_plus")
    assert criteria.missing(plan, plan.routes[1], set(ids.split())) == lacking


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        pytest.param(Claim("A3", quote=("k",), campaign=("lao-dong-gioi",)), [], id="đủ cả hai loại"),
        pytest.param(Claim("A3", quote=("k",)), [("criteria", "A3")], id="thiếu phong trào"),
        pytest.param(Claim("A3", campaign=("lao-dong-gioi",)), [("criteria", "A3")], id="thiếu đoạn trích"),
        pytest.param(Claim("A3"), [], id="chưa có gì: quy tắc khác nói"),
        pytest.param(Claim("A4", confirmation=PAPER), [], id="giấy đủ"),
        pytest.param(
            Claim("A4", confirmation=replace(PAPER, by="")),
            [("criteria", "A4", "confirmation")],
            id="giấy thiếu người ký",
        ),
        pytest.param(
            Claim("A1", confirmation=replace(PAPER, date=None)),
            [("criteria", "A1", "confirmation")],
            id="giấy thiếu ngày",
        ),
    ],
)
def test_needed_evidence(claim: Claim, found: list[Any], judge: Judge) -> None:
    assert judge(criteria.needed_evidence, claim) == found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        pytest.param(("%", "2018"), ("%", "10 tháng đầu năm 2020"), [], id="muộn hơn"),
        pytest.param(("%", "2020"), ("%", "2018"), [("criteria", "C2", "figure")], id="sớm hơn"),
        pytest.param(("%", "2020"), ("%", "2020"), [("criteria", "C2", "figure")], id="cùng năm"),
        pytest.param(("%", "2018"), ("ca", "2020"), [("criteria", "C2", "figure")], id="khác đơn vị tính"),
        pytest.param(("%", "quý I"), ("%", "quý II"), [], id="kỳ không nói năm: không đoán"),
        pytest.param(("%", "2017–2018"), ("%", "2019–2020"), [], id="kỳ nhiều năm"),
    ],
)
def test_real_improvement(before: tuple[str, str], after: tuple[str, str], found: list[Any], judge: Judge) -> None:
    figures = tuple(Figure("Ca trực", "1", unit, period) for unit, period in (before, after))
    assert judge(criteria.real_improvement, Claim("C1", figure=(1,)), Claim("C2", figure=(2,)), figures=figures) == found


def test_real_improvement_needs_both_figures(judge: Judge) -> None:
    figures = (Figure("Ca trực", "1", "%", "2018"),)
    assert judge(criteria.real_improvement, Claim("C2", figure=(1,)), figures=figures) == []
    assert judge(criteria.real_improvement, Claim("C1", figure=(1,)), Claim("C2", figure=(2,)), figures=figures) == []


@pytest.mark.parametrize(
    ("award", "found"),
    [
        pytest.param(Award(date=dt.date(2020, 2, 3)), [], id="trong năm kế hoạch"),
        pytest.param(Award(date=dt.date(2016, 2, 3)), [("awards", 0)], id="trước kế hoạch"),
        pytest.param(Award(date=dt.date(2021, 1, 15), achieved="2020"), [], id="khen năm sau, thành tích năm kế hoạch"),
        pytest.param(
            Award(date=dt.date(2020, 1, 15), achieved="2019"),
            [("awards", 0)],
            id="khen năm kế hoạch, thành tích năm trước",
        ),
        pytest.param(Award(date=dt.date(2021, 1, 15), achieved="2019-2020"), [], id="một trong hai năm"),
        pytest.param(Award(), [], id="không có ngày"),
    ],
)
def test_within_the_plan(award: Award, found: list[Any], judge: Judge) -> None:
    assert judge(criteria.within_the_plan, Claim("A1", award=(1,)), awards=(award,)) == found
    assert judge(criteria.within_the_plan, A1, awards=(award,)) == []  # not cited: no evidence


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        pytest.param(Claim("C3", award=(1,), figure=(2, 3)), [], id="ba kết quả"),
        pytest.param(Claim("C3", figure=(1, 2)), [], id="hai số liệu"),
        pytest.param(Claim("C3", quote=("một",), document=("chi-thi",)), [], id="một đoạn trích, một văn bản"),
        pytest.param(Claim("C3", award=(1,)), [("criteria", "C3")], id="một kết quả"),
        pytest.param(Claim("C3", figure=(2, 2)), [("criteria", "C3")], id="một số liệu dẫn hai lần"),
        pytest.param(Claim("C3", quote=("một", "một")), [("criteria", "C3")], id="một đoạn trích chép hai lần"),
        pytest.param(Claim("A1", quote=("một",)), [], id="tiêu chí không đòi nhiều"),
    ],
)
def test_enough_results(claim: Claim, found: list[Any], judge: Judge) -> None:
    assert judge(criteria.enough_results, claim) == found


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        pytest.param(Claim("A1", award=(1,), figure=(2,)), [], id="trong danh sách"),
        pytest.param(Claim("A1", award=(2,)), [("criteria", "A1", "award")], id="khen thưởng thứ hai không có"),
        pytest.param(Claim("A1", figure=(1, 3)), [("criteria", "A1", "figure", 1)], id="số liệu thứ ba không có"),
        pytest.param(Claim("A9", award=(9,)), [("criteria", "A9", "award")], id="cả khi tiêu chí lạ"),
    ],
)
def test_pointers_inside(claim: Claim, found: list[Any], judge: Judge) -> None:
    assert judge(criteria.pointers_inside, claim, awards=(Award(),), figures=(Figure(), Figure())) == found


@pytest.mark.parametrize(
    ("figure", "found"),
    [
        pytest.param(Figure("Ca", "0", "ca", "2020", source="Sổ"), [], id="đủ"),
        pytest.param(Figure("Ca", "0", "", "2020", source="Sổ"), [("figures", 1)], id="thiếu đơn vị tính"),
        pytest.param(Figure("Ca", "0", "ca", "", source="Sổ"), [("figures", 1)], id="thiếu kỳ"),
        pytest.param(Figure("Ca", "0", "ca", "2020"), [("figures", 1)], id="thiếu nguồn"),
        pytest.param(Figure("Ca", "0"), [("figures", 1)], id="thiếu cả ba, báo một lần"),
    ],
)
def test_complete_figures(figure: Figure, found: list[Any], judge: Judge) -> None:
    figures = (Figure("Không dẫn", "1"), figure)
    assert judge(criteria.complete_figures, Claim("A1", figure=(2,)), figures=figures) == found
    assert judge(criteria.complete_figures, A1, figures=figures) == []


@pytest.mark.parametrize(
    ("as_of", "found"),
    [
        pytest.param(dt.date(2020, 5, 30), [], id="mười ngày trước"),
        pytest.param(dt.date(2019, 6, 1), [], id="đúng mười hai tháng"),
        pytest.param(dt.date(2019, 5, 31), [("subject", "as_of")], id="quá mười hai tháng"),
        pytest.param(None, [("subject",)], id="không ghi ngày"),
    ],
)
def test_fresh_post(as_of: dt.date | None, found: list[Any], judge: Judge) -> None:
    subject = Subject("individual", "Nguyễn Thị Mẫu", role="Nhân viên", as_of=as_of)
    assert judge(criteria.fresh_post, Claim("B1"), subject=subject) == found
    assert judge(criteria.fresh_post, A1, subject=subject) == []
    assert judge(criteria.fresh_post, Claim("B1"), subject=subject, date=None) == []


@pytest.mark.parametrize(
    ("claims", "found"),
    [
        pytest.param((A1, A2), [], id="tiêu chí công khai"),
        pytest.param((Claim("C1", figure=(1,)), A2), [("criteria", "C1")], id="tiêu chí kín"),
    ],
)
def test_kept_private(claims: tuple[Claim, ...], found: list[Any], judge: Judge) -> None:
    assert judge(criteria.kept_private, *claims) == found
