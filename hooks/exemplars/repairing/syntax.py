"""Repairs of front matter that cannot be read: its two fences, and lines that YAML takes for something else."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from exemplars.model import Edit
from exemplars.repairing.page import by_line
from exemplars.schema import Group, Many, Table, keys_of
from exemplars.strict_yaml import Mapping, OddSign, Refused, Scalar, parse
from exemplars.texts import split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Site
    from exemplars.repairing.page import Page

DASHES = re.compile(r"(?:[-–—]{2,6}|—)\s*\Z")


def fences(page: Page, _site: Site) -> Iterator[Edit]:
    """The two lines of dashes, as Word and phones write them: with blanks, too many, drawn together; or the second forgotten."""
    if page.rows or split(page.text):
        return
    lines = page.text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None or not DASHES.match(lines[first].strip()):
        return
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    rest = range(first + 1, len(lines))
    last = next((n for n in rest if lines[n].rstrip() == "---"), None)
    if last is None:
        last = next((n for n in rest if DASHES.match(lines[n]) or lines[n].rstrip() == "..."), None)
    opening = Edit("CT007", 0, starts[first] + len(lines[first]), "---")
    if last is not None:
        yield from (opening, Edit("CT007", starts[last], starts[last] + len(lines[last]), "---"))
        return
    blank = next((n for n in rest if not lines[n].strip()), None)
    if blank is not None and _whole("\n".join(lines[first + 1 : blank]), page.of):
        yield from (opening, Edit("CT007", starts[blank], starts[blank], "---\n"))


def odd(page: Page, _site: Site) -> Iterator[Edit]:
    """Blanks and colons that only look like those of YAML."""
    lines = page.block.split("\n")
    for _ in range(TRIES):
        try:
            parse("\n".join(lines), "")
        except OddSign as odd:
            typed = lines[odd.line]
            end = odd.column + len(typed[odd.column :]) - len(typed[odd.column :].lstrip(odd.sign))
            right = " " * (end - odd.column) if odd.sign != "：" else ":" if typed[end : end + 1] == " " else ": "
            lines[odd.line] = typed[: odd.column] + right + typed[end:]
        except Refused:
            break
        else:
            break
    for edit in by_line("CT007", page.block, "\n".join(lines)):
        yield Edit(edit.code, edit.start + page.at, edit.end + page.at, edit.text)


def _whole(block: str, of: type) -> bool:
    """Whether the lines are a whole front matter: they can be read, and no key that a record must have is wanting."""
    try:
        node, problems = parse(block, "")
    except Refused:
        return False
    needed = {name for name, key in keys_of(of).items() if key.need == "always"}
    return isinstance(node, Mapping) and not problems and needed <= set(node.entries) <= set(keys_of(of))


# possessive throughout: a hostile line costs what its length is
ENTRY = re.compile(r"(?P<key>[ ]*+(?:-[ ]++)*+[\w-]++:)(?P<gap>[ \t]*+)(?P<rest>.*)\Z")
ALIAS = re.compile(r"[*&][A-Za-z0-9_-]+(?:\s|\Z)")
TRIES = 40


def misread(page: Page, _site: Site) -> Iterator[Edit]:
    """Lines that YAML takes for something else: a colon or sign in a value, a quote left open, tabs, no space after the colon."""
    text = page.block
    if not text or _fault(text) is None:
        return
    lines = text.split("\n")
    for _ in range(TRIES):
        fault = _fault("\n".join(lines))
        if fault is None:
            break
        better = next(
            (tried for tried in _tries(lines, fault, page.of) if (left := _fault("\n".join(tried))) is None or left > fault), None
        )
        if better is None:
            break
        lines = better
    else:
        return  # so many faults are not slips
    for edit in by_line("CT007", text, "\n".join(lines)):
        yield Edit(edit.code, edit.start + page.at, edit.end + page.at, edit.text)


def _fault(block: str) -> int | None:
    """The line, from 0, where reading stops."""
    try:
        node, _ = parse(block, "", 0)
    except Refused as refused:
        return refused.problem.line
    return node.line if isinstance(node, Scalar) else None


def _tries(lines: list[str], fault: int, of: type) -> Iterator[list[str]]:
    """The lines with one of them mended: the faulty one, or one before it that YAML read on from."""
    opened = (n for n in range(min(fault, len(lines)) - 1, -1, -1) if _goes_on(lines[n]))
    for number in (fault, *islice(opened, 3)):
        if number < len(lines) and (mended := _mended_line(lines, number, of)) not in {None, lines[number]}:
            yield [*lines[:number], str(mended), *lines[number + 1 :]]


def _goes_on(line: str) -> bool:
    """A quote opened and not closed, or no space after the colon."""
    found = ENTRY.match(line)
    if found is None or not found["rest"]:
        return False
    return not found["gap"] or (found["rest"][0] in {'"', "'"} and found["rest"].count(found["rest"][0]) == 1)


def _mended_line(lines: list[str], number: int, of: type) -> str | None:
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" in indent:
        return indent.replace("\t", "  ") + line[len(indent) :]
    found = ENTRY.match(line)
    if found is None:
        return None
    key, gap, rest = found.groups()
    if not gap:
        return f"{key} {rest}" if rest and key.strip(" -:") in _all_keys(of) else None
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if following.strip() and len(following) - len(following.lstrip()) > len(indent):
        return None  # the value goes on there
    comment = None if rest[:1] in {'"', "'"} else re.search(r"[ \t]#", rest)
    value = rest[: comment.start() if comment else None].rstrip()
    if not value or value[0] in "[{|>!" or ALIAS.match(value):
        return None
    return f"{key}{gap}{_quoted(value)}{rest[len(value) :]}"


def _quoted(value: str) -> str:
    """The value in quotes; one with a single quote mark has its closing one restored."""
    mark = value[0]
    if mark in {'"', "'"} and value.count(mark) == 1:
        value = value[1:]
    elif mark == '"' and value.endswith('"') and value.count('"') == 2 and "\\" in value:  # noqa: PLR2004 - \ means nothing to a writer
        value = value[1:-1]
    return in_quotes(value)


def in_quotes(value: str) -> str:
    """A text as a YAML scalar in quotes, the double ones where nothing in it would need escaping."""
    if ('"' in value or "\\" in value) and "'" not in value:
        return f"'{value}'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _all_keys(of: type) -> frozenset[str]:
    names = set()
    for name, key in keys_of(of).items():
        names.add(name)
        inner = key.shape.of if isinstance(key.shape, Many) else key.shape
        if isinstance(inner, Group | Table):
            names |= _all_keys(inner.of)
    return frozenset(names)
