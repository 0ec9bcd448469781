"""One comment for a pull request: what is left, most important first, and what each changed story claims.

The hidden first line lets a forge's job find its own comment and edit it in place.
"""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from exemplars.explaining import explanations
from exemplars.model import EVIDENCE
from exemplars.reporting.report import defused, plain, summary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Claim, Problem, Site, Story
    from exemplars.reporting.report import Report

LEFT = 10  # what is told in full above the fold
MOST = 60_000  # GitHub takes comments of up to 65,536 characters
TABLES_MOST = 40_000
QUOTE_MOST = 160
HARMLESS = frozenset(",;()'\"-+=%/ ")


def markdown(report: Report) -> str:
    """Headline · what is left · the criteria of each changed story · the full list, folded; at most 60,000 characters."""
    problems = report.first()
    parts = [f"## {headline(report)}", escaped(summary(report))]
    if problems:
        parts.append("### Việc còn lại")
        parts.append("\n".join(f"{number}. {_item(problem, report)}" for number, problem in enumerate(problems[:LEFT], 1)))
    parts += _tables(report)
    if len(problems) > LEFT:
        parts.append(_folded(problems, report, MOST - len("\n\n".join(parts))))
    return "\n\n".join(parts) + "\n"


def headline(report: Report) -> str:
    """How things stand, in one line."""
    errors = sum(problem.level == "error" for problem in report.problems)
    reminders = len(report.problems) - errors
    if errors:
        return f"❌ Còn {errors} việc phải sửa" + (f" · {reminders} điều cần xem lại" if reminders else "")
    ready = sum(_blocks(problem) for problem in report.problems)
    if ready:
        return f"📝 Không có lỗi · bản nháp còn {ready} việc trước khi trình Hội đồng"
    return f"✅ Không có lỗi · {reminders} điều cần người trả lời" if reminders else "✅ Không có lỗi, không có nhắc nhở"


def _item(problem: Problem, report: Report) -> str:
    url = report.link(problem.code)
    code = f"[{problem.code}]({url})" if url else f"**{escaped(problem.code)}**"
    sign = "❌" if problem.level == "error" else "⚠️"
    place = escaped(f"{problem.path}:{problem.line}") + (f" · {escaped(problem.label)}" if problem.label else "")
    return f"{sign} {code} {escaped(problem.says)} **{escaped(problem.do)}** <sub>{place}</sub>"


def _folded(problems: list[Problem], report: Report, room: int) -> str:
    """Everything, as far as a comment may hold it."""
    head, foot = f"<details><summary>Danh sách đầy đủ ({len(problems)})</summary>\n\n", "\n\n</details>"
    rows: list[str] = []
    room -= len(head) + len(foot) + 100
    for problem in problems:
        row = f"- {_item(problem, report)}"
        room -= len(row) + 1
        if room < 0:
            rows.append(f"- … và {len(problems) - len(rows)} điều nữa: hãy chạy `scripts/check.py`.")
            break
        rows.append(row)
    return head + "\n".join(rows) + foot


# --- criteria -----------------------------------------------------------------------------------------------------------


def _tables(report: Report) -> Iterator[str]:
    site, room, left = report.site, TABLES_MOST, 0
    for story in site.stories if site else ():
        if site and site.plan_of(story) and report.is_changed(story.origin.path):
            table = _table(story, site, report)
            room -= len(table)
            if room >= 0:
                yield table
            else:
                left += 1
    if left:
        yield f"… và bảng tiêu chí của {left} bài nữa."


def _table(story: Story, site: Site, report: Report) -> str:
    """Every criterion of the plan: claimed or not, with evidence or not, and which."""
    plan = site.plan_of(story)
    claims = {claim.id: claim for claim in story.criteria}
    evident = {claim.id for claim in story.criteria if _evident(claim, story, report)}
    rows = []
    for one in plan.criteria if plan else ():
        claim = claims.get(one.id)
        told = "<br>".join(escaped(said) for said in _evidence(claim, story, site)) if claim else ""
        claimed, proved = ("✓" if claim else "–"), ("✓" if one.id in evident else "✗" if claim else "–")
        rows.append(f"| {escaped(one.id)} {escaped(one.title)} | {claimed} | {proved} | {told} |")
    head = f"### {escaped(story.title)}\n\n{len(evident)}/{len(claims)} tiêu chí đã khai có dẫn chứng."
    return "\n".join([head, "", "| Tiêu chí | Đã khai | Có dẫn chứng | Dẫn chứng |", "|---|:-:|:-:|---|", *rows])


def _evident(claim: Claim, story: Story, report: Report) -> bool:
    """Evidence is named, and no rule that blocks has anything against the claim or against what it names."""
    rests_on = [f"criteria.{claim.id}", *(f"awards[{n}]" for n in claim.award), *(f"figures[{n}]" for n in claim.figure)]
    against = (problem.key for problem in report.problems if problem.path == story.origin.path and _blocks(problem))
    faulty = any(key == one or key.startswith((f"{one}.", f"{one}[")) for key in against for one in rests_on)
    return any(claim.has(kind) for kind in EVIDENCE) and not faulty


def _blocks(problem: Problem) -> bool:
    """It stops the story, now or when it leaves draft."""
    known = explanations().get(problem.code)
    return problem.level == "error" or (known is not None and known.level == "ready")


def _evidence(claim: Claim, story: Story, site: Site) -> Iterator[str]:
    yield from (f"«{quote if len(quote) <= QUOTE_MOST else quote[:QUOTE_MOST] + '…'}»" for quote in claim.quote)
    for n in claim.award:
        award = story.awards[n - 1] if n <= len(story.awards) else None
        kind = site.find("awards", award.type) if award else None
        yield f"khen thưởng {n}" + (f": {kind.title if kind else award.type} {award.number}".rstrip() if award else "")
    for n in claim.figure:
        figure = story.figures[n - 1] if n <= len(story.figures) else None
        yield f"số liệu {n}" + (f": {figure.name} {figure.value} {figure.unit}".rstrip() if figure else "")
    yield from (f"văn bản {id_}" for id_ in claim.document)
    yield from (f"phong trào {id_}" for id_ in claim.campaign)
    if claim.confirmation:
        yield f"giấy xác nhận {claim.confirmation.number}".rstrip()


def escaped(text: str) -> str:
    """Text that neither Markdown nor HTML takes for anything but text: signs become numeric references, which CommonMark
    never takes for structure.
    """
    return "".join(f"&#{ord(char)};" if char in SIGNS else char for char in defused(plain(text)))


SIGNS = frozenset(string.punctuation) - HARMLESS
