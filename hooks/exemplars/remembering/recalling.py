"""Reads a site and only those of its stories whose files have changed; the others are recalled from memory.

A recalled story holds what is asked of every story in turn. Whoever looks deeper has it read again from its own files.
"""

from __future__ import annotations

import datetime as dt
import errno
import hashlib
import os
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, cast

from exemplars.children import in_children
from exemplars.likeness import Gist
from exemplars.model import Origin, Problem, Story, Subject, Waiver, Withdrawal
from exemplars.reading import PHOTO_MOST, Reader, sha256
from exemplars.remembering.memory import Entry, untouched
from exemplars.schema import Day, keys_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from exemplars.checking import Seen
    from exemplars.remembering.memory import Memory, Row

TOGETHER = 16  # stories that a child reads in a go: what they have in common is sent once
SETTLED = 2_000_000_000  # nanoseconds: the coarsest clock of a file system in use (FAT) ticks every two seconds


class Stale(BaseException):
    """The file of that path is no longer what the memory of it was made from. Not an Exception: no rule is at fault, none may catch it."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


@contextmanager
def as_looked_at() -> Iterator[None]:
    """For what is made once a site was looked at. errors: OSError, where a file has changed since, or cannot be read any more."""
    try:
        yield
    except Stale as error:
        raise OSError(errno.ESTALE, "tệp đã đổi, hoặc không đọc được, trong lúc dựng", error.path) from None


class Recaller(Reader):
    """Reads only the stories whose files have changed.

    entries  what is known of each story folder, in the order of reading
    read     how many stories were read from their files
    """

    def __init__(self, root: Path, memory: Memory, seen: Seen | None, jobs: int = 1) -> None:
        super().__init__(root, self._note, seen)
        self.memory, self._jobs = memory, jobs
        self._done: dict[str, tuple[Entry, Story | None] | None] = {}
        self.entries: list[Entry] = []
        self.read = 0
        self.faces: dict[str, str] = {}
        self.opened: dict[str, tuple[Row, str]] = {}
        self._again = Reader(root, self._note)

    def _note(self, path: str, found: os.stat_result | None, data: bytes | None) -> None:
        self.opened[path] = _state(found) if found else (), "" if data is None else sha256(data)

    def ahead(self, folders: list[str]) -> None:
        """Reads the stories of which nothing is known in children, if they are many."""
        new = [folder for folder in folders if folder not in self.memory.entries]
        together = [new[n : n + TOGETHER] for n in range(0, len(new), TOGETHER)]
        seen = self.seen
        told = (lambda done: seen("Đọc bài", min(done * TOGETHER, len(new)), len(new))) if seen else None
        for at, found in in_children(together, self._read, self._jobs, TOGETHER, told).items():
            self._done.update(zip(together[at], found, strict=True))

    def _read(self, folders: list[str]) -> list[tuple[Entry, Story | None] | None]:
        """What a child makes of story folders; None for one that cannot be listed, or is empty: the parent says why."""
        listings = [(folder, self._scan(folder)) for folder in folders]
        return [self._fresh(self, folder, entries) if entries else None for folder, entries in listings]

    def story(self, folder: str, entries: list[os.DirEntry[str]] | None = None) -> Story | None:
        if (done := self._done.pop(folder, None)) is not None:
            self.read += 1
            self._say(done[0])
            self._met(done[0])
            return done[1]
        entry = self.memory.entries.get(folder)
        if entry is None or not (folder in self.memory.sound or untouched(self.root, folder, entry.files)):
            entries = self._scan(folder)
            # an empty listing may be that of a folder which could not be opened
            if entry is None or not entries or _listing(entries) != entry.listing or not self._equal(entry):
                entry, story = self._fresh(self, folder, entries)
                self._met(entry)
                return story
        self._say(entry)
        self._met(entry)
        return _recalled(entry, self) if entry.known else None

    def _say(self, entry: Entry) -> None:
        """What reading the folder found."""
        if entry.problems:
            self.problems += (Problem(*row) for row in entry.problems)
        if entry.unread:
            self.unread.setdefault("stories", set()).update(entry.unread)
        self.files.update([f"{entry.folder}/{name}" for name in entry.beside])

    def _met(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.faces[entry.path] = entry.face

    def _equal(self, entry: Entry) -> bool:
        """Whether the bytes of the files are what they were; notes their states as they are now."""
        folder = self.root / entry.folder
        try:
            states: list[Row] = [(".", self._folder_state(folder))]
            told = []
            for name, _ in entry.files[1:]:
                found = (folder / name).lstat()
                if not stat.S_ISREG(found.st_mode) or found.st_size > PHOTO_MOST:
                    return False
                states.append((name, self._settled(_state(found))))
                told.append((name, sha256((folder / name).read_bytes())))
        except OSError:
            return False
        if _face(entry.listing, told) != entry.face:
            return False
        entry.files = states
        return True

    def _folder_state(self, folder: Path) -> Row | None:
        return self._settled(_state(folder.lstat())) if self.memory.dated else None

    def _settled(self, state: Row) -> Row | None:
        """A state that tells: a file written within the same tick of the clock would look the same."""
        return state if max(state[2:]) + SETTLED < self.memory.started else None

    def _fresh(self, by: Reader, folder: str, entries: list[os.DirEntry[str]]) -> tuple[Entry, Story | None]:
        """The story as `by` reads it now, and what to remember of it."""
        self.read += 1
        listing, state_of_folder = _listing(entries), None
        with suppress(OSError):  # as it is after the listing was taken: what came in between is young, and so not settled
            state_of_folder = self._folder_state(self.root / folder)
        before, self.opened = self.opened, {}
        said, unread, beside = len(by.problems), by.unread.pop("stories", set()), by.files
        by.files = set()
        story = Reader.story(by, folder, entries)
        names = {path.rpartition("/")[2]: found for path, found in self.opened.items()}
        entry = Entry(
            folder,
            [(".", state_of_folder), *((name, self._settled(state) if digest else None) for name, (state, digest) in names.items())],
            _face(listing, [(name, digest or state) for name, (state, digest) in names.items()]), listing,
            [row_of(problem) for problem in by.problems[said:]],
            sorted(by.unread.get("stories", ())), sorted(path.rpartition("/")[2] for path in by.files), _known(story) if story else None,
        )  # fmt: skip
        self.opened = before
        beside |= by.files
        by.files = beside
        if unread:
            by.unread.setdefault("stories", set()).update(unread)
        return entry, story

    def whole(self, path: str) -> Story:
        """A remembered story, read again; Stale if its files are no longer what they were."""
        folder = path.rpartition("/")[0]
        try:
            with os.scandir(self.root / folder) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError:
            raise Stale(path) from None
        entry, story = self._fresh(self._again, folder, entries)
        if story is None or entry.face != self.faces[path]:
            raise Stale(path)
        return story

    def text(self, path: str, digest: str) -> bytes:
        """The normalised text of a remembered story; Stale if it is no longer what it was."""
        try:
            data = (self.root / path).read_bytes()
        except OSError:
            raise Stale(path) from None
        if hashlib.sha256(data).hexdigest() == digest:
            return data
        return self.whole(path).origin.text


def _listing(entries: list[os.DirEntry[str]]) -> Row:
    return [
        entry.name if entry.is_file(follow_symlinks=False) else f"{entry.name}/{stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)}"
        for entry in entries
    ]


def _state(found: os.stat_result) -> Row:
    """What changes when a file does. The change time cannot be set by hand, so an old modification time hides nothing
    (on Windows, where there is none, a change that keeps size and modification time is not seen).
    """
    return (found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)


def _face(listing: Row, told: Row) -> str:
    """Of two folders with one face reading makes the same. `told`: each opened file with the hash of its bytes; one that was
    refused with its state instead, and so never equal to one that can be read.
    """
    return hashlib.sha256(repr((listing, told)).encode()).hexdigest()


def row_of(record: Any) -> Row:
    return [getattr(record, name) for name in record.__slots__]


# --- what is asked of every story -----------------------------------------------------------------------------------------

# kept as they are; days as text
PLAIN = (
    "id", "title", "summary", "draft", "sample", "kind", "unit", "field", "plan", "campaigns", "redirect_from", "text_sha256", "decided",
)  # fmt: skip
DAYS = ("date", "updated")


def _known(story: Story) -> tuple[Any, ...]:
    """What rules of the whole site and the lists of the site look at in every story: enough that none has it read again."""
    origin, gone, person = story.origin, story.withdrawn, story.gist or Gist()
    return (
        tuple(getattr(story, name) for name in PLAIN), tuple(_written(getattr(story, name)) for name in DAYS),
        _days(gone) if gone else None, _days(story.subject) if story.subject else None, tuple(_days(waiver) for waiver in story.waive),
        tuple(person), (origin.body_at, origin.body_line, origin.digest, origin.sound),
    )  # fmt: skip


def _recalled(entry: Entry, reader: Recaller) -> Story:
    """A story of which only `_known` is there; the rest comes when somebody asks for it."""
    plain, (date, updated), gone, subject, waivers, gist, (body_at, body_line, digest, sound) = entry.known
    story: Any = object.__new__(_Recalled)  # not frozen when the program runs; see `records`
    (
        story.id, story.title, story.summary, story.draft, story.sample, story.kind, story.unit, story.field, story.plan, story.campaigns,
        story.redirect_from, story.text_sha256, story.decided,
    ) = plain  # fmt: skip
    story.date, story.updated = _day(date), _day(updated)
    story.withdrawn = _record(Withdrawal, gone) if gone else None
    story.subject = _record(Subject, subject) if subject else None
    story.waive = tuple(_record(Waiver, row) for row in waivers) if waivers else ()
    story.gist = Gist(*gist)
    path = entry.path
    story.origin = Origin(path, _Kept(reader, path, digest), body_at, body_line, digest, sound)
    recalled: Story = story
    return recalled


def _written(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _day(told: str | None) -> dt.date | None:
    return dt.date.fromisoformat(told) if told else None


def _days(record: Any) -> Row:
    return [one.isoformat() if isinstance(one, dt.date) else one for one in row_of(record)]


def _record(of: type, row: Row) -> Any:
    return of(*(_day(told) if isinstance(key.shape, Day) else told for key, told in zip(keys_of(of).values(), row, strict=True)))


class _Recalled(Story):
    """A story with some of its slots still empty; the first look into one fills all, and makes it a story like any other."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        if name not in Story.__slots__:
            raise AttributeError(name=name, obj=self)
        whole = cast("_Kept", self.origin.held).reader.whole(self.origin.path)
        for slot in Story.__slots__:
            object.__setattr__(self, slot, getattr(whole, slot))
        object.__setattr__(self, "__class__", Story)
        return getattr(self, name)


class _Kept:
    """The text of a remembered story: still in its file."""

    __slots__ = ("digest", "path", "reader")

    def __init__(self, reader: Recaller, path: str, digest: str) -> None:
        self.reader, self.path, self.digest = reader, path, digest

    def read(self) -> bytes:
        return self.reader.text(self.path, self.digest)
