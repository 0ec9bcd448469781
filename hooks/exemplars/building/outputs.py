"""What a file of the site is made of."""

from __future__ import annotations

from dataclasses import dataclass

from exemplars import feeds
from exemplars.pages import Page, Sketch


@dataclass(frozen=True, slots=True)
class Output:
    """One file of the site: its path, and what it is made of. The key is the hash of the latter."""

    path: str
    what: Page | Sketch | feeds.Document | Copy | Rendition | SiteCard | IndexFile | str
    key: str

    @property
    def dressed(self) -> bool:
        """Pages and feeds are not kept: their text is, and the rest is quickly made."""
        return isinstance(self.what, (Page, Sketch, feeds.Document))

    @property
    def age(self) -> tuple[str, str]:
        """Documents of feeds in this order have texts in common with those just before them; others stay where they are."""
        return (self.what.form, self.what.updated.isoformat()) if isinstance(self.what, feeds.Document) else ("", "")


@dataclass(frozen=True, slots=True)
class Copy:
    """A file beside a story that is published as it is: a PDF, never a photo."""

    source: str


@dataclass(frozen=True, slots=True)
class SiteCard:
    """The picture for sharing where a story has none."""


@dataclass(frozen=True, slots=True)
class IndexFile:
    """A file of the search index; the index is made whole or not at all."""

    path: str


@dataclass(frozen=True, slots=True)
class Rendition:
    """Rendition `at` of the photo in the file `source`: narrow, wide, for sharing."""

    source: str
    at: int
