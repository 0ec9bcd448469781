"""How a key of a content file is described: its shape, label, hint and example. What the keys are stands in `model.py`."""

from __future__ import annotations

import dataclasses
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, Union

from exemplars.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Where: TypeAlias = tuple[str | int, ...]
"""The way to a key: `("criteria", "A2", "quote")`, `("awards", 0, "date")`; positions in lists count from 0."""


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text, no markup; `most` counts characters."""

    most: int | None = None


@dataclass(frozen=True, slots=True)
class Slug:
    """ASCII letters, digits and single hyphens."""


@dataclass(frozen=True, slots=True)
class Day:
    """A date, written 2020-06-09."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and an hour in Vietnam, written 2020-06-09 08:00; the hour may be left out."""


@dataclass(frozen=True, slots=True)
class Flag:
    """`true` or `false`."""


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number from 1."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words that the rules themselves know."""

    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of a record in a collection of the site (`units`, `campaigns`, `kinds` …)."""

    to: str


@dataclass(frozen=True, slots=True)
class Many:
    """A list; with `or_one` a single value may stand without brackets."""

    of: Shape
    or_one: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A mapping with keys of its own, read into the dataclass `of`."""

    of: type


@dataclass(frozen=True, slots=True)
class Table:
    """A mapping from an id to a group; the id lands in the group's field `id`."""

    of: type


Shape: TypeAlias = Union[Text, Slug, Day, Moment, Flag, Count, Choice, Ref, "Many", "Group", "Table"]
Need: TypeAlias = Literal["always", "ready", ""]


@dataclass(frozen=True, slots=True)
class Key:
    """One key as a writer meets it.

    need    always: without it nothing can be built · ready: wanted once the story leaves draft · "": optional
    asked   need holds only where this says so of the surrounding record
    rule    the code of the rule that asks for a missing `ready` key, where it is not the general one
    shown   a reader sees it, so it belongs to the text that the Council approves
    """

    name: str
    label: str
    shape: Shape
    hint: str = ""
    example: str = ""
    need: Need = ""
    asked: Callable[[Any], bool] | None = None
    rule: str = ""
    shown: bool = True


_UNSET: Any = object()


def key(label: str, shape: Shape, *, default: Any = _UNSET, **described: Any) -> Any:
    """A dataclass field that carries its `Key`; the empty value follows from the shape."""
    if default is _UNSET:
        default = _empty(shape)
    return dataclasses.field(default=default, metadata={"key": (label, shape, described)})


def _empty(shape: Shape) -> Any:
    match shape:
        case Many() | Table():
            return ()
        case Text() | Slug() | Choice() | Ref():
            return ""
        case Flag():
            return False
        case _:
            return None


@cache
def keys_of(record: type) -> dict[str, Key]:
    """The keys of a record by their written name, in schema order; a field `from_` is written `from`."""
    found = {}
    for field in dataclasses.fields(record):
        if "key" in field.metadata:
            label, shape, described = field.metadata["key"]
            name = field.name.rstrip("_")
            found[name] = Key(name, label, shape, **described)
    return found


@cache
def attribute(record: type, name: str) -> str:
    """The attribute that holds a key: `from` → `from_`."""
    return name if name in record.__dataclass_fields__ else name + "_"  # type: ignore[attr-defined]


def dotted(where: Where) -> str:
    """The way to a key as a writer reads it, positions from 1: `("photos", 0, "alt")` → `photos[1].alt`."""
    said = ""
    for step in where:
        said += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if said else step
    return said


def labelled(record: type, where: Where) -> str:
    """The same in the words of the schema: `Ảnh 1 › Mô tả ảnh`; a step that no schema knows stays as it is written."""
    said: list[str] = []
    of: type | None = record
    shape: Shape | None = None
    for step in where:
        if isinstance(step, int):
            said[-1:] = [f"{said[-1] if said else ''} {step + 1}".strip()]
            of = shape.of.of if isinstance(shape, Many) and isinstance(shape.of, Group) else None
        elif isinstance(shape, Table) and of is None:
            said[-1:] = [f"{said[-1]} {step}"]
            of, shape = shape.of, None
        else:
            described = keys_of(of).get(step) if of else None
            said.append(described.label if described else step)
            shape = described.shape if described else None
            of = shape.of if isinstance(shape, Group) else None
    return " › ".join(said)


def keys_at(record: type, where: Where) -> dict[str, Key]:
    """The keys that may stand below a place: of the record itself for (), of an award for `("awards", 0)`; none below a plain value."""
    shape: Shape | None = Group(record)
    for step in where:
        match shape:
            case Group(of):
                described = keys_of(of).get(str(step))
                shape = described.shape if described else None
            case Table(of):
                shape = Group(of)
            case Many(of=one):
                shape = one
    return keys_of(shape.of) if isinstance(shape, Group) else {}


Told: TypeAlias = tuple[Where, Key, Any, Any]


def values(record: Any) -> tuple[Told, ...]:
    """Every key of a record and of the groups in it, present or not: (where, key, value, the group it stands in)."""
    return _walked(Same(record))


class Same:
    """A record by identity: to compare all its fields would cost more than to walk through them."""

    __slots__ = ("record",)

    def __init__(self, record: Any) -> None:
        self.record = record

    def __hash__(self) -> int:
        return id(self.record)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.record is self.record


@lru_cache(maxsize=1)
def _walked(same: Same) -> tuple[Told, ...]:
    """The last record asked for: half a dozen rules ask for the same one in turn."""
    told: list[Told] = []
    _walk(same.record, (), told)
    return tuple(told)


@cache
def _steps(record: type) -> tuple[tuple[str, Key, str, str], ...]:
    """For each key: its name, itself, its attribute, and how the groups below it are reached."""

    def below(shape: Shape) -> str:
        match shape:
            case Group():
                return "group"
            case Table():
                return "table"
            case Many(of=Group()):
                return "many"
            case _:
                return ""

    return tuple((name, key, attribute(record, name), below(key.shape)) for name, key in keys_of(record).items())


def _walk(record: Any, where: Where, told: list[Told]) -> None:
    for name, described, attribute_, below in _steps(record.__class__):
        value, here = getattr(record, attribute_), (*where, name)
        told.append((here, described, value, record))
        if not below or not value:
            continue
        if below == "group":
            _walk(value, here, told)
        elif below == "table":
            for group in value:
                _walk(group, (*here, group.id), told)
        else:
            for at, group in enumerate(value):
                _walk(group, (*here, at), told)


def references(record: Any) -> Iterator[tuple[Where, Key, str, str]]:
    """Every id that a record names: (where, key, collection, id)."""
    for where, described, value, _ in values(record):
        if not value:
            continue
        match described.shape:
            case Ref(to):
                yield where, described, to, value
            case Many(of=Ref(to), or_one=alone):
                for at, one in enumerate(value):
                    yield (where if alone and len(value) == 1 else (*where, at)), described, to, one
