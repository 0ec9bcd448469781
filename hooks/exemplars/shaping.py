"""Nodes + schema → records: every typed value is decided here, and every refusal says which key and what it takes."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache, lru_cache
from sys import intern
from typing import TYPE_CHECKING, Any

from exemplars.model import Problem
from exemplars.schema import (
    Choice,
    Count,
    Day,
    Flag,
    Group,
    Key,
    Many,
    Moment,
    Ref,
    Shape,
    Slug,
    Table,
    Text,
    attribute,
    keys_of,
)  # fmt: skip
from exemplars.strict_yaml import Listing, Mapping, Node, Scalar, absent
from exemplars.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
TYPED_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})\Z")
MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T]([0-9]{2}):([0-9]{2})(?::00)?)?\Z")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
SHORT = 40
TRUE, FALSE = frozenset({"true", "True", "TRUE"}), frozenset({"false", "False", "FALSE"})


class _Shaper:
    """One file's nodes into records; faults gather in `problems`, and what is faulty stays empty."""

    def __init__(self, path: str, problems: list[Problem]) -> None:
        self.path = path
        self.problems = problems

    def refuse(self, code: str, node: Node, says: str, do: str) -> None:
        self.problems.append(Problem(self.path, node.line, node.column, code, "error", says, do))

    def wants(self, key: Key, node: Node, what: str) -> None:
        shown = node.text if isinstance(node, Scalar) else "một danh sách" if isinstance(node, Listing) else "một nhóm mục"
        self.refuse("CT010", node, f"«{key.label}» (`{key.name}`) không nhận «{shown}».", f"Hãy ghi {what}.")

    def record(self, of: type, node: Mapping, **given: Any) -> Any:
        shapes = _shapes_of(of)
        found: dict[str, Any] = given
        for name, (line, column, value) in node.entries.items():
            known = shapes.get(name)
            if known is None:
                self.unknown(name, line, column, value, keys_of(of))
            elif not absent(value):
                field, key, shaper = known
                shaped = shaper(self, key, key.shape, value)
                if shaped is not None:
                    found[field] = shaped
        return of(**found)

    def unknown(self, name: str, line: int, column: int, value: Node, keys: dict[str, Key]) -> None:
        if split_off(name, line, column, value):
            says = f"Dấu phẩy trong ngoặc nhọn tách «{name}» thành một mục riêng."
            do = "Hãy đặt cả giá trị trong dấu nháy kép; nếu là danh sách thì trong dấu [ ]."
        else:
            near, says = nearest(name, keys), f"Không có mục «{name}»."
            do = f"Có phải là «{near}»?" if near else f"Các mục được dùng: {', '.join(keys)}."
        self.problems.append(Problem(self.path, line, column, "CT006", "error", says, do))

    def text(self, key: Key, _shape: Shape, node: Node) -> str | None:
        if isinstance(node, Scalar):
            text = node.text.strip()
            return intern(text) if len(text) < SHORT else text  # units, offices, ids: the same words in story after story
        self.wants(key, node, "một dòng chữ")
        return None

    def slug(self, key: Key, _shape: Shape, node: Node) -> str | None:
        if isinstance(node, Scalar) and SLUG.match(node.text):
            return intern(node.text)
        self.wants(key, node, f"chữ thường không dấu, số và gạch ngang, ví dụ {key.example or 'gio-truc-dem'}")
        return None

    def day(self, key: Key, _shape: Shape, node: Node) -> dt.date | None:
        typed = node.text if isinstance(node, Scalar) else ""
        day = day_of(typed)
        if day is None:
            said = day_first(typed)
            do = f"Hãy viết năm-tháng-ngày: {said}." if said else "Hãy viết năm-tháng-ngày, ví dụ 2020-06-09."
            if DAY.match(typed):
                do = "Lịch không có ngày này: hãy xem lại tháng và ngày."
            self.refuse("CT003", node, f"«{key.label}» (`{key.name}`): ngày «{typed}» không hợp lệ.", do)
        return day

    def moment(self, key: Key, _shape: Shape, node: Node) -> dt.datetime | None:
        typed = node.text if isinstance(node, Scalar) else ""
        match = MOMENT.match(typed)
        day = day_of(match[1]) if match else None
        if match is None or day is None or int(match[2] or 0) > 23 or int(match[3] or 0) > 59:  # noqa: PLR2004
            do = "Hãy viết năm-tháng-ngày giờ:phút, ví dụ 2020-08-19 08:00."
            self.refuse("CT003", node, f"«{key.label}» (`{key.name}`): thời điểm «{typed}» không hợp lệ.", do)
            return None
        return dt.datetime(day.year, day.month, day.day, int(match[2] or 0), int(match[3] or 0))  # noqa: DTZ001 - Vietnam's wall clock

    def flag(self, key: Key, _shape: Shape, node: Node) -> bool | None:
        typed = node.text if isinstance(node, Scalar) else ""
        if typed in TRUE or typed in FALSE:
            return typed in TRUE
        self.wants(key, node, "true (có) hoặc false (không)")
        return None

    def count(self, key: Key, _shape: Shape, node: Node) -> int | None:
        typed = node.text if isinstance(node, Scalar) else ""
        if typed.isascii() and typed.isdigit() and int(typed[:9]) > 0:
            return int(typed[:9])
        self.wants(key, node, "một số nguyên từ 1")
        return None

    def choice(self, key: Key, shape: Choice, node: Node) -> str | None:
        if isinstance(node, Scalar) and node.text in shape.of:
            return node.text
        self.wants(key, node, f"một trong: {', '.join(shape.of)}")
        return None

    def many(self, key: Key, shape: Many, node: Node) -> tuple[Any, ...] | None:
        if isinstance(node, Listing):
            items = node.items
        elif shape.or_one:
            items = [node]
        else:
            self.wants(key, node, "một danh sách: mỗi dòng một gạch đầu dòng, hoặc [một, hai]")
            return None
        shaped = [SHAPERS[type(shape.of)](self, key, shape.of, item) for item in items if not absent(item)]
        if isinstance(shape.of, Group):  # a faulty one keeps its number: evidence counts awards and figures
            shaped = [shape.of.of() if one is None else one for one in shaped]
        return tuple(one for one in shaped if one is not None)

    def group(self, key: Key, shape: Group, node: Node) -> Any:
        if isinstance(node, Mapping):
            return self.record(shape.of, node)
        self.wants(key, node, f"các mục con: {', '.join(keys_of(shape.of))}")
        return None

    def table(self, key: Key, shape: Table, node: Node) -> tuple[Any, ...] | None:
        if not isinstance(node, Mapping):
            self.wants(key, node, "mỗi mã một dòng, dưới mã là các mục con")
            return None
        rows = []
        for id_, (_, _, value) in node.entries.items():
            if isinstance(value, Mapping):
                rows.append(self.record(shape.of, value, id=id_))
            elif absent(value):
                rows.append(shape.of(id=id_))
            else:
                self.wants(key, value, f"các mục con: {', '.join(keys_of(shape.of))}")
        return tuple(rows)


