"""The doors: what a build does with bad input, `mkdocs serve`, and the hook's own promises."""

from __future__ import annotations

import contextlib
import fcntl
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import serve
from build import SERVER
from exemplars.serving import policy
from sites import build, copy_repository, mkdocs_build, run, tree

STORIES = ("2020/sap-lai-so-truc-dem", "2020/ho-so-tra-trong-ngay", "2020/goc-doc-sach-khu-tro")
DOORS = pytest.mark.parametrize("door", [build, mkdocs_build], ids=["make site", "mkdocs build"])


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small site: two approved stories and a draft."""
    root = copy_repository(tmp_path / "root", stories=STORIES)
    for event in (root / "content/events").glob("*.md"):
        event.unlink()  # they name other stories
    (root / "content/index.md").write_text("---\ntemplate: home.html\n---\n\n# Gương sáng\n")
    return root


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@DOORS
def test_bad_stories_leave_the_last_site_standing(root: Path, door: Callable[[Path], subprocess.CompletedProcess[str]]) -> None:
    assert door(root).returncode == 0
    before = tree(root / "site")
    _edit(root / "stories/2020/sap-lai-so-truc-dem/index.md", "unit: trung-tam-cong-tac-xa-hoi", "unit: trung-tam-cong-tac-xh")
    _edit(root / "stories/2020/ho-so-tra-trong-ngay/index.md", "kind: ", "kimd: ")
    _edit(root / "campaigns/lao-dong-gioi.md", "title: Lao động giỏi", "title: Lao động: giỏi")
    done = door(root)
    assert done.returncode == 1
    for said in ("sap-lai-so-truc-dem/index.md:9:7: TL001", "ho-so-tra-trong-ngay/index.md:7:1: CT006", "lao-dong-gioi.md:3:16: CT007"):
        assert said in done.stderr
    assert "Có phải là «trung-tam-cong-tac-xa-hoi»?" in done.stderr
    assert "Traceback" not in done.stderr
    assert tree(root / "site") == before


@DOORS
def test_a_cache_that_cannot_be_used_is_named(root: Path, door: Callable[[Path], subprocess.CompletedProcess[str]]) -> None:
    (root / ".cache/store/told").mkdir(parents=True)
    done = door(root)
    assert done.returncode == 1
    assert re.search(r"Không ghi được \S+/\.cache/store/told: .* Hãy xóa nó rồi chạy lại", done.stdout + done.stderr)
    assert "Traceback" not in done.stderr
    assert not (root / "site/build.json").exists()


@DOORS
def test_a_story_forges_no_line_of_the_log(root: Path, door: Callable[[Path], subprocess.CompletedProcess[str]]) -> None:
    _edit(root / "stories/2020/sap-lai-so-truc-dem/index.md", "unit: trung-tam-cong-tac-xa-hoi", 'unit: "x\\n::error::giả ##[error]giả"')
    done = door(root)
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).splitlines()
    assert any("\\u000a::error::giả" in line for line in lines)
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in lines)


@DOORS
def test_a_dangling_link_in_a_hand_written_page(root: Path, door: Callable[[Path], subprocess.CompletedProcess[str]]) -> None:
    with (root / "content/gioi-thieu.md").open("a") as page:
        page.write("\nXem [bài này](../stories/2020/ho-so-tra-trong-ngay/index.md) và [bài kia](../stories/2020/khong-co/index.md).\n")
    done = door(root)
    assert done.returncode == 1
    assert "content/gioi-thieu.md: liên kết «../stories/2020/khong-co/index.md» không dẫn tới tệp nào" in done.stderr
    assert not (root / "site/build.json").exists(), "a strict build that failed must not look finished"
    _edit(root / "content/gioi-thieu.md", " và [bài kia](../stories/2020/khong-co/index.md)", "")
    assert door(root).returncode == 0
    assert 'href="../guong/2020/ho-so-tra-trong-ngay/"' in (root / "site/gioi-thieu/index.html").read_text()


@DOORS
def test_a_hand_written_page_does_not_lead_to_a_story_that_readers_do_not_see(
    root: Path, door: Callable[[Path], subprocess.CompletedProcess[str]]
) -> None:
    with (root / "content/gioi-thieu.md").open("a") as page:
        page.write("\nXem [bài **này**](../stories/2020/goc-doc-sach-khu-tro/index.md).\n")
    assert door(root).returncode == 0
    text = (root / "site/gioi-thieu/index.html").read_text()
    assert "<p>Xem bài <strong>này</strong>.</p>" in text
    assert "goc-doc-sach-khu-tro" not in text


@DOORS
def test_a_link_that_mkdocs_cannot_follow_is_told_in_vietnamese(
    root: Path, door: Callable[[Path], subprocess.CompletedProcess[str]]
) -> None:
    page = root / "content/gioi-thieu.md"
    page.write_text(page.read_text() + "\n[a](khong-co.md)\n\n[b](tiep-can.md#khong-co)\n\n[c](/cong/)\n")
    line = page.read_text().split("\n").index("[a](khong-co.md)") + 1
    done = door(root)
    assert done.returncode == 1
    assert f"content/gioi-thieu.md:{line}: liên kết «khong-co.md» không dẫn tới trang hay mục nào. Hãy sửa đường dẫn." in done.stderr
    assert f"content/gioi-thieu.md:{line + 2}: liên kết «tiep-can.md#khong-co»" in done.stderr
    assert f"content/gioi-thieu.md:{line + 4}: liên kết «/cong/» là địa chỉ tuyệt đối" in done.stderr
    assert "Doc file" not in done.stderr


@DOORS
def test_two_files_for_one_address(root: Path, door: Callable[[Path], subprocess.CompletedProcess[str]]) -> None:
    (root / "content/don-vi.md").write_text("# Trang viết tay cùng địa chỉ\n")
    _edit(root / "mkdocs.yml", "  - Tiếp cận: tiep-can.md", "  - Tiếp cận: tiep-can.md\n  - Đơn vị: don-vi.md")
    done = door(root)
    assert done.returncode == 1
    assert "CT014" in done.stderr
    assert "«don-vi/index.html»" in done.stderr
    assert "Traceback" not in done.stderr


@DOORS
@pytest.mark.parametrize(
    ("template", "old", "new", "line", "says"),
    [
        pytest.param("story.html", '<article class="story">', "{% if %}", "{% if %}", "Expected an expression", id="mẫu của bài"),
        pytest.param("home.html", "{% block main %}", "{% block main %}\n{% if %}", "{% if %}", "Expected an expression", id="trang đầu"),
        pytest.param("partials/cards.html", "{% macro", "{% for %}{% macro", "{% for %}", "Expected an expression", id="mẫu dùng chung"),
        pytest.param("list.html", "{% block main %}", "{% block main %}\n{{ data.a.b }}", "{{ data.a.b }}", "has no attribute 'a'", id="giá trị không có"),
        pytest.param("list.html", "{% block main %}", '{% block main %}\n{{ 1 + "a" }}', '{{ 1 + "a" }}', "unsupported operand", id="phép tính sai"),
        pytest.param("list.html", "{% block main %}", '{% block main %}\n{% include "x.html" %}', "{% include", "x.html", id="mẫu con không có"),
    ],
)  # fmt: skip
def test_a_broken_template_is_named_by_file_and_line(  # noqa: PLR0913, PLR0917
    root: Path, door: Callable[[Path], subprocess.CompletedProcess[str]], template: str, old: str, new: str, line: str, says: str
) -> None:
    path = root / "hooks/theme" / template
    _edit(path, old, new)
    number = next(at for at, text in enumerate(path.read_text().splitlines(), 1) if line in text)
    done = door(root)
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert f"hooks/theme/{template}:{number}: mẫu trang này không dùng được. Jinja báo: " in last
    assert says in last
    assert "Hãy sửa mẫu" in last
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("address", ["portal.example/guong-sang/", "[a]", "12"], ids=["thiếu https", "danh sách", "số"])
def test_an_address_that_mkdocs_refuses_is_told_in_vietnamese(root: Path, address: str) -> None:
    _edit(root / "mkdocs.yml", "site_url: https://portal.example/guong-sang/", f"site_url: {address}")
    done = build(root)
    assert done.returncode == 1
    assert "mkdocs.yml: `site_url` không dùng được." in done.stderr
    assert "bắt đầu bằng https:// và kết thúc bằng dấu /" in done.stderr
    assert "Config value" not in done.stderr


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("site_name: [a\n", "mkdocs.yml:1:12: MkDocs không đọc được tệp này: thiếu dấu ] hoặc dấu phẩy trong danh sách."),
        ("site_name: [\n", "mkdocs.yml:2:1: MkDocs không đọc được tệp này: dấu [ hoặc { mở mà không đóng, hoặc thừa dấu phẩy."),
        ("site_name: a: b\n", "mkdocs.yml:1:13: MkDocs không đọc được tệp này: giá trị có dấu hai chấm;"),
        ("site_name: a\n\tnav: b\n", "mkdocs.yml:2:1: MkDocs không đọc được tệp này: dòng thụt vào bằng phím Tab;"),
        ("site_name: \x01\n", "mkdocs.yml: MkDocs không đọc được tệp này ("),
    ],
    ids=["ngoặc mở", "ngoặc trống", "hai chấm", "phím Tab", "ký tự lạ"],
)
def test_a_configuration_that_cannot_be_read_is_told_with_its_place(root: Path, typed: str, says: str) -> None:
    (root / "mkdocs.yml").write_text(typed, encoding="utf-8")
    done = build(root)
    assert done.returncode == 1
    assert done.stderr.startswith(says)
    assert "Traceback" not in done.stderr


@DOORS
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("", "trang viết tay chưa có trong mục `nav`: tiep-can.md. Hãy thêm vào `nav`"),
        ("  - Tiếp cận: tiep-can.md\n  - Khác: khac.md", "mục `nav` nêu «khac.md», mà content/ không có tệp ấy."),
        ("  - Tiếp cận: tiep-can.md\n  - Khác: /khac/", "mục `nav` nêu «/khac/» là địa chỉ tuyệt đối"),
    ],
    ids=["chưa ghi", "không có tệp", "tuyệt đối"],
)
def test_a_wrong_line_of_the_navigation_is_told_in_vietnamese(
    root: Path, door: Callable[[Path], subprocess.CompletedProcess[str]], line: str, says: str
) -> None:
    _edit(root / "mkdocs.yml", "  - Tiếp cận: tiep-can.md", line)
    done = door(root)
    assert done.returncode == 1
    assert f"mkdocs.yml: {says}" in done.stderr
    assert "configuration" not in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("site_url: https://portal.example/guong-sang/", "site_url: ''", "`site_url`"),
        ("site_url: https://portal.example/guong-sang/", "site_url: /guong-sang/", "site_url"),
        ("site_url: https://portal.example/guong-sang/", "site_url: https://portal.example/Gương sáng/", "không chữ có dấu"),
        ("tag: portal.example,2020", "tag: portal", "`extra.exemplars.tag`"),
        ('hub: ""', "hub: abc", "`extra.exemplars.hub`"),
        ("plan: ke-hoach-2020", "plan: ke-hoach-2099", "Đang có: ke-hoach-2020."),
        ('contact: ""', "contact: lan@so.vn, 0254.385", "`extra.exemplars.contact`"),
    ],
    ids=[
        "thiếu địa chỉ",
        "địa chỉ tương đối",
        "địa chỉ có dấu",
        "sai mã",
        "máy báo tin không phải địa chỉ",
        "kế hoạch không có",
        "hai chỗ liên hệ",
    ],
)
def test_settings_that_cannot_work_are_refused(root: Path, old: str, new: str, said: str) -> None:
    _edit(root / "mkdocs.yml", old, new)
    done = build(root)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_setting_left_empty_is_not_there(root: Path) -> None:
    text = (root / "mkdocs.yml").read_text(encoding="utf-8")
    (root / "mkdocs.yml").write_text(re.sub(r"(?m)^( +(?:notice|contact|hub|publisher|portals):).*$", r"\1", text), encoding="utf-8")
    assert build(root).returncode == 0
    said = [path for path in (root / "site").rglob("*") if path.suffix in {".html", ".xml", ".json"} and b"None" in path.read_bytes()]
    assert said == []


def test_an_unreadable_photo_names_the_story(root: Path) -> None:
    photo = root / "stories/2020/sap-lai-so-truc-dem/anh-chinh.jpg"
    photo.write_bytes(photo.read_bytes()[:20_000])
    done = build(root)
    assert done.returncode == 1
    assert "sap-lai-so-truc-dem/index.md" in done.stderr
    assert "AN004" in done.stderr


def test_a_site_without_stories_says_so(root: Path) -> None:
    for story in (root / "stories").glob("*/*/index.md"):
        for file in story.parent.iterdir():
            file.unlink()
        story.parent.rmdir()
    done = build(root)
    assert done.returncode == 0, done.stderr
    assert "Chưa có câu chuyện nào được biểu dương." in (root / "site/index.html").read_text()
    assert "Chưa có câu chuyện nào." in (root / "site/phong-trao/lao-dong-gioi/index.html").read_text()
    assert "Chưa có nhân vật nào." in (root / "site/nhan-vat/index.html").read_text()


def test_a_renamed_file_leaves_nothing_behind(root: Path) -> None:
    assert build(root).returncode == 0
    (root / "content/tiep-can.md").rename(root / "content/tiep-can-web.md")
    _edit(root / "mkdocs.yml", "tiep-can.md", "tiep-can-web.md")
    for template in ("main.html",):
        _edit(root / "hooks/theme" / template, '("tiep-can/", "Tiếp cận")', '("tiep-can-web/", "Tiếp cận")')
    assert build(root).returncode == 0
    assert not (root / "site/tiep-can").exists()
    assert (root / "site/tiep-can-web/index.html").exists()


def test_check_from_another_folder(root: Path, tmp_path: Path) -> None:
    done = run(tmp_path, str(root / "scripts/check.py"), "--root", str(root), "--format", "json")
    assert done.returncode == 0, done.stdout
    assert '"errors": 0' in done.stdout


# --- mkdocs serve -------------------------------------------------------------------------------------------------------


@pytest.fixture
def served(root: Path, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (tmp_path / "serve.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "-a", f"127.0.0.1:{port}"], cwd=root, stdout=log, stderr=log,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, start_new_session=True,
    )  # fmt: skip

    def get(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/guong-sang/{path}", timeout=20) as answer:
            return str(answer.read().decode())

    yield get
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    log.close()


def _until(get: Callable[[str], str], path: str, wanted: Callable[[str], bool], seconds: float = 60) -> str:
    """The page as soon as it is as wanted; the last one seen when it never is."""
    end, html = time.monotonic() + seconds, ""
    while time.monotonic() < end:
        with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            html = get(path)
            if wanted(html):
                return html
        time.sleep(0.1)
    return html


def test_serve_shows_everything_and_follows_edits(root: Path, served: Callable[[str], str]) -> None:
    draft = _until(served, "guong/2020/goc-doc-sach-khu-tro/", lambda html: "bản nháp" in html)
    assert "Xem trước, chưa đăng cho độc giả. Trạng thái: <strong>bản nháp</strong>." in draft
    story = root / "stories/2020/sap-lai-so-truc-dem/index.md"
    _edit(story, "title: Người sắp lại sổ trực đêm", "title: Người sắp lại cuốn sổ trực đêm")
    edited = _until(served, "guong/2020/sap-lai-so-truc-dem/", lambda html: "<h1>Người sắp lại cuốn sổ" in html)
    assert "<h1>Người sắp lại cuốn sổ trực đêm</h1>" in edited
    assert "đã sửa sau khi duyệt" in edited
    _edit(story, "unit: trung-tam-cong-tac-xa-hoi", "unit: khong-co-don-vi-nay")
    faulty = _until(served, "guong/2020/sap-lai-so-truc-dem/", lambda html: "khong-co-don-vi-nay" in html)
    assert "TL001" in faulty, "a faulty story is shown with what is wrong, and the server goes on"
    _edit(story, "unit: khong-co-don-vi-nay", "unit: trung-tam-cong-tac-xa-hoi")
    _edit(story, "title: Người sắp", "title: Mới: Người sắp")
    unread = _until(served, "guong/2020/sap-lai-so-truc-dem/", lambda html: "chưa đọc được" in html)
    assert "<h1>Bài này chưa đọc được</h1>" in unread
    assert "CT007" in unread, "one that cannot be read says why at its own address, where the browser looks again"
    assert "livereload" in unread
    _edit(story, "title: Mới: Người sắp", "title: Người sắp")
    assert "<h1>Người sắp" in _until(served, "guong/2020/sap-lai-so-truc-dem/", lambda html: "<h1>Người sắp" in html)


def test_a_note_of_the_shell_that_is_damaged_is_not_believed(root: Path) -> None:
    assert build(root).returncode == 0
    before, note = tree(root / "site"), root / ".cache/site-shell.json"
    note.write_bytes(note.read_bytes().replace(b"https://portal", b"https://qortal"))
    (root / "stories/2020/sap-lai-so-truc-dem/index.md").touch()
    (root / ".cache/site.files").unlink()
    assert build(root).returncode == 0
    assert tree(root / "site") == before


def test_settings_of_the_web_server_are_written_where_they_are_not(root: Path) -> None:
    assert build(root).returncode == 0
    told = tree(root / "server")
    assert set(told) == set(SERVER)
    (root / "server/nginx.conf").unlink()
    assert build(root).returncode == 0
    assert tree(root / "server") == told


def test_a_commit_is_that_of_the_site_whatever_git_has_set_for_its_hooks(root: Path, tmp_path: Path) -> None:
    commits = []
    for place in (root, tmp_path / "other"):
        place.mkdir(exist_ok=True)
        (place / "riêng.txt").write_text(str(place))
        for command in (["init", "-q"], ["add", "-A"], ["-c", "user.name=T", "-c", "user.email=t@x.vn", "commit", "-qm", "Một"]):
            subprocess.run(["git", "-C", place, *command], check=True, capture_output=True)
        commits.append(subprocess.run(["git", "-C", place, "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip())
    assert build(root, GIT_DIR=str(tmp_path / "other/.git"), GIT_INDEX_FILE=str(tmp_path / "other/.git/index")).returncode == 0
    assert json.loads((root / "site/build.json").read_bytes())["commit"] == commits[0] != commits[1]


def test_two_builds_at_once_give_one_site(root: Path) -> None:
    command = [sys.executable, root / "scripts/build.py", "--root", root]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    said = [one.communicate()[0] for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    twice = tree(root / "site")
    shutil.rmtree(root / ".cache")
    shutil.rmtree(root / "site")
    assert build(root).returncode == 0
    assert tree(root / "site") == twice


def test_a_built_site_is_shown_under_its_own_path_whatever_is_asked(root: Path) -> None:
    _edit(root / "mkdocs.yml", "https://portal.example/guong-sang/", "https://portal.example/khac/")
    _edit(root / "mkdocs.yml", 'portals: "*"', "portals: https://cong.example")
    assert build(root).returncode == 0
    (root / "srv.py").write_text("khong duoc thay")
    shown, address = serve.server(root / "site")
    threading.Thread(target=shown.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        assert address.endswith("/khac/")
        for method in ("HEAD", "GET"):
            for path, status in (
                ("/khac/", 200), ("/khac/guong/", 200), ("/khac/khong-co/", 404), ("/srv.py", 404), ("/khac/../srv.py", 404),
                ("/khac/%00", 404), (f"/khac/{'a' * 3000}", 404),
            ):  # fmt: skip
                with contextlib.closing(http.client.HTTPConnection("127.0.0.1", shown.server_port, timeout=10)) as host:
                    host.request(method, path, headers={"Connection": "close"})
                    with host.getresponse() as answer:
                        assert answer.status == status, (method, path)
                        assert answer.getheader("Content-Security-Policy")
                        assert bool(answer.read()) == (method == "GET")
        for path, name, value in (
            ("robots.txt", "Content-Type", "text/plain; charset=utf-8"), ("assets/chia-se.png", "Content-Type", "image/png"),
            ("nhung/", "Content-Security-Policy", policy(framed_by="https://cong.example")),
        ):  # fmt: skip
            with urllib.request.urlopen(f"{address}{path}", timeout=10) as answer:  # noqa: S310 - our own
                assert answer.headers[name] == value, path
    finally:
        shown.shutdown()
        shown.server_close()


def test_who_comes_second_looks_only_after_the_first_has_ended(root: Path) -> None:
    """A hand-written page that its own build refuses must not get into the site by way of another's."""
    (root / ".cache").mkdir()
    with (root / ".cache/building.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        command = [sys.executable, root / "scripts/build.py", "--root", root, "--no-search"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as second:
            assert second.stderr
            assert second.stderr.readline() == "Đang có một lần dựng khác; chờ lần ấy xong…\n"
            assert not (root / ".cache/site-shell").exists()
            fcntl.flock(held, fcntl.LOCK_UN)
            assert second.communicate()[0]
            assert second.returncode == 0


def test_each_place_has_a_note_of_its_own(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "khac"
    command = (str(root / "scripts/build.py"), "--root", str(root), "--no-search")
    assert run(root, *command, "--site", str(elsewhere)).returncode == 0
    (elsewhere / "guong/cua-ho.txt").write_text("x")
    assert run(root, *command).returncode == 0
    again = run(root, *command, "--site", str(elsewhere))
    assert "ghi 0, bỏ 0" in again.stdout
    assert (elsewhere / "guong/cua-ho.txt").exists()


def test_a_file_in_the_place_of_a_year_does_not_stop_a_preview(root: Path) -> None:
    (root / "stories/index.md").write_text("x")
    (root / "stories/2020/index.md").write_text("x")
    done = run(root, str(root / "scripts/build.py"), "--root", str(root), "--preview", "--no-search")
    assert done.returncode == 0, done.stderr
    assert not (root / ".cache/preview/guong/2020/index.md").exists()


def test_dirty_builds_are_refused_in_vietnamese(root: Path) -> None:
    done = mkdocs_build(root, "--dirty")
    assert done.returncode == 1
    assert "Không dùng `--dirty`" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_search(root: Path) -> None:
    """No index, and a search page that only leads to the lists; the next whole build brings both back."""
    done = run(root, "scripts/build.py", "--root", str(root), "--no-search")
    assert done.returncode == 0, done.stderr
    assert not (root / "site/pagefind").exists()
    page = (root / "site/tim-kiem/index.html").read_text()
    assert "search.js" not in page
    assert 'href="../don-vi/"' in page
    assert build(root).returncode == 0
    assert (root / "site/pagefind/pagefind.js").is_file()
    assert "search.js" in (root / "site/tim-kiem/index.html").read_text()
    assert "'wasm-unsafe-eval'" in (root / "server/nginx.conf").read_text()


def test_without_feeds(root: Path) -> None:
    """For measuring: not a feed document, and a stamp that keeps anybody from publishing it; the next whole build brings them back."""
    done = run(root, "scripts/build.py", "--root", str(root), "--no-search", "--no-feeds")
    assert done.returncode == 0, done.stderr
    assert not [path for path in (root / "site").rglob("*") if re.match(r"(feed|atom|stories).*[.](xml|json|opml)$", path.name)]
    assert json.loads((root / "site/build.json").read_bytes())["preview"] is True
    assert run(root, "scripts/build.py", "--root", str(root), "--no-search").returncode == 0
    assert all((root / "site" / name).is_file() for name in ("feed.xml", "atom.xml", "feed.json", "stories.json", "feeds.opml"))
    assert json.loads((root / "site/build.json").read_bytes())["preview"] is False


def test_no_pagefind_leaves_no_finished_site(root: Path) -> None:
    """A missing index fails the build, in one line that says what to do."""
    (root / "pagefind_bin.py").write_text("def get_executable():\n    raise FileNotFoundError('không có tệp chạy')\n")
    done = build(root, PYTHONPATH=str(root))
    assert done.returncode == 1
    assert "Không chạy được Pagefind" in done.stderr
    assert "--no-search" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (root / "site/build.json").exists()


def test_a_template_that_the_disk_refuses_is_not_replaced_by_another(root: Path) -> None:
    """Material has a 404.html of its own, and Jinja would go on to that one without a word."""
    refusing = (
        "import os, sys; sys.path.insert(0, 'scripts'); there = os.path.isfile; "
        "os.path.isfile = lambda path: there(path) and not str(path).endswith('hooks/theme/404.html'); "
        f"import build; sys.exit(build.main(['--root', {str(root)!r}, '--no-search']))"
    )
    done = run(root, "-c", refusing)
    assert done.returncode == 1
    assert "hooks/theme/404.html: không đọc được mẫu trang này." in done.stderr
    assert not (root / "site").exists()
