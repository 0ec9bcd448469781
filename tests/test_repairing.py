"""Repairs of one text: what was damaged comes back, what was sound stays byte for byte, twice is once."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import damaging
from exemplars.model import Site, kind_of
from exemplars.reading import read_site
from exemplars.repairing import ENCODING, METADATA, NAMES, REPAIRS, ROUNDS, edits, repaired
from exemplars.repairing.characters import decoded
from exemplars.repairing.names import file_name, moved, renamed
from exemplars.repairing.page import applied
from exemplars.repairing.syntax import in_quotes
from exemplars.rules import RULES
from exemplars.spelling import mend_d, mend_dates, mend_tone
from exemplars.strict_yaml import Refused, parse, plain
from exemplars.texts import Text, decode, split
from exemplars.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).resolve().parent.parent
STORY = "stories/2020/sap-lai-so-truc/index.md"
TODAY = dt.date(2020, 12, 31)
SITE = read_site(REPOSITORY, TODAY)[0]
PAGES = {
    path.relative_to(REPOSITORY).as_posix(): path.read_text(encoding="utf-8") for path in sorted(REPOSITORY.glob("stories/*/*/index.md"))
}


def fix(text: str, path: str = STORY) -> str:
    new, _ = repaired(path, text, SITE)
    assert repaired(path, new, SITE) == (new, ()), "a second repair changes something"
    return new


def said(path: str, text: str) -> object:
    """What a file says to the reader of the site: its keys and values, its body."""
    parts = split(text)
    assert parts is not None
    return plain(parse(parts[0], path, 2)[0]), parts[1]


# ---- sound files


@pytest.mark.parametrize("path", PAGES)
def test_a_sound_story_stays_byte_for_byte(path: str) -> None:
    assert repaired(path, PAGES[path], SITE) == (PAGES[path], ())


def test_the_other_files_of_the_repository_stay_as_they_are() -> None:
    files = [path for folder in ("campaigns", "content") for path in sorted((REPOSITORY / folder).rglob("*")) if path.is_file()]
    names = {path.relative_to(REPOSITORY).as_posix(): path for path in files}
    touched = [name for name, path in names.items() if kind_of(name) and repaired(name, path.read_text(encoding="utf-8"), SITE)[1]]
    assert len(names) > len(touched)
    assert touched == []


@pytest.mark.parametrize(
    "path", ["stories/2020/a/approval.yml", "content/index.md", "campaigns/README.md", "content/data/published.txt", "mkdocs.yml"]
)
def test_other_files_are_none_of_ours(path: str) -> None:
    assert kind_of(path) is None
    assert repaired(path, "\ufeffa: b\r\n", SITE) == ("\ufeffa: b\r\n", ())


# ---- damaged files come back

EXACT: tuple[Callable[[str], str], ...] = (
    damaging.to_nfd, damaging.to_crlf, damaging.to_bom, damaging.to_vni, damaging.to_mojibake,
)  # fmt: skip


@pytest.mark.parametrize("damage", EXACT, ids=lambda damage: damage.__name__)
@pytest.mark.parametrize("path", PAGES)
def test_a_damaged_story_is_restored_byte_for_byte(path: str, damage: Callable[[str], str]) -> None:
    assert damage(PAGES[path]) != PAGES[path]
    assert fix(damage(PAGES[path]), path) == PAGES[path]


def test_tcvn3_is_restored_but_for_the_capitals_that_it_does_not_have() -> None:
    restored = [path for path, text in PAGES.items() if fix(damaging.to_tcvn3(text), path).lower() == text.lower()]
    left = [path for path in PAGES if path not in restored]
    assert len(restored) >= 25
    for path in left:  # not certain: not touched at all
        assert fix(damaging.to_tcvn3(PAGES[path]), path) == damaging.to_tcvn3(PAGES[path])


@pytest.mark.parametrize("path", PAGES)
def test_eth_is_restored_wherever_the_reader_reads_it_as_d(path: str) -> None:
    damaged = damaging.to_eth(PAGES[path])
    assert fix(damaged, path) == clean(damaged)


@pytest.mark.parametrize("path", PAGES)
def test_several_damages_at_once(path: str) -> None:
    assert fix(damaging.to_bom(damaging.to_crlf(damaging.to_nfd(PAGES[path]))), path) == PAGES[path]
    assert fix(damaging.to_crlf(damaging.to_mojibake(PAGES[path])), path) == PAGES[path]


@pytest.mark.parametrize("path", PAGES)
def test_keys_in_another_order(path: str) -> None:
    block, body, _ = split(PAGES[path]) or ("", "", 0)
    entries = re.split(r"(?m)^(?=[a-z])", block)[1:]
    assert fix("---\n" + "".join(reversed(entries)) + "---\n" + body, path) == PAGES[path]


@pytest.mark.parametrize("path", PAGES)
def test_quotes_lost_from_texts_with_a_colon(path: str) -> None:
    text = re.sub(r"(?m)^(title|summary): (.*)$", r"\1: Gương sáng: \2", PAGES[path])
    assert said(path, fix(text, path)) == said(
        path, re.sub(r"(?m)^(title|summary): (.*)$", lambda m: f"{m[1]}: {in_quotes('Gương sáng: ' + m[2])}", PAGES[path])
    )


@pytest.mark.parametrize("path", PAGES)
def test_dates_typed_the_vietnamese_way(path: str) -> None:
    damaged = re.sub(r"\b(date|as_of|updated): (\d{4})-0?(\d+)-0?(\d+)", r"\1: \4/\3/\2", PAGES[path])
    assert damaged != PAGES[path]
    assert fix(damaged, path) == PAGES[path]


# ---- files that are not UTF-8


@pytest.mark.parametrize("path", PAGES)
def test_a_file_in_another_encoding(path: str) -> None:
    text = re.sub("[–…²]", "-", PAGES[path].translate(str.maketrans("“”‘’", "\"\"''")))
    assert decoded(text.encode("utf-16")) == text
    assert decoded(damaging.to_cp1258(text)) == text
    assert decoded(damaging.to_vni(text).encode("cp1252")) == text


def test_tcvn3_bytes() -> None:
    text = "---\ntitle: người giữ lửa mái ấm\n---\n\nđêm nào bà cũng thức trực.\n"
    assert decoded(damaging.to_tcvn3(text).encode("latin-1")) == text


@pytest.mark.parametrize(
    "data",
    [
        b"\xff\xfe\x00",
        "một chữ UTF-8 cắt ngang: ế".encode()[:-1],
        "Ein schöner Tag in Köln für Müller, Größe und Übermut äußerst".encode("latin-1"),
        "Un été à la française, où l'élève dîna très tôt".encode("cp1252"),
        b"\x89PNG\r\n\x1a\n\x00\x00\xff",
        bytes(range(256)),
    ],
    ids=range(6),
)
def test_what_is_not_certain_is_left(data: bytes) -> None:
    assert decoded(data) is None


# ---- front matter

HEAD = "---\nid: mau\ntitle: {}\n---\n"


@pytest.mark.parametrize(
    ("typed", "fixed"),
    [
        ("title: Gương: điển hình", 'title: "Gương: điển hình"'),
        ("title: Gương: điển hình  # ghi chú", 'title: "Gương: điển hình"  # ghi chú'),
        ('title: "Gương điển hình', 'title: "Gương điển hình"'),
        ("title: 'Gương điển hình", 'title: "Gương điển hình"'),
        ('title: "Gương" điển hình', "title: '\"Gương\" điển hình'"),
        ("title: “Gương” điển hình", "title: “Gương” điển hình"),
        (r'title: "C:\anh\so"', r"title: 'C:\anh\so'"),
        ("title: @gương", 'title: "@gương"'),
        ("title: `gương`", 'title: "`gương`"'),
        ("title: %gương", 'title: "%gương"'),
        ("title: *Gương* sáng", 'title: "*Gương* sáng"'),
        ("title: & cộng sự", 'title: "& cộng sự"'),
        ("title:Gương", "title: Gương"),
        ("id: mau\ntitle:Gương\ndate: 2020-06-09", "id: mau\ntitle: Gương\ndate: 2020-06-09"),
        ("subject:\n\ttype: individual", "subject:\n  type: individual"),
        ("Tiêu đề: Gương", "title: Gương"),
        ("Title: Gương", "title: Gương"),
        ("subject: {type: individual, as-of: 2020-06-01}", "subject: {type: individual, as_of: 2020-06-01}"),
        ("date: 9/6/2020", "date: 2020-06-09"),
        ("date: 09.06.2020", "date: 2020-06-09"),
        ('date: "9-6-2020"', 'date: "2020-06-09"'),
        ("date: 2020/6/9", "date: 2020-06-09"),
        ("date: ngày 9 tháng 6 năm 2020", "date: 2020-06-09"),
        ("date: 9/6/2020  # hôm họp", "date: 2020-06-09  # hôm họp"),
        ("draft: yes", "draft: true"),
        ("draft: Không", "draft: false"),
        ("subject: {type: Individual}", "subject: {type: individual}"),
        ("unit: Văn phòng Sở", "unit: van-phong-so"),
        ("kind: Người tốt, việc tốt", "kind: nguoi-tot-viec-tot"),
        ("campaigns: lao-dong-gioi", "campaigns: [lao-dong-gioi]"),
        ("campaigns: lao-dong-gioi, vi-nguoi-ngheo", "campaigns: [lao-dong-gioi, vi-nguoi-ngheo]"),
        ("campaigns: Lao động giỏi, lao động sáng tạo", "campaigns: [lao-dong-gioi]"),
        ("campaigns: ['Lao động giỏi, lao động sáng tạo']", "campaigns: ['lao-dong-gioi']"),
        ("authors: Phòng Bảo trợ xã hội", "authors: [Phòng Bảo trợ xã hội]"),
        ("awards: [{number: 010, achieved: 2020}]", 'awards: [{number: "010", achieved: "2020"}]'),
        ("figures: [{value: 1.5, unit: no, baseline: 12:30}]", 'figures: [{value: "1.5", unit: "no", baseline: "12:30"}]'),
        ("stage: nhan-rong\nstage: nhan-rong", "stage: nhan-rong"),
    ],
)  # fmt: skip
def test_a_line_of_front_matter(typed: str, fixed: str) -> None:
    body = "\n# Ghi chú: giữ nguyên\n"
    assert fix(f"---\n{typed}\n---\n{body}") == f"---\n{fixed}\n---\n{body}"


@pytest.mark.parametrize(
    "typed",
    [
        "title: Gương sáng",
        "title: 'Gương sáng'   # ghi chú",
        "title: null",
        "title: &neo gương",
        "title: *neo",
        "title: !tag gương",
        "title: {a: b: c}",
        "title: Gương: một\n  hai",
        "date: 31/02/2020",
        "date: 6/2020",
        "date: hôm qua",
        "draft: có lẽ",
        "unit: một đơn vị không có",
        "authors: Phòng A, Phòng B",
        "la: không biết",
        "title: Một\ntitle: Hai",
        "summary: |\n  Số: 2020\n\n  # không phải chú thích",
        "figures: [{value: '010'}, ]",
    ],
)
def test_what_only_the_writer_knows_stays(typed: str) -> None:
    text = f"---\n{typed}\n---\n\nThân bài.\n"
    assert fix(text) == text


@pytest.mark.parametrize(
    ("typed", "fixed"),
    [
        ("\n  ---\nid: a\n---\nThân", "---\nid: a\n---\nThân"),
        ("----\nid: a\n----\nThân", "---\nid: a\n---\nThân"),
        ("—\nid: a\n— \nThân", "---\nid: a\n---\nThân"),
        ("--- \nid: a\n--- \nThân", "---\nid: a\n---\nThân"),
        ("---\nid: a\n...\nThân", "---\nid: a\n---\nThân"),
        ("Thân\n---\nid: a\n---\n", "Thân\n---\nid: a\n---\n"),
        ("---\nid: a\n\nThân", "---\nid: a\n\nThân"),  # a story's keys are not all there: perhaps more of them follow
    ],
)
def test_the_lines_of_dashes(typed: str, fixed: str) -> None:
    assert fix(typed) == fixed


def test_the_second_line_of_dashes_forgotten() -> None:
    path, text = next(iter(PAGES.items()))
    assert fix(text.replace("\n---\n", "\n", 1), path) == text


def test_order_moves_comments_and_blocks_along() -> None:
    typed = """\
