"""Disk → model: every fault is a problem that names its file and line, and nothing is lost in silence."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import frontmatter
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exemplars import reading
from exemplars.checking import check
from exemplars.reading import PHOTO_MOST, TEXT_MOST, content_paths, read_site
from exemplars.strict_yaml import Refused
from exemplars.texts import BLOCK_MOST, LINE_MOST, StrictHandler, decode, locate, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from exemplars.model import Problem, Site

    Root = Callable[..., Path]
    Marks = Callable[[Iterable[Problem]], list[tuple[str, int, str]]]

TODAY = dt.date(2020, 12, 31)
FOLDER = "stories/2020/sap-lai-so"
INDEX = f"{FOLDER}/index.md"
WHOLE = """\
---
id: 2020-sap-lai-so
title: Người sắp lại sổ trực đêm
date: 2020-06-09
subject: {type: individual, name: Nguyễn Mẫu Thị}
---

## Việc làm

Bà sắp lại sổ trực.
"""


def read(root: Path) -> tuple[Site, list[Problem]]:
    return read_site(root, TODAY)


# ---- what is accepted, and normalised


def test_a_whole_story(a_root: Root) -> None:
    site, problems = read(a_root({INDEX: WHOLE}))
    assert problems == []
    (story,) = site.stories
    assert (story.id, story.title, story.date) == ("2020-sap-lai-so", "Người sắp lại sổ trực đêm", dt.date(2020, 6, 9))
    assert story.origin.path == INDEX
    assert story.origin.body == "\n## Việc làm\n\nBà sắp lại sổ trực.\n"
    assert story.origin.body_line == 7
    assert story.origin.text == WHOLE.encode()
    assert story.origin.digest == hashlib.sha256(WHOLE.encode()).hexdigest()
    assert story.origin.sound
    assert len(story.text_sha256) == 64
    assert (story.folder, story.year) == ("2020/sap-lai-so", "2020")
    assert site.today == TODAY


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + WHOLE.encode(), id="BOM"),
        pytest.param(WHOLE.replace("\n", "\r\n").encode(), id="CRLF"),
        pytest.param(WHOLE.replace("\n", "\r").encode(), id="CR"),
        pytest.param(unicodedata.normalize("NFD", WHOLE).encode(), id="NFD"),
        pytest.param(b"\xef\xbb\xbf" + unicodedata.normalize("NFD", WHOLE).replace("\n", "\r\n").encode(), id="cả ba"),
        pytest.param(WHOLE.replace("Người", "Ng\u200bư\u00adời").encode(), id="ký tự vô hình"),
    ],
)
def test_what_a_reader_cannot_see_is_normalised(content: bytes, a_root: Root) -> None:
    site, problems = read(a_root({INDEX: content}))
    assert problems == []
    assert site.stories[0].origin.text == WHOLE.encode()
    assert site.stories[0].title == "Người sắp lại sổ trực đêm"


def test_borrowed_letters_are_told_and_read_as_ours(a_root: Root, marks: Marks) -> None:
    site, problems = read(a_root({INDEX: WHOLE.replace("đêm", "ðêm").replace("Người", "Người Ðức").encode()}))
    assert {code for _, _, code in marks(problems)} == {"VT003"}
    assert site.stories[0].title == "Người Đức sắp lại sổ trực đêm"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        pytest.param("®ªm nµo còng ph¶i cã ng\u00adêi thøc tr«ng ch¸u", "đêm nào cũng phải có người thức trông cháu", id="TCVN3"),
        pytest.param("ñeâm naøo cuõng phaûi coù ngöôøi thöùc troâng chaùu", "đêm nào cũng phải có người thức trông cháu", id="VNI"),
        pytest.param("đêm nào cũng phải có người thức".encode().decode("latin1"), "đêm nào cũng phải có người thức", id="UTF-8 đọc sai"),
    ],
)
def test_text_in_a_wrong_encoding_is_told_with_its_reading(line: str, told: str, a_root: Root, marks: Marks) -> None:
    text = WHOLE + f"\n{line}\n\n{line}\n"
    site, problems = read(a_root({INDEX: text.encode()}))
    assert site.stories == ()
    assert marks(problems) == [(INDEX, text.count("\n") - 2, "VT002")]
    assert told in problems[0].do
    assert not re.search("[\x80-\x9f\xad]", problems[0].says)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("---\na: 1\n---\nthân\n", ("a: 1\n", "thân\n", 4), id="thường"),
        pytest.param("---\na: 1\n---", ("a: 1\n", "", 3), id="hết tệp ở dòng đóng"),
        pytest.param("---\n---\nthân", ("", "thân", 3), id="khối trống"),
        pytest.param("---\na: 1\n---\n---\nb\n", ("a: 1\n", "---\nb\n", 4), id="gạch ngang trong thân"),
        pytest.param("---\na: |\n  x\n  ---\n---\n", ("a: |\n  x\n  ---\n", "", 6), id="gạch thụt vào không phải dòng đóng"),
        pytest.param("---\na: ---\n---\n", ("a: ---\n", "", 4), id="gạch trong giá trị"),
        pytest.param("\n---\na: 1\n---\n", None, id="dòng trống ở đầu"),
        pytest.param(" ---\na: 1\n---\n", None, id="dấu cách ở đầu"),
        pytest.param("--- \na: 1\n---\n", None, id="dấu cách ở cuối dòng mở"),
        pytest.param("----\na: 1\n----\n", None, id="bốn gạch"),
        pytest.param("---\na: 1\n--- \n", None, id="dấu cách ở cuối dòng đóng"),
        pytest.param("---\na: 1\n...\n", None, id="đóng bằng ba chấm"),
        pytest.param("", None, id="trống"),
    ],
)
def test_split(text: str, found: tuple[str, str, int] | None) -> None:
    assert split(text) == found


# ---- one faulty story


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        pytest.param("", 1, "CT007", id="tệp trống"),
        pytest.param(" \n\n", 1, "CT007", id="chỉ dòng trống"),
        pytest.param("## Việc làm\n\nBà sắp lại sổ.\n", 1, "CT007", id="không có khối"),
        pytest.param("---\nid: x\n\nBà sắp lại sổ.\n", 1, "CT007", id="khối không đóng"),
        pytest.param("---\nid: x\n...\nBà\n", 1, "CT007", id="khối đóng bằng ba chấm"),
        pytest.param("\n" + WHOLE, 1, "CT007", id="dòng trống trước khối"),
        pytest.param("---\n---\nBà\n", 2, "CT007", id="khối trống"),
        pytest.param("---\n# chú thích\n---\nBà\n", 2, "CT007", id="khối chỉ có chú thích"),
        pytest.param("---\n\n- id: x\n---\nBà\n", 3, "CT007", id="khối là danh sách"),
        pytest.param("---\nNgười sắp lại sổ\n---\nBà\n", 2, "CT007", id="khối là một câu"),
        pytest.param("---\nid: x\n\ttitle: y\n---\nBà\n", 3, "CT007", id="thụt bằng Tab"),
        pytest.param("---\nid: x\ntitle: Gương: sáng\n---\nBà\n", 3, "CT007", id="hai chấm không trong nháy"),
        pytest.param("---\nid: x\n--- \nid: y\n---\nBà\n", 3, "CT007", id="hai tài liệu"),
        pytest.param("---\nid: x\na: " + "[" * 2000 + "\n---\nBà\n", 3, "CT007", id="lồng nhau 2.000 bậc"),
        pytest.param("---\nid: x\ntitle: &a y\n---\nBà\n", 3, "CT009", id="neo"),
        pytest.param("---\nid: x\ntitle: !!binary aGk=\n---\nBà\n", 3, "CT009", id="thẻ"),
        pytest.param("---\nid: x\nid: y\n---\nBà\n", 3, "CT008", id="ghi hai lần"),
        pytest.param("---\nid: x\ntilte: y\n---\nBà\n", 3, "CT006", id="mục lạ"),
        pytest.param("---\nid: x\ndate: 2020-02-30\n---\nBà\n", 3, "CT003", id="ngày không có"),
        pytest.param("---\nid: x\ndraft: no\n---\nBà\n", 3, "CT010", id="no không phải false"),
        pytest.param('---\nid: x\ntitle: "một\\x00hai"\n---\nBà\n', 3, "VT004", id="ký tự điều khiển viết thoát"),
        pytest.param('---\nid: x\ntitle: "một\\u202Ehai"\n---\nBà\n', 3, "VT004", id="ký tự đảo chiều viết thoát"),
        pytest.param(b"---\nid: x\n---\nB\xe0 s\xe3\n", 4, "VT001", id="không phải UTF-8"),
        pytest.param(WHOLE.encode("utf-16"), 1, "VT001", id="UTF-16 có BOM"),
        pytest.param(WHOLE.encode("utf-16-be"), 3, "VT001", id="UTF-16 không BOM"),
        pytest.param(b"---\nid: x\n---\n\nB\x00\n", 5, "VT004", id="byte 0"),
        pytest.param("---\nid: x\n---\n\nB\x1b[31m\n", 5, "VT004", id="ký tự điều khiển"),
        pytest.param("---\nid: x\ntitle: a\u202eb\n---\nBà\n", 3, "VT004", id="ký tự đảo chiều chữ"),
        pytest.param("---\nid: x\n---\nBà\x85\n", 4, "VT004", id="ký tự điều khiển C1"),
        pytest.param("---\nid: x\n---\n<<<<<<< HEAD\n", 4, "CT017", id="dấu xung đột mở"),
        pytest.param("---\nid: x\n---\nBà\n>>>>>>> nhanh-khac\n", 5, "CT017", id="dấu xung đột đóng"),
        pytest.param("---\nid: x\n||||||| 1a2b3c\n---\nBà\n", 3, "CT017", id="dấu xung đột giữa"),
        pytest.param("---\nid: x\n---\n" + "a " * (TEXT_MOST // 2), 1, "CT016", id="tệp quá lớn"),
        pytest.param("---\nid: x\n" + "# chú thích\n" * (BLOCK_MOST // 12) + "---\nBà\n", 1, "CT016", id="khối quá lớn"),
        pytest.param("---\nid: x\n---\n\n" + "ư" * (LINE_MOST + 1), 5, "CT016", id="dòng quá dài"),
    ],
)
def test_a_faulty_story(content: str | bytes, line: int, code: str, a_root: Root, marks: Marks) -> None:
    root = a_root({INDEX: content, "stories/2020/khac/index.md": WHOLE})
    site, problems = read(root)
    assert marks(problems) == [(INDEX, line, code)]
    assert {problem.level for problem in problems} == {"error"}
    assert "stories/2020/khac/index.md" in site.by_path, "one faulty story hides no other"
    faulty = site.by_path.get(INDEX)
    assert ("2020-sap-lai-so" in site.unread["stories"]) if faulty is None else not faulty.origin.sound


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("---\nid: x\n---\n=======\n\nMột\n<<<<<<<<\n", id="gạch dưới đầu mục, tám dấu nhỏ hơn"),
        pytest.param("---\nid: x\n---\n\tmã\n\u200fא 👩\u200d⚕️\n", id="Tab trong thân, dấu chiều chữ, hình ghép"),
        pytest.param("---\nid: x\n---\n" + "ư" * LINE_MOST, id="dòng vừa đủ dài"),
    ],
)
def test_a_sound_story(content: str, a_root: Root, marks: Marks) -> None:
    assert marks(read(a_root({INDEX: content}))[1]) == []


def test_all_faults_of_a_text_at_once() -> None:
    text, problems = decode("a\x00\n<<<<<<< HEAD\nb\u2066\n".encode(), "x")
    assert text is None
    assert sorted((one.line, one.column, one.code) for one in problems) == [
        (1, 2, "VT004"),
        (2, 1, "CT017"),
        (3, 2, "VT004"),
    ]


@pytest.mark.parametrize(
    ("data", "byte", "line"),
    [
        pytest.param(b"ab\xff", 3, 1, id="dòng đầu"),
        pytest.param("đ\nê\n".encode() + b"\xe0", 7, 3, id="sau chữ nhiều byte"),
        pytest.param(b"\xef\xbb\xbfab\n\xff", 7, 2, id="sau BOM"),
    ],
)
def test_the_byte_that_is_not_utf8_is_counted_in_the_file(data: bytes, byte: int, line: int) -> None:
    _, (problem,) = decode(data, "x")
    assert problem.code == "VT001"
    assert f"{byte})" in problem.says
    assert problem.line == line


def test_a_line_separator_does_not_shift_the_lines_after_it(a_root: Root) -> None:
    """YAML ends a line at U+2028, an editor does not: either it is refused itself, or the next fault keeps its line."""
    _, problems = read(a_root({INDEX: '---\nid: x\ntitle: "một\u2028hai"\nlanh-vuc: x\n---\nBà\n'}))
    assert {(one.line, one.code) for one in problems} <= {(3, "VT004"), (4, "CT006")}


# ---- approval.yml, lists, the ledger


@pytest.mark.parametrize(
    ("content", "line", "code"),
    [
        pytest.param("body: x\nby: [a\n", 2, "CT007", id="không đọc được"),
        pytest.param("- body: x\n", 1, "CT007", id="danh sách"),
        pytest.param("", 1, "CT007", id="trống"),
        pytest.param("body: x\nbody: y\n", 2, "CT008", id="ghi hai lần"),
        pytest.param("body: x\nminute: y\n", 2, "CT006", id="mục lạ"),
        pytest.param("body: x\ndate: 12/6/2020\n", 2, "CT003", id="ngày kiểu Việt Nam"),
        pytest.param("body: x\ncompared: có\n", 2, "CT010", id="không phải danh sách"),
        pytest.param(b"body: \xff\n", 1, "VT001", id="không phải UTF-8"),
        pytest.param("body: x\n<<<<<<< HEAD\n", 2, "CT017", id="dấu xung đột"),
    ],
)
def test_a_faulty_approval(content: str | bytes, line: int, code: str, a_root: Root, marks: Marks) -> None:
    site, problems = read(a_root({INDEX: WHOLE, f"{FOLDER}/approval.yml": content}))
    assert marks(problems) == [(f"{FOLDER}/approval.yml", line, code)]
    approval = site.stories[0].approval
    assert approval is None or not approval.origin.sound


def test_a_whole_approval(a_root: Root) -> None:
    text = '# Quyết định\nbody: "Hội đồng"\ndate: 2020-06-12\naccepted: ["A1"]\nby: "Thư ký"\n'
    site, problems = read(a_root({INDEX: WHOLE, f"{FOLDER}/approval.yml": "\ufeff" + text.replace("\n", "\r\n")}))
    assert problems == []
    approval = site.stories[0].approval
    assert approval is not None
    assert (approval.body, approval.date, approval.accepted, approval.by) == (
        "Hội đồng",
        dt.date(2020, 6, 12),
        ("A1",),
        ("Thư ký",),
    )
    assert approval.origin.path == f"{FOLDER}/approval.yml"
    assert approval.origin.text.decode() == text
    assert locate(approval.origin, ("by",)) == (5, 5)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        pytest.param("- {id: so, name: Sở, type: so}\n", [], id="một dòng"),
        pytest.param("# chưa có\n", [], id="chưa có dòng nào"),
        pytest.param("id: so\n", [(1, "CT007")], id="không phải danh sách"),
        pytest.param("- {id: so}\n- phong\n- {id: x}\n", [(2, "CT007")], id="một dòng không có mục con"),
        pytest.param("- {id: so}\n- {id: x, ten: Phòng}\n", [(2, "CT006")], id="mục lạ"),
        pytest.param("- {id: so}\n- {id: x\n", [(2, "CT007")], id="không đọc được"),
        pytest.param("- id: so\n  id: x\n", [(2, "CT008")], id="ghi hai lần"),
    ],
)
def test_a_list(content: str, found: list[tuple[int, str]], a_root: Root, marks: Marks) -> None:
    path = "content/data/units.yml"
    assert marks(read(a_root({path: content}))[1]) == [(path, *mark) for mark in found]


def test_rows_know_their_line(a_root: Root) -> None:
    site, _ = read(a_root({"content/data/units.yml": "# đầu\n- {id: a}\n- id: b\n  name: B\n"}))
    assert [(unit.id, unit.origin.path, unit.origin.body_line) for unit in site.units] == [
        ("a", "content/data/units.yml", 2),
        ("b", "content/data/units.yml", 3),
    ]


def test_a_list_that_is_not_there(a_root: Root, marks: Marks) -> None:
    root = a_root()
    (root / "content/data/units.yml").unlink()
    assert marks(read(root)[1]) == [("content/data/units.yml", 1, "CT007")]


def test_the_ledger(a_root: Root, marks: Marks) -> None:
    path = "content/data/published.txt"
    site, problems = read(a_root({path: "# sổ\n\nguong/2020/a/ 2020-a\nguong/2020/b/\nguong/2020/c/ 2020-c\n"}))
    assert [(one.address, one.id, one.line) for one in site.published] == [
        ("guong/2020/a/", "2020-a", 3),
        ("guong/2020/c/", "2020-c", 5),
    ]
    assert marks(problems) == [(path, 4, "CT007")]


def test_no_ledger_yet(a_root: Root) -> None:
    site, problems = read(a_root())
    assert (site.published, problems) == ((), [])


@pytest.mark.parametrize("folder", ["campaigns", "content/plans", "content/documents", "content/events"])
def test_a_faulty_page_is_faulty_and_not_missing(folder: str, a_root: Root, marks: Marks) -> None:
    site, problems = read(a_root({f"{folder}/mot.md": "---\nid: mot\n---\nMột\n", f"{folder}/hai.md": "id: hai\n"}))
    assert marks(problems) == [(f"{folder}/hai.md", 1, "CT007")]
    assert site.unread == {folder.rpartition("/")[2]: frozenset({"hai"})}
    assert site.find(folder.rpartition("/")[2], "mot").origin.path == f"{folder}/mot.md"


def test_a_readme_is_for_people(a_root: Root) -> None:
    files = dict.fromkeys(("stories/README.md", "campaigns/README.md", "content/plans/README.md"), "# Đọc tôi\n")
    assert read(a_root(files))[1] == []


# ---- what lies where it must not


@pytest.mark.parametrize(
    ("path", "named"),
    [
        pytest.param("stories/x.md", "stories/x.md", id="tệp ở ngoài thư mục năm"),
        pytest.param("stories/hai-nghin/x/index.md", "stories/hai-nghin", id="thư mục không phải năm"),
        pytest.param("stories/2020/x.md", "stories/2020/x.md", id="bài không có thư mục"),
        pytest.param("stories/2020/Bài Mới/index.md", "stories/2020/Bài Mới", id="tên thư mục có dấu"),
        pytest.param("stories/2020/.an/index.md", "stories/2020/.an", id="thư mục ẩn"),
        pytest.param(f"{FOLDER}/ghi-chu.docx", f"{FOLDER}/ghi-chu.docx", id="tệp Word cạnh bài"),
        pytest.param(f"{FOLDER}/index.md~", f"{FOLDER}/index.md~", id="bản lưu của trình soạn"),
        pytest.param(f"{FOLDER}/.anh.jpg", f"{FOLDER}/.anh.jpg", id="ảnh ẩn"),
        pytest.param(f"{FOLDER}/anh/1.jpg", f"{FOLDER}/anh", id="thư mục trong bài"),
        pytest.param("campaigns/x.txt", "campaigns/x.txt", id="phong trào không phải .md"),
        pytest.param("campaigns/2020/x.md", "campaigns/2020", id="thư mục trong phong trào"),
    ],
)
def test_misplaced(path: str, named: str, a_root: Root, marks: Marks) -> None:
    site, problems = read(a_root({INDEX: WHOLE, path: "x"}))
    assert marks(problems) == [(named, 1, "CT015")]
    assert [story.id for story in site.stories] == ["2020-sap-lai-so"]


def test_a_folder_without_a_story(a_root: Root, marks: Marks) -> None:
    assert marks(read(a_root({f"{FOLDER}/so-do.pdf": b"%PDF"}))[1]) == [(INDEX, 1, "CT007")]


def test_files_beside_a_story_are_known(a_root: Root) -> None:
    site, problems = read(a_root({INDEX: WHOLE, f"{FOLDER}/so-do.pdf": b"%PDF", f"{FOLDER}/ANH.JPG": b"x"}))
    assert problems == []
    assert site.files == {f"{FOLDER}/so-do.pdf", f"{FOLDER}/ANH.JPG"}


def link(place: Path) -> None:
    os.symlink("/etc/passwd", place)  # noqa: PTH211


@pytest.mark.parametrize("make", [link, os.mkfifo], ids=["liên kết", "ống FIFO"])
@pytest.mark.parametrize(
    "path",
    [
        INDEX,
        f"{FOLDER}/approval.yml",
        f"{FOLDER}/anh.jpg",
        "campaigns/x.md",
        "content/data/units.yml",
        "content/data/published.txt",
    ],
)
def test_links_and_pipes_are_refused_unopened(path: str, make: Callable[[Any], None], a_root: Root, marks: Marks) -> None:
    root = a_root({INDEX: WHOLE})
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).unlink(missing_ok=True)
    make(root / path)
    assert marks(read(root)[1]) == [(path, 1, "CT015")]


@pytest.mark.parametrize("path", ["stories/2021", "stories/2020/khac"])
def test_linked_folders_are_refused(path: str, a_root: Root, marks: Marks) -> None:
    root = a_root({INDEX: WHOLE})
    (root / path).symlink_to(root / FOLDER, target_is_directory=True)
    assert marks(read(root)[1]) == [(path, 1, "CT015")]


def test_a_folder_that_may_not_be_opened(a_root: Root, marks: Marks, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.scandir

    def scandir(path: Any) -> Any:
        if str(path).endswith("/khac"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    root = a_root({INDEX: WHOLE, "stories/2020/khac/index.md": WHOLE})
    monkeypatch.setattr(reading.os, "scandir", scandir)
    site, problems = read(root)
    assert {path.removesuffix("/index.md") for path, _, _ in marks(problems)} == {"stories/2020/khac"}
    assert len(site.stories) == 1


def test_a_file_that_may_not_be_opened(a_root: Root, marks: Marks, monkeypatch: pytest.MonkeyPatch) -> None:
    root = a_root({INDEX: WHOLE})

    def refuse(*_: Any, **__: Any) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(reading, "open", refuse, raising=False)
    _, problems = read(root)
    assert (INDEX, 1, "CT007") in marks(problems)


# ---- photos

PHOTO = WHOLE.replace("\n---\n\n", "\nphotos: [{file: anh.jpg, alt: Cuốn sổ}]\n---\n\n")


def test_a_photo_is_known_by_its_bytes(a_root: Root) -> None:
    site, problems = read(a_root({INDEX: PHOTO, f"{FOLDER}/anh.jpg": b"anh"}))
    assert problems == []
    assert (site.stories[0].photos[0].sha256, site.stories[0].photos[0].size) == (hashlib.sha256(b"anh").hexdigest(), 3)


def test_a_photo_that_is_too_large(a_root: Root, marks: Marks) -> None:
    root = a_root({INDEX: PHOTO, f"{FOLDER}/anh.jpg": b""})
    os.truncate(root / f"{FOLDER}/anh.jpg", PHOTO_MOST + 1)
    site, problems = read(root)
    assert marks(problems) == [(f"{FOLDER}/anh.jpg", 1, "CT016")]
    assert site.stories[0].photos[0].sha256 == ""


@pytest.mark.parametrize("file", ["../khac/anh.jpg", "/etc/passwd", "ANH.JPG", "index.md", "so-do.pdf", "anh.jpg/"])
def test_a_photo_is_only_sought_beside_its_story(file: str, a_root: Root) -> None:
    files = {INDEX: PHOTO.replace("anh.jpg", file), f"{FOLDER}/anh.jpg": b"anh", f"{FOLDER}/so-do.pdf": b"%PDF"}
    site, problems = read(a_root({**files, "stories/2020/khac/index.md": WHOLE, "stories/2020/khac/anh.jpg": b"x"}))
    assert problems == []
    assert [story.photos[0].sha256 for story in site.stories if story.photos] == [""]


# ---- finding a place again


@pytest.mark.parametrize(
    ("where", "found"),
    [
        pytest.param(("title",), (3, 8), id="giá trị"),
        pytest.param(("subject", "name"), (5, 35), id="mục con"),
        pytest.param(("summary",), (1, 1), id="mục không có"),
        pytest.param((), (1, 1), id="cả tệp"),
    ],
)
def test_locate(where: tuple[str, ...], found: tuple[int, int], a_root: Root) -> None:
    site, _ = read(a_root({INDEX: WHOLE}))
    assert locate(site.stories[0].origin, where) == found


# ---- python-frontmatter's interface


def test_our_handler_reads_through_python_frontmatter() -> None:
    post = frontmatter.loads(WHOLE, handler=StrictHandler())
    assert post.metadata == {
        "id": "2020-sap-lai-so",
        "title": "Người sắp lại sổ trực đêm",
        "date": "2020-06-09",
        "subject": {"type": "individual", "name": "Nguyễn Mẫu Thị"},
    }
    assert post.content == "## Việc làm\n\nBà sắp lại sổ trực."
    assert StrictHandler().detect(WHOLE)
    assert not StrictHandler().detect("Một câu.\n")


def test_our_handler_keeps_what_was_typed() -> None:
    typed = "---\na: no\nb: 010\nc: 12:30:45\nd: 2020-02-30\ne: [~, 1.0]\n---"
    assert frontmatter.loads(typed, handler=StrictHandler()).metadata == {
        "a": "no",
        "b": "010",
        "c": "12:30:45",
        "d": "2020-02-30",
        "e": ["~", "1.0"],
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Một câu.\n", id="không có khối"),
        pytest.param("---\nid: x\n", id="khối không đóng"),
        pytest.param("---\n---\nx", id="khối trống"),
        pytest.param("---\n- x\n---\n", id="danh sách"),
        pytest.param("---\nid: x\nid: y\n---\n", id="ghi hai lần"),
        pytest.param("---\nid: *x\n---\n", id="neo"),
        pytest.param("", id="trống"),
    ],
)
def test_our_handler_never_returns_nothing_in_silence(text: str) -> None:
    with pytest.raises(Refused):
        frontmatter.loads(text, handler=StrictHandler())


class AllText(frontmatter.YAMLHandler):
    """python-frontmatter as it is, with the loader of PyYAML that leaves every scalar a text."""

    def load(self, fm: str, **_: object) -> Any:
        return yaml.load(fm, Loader=yaml.BaseLoader)  # noqa: S506


def test_on_every_sound_story_python_frontmatter_reads_the_same(repository: Path) -> None:
    site, _ = read(repository)
    sound = [story for story in site.stories if story.origin.sound]
    assert sound
    for story in sound:
        text = story.origin.text.decode()
        theirs, ours = frontmatter.loads(text, handler=AllText()), frontmatter.loads(text, handler=StrictHandler())
        assert (story.origin.path, ours.metadata) == (story.origin.path, theirs.metadata)
        assert ours.content == theirs.content == story.origin.body.strip()
        assert (story.id, story.title, list(story.campaigns)) == (
            theirs.metadata["id"],
            theirs.metadata["title"],
            theirs.metadata["campaigns"],
        )


# ---- paths as people type them


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        pytest.param("stories/2020/x", "stories/2020/x", id="từ gốc kho"),
        pytest.param("stories/2020/x/", "stories/2020/x", id="có / ở cuối"),
        pytest.param("./stories//2020/../2020/x/index.md", "stories/2020/x/index.md", id="vòng vo"),
        pytest.param(".", ".", id="cả kho"),
    ],
)
def test_content_paths(typed: str, found: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert content_paths(tmp_path, [typed]) == (found,)
    assert content_paths(tmp_path, [str(tmp_path / typed)]) == (found,)


# ---- any bytes at all

FRAGMENT = st.one_of(
    st.sampled_from(
        [
            "---\n",
            "id: x\n",
            "criteria:\n",
            "  A1: {quote: [a]}\n",
            "- ",
            "[",
            "](",
            "{",
            '"',
            "\t",
            "&",
            "*",
            "<b>",
            "|\n",
        ]
    ),
    st.sampled_from(
        [
            "photos: [{file: a.jpg}]\n",
            "waive:\n  - rule: TC003\n",
            "withdrawn: {kind: error}\n",
            "x](../y/index.md)",
            "\r",
            "\ufeff",
        ]
    ),
    st.text(max_size=20),
)


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=300),
        st.builds(lambda parts: "".join(parts).encode("utf-8", "surrogatepass"), st.lists(FRAGMENT, max_size=12)),
        st.builds(
            lambda block, body: f"---\nid: x\n{block}\n---\n{body}".encode("utf-8", "replace"),
            st.text(max_size=60),
            st.text(max_size=60),
        ),
    )
)
def test_any_bytes_give_a_story_or_a_problem_that_names_the_file(content: bytes, small: Path) -> None:
    (small / INDEX).write_bytes(content)
    site, problems = read(small)
    assert site.stories or [problem for problem in problems if problem.path == INDEX]
    assert all(problem.path == INDEX and problem.line >= 1 and problem.column >= 1 for problem in problems)
    judged = check(site, problems)
    assert [str(problem) for problem in judged if problem.code == "CT022"] == []


@pytest.fixture
def small(a_root: Root) -> Path:
    return a_root({INDEX: WHOLE})
