"""The file in which one look at the site remembers the next: what was found in each story, and from which bytes.

It may be deleted at any time. It serves only the code, the interpreter and the libraries that wrote it, carries its own
hash, and is replaced whole.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sys
import tempfile
from contextlib import suppress
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Row = Any
    """Plain values only: what `marshal` can hold."""

NAME, README = "memory", "README.md"
STATE = 3  # so many members of a row tell whether the folder has changed


class Entry:
    """What is known of one story folder.

    files     the folder itself («.») and the files that were opened: (name, state); None for a state that cannot tell
    face      hash of the listing and of the bytes of those files: all that the story was made from
    listing   its names; one that is no regular file with its type after a slash
    problems  what reading said
    unread    ids that the folder adds to `Site.unread`
    beside    the names of what it adds to `Site.files`
    known     what is asked of every story in turn, None where there is no story; see `recalling`
    judged    (questions, problems, waived codes) of the rules of single records; None where not known
    brief     its brief and what was made of it: (ground, brief, sizes of photos, hashes by name, neighbours); None where not known
    """

    __slots__ = ("beside", "brief", "face", "files", "folder", "judged", "known", "listing", "problems", "unread")

    def __init__(  # noqa: PLR0913, PLR0917
        self, folder: str, files: Row, face: str, listing: Row, problems: Row, unread: Row, beside: Row, known: Any,
        judged: Any = None, brief: Any = None,
    ) -> None:  # fmt: skip
        self.folder, self.listing, self.files, self.face, self.problems = folder, listing, files, face, problems
        self.unread, self.beside, self.known, self.judged, self.brief = unread, beside, known, judged, brief

    @property
    def path(self) -> str:
        return f"{self.folder}/index.md"

    def row(self) -> tuple[Any, ...]:
        return (
            self.folder, self.files, self.face, self.listing, self.problems, self.unread, self.beside, self.known, self.judged, self.brief,
        )  # fmt: skip


class Memory:
    """The file of the last look; OSError where its folder cannot be written. Its rows stand in two parts: whether anything has changed is
    told by the first, and where nothing has the second is not looked into.

    started   the time of the file system at the start, in nanoseconds: the only clock that file times can be compared with
    dated     whether a folder of this file system is as young as the last name put into it
    states    of each story folder: its path, files and face
    sound     story folders whose files are those that are known, as far as anybody has looked
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.states: list[Row] = []
        self.sound: set[str] = set()
        self._others = marshal.dumps(({}, []))
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(prefix=f"{NAME}-", dir=folder) as young:
            self.started = os.fstat(young.fileno()).st_mtime_ns
            self.dated = folder.stat().st_mtime_ns >= self.started

    def untouched(self, root: Path) -> bool:
        """Whether the files of all stories are those that are known, and no others have come. Notes which are."""
        self.sound = {folder for folder, files, _ in self.states if untouched(root, folder, files)}
        try:
            found = [
                f"stories/{year}/{name}" for year in _names(root / "stories") if year != README for name in _names(root / "stories" / year)
            ]
        except OSError:
            return False
        return len(self.sound) == len(self.states) and found == [folder for folder, _, _ in self.states]

    def load(self) -> None:
        """Everything, or nothing where the file is not there, not whole, or not ours."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return
        head, _, body = data.partition(b"\n")
        if head != _head(body):
            return
        size, self.states = marshal.loads(body)  # noqa: S302 - our own: its hash and that of our code stand before it
        self._others = body[-size:]

    @cached_property
    def _second(self) -> tuple[dict[str, Any], list[Row]]:
        notes, rows = marshal.loads(self._others)  # noqa: S302
        self._others = b""
        return notes, [state + row for state, row in zip(self.states, rows, strict=True)]

    @cached_property
    def notes(self) -> dict[str, Any]:
        """What is remembered of the whole, by name."""
        return self._second[0]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """What is known of each story folder, by its path."""
        return {row[0]: Entry(*row) for row in self._second[1]}

    def save(self, notes: Mapping[str, Any], entries: Iterable[Entry]) -> None:
        """Writes what is known now, where it differs from what stands in the file."""
        rows = [entry.row() for entry in entries]
        if self._second == (notes, rows):
            return
        others = marshal.dumps((dict(notes), [row[STATE:] for row in rows]))
        body = marshal.dumps((len(others), [row[:STATE] for row in rows])) + others
        head = _head(body)
        new = Path(f"{self.path}-{os.getpid()}")
        try:
            new.write_bytes(head + b"\n" + body)
            new.replace(self.path)
        except OSError:  # a full disk: the next look does without
            with suppress(OSError):
                new.unlink(missing_ok=True)


def _names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))  # noqa: PTH208 - ten thousand names


def untouched(root: Path, folder: str, files: Row) -> bool:
    """Whether the states of folder and files tell that they are what they were."""
    at, lstat = f"{root}/{folder}/", os.lstat
    try:
        for name, state in files:
            found = lstat(at + name)
            if (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns) != state:
                return False
    except OSError:
        return False
    return True


def _head(body: bytes) -> bytes:
    """The first line of the file: of which code it is, and of which bytes."""
    return f"{code()} {hashlib.sha256(body).hexdigest()}".encode()


@lru_cache(maxsize=1)
def code() -> str:
    """Hash of all that decides what is found in a file: our code, the interpreter, the YAML library."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256(f"{sys.version} {sys.byteorder} {yaml.__version__} {yaml._yaml.get_version_string()}".encode())  # noqa: SLF001
    for path in sorted(package.rglob("*.py")):
        data = path.read_bytes()
        digest.update(f"\n{path.relative_to(package).as_posix()} {len(data)}\n".encode() + data)
    return digest.hexdigest()
