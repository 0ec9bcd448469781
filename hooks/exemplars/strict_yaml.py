"""Strict YAML: text → nodes that know their line and column. No tags, anchors, aliases, merge keys or repeated keys.

Every scalar stays the text that was typed; what it means is decided by the schema, in `shaping.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from exemplars.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.schema import Where

DEPTH = 20
# C0 and C1 controls, line separators that only YAML takes for line ends, marks that reverse the direction of writing,
# and code points that no text may hold; in double quotes they can also be typed as escapes
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
# what stands where YAML takes a blank or a colon only: pasted from Word, Zalo, or an Asian keyboard
ODD = "\u00a0\u2007\u202f\u3000："
_BLANK = f"[{ODD[:-1]}]"
ODD_PLACE = re.compile(
    rf"(?:^[ -]*|[{{,] *)(?:[\w-]+ *(?:(?P<wide>：)|:(?P<after>{_BLANK})|(?P<before>{_BLANK})+[:：])|(?P<indent>{_BLANK}))"
)
CUT = re.compile(r"(?<! ) +#(?=[^\s#])")
ABSENT = frozenset({"null", "~", "Null", "NULL"})


class Refused(Exception):  # noqa: N818 - not a ValueError on purpose: python-frontmatter swallows those
    """The text is not what we accept; `problem` says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class OddSign(Refused):
    """A blank or colon that only looks like YAML's. `line` and `column` from 0; `sign` itself."""

    def __init__(self, problem: Problem, line: int, column: int, sign: str) -> None:
        super().__init__(problem)
        self.line, self.column, self.sign = line, column, sign


@dataclass(slots=True)  # not frozen: a site is a million nodes, and a frozen one takes thrice the time to make
class Scalar:
    text: str
    line: int
    column: int
    quoted: bool


@dataclass(slots=True)
class Listing:
    items: list[Node]
    line: int
    column: int


@dataclass(slots=True)
class Mapping:
    """`entries`: key → (its line, its column, its value); in the order written."""

    entries: dict[str, tuple[int, int, Node]]
    line: int
    column: int


Node: TypeAlias = Scalar | Listing | Mapping


def parse(text: str, path: str, first_line: int = 1) -> tuple[Node | None, list[Problem]]:
    """One YAML document.

    text        NFC, LF; `first_line` is the line of the file it begins on
    gives       the root node (None for an empty text) and the problems that do not stop the reading (repeated keys)
    errors      Refused for anything that is not one plain YAML document
    """
    composer = _Composer(text, path, first_line)
    try:
        return composer.document(CParser(text)), composer.problems
    except yaml.MarkedYAMLError as error:
        if odd := composer.odd(error):
            raise odd from None
        raise Refused(composer.syntax(error)) from None
    except yaml.YAMLError:
        raise Refused(composer.problem("CT007", 0, 0, *_broken("có ký tự không đọc được"))) from None


def place(root: Node | None, where: Where) -> tuple[int, int] | None:
    """Line and column of the value at `where`, or of the nearest parent that is there."""
    found = None
    node = root
    for step in where:
        if isinstance(node, Mapping) and step in node.entries:
            line, column, node = node.entries[str(step)]
            found = (line, column) if isinstance(node, Scalar) and not node.text else (node.line, node.column)
        elif isinstance(node, Listing) and isinstance(step, int) and step < len(there := [one for one in node.items if not absent(one)]):
            node = there[step]  # empty items are no records, and take no number
            found = (node.line, node.column)
        elif not (step == 0 and isinstance(node, Scalar)):  # a single value may stand for a list of one
            break
    return found


def way(root: Node | None, line: int, column: int) -> Where:
    """The way to the key or value that begins at this place; () where none does. The inverse of `place`."""
    for step, here, node in _below(root):
        if (line, column) in {here, (node.line, node.column)}:
            return (step,)
        if further := way(node, line, column):
            return (step, *further)
    return ()


def _below(node: Node | None) -> Iterator[tuple[str | int, tuple[int, int], Node]]:
    """Each child with its step and the place of its key."""
    if isinstance(node, Mapping):
        yield from ((name, (line, column), value) for name, (line, column, value) in node.entries.items())
    elif isinstance(node, Listing):
        there = (one for one in node.items if not absent(one))
        yield from ((at, (one.line, one.column), one) for at, one in enumerate(there))


