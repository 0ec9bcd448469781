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
    return "".join(_TO_TCVN3.get(char) or _TO_TCVN3.get(char.lower()) or char for char in text)


def to_vni(text: str) -> str:
    return "".join(_TO_VNI.get(char) or (_TO_VNI[char.lower()] if char.lower() in _TO_VNI else char) for char in text)


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
