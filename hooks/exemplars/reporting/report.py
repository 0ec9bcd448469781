"""What every format is given, and what they share: order, counts, links, and text that cannot pretend to be anything else."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exemplars.explaining import explanations

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from exemplars.model import Edit, Problem, Site


@dataclass(frozen=True, slots=True)
class Report:
    """Problems with all that a format may say about them.

    checked    what was looked at, for the last line: `27 bài, 6 phong trào`
    changed    repository paths, files or folders, that the request at hand changes; they come first
    source     path → the text of the file as it stands, "" where it cannot be shown
    edits      path → the repairs at hand, for formats that can suggest them
    site       what was checked, for the criteria of the changed stories
    site_url   absolute, with a slash at the end; "" where the site has no address yet
    colour     the reader sits at a terminal that shows colours
    """

    problems: Sequence[Problem]
    checked: str = ""
    changed: frozenset[str] = frozenset()
    source: Callable[[str], str] = lambda _: ""
    edits: Mapping[str, Sequence[Edit]] = field(default_factory=dict)
    site: Site | None = None
    site_url: str = ""
    colour: bool = False

    def is_changed(self, path: str) -> bool:
        return any(path == one or path.startswith(f"{one}/") or one == "." for one in self.changed)

    def first(self) -> list[Problem]:
        """The problems by importance: errors, then what the Council needs, then reminders; of each the changed files first."""
        ranks = {"error": 0, "ready": 1, "warning": 2}
        told = explanations()

        def rank(problem: Problem) -> int:
            known = told.get(problem.code)
            return 0 if problem.level == "error" else ranks[known.level] if known else ranks["warning"]

        return sorted(self.problems, key=lambda one: (rank(one), not self.is_changed(one.path)))

    def link(self, code: str) -> str:
        """Where a code is explained on the site; "" where there is no site or no explanation."""
        known = explanations().get(code)
        return self.site_url + known.address if known and self.site_url else ""


def summary(report: Report) -> str:
    """The last line: what was checked, how many errors and reminders."""
    errors = sum(problem.level == "error" for problem in report.problems)
    if not report.problems:
        return f"Đã kiểm tra {plain(report.checked)}: không có lỗi, không có nhắc nhở."
    return f"Đã kiểm tra {plain(report.checked)}: {errors} lỗi phải sửa, {len(report.problems) - errors} nhắc nhở."


def fingerprints(problems: Sequence[Problem]) -> list[str]:
    """One for each problem, all different: of equal ones in a file the second and later take their number in as well.

    GitLab shows only the first of the issues that share a fingerprint.
    """
    seen: Counter[str] = Counter()
    found = []
    for problem in problems:
        seen[problem.fingerprint] += 1
        count = seen[problem.fingerprint]
        found.append(problem.fingerprint if count == 1 else f"{problem.fingerprint}-{count}")
    return found


# controls, line ends, directions, invisible and unpaired code points: nothing that moves a cursor or starts a line
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# commands of CI runners that are obeyed anywhere in a line: `##[error]`, `##vso[`
RUNNER = re.compile(r"##(?=\w*\[)")
BREAK = "\u200b"


def plain(text: str) -> str:
    """One line of visible text: what could steer a terminal or a runner is shown as its number, u+001b as a backslash and u001b."""
    return RUNNER.sub(f"##{BREAK}", UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text))


def defused(text: str) -> str:
    """`plain`, and harmless where it is read as Markdown: no tag, link, picture or mention comes about; words stay legible."""
    text = re.sub(r"[<@]|://|www\.", lambda found: found[0] + BREAK, plain(text))
    return re.sub(r"\](?=[(\[:])", f"]{BREAK}", text)
