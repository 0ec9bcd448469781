"""Where a site can go. A target knows how its files are moved there and switched to; what goes there is decided above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from exemplars.publishing.locking import Wait
    from exemplars.publishing.release import Release

    Seen = Callable[[str, int, int], None]


class Target(Protocol):
    """A place with releases, one of them live. All may raise Refused; `lock` Busy.

    where    what publish.yml calls it
    beside   where settings of the web server and receipts lie, in `server/` and `receipts/`: no reader gets there
    """

    where: str
    beside: str

    def lock(self, wait: Wait) -> AbstractContextManager[None]:
        """Keeps everybody else out; all that changes the place is done under it."""

    def releases(self) -> list[Release]:
        """Those that can be switched to, the latest serial first."""

    def live(self) -> Release | None:
        """The one that readers see; None before the first publication."""

    def send(self, site: Path | None, release: Release, seen: Seen) -> int:
        """Brings every file of the release there, unseen by readers where the place allows it; says how many were written.

        site   the built folder; None for a release that the place still has
        """

    def switch(self, release: Release, seen: Seen) -> None:
        """Makes it the live one: readers see it from now on."""

    def faults(self, release: Release, seen: Seen) -> list[str]:
        """In what that release's files there differ from it; for the live one, in what readers see another."""

    def mark(self, release: Release) -> None:
        """Writes down anew what is known of a release that is there."""

    def forget(self, releases: list[Release]) -> None:
        """Lets those releases go, and whatever an interrupted publication left."""

    def note(self, name: str, data: bytes) -> None:
        """Keeps a receipt there, outside of what is served."""

    def settings(self, files: Mapping[str, str]) -> None:
        """Puts the settings for the web server there, by file name, outside of what is served."""
