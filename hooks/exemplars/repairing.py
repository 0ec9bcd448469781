"""What `--fix` may write: rewrites that follow from the text alone, whatever the writer meant. Pure: text in, edits out.

Each repair looks for one kind of slip and leaves every other character as it is; repairing twice changes nothing more.
It works on files that cannot be read yet, too: that is where it is needed most.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from exemplars.legacy_encodings import MOJIBAKE, TCVN3, VNI, from_tcvn3, from_vni, legacy_passages, unmojibake
from exemplars.model import Campaign, Edit, Event, Story, kind_of
from exemplars.reading import split
from exemplars.schema import Choice, Day, Flag, Group, Many, Moment, Ref, Slug, Table, Text, keys_of
from exemplars.shaping import SLUG, day_first, day_of
from exemplars.spelling import mend_d, mend_dates, mend_tone, mixed_tones, wrong_d, wrong_dates
from exemplars.strict_yaml import FORBIDDEN, Listing, Mapping, Node, Refused, Scalar, absent, parse
from exemplars.vietnamese import clean, has_passage, is_vietnamese_syllable, nfc, slug

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from exemplars.model import Site
    from exemplars.schema import Key

    Fixer = Callable[["Page", Site], Iterable[Edit]]


class Page(NamedTuple):
    """A content file under repair: the record it should hold, its text, and where its YAML stands in it."""

    of: type
    text: str
    block: str
    at: int
    rows: bool

    @property
    def first_line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    @property
    def body_at(self) -> int:
        parts = None if self.rows else split(self.text)
        return len(self.text) - len(parts[1]) if parts else len(self.text)

    def nodes(self) -> Node | None:
        try:
            return parse(self.block, "", self.first_line)[0]
        except Refused:
            return None

    def repeats(self) -> bool:
        """Some key is written twice."""
        try:
            return bool(parse(self.block, "", self.first_line)[1])
        except Refused:
            return False

    def mappings(self) -> tuple[Mapping, ...]:
        node = self.nodes()
        found = node.items if isinstance(node, Listing) and self.rows else [node]
        return tuple(one for one in found if isinstance(one, Mapping))

    def offset(self, line: int, column: int) -> int:
        return _starts(self.text)[line - 1] + column - 1

    def span(self, node: Scalar) -> tuple[int, int] | None:
        """Where the characters of a value stand, inside its quotes; None when they are not written as they read."""
        start = self.offset(node.line, node.column) + node.quoted
        end = start + len(node.text)
        return (start, end) if self.text[start:end] == node.text and "\n" not in node.text else None


@lru_cache(maxsize=1)
def _starts(text: str) -> tuple[int, ...]:
    """Where each line begins."""
    return (0, *(found.end() for found in re.finditer("\n", text)))


def page(path: str, text: str) -> Page | None:
    of = kind_of(path)
    if of is None:
        return None
    if path.endswith(".yml"):
        return Page(of, text, text, 0, rows=True)
    parts = split(text)
    return Page(of, text, parts[0] if parts else "", 4 if parts else 0, rows=False)


def applied(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def edits(path: str, text: str, site: Site) -> tuple[Edit, ...]:
    """Every repair of a file, each by itself on the text as it stands; those of two codes may touch one place."""
    found = page(path, text)
    if found is None:
        return ()
    return tuple(edit for repair in REPAIRS for edit in repair.edits(found, site))


def repaired(path: str, text: str, site: Site, without: frozenset[str] = frozenset()) -> tuple[str, tuple[str, ...]]:
    """The file after all repairs in turn, except those named in `without`; and what was done, by `Repair.does`."""
    done: dict[str, None] = {}
    for _ in range(ROUNDS):  # one repair may bring another's slip to light: text encoded wrongly twice, for one
        before = text
        for repair in REPAIRS:
            found = page(path, text)
            if found is not None and repair.does not in without and (changes := tuple(repair.edits(found, site))):
                text = applied(text, changes)
                done[repair.does] = None
        if text == before:
            break
    return text, tuple(done)


ROUNDS = 8


# ---- bytes


def decoded(data: bytes) -> str | None:
    """The text of a file that is not UTF-8, when it is certain: UTF-16 with its mark, Windows-1258, TCVN3 or VNI; else None."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return None
    for codec in ("cp1258", "cp1252", "latin-1"):
        try:
            text = data.decode(codec)
        except UnicodeDecodeError:
            continue
        reading = nfc(text) if codec == "cp1258" else _certain(text)
        if reading is not None and _all_vietnamese(reading):
            return reading
    return None


