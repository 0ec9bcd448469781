"""Why nothing was switched. The messages are Vietnamese and say what to do."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818 - what it is
    """Publishing stops, and what readers see stays as it was; unless it was already `switched`, which the message then says."""

    def __init__(self, says: str, *, switched: bool = False) -> None:
        super().__init__(says)
        self.switched = switched


class Busy(Exception):  # noqa: N818 - what it is
    """Somebody else is publishing there; the message names who, since when and until when."""
