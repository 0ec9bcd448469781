"""A release: every file of a site with its hash and the time since which it says what it says, under a serial and an id.

The id is the beginning of the tree hash that the build stamped, so equal sites are one release. `build.json` itself stands
beside the files (`stamp`): it names the commit, which may change while the site does not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from exemplars.linking import INDEX
from exemplars.packing import published_time
from exemplars.serving import KEPT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

FORMAT = 1
ID = 16
NAMED = re.compile(rf"[0-9a-f]{{{ID}}}")  # what a release is called; whatever is called otherwise is not ours
ENOUGH = 6
STAMP = "build.json"
LASTING = ("assets/", *(INDEX + one for one in KEPT))


class File(NamedTuple):
    """A published file. `since`: seconds since 1970 when it began to hold these bytes, which is its time on the server.

    A server tells a file's version by time and size (ETag): two contents of one size must never carry one time, and a file
    that did not change keeps its own.
    """

    sha256: str
    size: int
    since: int


class Told(NamedTuple):
    """A story as it was published: its id, the hash of what a reader sees, and whether only a notice is left of it."""

    id: str
    text_sha256: str
    gone: bool = False


class Kept(NamedTuple):
    """A story whose present text is faulty: what stands for it instead, from which commit, since which day, and why.

    how   kept: its last good text · taken: a notice · left: nothing, it never was published
    """

    how: str
    commit: str
    day: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """A site as it goes out, and what has to be known of it without its files.

    serial    counts the publications of a place, from 1: the higher, the later
    stories   `2020/sap-lai-so-truc-dem` → the story there
    kept      story folder → what stands for it instead of its present, faulty text
    carried   hashed pieces of releases before, so that a page read before the switch still finds them; after a rollback also the
              pages that the earlier release did not have yet, for their addresses were given away → (file, serial they are of)
    packed    what is packed of files, by path with its ending, where servers send that
    dirty     built from more than the commit holds
    retired   readers were switched away from it by a decision, not by a later publication
    server    settings for the web server that belong to this release, by file name: which addresses are gone, which moved
    """

    id: str
    serial: int
    tree: str
    commit: str | None
    files: Mapping[str, File]
    stamp: str
    stories: Mapping[str, Told] = field(default_factory=dict)
    kept: Mapping[str, Kept] = field(default_factory=dict)
    carried: Mapping[str, tuple[File, int]] = field(default_factory=dict)
    dirty: bool = False
    retired: bool = False
    packed: Mapping[str, File] = field(default_factory=dict)
    server: Mapping[str, str] = field(default_factory=dict)

    def called(self, wanted: str) -> bool:
        """Whether a person means this release: by its serial, or by at least six signs of its id."""
        return wanted == str(self.serial) or (len(wanted) >= ENOUGH and self.id.startswith(wanted))

    def all_files(self) -> dict[str, File]:
        """Every file that stands in the folder of the release, `build.json` apart."""
        return {**{path: file for path, (file, _) in self.carried.items()}, **self.files, **self.packed}

    def gone(self) -> dict[str, str]:
        """Id → address of the stories of which only a notice is left."""
        return {told.id: f"guong/{folder}/" for folder, told in self.stories.items() if told.gone}


def written(release: Release) -> bytes:
    """The release as JSON, in short lines: thousands of files, which `indent` would have pure Python write."""
    said = {
        "format": FORMAT, "id": release.id, "serial": release.serial, "tree_sha256": release.tree, "commit": release.commit,
        "dirty": release.dirty, "stamp": release.stamp, "stories": release.stories, "kept": release.kept,
        "carried": release.carried, "files": release.files, "retired": release.retired, "packed": release.packed,
        "server": release.server,
    }  # fmt: skip
    return (json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",\n", ":")) + "\n").encode()


def read(data: bytes) -> Release | None:
    """The release that was written; None for anything else."""
    try:
        said: dict[str, Any] = json.loads(data)
        if said["format"] != FORMAT:
            return None
        return Release(
            said["id"], said["serial"], said["tree_sha256"], said["commit"],
            {path: File(*file) for path, file in said["files"].items()}, said["stamp"],
            {folder: Told(*told) for folder, told in said["stories"].items()},
            {folder: Kept(how, commit, day, tuple(why)) for folder, (how, commit, day, why) in said["kept"].items()},
            {path: (File(*file), serial) for path, (file, serial) in said["carried"].items()}, said["dirty"], said["retired"],
            {path: File(*file) for path, file in said["packed"].items()},
            said.get("server", {}),  # a release that an earlier version published has none
        )  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def succeeding(new: Release, live: Release | None, earlier: Iterable[Release], now: int, keep: int) -> Release:
    """`new` with what follows from what is there: its serial, the time of every file, the pieces that it carries on.

    earlier   every release that the place still has
    now       seconds since 1970
    keep      for how many publications pieces are carried
    """
    known = list(earlier)
    serial = 1 + max((one.serial for one in known), default=0)
    same = next((one for one in known if one.id == new.id), None)
    files = _dated(new.files, now, [one.files for one in (live, same) if one], live.files if live else {})
    packed = _dated(new.packed, now, [one.packed for one in (live, same) if one], live.packed if live else {})
    return replace(new, serial=serial, files=files, packed=packed, carried=_carried(new, live, keep))


def _dated(files: Mapping[str, File], now: int, known: list[Mapping[str, File]], live: Mapping[str, File]) -> dict[str, File]:
    """Every file with the time of its content: that of the same content where it is known, else one that the live one had not."""
    found = {}
    for path, file in files.items():
        since = next((old.since for one in known if (old := one.get(path)) and old.sha256 == file.sha256), None)
        before = live[path].since if path in live else None
        found[path] = file._replace(since=published_time(now, before) if since is None else since)
    return found


def _carried(new: Release, live: Release | None, keep: int) -> dict[str, tuple[File, int]]:
    """Nothing once a story was taken down: a piece of the search index holds its words."""
    if live is None or set(new.gone()) - set(live.gone()):
        return {}
    earlier = {path: held for path, held in live.carried.items() if lasting(path)}
    candidates = {**earlier, **{path: (file, live.serial) for path, file in live.files.items() if lasting(path)}}
    return {
        path: (file, serial) for path, (file, serial) in candidates.items()
        if path not in new.files and live.serial - serial < keep - 1
    }  # fmt: skip


def lasting(path: str) -> bool:
    """Whether a file is one that pages of the release before may still ask for: styles, scripts, pieces of the search index."""
    return path.startswith(LASTING) or (path.startswith(INDEX) and path.endswith(".pf_meta"))


@dataclass(frozen=True, slots=True)
class Difference:
    """What a release changes, in files and in stories (folders; `moved`: from → to)."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    corrected: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    moved: Mapping[str, str] = field(default_factory=dict)