MARKED = re.compile(r"[^\W\d_]+")
ENOUGH = 5


def _all_vietnamese(text: str) -> bool:
    """Every word with marks can be a Vietnamese syllable or is an abbreviation in capitals (QĐ-UBND), and there are some."""
    words = [word for word in MARKED.findall(nfc(text)) if any(char.isalpha() and not char.isascii() for char in word)]
    return len(words) >= ENOUGH and all(word.isupper() or is_vietnamese_syllable(word) for word in words)


def _certain(text: str) -> str | None:
    """A whole text in TCVN3 or VNI, read: lines of it were found to be, every word then is Vietnamese, and the way back is the same."""
    found = {passage.reading.encoding for passage in legacy_passages(text)}
    for encoding, convert in ((TCVN3, from_tcvn3), (VNI, from_vni)):
        reading = convert(text)
        if encoding in found and _all_vietnamese(reading) and _back(reading, convert) == text.lower():
            return reading
    return None


def _back(reading: str, convert: Callable[[str], str]) -> str:
    """A text put back into the encoding that `convert` reads; without capitals, which both encodings mix."""
    letters = "aeouyôöươâêăiAEOUYÔÖ" if convert is from_vni else ""
    signs = [chr(code) for code in range(0xA1, 0x100)]
    written = (base + sign for base in ("", *letters) for sign in signs)
    there = {reads: typed for typed in written if len(reads := convert(typed)) == 1 and reads != typed}
    return "".join(there.get(char, char) for char in reading).lower()


# ---- characters


LINE_ENDS = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")


def _by_line(code: str, old: str, new: str) -> Iterator[Edit]:
    """The lines that differ between two texts of as many lines."""
    at = 0
    for was, becomes in zip(LINE_ENDS.split(old), LINE_ENDS.split(new), strict=True):
        if was != becomes:
            yield Edit(code, at, at + len(was), becomes)
        at += len(was)


def _legacy(page: Page, _site: Site) -> Iterator[Edit]:
    passages = legacy_passages(page.text)
    lines = page.text.split("\n")
    if MOJIBAKE in {passage.reading.encoding for passage in passages}:
        for passage in passages:
            for number in range(passage.first - 1, passage.last):
                lines[number] = unmojibake(lines[number])
        yield from _by_line("VT002", page.text, "\n".join(lines))
    elif passages and (reading := _certain(page.text)) is not None:
        yield from _by_line("VT002", page.text, reading)


def _unclean(page: Page, _site: Site) -> Iterator[Edit]:
    """The text as the reader takes it anyway: no mark before it, LF, NFC, nothing invisible, Đ in Vietnamese words."""
    if legacy_passages(page.text):
        return  # in TCVN3, Ð is «é» and the soft hyphen «ư»
    new = clean(page.text)
    if new == mend_d(page.text):
        yield from (Edit("VT003", *mend) for mend in wrong_d(page.text))
    else:
        yield from _by_line("", page.text, new)


SPACES = frozenset("\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029")


def _controls(page: Page, _site: Site) -> Iterator[Edit]:
    if not legacy_passages(page.text):
        for found in FORBIDDEN.finditer(page.text):
            yield Edit("VT004", found.start(), found.end(), " " if found[0] in SPACES else "")


# ---- front matter that cannot be read

DASHES = re.compile(r"(?:[-–—]{2,6}|—)\s*\Z")


