"""`vietnamese.py`: hand-made lists in dictionary order, tables of cases, and what must hold for any text."""

import datetime as dt
import random
import re
import unicodedata
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exemplars import vietnamese as vi

Key = Callable[[str], Any]
Form = Callable[[str], str]

# the same examples on every machine, and no file written
steady = settings(deadline=None, derandomize=True, database=None)

VOWELS = "aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ"
CONSONANTS = "bcdđghklmnpqrstvx"
LETTERS = VOWELS + VOWELS.upper() + CONSONANTS + CONSONANTS.upper()
vietnamese_text = st.text(LETTERS + " 0123456789.,-–“”\n", max_size=60)
any_text = st.text(max_size=60) | vietnamese_text


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


# ---- reading


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        pytest.param("Điều dưỡng", "Điều dưỡng", id="đã sạch"),
        pytest.param(nfd("Nguyễn Thị Mẫu"), "Nguyễn Thị Mẫu", id="dấu tổ hợp"),
        pytest.param("\ufeffMở đầu", "Mở đầu", id="BOM ở đầu"),
        pytest.param("Mở\ufeff đầu", "Mở đầu", id="BOM ở giữa"),
        pytest.param("gương\u00ad mẫu", "gương mẫu", id="gạch nối mềm"),
        pytest.param("gương\u200b\u2060 mẫu", "gương mẫu", id="ký tự rộng bằng không"),
        pytest.param("một\r\nhai\rba\nbốn", "một\nhai\nba\nbốn", id="xuống dòng kiểu Windows, kiểu Mac cũ"),
        pytest.param("e\u200b\u0302\u0301", "ế", id="ký tự ẩn chen giữa chữ và dấu"),
        pytest.param("👩\u200d⚕\ufe0f và ❤\ufe0f\u200d🔥", "👩\u200d⚕\ufe0f và ❤\ufe0f\u200d🔥", id="nối trong emoji"),
        pytest.param("👩🏽\u200d🏫", "👩🏽\u200d🏫", id="nối trong emoji có màu da"),
        pytest.param("nhân\u200d viên 👩\u200d x", "nhân viên 👩 x", id="nối ngoài emoji"),
        pytest.param("ðiều", "điều", id="ð trong chữ Việt"),
        pytest.param("Ðoàn Thị Ðiểm ở ÐÀ NẴNG", "Đoàn Thị Điểm ở ĐÀ NẴNG", id="Ð trong chữ Việt"),
        pytest.param("12/QÐ-UBND, HÐND, N.Ð.A.", "12/QĐ-UBND, HĐND, N.Đ.A.", id="Ð trong chữ tắt"),
        pytest.param("Ðắk Lắk, ðựoc", "Đắk Lắk, đựoc", id="Ð trong chữ lạ hoặc gõ sai nhưng có dấu Việt"),
        pytest.param("Seyðisfjörður, Guðrún, SEYÐISFJÖRÐUR", "Seyðisfjörður, Guðrún, SEYÐISFJÖRÐUR", id="tên nước ngoài"),
        pytest.param("", "", id="trống"),
    ],
)
def test_clean(raw: str, read: str) -> None:
    assert vi.clean(raw) == read


def test_clean_text_is_handed_back() -> None:
    text = "Trung tâm có mười hai cháu nhỏ, đêm nào cũng phải có người thức.\n"
    assert vi.clean(text) is text


UNTIDY = "\r\n\ufeff\u00ad\u200b\u200d\u2060\u0301\u0302\u0323👩🏽❤\ufe0fÐðeoaQ "


@given(any_text | st.text(UNTIDY, max_size=12))
@steady
def test_clean_twice_changes_nothing(text: str) -> None:
    once = vi.clean(text)
    assert vi.clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not set(once) & set("\r\ufeff\u00ad\u200b\u200c\u2060")


@given(vietnamese_text)
@steady
def test_clean_keeps_vietnamese(text: str) -> None:
    assert vi.clean(text) == text
    assert vi.clean(nfd(text)) == text


def test_nfc() -> None:
    assert vi.nfc(nfd("Đặng Thị Ngọc")) == "Đặng Thị Ngọc"


