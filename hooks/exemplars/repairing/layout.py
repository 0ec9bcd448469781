"""Repairs of a body laid out as in Word: blank lines before lists and tables, signs of lists, indented paragraphs."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from exemplars.layout import BULLETS, INDENT, LIST, NUMBERS, TABLE, slips
from exemplars.model import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.layout import Slip
    from exemplars.model import Site
    from exemplars.repairing.page import Page

SIGNS = {
    BULLETS: re.compile(r" {0,3}\W\s*"),
    NUMBERS: re.compile(r" {0,3}([0-9]{1,2})\)\s+"),
    INDENT: re.compile(r"[ \t]+(?=[^\W\d_]|[“\"(])"),
}


def laid_out(page: Page, _site: Site) -> Iterator[Edit]:
    """A table of tabs, a footnote, bullets of two levels, indented lines that are no single paragraph: those are the writer's to rewrite."""
    if page.rows:
        return
    lines = page.text[page.body_at :].split("\n")
    starts = [page.body_at]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    for slip in slips("\n".join(lines)):
        glued = "\n" if slip.first and lines[slip.first - 1].strip() and not lines[slip.first - 1].startswith("#") else ""
        if slip.kind in {LIST, TABLE}:
            yield Edit("BS006", starts[slip.first], starts[slip.first], glued)
        for number in range(slip.first, slip.last + 1) if slip.kind in SIGNS and _plain(slip, lines) else ():
            if found := SIGNS[slip.kind].match(lines[number]):
                sign = "- " if slip.kind == BULLETS else f"{found[1]}. " if slip.kind == NUMBERS else ""
                yield Edit("BS006", starts[number], starts[number] + found.end(), (glued if number == slip.first else "") + sign)


def _plain(slip: Slip, lines: list[str]) -> bool:
    """Whether there is but one way to mend it: one sign for all, and every indented line a paragraph of its own."""
    mine = lines[slip.first : slip.last + 1]
    if slip.kind == BULLETS:
        return len({line.lstrip()[:1] for line in mine}) == 1
    if slip.kind == INDENT:
        follows = [bool(line.strip()) for line in lines[slip.last + 1 : slip.last + 2]]
        alone = all(not (one.strip() and other.strip()) for one, other in pairwise(mine))
        return alone and not any(follows) and all(SIGNS[INDENT].match(line) for line in mine if line.strip())
    return True
