"""The search index: what of each story can be found, told to Pagefind as one small HTML document a story.

Only stories that readers see are in it. Pagefind (1.5) finds words without their marks, but takes «đ» for a letter of
its own; here and in `assets/search.js` it is therefore written «ḏ», which no Vietnamese text has and which loses its mark
like any other. So «do duc dat» finds «Đỗ Đức Đạt», and nothing needs to be indexed twice.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import tempfile
import zlib
from dataclasses import dataclass
from html import escape
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exemplars import cbor
from exemplars.linking import story_address
from exemplars.story_view import card
from exemplars.vietnamese import passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.model import Origin, Story
    from exemplars.pages import Context
    from exemplars.story_view import Card

VERSION = "3"
OURS, BACK = str.maketrans("đĐ", "ḏḎ"), str.maketrans("ḏḎ", "đĐ")
PIECE = 40 * 1024  # bytes of an index piece before it is packed to about a third
SIGNS = 0x2800  # the Braille patterns: 256 signs that are no letters, so a value written in them is not searched
FACETS = {
    "phong-trao": "Phong trào", "don-vi": "Đơn vị", "linh-vuc": "Lĩnh vực", "loai": "Thể loại", "tieu-chi": "Tiêu chí", "nam": "Năm",
}  # fmt: skip
# what the browser loads; the ready-made interfaces, which would be half a megabyte, are left out
WANTED = ("pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.unknown.pagefind")


class Failed(Exception):  # noqa: N818 - what it is
    """The index could not be made; the message says why, in Vietnamese."""


REMEDY = "Hãy chạy lại `make site`; vẫn lỗi thì xóa .venv/ rồi dựng lại, hoặc dựng tạm không có tìm kiếm: scripts/build.py --no-search."


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a story can be found, and what its result shows. Its `repr` stands for all of it, the text by its hash.

    facets  (key of FACETS, label)
    known   short texts beside the body, the weightiest first: (weight, text)
    """

    address: str
    day: str
    card: Card
    facets: tuple[tuple[str, str], ...]
    known: tuple[tuple[int, str], ...]
    digest: str
    origin: Origin

    def __repr__(self) -> str:
        return f"Entry({self.address} {self.day} {self.card!r} {self.facets} {self.known} {self.digest})"


def told(context: Context) -> str:
    """Stands for all that is in the index."""
    return hashlib.sha256("".join([version(), *(digest(story, context) for story in context.shelf.stories)]).encode()).hexdigest()


def digest(story: Story, context: Context) -> str:
    """Stands for all that the index holds of a story."""
    known = context.known(story, "found")
    if not known:
        known = hashlib.sha256(repr(entry(story, context)).encode()).hexdigest()
        context.keep(story, "found", known)
    return known


def entries(context: Context) -> Iterator[Entry]:
    """The stories that readers see, newest first: no draft, nothing withdrawn, no rule page, no list."""
    return (entry(story, context) for story in context.shelf.stories)


def entry(story: Story, context: Context) -> Entry:
    shown = card(story, context)
    facets = tuple(_facets(story, context))
    subject = story.subject
    named = tuple(one for one in (subject.name, subject.role, subject.workplace) if one) if subject else ()
    known = (
        (10, story.title), *((10 if n == 0 else 4, one) for n, one in enumerate(named)),
        (3, ". ".join(label for key, label in facets if key != "nam")), (2, story.summary),
    )  # fmt: skip
    return Entry(story_address(story), shown["day"][1], shown, facets, known, story.text_sha256, story.origin)


def _facets(story: Story, context: Context) -> Iterator[tuple[str, str]]:
    site = context.shelf.site
    yield from (("phong-trao", one.label) for id_ in dict.fromkeys(story.campaigns) if (one := site.find("campaigns", id_)))
    for key, collection, id_ in (("don-vi", "units", story.unit), ("linh-vuc", "fields", story.field), ("loai", "kinds", story.kind)):
        found = site.find(collection, id_)
        if found:
            yield key, found.name if key == "don-vi" else found.title
    plan = site.plan_of(story)
    many = f" ({plan.title})" if plan and len(site.plans) > 1 else ""
    held = {one.id: one.title for one in plan.criteria} if plan else {}
    yield from (("tieu-chi", f"{id_} · {held[id_]}{many}") for id_ in context.shelf.accepted(story))
    yield "nam", story.year


