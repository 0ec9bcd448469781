"""Moulds: XML that a library made once, with holes where texts go. Two entries of one shape differ in nothing but their texts,
so the library makes each shape once, and ten thousand entries are filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

HOLE = re.compile("\ue000([a-z]+[0-9]*)\ue001")  # of the private use area: XML lets it pass, and no library touches it
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
MADE_READY = {"html"}  # texts that are given escaped already, since several moulds take them


def hole(name: str) -> str:
    """A text that stands for the one to come; the library takes it for any other."""
    return f"\ue000{name}\ue001"


@dataclass(frozen=True, slots=True)
class Mould:
    """What stands between the holes (one more than these), and for each hole its name and whether it is within an attribute."""

    between: tuple[str, ...]
    holes: tuple[tuple[str, bool], ...]

    def filled(self, texts: Mapping[str, str]) -> bytes:
        """The XML with its texts, escaped as libxml2 does it.

        errors  ValueError: a character that XML forbids
        """
        parts = [self.between[0]]
        for (name, quoted), after in zip(self.holes, self.between[1:], strict=True):
            text = texts[name]
            parts += (text if name in MADE_READY else in_attribute(text) if quoted else escaped(text), after)
        whole = "".join(parts)
        if found := FORBIDDEN.search(whole):
            raise ValueError(f"U+{ord(found[0]):04X}")
        return whole.encode()


def mould(xml: str) -> Mould:
    """The mould of a piece of XML with holes in it."""
    parts = HOLE.split(xml)
    between, names = parts[::2], parts[1::2]
    inside, holes = False, []
    for before, name in zip(between, names, strict=False):
        if max(opened := before.rfind("<"), closed := before.rfind(">")) >= 0:
            inside = opened > closed
        holes.append((name, inside))
    return Mould(tuple(between), tuple(holes))


def escaped(text: str) -> str:
    """Text as an element holds it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#13;")


def in_attribute(text: str) -> str:
    """Text as an attribute between double quotes holds it."""
    return escaped(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
