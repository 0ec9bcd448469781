"""Hostile and unlucky input, class by class, through the checker's own door: a message that names the file, or harmless output.

Each runs in a process of its own that may use a minute of the processor, some twenty times what the worst of them needs: a text that
hangs is killed and fails its test, and a busy machine fails none.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import resource
import socket
import subprocess
import sys
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from exemplars.checking import check
from exemplars.reading import read_site
from sites import REPOSITORY, build, copy_repository

if TYPE_CHECKING:
    from collections.abc import Callable

    Root = Callable[..., Path]

TODAY = dt.date(2020, 12, 31)
PROCESSOR = 60  # seconds
FOLDER = "stories/2020/be-hau-lam-lai-tu-dau"
INDEX = f"{FOLDER}/index.md"
STORY = (REPOSITORY / INDEX).read_text(encoding="utf-8").replace("(../phien-viec-lam-ve-xa/index.md)", "(https://vi.du/)")
PICTURE = (REPOSITORY / FOLDER / "anh-chinh.jpg").read_bytes()
HEAD, BODY = STORY.split("\n---\n", 1)
WHOLE = 250_000


def limited() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR, PROCESSOR))


def checked(root: Path) -> set[tuple[str, str]]:
    """Path and code of every error; the process neither hung nor fell over."""
    done = subprocess.run(
        [sys.executable, str(REPOSITORY / "scripts/check.py"), "--root", str(root), "--today", "2020-12-31", "--format", "text"],
        capture_output=True, text=True, check=False, preexec_fn=limited,
    )  # fmt: skip
    assert done.returncode in {0, 1}, (done.returncode, done.stderr[-500:])
    assert "Traceback" not in done.stderr + done.stdout
    return {(line[1], line[2]) for line in re.finditer(r"^(\S.*?):\d+:\d+: ([A-Z]{2}\d{3})", done.stdout, re.MULTILINE)}


def errors(root: Path) -> list[tuple[str, str]]:
    return sorted((one.path, one.code) for one in check(*read_site(root, TODAY)) if one.level == "error")


# ---- what a story may say

FIELDS = [
    ("title: Bè hàu làm lại từ đầu", "title: {}"),
    ("summary: Sau cơn bão", "summary: {} Sau cơn bão"),
    ("name: Hộ ông Bùi Mẫu Ơn", "name: {}"),
    ("authority: Chủ tịch UBND xã Long Sơn", "authority: {}"),
    ("source: Sổ ghi của gia đình}", "source: {} }}"),
    ('unit: triệu đồng, period: "2018"', 'unit: {}, period: "2018"'),
    ("credit: Tranh minh họa", "credit: {}"),
    ("record: HS-2020-013", "record: {}"),
    ("authors: [Phòng Việc làm - An toàn lao động]", "authors: [{}]"),
    ("kind: mo-hinh-moi", "kind: {}"),
    ("stage: nhan-rong", "stage: {}"),
    ("unit: phong-viec-lam-an-toan-lao-dong", "unit: {}"),
    ("id: 2020-be-hau-lam-lai-tu-dau", "id: {}"),
    ("file: anh-chinh.jpg", "file: {}"),
    ("date: 2020-11-06", "date: {}"),
]


@pytest.mark.parametrize(("old", "new"), FIELDS, ids=[old.partition(":")[0] + " " + old.partition(": ")[2][:12] for old, _ in FIELDS])
@pytest.mark.parametrize("script", ["'<script>alert(1)</script>'", '"<img src=x onerror=alert(1)>"'], ids=["script", "onerror"])
def test_script_in_a_field_is_named(old: str, new: str, script: str, a_root: Root) -> None:
    assert old in STORY
    root = a_root({INDEX: STORY.replace(old, new.format(script), 1), f"{FOLDER}/anh-chinh.jpg": PICTURE}, real=True)
    line = STORY[: STORY.index(old)].count("\n") + 1
    found = {(one.path, one.line) for one in check(*read_site(root, TODAY)) if one.level == "error"}
    assert (INDEX, line) in found


TEXTS = {
    "dấu xung đột": (STORY.replace("\n## Việc làm", "\n<<<<<<< HEAD\n## Việc làm"), "CT017"),
    "bom neo YAML": ("---\n" + "a: &a [x, x]\n" + "".join(f"b{n}: [*a, *a]\n" for n in range(9)) + "---\n", "CT009"),
    "gộp khóa": (STORY.replace("sample: true", "<<: {sample: true}"), "CT009"),
    "thẻ python": (STORY.replace("sample: true", "sample: !!python/object/apply:os.system [id]"), "CT009"),
    "hai tài liệu": (STORY.replace("sample: true", "--- x\nsample: true"), "CT007"),
    "lồng ngoặc vuông": (f"---\na: {'[' * 9_000}\n---\n", "CT007"),
    "lồng ngoặc nhọn": (f"---\na: {'{' * 9_000}\n---\n", "CT007"),
    "lồng gạch đầu dòng": (f"---\n{'- ' * 4_500}\n---\n", "CT007"),
    "nháy không đóng": (f'---\na: "{"x" * 9_000}\n---\n', "CT007"),
    "sáu nghìn mục lạ": ("---\n" + "".join(f"k{n}: 1\n" for n in range(6_000)) + "---\nx\n", "CT006"),
    "một mục mười nghìn lần": ("---\n" + "id: x\n" * 10_000 + "---\nx\n", "CT008"),
    "ba nghìn số liệu": (STORY.replace("figures:", "figures:\n" + "  - {name: a}\n" * 3_000), "TC012"),
    "toàn ký tự điều khiển": (HEAD + "\n---\n" + ("\x01" * 9_000 + "\n") * 25, "VT004"),
    "chữ đảo chiều": (STORY.replace("Bè hàu", "Bè \u202eháu", 1), "VT004"),
    "toàn dấu xung đột": (HEAD + "\n---\n" + "<<<<<<< \n" * 25_000, "CT017"),
    "dòng quá dài": (HEAD + "\n---\n" + "a" * WHOLE, "CT016"),
    "tệp quá lớn": (HEAD + "\n---\n" + "a\n\n" * WHOLE, "CT016"),
    "UTF-16": (STORY.encode("utf-16"), "VT001"),
    "Windows-1258": (STORY.encode("cp1258", "replace"), "VT001"),
    "cụt giữa chữ": (STORY.encode()[: STORY.encode().index("Bè".encode()) + 2], "VT001"),
    "nhị phân": (os.urandom(0) + bytes(range(256)) * 40, "VT001"),
    "trống": (b"", "CT007"),
    "HTML khắp bài": (HEAD + "\n---\n" + "<a>\n" * 60_000, "CT013"),
    "liên kết lạ khắp bài": (HEAD + "\n---\n" + "](x:\n" * 45_000, "CT013"),
    "ngoặc": (HEAD + "\n---\n" + "[\n" * (WHOLE // 2), "CT016"),
    "ngoặc chia đoạn": (HEAD + "\n---\n" + ("[" * 200 + "\n\n") * (WHOLE // 202), "CT016"),
    "ảnh không đóng": (HEAD + "\n---\n" + "![a](\n" * 40_000, "CT016"),
    "liên kết không đóng": (HEAD + "\n---\n" + ("](a" * 3_000 + "\n") * 27, "CT016"),
    "đầu mục": (HEAD + "\n---\n" + "# a\n" * (WHOLE // 4), "CT016"),
    "đầu mục gạch dưới": (HEAD + "\n---\n" + "a\n=\n" * (WHOLE // 4), "CT016"),
    "dấu thoát": (HEAD + "\n---\n" + ("\\*" * 4_000 + "\n") * 30, "CT016"),
    "trích dẫn lồng": (HEAD + "\n---\n" + "> " * 4_900 + "a", "CT016"),
    "danh sách lồng": (HEAD + "\n---\n" + "\n".join("  " * 2 * n + "- a" for n in range(340)), "CT016"),
}  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_is_named_or_harmless(name: str, a_root: Root) -> None:
    content, code = TEXTS[name]
    root = a_root({INDEX: content, f"{FOLDER}/anh-chinh.jpg": PICTURE}, real=True)
    assert (INDEX, code) in checked(root)


@pytest.mark.parametrize("name", [name for name, (text, _) in TEXTS.items() if isinstance(text, str) and "\n---\n" in text])
def test_even_in_a_preview_it_renders(name: str) -> None:
    """A preview shows campaigns and plans that have errors: rendering guards itself."""
    text = TEXTS[name][0]
    assert isinstance(text, str)
    run = f"import sys; sys.path.insert(0, {str(REPOSITORY / 'hooks')!r}); from exemplars.bodies import Body; from exemplars.rendering import Renderer; Renderer().html(Body(sys.stdin.read()))"
    done = subprocess.run([sys.executable, "-c", run], input=text[-WHOLE:].encode("utf-8", "replace"), check=False, preexec_fn=limited)
    assert done.returncode == 0


# ---- the same, written by an editor of another system: never refused


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + STORY.encode(),
        STORY.replace("\n", "\r\n").encode(),
        STORY.replace("\n", "\r").encode(),
        unicodedata.normalize("NFD", STORY).encode(),
    ],
    ids=["BOM", "CRLF", "CR", "NFD"],
)
def test_a_sound_story_is_never_refused(content: bytes, a_root: Root) -> None:
    assert errors(a_root({INDEX: content, f"{FOLDER}/anh-chinh.jpg": PICTURE}, real=True)) == []


# ---- what lies in the folders


def pipe(place: Path) -> None:
    os.mkfifo(place)


def listener(place: Path) -> None:
    at = os.getcwd()  # noqa: PTH109 - the name of a socket is short: bound from its own folder
    os.chdir(place.parent)
    try:
        with socket.socket(socket.AF_UNIX) as one:
            one.bind(place.name)
    finally:
        os.chdir(at)


def device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def loop(place: Path) -> None:
    place.symlink_to(place.name)


def dangling(place: Path) -> None:
    place.symlink_to("khong-co")


def outside(place: Path) -> None:
    place.symlink_to("/etc/passwd")


@pytest.mark.parametrize("make", [pipe, listener, device, loop, dangling, outside], ids=lambda make: make.__name__)
@pytest.mark.parametrize(
    "path", [INDEX, f"{FOLDER}/anh-chinh.jpg", f"{FOLDER}/so-do.pdf", "stories/2020/khac", "stories/2021", "campaigns/x.md"]
)
def test_only_plain_files_are_opened(path: str, make: Callable[[Path], None], a_root: Root) -> None:
    root = a_root({INDEX: STORY}, real=True)
    (root / path).unlink(missing_ok=True)
    make(root / path)
    assert (path, "CT015") in checked(root)


@pytest.mark.parametrize(
    ("names", "named"),
    [
        pytest.param(["stories/2020/Be-hau/index.md"], "stories/2020/Be-hau", id="thư mục chữ hoa"),
        pytest.param(["stories/2020/bè/index.md"], "stories/2020/bè", id="thư mục NFD"),
        pytest.param(["stories/2020/con\n/index.md"], "stories/2020/con\n", id="thư mục có dấu xuống dòng"),
        pytest.param([f"{FOLDER}/INDEX.MD"], f"{FOLDER}/INDEX.MD", id="INDEX.MD"),
        pytest.param([f"{FOLDER}/trang.html"], f"{FOLDER}/trang.html", id="trang HTML cạnh bài"),
        pytest.param([f"{FOLDER}/ma.js"], f"{FOLDER}/ma.js", id="mã cạnh bài"),
        pytest.param([f"{FOLDER}/anh.svg"], f"{FOLDER}/anh.svg", id="SVG cạnh bài"),
    ],
)
def test_a_name_that_may_not_be_is_named(names: list[str], named: str, a_root: Root) -> None:
    root = a_root({INDEX: STORY, **dict.fromkeys(names, STORY)}, real=True)
    assert (named, "CT015") in {(one.path, one.code) for one in check(*read_site(root, TODAY))}
    checked(root)


@pytest.mark.parametrize(
    ("files", "photos", "codes"),
    [
        pytest.param(["so-do.pdf", "So-do.pdf"], [], {"CT014"}, id="PDF khác chữ hoa"),
        pytest.param(["s\u1ed1.pdf", "s\u00f4\u0301.pdf"], [], {"CT014"}, id="PDF khác dạng chữ"),
        pytest.param(["a.jpg", "a.png"], ["a.jpg", "a.png"], {"AN008"}, id="ảnh khác đuôi"),
        pytest.param(["a.jpg", "A.jpg"], ["a.jpg", "A.jpg"], {"AN008", "CT014"}, id="ảnh khác chữ hoa"),
        pytest.param(["a.jpg", "a-400.jpg"], ["a.jpg", "a-400.jpg"], {"AN008"}, id="ảnh trùng tên bản nhỏ"),
        pytest.param(["a.jpg"], ["a.jpg", "a.jpg"], {"AN008"}, id="một ảnh hai lần"),
    ],
)
def test_two_files_for_one_address_are_named(files: list[str], photos: list[str], codes: set[str], a_root: Root) -> None:
    told = "".join(f"  - {{file: {file}, alt: x, credit: x, people: none}}\n" for file in photos)
    text = STORY.replace("photos:\n", f"photos:\n{told}")
    root = a_root({INDEX: text, **{f"{FOLDER}/{file}": PICTURE for file in [*files, "anh-chinh.jpg"]}}, real=True)
    found = errors(root)
    assert {code for _, code in found} == codes
    assert {path.rpartition("/")[0] for path, _ in found} == {FOLDER}


def test_an_old_address_that_a_hand_written_page_has_names_the_story(tmp_path: Path) -> None:
    """Only a build knows the hand-written pages."""
    root = copy_repository(tmp_path / "root")
    story = root / "stories/2020/ho-so-tra-trong-ngay/index.md"
    story.write_text(story.read_text(encoding="utf-8").replace("\nauthors:", "\nredirect_from: [gioi-thieu/]\nauthors:"), encoding="utf-8")
    done = build(root)
    assert done.returncode == 1
    assert "stories/2020/ho-so-tra-trong-ngay/index.md: CT014 Hai tệp cùng ra một địa chỉ «gioi-thieu/index.html»" in done.stderr
    assert "Traceback" not in done.stderr


# ---- what passes the rules is harmless on the page

SAID = "\"' onmouseover=\"alert(1)\" x='y' {{ 7*191 }} {% raw %} < img src=x onerror=alert(1) > &amp ]]> -->"


class Attributes(HTMLParser):
    """Every attribute that a browser would run."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.running: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.running += [(tag, name) for name, value in attrs if name.startswith("on") or (value or "").startswith("javascript:")]


