"""Work done in forked children: they inherit all that the parent holds, and what one does not finish the parent does itself."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import threading
from typing import Any

WORTH_FORKING = 48


def in_children(work: list[Any], do: Any, jobs: int) -> dict[int, Any]:
    """Does each piece of work in forked children, if there is enough of it; gives the results by place in `work`.

    What a child that failed or was killed did not finish is not among them: the parent, which looks, does it itself, so an
    error comes up once, in the parent, with its own traceback.
    """
    # a fork copies only the calling thread: beside others (the server of a preview) their locks could stay shut for ever
    if jobs < 2 or len(work) < WORTH_FORKING or threading.active_count() > 1 or not hasattr(os, "fork"):  # noqa: PLR2004
        return {}
    children = [_child(work, do, n, jobs) for n in range(jobs)]
    done: dict[int, Any] = {}
    for child, pipe in children:
        with open(pipe, "rb") as results, contextlib.suppress(EOFError, pickle.UnpicklingError):  # noqa: PTH123
            while True:
                at, result = pickle.load(results)  # noqa: S301 - our own child's
                done[at] = result
        os.waitpid(child, 0)
    return done


def _child(work: list[Any], do: Any, n: int, jobs: int) -> tuple[int, int]:
    """A child that does every `jobs`-th piece of work, and the pipe its results come through."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return child, reading
    gc.disable()  # a short life, and what it inherits is the parent's
    try:
        with open(writing, "wb") as results:  # noqa: PTH123
            for at in range(n, len(work), jobs):
                pickle.dump((at, do(work[at])), results)
    finally:
        os._exit(0)
