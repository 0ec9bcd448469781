"""Packed files: the same bytes each time, undone to the same text, with times that no server mistakes."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import brotli
from hypothesis import given
from hypothesis import strategies as st

from exemplars.packing import FORMS, WORTH, beside, packed, published_time, unpacked
from exemplars.publishing.packed import pack
from exemplars.publishing.release import File
from exemplars.publishing.verifying import read

PAGE = ("<p>Người giữ lửa ở mái ấm.</p>\n" * 40).encode()


@given(st.binary(max_size=4000))
def test_packing_is_undone_and_repeats(data: bytes) -> None:
    both = packed(data)
    assert (gzip.decompress(both.gz), brotli.decompress(both.br)) == (data, data)
    assert packed(data) == both
    for form, one in zip(FORMS, both, strict=True):
        assert unpacked(f"index.html{form}", one) == data
        assert unpacked(f"index.html{form}", one[:-1]) is None


def test_only_text_that_gains_is_packed() -> None:
    assert set(beside("a/index.html", PAGE)) == {"a/index.html.gz", "a/index.html.br"}
    assert beside("anh.webp", PAGE) == beside("index.html", PAGE[: WORTH - 1]) == beside("index.html", os.urandom(WORTH * 2)) == {}


@given(st.lists(st.integers(min_value=0, max_value=3), min_size=1, max_size=20))
def test_no_two_contents_bear_one_time(steps: list[int]) -> None:
    """Whatever the clock does between two contents: stands still, or goes on."""
    now, times = 100, [100]
    for step in steps:
        now += step
        times.append(published_time(now, times[-1]))
    assert len(set(times)) == len(times)
    assert published_time(now, None) == now


def test_a_site_is_packed_once_and_a_lost_or_damaged_piece_again(tmp_path: Path) -> None:
    site, kept = tmp_path / "site", tmp_path / "kept"
    (site / "a").mkdir(parents=True)
    for path, data in {"index.html": PAGE, "a/x.css": PAGE + b"1", "anh.webp": PAGE}.items():
        (site / path).write_bytes(data)
    files = {path.relative_to(site).as_posix(): read(str(path)) for path in site.rglob("*") if path.is_file()}
    found = pack(site, files, kept, 1)
    assert set(found) == {"index.html.gz", "index.html.br", "a/x.css.gz", "a/x.css.br"}
    for path, file in found.items():
        assert read(str(site / path))[:2] == file[:2]
    entry = next(path for path in kept.rglob("*") if path.is_file())
    entry.write_bytes(b"hong")
    (site / "index.html.gz").unlink()
    assert pack(site, files, kept, 1) == found
    assert isinstance(found["index.html.gz"], File)
    assert gzip.decompress((site / "index.html.gz").read_bytes()) == PAGE
