"""Marks the quoted passages in the HTML of a text, so that a claim leads to the very words it rests on.

The HTML is what `rendering` gives: well-formed, attributes in double quotes.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from exemplars.vietnamese import compared_forms, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VERSION = "1"
TAG = re.compile(r'(<(/?)([a-z0-9]+)(?:[^<>"]|"[^"]*")*>)')
PIECE = re.compile(r"&(?:[a-z]+|#\d+);|.", re.DOTALL)
BLOCKS = frozenset({"p", "li", "td", "th", "blockquote", "pre", "h2", "h3", "h4", "ul", "ol", "table", "thead", "tbody", "tr", "hr"})
HEADINGS = frozenset({"h2", "h3", "h4"})
STRAIGHT = {**dict.fromkeys("‘’‚‛", "'"), **dict.fromkeys("“”„‟", '"')}


class _Run(NamedTuple):
    """The text of one paragraph, item or cell, in the form that quotes are compared in, and where each character stands."""

    text: str
    at: list[tuple[int, int]]


def marked(made: str, quotes: Iterable[tuple[str, str]]) -> str:
    """The HTML with each quote in `<mark>`, whose first piece bears the quote's id.

    made    clean HTML of one text
    quotes  (id, quote as the writer gave it)
    gives   a quote that runs over inline markup is marked piece by piece; one found in no single paragraph marks the
            paragraph where its letters begin; one that is nowhere leaves no id, so who links to it must look
    """
    for id_, quote in quotes:
        found = _plainly(made, quote) or _place(made, quote)
        if found:
            made = made[: found[0]] + _wrapped(made[slice(*found)], id_) + made[found[1] :]
    return made


def _plainly(made: str, quote: str) -> tuple[int, int] | None:
    """The place of a quote that stands as typed in a paragraph with no markup before it but another quote: by far the most do."""
    wanted = html.escape(quote, quote=False)
    at = made.find(wanted)
    tag = made.rfind("<", 0, at) if at >= 0 and any(map(str.isalnum, wanted)) else -1
    if tag < 0 or not made.startswith(("<p>", "</mark>"), tag):
        return None
    begin = made.find(">", tag) + 1
    return (at, at + len(wanted)) if place_of(wanted, made[begin : made.find("<", at)]) == at - begin else None


def _place(made: str, quote: str) -> tuple[int, int] | None:
    """From where to where the quote stands, compared as the checker compares; else the paragraph its letters begin in."""
    runs = list(_runs(made))
    wanted = compared_forms(quote)
    for run in runs:
        for words in wanted:
            at = place_of(words, run.text)
            if at >= 0:
                return run.at[at][0], run.at[at + len(words) - 1][1]
    whole = "".join(_letters(run.text) for run in runs)
    at = min((found for words in wanted if (found := whole.find(_letters(words))) >= 0), default=-1)
    for run in runs if at >= 0 else ():
        at -= len(_letters(run.text))
        if at < 0:
            return run.at[0][0], run.at[-1][1]
    return None


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _runs(made: str) -> Iterator[_Run]:
    """Every paragraph, item and cell that holds words; headings are none of the text."""
    text: list[str] = []
    places: list[tuple[int, int]] = []
    heading, at = False, 0
    # split by a pattern with three groups: text, tag, "/" or "", name, text …
    pieces = TAG.split(made)
    for n in range(0, len(pieces), 4):
        if not heading:
            for found in PIECE.finditer(pieces[n]):
                char = html.unescape(found[0])
                char = " " if char.isspace() else STRAIGHT.get(char, char.lower() if len(char.lower()) == 1 else char)
                if char != " " or (text and text[-1] != " "):
                    text.append(char)
                    places.append((at + found.start(), at + found.end()))
        at += len(pieces[n])
        if n + 3 < len(pieces):
            tag, closes, name = pieces[n + 1 : n + 4]
            if name in BLOCKS:
                if places:
                    yield _Run("".join(text), places)
                text, places = [], []
                heading = name in HEADINGS and not closes
            elif name == "br" and text and text[-1] != " ":
                text.append(" ")
                places.append((at, at + len(tag)))
            at += len(tag)
    if places:
        yield _Run("".join(text), places)


def _wrapped(piece: str, id_: str) -> str:
    """The piece with every stretch of text in a mark of its own: tags that only open or only close in it stay as they are."""
    out, name = [], f' id="{id_}"'
    for n, part in enumerate(TAG.split(piece)):
        if n % 4 == 0 and part.strip():
            out.append(f"<mark{name}>{part}</mark>")
            name = ""
        elif n % 4 in {0, 1}:
            out.append(part)
    return "".join(out)
