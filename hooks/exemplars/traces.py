"""What is left of withdrawn stories in a built site: names, words, pictures, files, addresses anywhere but in the notice itself.

Words are compared as words, whatever markup, punctuation and capitals stand between them. What another story, a campaign or
a page says in its own text is no trace: six words in a row count only where no published source has them; a name or a
title, which is shorter, counts unless a published source has it as a field of its own or with the same words beside it.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from exemplars.linking import INDEX, is_paper, story_address
from exemplars.packing import FORMS, unpacked
from exemplars.photos import Unreadable, published
from exemplars.reading import photo_bytes
from exemplars.searching.written import indexed
from exemplars.storing import walk
from exemplars.vietnamese import fold, passages

if TYPE_CHECKING:
    from exemplars.listing import Shelf
    from exemplars.model import OtherConsent, Story

RUN = 6  # words in a row that are no coincidence
BESIDE = 2  # words on either side of a name by which its place is known again
TEXT = (".html", ".xml", ".json", ".js", ".css", ".ics", ".txt", ".opml", ".svg")
FRAME = ("404.html", "quy-tac/index.html", "tiep-can/index.html")  # pages that no story enters: the words of the theme
WORD = re.compile(r"\w+")
MARKUP = re.compile(r"<!\[CDATA\[|\]\]>|</?[a-z!?][^<>]*?(?:>|$)", re.IGNORECASE | re.DOTALL)
VALUES = re.compile(r"""\s[a-z:-]+\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
CUTS = re.compile(r"""[\n*_\[\](){}<>|#"“”«»:·]""")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
Words = tuple[str, ...]


class Trace(NamedTuple):
    """`what` of the story in the file `story` is left in the built file at `path`; `words` are those found.

    story  "" where nobody can tell of which one
    """

    path: str
    story: str
    what: str
    words: str

    def __str__(self) -> str:
        whose = f" của bài đã gỡ {self.story}" if self.story else ""
        return f"{self.path}: còn {self.what}{whose}" + (f": «{self.words}»." if self.words else ".")


class Mention(NamedTuple):
    """A published source, by path and line, that itself names a withdrawn story's person or title: a matter for people."""

    path: str
    line: int
    story: str
    words: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: tự nhắc tới «{self.words}» của bài đã gỡ {self.story}. Hãy xem có cần sửa lời này không."


def words(text: str) -> Words:
    return tuple(WORD.findall(text.casefold()))


# --- what is looked for -------------------------------------------------------------------------------------------------


class _Sought(NamedTuple):
    names: Mapping[Words, tuple[Story, str]]  # → the story, and whether it is a name or a title
    runs: Mapping[Words, Story]


def _sought(stories: Iterable[Story]) -> _Sought:
    names: dict[Words, tuple[Story, str]] = {}
    runs: dict[Words, Story] = {}
    for story in stories:
        for what, text in (("tên", _name(story)), *(("tên", one.name) for one in _others(story)), ("tiêu đề", story.title)):
            found = words(text)
            if len(found) > 1:
                names.setdefault(found, (story, what))
        for text in _texts(story):
            runs.update((run, story) for run in _runs(words(text)))
    return _Sought(names, runs)


def _name(story: Story) -> str:
    return story.subject.name if story.subject else ""


def _others(story: Story) -> tuple[OtherConsent, ...]:
    return story.consent.others if story.consent else ()


def _texts(story: Story) -> Iterator[str]:
    yield from (story.title, story.summary, *passages(story.origin.body))
    for photo in story.photos:
        yield from (photo.alt, photo.caption)
    yield from (text for award in story.awards for text in (award.for_,))


def _runs(found: Words) -> Iterator[Words]:
    return (found[at : at + RUN] for at in range(len(found) - RUN + 1))


# --- what published sources say themselves ------------------------------------------------------------------------------


class _Said:
    """What the sources say: every run of six words, every field or piece between marks, every name with the words beside it."""

    def __init__(self, texts: Iterable[str], sought: _Sought) -> None:
        self.pieces: set[Words] = set()
        self.runs: set[Words] = set()
        self.places: set[Words] = set()
        for text in texts:
            whole = words(text)
            self.runs.update(run for run in _runs(whole) if run in sought.runs)
            self.pieces.update(piece for cut in CUTS.split(text) if (piece := words(cut)) in sought.names)
            for name, at in _found(whole, sought.names):
                self.places.update(_placed(whole, at, name, left, right) for left in range(BESIDE + 1) for right in range(BESIDE + 1))

    def explains(self, piece: Words, name: Words, at: int) -> bool:
        """Whether the name at `at` of a piece of the output stands so in a source."""
        left, right = min(BESIDE, at), min(BESIDE, len(piece) - at - len(name))
        return name in self.pieces or (left + right > 0 and _placed(piece, at, name, left, right) in self.places)


def _placed(whole: Words, at: int, name: Words, left: int, right: int) -> Words:
    return whole[max(0, at - left) : at + len(name) + right]


