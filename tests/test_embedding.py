"""What «Nguồn tin» offers to copy, pasted into a portal of another origin, in a real browser under both sites' policies."""

from __future__ import annotations

import contextlib
import html
import http.server
import re
import threading
from typing import TYPE_CHECKING

import pytest

import serve
from browser import Heard, chromium
from sites import build, copy_repository

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BASE = "/guong-sang/"


@contextlib.contextmanager
def running(server: http.server.HTTPServer) -> Iterator[http.server.HTTPServer]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def portal(page: str, ours: str) -> http.server.ThreadingHTTPServer:
    """A portal with a strict policy of its own, which names our origin and nothing else."""

    class Portal(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 204)  # the icon
            self.send_header("Content-Type", "text/html; charset=utf-8")
            policy = f"default-src 'none'; frame-src {ours}; script-src {ours}; connect-src {ours}; img-src 'self'"
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(page.encode())

        def log_message(self, *_: object) -> None:
            """Silent."""

    return http.server.ThreadingHTTPServer(("localhost", 0), Portal)


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The site, built for the very address it is served at."""
    root = copy_repository(tmp_path_factory.mktemp("nhung") / "kho")
    (root / "site").mkdir()
    server, address = serve.server(root / "site")
    config = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(re.sub(r"site_url: .*", f"site_url: {address}", config), encoding="utf-8")
    with running(server):
        done = build(root)
        assert done.returncode == 0, done.stderr
        yield address, root / "site"


def snippet(site: Path, name: str) -> str:
    page = (site / "nguon-tin/index.html").read_text(encoding="utf-8")
    found = re.search(rf'<code id="{name}">(.*?)</code>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_the_copied_code_works_on_a_foreign_portal(ours: tuple[str, Path]) -> None:
    address, site = ours
    origin = address.removesuffix(BASE)
    pasted = snippet(site, "doan-khung") + snippet(site, "doan-ma")
    campaign = (
        snippet(site, "doan-ma")
        .replace('"guong-sang"', '"mot-phong-trao"')
        .replace("data-n", 'data-home="phong-trao/lao-dong-gioi/" data-n')
    )
    server = portal(f"<!doctype html><html lang=vi><title>Cổng</title><body>{pasted}{campaign}</body></html>", origin)
    with running(server), chromium() as browser:
        page = browser.new_page()
        heard = Heard()
        heard.listen(page)
        page.goto(f"http://localhost:{server.server_port}/")
        page.wait_for_selector("#guong-sang li")
        page.wait_for_selector("#mot-phong-trao li")
        links = page.locator("#guong-sang a").evaluate_all("all => all.map(one => [one.href, one.textContent])")
        assert len(links) == 5
        assert all(href.startswith(address) for href, _ in links)
        frame = page.frame_locator("iframe")
        frame.locator("li").first.wait_for()
        assert frame.locator("li:visible a").all_inner_texts() == [text for _, text in links]
        assert frame.locator("li:visible").count() == 5, "#n5"
        assert frame.locator("#n5").bounding_box() is None, "the page of a portal on the same host would be scrolled to it"
        assert frame.locator("a").first.get_attribute("rel") == "noopener"
        assert frame.locator("script").count() == 0
        for shown in (*page.locator("#guong-sang li").all_inner_texts(), *frame.locator("li:visible").all_inner_texts()):
            assert shown.endswith("Bài mẫu"), "a portal would show invented people as real"
        assert heard.errors == []


def test_only_the_frame_page_may_be_framed(ours: tuple[str, Path]) -> None:
    address, _ = ours
    server = portal(f'<!doctype html><title>Cổng</title><iframe src="{address}guong/"></iframe>', address.removesuffix(BASE))
    with running(server), chromium() as browser:
        page = browser.new_page()
        heard = Heard()
        heard.listen(page)
        page.goto(f"http://localhost:{server.server_port}/", wait_until="networkidle")
        assert any("frame-ancestors" in said for said in heard.errors)


def test_a_title_with_markup_stays_text_and_foreign_addresses_are_left_out(ours: tuple[str, Path]) -> None:
    address, site = ours
    path = site / "stories.json"
    before = path.read_bytes()
    bad = (
        '{"version": 1, "stories": [{"title": "<img src=x onerror=alert(1)>", "url": "%sguong/x/", "date": "2020-06-09", "new": 1},'
        '{"title": "Khác", "url": "https://khac.example/", "date": ""}, {"title": "Mã", "url": "javascript:alert(1)"}, null, 7]}'
    )
    path.write_text(bad % address, encoding="utf-8")
    server = portal(f"<!doctype html><title>Cổng</title><body>{snippet(site, 'doan-ma')}</body>", address.removesuffix(BASE))
    try:
        with running(server), chromium() as browser:
            page = browser.new_page()
            page.goto(f"http://localhost:{server.server_port}/")
            page.wait_for_selector("#guong-sang li")
            assert page.locator("#guong-sang li").all_inner_texts() == ["<img src=x onerror=alert(1)> 09/6/2020"]
            assert page.locator("#guong-sang img").count() == 0
    finally:
        path.write_bytes(before)


def test_a_feed_opened_in_a_browser_is_readable(ours: tuple[str, Path], tmp_path: Path) -> None:
    """Where it comes as XML; of `application/rss+xml` Chromium shows the source, whatever the stylesheet."""
    address, site = ours
    with running(http.server.ThreadingHTTPServer(("127.0.0.1", 0), _plain(site, tmp_path, address))) as plain, chromium() as browser:
        page = browser.new_page()
        for name, entry, content in (("atom.xml", "entry", "content"), ("feed.xml", "item", "guid")):
            page.goto(f"http://127.0.0.1:{plain.server_port}/{name}")
            shown, hidden = (
                page.evaluate("name => getComputedStyle(document.querySelector(name)).display", f"{entry} > {child}")
                for child in ("title", content)
            )
            assert (shown, hidden) == ("block", "none")


def _plain(site: Path, folder: Path, address: str) -> type[http.server.BaseHTTPRequestHandler]:
    """A server without our recipe, whose own stylesheet the feeds name."""
    for name in ("atom.xml", "feed.xml"):
        (folder / name).write_text((site / name).read_text(encoding="utf-8").replace(f"{address}assets", "/assets", 1), encoding="utf-8")
    (folder / "assets").mkdir()
    (folder / "assets/feed.css").write_bytes((site / "assets/feed.css").read_bytes())

    class Plain(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: object) -> None:
            super().__init__(*given, directory=str(folder))  # type: ignore[arg-type]

        def log_message(self, *_: object) -> None:
            """Silent."""

    return Plain
