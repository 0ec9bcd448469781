"""The bytes of one content file → its text → its front matter as nodes, and what is wrong with each. Opens nothing."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars.bounds import beyond, numbered
from exemplars.legacy_encodings import legacy_passages
from exemplars.model import Origin, Problem
from exemplars.schema import dotted, labelled
from exemplars.spelling import wrong_d
from exemplars.strict_yaml import FORBIDDEN, Mapping, Node, Refused, forbidden_character, parse, place, plain, short, way
from exemplars.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.aside import Held
    from exemplars.schema import Where

BLOCK_MOST = 64 * 1024
LINE_MOST = 10_000
FLOOD = 500  # places of one fault named in a file: who has mended so many sees the next
BOM = b"\xef\xbb\xbf"

CONFLICTS = ("<<<<<<<", ">>>>>>>", "|||||||")
CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
FENCED = re.compile(r"---\n(.*?)^---(?:\n|\Z)", re.DOTALL | re.MULTILINE)


class Text(NamedTuple):
    """A text file as everything else sees it: UTF-8 without BOM, NFC, LF."""

    path: str
    text: str


def decode(data: bytes, path: str) -> tuple[Text | None, list[Problem]]:
    """The bytes of a file → its normalised text."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return None, [wrong(path, "VT001", "Tệp lưu theo bảng mã UTF-16.", "Hãy lưu lại với bảng mã UTF-8.")]
    mark = len(BOM) if data.startswith(BOM) else 0
    try:
        text = data[mark:].decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, mark + error.start) + 1
        says = f"Tệp không phải UTF-8 (byte thứ {mark + error.start + 1})."
        return None, [wrong(path, "VT001", says, "Hãy lưu lại với bảng mã UTF-8.", line)]
    if problems := _misread(text, path):
        return None, problems
    borrowed = _borrowed_letters(text, path)
    text = clean(text)
    problems = [
        wrong(path, "CT017", f"Còn dấu xung đột của git («{match[0].strip()}») trong tệp.",
                 "Hãy chọn một bản và xóa các dấu đó.", line + 1)
        for line, match in (numbered(text, islice(CONFLICT.finditer(text), FLOOD)) if any(mark in text for mark in CONFLICTS) else ())
    ]  # fmt: skip
    for line, match in numbered(text, islice(FORBIDDEN.finditer(text), FLOOD)):
        column = match.start() - text.rfind("\n", 0, match.start())
        problems.append(wrong(path, "VT004", *forbidden_character(match[0]), line + 1, column))
    long = next((n for n, line in enumerate(text.split("\n"), 1) if len(line) > LINE_MOST), None)
    if long:
        says = f"Dòng quá dài (tối đa {LINE_MOST} ký tự)."
        problems.append(wrong(path, "CT016", says, "Hãy ngắt đoạn bằng một dòng trống.", long))
    return (None, borrowed + problems) if problems else (Text(path, text), borrowed)


def _misread(text: str, path: str) -> list[Problem]:
    """VT002: lines in TCVN3, VNI or doubly encoded UTF-8. Before `clean`, which would take «ư» and «é» out of TCVN3."""
    problems = []
    for first, last, found, reading in legacy_passages(text):
        until = f" (tới dòng {last})" if last > first else ""
        says = f"Đoạn này{until} là {reading.encoding}: «{_excerpt(found)}»."
        do = f"Gợi ý: «{_excerpt(reading.text)}». Hãy chuyển sang Unicode rồi dán lại."
        problems.append(wrong(path, "VT002", says, do, first))
    return problems


def _excerpt(line: str) -> str:
    return short(FORBIDDEN.sub("·", line).replace("\u00ad", "·").strip(), 60)


def _borrowed_letters(text: str, path: str) -> list[Problem]:
    """VT003: Ð, ð of Icelandic in Vietnamese words. They are read as Đ, đ; the file keeps them until somebody mends it."""
    problems = []
    for start, end, right in wrong_d(text):
        line, column = _line(text, start), start - text.rfind("\n", 0, start)
        letter, ours = ("Ð (U+00D0)", "Đ") if "Ð" in text[start:end] else ("ð (U+00F0)", "đ")
        says = f"«{text[start:end]}» dùng chữ {letter} trông giống {ours}."
        problems.append(wrong(path, "VT003", says, f"Hãy gõ lại {ours}: «{right}».", line, column))
    return problems


def split(text: str) -> tuple[str, str, int] | None:
    """Front matter and body: (block, body, line of the body's first line); None without a closed block at line 1."""
    match = FENCED.match(text)
    return (match[1], text[match.end() :], _line(text, match.end())) if match else None


