"""One build from end to end: look at the site, place its stories, make what has changed. Whoever opens a door says where, when and for whom."""

from __future__ import annotations

import gc
import hashlib
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from exemplars import bodies, building, mirroring, remembering, renditions, versions
from exemplars.briefs import Brief
from exemplars.building import Built, Stamp, build
from exemplars.building.maker import Maker
from exemplars.building.pictures import sizes_of
from exemplars.checking import blocking
from exemplars.dressing import Theme
from exemplars.listing import Shelf
from exemplars.pages import Context
from exemplars.remembering.memory import code
from exemplars.remembering.recalling import as_looked_at
from exemplars.storing import Store, alone

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from exemplars.model import Problem, Settings
    from exemplars.remembering import Look
    from exemplars.remembering.memory import Memory


MANY = 50_000  # records between two looks for garbage in a build
KEPT = ("card", "entry", "found", "links", "page")  # what of `Context.kept` is kept from build to build


@dataclass(frozen=True, slots=True)
class Door:
    """Who asks for a build.

    root     the folder of the site; its `.cache` may be written, and deleted at any time
    today    for the rules only
    brief    told of errors only, not of what else the rules ask of the site as a whole
    preview  shows everything that could be read, errors too; never published
    search   whether the site gets a search index
    fed      whether it gets feeds; a site without them is for measuring only
    jobs     how many processes may work at once
    inputs   hash of every file that is no story's; "" where nobody has looked
    cache    where what was made is kept, instead of `.cache`
    """

    root: Path
    today: dt.date
    settings: Settings
    preview: bool = False
    search: bool = True
    fed: bool = True
    brief: bool = False
    jobs: int = 1
    inputs: str = ""
    cache: Path | None = None

    @property
    def kept(self) -> Path:
        return self.cache or self.root / ".cache"

    @property
    def memory(self) -> Path:
        """A preview keeps other things in mind: the two would make each other forget."""
        return self.kept / ("serve" if self.preview else "")

    def whole(self, faces: Iterable[tuple[str, str]]) -> str:
        """Stands for everything that the site is made from; "" where that is not known. `faces`: each story's folder, with its face."""
        made_with = (
            bodies.VERSION,
            renditions.VERSION,
            versions.of("feedgen", "lxml", "pagefind_bin", "brotli"),
            zlib.ZLIB_RUNTIME_VERSION,
        )
        told = (self.inputs, made_with, self.today, self.settings, self.preview, self.search, self.fed, list(faces))
        return hashlib.sha256(repr(told).encode()).hexdigest() if self.inputs else ""

    @property
    def store(self) -> Store:
        return Store(self.kept / "store")


class Work:
    """A site that was looked at, and what its pages are made from. `again`: stories of which nothing may be kept: a photo is at fault."""

    def __init__(  # noqa: PLR0913, PLR0917
        self, door: Door, look: Look, problems: list[Problem], context: Context, ground: str, again: AbstractSet[str],
    ) -> None:  # fmt: skip
        self.door, self.look, self.problems, self.context, self._ground, self._again = door, look, problems, context, ground, again

    @property
    def counts(self) -> dict[str, int]:
        """Work that looking took, by name."""
        return {"bài": len(self.look.site.stories), "bài đọc lại": self.look.read, "bài kiểm lại": self.look.judged}

    @property
    def errors(self) -> list[Problem]:
        return blocking(self.problems)

    def remember(self) -> None:
        """Keeps for the next build what was made of each story, beside what was found in it."""
        context, shelf = self.context, self.context.shelf
        places = {story.origin.path: at for at, story in enumerate(shelf.stories)}
        for path, brief in shelf.briefs.items():
            if path in context.settled and path not in context.renewed:
                continue  # all that is kept of it is as it was
            entry = self.look.entries.get(path)
            if entry is not None and path not in self._again and all(sha256 in context.sizes for _, sha256 in brief.photos):
                sizes, kept = tuple(context.sizes[sha256] for _, sha256 in brief.photos), context.kept.get(path, {})
                near = shelf.near.get(path)
                neighbours = tuple((places[other], why) for other, why in near) if near is not None else None
                entry.brief = self._ground, tuple(brief), sizes, tuple(kept.get(name, "") for name in KEPT), neighbours
        self.look.notes |= {"structure": shelf.structure, "named": sorted(context.problems)}
        self.look.remember()