def _fences(page: Page, _site: Site) -> Iterator[Edit]:
    """The two lines of dashes, as Word and phones write them: with blanks, too many, drawn together; or the second forgotten."""
    if page.rows or split(page.text):
        return
    lines = page.text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None or not DASHES.match(lines[first].strip()):
        return
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    rest = range(first + 1, len(lines))
    last = next((n for n in rest if lines[n].rstrip() == "---"), None)
    if last is None:
        last = next((n for n in rest if DASHES.match(lines[n]) or lines[n].rstrip() == "..."), None)
    opening = Edit("CT007", 0, starts[first] + len(lines[first]), "---")
    if last is not None:
        yield from (opening, Edit("CT007", starts[last], starts[last] + len(lines[last]), "---"))
        return
    blank = next((n for n in rest if not lines[n].strip()), None)
    if blank is not None and _whole("\n".join(lines[first + 1 : blank]), page.of):
        yield from (opening, Edit("CT007", starts[blank], starts[blank], "---\n"))


def _whole(block: str, of: type) -> bool:
    """Whether the lines are a whole front matter: they can be read, and no key that a record must have is wanting."""
    try:
        node, problems = parse(block, "")
    except Refused:
        return False
    needed = {name for name, key in keys_of(of).items() if key.need == "always"}
    return isinstance(node, Mapping) and not problems and needed <= set(node.entries) <= set(keys_of(of))


# possessive throughout: a hostile line costs what its length is
ENTRY = re.compile(r"(?P<key>[ ]*+(?:-[ ]++)*+[\w-]++:)(?P<gap>[ \t]*+)(?P<rest>.*)\Z")
ALIAS = re.compile(r"[*&][A-Za-z0-9_-]+(?:\s|\Z)")
TRIES = 40


def _syntax(page: Page, _site: Site) -> Iterator[Edit]:
    """Lines that YAML takes for something else: a colon or sign in a value, a quote left open, tabs, no space after the colon."""
    text = page.block
    if not text or _fault(text) is None:
        return
    lines = text.split("\n")
    for _ in range(TRIES):
        fault = _fault("\n".join(lines))
        if fault is None:
            break
        better = next(
            (tried for tried in _tries(lines, fault, page.of) if (left := _fault("\n".join(tried))) is None or left > fault), None
        )
        if better is None:
            break
        lines = better
    else:
        return  # so many faults are not slips
    for edit in _by_line("CT007", text, "\n".join(lines)):
        yield Edit(edit.code, edit.start + page.at, edit.end + page.at, edit.text)


def _fault(block: str) -> int | None:
    """The line, from 0, where reading stops."""
    try:
        node, _ = parse(block, "", 0)
    except Refused as refused:
        return refused.problem.line
    return node.line if isinstance(node, Scalar) else None


def _tries(lines: list[str], fault: int, of: type) -> Iterator[list[str]]:
    """The lines with one of them mended: the faulty one, or one before it that YAML read on from."""
    opened = (n for n in range(min(fault, len(lines)) - 1, -1, -1) if _goes_on(lines[n]))
    for number in (fault, *islice(opened, 3)):
        if number < len(lines) and (mended := _mended_line(lines, number, of)) not in {None, lines[number]}:
            yield [*lines[:number], str(mended), *lines[number + 1 :]]


def _goes_on(line: str) -> bool:
    """A quote opened and not closed, or no space after the colon."""
    found = ENTRY.match(line)
    if found is None or not found["rest"]:
        return False
    return not found["gap"] or (found["rest"][0] in {'"', "'"} and found["rest"].count(found["rest"][0]) == 1)


def _mended_line(lines: list[str], number: int, of: type) -> str | None:
    line = lines[number]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" in indent:
        return indent.replace("\t", "  ") + line[len(indent) :]
    found = ENTRY.match(line)
    if found is None:
        return None
    key, gap, rest = found.groups()
    if not gap:
        return f"{key} {rest}" if rest and key.strip(" -:") in _all_keys(of) else None
    following = lines[number + 1] if number + 1 < len(lines) else ""
    if following.strip() and len(following) - len(following.lstrip()) > len(indent):
        return None  # the value goes on there
    comment = None if rest[:1] in {'"', "'"} else re.search(r"[ \t]#", rest)
    value = rest[: comment.start() if comment else None].rstrip()
    if not value or value[0] in "[{|>!" or ALIAS.match(value):
        return None
    return f"{key}{gap}{_quoted(value)}{rest[len(value) :]}"


