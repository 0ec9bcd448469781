"""Văn tự (VT): one table a rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from exemplars.rules import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("Hòa giải, khỏe, túy, quý.\n", [], id="một kiểu"),
        pytest.param("Nhà hòa giải.\n\nAi cũng khoẻ.\n", [6], id="hai kiểu: chỗ ít hơn"),
        pytest.param("Ai cũng khoẻ.\n\nNhà hòa giải, hòa thuận.\n", [4], id="chỗ ít hơn đứng trước"),
        pytest.param("Nhà hòa giải, bà Thuý vui.\n", [], id="tên riêng"),
        pytest.param("Nhà hòa giải: “khoẻ”.\n", [], id="lời trích"),
        pytest.param("", [], id="không có thân"),
    ],
)
def test_one_place_for_tones(body: str, found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(wording.one_place_for_tones(a_story(body=body), a_site())) == found


def test_one_place_for_tones_says_which(a_story: Stories, a_site: Sites) -> None:
    (finding,) = wording.one_place_for_tones(a_story(body="Nhà hòa giải, hòa thuận, khoẻ.\n"), a_site())
    assert "2 chỗ như «hòa», 1 chỗ như «khoẻ»" in finding.says
    assert "«khoẻ» cũng viết «khỏe»" in finding.do
