"""The note of what a build was writing: kept while it is at work, believed by the next one, gone at its end."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from exemplars.building.writing import remove
from exemplars.unfinished import Unfinished, clear_halves


def test_what_was_being_written_is_told_until_a_build_comes_to_its_end(tmp_path: Path) -> None:
    note, target = tmp_path / "manifest.writing", tmp_path / "site"
    assert Unfinished(note, target).left() is None
    first = Unfinished(note, target)
    first.begin(frozenset())
    assert Unfinished(note, target).left() == frozenset(), "begun, and stopped before its first file"
    first.writing("a/index.html")
    second = Unfinished(note, target)  # the first was killed
    assert second.left() == {"a/index.html"}
    second.begin(second.left())
    second.writing("b.xml")
    third = Unfinished(note, target)
    assert third.left() == {"a/index.html", "b.xml"}
    assert Unfinished(note, tmp_path / "khac").left() is None, "another folder's business"
    third.begin(third.left())
    third.end()
    assert not note.exists()
    assert Unfinished(note, target).left() is None


def test_a_line_that_a_full_disk_cut_short_names_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note, target = tmp_path / "manifest.writing", tmp_path / "site"
    first = Unfinished(note, target)
    first.begin(frozenset())
    first.writing("guong/a/index.html")
    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", lambda file, data: write(file, data[:8]))
        with pytest.raises(OSError, match="No space left on device"):
            first.writing("guong/b/index.html")
    assert Unfinished(note, target).left() == {"guong/a/index.html"}
    first.writing("guong/c/index.html")  # of another child, behind it
    left = Unfinished(note, target).left()
    assert left
    assert {"guong/a/index.html", "guong/c/index.html"} <= left
    (target / "guong/b").mkdir(parents=True)
    remove(target, "guong/b")
    assert (target / "guong/b").is_dir(), "what was cut may be the name of a folder"


def test_a_build_without_a_note_notes_nothing(tmp_path: Path) -> None:
    silent = Unfinished(None, tmp_path)
    silent.begin(frozenset())
    silent.writing("a")
    silent.end()
    assert list(tmp_path.iterdir()) == []


def test_halves_are_cleared_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    names = ("a/.index.html.123", "a/.index.html", "a/.index.html.x1", "a/index.html", ".b.xml.7", ".c.xml.7")
    for name in names:
        (tmp_path / name).touch()
    clear_halves(tmp_path, frozenset({"a/index.html", "b.xml", "khong/co.html"}))
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == set(names) - {
        "a/.index.html.123",
        ".b.xml.7",
    }
