"""Repairs of bytes and characters: wrong encodings, decomposed and invisible letters, controls."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exemplars.legacy_encodings import MOJIBAKE, TCVN3, VNI, from_tcvn3, from_vni, legacy_passages, unmojibake
from exemplars.model import Edit
from exemplars.repairing.page import by_line
from exemplars.spelling import mend_d, wrong_d
from exemplars.strict_yaml import FORBIDDEN
from exemplars.vietnamese import clean, is_vietnamese_syllable, nfc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exemplars.model import Site
    from exemplars.repairing.page import Page


def decoded(data: bytes) -> str | None:
    """The text of a file that is not UTF-8, when it is certain: UTF-16 with its mark, Windows-1258, TCVN3 or VNI; else None."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    for codec in ("cp1258", "cp1252", "latin-1"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        reading = nfc(text) if codec == "cp1258" else _certain(text)
        if reading is not None and _all_vietnamese(reading):
            return reading
    return None


MARKED = re.compile(r"[^\W\d_]+")
ENOUGH = 5


def _all_vietnamese(text: str) -> bool:
    """Every word with marks can be a Vietnamese syllable or is an abbreviation in capitals (QĐ-UBND), and there are some."""
    words = [word for word in MARKED.findall(nfc(text)) if any(char.isalpha() and not char.isascii() for char in word)]
    return len(words) >= ENOUGH and all(word.isupper() or is_vietnamese_syllable(word) for word in words)


def _certain(text: str) -> str | None:
    """A whole text in TCVN3 or VNI, read: lines of it were found to be, every word then is Vietnamese, and the way back is the same."""
    found = {passage.reading.encoding for passage in legacy_passages(text)}
    for encoding, convert in ((TCVN3, from_tcvn3), (VNI, from_vni)):
        reading = convert(text)
        if encoding in found and _all_vietnamese(reading) and _back(reading, convert) == text.lower():
            return reading
    return None


def _back(reading: str, convert: Callable[[str], str]) -> str:
    """A text put back into the encoding that `convert` reads; without capitals, which both encodings mix."""
    letters = "aeouyôöươâêăiAEOUYÔÖ" if convert is from_vni else ""
    signs = [chr(code) for code in range(0xA1, 0x100)]
    written = (base + sign for base in ("", *letters) for sign in signs)
    there = {reads: typed for typed in written if len(reads := convert(typed)) == 1 and reads != typed}
    return "".join(there.get(char, char) for char in reading).lower()


def legacy(page: Page, _site: Site) -> Iterator[Edit]:
    passages = legacy_passages(page.text)
    lines = page.text.split("\n")
    if MOJIBAKE in {passage.reading.encoding for passage in passages}:
        for passage in passages:
            for number in range(passage.first - 1, passage.last):
                lines[number] = unmojibake(lines[number])
        yield from by_line("VT002", page.text, "\n".join(lines))
    elif passages and (reading := _certain(page.text)) is not None:
        yield from by_line("VT002", page.text, reading)


def unclean(page: Page, _site: Site) -> Iterator[Edit]:
    """The text as the reader takes it anyway: no mark before it, LF, NFC, nothing invisible, Đ in Vietnamese words."""
    if legacy_passages(page.text):
        return  # in TCVN3, Ð is «é» and the soft hyphen «ư»
    new = clean(page.text)
    if new == mend_d(page.text):
        yield from (Edit("VT003", *mend) for mend in wrong_d(page.text))
    else:
        yield from by_line("", page.text, new)


SPACES = frozenset("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def controls(page: Page, _site: Site) -> Iterator[Edit]:
    if not legacy_passages(page.text):
        for found in FORBIDDEN.finditer(page.text):
            yield Edit("VT004", found.start(), found.end(), " " if found[0] in SPACES else "")