SHAPERS: dict[type, Callable[[_Shaper, Key, Any, Node], Any]] = {
    Text: _Shaper.text, Slug: _Shaper.slug, Day: _Shaper.day, Moment: _Shaper.moment, Flag: _Shaper.flag,
    Count: _Shaper.count, Choice: _Shaper.choice, Ref: _Shaper.text, Many: _Shaper.many, Group: _Shaper.group,
    Table: _Shaper.table,
}  # fmt: skip


def split_off(name: str, line: int, column: int, value: Node) -> bool:
    """Whether an entry is what a comma in an unquoted value left: `{value: 1,5}` has a key «5», without a colon behind it."""
    return isinstance(value, Scalar) and not value.text and (value.line, value.column) == (line, column + len(name))


@cache
def _shapes_of(of: type) -> dict[str, tuple[str, Key, Callable[[_Shaper, Key, Any, Node], Any]]]:
    """For each key of a record: its attribute, itself, and what shapes its value."""
    return {name: (attribute(of, name), key, SHAPERS[type(key.shape)]) for name, key in keys_of(of).items()}


@lru_cache(maxsize=4096)
def day_of(typed: str) -> dt.date | None:
    """`2020-06-09` → the date; None for anything else, days that do not exist included."""
    match = DAY.match(typed)
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def day_first(typed: str) -> str | None:
    """What a day typed the Vietnamese way (09/6/2020) is in our form; always day first."""
    match = TYPED_DAY.match(typed)
    said = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}" if match else ""
    return said if day_of(said) else None


def shaped(of: type, node: Mapping, path: str, **given: Any) -> tuple[Any, list[Problem]]:
    """A record of type `of` from a mapping; faulty values are left empty and reported."""
    problems: list[Problem] = []
    return _Shaper(path, problems).record(of, node, **given), problems
