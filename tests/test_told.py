"""What was told is there for the next build, and nothing that is damaged."""

from __future__ import annotations

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
    one = Told(store, made_with)
    for key in keys:
        one.put(key, (key.encode(), *TEXTS))
    one.news()
    one.keep(keys)


def _all(one: Told, key: str) -> list[bytes | None]:
    return [one.get(key, at) for at in range(1 + len(TEXTS))]


def _file(store: Store) -> Path:
    (file,) = store.folder.glob("told-*")
    return file


def test_the_next_build_finds_it(store: Store) -> None:
    _put(store, "a", "b")
    one = Told(store, "1")
    assert "a" in one
    assert "c" not in one
    assert [_all(one, key) for key in ("b", "a")] == [[b"b", *TEXTS], [b"a", *TEXTS]]
    assert one.get("c", 0) is None


def test_a_child_hands_over_what_it_put(store: Store) -> None:
    one = Told(store, "1")

    def put(key: str) -> object:
        one.put(key, (key.encode(), *TEXTS))
        return one.news()

    keys = [f"{n}" for n in range(100)]
    for news in in_children(keys, put, 3).values():
        one.learn(news)
    one.keep(keys)
    assert [_all(Told(store, "1"), key) for key in keys] == [[key.encode(), *TEXTS] for key in keys]


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
    one = Told(store, "1")
    assert one.get("b", 3) is None
    assert (one.get("a", 3) == TEXTS[2]) == (damage == "turned")
    one.put("b", (b"b", *TEXTS))
    assert _all(one, "b") == [b"b", *TEXTS]


def test_what_was_made_with_something_else_is_not_there_and_goes(store: Store) -> None:
    _put(store, "a")
    before = _file(store)
    assert "a" not in Told(store, "2")
    _put(store, "b", made_with="2")
    assert not before.exists()
    assert _all(Told(store, "2"), "b") == [b"b", *TEXTS]


def test_two_builds_at_once_do_not_harm_each_other(store: Store) -> None:
    one, other = Told(store, "1"), Told(store, "1")
    one.put("a", (b"a", *TEXTS))
    other.put("b", (b"b", *TEXTS))
    for each, key in ((one, "a"), (other, "b")):
        each.news()
        each.keep([key])
        assert _all(each, key) == [key.encode(), *TEXTS]
    last = Told(store, "1")
    assert ("a" in last, _all(last, "b")) == (False, [b"b", *TEXTS]), "the last one's list stands"


def test_it_is_given_up_when_most_of_it_is_of_no_use(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(told, "FREE", 3000)
    for key in "abcdefghi":
        _put(store, key)
        sizes = [file.stat().st_size for file in store.folder.glob("told-*")]
        assert sum(sizes) <= 3000 + 2 * 4100, key
    _put(store, "z")
    assert _all(Told(store, "1"), "z") == [b"z", *TEXTS]
