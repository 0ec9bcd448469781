"""Judges a story only where something that its rules looked at has changed.

Of each story is kept what the rules said and every question about other stories, other files or the day that they asked,
with the answer. When anything has changed that is no story, nothing the rules said is believed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from exemplars import checking
from exemplars.children import in_children
from exemplars.model import LEDGER, Problem, Site, Story
from exemplars.remembering.recalling import row_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterator

    from exemplars.checking import Judged, Seen
    from exemplars.model import Published
    from exemplars.remembering.memory import Entry, Row
    from exemplars.remembering.recalling import Recaller


class Judge:
    """`checking.judged`, asked only where something that it looked at has changed.

    ground  hash of every file that is no story's: what rules see of them is part of no question
    ledger  hash of the ledger, which rules of the whole site look at
    count   how many stories were judged
    """

    def __init__(self, site: Site, reader: Recaller) -> None:
        # the ledger is looked at by rules of the whole site only, and longer after every publication
        files = {path: told for path, told in reader.opened.items() if path != LEDGER}
        self.ground = hashlib.sha256(
            repr([(path, digest or state) for path, (state, digest) in sorted(files.items())]).encode()
        ).hexdigest()
        self.ledger = reader.opened.get(LEDGER, ((), ""))[1]
        self.believed = self.ground == reader.memory.notes.get("ground")
        self.entries = {entry.path: entry for entry in reader.entries}
        self.answers = _Answers(site, reader.faces)
        self.site, self.view = site, View(site)
        self.count = 0
        self._done: dict[str, tuple[Row, bool]] = {}

    def ahead(self, faulty: Collection[tuple[str, int, int]], jobs: int, seen: Seen | None = None) -> None:
        """Judges what has to be judged in children, if there is enough of it. What they say is there when it is asked for."""
        stories = [story for story in self.site.stories if not self._holds(self.entries[story.origin.path])]
        told = (lambda done: seen("Kiểm tra", done, len(stories))) if seen else None
        done = in_children(stories, lambda story: self._judged(story, faulty), jobs, seen=told)
        self._done = {story.origin.path: done[at] for at, story in enumerate(stories) if at in done}

    def __call__(self, record: Any, site: Site, faulty: Collection[tuple[str, int, int]]) -> Judged:
        if not isinstance(record, Story):
            return checking.judged(record, site, faulty)
        entry = self.entries[record.origin.path]
        if self._holds(entry):
            _, problems, waived = entry.judged
        else:
            self.count += 1
            made = self._done.pop(entry.path, None) or self._judged(record, faulty)
            (_, problems, waived), whole = made
            entry.judged = made[0] if whole else None
        return checking.Judged([Problem(*row) for row in problems] if problems else [], waived)

    def _holds(self, entry: Entry) -> bool:
        """Whether what was said of a story is what would be said now."""
        return bool(self.believed and entry.judged and all(self.answers(kind, key) == told for kind, key, told in entry.judged[0]))

    def _judged(self, story: Story, faulty: Collection[tuple[str, int, int]]) -> tuple[Row, bool]:
        """(questions, problems, waived codes) as they are kept, and whether they may be."""
        self.view.asked.clear()
        found = checking.judged(story, self.view, faulty)
        whole = not self.view.unbounded and not any(problem.code == checking.CRASHED for problem in found.problems)
        questions = [(kind, key, self.answers(kind, key)) for kind, key in self.view.asked] if whole else []
        return (questions, [row_of(problem) for problem in found.problems], found.waived), whole


class _Answers:
    """What the site answers to a question that a rule asked, as a short text."""

    def __init__(self, site: Site, faces: Mapping[str, str]) -> None:
        self.site = site
        self.faces = faces
        self._known: dict[tuple[str, str], str] = {}

    def __call__(self, kind: str, key: str) -> str:
        if (kind, key) not in self._known:
            self._known[kind, key] = getattr(self, f"_{kind}")(key)
        return self._known[kind, key]

    def _story(self, id_: str) -> str:
        story = self.site.collections["stories"].get(id_)
        return self.faces[story.origin.path] + story.origin.path if story else ""

    def _path(self, path: str) -> str:
        return self.faces[path] if path in self.site.by_path else ""

    def _file(self, path: str) -> str:
        return "1" if path in self.site.files else ""

    def _folder(self, path: str) -> str:
        return "\n".join(self.site.files_in.get(path, ()))

    def _ids(self, _: str) -> str:
        return hashlib.sha256("\n".join(self.site.collections["stories"]).encode()).hexdigest()

    def _unread(self, _: str) -> str:
        return hashlib.sha256(repr(sorted((name, sorted(ids)) for name, ids in self.site.unread.items())).encode()).hexdigest()

    def _ahead(self, day: str) -> str:
        return "1" if day > self.site.today.isoformat() else ""

    def _today(self, _: str) -> str:
        return self.site.today.isoformat()


class View(Site):
    """The site as the rules of a single record see it: whatever they ask about stories or the day is noted.

    asked      the questions, as `_Answers` takes them
    unbounded  somebody asked for all stories: no answer is short enough to be kept, so nothing found from then on is remembered
    """

    def __init__(self, site: Site) -> None:
        guarded = {name for name, value in vars(View).items() if isinstance(value, property)}
        asked: dict[tuple[str, str], None] = {}
        vars(self).update({name: value for name, value in vars(site).items() if name not in guarded})
        vars(self).update(site=site, asked=asked, unbounded=False)
        vars(self).update(
            _stories=_Asked(self, "story", site.collections["stories"]), _paths=_Asked(self, "path", site.by_path),
            _folders=_Asked(self, "folder", site.files_in), _files=_AskedSet(self, site.files),
        )  # fmt: skip
        vars(self)["_lists"] = {**site.collections, "stories": self._stories}

    if TYPE_CHECKING:
        site: Site
        asked: dict[tuple[str, str], None]
        unbounded: bool
        _stories: Mapping[str, Any]
        _paths: Mapping[str, Any]
        _folders: Mapping[str, tuple[str, ...]]
        _files: frozenset[str]
        _lists: Mapping[str, Mapping[str, Any]]

    def ask(self, kind: str, key: str = "") -> None:
        self.asked[kind, key] = None

    def unbind(self) -> None:
        vars(self)["unbounded"] = True

    @property
    def stories(self) -> tuple[Story, ...]:
        self.unbind()
        return self.site.stories

    @property
    def published(self) -> tuple[Published, ...]:
        self.unbind()
        return self.site.published

    @property
    def today(self) -> dt.date:
        self.ask("today")
        return self.site.today

    def ahead(self, day: dt.date) -> bool:
        self.ask("ahead", day.isoformat())
        return self.site.ahead(day)

    @property
    def unread(self) -> Mapping[str, frozenset[str]]:
        self.ask("unread")
        return self.site.unread

    @property
    def files(self) -> frozenset[str]:
        return self._files

    @property
    def files_in(self) -> Mapping[str, tuple[str, ...]]:
        return self._folders

    @property
    def collections(self) -> Mapping[str, Mapping[str, Any]]:
        return self._lists

    @property
    def by_path(self) -> Mapping[str, Any]:
        return self._paths


class _Asked(Mapping[str, Any]):
    """A mapping by id, path or folder that notes which keys were asked for."""

    def __init__(self, view: View, kind: str, whole: Mapping[str, Any]) -> None:
        self.view, self.kind, self.whole = view, kind, whole

    def __getitem__(self, key: str) -> Any:
        if self.kind != "path" or key.startswith("stories/"):  # the others belong to the ground
            self.view.ask(self.kind, key)
        return self.whole[key]

    def __iter__(self) -> Iterator[str]:
        if self.kind == "story":  # only for the nearest id that there is
            self.view.ask("ids")
        else:
            self.view.unbind()
        return iter(self.whole)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _AskedSet(AbstractSet[str]):
    """A set of paths that notes which were asked for."""

    def __init__(self, view: View, whole: frozenset[str]) -> None:
        self.view, self.whole = view, whole

    def __contains__(self, path: object) -> bool:
        self.view.ask("file", str(path))
        return path in self.whole

    def __iter__(self) -> Iterator[str]:
        self.view.unbind()
        return iter(self.whole)

    def __len__(self) -> int:
        self.view.unbind()
        return len(self.whole)
