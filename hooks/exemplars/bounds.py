"""What a text may hold, so that reading it as Markdown takes seconds at most and never more depth than Python has.

python-markdown copies the rest of a block (the text up to the next blank line) for nearly every mark it meets there, and looks
through all of it for each opening bracket: its work grows with marks × length, 20,000 brackets in one paragraph take a minute.
Counted here without rendering anything, so that the checker says it at once and the same text is judged alike everywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEEP_MOST = 20
# one unit is some 7 ns: two seconds. The longest sound story needs a hundredth, a list of 200 links without a blank line two thirds
WORK_MOST = 300_000_000
BRACKET, HEADING = 48, 3  # the units of a mark that costs more than one, as measured

MARKS = re.compile(r"[\\`*_<&!\]()]")
HEADINGS = re.compile(r"^(?:#|[=-]+ *$)", re.MULTILINE)
BLANK = re.compile(r"\n[ \t]*\n")
LEAD = re.compile(r"(?:[ \t]*(?:>|(?:[*+-]|[0-9]{1,9}\.)(?=[ \t]|$)))*")
MARKER = re.compile(r">|[*+-]|[0-9]+\.")
SUSPECT = re.compile(r"\n[ \t>*+\-0-9.]{21}")


def beyond(body: str) -> Iterator[tuple[int, str, str]]:
    """What of a Markdown text is beyond the limits: (line from 0, what there is, what to do), in Vietnamese."""
    deep = _deep(body)
    if deep is not None:
        yield deep, f"Danh sách hoặc trích dẫn lồng nhau quá {DEEP_MOST} bậc.", "Hãy viết lại bằng ít bậc hơn; ba bậc đã khó đọc."
    line = _laborious(body)
    if line is not None:
        says = "Đoạn này có quá nhiều dấu Markdown (như [ * _ \\ #) mà không có dòng trống nào ngắt."
        yield line, says, "Hãy ngắt đoạn bằng dòng trống, hoặc bỏ bớt các dấu."


def _laborious(body: str) -> int | None:
    """The first line of the block that costs most, if all of them together cost too much."""
    if len(body) * (len(body) * HEADING + body.count("[") * BRACKET) <= WORK_MOST:
        return None  # even if every letter were a mark: so for nearly all
    whole, worst, at, line = 0, 0, 0, 0
    for block in BLANK.split(body):
        marks = len(MARKS.findall(block)) + BRACKET * block.count("[") + HEADING * len(HEADINGS.findall(block))
        whole += marks * len(block)
        if marks * len(block) > worst:
            worst, at = marks * len(block), line
        line += block.count("\n") + 2
    return at if whole > WORK_MOST else None


def _deep(body: str) -> int | None:
    """The first line that stands in too many lists and quotes."""
    if not SUSPECT.search("\n" + body):
        return None
    open_lists: list[int] = []  # how far the markers of the lists around are indented
    for number, line in enumerate(body.expandtabs(4).split("\n")):
        if not line.strip(" >*+-_"):
            continue  # a rule across the page, or nothing
        indent = len(line) - len(line.lstrip(" "))
        markers = len(MARKER.findall(LEAD.match(line)[0]))  # type: ignore[index] # it may be empty, and so always matches
        if markers or not indent:
            while open_lists and open_lists[-1] >= indent:
                open_lists.pop()
        if len(open_lists) + markers > DEEP_MOST:
            return number
        if markers:
            open_lists.append(indent)
    return None


def numbered(text: str, matches: Iterable[re.Match[str]]) -> Iterator[tuple[int, re.Match[str]]]:
    """Each match in a text with its line from 0; counted on from match to match, for there may be a hundred thousand."""
    line = at = 0
    for match in matches:
        line += text.count("\n", at, match.start())
        at = match.start()
        yield line, match
