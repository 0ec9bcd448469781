"""What a body typed as in Word turns into on a page: slips of layout, for the rule that names them and for `--fix`, which mends most.

Source: Python-Markdown. A list or table begins after a blank line only; a line after one that is indented by a tab or four blanks
is code; • and `1)` begin no list; there are no footnotes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

LIST, TABLE, BULLETS, NUMBERS, INDENT, TABS, NOTE = "list", "table", "bullets", "numbers", "indent", "tabs", "note"

_APART = re.compile(r" {0,3}(?:#{1,6}[ \t]|(?:[-=*_][ \t]*){3,}\Z)")  # headings and rules end what is above them
_INDENTED = re.compile(r" {0,3}\t|    ")
_ITEM = re.compile(r" {0,3}(?:[-*+]|[0-9]{1,3}\.)[ \t]+\S")
_BULLET = re.compile(r" {0,3}[•◦▪●‣∙·](?=\s|\w)\s*")
_NUMBER = re.compile(r" {0,3}([0-9]{1,2})\)\s+")
_RULER = re.compile(r" {0,3}\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*\Z")
_NOTE = re.compile(r"\[\^[^\]\s]{1,40}\]")
_SIGNS = ("\t", "|", "[^")  # of them a line that begins with a letter must hold one to be a slip


class Slip(NamedTuple):
    """Lines `first` to `last` of a body, from 0, that will not be shown as they were meant; `found`: what stands at fault."""

    kind: str
    first: int
    last: int
    found: str = ""


def slips(body: str) -> tuple[Slip, ...]:
    """Every slip of a Markdown body, from top to bottom."""
    return tuple(_slips(body.split("\n")))


def _slips(lines: list[str]) -> Iterator[Slip]:
    in_list = False
    before, at = "", 0  # the line above, "" where it is blank
    while at < len(lines):
        line = lines[at]
        if line[:1].isalpha() and not any(sign in line for sign in _SIGNS):  # by far the most
            in_list = in_list and bool(before)
            before, at = line, at + 1
            continue
        if line.strip():
            found = _slip(lines, at, before, in_list=in_list)
            if found:
                yield found
                at = found.last
                line = lines[at]
            if not _INDENTED.match(line):
                in_list = bool(_ITEM.match(line)) or (in_list and bool(before))
        before = line if line.strip() and not _APART.match(line) else ""
        at += 1


def _slip(lines: list[str], at: int, before: str, *, in_list: bool) -> Slip | None:
    """The slip that begins with this line."""
    line, rest = lines[at], range(at + 1, len(lines))
    if found := _NOTE.search(line):
        return Slip(NOTE, at, at, found[0])
    if _INDENTED.match(line):
        if in_list or before:
            return None
        end = next((n for n in rest if lines[n].strip() and not _INDENTED.match(lines[n])), len(lines))
        return Slip(INDENT, at, max(n for n in range(at, end) if lines[n].strip()))
    for kind, pattern in ((BULLETS, _BULLET), (NUMBERS, _NUMBER)):
        found = pattern.match(line)
        if found and (kind == BULLETS or not before or before.rstrip().endswith(":")):
            end = next((n for n in rest if not pattern.match(lines[n])), len(lines))
            if kind == BULLETS or before or end - at > 1:
                return Slip(kind, at, end - 1, found[0].strip())
    if _ITEM.match(line):
        more = at + 1 < len(lines) and _ITEM.match(lines[at + 1])
        glued = before and not in_list and not _ITEM.match(before) and (more or before.rstrip().endswith(":"))
        return Slip(LIST, at, at) if glued else None
    if at + 1 < len(lines) and "|" in line and before and _RULER.match(lines[at + 1]) and "|" not in before:
        return Slip(TABLE, at, at)
    if (columns := line.strip().count("\t")) and "|" not in line:
        end = next((n for n in rest if lines[n].strip().count("\t") != columns), len(lines))
        return Slip(TABS, at, end - 1) if end - at > 1 else None
    return None
