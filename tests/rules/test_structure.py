"""Cấu trúc (CT): one table a rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.model import (
    Approval,
    Award,
    Campaign,
    Claim,
    Confirmation,
    Event,
    Figure,
    Origin,
    Published,
    Subject,
    Term,
    Unit,
    Waiver,
    Withdrawal,
)
from exemplars.rules import structure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]

DAY, TODAY, DAY_MORE = dt.date(2020, 6, 9), dt.date(2020, 12, 31), dt.timedelta(days=1)  # today as `a_site` has it


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({}, [], id="đủ mục"),
        pytest.param({"title": ""}, [("title",)], id="không tiêu đề"),
        pytest.param({"id": "", "plan": ""}, [("id",), ("plan",)], id="thiếu hai mục, báo cả hai"),
        pytest.param({"subject": None}, [("subject",)], id="thiếu cả nhóm, không đòi mục con"),
        pytest.param({"subject": Subject("", "Tổ Một cửa")}, [("subject", "type")], id="thiếu mục con"),
        pytest.param({"summary": "", "date": None}, [], id="mục chỉ cần khi trình thì chưa đòi"),
        pytest.param({"awards": (Award("giay-khen"), Award())}, [("awards", 1, "type")], id="dòng thứ hai của danh sách"),
        pytest.param({"figures": (Figure(name="Ca"),)}, [("figures", 0, "value")], id="số liệu không giá trị"),
        pytest.param({"waive": (Waiver(),)}, [("waive", 0, "rule")], id="miễn mà không nói quy tắc nào"),
        pytest.param(
            {"withdrawn": Withdrawal()},
            [("withdrawn", "date"), ("withdrawn", "kind")],
            id="gỡ mà không nói ngày và kiểu",
        ),
    ],
)
def test_needed_keys(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(structure.needed_keys(a_story(**changed), a_site())) == found


@pytest.mark.parametrize(
    ("record", "found"),
    [
        pytest.param(Campaign(id="x", title="Phong trào"), [], id="phong trào đủ mục"),
        pytest.param(Campaign(id="x"), [("title",)], id="phong trào không tên"),
        pytest.param(Unit(id="x", name="Phòng"), [("type",)], id="đơn vị không loại"),
        pytest.param(Term(), [("id",), ("title",)], id="dòng trống"),
        pytest.param(Event(id="x", title="Tọa đàm"), [("kind",), ("starts",), ("place",), ("unit",)], id="sự kiện"),
    ],
)
def test_needed_keys_of_other_records(record: Any, found: list[Any], a_site: Sites, places: Places) -> None:
    assert places(structure.needed_keys(record, a_site())) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({}, [], id="đủ mục"),
        pytest.param({"summary": ""}, [("summary",)], id="chưa có tóm tắt"),
        pytest.param({"draft": True, "date": None}, [("date",)], id="bản nháp cũng được nhắc"),
        pytest.param({"campaigns": (), "authors": ()}, [("campaigns",), ("authors",)], id="hai mục"),
        pytest.param({"criteria": ()}, [("criteria",)], id="chưa khai tiêu chí"),
        pytest.param({"subject": Subject("individual", "N")}, [("subject", "role")], id="cá nhân cần công việc"),
        pytest.param({"subject": Subject("collective", "Tổ Một cửa")}, [], id="tập thể không cần"),
        pytest.param({"subject": Subject("household", "Hộ", role="Nuôi cá")}, [("subject", "as_of")], id="có việc thì có ngày"),
        pytest.param({"summary": "", "withdrawn": Withdrawal(DAY, "error", "x")}, [], id="bài đã gỡ thì thôi"),
        pytest.param(
            {"criteria": (Claim("A4", confirmation=Confirmation()), Claim("A1", quote=("k",)))},
            [],
            id="mục có quy tắc riêng thì để quy tắc ấy nói",
        ),
    ],
)
def test_keys_for_the_council(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(structure.keys_for_the_council(a_story(**changed), a_site())) == found


def test_one_record_an_id(a_story: Stories, a_site: Sites, places: Places) -> None:
    first, other = a_story(path="stories/2020/a/index.md"), a_story(path="stories/2020/b/index.md")
    assert places(structure.one_record_an_id(a_site(first, replace(other, id="khac")))) == []
    (finding,) = structure.one_record_an_id(a_site(first, other))
    assert (finding.where, finding.path) == (("id",), "stories/2020/b/index.md")
    assert "stories/2020/a/index.md" in finding.says
    assert f"{first.id}-2" in finding.do


def test_one_record_an_id_suggests_a_free_one(a_story: Stories, a_site: Sites) -> None:
    stories = [a_story(path=f"stories/2020/{name}/index.md") for name in "abc"]
    stories[2] = replace(stories[2], id=f"{stories[0].id}-2")
    (finding,) = structure.one_record_an_id(a_site(*stories))
    assert f"{stories[0].id}-3" in finding.do


@pytest.mark.parametrize(
    ("ledger", "changed", "faulty"),
    [
        pytest.param([], {}, "b", id="sổ trống: bài đứng sau"),
        pytest.param(["guong/2020/b/"], {}, "a", id="bản chép đứng trước bài đã đăng"),
        pytest.param(["guong/2020/a/"], {}, "b", id="bản chép đứng sau bài đã đăng"),
        pytest.param(["guong/2020/cu/"], {"redirect_from": ("guong/2020/cu/",)}, "a", id="bài đã đăng nay dời chỗ"),
        pytest.param(["guong/2020/khac/"], {}, "b", id="địa chỉ đã đăng không của bài nào"),
    ],
)
def test_the_published_story_keeps_its_id(ledger: list[str], changed: dict[str, Any], faulty: str, a_story: Stories, a_site: Sites) -> None:
    first, other = a_story(path="stories/2020/a/index.md"), a_story(path="stories/2020/b/index.md", **changed)
    site = a_site(first, other, published=tuple(Published(address, first.id, 1) for address in ledger))
    (finding,) = structure.one_record_an_id(site)
    assert finding.path == f"stories/2020/{faulty}/index.md"
    assert f"stories/2020/{'a' if faulty == 'b' else 'b'}/index.md" in finding.says


def test_a_copy_that_keeps_the_old_addresses_too_is_still_the_copy(a_story: Stories, a_site: Sites) -> None:
    old = {"redirect_from": ("guong/2020/cu/",)}
    copy, story = a_story(path="stories/2020/a/index.md", **old), a_story(path="stories/2020/b/index.md")
    site = a_site(copy, story, published=(Published("guong/2020/cu/", story.id, 1), Published("guong/2020/b/", story.id, 2)))
    assert [finding.path for finding in structure.one_record_an_id(site)] == [copy.origin.path]


@pytest.mark.parametrize("copy", ["a", "z"])
def test_a_copy_of_a_published_story_is_one_fault(copy: str, a_story: Stories, a_site: Sites) -> None:
    approval = Approval("HĐ", "1", DAY, ("A1",), ("TK",), "0" * 64)
    stories = [a_story(path=f"stories/2020/{name}/index.md", approval=approval) for name in sorted([copy, "b"])]
    site = a_site(*stories, published=(Published("guong/2020/b/", stories[0].id, 1),))
    found = [*structure.one_record_an_id(site), *structure.published_addresses_answer(site)]
    assert [finding.path for finding in found] == [f"stories/2020/{copy}/index.md"]


def test_one_record_an_id_in_a_list_names_the_row(a_site: Sites, places: Places) -> None:
    rows = tuple(Unit("so", "Sở", type="so", origin=Origin("content/data/units.yml", body_line=line)) for line in (3, 9))
    assert places(structure.one_record_an_id(a_site(units=rows))) == [9]


def test_one_record_an_id_among_plans_and_documents(a_site: Sites) -> None:
    site = a_site()
    document = replace(site.documents[0], id=site.plans[0].id)
    (finding,) = structure.one_record_an_id(replace(site, documents=(document,)))
    assert finding.path == document.origin.path


@pytest.mark.parametrize(
    ("ledger", "changed", "found"),
    [
        pytest.param([], {}, [], id="sổ trống"),
        pytest.param([("guong/2020/x/", "2020-x")], {}, [], id="bài còn đó"),
        pytest.param([("guong/2020/cu/", "2020-x")], {}, [7], id="không bài nào trả lời"),
        pytest.param([("guong/2020/cu/", "2020-x")], {"redirect_from": ("guong/2020/cu/",)}, [], id="có địa chỉ cũ trỏ về"),
        pytest.param([("guong/2020/cu/", "2020-cu")], {"redirect_from": ("guong/2020/cu/",)}, [7], id="bài khác thay, mã cũ mất"),
        pytest.param([("guong/2020/x/", "2020-x")], {"draft": True}, [("id",)], id="bài đã đăng thành bản nháp"),
        pytest.param([("guong/2020/x/", "2020-x")], {"approval": None}, [("id",)], id="bài đã đăng mất quyết định duyệt"),
        pytest.param([("guong/2020/x/", "2020-cu")], {}, [("id",)], id="mã đã đổi"),
        pytest.param(
            [("guong/2020/x/", "2020-x")],
            {"withdrawn": Withdrawal(DAY, "error", "Nhầm")},
            [],
            id="bài đã gỡ vẫn trả lời",
        ),
    ],
)
def test_published_addresses_answer(  # noqa: PLR0913, PLR0917
    ledger: list[tuple[str, str]],
    changed: dict[str, Any],
    found: list[Any],
    a_story: Stories,
    a_site: Sites,
    places: Places,
) -> None:
    approval = Approval("HĐ", "1", DAY, ("A1",), ("TK",), "0" * 64)
    story = a_story(path="stories/2020/x/index.md", **{"id": "2020-x", "approval": approval, **changed})
    site = a_site(story, published=tuple(Published(*line, 7) for line in ledger))
    assert places(structure.published_addresses_answer(site)) == found


def test_an_id_is_not_used_again(a_story: Stories, a_site: Sites, places: Places) -> None:
    """The old story took another id and left its address to itself; the new one took the old id."""
    approval = Approval("HĐ", "1", DAY, ("A1",), ("TK",), "0" * 64)
    heir = a_story(path="stories/2020/moi/index.md", id="2020-moi", redirect_from=("guong/2020/x/",), approval=approval)
    thief = a_story(path="stories/2020/y/index.md", id="2020-x", approval=approval)
    ledger = (Published("guong/2020/x/", "2020-x", 1),)
    assert places(structure.published_addresses_answer(a_site(heir, thief, published=ledger))) == [("id",)]
    gone = replace(thief, withdrawn=Withdrawal(DAY, "consolidated", "", "2020-moi"))
    assert places(structure.published_addresses_answer(a_site(heir, gone, published=ledger))) == []


def test_published_addresses_answer_waits_for_a_file_that_cannot_be_read(a_site: Sites) -> None:
    site = a_site(published=(Published("guong/2020/x/", "2020-x", 1),), unread={"stories": frozenset({"2020-x"})})
    assert list(structure.published_addresses_answer(site)) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"title": "ư" * 160}, [], id="vừa đủ"),
        pytest.param({"title": "ư" * 161}, [("title",)], id="quá một ký tự"),
        pytest.param({"summary": "a" * 301}, [("summary",)], id="tóm tắt dài"),
        pytest.param(
            {"subject": Subject("individual", "n" * 121, "b" * 21)},
            [("subject", "name"), ("subject", "address_as")],
            id="mục con",
        ),
        pytest.param({"figures": (Figure("n" * 200, "v" * 41),)}, [("figures", 0, "value")], id="trong danh sách"),
        pytest.param({"criteria": (Claim("A1", note="n" * 501),)}, [("criteria", "A1", "note")], id="trong tiêu chí"),
    ],
)
def test_lengths(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(structure.lengths(a_story(**changed), a_site())) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"date": None}, [], id="chưa ghi ngày"),
        pytest.param({"updated": DAY, "withdrawn": Withdrawal(DAY, "error")}, [], id="cùng một ngày"),
        pytest.param({"date": TODAY + DAY_MORE}, [("date",)], id="ngày đăng phía trước"),
        pytest.param({"updated": TODAY + DAY_MORE}, [("updated",)], id="ngày sửa phía trước"),
        pytest.param({"withdrawn": Withdrawal(TODAY + DAY_MORE, "error")}, [("withdrawn", "date")], id="ngày gỡ phía trước"),
        pytest.param({"updated": DAY - DAY_MORE}, [("updated",)], id="sửa trước khi đăng"),
        pytest.param({"withdrawn": Withdrawal(DAY - DAY_MORE, "error")}, [("withdrawn", "date")], id="gỡ trước khi đăng"),
        pytest.param({"updated": DAY + DAY_MORE, "withdrawn": Withdrawal(DAY, "error")}, [("withdrawn", "date")], id="gỡ trước khi sửa"),
    ],
)
def test_days_in_order(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(structure.days_in_order(a_story(**{"date": DAY, **changed}), a_site())) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"title": "Ca trực 5 < 7, nhanh > chậm & “tốt”"}, [], id="dấu thường"),
        pytest.param({"title": "Một * hai_ba [bốn] (năm)"}, [], id="dấu lẻ không thành Markdown"),
        pytest.param({"title": "Người **giữ lửa**"}, [("title",)], id="chữ đậm"),
        pytest.param({"title": "<b>Mái ấm</b>"}, [("title",)], id="thẻ HTML"),
        pytest.param({"title": "</title><script>"}, [("title",)], id="thẻ đóng"),
        pytest.param({"title": "<!-- x -->"}, [("title",)], id="chú thích HTML"),
        pytest.param({"summary": "&lt;b&gt;"}, [("summary",)], id="mã ký tự HTML"),
        pytest.param({"summary": "[a](https://x.vn)"}, [("summary",)], id="liên kết"),
        pytest.param({"source": "`mã`"}, [("source",)], id="nháy ngược"),
        pytest.param({"authors": ("Phòng", "__Tổ__")}, [("authors",)], id="một tác giả trong hai"),
        pytest.param({"criteria": (Claim("A1", quote=("bà **sắp** lại",)),)}, [], id="đoạn trích chép cả dấu nhấn"),
        pytest.param({"criteria": (Claim("A1", note="**đã xem**"),)}, [("criteria", "A1", "note")], id="ghi chú"),
    ],
)
def test_plain_text(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(structure.plain_text(a_story(**changed), a_site())) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("Chữ thường, 5 < 7, a <3, **đậm**, > trích\n", [], id="Markdown thường"),
        pytest.param("[bài](../x/index.md) [mục](#muc) ![ảnh](anh.jpg)\n", [], id="liên kết trong kho"),
        pytest.param("[web](https://x.vn) [thư](mailto:a@x.vn) [số](tel:0254)\n", [], id="https, mailto, tel"),
        pytest.param("<https://x.vn/?a=1> <a@x.vn> <mailto:a@x.vn>\n", [], id="địa chỉ trong ngoặc nhọn"),
        pytest.param("`<b>` và\n\n```\n<script>\n```\n", [], id="trong mã thì chỉ là chữ"),
        pytest.param("Một\n\nHai <b\n", [6], id="thẻ chưa đóng"),
        pytest.param("x <br> y\n", [4], id="thẻ đơn"),
        pytest.param("x </div>\n", [4], id="thẻ đóng"),
        pytest.param("<!-- giấu -->\n", [4], id="chú thích"),
        pytest.param("<!DOCTYPE html>\n", [4], id="khai báo"),
        pytest.param("<?php ?>\n", [4], id="chỉ thị"),
        pytest.param("[a](javascript:alert(1))\n", [4], id="javascript"),
        pytest.param("[a](JaVaScRiPt:alert(1))\n", [4], id="javascript chữ hoa"),
        pytest.param("[a]( <data:text/html,x>)\n", [4, 4], id="data trong ngoặc nhọn, vừa là thẻ vừa là liên kết"),
        pytest.param("![a](file:///etc/passwd)\n", [4], id="ảnh từ máy người viết"),
        pytest.param("\n\n[a]: vbscript:x\n", [6], id="định nghĩa liên kết"),
        pytest.param("[a](//x.vn/)\n", [4], id="địa chỉ không giao thức"),
        pytest.param("[a](\\\\x\\y)\n", [4], id="đường dẫn Windows"),
        pytest.param("[" * 201 + "\n", [], id="nhiều ngoặc là việc của khâu đọc tệp"),
    ],
)
def test_publishable_body(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(structure.publishable_body(a_story(body=body), a_site())) == found


def test_publishable_body_passes_over_rows_of_lists(a_site: Sites) -> None:
    assert list(structure.publishable_body(a_site().units[0], a_site())) == []


def test_publishable_body_survives_open_brackets(a_story: Stories, a_site: Sites, places: Places) -> None:
    """As large a body as a file may have: read to its end from each bracket on, it would hold the suite for minutes."""
    for body in ("[\n" * 125_000, "](" * 125_000, "](a" * 80_000, "](\n" * 80_000, "`" * 250_000):
        assert places(structure.publishable_body(a_story(body=body), a_site())) == []
    assert places(structure.publishable_body(a_story(body="<a" * 125_000), a_site())) == [4] * 125_000


@pytest.mark.parametrize(
    ("first", "second", "found"),
    [
        pytest.param((), ("guong/2020/cu/",), [], id="địa chỉ cũ riêng"),
        pytest.param((), ("guong/2020/a/",), ["b"], id="bài khác đang ở đó"),
        pytest.param((), ("guong/2020/A/",), ["b"], id="chỉ khác chữ hoa"),
        pytest.param(("guong/2020/cu/",), ("guong/2020/cu/",), ["b"], id="hai bài nhận một địa chỉ"),
        pytest.param((), ("guong/2020/Cũ/",), ["b"], id="không phải chữ thường không dấu"),
        pytest.param((), ("/guong/2020/cu/",), ["b"], id="dấu / ở đầu"),
        pytest.param((), ("guong/2020/cu",), ["b"], id="thiếu dấu / ở cuối"),
        pytest.param((), ("guong/../../x/",), ["b"], id="leo ra ngoài"),
        pytest.param((), ("guong/2020/b/",), ["b"], id="chính địa chỉ của bài"),
        pytest.param((), ("phong-trao/lao-dong-gioi/",), ["b"], id="trang của một phong trào"),
    ],
)
def test_one_file_an_address(  # noqa: PLR0913, PLR0917
    first: tuple[str, ...], second: tuple[str, ...], found: list[str], a_story: Stories, a_site: Sites, places: Places
) -> None:
    site = a_site(
        a_story(path="stories/2020/a/index.md", redirect_from=first),
        a_story(path="stories/2020/b/index.md", redirect_from=second),
    )
    findings = list(structure.one_file_an_address(site))
    assert places(findings) == [("redirect_from", 0) for _ in found]
    assert [finding.path for finding in findings] == [f"stories/2020/{name}/index.md" for name in found]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        pytest.param(["anh.jpg", "anh-2.jpg"], [], id="khác tên"),
        pytest.param(["Anh.jpg", "anh.JPG"], ["anh.JPG"], id="khác chữ hoa"),
        pytest.param(["\u1ea3nh.jpg", "a\u0309nh.jpg"], ["\u1ea3nh.jpg"], id="khác cách mã hóa dấu"),
    ],
)
def test_one_file_an_address_beside_a_story(names: list[str], found: list[str], a_site: Sites) -> None:
    site = a_site(files=frozenset(f"stories/2020/a/{name}" for name in names))
    assert [finding.path for finding in structure.one_file_an_address(site)] == [f"stories/2020/a/{name}" for name in found]


@pytest.mark.parametrize(
    ("body", "changed", "found"),
    [
        pytest.param("Một câu.\n", {}, [], id="có thân"),
        pytest.param("", {}, [4], id="không có thân"),
        pytest.param("\n \n\t\n", {}, [4], id="chỉ dòng trống"),
        pytest.param("", {"withdrawn": Withdrawal(DAY, "error", "x")}, [], id="bài đã gỡ"),
        pytest.param("## Hoàn cảnh\n\n[Viết ở đây: lúc đầu?]\n\nMột câu.\n\\[Viết ở đây: x\\]\n", {}, [6, 9], id="còn lời gợi ý"),
        pytest.param("Xem [Viết ở đây](https://a.vn): một trang.\n", {}, [], id="một liên kết"),
    ],
)
def test_body_written(body: str, changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:  # noqa: PLR0913, PLR0917
    assert places(structure.body_written(a_story(body=body, **changed), a_site())) == found


@pytest.mark.parametrize(
    ("waive", "found"),
    [
        pytest.param((), [], id="không miễn gì"),
        pytest.param((Waiver("TC003", "Câu gốc ngắn", DAY),), [], id="đủ lý do và hạn"),
        pytest.param((Waiver("TC003", "", DAY),), [("waive", 0)], id="không lý do"),
        pytest.param((Waiver("TC003", "x", DAY), Waiver("TC005", "x")), [("waive", 1)], id="không hạn"),
        pytest.param((Waiver(),), [], id="không nói quy tắc nào: CT001 nói"),
    ],
)
def test_reasoned_waivers(waive: tuple[Waiver, ...], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(structure.reasoned_waivers(a_story(waive=waive), a_site())) == found


@pytest.mark.parametrize(
    ("withdrawn", "found"),
    [
        pytest.param(None, [], id="bài đang đăng"),
        pytest.param(Withdrawal(DAY, "error", "Nhầm"), [], id="nhầm, có lý do"),
        pytest.param(Withdrawal(DAY, "error"), [("withdrawn",)], id="nhầm, không lý do"),
        pytest.param(Withdrawal(DAY, "withdrawn", "", "2020-x"), [("withdrawn",)], id="rút, chỉ có bài thay"),
        pytest.param(Withdrawal(DAY, "consolidated", "", "2020-x"), [], id="gộp, có bài thay"),
        pytest.param(Withdrawal(DAY, "consolidated", "Gộp"), [("withdrawn",)], id="gộp, không bài thay"),
        pytest.param(Withdrawal(DAY, "consolidated", "", "2020-sap-lai-so-truc"), [("withdrawn", "see")], id="thay bằng chính nó"),
        pytest.param(Withdrawal(DAY, ""), [], id="không kiểu: quy tắc khác nói"),
    ],
)
def test_explained_withdrawal(withdrawn: Withdrawal | None, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(structure.explained_withdrawal(a_story(withdrawn=withdrawn), a_site())) == found
