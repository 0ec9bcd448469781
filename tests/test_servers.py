"""The settings that a build writes, in a real nginx and a real Apache: headers everywhere, packed files, copies, 410, 301."""

from __future__ import annotations

import gzip
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import brotli
import pytest

from exemplars.packing import beside, published_time
from exemplars.server_settings import Ways
from exemplars.serving import group
from servers import BASE, Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = "Người giữ lửa ở mái ấm. " * 40
GONE, MOVED, HEIR = "guong/2020/da-go/", "guong/2020/ten-cu/", "guong/2020/x/"
FILES = {
    path: data.encode()
    for path, data in {
        "index.html": f"<p>{WORDS}", "404.html": f"<p>Không có trang này. {WORDS}", "guong/2020/x/index.html": f"<p>{WORDS}x",
        "guong/2020/x/anh.webp": "webp", "guong/2020/x/anh-og.jpg": "jpg", "guong/2020/x/so-do.pdf": "pdf", "assets/chia-se.png": "png",
        f"{GONE}index.html": f"<p>Bài này đã gỡ. {WORDS}", "tim-kiem/index.html": f"<p>{WORDS}", "pagefind/pagefind.js": "1;" * 300,
        "pagefind/fragment/vi_1.pf_fragment": "f", "pagefind/index/vi_1.pf_index": "i", "pagefind/pagefind.vi_1.pf_meta": "m",
        "pagefind/pagefind-entry.json": "{}", "feed.xml": f"<rss>{WORDS}</rss>", "atom-1.xml": f"<feed>{WORDS}</feed>", "feed.json": f'["{WORDS}"]',
        "don-vi/a/stories.json": f'["{WORDS}"]', "stories.schema.json": f'["{WORDS}"]', "feeds.opml": f"<opml>{WORDS}</opml>",
        "su-kien.ics": f"{WORDS}", "sitemap.xml": f"<urlset>{WORDS}</urlset>", "robots.txt": "User-agent: *", "assets/exemplars.css": "p{} " * 200,
        "assets/embed.js": "1;" * 300, "nhung/index.html": f"<p>{WORDS}", "nhung/don-vi/a/index.html": f"<p>{WORDS}",
    }.items()
}  # fmt: skip
TEXT = ("text/html", "text/css", "text/javascript", "application/javascript", "text/calendar", "text/plain")


def put(site: Path, path: str, data: bytes, at: int) -> None:
    """A file as publishing lays it down: packed ones beside it, all of one time."""
    for name, one in {path: data, **beside(path, data)}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_bytes(one)
        os.utime(site / name, (at, at))


@pytest.fixture(scope="module", params=["nginx", "apache2"])
def served(request: pytest.FixtureRequest) -> Iterator[tuple[Server, Path]]:
    with tempfile.TemporaryDirectory() as folder:  # not pytest's, which it shuts to Apache's user
        yield from _served(str(request.param), Path(folder))


def _served(kind: str, folder: Path) -> Iterator[tuple[Server, Path]]:
    site = folder / "site"
    for path, data in FILES.items():
        put(site, path, data, 1_600_000_000)
    (site / ".bi-mat").write_text("x", encoding="utf-8")
    (site / "assets/rong").mkdir()
    with running(kind, folder / "server", site, "'self' https://cong.example", Ways((GONE,), ((MOVED, HEIR),))) as server:
        yield server, site


def wanted(path: str) -> dict[str, str]:
    """The headers of `serving`, with the portals that may frame."""
    said = group(path).headers
    return {name.lower(): value.replace("frame-ancestors *", "frame-ancestors 'self' https://cong.example") for name, value in said.items()}


@pytest.mark.parametrize("path", [path for path in FILES if not path.startswith(GONE)])
@pytest.mark.parametrize("accepts", ["", "gzip", "br, gzip"])
def test_every_file_comes_with_all_its_headers(path: str, accepts: str, served: tuple[Server, Path]) -> None:
    server, _ = served
    address = path.removesuffix("index.html")
    answer = server.ask(address, Accept_Encoding=accepts)
    assert answer.status == 200
    assert wanted(address).items() <= answer.headers.items()
    packs = beside(path, FILES[path])
    form = ".br" if packs and "br" in accepts else ".gz" if packs and accepts else ""
    assert answer.headers.get("content-encoding") == {".br": "br", ".gz": "gzip", "": None}[form]
    assert answer.body == (packs[path + form] if form else FILES[path])
    undone = {".br": brotli.decompress, ".gz": gzip.decompress, "": bytes}[form]
    assert undone(answer.body) == FILES[path]
    if packs:
        assert answer.headers["vary"].lower() == "accept-encoding"
    kind = answer.headers["content-type"]
    assert kind == group(address).media_type or kind.endswith("; charset=utf-8") or not kind.startswith(TEXT), kind


