"""What `--fix` may write: rewrites that follow from the text alone, whatever the writer meant. Pure: text in, edits out.

Each repair looks for one kind of slip and leaves every other character as it is; repairing twice changes nothing more.
It works on files that cannot be read yet, too: that is where it is needed most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exemplars.repairing import characters, keys, layout, syntax, values, wording
from exemplars.repairing.page import applied, page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Edit, Site
    from exemplars.repairing.page import Page

    Fixer = Callable[[Page, Site], Iterable[Edit]]

ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair does, in the writer's language, and the codes of the rules it answers; it gives edits that do not overlap."""

    does: str
    codes: tuple[str, ...]
    edits: Fixer


LEGACY = Repair("chuyển chữ lỗi mã sang Unicode", ("VT002",), characters.legacy)
REPAIRS: tuple[Repair, ...] = (
    LEGACY,
    Repair("đưa chữ về dạng chuẩn (Unicode dựng sẵn, chữ Đ, xuống dòng, không ký tự ẩn)", ("VT003",), characters.unclean),
    Repair("bỏ ký tự điều khiển", ("VT004",), characters.controls),
    Repair("viết lại hai dòng --- của phần khai báo", ("CT007",), syntax.fences),
    Repair("gõ lại dấu cách, dấu hai chấm lạ trong phần khai báo", ("CT007",), syntax.odd),
    Repair("đặt dấu nháy, dấu cách để phần khai báo đọc được", ("CT007", "CT009"), syntax.misread),
    Repair("bỏ mục ghi trùng nguyên văn", ("CT008",), keys.repeated),
    Repair("đặt giá trị có dấu phẩy trong dấu nháy", ("CT006",), keys.commas),
    Repair("viết lại tên mục", ("CT006",), keys.key_names),
    Repair("viết ngày theo năm-tháng-ngày", ("CT003",), values.days),
    Repair("viết lại giá trị theo dạng được nhận", ("CT010",), values.words),
    Repair("thay tên bằng mã", ("TL001",), values.references),
    Repair("đặt giá trị vào danh sách", ("CT010",), values.lists),
    Repair("thay dấu “ ” bao giá trị bằng dấu nháy thẳng", ("TC002", "VB001"), values.curly),
    Repair("đặt số và chữ như số trong dấu nháy", (), values.quoting),
    Repair("xếp lại thứ tự các mục", (), keys.order),
    Repair("viết ngày trong bài theo thể thức", ("VB002",), wording.dates),
    Repair("trình bày lại đoạn, danh sách, bảng", ("BS006",), layout.laid_out),
    Repair("đặt dấu thanh theo một kiểu", ("VT005",), wording.tones),
)
ENCODING = Repair("chuyển sang UTF-8", ("VT001",), lambda _page, _site: ())
METADATA = Repair("bỏ dữ liệu máy chụp khỏi ảnh", ("AN003",), lambda _page, _site: ())
NAMES = Repair("đặt lại tên tệp, thư mục", ("CT015",), lambda _page, _site: ())


def edits(path: str, text: str, site: Site) -> tuple[Edit, ...]:
    """Every repair of a file, each by itself on the text as it stands; those of two codes may touch one place."""
    found = page(path, text)
    if found is None:
        return ()
    return tuple(edit for repair in REPAIRS for edit in repair.edits(found, site))


def repaired(path: str, text: str, site: Site, without: frozenset[str] = frozenset()) -> tuple[str, tuple[str, ...]]:
    """The file after all repairs in turn, except those named in `without`; and what was done, by `Repair.does`."""
    done: dict[str, None] = {}
    for _ in range(ROUNDS):  # one repair may bring another's slip to light: text encoded wrongly twice, for one
        before = text
        for repair in REPAIRS:
            found = page(path, text)
            if found is not None and repair.does not in without and (changes := tuple(repair.edits(found, site))):
                text = applied(text, changes)
                done[repair.does] = None
        if text == before:
            break
    return text, tuple(done)
