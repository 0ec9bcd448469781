"""Tham chiếu (TL): one table a rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.model import Approval, Award, Campaign, Claim, Consent, Document, Event, Origin, Photo, Unit, Withdrawal
from exemplars.rules import references

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]

DAY = dt.date(2020, 6, 9)
GONE = Withdrawal(DAY, "error", "Nhầm")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({}, [], id="mã nào cũng có"),
        pytest.param({"unit": "trung-tam-x"}, [("unit",)], id="đơn vị lạ"),
        pytest.param({"kind": "guong-sang", "stage": "x"}, [("kind",), ("stage",)], id="hai mã lạ"),
        pytest.param({"campaigns": ("lao-dong-gioi", "khac")}, [("campaigns", 1)], id="phong trào thứ hai"),
        pytest.param({"plan": ""}, [], id="mục trống: quy tắc khác nói"),
        pytest.param({"awards": (Award("giay-khen"), Award("huy-chuong"))}, [], id="hình thức khen lạ: KT004 nói"),
        pytest.param({"consent": Consent(scope=("name", "foto"))}, [("consent", "scope", 1)], id="phạm vi lạ"),
        pytest.param(
            {"criteria": (Claim("A3", campaign=("khac",)),)},
            [("criteria", "A3", "campaign")],
            id="một giá trị không ngoặc",
        ),
        pytest.param(
            {"criteria": (Claim("A3", document=("chi-thi", "khac")),)},
            [("criteria", "A3", "document", 1)],
            id="giá trị thứ hai",
        ),
        pytest.param({"criteria": (Claim("A3", document=("ke-hoach-2020",)),)}, [], id="kế hoạch cũng là văn bản"),
        pytest.param({"withdrawn": Withdrawal(DAY, "consolidated", see="2020-x")}, [("withdrawn", "see")], id="bài thay không có"),
    ],
)
def test_known_ids(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(references.known_ids(a_story(**changed), a_site())) == found


def test_known_ids_suggests_the_nearest(a_story: Stories, a_site: Sites) -> None:
    (finding,) = references.known_ids(a_story(unit="trung-tâm"), a_site())
    assert "«trung-tam»" in finding.do


@pytest.mark.parametrize(
    ("record", "unread", "found"),
    [
        pytest.param(Event(unit="so", stories=("2020-x",)), {"stories": {"2020-x"}}, [], id="bài hỏng: lỗi của bài ấy"),
        pytest.param(Event(unit="so", stories=("2020-x",)), {"campaigns": {"2020-x"}}, [("stories", 0)], id="hỏng ở nhóm khác"),
        pytest.param(Campaign(documents=("kh-2021",)), {"plans": {"kh-2021"}}, [], id="kế hoạch hỏng được dẫn như văn bản"),
    ],
)
def test_known_ids_of_files_that_cannot_be_read(
    record: Any, unread: dict[str, set[str]], found: list[Any], a_site: Sites, places: Places
) -> None:
    site = a_site(unread={name: frozenset(ids) for name, ids in unread.items()})
    assert places(references.known_ids(record, site)) == found


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("Không có liên kết nào.\n", [], id="không liên kết"),
        pytest.param("[bài](../khac/index.md), [thư mục](../khac/), [nó](index.md)\n", [], id="tới một bài"),
        pytest.param("[bài](../khac/index.md#ket-qua) [mục](#muc)\n", [], id="có dấu mục"),
        pytest.param("[phong trào](../../../campaigns/lao-dong-gioi.md)\n", [], id="tới một phong trào"),
        pytest.param("[sơ đồ](so-do.pdf) ![ảnh](anh.jpg)\n", [], id="tới tệp cạnh bài"),
        pytest.param("[web](https://x.vn/a) [thư](mailto:a@x.vn)\n", [], id="ra ngoài kho"),
        pytest.param("`[a](khong-co.md)`\n\n```\n[b](khong-co.md)\n```\n", [], id="trong mã"),
        pytest.param("[bài](../hong/index.md)\n", [], id="tới một bài đang hỏng"),
        pytest.param("a\n\n[bài](../khong-co/index.md)\n", [6], id="tới chỗ không có"),
        pytest.param('[bài](<../khong-co/index.md> "Chú thích")\n', [4], id="trong ngoặc nhọn, có chú thích"),
        pytest.param("![ảnh](khong-co.jpg)\n", [4], id="ảnh không có"),
        pytest.param("[bài][a]\n\n[a]: ../khong-co/index.md\n", [6], id="định nghĩa liên kết"),
        pytest.param("[leo ra](../../../../../etc/passwd)\n", [4], id="leo ra ngoài kho"),
        pytest.param("[bài](..%2Fkhac%2Findex.md)\n", [], id="viết mã phần trăm"),
        pytest.param("[Xem\nbài](../khong-co/index.md)\n", [4], id="chữ của liên kết vắt qua hai dòng"),
        pytest.param("[Xem [1]](../khong-co/index.md)\n", [4], id="ngoặc vuông trong chữ của liên kết"),
        pytest.param("Một.[^1]\n\n[^1]: Nguồn sổ trực.\n", [], id="chú thích cuối trang không phải liên kết"),
        pytest.param("[web](http://[x)\n", [], id="địa chỉ web viết hỏng không làm đổ quy tắc"),
    ],
)
def test_links_lead_somewhere(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    story = a_story(body=body)
    folder = story.origin.path.removesuffix("/index.md")
    site = a_site(
        story,
        a_story(path="stories/2020/khac/index.md"),
        files=frozenset({f"{folder}/so-do.pdf", f"{folder}/anh.jpg"}),
        unread={"stories": frozenset({"2020-hong"})},
    )
    assert places(references.links_lead_somewhere(story, site)) == found


def test_links_lead_somewhere_also_for_photos(a_story: Stories, a_site: Sites, places: Places) -> None:
    photos = (Photo("anh.jpg", sha256="0" * 64, size=1), Photo("thieu.jpg"), Photo())
    assert places(references.links_lead_somewhere(a_story(photos=photos), a_site())) == [("photos", 1, "file")]


def test_a_photo_of_another_format_is_not_asked_for_under_its_name(a_story: Stories, a_site: Sites) -> None:
    (found,) = references.links_lead_somewhere(a_story(photos=(Photo("IMG_1.HEIC"),)), a_site())
    assert found.says == "«IMG_1.HEIC» không phải tệp ảnh JPG, PNG hay WebP."
    assert "JPG" in found.do


def test_links_lead_somewhere_survives_open_brackets(a_story: Stories, a_site: Sites) -> None:
    """As large a body as a file may have: read bracket by bracket from each bracket on, it would hold the suite for minutes."""
    story = a_story(body=("[" * 9_990 + "\n") * 25 + "](")
    assert list(references.links_lead_somewhere(story, a_site())) == []


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({}, [], id="đủ văn bản, cấp, cơ quan"),
        pytest.param({"documents": ()}, [1], id="chưa có văn bản"),
        pytest.param({"level": ""}, [1], id="chưa có cấp"),
        pytest.param({"authority": "", "level": "", "documents": ()}, [1], id="chưa có gì, nhắc một lần"),
    ],
)
def test_launched_campaigns(changed: dict[str, Any], found: list[Any], a_site: Sites, places: Places) -> None:
    site = a_site()
    campaign = replace(site.campaigns[0], **changed)
    findings = list(references.launched_campaigns(replace(site, campaigns=(campaign,))))
    assert places(findings) == found
    assert all(finding.path == campaign.origin.path for finding in findings)


@pytest.mark.parametrize(
    ("unit", "date", "found"),
    [
        pytest.param(Unit("trung-tam"), DAY, [], id="không ghi thời gian"),
        pytest.param(Unit("trung-tam", from_=DAY, to=DAY), DAY, [], id="đúng ngày đầu và cuối"),
        pytest.param(Unit("trung-tam", to=dt.date(2020, 6, 8)), DAY, [("unit",)], id="kết thúc hôm trước"),
        pytest.param(Unit("trung-tam", from_=dt.date(2020, 6, 10)), DAY, [("unit",)], id="chưa thành lập"),
        pytest.param(Unit("trung-tam", to=dt.date(2018, 1, 1)), None, [], id="bài chưa có ngày"),
        pytest.param(Unit("khac", to=dt.date(2018, 1, 1)), DAY, [], id="đơn vị lạ: quy tắc khác nói"),
    ],
)
def test_unit_of_its_time(unit: Unit, date: dt.date | None, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:  # noqa: PLR0913, PLR0917
    assert places(references.unit_of_its_time(a_story(date=date), a_site(units=(unit,)))) == found


def test_unit_of_its_time_names_the_heir(a_story: Stories, a_site: Sites) -> None:
    old = Unit("trung-tam", "Cũ", to=dt.date(2018, 1, 1), successors=("trung-tam-moi",))
    (finding,) = references.unit_of_its_time(a_story(), a_site(units=(old,)))
    assert "«trung-tam-moi»" in finding.do


@pytest.mark.parametrize(
    ("parents", "found"),
    [
        pytest.param({"a": "", "b": "a", "c": "b"}, [], id="một cây"),
        pytest.param({"a": "a"}, [1], id="cấp trên của chính mình"),
        pytest.param({"a": "b", "b": "a"}, [1], id="vòng hai, báo một lần"),
        pytest.param({"a": "b", "b": "c", "c": "b"}, [2], id="đuôi dẫn vào vòng"),
        pytest.param({"a": "b", "b": "a", "c": "d", "d": "c"}, [1, 3], id="hai vòng"),
        pytest.param({"a": "khong-co"}, [], id="cấp trên không có: quy tắc khác nói"),
    ],
)
def test_no_circles(parents: dict[str, str], found: list[Any], a_site: Sites, places: Places) -> None:
    units = tuple(
        Unit(id_, parent=parent, origin=Origin("content/data/units.yml", body_line=line))
        for line, (id_, parent) in enumerate(parents.items(), 1)
    )
    assert places(references.no_circles(a_site(units=units))) == found


def test_no_circles_of_campaigns(a_site: Sites, places: Places) -> None:
    campaigns = tuple(Campaign(id=one, parent=other, origin=Origin(f"campaigns/{one}.md", b"---\n")) for one, other in ("ab", "ba"))
    findings = list(references.no_circles(a_site(campaigns=campaigns)))
    assert places(findings) == [("parent",)]
    assert findings[0].path == "campaigns/a.md"


def test_no_circles_of_stories_that_replace_each_other(a_story: Stories, a_site: Sites, places: Places) -> None:
    stories = [
        a_story(path=f"stories/2020/{one}/index.md", id=one, withdrawn=Withdrawal(DAY, "consolidated", see=other))
        for one, other in ("ab", "ba")
    ]
    assert places(references.no_circles(a_site(*stories))) == [("withdrawn", "see")]


@pytest.mark.parametrize(("withdrawn", "found"), [pytest.param(None, [], id="bài còn đó"), pytest.param(GONE, [4], id="bài đã gỡ")])
def test_no_withdrawn_example(withdrawn: Withdrawal | None, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    story = a_story(body="[bài](../khac/index.md)\n")
    other = a_story(path="stories/2020/khac/index.md", id="2020-khac", withdrawn=withdrawn)
    assert places(references.no_withdrawn_example(story, a_site(story, other))) == found


def test_no_withdrawn_example_at_an_event(a_story: Stories, a_site: Sites, places: Places) -> None:
    site = a_site(a_story(id="con"), a_story(path="stories/2020/x/index.md", id="go", withdrawn=GONE))
    assert places(references.no_withdrawn_example(Event(stories=("con", "go", "la")), site)) == [("stories", 1)]


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        pytest.param("error", [("withdrawn", "see")], id="thay bằng bài đã gỡ vì nhầm"),
        pytest.param("withdrawn", [("withdrawn", "see")], id="thay bằng bài đã rút"),
        pytest.param("consolidated", [], id="thay bằng bài đã gộp tiếp"),
    ],
)
def test_no_withdrawn_example_as_a_replacement(kind: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    story = a_story(withdrawn=Withdrawal(DAY, "consolidated", see="2020-khac"))
    other = a_story(path="stories/2020/khac/index.md", id="2020-khac", withdrawn=Withdrawal(DAY, kind, "x", "2020-x"))
    assert places(references.no_withdrawn_example(story, a_site(story, other))) == found


@pytest.mark.parametrize(
    ("ours", "theirs", "found"),
    [
        pytest.param(True, {}, [4], id="bài đã duyệt dẫn tới bài chờ"),
        pytest.param(True, {"draft": True}, [4], id="tới bản nháp"),
        pytest.param(True, {"approval": Approval(text_sha256="khac")}, [4], id="tới bài đã sửa sau khi duyệt"),
        pytest.param(True, {"withdrawn": GONE}, [], id="tới bài đã gỡ: quy tắc khác nói"),
        pytest.param(False, {}, [], id="bài chưa duyệt thì chưa nhắc"),
    ],
)
def test_links_to_published(  # noqa: PLR0913, PLR0917
    ours: bool,  # noqa: FBT001
    theirs: dict[str, Any],
    found: list[Any],
    a_story: Stories,
    a_site: Sites,
    places: Places,
) -> None:
    story = a_story(body="[bài](../khac/index.md)\n")
    if ours:
        story = replace(story, approval=Approval(text_sha256=story.text_sha256))
    other = a_story(path="stories/2020/khac/index.md", id="2020-khac", **theirs)
    assert places(references.links_to_published(story, a_site(story, other))) == found


def test_papers_led_to(a_story: Stories, a_site: Sites, places: Places) -> None:
    story = a_story(body="[sơ đồ](so%20do.PDF) [khác](../khac/x.pdf)\n")
    folder = story.origin.path.rpartition("/")[0]
    files = {f"{folder}/so do.PDF", "stories/2020/khac/x.pdf", f"{folder}/anh.jpg"}
    assert places(references.papers_led_to(story, a_site(story, files=frozenset(files)))) == []
    files.add(f"{folder}/phieu-dong-y.pdf")
    (found,) = references.papers_led_to(story, a_site(story, files=frozenset(files)))
    assert "«phieu-dong-y.pdf»" in found.says


def test_links_to_published_from_a_document(a_story: Stories, a_site: Sites, places: Places) -> None:
    body = b"[x](../../stories/2020/sap-lai-so-truc/index.md)"
    document = Document(id="x", origin=Origin("content/documents/x.md", body, 0, 9))
    assert places(references.links_to_published(document, a_site(a_story()))) == [9]
    approved = replace(a_story(), approval=Approval(text_sha256=a_story().text_sha256))
    assert places(references.links_to_published(document, a_site(approved))) == []