# ---- fold, slug


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đặng Thị Ngọc", "dang thi ngoc"),
        ("ĐƯỜNG, ưỡn Ẹo", "duong, uon eo"),
        ("ðiều", "dieu"),
        ("Seyðisfjörður", "seydisfjordur"),
        ("KÊNH 12", "kenh 12"),
        ("İ", "i"),
        ("“Mẫu”", "“mau”"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert vi.fold(text) == folded


@given(any_text)
@steady
def test_fold_keeps_length_and_settles(text: str) -> None:
    folded = vi.fold(text)
    assert len(folded) == len(text)
    assert vi.fold(folded) == folded


def test_fold_of_every_character() -> None:
    every = "é" + "".join(map(chr, range(0x30000)))  # the rest of the code space holds no letter of two cases
    assert len(vi.fold(every)) == len(every)
    assert vi.fold(vi.fold(every)) == vi.fold(every)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Đỗ Đức Đạt", "do-duc-dat"),
        ("Điều 5", "dieu-5"),
        ("  Người giữ lửa – ở “mái ấm”! ", "nguoi-giu-lua-o-mai-am"),
        ("ÐÀ NẴNG", "da-nang"),
        ("34-CT/TW", "34-ct-tw"),
        ("Wien–Zürich", "wien-zurich"),
        ("…", ""),
    ],
)
def test_slug(text: str, expected: str) -> None:
    assert vi.slug(text) == expected
    assert vi.slug(nfd(text)) == expected


@given(any_text)
@steady
def test_slug_is_ascii_and_settles(text: str) -> None:
    slug = vi.slug(text)
    assert re.fullmatch(r"(?:[a-z0-9]+(?:-[a-z0-9]+)*)?", slug)
    assert vi.slug(slug) == slug
    assert vi.slug(nfd(text)) == slug


# ---- order: classes A, B, B2 and C, made by hand


def listed(text: str) -> list[str]:
    """The entries of a list in their order: syllables stand between spaces, longer entries between bars."""
    return text.strip().replace("\n", "|").split("|") if "|" in text else text.split()


A = listed("""
a à ả ã á ạ ác ạc ai ải ái am ám an àn án ang anh ành ảnh ánh ao ảo áo áp át ạt au ay áy
ắc ăm ằm ẵm ặm ăn ẳn ăng ằng ắp ắt
âm ầm ẩm ấm ậm ân ần ẩn ấn ấp ất âu ấu ây ấy
ba bà bả bã bá bạ bác bạc bai bài bãi bái bại ban bàn bản bán bạn bang bảng báng bay bày bảy bẫy bậy
be bè bẻ bẽ bé bẹ bê bề bể bễ bế bệ bi bì bỉ bĩ bí bị bo bò bỏ bõ bó bọ bô bồ bổ bỗ bố bộ bơ bờ bở bỡ bớ bợ
bu bù bủ bũ bú bụ bư bừ bử bữ bứ bự ca cà cả cá cạ cha chà chả chã chá chạ che chè chê chề cho chó chô chỗ chơ chờ
co cò cô cồ cơ cờ cu cũ cư cứ cự da dạ dăm dằm dâm dầm de dê di do dô dơ du dư dữ
đa đà đả đã đá đạ đăm đằm đắm đâm đầm đẫm đậm đe đè đê đề đi đo đó đô đồ đơ đờ đu đủ đư đừ e è é ê ế
ga gà ghe ghế gì già giã giá giạ hoa hòa hỏa hóa họa hoe hòe huy hùy hủy húy hụy
ia ỉa ích kê kế khi la là lạ ma mà mả mã má mạ na ná nga ngà nghe nhà nhạ
o ò ó ô ồ ổ ố ộ ơ ờ ở ớ ợ pa pha qua quà quả quá quy quỳ quỷ quý quỵ ra rạ sa sả ta tà tha thà tra trà
u ù ủ ú ụ uy ủy úy ư ừ ử ứ ự va vạ xa xã xá y ỳ ỷ ỹ ý ỵ
""")

