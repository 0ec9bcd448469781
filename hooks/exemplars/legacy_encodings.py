"""Vietnamese in the wrong characters: TCVN3 (ABC), VNI, UTF-8 read as Windows-1252. Found by what the words would be.

Everything here works on the text as it was decoded, before `vietnamese.clean`: in TCVN3 the soft hyphen *is* «ư» and Ð *is* «é».
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from exemplars.vietnamese import is_vietnamese_syllable, nfc

TCVN3, VNI, MOJIBAKE = "chữ TCVN3 (ABC)", "chữ VNI", "chữ Unicode bị đọc sai bảng mã"


class Legacy(NamedTuple):
    """What a text was found to be, and how it reads then."""

    encoding: str
    text: str


class Passage(NamedTuple):
    """Lines of a file in one wrong encoding, from 1; `found` and `reading` are the first of them."""

    first: int
    last: int
    found: str
    reading: Legacy


# ---- conversion

_TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\u00ad® µ¶·¸¹ »¼½¾Æ ÇÈÉÊË ÌÎÏÐÑ ÒÓÔÕÖ ×ØÜÝÞ ßáâãä åæçèé êëìíî ïñòóô õö÷øù úûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđ àảãáạ ằẳẵắặ ầẩẫấậ èẻẽéẹ ềểễếệ ìỉĩíị òỏõóọ ồổỗốộ ờởỡớợ ùủũúụ ừửữứự ỳỷỹýỵ",
)
_TONES = "\u0301\u0300\u0309\u0303\u0323"  # sắc huyền hỏi ngã nặng: the order of the marks below
_VNI_MARKS = (
    ("aeouyôö", "ùøûõï", ""),
    ("aeo", "áàåãä", "\u0302"),
    ("a", "éèúüë", "\u0306"),
)
_VNI_ALONE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_HATS = {"aâ": "â", "eâ": "ê", "oâ": "ô", "aê": "ă"}
_BYTES = {char.encode("cp1252")[0]: char for char in "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"}  # by byte, 0x80–0x9F
_BYTE = {ord(char): byte for byte, char in _BYTES.items()}


@cache
def _vni() -> dict[str, str]:
    table = _VNI_ALONE | _VNI_HATS
    for bases, marks, hat in _VNI_MARKS:
        for base in bases:
            for mark, tone in zip(marks, _TONES, strict=True):
                table[base + mark] = nfc(_VNI_ALONE.get(base, base) + hat + tone)
    capitals = {old.upper(): new.upper() for old, new in table.items()}
    mixed = {old[0].upper() + old[1]: new.upper() for old, new in table.items() if len(old) > 1}
    return table | mixed | capitals


@cache
def _vni_pattern() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_vni(), key=len, reverse=True)))  # the longest first: «ôù» before «ô»


@cache
def _mojibake_pattern() -> re.Pattern[str]:
    high = "[\x80-\xbf" + "".join(_BYTES.values()) + "]"
    return re.compile(f"[\xc3-\xdf]{high}|\xc2(?:{high})|[\xe0-\xef]{high}{{2}}|[\xf0-\xf4]{high}{{3}}")


def from_tcvn3(text: str) -> str:
    """TCVN3 (ABC, the `.VnTime` fonts) → Unicode: «®Õn löa tèi» → «đến lửa tối»; all of the text, without asking.

    text    as decoded from Latin-1 or copied from such a font, the soft hyphens still in it
    gives   small letters where toned capitals stood: the encoding has none (the font `.VnTimeH` shows them as capitals)
    """
    return text.translate(_TCVN3)


def from_vni(text: str) -> str:
    """VNI (`VNI-Times`: a letter and its mark) → Unicode: «Ngöôøi giöõ löûa» → «Người giữ lửa»; all of the text."""
    return _vni_pattern().sub(lambda found: _vni()[found[0]], text)


def unmojibake(text: str) -> str:
    r"""UTF-8 that was read as Windows-1252 or Latin-1 → Unicode: «NgÆ°á»\x9di» → «Người»; other characters stay."""
    return _mojibake_pattern().sub(_decoded, text)


def _decoded(found: re.Match[str]) -> str:
    try:
        return bytes(_BYTE.get(ord(char), ord(char)) for char in found[0]).decode()
    except UnicodeDecodeError:
        return found[0]


# ---- detection

# what sound Vietnamese does not write with, and no line of the three goes without; « » are quotation marks, too
_SUSPECT = re.compile("[\x80-\xa0¡-ª¬-º¼-¿ÄÅÆÇËÎÏÐÑÖ×ØÛÜÞßäåæçëîïðñöøûüþÿ]")
_WORD = re.compile(r"[^\W\d_]+")
# signs that sound text never has beside a letter, except « » where they open and close a quotation
_ODD = re.compile(
    "[^\\W\\d_](?:[\x80-\xaa¬-º¼-¿€‚ƒ„†‡ˆ‰‹Œ™š›œž]|»(?![\\s.,;:!?)…\\]*_])(?=.)|«)|(?:[\x80-\xaa¬-º¼-¿]|»)[^\\W\\d_]|»[\x80-\xbf€-™]"
)
_ENOUGH, _SOUND = 3, 10  # marked syllables: to be taken for legacy, to be taken for sound
_READINGS = ((MOJIBAKE, unmojibake), (TCVN3, from_tcvn3), (VNI, from_vni))


def legacy(text: str) -> Legacy | None:
    """What encoding a line or paragraph really is in; None for sound text, other languages, and too little to tell.

    Each reading is judged by its words with marks: how many can be Vietnamese syllables, how many cannot. A reading must have
    three different ones that can, more than twice as many as the text as it stands and any reading before it, and few that cannot.
    """
    if _SUSPECT.search(text) is None:
        return None
    best, cannot = _judged(_ODD.sub(" ", text))
    if best >= _SOUND and cannot + len(_ODD.findall(text)) <= 0.3 * best:
        return None
    found = None
    for encoding, convert in _READINGS:
        reading = convert(text)
        if reading == text:
            continue
        can, cannot = _judged(reading)
        if can >= _ENOUGH and can > 2 * best + 2 and cannot <= 0.35 * can + 1:
            found, best = Legacy(encoding, reading), can
    return found


def _judged(text: str) -> tuple[int, int]:
    """How many different words with marks can be Vietnamese syllables, and how many cannot; a letter alone proves nothing."""
    marked = {word for word in _WORD.findall(text.lower()) if len(word) > 1 and not word.isascii()}
    can = sum(map(is_vietnamese_syllable, marked))
    return can, len(marked) - can


def legacy_passages(text: str) -> tuple[Passage, ...]:
    """The lines of a file that are in a wrong encoding, neighbours of one encoding taken together."""
    if _SUSPECT.search(text) is None:
        return ()
    found: list[Passage] = []
    goes_on = False  # a short line between two of them is as likely in their encoding as not; a sound one ends the passage
    for number, line in enumerate(text.split("\n"), 1):
        reading = legacy(line)
        if reading is None:
            goes_on = goes_on and not _is_sound(line)
        elif goes_on and found[-1].reading.encoding == reading.encoding:
            found[-1] = found[-1]._replace(last=number)
        else:
            found.append(Passage(number, number, line, reading))
            goes_on = True
    return tuple(found)


def _is_sound(line: str) -> bool:
    can, cannot = _judged(line)
    return can >= _ENOUGH and can > cannot
