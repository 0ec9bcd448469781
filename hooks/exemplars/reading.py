"""Disk → model: the only module that opens content files. What their text must be is in `texts`, what their keys mean in `shaping`.

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
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exemplars.approving import text_sha256
from exemplars.aside import Aside
from exemplars.likeness import gist
from exemplars.model import (
    EVERYTHING,
    LEDGER,
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
from exemplars.picture_header import PHOTOS, header
from exemplars.schema import Same
from exemplars.shaping import SLUG, shaped
from exemplars.strict_yaml import Listing, Mapping, Refused, parse
from exemplars.texts import decode, front_matter, keyed, origin_of, unmapped, wrong

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator

    from exemplars.texts import Text

    Watch = Callable[[str, os.stat_result | None, bytes | None], None]
    Seen = Callable[[str, int, int], None]
    """Is told of every file that is looked at: its path, what it was before it was opened, its bytes or None where refused."""

TEXT_MOST = 256 * 1024
PHOTO_MOST = 8 * 1024 * 1024
PDF_MOST = 64 * 1024 * 1024
BESIDE = (*PHOTOS, ".pdf")


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
            published=tuple(self._published(LEDGER)),
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
            node, origin, problems = front_matter(text, self._hold)
            self.problems += keyed(problems, of, node)
        if node is None:
            self.unread.setdefault(collection, set()).add(guess)
            return None
        record, faults = shaped(of, node, path, origin=origin, **given)
        self.problems += keyed(faults, of, node)
        if any(one.level == "error" for one in (*faults, *problems)):
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
            self.problems.append(wrong(f"{folder}/index.md", "CT007", says, "Hãy thêm tệp index.md, hoặc xóa thư mục."))
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
            if not entry.name.lower().endswith(PHOTOS):  # published as it is; a photo is read where the story names it
                self.problems += _bytes(self.root, path, PDF_MOST, "thu gọn tệp PDF", self.watch)[1]
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
            self.problems.append(unmapped(path, node, 1))
            return None
        approval, faults = shaped(Approval, node, path, origin=origin_of(text, "", 1, self._hold))
        self.problems += keyed(faults, Approval, node)
        sound = not any(one.level == "error" for one in (*faults, *problems))
        found: Approval = approval if sound else replace(approval, origin=replace(approval.origin, sound=False))
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
            self.problems.append(wrong(path, "CT007", says, "Hãy viết mỗi mục một dòng `- id: …`.", node.line))
        for row in rows:
            if not isinstance(row, Mapping):
                says = "Dòng này của danh mục không có các mục con."
                self.problems.append(wrong(path, "CT007", says, "Hãy viết `- id: …`, rồi các mục khác.", row.line))
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
            if len(words) >= 2 and not line.startswith("#"):  # noqa: PLR2004
                yield Published(words[0], words[1], number, tuple(words[2:]))
            elif words and not line.startswith("#"):
                says = f"Dòng «{line}» của sổ địa chỉ không đúng dạng."
                self.problems.append(
                    wrong(path, "CT007", says, "Mỗi dòng: địa chỉ, mã bài, rồi các danh sách có bài, cách nhau bằng dấu cách.", number)
                )

    def _scan(self, folder: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(f"{self.root}/{folder}") as entries:
                return sorted(entries, key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            says = f"Không mở được thư mục ({error.strerror})."
            self.problems.append(wrong(folder, "CT007", says, "Hãy xem lại quyền đọc thư mục."))
            return []

    def _misplaced(self, path: str, entry: os.DirEntry[str], allowed: str) -> None:
        mode = entry.stat(follow_symlinks=False).st_mode
        kind = "liên kết" if stat.S_ISLNK(mode) else "thư mục" if stat.S_ISDIR(mode) else "tệp" if stat.S_ISREG(mode) else "tệp đặc biệt"
        says = f"{kind.capitalize()} «{entry.name}» không được đặt ở đây."
        self.problems.append(wrong(path, "CT015", says, f"Cho phép: {allowed}."))


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


def read_text(root: Path, path: str, watch: Watch | None = None) -> tuple[Text | None, list[Problem]]:
    """A content file of at most 256 kB; faults: VT001, VT004, CT015, CT016, CT017."""
    data, problems = _bytes(root, path, TEXT_MOST, "chia bài thành nhiều phần hoặc rút gọn", watch)
    if data is None:
        return None, problems
    return decode(data, path)


def raw_text(root: Path, path: str) -> str:
    """The text of a content file as it stands, byte order mark and line ends included; "" where it cannot be shown as text."""
    data, _ = _bytes(root, path, TEXT_MOST, "") if path.endswith((".md", ".yml", ".txt")) else (None, [])
    return data.decode(errors="replace") if data else ""


def _bytes(root: Path, path: str, most: int, remedy: str, watch: Watch | None = None) -> tuple[bytes | None, list[Problem]]:
    """A regular file of at most `most` bytes; links, pipes and devices are refused without being opened."""
    full = f"{root}/{path}"
    try:
        found = os.lstat(full)
        if watch:
            watch(path, found, None)
        if not stat.S_ISREG(found.st_mode):
            says = "Đây là một liên kết hoặc tệp đặc biệt, không phải tệp thường."
            return None, [wrong(path, "CT015", says, "Hãy thay bằng chính tệp đó.")]
        if found.st_size > most:
            says = f"Tệp quá lớn ({found.st_size // 1024} kB; tối đa {most // 1024} kB)."
            return None, [wrong(path, "CT016", says, f"Hãy {remedy}.")]
        with open(full, "rb", buffering=0) as file:  # noqa: PTH123 - thousands of files
            data = file.read()
    except OSError as error:
        if watch:
            watch(path, None, None)  # what a disk refuses today it may give tomorrow, though the file is the same
        says = f"Không mở được tệp ({error.strerror})."
        return None, [wrong(path, "CT007", says, "Hãy xem lại tên tệp và quyền đọc tệp.")]
    if watch:
        watch(path, found, data)
    return data, []


def sha256(data: bytes) -> str:
    return _sha256(Same(data))


@lru_cache(maxsize=1)
def _sha256(same: Same) -> str:
    """Of the last bytes asked for: whoever watches the reading asks for what reading asks for."""
    return hashlib.sha256(same.record).hexdigest()


def content_paths(root: Path, paths: Iterable[str]) -> tuple[str | None, ...]:
    """Paths as people type them → repository paths with "/" ("." for the root); None for one outside the repository."""
    absolute = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100 - resolve() would follow the links that reading refuses
    return tuple(one.relative_to(root).as_posix() if one.is_relative_to(root) else None for one in absolute)
