"""What every kind of place must do, tried on a folder, over ssh, on S3 and over SFTP, each with a real server."""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock
from urllib.request import urlopen

import pytest

from exemplars.model import LEDGER
from exemplars.publishing import online, packed
from exemplars.publishing.locking import LASTS, Wait
from exemplars.publishing.places import Place
from exemplars.publishing.receipt import as_text
from exemplars.publishing.refusal import Busy, Refused
from exemplars.publishing.release import Release, Told
from exemplars.publishing.targets import ssh
from exemplars.publishing.targets.folder import Folder
from tinysite import FEED, FILES, HOME, PAGE, PIECE, Tiny

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("folder", "ssh", "s3", "sftp")


class There:
    """A tiny site and its place: what readers see there, and a way to damage it."""

    def __init__(self, tiny: Tiny, seen: Path) -> None:
        self.tiny, self.folder = tiny, seen

    def seen(self) -> dict[str, bytes]:
        suffix = "._S3rver_object"
        return {
            path.relative_to(self.folder).as_posix().removesuffix(suffix): path.read_bytes() for path in sorted(self.folder.rglob("*"))
            if path.is_file() and (not (self.folder / ".").is_dir() or not path.name.endswith(("._S3rver_metadata.json", "._S3rver_object.md5")))
        }  # fmt: skip

    def file(self, path: str) -> Path:
        s3 = self.folder / f"{path}._S3rver_object"
        return s3 if s3.is_file() else self.folder / path


@pytest.fixture(params=KINDS)
def there(request: pytest.FixtureRequest, tmp_path: Path) -> There:
    return place(request, tmp_path, request.param)


def place(request: pytest.FixtureRequest, folder: Path, kind: str) -> There:
    name = folder.name
    given: dict[str, Any] = {"name": "thu", "kind": kind, "keep": 2}
    root, served = folder / "kho", folder / "may-chu"
    match kind:
        case "folder":
            return There(Tiny(root, Place(**given, where=str(served))), served / "current")
        case "ssh":
            config = str(request.getfixturevalue("sshd").config)
            return There(Tiny(root, Place(**given, where=f"may:{served}", ssh_config=config)), served / "current")
        case "sftp":
            config = str(request.getfixturevalue("sshd").rclone)
            where = {"where": f"may:{served}/trang", "store": f"may:{served}/rieng"}
            return There(Tiny(root, Place(**given, **where, rclone_config=config)), served / "trang")
        case _:
            server = request.getfixturevalue("s3")
            where = {"where": f"kho:trang/{name}", "store": f"kho:rieng/{name}"}
            tiny = Tiny(root, Place(**given, **where, rclone_config=str(server.rclone), url=server.url + name))
            return There(tiny, server.data / "trang" / name)


def without_stamp(seen: dict[str, bytes]) -> dict[str, bytes]:
    """The site's own files; what is packed of them is tried where it is made."""
    return {path: data for path, data in seen.items() if path != "build.json" and not path.endswith((".gz", ".br"))}


def only(*kinds: str) -> pytest.MarkDecorator:
    """What is decided above the targets need not be tried on each."""
    return pytest.mark.parametrize("there", kinds, indirect=True)


