"""Findings → problems: place, level, waivers, order; nothing stops at the first."""

from __future__ import annotations

import datetime as dt
import errno
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exemplars import checking, texts
from exemplars.checking import blocking, check, records
from exemplars.model import Claim, Figure, Finding, Problem, RecordRule, SiteRule, StoryRule, Waiver
from exemplars.reading import PHOTO_MOST, read_site
from exemplars.rules import RULES, criteria

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from exemplars.model import Rule, Site, Story

    Root = Callable[..., Path]
    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Marks = Callable[[Iterable[Problem]], list[tuple[str, int, str]]]

TODAY = dt.date(2020, 12, 31)
FOLDER = "stories/2020/to-dien"
INDEX = f"{FOLDER}/index.md"
PATH = "stories/2020/sap-lai-so-truc/index.md"


@pytest.fixture(scope="session")
def sound(repository: Path) -> str:
    """A whole story, as text."""
    return (repository / "tests/stories/clean/cho-hoi-dong/index.md").read_text(encoding="utf-8")


def judged(root: Path) -> list[Problem]:
    """The problems of the stories."""
    return [problem for problem in check(*read_site(root, TODAY)) if not problem.path.startswith("campaigns/")]


# ---- order, and all at once


def test_problems_come_by_place(a_root: Root, sound: str, marks: Marks) -> None:
    faulty = sound.replace("date: 2020-06-09", "ngay: 2020-06-09").replace("unit: trung-tam", "unit: khong-co-trung-tam")
    root = a_root(
        {
            "stories/2020/b/index.md": faulty.replace("cho-hoi-dong", "b"),
            "stories/2020/a/index.md": "---\nid: [\n---\n",
            "stories/2020/c/ghi-chu.txt": "x",
            "content/data/fields.yml": "- id: lao-dong\n  tên: x\n",
        },
        real=True,
    )
    found = marks(judged(root))
    assert found == sorted(found)
    assert {path for path, _, _ in found} == {
        "content/data/fields.yml",
        "stories/2020/a/index.md",
        "stories/2020/b/index.md",
        "stories/2020/c/ghi-chu.txt",
        "stories/2020/c/index.md",
    }
    assert [(line, code) for path, line, code in found if "/b/" in path] == [(1, "CT002"), (5, "CT006"), (9, "TL001")]


def test_the_same_problem_is_told_once(a_story: Stories, a_site: Sites) -> None:
    one = Problem(PATH, 1, 1, "CT007", "error", "Một.", "Hai.")
    assert check(a_site(a_story()), [one, one]) == [one]


def test_a_sound_site_has_no_problem(a_story: Stories, a_site: Sites) -> None:
    assert check(a_site(a_story())) == []


def test_every_record_is_judged(a_story: Stories, a_site: Sites) -> None:
    site = a_site(a_story())
    assert len(list(records(site))) == 1 + 1 + 1 + 1 + 2 + 1 + 4 + 8


def test_a_row_of_a_list_is_named_by_its_line(a_root: Root, marks: Marks) -> None:
    root = a_root({"content/data/units.yml": "- {id: a, name: A, type: x}\n- {id: b, name: ' ', type: x}\n"})
    assert ("content/data/units.yml", 2, "CT001") in marks(judged(root))


# ---- levels


@pytest.mark.parametrize(("draft", "level"), [(True, "warning"), (False, "error")], ids=["bản nháp", "đã trình"])
def test_ready_is_a_reminder_while_draft(draft: bool, level: str, a_story: Stories, a_site: Sites) -> None:  # noqa: FBT001
    (problem,) = check(a_site(a_story(draft=draft, summary="")))
    assert (problem.code, problem.level) == ("CT002", level)


@pytest.mark.parametrize("draft", [True, False])
def test_errors_and_warnings_do_not_depend_on_draft(draft: bool, a_story: Stories, a_site: Sites) -> None:  # noqa: FBT001
    criterion = Claim("A1", quote=("giữa đêm",))
    story = a_story(draft=draft, title="**x**", criteria=(criterion, a_story().criteria[1]))
    assert [(one.code, one.level) for one in check(a_site(story))] == [("CT012", "error"), ("TC003", "warning")]


def test_ready_is_an_error_for_what_is_no_story(a_site: Sites) -> None:
    site = a_site()
    (problem,) = check(replace(site, campaigns=(replace(site.campaigns[0], short_title="n" * 81),)))
    assert (problem.code, problem.level) == ("CT011", "error")


