"""A folder as a web server shows it: links, times, modes, and what was left half done."""

from __future__ import annotations

import json
import os
import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest

from exemplars.publishing import verifying
from exemplars.publishing.places import Place
from exemplars.publishing.receipt import as_text
from exemplars.publishing.refusal import Refused
from exemplars.publishing.release import Told
from tinysite import FEED, FILES, HOME, PAGE, START, Tiny, in_folder, live, write_site

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    return in_folder(tmp_path / "kho")


def test_an_unchanged_file_is_the_same_file_and_keeps_its_time(tiny: Tiny) -> None:
    first = tiny.publish()
    tiny.files[FEED] = b"<rs2/>"
    second = tiny.publish()
    old, new = (tiny.root / "www/releases" / done.release.id for done in (first, second))
    assert {path for path in FILES if (old / path).stat().st_ino != (new / path).stat().st_ino} == {FEED}
    assert {int((new / path).stat().st_mtime) for path in FILES if path != FEED} == {START + 60}
    assert int((new / FEED).stat().st_mtime) == START + 120


def test_damage_in_a_file_that_releases_share_is_mended_in_each(tiny: Tiny) -> None:
    first = tiny.publish()
    tiny.files[FEED] = b"<rs2/>"
    second = tiny.publish()
    (tiny.root / "www/releases" / second.release.id / PAGE).write_bytes(b"damaged in both, for it is one file")
    assert len(tiny.check()) == 1
    assert tiny.publish().written == 1
    assert tiny.roll_back().release.id == first.release.id
    assert live(tiny)[PAGE] == FILES[PAGE], "from the release that has it sound"
    assert tiny.check() == []


def test_a_release_of_which_no_sound_copy_is_left_is_not_gone_back_to(tiny: Tiny) -> None:
    first = tiny.publish()
    tiny.files[FEED] = b"<rs2/>"
    tiny.publish()
    (tiny.root / "www/releases" / first.release.id / FEED).write_bytes(b"<rs3/>")
    before = live(tiny)
    with pytest.raises(Refused, match=r"Không còn nơi nào giữ đúng tệp «feed\.xml»"):
        tiny.roll_back()
    assert live(tiny) == before


def test_a_torn_release_of_the_same_content_is_made_whole_before_the_switch(tiny: Tiny) -> None:
    first = tiny.publish()
    tiny.files[FEED] = b"<rs2/>"
    tiny.publish()
    folder = tiny.root / "www/releases" / first.release.id
    (folder / PAGE).unlink()
    (folder / "la.html").write_text("không thuộc bản nào", encoding="utf-8")
    (folder / HOME).chmod(0o600)
    tiny.files = dict(FILES)  # what was released first is right again: a revert
    assert tiny.publish().release.id == first.release.id
    assert {path: data for path, data in live(tiny).items() if path != "build.json"} == FILES
    assert tiny.check() == []


def test_leftovers_of_a_killed_publication_go_with_the_next(tiny: Tiny) -> None:
    tiny.publish()
    www = tiny.root / "www"
    (www / "releases/.half-abc/guong").mkdir(parents=True)
    (www / "releases/0123456789abcdef").mkdir()  # renamed into place, but nothing known of it yet
    (www / "releases/.half-0123456789abcdef.json").write_text("{", encoding="utf-8")
    (www / "releases/.half-file").write_text("dở", encoding="utf-8")
    (www / ".current").symlink_to("releases/0123456789abcdef")
    (tiny.root / ".cache/publish/build-x").mkdir()
    tiny.files[FEED] = b"<rs2/>"
    done = tiny.publish()
    kept = {done.release.id, done.before.id if done.before else ""}
    assert {path.name for path in (www / "releases").iterdir()} == kept | {f"{id_}.json" for id_ in kept}
    assert sorted(path.name for path in www.iterdir()) == [".lock", "current", "receipts", "releases", "server"]
    assert [path.name for path in (tiny.root / ".cache/publish").iterdir()] == [".lock"]