def test_publish_edit_check_roll_back(there: There) -> None:
    tiny = there.tiny
    first = tiny.publish()
    assert (first.done, first.release.serial, first.before) == ("published", 1, None)
    assert f"Cấu hình cho máy chủ web: {tiny.place.store or tiny.place.where}/server.\n" in as_text(first)
    assert without_stamp(there.seen()) == FILES
    assert tiny.check() == []
    again = tiny.publish()
    assert (again.done, again.written, again.release.serial) == ("unchanged", 0, 1)
    old = there.seen()

    tiny.files |= {FEED: b"<rss>2</rss>", HOME: FILES[HOME] + b" hai"}
    del tiny.files["pagefind/fragment/vi_1.pf_fragment"]
    second = tiny.publish()
    assert second.changes.changed == (FEED, HOME)
    assert second.changes.removed == (PIECE,)
    assert without_stamp(there.seen()) == {**tiny.files, PIECE: b"mot"}, "a page read before the switch still finds its piece after it"
    assert tiny.check(second.release.id[:6]) == []
    assert tiny.check("1")

    back = tiny.roll_back()
    assert (back.done, back.release.id) == ("rolled back", first.release.id)
    assert there.seen() == old, "byte for byte what it was"
    assert tiny.check("1") == []
    forth = tiny.roll_back(second.release.id)
    assert forth.release.id == second.release.id
    assert without_stamp(there.seen()) == {**tiny.files, PIECE: b"mot"}
    tiny.files[FEED] = b"<rss>3</rss>"
    assert tiny.publish().release.serial == 3
    assert [one.serial for one in tiny.target.releases()] == [3, 2], "the last two stay"
    assert tiny.check() == []