def _quoted(value: str) -> str:
    """The value in quotes; one with a single quote mark has its closing one restored."""
    mark = value[0]
    if mark in {'"', "'"} and value.count(mark) == 1:
        value = value[1:]
    elif mark == '"' and value.endswith('"') and value.count('"') == 2 and "\\" in value:  # noqa: PLR2004 - \ means nothing to a writer
        value = value[1:-1]
    return in_quotes(value)


def in_quotes(value: str) -> str:
    """A text as a YAML scalar in quotes, the double ones where nothing in it would need escaping."""
    if ('"' in value or "\\" in value) and "'" not in value:
        return f"'{value}'"
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _all_keys(of: type) -> frozenset[str]:
    names = set()
    for name, key in keys_of(of).items():
        names.add(name)
        inner = key.shape.of if isinstance(key.shape, Many) else key.shape
        if isinstance(inner, Group | Table):
            names |= _all_keys(inner.of)
    return frozenset(names)


# ---- front matter: keys


class _Line(NamedTuple):
    start: int
    text: str


def _entry_lines(page: Page) -> list[_Line]:
    lines, at = [], page.at
    for line in page.block.splitlines(keepends=True):
        lines.append(_Line(at, line))
        at += len(line)
    return lines


def _repeated(page: Page, _site: Site) -> Iterator[Edit]:
    """A top-level entry written twice, word for word."""
    if page.rows:
        return
    try:
        node, problems = parse(page.block, "", 0)
    except Refused:
        return
    lines = _entry_lines(page)
    for problem in problems if len(problems) <= TRIES else ():
        if problem.code == "CT008" and problem.column == 1 and isinstance(node, Mapping):
            again = _entry(lines, problem.line)
            name = again[0].text.partition(":")[0].strip("\"' ")
            start, end = again[0].start, again[-1].start + len(again[-1].text)
            same = name in node.entries and _joined(_entry(lines, node.entries[name][0])) == _joined(again)
            if same and _same(node, page.block[: start - page.at] + page.block[end - page.at :]):
                yield Edit("CT008", start, end, "")


def _entry(lines: list[_Line], at: int) -> list[_Line]:
    """The lines of the top-level entry that begins at a line: its own, and those below that are indented or items."""
    end = at + 1
    while end < len(lines) and lines[end].text[:1] in {" ", "-"}:
        end += 1
    return lines[at:end]


def _joined(lines: list[_Line]) -> str:
    return "".join(line.text for line in lines).rstrip()


def _named(of: type, node: Node) -> Iterator[tuple[type, Mapping]]:
    """Every group of keys in a record, with the type whose keys it has."""
    if not isinstance(node, Mapping):
        return
    yield of, node
    for name, (_, _, value) in node.entries.items():
        match keys_of(of)[name].shape if name in keys_of(of) else None:
            case Group(of=inner):
                yield from _named(inner, value)
            case Table(of=inner) if isinstance(value, Mapping):
                for _, _, row in value.entries.values():
                    yield from _named(inner, row)
            case Many(of=Group(of=inner)) if isinstance(value, Listing):
                for row in value.items:
                    yield from _named(inner, row)


def _key_names(page: Page, _site: Site) -> Iterator[Edit]:
    """Keys that are right but for capitals, hyphens, or because the label was written: «Tiêu đề», `Title`, `as-of`."""
    if page.repeats():
        return  # which of the two is meant is the writer's to say
    for root in page.mappings():
        for of, group in _named(page.of, root):
            twins = Counter(map(slug, group.entries))
            for name, (line, column, _) in group.entries.items():
                start = page.offset(line, column)
                meant = _meant(name, of) if twins[slug(name)] == 1 else ""
                meant = "" if meant in group.entries else meant
                if meant and page.text[start : start + len(name)] == name:
                    yield Edit("CT006", start, start + len(name), meant)


