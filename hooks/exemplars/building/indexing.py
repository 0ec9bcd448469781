"""The search index through the store: each part under what is told of its stories, its fragments and the pieces of the whole by their hash."""

from __future__ import annotations

import json
import marshal
from typing import TYPE_CHECKING

from exemplars import searching
from exemplars.children import in_children
from exemplars.searching.merging import merged
from exemplars.searching.parts import ENTRY, Part, part
from exemplars.searching.written import packed
from exemplars.storing import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Story
    from exemplars.pages import Context
    from exemplars.storing import Store

INDEXED = 50  # a part takes as long as so many pages


def index(context: Context, store: Store, jobs: int) -> dict[str, str]:
    """The files of the index by their path under `pagefind/`: the keys under which the store has them.

    errors  searching.Failed
    """
    whole = _whole_key(context)
    kept = store.get(whole)
    keys: dict[str, str] = json.loads(kept) if kept else {}
    if keys and all(map(store.has, keys.values())):
        return keys
    shares = [(searching.told(share, context), share) for share in searching.shares(context)]
    parts = {told: _kept(told, store) for told, _ in shares}

    def make(one: tuple[str, list[Story]]) -> None:
        _made(*one, context, store)

    in_children([one for one in shares if parts[one[0]] is None], make, jobs, weight=INDEXED)
    every = [parts[told] or _kept(told, store) or _made(told, share, context, store) for told, share in shares]
    made = merged(every, lambda held: _packed(held, store))
    entry = _put(store, _file_key(sha256_of(made.entry)), made.entry)
    keys = dict(sorted({**made.made, **{path: _file_key(sha256) for path, sha256 in made.kept.items()}, ENTRY: entry}.items()))
    store.put(whole, json.dumps(keys).encode())
    return keys


def used(context: Context, store: Store) -> Iterator[str]:
    """All that the store has of the index of these stories."""
    yield _whole_key(context)
    for share in searching.shares(context):
        told = searching.told(share, context)
        yield _part_key(told)
        found = _kept(told, store)
        for sha256 in found.held if found else ():
            yield _file_key(sha256)


def _whole_key(context: Context) -> str:
    return f"index {searching.told(context.shelf.stories, context)}"


def _part_key(told: str) -> str:
    return f"index part {told}"


def _file_key(sha256: str) -> str:
    return f"index file {sha256}"


def _kept(told: str, store: Store) -> Part | None:
    """A part that an earlier build has made, if all its files are there. `told`: `searching.told` of its stories."""
    data = store.get(_part_key(told))
    if data is None:
        return None
    found = Part(*marshal.loads(data))  # noqa: S302 - our own, and whole
    return found if all(store.has(_file_key(sha256)) for sha256 in found.held) else None


def _made(told: str, share: list[Story], context: Context, store: Store) -> Part:
    made, files = part(searching.documents(share, context))
    for sha256, data in files.items():
        _put(store, _file_key(sha256), data)
    _put(store, _part_key(told), marshal.dumps(tuple(made)))
    return made


def _packed(held: bytes, store: Store) -> str:
    """The key of what `packed` makes: most of it an earlier build has made."""
    key = f"index piece {searching.version()} {sha256_of(held)}"
    return key if store.has(key) else _put(store, key, packed(held))


def _put(store: Store, key: str, data: bytes) -> str:
    store.put(key, data)
    return key
