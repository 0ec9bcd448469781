"""Bài giống nhau: bản chép, bản sửa vài chữ thì thấy; bài khác thì không; đông mấy cũng một lượt."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars.likeness import candidates, fingerprint, likeness

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def bodies(repository: Path) -> list[str]:
    return [path.read_text(encoding="utf-8").split("\n---\n", 1)[1] for path in sorted(repository.glob("stories/*/*/index.md"))]


def edited(text: str, share: float) -> str:
    """The text with so many of its words replaced by others of its own."""
    rng = random.Random(share)  # noqa: S311
    words = text.split(" ")
    return " ".join(rng.choice(words) if rng.random() < share else word for word in words)


def test_different_stories_are_not_alike(bodies: list[str]) -> None:
    assert list(candidates(map(fingerprint, bodies))) == []
    assert max(likeness(one, other) for one in bodies for other in bodies if one is not other) < 0.1


@pytest.mark.parametrize("share", [0, 0.01, 0.03, 0.05])
def test_a_copy_with_a_few_words_changed_is_found_among_all(share: float, bodies: list[str]) -> None:
    for at, body in enumerate(bodies):
        copy = edited(body, share)
        assert (len(bodies), at) in candidates(map(fingerprint, [*bodies, copy]))
        assert likeness(body, copy) > 0.8


def test_half_a_story_told_anew_is_not_a_copy(bodies: list[str]) -> None:
    for body, other in pairwise(bodies):
        half = body[: len(body) // 2] + other[len(other) // 2 :]
        assert likeness(body, half) < 0.8


def test_a_part_of_a_story_is_found_in_it(bodies: list[str]) -> None:
    part = bodies[0][: len(bodies[0]) // 2]
    assert likeness(part, bodies[0]) > 0.95
    assert (len(bodies), 0) in candidates(map(fingerprint, [*bodies, part]))


def test_copies_of_copies_each_lead_to_the_one_before(bodies: list[str]) -> None:
    found = list(candidates(fingerprint(bodies[0]) for _ in range(50)))
    assert found == [(at, at - 1) for at in range(1, 50)]


def test_texts_without_words_are_not_compared() -> None:
    assert fingerprint("") == fingerprint("một hai ba") == ()
    assert list(candidates([(), (), ()])) == []
    assert likeness("", "") == likeness("", "một hai ba bốn") == 0


def test_a_fingerprint_is_small_and_of_the_text_alone(bodies: list[str]) -> None:
    """The same numbers in another process with another hash seed."""
    assert all(10 <= len(fingerprint(body)) <= 80 for body in bodies)
    code = "import sys; from exemplars.likeness import fingerprint; print(fingerprint(sys.stdin.read()))"
    for seed in ("1", "2"):
        told = subprocess.run(
            [sys.executable, "-c", code], input=bodies[0], encoding="utf-8", capture_output=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path), "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert told.stdout == f"{fingerprint(bodies[0])}\n"


@given(st.text(), st.text())
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) == likeness(other, one) <= 1
    assert all(0 <= number < 2**32 for number in fingerprint(one))