def _meant(typed: str, of: type) -> str:
    """The one key that is called so; "" when it is a key already, or none or several are."""
    same = _callings(of).get(slug(typed), ())
    return same[0] if len(same) == 1 and typed not in keys_of(of) else ""


@cache
def _callings(of: type) -> dict[str, tuple[str, ...]]:
    """Keys by what they are called: their names and labels, without capitals and marks."""
    found: dict[str, tuple[str, ...]] = {}
    for name, key in keys_of(of).items():
        for called in {slug(name), slug(key.label)}:
            found[called] = (*found.get(called, ()), name)
    return found


# ---- front matter: values


def _values(page: Page) -> Iterator[tuple[Key, Any, Node]]:
    """Every value with its key and shape; lists item by item, and once whole."""
    for root in page.mappings():
        for of, group in _named(page.of, root):
            for name, (_, _, value) in group.entries.items():
                key = keys_of(of).get(name)
                if key is None or absent(value):
                    continue
                yield key, key.shape, value
                if isinstance(key.shape, Many):
                    for item in value.items if isinstance(value, Listing) else [value]:
                        if not absent(item):
                            yield key, key.shape.of, item


def _scalars(page: Page, *shapes: type) -> Iterator[tuple[Key, Any, Scalar, int, int]]:
    for key, shape, node in _values(page):
        if isinstance(shape, shapes) and isinstance(node, Scalar) and (span := page.span(node)):
            yield key, shape, node, *span


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


def _days(page: Page, _site: Site) -> Iterator[Edit]:
    for _, shape, node, start, end in _scalars(page, Day, Moment):
        if day_of(node.text):
            continue
        iso = _iso(node.text)
        if iso is None and isinstance(shape, Moment) and (found := MOMENT.match(node.text.strip())):
            day = found[1] if day_of(found[1]) else _iso(found[1])
            iso = f"{day} {int(found[2]):02}:{found[3] or '00'}" if day and found[2] else None
        if iso and iso != node.text.replace("T", " ").removesuffix(":00" if node.text.count(":") > 1 else ""):
            yield Edit("CT003", start, end, iso)


YES, NO = frozenset({"yes", "y", "on", "có", "đúng", "true"}), frozenset({"no", "n", "off", "không", "sai", "false"})


def _lists(page: Page, _site: Site) -> Iterator[Edit]:
    """A single value where a list is wanted: put into brackets; but a comma in plain words may be part of them."""
    for _, shape, node in _values(page):
        if not (isinstance(shape, Many) and not shape.or_one and isinstance(node, Scalar) and (span := page.span(node))):
            continue
        start, end = span[0] - node.quoted, span[1] + node.quoted
        plain = node.quoted or "," not in node.text or all(SLUG.match(part.strip()) for part in node.text.split(","))
        if isinstance(shape.of, Ref | Text | Slug | Choice) and plain and not re.search(r"[\[\]{}#]|: ", node.text):
            yield Edit("CT010", start, end, f"[{page.text[start:end]}]")


def _words(page: Page, _site: Site) -> Iterator[Edit]:
    """`yes` and `có` for true; a word of a fixed few or an id with capitals, marks or blanks."""
    for _, shape, node, start, end in _scalars(page, Flag, Choice, Slug):
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


def _references(page: Page, site: Site) -> Iterator[Edit]:
    """The name of a unit, campaign, kind … where its id is wanted; only when one record alone has that name."""
    for _, shape, node, start, end in _scalars(page, Ref):
        typed = node.text.strip()
        if not site.find(shape.to, typed) and not site.may_hold(shape.to, typed):
            records = site.collections.get(shape.to, {})
            same = [id_ for id_, record in records.items() if slug(typed) in _called(id_, record)]
            if len(same) == 1 and slug(typed):
                yield Edit("TL001", start, end, same[0])


def _called(id_: str, record: Any) -> set[str]:
    names = (getattr(record, name, "") for name in ("title", "name", "short_title", "short_name", "number"))
    return {slug(name) for name in (id_, *names) if name}


NO_TEXT = re.compile(
    r"[-+]?(?:\.?[0-9][0-9_.,:]*(?:[eE][-+]?[0-9]+)?|0[xob][0-9A-Fa-f_]+|\.(?:inf|nan))"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|y|n|yes|no|on|off|true|false", re.IGNORECASE
)  # fmt: skip


