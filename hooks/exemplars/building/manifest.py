"""What a build wrote into its target: by group, each file with its key, hash and size."""

from __future__ import annotations

import hashlib
import marshal
import os
from typing import TYPE_CHECKING, NamedTuple

from exemplars.building.groups import Row
from exemplars.storing import DIGEST

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


MANIFEST = b"3"  # another form of the manifest, another number


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


def remembered(kept: Mapping[str, Kept]) -> bytes:
    rows = {name: (key, {path: tuple(file) for path, file in files.items()}, listed) for name, (key, files, listed) in kept.items()}
    data = marshal.dumps(rows)
    return hashlib.sha256(MANIFEST + data).digest() + data


def noted(path: Path | None) -> dict[str, Kept]:
    """What an earlier build noted; nothing where that is damaged, or of another form."""
    try:
        found = path.read_bytes() if path else b""
    except OSError:
        return {}
    digest, data = found[:DIGEST], found[DIGEST:]
    if hashlib.sha256(MANIFEST + data).digest() != digest:
        return {}
    return {name: Kept(*group) for name, group in marshal.loads(data).items()}  # noqa: S302 - our own, and whole
