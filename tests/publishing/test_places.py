"""`publish.yml`: read strictly, every fault at its line; and the file that the project comes with."""

from __future__ import annotations

from pathlib import Path

import pytest

from exemplars.publishing import places
from exemplars.publishing.refusal import Refused

REPOSITORY = Path(__file__).resolve().parents[2]


def read(root: Path, text: str) -> list[places.Place]:
    (root / places.PATH).write_text(text, encoding="utf-8")
    return places.read(root)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {name: a, kind: ssh, where: may}", "publish.yml:1:1: CT007 «may» không phải máy:đường-dẫn."),
        ("- {name: a, kind: folder}", "publish.yml:1:1: CT007 Chỗ đăng thiếu «Chỗ đặt» (`where`)."),
        ("- {name: a, kind: folder, where: b, wher: c}", "publish.yml:1:37: CT006 Không có mục «wher». Có phải là «where»?"),
        ("- {name: a, kind: folder, where: b}\n- {name: a, kind: folder, where: c}", "publish.yml:2:1: CT007 Tên «a» đã dùng ở trên."),
        (
            "- {name: a, kind: s3, where: 'x:y', store: 'x:y'}",
            "publish.yml:1:1: CT007 Chỗ đăng «a» loại s3 cần kho riêng (`store`) nằm ngoài `where`.",
        ),
        ("- {name: a, kind: sftp, where: 'x:/w/', store: 'x:/w/rieng'}", "publish.yml:1:1: CT007 Chỗ đăng «a» loại sftp cần kho riêng"),
        ("- {name: a, kind: s3, where: 'x:', store: 'x:rieng'}", "publish.yml:1:1: CT007 Chỗ đăng «a» loại s3 cần kho riêng"),
        ("- {name: a, kind: folder, where: stories}", "publish.yml:1:1: CT007 «stories» là một phần của kho bài."),
        ("- {name: a, kind: folder, where: b, url: 'https://x.vn/gương/'}", "publish.yml:1:1: CT007 Địa chỉ trang «https://x.vn/gương/»"),
        ("- {name: a, kind: folder, where: b, url: 'http://[::1/'}", "publish.yml:1:1: CT007 Địa chỉ trang «http://[::1/»"),
        (
            "- {name: a, kind: folder, where: b, url: portal.example}",
            "publish.yml:1:1: CT007 Địa chỉ trang «portal.example» không đúng dạng.",
        ),
        ("- {name: a, kind: folder, where: b, keep: 0}", "publish.yml:1:43: CT010 «Số bản giữ lại» (`keep`) không nhận «0»."),
        ("name: a", "publish.yml:1:1: CT007 Tệp phải là một danh sách."),
        ("- a", "publish.yml:1:1: CT007 Dòng này của danh mục không có các mục con."),
        ("- {name: a", "publish.yml:"),
    ],
)
def test_faults(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize("where", ["./", "./site/", "./stories/", "./www/current/", "./www/releases/a/guong"])
def test_nothing_is_published_into_the_project_or_into_a_release(tmp_path: Path, where: str) -> None:
    (tmp_path / "www/releases/a/guong").mkdir(parents=True)
    (tmp_path / "www/releases/a/build.json").write_text("{}")
    (tmp_path / "www/current").symlink_to("releases/a")
    with pytest.raises(Refused, match=r"Hãy (đăng ra thư mục khác|ghi thư mục chứa các bản đăng)"):
        places.find(tmp_path, where)
    assert places.find(tmp_path, "./www").where == "./www"


def test_what_the_project_comes_with() -> None:
    assert [(place.name, place.kind, place.keep, place.max_bad_share) for place in places.read(REPOSITORY)] == [("thu", "folder", 5, 10)]


def test_the_examples_are_sound(tmp_path: Path) -> None:
    text = (REPOSITORY / places.PATH).read_text(encoding="utf-8")
    examples = "\n".join(line[2:] for line in text.splitlines() if line.startswith(("# - ", "#   ")))
    assert [place.kind for place in read(tmp_path, examples)] == ["ssh", "s3", "sftp"]


def test_a_place_is_found_by_name_or_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"Chưa có publish\.yml"):
        places.find(tmp_path, "thu")
    read(tmp_path, "- {name: thu, kind: folder, where: b}")
    assert places.find(tmp_path, "thu").where == "b"
    assert places.find(tmp_path, "./noi-khac") == places.Place(name="noi-khac", kind="folder", where="./noi-khac")
    with pytest.raises(Refused, match="Có phải là «thu»"):
        places.find(tmp_path, "thuu")
