"""What a page says to machines."""

from __future__ import annotations

import json
import re
from html import unescape

import html5lib

from exemplars.metadata import SHARED, head
from exemplars.model import Settings
from exemplars.pages import Page
from exemplars.pages.home import shell_page

SETTINGS = Settings(
    site_name="Gương sáng", site_url="https://portal.example/guong-sang/", publisher="Sở & các phòng", tag="portal.example,2020"
)
NASTY = '</script><script>alert(1)</script> "nháy" & <b>'


def meta(made: str) -> dict[str, list[str]]:
    """Every name and property → its contents."""
    found: dict[str, list[str]] = {}
    for attributes in re.findall(r"<meta([^>]*)>", made):
        given = {name: unescape(value) for name, value in re.findall(r'(\w+)="([^"]*)"', attributes)}
        for key in ("name", "property"):
            if key in given:
                found.setdefault(given[key], []).append(given["content"])
    return found


def linked(made: str) -> list[dict[str, object]]:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', made, re.DOTALL)
    graph: list[dict[str, object]] = json.loads(data)["@graph"]
    return graph


def test_no_text_can_end_the_data_block_or_an_attribute() -> None:
    made = head(shell_page("gioi-thieu/", NASTY, NASTY), SETTINGS)
    assert meta(made)["og:title"] == [NASTY]
    assert linked(made)[0]["description"] == NASTY
    parsed = html5lib.parse(f"<!doctype html><title>x</title>{made}", namespaceHTMLElements=False)
    assert len(parsed.findall(".//script")) == 1
    assert parsed.find(".//b") is None


def test_the_six_are_on_every_page() -> None:
    told = meta(head(shell_page("tiep-can/", "Tiếp cận", "Ai cũng đọc được."), SETTINGS))
    assert told["DC.title"] == ["Tiếp cận"]
    assert told["DC.creator"] == told["DC.publisher"] == ["Sở & các phòng"]
    assert told["DC.identifier"] == ["https://portal.example/guong-sang/tiep-can/"]
    assert all(told[f"DC.{name}"] for name in ("description", "language", "format", "type"))


def test_the_home_page_is_the_site() -> None:
    made = head(shell_page("", "Trang chủ", "Về trang"), SETTINGS, home=True)
    assert linked(made)[0]["@type"] == "WebSite"
    assert meta(made)["og:title"] == ["Gương sáng"]
    assert meta(made)["og:image"] == [SETTINGS.site_url + SHARED[0]]


def test_the_way_to_a_page_is_told_as_it_is_shown() -> None:
    page = Page("don-vi/so/", "list.html", "Sở", "Đơn vị", {"crumbs": (("don-vi/", "Đơn vị"),)})
    steps = linked(head(page, SETTINGS))[-1]["itemListElement"]
    assert [(step["position"], step["name"], step.get("item", "")) for step in steps] == [  # type: ignore[attr-defined]
        (1, "Gương sáng", SETTINGS.site_url), (2, "Đơn vị", f"{SETTINGS.site_url}don-vi/"), (3, "Sở", ""),
    ]  # fmt: skip
