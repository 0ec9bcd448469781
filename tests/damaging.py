"""How texts come to harm on the way from an office's computer: encodings of old fonts, editors, phones."""

from __future__ import annotations

import unicodedata

from exemplars.legacy_encodings import from_tcvn3, from_vni

_SIGNS = [chr(code) for code in range(0xA1, 0x100)]
_TO_TCVN3 = {from_tcvn3(sign): sign for sign in _SIGNS if from_tcvn3(sign) != sign}
_PAIRS = [base + sign for base in "aeouyôöAEOUYÔÖ" for sign in _SIGNS]
_TO_VNI = {from_vni(pair): pair for pair in [*reversed(_PAIRS), *_SIGNS] if len(from_vni(pair)) == 1 and from_vni(pair) != pair}


def to_tcvn3(text: str) -> str:
    """As the `.VnTime` fonts hold it, which have no capitals with tones: those become small letters."""
    text = text.replace("Ý", "ý")  # which has the same place in both
    return "".join(_TO_TCVN3.get(char) or _TO_TCVN3.get(char.lower()) or char for char in text)


def to_vni(text: str) -> str:
    return "".join(_TO_VNI.get(char) or _TO_VNI.get(char.lower(), char) for char in text)


def to_mojibake(text: str) -> str:
    """UTF-8 read as Windows-1252, its five undefined bytes as Latin-1."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())


def to_nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def to_crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


def to_bom(text: str) -> str:
    return "\ufeff" + text


def to_eth(text: str) -> str:
    return text.replace("Đ", "Ð")


def to_cp1258(text: str) -> bytes:
    """Windows-1258: letters with their hat or horn, the tone as a character of its own."""
    out = b""
    for char in text:
        try:
            out += char.encode("cp1258")
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", char)
            tone = next(mark for mark in apart if mark in "\u0300\u0301\u0303\u0309\u0323")
            out += (unicodedata.normalize("NFC", apart.replace(tone, "")) + tone).encode("cp1258")
    return out
