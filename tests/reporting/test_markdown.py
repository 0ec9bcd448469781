"""The comment of a pull request: what is left first, the criteria of changed stories, and nothing that a story made up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import html5lib
import markdown as python_markdown
import pytest
from hypothesis import given

from exemplars.checking import check
from exemplars.model import Claim, Figure
from exemplars.reporting.markdown import MOST, escaped, headline, markdown
from exemplars.reporting.report import Report, defused
from reports import ERROR, PATH, REMINDER, hostile, reports, steady

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.model import Problem, Site, Story


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], "✅ Không có lỗi, không có nhắc nhở"),
        ([REMINDER], "✅ Không có lỗi · 1 điều cần người trả lời"),
        ([replace(REMINDER, code="CT002"), REMINDER], "📝 Không có lỗi · bản nháp còn 1 việc trước khi trình Hội đồng"),
        ([ERROR], "❌ Còn 1 việc phải sửa"),
        ([ERROR, ERROR, REMINDER], "❌ Còn 2 việc phải sửa · 1 điều cần xem lại"),
    ],
)
def test_the_headline(found: list[Problem], said: str) -> None:
    assert headline(Report(found)) == said


def test_the_most_important_first(a_report: Callable[..., Report]) -> None:
    told = markdown(a_report(site_url="https://portal.gov.vn/"))
    assert told.startswith("## ")
    assert told.index("1. ❌ [TC002](https://portal.gov.vn/quy-tac/#tc002) Đoạn trích") < told.index("2. ⚠️ [TC003]")
    assert "<details>" not in told, "two are told in full already"


def test_a_long_list_is_folded_and_fits_a_comment() -> None:
    many = [replace(ERROR, line=line) for line in range(1, 2000)]
    told = markdown(Report(many))
    assert len(told) <= MOST
    assert "Danh sách đầy đủ (1999)" in told
    shown = told.count("\n- ❌")
    assert f"… và {1999 - shown} điều nữa" in told
    assert told.rstrip().endswith("</details>")


def _rows(told: str) -> dict[str, list[str]]:
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in told.splitlines() if line.startswith("| ")]
    return {row[0].split()[0]: row[1:] for row in rows[1:]}


def test_the_criteria_of_a_changed_story(a_story: Callable[..., Story], a_site: Callable[..., Site]) -> None:
    story = a_story(
        criteria=(
            *a_story().criteria,
            Claim("A3", quote=("câu này không có trong bài nào cả, thật vậy",), campaign=("lao-dong-gioi",)),
            Claim("A4"),
            Claim("C3", figure=(1, 2)),
        ),
        figures=(Figure("Ca bỏ trống", "0", "ca", "2019", source="Sổ trực"), Figure("Ca trực", "3", period="2019", source="Sổ trực")),
    )
    site = a_site(story)
    told = markdown(Report(check(site), site=site, changed=frozenset({story.origin.path.rpartition("/")[0]})))
    rows = _rows(told)
    assert rows["A1"] == ["✓", "✓", "«không còn ca trực nào phải bỏ trống giữa đêm»"]
    assert rows["A3"][:2] == ["✓", "✗"], "the passage does not stand in the story (TC002)"
    assert "phong trào lao-dong-gioi" in rows["A3"][2]
    assert rows["A4"][:2] == ["✓", "✗"], "nothing is named (TC004)"
    assert rows["C3"][:2] == ["✓", "✗"], "a figure that it rests on is not whole (TC012)"
    assert rows["B1"] == ["–", "–", ""] or rows["B1"][:2] == ["–", "–"]
    assert "2/5 tiêu chí đã khai có dẫn chứng." in told


def test_a_story_that_did_not_change_has_no_table(a_story: Callable[..., Story], a_site: Callable[..., Site]) -> None:
    site = a_site(a_story())
    assert "| Tiêu chí |" not in markdown(Report([], site=site))
    assert "| Tiêu chí |" not in markdown(Report([], site=site, changed=frozenset({"stories/2020/khac"})))


def test_many_changed_stories_fit_a_comment(a_story: Callable[..., Story], a_site: Callable[..., Site]) -> None:
    stories = [a_story(id=f"2020-bai-{n}", path=f"stories/2020/bai-{n}/index.md") for n in range(200)]
    told = markdown(Report([replace(ERROR, line=n) for n in range(1, 500)], site=a_site(*stories), changed=frozenset({"stories"})))
    assert len(told) <= MOST
    assert "bài nữa." in told


def _elements(told: str) -> tuple[list[str], str]:
    """The elements that Markdown makes of it, and the text a reader sees."""
    tree = html5lib.parseFragment(python_markdown.markdown(told, extensions=["tables", "fenced_code"]), namespaceHTMLElements=False)
    return [one.tag for one in tree.iter() if isinstance(one.tag, str)][1:], "".join(tree.itertext())


@steady
@given(hostile)
def test_escaped_text_is_text(text: str) -> None:
    tags, shown = _elements(f"x {escaped(text)} y")
    assert tags == ["p"]
    assert shown.split() == f"x {defused(text)} y".split()


@steady
@given(hostile)
def test_escaped_text_stays_in_its_cell(text: str) -> None:
    tags, shown = _elements(f"| a | b |\n|---|---|\n| {escaped(text)} | zz |")
    assert shown.split()[-1] == "zz"
    assert tags == ["table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td"]


@steady
@given(reports)
def test_a_story_cannot_forge_a_part_of_the_comment(report: Report) -> None:
    told = markdown(report)
    assert "<!--" not in told
    assert len(told) <= MOST
    tags, _ = _elements(told)
    assert set(tags) <= {"h2", "h3", "p", "ol", "li", "strong", "sub"}
    assert tags.count("li") == len(report.problems)


def test_a_story_cannot_forge_its_own_table(a_story: Callable[..., Story], a_site: Callable[..., Site]) -> None:
    forged = "| A9 x | ✓ | ✓ | giả |\n\n<!-- x --><b>@nhom</b> [x](https://evil.example)"
    story = a_story(title=forged, criteria=(Claim("A1", quote=(forged,)), Claim("A2", document=(forged,), campaign=(forged,))))
    site = a_site(story)
    tags, _ = _elements(markdown(Report([], site=site, changed=frozenset({PATH, story.origin.path}))))
    assert tags.count("td") == 4 * len(site.plans[0].criteria)
    assert {"b", "a", "img", "script"} & set(tags) == set()
