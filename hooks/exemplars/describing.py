"""The schema told outward: the annotated front matter of CONTRIBUTING and a JSON Schema, both made from `model.py`."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any

from exemplars.model import Approval, AwardKind, Campaign, Document, Event, Plan, Scope, Story, Term, Unit
from exemplars.schema import Choice, Count, Day, Flag, Group, Key, Many, Moment, Shape, Slug, Table, Text, keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDS: dict[str, type] = {
    "story": Story, "campaign": Campaign, "plan": Plan, "document": Document, "event": Event, "unit": Unit, "award": AwardKind,
    "scope": Scope, "term": Term, "approval": Approval,
}  # fmt: skip
NEEDS = {"always": "bắt buộc", "ready": "cần trước khi trình Hội đồng", "": "không bắt buộc"}
WIDTH = 92


def annotated(record: type) -> str:
    """Every key of a record as a writer types it, each with its label, need and hint in a comment above it."""
    return "\n".join(["---", *_annotated(record, ""), "---"])


def _annotated(record: type, indent: str) -> Iterator[str]:
    for key in keys_of(record).values():
        need = NEEDS[key.need] + (" với cá nhân" if key.asked and key.need == "ready" and key.name == "role" else "")
        said = f"{key.label} ({need}). {key.hint}".strip()
        yield from (f"{indent}# {line}" for line in textwrap.wrap(said, WIDTH - len(indent)))
        match key.shape:
            case Group(of):
                yield f"{indent}{key.name}:"
                yield from _annotated(of, indent + "  ")
            case Table(of):
                yield f"{indent}{key.name}:"
                yield f"{indent}  A2:"
                yield from _annotated(of, indent + "    ")
            case Many(of=Group(of)):
                yield f"{indent}{key.name}:"
                for at, line in enumerate(_annotated(of, "")):
                    yield f"{indent}  {'- ' if at == 0 else '  '}{line}"
            case _:
                yield f"{indent}{key.name}: {key.example}".rstrip()


def json_schema() -> str:
    """All records as one JSON Schema (draft 2020-12); every scalar may also be typed without quotes."""
    definitions = {name: _object(record) for name, record in RECORDS.items()}
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Gương sáng", "$defs": definitions,
        "$ref": "#/$defs/story",
    }  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _object(record: type) -> dict[str, Any]:
    keys = keys_of(record)
    required = [key.name for key in keys.values() if key.need == "always"]
    return {
        "type": "object", "additionalProperties": False,
        "properties": {key.name: _property(key) for key in keys.values()},
        **({"required": required} if required else {}),
    }  # fmt: skip


def _property(key: Key) -> dict[str, Any]:
    example = {"examples": [key.example]} if key.example else {}
    return {"title": key.label, **({"description": key.hint} if key.hint else {}), **example, **_type(key.shape)}


def _type(shape: Shape) -> dict[str, Any]:
    match shape:
        case Text(most):
            return {"type": ["string", "number"], **({"maxLength": most} if most else {})}
        case Slug():
            return {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}
        case Day():
            return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
        case Moment():
            return {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2})?$"}
        case Flag():
            return {"type": "boolean"}
        case Count():
            return {"type": "integer", "minimum": 1}
        case Choice(of):
            return {"enum": list(of)}
        case Many(of, or_one):
            many = {"type": "array", "items": _type(of)}
            return {"anyOf": [many, _type(of)]} if or_one else many
        case Group(of):
            return _object(of)
        case Table(of):
            return {"type": "object", "additionalProperties": _object(of)}
        case _:
            return {"type": "string"}