def _quoting(page: Page, _site: Site) -> Iterator[Edit]:
    """Texts that another YAML reader, a form editor for one, takes for a number, a day, or true and false."""
    for _, _, node, start, end in _scalars(page, Text):
        if not node.quoted and NO_TEXT.fullmatch(node.text):
            yield Edit("", start, end, f'"{node.text}"')


def _order(page: Page, _site: Site) -> Iterator[Edit]:
    """Top-level keys in the order of the schema, each with the comments above it and all that stands below it.

    A key that is not known stays behind the one it follows; a comment set off by a blank line keeps its place at the top.
    """
    node = None if page.rows else page.nodes()
    lines = page.block.splitlines(keepends=True)
    if not isinstance(node, Mapping) or page.repeats() or not all(column == 1 for _, column, _ in node.entries.values()):
        return
    places = [line - page.first_line for line, _, _ in node.entries.values()]
    if len(set(places)) != len(places) or sorted(places) != places:
        return
    heads = [_head(lines, place) for place in places]
    parts = ["".join(lines[start:end]) for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)]
    ranks, rank, order = [], -1, list(keys_of(page.of))
    for name in node.entries:
        rank = order.index(name) if name in keys_of(page.of) else rank
        ranks.append(rank)
    ordered = [part for _, part in sorted(zip(ranks, parts, strict=True), key=lambda pair: pair[0])]
    new = "".join(lines[: heads[0]] if heads else lines) + "".join(ordered)
    if new != page.block and _same(node, new):
        yield Edit("", page.at, page.at + len(page.block), new)


def _head(lines: list[str], place: int) -> int:
    while place and lines[place - 1].startswith("#"):
        place -= 1
    return place


def _same(node: Mapping, block: str) -> bool:
    """Whether the lines say what the node says."""
    try:
        return bool(plain(parse(block, "")[0]) == plain(node))
    except Refused:
        return False


def plain(node: Node | None) -> Any:
    """What a node says, without places."""
    if isinstance(node, Mapping):
        return {name: plain(value) for name, (_, _, value) in node.entries.items()}
    return [plain(item) for item in node.items] if isinstance(node, Listing) else node.text if node else None


# ---- wording


def _reworded(page: Page) -> bool:
    """Whether the words are the writer's own: those of documents and plans, and the names in the lists, are given."""
    return page.of in {Story, Campaign, Event}


def _dates(page: Page, _site: Site) -> Iterator[Edit]:
    if not _reworded(page):
        return
    body = page.text[page.body_at :]
    found = [Edit("VB002", page.body_at + start, page.body_at + end, right) for start, end, right in wrong_dates(body)]
    yield from found
    for key, _, node, start, end in _scalars(page, Text):
        if key.name != "quote" and (right := mend_dates(node.text)) != node.text:
            yield Edit("VB002", start, end, right)
    yield from _quotes(page, found, mend_dates)


def _tones(page: Page, _site: Site) -> Iterator[Edit]:
    body = page.text[page.body_at :]
    old, new = mixed_tones(body) if page.of is Story else ((), ())
    towards_new = len(new) > len(old)
    found = [Edit("VT005", page.body_at + start, page.body_at + end, right) for start, end, right in (old if towards_new else new)]
    yield from found
    yield from _quotes(page, found, lambda text: mend_tone(text, new=towards_new))


def _quotes(page: Page, changes: list[Edit], mend: Callable[[str], str]) -> Iterator[Edit]:
    """The quotes of the criteria follow the passages they are copied from."""
    if not changes:
        return
    before, after = page.text[page.body_at :], applied(page.text, changes)[page.body_at :]
    for key, _, node, start, end in _scalars(page, Text):
        if key.name == "quote" and has_passage(before, node.text) and not has_passage(after, node.text):
            yield Edit(changes[0].code, start, end, mend(node.text))


# ---- names of files

