"""Runs the rules over a site: findings → problems with place and level, waivers applied, sorted. Never stops at the first."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from exemplars.model import Finding, Problem, RecordRule, SiteRule, Story, StoryRule
from exemplars.rules import NEEDLESS_WAIVER, RULES
from exemplars.rules.elsewhere import ELSEWHERE
from exemplars.schema import dotted, labelled
from exemplars.texts import FLOOD, locate

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from exemplars.model import Level, Origin, Rule, Site, Waiver
    from exemplars.schema import Where

Seen: TypeAlias = "Callable[[str, int, int], None]"

CRASHED = "CT022"
REFERRED = "TL006"
CRASH_LINE = -1
MISSING = frozenset({"CT001", "CT002", "KT001", "DD001", "AN001", "AN002"})


class Judged(NamedTuple):
    """What the rules of single records say of one, and the codes that its waivers kept them from saying."""

    problems: list[Problem]
    waived: list[str]


Judge: TypeAlias = "Callable[[Any, Site, Collection[tuple[str, int, int]]], Judged]"


def check(
    site: Site, read: Iterable[Problem] = (), seen: Seen | None = None, judge: Judge | None = None, *, errors_only: bool = False
) -> list[Problem]:
    """Every problem of the site: those met while `read`ing and those the rules find; errors and warnings, by place.

    With `errors_only` rules of the whole site that only warn are left out, and what follows from them.

    `seen` is told after each record how many are done, and of how many. `judge` stands in for `judged` where somebody remembers
    what it would say.
    """
    problems, waived = [*read], set()
    faulty = {(problem.path, problem.line, problem.column) for problem in problems}
    every = list(records(site))
    for at, record in enumerate(every, 1):
        if seen:
            seen("Kiểm tra", at, len(every))
        found = (judge or judged)(record, site, faulty)
        problems += found.problems
        waived |= {(record.origin.path, code) for code in found.waived}
    for rule in RULES:
        asked = isinstance(rule, SiteRule) and not (errors_only and rule.level == "warning")
        for finding in _run(rule, site) if asked else ():
            if _waives(site.by_path.get(finding.path), rule, finding, site):
                waived.add((finding.path, rule.code))
            else:
                problems.append(_problem(rule, finding, site, None))
    for story in site.stories:
        problems += _waivers(story, site, waived) if story.waive else ()
    return sorted(set(problems))


def records(site: Site) -> Iterator[Any]:
    """Everything that has keys."""
    for group in (
        site.stories,
        site.campaigns,
        site.plans,
        site.documents,
        site.events,
        site.units,
        site.awards,
        site.scopes,
        *site.terms.values(),
    ):
        yield from group


def blocking(problems: Iterable[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.level == "error"]


def refers_to(problem: Problem, withdrawn: str) -> bool:
    """Whether a problem says that others still refer to the withdrawn story of that id."""
    return problem.code == REFERRED and f"«{withdrawn}»" in problem.says


def judged(record: Any, site: Site, faulty: Collection[tuple[str, int, int]]) -> Judged:
    """What the rules of single records say of one; `faulty`: the places where reading found something."""
    found = Judged([], [])
    for rule in RULES:
        if isinstance(rule, RecordRule) or (isinstance(rule, StoryRule) and isinstance(record, Story)):
            for finding in _run(rule, record, site):
                if _waives(record, rule, finding, site):
                    found.waived.append(rule.code)
                    continue
                problem = _problem(rule, finding, site, record)
                # what could not be read is not missing as well
                if problem.code not in MISSING or (problem.path, problem.line, problem.column) not in faulty:
                    found.problems.append(problem)
    return found


def _waives(record: Any, rule: Rule, finding: Finding, site: Site) -> bool:
    return (
        isinstance(record, Story)
        and bool(record.waive)
        and rule.level != "error"
        and finding.where != CRASH_LINE
        and any(waiver.rule == rule.code and _in_force(waiver, site) for waiver in record.waive)
    )


def _in_force(waiver: Waiver, site: Site) -> bool:
    return bool(waiver.reason and waiver.until and site.today <= waiver.until)


def _waivers(story: Story, site: Site, used: Collection[tuple[str, str]]) -> Iterator[Problem]:
    """CT019 for a waiver of what cannot be waived, CT020 for one past its day or without anything left to waive."""
    levels = dict.fromkeys((code for code, _, _ in ELSEWHERE), "error") | {rule.code: rule.level for rule in RULES}
    for at, waiver in enumerate(story.waive):
        line, column = locate(story.origin, ("waive", at))
        key, label = dotted(("waive", at)), labelled(Story, ("waive", at))
        if not waiver.rule:  # said already: a key is wanting
            continue
        if waiver.rule not in levels:
            says, meant = f"Không có quy tắc «{waiver.rule}».", waiver.rule.upper()
            do = f"Có phải là «{meant}»?" if meant in levels else "Hãy chép mã ở đầu lời nhắc, ví dụ TC003; mỗi dòng miễn một mã."
            yield Problem(story.origin.path, line, column, "CT019", "error", says, do, key=key, label=label)
        elif levels[waiver.rule] == "error":
            says = f"Quy tắc «{waiver.rule}» không miễn được."
            do = "Chỉ miễn được quy tắc ở mức nhắc; hãy sửa bài và bỏ dòng miễn này."
            yield Problem(story.origin.path, line, column, "CT019", "error", says, do, key=key, label=label)
        elif waiver.until and waiver.reason and (story.origin.path, waiver.rule) not in used:
            ended = "đã hết hạn" if not _in_force(waiver, site) else "không còn cần"
            says = f"Miễn quy tắc {waiver.rule} {ended}."
            yield Problem(story.origin.path, line, column, NEEDLESS_WAIVER, "warning", says, "Hãy bỏ.", key=key, label=label)


def _run(rule: Rule, *given: Any) -> list[Finding]:
    try:
        found = rule.check(*given)
        return list(found if isinstance(rule, SiteRule) else islice(found, FLOOD))
    except OSError:  # rules open no file: a text that was put aside cannot be read, and no rule is at fault
        raise
    except Exception as error:  # noqa: BLE001 - one broken rule must not hide what the others found
        return [_crash(rule, error)]


def _crash(rule: Rule, error: Exception) -> Finding:
    says = f"Quy tắc {rule.code} gặp lỗi của chương trình ({type(error).__name__}: {error})."
    return Finding(CRASH_LINE, says, "Đây không phải lỗi của bài: hãy báo người phụ trách kỹ thuật.")


def _problem(rule: Rule, finding: Finding, site: Site, record: Any) -> Problem:
    path = finding.path or (record.origin.path if record else "mkdocs.yml")
    if finding.where == CRASH_LINE:
        return Problem(path, 1, 1, CRASHED, "error", finding.says, finding.do)
    origin = _origin(finding.path, record, site)
    line, column = _place(finding, origin)
    column, end = _columns(finding.word, line, column, origin)
    key, label = ("", "") if isinstance(finding.where, int) else _key(finding.where, path, record, site)
    return Problem(path, line, column, rule.code, _level(rule.level, record), finding.says, finding.do, end, key, label)


def _level(level: Level, record: Any) -> Literal["error", "warning"]:
    if level == "ready":
        return "warning" if isinstance(record, Story) and record.draft else "error"
    return level


def _place(finding: Finding, origin: Origin | None) -> tuple[int, int]:
    if isinstance(finding.where, int):
        return finding.where, 1
    if origin is None or not origin.text:  # a row of a list: its line was noted when it was read
        return (origin.body_line if origin else 1), 1
    return locate(origin, finding.where)


def _columns(word: str, line: int, column: int, origin: Origin | None) -> tuple[int, int]:
    """Where the words that are meant begin and end on their line; the place as it was where they do not stand there."""
    if not word or origin is None:
        return column, 0
    typed = origin.text.decode().split("\n")[line - 1 : line]
    at = typed[0].find(word, column - 1) if typed else -1
    return (at + 1, at + 1 + len(word)) if at >= 0 else (column, 0)


def _key(where: Where, path: str, record: Any, site: Site) -> tuple[str, str]:
    """The key as it is written, and in the words of the schema."""
    if record is None or path != record.origin.path:
        record = record.approval if isinstance(record, Story) and path.endswith("/approval.yml") else site.by_path.get(path)
    return dotted(where), labelled(type(record), where) if record else ""


def _origin(path: str, record: Any, site: Site) -> Origin | None:
    """The file a finding speaks of: the record's own, its approval, or another record's."""
    if record is not None and path in {"", record.origin.path}:
        own: Origin = record.origin
        return own
    if isinstance(record, Story) and record.approval and record.approval.origin.path == path:
        return record.approval.origin
    other = site.by_path.get(path)
    return other.origin if other else None
