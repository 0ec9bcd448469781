"""What the web server says with each file: the content security policy, its type, how long a copy may be kept, who may read it.

Pages hold no inline script or style, so the policy needs no hash and no `unsafe-inline`. WebAssembly, which the search
runs on, is allowed to the search page and to its worker under `pagefind/` alone: a worker obeys the policy it came with.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

from exemplars.linking import FRAME, INDEX, SEARCH

if TYPE_CHECKING:
    from collections.abc import Mapping

WASM = (SEARCH, INDEX)  # where a policy with WebAssembly holds
KEPT = ("fragment/", "index/", "filter/")  # under INDEX: named by the hash of what they hold
YEAR = "public, max-age=31536000, immutable"
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


def groups(portals: str = "*") -> tuple[Group, ...]:
    """All files in groups; of those that fit a path the last holds. `portals`: who may show FRAME in a frame."""
    shared = {**_headers(policy(), "max-age=300"), "Access-Control-Allow-Origin": "*"}
    lent = {**_headers(policy(), ASK), "Access-Control-Allow-Origin": "*"}
    feeds = "(?:.*/)?{}(?:-[0-9]+)?[.]{}$"
    return (
        Group("", _headers(policy(), ASK)),
        Group(f"(?:{'|'.join(WASM)})", _headers(policy(wasm=True), ASK)),
        Group(f"{INDEX}(?:(?:{'|'.join(KEPT)})|.*[.]pf_meta$)", _headers(policy(wasm=True), YEAR)),
        Group(feeds.format("feed", "xml"), shared, "application/rss+xml; charset=utf-8"),
        Group(feeds.format("atom", "xml"), shared, "application/atom+xml; charset=utf-8"),
        Group(feeds.format("feed", "json"), shared, "application/feed+json"),
        Group(feeds.format("stories", "json"), shared, "application/json"),
        Group("stories[.]schema[.]json$", shared, "application/schema+json"),
        Group("feeds[.]opml$", shared, "text/x-opml; charset=utf-8"),
        Group("assets/embed[.]js$", {**lent, "Cross-Origin-Resource-Policy": "cross-origin"}, "text/javascript; charset=utf-8"),
        Group(FRAME, _headers(policy(framed_by=portals), ASK)),
    )


def group(path: str) -> Group:
    """The group of the file or page at a site-relative path."""
    return next(one for one in reversed(groups()) if re.match(one.path, path))


def headers(path: str) -> Mapping[str, str]:
    """The headers of the file or page at a site-relative path."""
    return group(path).headers


def _headers(csp: str, cache: str) -> Mapping[str, str]:
    return {
        "Content-Security-Policy": csp,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cache-Control": cache,
    }


class Ways(NamedTuple):
    """What a server may answer better than a page can: addresses that are gone (410), and those that moved (301), with their heirs."""

    gone: tuple[str, ...] = ()
    moved: tuple[tuple[str, str], ...] = ()


def settings_for(base: str, portals: str = "*", ways: Ways = Ways()) -> Mapping[str, str]:  # noqa: B008 - immutable
    """Ready settings by file name; `base` is the path of the site on its host, `/guong-sang/`."""
    return {
        "nginx.conf": nginx(base, portals, ways),
        "apache.conf": apache(base, portals, ways),
        "web.config": iis(base, portals, ways),
    }


SAID = "Do `make site` viết; đừng sửa tại đây. Cổng nào được nhúng trang nhung/: mục `portals` trong mkdocs.yml."
PACKED = (
    "text/css text/javascript application/javascript application/rss+xml application/atom+xml application/feed+json "
    "application/json text/xml application/xml image/svg+xml"
)


def _pattern(base: str, group: Group) -> str:
    return f"^{base.replace('.', '[.]')}{group.path}"


def nginx(base: str, portals: str, ways: Ways) -> str:
    """For a `server { … }` block that has `root` set; nginx takes the first regular expression that fits."""
    lines = [f"# {SAID}", "# Đặt trong khối server { … }: include /…/server/nginx.conf;", ""]
    for one in reversed(groups(portals)):
        lines += [f'location ~ "{_pattern(base, one)}" {{', f"    error_page 404 {base}404.html;", "    charset utf-8;"]
        lines += [f'    types {{ }} default_type "{one.media_type}";'] if one.media_type else []
        lines += ["    gzip on;", f"    gzip_types {PACKED};"]
        lines += [*(f'    add_header {name} "{value}" always;' for name, value in one.headers.items()), "}"]
    # the notice stays at the address: the status alone tells machines
    lines += [f"location = {base}{at} {{ error_page 410 {base}{at}index.html; return 410; }}" for at in ways.gone]
    lines += [f"location = {base}{old} {{ absolute_redirect off; return 301 {base}{new}; }}" for old, new in ways.moved]
    return "\n".join(lines) + "\n"


def apache(base: str, portals: str, ways: Ways) -> str:
    """For a virtual host with mod_headers, mod_alias; later sections win."""
    lines = [f"# {SAID}", "# Đặt trong <VirtualHost>: Include /…/server/apache.conf (cần mod_headers; nén cần mod_deflate).", ""]
    lines += [f"ErrorDocument 404 {base}404.html", "AddDefaultCharset utf-8"]
    for one in groups(portals):
        lines += [
            f'<LocationMatch "{_pattern(base, one)}">',
            *([f'    ForceType "{one.media_type}"'] if one.media_type else []),
            *(f'    Header always set {name} "{value}"' for name, value in one.headers.items()),
            "</LocationMatch>",
        ]
    for at in ways.gone:
        says = f"    ErrorDocument 410 {base}{at}index.html"
        lines += [f'<LocationMatch "^{base}{at}$">', says, "</LocationMatch>", f'RedirectMatch 410 "^{base}{at}$"']
    lines += [f'RedirectMatch 301 "^{base}{old}$" "{base}{new}"' for old, new in ways.moved]
    lines += ["<IfModule mod_deflate.c>", f"    AddOutputFilterByType DEFLATE text/html {PACKED}", "</IfModule>"]
    return "\n".join(lines) + "\n"


TYPES = {".json": "application/json", ".webp": "image/webp", ".woff2": "font/woff2", ".opml": "text/x-opml", ".ics": "text/calendar"}


def iis(base: str, portals: str, ways: Ways) -> str:
    """`web.config` in the folder of the site, for IIS with URL Rewrite, which alone can tell one .xml from another.

    An outbound rule sets a header of the response through the server variable RESPONSE_<name>.
    """
    root = ET.Element("configuration")
    root.append(ET.Comment(f" {SAID} Chép vào thư mục của trang; máy chủ cần URL Rewrite 2. "))
    server = ET.SubElement(root, "system.webServer")
    static = ET.SubElement(server, "staticContent")
    for ending, media_type in TYPES.items():
        ET.SubElement(static, "remove", fileExtension=ending)
        ET.SubElement(static, "mimeMap", fileExtension=ending, mimeType=media_type)
    rewrite = ET.SubElement(server, "rewrite")
    rules = ET.SubElement(rewrite, "rules")
    for at in ways.gone:
        rule = _rule(rules, f"410 {at}", f"^{at}$")
        ET.SubElement(rule, "action", type="CustomResponse", statusCode="410", statusReason="Gone", statusDescription="Bài đã gỡ")
    for old, new in ways.moved:
        ET.SubElement(_rule(rules, f"301 {old}", f"^{old}$"), "action", type="Redirect", url=base + new, redirectType="Permanent")
    outbound = ET.SubElement(rewrite, "outboundRules")
    for number, one in enumerate(groups(portals)):
        told = {**one.headers, **({"Content-Type": one.media_type} if one.media_type else {})}
        for name, value in told.items():
            rule = ET.SubElement(outbound, "rule", name=f"{number} {name}")
            ET.SubElement(rule, "match", serverVariable=f"RESPONSE_{name.replace('-', '_')}", pattern=".*")
            ET.SubElement(ET.SubElement(rule, "conditions"), "add", input="{URL}", pattern=_pattern(base, one))
            ET.SubElement(rule, "action", type="Rewrite", value=value)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _rule(rules: ET.Element, name: str, pattern: str) -> ET.Element:
    rule = ET.SubElement(rules, "rule", name=name, stopProcessing="true")
    ET.SubElement(rule, "match", url=pattern)
    return rule
