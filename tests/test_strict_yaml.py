"""The strict YAML: what is refused and where, what stays text, where a key is found again."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from exemplars.strict_yaml import Listing, Mapping, Refused, Scalar, parse, place, plain, way

# the same examples on every machine, and no file written
steady = settings(deadline=None, derandomize=True, database=None)

VIETNAMESE = re.compile("[À-ỹĐđ]")


@pytest.mark.parametrize(
    ("text", "line", "column", "code"),
    [
        pytest.param("a: 1\nb: &neo 2\n", 3, 4, "CT009", id="neo"),
        pytest.param("a: 1\nb: *neo\n", 3, 4, "CT009", id="gọi lại neo"),
        pytest.param("a: *\n", 2, 5, "CT007", id="dấu sao trơ trọi"),
        pytest.param("&neo a: 1\n", 2, 1, "CT009", id="neo ở tên mục"),
        pytest.param("a: !!str 1\n", 2, 4, "CT009", id="thẻ chuẩn"),
        pytest.param("a: !!python/object/apply:os.system [x]\n", 2, 4, "CT009", id="thẻ Python"),
        pytest.param("a: !rieng 1\n", 2, 4, "CT009", id="thẻ riêng"),
        pytest.param("a: 1\n<<: {b: 2}\n", 3, 1, "CT009", id="gộp khóa"),
        pytest.param("a: {<<: {b: 2}}\n", 2, 5, "CT009", id="gộp khóa trong ngoặc"),
        pytest.param("a:\n\tb: 1\n", 3, 1, "CT007", id="thụt bằng Tab"),
        pytest.param("a: 1\n\tb: 1\n", 3, 1, "CT007", id="Tab đầu dòng"),
        pytest.param("title: Gương: điển hình\n", 2, 13, "CT007", id="hai chấm không trong nháy"),
        pytest.param("a: 1\nb: [x, y\nc: 1\n", 3, 4, "CT007", id="ngoặc vuông không đóng, báo chỗ mở"),
        pytest.param("a: 1\nb: {x: y\nc: 1\n", 3, 4, "CT007", id="ngoặc nhọn không đóng, báo chỗ mở"),
        pytest.param('a: 1\nb: "mở\nc: 1\nd: 2\n', 3, 4, "CT007", id="nháy kép không đóng, báo chỗ mở"),
        pytest.param("a: 1\nb: 'mở\nc: 1\nd: 2\n", 3, 4, "CT007", id="nháy đơn không đóng, báo chỗ mở"),
        pytest.param('a: "x" y\n', 2, 8, "CT007", id="chữ sau dấu nháy"),
        pytest.param('a: "C:\\Duong"\n', 2, 7, "CT007", id="dấu gạch ngược trong nháy kép"),
        pytest.param("a: 1\nb\nc: 2\n", 3, 1, "CT007", id="tên mục không có hai chấm"),
        pytest.param("summary: dài\nviết tiếp\nb: 1\n", 3, 1, "CT007", id="viết tiếp mà không thụt vào"),
        pytest.param("a: 1\nunit:\u00a0x\nb: 2\n", 3, 6, "CT007", id="dấu cách không ngắt sau hai chấm"),
        pytest.param("a: 1\nunit\u00a0: x\nb: 2\n", 3, 5, "CT007", id="dấu cách không ngắt trước hai chấm"),
        pytest.param("a: 1\nunit： x\nb: 2\n", 3, 5, "CT007", id="hai chấm toàn khổ"),
        pytest.param("a:\n\u00a0\u00a0A1: {x: 1}\n", 3, 1, "CT007", id="thụt bằng dấu cách không ngắt"),
        pytest.param("a:\n\u3000A1: {x: 1}\n", 3, 1, "CT007", id="thụt bằng dấu cách toàn khổ"),
        pytest.param("a: {x: 1,\u00a0y: 2}\n", 2, 10, "CT007", id="dấu cách không ngắt trong ngoặc"),
        pytest.param("- {unit:\u00a0x, b: 1}\n", 2, 9, "CT007", id="dấu cách không ngắt sau hai chấm trong ngoặc"),
        pytest.param("a: {role: Nhân viên #2 tổ}\n", 2, 21, "CT007", id="dấu thăng trong ngoặc"),
        pytest.param("a: [x #1, y]\n", 2, 7, "CT007", id="dấu thăng trong danh sách"),
        pytest.param("a: @b\n", 2, 4, "CT007", id="ký tự dành riêng"),
        pytest.param("a:\n  - x\n - y\n", 4, 2, "CT007", id="danh sách thụt không đều"),
        pytest.param("? [a]\n: b\n", 2, 3, "CT007", id="tên mục là danh sách"),
        pytest.param("{{ten}}: b\n", 2, 2, "CT007", id="tên mục là một nhóm"),
        pytest.param("a: 1\n---\nb: 2\n", 3, 1, "CT007", id="hai tài liệu"),
        pytest.param("a: 1\n...\n---\nb: 2\n", 4, 1, "CT007", id="hai tài liệu, có dấu kết thúc"),
        pytest.param("a: " + "[" * 2000, 2, 23, "CT007", id="lồng 2.000 bậc ngoặc vuông"),
        pytest.param("a: " + "{a: " * 2000, 2, 80, "CT007", id="lồng 2.000 bậc ngoặc nhọn"),
        pytest.param("- " * 2000 + "a", 2, 41, "CT007", id="lồng 2.000 bậc gạch đầu dòng"),
        pytest.param("tên: {họ: Lê, đệm: [Mẫu, &x y]}\n", 2, 26, "CT009", id="cột đếm theo chữ, không theo byte"),
    ],
)
def test_refused(text: str, line: int, column: int, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text, "stories/2020/x/index.md", 2)
    problem = caught.value.problem
    assert (problem.path, problem.line, problem.column, problem.code) == ("stories/2020/x/index.md", line, column, code)
    assert problem.level == "error"
    assert VIETNAMESE.search(problem.says)
    assert VIETNAMESE.search(problem.do)


def test_a_refusal_is_no_value_error() -> None:
    """Because python-frontmatter takes a ValueError for «no front matter» and goes on."""
    assert not issubclass(Refused, ValueError)


@pytest.mark.parametrize("text", ["a:\n\tb: 1\n", "a: 1\n\tb: 1\n"], ids=["mục con", "mục sau"])
def test_a_tab_is_called_a_tab(text: str) -> None:
    with pytest.raises(Refused) as caught:
        parse(text, "", 2)
    assert "Tab" in caught.value.problem.says


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        pytest.param("a: 1\nb: 2\na: 3\n", [(4, 1)], id="hai lần"),
        pytest.param("a: 1\na: 2\na: 3\n", [(3, 1), (4, 1)], id="ba lần"),
        pytest.param("a: 1\n'a': 2\n", [(3, 1)], id="trong nháy cũng là một tên"),
        pytest.param("a: {x: 1, x: 2}\n", [(2, 11)], id="trong nhóm"),
        pytest.param("a: {x: 1}\nb: {x: 1}\n", [], id="hai nhóm khác nhau"),
    ],
)
def test_repeated_keys(text: str, marks: list[tuple[int, int]]) -> None:
    node, problems = parse(text, "x", 2)
    assert [(problem.line, problem.column) for problem in problems] == marks
    assert {problem.code for problem in problems} <= {"CT008"}
    assert isinstance(node, Mapping)


def test_of_a_repeated_key_the_first_stands() -> None:
    assert plain(parse("a: 1\na: 2\n", "")[0]) == {"a": "1"}


@pytest.mark.parametrize(
    "typed",
    [
        "no",
        "yes",
        "on",
        "010",
        "0x1F",
        "12:30:45",
        "1_000",
        "1e3",
        ".5",
        ".inf",
        "2020-06-09",
        "~",
        "null",
        "true",
        "=",
        "05/CT-UBND",
    ],
)
def test_every_scalar_stays_text(typed: str) -> None:
    assert plain(parse(f"a: {typed}\nb: [{typed}]\n", "")[0]) == {"a": typed, "b": [typed]}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("", None, id="trống"),
        pytest.param("# chỉ chú thích\n", None, id="chỉ chú thích"),
        pytest.param("a:\n", {"a": ""}, id="không giá trị"),
        pytest.param("a: |\n  một\n  hai\nb: >\n  ba\n  bốn\n", {"a": "một\nhai\n", "b": "ba bốn\n"}, id="khối chữ"),
        pytest.param("a: x # y\nb: 'x # y'\n", {"a": "x", "b": "x # y"}, id="chú thích"),
        pytest.param('a: "\\u0111\\n"\n', {"a": "đ\n"}, id="ký tự thoát"),
        pytest.param("- a\n- {b: c}\n", ["a", {"b": "c"}], id="danh sách"),
        pytest.param("Tên mục: giá trị\n", {"Tên mục": "giá trị"}, id="tên mục tiếng Việt"),
    ],
)
def test_read(text: str, found: Any) -> None:
    node, problems = parse(text, "")
    assert plain(node) == found
    assert problems == []


DEEP = """\
id: x
title:
subject: {type: individual, name: Lê Mẫu Đạt}
criteria:
  A1: {figure: 1}
  A2:
    quote:
      - một
      - hai
