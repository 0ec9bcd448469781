"""What text the Council approved: the hash of a story as a reader sees it, and the state that follows from it.

The hash says *which* text was approved, never *who* approved it; that is kept by the repository's permissions.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any

from exemplars.schema import Day, Group, Many, Moment, Table, attribute, keys_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.model import Approval, Story


class State(StrEnum):
    """Where a story stands; derived, never typed."""

    DRAFT = "bản nháp"
    AWAITING = "chờ Hội đồng"
    APPROVED = "đã duyệt"
    EDITED = "đã sửa sau khi duyệt"
    WITHDRAWN = "đã gỡ"


def text_sha256(story: Story) -> str:
    """Hash of what a reader can see: shown keys in schema order, the body, the photos' bytes.

    Not of the file: form editors reorder keys and drop comments, and that changes nothing for a reader.
    """
    seen = {**_shown(story), "body": story.origin.body.strip(), "photo_bytes": [photo.sha256 for photo in story.photos]}
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _shown(record: Any) -> dict[str, Any]:
    seen = {}
    for name, field, plain in _shown_keys(record.__class__):
        value = getattr(record, field)
        if value:
            seen[name] = plain(value) if plain else value
    return seen


@cache
def _shown_keys(of: type) -> tuple[tuple[str, str, Callable[[Any], Any] | None], ...]:
    """For each key that a reader sees: its name, its attribute, and how its value is told where JSON cannot say it."""
    return tuple((name, attribute(of, name), _plain(key.shape)) for name, key in keys_of(of).items() if key.shown)


def _plain(shape: Any) -> Callable[[Any], Any] | None:
    match shape:
        case Group():
            return _shown
        case Table():
            return lambda groups: {group.id: _shown(group) for group in sorted(groups, key=lambda group: group.id)}
        case Many(of=Group()):
            return lambda groups: [_shown(group) for group in groups]
        case Day() | Moment():
            return lambda day: day.isoformat()
        case _:
            return None


def state(story: Story) -> State:
    if story.withdrawn:
        return State.WITHDRAWN
    if story.draft:
        return State.DRAFT
    if story.approval is None:
        return State.AWAITING
    return State.APPROVED if story.approval.text_sha256 == story.text_sha256 else State.EDITED


def written(approval: Approval) -> str:
    """`approval.yml` as text: every string in double quotes, so that no YAML reader can take it for something else."""
    lines = ["# Quyết định của Hội đồng về đúng nội dung này. Tạo bằng scripts/approve.py, không sửa tay."]
    return "\n".join([*lines, *_lines(approval, "")]) + "\n"


def _lines(record: Any, indent: str) -> list[str]:
    lines = []
    for name, key in keys_of(record.__class__).items():
        value = getattr(record, attribute(record.__class__, name))
        if not value:
            continue
        match key.shape:
            case Group():
                lines += [f"{indent}{name}:", *_lines(value, indent + "  ")]
            case Many(of=Group()):
                lines.append(f"{indent}{name}:")
                for group in value:
                    first, *rest = _lines(group, indent + "    ")
                    lines += [f"{indent}  - {first.strip()}", *rest]
            case _:
                lines.append(f"{indent}{name}: {_scalar(value)}")
    return lines


def _scalar(value: Any) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_scalar, value)) + "]"
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value, ensure_ascii=False)
