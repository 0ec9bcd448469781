"""The same files in a second folder, without a second copy: for whoever empties that folder at every build."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from exemplars.storing import make_folder, write

if TYPE_CHECKING:
    from collections.abc import Iterable


def linked(source: Path, paths: Iterable[str], target: Path) -> None:
    """Every file at `paths` under `source` that `target` lacks, as a second name of the same file; a copy where there is none."""
    made: set[str] = set()
    for path in paths:
        here = f"{target}/{path}"
        folder = here.rpartition("/")[0]
        if folder not in made:
            make_folder(Path(folder))
            made.add(folder)
        try:
            os.link(f"{source}/{path}", here)
        except FileExistsError:
            continue
        except OSError:  # another file system, or one without hard links
            shutil.copy2(source / path, here)


def stamped(source: Path, target: Path) -> None:
    """The stamp of the build, last, and a file of its own: whoever takes it away takes away no other."""
    write(target / "build.json", (source / "build.json").read_bytes())


def shown(source: Path, target: Path) -> None:
    """Every folder and file of `source` that `target` lacks, as a symbolic link: for a server of this machine only."""
    for name in sorted(os.listdir(source)):  # noqa: PTH208
        there, here = source / name, target / name
        if here.is_symlink() or not here.exists():
            here.unlink(missing_ok=True)
            here.symlink_to(there)
        elif there.is_dir() and here.is_dir():
            shown(there, here)
