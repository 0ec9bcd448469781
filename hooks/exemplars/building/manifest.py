"""What a build wrote into its target: by group, each file with its key, hash and size."""

from __future__ import annotations

import marshal
import os
from typing import TYPE_CHECKING, NamedTuple

from exemplars.building.groups import Row
from exemplars.storing import sealed, unsealed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


MANIFEST = b"4"  # another form of the manifest, another number


class File(NamedTuple):
    """A file of the target as a build left it."""

    key: str
    sha256: str
    size: int


class Kept(NamedTuple):
    """A group as a build left it; `listed`: its rows of the sitemap; of the group that stands for the whole, (hash of the tree, stories)."""

    key: str
    files: dict[str, File]
    listed: list[Row]


def stands(target: str, row: tuple[str, File]) -> bool:
    """Whether a file stands as an earlier build left it, as far as its size tells."""
    path, (_, _, size) = row
    try:
        return os.stat(f"{target}/{path}").st_size == size  # noqa: PTH116 - tens of thousands of files
    except OSError:
        return False


def remembered(kept: Mapping[str, Kept], path: Path, target: Path) -> bytes:
    """As it is written to `path`: of which target, as seen from there, and what stands in it."""
    rows = {name: (key, {path: tuple(file) for path, file in files.items()}, listed) for name, (key, files, listed) in kept.items()}
    return sealed(marshal.dumps((_from(path, target), rows)), MANIFEST)


def noted(path: Path | None, target: Path) -> dict[str, Kept]:
    """What an earlier build of that target noted; nothing where that is damaged, of another form, or of another target."""
    try:
        data = unsealed(path.read_bytes(), MANIFEST) if path else None
    except OSError:
        return {}
    if data is None:
        return {}
    at, rows = marshal.loads(data)  # noqa: S302 - our own, and whole
    return {name: Kept(*group) for name, group in rows.items()} if path and at == _from(path, target) else {}


def _from(path: Path, target: Path) -> str:
    """A site that is moved together with its notes is the same site."""
    return os.path.relpath(target, path.parent)
