"""Repairs of keys: written twice, called otherwise, out of order."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from exemplars.model import Edit
from exemplars.repairing.page import named
from exemplars.repairing.syntax import in_quotes
from exemplars.schema import Many, Text, keys_of
from exemplars.shaping import SLUG, split_off
from exemplars.strict_yaml import Mapping, Refused, Scalar, parse, plain
from exemplars.vietnamese import nearest, slug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Site
    from exemplars.repairing.page import Page
    from exemplars.schema import Shape
    from exemplars.strict_yaml import Node

MOST = 40  # keys written twice: more are no slips


class _Line(NamedTuple):
    start: int
    text: str


def _entry_lines(page: Page) -> list[_Line]:
    lines, at = [], page.at
    for line in page.block.splitlines(keepends=True):
        lines.append(_Line(at, line))
        at += len(line)
    return lines


def repeated(page: Page, _site: Site) -> Iterator[Edit]:
    """A top-level entry written twice, word for word."""
    if page.rows:
        return
    try:
        node, problems = parse(page.block, "", 0)
    except Refused:
        return
    lines = _entry_lines(page)
    for problem in problems if len(problems) <= MOST else ():
        if problem.code == "CT008" and problem.column == 1 and isinstance(node, Mapping):
            again = _entry(lines, problem.line)
            name = again[0].text.partition(":")[0].strip("\"' ")
            start, end = again[0].start, again[-1].start + len(again[-1].text)
            same = name in node.entries and _joined(_entry(lines, node.entries[name][0])) == _joined(again)
            if same and _same(node, page.block[: start - page.at] + page.block[end - page.at :]):
                yield Edit("CT008", start, end, "")


def _entry(lines: list[_Line], at: int) -> list[_Line]:
    """The lines of the top-level entry that begins at a line: its own, and those below that are indented or items."""
    end = at + 1
    while end < len(lines) and lines[end].text[:1] in {" ", "-"}:
        end += 1
    return lines[at:end]


def _joined(lines: list[_Line]) -> str:
    return "".join(line.text for line in lines).rstrip()


def commas(page: Page, _site: Site) -> Iterator[Edit]:
    """A value in braces with a comma in it, `{value: 1,5}`: in quotes, with all that the commas have split off; a list of ids in
    brackets. Whether a comma in another list parts two items is the writer's to say.
    """
    for root in page.mappings():
        for of, group in named(page.of, root):
            span, end, shape = None, 0, None
            for entry in (*group.entries.items(), None):
                if entry and _piece(entry, of):
                    name, (line, column, _) = entry
                    end = page.offset(line, column) + len(name)
                    continue
                whole = page.text[span[0] : end] if span and end else "\n"
                if span and "\n" not in whole and (right := _together(whole, shape)):
                    yield Edit("CT006", span[0], end, right)
                name, (_, _, value) = entry or ("", (0, 0, None))
                span, end = (page.span(value) if isinstance(value, Scalar) and not value.quoted else None), 0
                shape = keys_of(of)[name].shape if name in keys_of(of) else None


def _together(whole: str, shape: Shape | None) -> str:
    """What commas have split, as one value; "" where nobody can tell whether they part the items of a list."""
    if not isinstance(shape, Many):
        return in_quotes(whole)
    if all(SLUG.match(one.strip()) for one in whole.split(",")):
        return f"[{whole}]"
    return in_quotes(whole) if shape.or_one and isinstance(shape.of, Text) else ""


def _piece(entry: tuple[str, tuple[int, int, Node]], of: type) -> bool:
    """Whether an entry is what a comma has split off, and no slip of a key either."""
    name, (line, column, value) = entry
    return split_off(name, line, column, value) and nearest(name, keys_of(of)) is None


def key_names(page: Page, _site: Site) -> Iterator[Edit]:
    """Keys that are right but for capitals, hyphens, or because the label was written: «Tiêu đề», `Title`, `as-of`."""
    if page.repeats():
        return  # which of the two is meant is the writer's to say
    for root in page.mappings():
        for of, group in named(page.of, root):
            twins = Counter(map(slug, group.entries))
            for name, (line, column, _) in group.entries.items():
                start = page.offset(line, column)
                meant = _meant(name, of) if twins[slug(name)] == 1 else ""
                meant = "" if meant in group.entries else meant
                if meant and page.text[start : start + len(name)] == name:
                    yield Edit("CT006", start, start + len(name), meant)


def _meant(typed: str, of: type) -> str:
    """The one key that is called so; "" when it is a key already, or none or several are."""
    same = _callings(of).get(slug(typed), ())
    return same[0] if len(same) == 1 and typed not in keys_of(of) else ""


@cache
def _callings(of: type) -> dict[str, tuple[str, ...]]:
    """Keys by what they are called: their names and labels, without capitals and marks."""
    found: dict[str, tuple[str, ...]] = {}
    for name, key in keys_of(of).items():
        for called in {slug(name), slug(key.label)}:
            found[called] = (*found.get(called, ()), name)
    return found


def order(page: Page, _site: Site) -> Iterator[Edit]:
    """Top-level keys in the order of the schema, each with the comments above it and all that stands below it.

    A key that is not known stays behind the one it follows; a comment set off by a blank line keeps its place at the top.
    """
    node = None if page.rows else page.nodes()
    lines = page.block.splitlines(keepends=True)
    if not isinstance(node, Mapping) or page.repeats() or not all(column == 1 for _, column, _ in node.entries.values()):
        return
    places = [line - page.first_line for line, _, _ in node.entries.values()]
    if len(set(places)) != len(places) or sorted(places) != places:
        return
    heads = [_head(lines, place) for place in places]
    parts = ["".join(lines[start:end]) for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)]
    ranks, rank, names = [], -1, list(keys_of(page.of))
    for name in node.entries:
        rank = names.index(name) if name in keys_of(page.of) else rank
        ranks.append(rank)
    ordered = [part for _, part in sorted(zip(ranks, parts, strict=True), key=lambda pair: pair[0])]
    new = "".join(lines[: heads[0]] if heads else lines) + "".join(ordered)
    if new != page.block and _same(node, new):
        yield Edit("", page.at, page.at + len(page.block), new)


def _head(lines: list[str], place: int) -> int:
    while place and lines[place - 1].startswith("#"):
        place -= 1
    return place


def _same(node: Mapping, block: str) -> bool:
    """Whether the lines say what the node says."""
    try:
        return bool(plain(parse(block, "")[0]) == plain(node))
    except Refused:
        return False
