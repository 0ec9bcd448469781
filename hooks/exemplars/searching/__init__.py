"""The search index: what of each story can be found, told to Pagefind as one small HTML document a story (here), a part of the
stories at a time (`parts`); parts become one index (`merging`). So an edited story has few others indexed anew.

Only stories that readers see are in it. Pagefind (1.5) finds words without their marks, but takes «đ» for a letter of
its own; here and in `assets/search.js` it is therefore written «ḏ», which no Vietnamese text has and which loses its mark
like any other. So «do duc dat» finds «Đỗ Đức Đạt», and nothing needs to be indexed twice.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from exemplars.linking import story_address
from exemplars.searching.merging import merged
from exemplars.searching.parts import ENTRY, REMEDY, part
from exemplars.searching.parts import Failed as Failed  # for the doors
from exemplars.searching.written import OURS, SIGNS, packed
from exemplars.story_view import card, numbers
from exemplars.vietnamese import passages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from exemplars.model import Origin, Story
    from exemplars.pages import Context
    from exemplars.story_view import Card

VERSION = "6"
MOST = 160  # stories of which Pagefind makes an index at once
FACETS = {
    "phong-trao": "Phong trào", "don-vi": "Đơn vị", "linh-vuc": "Lĩnh vực", "loai": "Thể loại", "tieu-chi": "Tiêu chí", "nam": "Năm",
}  # fmt: skip


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


def told(stories: Iterable[Story], context: Context) -> str:
    """Stands for all that is in an index of these stories."""
    return hashlib.sha256("".join([version(), *(digest(story, context) for story in stories)]).encode()).hexdigest()


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
        *((2, number) for number in dict.fromkeys(numbers(story, context.shelf.site))),
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


def shares(context: Context) -> list[list[Story]]:
    """The stories that readers see, newest first, in parts of about a hundred; which part a story is in follows from its address alone,
    as long as their number, a power of two, is the same.
    """
    stories = context.shelf.stories
    many = 1 << max(0, (len(stories) - 1) // MOST).bit_length()
    found: list[list[Story]] = [[] for _ in range(many)]
    for story in stories:
        found[int(hashlib.sha256(story_address(story).encode()).hexdigest()[:8], 16) % many].append(story)
    return [stories for stories in found if stories]


def documents(stories: Iterable[Story], context: Context) -> Iterator[tuple[str, str]]:
    """(address of the story, the HTML that Pagefind reads of it), as `part` takes them."""
    return ((one.address, document(one)) for one in (entry(story, context) for story in stories))


def index(shares: Iterable[Iterable[tuple[str, str]]]) -> Mapping[str, bytes]:
    """The files of the index by their path under `pagefind/`; the same documents give the same bytes.

    errors  Failed: no Pagefind for this machine, or it has not indexed every document
    """
    made = [part(documents) for documents in shares]
    whole = merged([one for one, _ in made], packed)
    held = {sha256: data for _, files in made for sha256, data in files.items()}
    return {**whole.made, **{path: held[sha256] for path, sha256 in whole.kept.items()}, ENTRY: whole.entry}


@lru_cache(maxsize=1)
def version() -> str:
    """Of the documents, of Pagefind and of what packs: what the bytes of an index follow from beside the entries.

    errors  Failed: no Pagefind
    """
    from importlib import metadata  # noqa: PLC0415 - 20 ms that a preview need not spend

    try:
        return f"{VERSION} pagefind {metadata.version('pagefind_bin')} zlib {zlib.ZLIB_RUNTIME_VERSION}"
    except metadata.PackageNotFoundError as error:
        raise Failed(f"Chưa cài Pagefind, phần mềm làm chỉ mục tìm kiếm ({error}). {REMEDY}") from None
