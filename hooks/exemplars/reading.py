"""Disk → model: the only module that opens content files. What a file must be is here; what its keys mean is in `shaping`.

Nothing is skipped in silence: a file is read, or there is a `Problem` that names it.
"""

from __future__ import annotations

import gc
import hashlib
import os
import re
import stat
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars.approving import text_sha256
from exemplars.aside import Aside, Held
from exemplars.bounds import beyond, numbered
from exemplars.legacy_encodings import legacy_passages
from exemplars.likeness import gist
from exemplars.model import (
    EVERYTHING,
    TERMS,
    Approval,
    AwardKind,
    Campaign,
    Document,
    Event,
    Origin,
    Photo,
    Plan,
    Problem,
    Published,
    Scope,
    Site,
    Story,
    Term,
    Unit,
)  # fmt: skip
from exemplars.picture_header import header
from exemplars.schema import Same, dotted, labelled
from exemplars.shaping import SLUG, shaped
from exemplars.spelling import wrong_d
from exemplars.strict_yaml import FORBIDDEN, Listing, Mapping, Node, Refused, forbidden_character, parse, place, way
from exemplars.vietnamese import clean

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from exemplars.schema import Where

    Watch = Callable[[str, os.stat_result | None, bytes | None], None]
    Seen = Callable[[str, int, int], None]
    """Is told of every file that is looked at: its path, what it was before it was opened, its bytes or None where refused."""

TEXT_MOST = 256 * 1024
BLOCK_MOST = 64 * 1024
LINE_MOST = 10_000
FLOOD = 500  # places of one fault named in a file: who has mended so many sees the next
PHOTO_MOST = 8 * 1024 * 1024
PHOTOS = (".jpg", ".jpeg", ".png", ".webp")
BESIDE = (*PHOTOS, ".pdf")
BOM = b"\xef\xbb\xbf"

CONFLICTS = ("<<<<<<<", ">>>>>>>", "|||||||")
CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
FENCED = re.compile(r"---\n(.*?)^---(?:\n|\Z)", re.DOTALL | re.MULTILINE)


class Text(NamedTuple):
    """A text file as everything else sees it: UTF-8 without BOM, NFC, LF."""

    path: str
    text: str


# --- one file ---------------------------------------------------------------------------------------------------------


def read_text(root: Path, path: str, watch: Watch | None = None) -> tuple[Text | None, list[Problem]]:
    """A content file of at most 256 kB; faults: VT001, VT004, CT015, CT016, CT017."""
    data, problems = _bytes(root, path, TEXT_MOST, "chia bài thành nhiều phần hoặc rút gọn", watch)
    if data is None:
        return None, problems
    return decode(data, path)


def decode(data: bytes, path: str) -> tuple[Text | None, list[Problem]]:
    """The bytes of a file → its normalised text."""
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return None, [_problem(path, "VT001", "Tệp lưu theo bảng mã UTF-16.", "Hãy lưu lại với bảng mã UTF-8.")]
    mark = len(BOM) if data.startswith(BOM) else 0
    try:
        text = data[mark:].decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, mark + error.start) + 1
        says = f"Tệp không phải UTF-8 (byte thứ {mark + error.start + 1})."
        return None, [_problem(path, "VT001", says, "Hãy lưu lại với bảng mã UTF-8.", line)]
    if problems := _misread(text, path):
        return None, problems
    borrowed = _borrowed_letters(text, path)
    text = clean(text)
    problems = [
        _problem(path, "CT017", f"Còn dấu xung đột của git («{match[0].strip()}») trong tệp.",
                 "Hãy chọn một bản và xóa các dấu đó.", line + 1)
        for line, match in (numbered(text, islice(CONFLICT.finditer(text), FLOOD)) if any(mark in text for mark in CONFLICTS) else ())
    ]  # fmt: skip
    for line, match in numbered(text, islice(FORBIDDEN.finditer(text), FLOOD)):
        column = match.start() - text.rfind("\n", 0, match.start())
        problems.append(_problem(path, "VT004", *forbidden_character(match[0]), line + 1, column))
    long = next((n for n, line in enumerate(text.split("\n"), 1) if len(line) > LINE_MOST), None)
    if long:
        says = f"Dòng quá dài (tối đa {LINE_MOST} ký tự)."
        problems.append(_problem(path, "CT016", says, "Hãy ngắt đoạn bằng một dòng trống.", long))
    return (None, borrowed + problems) if problems else (Text(path, text), borrowed)