---
# Đầu tệp

# về đơn vị
unit: van-phong-so   # ghi chú
mystery: giữ nguyên   chỗ này
criteria:

  # tiêu chí đầu
  A1: {figure: 1}
# về mã
id: mau

title: >
  Gương
  sáng
# cuối
---
Thân
"""
    assert (
        fix(typed)
        == """\
---
# Đầu tệp

# về mã
id: mau

title: >
  Gương
  sáng
# cuối
# về đơn vị
unit: van-phong-so   # ghi chú
mystery: giữ nguyên   chỗ này
criteria:

  # tiêu chí đầu
  A1: {figure: 1}
---
Thân
"""
    )


def test_lists_are_mended_row_by_row() -> None:
    text = "# đơn vị\n- id: So Noi Vu\n  Tên đơn vị: Sở Nội vụ\n  from: 1/3/2025\n"
    assert fix(text, "content/data/units.yml") == "# đơn vị\n- id: so-noi-vu\n  name: Sở Nội vụ\n  from: 2025-03-01\n"


def test_a_moment_keeps_its_hour() -> None:
    text = "---\nstarts: 19/8/2020 8:00\nends: 2020-08-19 11h30\n---\n"
    assert fix(text, "content/events/toa-dam.md") == "---\nstarts: 2020-08-19 08:00\nends: 2020-08-19 11:30\n---\n"


# ---- wording

BODY = "\nNgày 7/4/2014, bà hoà giải xong; ai cũng khỏe, cũng vui hòa. “Ngày 7/4/2014 khoẻ lắm.” Chị Thuý về.\n"
WROTE = "\nNgày 07/4/2014, bà hòa giải xong; ai cũng khỏe, cũng vui hòa. “Ngày 7/4/2014 khoẻ lắm.” Chị Thuý về.\n"


def test_wording_and_the_quotes_copied_from_it() -> None:
    head = '---\nid: mau\nsummary: Từ 7/4/2014\ncriteria:\n  A1: {{quote: "{}"}}\n---\n'
    typed = head.format("Ngày 7/4/2014, bà hoà giải xong; ai cũng khỏe") + BODY
    fixed = head.replace("Từ 7/", "Từ 07/").format("Ngày 07/4/2014, bà hòa giải xong; ai cũng khỏe") + WROTE
    assert fix(typed) == fixed


@pytest.mark.parametrize("path", ["content/documents/quyet-dinh.md", "content/plans/ke-hoach.md"])
def test_the_words_of_documents_are_not_ours(path: str) -> None:
    text = "---\nid: mau\n---\n" + BODY
    assert fix(text, path) == text


def test_control_characters_go() -> None:
    assert fix("---\nid: mau\n---\nMột\x0bhai\u202e ba\x00.\n") == "---\nid: mau\n---\nMột hai ba.\n"


# ---- names of files


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("anh-chinh.jpg", "anh-chinh.jpg"),
        ("Ảnh chính.JPG", "anh-chinh.jpg"),
        ("IMG_2020.jpeg", "img-2020.jpeg"),
        ("!!!.png", ""),
        ("anh_2.png", "anh_2.png"),
    ],
)
def test_file_names(name: str, right: str) -> None:
    assert file_name(name) == right


def test_references_follow_a_photo() -> None:
    text = '---\nphotos: [{file: "Ảnh chính.JPG", alt: "Ảnh chính.JPG"}]\n---\n![a](Ảnh%20chính.JPG) ![b](<Ảnh chính.JPG> "tên") [c](./Ảnh%20chính.JPG) `Ảnh chính.JPG`\n'
    names = {unicodedata.normalize("NFD", "Ảnh chính.JPG"): "anh-chinh.jpg"}
    assert applied(text, renamed(STORY, text, names)) == (
        '---\nphotos: [{file: "anh-chinh.jpg", alt: "Ảnh chính.JPG"}]\n---\n![a](anh-chinh.jpg) ![b](anh-chinh.jpg "tên") [c](anh-chinh.jpg) `Ảnh chính.JPG`\n'
    )


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("../Bài%20Mới/index.md#x", "../bai-moi/index.md#x"),
        ("../../2019/Bài%20Mới/so%20do.pdf?tải=1", "../../2019/bai-moi/so%20do.pdf?tải=1"),
        ("<../Bài Mới/Sơ đồ.pdf>", "<../bai-moi/Sơ đồ.pdf>"),
        ("../bai-moi/index.md", "../bai-moi/index.md"),
        ("../../2018/Bài%20Mới/", "../../2018/Bài%20Mới/"),
        ("https://a.vn/Bài%20Mới/tin%20moi?q=Bài", "https://a.vn/Bài%20Mới/tin%20moi?q=Bài"),
    ],
)
def test_links_follow_a_folder_and_no_other(typed: str, right: str) -> None:
    text = f"---\nid: mau\n---\n[a]({typed}) [b](#Bài%20Mới)\n"
    folders = {f"stories/{year}/Bài Mới": f"stories/{year}/bai-moi" for year in (2019, 2020)}
    assert applied(text, moved(STORY, text, folders)) == text.replace(typed, right)


HEAD = "---\nid: mau\n---\n"


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        pytest.param("Ba việc:\n- Một\n- Hai\n", "Ba việc:\n\n- Một\n- Hai\n", id="danh sách dính liền"),
        pytest.param("Ba việc:\n• Một\n•Hai\n\nHết.\n", "Ba việc:\n\n- Một\n- Hai\n\nHết.\n", id="dấu chấm tròn"),
        pytest.param("1) Một\n2) Hai\n", "1. Một\n2. Hai\n", id="số và ngoặc"),
        pytest.param("Bảng:\n| A | B |\n|---|---|\n| 1 | 2 |\n", "Bảng:\n\n| A | B |\n|---|---|\n| 1 | 2 |\n", id="bảng dính liền"),
        pytest.param("\tMột.\n\n    Hai.\n\nBa.\n", "Một.\n\nHai.\n\nBa.\n", id="thụt đầu dòng"),
        pytest.param("- Một\n\n    tiếp\n- Hai\n", "- Một\n\n    tiếp\n- Hai\n", id="đoạn trong ý: giữ nguyên"),
        pytest.param("A\tB\n1\t2\n", "A\tB\n1\t2\n", id="bảng bằng Tab: người viết tự sửa"),
        pytest.param("• Một\n◦ Hai\n", "• Một\n◦ Hai\n", id="hai bậc của Word: không đoán"),
        pytest.param(
            "    Bầu ơi thương lấy bí cùng\n    Tuy rằng\n", "    Bầu ơi thương lấy bí cùng\n    Tuy rằng\n", id="thơ: không nhập dòng"
        ),
        pytest.param("    - Một\n\n        - Hai\n", "    - Một\n\n        - Hai\n", id="danh sách thụt: không làm phẳng"),
        pytest.param("    # 1 là tổ đầu\n", "    # 1 là tổ đầu\n", id="không thành đầu mục"),
        pytest.param("Xem mục\n1) và mục\n2) ở trên\n", "Xem mục\n1) và mục\n2) ở trên\n", id="số trong câu"),
        pytest.param("## Ba việc\n- Một\n- Hai\n", "## Ba việc\n- Một\n- Hai\n", id="danh sách ngay dưới đầu mục"),
    ],
)
def test_a_body_as_typed_in_word(typed: str, right: str) -> None:
    assert fix(HEAD + typed) == HEAD + right


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        pytest.param("figures: [{name: Ca, value: 1,5, unit: ca}]", 'figures: [{name: Ca, value: "1,5", unit: ca}]', id="số lẻ"),
        pytest.param(
            "photos: [{file: a.jpg, alt: Cuốn sổ, cạnh đèn, đêm khuya}]",
            'photos: [{file: a.jpg, alt: "Cuốn sổ, cạnh đèn, đêm khuya"}]',
            id="ba mảnh",
        ),
        pytest.param("figures: [{name: Ca, value: 1, unti}]", 'figures: [{name: Ca, value: "1", unti}]', id="gõ sai tên mục: không đoán"),
        pytest.param("unit:\u00a0van-phong-so", "unit: van-phong-so", id="dấu cách không ngắt"),
        pytest.param("unit： van-phong-so", "unit: van-phong-so", id="hai chấm toàn khổ"),
        pytest.param("unit：van-phong-so", "unit: van-phong-so", id="hai chấm toàn khổ dính liền"),
        pytest.param("criteria:\u00a0\u00a0{A1: {figure: 1}}", "criteria:  {A1: {figure: 1}}", id="hai dấu lạ liền nhau"),
        pytest.param("authors:\n" + "\u00a0" * 12 + "- Tổ", "authors:\n" + " " * 12 + "- Tổ", id="mười hai dấu lạ"),
        pytest.param(
            "summary: >-\n  từ\n  16：30, một cuốn", "summary: >-\n  từ\n  16：30, một cuốn", id="trong khối chữ: chữ của người viết"
        ),
        pytest.param(
            "consent: {record: HS-1, scope: name, photo}",
            "consent: {record: HS-1, scope: [name, photo]}",
            id="danh sách mã trong ngoặc nhọn",
        ),
        pytest.param("criteria:\n\u00a0\u00a0A1: {figure: 1}", "criteria:\n  A1: {figure: 1}", id="thụt bằng dấu cách không ngắt"),
        pytest.param("title: Góc số #1", "title: Góc số #1", id="dấu thăng: có thể là lời chú"),
    ],
)
def test_front_matter_as_pasted_from_word(typed: str, right: str) -> None:
    assert fix(f"---\nid: mau\n{typed}\n---\nMột.\n") == f"---\nid: mau\n{right}\n---\nMột.\n"


def test_curly_quotes_around_a_quotation_or_number_become_straight_where_only_so_it_is_right() -> None:
    body = "Bà ngồi lại, đêm nào cũng vậy. “Đừng quên sổ trực.”\n"
    whole = "---\nid: mau\ncriteria:\n  A1: {{quote: {}}}\n---\n" + body
    assert fix(whole.format("“Bà ngồi lại, đêm nào cũng vậy.”")) == whole.format('"Bà ngồi lại, đêm nào cũng vậy."')
    assert fix(whole.format("“Đừng quên sổ trực.”")) == whole.format("“Đừng quên sổ trực.”")
    awards = "---\nid: mau\nawards:\n  - {{type: bang-khen, number: {}}}\n---\nMột.\n"
    assert fix(awards.format("“118/QĐ-UBND”")) == awards.format('"118/QĐ-UBND"')


# ---- properties

LETTERS = "aăâbcđeêghioôơuưyàáảãạòóỏõọùúủũụÐð ĐĂ"
LINES = st.text(st.sampled_from(LETTERS + "0123456789/.,:;-#*`“”\"'[](){}\t\u0301\u0300\u200b\r\ufeff&|>%"), max_size=30)
BODIES = st.lists(LINES, max_size=8).map("\n".join)


@given(BODIES)
def test_the_body_keeps_its_meaning(body: str) -> None:
    """Nothing but what the reader normalises anyway, and the wording rules, ever changes in a body."""
    head = "---\nid: mau\n---\n"
    new, _ = repaired(STORY, head + body, SITE)
    assert new.startswith(head)
    assert mend_tone(laid_out(mend_dates(mend_d(clean(head + body))))) == mend_tone(laid_out(new))


def laid_out(text: str) -> str:
    """What BS006 asks for, as often as it asks."""
    for _ in range(ROUNDS):
        text = applied(text, [edit for edit in edits(STORY, text, SITE) if edit.code == "BS006"])
    return text


@given(
    st.lists(
        st.tuples(st.sampled_from(["id", "title", "date", "draft", "unit", "Title", "criteria", "x", "- a", "  b", "#"]), LINES), max_size=6
    ),
    BODIES,
)
def test_repairing_twice_changes_nothing_more(entries: list[tuple[str, str]], body: str) -> None:
    text = "---\n" + "".join(f"{key}: {value}\n" for key, value in entries) + "---\n" + body
    once, _ = repaired(STORY, text, SITE)
    assert repaired(STORY, once, SITE) == (once, ())


@given(st.lists(st.tuples(st.sampled_from(["id", "title", "date", "draft", "unit", "criteria", "x"]), LINES), max_size=6))
def test_what_could_be_read_can_still_be_read(entries: list[tuple[str, str]]) -> None:
    text = clean("---\n" + "".join(f"{key}: {value}\n" for key, value in entries) + "---\n")
    try:
        said(STORY, text)
    except (Refused, AssertionError):
        return
    said(STORY, repaired(STORY, text, SITE)[0])


@given(st.binary(max_size=200))
def test_bytes_never_stop_a_repair(data: bytes) -> None:
    decoded(data)


@given(st.text(st.sampled_from(LETTERS + "\x0b\u202e\r\n"), max_size=120))
def test_each_edit_stands_alone_and_in_order(text: str) -> None:
    for edit in edits(STORY, text, Site()):
        assert 0 <= edit.start <= edit.end <= len(text)
        assert text[edit.start : edit.end] != edit.text


# ---- the table

MECHANICAL = {
    "CT003": "ngày viết cách khác", "CT006": "tên mục viết cách khác", "CT007": "dấu nháy, gạch, thụt dòng", "CT008": "ghi hai lần",
    "CT009": "dấu * & đầu giá trị", "CT010": "dạng của giá trị", "CT012": "bỏ phần đánh dấu", "CT015": "tên tệp", "CT020": "bỏ dòng miễn đã hết hạn",
    "TL001": "tên thay cho mã", "VB001": "dạng của số, ký hiệu", "VB002": "thể thức ngày", "VT001": "bảng mã", "VT002": "chữ lỗi mã",
    "TC002": "dấu bao đoạn trích", "BS006": "dòng trống, dấu đầu dòng", "VT003": "Ð", "VT004": "ký tự điều khiển", "VT005": "chỗ đặt dấu thanh", "BS003": "cấp của đầu mục", "AN003": "dữ liệu máy chụp",
}  # fmt: skip
"""The rules whose remedy is a rewrite that needs no new knowledge: what is right follows from what is there."""
REPAIRED = frozenset(code for repair in (*REPAIRS, ENCODING, METADATA, NAMES) for code in repair.codes)


def test_two_in_five_of_the_mechanical_rules_have_a_repair() -> None:
    assert set(MECHANICAL) >= REPAIRED
    assert len(REPAIRED) >= 0.4 * len(MECHANICAL)


def test_every_repair_is_told_apart() -> None:
    assert len({repair.does for repair in REPAIRS}) == len(REPAIRS)
    assert {code for code in REPAIRED if code[:2] in {"VB", "TL"}} <= {rule.code for rule in RULES}


def test_edits_name_the_rule_they_answer() -> None:
    text = "---\nid: mau\ndate: 9/6/2020\ndraft: yes\n---\nNgày 7/4/2014.\n"
    assert [(edit.code, text[edit.start : edit.end], edit.text) for edit in edits(STORY, text, SITE)] == [
        ("CT003", "9/6/2020", "2020-06-09"),
        ("CT010", "yes", "true"),
        ("VB002", "7/4/2014", "07/4/2014"),
    ]


def test_the_reader_takes_what_was_repaired() -> None:
    found, problems = decode(fix(damaging.to_bom("---\nid: mau\n---\n")).encode(), STORY)
    assert (found, problems) == (Text(STORY, "---\nid: mau\n---\n"), [])
