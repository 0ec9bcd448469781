"""Whatever a writer types: an error that names file and line, or valid feeds. Never an invalid feed."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

import feed_rules
from exemplars import building
from exemplars.building import Stamp, pictures
from exemplars.building.maker import Maker
from exemplars.checking import blocking, check
from exemplars.listing import Shelf
from exemplars.model import Settings
from exemplars.pages import Context
from exemplars.reading import read_site
from exemplars.storing import Store
from feedsite import TAG, Plain
from sites import copy_repository

STORY = "2020/sap-lai-so-truc-dem"
TITLE = "title: Người sắp lại sổ trực đêm"
URL = "https://p.example/g/"
TODAY = dt.date(2021, 12, 31)
FEED = re.compile(r"(^|/)(feed|atom|stories)(-\d+)?\.(xml|json)$")


def title(text: str) -> tuple[str, str]:
    return TITLE, f"title: {text}"


BAD = {
    "ký tự điều khiển": (*title("Sổ\x0btrực"), "error"),
    "ký tự điều khiển viết bằng mã": (*title('"Sổ\\x0btrực"'), "error"),
    "ký tự rỗng viết bằng mã": (*title('"Sổ\\0trực"'), "error"),
    "nửa cặp thay thế": (*title('"Sổ\\ud800trực"'), "error"),
    "không phải ký tự": (*title('"Sổ\\uffffttrực"'), "error"),
    "kết thúc CDATA": (*title('"Sổ ]]> trực"'), "feed"),
    "thẻ trong tiêu đề": (*title("Sổ <b>trực</b>"), "error"),
    "dấu nhỏ hơn": (*title('"Hai < ba & bốn"'), "feed"),
    "tiêu đề 300 chữ": (*title("Đ" * 300), "error"),
    "dạng tách rời": (*title(unicodedata.normalize("NFD", "Người sắp lại sổ trực đêm")), "feed"),
    "hình cảm xúc": (*title("Sổ trực 😀 đêm"), "feed"),
    "ảnh không có": ("file: anh-chinh.jpg", "file: khong-co.jpg", "error"),
    "ngày trong tương lai": ("date: 2020-06-09", "date: 2031-06-09", "either"),
    "ngày có giờ không múi": ("date: 2020-06-09", "date: 2020-06-09T08:00:00", "error"),
    "ký tự điều khiển trong bài": ("## Việc làm", "## Việc làm\n\nMột&#11;hai&#0;ba&#xFFFF;bốn&#xD800;năm.\n", "feed"),
    "kết thúc CDATA trong bài": ("## Việc làm", "## Việc làm\n\nMột ]]> hai &amp;lt; ba.\n", "feed"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_an_error_that_names_the_line_or_valid_feeds(name: str, tmp_path: Path) -> None:
    old, new, wanted = BAD[name]
    root = copy_repository(tmp_path / "kho", stories=(STORY,))
    path = root / f"stories/{STORY}/index.md"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    site, problems = read_site(root, TODAY)
    store = Store(tmp_path / "store")
    sizes, faulty = pictures.sizes_of(site.stories, root, store, 1)
    at = f"stories/{STORY}/index.md"
    errors = [one for one in blocking(check(site, [*problems, *faulty])) if one.path == at and one.code != "DU002"]
    if errors:
        assert wanted in {"error", "either"}, [str(one) for one in errors]
        assert all(one.line >= 1 and one.path == at for one in errors)
        return
    assert wanted in {"feed", "either"}
    stories = tuple(replace(one, approval=one.approval and replace(one.approval, text_sha256=one.text_sha256)) for one in site.stories)
    context = Context(Shelf(replace(site, stories=stories)), Settings("Gương", URL, "Mô tả", "Sở", TAG), sizes)
    (tmp_path / "shell").mkdir()
    maker = Maker(root, context, Plain(), store)
    built = building.build(maker, tmp_path / "site", tmp_path / "shell", [""], None, Stamp(None, preview=False), 1)
    files = {path: (tmp_path / "site" / path).read_bytes() for path in built.files}
    assert b"<item>" in files["feed.xml"]
    for document in filter(FEED.search, files):
        feed_rules.check(document, files[document], files, URL)