def test_blocking() -> None:
    error = Problem(PATH, 1, 1, "CT001", "error", "x", "y")
    assert blocking([error, replace(error, level="warning")]) == [error]


# ---- waivers


def with_waiver(a_story: Stories, waiver: Waiver, quote: str = "giữa đêm") -> Story:
    return a_story(criteria=(Claim("A1", quote=(quote,)), a_story().criteria[1]), waive=(waiver,))


LONG = "không còn ca trực nào phải bỏ trống giữa đêm"


@pytest.mark.parametrize(
    ("waiver", "quote", "codes"),
    [
        pytest.param(Waiver("TC003", "Câu ngắn", TODAY), "giữa đêm", [], id="còn hạn đúng hôm nay"),
        pytest.param(Waiver("TC003", "Câu ngắn", dt.date(2020, 12, 30)), "giữa đêm", ["CT020", "TC003"], id="hết hạn hôm qua"),
        pytest.param(Waiver("TC003", "Câu ngắn", TODAY), LONG, ["CT020"], id="không còn cần"),
        pytest.param(Waiver("TC003", "", TODAY), "giữa đêm", ["CT019", "TC003"], id="không lý do thì không miễn"),
        pytest.param(Waiver("TC003", "Câu ngắn"), "giữa đêm", ["CT019", "TC003"], id="không hạn thì không miễn"),
        pytest.param(Waiver("TC005", "Câu ngắn", TODAY), "giữa đêm", ["CT020", "TC003"], id="miễn quy tắc khác"),
        pytest.param(Waiver("TC002", "Câu ngắn", TODAY), "không có", ["CT019", "TC002", "TC003"], id="lỗi thì không miễn được"),
        pytest.param(Waiver("CT004", "x", TODAY), LONG, ["CT019"], id="quy tắc của cả kho"),
        pytest.param(Waiver("XX999", "x", TODAY), LONG, ["CT019"], id="quy tắc không có"),
    ],
)
def test_waivers(waiver: Waiver, quote: str, codes: list[str], a_story: Stories, a_site: Sites) -> None:
    assert [problem.code for problem in check(a_site(with_waiver(a_story, waiver, quote)))] == codes


def test_a_ready_rule_may_be_waived(a_story: Stories, a_site: Sites) -> None:
    story = a_story(criteria=a_story().criteria[:1], waive=(Waiver("TC006", "Hội đồng đã đồng ý", TODAY),))
    assert check(a_site(story)) == []


def test_a_waiver_is_only_for_its_own_story(a_story: Stories, a_site: Sites) -> None:
    waived = with_waiver(a_story, Waiver("TC003", "Câu ngắn", TODAY))
    other = a_story(path="stories/2020/khac/index.md", id="2020-khac", criteria=waived.criteria)
    assert [one.path for one in check(a_site(waived, other)) if one.code == "TC003"] == ["stories/2020/khac/index.md"]


# ---- a rule that fails


def boom(*_: Any) -> Iterator[Finding]:
    msg = "hỏng"
    raise RuntimeError(msg)
    yield


def with_rules(monkeypatch: pytest.MonkeyPatch, *rules: Rule) -> None:
    monkeypatch.setattr(checking, "RULES", rules)


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        pytest.param(StoryRule("TC003", "warning", boom), PATH, id="quy tắc của bài"),
        pytest.param(RecordRule("CT011", "ready", boom), PATH, id="quy tắc của mọi mục"),
        pytest.param(SiteRule("CT004", "error", boom), "mkdocs.yml", id="quy tắc của cả kho"),
    ],
)
def test_a_rule_that_fails_is_a_problem_and_hides_no_other(  # noqa: PLR0913, PLR0917
    rule: Rule, path: str, a_story: Stories, a_site: Sites, monkeypatch: pytest.MonkeyPatch, marks: Marks
) -> None:
    with_rules(monkeypatch, rule, *(one for one in RULES if one.code != rule.code))
    found = marks(check(a_site(a_story(draft=True, title="**x**"))))
    assert (path, 1, "CT022") in found
    assert (PATH, 1, "CT012") in found