B = listed("""
ba ba|ba bị|ba hoa|bà con|bà mụ|bả vai|bã mía|bá chủ|bá hộ|bác ái|bác sĩ|bạc đãi|bài bản|bài học|bãi bể
bán buôn|bạn bè|bạn đọc|băn khoăn|bâng khuâng|cá nhân|cá thể|cha mẹ|chà là|chung cư|chung thủy|chủng loại
đa cảm|đa dạng|đã đành|đại hội|đại lý|điểm tựa|điển hình|gia đình|gia giáo|già cả|hòa bình|hòa nhập|hóa chất
lao công|lao động|lão thành|ngược xuôi|người tốt|quý trọng|tập thể|ưu đãi|ưu tiên|ý chí|ý kiến
""")

B2 = listed("""
hòa an|hoà bình|hòa giải|hoà nhập|hỏa hoạn|hoả lò|hóa chất|hoá học|họa sĩ|hoạ tiết
thủy lợi|thuỷ tinh|thúy an|thuý bình|thúy hà
""")

C = listed("""
Phạm Thị Ái|Trần Văn An|Nguyễn Thị Ánh|Lê Thị Ân|Bùi Văn Bá|Nguyễn Văn Bình|Trần An Bình|Trần Thị Bình|Vũ Bình
Nguyễn Thị Cúc|Lê Văn Cường|Trần Mỹ Dung|Đặng Văn Dũng|Nguyễn Đức Dũng|Đỗ Đức Đạt|Phan Đạt|Trần Văn Đức|Lê Thị Én
Hồ Thị Gấm|Nguyễn Thị Hà|Bùi Thị Hạ|Lê Thị Hoa|Lê Hòa|Nguyễn Hoà|Trần Hòa|Nguyễn Thị Lan|Nguyễn Thị Mẫu
Lê Thị Oanh|Lê Thị Ơn|Võ Phước|Ngô Thị Quý|Nguyễn Thị Thanh|Nguyễn Văn Thanh|Nguyễn Xuân Thanh|Lý Thành|Lê Thạnh
Trần Thị Tư|Trần Văn Út|Đoàn Ưng|Lê Thị Xuân|Cao Thị Yến
""")

LISTS = [
    pytest.param(A, vi.sort_key, 170, id="A: âm tiết"),
    pytest.param(B, vi.sort_key, 37, id="B: hai âm tiết"),
    pytest.param(B2, vi.sort_key, 9, id="B2: lẫn hai kiểu bỏ dấu"),
    pytest.param(C, vi.name_key, 27, id="C: tên người"),
]


@pytest.mark.parametrize(("words", "key", "least"), LISTS)
@pytest.mark.parametrize("form", [vi.nfc, nfd], ids=["dựng sẵn", "tổ hợp"])
def test_dictionary_order(words: list[str], key: Key, least: int, form: Form) -> None:
    keys = [key(form(word)) for word in words]
    assert len(set(words)) == len(words) >= least
    assert [(a, b) for i, a in enumerate(words) for b in words[i:] if keys[words.index(a)] > keys[words.index(b)]] == []


@pytest.mark.parametrize(("words", "key", "least"), LISTS)
def test_order_does_not_depend_on_the_start(words: list[str], key: Key, least: int) -> None:
    for seed in range(least):
        shuffled = random.Random(seed).sample(words, len(words))  # noqa: S311
        assert sorted(shuffled, key=key) == words


def test_the_lists_hold_every_letter_and_tone() -> None:
    assert set(VOWELS) <= set("".join(A))
    assert set(CONSONANTS) <= set("".join(A))


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param([*"aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"], id="bảng chữ cái"),
        pytest.param(["Khối 1", "Khối 2", "Khối 10", "Khối 10A", "Khối A"], id="số so như số, số trước chữ"),
        pytest.param(["9", "٣", "010", "10", "Ж", "a"], id="số, chữ nước khác, chữ ta"),
        pytest.param(["", "–", "a"], id="không có chữ nào"),
        pytest.param(["Hoà", "Hòa", "hoà", "hòa", "Hòa an"], id="bằng nhau thì so nguyên chuỗi"),
        pytest.param(["Muller", "Müller", "Mullerin"], id="dấu nước ngoài về chữ gốc"),
        pytest.param(["bé-ta", "bé tí"], id="gạch nối như dấu cách"),
        pytest.param(["1" * 5000, "2" * 5000, "1" * 5001], id="số rất dài"),
    ],
)
def test_sort_key(texts: list[str]) -> None:
    assert all(vi.sort_key(a) < vi.sort_key(b) for a, b in pairwise(texts))


