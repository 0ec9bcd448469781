"""A content file under repair, its entries and values with their places, and what replaces some of its characters."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars.model import Edit, kind_of
from exemplars.schema import Group, Many, Table, keys_of
from exemplars.strict_yaml import Listing, Mapping, Node, Refused, Scalar, absent, parse
from exemplars.texts import split

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exemplars.schema import Key


class Page(NamedTuple):
    """A content file under repair: the record it should hold, its text, and where its YAML stands in it."""

    of: type
    text: str
    block: str
    at: int
    rows: bool

    @property
    def first_line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    @property
    def body_at(self) -> int:
        parts = None if self.rows else split(self.text)
        return len(self.text) - len(parts[1]) if parts else len(self.text)

    def nodes(self) -> Node | None:
        try:
            return parse(self.block, "", self.first_line)[0]
        except Refused:
            return None

    def repeats(self) -> bool:
        """Some key is written twice."""
        try:
            return any(problem.code == "CT008" for problem in parse(self.block, "", self.first_line)[1])
        except Refused:
            return False

    def mappings(self) -> tuple[Mapping, ...]:
        node = self.nodes()
        found = node.items if isinstance(node, Listing) and self.rows else [node]
        return tuple(one for one in found if isinstance(one, Mapping))

    def offset(self, line: int, column: int) -> int:
        return _starts(self.text)[line - 1] + column - 1

    def span(self, node: Scalar) -> tuple[int, int] | None:
        """Where the characters of a value stand, inside its quotes; None when they are not written as they read."""
        start = self.offset(node.line, node.column) + node.quoted
        end = start + len(node.text)
        return (start, end) if self.text[start:end] == node.text and "\n" not in node.text else None


@lru_cache(maxsize=1)
def _starts(text: str) -> tuple[int, ...]:
    """Where each line begins."""
    return (0, *(found.end() for found in re.finditer("\n", text)))


def page(path: str, text: str) -> Page | None:
    of = kind_of(path)
    if of is None:
        return None
    if path.endswith(".yml"):
        return Page(of, text, text, 0, rows=True)
    parts = split(text)
    return Page(of, text, parts[0] if parts else "", 4 if parts else 0, rows=False)


def applied(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


LINE_ENDS = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


def by_line(code: str, old: str, new: str) -> Iterator[Edit]:
    """The lines that differ between two texts of as many lines."""
    at = 0
    for was, becomes in zip(LINE_ENDS.split(old), LINE_ENDS.split(new), strict=True):
        if was != becomes:
            yield Edit(code, at, at + len(was), becomes)
        at += len(was)


def named(of: type, node: Node) -> Iterator[tuple[type, Mapping]]:
    """Every group of keys in a record, with the type whose keys it has."""
    if not isinstance(node, Mapping):
        return
    yield of, node
    for name, (_, _, value) in node.entries.items():
        match keys_of(of)[name].shape if name in keys_of(of) else None:
            case Group(of=inner):
                yield from named(inner, value)
            case Table(of=inner) if isinstance(value, Mapping):
                for _, _, row in value.entries.values():
                    yield from named(inner, row)
            case Many(of=Group(of=inner)) if isinstance(value, Listing):
                for row in value.items:
                    yield from named(inner, row)


def values_of(page: Page) -> Iterator[tuple[Key, Any, Node]]:
    """Every value with its key and shape; lists item by item, and once whole."""
    for root in page.mappings():
        for of, group in named(page.of, root):
            for name, (_, _, value) in group.entries.items():
                key = keys_of(of).get(name)
                if key is None or absent(value):
                    continue
                yield key, key.shape, value
                if isinstance(key.shape, Many):
                    for item in value.items if isinstance(value, Listing) else [value]:
                        if not absent(item):
                            yield key, key.shape.of, item


def scalars(page: Page, *shapes: type) -> Iterator[tuple[Key, Any, Scalar, int, int]]:
    for key, shape, node in values_of(page):
        if isinstance(shape, shapes) and isinstance(node, Scalar) and (span := page.span(node)):
            yield key, shape, node, *span