def test_a_rule_that_fails_blocks_and_is_named(a_story: Stories, a_site: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rules(monkeypatch, StoryRule("TC003", "warning", boom))
    (problem,) = check(a_site(a_story(draft=True)))
    assert problem.level == "error"
    assert "TC003" in problem.says
    assert "hỏng" in problem.says


def test_a_disk_that_fails_is_no_fault_of_a_rule(a_story: Stories, a_site: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> list[Finding]:
        raise OSError(errno.EIO, "Input/output error")

    with_rules(monkeypatch, StoryRule("TC003", "warning", unreadable))
    with pytest.raises(OSError, match="Input/output error"):
        check(a_site(a_story(draft=True)))


def test_a_rule_that_fails_cannot_be_waived(a_story: Stories, a_site: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rules(monkeypatch, StoryRule("TC003", "warning", boom))
    story = a_story(waive=(Waiver("TC003", "Câu ngắn", TODAY),))
    assert "CT022" in [problem.code for problem in check(a_site(story))]


def test_no_rule_fails_on_an_empty_record(a_site: Sites) -> None:
    site = a_site()
    empty = [type(record)() for record in records(site)]
    assert [str(error) for rule in RULES if isinstance(rule, RecordRule) for one in empty for error in failures(rule, one, site)] == []


def failures(rule: Rule, *given: Any) -> Iterator[Exception]:
    try:
        list(rule.check(*given))
    except Exception as error:  # noqa: BLE001
        yield error


# ---- places


def test_a_finding_is_placed_in_the_file_it_speaks_of(a_root: Root, sound: str, marks: Marks) -> None:
    approval = "body: Hội đồng\nminutes: x\ndate: 2020-06-12\naccepted: [B1]\nby: Phòng Bảo trợ xã hội\ntext_sha256: abc\n"
    found = marks(judged(a_root({INDEX: sound, f"{FOLDER}/approval.yml": approval}, real=True)))
    assert (f"{FOLDER}/approval.yml", 5, "DU003") in found
    assert (f"{FOLDER}/approval.yml", 6, "DU001") in found
    assert (INDEX, 2, "DU002") in found


def test_an_empty_item_does_not_shift_the_places_after_it(a_root: Root, sound: str, marks: Marks) -> None:
    text = sound.replace("\nauthors:", "\nphotos:\n  -\n  - {file: khong-co.jpg, alt: x, people: none}\nauthors:")
    line = text.split("\n").index("  - {file: khong-co.jpg, alt: x, people: none}") + 1
    assert marks(judged(a_root({INDEX: text}, real=True))) == [(INDEX, line, "TL002")]


def test_a_faulty_award_does_not_shift_the_numbers_after_it(a_root: Root, sound: str, marks: Marks) -> None:
    award = '{type: giay-khen, number: "1/QĐ", date: 2020-05-22, authority: Giám đốc Sở, for: x}'
    text = sound.replace("\nauthors:", f"\nawards:\n  - giay-khen\n  - {award}\nauthors:").replace("B3: {quote:", "B3: {award: 2, quote:")
    line = text.split("\n").index("  - giay-khen") + 1
    assert marks(judged(a_root({INDEX: text}, real=True))) == [(INDEX, line, "CT010")]


# ---- one fault, one problem


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("date: 2020-06-09\n", "date: 09/6/2020\n", "CT003", id="ngày viết sai thì không phải là thiếu ngày"),
        pytest.param(
            "campaigns: [lao-dong-gioi]",
            "campaigns: lao-dong-gioi",
            "CT010",
            id="phong trào viết sai thì không phải là thiếu",
        ),
        pytest.param("consent: {", "consent: rồi # ", "CT010", id="hồ sơ viết sai thì không phải là thiếu"),
        pytest.param("date: 2020-06-01, scope", "date: 01/6/2020, scope", "CT003", id="ngày đồng ý viết sai thì không phải là thiếu"),
        pytest.param("subject: {", "subject: Lê Mẫu Đạt # ", "CT010", id="nhân vật viết sai thì không phải là thiếu"),
    ],
)
def test_what_is_faulty_is_not_also_missing(old: str, new: str, code: str, a_root: Root, sound: str) -> None:
    found = judged(a_root({INDEX: sound.replace(old, new, 1)}, real=True))
    assert [problem.code for problem in found if problem.code != "TC013"] == [code]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        pytest.param("date: 2020-06-09\n", "date: 09/6/2020\n", "CT003", id="ngày viết kiểu khác"),
        pytest.param("summary: ", "sumary: ", "CT006", id="gõ sai tên mục"),
        pytest.param("kind: ", "kind: x\nkind: ", "CT008", id="một mục hai lần"),
    ],
)
def test_a_slip_of_form_does_not_send_an_approved_story_to_the_council_again(
    old: str, new: str, code: str, a_root: Root, sound: str
) -> None:
    """Mended, it is the approved text again; an edit of the text is said as soon as all of it can be read."""
    root = a_root({INDEX: sound}, real=True)
    approved = read_site(root, TODAY)[0].stories[0].text_sha256
    approval = f"body: x\nminutes: x\ndate: 2020-06-12\naccepted: [B1]\nby: Thư ký\ntext_sha256: {approved}\n"
    (root / FOLDER / "approval.yml").write_text(approval, encoding="utf-8")
    for text, said in (
        (sound, False), (sound.replace(old, new, 1), False),
        (sound.replace("title: ", "title: Mới, ", 1).replace(old, new, 1), False), (sound.replace("title: ", "title: Mới, ", 1), True),
    ):  # fmt: skip
        (root / INDEX).write_text(text, encoding="utf-8")
        codes = {problem.code for problem in judged(root)}
        assert ("DU002" in codes) == said
        assert (code in codes) == (new in text)