FINE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*\.[a-z]+\Z")
LINKED = re.compile(r"\]\([ ]*+(<[^<>\n]*+>|[^()<>\"\n]++)[ ]*+(?:\"[^\"\n]*+\")?[ ]*+\)")


def file_name(name: str) -> str:
    """The name a photo should have: «Ảnh chính.JPG» → "anh-chinh.jpg"; "" when nothing of it can stay."""
    if FINE_NAME.match(name):
        return name
    stem, _, ending = name.rpartition(".")
    return f"{slug(stem)}.{ending.lower()}" if slug(stem) else ""


def renamed(path: str, text: str, names: dict[str, str]) -> tuple[Edit, ...]:
    """A story's references to the files beside it, under their new names: `photos` and `![…](…)`.

    names   old name → new name
    """
    found = page(path, text)
    if found is None:
        return ()
    new = {nfc(old): right for old, right in names.items()}
    listed = (
        Edit("CT015", start, end, new[nfc(node.text)])
        for key, _, node, start, end in _scalars(found, Text)
        if key.name == "file" and nfc(node.text) in new
    )
    return (*listed, *_relinked(found, lambda target: new.get(target.removeprefix("./"))))


def moved(path: str, text: str, folders: dict[str, str]) -> tuple[Edit, ...]:
    """Links to story folders that got another name, from any page.

    folders     old name → new name of the last part of the path
    """
    found = page(path, text)
    if found is None:
        return ()
    new = {nfc(old): right for old, right in folders.items()}

    def leads(target: str) -> str | None:
        parts = target.split("/")
        return "/".join(new.get(part, part) for part in parts) if any(part in new for part in parts) else None

    return tuple(_relinked(found, leads))


def _relinked(page: Page, leads: Callable[[str], str | None]) -> Iterator[Edit]:
    for link in LINKED.finditer(page.text, page.body_at):
        typed = link[1].rstrip()
        right = leads(nfc(unquote(typed.strip("<>"))))
        if right is not None:
            yield Edit("CT015", link.start(1), link.start(1) + len(typed), right)


# ---- the table


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair does, in the writer's language, and the codes of the rules it answers; it gives edits that do not overlap."""

    does: str
    codes: tuple[str, ...]
    edits: Fixer


LEGACY = Repair("chuyển chữ lỗi mã sang Unicode", ("VT002",), _legacy)
REPAIRS: tuple[Repair, ...] = (
    LEGACY,
    Repair("đưa chữ về dạng chuẩn (Unicode dựng sẵn, chữ Đ, xuống dòng, không ký tự ẩn)", ("VT003",), _unclean),
    Repair("bỏ ký tự điều khiển", ("VT004",), _controls),
    Repair("viết lại hai dòng --- của phần khai báo", ("CT007",), _fences),
    Repair("đặt dấu nháy, dấu cách để phần khai báo đọc được", ("CT007", "CT009"), _syntax),
    Repair("bỏ mục ghi trùng nguyên văn", ("CT008",), _repeated),
    Repair("viết lại tên mục", ("CT006",), _key_names),
    Repair("viết ngày theo năm-tháng-ngày", ("CT003",), _days),
    Repair("viết lại giá trị theo dạng được nhận", ("CT010",), _words),
    Repair("thay tên bằng mã", ("TL001",), _references),
    Repair("đặt giá trị vào danh sách", ("CT010",), _lists),
    Repair("đặt số và chữ như số trong dấu nháy", (), _quoting),
    Repair("xếp lại thứ tự các mục", (), _order),
    Repair("viết ngày trong bài theo thể thức", ("VB002",), _dates),
    Repair("đặt dấu thanh theo một kiểu", ("VT005",), _tones),
)
ENCODING = Repair("chuyển sang UTF-8", ("VT001",), lambda _page, _site: ())
METADATA = Repair("bỏ dữ liệu máy chụp khỏi ảnh", ("AN003",), lambda _page, _site: ())
NAMES = Repair("đặt lại tên tệp, thư mục", ("CT015",), lambda _page, _site: ())
REPAIRED = frozenset(code for repair in (*REPAIRS, ENCODING, METADATA, NAMES) for code in repair.codes)
