#!/usr/bin/env python3
"""Xem thử site/ đúng như trên máy chủ thật: cùng đường dẫn, cùng chính sách nội dung (CSP), có nén."""

import gzip
import re
import sys
from collections.abc import Callable
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from command import ROOT, Parser
from exemplars.packing import ENDINGS
from exemplars.serving import group, media_type

SITE = re.compile(r"^Sitemap: https?://[^/\s]+(/\S*)sitemap\.xml$", re.MULTILINE)  # as robots.txt names it
PORTALS = re.compile(r"frame-ancestors (?!'none')([^\";]+)")  # as the settings for nginx name them


@lru_cache(maxsize=4096)
def _packed(path: str, modified: int) -> bytes:  # noqa: ARG001 - part of the key
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0)


class Handler(BaseHTTPRequestHandler):
    """Files of `site` under `base`, with the headers of `exemplars.serving`; anything else is a 404 with the site's own page."""

    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments: object, site: Path, base: str, portals: str) -> None:
        self.site, self.base, self.portals = site, base, portals
        super().__init__(*arguments)  # type: ignore[arg-type]

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _found(self, inside: str) -> Path | None:
        """The file that is asked for; None where there is none, or none may have that name."""
        try:
            path = (self.site / inside).resolve()
            if path.is_dir() and (not inside or inside.endswith("/")):
                path /= "index.html"
            return path if path.is_file() and path.is_relative_to(self.site) else None
        except (OSError, ValueError):
            return None

    def _answer(self, *, body: bool) -> None:
        address = unquote(urlsplit(self.path).path)
        inside = address.removeprefix(self.base) if address.startswith(self.base) else "?"
        found = self._found(inside)
        status, path = (200, found) if found else (404, self.site / "404.html")
        pack = path.name.endswith(ENDINGS) and "gzip" in self.headers.get("Accept-Encoding", "")
        data = _packed(str(path), path.stat().st_mtime_ns) if pack else path.read_bytes()
        said = group(inside, self.portals)
        self.send_response(status)
        self.send_header("Content-Type", media_type(path.name, said))
        self.send_header("Content-Length", str(len(data)))
        for name, value in (*said.headers.items(), *([("Content-Encoding", "gzip")] if pack else [])):
            self.send_header(name, value)
        self.end_headers()
        if body:
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Silent: what is looked at stands in the browser."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in the middle is no fault."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


def server(site: Path, port: int = 0) -> tuple[Server, str]:
    """A server of that folder, not yet running, and the address of its home page."""
    base, portals = base_of(site), portals_of(site)
    made: Callable[..., Handler] = lambda *arguments: Handler(*arguments, site=site.resolve(), base=base, portals=portals)  # noqa: E731
    serving = Server(("127.0.0.1", port), made)
    return serving, f"http://127.0.0.1:{serving.server_port}{base}"


def base_of(site: Path) -> str:
    """The path of a built site on its host; "/" where the site does not say."""
    try:
        found = SITE.search((site / "robots.txt").read_text(encoding="utf-8"))
    except OSError:
        return "/"
    return found[1] if found else "/"


def portals_of(site: Path) -> str:
    """Who may show it in a frame, as the settings say that a build and a publication lay beside; "*" where there are none."""
    try:
        found = PORTALS.search((site.parent / "server/nginx.conf").read_text(encoding="utf-8"))
    except OSError:
        return "*"
    return found[1] if found else "*"


def main(arguments: list[str] | None = None) -> int:
    """0 stopped by Ctrl-C, 2 misuse."""
    parser = Parser(description=__doc__)
    parser.add_argument("site", type=Path, nargs="?", default=ROOT / "site", help="thư mục đã dựng (mặc định: site/)")
    parser.add_argument("--port", type=int, default=8000)
    asked = parser.parse_args(arguments)
    if not (asked.site / "build.json").is_file():
        parser.error(f"{asked.site} chưa dựng xong. Hãy chạy `make site` trước.")
    try:
        serving, address = server(asked.site, asked.port)
    except OSError as error:
        parser.error(f"không mở được cổng {asked.port} ({error}). Hãy chọn cổng khác: --port 8001.")
    print(f"Mở {address} ; dừng bằng Ctrl-C.")
    try:
        serving.serve_forever()
    except KeyboardInterrupt:
        serving.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
