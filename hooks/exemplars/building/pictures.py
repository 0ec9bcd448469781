"""Photos as they are published, kept by the hash of what they were made from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from exemplars import renditions
from exemplars.children import in_children
from exemplars.model import Problem
from exemplars.picture_header import remedy
from exemplars.reading import photo_bytes
from exemplars.storing import Store, sha256_of
from exemplars.texts import locate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from exemplars.feeds import Enclosure
    from exemplars.model import Story


ENCODED = 12  # a photo takes as long as so many pages
KEY = 32  # hexadecimal digits: two of 2^64 outputs would meet


def picture_key(sha256: str, at: int) -> str:
    """The store's key of rendition `at` of a photo, narrow first."""
    return sha256_of(f"{renditions.VERSION} {sha256} {at}".encode())[:KEY]


def encoded(photo: Path, at: int) -> bytes:
    """Rendition `at` of the photo in that file."""
    from exemplars.photos import published  # noqa: PLC0415 - most builds make no picture

    return published(photo.read_bytes())[at].data


def length_of(picture: Enclosure, root: Path, store: Store) -> int:
    """The true length of a published picture in bytes; made when the store has lost it, or what it has is damaged."""
    kept = store.get(picture_key(picture.sha256, 1))
    return len(kept if kept is not None else encoded(root / picture.file, 1))


def sizes_of(stories: Iterable[Story], root: Path, store: Store, jobs: int) -> tuple[dict[str, tuple[tuple[int, int], ...]], list[Problem]]:
    """Width and height of the narrow and the wide rendition of every photo, by its sha256; renditions not in the store are made.

    A photo that cannot be published is a problem (AN004) of the story that shows it.
    """
    wanted = {photo.sha256: (story, at) for story in stories for at, photo in enumerate(story.photos) if photo.sha256 and not photo.fault}
    kept = {sha256: store.get(_size_key(sha256)) for sha256 in wanted}
    missing = [sha256 for sha256, size in kept.items() if size is None]
    problems = []
    if missing:
        from exemplars import photos  # noqa: PLC0415 - most builds make no picture

        def make(sha256: str) -> None:
            story, at = wanted[sha256]
            narrow, wide, share = photos.published(photo_bytes(root, story, story.photos[at]))
            for n, one in enumerate((narrow, wide, share)):
                store.put(picture_key(sha256, n), one.data)
            store.put(_size_key(sha256), json.dumps([(one.width, one.height) for one in (narrow, wide)]).encode())

        in_children(missing, make, jobs, weight=ENCODED)
        for sha256 in missing:
            try:
                if store.get(_size_key(sha256)) is None:
                    make(sha256)
                kept[sha256] = store.get(_size_key(sha256))
            except photos.Unreadable as error:
                story, at = wanted[sha256]
                place = locate(story.origin, ("photos", at, "file"))
                says = f"Không dùng được ảnh «{story.photos[at].file}» ({error})."
                problems.append(Problem(story.origin.path, *place, "AN004", "error", says, remedy(str(error))))
    return {sha256: tuple(map(tuple, json.loads(size))) for sha256, size in kept.items() if size}, problems


def keys_of_photo(sha256: str) -> tuple[str, ...]:
    """All that the store has of a photo."""
    return (_size_key(sha256), *(picture_key(sha256, at) for at in range(3)))


def _size_key(sha256: str) -> str:
    return f"size {picture_key(sha256, 0)}"