@given(st.lists(any_text, min_size=2, max_size=6))
@steady
def test_sort_key_is_a_total_order(texts: list[str]) -> None:
    for a, b in pairwise(sorted(texts, key=vi.sort_key)):
        assert vi.sort_key(a) <= vi.sort_key(b)
        assert (vi.sort_key(a) == vi.sort_key(b)) == (vi.nfc(a) == vi.nfc(b))


# ---- names


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["Nguyễn Hòa", "Trần Hoà", "Trần Hòa"], id="cách bỏ dấu không thắng họ"),
        pytest.param(["Nguyễn Văn An", "Trần Anh An", "An Bình"], id="họ trước, tên đệm sau"),
        pytest.param(["Bình", "Lê Bình", "Lê An Bình"], id="tên một chữ, tên không đệm"),
        pytest.param(["Lê An", "LÊ BÌNH", "Lê Cúc"], id="chữ hoa"),
    ],
)
def test_name_key(names: list[str]) -> None:
    assert all(vi.name_key(a) < vi.name_key(b) for a, b in pairwise(names))


def test_name_in_another_order() -> None:
    people = [("Lê Thị Hoa", None), ("Y Moan Ênuôl", "Moan Ênuôl"), ("Nguyễn Văn Mộc", None), ("John Smith", "Smith")]
    assert all(vi.name_key(*a) < vi.name_key(*b) for a, b in pairwise(people))


@pytest.mark.parametrize(
    ("name", "sort_as", "letter"),
    [
        ("Nguyễn Thị Mẫu", None, "M"),
        ("Đỗ Đức Đạt", None, "Đ"),
        ("Lê Thị Ơn", None, "Ơ"),
        ("Đoàn Ưng", None, "Ư"),
        ("Trần Thị Ấm", None, "Â"),
        ("Lê ánh", None, "A"),
        (nfd("Trần Thị Ấm"), None, "Â"),
        ("Y Moan Ênuôl", "Moan", "M"),
        ("Trần Wen", None, "W"),
        ("Anders Öberg", None, "O"),
        ("Lê Văn (Ba)", None, "B"),
        ("Tổ 3", None, "#"),
        ("Иван", None, "#"),
        ("", None, "#"),
    ],
)
def test_given_initial(name: str, sort_as: str | None, letter: str) -> None:
    assert vi.given_initial(name, sort_as) == letter


@given(st.lists(any_text, max_size=12))
@steady
def test_each_initial_heads_one_run_of_the_sorted_names(names: list[str]) -> None:
    heads = [vi.given_initial(name) for name in sorted(names, key=vi.name_key)]
    changes = [head for head, before in zip(heads, ["", *heads], strict=False) if head != before]
    assert len(changes) == len(set(changes))
    assert set(heads) <= set("#AĂÂBCDĐEÊFGHIJKLMNOÔƠPQRSTUƯVWXYZ")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Nguyễn Thị Mẫu", "TM"),
        ("Đỗ Đức Đạt", "ĐĐ"),
        ("Lê ơn", "LƠ"),
        ("Đoàn Ưng", "ĐƯ"),
        ("Trần Văn Ấm", "VÂ"),
        (nfd("Trần Ẩm Ộ"), "ÂÔ"),
        ("Ánh", "A"),
        ("Lê Văn (Ba)", "VB"),
        ("Tổ hòa giải khu phố 2", "KP"),
        ("12", ""),
        ("", ""),
    ],
)
def test_initials(name: str, shown: str) -> None:
    assert vi.initials(name) == shown


@given(any_text)
@steady
def test_initials_are_at_most_two(name: str) -> None:
    assert len(vi.initials(name)) <= 2


# ---- dates, numbers, length


