"""What a reader is given: the site asked for over the web, after the switch."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING
from urllib.parse import quote
from urllib.request import Request, urlopen

from exemplars.publishing.release import STAMP

if TYPE_CHECKING:
    from exemplars.publishing.release import Difference, Release

LOOKED_AT, TRIES, PAUSE, PATIENCE = 20, 3, 1.0, 20
NOT_HTML = ("content-encoding",)


def faults(url: str, release: Release, changes: Difference) -> list[str]:
    """In what the site at `url` (with a slash at its end) differs from the release: its stamp, and the pages that changed."""
    stamp = hashlib.sha256(release.stamp.encode()).hexdigest()
    wanted = {STAMP: stamp, "index.html": release.files["index.html"].sha256}
    pages = [path for path in (*changes.changed, *changes.added) if path.endswith(".html")][:LOOKED_AT]
    wanted |= {path: release.files[path].sha256 for path in pages}
    found = []
    for path, sha256 in wanted.items():
        says = ""
        for at in range(TRIES):
            time.sleep(PAUSE if at else 0)
            says = _fault(url + quote(path.removesuffix("index.html") if path != "index.html" else ""), sha256)
            if not says:
                break
        found += [f"{url}{path}: {says}"] if says else []
        if path == STAMP and says:
            break  # another site, or none: the rest would say the same
    return found


def _fault(address: str, sha256: str) -> str:
    try:
        with urlopen(Request(address, headers={"Accept-Encoding": "identity", "Cache-Control": "no-cache"}), timeout=PATIENCE) as answer:  # noqa: S310 - http and https only, see `places`
            data = answer.read()
    except OSError as error:  # a refusal by the server included
        data = error.read() if hasattr(error, "read") and getattr(error, "code", 0) == 410 else None  # noqa: PLR2004 - a notice comes with 410
        if data is None:
            return f"không mở được ({error})"
    return "" if hashlib.sha256(data).hexdigest() == sha256 else "chưa phải bản vừa đăng"
