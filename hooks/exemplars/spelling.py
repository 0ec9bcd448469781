"""What `--fix` may mend in the spelling of a text, and the rules ask about: Ð for Đ, places of tone marks, written dates.

Each kind has a function that finds (`Mend`: where, what is right) and one that mends; mending twice changes nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect
from typing import TYPE_CHECKING, NamedTuple

from exemplars.vietnamese import long_date, mend_d, written_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Mend", "mend_d", "mend_dates", "mend_tone", "mixed_tones", "wrong_d", "wrong_dates"]


class Mend(NamedTuple):
    """`text[start:end]` should be `right`."""

    start: int
    end: int
    right: str


# what is not ours to reword: code, addresses, quotations (a speaker's words, a document's name)
_SPARED = re.compile(
    r"```[\s\S]*?(?:```|\Z)|`[^`\n]*`|\]\([^()\n]*\)|^ {0,3}\[[^\]\n]+\]:.*|<[^<>\n]*>|://\S+"
    r"|“[^“”\n]*”|«[^«»\n]*»|^ {0,3}>.*",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W\d_]+")
_DATE = re.compile(r"/(?<=[0-9]/)([0-9]{1,2})/([0-9]{4})(?![\w/-])")
_DAY = re.compile(r"(?<![\w/.,-])[0-9]{1,2}\Z")
_LONG_DATE = re.compile(r"tháng (?<=[0-9] tháng )([0-9]{1,2}) năm ([0-9]{4})(?!\w)")
_LONG_DAY = re.compile(r"\b(?:ngày|Ngày) ([0-9]{1,2}) \Z")


def _outside(mends: Iterable[Mend], text: str) -> tuple[Mend, ...]:
    mends = tuple(mends)
    spared = [found.span() for found in _SPARED.finditer(text)] if mends else []
    return tuple(mend for mend in mends if not _touches(mend, spared))


def _touches(mend: Mend, spared: list[tuple[int, int]]) -> bool:
    at = bisect(spared, (mend.end,))  # the last one that begins before the mend ends
    return at > 0 and spared[at - 1][1] > mend.start


def _mended(text: str, mends: Iterable[Mend]) -> str:
    parts, done = [], 0
    for mend in sorted(mends):
        parts += [text[done : mend.start], mend.right]
        done = mend.end
    return "".join(parts) + text[done:]


# ---- Ð for Đ


def wrong_d(text: str) -> tuple[Mend, ...]:
    """Vietnamese words with Ð, ð (a letter of Icelandic) instead of Đ, đ; foreign names keep theirs."""
    if "Ð" not in text and "ð" not in text:
        return ()
    words = ((found.start(), found.end(), found[0]) for found in _WORD.finditer(text))
    return tuple(Mend(start, end, right) for start, end, word in words if (right := mend_d(word)) != word)


# ---- dates


def wrong_dates(text: str) -> tuple[Mend, ...]:
    """Days of the calendar not written as Nghị định 30/2020/NĐ-CP does: 7/4/2014, ngày 9 tháng 06 năm 2020.

    gives   the date only, without the word «ngày»; nothing in code, addresses and quotations
    """
    return _outside(_wrong_dates(text), text) if "/" in text or "tháng" in text else ()


def _wrong_dates(text: str) -> Iterator[Mend]:
    for found in _DATE.finditer(text):
        day = _DAY.search(text, max(found.start() - 3, 0), found.start())
        yield from _dated(text, day, 0, found, written_date)
    for found in _LONG_DATE.finditer(text):
        day = _LONG_DAY.search(text, max(found.start() - 9, 0), found.start())
        yield from _dated(text, day, 1, found, lambda date: long_date(date).removeprefix("ngày "))


def _dated(text: str, day: re.Match[str] | None, group: int, rest: re.Match[str], write: Callable[[dt.date], str]) -> Iterator[Mend]:
    if day is None:
        return
    try:
        right = write(dt.date(int(rest[2]), int(rest[1]), int(day[group])))
    except ValueError:  # no such day; what was meant is not ours to guess
        return
    if text[day.start(group) : rest.end()] != right:
        yield Mend(day.start(group), rest.end(), right)


def mend_dates(text: str) -> str:
    """The text with its dates as Nghị định 30/2020/NĐ-CP writes them: 7/4/2014 → 07/4/2014."""
    return _mended(text, wrong_dates(text))


# ---- where the tone mark stands

_OLD = ("òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy")
_NEW = ("oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ")
_OTHER = dict(zip(_OLD + _NEW, _NEW + _OLD, strict=True))
# a plain letter first, where there is one, so that the search can leap to it
_NEW_TONED = tuple(map(re.compile, (r"o[àáảãạèéẻẽẹ](?![^\W_])", r"u[ỳýỷỹỵ](?![^\W_])")))
_OLD_TONED = (re.compile(r"[òóỏõọùúủũụ][aey](?![^\W_])"),)
_BEGINNING = re.compile(r"[^\W\d_]*\Z")


def _toned(text: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[Mend]:
    """The syllables with their other form; not in capitalised words, whose owners spell them: Thúy, Thuý."""
    for pattern in patterns:
        for found in pattern.finditer(text):
            word = _BEGINNING.search(text, max(found.start() - 4, 0), found.start())
            before = word[0] if word else ""
            if (not before or before.islower()) and not before.endswith("q") and found[0] in _OTHER:
                yield Mend(found.start(), found.end(), _OTHER[found[0]])


def mixed_tones(text: str) -> tuple[tuple[Mend, ...], tuple[Mend, ...]]:
    """The syllables with the mark on the first letter (hòa, khỏe, túy) and those with it on the second (hoà, khoẻ, tuý).

    gives   twice () when the text keeps to one place
    """
    new = tuple(_toned(text, _NEW_TONED))
    old = tuple(_toned(text, _OLD_TONED)) if new else ()
    if not old:
        return (), ()
    old, new = _outside(old, text), _outside(new, text)
    return (old, new) if old and new else ((), ())


def mend_tone(text: str, *, new: bool | None = None) -> str:
    """The text with its tone marks in one place; as long as before.

    new     True hoà, False hòa, None whichever the text has more of (hòa when even)
    keeps   capitalised words (names), quotations, code, addresses
    """
    if new is None:
        old_ones, new_ones = mixed_tones(text)
        return _mended(text, old_ones if len(new_ones) > len(old_ones) else new_ones)
    return _mended(text, _outside(_toned(text, _OLD_TONED if new else _NEW_TONED), text))
