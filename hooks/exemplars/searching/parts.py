"""What Pagefind (1.5) makes of a part of the stories, in a form that can be joined to others without looking into it again.

In an index a word is written as [word without marks, pages, [[word with marks, pages] …]], pages as [[distance from the page before,
places and weights, …] …]. So the pages of a word in a whole are those in its parts, one behind the other; of each part only the first distance is another.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
import zlib
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from exemplars.searching import cbor
from exemplars.searching.written import opened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# what the browser loads; the ready-made interfaces, which would be half a megabyte, are left out
WANTED = ("pagefind.js", "pagefind-worker.js", "wasm.unknown.pagefind")
ENTRY = "pagefind-entry.json"
REMEDY = "Hãy chạy lại `make site`; vẫn lỗi thì xóa .venv/ rồi dựng lại, hoặc dựng tạm không có tìm kiếm: scripts/build.py --no-search."
DAY = re.compile(r'data-pagefind-sort="date">([^<]+)<')

NUMBER = rb"(?:[\x00-\x17\x20-\x37]|[\x18\x38].|[\x19\x39]..|[\x1a\x3a]....)"
NUMBERS = rb"(?:[\x80-\x97]|\x98.|\x99..|\x9a....)" + NUMBER + rb"*+"
PAGE = rb"\x83(" + NUMBER + rb")" + NUMBERS + NUMBERS
PAGES = re.compile(rb"(?:" + PAGE + rb")*+", re.DOTALL)
DISTANCES = re.compile(PAGE, re.DOTALL)

Pages: TypeAlias = tuple[int, int, int, bytes]
"""Of a word in a part: how many, the first and the last of them, and all that is written of them behind the first distance."""


class Failed(Exception):  # noqa: N818 - what it is
    """The index could not be made; the message says why, in Vietnamese."""


class Part(NamedTuple):
    """Plain values only, so that it can be kept.

    entry    pagefind-entry.json, of which only the version and the signs hold for the whole
    version  of Pagefind, as its lists name it
    shown    names of what is kept of a page for its result
    pages    (sha256 of the fragment, how many words it has), by number of the page
    days     (day, page), earliest first; without those that have no day
    words    word without marks → pages that have it so, and word with marks → pages
    facets   name → value → pages
    files    path of a file that is the same in every part → its sha256
    """

    entry: str
    version: str
    shown: list[str]
    pages: list[tuple[str, int]]
    days: list[tuple[str, int]]
    words: dict[str, tuple[Pages, dict[str, Pages]]]
    facets: dict[str, dict[str, list[int]]]
    files: dict[str, str]

    @property
    def held(self) -> tuple[str, ...]:
        """The sha256 of every file of it that is kept as it is."""
        return (*(sha256 for sha256, _ in self.pages), *self.files.values())


def part(documents: Iterable[tuple[str, str]]) -> tuple[Part, Mapping[str, bytes]]:
    """What Pagefind makes of the documents; fragments and other files by their sha256.

    documents  (address of the story, its HTML)
    errors     Failed: no Pagefind for this machine, or it has not indexed every document
    """
    with tempfile.TemporaryDirectory(prefix="exemplars-") as scratch:
        source, target = Path(scratch, "source"), Path(scratch, "target")
        days, count = [], 0
        for address, html in documents:
            folder = source / address
            folder.mkdir(parents=True)
            (folder / "index.html").write_text(html, encoding="utf-8", newline="\n")
            days += DAY.findall(html)
            count += 1
        _run(source, target)
        files = {path.relative_to(target).as_posix(): path.read_bytes() for path in target.rglob("*") if path.is_file()}
    try:
        entry = files.get(ENTRY, b'{"languages":{}}').decode()
        languages = json.loads(entry)["languages"]
        found = sum(language["page_count"] for language in languages.values())
        if found != count:
            raise Failed(f"Chỉ mục tìm kiếm có {found} bài, trang có {count} bài. {REMEDY}")
        return _part(files, entry, languages["vi"]["hash"], sorted(days))
    except (ValueError, KeyError, IndexError, TypeError, OSError, EOFError, zlib.error) as error:
        raise Failed(f"Chỉ mục tìm kiếm không đúng dạng đã biết ({error!r}). {REMEDY}") from None


def _part(files: Mapping[str, bytes], entry: str, hash_: str, days: list[str]) -> tuple[Part, Mapping[str, bytes]]:
    lists: Any = cbor.read(opened(files[f"pagefind.{hash_}.pf_meta"]))
    version, pages, pieces, facets, orders, shown = lists
    fragments = [(files[f"fragment/{name}.pf_fragment"], count) for name, count in pages]
    whole = {path: files[path] for path in WANTED}
    order: list[int] = dict(orders).get("date", [])
    held = {sha256(data).hexdigest(): data for data in (*whole.values(), *(data for data, _ in fragments))}
    return Part(
        entry, version, shown, [(sha256(data).hexdigest(), count) for data, count in fragments], list(zip(days, order, strict=True)),
        {word: forms for _, _, name in pieces for word, forms in _words(opened(files[f"index/{name}.pf_index"]))},
        {name: _values(files[f"filter/{file}.pf_filter"]) for name, file in sorted(facets)},
        {path: sha256(data).hexdigest() for path, data in whole.items()},
    ), held  # fmt: skip


def _values(data: bytes) -> dict[str, list[int]]:
    """Value → pages that have it, of one facet. Pagefind leaves the values as they lie in a hash table."""
    held: Any = cbor.read(opened(data))
    return dict(sorted(held[1]))


def _words(data: bytes) -> Iterator[tuple[str, tuple[Pages, dict[str, Pages]]]]:
    """The words of a piece, which is a list of nothing but their list.

    errors  ValueError, IndexError: something else than what stands at the head of this module
    """
    count, at = cbor.sized(data, cbor.of(data, 0, 1), cbor.LIST)
    for _ in range(count):
        word, at = cbor.text(data, cbor.of(data, at, 3))
        plain, at = _pages(data, at)
        marked: dict[str, Pages] = {}
        forms, at = cbor.sized(data, at, cbor.LIST)
        for _ in range(forms):
            form, at = cbor.text(data, cbor.of(data, at, 2))
            marked[form], at = _pages(data, at)
        yield word, (plain, marked)
    if at != len(data):
        raise ValueError("more than a list of words")


def _pages(data: bytes, at: int) -> tuple[Pages, int]:
    count, at = cbor.sized(data, at, cbor.LIST)
    found = PAGES.match(data, at)
    end = found.end() if found else at
    distances = DISTANCES.findall(data, at, end)
    if len(distances) != count:
        raise ValueError("not as many pages as told")
    if not count:
        return (0, 0, 0, b""), at
    steps = [one[0] if len(one) == 1 else int.from_bytes(one[1:], "big") for one in distances]
    return (count, steps[0], sum(steps), data[at + 1 + len(distances[0]) : end]), end


def _run(source: Path, target: Path) -> None:
    try:
        from pagefind_bin import get_executable  # noqa: PLC0415 - a preview does not need it

        command = [str(get_executable()), "--site", str(source), "--output-path", str(target), "--force-language", "vi", "--silent"]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603
    except (ImportError, OSError) as error:
        raise Failed(f"Không chạy được Pagefind, phần mềm làm chỉ mục tìm kiếm ({error}). {REMEDY}") from None
    if done.returncode:
        raise Failed(f"Pagefind dừng với mã {done.returncode}: {' '.join(done.stderr.split())[-300:]} {REMEDY}")
