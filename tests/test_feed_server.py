"""The recipes for web servers, proven on a real nginx: types, CORS, caching, 304, 410, 301; and the WebSub ping."""

from __future__ import annotations

import contextlib
import http.server
import shutil
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest

import websub
from exemplars.model import Withdrawal
from exemplars.pages.stories import gone_and_moved
from exemplars.server_settings import Ways, settings_for
from exemplars.serving import group
from feedsite import DAY, FeedSite, many
from readers import needs

BASE = "/g/"
SITE = """worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    include /etc/nginx/mime.types; access_log off;
    client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
    server {{ listen 127.0.0.1:{port}; root {folder}/root; include {folder}/ours.conf; }}
}}
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, a_story, a_site) -> FeedSite:
    made = many(FeedSite(tmp_path_factory.mktemp("trang"), a_story, a_site), 60)
    made.stories["bai-010"]["withdrawn"] = Withdrawal(DAY, "error", "Đăng nhầm")
    made.stories["bai-020"]["withdrawn"] = Withdrawal(DAY, "consolidated", "", "2020-bai-021")
    made.stories["bai-030"]["redirect_from"] = ("guong/2020/ten-cu/",)
    made.publish()
    for name in ("feed.css", "embed.js", "frame.css"):
        (made.out / "assets").mkdir(exist_ok=True)
        shutil.copy(Path(__file__).resolve().parent.parent / "hooks/theme/assets" / name, made.out / "assets")
    return made


@contextlib.contextmanager
def nginx(site: FeedSite, folder: Path, portals: str) -> Iterator[HTTPConnection]:
    needs("nginx")
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "root").mkdir()
    (folder / "root/g").symlink_to(site.out)
    for at in (folder, *folder.parents[:3], site.folder, *site.folder.parents[:2]):
        at.chmod(0o755)  # nginx's workers are another user
    ways = Ways(*gone_and_moved(site.context()))
    (folder / "ours.conf").write_text(settings_for(BASE, portals, ways)["nginx.conf"], encoding="utf-8")
    (folder / "nginx.conf").write_text(SITE.format(folder=folder, port=port), encoding="utf-8")
    server = subprocess.Popen(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log", "-g", "daemon off;"])
    try:
        for _ in range(200):
            with contextlib.suppress(ConnectionRefusedError), socket() as trying:
                trying.connect(("127.0.0.1", port))
                break
            time.sleep(0.02)  # until it listens
        with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=10)) as asking:
            yield asking
    finally:
        server.terminate()
        server.wait()


def ask(server: HTTPConnection, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    server.request("GET", BASE + path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = server.getresponse()
    return answer.status, dict(answer.getheaders()), answer.read()


def test_nginx(site: FeedSite, tmp_path: Path) -> None:
    with nginx(site, tmp_path, "'self' https://cong.example") as server:
        for path in ("feed.xml", "feed-1.xml", "atom.xml", "feed.json", "feed-1.json", "stories.json", "feeds.opml", "stories.schema.json",
                     "phong-trao/lao-dong-gioi/feed.xml", "don-vi/trung-tam/stories.json", "assets/embed.js"):  # fmt: skip
            status, headers, _ = ask(server, path, Origin="https://cong.example")
            assert (status, headers["Content-Type"]) == (200, group(path).media_type), path
            assert headers["Access-Control-Allow-Origin"] == "*", path
            assert headers["Cache-Control"] in {"max-age=300", "no-cache"}
            assert headers["X-Content-Type-Options"] == "nosniff"
            for condition in ({"If_None_Match": headers["ETag"]}, {"If_Modified_Since": headers["Last-Modified"]}):
                assert ask(server, path, **condition)[0] == 304, path
        assert site.publish().written == 0
        again = ask(server, "feed.xml")[1]
        assert ask(server, "feed.xml", If_None_Match=again["ETag"])[0] == 304
        status, headers, page = ask(server, "guong/2020/bai-010/")
        assert (status, headers["Content-Type"]) == (410, "text/html; charset=utf-8")
        assert "đã gỡ" in page.decode()
        for old, new in (("guong/2020/bai-020/", "guong/2020/bai-021/"), ("guong/2020/ten-cu/", "guong/2020/bai-030/")):
            for name, to in (("", new), ("index.html", new), ("anh-chinh-400.webp", f"{new}anh-chinh-400.webp")):
                status, headers, _ = ask(server, old + name)
                assert (status, headers["Location"]) == (301, BASE + to)
        assert ask(server, "guong/2020/bai-021/")[0] == 200
        frame, page = (ask(server, path)[1]["Content-Security-Policy"] for path in ("nhung/don-vi/trung-tam/", "guong/"))
        assert frame.endswith("frame-ancestors 'self' https://cong.example")
        assert page.endswith("frame-ancestors 'none'")
        assert "Access-Control-Allow-Origin" not in ask(server, "guong/")[1]


def test_who_was_merged_twice_is_led_to_the_last_heir(a_story, a_site, tmp_path: Path) -> None:
    merged = many(FeedSite(tmp_path, a_story, a_site), 4)
    for name, heir in (("bai-000", "bai-001"), ("bai-001", "bai-002"), ("bai-003", "bai-003")):
        merged.stories[name]["withdrawn"] = Withdrawal(DAY, "consolidated", see=f"2020-{heir}")
    gone, moved = gone_and_moved(merged.context())
    assert gone == ("guong/2020/bai-003/",), "a circle leads nowhere, and ends"
    assert moved == (("guong/2020/bai-000/", "guong/2020/bai-002/"), ("guong/2020/bai-001/", "guong/2020/bai-002/"))


def test_the_other_recipes_say_the_same(site: FeedSite) -> None:
    """Nobody has run them here; that they name the same types, statuses and addresses can be told."""
    found = settings_for(BASE, "*", Ways(*gone_and_moved(site.context())))
    root = ElementTree.fromstring(found["web.config"])
    assert [one.get("statusCode") for one in root.iter("action") if one.get("type") == "CustomResponse"] == ["410"]
    assert {one.get("url") for one in root.iter("action") if one.get("type") == "Redirect"} == {
        f"/g/guong/2020/{name}/{picture}" for name in ("bai-021", "bai-030") for picture in ("", "{R:1}")
    }  # fmt: skip
    for text in (found["apache.conf"], found["web.config"]):
        for kind in ("application/rss+xml", "application/atom+xml", "application/feed+json", "text/x-opml", "Access"):
            assert kind in text
    assert 'RedirectMatch 410 "^/g/guong/2020/bai-010/$"' in found["apache.conf"]


class _Hub(http.server.BaseHTTPRequestHandler):
    told: list[tuple[str, str]]
    status = 204

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.told.append((body["hub.mode"][0], body["hub.url"][0]))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.mark.parametrize(("status", "result"), [(204, 0), (403, 1)])
def test_websub_tells_the_hub_of_every_feed(status: int, result: int, site: FeedSite, capsys) -> None:
    hub = type("Hub", (_Hub,), {"told": [], "status": status})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), hub)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        assert websub.main([f"http://127.0.0.1:{server.server_port}/", "--site", str(site.out)]) == result
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert len(hub.told) == 18, "six topics in three formats"
    assert ("publish", "https://p.example/g/feed.xml") in hub.told
    said = capsys.readouterr().out
    assert said.count("không nhận") == (18 if result else 0)
    assert ("Đã báo 18 nguồn tin." in said) is not result


@pytest.mark.parametrize(("answer", "asked"), [(b"khong phai HTTP\r\n\r\n", 3), (b"", 1)], ids=["không phải HTTP", "im lặng"])
def test_a_hub_that_answers_no_http_is_told_and_a_silent_one_is_asked_once(
    answer: bytes, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(websub, "TIMEOUT", 0.3)
    came: list[bytes] = []

    class Hub(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            came.append(self.request.recv(4096))
            if answer:
                self.request.sendall(answer)
            else:
                self.request.recv(4096)  # until the other side has waited enough

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Hub) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        faults = websub.ping(f"http://127.0.0.1:{server.server_address[1]}/", ["a", "b", "c"])
        server.shutdown()
    assert len(came) == asked
    assert len(faults) == (3 if answer else 2)
    assert answer or "còn 2 nguồn tin chưa báo" in faults[-1]


@pytest.mark.parametrize("arguments", [["ftp://hub.example/"], ["https://hub.example/", "--site", "/khong/co"]])
def test_websub_refuses_misuse(arguments: list[str], capsys) -> None:
    with pytest.raises(SystemExit, match="2"):
        websub.main(arguments)
    assert "Traceback" not in capsys.readouterr().err
