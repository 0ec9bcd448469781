"""The packed files of a built site, laid beside those they are made of; what was packed once is kept, by the hash of its source."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from exemplars.building import Store, in_children, write
from exemplars.packing import FORMS, VERSION, beside, worth_packing
from exemplars.publishing.release import File
from exemplars.unfinished import clear_halves

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def pack(site: Path, files: Mapping[str, File], kept: Path, jobs: int) -> dict[str, File]:
    """Writes what is worth packing of `files` beside them, and says what was written; the time is for `succeeding` to tell.

    kept    a folder that may be deleted at any time
    errors  OSError
    """
    store = Store(kept)
    paths = [path for path, file in files.items() if worth_packing(path, file.size)]

    def one(path: str) -> dict[str, File]:
        made = _packed(site, path, files[path].sha256, store)
        for name, data in made.items():
            write(site / name, data)
        return {name: File(hashlib.sha256(data).hexdigest(), len(data), 0) for name, data in made.items()}

    done = in_children(paths, one, jobs)
    rest = [one(path) for at, path in enumerate(paths) if at not in done]
    if done and len(done) < len(paths):  # a child was killed, maybe in the middle of a file
        clear_halves(site, frozenset(path + form for path in paths for form in FORMS))
    store.keep({_key(files[path].sha256, form) for path in paths for form in FORMS})
    return {name: file for made in (*done.values(), *rest) for name, file in made.items()}


def _packed(site: Path, path: str, sha256: str, store: Store) -> dict[str, bytes]:
    found = {path + form: store.get(_key(sha256, form)) for form in FORMS}
    if all(data is not None for data in found.values()):
        return {name: data for name, data in found.items() if data is not None}
    made = beside(path, (site / path).read_bytes())
    for name, data in made.items():
        store.put(_key(sha256, name[len(path) :]), data)
    return made


def _key(sha256: str, form: str) -> str:
    return hashlib.sha256(f"{VERSION} {sha256} {form}".encode()).hexdigest()