def test_type_is_that_of_the_file_packed_or_not(served: tuple[Server, Path]) -> None:
    server, _ = served
    for path in ("", "feed.xml", "assets/exemplars.css", "su-kien.ics", "feeds.opml", "sitemap.xml", "tim-kiem/"):
        kinds = {server.ask(path, Accept_Encoding=accepts).headers["content-type"].lower() for accepts in ("", "gzip", "br")}
        assert len(kinds) == 1, (path, kinds)


@pytest.mark.parametrize("accepts", ["", "gzip", "br"])
def test_a_page_that_is_gone_carries_its_notice(accepts: str, served: tuple[Server, Path]) -> None:
    server, _ = served
    answer = server.ask(GONE, Accept_Encoding=accepts)
    assert answer.status == 410
    undone = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[answer.headers.get("content-encoding")]
    assert undone(answer.body) == FILES[f"{GONE}index.html"]
    assert wanted(GONE).items() <= answer.headers.items()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_a_page_that_moved_leads_to_its_heir(served: tuple[Server, Path]) -> None:
    server, _ = served
    answer = server.ask(MOVED)
    assert (answer.status, answer.headers["location"].removeprefix(f"http://127.0.0.1:{server.port}")) == (301, BASE + HEIR)
    assert wanted(MOVED).items() <= answer.headers.items()
    assert server.ask(HEIR).status == 200


def test_what_is_not_there_is_said_on_the_sites_own_page(served: tuple[Server, Path]) -> None:
    server, _ = served
    for path in ("khong/co/", "guong/2020/khong-co.webp", "feed-9.xml", "pagefind/fragment/khong-co.pf_fragment"):
        answer = server.ask(path)
        assert answer.status == 404, path
        assert answer.body == FILES["404.html"]
        assert {"content-security-policy", "x-content-type-options", "referrer-policy", "permissions-policy"} <= answer.headers.keys()


def test_no_folder_is_listed_and_no_version_told(served: tuple[Server, Path]) -> None:
    server, _ = served
    answer = server.ask("assets/rong/")
    assert answer.status in {403, 404}
    assert "content-security-policy" in answer.headers
    if "nginx" in answer.headers["server"]:
        assert answer.headers["server"] == "nginx"


@pytest.mark.parametrize("form", [".gz", ".br"])
def test_packed_files_have_no_address_of_their_own(form: str, served: tuple[Server, Path]) -> None:
    server, site = served
    assert (site / f"feed.xml{form}").is_file()
    assert server.ask(f"feed.xml{form}").status == 404


@pytest.mark.parametrize("accepts", ["", "gzip", "br"])
@pytest.mark.parametrize("path", ["", "feed.xml", "guong/2020/x/anh.webp"])
def test_copies_are_good_exactly_as_long_as_the_content_stands(path: str, accepts: str, served: tuple[Server, Path]) -> None:
    """The content changes at equal size within a second: the time that publishing gives it tells the two apart."""
    server, site = served
    file, old = path or "index.html", FILES[path or "index.html"]
    first = server.ask(path, Accept_Encoding=accepts)
    tag = first.headers["etag"]
    put(site, file, old, 1_600_000_000)  # published again, unchanged
    again = server.ask(path, Accept_Encoding=accepts, If_None_Match=tag)
    assert (again.status, again.body) == (304, b"")
    changed = old.replace("ửa".encode(), "ứa".encode()) if len(old) > 10 else old[::-1]
    assert (len(changed), changed != old) == (len(old), True)
    try:
        put(site, file, changed, published_time(1_600_000_000, 1_600_000_000))
        new = server.ask(path, Accept_Encoding=accepts, If_None_Match=tag)
        assert new.status == 200
        assert new.headers["etag"] != tag
        assert server.ask(path, Accept_Encoding=accepts, If_None_Match=new.headers["etag"]).status == 304
        put(site, file, old, 1_600_000_000)  # rolled back: the time goes back as well
        back = server.ask(path, Accept_Encoding=accepts, If_None_Match=new.headers["etag"], If_Modified_Since=new.headers["last-modified"])
        only_time = server.ask(path, Accept_Encoding=accepts, If_Modified_Since=new.headers["last-modified"])
        assert (back.status, only_time.status) == (200, 200), "a rollback must not pass for a copy already held"
    finally:
        put(site, file, old, 1_600_000_000)
