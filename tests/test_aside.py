"""Texts put aside come back, whoever put them there."""

from __future__ import annotations

import errno
import os
import sys
from typing import TYPE_CHECKING

import pytest

from exemplars.aside import Aside
from exemplars.children import in_children

if TYPE_CHECKING:
    from typing import NoReturn


def test_a_text_comes_back() -> None:
    aside = Aside()
    held = [aside.hold(text) for text in (b"one", b"", b"hai")]
    assert [one.read() for one in held] == [b"one", b"", b"hai"]


def test_children_add_to_the_same_file_and_none_overwrites_another() -> None:
    aside = Aside()
    first = aside.hold(b"parent")
    texts = [bytes([65 + n % 26]) * (1 + 997 * n % 5000) for n in range(400)]
    places = in_children(texts, aside.add, 4)
    assert len(places) == len(texts), "all were done in children"
    assert [aside.read(places[n], len(text)) for n, text in enumerate(texts)] == texts
    assert first.read() == b"parent"
    assert aside.read(aside.add(b"after"), 5) == b"after"


def test_the_file_is_closed_with_the_last_that_holds_it() -> None:
    aside = Aside()
    held, fd = aside.hold(b"one"), aside.fd
    del aside
    assert held.read() == b"one"
    del held
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(fd)


def test_no_room_for_it_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    beside = list[object]()
    monkeypatch.setattr(sys, "unraisablehook", beside.append)
    with pytest.raises(OSError, match="No space left"):
        Aside()
    assert beside == []