def document(entry: Entry) -> str:
    """The HTML that Pagefind reads of a story; it is never published."""
    picture = entry.card["picture"] or {}
    shown = [
        entry.card["title"], entry.card["kicker"], entry.card["unit"], entry.card["day"][0], entry.card["initials"], entry.card["sample"],
        picture.get("small", ""), picture.get("small_width", 0), picture.get("small_height", 0),
    ]  # fmt: skip
    facets = "".join(f'<span data-pagefind-filter="{key}">{escape(label)}</span>' for key, label in entry.facets)
    known = "".join(f'<p data-pagefind-weight="{weight}">{_searched(text)}</p>' for weight, text in entry.known)
    told = "".join(f"<p>{_searched(passage)}</p>" for passage in passages(entry.origin.body))
    return (
        '<!doctype html><html lang="vi"><body data-pagefind-body><div data-pagefind-ignore>'
        f'<span data-pagefind-meta="card">{_unseen(shown)}</span>'
        f'<span data-pagefind-sort="date">{entry.day}</span>{facets}</div>{known}{told}</body></html>'
    )


def _searched(text: str) -> str:
    return escape(text.translate(OURS), quote=False)


def _unseen(value: object) -> str:
    """A value for the result's card, as JSON in UTF-8 with a Braille sign for each byte."""
    return "".join(chr(SIGNS + byte) for byte in json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def documents(context: Context) -> Iterator[tuple[str, str]]:
    """(address of the story, the HTML that Pagefind reads of it), as `index` takes them."""
    return ((entry.address, document(entry)) for entry in entries(context))


def index(documents: Iterable[tuple[str, str]]) -> Mapping[str, bytes]:
    """The files of the index by their path under `pagefind/`; the same documents give the same bytes.

    documents  (address of the story, its HTML)
    errors     Failed: no Pagefind for this machine, or it has not indexed every document
    """
    with tempfile.TemporaryDirectory(prefix="exemplars-") as scratch:
        source, target = Path(scratch, "source"), Path(scratch, "target")
        count = 0
        for address, html in documents:
            folder = source / address
            folder.mkdir(parents=True)
            (folder / "index.html").write_text(html, encoding="utf-8", newline="\n")
            count += 1
        _run(source, target)
        files = {path.relative_to(target).as_posix(): path.read_bytes() for path in sorted(target.rglob("*")) if path.is_file()}
    wanted = {path: data for path, data in files.items() if "/" in path or path.endswith(".pf_meta") or path in WANTED}
    found = sum(
        language["page_count"] for language in json.loads(files.get("pagefind-entry.json", b'{"languages":{}}'))["languages"].values()
    )
    if found != count:
        raise Failed(f"Chỉ mục tìm kiếm có {found} bài, trang có {count} bài. {REMEDY}")
    try:
        return settled(wanted)
    except (ValueError, KeyError, OSError, EOFError, zlib.error) as error:
        raise Failed(f"Chỉ mục tìm kiếm không đúng dạng đã biết ({error!r}). {REMEDY}") from None


HEAD = b"pagefind_dcd"  # before the CBOR of every file of Pagefind


def settled(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """An index with its filters and their values in order: Pagefind leaves them as they lie in a hash table. And its pieces
    cut smaller: a query loads the piece of each of its words.

    A file that changes is named by its new hash, in the lists of pieces and filters (`.pf_meta`) and in `pagefind-entry.json`.
    """
    done, renamed = dict(files), dict[str, str]()
    for path in [path for path in files if path.startswith("filter/")]:
        name, values = _unpacked(done.pop(path))
        new, data = _packed([name, sorted(values)])
        done[f"filter/{new}.pf_filter"], renamed[path.removeprefix("filter/").removesuffix(".pf_filter")] = data, new
    entry = json.loads(done["pagefind-entry.json"])
    for language in entry["languages"].values():
        known = _unpacked(done.pop(f"pagefind.{language['hash']}.pf_meta"))
        known[3] = sorted([name, renamed[old]] for name, old in known[3])
        known[2] = [piece for _, _, old in known[2] for piece in _cut(done, f"index/{old}.pf_index")]
        language["hash"], data = _packed(known)
        done[f"pagefind.{language['hash']}.pf_meta"] = data
    done["pagefind-entry.json"] = json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode()
    return dict(sorted(done.items()))


def _unpacked(data: bytes) -> Any:
    return cbor.read(gzip.decompress(data).removeprefix(HEAD))


def indexed(path: str, data: bytes) -> tuple[str, ...]:
    """What a file of the index tells: the words of a piece; the address, text, card and facets of a fragment; nothing of others.

    errors  ValueError, OSError: no file that Pagefind and `settled` write
    """
    if path.endswith(".pf_index"):
        return tuple(map(_word, cbor.elements(gzip.decompress(data).removeprefix(HEAD), 1)))
    if not path.endswith(".pf_fragment"):
        return ()
    told = json.loads(gzip.decompress(data).removeprefix(HEAD))
    card = bytes(ord(sign) - SIGNS for sign in told["meta"].get("card", "")).decode()
    facets = [value for values in told["filters"].values() for value in values]
    return tuple(text.translate(BACK) for text in (told["url"], told["content"], card, *facets))


def _packed(value: Any) -> tuple[str, bytes]:
    return _named(HEAD + cbor.written(value))


def _named(data: bytes) -> tuple[str, bytes]:
    return f"vi_{hashlib.sha256(data).hexdigest()[:7]}", gzip.compress(data, 6, mtime=0)


def _cut(files: dict[str, bytes], path: str) -> Iterator[tuple[str, str, str]]:
    """Smaller pieces in place of the one at `path`, as first word, last word, name. A piece is a list of words, each with
    its pages; it stands alone in a list.
    """
    words = cbor.elements(gzip.decompress(files.pop(path)).removeprefix(HEAD), 1)
    while words:
        sizes = accumulate(map(len, words))
        count = max(1, sum(size <= PIECE for size in sizes))
        part, words = words[:count], words[count:]
        name, files_data = _named(HEAD + cbor.listed([cbor.listed(part)]))
        files[f"index/{name}.pf_index"] = files_data
        yield _word(part[0]), _word(part[-1]), name


def _word(written: bytes) -> str:
    """The word at the head of an entry, which is a list."""
    return str(cbor.read(cbor.elements(written, 0)[0]))


def version() -> str:
    """Of the documents and of Pagefind: what the bytes of an index follow from beside the entries.

    errors  Failed: no Pagefind
    """
    from importlib import metadata  # noqa: PLC0415 - 20 ms that a preview need not spend

    try:
        return f"{VERSION} pagefind {metadata.version('pagefind_bin')}"
    except metadata.PackageNotFoundError as error:
        raise Failed(f"Chưa cài Pagefind, phần mềm làm chỉ mục tìm kiếm ({error}). {REMEDY}") from None


def _run(source: Path, target: Path) -> None:
    try:
        from pagefind_bin import get_executable  # noqa: PLC0415 - a preview does not need it

        command = [str(get_executable()), "--site", str(source), "--output-path", str(target), "--force-language", "vi", "--silent"]
        done = subprocess.run(command, cwd=source, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603
    except (ImportError, OSError) as error:
        raise Failed(f"Không chạy được Pagefind, phần mềm làm chỉ mục tìm kiếm ({error}). {REMEDY}") from None
    if done.returncode:
        raise Failed(f"Pagefind dừng với mã {done.returncode}: {' '.join(done.stderr.split())[-300:]} {REMEDY}")
