"""What the web server says with each file: the content security policy and how long a copy may be kept.

Pages hold no inline script or style, so the policy needs no hash and no `unsafe-inline`. WebAssembly, which the search
runs on, is allowed to the search page and to its worker under `pagefind/` alone: a worker obeys the policy it came with.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exemplars.linking import INDEX, SEARCH

if TYPE_CHECKING:
    from collections.abc import Mapping

WASM = (SEARCH, INDEX)  # where a policy with WebAssembly holds
KEPT = ("fragment/", "index/", "filter/")  # under INDEX: named by the hash of what they hold
YEAR = "public, max-age=31536000, immutable"
ASK = "no-cache"  # a copy may be kept, and is asked about each time


def policy(*, wasm: bool = False) -> str:
    """Content-Security-Policy; source: W3C CSP Level 3. `frame-ancestors` works only as a header."""
    scripts = "'self' 'wasm-unsafe-eval'" if wasm else "'self'"
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; media-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )


def headers(path: str) -> Mapping[str, str]:
    """The headers of the file or page at a site-relative path."""
    kept = path.startswith(tuple(INDEX + one for one in KEPT)) or path.endswith(".pf_meta")
    return _headers(policy(wasm=path.startswith(WASM)), YEAR if kept else ASK)


def _headers(csp: str, cache: str) -> Mapping[str, str]:
    return {
        "Content-Security-Policy": csp,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Cache-Control": cache,
    }


def settings_for(base: str) -> Mapping[str, str]:
    """Ready settings by file name; `base` is the path of the site on its host, `/guong-sang/`."""
    return {"nginx.conf": nginx(base), "apache.conf": apache(base)}


def _groups(base: str) -> tuple[tuple[str, Mapping[str, str]], ...]:
    """(regular expression of the address, headers), the last that fits holds."""
    base = base.replace(".", r"\.")
    return (
        (f"^{base}", headers("")),
        (f"^{base}(?:{'|'.join(WASM)})", headers(SEARCH)),
        (f"^{base}{INDEX}(?:(?:{'|'.join(KEPT)})|.*\\.pf_meta$)", headers(INDEX + KEPT[0])),
    )


SAID = (
    "Do `make site` viết; đừng sửa tại đây. Cổng thông tin nhúng trang trong khung thì thay 'none' của frame-ancestors bằng địa chỉ cổng."
)


def nginx(base: str) -> str:
    """For a `server { … }` block that has `root` set; nginx takes the first regular expression that fits."""
    lines = [f"# {SAID}", "# Đặt trong khối server { … }: include /…/server/nginx.conf;", ""]
    for pattern, given in reversed(_groups(base)):
        lines += [f'location ~ "{pattern}" {{', f"    error_page 404 {base}404.html;", "    charset utf-8;"]
        lines += [
            "    gzip on;",
            "    gzip_types text/css text/javascript application/javascript application/rss+xml text/xml application/xml image/svg+xml;",
        ]
        lines += [*(f'    add_header {name} "{value}" always;' for name, value in given.items()), "}"]
    return "\n".join(lines) + "\n"


def apache(base: str) -> str:
    """For a virtual host with mod_headers; later sections win."""
    lines = [f"# {SAID}", "# Đặt trong <VirtualHost>: Include /…/server/apache.conf (cần mod_headers; nén cần mod_deflate).", ""]
    lines += [f"ErrorDocument 404 {base}404.html", "AddDefaultCharset utf-8"]
    for pattern, given in _groups(base):
        lines += [
            f'<LocationMatch "{pattern}">',
            *(f'    Header always set {name} "{value}"' for name, value in given.items()),
            "</LocationMatch>",
        ]
    lines += [
        "<IfModule mod_deflate.c>",
        "    AddOutputFilterByType DEFLATE text/html text/css text/javascript application/javascript application/rss+xml text/xml application/xml image/svg+xml",
        "</IfModule>",
    ]
    return "\n".join(lines) + "\n"
