"""Văn bản (VB): one table a rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.model import (
    Award,
    Campaign,
    Claim,
    Compared,
    Confirmation,
    Document,
    Origin,
    Period,
    Plan,
    Revocation,
    Term,
    Unit,
    UnitPlan,
)
from exemplars.rules import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]

DAY = dt.date(2020, 6, 9)
SEEN = Compared("Văn phòng Sở", DAY)


def document(id_: str, number: str = "", issued: dt.date | None = None, **more: Any) -> Document:
    return Document(id_, "ke-hoach", number, title=f"Văn bản {id_}", authority="UBND", issued=issued,
                    origin=Origin(f"content/documents/{id_}.md"), **more)  # fmt: skip


LIBRARY = (
    document("ke-hoach-75", "75/KH-UBND", dt.date(2016, 9, 28), compared=SEEN),
    document("chi-thi-05-2018", "05/CT-UBND", dt.date(2018, 2, 7)),
    document("chi-thi-05-2019", "05/CT-UBND", dt.date(2019, 3, 1), compared=SEEN),
    document("chi-thi-tw", "05-CT/TW", compared=SEEN),
    document("cu", "12/QĐ-SLĐTBXH", dt.date(2015, 1, 2), compared=SEEN,
             effective=Period(dt.date(2015, 1, 2), dt.date(2019, 12, 31)), replaced_by=("moi", "khong-co")),
    document("moi", "1/QĐ-SLĐTBXH", dt.date(2020, 1, 2), compared=SEEN, effective=Period(dt.date(2020, 1, 2))),
    document("du-thao"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("record", "found"),
    [
        pytest.param(Award(number="118/QĐ-SLĐTBXH", revoked=Revocation(number="9/QĐ-SLĐTBXH")), [], id="đúng dạng"),
        pytest.param(Award(), [], id="chưa có số: quy tắc khác nói"),
        pytest.param(Award(number="118QĐ/SLĐTBXH"), [("number",)], id="thiếu gạch chéo"),
        pytest.param(Award(revoked=Revocation(number="số 9")), [("revoked", "number")], id="số thu hồi"),
        pytest.param(Claim("A4", confirmation=Confirmation("12-XN")), [("confirmation", "number")], id="giấy xác nhận"),
        pytest.param(document("x", "75/KH-UBND"), [], id="văn bản đúng"),
        pytest.param(document("x", "75/kh-ubnd"), [("number",)], id="chữ thường"),
        pytest.param(document("x", symbol="KH-SLĐTBXH"), [], id="mới có ký hiệu"),
        pytest.param(document("x", symbol="/KH-SLĐTBXH"), [("symbol",)], id="ký hiệu có gạch chéo"),
        pytest.param(Unit("x", plans=(UnitPlan(2020, "7/KH VP"),)), [("plans", 0, "number")], id="kế hoạch của đơn vị"),
    ],
)
def test_well_formed_numbers(record: Any, found: list[Any], a_site: Sites, places: Places) -> None:
    assert places(documents.well_formed_numbers(record, a_site())) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({}, [], id="không có ngày sai"),
        pytest.param({"body": "Một.\n\nNgày 7/4/2014 và 08/4/2014,\nrồi 9/4/2014.\n"}, [6, 7], id="trong bài"),
        pytest.param({"summary": "Từ ngày 1/3/2020."}, [("summary",)], id="trong tóm tắt"),
        pytest.param({"awards": (Award("giay-khen", for_="Trực đêm 1/3/2020"),)}, [("awards", 0, "for")], id="trong khen thưởng"),
        pytest.param({"authors": ("Phòng A", "Phòng B, 1/3/2020")}, [("authors", 1)], id="trong danh sách"),
        pytest.param({"criteria": (Claim("A1", quote=("Ngày 7/4/2014",)),)}, [], id="đoạn trích: bài đã báo"),
        pytest.param({"body": "Bà đọc: “Ngày 7/4/2014”.\n"}, [], id="lời trích"),
    ],
)
def test_dates_as_written(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(documents.dates_as_written(a_story(**changed), a_site())) == found


def test_dates_as_written_of_a_list_row(a_site: Sites) -> None:
    row = Term("x", "Từ 1/3/2020", origin=Origin("content/data/x.yml", body_line=3))
    (finding,) = documents.dates_as_written(row, a_site())
    assert (finding.where, finding.do) == (("title",), "Hãy viết «01/3/2020».")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"body": "Kế hoạch số 75/KH-UBND ngày 28/9/2016.\n"}, [], id="đúng ngày"),
        pytest.param({"body": "a\n\nKế hoạch số 75/KH-UBND ngày 29/8/2016.\n"}, [6], id="khác ngày"),
        pytest.param({"body": "Kế hoạch 075/KH-UBND ngày 29/8/2016.\n"}, [4], id="số 0 đứng đầu không kể"),
        pytest.param({"body": "Chỉ thị 5/CT-UBND ngày 01/3/2019.\n"}, [], id="một trong hai năm"),
        pytest.param({"body": "Chỉ thị 5/CT-UBND ngày 01/3/2017.\n"}, [4], id="không năm nào"),
        pytest.param({"body": "Chỉ thị 05-CT/TW ngày 15/5/2016.\n"}, [], id="kho không ghi ngày"),
        pytest.param({"body": "Kế hoạch 99/KH-UBND ngày 15/5/2016.\n"}, [], id="không có trong kho"),
        pytest.param({"source": "Theo 75/KH-UBND ngày 29/8/2016"}, [("source",)], id="ở mục khai báo"),
        pytest.param(
            {"awards": (Award(number="75/KH-UBND", date=DAY, document="ke-hoach-75"),)}, [("awards", 0, "date")], id="khen thưởng"
        ),
        pytest.param({"awards": (Award(date=dt.date(2016, 9, 28), document="ke-hoach-75"),)}, [], id="khen thưởng đúng ngày"),
        pytest.param({"awards": (Award(date=DAY, document="chi-thi-tw"), Award(document="ke-hoach-75"))}, [], id="thiếu một ngày"),
    ],
)
def test_days_as_in_the_library(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(documents.days_as_in_the_library(a_story(**changed), a_site(documents=LIBRARY))) == found


def test_days_as_in_the_library_of_a_campaign(a_site: Sites) -> None:
    text = "---\n---\nTheo 75/KH-UBND ngày 29/8/2016.\n"
    campaign = Campaign(origin=Origin("campaigns/x.md", text.encode(), 8, 3))
    (finding,) = documents.days_as_in_the_library(campaign, a_site(documents=LIBRARY))
    assert finding.where == 3
    assert finding.says == "Bài ghi 75/KH-UBND ngày 29/8/2016, kho văn bản ghi ngày 28/9/2016."


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"body": "Theo 1/QĐ-SLĐTBXH.\n"}, [], id="còn hiệu lực"),
        pytest.param({"body": "a\n\nTheo 12/QĐ-SLĐTBXH.\n"}, [6], id="hết hiệu lực"),
        pytest.param({"body": "Theo 12/QĐ-SLĐTBXH.\n", "date": dt.date(2019, 12, 31)}, [], id="bài đăng khi còn hiệu lực"),
        pytest.param({"body": "Theo 12/QĐ-SLĐTBXH.\n", "date": dt.date(2019, 12, 1), "updated": DAY}, [4], id="sửa lại khi đã hết"),
        pytest.param({"body": "Theo 12/QĐ-SLĐTBXH.\n", "date": None}, [4], id="chưa có ngày đăng: hôm nay"),
        pytest.param({"body": "Theo 12/QĐ-SLĐTBXH ngày 05/5/2018.\n"}, [], id="văn bản cùng số của năm khác"),
        pytest.param({"criteria": (Claim("A1", document=("moi", "cu")),)}, [("criteria", "A1", "document", 1)], id="làm dẫn chứng"),
    ],
)
def test_in_force(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    findings = list(documents.in_force(a_story(**changed), a_site(documents=LIBRARY)))
    assert places(findings) == found
    assert all("1/QĐ-SLĐTBXH" in finding.do for finding in findings)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({}, [], id="không dẫn văn bản"),
        pytest.param({"criteria": (Claim("A1", document=("ke-hoach-75",)),)}, [], id="đã đối chiếu"),
        pytest.param({"criteria": (Claim("A1", document=("chi-thi-05-2018",)),)}, [("criteria", "A1", "document")], id="chưa đối chiếu"),
        pytest.param({"criteria": (Claim("A1", document=("du-thao", "x")),)}, [], id="dự thảo, không có: quy tắc khác nói"),
        pytest.param(
            {"criteria": (Claim("A1", award=(1, 2, 9)),), "awards": (Award(), Award(document="chi-thi-05-2018"))},
            [("awards", 1, "document")],
            id="văn bản của khen thưởng được dẫn",
        ),
        pytest.param({"awards": (Award(document="chi-thi-05-2018"),)}, [], id="khen thưởng không làm dẫn chứng"),
        pytest.param({"body": "Theo 05/CT-UBND.\n"}, [], id="chỉ nhắc tới"),
    ],
)
def test_evidence_compared(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(documents.evidence_compared(a_story(**changed), a_site(documents=LIBRARY))) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"plan": "ke-hoach-2020"}, [], id="mục plan"),
        pytest.param({"criteria": (Claim("A1", document=("du-thao",)),)}, [("criteria", "A1", "document")], id="làm dẫn chứng"),
        pytest.param({"criteria": (Claim("A1", document=("ke-hoach-75",)),)}, [], id="đã ban hành"),
        pytest.param({"body": "a\n\nĐã ban hành [nó](../../../content/documents/du-thao.md).\n"}, [6], id="gọi là ban hành"),
        pytest.param({"body": "Đã ban hành [nó](../../../content/documents/ke-hoach-75.md).\n"}, [], id="ban hành thật"),
        pytest.param({"body": "Đã soạn [nó](../../../content/documents/du-thao.md).\n\nBan ngành, ban hành.\n"}, [], id="câu khác"),
    ],
)
def test_no_draft_as_issued(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(documents.no_draft_as_issued(a_story(**changed), a_site(documents=LIBRARY))) == found


@pytest.mark.parametrize(
    ("url", "told"),
    [
        pytest.param("", None, id="chưa có: quy tắc khác nói"),
        pytest.param("https://vanban.chinhphu.vn/?docid=1", None, id="miền con"),
        pytest.param("https://GOV.vn./x", None, id="chữ hoa, dấu chấm cuối"),
        pytest.param("https://thuvien.example.com/x", "«thuvien.example.com»", id="nơi khác"),
        pytest.param("https://xgov.vn/x", "«xgov.vn»", id="chỉ giống đuôi"),
        pytest.param("https://gov.vn@example.com/", "«example.com»", id="giả làm tên miền"),
        pytest.param("gov.vn/x", "«gov.vn/x»", id="thiếu https"),
        pytest.param("http://[x", "«http://[x»", id="không phải địa chỉ"),
    ],
)
def test_official_addresses(url: str, told: str | None, a_site: Sites) -> None:
    plain = a_site()
    hosts = (Term("gov-vn", "gov.vn"), Term("chinhphu", "chinhphu.vn"))
    one = document("x", official_url=url)
    site = replace(plain, documents=(one,), plans=(), terms={**plain.terms, "official_hosts": hosts})
    findings = list(documents.official_addresses(site))
    assert [(found.where, found.path) for found in findings] == ([(("official_url",), one.origin.path)] if told else [])
    assert all(told in finding.says for finding in findings if told)


def test_official_addresses_of_plans(a_site: Sites) -> None:
    plan = Plan("x", official_url="https://example.com", origin=Origin("content/plans/x.md"))
    assert [found.path for found in documents.official_addresses(a_site(plans=(plan,), documents=()))] == ["content/plans/x.md"]
