"""Every code that a check can give is explained, in the words of the rule itself."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from exemplars.explaining import FAMILIES, FINAL, REMEDIES, Explanation, example, explained, explanations
from exemplars.model import Problem, RecordRule, StoryRule
from exemplars.rules import RULES
from exemplars.rules.elsewhere import ELSEWHERE
from test_stories import BROKEN, announced

HOOKS = Path(__file__).resolve().parent.parent / "hooks"
CODE = re.compile(r"[A-Z]{2}\d{3}")
VIETNAMESE = re.compile("[À-ỹĐđ]")


def emitted() -> set[str]:
    """Codes that stand as a text of their own in the code, or begin one (`CT014 …`): what can reach a reader."""
    found = set()
    for path in HOOKS.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and (match := re.match(r"([A-Z]{2}\d{3})(?: |\Z)", node.value))
            ):
                found.add(match[1])
    return found


def registered() -> set[str]:
    return {rule.code for rule in RULES}


def test_every_code_that_is_emitted_is_explained() -> None:
    assert emitted() | registered() >= {"CT007", "AN004", "CT014", "TC002"}, "the search finds what it should"
    assert emitted() - explanations().keys() == set()
    assert registered() - explanations().keys() == set()


def test_every_code_of_the_fixtures_is_explained() -> None:
    assert {code for fixture in BROKEN for _, _, code in announced(fixture)} - explanations().keys() == set()


def test_a_code_is_explained_in_one_place() -> None:
    elsewhere = [code for code, _, _ in ELSEWHERE]
    assert len(set(elsewhere)) == len(elsewhere)
    assert set(elsewhere) & registered() == set()


def test_only_what_is_emitted_is_explained() -> None:
    assert explanations().keys() - registered() - emitted() == set()


@pytest.mark.parametrize("one", explanations().values(), ids=lambda one: one.code)
def test_an_explanation_is_whole(one: Explanation) -> None:
    assert CODE.fullmatch(one.code)
    assert one.code[:2] in FAMILIES
    assert one.title.endswith((".", "…", "?"))
    for said in (one.title, one.remedy, *one.notes, *([one.clause] if one.clause else [])):
        assert VIETNAMESE.search(said)
        assert "  " not in said
    assert one.wrong.strip()
    assert one.right.strip()
    assert one.wrong != one.right
    assert not {"Sai:", "Đúng:", "Căn cứ:"} & set(" ".join((one.title, one.wrong, one.right, *one.notes)).split())


def test_families_come_in_their_order_and_codes_within_them() -> None:
    codes = list(explanations())
    assert codes == sorted(codes, key=lambda code: (list(FAMILIES).index(code[:2]), code))


def test_what_can_be_waived() -> None:
    levels = {rule.code: rule.level for rule in RULES if isinstance(rule, StoryRule | RecordRule)}
    for code, level in levels.items():
        assert explanations()[code].waivable is (level != "error")
    assert explanations()["CT020"].remedy == FINAL, "a waiver cannot be waived"
    assert explanations()["TC003"].remedy == REMEDIES["warning"]


def test_a_docstring_is_taken_apart() -> None:
    docstring = """Ngày phải
    có thật.

    Sai:
        date: 2020-02-30

          lùi: vào
    Đúng:
        date: 2020-02-28

    Một đoạn
    nói thêm.

    Căn cứ: nghị định
    30/2020/NĐ-CP.

    Đoạn nữa.
    """
    assert explained("CT999", "warning", docstring, waivable=True) == Explanation(
        "CT999",
        "warning",
        "Ngày phải có thật.",
        "date: 2020-02-30\n\n  lùi: vào",
        "date: 2020-02-28",
        ("Một đoạn nói thêm.", "Đoạn nữa."),
        "Nghị định 30/2020/NĐ-CP.",
        waivable=True,
    )


def test_a_clause_named_in_passing_is_a_clause() -> None:
    assert (
        explained("CT999", "error", "Nằm trong thời gian (II.2.c).\n\n    Sai:\n        x\n    Đúng:\n        y\n").clause
        == "Kế hoạch, mục II.2.c."
    )


def test_a_docstring_without_examples_still_has_a_title() -> None:
    assert explained("CT999", "error", "Một câu.\n\n    Nói thêm.") == Explanation("CT999", "error", "Một câu.", "", "", ("Nói thêm.",))


def test_the_address() -> None:
    assert explanations()["TC002"].address == "quy-tac/#tc002"


# ---- the example of a problem


STORY, CAMPAIGN = "stories/2020/x/index.md", "campaigns/x.md"


@pytest.mark.parametrize(
    ("code", "path", "key", "shown"),
    [
        pytest.param("CT002", STORY, "summary", explanations()["CT002"].right, id="chính mục của ví dụ"),
        pytest.param("CT002", STORY, "authors", "authors: [Phòng Bảo trợ xã hội]", id="mục khác của bài"),
        pytest.param("CT001", CAMPAIGN, "title", "title: Lao động giỏi, lao động sáng tạo", id="mục cùng tên của phong trào"),
        pytest.param("CT001", STORY, "awards[2].type", "type: bang-khen", id="mục trong danh sách"),
        pytest.param("CT008", STORY, "figures[1].unit", 'unit: "%"', id="mục con trùng tên mục của ví dụ"),
        pytest.param("CT003", STORY, "criteria.A4.confirmation.date", "date: 2020-05-28", id="mục trong bảng"),
        pytest.param("CT010", STORY, "draft", "draft: true", id="ví dụ của quy tắc sát hơn"),
        pytest.param("TL001", STORY, "campaigns[1]", "campaigns: [lao-dong-gioi]", id="một dòng của danh sách"),
        pytest.param("CT006", STORY, "sumary", "summary: " + explanations()["CT002"].right[9:], id="mục gõ sai gần nhất"),
        pytest.param("CT006", STORY, "awards[1].ngay", "", id="mục lạ hẳn"),
        pytest.param("CT010", STORY, "subject", "", id="mục không có ví dụ"),
        pytest.param("CT008", STORY, "", "", id="không rõ mục nào"),
        pytest.param("CT001", "content/data/scopes.yml", "title", "", id="tệp không rõ loại"),
        pytest.param("TC002", STORY, "criteria.A2.quote", explanations()["TC002"].right, id="quy tắc chỉ nói về một mục"),
        pytest.param("ZZ999", STORY, "title", "", id="mã lạ"),
    ],
)
def test_an_example_is_of_the_key_at_fault_or_there_is_none(code: str, path: str, key: str, shown: str) -> None:
    assert example(Problem(path, 1, 1, code, "error", "x", "y", key=key)) == shown


@pytest.mark.parametrize(
    ("problem", "fits"),
    [
        pytest.param(Problem(STORY, 3, 8, "CT007", "error", "… giá trị có dấu hai chấm; …", ""), True, id="dấu hai chấm"),
        pytest.param(Problem(STORY, 3, 8, "CT007", "error", "… thiếu dấu } …", ""), False, id="thiếu ngoặc"),
        pytest.param(Problem(STORY, 44, 1, "TL002", "error", "…", ""), True, id="liên kết trong bài"),
        pytest.param(Problem(STORY, 9, 1, "TL002", "error", "…", "", key="photos[1].file"), False, id="tệp ảnh"),
        pytest.param(Problem(STORY, 9, 1, "AN004", "error", "…", "Hãy mở ảnh và lưu lại thành JPG."), True, id="ảnh hỏng"),
        pytest.param(Problem(STORY, 9, 1, "AN004", "error", "…", "Hãy thu nhỏ ảnh."), False, id="ảnh quá lớn"),
    ],
)
def test_an_example_of_one_slip_is_not_shown_for_another(problem: Problem, *, fits: bool) -> None:
    assert bool(example(problem)) == fits
