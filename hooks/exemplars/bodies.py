"""A Markdown text with everything that its HTML depends on, as it is handed to `rendering`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from exemplars import versions

VERSION = f"1 {versions.of('markdown', 'nh3')}"


@dataclass(frozen=True, slots=True)
class Picture:
    """A published picture: where it is, and its size in pixels."""

    src: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Body:
    """All that the HTML of a text depends on.

    links     the links that lead within the repository: as written → site-relative address; "" for one to leave out
    pictures  the images that may be shown: as written → picture
    """

    text: str
    links: tuple[tuple[str, str], ...] = ()
    pictures: tuple[tuple[str, Picture], ...] = ()

    def __repr__(self) -> str:
        """Stands for the body in the keys of outputs; the text by its hash, which costs less than its own repr."""
        return f"Body({hashlib.sha256(self.text.encode()).hexdigest()}, {self.links}, {self.pictures})"
