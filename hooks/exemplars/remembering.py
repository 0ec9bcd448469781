"""What the last check found, kept in one file, so that the next one looks only at what has changed since.

Kept of each story: the state of its files, what reading and the rules said of it, the little that rules of the whole site look
at, and every question about other stories that its rules asked, with the answer. The record itself is not kept: whoever looks
deeper into a remembered story has it read again from its own files. Everything that is no story is read anew each time, and
when any of it has changed nothing the rules said is believed.

The file may be deleted at any time. It serves only the code, the interpreter and the libraries that wrote it, carries its own
hash, and is replaced whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml

from exemplars import checking
from exemplars.likeness import Gist
from exemplars.model import Origin, Problem, Site, Story, Waiver, Withdrawal
from exemplars.reading import PHOTO_MOST, Reader, everything_stays, read_site, sha256
from exemplars.schema import Day, keys_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from exemplars.checking import Judged, Seen
    from exemplars.model import Published

    Row = list[Any]  # what JSON can hold

NAME = "check"
LEDGER = "content/data/published.txt"  # looked at by rules of the whole site only, and longer after every publication
SETTLED = 2_000_000_000  # nanoseconds: the coarsest clock of a file system in use (FAT) ticks every two seconds


def check(root: Path, today: dt.date, folder: Path, seen: Seen | None = None) -> tuple[Site, list[Problem]]:
    """The site under `root` and all its problems, as `checking.check` finds them; remembers in `folder`.

    `seen` is told how far it is, as by `read_site` and `checking.check`. Where `folder` cannot be written, nothing is remembered and nothing else differs.
    """
    try:
        memory = Memory(folder)
    except OSError:
        memory = None
    try:
        if memory:
            return _check(root, today, memory, seen)
    except Stale:
        pass  # a file changed while we looked: what we know of it no longer fits together
    finally:
        if memory:
            memory.close()
    site, read = read_site(root, today, seen)
    return site, checking.check(site, read, seen)


def _check(root: Path, today: dt.date, memory: Memory, seen: Seen | None) -> tuple[Site, list[Problem]]:
    with everything_stays():
        memory.load()
        reader = _Reader(root, memory, seen)
        site = reader.site(today)
        judge = _Judge(site, reader)
        problems = checking.check(site, reader.problems, seen, judge)
    memory.save(judge.ground, reader.entries)
    return site, problems


class Stale(BaseException):
    """A file is no longer what the memory of it was made from. Not an Exception: no rule is at fault, none may catch it."""


# --- the file -----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Entry:
    """What is known of one story folder.

    listing   its names; one that is no regular file with its type after a slash
    files     the folder itself («.») and the files that were opened: [name, state]; None for a state that cannot tell
    face      hash of the listing and of the bytes of those files: all that the story was made from
    problems  what reading said
    unread    ids that the folder adds to `Site.unread`
    beside    the names of what it adds to `Site.files`
    known     what rules of the whole site look at, None where there is no story; see `_known`
    judged    [questions, problems, waived codes] of the rules of single records; None where not known
    at        its place in the file; -1 once it differs
    """

    folder: str
    listing: list[str]
    files: list[Row]
    face: str
    problems: list[Row]
    unread: list[str]
    beside: list[str]
    known: Row | None
    judged: Row | None = None
    at: int = -1

    def row(self) -> Row:
        return [self.folder, self.listing, self.files, self.face, self.problems, self.unread, self.beside, self.known, self.judged]


class Memory:
    """The file of the last check; OSError where its folder cannot be written.

    started   the time of the file system at the start, in nanoseconds: the only clock that file times can be compared with
    dated     whether a folder of this file system is as young as the last name put into it
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self.entries: dict[str, Entry] = {}
        self.ground = ""
        self._body = b""
        folder.mkdir(parents=True, exist_ok=True)
        fd, name = tempfile.mkstemp(prefix=f"{NAME}-", dir=folder)
        self._new = Path(name)
        self.started = os.fstat(fd).st_mtime_ns
        self.dated = folder.stat().st_mtime_ns >= self.started
        os.close(fd)

    def close(self) -> None:
        self._new.unlink(missing_ok=True)

    def load(self) -> None:
        """Everything, or nothing where the file is not there, not whole, or not ours."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return
        head, _, body = data.partition(b"\n")
        if head != _head(body):
            return
        self._body = body
        (self.ground,), *rows = json.loads(body)
        self.entries = {row[0]: Entry(*[*row, at]) for at, row in enumerate(rows, 1)}

    def save(self, ground: str, entries: list[Entry]) -> None:
        """Writes what is known now, where it differs from what stands in the file."""
        if ground == self.ground and len(entries) == len(self.entries) and all(entry.at > 0 for entry in entries):
            return
        lines = self._body[1:-1].split(b",\n")
        body = b"[%s]" % b",\n".join([_json([ground]), *(lines[one.at] if one.at > 0 else _json(one.row()) for one in entries)])
        try:
            self._new.write_bytes(_head(body) + b"\n" + body)
            self._new.replace(self.path)
        except OSError:
            return  # a full disk: the next check does without


def _json(row: Row) -> bytes:
    return json.dumps(row, separators=(",", ":")).encode()


def _head(body: bytes) -> bytes:
    """The first line of the file: of which code it is, and of which bytes."""
    return f"{_code()} {hashlib.sha256(body).hexdigest()}".encode()


@lru_cache(maxsize=1)
def _code() -> str:
    """Hash of all that decides what a check says of a file: our code, the interpreter, the YAML library."""
    package = Path(__file__).parent
    digest = hashlib.sha256(f"{sys.version} {sys.byteorder} {yaml.__version__} {yaml._yaml.get_version_string()}".encode())  # noqa: SLF001
    for path in sorted(package.rglob("*.py")):
        data = path.read_bytes()
        digest.update(f"\n{path.relative_to(package).as_posix()} {len(data)}\n".encode() + data)
    return digest.hexdigest()


# --- reading ------------------------------------------------------------------------------------------------------------


class _Reader(Reader):
    """Reads only the stories whose files have changed."""

    def __init__(self, root: Path, memory: Memory, seen: Seen | None) -> None:
        super().__init__(root, self._note, seen)
        self.memory = memory
        self.entries: list[Entry] = []
        self.faces: dict[str, str] = {}
        self.opened: dict[str, tuple[Row, str]] = {}
        self._again = Reader(root, self._note)

    def _note(self, path: str, found: os.stat_result, data: bytes | None) -> None:
        self.opened[path] = _state(found), "" if data is None else sha256(data)

    def story(self, folder: str, entries: list[os.DirEntry[str]] | None = None) -> Story | None:
        entry = self.memory.entries.get(folder)
        if entry is None or not self._untouched(entry):
            entries = self._scan(folder)
            # an empty listing may be that of a folder which could not be opened
            if entry is None or not entries or _listing(entries) != entry.listing or not self._equal(entry):
                entry, story = self._fresh(self, folder, entries)
                self._met(entry)
                return story
        self.problems += (Problem(*row) for row in entry.problems)
        if entry.unread:
            self.unread.setdefault("stories", set()).update(entry.unread)
        self.files.update([f"{folder}/{name}" for name in entry.beside])
        self._met(entry)
        return _recalled(entry, self) if entry.known else None

    def _met(self, entry: Entry) -> None:
        self.entries.append(entry)
        self.faces[f"{entry.folder}/index.md"] = entry.face

    def _untouched(self, entry: Entry) -> bool:
        """Whether the states of folder and files tell that they are what they were."""
        folder, lstat = f"{self.root}/{entry.folder}/", os.lstat
        try:
            for name, state in entry.files:
                if _state(lstat(folder + name)) != state:
                    return False
        except OSError:
            return False
        return True

    def _equal(self, entry: Entry) -> bool:
        """Whether the bytes of the files are what they were; notes their states as they are now."""
        folder = self.root / entry.folder
        try:
            states: list[Row] = [[".", self._folder_state(folder)]]
            told = []
            for name, _ in entry.files[1:]:
                found = (folder / name).lstat()
                if not stat.S_ISREG(found.st_mode) or found.st_size > PHOTO_MOST:
                    return False
                states.append([name, self._settled(_state(found))])
                told.append([name, sha256((folder / name).read_bytes())])
        except OSError:
            return False
        if _face(entry.listing, told) != entry.face:
            return False
        if states != entry.files:
            entry.files, entry.at = states, -1
        return True

    def _folder_state(self, folder: Path) -> Row | None:
        return self._settled(_state(folder.lstat())) if self.memory.dated else None

    def _settled(self, state: Row) -> Row | None:
        """A state that tells: a file written within the same tick of the clock would look the same."""
        return state if max(state[2:]) + SETTLED < self.memory.started else None

    def _fresh(self, by: Reader, folder: str, entries: list[os.DirEntry[str]]) -> tuple[Entry, Story | None]:
        """The story as `by` reads it now, and what to remember of it."""
        listing, state_of_folder = _listing(entries), None
        with suppress(OSError):  # as it is after the listing was taken: what came in between is young, and so not settled
            state_of_folder = self._folder_state(self.root / folder)
        before, self.opened = self.opened, {}
        said, unread, beside = len(by.problems), by.unread.pop("stories", set()), by.files
        by.files = set()
        story = Reader.story(by, folder, entries)
        names = {path.rpartition("/")[2]: found for path, found in self.opened.items()}
        entry = Entry(
            folder, listing,
            [[".", state_of_folder], *([name, self._settled(state) if digest else None] for name, (state, digest) in names.items())],
            _face(listing, [[name, digest or state] for name, (state, digest) in names.items()]),
            [_row(problem) for problem in by.problems[said:]],
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
            raise Stale from None
        entry, story = self._fresh(self._again, folder, entries)
        if story is None or entry.face != self.faces[path]:
            raise Stale
        return story

    def text(self, path: str, digest: str) -> bytes:
        """The normalised text of a remembered story; Stale if it is no longer what it was."""
        try:
            data = (self.root / path).read_bytes()
        except OSError:
            raise Stale from None
        if hashlib.sha256(data).hexdigest() == digest:
            return data
        story = self.whole(path)
        return story.origin.text


def _listing(entries: list[os.DirEntry[str]]) -> list[str]:
    return [
        entry.name if entry.is_file(follow_symlinks=False) else f"{entry.name}/{stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode)}"
        for entry in entries
    ]


def _state(found: os.stat_result) -> Row:
    """What changes when a file does. The change time cannot be set by hand, so an old modification time hides nothing
    (on Windows, where there is none, a change that keeps size and modification time is not seen).
    """
    return [found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns]


def _face(listing: list[str], told: list[Row]) -> str:
    """Of two folders with one face reading makes the same. `told`: each opened file with the hash of its bytes; one that was
    refused with its state instead, and so never equal to one that can be read.
    """
    return hashlib.sha256(_json([listing, told])).hexdigest()


def _row(record: Any) -> Row:
    return [getattr(record, name) for name in record.__slots__]


def _days(row: Row) -> Row:
    return [one.isoformat() if isinstance(one, dt.date) else one for one in row]


def _day(told: str | None) -> dt.date | None:
    return dt.date.fromisoformat(told) if told else None


def _record(of: type, row: Row) -> Any:
    return of(*(_day(told) if isinstance(key.shape, Day) else told for key, told in zip(keys_of(of).values(), row, strict=True)))


def _known(story: Story) -> Row:
    """What rules of the whole site look at in every story: enough that none of them has it read again."""
    origin, gone, person = story.origin, story.withdrawn, story.gist or Gist()
    return [
        story.id, _days([story.date])[0], story.unit, story.redirect_from, _days(_row(gone)) if gone else None,
        [_days(_row(waiver)) for waiver in story.waive], person, origin.body_at, origin.body_line, origin.digest, origin.sound,
    ]  # fmt: skip


def _recalled(entry: Entry, reader: _Reader) -> Story:
    """A story of which only `_known` is there; the rest comes when somebody asks for it."""
    id_, date, unit, old, gone, waivers, (person, fingerprint), body_at, body_line, digest, sound = cast("Row", entry.known)
    path = f"{entry.folder}/index.md"
    known = {
        "id": id_, "date": _day(date), "unit": unit, "redirect_from": tuple(old),
        "withdrawn": _record(Withdrawal, gone) if gone else None,
        "waive": tuple(_record(Waiver, row) for row in waivers),
        "gist": Gist(person, tuple(fingerprint)), "origin": Origin(path, _Kept(reader, path, digest), body_at, body_line, digest, sound),
    }  # fmt: skip
    story = object.__new__(_Recalled)
    for name, value in known.items():
        object.__setattr__(story, name, value)
    return story


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

    def __init__(self, reader: _Reader, path: str, digest: str) -> None:
        self.reader, self.path, self.digest = reader, path, digest

    def read(self) -> bytes:
        return self.reader.text(self.path, self.digest)


# --- judging ------------------------------------------------------------------------------------------------------------


class _Judge:
    """`checking.judged`, asked only where something that it looked at has changed.

    ground  hash of every file that is no story's: what rules see of them is part of no question
    """

    def __init__(self, site: Site, reader: _Reader) -> None:
        files = {path: told for path, told in reader.opened.items() if path != LEDGER}
        self.ground = hashlib.sha256(_json([[path, digest or state] for path, (state, digest) in sorted(files.items())])).hexdigest()
        self.believed = self.ground == reader.memory.ground
        self.entries = {f"{entry.folder}/index.md": entry for entry in reader.entries}
        self.answers = _Answers(site, reader.faces)
        self.view = _View(site)

    def __call__(self, record: Any, site: Site, faulty: Collection[tuple[str, int, int]]) -> Judged:
        if not isinstance(record, Story):
            return checking.judged(record, site, faulty)
        entry = self.entries[record.origin.path]
        if self.believed and entry.judged:
            questions, problems, waived = entry.judged
            if all(self.answers(kind, key) == told for kind, key, told in questions):
                return checking.Judged([Problem(*row) for row in problems], waived)
        self.view.asked.clear()
        found = checking.judged(record, self.view, faulty)
        judged = None
        if not self.view.unbounded and not any(problem.code == checking.CRASHED for problem in found.problems):
            questions = [[kind, key, self.answers(kind, key)] for kind, key in self.view.asked]
            judged = [questions, [_row(problem) for problem in found.problems], found.waived]
        if judged != entry.judged:
            entry.judged, entry.at = judged, -1
        return found


class _Answers:
    """What the site answers to a question that a rule asked, as a short text."""

    def __init__(self, site: Site, faces: Mapping[str, str]) -> None:
        self.site = site
        self.faces = faces
        self._known: dict[tuple[str, str], str] = {}

    def __call__(self, kind: str, key: str) -> str:
        if (kind, key) not in self._known:
            self._known[kind, key] = getattr(self, f"_{kind}")(key)
        return self._known[kind, key]

    def _story(self, id_: str) -> str:
        story = self.site.collections["stories"].get(id_)
        return self.faces[story.origin.path] + story.origin.path if story else ""

    def _path(self, path: str) -> str:
        return self.faces[path] if path in self.site.by_path else ""

    def _file(self, path: str) -> str:
        return "1" if path in self.site.files else ""

    def _folder(self, path: str) -> str:
        return "\n".join(self.site.files_in.get(path, ()))

    def _ids(self, _: str) -> str:
        return hashlib.sha256("\n".join(self.site.collections["stories"]).encode()).hexdigest()

    def _unread(self, _: str) -> str:
        return hashlib.sha256(repr(sorted((name, sorted(ids)) for name, ids in self.site.unread.items())).encode()).hexdigest()

    def _today(self, _: str) -> str:
        return self.site.today.isoformat()


class _View(Site):
    """The site as the rules of a single record see it: whatever they ask about stories or the day is noted.

    asked      the questions, as `_Answers` takes them
    unbounded  somebody asked for all stories: no answer is short enough to be kept, so nothing found from then on is remembered
    """

    def __init__(self, site: Site) -> None:
        guarded = {name for name, value in vars(_View).items() if isinstance(value, property)}
        asked: dict[tuple[str, str], None] = {}
        vars(self).update({name: value for name, value in vars(site).items() if name not in guarded})
        vars(self).update(site=site, asked=asked, unbounded=False)
        vars(self).update(
            _stories=_Asked(self, "story", site.collections["stories"]), _paths=_Asked(self, "path", site.by_path),
            _folders=_Asked(self, "folder", site.files_in), _files=_AskedSet(self, site.files),
        )  # fmt: skip
        vars(self)["_lists"] = {**site.collections, "stories": self._stories}

    if TYPE_CHECKING:
        site: Site
        asked: dict[tuple[str, str], None]
        unbounded: bool
        _stories: Mapping[str, Any]
        _paths: Mapping[str, Any]
        _folders: Mapping[str, tuple[str, ...]]
        _files: frozenset[str]
        _lists: Mapping[str, Mapping[str, Any]]

    def ask(self, kind: str, key: str = "") -> None:
        self.asked[kind, key] = None

    def unbind(self) -> None:
        vars(self)["unbounded"] = True

    @property
    def stories(self) -> tuple[Story, ...]:
        self.unbind()
        return self.site.stories

    @property
    def published(self) -> tuple[Published, ...]:
        self.unbind()
        return self.site.published

    @property
    def today(self) -> dt.date:
        self.ask("today")
        return self.site.today

    @property
    def unread(self) -> Mapping[str, frozenset[str]]:
        self.ask("unread")
        return self.site.unread

    @property
    def files(self) -> frozenset[str]:
        return self._files

    @property
    def files_in(self) -> Mapping[str, tuple[str, ...]]:
        return self._folders

    @property
    def collections(self) -> Mapping[str, Mapping[str, Any]]:
        return self._lists

    @property
    def by_path(self) -> Mapping[str, Any]:
        return self._paths


class _Asked(Mapping[str, Any]):
    """A mapping by id, path or folder that notes which keys were asked for."""

    def __init__(self, view: _View, kind: str, whole: Mapping[str, Any]) -> None:
        self.view, self.kind, self.whole = view, kind, whole

    def __getitem__(self, key: str) -> Any:
        if self.kind != "path" or key.startswith("stories/"):  # the others belong to the ground
            self.view.ask(self.kind, key)
        return self.whole[key]

    def __iter__(self) -> Iterator[str]:
        if self.kind == "story":  # only for the nearest id that there is
            self.view.ask("ids")
        else:
            self.view.unbind()
        return iter(self.whole)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _AskedSet(AbstractSet[str]):
    """A set of paths that notes which were asked for."""

    def __init__(self, view: _View, whole: frozenset[str]) -> None:
        self.view, self.whole = view, whole

    def __contains__(self, path: object) -> bool:
        self.view.ask("file", str(path))
        return path in self.whole

    def __iter__(self) -> Iterator[str]:
        self.view.unbind()
        return iter(self.whole)

    def __len__(self) -> int:
        self.view.unbind()
        return len(self.whole)