@pytest.mark.parametrize(
    ("day", "short", "long"),
    [
        (dt.date(2020, 6, 9), "09/6/2020", "ngày 09 tháng 6 năm 2020"),
        (dt.date(2014, 4, 7), "07/4/2014", "ngày 07 tháng 4 năm 2014"),
        (dt.date(2014, 10, 28), "28/10/2014", "ngày 28 tháng 10 năm 2014"),
        (dt.date(2018, 2, 7), "07/02/2018", "ngày 07 tháng 02 năm 2018"),
        (dt.date(2021, 1, 10), "10/01/2021", "ngày 10 tháng 01 năm 2021"),
        (dt.date(2020, 3, 31), "31/3/2020", "ngày 31 tháng 3 năm 2020"),
        (dt.date(2020, 12, 1), "01/12/2020", "ngày 01 tháng 12 năm 2020"),
    ],
)
def test_dates(day: dt.date, short: str, long: str) -> None:
    assert vi.written_date(day) == short
    assert vi.long_date(day) == long


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (999, "999"), (1000, "1.000"), (1234567, "1.234.567"), (-1234, "-1.234"), (10**9, "1.000.000.000")],
)
def test_written_number(value: int, written: str) -> None:
    assert vi.written_number(value) == written


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Trung tâm có mười hai cháu nhỏ.", 7),
        (nfd("Trung tâm có mười hai cháu nhỏ."), 7),
        ("34-CT/TW năm 2014", 5),
        ("ten_tep", 2),
        (" – … ", 0),
    ],
)
def test_syllables(text: str, count: int) -> None:
    assert vi.syllables(text) == count


@pytest.mark.parametrize(("count", "minutes"), [(0, 1), (1, 1), (449, 1), (450, 2), (600, 2), (1457, 5)])
def test_reading_minutes(count: int, minutes: int) -> None:
    assert vi.reading_minutes("chữ " * count) == minutes


# ---- quotations

BODY = """## Người giữ lửa

Năm 2019, bà **sắp lại _sổ trực_** theo ca, không ai
phải thức hai đêm liền. Bà nói: “Ai cũng cần ngủ.”

![Bà Mẫu bên sổ trực mới](anh/so-truc.webp "Ảnh chụp tại trung tâm")

Xem [kế hoạch của Sở](https://example.vn/ke-hoach_(moi) "Bản đầy đủ") và [biên bản][bb], số `12/BB`.
Ở Bà Rịa
- Vũng Tàu, 1.234 người đã học cách làm ấy. Mỗi ca 5 \\* 3 giờ.

[bb]: https://example.vn/bien-ban "Biên bản họp"

> Tôi chỉ làm việc
> của mình.

- Sổ trực ghi tên từng người
- Mỗi người nghỉ
  ít nhất một đêm

1. Hỏi từng người
2. Xếp ca

| Năm | Số ca bỏ |
|---|---:|
| 2018 | mười hai ca |
| 2019 | không ca nào |

<!-- Đoạn này chờ Hội đồng
xem lại. -->

Kết quả lâu dài
---------------

Câu cuối<br>của bài.[^1]
"""

PASSAGES = (
    'Năm 2019, bà sắp lại sổ trực theo ca, không ai phải thức hai đêm liền. Bà nói: "Ai cũng cần ngủ."',
    "Xem kế hoạch của Sở và biên bản, số 12/BB. Ở Bà Rịa - Vũng Tàu, 1.234 người đã học cách làm ấy. Mỗi ca 5 * 3 giờ.",
    "Tôi chỉ làm việc của mình.",
    "Sổ trực ghi tên từng người",
    "Mỗi người nghỉ ít nhất một đêm",
    "Hỏi từng người",
    "Xếp ca",
    "Năm",
    "Số ca bỏ",
    "2018",
    "mười hai ca",
    "2019",
    "không ca nào",
    "Câu cuối của bài.",
)