class _Composer:
    """Events → nodes. Built on events because only they still show anchors, tags and aliases."""

    def __init__(self, text: str, path: str, first_line: int) -> None:
        self.text = text
        self.path = path
        self.first = first_line
        self.problems: list[Problem] = []
        self._hashed = " #" in text and CUT.search(text) is not None

    def problem(self, code: str, line: int, column: int, says: str, do: str) -> Problem:
        return Problem(self.path, self.first + line, column + 1, code, "error", says, do)

    def document(self, events: Any) -> Node | None:
        events.get_event()  # the stream
        event = events.get_event()
        if isinstance(event, yaml.StreamEndEvent):
            return None
        root = self.node(events.get_event(), events, 0)
        events.get_event()  # the document's end
        extra = events.get_event()
        if not isinstance(extra, yaml.StreamEndEvent):
            mark = extra.start_mark
            raise Refused(self.problem("CT007", mark.line, mark.column, *_broken("có dòng `---` thừa bên trong")))
        return root

    def node(self, event: Any, events: Any, depth: int) -> Node:
        mark = event.start_mark
        kind = event.__class__
        if kind is yaml.AliasEvent or event.anchor or event.tag:
            raise Refused(self.problem("CT009", mark.line, mark.column, *_forbidden(event)))
        line, column = self.first + mark.line, mark.column + 1
        if kind is yaml.ScalarEvent:
            style, text = event.style, event.value
            if style == '"' and (found := FORBIDDEN.search(text)):
                says, do = forbidden_character(found[0])
                self.problems.append(self.problem("VT004", mark.line, mark.column, says, do))
            elif self._hashed and text and not style:
                self.cut(event.end_mark)
            return Scalar(text, line, column, bool(style))
        if depth >= DEPTH:
            raise Refused(self.problem("CT007", mark.line, mark.column, *_broken(f"lồng nhau quá {DEPTH} bậc")))
        if kind is yaml.SequenceStartEvent:
            items = []
            while (inner := events.get_event()).__class__ is not yaml.SequenceEndEvent:
                items.append(self.node(inner, events, depth + 1))
            return Listing(items, line, column)
        entries: dict[str, tuple[int, int, Node]] = {}
        while (inner := events.get_event()).__class__ is not yaml.MappingEndEvent:
            self.entry(inner, events, depth, entries)
        return Mapping(entries, line, column)

    def entry(self, event: Any, events: Any, depth: int, entries: dict[str, tuple[int, int, Node]]) -> None:
        key = self.node(event, events, depth + 1)
        if key.__class__ is not Scalar:
            reason = "tên mục phải là một từ; giá trị bắt đầu bằng { hoặc [ thì đặt trong dấu nháy kép"
            raise Refused(Problem(self.path, key.line, key.column, "CT007", "error", *_broken(reason)))
        name = key.text
        if not event.style and not name.isascii() and (at := next((at for at, char in enumerate(name) if char in ODD), -1)) >= 0:
            raise self.sign(event.start_mark.line, event.start_mark.column + at, name[at])
        if name == "<<":
            raise Refused(Problem(self.path, key.line, key.column, "CT009", "error", *_forbidden(event)))
        value = self.node(events.get_event(), events, depth + 1)
        if name in entries:
            says = f"Mục «{name}» ghi hai lần (dòng {entries[name][0]} và {key.line})."
            self.problems.append(Problem(self.path, key.line, key.column, "CT008", "error", says, "Hãy giữ một."))
        else:
            entries[name] = (key.line, key.column, value)

    def cut(self, end: yaml.Mark) -> None:
        """Notes words that YAML takes for a comment behind a value, and drops: «Góc đọc sách số #1 của khu trọ»."""
        if found := CUT.match(self.text, end.index):
            at = found.end() - 1
            says = f"Chữ từ dấu # trở đi («{short(self.text[at:].partition(chr(10))[0])}») bị bỏ, vì máy coi đó là lời chú."
            do = "Hãy đặt cả giá trị trong dấu nháy kép. Nếu đúng là lời chú, hãy để một dấu cách sau dấu #."
            column = end.column + at - end.index
            self.problems.append(Problem(self.path, self.first + end.line, column + 1, "CT023", "warning", says, do))

    def odd(self, error: yaml.MarkedYAMLError) -> OddSign | None:
        """A sign that only looks like YAML's, on one of the lines that reading stumbled over."""
        lines = self.text.split("\n")
        marks = [mark for mark in (error.context_mark, error.problem_mark) if mark]
        for number in sorted({line for mark in marks for line in (mark.line - 1, mark.line) if 0 <= line < len(lines)}):
            if found := ODD_PLACE.search(lines[number]):
                at = max(found.start(name) for name in ("wide", "after", "before", "indent"))
                return self.sign(number, at, lines[number][at])
        return None

    def sign(self, line: int, column: int, sign: str) -> OddSign:
        return OddSign(self.problem("CT007", line, column, *_odd(sign)), line, column, sign)

    def syntax(self, error: yaml.MarkedYAMLError) -> Problem:
        line, column, reason = stumbled(error, self.text)
        return self.problem("CT007", line, column, *_broken(reason))


