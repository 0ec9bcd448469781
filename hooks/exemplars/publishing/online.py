"""What a reader is given: the site asked for over the web, after the switch."""

from __future__ import annotations

import hashlib
import time
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

from exemplars.publishing.release import STAMP

if TYPE_CHECKING:
    from exemplars.publishing.release import Difference, Release

LOOKED_AT, TRIES, PAUSE, PATIENCE = 20, 3, 1.0, 20


def faults(url: str, release: Release, changes: Difference) -> list[str]:
    """In what the site at `url` (with a slash at its end) differs from the release: its stamp, home page, and pages that changed.

    A page that the server's settings lead elsewhere is theirs, not the release's: they are loaded anew after the switch, by people.
    """
    stamp = hashlib.sha256(release.stamp.encode()).hexdigest()
    wanted = {STAMP: stamp, "index.html": release.files["index.html"].sha256}
    pages = [path for path in (*changes.changed, *changes.added) if path.endswith(".html")][:LOOKED_AT]
    wanted |= {path: release.files[path].sha256 for path in pages}
    found = []
    for path, sha256 in wanted.items():
        says = ""
        for at in range(TRIES):
            time.sleep(PAUSE if at else 0)
            says = _fault(url + quote(path.removesuffix("index.html")), sha256, may_move=path in pages)
            if not says:
                break
        found += [f"{url}{path}: {says}"] if says else []
        if path == STAMP and says:
            break  # another site, or none: the rest would say the same
    return found


def _answered(asked: Request) -> HTTPResponse | HTTPError:
    """What the server answers, a refusal included, still to be read."""
    try:
        answer: HTTPResponse = urlopen(asked, timeout=PATIENCE)  # noqa: S310 - http and https only, see `places`
    except HTTPError as error:
        return error
    return answer


def _fault(address: str, sha256: str, *, may_move: bool) -> str:
    asked = Request(address, headers={"Accept-Encoding": "identity", "Cache-Control": "no-cache"})  # noqa: S310
    try:
        with _answered(asked) as answer:
            at, data, status = answer.url, answer.read(), answer.status
    except (OSError, HTTPException, ValueError) as error:
        return f"không mở được ({error})"
    says = "" if status in {HTTPStatus.OK, HTTPStatus.GONE} else f"không mở được (mã {status})"  # a notice comes with 410
    if may_move and urlsplit(at).path != urlsplit(address).path:
        return ""
    return says or ("" if hashlib.sha256(data).hexdigest() == sha256 else "chưa phải bản vừa đăng")
