"""Biên soạn (BS): one table a rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.checking import check
from exemplars.likeness import Gist, gist
from exemplars.model import Campaign, Origin, Replication, Subject, Term, Unit, Waiver, Withdrawal
from exemplars.rules import editing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]

GONE = Withdrawal(dt.date(2020, 6, 9), "error", "Nhầm")
OTHER = Subject("individual", "Trần Mẫu Văn")
LONG = " ".join(f"Việc thứ {n} là của tổ {n}, và người số {n} không quên điều {n}." for n in range(60))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("## Kinh nghiệm\n\nMột.\n", [], id="Kinh nghiệm"),
        pytest.param("## Cách làm\n\nMột.\n", [], id="Cách làm"),
        pytest.param("### BÀI HỌC KINH NGHIỆM RÚT RA ##\n\nMột.\n", [], id="viết hoa, dài hơn"),
        pytest.param("Kinh nghiệm\n-----------\n\nMột.\n", [], id="gạch dưới"),
        pytest.param("## Kết quả\n\nKinh nghiệm là…\n", [4], id="chỉ có trong câu"),
        pytest.param("```\n## Kinh nghiệm\n```\n", [4], id="trong mã"),
        pytest.param("\n \n", [], id="không có thân: quy tắc khác nói"),
    ],
)
def test_lessons_told(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(editing.lessons_told(a_story(body=body), a_site())) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("## Kết quả bước đầu\n\nMột.\n", [], id="có"),
        pytest.param("## Kinh nghiệm\n\nKết quả là…\n", [4], id="không có"),
    ],
)
def test_results_told(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(editing.results_told(a_story(body=body), a_site())) == found


def test_a_withdrawn_story_is_not_asked_for_its_shape(a_story: Stories, a_site: Sites) -> None:
    story = a_story(body="Một.\n", withdrawn=GONE)
    assert [*editing.lessons_told(story, a_site()), *editing.results_told(story, a_site())] == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("## Một\n\n### Hai\n\n#### Ba\n\n## Bốn\n", [], id="đúng thứ tự"),
        pytest.param("Không có đầu mục.\n", [], id="không có đầu mục"),
        pytest.param("a\n\n# Một\n\n## Hai\n", [6], id="dùng #"),
        pytest.param("Một\n===\n\n## Hai\n", [4], id="gạch dưới bằng ="),
        pytest.param("### Một\n\n## Hai\n", [4], id="bắt đầu từ ###"),
        pytest.param("## Một\n\n#### Hai\n\n#### Ba\n", [6], id="nhảy cấp, báo một lần"),
        pytest.param("#Một\n", [4], id="# sát chữ cũng là đầu mục"),
        pytest.param("~~~\n# chú thích\n~~~\n\n## Một\n\n- # không\n", [], id="trong mã, trong danh sách"),
        pytest.param("Một đoạn.\n\n---\n\n- a\n- b\n", [], id="đường kẻ không phải đầu mục"),
    ],
)
def test_ordered_headings(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(editing.ordered_headings(a_story(body=body), a_site())) == found


def test_ordered_headings_of_other_records(a_site: Sites) -> None:
    campaign = Campaign(origin=Origin("campaigns/x.md", b"---\n---\n# M\n", 8, 3))
    assert [finding.where for finding in editing.ordered_headings(campaign, a_site())] == [3]
    assert list(editing.ordered_headings(Unit("x", "# Tên", origin=Origin("content/data/units.yml")), a_site())) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"stage": "phat-hien"}, [], id="giai đoạn khác"),
        pytest.param({"stage": "nhan-rong"}, [("stage",)], id="chưa nêu nơi nhân rộng"),
        pytest.param({"stage": "nhan-rong", "replicated": (Replication("so"),)}, [], id="đã nêu"),
        pytest.param({"stage": "nhan-rong", "withdrawn": GONE}, [], id="đã gỡ"),
        pytest.param({"stage": "khong-co"}, [], id="không có giai đoạn ấy: quy tắc khác nói"),
    ],
)
def test_replication_named(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    plain = a_site()
    stages = (Term("phat-hien", "Phát hiện"), Term("nhan-rong", "Nhân rộng", replicated=True))
    site = replace(plain, terms={**plain.terms, "stages": stages})
    assert places(editing.replication_named(a_story(**changed), site)) == found


def two(a_story: Stories, **changed: Any) -> tuple[Story, Story]:
    """A story, and a later one of another person with another text unless `changed` says otherwise."""
    one = a_story(body=LONG)
    of_its_own: dict[str, Any] = {"subject": OTHER, "body": "Chuyện khác hẳn.\n", "date": dt.date(2020, 7, 1)}
    return one, a_story(**{"id": "2020-khac", "path": "stories/2020/khac/index.md", **of_its_own, **changed})


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        pytest.param({}, "", id="khác người, khác chữ"),
        pytest.param({"subject": Subject("individual", "Nguyễn Thị Mẫu")}, "(cùng tên và đơn vị)", id="cùng người"),
        pytest.param({"subject": Subject("individual", "NGUYỄN  Thị Mẫu")}, "(cùng tên và đơn vị)", id="tên viết khác chữ hoa"),
        pytest.param({"subject": Subject("individual", "Nguyễn Thị Mẩu")}, "", id="tên khác dấu"),
        pytest.param({"subject": Subject("individual", "Nguyễn Thị Mẫu"), "unit": "so"}, "", id="cùng tên, khác đơn vị"),
        pytest.param({"body": LONG}, "(100 % nội dung)", id="cùng chữ"),
        pytest.param({"body": LONG.replace("thứ 7 ", "thứ bảy ")}, " % nội dung)", id="sửa vài chữ"),
        pytest.param(
            {"body": LONG[: len(LONG) // 2] + LONG.replace("Việc", "Chuyện").replace("tổ", "ca")[len(LONG) // 2 :].replace("người", "nhà")},
            "",
            id="nửa sau kể chuyện khác",
        ),
        pytest.param({"body": LONG, "withdrawn": GONE}, "", id="bài kia đã gỡ"),
        pytest.param(
            {"body": LONG, "subject": Subject("individual", "Nguyễn Thị Mẫu")}, "(cùng tên và đơn vị, 100 % nội dung)", id="cả hai"
        ),
    ],
)
def test_told_once(changed: dict[str, Any], why: str, a_story: Stories, a_site: Sites) -> None:
    one, other = two(a_story, **changed)
    site = a_site(one, other)
    findings = list(editing.told_once(site))
    assert [(finding.where, finding.path) for finding in findings] == ([(("id",), other.origin.path)] if why else [])
    assert all(finding.says.startswith("Bài giống bài «2020-sap-lai-so-truc» (") and why in finding.says for finding in findings)


def test_told_once_is_said_of_the_later_story_whatever_the_order(a_story: Stories, a_site: Sites) -> None:
    one, other = two(a_story, body=LONG, date=dt.date(2020, 1, 1))
    for site in (a_site(one, other), a_site(other, one)):
        assert [finding.path for finding in editing.told_once(site)] == [one.origin.path]


def test_told_once_takes_what_reading_knows_of_the_bodies(a_story: Stories, a_site: Sites) -> None:
    one, other = two(a_story, body=LONG)
    known = [replace(story, gist=gist("", story.origin.body)) for story in (one, other)]
    assert [finding.says for finding in editing.told_once(a_site(*known))] == ["Bài giống bài «2020-sap-lai-so-truc» (100 % nội dung)."]
    assert list(editing.told_once(a_site(replace(one, gist=Gist()), replace(other, gist=Gist())))) == []


def test_a_waiver_covers_what_a_rule_of_the_whole_site_says(a_story: Stories, a_site: Sites) -> None:
    one, other = two(a_story, body=LONG)
    assert "BS005" in {problem.code for problem in check(a_site(one, other))}
    for until, codes in ((dt.date(2021, 1, 1), set()), (dt.date(2020, 1, 1), {"BS005", "CT020"})):
        waived = replace(other, waive=(Waiver("BS005", "Hai đợt khen thưởng khác nhau.", until),))
        assert {problem.code for problem in check(a_site(one, waived))} & {"BS005", "CT020"} == codes


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("Một.\n\n- Hai\n- Ba\n\n    tiếp\n\n| A | B |\n|---|---|\n| 1 | 2 |\n", [], id="viết đúng"),
        pytest.param("\tMột.\n\n    Hai.\n", [4], id="thụt đầu dòng: một chỗ nối liền, một lần"),
        pytest.param("Một.\n\n   Hai.\n", [], id="ba dấu cách không sao"),
        pytest.param("Một:\n- Hai\n- Ba\n", [5], id="danh sách dính liền"),
        pytest.param("Sở Lao động\n- Thương binh và Xã hội\n", [], id="gạch nối đầu dòng"),
        pytest.param("Một:\n1. Hai\n", [5], id="danh sách số dính liền"),
        pytest.param("• Hai\n• Ba\n\nBốn.\n\n• Năm\n", [4, 9], id="dấu chấm tròn"),
        pytest.param("1) Hai\n2) Ba\n", [4], id="số và ngoặc"),
        pytest.param("Năm 2020:\n| A | B |\n|---|---|\n| 1 | 2 |\n", [5], id="bảng dính liền"),
        pytest.param("Năm\tCa\n2020\t1\n", [4], id="bảng bằng Tab"),
        pytest.param("Một.[^1]\n\n[^1]: Sổ trực.\n", [4, 6], id="chú thích cuối trang"),
        pytest.param(
            "## A\n- Một\n- Hai\n\n## B\n| A | B |\n|---|---|\n| 1 | 2 |\n\n---\n- x\n- y\n", [], id="ngay dưới đầu mục, vạch ngang"
        ),
        pytest.param("| 2019\t| 14 |\n|---|---|\n| 2020\t| 0 |\n", [], id="Tab trong bảng có dấu |"),
        pytest.param("## A\n    Đoạn thụt\n", [5], id="thụt ngay dưới đầu mục"),
        pytest.param("Xem mục\n1) và mục\n2) ở trên\n", [], id="số trong câu"),
        pytest.param("– Chị ơi?\n\n– Ừ.\n", [], id="lời thoại"),
        pytest.param("", [], id="không có thân"),
    ],
)
def test_shown_as_meant(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(editing.shown_as_meant(a_story(body=body), a_site())) == found
    assert places(editing.shown_as_meant(Campaign(id="x", origin=a_story(body=body).origin), a_site())) == found
