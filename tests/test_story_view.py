"""What a card shows of a story."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exemplars.story_view import TEASER, teaser


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Ba mươi phút mỗi chiều thứ sáu.", "Ba mươi phút mỗi chiều thứ sáu.", id="ngắn thì giữ nguyên"),
        pytest.param("Một " + "hai " * 40, "Một" + " hai" * 24 + "…", id="dài thì cắt giữa hai tiếng"),
        pytest.param("dài, " * 30, "dài" + ", dài" * 19 + "…", id="không để lại dấu phẩy"),
        pytest.param("x" * 300, "x" * TEASER + "…", id="một tiếng rất dài"),
        pytest.param("", "", id="không có"),
    ],
)
def test_teaser(text: str, shown: str) -> None:
    assert teaser(text) == shown


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text("aăđ ộ,.", max_size=300))
def test_a_teaser_begins_as_the_summary_does(text: str) -> None:
    shown = teaser(text)
    assert len(shown) <= TEASER + 1
    assert shown == text or text.startswith(shown.removesuffix("…"))