awards:
  - type: giay-khen
    number:
empty: ''
"""


@pytest.mark.parametrize(
    ("where", "found"),
    [
        pytest.param(("id",), (2, 5), id="giá trị"),
        pytest.param(("title",), (3, 1), id="mục trống: chỗ của tên mục"),
        pytest.param(("empty",), (14, 1), id="nháy trống: chỗ của tên mục"),
        pytest.param(("subject", "name"), (4, 35), id="mục con"),
        pytest.param(("subject", "role"), (4, 10), id="mục con không có: chỗ của nhóm"),
        pytest.param(("criteria", "A2", "quote", 1), (10, 9), id="giá trị thứ hai"),
        pytest.param(("criteria", "A1", "figure", 0), (6, 16), id="một giá trị thay cho danh sách"),
        pytest.param(("criteria", "A9", "quote"), (6, 3), id="tiêu chí không có: chỗ của bảng"),
        pytest.param(("awards", 0, "number"), (13, 5), id="mục trống của một dòng"),
        pytest.param(("awards", 0, "date"), (12, 5), id="mục không có của một dòng"),
        pytest.param(("awards", 7, "date"), (12, 3), id="dòng không có"),
        pytest.param(("khong-co",), None, id="mục không có"),
        pytest.param((), None, id="cả tệp"),
    ],
)
def test_place(where: tuple[str | int, ...], found: tuple[int, int] | None) -> None:
    assert place(parse(DEEP, "", 2)[0], where) == found


def test_place_in_nothing() -> None:
    assert place(None, ("id",)) is None
    assert place(Scalar("x", 1, 1, quoted=False), ("id",)) is None


@steady
@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_at_a_place_in_it(text: str) -> None:
    text = text.encode("utf-8", "ignore").decode()
    try:
        node, problems = parse(text, "x", 2)
    except Refused as refused:
        node, problems = None, [refused.problem]
    for problem in problems:
        assert problem.line >= 2
        assert problem.column >= 1
    assert node is None or isinstance(node, Scalar | Listing | Mapping)


VALUES = st.recursive(
    st.text("abđêư :#'\"-[]{},&*!|>%@`\\0123.~", max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcđ-", min_size=1, max_size=5), inner, max_size=3),
    max_leaves=12,
)


@steady
@given(st.dictionaries(st.text("abcđê", min_size=1, max_size=5), VALUES, min_size=1, max_size=4))
def test_what_another_yaml_writes_comes_back(value: dict[str, Any]) -> None:
    text = yaml.dump(value, Dumper=Plain, allow_unicode=True, width=1000)
    assert plain(parse(text, "")[0]) == value


class Plain(yaml.SafeDumper):
    """Without anchors: two equal values are two values."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


