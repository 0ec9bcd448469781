"""Every code explained: what is asked, a wrong and a right example, why. Made from the docstrings of the rules, once."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from exemplars.model import Story, kind_of
from exemplars.rules import RULES
from exemplars.rules.elsewhere import ELSEWHERE
from exemplars.schema import keys_at
from exemplars.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exemplars.model import Level, Problem

FAMILIES = {
    "CT": ("Cấu trúc", "Đủ mục, đúng dạng; mã và địa chỉ không trùng."),
    "TL": ("Tham chiếu", "Đơn vị, phong trào, liên kết, ảnh được nêu đều có thật."),
    "TC": ("Tiêu chí", "Mỗi điều đã khai có dẫn chứng, và dẫn chứng khớp với bài."),
    "KT": ("Khen thưởng", "Danh hiệu, hình thức, số, ngày và cơ quan quyết định."),
    "DD": ("Dữ liệu riêng tư", "Không đăng điều riêng tư; việc nêu tên có sự đồng ý."),
    "AN": ("Ảnh", "Có mô tả, có nguồn, không lộ điều không nên lộ."),
    "DU": ("Duyệt", "Quyết định của Hội đồng thuộc đúng nội dung này."),
    "VB": ("Văn bản", "Số, ký hiệu, ngày và hiệu lực của văn bản được dẫn."),
    "VT": ("Văn tự", "Bảng mã, dấu, chữ viết."),
    "BS": ("Biên soạn", "Cách viết và cả tập bài nhìn chung."),
}
LEVELS = {"error": "lỗi", "ready": "cần trước khi trình Hội đồng", "warning": "nhắc"}
FINAL = "Cần một người xem lại và sửa; lời nhắc này không miễn được."
REMEDIES = {
    "error": "Phải sửa thì bài mới được nhận; không miễn được.",
    "ready": "Khi bài còn là bản nháp, đây là lời nhắc; bỏ `draft: true` rồi thì phải sửa, hoặc ghi lý do và thời hạn ở mục `waive`.",
    "warning": "Cần một người xem lại: sửa bài, hoặc ghi lý do và thời hạn ở mục `waive`.",
}
PAGE = "quy-tac/"
ANY_KEY = frozenset({"CT001", "CT002", "CT003", "CT006", "CT008", "CT010", "CT011", "CT012", "TL001"})  # their examples are of one key
# codes said of several slips, whose example is of one of them
FITS: Mapping[str, Callable[[Problem], bool]] = {
    "CT007": lambda problem: "giá trị có dấu hai chấm" in problem.says,
    "TL002": lambda problem: not problem.key,
    "AN004": lambda problem: "thành JPG" in problem.do,
}
STEP = re.compile(r"[^.\[\]]+")
CLAUSE = re.compile(r"\(((?:IV|I{1,3})\.\d[^()]*)\)")
EXAMPLES = re.compile(r"^Sai:\n(?P<wrong>(?: +.*\n|\n)+)Đúng:\n(?P<right>(?: +.*(?:\n|\Z)|\n(?= ))+)", re.MULTILINE)
EMPHASIS = re.compile(r"\*(\w[^*]*)\*")
REASON = re.compile(r"^Căn cứ: *(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the page «Quy tắc» and the reports say of a code; all texts are plain, examples may have several lines.

    title      the good state, one or two sentences
    notes      further paragraphs
    clause     the plan's clause or the law it rests on, "" where none is named
    waivable   a story may ask to be excused from it
    """

    code: str
    level: Level
    title: str
    wrong: str
    right: str
    notes: tuple[str, ...] = ()
    clause: str = ""
    waivable: bool = False

    @property
    def remedy(self) -> str:
        """What its level asks of a writer."""
        return REMEDIES[self.level] if self.waivable or self.level == "error" else FINAL

    @property
    def address(self) -> str:
        """Site-relative: `quy-tac/#tc002`."""
        return f"{PAGE}#{self.code.lower()}"


@cache
def explanations() -> Mapping[str, Explanation]:
    """Every code that a check can give, in the order of the families and codes."""
    told = [explained(code, level, docstring) for code, level, docstring in ELSEWHERE]
    told += (explained(rule.code, rule.level, rule.check.__doc__ or "", waivable=rule.level != "error") for rule in RULES)
    families = list(FAMILIES)
    return {one.code: one for one in sorted(told, key=lambda one: (families.index(one.code[:2]), one.code))}


def example(problem: Problem) -> str:
    """The right example of its code. Where the code is said of any key, one of the key at fault, or "" where nobody knows any."""
    known = explanations().get(problem.code)
    fits = FITS.get(problem.code)
    if known is None or (fits and not fits(problem)):
        return ""
    if problem.code not in ANY_KEY:
        return known.right
    where = STEP.findall(problem.key)
    while where and where[-1].isdigit():  # a place in a list
        where.pop()
    record = kind_of(problem.path)
    if record is None or not where:
        return ""
    if record is Story and known.right.startswith(f"{where[0]}: ") and len(where) == 1:
        return known.right
    keys = keys_at(record, tuple(where[:-1]))
    meant = where[-1] if where[-1] in keys else nearest(where[-1], keys)  # CT006: the key that was mistyped
    return f"{meant}: {keys[meant].example}" if meant and keys[meant].example else ""


def explained(code: str, level: Level, docstring: str, *, waivable: bool = False) -> Explanation:
    """A rule's docstring (title · «Sai:» · «Đúng:» · notes · «Căn cứ:») taken apart; a part that is not there is empty."""
    text = inspect.cleandoc(docstring)
    examples = EXAMPLES.search(text)
    title = text[: examples.start()] if examples else text.split("\n\n")[0]
    after = text[examples.end() :] if examples else text[len(title) :]
    paragraphs = [EMPHASIS.sub(r"\1", " ".join(part.split())) for part in after.split("\n\n") if part.strip()]
    reason = next((found[1] for part in paragraphs if (found := REASON.match(part))), "")
    clause = CLAUSE.search(text)
    return Explanation(
        code,
        level,
        " ".join(title.split()),
        wrong=inspect.cleandoc("\n" + examples["wrong"]) if examples else "",
        right=inspect.cleandoc("\n" + examples["right"]) if examples else "",
        notes=tuple(part for part in paragraphs if not REASON.match(part)),
        clause=_sentence(reason) if reason else f"Kế hoạch, mục {clause[1]}." if clause else "",
        waivable=waivable,
    )


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