@only("folder", "ssh")
@pytest.mark.parametrize("level", [1, None], ids=["other bytes", "nothing gained"])
def test_a_machine_with_another_zlib_publishes_the_same_site(level: int | None, there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = there.tiny
    tiny.files[FEED] = b"<rss>" + b"mot hai ba bon nam sau " * 400 + bytes(range(65, 91)) * 9 + b"</rss>"
    tiny.publish()
    monkeypatch.setattr(packed, "VERSION", "another zlib")
    monkeypatch.setattr(
        packed, "beside", lambda path, data: {f"{path}.gz": gzip.compress(data, level, mtime=0)} if level and path == FEED else {}
    )
    tiny.publish()
    assert tiny.check() == []
    assert tiny.publish().done == "unchanged"


def test_readers_who_do_not_get_the_new_release_get_back_what_they_had(there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny, told = there.tiny, list[str]()
    monkeypatch.setattr(online, "faults", lambda *_: told)
    tiny.place = replace(tiny.place, url="http://127.0.0.1/")
    tiny.publish()
    before = there.seen()
    tiny.files |= {FEED: b"<rss>2</rss>", HOME: FILES[HOME] + b" hai"}
    told.append("index.html: không mở được")
    with pytest.raises(Refused, match="Đã chuyển lại về bản trước") as refused:
        tiny.publish()
    assert not refused.value.switched
    assert there.seen() == before
    told.clear()
    assert tiny.publish().done == "published"


@only("folder")
@pytest.mark.parametrize("which", ["target", "online"])
def test_a_rollback_that_is_refused_leaves_the_live_release_what_it_was(which: str, there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = there.tiny
    tiny.publish()
    tiny.files[FEED] = b"<rss>2</rss>"
    tiny.publish()
    tiny.place = replace(tiny.place, url="http://127.0.0.1/")
    monkeypatch.setattr(online, "faults", lambda *_: ["hỏng"])
    if which == "target":
        monkeypatch.setattr(tiny.target, "faults", lambda *_: ["hỏng"])
    with pytest.raises(Refused, match="hỏng"):
        tiny.roll_back()
    assert [(one.serial, one.retired) for one in tiny.target.releases()] == [(2, False), (1, False)]


@only("folder")
def test_what_was_added_to_the_ledger_while_files_moved_stays(there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny, ledger, send = there.tiny, there.tiny.root / LEDGER, there.tiny.target.send

    def slow(*given: Any) -> int:
        ledger.write_text("guong/2018/khac/ 2018-khac\n", encoding="utf-8")
        return send(*given)

    monkeypatch.setattr(tiny.target, "send", slow)
    tiny.publish()
    assert ledger.read_text(encoding="utf-8") == "guong/2018/khac/ 2018-khac\nguong/2020/mot/ 2020-mot\n"


@only("folder")
def test_whoever_cannot_be_given_back_what_they_had_is_not_told_so(there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = there.tiny
    tiny.publish()
    tiny.files[FEED], tiny.place = b"<rss>2</rss>", replace(tiny.place, url="http://127.0.0.1/")
    monkeypatch.setattr(online, "faults", lambda *_: ["index.html: không mở được"])
    switch, done = tiny.target.switch, list[str]()

    def once(one: Release, seen: Any) -> None:
        if done:
            raise Refused("hỏng")
        done.append(one.id)
        switch(one, seen)

    monkeypatch.setattr(tiny.target, "switch", once)
    with pytest.raises(Refused, match=r"ĐÃ CHUYỂN(.|\n)*Chưa chuyển lại được về bản trước \(hỏng\)") as refused:
        tiny.publish()
    assert refused.value.switched


@only("folder", "ssh")
def test_what_the_web_server_is_told_belongs_to_the_release(there: There) -> None:
    tiny, told = there.tiny, there.folder.parent / "server/nginx.conf"
    first = tiny.publish()
    assert first.server_changed
    tiny.files[FEED], tiny.server = b"<rss>2</rss>", "location = /g/cu/ { return 410; }\n"
    assert tiny.publish().server_changed
    assert told.read_text(encoding="utf-8") == tiny.server
    assert tiny.roll_back().server_changed
    assert told.read_text(encoding="utf-8") == "# nginx\n"
    tiny.files[FEED], tiny.server = b"<rss>3</rss>", "# nginx\n"
    tiny.stamp = {"commit": None}
    assert not tiny.publish().server_changed


@only("folder", "ssh")
def test_a_release_of_an_earlier_version_knows_of_no_settings(there: There) -> None:
    tiny = there.tiny
    first = tiny.publish()
    tiny.target.mark(replace(first.release, server={}))
    tiny.files[FEED] = b"<rss>2</rss>"
    tiny.publish()
    assert tiny.roll_back().release.id == first.release.id
    assert there.seen()[FEED] == FILES[FEED]


@only("ssh")
def test_what_a_killed_sender_began_to_say_replaces_nothing(there: There) -> None:
    tiny = there.tiny
    id_ = tiny.publish().release.id
    record = there.folder.parent / f"releases/{id_}.json"
    before = record.read_bytes()
    with pytest.raises(Refused):  # the length is that of the whole, the bytes end early
        tiny.target._run(ssh.MARK, id_, str(len(before)), given=before[:100])  # type: ignore[attr-defined]
    assert record.read_bytes() == before


def test_nothing_half_written_is_left_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target, receipts = Folder(tmp_path), tmp_path / "receipts"

    for name, error in (("1.json", OSError(5, "Input/output error")), ("2.json", KeyboardInterrupt())):
        monkeypatch.setattr(os, "fchmod", Mock(side_effect=error))
        with pytest.raises(type(error)):
            target.note(name, b"{}")
        assert name == "2.json" or list(receipts.iterdir()) == []
    monkeypatch.undo()
    target.note("3.json", b"{}")
    assert [path.name for path in receipts.iterdir()] == ["3.json"]


@only("folder", "ssh")
def test_what_others_keep_beside_the_releases_stays(there: There) -> None:
    releases = there.folder.parent / "releases"
    theirs = {"20260201", "du-lieu", "0123456789abcde"}
    for name in theirs:
        (releases / name).mkdir(parents=True)
    (releases / "ghi-chu.txt").write_text("x")
    ours = releases / "0123456789abcdef"
    ours.mkdir()
    there.tiny.publish()
    assert theirs | {"ghi-chu.txt"} <= {path.name for path in releases.iterdir()}
    assert not ours.exists(), "a release that nobody finished"


@only("folder", "ssh", "sftp")
def test_damage_is_found_and_mended_by_publishing_again(there: There) -> None:
    tiny = there.tiny
    tiny.publish()
    there.file(PAGE).unlink()
    there.file(PAGE).write_bytes(b"<html>cut")
    assert any(PAGE in fault for fault in tiny.check())
    done = tiny.publish()
    assert (done.done, done.written) == ("unchanged", 1)
    assert tiny.check() == []
    assert there.seen()[PAGE] == FILES[PAGE]


@only("folder", "ssh", "s3")
def test_who_comes_second_is_told_who_was_first(there: There) -> None:
    tiny = there.tiny
    tiny.publish()
    wait = tiny.work().wait._replace(name="người thứ nhất")
    with tiny.target.lock(wait):
        second = Tiny(tiny.root, tiny.place)
        with pytest.raises(Busy, match=r"người thứ nhất đang đăng lên .* từ .*, khóa hết hạn lúc"), second.target.lock(second.work().wait):
            pytest.fail("hai người cùng giữ khóa")
    with second.target.lock(second.work().wait):
        pass


@only("folder")
def test_an_address_that_would_vanish_stops_everything(there: There) -> None:
    tiny = there.tiny
    tiny.publish()
    before = there.seen()
    del tiny.files[PAGE], tiny.files["guong/2020/mot/anh.webp"]
    tiny.files[HOME] = b"khong con lien ket"
    tiny.stories = {}
    with pytest.raises(Refused, match=r"guong/2020/mot/ \(sổ địa chỉ, dòng 1\): .*redirect_from"):
        tiny.publish()
    assert there.seen() == before


@only("folder", "ssh")
def test_a_rollback_never_shows_what_was_withdrawn_since(there: There) -> None:
    tiny = there.tiny
    tiny.publish()
    tiny.files |= {PAGE: b"Da go", PIECE: b"khac"}
    tiny.files["pagefind/fragment/vi_2.pf_fragment"] = tiny.files.pop(PIECE)
    tiny.stories = {"2020/mot": Told("2020-mot", "a" * 64, gone=True)}
    done = tiny.publish()
    assert done.changes.withdrawn == ("2020/mot",)
    assert without_stamp(there.seen()) == tiny.files, "nothing that held its words is carried on"
    with pytest.raises(Refused, match="còn hiện bài đã gỡ: guong/2020/mot/"):
        tiny.roll_back()
    assert without_stamp(there.seen()) == tiny.files


@only("s3")
def test_s3_tells_type_and_caching_of_each_file(there: There) -> None:
    there.tiny.publish()
    heads = {path: urlopen(f"{there.tiny.place.url}/{path}").headers for path in (FEED, PIECE, HOME, "guong/2020/mot/anh.webp")}  # noqa: S310
    told = {path: (head["Content-Type"], head["Cache-Control"]) for path, head in heads.items()}
    assert told == {
        FEED: ("application/rss+xml; charset=utf-8", "max-age=300"),
        PIECE: ("application/octet-stream", "public, max-age=31536000, immutable"),
        HOME: ("text/html; charset=utf-8", "no-cache"),
        "guong/2020/mot/anh.webp": ("image/webp", "no-cache"),
    }


@only("sftp")
def test_a_mark_whose_owner_died_is_passed_over_once_it_expired(there: There) -> None:
    tiny = there.tiny
    held: Any = tiny.target.lock(tiny.work().wait._replace(name="người đã mất"))
    held.__enter__()  # and never comes back
    second = Tiny(tiny.root, tiny.place, clock=tiny.clock + 10)
    with pytest.raises(Busy, match="người đã mất"):
        second.publish()
    second.clock = tiny.clock + LASTS
    assert second.publish().done == "published"


@only("s3")
def test_an_upload_that_broke_off_is_finished_by_the_next(there: There, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = there.tiny
    tiny.publish()
    upload: Callable[..., None] = tiny.target._upload  # type: ignore[attr-defined]
    tiny.files |= {PAGE: FILES[PAGE].replace(b"Home", b"Emoh"), FEED: b"<rs2/>"}  # of the same length
    calls = iter(range(9))
    monkeypatch.setattr(tiny.target, "_upload", lambda site, paths: upload(site, paths) if next(calls) < 2 else _broken())
    with pytest.raises(Refused, match="mạng đứt"):
        tiny.publish()
    seen = there.seen()
    assert (seen[PAGE], seen[FEED]) == (tiny.files[PAGE], FILES[FEED]), "pages went before the lists that tell of them"
    monkeypatch.undo()
    del tiny.files[FEED]
    tiny.files |= {PAGE: FILES[PAGE], FEED: FILES[FEED]}  # back to what live.json says is there
    assert tiny.publish().done == "unchanged"
    assert without_stamp(there.seen()) == FILES


def _broken() -> None:
    raise Refused("mạng đứt")


CUTTING = """#!{python}
import os, subprocess, sys, tempfile
from pathlib import Path
command = ["{ssh}", *sys.argv[1:]]
if "rsync --server" not in " ".join(command) or len(os.listdir("{folder}")) >= {times}:
    os.execv(command[0], command)
tempfile.mkstemp(dir="{folder}")
connection, passed = subprocess.Popen(command, stdin=subprocess.PIPE), 0
while passed < 60000 and (data := os.read(0, 4096)):
    connection.stdin.write(data)
    connection.stdin.flush()
    passed += len(data)
connection.kill()
sys.exit(255)
"""


@pytest.mark.parametrize("times", [1, 9])
def test_a_connection_that_drops(sshd: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    """Once: it is taken up again. Always: readers keep what they have, and the next publication finishes."""
    place_ = Place(name="thu", kind="ssh", where=f"may:{tmp_path}/www", ssh_config=str(sshd.config))
    Tiny(tmp_path / "kho", place_).publish()
    for folder in ("bin", "lan"):
        (tmp_path / folder).mkdir()
    (tmp_path / "bin/ssh").write_text(
        CUTTING.format(python=sys.executable, folder=tmp_path / "lan", times=times, ssh=shutil.which("ssh")), encoding="utf-8"
    )
    (tmp_path / "bin/ssh").chmod(0o755)
    monkeypatch.setattr("exemplars.publishing.targets.tools.PAUSE", 0.01)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    cut = Tiny(tmp_path / "kho", place_)
    cut.files["assets/lon.css"] = bytes(range(256)) * 1000  # more than passes before the cut
    seen = There(cut, tmp_path / "www/current")
    before = seen.seen()
    if times == 1:
        assert cut.publish().done == "published"
    else:
        with pytest.raises(Refused, match=r"Chép trang lên máy chủ không xong \(rsync, mã"):
            cut.publish()
        assert seen.seen() == before
        monkeypatch.undo()
        whole = Tiny(tmp_path / "kho", place_, files=cut.files)
        assert whole.publish().done == "published"
    assert len(list((tmp_path / "lan").iterdir())) == min(times, 3)
    assert without_stamp(seen.seen()) == cut.files


def test_nothing_is_done_without_the_lock_once_its_connection_dropped(sshd: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = Tiny(tmp_path / "kho", Place(name="thu", kind="ssh", where=f"may:{tmp_path}/www", ssh_config=str(sshd.config)))
    remote: Any = tiny.target
    held = remote._held
    monkeypatch.setattr("exemplars.publishing.targets.tools.PAUSE", 0.01)
    with remote.lock(Wait("a", 0, lambda: 0.0)):

        def looked() -> None:
            """The connection drops just after it was looked at."""
            held()
            remote._holding.kill()
            remote._holding.wait()

        monkeypatch.setattr(remote, "_held", looked)
        with pytest.raises(Refused, match="Mất kết nối đang giữ khóa"):
            remote.note("x.json", b"{}")
    assert not (tmp_path / "www/receipts").exists()


@pytest.mark.parametrize(("flock", "status"), [("exit 1", 75), ("kill -9 $$", 74)], ids=["người khác giữ", "bị dừng giữa chừng"])
def test_a_lock_that_was_stopped_is_not_taken_for_somebody_elses(flock: str, status: int, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/flock").write_text(f"#!/bin/sh\n{flock}\n")
    (tmp_path / "bin/flock").chmod(0o755)
    (tmp_path / "www").mkdir()
    (tmp_path / "www/.lock").write_text("{}")
    done = subprocess.run(
        ["sh", "-c", ssh.LOCK, "sh", tmp_path / "www", "0", "x", "1"], env={"PATH": f"{tmp_path}/bin:/usr/bin:/bin"}, stdin=subprocess.DEVNULL,
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == status
