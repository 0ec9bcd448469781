"""The site's font holds every letter that Vietnamese is written with, every mark our pages use, and is small."""

from __future__ import annotations

import importlib.util
import re
import unicodedata
from pathlib import Path

from fontTools.ttLib import TTFont

REPOSITORY = Path(__file__).resolve().parent.parent
FONT = REPOSITORY / "hooks/theme/assets/fonts/guong-sang.woff2"
LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")


def held() -> set[str]:
    return {chr(code) for code in TTFont(FONT).getBestCmap()}


def test_every_vietnamese_letter_composed_and_not() -> None:
    vowels = {unicodedata.normalize("NFC", vowel + tone) for vowel in "aăâeêioôơuưy" for tone in TONES}
    whole = vowels | set(LETTERS)
    whole |= {letter.upper() for letter in whole}
    parts = {char for letter in whole for char in unicodedata.normalize("NFD", letter)}
    assert (whole | parts) - held() == set()


def test_every_character_of_our_own_texts() -> None:
    files = [path for folder in ("hooks/theme", "content", "stories", "campaigns") for path in (REPOSITORY / folder).rglob("*")]
    shown = "".join(path.read_text(encoding="utf-8") for path in files if path.suffix in {".html", ".md", ".css"})
    assert {char for char in set(shown) - held() if char not in "\n\t\u0001"} == set()


def test_small_one_axis_and_another_name_than_its_source() -> None:
    font = TTFont(FONT)
    assert FONT.stat().st_size <= 40_000
    assert [(axis.axisTag, axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [("wght", 400, 700)]
    assert "Source" not in {font["name"].getDebugName(n) for n in (1, 4, 6)}, "a name reserved by its licence"
    assert (FONT.parent / "OFL.txt").is_file()


def test_the_script_asks_for_what_is_there() -> None:
    spec = importlib.util.spec_from_file_location("font", REPOSITORY / "scripts/font.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.CHARACTERS - held() == set()


def test_the_page_preloads_the_file_that_the_style_asks_for() -> None:
    style = (REPOSITORY / "hooks/theme/assets/exemplars.css").read_text()
    page = (REPOSITORY / "hooks/theme/main.html").read_text()
    (src,) = re.findall(r"url\(([^)]+[.]woff2)\)", style)
    assert f"assets/{src}" in page