def test_passages() -> None:
    assert vi.passages(BODY) == PASSAGES
    assert vi.passages(nfd(BODY).replace("\n", "\r\n")) == PASSAGES


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("", (), id="trống"),
        pytest.param("\n \n\n", (), id="toàn dòng trống"),
        pytest.param("#Tiêu đề dính liền\nđoạn văn", ("đoạn văn",), id="tiêu đề không có dấu cách"),
        pytest.param("trên\n### Giữa ###\ndưới", ("trên", "dưới"), id="tiêu đề giữa đoạn"),
        pytest.param("Tiêu đề\n===\n\nđoạn", ("đoạn",), id="tiêu đề gạch chân"),
        pytest.param("> # Tiêu đề\n> lời", ("lời",), id="tiêu đề trong trích dẫn"),
        pytest.param("- # Tiêu đề\n- việc", ("việc",), id="tiêu đề trong danh sách"),
        pytest.param("<h2>Tiêu đề</h2>\n<p>đoạn</p>", ("đoạn",), id="tiêu đề HTML"),
        pytest.param("a\n\n* * *\n\nb", ("a", "b"), id="đường kẻ ngang"),
        pytest.param("hai câu\nhai dòng\n---\nsau", ("hai câu hai dòng", "sau"), id="đường kẻ sát đoạn"),
        pytest.param("Tiêu đề\n---\n- a\n- b", ("a", "b"), id="danh sách sát tiêu đề"),
        pytest.param("không vạch\n|---|\nsau", ("không vạch |---| sau",), id="không phải bảng"),
        pytest.param("đoạn\n> trích\nnối", ("đoạn", "trích nối"), id="trích dẫn sát đoạn"),
        pytest.param("> > lồng\n> > nhau", ("lồng nhau",), id="trích dẫn lồng"),
        pytest.param("* a\n    * b\n+ [x] c", ("a", "b", "c"), id="danh sách lồng, việc đã xong"),
        pytest.param("Ra đời năm\n2019. Sau đó", ("Ra đời năm 2019. Sau đó",), id="năm ở đầu dòng"),
        pytest.param("trước ![a][b] ![c](d) sau", ("trước sau",), id="ảnh giữa dòng"),
        pytest.param("[![ảnh](a.webp)](b.html) chữ", ("chữ",), id="ảnh có liên kết"),
        pytest.param("![ảnh]\n\n[ảnh]: a.webp", (), id="ảnh theo tên"),
        pytest.param("[một [hai]](x) [ba][] [bốn]\n\n[ba]: /y", ("một [hai] ba [bốn]",), id="ngoặc vuông"),
        pytest.param("[Chú ý]: đây là lời văn", ("[Chú ý]: đây là lời văn",), id="ngoặc vuông đầu đoạn"),
        pytest.param("[a]: <x y>\n   'tựa'\n[b]:\n  /z", (), id="định nghĩa nhiều dòng"),
        pytest.param("*[TĐKT]: Thi đua\n\nTĐKT", ("TĐKT",), id="chữ tắt"),
        pytest.param("câu.[^1]\n\n[^1]: Lời chú", ("câu.", "Lời chú"), id="chú thích cuối trang"),
        pytest.param("__a__ ~~b~~ `c` *d*e ten_tep 5 * 3", ("a b c de ten_tep 5 * 3",), id="các dấu nhấn"),
        pytest.param(r"\*không nhấn\* \[x\](y)", ("*không nhấn* [x](y)",), id="dấu có gạch chéo ngược"),
        pytest.param("```sh\nlệnh\n```\nsau", ("lệnh", "sau"), id="khối mã"),
        pytest.param("a&nbsp;b &amp; c &lt;d&gt;", ("a b & c <d>",), id="thực thể HTML"),
        pytest.param('<b title="ẩn">đậm</b> <https://x.vn> 3 < 5', ("đậm 3 < 5",), id="thẻ HTML"),
        pytest.param("<figure><img alt='a'><figcaption>chú thích</figcaption></figure>", (), id="chú thích ảnh"),
        pytest.param("trước <!-- ẩn", ("trước",), id="ghi chú không đóng"),
        pytest.param("a | b\n--- | ---\nc \\| d | **e**", ("a", "b", "c | d", "e"), id="bảng không có vạch biên"),
    ],
)
def test_passages_of(body: str, expected: tuple[str, ...]) -> None:
    assert vi.passages(body) == expected