def test_a_photo_that_is_too_large_is_not_also_missing(a_root: Root, sound: str, marks: Marks) -> None:
    text = sound.replace("\nauthors:", "\nphotos: [{file: anh.jpg, alt: x, people: none}]\nauthors:")
    root = a_root({INDEX: text, f"{FOLDER}/anh.jpg": b""}, real=True)
    os.truncate(root / FOLDER / "anh.jpg", PHOTO_MOST + 1)
    assert marks(judged(root)) == [(f"{FOLDER}/anh.jpg", 1, "CT016")]


def test_a_list_that_cannot_be_read_does_not_make_every_story_faulty(a_root: Root, sound: str, marks: Marks) -> None:
    root = a_root({INDEX: sound, "content/data/fields.yml": "- {id: lao-dong, title: Lao động\n- x: [\n"}, real=True)
    assert {path for path, _, _ in marks(judged(root))} == {"content/data/fields.yml"}


def test_a_correction_is_whole(a_root: Root, sound: str) -> None:
    """`Correction` asks for its day, its editor and what was changed; an approval without them is no approval."""
    root = a_root(
        {
            INDEX: sound,
            f"{FOLDER}/approval.yml": f"body: x\nminutes: x\ndate: 2020-06-12\naccepted: [B1]\nby: Thư ký\ntext_sha256: {'f' * 64}\ncorrection: {{note: x}}\n",
        },
        real=True,
    )
    assert f"{FOLDER}/approval.yml" in {problem.path for problem in judged(root)}


@pytest.mark.parametrize(
    ("rule", "says", "do"),
    [
        pytest.param("TC002", "không miễn được", "mức nhắc", id="lỗi"),
        pytest.param("CT007", "không miễn được", "mức nhắc", id="mã của phần đọc tệp"),
        pytest.param("tc003", "Không có quy tắc «tc003»", "«TC003»", id="viết thường"),
        pytest.param("tất cả", "Không có quy tắc «tất cả»", "mỗi dòng miễn một mã", id="không phải mã"),
    ],
)
def test_what_cannot_be_waived_is_told_apart(rule: str, says: str, do: str, a_story: Stories, a_site: Sites) -> None:
    (found,) = [one for one in check(a_site(a_story(waive=(Waiver(rule, "x", TODAY),)))) if one.code == "CT019"]
    assert says in found.says
    assert do in found.do


def test_a_waiver_that_names_no_rule_is_told_once(a_root: Root, sound: str, marks: Marks) -> None:
    root = a_root({INDEX: sound.replace("\nauthors:", "\nwaive: [{reason: x, until: 2021-01-01}]\nauthors:")}, real=True)
    assert [code for _, _, code in marks(judged(root))] == ["CT001"]