def difference(old: Release | None, new: Release) -> Difference:
    """What a reader of `old` finds different in `new`."""
    before, after = (old.files if old else {}), new.files
    shown_before, shown_after = _places(old) if old else {}, _places(new)
    both = shown_before.keys() & shown_after.keys()
    stayed = [id_ for id_ in both if not shown_before[id_][1].gone and not shown_after[id_][1].gone]
    return Difference(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(path for path in after.keys() & before.keys() if after[path].sha256 != before[path].sha256)),
        removed=tuple(sorted(before.keys() - after.keys())),
        new=_folders(shown_after, (id_ for id_ in shown_after.keys() - both if not shown_after[id_][1].gone)),
        corrected=_folders(shown_after, (id_ for id_ in stayed if shown_before[id_][1].text_sha256 != shown_after[id_][1].text_sha256)),
        withdrawn=_folders(shown_after, (id_ for id_ in both if shown_after[id_][1].gone and not shown_before[id_][1].gone)),
        restored=_folders(shown_after, (id_ for id_ in both if shown_before[id_][1].gone and not shown_after[id_][1].gone)),
        moved={shown_before[id_][0]: shown_after[id_][0] for id_ in sorted(both) if shown_before[id_][0] != shown_after[id_][0]},
    )


def _places(release: Release) -> dict[str, tuple[str, Told]]:
    return {told.id: (folder, told) for folder, told in release.stories.items()}


def _folders(places: Mapping[str, tuple[str, Told]], ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(places[id_][0] for id_ in ids))


def latest(live: Release | None, releases: Iterable[Release]) -> Release | None:
    """The last that readers ever saw: the live one, or one that they were switched away from. One that was never finished is none."""
    seen = [one for one in releases if one.retired or (live and one.id == live.id)]
    return max(seen, key=lambda one: one.serial, default=live)


def unfinished(live: Release | None, releases: Iterable[Release]) -> list[Release]:
    """Those that were sent and never switched to."""
    return [one for one in releases if not one.retired and one.serial > (live.serial if live else 0)]


def pruned(releases: Collection[Release], live: str, keep: int) -> list[Release]:
    """The releases to let go, so that `keep` of the latest stay, the live one always."""
    by_age = sorted(releases, key=lambda one: (one.id == live, one.serial), reverse=True)
    return by_age[keep:]