class StrictHandler:
    """python-frontmatter's handler interface over our strict reader: `frontmatter.load(path, handler=StrictHandler())`.

    Errors are `Refused`; `frontmatter` swallows a ValueError from `split` and would then report no metadata at all.
    """

    def detect(self, text: str) -> bool:
        return split(text) is not None

    def split(self, text: str) -> tuple[str, str]:
        parts = split(text if text.endswith("\n") else text + "\n")
        if parts is None:
            raise Refused(_unfenced("", text))
        return parts[0], parts[1]

    def load(self, block: str) -> dict[str, Any]:
        node, problems = parse(block, "", 2)
        faults = [problem for problem in problems if problem.level == "error"]
        if faults or not isinstance(node, Mapping):
            raise Refused(faults[0] if faults else unmapped("", node))
        found = plain(node)
        return found if isinstance(found, dict) else {}


def front_matter(text: Text, hold: Callable[[bytes], bytes | Held]) -> tuple[Mapping | None, Origin, list[Problem]]:
    path, whole = text
    parts = split(whole)
    if parts is None:
        return None, origin_of(text, whole, 1, hold), [_unfenced(path, whole)]
    block, body, body_line = parts
    origin = origin_of(text, body, body_line, hold)
    if len(block.encode()) > BLOCK_MOST:
        says = f"Phần khai báo quá lớn (tối đa {BLOCK_MOST // 1024} kB)."
        return None, origin, [wrong(path, "CT016", says, "Hãy chuyển chữ xuống phần thân bài.")]
    try:
        node, problems = parse(block, path, 2)
    except Refused as refused:
        return None, origin, [refused.problem]
    if not isinstance(node, Mapping):
        return None, origin, [unmapped(path, node)]
    problems += [wrong(path, "CT016", says, do, body_line + line) for line, says, do in beyond(body)]
    return node, origin, problems


def _unfenced(path: str, text: str) -> Problem:
    if not text.strip():
        return wrong(path, "CT007", "Tệp trống.", "Hãy viết phần khai báo giữa hai dòng `---`, rồi phần thân bài.")
    if text.startswith("---\n"):
        says = "Không đọc được phần khai báo: có dòng `---` mở đầu mà không có dòng `---` kết thúc."
        return wrong(path, "CT007", says, "Hãy thêm một dòng `---` sau mục khai báo cuối cùng.")
    says = "Không đọc được phần khai báo: tệp không bắt đầu bằng dòng `---`."
    return wrong(path, "CT007", says, "Dòng đầu tiên phải đúng là `---`, không có chữ hay dấu cách nào trước nó.")


def unmapped(path: str, node: Node | None, first_line: int = 2) -> Problem:
    if node is None:
        return wrong(path, "CT007", "Phần khai báo trống.", "Hãy ghi mỗi mục một dòng `tên: giá trị`.", first_line)
    says = "Không đọc được phần khai báo: phải là các dòng `tên: giá trị`, không phải một danh sách hay một câu."
    return wrong(path, "CT007", says, "Hãy ghi mỗi mục một dòng `tên: giá trị`.", node.line)


def origin_of(text: Text, body: str, body_line: int, hold: Callable[[bytes], bytes | Held]) -> Origin:
    data = text.text.encode()
    return Origin(text.path, hold(data), len(data) - len(body.encode()), body_line, hashlib.sha256(data).hexdigest())


def keyed(problems: Iterable[Problem], of: type, node: Node | None) -> list[Problem]:
    """Problems met while reading a record of type `of`, with the key that stands at their place."""
    ways = ((problem, way(node, problem.line, problem.column)) for problem in problems)
    return [replace(problem, key=dotted(where), label=labelled(of, where)) if where else problem for problem, where in ways]


def locate(origin: Origin, where: Where) -> tuple[int, int]:
    """Line and column, from 1, of a key's value in its file, or of the nearest parent that is there.

    Read again from the text in hand: keeping every mark of every story would cost more memory than the stories.
    """
    return place(_nodes(origin.text, origin.path), where) or (1, 1)


@lru_cache(maxsize=1)
def _nodes(data: bytes, path: str) -> Node | None:
    """The last file asked for: a file with many findings is parsed once."""
    text = data.decode()
    parts = None if path.endswith(".yml") else split(text)
    try:
        return parse(parts[0], path, 2)[0] if parts else parse(text, path)[0]
    except Refused:
        return None


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def wrong(path: str, code: str, says: str, do: str, line: int = 1, column: int = 1) -> Problem:  # noqa: PLR0913, PLR0917
    """What a file that cannot be read has against it."""
    return Problem(path, line, column, code, "error", says, do)