# ---- hostile, but quick


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("photos: [" + ", ".join(["{file: a.jpg}"] * 200) + "]", id="hai trăm ảnh không có"),
        pytest.param("waive: [" + ", ".join(["{rule: TC003}"] * 200) + "]", id="hai trăm lần miễn"),
    ],
)
def test_many_findings_in_one_file_parse_it_once(block: str, a_root: Root, sound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    root = a_root({INDEX: sound.replace("\nauthors:", f"\n{block}\nauthors:")}, real=True)
    site, read = read_site(root, TODAY)
    parsed: list[str] = []
    real = texts.parse
    monkeypatch.setattr(texts, "parse", lambda text, path, line=1: parsed.append(path) or real(text, path, line))
    assert len(check(site, read)) > 200
    assert parsed.count(INDEX) == 1


def test_rules_are_given_the_day_and_ask_no_clock(a_story: Stories, a_site: Sites) -> None:
    story = with_waiver(a_story, Waiver("TC003", "Câu ngắn", dt.date(2030, 1, 1)))
    assert check(a_site(story, today=dt.date(2030, 1, 1))) == []
    assert [problem.code for problem in check(a_site(story, today=dt.date(2030, 1, 2)))] == ["CT020", "TC003"]


def test_findings_are_not_lost_between_rule_and_report(a_story: Stories, a_site: Sites) -> None:
    figures = (Figure("Ca", "1"), Figure("Đêm", "2"))
    story = a_story(criteria=(Claim("A1", figure=(1, 2)), *a_story().criteria[1:]), figures=figures)
    assert len(list(criteria.complete_figures(story, a_site()))) == 2
    assert [problem.code for problem in check(a_site(story))] == ["TC012", "TC012"]


# ---- key, columns


def test_a_problem_knows_its_key(a_root: Root, sound: str) -> None:
    text = (
        sound.replace("unit: trung-tam", "unit: khong-co-trung-tam")
        .replace("date: 2020-06-09", "date: 09/6/2020")
        .replace("title:", "tilte:")
    )
    found = {one.code: one for one in judged(a_root({f"{FOLDER}/index.md": text.replace("cho-hoi-dong", "to-dien")}, real=True))}
    assert (found["TL001"].key, found["TL001"].label) == ("unit", "Đơn vị đề xuất")
    assert (found["CT003"].key, found["CT003"].label) == ("date", "Ngày đăng")
    assert (found["CT006"].key, found["CT006"].label) == ("tilte", "tilte")
    assert (found["CT001"].key, found["CT001"].label) == ("title", "Tiêu đề"), "what is not there has a key as well"


def test_the_words_that_are_meant_give_the_columns(a_root: Root, sound: str) -> None:
    text = (
        sound.replace("cho-hoi-dong", "to-dien").replace("unit: trung-tam-cong-tac-xa-hoi", "unit:   unit")
        + "\nXem [bài](../khong-co/index.md).\n"
    )
    found = {one.code: one for one in judged(a_root({f"{FOLDER}/index.md": text}, real=True))}
    lines = text.split("\n")
    for code, word in (("TL001", "unit"), ("TL002", "../khong-co/index.md")):
        one = found[code]
        assert lines[one.line - 1][one.column - 1 : one.end - 1] == word
    assert found["TL001"].column == 9, "the value, not the key of the same name"
    assert found["TL002"].key == ""


def test_words_that_do_not_stand_there_leave_the_place(a_story: Stories, a_site: Sites, monkeypatch: pytest.MonkeyPatch) -> None:
    def rule(_story: Story, _site: Site) -> Iterator[Finding]:
        yield Finding(("title",), "Có lỗi.", "Hãy sửa.", word="không có chữ này")
        yield Finding(10**6, "Có lỗi.", "Hãy sửa.", word="x")

    monkeypatch.setattr(checking, "RULES", (StoryRule("CT900", "error", rule),))
    assert [(one.line, one.column, one.end) for one in check(a_site(a_story()))] == [(1, 1, 0), (10**6, 1, 0)]


def test_a_row_of_a_list_knows_its_key(a_root: Root) -> None:
    (problem,) = [
        one
        for one in judged(
            a_root(
                {
                    "content/data/units.yml": "- {id: a, name: A, type: x, parent: b}\n",
                    "content/data/unit_types.yml": "- {id: x, title: X}\n",
                }
            )
        )
        if one.code == "TL001"
    ]
    assert (problem.key, problem.label) == ("parent", "Đơn vị cấp trên")


def test_an_approval_knows_its_key(a_root: Root, sound: str) -> None:
    approval = "body: Hội đồng\nminutes: x\ndate: 12/6/2020\n"
    found = judged(a_root({f"{FOLDER}/index.md": sound.replace("cho-hoi-dong", "to-dien"), f"{FOLDER}/approval.yml": approval}, real=True))
    (problem,) = [one for one in found if one.code == "CT003"]
    assert (problem.key, problem.label) == ("date", "Ngày")


def test_whoever_waits_is_told_how_far_it_is(a_story: Stories, a_site: Sites) -> None:
    site, told = a_site(a_story()), list[tuple[str, int, int]]()
    check(site, seen=lambda *step: told.append(step))
    total = len(list(records(site)))
    assert told == [("Kiểm tra", at, total) for at in range(1, total + 1)]