def _misread(text: str, path: str) -> list[Problem]:
    """VT002: lines in TCVN3, VNI or doubly encoded UTF-8. Before `clean`, which would take «ư» and «é» out of TCVN3."""
    problems = []
    for first, last, found, reading in legacy_passages(text):
        until = f" (tới dòng {last})" if last > first else ""
        says = f"Đoạn này{until} là {reading.encoding}: «{_excerpt(found)}»."
        do = f"Gợi ý: «{_excerpt(reading.text)}». Hãy chuyển sang Unicode rồi dán lại."
        problems.append(_problem(path, "VT002", says, do, first))
    return problems


def _excerpt(line: str, most: int = 60) -> str:
    line = FORBIDDEN.sub("·", line).replace("\u00ad", "·").strip()
    return line if len(line) <= most else f"{line[:most].rstrip()}…"


def _borrowed_letters(text: str, path: str) -> list[Problem]:
    """VT003: Ð, ð of Icelandic in Vietnamese words. They are read as Đ, đ; the file keeps them until somebody mends it."""
    problems = []
    for start, end, right in wrong_d(text):
        line, column = _line(text, start), start - text.rfind("\n", 0, start)
        letter, ours = ("Ð (U+00D0)", "Đ") if "Ð" in text[start:end] else ("ð (U+00F0)", "đ")
        says = f"«{text[start:end]}» dùng chữ {letter} trông giống {ours}."
        problems.append(_problem(path, "VT003", says, f"Hãy gõ lại {ours}: «{right}».", line, column))
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
        if problems or not isinstance(node, Mapping):
            raise Refused(problems[0] if problems else _unmapped("", node))
        plain = _plain(node)
        return plain if isinstance(plain, dict) else {}