def test_a_release_that_was_never_switched_to_is_nothing_to_go_back_to(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> None:
    first = tiny.publish()
    tiny.files[FEED] = b"<rs2/>"
    monkeypatch.setattr(type(tiny.target), "switch", lambda *_: _full())
    with pytest.raises(OSError, match="đầy"):
        tiny.publish()
    monkeypatch.undo()
    assert len(tiny.target.releases()) == 2
    tiny.files[FEED] = b"<rs3/>"
    tiny.publish()
    assert [one.serial for one in tiny.target.releases()] == [3, 1]
    assert tiny.roll_back().release.id == first.release.id


def _full() -> None:
    raise OSError(28, "đĩa đầy")


def test_a_folder_in_the_way_is_left_alone(tiny: Tiny) -> None:
    (tiny.root / "www/current").mkdir(parents=True)
    (tiny.root / "www/current/cu.html").write_text("trang cũ", encoding="utf-8")
    with pytest.raises(Refused, match="current phải là liên kết"):
        tiny.publish()
    assert (tiny.root / "www/current/cu.html").is_file()


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda site: (site / "build.json").unlink(), "không có build.json đọc được"),
        (lambda site: _said(site, preview=True), "bản xem trước"),
        (lambda site: (site / FEED).unlink(), "có 8 tệp, không đúng như khi dựng xong"),
        (lambda site: (site / "la.html").write_bytes(b"?"), "có 10 tệp, không đúng như khi dựng xong"),
        (lambda site: (site / FEED).write_bytes(b"<rs2/>"), "không đúng như khi dựng xong"),
        (lambda site: ((site / FEED).unlink(), (site / FEED).symlink_to("/etc/hostname")), "là liên kết"),
    ],
)
def test_a_site_that_is_not_as_the_build_left_it_is_refused(tmp_path: Path, damage: Callable[[Path], object], says: str) -> None:
    write_site(tmp_path, FILES, {})
    verifying.verified(tmp_path / "site")
    damage(tmp_path / "site")
    with pytest.raises(Refused, match=says):
        verifying.verified(tmp_path / "site")


def _said(site: Path, **more: object) -> None:
    said = json.loads((site / "build.json").read_bytes())
    (site / "build.json").write_text(json.dumps({**said, **more}), encoding="utf-8")


@pytest.mark.parametrize(
    "given", ['<a href="khong-co/">', '<img srcset="anh.webp 400w, assets/trang.css 800w">', '<form action="../tim/">']
)
def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path, given: str) -> None:
    write_site(tmp_path, {**FILES, "trang.html": given.encode()}, {})
    with pytest.raises(Refused, match=r"1 liên kết trong trang không dẫn tới đâu:\ntrang.html → "):
        verifying.verified(tmp_path / "site")


def test_links_that_lead_somewhere(tmp_path: Path) -> None:
    good = '<a href="#muc">1</a> <a href="./">2</a> <a href="guong/2020/mot/?x#y">3</a> <a href="https://x.example/">4</a> <a href="mailto:a@b.c">5</a>'
    write_site(tmp_path, {**FILES, "trang.html": good.encode()}, {})
    assert len(verifying.verified(tmp_path / "site")[1]) == len(FILES) + 1


def test_a_folder_that_cannot_be_read_is_no_smaller_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_site(tmp_path, FILES, {})
    scan = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: _denied() if str(path).endswith("guong") else scan(path))
    with pytest.raises(PermissionError):
        verifying.verified(tmp_path / "site")


def _denied() -> None:
    raise PermissionError(13, "không đọc được")


class _Quiet(SimpleHTTPRequestHandler):
    """`moved`: path → where settings that were loaded before the publication still lead; `cut`: paths whose answer ends early."""

    moved: ClassVar[dict[str, str]] = {}
    cut: ClassVar[set[str]] = set()

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        if self.path in self.moved:
            self.send_response(HTTPStatus.MOVED_PERMANENTLY)
            self.send_header("Location", self.moved[self.path])
            self.end_headers()
        elif self.path in self.cut:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Length", "1000")
            self.end_headers()
        else:
            super().do_GET()


@pytest.fixture
def server(tiny: Tiny):
    (tiny.root / "www").mkdir(parents=True)
    serving = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tiny.root / "www/current")))
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()
    thread.join()


