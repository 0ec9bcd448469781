"""Outputs → files of the target: only what differs is written, each file whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from exemplars import feeds
from exemplars.building.manifest import File, stands
from exemplars.building.outputs import Output
from exemplars.children import Children
from exemplars.storing import sha256_of, write
from exemplars.unfinished import Unfinished, clear_halves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from exemplars.building.maker import Maker, News
    from exemplars.building.manifest import Kept


class Delivery(NamedTuple):
    """A file brought into the target, and what making it has brought beside."""

    file: File
    made: bool
    written: bool
    news: News | None


class Writer:
    """Writes what differs from what an earlier build left, and counts."""

    def __init__(
        self, maker: Maker, target: Path, before: Mapping[str, File], unfinished: Unfinished, left: frozenset[str],
    ) -> None:  # fmt: skip
        self.maker, self.target, self.before, self.unfinished, self._left = maker, target, before, unfinished, left
        self._at, self._begun = str(target), False
        self.made = self.written = 0

    def begin(self) -> None:
        """While files change, nothing may look finished."""
        if self._begun:
            return
        self._begun = True
        self.unfinished.begin(self._left)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{self.target}/build.json")  # noqa: PTH108

    def bring(self, batches: Iterable[list[tuple[Kept, Output]]]) -> None:
        """Brings outputs into the target, each noted in its group. While children make one batch, the next is told and made ready."""
        changed, children = list[tuple["Kept", Output]](), Children([], None, 1)
        try:
            for batch in batches:
                if any(isinstance(output.what, feeds.Document) for _, output in batch):  # children may be telling just what it needs
                    self._finish(changed, children)
                    changed, children = [], Children([], None, 1)
                ready = sorted(self._ready(batch), key=lambda one: one[1].age)
                self._finish(changed, children)
                changed, children = ready, Children([output for _, output in ready], self.deliver, self.maker.jobs)
            self._finish(changed, children)
        except BaseException:
            children.results()  # nobody may write any more once this has ended
            raise

    def _ready(self, batch: list[tuple[Kept, Output]]) -> list[tuple[Kept, Output]]:
        """Those of the batch that do not stand there already, and all that several of them need."""
        changed = []
        for group, output in batch:
            old = self.before.get(output.path)
            if old is not None and old[0] == output.key and self.there((output.path, old)):
                group.files[output.path] = old
            else:
                changed.append((group, output))
        if changed:
            self.begin()
        self.maker.ready([output for _, output in changed])
        return changed

    def _finish(self, changed: list[tuple[Kept, Output]], children: Children) -> None:
        done = children.results()
        for at, (group, output) in enumerate(changed):
            group.files[output.path] = self.note(done[at] if at in done else self.deliver(output))
        if children.started and len(done) < len(changed):  # a child was killed, maybe in the middle of a file
            clear_halves(self.target, frozenset(output.path for _, output in changed))

    def there(self, row: tuple[str, File]) -> bool:
        return stands(self._at, row)

    def deliver(self, output: Output) -> Delivery:
        """Brings one output into the target; runs in a child too, so what it found out goes the way of `news`."""
        data, digest, made = self.maker.bytes_of(output)
        file = File(output.key, digest, len(data))
        return Delivery(file, made, self._write(output.path, file, data), self.maker.news())

    def put(self, path: str, data: bytes, *, there: bool) -> File:
        """A file that MkDocs made; `there` when it already stands in the target."""
        digest = sha256_of(data)
        file = File(digest, digest, len(data))
        if not there and not self._stands(path, data):
            self.begin()
        return file if there else self.note(Delivery(file, made=False, written=self._write(path, file, data), news=None))

    def note(self, delivery: Delivery) -> File:
        self.made += delivery.made
        self.written += delivery.written
        self.maker.learn(delivery.news)
        return delivery.file

    def _write(self, path: str, file: File, data: bytes) -> bool:
        old = self.before.get(path)
        if self.there((path, old)) and old[1] == file.sha256 if old else self._stands(path, data):
            return False
        self.unfinished.writing(path)
        write(f"{self.target}/{path}", data)
        return True

    def _stands(self, path: str, data: bytes) -> bool:
        """Whether a file of which nothing is noted holds just these bytes: then it keeps its time."""
        try:
            with open(f"{self.target}/{path}", "rb") as file:  # noqa: PTH123 - tens of thousands of files
                return file.read() == data
        except OSError:
            return False


def remove(target: Path, path: str) -> None:
    """A file of ours, and the folders it leaves empty."""
    if not (target / path).is_dir():  # whatever a damaged note says
        (target / path).unlink(missing_ok=True)
    for folder in (target / path).parents:
        if folder == target or not folder.is_relative_to(target):
            break
        with contextlib.suppress(OSError):
            folder.rmdir()