def test_words_that_would_break_out_of_an_attribute_stay_words(tmp_path: Path) -> None:
    """No rule forbids quotes and braces: every template, every list and feed must escape them."""
    root = copy_repository(
        tmp_path / "root", stories=("2020/sap-lai-so-truc-dem", "2020/ho-so-tra-trong-ngay", "2020/goc-doc-sach-khu-tro")
    )
    for event in (root / "content/events").glob("*.md"):
        event.unlink()  # they name other stories
    (root / "content/data/published.txt").unlink()
    (root / "content/index.md").write_text("---\ntemplate: home.html\n---\n\n# Gương sáng\n", encoding="utf-8")
    index = root / "stories/2020/sap-lai-so-truc-dem/index.md"
    quoted = json.dumps(SAID)
    edits = {
        index: ["title: Người sắp lại sổ trực đêm", "credit: Tranh minh họa"],
        root / "campaigns/lao-dong-gioi.md": ["title: Lao động giỏi, lao động sáng tạo"],
    }
    for path, olds in edits.items():
        text = path.read_text(encoding="utf-8")
        for old in olds:
            assert old in text
            text = text.replace(old, f"{old.partition(':')[0]}: {quoted}")
        path.write_text(text, encoding="utf-8")
    story = next(one for one in read_site(root, TODAY)[0].stories if one.origin.path.endswith("sap-lai-so-truc-dem/index.md"))
    approval = index.parent / "approval.yml"
    approval.write_text(
        re.sub("text_sha256: .*", f"text_sha256: {story.text_sha256}", approval.read_text(encoding="utf-8")), encoding="utf-8"
    )
    done = build(root)
    assert done.returncode == 0, done.stderr[-800:]
    shown = [path for path in sorted((root / "site").rglob("*.html")) if "onmouseover" in path.read_text(encoding="utf-8")]
    assert len(shown) > 5
    for path in shown:
        html = path.read_text(encoding="utf-8")
        assert Attributes(html).running == [], path
        assert "1337" not in html
    for path in sorted((root / "site").rglob("*.xml")):
        ElementTree.parse(path)
    for path in sorted((root / "site").rglob("*.json")):
        json.loads(path.read_bytes())
