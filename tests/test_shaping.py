"""Nodes → records: what each shape takes, what it refuses and where, what counts as nothing."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.model import Award, Claim, Event, Figure, Story
from exemplars.shaping import day_of, shaped
from exemplars.strict_yaml import Mapping, parse

if TYPE_CHECKING:
    from exemplars.model import Problem

VIETNAMESE = re.compile("[À-ỹĐđ]")


def shape(text: str, of: type = Story) -> tuple[Any, list[Problem]]:
    node, problems = parse(text, "x/index.md", 2)
    assert isinstance(node, Mapping)
    assert problems == []
    record, problems = shaped(of, node, "x/index.md")
    assert all(VIETNAMESE.search(one.says) and VIETNAMESE.search(one.do) and one.path == "x/index.md" for one in problems)
    return record, problems


def test_a_whole_story() -> None:
    story, problems = shape(
        "id: 2020-x\ntitle: ' Một '\ndate: 2020-06-09\ndraft: true\nsubject: {type: individual, name: Lê Mẫu Đạt, as_of: 2020-05-30}\n"
        "campaigns: [a, b]\ncriteria:\n  A1: {figure: 1}\n  A2: {quote: [một, hai], part: A2.1}\n  A4:\n"
        "awards:\n  - {type: giay-khen, number: 010, for: Việc làm}\n"
    )
    assert problems == []
    assert (story.id, story.title, story.date, story.draft) == ("2020-x", "Một", dt.date(2020, 6, 9), True)
    assert (story.subject.name, story.subject.as_of, story.campaigns) == (
        "Lê Mẫu Đạt",
        dt.date(2020, 5, 30),
        ("a", "b"),
    )
    assert story.criteria == (Claim("A1", figure=(1,)), Claim("A2", quote=("một", "hai"), part="A2.1"), Claim("A4"))
    assert story.awards == (Award("giay-khen", "010", for_="Việc làm"),)


@pytest.mark.parametrize("nothing", ["", "null", "~", "Null", "NULL", "''", '""', "' '", "[]", "{}"])
@pytest.mark.parametrize("key", ["id", "title", "date", "draft", "subject", "unit", "campaigns", "criteria", "awards", "consent"])
def test_nothing_is_nothing(key: str, nothing: str) -> None:
    assert shape(f"{key}: {nothing}\n") == (Story(), [])


def test_null_in_quotes_is_a_word() -> None:
    assert shape('title: "null"\n')[0].title == "null"


def test_an_empty_item_is_no_item() -> None:
    assert shape("campaigns: [a, '', ~, b]\n")[0].campaigns == ("a", "b")


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        pytest.param("title: [một, hai]\n", 2, 8, "CT010", id="chữ: một danh sách"),
        pytest.param("title: {a: b}\n", 2, 8, "CT010", id="chữ: một nhóm"),
        pytest.param("id: Giữ lửa\n", 2, 5, "CT010", id="mã: có dấu và dấu cách"),
        pytest.param("id: giu--lua\n", 2, 5, "CT010", id="mã: hai gạch liền"),
        pytest.param("id: ../x\n", 2, 5, "CT010", id="mã: đường dẫn"),
        pytest.param("date: 2020-02-30\n", 2, 7, "CT003", id="ngày không có trong lịch"),
        pytest.param("date: 09/6/2020\n", 2, 7, "CT003", id="ngày viết kiểu Việt Nam"),
        pytest.param("date: 2020-6-9\n", 2, 7, "CT003", id="ngày thiếu số 0"),
        pytest.param("date: 2020-06-09 08:00\n", 2, 7, "CT003", id="ngày có giờ"),
        pytest.param("date: [2020-06-09]\n", 2, 7, "CT003", id="ngày trong danh sách"),
        pytest.param("date: tháng 6\n", 2, 7, "CT003", id="ngày bằng chữ"),
        pytest.param("draft: no\n", 2, 8, "CT010", id="có/không: no"),
        pytest.param("draft: 1\n", 2, 8, "CT010", id="có/không: số"),
        pytest.param("subject: {type: person}\n", 2, 17, "CT010", id="chọn: từ lạ"),
        pytest.param("subject: Lê Mẫu Đạt\n", 2, 10, "CT010", id="nhóm: một dòng chữ"),
        pytest.param("subject: [a]\n", 2, 10, "CT010", id="nhóm: một danh sách"),
        pytest.param("campaigns: lao-dong-gioi\n", 2, 12, "CT010", id="danh sách: một giá trị"),
        pytest.param("criteria: [A1]\n", 2, 11, "CT010", id="bảng: một danh sách"),
        pytest.param("criteria:\n  A1: có\n", 3, 7, "CT010", id="bảng: dòng là chữ"),
        pytest.param("criteria:\n  A1: {award: 0}\n", 3, 15, "CT010", id="đếm: số 0"),
        pytest.param("criteria:\n  A1: {award: [1, hai]}\n", 3, 19, "CT010", id="đếm: chữ, trong danh sách"),
        pytest.param("criteria:\n  A1: {award: -1}\n", 3, 15, "CT010", id="đếm: số âm"),
        pytest.param("criteria:\n  A1: {award: ①}\n", 3, 15, "CT010", id="đếm: số khoanh tròn"),
        pytest.param("awards:\n  - giay-khen\n", 3, 5, "CT010", id="danh sách nhóm: một dòng chữ"),
        pytest.param("photos:\n  - {file: a.jpg, people: some}\n", 3, 27, "CT010", id="chọn, trong danh sách"),
        pytest.param("tilte: x\n", 2, 1, "CT006", id="mục lạ"),
        pytest.param("subject:\n  type: individual\n  nane: x\n", 4, 3, "CT006", id="mục con lạ"),
        pytest.param("for_: x\n", 2, 1, "CT006", id="tên trường của chương trình không phải tên mục"),
        pytest.param("origin: x\n", 2, 1, "CT006", id="trường nội bộ"),
        pytest.param("text_sha256: x\n", 2, 1, "CT006", id="mã văn bản không khai trong bài"),
        pytest.param("template: x.html\n", 2, 1, "CT006", id="mục của MkDocs"),
    ],
)
def test_refused(text: str, line: int, column: int, code: str) -> None:
    _, problems = shape(text)
    assert [(one.line, one.column, one.code, one.level) for one in problems] == [(line, column, code, "error")]


def test_all_faults_at_once_and_the_rest_is_kept() -> None:
    story, problems = shape("id: 2020-x\ndate: 09/6/2020\ntilte: x\ndraft: no\ntitle: Một\n")
    assert [one.code for one in problems] == ["CT003", "CT006", "CT010"]
    assert (story.id, story.title, story.date, story.draft) == ("2020-x", "Một", None, False)


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("09/6/2020", "2020-06-09"),
        ("9-6-2020", "2020-06-09"),
        ("09.06.2020", "2020-06-09"),
        ("06/13/2020", None),
        ("31/6/2020", None),
        ("9/6/20", None),
    ],
)
def test_a_day_typed_the_vietnamese_way_is_suggested_day_first(typed: str, suggested: str | None) -> None:
    _, (problem,) = shape(f"date: {typed}\n")
    assert (f"{suggested}." in problem.do) if suggested else ("ví dụ" in problem.do)


def test_a_day_that_no_calendar_has_is_called_so() -> None:
    _, (problem,) = shape("date: 2020-02-30\n")
    assert problem.do == "Lịch không có ngày này: hãy xem lại tháng và ngày."


@pytest.mark.parametrize(
    ("text", "column", "says"),
    [
        pytest.param("figures: [{name: Ca, value: 1,5}]\n", 31, "tách «5»", id="số lẻ"),
        pytest.param("photos: [{file: a.jpg, alt: Cuốn sổ, cạnh đèn}]\n", 38, "tách «cạnh đèn»", id="câu có dấu phẩy"),
        pytest.param("figures: [{name: Ca, gia: 1}]\n", 22, "Không có mục «gia»", id="mục lạ"),
        pytest.param("la:\ntitle: x\n", 1, "Không có mục «la»", id="mục lạ để trống"),
    ],
)
def test_a_comma_in_braces_is_called_a_comma(text: str, column: int, says: str) -> None:
    _, problems = shape(text)
    (problem,) = [one for one in problems if one.code == "CT006"]
    assert says in problem.says
    assert problem.column == column


@pytest.mark.parametrize(("typed", "near"), [("tilte", "title"), ("Tiêu đề", None), ("campain", "campaigns"), ("đơn vị", None)])
def test_an_unknown_key_names_the_nearest(typed: str, near: str | None) -> None:
    _, (problem,) = shape(f"{typed}: x\n")
    assert typed in problem.says
    assert f"«{near}»" in problem.do if near else "title, summary" in problem.do


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("2020-08-19 08:00", dt.datetime(2020, 8, 19, 8, 0), id="ngày giờ"),  # noqa: DTZ001
        pytest.param("2020-08-19T23:59", dt.datetime(2020, 8, 19, 23, 59), id="có chữ T"),  # noqa: DTZ001
        pytest.param("2020-08-19 08:00:00", dt.datetime(2020, 8, 19, 8, 0), id="có giây bằng 0"),  # noqa: DTZ001
        pytest.param("2020-08-19", dt.datetime(2020, 8, 19, 0, 0), id="không giờ"),  # noqa: DTZ001
        pytest.param("2020-08-19 24:00", None, id="24 giờ"),
        pytest.param("2020-08-19 08:60", None, id="60 phút"),
        pytest.param("2020-02-30 08:00", None, id="ngày không có"),
        pytest.param("8 giờ 19/8/2020", None, id="viết chữ"),
    ],
)
def test_moments(typed: str, found: dt.datetime | None) -> None:
    event, problems = shape(f"starts: {typed}\n", Event)
    assert event.starts == found
    assert [one.code for one in problems] == ([] if found else ["CT003"])


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("2020-06-09", dt.date(2020, 6, 9)),
        ("2020-02-29", dt.date(2020, 2, 29)),
        ("2019-02-29", None),
        ("0000-01-01", None),
        ("2020-06-09\n", None),
        ("2020-06-09x", None),
        ("２０２０-06-09", None),
        ("", None),
    ],
)
def test_day_of(typed: str, found: dt.date | None) -> None:
    assert day_of(typed) == found


@pytest.mark.parametrize("typed", ["true", "True", "TRUE"])
def test_true(typed: str) -> None:
    assert shape(f"draft: {typed}\n")[0].draft is True


@pytest.mark.parametrize("typed", ["no", "010", "12:30:45", "2020-06-09", "1.0", "0x1F"])
def test_text_stays_as_typed(typed: str) -> None:
    assert shape(f"figures: [{{name: Ca, value: {typed}}}]\n")[0].figures == (Figure("Ca", typed),)


@pytest.mark.parametrize(("typed", "found"), [("3", (3,)), ("[3]", (3,)), ("[3, 1]", (3, 1)), ("03", (3,))])
def test_one_value_may_stand_for_a_list_of_one(typed: str, found: tuple[int, ...]) -> None:
    assert shape(f"criteria: {{A1: {{award: {typed}}}}}\n")[0].criteria[0].award == found
