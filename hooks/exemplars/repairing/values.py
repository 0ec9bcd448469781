"""Repairs of single values: days, lists, words of a fixed few, names where an id is wanted, numbers that are text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from exemplars.citations import is_document_number
from exemplars.model import Edit
from exemplars.repairing.page import scalars, values_of
from exemplars.repairing.syntax import in_quotes
from exemplars.schema import Choice, Day, Flag, Many, Moment, Ref, Slug, Text
from exemplars.shaping import SLUG, day_first, day_of
from exemplars.strict_yaml import Scalar
from exemplars.vietnamese import has_passage, slug

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Site
    from exemplars.repairing.page import Page

MOMENT = re.compile(r"(\S+)(?:[ T,]+([0-9]{1,2})[:hg]([0-9]{2})?)?\Z")
LONG_DAY = re.compile(r"(?:ngày )?([0-9]{1,2}) tháng ([0-9]{1,2}) năm ([0-9]{4})\Z", re.IGNORECASE)
YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})\Z")


def _iso(typed: str) -> str | None:
    """A day as people type it → 2020-06-09; always day before month."""
    typed = typed.strip()
    if found := LONG_DAY.match(typed):
        typed = "/".join(found.groups())
    elif found := YEAR_FIRST.match(typed):
        typed = "/".join(reversed(found.groups()))
    return day_first(typed)


def days(page: Page, _site: Site) -> Iterator[Edit]:
    for _, shape, node, start, end in scalars(page, Day, Moment):
        if day_of(node.text):
            continue
        iso = _iso(node.text)
        if iso is None and isinstance(shape, Moment) and (found := MOMENT.match(node.text.strip())):
            day = found[1] if day_of(found[1]) else _iso(found[1])
            iso = f"{day} {int(found[2]):02}:{found[3] or '00'}" if day and found[2] else None
        if iso and iso != node.text.replace("T", " ").removesuffix(":00" if node.text.count(":") > 1 else ""):
            yield Edit("CT003", start, end, iso)


def lists(page: Page, _site: Site) -> Iterator[Edit]:
    """A single value where a list is wanted: put into brackets; but a comma in plain words may be part of them."""
    for _, shape, node in values_of(page):
        if not (isinstance(shape, Many) and not shape.or_one and isinstance(node, Scalar) and (span := page.span(node))):
            continue
        start, end = span[0] - node.quoted, span[1] + node.quoted
        plain = node.quoted or "," not in node.text or all(SLUG.match(part.strip()) for part in node.text.split(","))
        if isinstance(shape.of, Ref | Text | Slug | Choice) and plain and not re.search(r"[\[\]{}#]|: ", node.text):
            yield Edit("CT010", start, end, f"[{page.text[start:end]}]")


YES, NO = frozenset({"yes", "y", "on", "có", "đúng", "true"}), frozenset({"no", "n", "off", "không", "sai", "false"})


def words(page: Page, _site: Site) -> Iterator[Edit]:
    """`yes` and `có` for true; a word of a fixed few or an id with capitals, marks or blanks."""
    for _, shape, node, start, end in scalars(page, Flag, Choice, Slug):
        right = _word(shape, node.text.strip())
        if right and right != node.text:
            yield Edit("CT010", start, end, right)


def _word(shape: Flag | Choice | Slug, typed: str) -> str:
    if isinstance(shape, Flag):
        known = typed in {"true", "True", "TRUE", "false", "False", "FALSE"}
        return "" if known else "true" if typed.lower() in YES else "false" if typed.lower() in NO else ""
    if isinstance(shape, Choice):
        return "" if typed in shape.of else next((word for word in shape.of if slug(word) == slug(typed)), "")
    return "" if SLUG.match(typed) else slug(typed)


def references(page: Page, site: Site) -> Iterator[Edit]:
    """The name of a unit, campaign, kind … where its id is wanted; only when one record alone has that name."""
    for _, shape, node, start, end in scalars(page, Ref):
        typed = node.text.strip()
        if not site.find(shape.to, typed) and not site.may_hold(shape.to, typed):
            records = site.collections.get(shape.to, {})
            same = [id_ for id_, record in records.items() if slug(typed) in _called(id_, record)]
            if len(same) == 1 and slug(typed):
                yield Edit("TL001", start, end, same[0])


def _called(id_: str, record: Any) -> set[str]:
    names = (getattr(record, name, "") for name in ("title", "name", "short_title", "short_name", "number"))
    return {slug(name) for name in (id_, *names) if name}


def curly(page: Page, _site: Site) -> Iterator[Edit]:
    """A quotation or number within the quotes that Word makes: within straight ones, where only so it is right."""
    body = page.text[page.body_at :]
    for key, _, node, start, end in scalars(page, Text):
        inner = node.text.strip("“”")
        if not (node.text.startswith("“") and node.text.endswith("”")) or "“" in inner or '"' in inner:
            continue
        if key.name == "number" and is_document_number(inner):
            yield Edit("VB001", start, end, inner if node.quoted else in_quotes(inner))
        elif key.name == "quote" and has_passage(body, inner) and not has_passage(body, node.text):
            yield Edit("TC002", start, end, inner if node.quoted else in_quotes(inner))


NO_TEXT = re.compile(
    r"[-+]?(?:\.?[0-9][0-9_.,:]*(?:[eE][-+]?[0-9]+)?|0[xob][0-9A-Fa-f_]+|\.(?:inf|nan))"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|y|n|yes|no|on|off|true|false", re.IGNORECASE
)  # fmt: skip


def quoting(page: Page, _site: Site) -> Iterator[Edit]:
    """Texts that another YAML reader, a form editor for one, takes for a number, a day, or true and false."""
    for _, _, node, start, end in scalars(page, Text):
        if not node.quoted and NO_TEXT.fullmatch(node.text):
            yield Edit("", start, end, f'"{node.text}"')
