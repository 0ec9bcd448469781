"""What the web server says with each file: the content security policy, its type, how long a copy may be kept, who may read it.

Pages hold no inline script or style, so the policy needs no hash and no `unsafe-inline`. WebAssembly, which the search
runs on, is allowed to the search page and to its worker under `pagefind/` alone: a worker obeys the policy it came with.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, NamedTuple

from exemplars.linking import FRAME, INDEX, SEARCH

if TYPE_CHECKING:
    from collections.abc import Mapping

WASM = (SEARCH, INDEX)  # where a policy with WebAssembly holds
KEPT = ("fragment/", "index/", "filter/")  # under INDEX: named by the hash of what they hold
PICTURES = "(?:guong/.*|assets/.*)[.](?:webp|jpe?g|png)$"
PAPERS = "guong/.*[.][pP][dD][fF]$"
YEAR = "public, max-age=31536000, immutable"
FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".json": "application/json",
    ".xml": "application/xml", ".svg": "image/svg+xml", ".webp": "image/webp", ".jpg": "image/jpeg", ".png": "image/png", ".woff2": "font/woff2",
    ".pdf": "application/pdf", ".ics": "text/calendar; charset=utf-8", ".opml": "text/x-opml; charset=utf-8", ".txt": "text/plain; charset=utf-8",
}  # fmt: skip
ASK = "no-cache"  # a copy may be kept, and is asked about each time


class Group(NamedTuple):
    """Files that are served alike: the regular expression of their site-relative path, their headers, their media type ("": by name)."""

    path: str
    headers: Mapping[str, str]
    media_type: str = ""


def policy(*, wasm: bool = False, framed_by: str = "'none'") -> str:
    """Content-Security-Policy; source: W3C CSP Level 3. `frame-ancestors` works only as a header."""
    scripts = "'self' 'wasm-unsafe-eval'" if wasm else "'self'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {framed_by}"
    )


SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"


def groups(portals: str = "*") -> tuple[Group, ...]:
    """All files in groups; of those that fit a path the last holds. `portals`: who may show FRAME in a frame."""
    shared = {**_headers(policy(), "max-age=300"), "Access-Control-Allow-Origin": "*"}
    lent = {**_headers(policy(), ASK), "Access-Control-Allow-Origin": "*"}
    feeds = "(?:.*/)?{}(?:-[0-9]+)?[.]{}$"
    return (
        Group("", _headers(policy(), ASK)),
        Group(f"(?:{'|'.join(WASM)})", _headers(policy(wasm=True), ASK)),
        Group(f"{INDEX}(?:(?:{'|'.join(KEPT)})|.*[.]pf_meta$)", _headers(policy(wasm=True), YEAR), "application/octet-stream"),
        # what came from outside and is opened by itself runs nothing, whatever a browser takes it for
        Group(PICTURES, _headers(SANDBOX, ASK)),
        Group(PAPERS, {**_headers(SANDBOX, ASK), "Content-Disposition": "attachment"}, "application/pdf"),
        Group(feeds.format("feed", "xml"), shared, "application/rss+xml; charset=utf-8"),
        Group(feeds.format("atom", "xml"), shared, "application/atom+xml; charset=utf-8"),
        Group(feeds.format("feed", "json"), shared, "application/feed+json"),
        Group(feeds.format("stories", "json"), shared, "application/json"),
        Group("stories[.]schema[.]json$", shared, "application/schema+json"),
        Group("feeds[.]opml$", shared, "text/x-opml; charset=utf-8"),
        Group("assets/embed[.]js$", {**lent, "Cross-Origin-Resource-Policy": "cross-origin"}, "text/javascript; charset=utf-8"),
        Group(FRAME, _headers(policy(framed_by=portals), ASK)),
    )


def group(path: str, portals: str = "*") -> Group:
    """The group of the file or page at a site-relative path."""
    return next(one for one in reversed(groups(portals)) if re.match(one.path, path))


def media_type(file: str, group: Group) -> str:
    """What a file of a group is sent as."""
    return group.media_type or TYPES.get(posixpath.splitext(file)[1].lower(), "application/octet-stream")


def headers(path: str) -> Mapping[str, str]:
    """The headers of the file or page at a site-relative path."""
    return group(path).headers


def _headers(csp: str, cache: str) -> Mapping[str, str]:
    return {
        "Content-Security-Policy": csp,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": FEATURES,
        "Cache-Control": cache,
    }