def _found(whole: Words, names: Iterable[Words]) -> Iterator[tuple[Words, int]]:
    firsts: dict[str, list[Words]] = {}
    for name in names:
        firsts.setdefault(name[0], []).append(name)
    for at, word in enumerate(whole):
        yield from ((name, at) for name in firsts.get(word, ()) if whole[at : at + len(name)] == name)


# --- the built site -----------------------------------------------------------------------------------------------------


def pieces(path: str, data: bytes) -> Iterator[str]:
    """The texts of a built file, each as far as no markup cuts it."""
    if path.startswith(INDEX) and not path.endswith(TEXT):
        if path.endswith(".pf_fragment"):
            yield from (piece for text in indexed(path, data) for piece in _strings(text))
        return
    if path.endswith(".json"):
        yield from (piece for text in _strings(data.decode()) for piece in _between(text))
    elif path.endswith(TEXT):
        yield from _between(data.decode())


def _strings(text: str) -> Iterator[str]:
    """Every string of a JSON document; the text itself where it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        yield text
        return
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            stack += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            stack += one


def _between(text: str) -> Iterator[str]:
    """What stands between tags, and the values of their attributes; escaped markup, as feeds have it, is markup too."""
    text = ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)
    at = 0
    for tag in MARKUP.finditer(text):
        yield from _unescaped(text[at : tag.start()])
        for value in VALUES.finditer(tag[0]):
            yield from _unescaped(value[1] or value[2] or "")
        at = tag.end()
    yield from _unescaped(text[at:])


def _unescaped(text: str) -> Iterator[str]:
    plain = html.unescape(text)
    if plain != text and "<" in plain:
        yield from _between(plain)
    elif plain.strip():
        yield from _strings(plain) if plain.lstrip()[:1] in {"{", "["} else (plain,)


def traces(root: Path, built: Path, shelf: Shelf) -> list[Trace]:
    """What is left of the withdrawn stories of `shelf.site` in the folder `built`; empty when nothing is.

    errors  OSError where a file of either cannot be read
    """
    gone = {story_address(story): story for story in shelf.site.stories if story.withdrawn}
    if not gone:
        return []
    sought = _sought(gone.values())
    files = {path: (built / path).read_bytes() for path in walk(built)}
    told = (story.withdrawn.reason for story in gone.values() if story.withdrawn)  # the notice may say it
    frame = (text for path in FRAME if path in files for text in pieces(path, files[path]))
    said = _Said([*sources(root, shelf).values(), *_fields(shelf), *told, *frame], sought)
    pictures = dict(_pictures(root, shelf))
    left: set[Trace] = set()
    for path, data in files.items():
        if not path.endswith(FORMS):
            left.update(_in_file(path, data, gone, pictures, sought, said))
            continue
        name, text = path.rpartition(".")[0], unpacked(path, data)  # readers are sent the packed one, whatever lies beside it
        if text is None:
            left.add(Trace(path, "", "bản nén hỏng, không mở ra soát được", ""))
        elif files.get(name) != text:
            left.update(one._replace(path=path) for one in _in_file(name, text, gone, pictures, sought, said))
    left.update(_in_index(files, gone))
    return sorted(left)


def _in_file(  # noqa: PLR0913, PLR0917
    path: str, data: bytes, gone: Mapping[str, Story], pictures: Mapping[str, Story], sought: _Sought, said: _Said
) -> Iterator[Trace]:
    folder = path[: path.rfind("/") + 1]
    if folder in gone and path != f"{folder}index.html":
        yield Trace(path, gone[folder].origin.path, "tệp", "")
    if story := pictures.get(hashlib.sha256(data).hexdigest()):
        yield Trace(path, story.origin.path, "ảnh hoặc tệp", "")
    yield from _in_text(path, data, sought, said)
    yield from _led_to(path, data, gone)


def _in_text(path: str, data: bytes, sought: _Sought, said: _Said) -> Iterator[Trace]:
    for text in pieces(path, data):
        piece = words(text)
        for name, at in _found(piece, sought.names):
            story, what = sought.names[name]
            if not said.explains(piece, name, at):
                yield Trace(path, story.origin.path, what, " ".join(name))
        for run in _runs(piece):
            if run in sought.runs and run not in said.runs:
                yield Trace(path, sought.runs[run].origin.path, "chữ", " ".join(run))


def _led_to(path: str, data: bytes, gone: Mapping[str, Story]) -> Iterator[Trace]:
    """A page that leads to the notice as if the story still stood there, and the sitemap that lists it."""
    if not path.endswith(".html") and path != "sitemap.xml":
        return
    for address, story in gone.items():
        own = {f"{address}index.html", *(f"{old}index.html" for old in story.redirect_from)}
        if path not in own and address.encode() in data:
            yield Trace(path, story.origin.path, "liên kết", address)


def _in_index(files: Mapping[str, bytes], gone: Mapping[str, Story]) -> Iterator[Trace]:
    """Fragments of the story, and words of the index that no fragment has: a piece that was left behind."""
    known: set[str] = set()
    for path, data in files.items():
        if path.startswith(INDEX) and path.endswith(".pf_fragment"):
            address, *texts = indexed(path, data)
            if story := gone.get(address.lstrip("/")):
                yield Trace(path, story.origin.path, "mục tìm kiếm", address)
            known.update(_bare(word) for text in texts for word in (*text.split(), *WORD.findall(text)))
    for path, data in files.items():
        if path.startswith(INDEX) and path.endswith(".pf_index"):
            strange = sorted({word for word in indexed(path, data) if _bare(word.translate(str.maketrans("ḏ", "đ"))) not in known})
            if strange:
                yield Trace(path, "", "từ không còn trong bài nào", ", ".join(strange[:5]))


def _bare(word: str) -> str:
    return "".join(WORD.findall(fold(word)))


def _pictures(root: Path, shelf: Shelf) -> Iterator[tuple[str, Story]]:
    """sha256 of every rendition and file that a withdrawn story had, and no shown one has."""
    shown = {photo.sha256 for story in shelf.stories for photo in story.photos}
    kept = {hashlib.sha256((root / path).read_bytes()).hexdigest() for story in shelf.stories for path in _papers(story, shelf)}
    for story in shelf.site.stories:
        if story.withdrawn:
            for photo in story.photos:
                if photo.sha256 and photo.sha256 not in shown and not photo.fault:
                    yield photo.sha256, story
                    yield from ((digest, story) for digest in _renditions(photo_bytes(root, story, photo)))
            for path in _papers(story, shelf):
                digest = hashlib.sha256((root / path).read_bytes()).hexdigest()
                if digest not in kept:
                    yield digest, story


def _papers(story: Story, shelf: Shelf) -> list[str]:
    folder = story.origin.path.rpartition("/")[0]
    return [path for path in shelf.site.files_in.get(folder, ()) if is_paper(path)]


def _renditions(data: bytes) -> list[str]:
    try:
        return [hashlib.sha256(one.data).hexdigest() for one in published(data)]
    except Unreadable:
        return []


def stands_still(built: Path, shelf: Shelf) -> list[Story]:
    """The withdrawn stories whose page in `built` is the story itself: that folder was built before they were withdrawn."""
    return [story for story in shelf.site.stories if story.withdrawn and _still_told(built / story_address(story) / "index.html", story)]


def _still_told(page: Path, story: Story) -> bool:
    wanted = {run for text in passages(story.origin.body) for run in _runs(words(text))}
    if not wanted or not page.is_file():
        return False
    told = {run for text in pieces(page.name, page.read_bytes()) for run in _runs(words(text))}
    return 2 * len(wanted & told) > len(wanted)  # marked up words are cut into pieces, so not all of them are found


def grouped(left: Iterable[Trace]) -> list[tuple[str, int]]:
    """One line for what is left of one story in one file, and how many traces it stands for."""
    said = []
    for (path, story), group in groupby(sorted(left), key=lambda one: (one.path, one.story)):
        first, *more = sorted(group, key=lambda one: one.what not in {"tên", "tiêu đề"})
        what = ", ".join(dict.fromkeys(one.what for one in (first, *more)))
        words = next((one.words for one in (first, *more) if one.words), "")
        said.append((f"{Trace(path, story, what, words)}" + (f" Và {len(more)} chỗ nữa trong tệp này." if more else ""), 1 + len(more)))
    return said


# --- sources ------------------------------------------------------------------------------------------------------------


def sources(root: Path, shelf: Shelf) -> dict[str, str]:
    """Every text that the site is made of, by path, but withdrawn and unpublished stories."""
    texts = {story.origin.path: story.origin.text.decode() for story in shelf.stories}
    site = shelf.site
    origins = [one.origin for records in (site.campaigns, site.plans, site.documents, site.events) for one in records]
    texts |= {origin.path: origin.text.decode() for origin in origins}
    for path in walk(root / "content"):
        if path.endswith((".md", ".yml")):
            texts.setdefault(f"content/{path}", (root / "content" / path).read_text(encoding="utf-8"))
    return texts | {"mkdocs.yml": (root / "mkdocs.yml").read_text(encoding="utf-8")}


def _fields(shelf: Shelf) -> Iterator[str]:
    """What published records give as a value of its own, whatever way it is written."""
    for story in shelf.stories:
        yield from (story.title, _name(story), *(one.name for one in _others(story)))
    yield from (name for unit in shelf.site.units for name in (unit.name, unit.short_name))


def mentions(root: Path, shelf: Shelf, story: Story) -> list[Mention]:
    """Where published sources themselves name that story's person, or give its title."""
    names = _sought([story]).names
    found = []
    for path, text in sources(root, shelf).items():
        for number, line in enumerate(text.splitlines(), 1) if path != story.origin.path else ():
            typed = WORD.findall(line)
            found += [
                Mention(path, number, story.origin.path, " ".join(typed[at : at + len(name)])) for name, at in _found(words(line), names)
            ]
    return sorted(set(found))
