"""What is generated from the schema: fresh, complete, and readable by our own reader."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from exemplars.describing import RECORDS, annotated, json_schema
from exemplars.model import Story
from exemplars.schema import keys_of, values
from exemplars.texts import StrictHandler


def test_generated_files_are_fresh(repository: Path) -> None:
    done = subprocess.run([sys.executable, str(repository / "scripts/generate.py"), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", ["story", "campaign", "document", "event"])
def test_the_annotated_front_matter_can_be_read(a_root, name: str) -> None:
    from exemplars.shaping import shaped
    from exemplars.strict_yaml import parse

    text = annotated(RECORDS[name]).removeprefix("---\n").removesuffix("\n---")
    node, problems = parse(text, "mẫu")
    assert problems == []
    record, faults = shaped(RECORDS[name], node, "mẫu")
    assert [str(fault) for fault in faults] == []
    lacking = [
        key.name for where, key, value, _ in values(record) if key.need == "always" and not value and len(where) == 1 and key.example
    ]
    assert lacking == []


def test_every_key_has_a_vietnamese_label() -> None:
    for record in RECORDS.values():
        for key in keys_of(record).values():
            assert key.label
            assert re.search(r"[À-ỹ]|Mã|Sai|Loại|Nhóm|min|Link|URL", key.label), key


def test_sample_stories_satisfy_the_json_schema(repository: Path) -> None:
    schema = json.loads(json_schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    handler = StrictHandler()
    for path in sorted(repository.glob("stories/*/*/index.md")):
        plain = _typed(handler.load(handler.split(path.read_text())[0]), Story)
        assert [error.message for error in validator.iter_errors(plain)] == [], path


def _typed(value: object, record: type) -> object:
    """Our reader leaves every scalar as text; a JSON Schema wants numbers and booleans."""
    if isinstance(value, dict):
        return {name: _typed(one, record) for name, one in value.items()}
    if isinstance(value, list):
        return [_typed(one, record) for one in value]
    if value in {"true", "false"}:
        return value == "true"
    return int(value) if isinstance(value, str) and re.fullmatch(r"[1-9]\d{0,2}", value) else value