def stumbled(error: yaml.MarkedYAMLError, text: str) -> tuple[int, int, str]:
    """Where in the text YAML could not go on, line and column from 0, and why, in Vietnamese."""
    mark = error.problem_mark or error.context_mark
    message = f"{error.context or ''} {error.problem or ''}"
    opened = "while parsing a flow" in message or ("quoted" in message and "end of stream" in message)
    if error.context_mark and (opened or "simple key" in message):
        mark = error.context_mark  # where the bracket, the quote, the key begins says more than where the text ran out
    line, column = (mark.line, mark.column) if mark else (0, 0)
    typed = (text.split("\n")[line : line + 1] or [""])[0]
    if typed.startswith("\t"):
        message = "tab"
    elif opened and (found := CUT.search(typed, column)):
        column, message = found.end() - 1, "comment"
    return line, column, next((said for sign, said in REASONS if sign in message), "viết sai cách khai báo")


REASONS = (
    ("mapping values are not allowed", "giá trị có dấu hai chấm; hãy đặt cả giá trị trong dấu nháy kép"),
    ("comment", "phần sau dấu # bị coi là lời chú; hãy đặt cả giá trị trong dấu nháy kép"),
    ("tab", "dòng thụt vào bằng phím Tab; hãy thay bằng dấu cách"),
    ("could not find expected ':'", "thiếu dấu hai chấm sau tên mục; dòng viết tiếp một giá trị thì phải thụt vào"),
    ("quoted scalar", "dấu nháy mở mà không đóng, hoặc có dấu \\ trong nháy kép"),
    ("flow sequence", "thiếu dấu ] hoặc dấu phẩy trong danh sách"),
    ("flow node", "dấu [ hoặc { mở mà không đóng, hoặc thừa dấu phẩy"),
    ("flow mapping", "thiếu dấu } hoặc dấu phẩy trong ngoặc nhọn"),
    ("cannot start any token", "giá trị bắt đầu bằng ký tự đặc biệt; hãy đặt trong dấu nháy kép"),
    ("block collection", "các dòng của danh sách thụt vào không đều"),
    ("block mapping", "dòng thụt vào không đều, hoặc sau dấu nháy còn chữ"),
    ("anchor", "giá trị bắt đầu bằng & hoặc *; hãy đặt trong dấu nháy kép"),
    ("alias", "giá trị bắt đầu bằng & hoặc *; hãy đặt trong dấu nháy kép"),
)


def _broken(reason: str) -> tuple[str, str]:
    return f"Không đọc được phần khai báo: {reason}.", "Hãy sửa dòng này, mỗi mục một dòng `tên: giá trị`."


def _odd(sign: str) -> tuple[str, str]:
    if sign == "：":
        return "Không đọc được phần khai báo: có dấu hai chấm toàn khổ (U+FF1A).", "Hãy gõ lại dấu hai chấm thường và một dấu cách."
    name = "không ngắt " if sign == "\u00a0" else ""
    says = f"Không đọc được phần khai báo: có dấu cách {name}(U+{ord(sign):04X}), thường lẫn vào khi dán từ Word hay Zalo."
    return says, "Hãy xóa dấu cách ấy rồi gõ lại bằng phím cách."


def short(text: str, most: int = 40) -> str:
    """At most so many characters of a text, for a message."""
    return text if len(text) <= most else f"{text[:most].rstrip()}…"


def forbidden_character(found: str) -> tuple[str, str]:
    return f"Có ký tự điều khiển hoặc đảo chiều chữ (U+{ord(found):04X}).", "Hãy xóa ký tự đó."


def absent(node: Node) -> bool:
    """An empty value, also as form editors write it: nothing, '', null, [], {}."""
    if isinstance(node, Scalar):
        return not node.text.strip() or (node.text in ABSENT and not node.quoted)
    return not (node.items if isinstance(node, Listing) else node.entries)


def plain(node: Node | None) -> Any:
    """What a node says, without places."""
    if isinstance(node, Mapping):
        return {name: plain(value) for name, (_, _, value) in node.entries.items()}
    return [plain(item) for item in node.items] if isinstance(node, Listing) else node.text if node else None


def _forbidden(event: Any) -> tuple[str, str]:
    what = (
        f"*{event.anchor}" if isinstance(event, yaml.AliasEvent)
        else f"&{event.anchor}" if event.anchor
        else str(event.tag) if event.tag
        else "<<"
    )  # fmt: skip
    says = f"Phần khai báo không được dùng neo, thẻ hay gộp khóa của YAML («{what}»)."
    return says, "Hãy viết thẳng giá trị; giá trị bắt đầu bằng *, & hoặc ! thì đặt trong dấu nháy kép."