def test_what_readers_get_is_looked_at_and_the_old_site_comes_back_when_they_do_not_get_it(
    tiny: Tiny, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exemplars.publishing.online.PAUSE", 0)
    tiny.place = Place(name="thu", kind="folder", where="www", url=server)
    tiny.publish()
    before = live(tiny)
    tiny.files[HOME] = b"trang chu moi"
    tiny.place = Place(name="thu", kind="folder", where="www", url=f"{server}/nham-cho")
    with pytest.raises(Refused, match=r"người đọc chưa nhận được nó(.|\n)*build.json: không mở được(.|\n)*Đã chuyển lại về bản trước"):
        tiny.publish()
    assert live(tiny) == before
    tiny.place = Place(name="thu", kind="folder", where="www", url=server)
    assert tiny.publish().done == "published"
    (tiny.root / "www/current" / HOME).write_bytes(b"ai do sua")
    assert any("chưa phải bản vừa đăng" in fault for fault in tiny.check())
    assert any("máy chủ web đang đưa ra thứ khác" in fault for fault in _misled(tiny, server))


def _misled(tiny: Tiny, server: str) -> list[str]:
    """What `--check` says of a place in order that a web server shows wrongly."""
    tiny.publish()
    tiny.place = Place(name="thu", kind="folder", where="www", url=f"{server}/nham-cho")
    return tiny.check()


def gone(tiny: Tiny) -> None:
    """Takes the only story down."""
    tiny.files[PAGE] = b"Da go"
    tiny.stories = {"2020/mot": Told("2020-mot", "a" * 64, gone=True)}
    tiny.server = "location = /guong/2020/mot/ { return 410; }\n"


def test_a_page_that_settings_not_yet_loaded_lead_elsewhere_holds_nothing_up(
    tiny: Tiny, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Publishing itself writes the settings, so it cannot wait for them to be loaded; the receipt asks for that."""
    monkeypatch.setattr(_Quiet, "moved", {"/guong/2020/mot/": "/guong/2020/khac/"})
    tiny.place = Place(name="thu", kind="folder", where="www", url=server)
    tiny.publish()
    gone(tiny)
    done = tiny.publish()
    assert done.done == "published"
    assert f"Cấu hình máy chủ web đã đổi ({tiny.root}/www/server)" in as_text(done)
    assert "--rollback" not in as_text(done), "nobody is offered what will be refused"
    monkeypatch.setattr("exemplars.publishing.online.PAUSE", 0)
    monkeypatch.setattr(_Quiet, "cut", {"/"})
    assert any("index.html: không mở được" in fault for fault in tiny.check()), "an answer that ends early is told like any other"
    monkeypatch.setattr(_Quiet, "moved", {"/build.json": "/feed.xml"})
    assert any("build.json: chưa phải bản vừa đăng" in fault for fault in tiny.check()), "another site is none of ours"


def test_what_was_taken_down_does_not_come_back_because_a_web_server_fails(
    tiny: Tiny, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exemplars.publishing.online.PAUSE", 0)
    tiny.publish()
    gone(tiny)
    tiny.place = Place(name="thu", kind="folder", where="www", url=f"{server}/nham-cho")
    with pytest.raises(Refused, match=r"ĐÃ CHUYỂN(.|\n)*Không chuyển lại, vì bản trước còn hiện bài đã gỡ") as refused:
        tiny.publish()
    assert refused.value.switched
    assert live(tiny)[PAGE] == b"Da go"


def test_a_first_publication_that_no_web_server_shows_yet_leaves_what_is_needed_to_set_one_up(
    tiny: Tiny, server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("exemplars.publishing.online.PAUSE", 0)
    tiny.place = Place(name="thu", kind="folder", where="www", url=f"{server}/nham-cho")
    with pytest.raises(Refused, match=r"ĐÃ CHUYỂN(.|\n)*Không chuyển lại, vì không có bản nào khác") as refused:
        tiny.publish()
    assert refused.value.switched
    assert (tiny.root / "www/server/nginx.conf").read_text(encoding="utf-8") == tiny.server


def test_a_receipt_tells_what_people_have_to_know(tiny: Tiny) -> None:
    first = tiny.publish()
    assert tiny.publish(dry_run=True).done == "nothing planned"
    (tiny.root / "www/current" / HOME).write_bytes(b"ai do sua")
    assert "1 tệp ở nơi đăng đã bị đổi hay mất: đã sửa lại" in as_text(tiny.publish())
    tiny.files[FEED] = b"<rs2/>"
    second = tiny.publish()
    assert f"--rollback {first.release.id}" in as_text(second)
    with pytest.raises(Refused, match="đang chạy rồi"):
        tiny.roll_back("2")
    assert "Kho vẫn ở bản mới" in as_text(tiny.roll_back())
