"""The one stylesheet: colours that can be read in both schemes, nothing from elsewhere, no class that no page uses."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

THEME = Path(__file__).resolve().parent.parent / "hooks/theme"
STYLE = (THEME / "assets/exemplars.css").read_text()
SCHEMES = dict(zip(("light", "dark"), re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)[:2], strict=True))
TEXT = [("ink", "paper"), ("ink", "soft"), ("ink", "card"), ("ink", "target"), ("muted", "paper"), ("muted", "soft"), ("muted", "card"),
        ("link", "paper"), ("link", "soft"), ("link", "card"), ("kicker", "paper"), ("kicker", "soft"), ("kicker", "card"),
        ("band-ink", "band"), ("band-ink", "act"), ("yes", "soft"), ("face-ink", "face")]  # fmt: skip
INTERFACE = [("line", "paper"), ("line", "card"), ("line", "soft"), ("bar", "paper"), ("bar", "faint"), ("link", "target")]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(scheme: str, one: str, other: str) -> float:
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", SCHEMES[scheme]))
    dark, light = sorted((luminance(colours[one]), luminance(colours[other])))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(("least", "pairs"), [pytest.param(7, TEXT, id="chữ"), pytest.param(3, INTERFACE, id="viền, hình")])
def test_contrast(scheme: str, least: float, pairs: list[tuple[str, str]]) -> None:
    found = {(one, other): round(contrast(scheme, one, other), 2) for one, other in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < least} == {}


def test_nothing_from_elsewhere() -> None:
    assert "@import" not in STYLE
    assert not re.search(r"url\(\s*[\"']?(https?:)?//", STYLE)


def test_no_class_that_no_page_uses() -> None:
    markup = "\n".join(path.read_text() for path in (*THEME.rglob("*.html"), *THEME.rglob("*.js")))
    written_by_code = {"giua", "phai"}  # `rendering.ALIGNED`
    used = {name for found in re.findall(r'class="([^"]*)"|className = "([^"]*)"', markup) for name in " ".join(found).split()}
    used |= set(re.findall(r'"(larger|largest)"', markup)) | written_by_code
    styled = set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"url\([^)]*\)|/\*.*?\*/", "", STYLE)))
    assert styled - used == set()


def test_the_script_is_small() -> None:
    assert (THEME / "assets/tools.js").stat().st_size <= 3_000


def test_what_is_said_of_comforts_is_true() -> None:
    """The page on accessibility names buttons that the script adds, and its menu is none of dishes."""
    told = (THEME.parent.parent / "content/tiep-can.md").read_text()
    named = set(re.findall(r"«([^»]+)»", told))
    assert named == {"Cỡ chữ", "Nghe"}
    assert named <= set(re.findall(r'add\("([^"]+)"', (THEME / "assets/tools.js").read_text()))
    assert "thực đơn" not in told