# ---- the way back


WRITTEN = "a: 1\nb:\n  - x: 2\n    y:\n  - {x: 3, z: [4, 5]}\n  -\n  - 6\nc: {A2: {quote: bảy}}\n"


@pytest.mark.parametrize(
    "where",
    [("a",), ("b",), ("b", 0), ("b", 0, "x"), ("b", 0, "y"), ("b", 1), ("b", 1, "x"), ("b", 1, "z", 1), ("b", 2), ("c", "A2", "quote")],
    ids=str,
)
def test_a_place_leads_back_to_its_key(where: tuple[str | int, ...]) -> None:
    root, _ = parse(WRITTEN, "x.yml")
    found = place(root, where)
    assert found is not None
    back = way(root, *found)
    assert place(root, back) == found
    assert back == where[: len(back)], "or to the parent that begins at the same place"


def test_the_place_of_a_key_leads_to_it_as_well() -> None:
    root, _ = parse(WRITTEN, "x.yml")
    assert way(root, 3, 5) == ("b", 0)
    assert way(root, 8, 1) == ("c",)
    assert way(root, 8, 4) == ("c",)
    assert way(root, 99, 1) == ()
    assert way(None, 1, 1) == ()


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        pytest.param("title: Góc đọc sách số #1 của khu trọ\nb: 2\n", [(2, 24)], id="sau một dấu cách"),
        pytest.param("- id: x\n  title: Tổ   #1\n", [(3, 15)], id="sau ba dấu cách, trong danh mục"),
        pytest.param("date: 2020-06-09  # ngày đăng\na: b # c\n", [], id="lời chú"),
        pytest.param("title: \"Số #1\"\nother: 'Số #2'\n", [], id="trong dấu nháy"),
        pytest.param("title: Số#1\n# dòng chú\na: |\n  Số #1\n", [], id="dính liền, cả dòng, trong khối chữ"),
        pytest.param("a: b ## c\n", [], id="hai dấu thăng"),
    ],
)
def test_words_that_a_comment_sign_cuts_off_are_told(text: str, cut: list[tuple[int, int]]) -> None:
    _, problems = parse(text, "stories/2020/x/index.md", 2)
    assert [(one.line, one.column, one.code) for one in problems] == [(*at, "CT023") for at in cut]


@pytest.mark.parametrize(
    "text",
    [
        't: "a, b:\u00a0c {x,\u00a0y}"\n', "summary: Một hai,\u00a0ba\n", "a: 09：30\n", "a: |\n  Giá:\u00a05 nghìn\n", "a: >-\n  từ\n  16：30, một cuốn\n",
        "a: >\n  một\n  \u00a0hai\n", 'a: "một\n  nói:\u00a0vâng"\n', "a: {quote: 'Một,\u00a0hai'}\n", "a: {x: 1} # b,\u00a0c\n", "a: Tổ {A, B,\u00a0C}\n",
    ],
)  # fmt: skip
def test_such_signs_inside_a_text_are_the_writers(text: str) -> None:
    assert parse(text, "x")[1] == []


def test_a_comment_behind_nothing_cuts_nothing_and_line_ends_of_yaml_are_no_end_of_ours() -> None:
    assert parse("until: #x\na: b\n", "x")[1] == []
    _, (problem,) = parse("a: x\u2028  y\u2028  z\nauthors: Phòng số #2\n", "x")
    assert (problem.code, problem.level) == ("CT023", "warning")