def _plain(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {name: _plain(value) for name, (_, _, value) in node.entries.items()}
    return [_plain(item) for item in node.items] if isinstance(node, Listing) else node.text


def _front_matter(text: Text, hold: Callable[[bytes], bytes | Held]) -> tuple[Mapping | None, Origin, list[Problem]]:
    path, whole = text
    parts = split(whole)
    if parts is None:
        return None, _origin(text, whole, 1, hold), [_unfenced(path, whole)]
    block, body, body_line = parts
    origin = _origin(text, body, body_line, hold)
    if len(block.encode()) > BLOCK_MOST:
        says = f"Phần khai báo quá lớn (tối đa {BLOCK_MOST // 1024} kB)."
        return None, origin, [_problem(path, "CT016", says, "Hãy chuyển chữ xuống phần thân bài.")]
    try:
        node, problems = parse(block, path, 2)
    except Refused as refused:
        return None, origin, [refused.problem]
    if not isinstance(node, Mapping):
        return None, origin, [_unmapped(path, node)]
    problems += [_problem(path, "CT016", says, do, body_line + line) for line, says, do in beyond(body)]
    return node, origin, problems


def _unfenced(path: str, text: str) -> Problem:
    if not text.strip():
        return _problem(path, "CT007", "Tệp trống.", "Hãy viết phần khai báo giữa hai dòng `---`, rồi phần thân bài.")
    if text.startswith("---\n"):
        says = "Không đọc được phần khai báo: có dòng `---` mở đầu mà không có dòng `---` kết thúc."
        return _problem(path, "CT007", says, "Hãy thêm một dòng `---` sau mục khai báo cuối cùng.")
    says = "Không đọc được phần khai báo: tệp không bắt đầu bằng dòng `---`."
    return _problem(path, "CT007", says, "Dòng đầu tiên phải đúng là `---`, không có chữ hay dấu cách nào trước nó.")


def _unmapped(path: str, node: Node | None, first_line: int = 2) -> Problem:
    if node is None:
        return _problem(path, "CT007", "Phần khai báo trống.", "Hãy ghi mỗi mục một dòng `tên: giá trị`.", first_line)
    says = "Không đọc được phần khai báo: phải là các dòng `tên: giá trị`, không phải một danh sách hay một câu."
    return _problem(path, "CT007", says, "Hãy ghi mỗi mục một dòng `tên: giá trị`.", node.line)


def _origin(text: Text, body: str, body_line: int, hold: Callable[[bytes], bytes | Held]) -> Origin:
    data = text.text.encode()
    return Origin(text.path, hold(data), len(data) - len(body.encode()), body_line, hashlib.sha256(data).hexdigest())


def keyed(problems: Iterable[Problem], of: type, node: Node | None) -> list[Problem]:
    """Problems met while reading a record of type `of`, with the key that stands at their place."""
    ways = ((problem, way(node, problem.line, problem.column)) for problem in problems)
    return [replace(problem, key=dotted(where), label=labelled(of, where)) if where else problem for problem, where in ways]


def raw_text(root: Path, path: str) -> str:
    """The text of a content file as it stands, byte order mark and line ends included; "" where it cannot be shown as text."""
    data, _ = _bytes(root, path, TEXT_MOST, "") if path.endswith((".md", ".yml", ".txt")) else (None, [])
    return data.decode(errors="replace") if data else ""


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


# --- the files of the site --------------------------------------------------------------------------------------------


class Reader:
    """Reads a site under `root`; problems gather in the order met."""

    def __init__(self, root: Path, watch: Watch | None = None, seen: Seen | None = None) -> None:
        self.root = root
        self.watch = watch
        self.seen = seen
        self.problems: list[Problem] = []
        self.unread: dict[str, set[str]] = {}
        self.files: set[str] = set()
        self._hold = Aside().hold

    def site(self, today: dt.date) -> Site:
        plans = tuple(self._pages("content/plans", Plan, "plans"))
        documents = tuple(self._pages("content/documents", Document, "documents"))
        terms = {name: tuple(self._rows(f"content/data/{name}.yml", Term)) for name in TERMS}
        return Site(
            stories=tuple(self._stories()),
            campaigns=tuple(self._pages("campaigns", Campaign, "campaigns")),
            plans=plans,
            documents=documents,
            events=tuple(self._pages("content/events", Event, "events")),
            units=tuple(self._rows("content/data/units.yml", Unit)),
            awards=tuple(self._rows("content/data/awards.yml", AwardKind)),
            scopes=tuple(self._rows("content/data/scopes.yml", Scope)),
            terms=terms,
            published=tuple(self._published("content/data/published.txt")),
            unread={name: frozenset(ids) for name, ids in self.unread.items()},
            files=frozenset(self.files),
            today=today,
        )

    def _record(self, of: type, path: str, collection: str, guess: str, **given: Any) -> Any:
        """The record of one file with front matter; a file that cannot be read is remembered as faulty, not missing."""
        text, problems = read_text(self.root, path, self.watch)
        self.problems += problems
        node, origin = None, Origin(path, sound=False)
        if text is not None:
            node, origin, problems = _front_matter(text, self._hold)
            self.problems += keyed(problems, of, node)
        if node is None:
            self.unread.setdefault(collection, set()).add(guess)
            return None
        record, faults = shaped(of, node, path, origin=origin, **given)
        self.problems += keyed(faults, of, node)
        if faults or problems:
            record = replace(record, origin=replace(origin, sound=False))
        return record if record.id else replace(record, id=guess)

    def _pages(self, folder: str, of: type, collection: str) -> Iterator[Any]:
        for entry in self._scan(folder):
            path = f"{folder}/{entry.name}"
            if entry.name == "README.md":
                continue
            if not entry.name.endswith(".md") or not entry.is_file(follow_symlinks=False):
                self._misplaced(path, entry, "tệp .md")
                continue
            record = self._record(of, path, collection, entry.name[:-3])
            if record is not None:
                yield record

    def _stories(self) -> Iterator[Story]:
        folders = list(self._story_folders())
        self.ahead(folders)
        for done, folder in enumerate(folders, 1):
            story = self.story(folder)
            if story is not None:
                yield story
            if self.seen:
                self.seen("Đọc bài", done, len(folders))

    def ahead(self, folders: list[str]) -> None:
        """Is told which stories will be read; for whoever can do some of it at once."""

    def _story_folders(self) -> Iterator[str]:
        for year in self._scan("stories"):
            path = f"stories/{year.name}"
            if year.name == "README.md":
                continue
            if not (re.fullmatch(r"\d{4}", year.name) and year.is_dir(follow_symlinks=False)):
                self._misplaced(path, year, "thư mục năm, ví dụ stories/2020")
                continue
            for entry in self._scan(path):
                folder = f"{path}/{entry.name}"
                if not (SLUG.match(entry.name) and entry.is_dir(follow_symlinks=False)):
                    self._misplaced(folder, entry, "mỗi bài một thư mục, tên chữ thường không dấu nối bằng gạch ngang")
                else:
                    yield folder

    def story(self, folder: str, entries: list[os.DirEntry[str]] | None = None) -> Story | None:
        """The story of one folder; `entries`: all that lies in it, for whoever has looked already."""
        entries = self._scan(folder) if entries is None else entries
        names = {entry.name for entry in entries if self._beside(folder, entry)}
        _, year, slug = folder.split("/")
        if "index.md" not in names:
            self.unread.setdefault("stories", set()).add(f"{year}-{slug}")
            if any(entry.name == "index.md" for entry in entries) or (self.problems and self.problems[-1].path == folder):
                return None  # what is in its place has been named
            says = "Thư mục bài không có tệp index.md."
            self.problems.append(_problem(f"{folder}/index.md", "CT007", says, "Hãy thêm tệp index.md, hoặc xóa thư mục."))
            return None
        given: dict[str, Any] = {}
        if "approval.yml" in names:
            given["approval"] = self._approval(f"{folder}/approval.yml")
        story: Story | None = self._record(Story, f"{folder}/index.md", "stories", f"{year}-{slug}", **given)
        if story is None:
            return None
        if story.photos:
            story = replace(story, photos=tuple(self._photo(folder, photo, names) for photo in story.photos))
        name = story.subject.name if story.subject else ""
        decided = story.approval is not None
        return replace(story, text_sha256=text_sha256(story), gist=gist(name, story.origin.body), decided=decided)

    def _beside(self, folder: str, entry: os.DirEntry[str]) -> bool:
        """Whether a file may lie in a story's folder; files for readers are noted for the links."""
        path = f"{folder}/{entry.name}"
        plain = entry.is_file(follow_symlinks=False)
        if plain and entry.name in {"index.md", "approval.yml"}:
            return True
        if plain and entry.name.lower().endswith(BESIDE) and not entry.name.startswith("."):
            self.files.add(path)
            return True
        self._misplaced(path, entry, f"index.md, approval.yml, tệp {', '.join(BESIDE)}")
        return False

    def _approval(self, path: str) -> Approval | None:
        text, problems = read_text(self.root, path, self.watch)
        self.problems += problems
        if text is None:
            return None
        try:
            node, problems = parse(text.text, path)
        except Refused as refused:
            self.problems.append(refused.problem)
            return None
        self.problems += problems
        if not isinstance(node, Mapping):
            self.problems.append(_unmapped(path, node, 1))
            return None
        approval, faults = shaped(Approval, node, path, origin=_origin(text, "", 1, self._hold))
        self.problems += keyed(faults, Approval, node)
        found: Approval = replace(approval, origin=replace(approval.origin, sound=False)) if faults or problems else approval
        return found

    def _photo(self, folder: str, photo: Photo, names: set[str]) -> Photo:
        """The photo with the digest and the header of its bytes; without them where the file is not there (a rule says so)."""
        if photo.file not in names or not photo.file.lower().endswith(PHOTOS):
            return photo
        data, problems = _bytes(self.root, f"{folder}/{photo.file}", PHOTO_MOST, "thu nhỏ ảnh", self.watch)
        self.problems += problems
        if data is None:
            return photo
        fault, private = header(data)
        return replace(photo, sha256=sha256(data), size=len(data), fault=fault, private=private)

    def _rows(self, path: str, of: type) -> Iterator[Any]:
        text, problems = read_text(self.root, path, self.watch)
        self.problems += problems
        try:
            node, problems = parse(text.text, path) if text else (None, [])
        except Refused as refused:
            self.problems.append(refused.problem)
            text = None
        if text is None:
            self.unread.setdefault(path.rpartition("/")[2].removesuffix(".yml"), set()).add(EVERYTHING)
            return
        self.problems += problems
        rows = node.items if isinstance(node, Listing) else []
        if node is not None and not isinstance(node, Listing):
            says = "Danh mục phải là các dòng bắt đầu bằng gạch đầu dòng."
            self.problems.append(_problem(path, "CT007", says, "Hãy viết mỗi mục một dòng `- id: …`.", node.line))
        for row in rows:
            if not isinstance(row, Mapping):
                says = "Dòng này của danh mục không có các mục con."
                self.problems.append(_problem(path, "CT007", says, "Hãy viết `- id: …`, rồi các mục khác.", row.line))
                continue
            # the row's own line stands in for the file's first, so that problems of a row name the row
            record, faults = shaped(of, row, path, origin=Origin(path, body_line=row.line))
            self.problems += keyed(faults, of, row)
            yield record

    def _published(self, path: str) -> Iterator[Published]:
        if not os.path.lexists(self.root / path):
            return
        data, problems = _bytes(self.root, path, 64 * 1024 * 1024, "báo người phụ trách kỹ thuật", self.watch)
        self.problems += problems
        text, problems = decode(data, path) if data is not None else (None, [])
        self.problems += problems
        for number, line in enumerate(text.text.split("\n") if text else (), 1):
            words = line.split()
            if len(words) == 2 and not line.startswith("#"):  # noqa: PLR2004
                yield Published(words[0], words[1], number)
            elif words and not line.startswith("#"):
                says = f"Dòng «{line}» của sổ địa chỉ không đúng dạng."
                self.problems.append(_problem(path, "CT007", says, "Mỗi dòng: địa chỉ, dấu cách, mã bài.", number))

    def _scan(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(f"{self.root}/{folder}") as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            says = f"Không mở được thư mục ({error.strerror})."
            self.problems.append(_problem(folder, "CT007", says, "Hãy xem lại quyền đọc thư mục."))
            return []

    def _misplaced(self, path: str, entry: os.DirEntry[str], allowed: str) -> None:
        mode = entry.stat(follow_symlinks=False).st_mode
        kind = "liên kết" if stat.S_ISLNK(mode) else "thư mục" if stat.S_ISDIR(mode) else "tệp" if stat.S_ISREG(mode) else "tệp đặc biệt"
        says = f"{kind.capitalize()} «{entry.name}» không được đặt ở đây."
        self.problems.append(_problem(path, "CT015", says, f"Cho phép: {allowed}."))


def read_site(root: Path, today: dt.date, seen: Seen | None = None) -> tuple[Site, list[Problem]]:
    """The whole site under `root`, and every problem met while reading; `today` is only handed on to the rules.

    `seen` is told after each story how many are read; of how many nobody knows yet (0).
    """
    reader = Reader(root, seen=seen)
    with everything_stays():
        return reader.site(today), reader.problems


@contextmanager
def everything_stays() -> Iterator[None]:
    """While all that is read stays: looking for garbage in it takes a third of the time."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collecting:
            gc.enable()


def photo_bytes(root: Path, story: Story, photo: Photo) -> bytes:
    """The bytes of a photo that reading found sound; OSError where it vanished since."""
    return (root / Path(story.origin.path).parent / photo.file).read_bytes()


def _bytes(root: Path, path: str, most: int, remedy: str, watch: Watch | None = None) -> tuple[bytes | None, list[Problem]]:
    """A regular file of at most `most` bytes; links, pipes and devices are refused without being opened."""
    full = f"{root}/{path}"
    try:
        found = os.lstat(full)
        if watch:
            watch(path, found, None)
        if not stat.S_ISREG(found.st_mode):
            says = "Đây là một liên kết hoặc tệp đặc biệt, không phải tệp thường."
            return None, [_problem(path, "CT015", says, "Hãy thay bằng chính tệp đó.")]
        if found.st_size > most:
            says = f"Tệp quá lớn ({found.st_size // 1024} kB; tối đa {most // 1024} kB)."
            return None, [_problem(path, "CT016", says, f"Hãy {remedy}.")]
        with open(full, "rb", buffering=0) as file:  # noqa: PTH123 - thousands of files
            data = file.read()
    except OSError as error:
        if watch:
            watch(path, None, None)  # what a disk refuses today it may give tomorrow, though the file is the same
        says = f"Không mở được tệp ({error.strerror})."
        return None, [_problem(path, "CT007", says, "Hãy xem lại tên tệp và quyền đọc tệp.")]
    if watch:
        watch(path, found, data)
    return data, []


def sha256(data: bytes) -> str:
    return _sha256(Same(data))


@lru_cache(maxsize=1)
def _sha256(same: Same) -> str:
    """Of the last bytes asked for: whoever watches the reading asks for what reading asks for."""
    return hashlib.sha256(same.record).hexdigest()


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _problem(path: str, code: str, says: str, do: str, line: int = 1, column: int = 1) -> Problem:  # noqa: PLR0913, PLR0917
    return Problem(path, line, column, code, "error", says, do)


def content_paths(root: Path, paths: Iterable[str]) -> tuple[str | None, ...]:
    """Paths as people type them → repository paths with "/" ("." for the root); None for one outside the repository."""
    absolute = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100 - resolve() would follow the links that reading refuses
    return tuple(one.relative_to(root).as_posix() if one.is_relative_to(root) else None for one in absolute)