@pytest.mark.parametrize(
    ("quote", "index"),
    [
        pytest.param("bà sắp lại sổ trực theo ca", 0, id="có dấu nhấn xen giữa"),
        pytest.param("bà **sắp lại** sổ trực", 0, id="đoạn trích mang dấu nhấn riêng"),
        pytest.param("BÀ SẮP LẠI Sổ Trực", 0, id="chữ hoa"),
        pytest.param("không ai phải thức hai đêm liền", 0, id="vắt qua hai dòng"),
        pytest.param("không ai\n  phải thức", 0, id="đoạn trích nhiều dòng"),
        pytest.param('Bà nói: "Ai cũng cần ngủ."', 0, id="nháy thẳng"),
        pytest.param("Bà nói: “Ai cũng cần ngủ.”", 0, id="nháy cong"),
        pytest.param(nfd("sắp lại sổ trực"), 0, id="dấu tổ hợp"),
        pytest.param("Xem kế hoạch của Sở và biên bản, số 12/BB", 1, id="qua liên kết, mã, dấu cách cứng"),
        pytest.param("biên bản,\u00a0số", 1, id="dấu cách cứng trong đoạn trích"),
        pytest.param("[kế hoạch của Sở](https://example.vn/khac) và biên bản", 1, id="đoạn trích mang liên kết"),
        pytest.param("Bà Rịa - Vũng Tàu", 1, id="gạch nối ở đầu dòng"),
        pytest.param("Mỗi ca 5 * 3 giờ", 1, id="dấu sao thật"),
        pytest.param("1.234 người", 1, id="số có dấu chấm"),
        pytest.param("Tôi chỉ làm việc của mình.", 2, id="trong trích dẫn"),
        pytest.param("mỗi người nghỉ ít nhất một đêm", 4, id="trong danh sách"),
        pytest.param("không ca nào", 12, id="trong bảng"),
        pytest.param("năm", 0, id="một chữ, nơi đầu tiên"),
        pytest.param("bà có nhiều sáng kiến", None, id="không có trong bài"),
        pytest.param("bà sắp lai sổ trực", None, id="sai một dấu thanh"),
        pytest.param("ba sap lai so truc", None, id="không dấu"),
        pytest.param("sắp lại sổ tr", None, id="cắt ngang chữ ở cuối"),
        pytest.param("ắp lại sổ trực", None, id="cắt ngang chữ ở đầu"),
        pytest.param("234 người", None, id="cắt ngang số"),
        pytest.param("", None, id="để trống"),
        pytest.param(" \u00a0\n", None, id="toàn dấu cách"),
        pytest.param("“…” – **", None, id="toàn dấu câu"),
        pytest.param(",", None, id="một dấu phẩy"),
        pytest.param("Người giữ lửa", None, id="tiêu đề"),
        pytest.param("Kết quả lâu dài", None, id="tiêu đề gạch chân"),
        pytest.param("Bà Mẫu bên sổ trực mới", None, id="mô tả ảnh"),
        pytest.param("Ảnh chụp tại trung tâm", None, id="tựa của ảnh"),
        pytest.param("example.vn", None, id="địa chỉ liên kết"),
        pytest.param("Bản đầy đủ", None, id="tựa của liên kết"),
        pytest.param("Biên bản họp", None, id="định nghĩa liên kết"),
        pytest.param("chờ Hội đồng", None, id="ghi chú ẩn"),
        pytest.param("Ai cũng cần ngủ. Xem kế hoạch", None, id="vắt qua hai đoạn"),
        pytest.param("từng người Mỗi người", None, id="vắt qua hai mục"),
        pytest.param("mười hai ca 2019", None, id="vắt qua hai ô"),
    ],
)
def test_passage_index(quote: str, index: int | None) -> None:
    for body in (BODY, nfd(BODY), BODY.replace("\n", "\r\n")):
        assert vi.passage_index(body, quote) == index
        assert vi.has_passage(body, quote) is (index is not None)


def test_tone_placement_is_as_written() -> None:
    assert vi.has_passage("Tổ hòa giải", "hòa giải")
    assert not vi.has_passage("Tổ hòa giải", "hoà giải")


def test_a_cut_word_does_not_hide_a_whole_one() -> None:
    assert vi.passage_index("hai mươi\n\nhai vạn, hai ha", "ha") == 1


words = st.lists(
    st.builds(str.__add__, st.text(LETTERS, min_size=1, max_size=7), st.sampled_from(["", "", "", ",", ".", "!", "?”"])),
    min_size=1,
    max_size=25,
)


