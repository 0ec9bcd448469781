"""Pages → files: a tiny make. Every output has a key, the hash of all that goes into it (`maker`); outputs come in groups (`groups`), are made
in child processes where there are many (`writing`), and a manifest says what is ours (`manifest`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from exemplars.building.groups import groups, sitemap
from exemplars.building.manifest import File, Kept, noted, remembered, stands
from exemplars.building.outputs import Output
from exemplars.building.writing import Writer, remove
from exemplars.linking import story_address
from exemplars.storing import walk, write
from exemplars.unfinished import Unfinished, clear_halves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.building.maker import Maker

T = TypeVar("T")
SHELL, SITEMAP, WHOLE, STAMP = "shell", "sitemap.xml", "whole", "build.json"
BATCH = 4096  # outputs that wait at once to be made: more would take memory; fewer, and what children share is copied for them more often


class TwoForOne(Exception):  # noqa: N818 - what it is
    """Two files for one address; the message names it, in Vietnamese."""

    def __init__(self, path: str, source: str = "") -> None:
        named = f"{source}: " if source else ""
        super().__init__(f"{named}CT014 Hai tệp cùng ra một địa chỉ «{path}». Hãy đổi tên một tệp trong content/, hoặc đổi mã một bài.")


def _source(maker: Maker, path: str) -> str:
    """The story's file that a page at `path` comes from; "" where no story made it."""
    address = path.removesuffix("index.html")
    stories = maker.context.shelf.stories
    return next((story.origin.path for story in stories if address == story_address(story) or address in story.redirect_from), "")


