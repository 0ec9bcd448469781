"""Repairs carried out on a site: tried on a copy first, dropped where they would make matters worse, written whole or not at all."""

from __future__ import annotations

import difflib
import errno
import os
import shutil
import stat
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from exemplars.approving import State, state
from exemplars.checking import blocking, check
from exemplars.legacy_encodings import TCVN3, legacy_passages
from exemplars.model import kind_of
from exemplars.photo_metadata import orientation, stripped
from exemplars.picture_header import PHOTOS
from exemplars.reading import PHOTO_MOST, TEXT_MOST, read_site
from exemplars.repairing import ENCODING, LEGACY, METADATA, NAMES, repaired
from exemplars.repairing.characters import decoded
from exemplars.repairing.names import file_name, moved, renamed
from exemplars.repairing.page import applied, page
from exemplars.reporting.report import plain
from exemplars.shaping import SLUG
from exemplars.storing import sha256_of
from exemplars.vietnamese import slug

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.model import Problem, Site

STOPPING = frozenset({"VT001", "VT002", "VT004", "CT007", "CT009", "CT016", "CT017"})
EDITED = "DU002"
PARTS = ("content", "stories", "campaigns")


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One story folder, or one other file, after its repairs.

    path      the folder or the file, repository path
    files     new contents by path (new names); only those that differ
    names     old path → new path of photos
    done      what was done, in order (`Repair.does`)
    capitals  the text was in TCVN3, which has no capitals with marks
    read      path → hash of what was read there and is written anew
    """

    path: str
    files: Mapping[str, bytes] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    capitals: bool = False
    read: Mapping[str, str] = field(default_factory=dict)


class Kept(NamedTuple):
    """A repair that was not carried out, and why: `approved`, `worse`, `taken` (the name is) or `saved` (by somebody, meanwhile)."""

    path: str
    does: str
    why: str


@dataclass(frozen=True, slots=True)
class Rewrites:
    """folders: story folder → its new path; all other paths are written with the old one."""

    rewrites: tuple[Rewrite, ...]
    folders: Mapping[str, str]
    kept: tuple[Kept, ...]


def rewrites(root: Path, today: dt.date, wanted: Iterable[str] = (), *, approved: bool = False) -> Rewrites:
    """What `--fix` would write under `root`; nothing is written outside `.cache/`.

    wanted      repository paths to keep to; none: the whole site
    approved    also repairs that change a text the Council approved
    """
    before = _look(root, today)
    within = tuple(wanted)
    units = [unit for unit in _units(root) if not within or any(_inside(unit, path) or _inside(path, unit) for path in within)]
    folders, kept = _folders(root, units)
    all_units = units if not folders else _units(root)  # links to a folder may stand anywhere
    chosen = frozenset(units)
    found = [
        rewrite for unit in all_units
        if (rewrite := _rewrite(root, unit, before.site, folders, only_links=unit not in chosen)).done
    ]  # fmt: skip
    if found or folders:
        if folders:  # judge by what the check says of the stories under their new names
            with _copy(root) as copy:
                _write(copy, [], folders)
                before = before._replace(**_look(copy, today)._asdict() | {"site": before.site})
        found, dropped = _judged(root, today, found, folders, before, approved=approved)
        kept += dropped
    return Rewrites(tuple(found), folders, tuple(kept))


def _inside(path: str, folder: str) -> bool:
    return folder in {".", path} or path.startswith(f"{folder}/")


def _units(root: Path) -> list[str]:
    """Story folders and the other content files that are plainly files."""
    found = []
    for folder in ("campaigns", "content/plans", "content/documents", "content/events", "content/data"):
        found += [
            f"{folder}/{entry.name}"
            for entry in _scan(root / folder)
            if entry.is_file(follow_symlinks=False) and kind_of(f"{folder}/{entry.name}")
        ]
    for year in _scan(root / "stories"):
        if year.is_dir(follow_symlinks=False) and len(year.name) == 4 and year.name.isdigit():  # noqa: PLR2004
            found += [
                f"stories/{year.name}/{entry.name}" for entry in _scan(root / "stories" / year.name) if entry.is_dir(follow_symlinks=False)
            ]
    return found


def _scan(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []  # reading says so


def _folders(root: Path, units: list[str]) -> tuple[dict[str, str], list[Kept]]:
    """Story folders to rename: old path → new path; a name that is taken stays with its owner."""
    found: dict[str, str] = {}
    kept = []
    for unit in units:
        parent, _, name = unit.rpartition("/")
        if unit.startswith("stories/") and not SLUG.match(name) and not name.startswith(".") and slug(name) and _opens(root / unit):
            new = f"{parent}/{slug(name)}"
            if os.path.lexists(root / new) or new in found.values():
                kept.append(Kept(unit, NAMES.does, "taken"))
            else:
                found[unit] = new
    return found, kept


def _rewrite(  # noqa: PLR0913 - the repairs of one unit, with all they depend on
    root: Path, unit: str, site: Site, folders: Mapping[str, str], without: frozenset[str] = frozenset(), *, only_links: bool = False,
) -> Rewrite:  # fmt: skip
    """One unit after all repairs but those in `without`."""
    story = unit.startswith("stories/")
    path = f"{unit}/index.md" if story else unit
    data = _bytes(root / path, TEXT_MOST)
    done: list[str] = []
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    read: dict[str, str] = {}
    photos = [entry.name for entry in _scan(root / unit) if entry.name.lower().endswith(PHOTOS)] if story and not only_links else []
    if METADATA.does not in without:
        for name in photos:
            photo = _bytes(root / unit / name, PHOTO_MOST)
            if photo is not None and (bare := _without_metadata(photo)) != photo:
                files[f"{unit}/{name}"] = bare
                read[f"{unit}/{name}"] = sha256_of(photo)
                done.append(METADATA.does)
    if NAMES.does not in without and data is not None:
        names = _photo_names(photos)
    if data is not None:
        text, steps = _text(path, data, site, without, only_links=only_links)
        if text is None or not _parses(path, text):
            names = {}
        if text is not None and NAMES.does not in without:
            text = applied(text, renamed(path, text, names))
            linked = applied(text, moved(path, text, folders))
            if names or linked != text:
                steps = (*steps, NAMES.does)
            text = linked
        if text is not None and text.encode() != data:
            files[path] = text.encode()
            read[path] = sha256_of(data)
        done = [*steps, *done]
    files = {f"{unit}/{names[name]}" if (name := one.rpartition("/")[2]) in names else one: new for one, new in files.items()}
    moves = {f"{unit}/{old}": f"{unit}/{new}" for old, new in names.items()}
    return Rewrite(unit, files, moves, tuple(dict.fromkeys(done)), _is_tcvn3(data or b""), read)


def _text(path: str, data: bytes, site: Site, without: frozenset[str], *, only_links: bool) -> tuple[str | None, tuple[str, ...]]:
    steps: tuple[str, ...] = ()
    try:
        text = data.decode()
    except UnicodeDecodeError:
        reading = None if only_links or ENCODING.does in without else decoded(data)
        if reading is None:
            return None, ()
        text, steps = reading, (ENCODING.does,)
    if only_links:
        return text, ()
    text, more = repaired(path, text, site, without)
    return text, (*steps, *more)


def _is_tcvn3(data: bytes) -> bool:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # UTF-16
        return False
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return any(passage.reading.encoding == TCVN3 for passage in legacy_passages(text))


def _parses(path: str, text: str) -> bool:
    """The front matter can be read, so that the names in it can follow those of the files."""
    found = page(path, text)
    return found is not None and bool(found.mappings())


def _photo_names(names: list[str]) -> dict[str, str]:
    found = {name: new for name in names if (new := file_name(name)) and new != name}
    taken = {name.casefold() for name in names if name not in found}
    wanted = list(found.values())
    return {old: new for old, new in found.items() if new not in taken and wanted.count(new) == 1}


def _without_metadata(data: bytes) -> bytes:
    """The photo without metadata; one that only the metadata turns upright is turned for good."""
    bare = stripped(data)
    if bare == data or orientation(data) == 1:
        return bare
    from exemplars.photos import Unreadable, upright  # noqa: PLC0415 - Pillow only where a photo has to be turned

    try:
        return upright(data)
    except Unreadable:
        return data


def _bytes(path: Path, most: int) -> bytes | None:
    """A plain file of at most `most` bytes; reading says what is wrong with any other."""
    try:
        found = os.lstat(path)
        return path.read_bytes() if stat.S_ISREG(found.st_mode) and found.st_size <= most else None
    except OSError:
        return None


# ---- judging


class _Look(NamedTuple):
    """A site as the check sees it: codes by file or story folder, those of reading apart; the state of each story."""

    site: Site
    codes: Mapping[str, set[str]]
    errors: Mapping[str, set[str]]
    unread: Mapping[str, set[str]]
    states: Mapping[str, State]

    def readable(self, unit: str) -> bool:
        return unit in self.states if unit.startswith("stories/") else not self.unread[unit] & STOPPING


def _look(root: Path, today: dt.date) -> _Look:
    site, read = read_site(root, today)
    states = {story.origin.path.rpartition("/")[0]: state(story) for story in site.stories}
    problems = check(site, read)
    return _Look(site, _by_unit(problems), _by_unit(blocking(problems)), _by_unit(read), states)


def _by_unit(problems: Iterable[Problem]) -> defaultdict[str, set[str]]:
    codes = defaultdict(set)
    for problem in problems:
        unit = "/".join(problem.path.split("/")[:3]) if problem.path.startswith("stories/") else problem.path
        codes[unit].add(problem.code)
    return codes


def _judged(  # noqa: PLR0913
    root: Path, today: dt.date, found: list[Rewrite], folders: Mapping[str, str], before: _Look, *, approved: bool
) -> tuple[list[Rewrite], list[Kept]]:
    """The rewrites that do no harm. One that does is put together again repair by repair, leaving out what does it."""
    with _copy(root) as copy:
        _write(copy, found, folders)
        after = _look(copy, today)
    doubtful = {one.path: one for one in found if _is_doubtful(folders.get(one.path, one.path), before, after, approved=approved)}
    good = [one for one in found if one.path not in doubtful]
    kept: list[Kept] = []
    looks = dict.fromkeys(doubtful, before)
    for step in range(max((len(one.done) for one in doubtful.values()), default=0)):
        tried = {}
        for path, one in doubtful.items():
            left_out = frozenset({*(item.does for item in kept if item.path == path), *one.done[step + 1 :]})
            tried[path] = _rewrite(root, path, before.site, folders, left_out)
        with _copy(root) as copy:
            _write(copy, [*good, *tried.values()], folders)
            after = _look(copy, today)
        for path, one in doubtful.items():
            if step < len(one.done):
                why = _harm(folders.get(path, path), looks[path], after, approved=approved)
                if why:
                    kept.append(Kept(path, one.done[step], why))
                else:
                    looks[path] = after
    last = [_rewrite(root, path, before.site, folders, frozenset(item.does for item in kept if item.path == path)) for path in doubtful]
    return sorted((one for one in [*good, *last] if one.done), key=lambda one: one.path), kept


def _is_doubtful(unit: str, before: _Look, after: _Look, *, approved: bool) -> bool:
    """Some repair does harm, or may have undone an approval that came to light with another one."""
    edited = after.states.get(unit) is State.EDITED and unit not in before.states
    return bool(_harm(unit, before, after, approved=approved)) or (edited and not approved)


def _harm(unit: str, before: _Look, after: _Look, *, approved: bool) -> str:
    """Why a rewrite must not be: `approved`, `worse`, or "".

    What could not be read shows its faults only now: that is no harm. Where a fault of reading went, only those count.
    A reminder in the place of an error is no harm either.
    """
    if before.states.get(unit) is State.APPROVED and after.states.get(unit) is not State.APPROVED and not approved:
        return "approved"
    expected = {EDITED} if approved else set()
    if not before.readable(unit):
        return ""
    if before.unread[unit] - after.unread[unit]:
        return "worse" if after.unread[unit] - before.unread[unit] else ""
    if after.errors[unit] - before.errors[unit] - expected:
        return "worse"
    reminded = after.codes[unit] - before.codes[unit] - expected
    return "worse" if reminded and not before.errors[unit] - after.errors[unit] else ""


@contextmanager
def _copy(root: Path) -> Iterator[Path]:
    """The content of the site in a folder of its own, by hard links: nothing there may be written in place."""
    cache = root / ".cache"
    ours = not cache.exists()
    cache.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="repair-", dir=cache) as folder:
            for part in PARTS:
                if (root / part).is_dir() and _opens(root / part):
                    shutil.copytree(root / part, Path(folder) / part, symlinks=True, ignore=_closed, copy_function=_link)
            yield Path(folder)
    except shutil.Error as error:  # a list of all that failed, without a name of its own
        path, _, why = error.args[0][0]
        raise OSError(errno.EIO, why, path) from error
    finally:
        if ours:
            cache.rmdir()


def _opens(folder: str | Path) -> bool:
    return os.access(folder, os.R_OK | os.X_OK)


def _closed(folder: str, names: list[str]) -> list[str]:
    """The folders in `folder` that cannot be opened: reading says so, and nothing in them is repaired."""
    paths = ((name, Path(folder, name)) for name in names)
    return [name for name, path in paths if path.is_dir() and not path.is_symlink() and not _opens(path)]


def _link(old: str, new: str) -> None:
    try:
        os.link(old, new, follow_symlinks=False)
    except OSError:
        if stat.S_ISREG(os.lstat(old).st_mode) and os.access(old, os.R_OK):
            shutil.copy(old, new)


# ---- writing


def write(root: Path, done: Rewrites) -> Rewrites:
    """Write the rewrites: each file whole or not at all, with the mode it had; gives those that were. OSError names the file
    that could not be.

    What somebody has saved since it was read stays theirs; then no folder is renamed either, for links to it may stand there.
    """
    saved = [one for one in done.rewrites if any(_hash(root / path) != known for path, known in one.read.items())]
    kept = tuple(Kept(one.path, "; ".join(one.done), "saved") for one in (done.rewrites if saved and done.folders else saved))
    left = {one.path for one in kept}
    written = Rewrites(tuple(one for one in done.rewrites if one.path not in left), {} if saved else done.folders, (*done.kept, *kept))
    _write(root, written.rewrites, written.folders)
    return written


def _hash(path: Path) -> str:
    """Of a file as it stands now; "" where it is gone."""
    try:
        return sha256_of(path.read_bytes())
    except FileNotFoundError:
        return ""


def _write(root: Path, done: Iterable[Rewrite], folders: Mapping[str, str]) -> None:
    for rewrite in done:
        for old, new in rewrite.names.items():
            (root / old).rename(root / new)
        for path, data in rewrite.files.items():
            _replace(root / path, data)
    for old, new in folders.items():
        (root / old).rename(root / new)


def _replace(path: Path, data: bytes) -> None:
    half = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        half.write_bytes(data)
        half.chmod(stat.S_IMODE(path.stat().st_mode))
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


# ---- telling

WHY = {
    "approved": "bài đã được Hội đồng duyệt, việc này đổi nội dung đã duyệt. Nếu cần, chạy lại với --fix --approved, xem lại, "
    'rồi ghi nhận: scripts/approve.py {path} --correction "…" --date … --by …',
    "worse": "làm vậy thì tệp lại có lỗi khác. Hãy sửa tay theo các lời nhắc",
    "saved": "có tệp vừa được ai đó lưu trong lúc máy thử sửa, nên máy không ghi đè. Hãy chạy lại lệnh này",
    "taken": "tên mới đã có tệp hay thư mục khác dùng. Hãy tự chọn tên khác",
}


READ_AGAIN = " Hãy đọc lại bài."
READ_CAPITALS = " Hãy đọc lại bài, nhất là chữ hoa có dấu: phông chữ cũ không có, nên có thể đã thành chữ thường."


def told(found: Rewrites, *, written: bool) -> str:
    """One line a file, in the writer's language."""
    does = "Đã" if written else "Sẽ"
    lines = []
    for one in found.rewrites:
        again = "" if not {ENCODING.does, LEGACY.does} & set(one.done) else READ_CAPITALS if one.capitals else READ_AGAIN
        lines.append(f"{does} sửa {plain(one.path)}: {'; '.join(one.done)}.{again}")
    lines += [f"{does} đổi tên {plain(old)} thành {new}." for old, new in found.folders.items()]
    lines += [f"Không tự sửa {plain(one.path)} ({one.does}): {WHY[one.why].format(path=plain(one.path))}." for one in found.kept]
    if not lines:
        lines.append("Không có gì để tự sửa.")
    return "\n".join(lines) + "\n"


def diff(root: Path, found: Rewrites) -> str:
    """The rewrites as one unified diff; what is no text is named in one line."""
    parts = []
    for rewrite in found.rewrites:
        names = {new: old for old, new in rewrite.names.items()}
        parts += [f"rename from {plain(old)}\nrename to {plain(new)}\n" for old, new in rewrite.names.items()]
        for path, data in rewrite.files.items():
            old, shown = (root / names.get(path, path)).read_bytes(), plain(path)
            if path.endswith((".md", ".yml")):
                parts += _diff(old.decode(errors="backslashreplace"), data.decode(), shown)
            else:
                parts.append(f"Binary files a/{shown} ({len(old)} byte) and b/{shown} ({len(data)} byte) differ\n")
    parts += [f"rename from {plain(old)}\nrename to {plain(new)}\n" for old, new in found.folders.items()]
    return "".join(parts)


def _diff(old: str, new: str, path: str) -> Iterator[str]:
    was, becomes = (text.split("\n") for text in (old, new))
    for line in difflib.unified_diff(was, becomes, f"a/{path}", f"b/{path}", lineterm=""):
        yield f"{line}\n"
