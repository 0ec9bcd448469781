"""Versions of the libraries that shape bytes, read off the names of their folders: asking them would load them."""

from __future__ import annotations

import os
import sys
from functools import lru_cache


def of(*names: str) -> str:
    """`of("markdown", "nh3")` → "markdown 3.11.3 nh3 0.3.8"; a library that is not installed is named without a number."""
    return " ".join(f"{name} {_installed().get(name, '')}".rstrip() for name in names)


@lru_cache(maxsize=1)
def _installed() -> dict[str, str]:
    """Name, in small letters with `_` for `-`, → version."""
    found: dict[str, str] = {}
    for folder in reversed(sys.path):  # the first on the path is the one that is loaded
        if folder.endswith(("site-packages", "dist-packages")) and os.path.isdir(folder):  # noqa: PTH112 - at every start
            named = (entry.removesuffix(".dist-info") for entry in sorted(os.listdir(folder)) if entry.endswith(".dist-info"))  # noqa: PTH208
            found |= {name.lower().replace("-", "_"): version for name, _, version in (one.partition("-") for one in named)}
    return found