@dataclass(frozen=True, slots=True)
class Stamp:
    """What `build.json` says of the build beside the counts and the hash of the tree."""

    commit: str | None
    preview: bool


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did. `files`: path → sha256 of every file in the target, `build.json` apart; `counts`: work done, by name."""

    files: Mapping[str, str]
    stories: int
    made: int
    written: int
    removed: int
    counts: Mapping[str, int]


def build(  # noqa: PLR0913, PLR0917
    maker: Maker, target: Path, shell: Path, others: Iterable[str], manifest: Path | None, stamp: Stamp, whole: str = "",
) -> Built:  # fmt: skip
    """Brings `target` up to date with the shell and with every output of ours, and stamps it.

    shell     the folder with the pages that MkDocs has built; it may be the target itself
    manifest  where an earlier build noted what it wrote into this target: unchanged files keep their times, vanished
              ones are removed. None where the target was emptied before
    whole     stands for all that the site is made from, for `standing`; "" where that is not known
    errors    TwoForOne when two files would stand at one address
    """
    before = noted(manifest, target)
    known = {path: file for group in before.values() for path, file in group.files.items()}
    unfinished = Unfinished(_note(manifest), target)
    interrupted = unfinished.left()
    left = interrupted or frozenset()
    clear_halves(target, left)
    there = _tree_there(target)
    ours = bool(before or interrupted is not None or there)
    if before and interrupted is None and before[WHOLE].listed[0][0] != there:  # another kind of build has written here since
        before = {}
    # a site of ours of which nothing is believed: what it holds, and this build does not want, has vanished all the same
    unnoted = walk(target) if manifest and ours and not before and target.is_dir() else []
    writer = Writer(maker, target, {path: file for path, file in known.items() if before and path not in left}, unfinished, left)
    after = {SHELL: Kept("", {path: writer.put(path, (shell / path).read_bytes(), there=shell == target) for path in walk(shell)}, [])}
    taken = {path.casefold() for path in after[SHELL].files}

    def wanted() -> Iterator[tuple[Kept, Output]]:
        for group in groups(maker):
            kept = before.get(group.name)
            if (
                kept is not None
                and group.key
                and kept.key == group.key
                and left.isdisjoint(kept.files)
                and all(map(writer.there, kept.files.items()))
            ):
                after[group.name] = kept
                _take(kept.files, taken, maker)
                continue
            kept = after[group.name] = Kept(group.key, {}, [])
            for output, row in group.outputs():
                _take((output.path,), taken, maker)
                if row:
                    kept.listed.append(row)
                yield kept, output

    writer.bring(_batches(wanted(), BATCH))
    listed = [*((address, "") for address in others), *(row for group in after.values() for row in group.listed)]
    addresses = sitemap(sorted((at, day) for at, day in listed), maker.context.settings.site_url)
    after[SITEMAP] = Kept("", {}, [])
    _take((SITEMAP,), taken, maker)
    writer.bring([[(after[SITEMAP], Output(SITEMAP, addresses, maker.key(addresses)))]])
    files = {path: file for group in after.values() for path, file in group.files.items()}
    # only in folders that hold nothing but what is ours: not at the root, not beside the assets of the shell
    own = {path.partition("/")[0] for path in files if "/" in path} - {path.partition("/")[0] for path in after[SHELL].files}
    vanished = (known.keys() | left | {path for path in unnoted if path.partition("/")[0] in own}) - files.keys()
    for path in vanished:
        writer.begin()
        remove(target, path)
    tree, stories = _tree(files), len(maker.context.shelf.stories)
    after[WHOLE] = Kept(whole, {}, [(tree, str(stories))])
    if manifest and (vanished or writer.written or after != before):
        write(manifest, remembered(after, manifest, target))
    maker.keep([key for key, _, _ in files.values()])
    built = Built(
        {path: digest for path, (_, digest, _) in files.items()}, stories, writer.made, writer.written, len(vanished), dict(maker.counts),
    )  # fmt: skip
    _stamp(built, tree, stamp, target)
    unfinished.end()
    return built


def standing(target: Path, manifest: Path, whole: str, stamp: Stamp) -> Built | None:
    """What an earlier build made of just these sources, if every file of it stands; only its stamp may get another commit.

    whole  as handed to `build`
    """
    kept = noted(manifest, target)
    if not whole or WHOLE not in kept or kept[WHOLE].key != whole or Unfinished(_note(manifest), target).left() is not None:
        return None
    at, ((tree, stories),) = str(target), kept[WHOLE].listed
    if _tree_there(target) != tree or not all(stands(at, row) for group in kept.values() for row in group.files.items()):
        return None
    files = {path: digest for group in kept.values() for path, (_, digest, _) in group.files.items()}
    built = Built(files, int(stories), 0, 0, 0, {})
    _stamp(built, tree, stamp, target)
    return built


def _tree_there(target: Path) -> str:
    """The hash of the tree that a finished build of this program left there, as its stamp says; "" where none did."""
    try:
        said = json.loads((target / STAMP).read_bytes())
    except (OSError, ValueError):
        return ""
    known = isinstance(said, dict) and set(said) == {"version", "commit", "preview", "stories", "files", "tree_sha256"}
    return str(said["tree_sha256"]) if known else ""


def _note(manifest: Path | None) -> Path | None:
    return manifest and manifest.with_suffix(".writing")


def _stamp(built: Built, tree: str, stamp: Stamp, target: Path) -> None:
    stamped, path = _stamped(built, tree, stamp), target / STAMP
    try:
        same = path.read_bytes() == stamped
    except OSError:
        same = False
    if not same:
        write(path, stamped)


def _take(paths: Iterable[str], taken: set[str], maker: Maker) -> None:
    for path in paths:
        folded = path.casefold()
        if folded in taken:
            raise TwoForOne(path, _source(maker, path))
        taken.add(folded)


def _stamped(built: Built, tree: str, stamp: Stamp) -> bytes:
    """`build.json`: publishing refuses a site without one, so pages that skipped the checks never go out."""
    said = {
        "version": 1,
        "commit": stamp.commit,
        "preview": stamp.preview,
        "stories": built.stories,
        "files": len(built.files),
        "tree_sha256": tree,
    }
    return (json.dumps(said, indent=2) + "\n").encode()


def _tree(files: Mapping[str, File]) -> str:
    """The hash of all files and their places."""
    return hashlib.sha256("".join([f"{path}\0{digest}\n" for path, (_, digest, _) in sorted(files.items())]).encode()).hexdigest()


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
