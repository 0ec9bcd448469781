"""Moulds: XML that a library made once, with holes where texts go. Two entries of one shape differ in nothing but their texts,
so the library makes each shape once, and ten thousand entries are filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

HOLE = re.compile("\ue000([a-z]+[0-9]*)\ue001")  # of the private use area: XML lets it pass, and no library touches it
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
SPECIAL = '\t\n\r&<>"'


def hole(name: str) -> str:
    """A text that stands for the one to come; the library takes it for any other."""
    return f"\ue000{name}\ue001"


@dataclass(frozen=True, slots=True)
class Mould:
    """XML in pieces, with room between them, and for each room the name of the text that goes there; whether in an attribute."""

    pieces: tuple[str, ...]
    names: tuple[tuple[str, bool], ...]

    def filled(self, texts: Texts) -> str:
        pieces, inside, within = list(self.pieces), texts.inside, texts.within
        pieces[1::2] = [within[name] if quoted else inside[name] for name, quoted in self.names]
        return "".join(pieces)


@dataclass(frozen=True, slots=True)
class Texts:
    """Texts by the name of their hole, escaped: as they stand inside an element, and within an attribute."""

    inside: Mapping[str, str]
    within: Mapping[str, str]

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Texts:
        """The texts made ready.

        errors  ValueError: a character that XML forbids
        """
        whole = "".join(given.values())  # printable, as most are, it holds nothing that XML forbids: that is soon told
        if not whole.isprintable() and (found := FORBIDDEN.search(whole)):
            raise ValueError(f"U+{ord(found[0]):04X}")
        if not any(sign in whole for sign in SPECIAL):
            return cls(given, given)
        return cls(
            {name: escaped(text) for name, text in given.items()},
            {name: in_attribute(text) for name, text in given.items()},
        )


class Moulds:
    """What a library has made of each shape.

    known  all that there are, by shape
    fresh  those that were not there before
    """

    def __init__(self, known: dict[tuple[Any, ...], Any] | None = None) -> None:
        self.known, self.fresh = known or {}, dict[tuple[Any, ...], Any]()

    def of(self, shape: tuple[Any, ...], make: Callable[[], T]) -> T:
        """That of a shape, made if there is none yet."""
        found: T | None = self.known.get(shape)
        if found is None:
            found = self.known[shape] = self.fresh[shape] = make()
        return found


def mould(xml: str) -> Mould:
    """The mould of a piece of XML with holes in it."""
    pieces, names, quoted = HOLE.split(xml), [], False
    for before, name in zip(pieces[:-1:2], pieces[1::2], strict=True):
        opened, closed = before.rfind("<"), before.rfind(">")
        quoted = opened > closed if max(opened, closed) >= 0 else quoted
        names.append((name, quoted))
    return Mould(tuple(pieces), tuple(names))


def escaped(text: str) -> str:
    """Text as an element holds it. By their numbers, as the RSS Board's profile advises: nobody takes them for markup then."""
    return text.replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&gt;").replace("\r", "&#13;")


def in_attribute(text: str) -> str:
    """Text as an attribute between double quotes holds it."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\r", "&#13;").replace("\n", "&#10;").replace("\t", "&#9;")