@contextmanager
def most_stays() -> Iterator[None]:
    """While nearly all that is made stays to the end: Python looks for garbage after every 700 records, which takes a second of sixty."""
    before = gc.get_threshold()
    gc.set_threshold(MANY, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@most_stays()
def standing(door: Door, memory: Memory | None, target: Path, manifest: Path | None, commit: str | None) -> Built | None:
    """What was built before, if nothing that the site is made from has changed and every file of it stands."""
    if memory is None or manifest is None or not memory.untouched(door.root):
        return None
    stamp = Stamp(commit, preview=door.preview or not door.fed)
    return building.standing(target, manifest, door.whole((folder, face) for folder, _, face in memory.states), stamp)


@most_stays()
def prepared(door: Door, memory: Memory | None = None) -> Work:
    """Reads and checks everything that has changed, and makes the photos ready; what it says is complete, whatever is wrong.

    memory  of the last look, for whoever has opened it already
    """
    look = remembering.look(door.root, door.today, memory or remembering.opened(door.memory), errors_only=door.brief, jobs=door.jobs)
    with as_looked_at():
        return _placed(door, look)


def _placed(door: Door, look: Look) -> Work:
    """What was looked at, with its photos and lists."""
    told = (look.ground, door.settings, door.preview, renditions.VERSION)
    ground = hashlib.sha256(repr(told).encode()).hexdigest() if look.ground else ""
    rows = {path: entry.brief for path, entry in look.entries.items() if entry.brief and entry.brief[0] == ground}
    sizes, faulty = sizes_of((one for one in look.site.stories if one.origin.path not in rows), door.root, door.store, door.jobs)
    briefs, near, kept = dict[str, Brief](), dict[str, Any](), dict[str, dict[str, str]]()
    for path, (_, brief, found, digests, neighbours) in rows.items():
        briefs[path], kept[path], near[path] = Brief(*brief), dict(zip(KEPT, digests, strict=True)), neighbours
        sizes.update(zip((sha256 for _, sha256 in briefs[path].photos), found, strict=True))
    problems = sorted({*look.problems, *faulty})
    shelf = Shelf(look.site, preview=door.preview, briefs=briefs)
    settled: set[str] = set()
    if near and look.notes.get("structure") == shelf.structure:
        paths = [story.origin.path for story in shelf.stories]
        for path, found in near.items():
            if found is not None:
                neighbours = shelf.near[path] = tuple((paths[at], why) for at, why in found)
                if all(map(_stays, briefs[path].links)) and all(other in rows for other, _ in neighbours):
                    settled.add(path)
    errors = _by_file(blocking(problems)) if door.preview else {}
    faces = {path: entry.face for path, entry in look.entries.items()}
    settled -= errors.keys() | look.notes.get("named", [])  # a page of a preview names what is wrong, too
    context = Context(
        shelf, door.settings, sizes, errors, search=door.search and not door.preview, fed=door.fed, faces=faces, kept=kept,
        settled=settled,
    )  # fmt: skip
    return Work(door, look, problems, context, ground, {problem.path for problem in faulty})


def _stays(href: str) -> bool:
    """Whether a link leads where it led, as long as the same stories are shown: to a text, or to a file of its own folder."""
    return "/" not in href or href.partition("#")[0].endswith(".md")


def _by_file(problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    """What is wrong, by file, for the preview."""
    told: dict[str, list[str]] = {}
    for one in problems:
        told.setdefault(one.path, []).append(str(one))
    return {path: tuple(found) for path, found in told.items()}


@most_stays()
def written(work: Work, target: Path, shell: Path, others: tuple[str, ...], manifest: Path | None, commit: str | None) -> Built:  # noqa: PLR0913, PLR0917
    """Brings `target` up to date with the site as it was looked at; see `building.build`.

    others  the addresses of the hand-written pages, which stand in `shell`
    """
    door = work.door
    theme = Theme(door.root / "hooks" / "theme", door.settings, door.store, preview=door.preview)
    maker = Maker(door.root, work.context, theme, door.store, work.look.ground, code(), door.jobs)
    stamp = Stamp(commit, preview=door.preview or not door.fed)
    whole = door.whole((one.folder, one.face) for one in work.look.entries.values())
    with as_looked_at():
        built = build(maker, target, shell, others, manifest, stamp, whole)
    work.remember()
    return built


def beside(work: Work, aside: Path, site: Path, others: tuple[str, ...], commit: str | None) -> Built:
    """The site in a folder that somebody else empties before each build, and has put the hand-written pages into.

    aside  where everything of ours is kept up to date; `site` gets it as links
    """
    with alone(aside.with_suffix(".lock")):
        built = written(work, aside, site, others, aside.with_suffix(".files"), commit)
    if work.door.preview:
        mirroring.shown(aside, site)
    else:
        mirroring.linked(aside, built.files, site)
        mirroring.stamped(aside, site)
    return built
