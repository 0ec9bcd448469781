"""Every type of page, in one place: whatever tries pages tries one of each. A page that is of no type is a fault."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ID = r"[a-z0-9-]+"
PAGED = r"trang-\d+/"
MOVED, WITHDRAWN, STORY = "địa chỉ đã chuyển", "bài đã gỡ", "câu chuyện"
TYPES = {
    "trang chủ": r"", STORY: rf"guong/\d{{4}}/{ID}/", "tất cả câu chuyện": r"guong/", "tất cả câu chuyện, trang sau": rf"guong/{PAGED}",
    "các phong trào": r"phong-trao/", "phong trào": rf"phong-trao/{ID}/", "phong trào, trang sau": rf"phong-trao/{ID}/{PAGED}",
    "các đơn vị": r"don-vi/", "đơn vị": rf"don-vi/{ID}/", "đơn vị, trang sau": rf"don-vi/{ID}/{PAGED}",
    "các lĩnh vực": r"linh-vuc/", "lĩnh vực": rf"linh-vuc/{ID}/", "lĩnh vực, trang sau": rf"linh-vuc/{ID}/{PAGED}",
    "các thể loại": r"loai/", "thể loại": rf"loai/{ID}/", "thể loại, trang sau": rf"loai/{ID}/{PAGED}",
    "các năm": r"nam/", "năm": r"nam/\d{4}/", "năm, trang sau": rf"nam/\d{{4}}/{PAGED}",
    "các tiêu chí": r"tieu-chi/", "tiêu chí của một kế hoạch": rf"tieu-chi/{ID}/", "tiêu chí": rf"tieu-chi/{ID}/{ID}/",
    "tiêu chí, trang sau": rf"tieu-chi/{ID}/{ID}/{PAGED}", "nhân vật": r"nhan-vat/", "nhân vật, một chữ cái": rf"nhan-vat/{ID}/",
    "văn bản": r"van-ban/", "sự kiện": r"su-kien/", "tìm kiếm": r"tim-kiem/", "nguồn tin": r"nguon-tin/", "quy tắc": r"quy-tac/",
    "trang nhúng": rf"nhung/(?:(?:phong-trao|don-vi)/{ID}/)?", "giới thiệu": r"gioi-thieu/", "tiếp cận": r"tiep-can/", "lỗi 404": r"404\.html",
}  # fmt: skip


def of_type(address: str, html: bytes) -> str:
    """The type of a page. What stands at the address of a story that moved or was taken down is told by what it says."""
    if b'http-equiv="refresh"' in html:
        return MOVED
    if "<h1>Bài đã gỡ</h1>".encode() in html:
        return WITHDRAWN
    # the last that fits: «trang-2» is a possible id, and a page of a list is named after the list itself
    found = [name for name, pattern in TYPES.items() if re.fullmatch(pattern, address)]
    assert found, f"{address}: loại trang chưa có trong TYPES"
    return found[-1]


def by_type(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """The addresses of a built site by type, in each type the page with the most to show first."""
    types: dict[str, list[str]] = {}
    for path in sorted((path for path in files if path.endswith(".html")), key=lambda path: -len(files[path])):
        address = path.removesuffix("index.html")
        types.setdefault(of_type(address, files[path]), []).append(address)
    return types


def one_of_each(files: Mapping[str, bytes]) -> dict[str, str]:
    """Address → its type: of each type the fullest page and the barest. A page that leads elsewhere at once shows nothing."""
    types = by_type(files)
    return {address: name for name, found in types.items() if name != MOVED for address in (found[0], found[-1])}