@given(st.data(), words, st.randoms(use_true_random=False))
@steady
def test_any_run_of_whole_words_is_found(data: st.DataObject, run: list[str], choice: random.Random) -> None:
    dressed = [choice.choice(["{}", "{}", "{}", "**{}**", "_{}_", "[{}](https://x.vn/a_b)"]).format(w) for w in run]
    body = "## Việc làm\n\nMở đầu.\n\n" + "".join(w + choice.choice([" ", " ", "\n", "\u00a0"]) for w in dressed) + "\n\nHết."
    start = data.draw(st.integers(0, len(run) - 1))
    end = data.draw(st.integers(start + 1, len(run)))
    quote = choice.choice([" ", "\n"]).join(run[start:end])
    assert vi.has_passage(choice.choice([body, nfd(body)]), choice.choice([quote, nfd(quote), quote.upper()]))


@given(words)
@steady
def test_a_word_without_its_last_letter_is_not_found(run: list[str]) -> None:
    cut = run[-1].rstrip(",.!?”")[:-1].lower()
    assume(cut and cut not in [word.rstrip(",.!?”").lower() for word in run])
    assert not vi.has_passage(" ".join(run), cut)


@given(any_text | st.text("*_[](){}#>-+|`~=\\\"'<!& \n1.aấ^:", max_size=60))
@steady
def test_every_passage_stands_in_its_body(body: str) -> None:
    for passage in vi.passages(body):
        assert passage == " ".join(passage.split())
        assert unicodedata.is_normalized("NFC", passage)
        assert vi.has_passage(body, passage) == any(map(str.isalnum, passage))


# ---- suggestions and spelling


@pytest.mark.parametrize(
    ("word", "near"),
    [
        pytest.param("trung-tam-cong-tac-xa-hoj", "trung-tam-cong-tac-xa-hoi", id="sai một chữ"),
        pytest.param("Trung tâm Công tác xã hội", "trung-tam-cong-tac-xa-hoi", id="viết đủ dấu"),
        pytest.param(nfd("Phòng Bảo trợ"), "phong-bao-tro-xa-hoi", id="thiếu hai chữ, dấu tổ hợp"),
        pytest.param("ke_hoach_2020", "ke-hoach-2020", id="gạch dưới"),
        pytest.param("điền-hình", "dien-hinh", id="đ thành d"),
        pytest.param("xyz", None, id="không giống gì"),
        pytest.param("", None, id="trống"),
    ],
)
def test_nearest(word: str, near: str | None) -> None:
    known = ["trung-tam-cong-tac-xa-hoi", "phong-bao-tro-xa-hoi", "ke-hoach-2020", "dien-hinh"]
    assert vi.nearest(word, known) == near
    assert vi.nearest(word, iter(reversed(known * 2))) == near


def test_nearest_of_nothing() -> None:
    assert vi.nearest("ke-hoach", []) is None


def test_nearest_between_equals_does_not_depend_on_the_order() -> None:
    known = ["ke-hoach-2020", "ke-hoach-2021", "Kế hoạch 2021"]
    assert len({vi.nearest("ke-hoach-202", order) for order in (known, known[::-1], set(known))}) == 1


GOOD = "gì gìn gịp già giếng giêng quý quyết nguyễn khuỷu xoong hoẵng ngoằn ngoèo khuya thuở uống yêu nghiêng đoàn"
GOOD += " hòa hoà HÒA Điều ươm hươu bưởi tuần loáy khuấy huếch oanh ưu y ông ách đẹp một việc được phát triển"
BAD = "đựoc viêc pháttriển xêsi Napoléon QĐ Đắk Lắk Pleiku cac hòá ng Seyðisfjörður ðiều 12 a1 hoạt-động aa ớ́"


@pytest.mark.parametrize("word", GOOD.split())
def test_vietnamese_syllable(word: str) -> None:
    assert vi.is_vietnamese_syllable(word)
    assert vi.is_vietnamese_syllable(nfd(word))


@pytest.mark.parametrize("word", [*BAD.split(), ""])
def test_not_a_vietnamese_syllable(word: str) -> None:
    assert not vi.is_vietnamese_syllable(word)


def test_dictionary_words_are_syllables() -> None:
    assert [word for word in A if not vi.is_vietnamese_syllable(word)] == []
