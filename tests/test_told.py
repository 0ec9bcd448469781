"""What was told is there for the next build, and nothing that is damaged."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from exemplars.building import told
from exemplars.building.told import Told
from exemplars.children import in_children
from exemplars.storing import Store

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = (b"rss", b"", b"json" * 1000)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def _put(store: Store, *keys: str, made_with: str = "1") -> None:
    one = Told(store, "told", made_with)
    for key in keys:
        one.put(key, (key.encode(), *TEXTS))
    one.news()
    one.keep(keys)


def _all(one: Told, key: str) -> list[bytes | None]:
    return [one.get(key, at) for at in range(1 + len(TEXTS))]


def _file(store: Store) -> Path:
    return store.folder / "told"


def test_the_next_build_finds_it(store: Store) -> None:
    _put(store, "a", "b")
    one = Told(store, "told", "1")
    assert "a" in one
    assert "c" not in one
    assert [_all(one, key) for key in ("b", "a")] == [[b"b", *TEXTS], [b"a", *TEXTS]]
    assert one.get("c", 0) is None


def test_a_child_hands_over_what_it_put(store: Store) -> None:
    one = Told(store, "told", "1")

    def put(key: str) -> object:
        one.put(key, (key.encode(), *TEXTS))
        return one.news()

    keys = [f"{n}" for n in range(100)]
    for news in in_children(keys, put, 3).values():
        one.learn(news)
    one.keep(keys)
    assert [_all(Told(store, "told", "1"), key) for key in keys] == [[key.encode(), *TEXTS] for key in keys]


@pytest.mark.parametrize("damage", ["turned", "cut", "gone", "foreign"])
def test_what_is_damaged_is_not_there(store: Store, damage: str) -> None:
    _put(store, "a", "b")
    file = _file(store)
    data = file.read_bytes()
    match damage:
        case "turned":
            file.write_bytes(data[:-1] + b"?")
        case "cut":
            file.write_bytes(data[:-1])
        case "gone":
            file.unlink()
        case "foreign":
            file.write_bytes(bytes(len(data)))
    one = Told(store, "told", "1")
    assert one.get("b", 3) is None
    assert (one.get("a", 3) == TEXTS[2]) == (damage == "turned")
    one.put("b", (b"b", *TEXTS))
    assert _all(one, "b") == [b"b", *TEXTS]


def test_what_was_made_with_something_else_is_not_there_and_goes(store: Store) -> None:
    _put(store, "a")
    before = _file(store).stat().st_size
    assert "a" not in Told(store, "told", "2")
    _put(store, "b", made_with="2")
    assert _file(store).stat().st_size == before
    assert _all(Told(store, "told", "2"), "b") == [b"b", *TEXTS]


def test_what_a_stopped_build_put_goes(store: Store) -> None:
    for _ in range(3):
        Told(store, "told", "1").put("a", TEXTS)
        assert _file(store).stat().st_size == sum(map(len, TEXTS))


def test_two_kinds_of_builds_do_not_make_each_other_forget(store: Store) -> None:
    _put(store, "a")
    other = Told(store, "told-preview", "1")
    other.put("b", (b"b", *TEXTS))
    other.news()
    other.keep(["b"])
    assert _all(Told(store, "told", "1"), "a") == [b"a", *TEXTS]
    assert _all(Told(store, "told-preview", "1"), "b") == [b"b", *TEXTS]


def test_no_room_names_the_file(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    one = Told(store, "told", "1")
    monkeypatch.setattr(os, "pwrite", full)
    with pytest.raises(OSError, match="No space left") as raised:
        one.put("a", TEXTS)
    assert raised.value.filename == str(_file(store))
    assert "a" not in one


def test_what_cannot_be_read_is_not_there_or_named(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    _put(store, "a")
    monkeypatch.setattr(os, "pread", broken)
    one = Told(store, "told", "1")
    assert one.get("a", 0) is None
    one.put("a", TEXTS)
    with pytest.raises(OSError, match="told"):
        one.get("a", 0)


def test_a_link_out_of_the_store_is_not_followed(store: Store, tmp_path: Path) -> None:
    store.folder.mkdir(parents=True)
    (tmp_path / "victim").write_bytes(b"mine")
    _file(store).symlink_to(tmp_path / "victim")
    with pytest.raises(OSError, match="told"):
        Told(store, "told", "1")
    assert (tmp_path / "victim").read_bytes() == b"mine"


def test_two_builds_at_once_do_not_harm_each_other(store: Store) -> None:
    one, other = Told(store, "told", "1"), Told(store, "told", "1")
    one.put("a", (b"a", *TEXTS))
    other.put("b", (b"b", *TEXTS))
    for each, key in ((one, "a"), (other, "b")):
        each.news()
        each.keep([key])
        assert _all(each, key) == [key.encode(), *TEXTS]
    last = Told(store, "told", "1")
    assert ("a" in last, _all(last, "b")) == (False, [b"b", *TEXTS]), "the last one's list stands"


def test_it_is_given_up_when_most_of_it_is_of_no_use(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "FREE", 3000)
    for key in "abcdefghi":
        _put(store, key)
        assert _file(store).stat().st_size <= 3000 + 3 * sum(map(len, (b"a", *TEXTS))), key
    _put(store, "z")
    assert _all(Told(store, "told", "1"), "z") == [b"z", *TEXTS]


def test_what_was_read_lately_is_not_read_again_and_takes_no_more_than_it_may(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "RECENT", 100)
    one, read = Told(store, "told", "1"), list[int]()
    for key in "abc":
        one.put(key, (key.encode() * 40, b"long" * 100))
    pread = os.pread
    monkeypatch.setattr(os, "pread", lambda fd, size, at: read.append(size) or pread(fd, size, at))
    for key in "aabbcca":
        assert one.get(key, 0) == key.encode() * 40
    assert read == [40] * 4, "two stay, so the first is read again at the end"
    for _ in range(2):
        assert one.get("a", 1) == b"long" * 100
    assert read[4:] == [400, 400], "one that is too long is not held"
