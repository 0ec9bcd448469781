"""Work done in forked children: they inherit all that the parent holds, and what one does not finish the parent does itself."""

from __future__ import annotations

import contextlib
import gc
import os
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

WORTH_FORKING = 48


class Children:
    """Pieces of work being done in forked children, if there is enough of it.

    weight   how many pages a piece takes as long as
    started  whether there was any child, which may have left something half done
    """

    def __init__(self, work: list[Any], do: Any, jobs: int, weight: int = 1) -> None:
        self._pieces, self._jobs, self.started = len(work), jobs, False
        self._children: list[tuple[int, int]] = []
        enough = min(jobs, len(work)) > 1 and len(work) * weight >= WORTH_FORKING
        # a fork copies only the calling thread: beside others (the server of a preview) their locks could stay shut for ever
        if enough and threading.active_count() == 1:
            with contextlib.suppress(OSError):  # no more processes, or memory: with those there are
                for n in range(jobs):
                    self._children.append(_child(work, do, n, jobs))
                    self.started = True

    def results(self, seen: Callable[[int], None] | None = None) -> dict[int, Any]:
        """Waits for all of it: the results by place in `work`. `seen` is told of each how many are there.

        What a child that failed or was killed did not finish is not among them: the parent, which looks, does it itself, so an
        error comes up once, in the parent, with its own traceback.
        """
        import pickle  # noqa: PLC0415 - most looks need no child

        children, self._children = self._children, []
        done: dict[int, Any] = {}
        try:
            with contextlib.ExitStack() as pipes:
                open_ = {n: pipes.enter_context(open(pipe, "rb")) for n, (_, pipe) in enumerate(children)}  # noqa: PTH123
                for at in range(self._pieces if children else 0):  # in turn: a pipe that nobody reads is soon full, and its child waits
                    n = at % self._jobs
                    if n in open_:
                        try:
                            done[at] = pickle.load(open_[n])  # noqa: S301 - our own child's
                        except (EOFError, pickle.UnpicklingError):
                            del open_[n]
                        if seen:
                            seen(len(done))
        finally:
            for child, _ in children:  # one whose pipe is shut ends as well, and then writes no more
                os.waitpid(child, 0)
        return done


def in_children(work: list[Any], do: Any, jobs: int, weight: int = 1, seen: Callable[[int], None] | None = None) -> dict[int, Any]:
    """The results of work that is done in children now."""
    return Children(work, do, jobs, weight).results(seen)


def _child(work: list[Any], do: Any, n: int, jobs: int) -> tuple[int, int]:
    """A child that does every `jobs`-th piece of work, and the pipe its results come through, in that order."""
    import pickle  # noqa: PLC0415 - before the fork, so once for all

    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if child:
        os.close(writing)
        return child, reading
    gc.disable()  # a short life, and what it inherits is the parent's
    try:
        os.close(reading)  # else it would be a reader of its own pipe, and wait for itself once the parent is gone
        with open(writing, "wb") as results:  # noqa: PTH123
            for at in range(n, len(work), jobs):
                pickle.dump(do(work[at]), results)
    finally:
        os._exit(0)
