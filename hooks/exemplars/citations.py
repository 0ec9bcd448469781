"""How Vietnamese documents are numbered, and where a text cites one: «Kế hoạch số 75/KH-UBND ngày 28/9/2016»."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# QĐ, UBND, SLĐTBXH, QH15, TTg, TTr: an abbreviation in capitals, with the few small letters that are in use
_WORD = r"[A-ZĐĂÂÊÔƠƯ]+[gr]?[0-9]*"
_SYMBOL = rf"{_WORD}(?:-{_WORD})*"
_COUNT = r"[0-9]{1,6}[a-zđ]?"
_NUMBER = (
    rf"{_COUNT}(?:/[0-9]{{4}})?/{_SYMBOL}(?:/{_SYMBOL})?"  # 75/KH-UBND · 5/KH-BTĐKT-TC · 30/2020/NĐ-CP · 06/2022/QH15 · 22/HĐTĐKT
    rf"|{_COUNT}-{_WORD}/{_SYMBOL}"  # the Party's: 34-CT/TW
)
_LIKELY = re.compile(r"/[A-ZĐ]")
# compiled when first asked for, which costs 3 ms: a check that has nothing to judge never asks
_CITED = (
    rf"(?<![\w/.-])({_NUMBER})(?![\w/-])"
    # its day, where nothing but the issuer stands between; «34-CT/TW, sáng ngày 07/4/2020 bà…» is another day
    r"(?:(?: của [^\d\n.,;:()]{1,60}?)?,? \(?(?:ban hành |ký )?ngày ([0-9]{1,2})(?:/| tháng )([0-9]{1,2})(?:/| năm )([0-9]{4})(?![\w/-]))?"
)


class Citation(NamedTuple):
    """A document cited in a text: where its number begins, the number as written, its day if one is given."""

    start: int
    number: str
    day: dt.date | None


def is_document_number(text: str) -> bool:
    """Whether a text is the number and symbol of a document, in one of the forms of State and Party.

    source  Nghị định 30/2020/NĐ-CP, Phụ lục I (75/KH-UBND, 30/2020/NĐ-CP); the Party's 34-CT/TW; laws 06/2022/QH15
    """
    return re.fullmatch(_NUMBER, text) is not None


def is_document_symbol(text: str) -> bool:
    """Whether a text is the symbol of a document that has no number yet: KH-SLĐTBXH."""
    return re.fullmatch(_SYMBOL, text) is not None


def same_number(number: str) -> str:
    """What two spellings of one number share: without leading zeros, in capitals; 05/CT-UBND = 5/CT-UBND."""
    return number.lstrip("0").upper()


def citations(text: str) -> Iterator[Citation]:
    """Every document number in a running text, with the day that is said of it; a day that is none is left out."""
    if _LIKELY.search(text) is None:
        return
    for found in re.finditer(_CITED, text):
        yield Citation(found.start(), found[1], _day(*found.groups()[1:]))


def _day(day: str | None, month: str | None, year: str | None) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(day)) if day and month and year else None
    except ValueError:
        return None
