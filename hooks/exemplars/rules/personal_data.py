"""Dữ liệu cá nhân trong lời kể (DD003, DD004, DD006, DD008): what a text gives away of a person that no story needs.

By the way it is written only: a number is judged by its digits, their grouping and the words around it, never looked up.
No message repeats what it found, because the logs of checks are public.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from exemplars.model import Finding
from exemplars.vietnamese import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Origin, Site, Story


class Words(NamedTuple):
    """A story's file as text; `lower` is as long as `text`, so that places in one are places in the other.

    body       where the body begins
    syllables  those of the body in small letters: what none of them can begin need not be looked for
    """

    text: str
    lower: str
    body: int
    syllables: frozenset[str]


MARKS = ",.;:!?()[]/*_…\"'“”«»-–"


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """A regular expression, compiled when it is first needed: most stories need few of them."""
    return re.compile(source)


def _words(origin: Origin) -> Words:
    return _read(origin.text, origin.body_at)


@lru_cache(maxsize=1)
def _read(data: bytes, body_at: int) -> Words:
    """The last file asked for: four rules ask for the same one in turn."""
    front = data[:body_at].decode()
    text = front + data[body_at:].decode()
    lower = text.lower()
    lower = lower if len(lower) == len(text) else text
    told = lower[len(front) :]
    for mark in MARKS:  # a dozen replacements take half the time of one regular expression
        told = told.replace(mark, " ")
    return Words(text, lower, len(front), frozenset(told.split()))


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1


def _masked(found: str) -> str:
    """What was found, with only the last two digits or letters left to know it by."""
    shown = [at for at, char in enumerate(found) if char.isalnum()][-2:]
    return re.sub("•+", "•••", "".join(char if at in shown or not char.isalnum() else "•" for at, char in enumerate(found)))


# --- DD003 ------------------------------------------------------------------------------------------------------------

# bytes → "0" for a digit, the gaps within a number left out: in most stories nothing is then left to look at
DIGITS = bytes(ord("0") if chr(byte) in "0123456789" else ord("x") for byte in range(256))
GAPS, NINE = " .()\u00a0\u2013-".encode(), b"0" * 9
ACCOUNTS = frozenset({"khoản", "stk", "tk", "momo"})
RUN = r"[0-9](?:[ .()\u00a0\u2013-]{0,2}[0-9]){8,}"
SHORT_RUN = r"[0-9](?:[ .()\u00a0\u2013-]{0,2}[0-9]){7,}"  # some accounts have eight digits
# the first three digits of an identity number: the province of birth registration (Thông tư 59/2021/TT-BCA); the fourth: sex and century
PROVINCES = (
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046 048 049 "
    "051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096"
)
OLD_IDENTITY = r"(?:0[1-9]|[12][0-9]|3[0-8])[0-9]{7}"  # CMND: from 01 (Hà Nội) to 38 (Cà Mau)
# since 2018 ten digits, before that eleven; a landline has eleven, before 2017 ten
PHONE = r"0(?:[35789][0-9]{8}|1[2689][0-9]{8}|2[0-9]{9}|[2-8][0-9]{8})"
ABROAD = r"(?:00)?840?([1-9][0-9]{8,9})"
DATE = r"(?:0?[1-9]|[12][0-9]|3[01])[.\u2013 -]{1,2}(?:0?[1-9]|1[0-2])[.\u2013 -]{1,2}(?:19|20)[0-9]{2}(?![0-9])"
THOUSANDS = r"[1-9][0-9]{0,2}(?:([. \u00a0])[0-9]{3})(?:\1[0-9]{3})*"
PAIRS = r"[0-9]{1,2}(?:[ \u00a0][0-9]{2})+"
YEARS = r"(?:19|20)[0-9]{2}(?:[^0-9]{1,2}(?:19|20)[0-9]{2})+"

IDENTITY_CUE = r"(?:cccd|cmnd|cmtnd|căn cước|chứng minh (?:nhân dân|thư)|định danh)[^0-9\n]{0,25}$"
PHONE_CUE = (
    r"(?:điện thoại|\bsđt|\bđt|\bđtdđ|di động|zalo|viber|hotline|đường dây nóng|số máy|\btel|phone|liên hệ|gọi)[^0-9\n]{0,25}\+?\(?$"
)
CUE_BEHIND = r"[^0-9\w\n]{0,3}(?:là\s+|số\s+|của\s+){0,3}(?:điện thoại|sđt|zalo|viber)"
ACCOUNT_CUE = r"(?:tài khoản|\bstk|\bsố tk|\btk|momo)(?!\s+có\b)[^0-9\n]{0,40}$"
PAPER_CUE = r"(?:hồ sơ|quyết định|văn bản|công văn|biên bản|biên lai|hóa đơn|tờ khai|mã|seri|số hiệu|mã vạch)[^0-9\n]{0,15}$"
UNIT = r"\s{0,2}(?:%|[a-zà-ỹđ₫$€]{1,}|(?:VN[DĐ]|USD|EUR)\b)"
NO_UNIT = r"\s{0,2}(?:và|hoặc|hay|của|cấp|ngày|nơi|là|để|khi|nhé|ạ|gặp|cho|tại|từ|do|thì|rồi)\b"
LETTERS_AFTER = r"[\w]|[/-][A-Za-zĐđ]"
WEB = r"(?:https?://|www\.)\S*$"
CHAT = r"(?:zalo\.me|wa\.me|viber\.me|t\.me)/\+?$"

HOUSE = r"[0-9]{1,4}[a-zđ]?(?:[/-][0-9]{1,4}[a-zđ]?){0,4}"
STREET = r"(?:đường|phố|ngõ|ngách|hẻm|kiệt|đại lộ|quốc lộ|tỉnh lộ|hương lộ)"
HAMLET = r"(?:tổ|ấp|thôn|khóm|khu phố)"
OFFICE = r"(?:trụ sở|văn phòng|cơ quan|trung tâm|công ty|trường|ủy ban|ubnd|nhà văn hóa)"
HOME_CUES = ("số nhà", "nhà số", "nhà", "ngụ", "trú", "sống")
# the group is what must begin with a capital or a figure: «đường Lê Lợi», not «hai đường ống»
HOMES = (
    rf"(?:số nhà|nhà số):?\s+{HOUSE},?\s+(?:{STREET}\s+|{HAMLET}\s+)?(\w)[^\n.;,]{{0,30}}",
    (
        rf"(?:nhà(?:\s+(?:ở|riêng|ông|bà|anh|chị|cô|chú|bác|cụ|em))|ngụ|trú|sống)\b(?:(?!{OFFICE})[^\n.;:!?0-9]){{0,50}}(?::\s*)?"
        rf"(?:\bsố\s+)?{HOUSE},?\s+{STREET}\s+(?:số\s+)?(\w)[^\n.;,]{{0,30}}"
    ),
    (
        rf"(?:nhà(?:\s+(?:ở|riêng|ông|bà|anh|chị|cô|chú|bác|cụ|em))|ngụ|trú|sống)\b(?:(?!{OFFICE})[^\n.;:!?0-9]){{0,50}}"
        r"(?:(?<=ở )|(?<=tại )|(?<=số )|(?<=: ))[0-9]{1,4}[a-zđ]?(?:/[0-9]{1,3}[a-zđ]?)+,?\s+(\w)[^\n.;,]{0,30}"
    ),
)


def nothing_that_identifies(story: Story, _site: Site) -> Iterator[Finding]:
    """Bài không ghi số định danh, số điện thoại, số tài khoản, địa chỉ nhà của ai.

    Sai:
        Ai cần xe lăn, xin gọi bà theo số 0912 000 078.
    Đúng:
        Ai cần xe lăn, xin liên hệ Trung tâm.

    Căn cứ: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15. Lời nhắn che điều thấy được, vì ai cũng đọc được kết quả kiểm tra.
    """
    if story.withdrawn:
        for kind, _, masked in leaks(story.withdrawn.reason.encode()):
            yield Finding(("withdrawn", "reason"), f"Lý do gỡ có {kind}: «{masked}», mà ai cũng đọc được.", "Hãy xóa khỏi lý do.")
    elif story.origin.text:
        text = _words(story.origin).text
        for kind, at, masked in leaks(story.origin.text, story.origin.body_at):
            yield Finding(_line(text, at), f"Có {kind}: «{masked}».", "Hãy xóa khỏi bài.")


def leaks(data: bytes, body_at: int = 0) -> Iterator[tuple[str, int, str]]:
    """What identifies somebody in a text: its kind, in Vietnamese; where it stands; what may be shown of it. Homes behind `body_at` only."""
    words = _read(data, body_at)
    runs = SHORT_RUN if ACCOUNTS & words.syllables else RUN if NINE in data.translate(DIGITS, GAPS) else None
    for match in _pattern(runs).finditer(words.text) if runs else ():
        if kind := _number(words.text, words.lower, match):
            yield kind, match.start(), _masked(match[0])
    for at, cue in sorted(dict(_homes(words)).items()):
        yield "địa chỉ nhà", at, f"{cue} •••"


def _homes(words: Words) -> Iterator[tuple[int, str]]:
    """Where in the body a house number and a street stand behind a word of living, and that word."""
    for cue in HOME_CUES:
        at = words.lower.find(cue, words.body) if words.syllables.issuperset(cue.split()) else -1
        while at >= 0:
            for home in HOMES if not words.lower[at - 1].isalnum() else ():
                match = _pattern(home).match(words.lower, at)
                if match and not words.text[match.start(1)].islower():
                    yield at, cue
                    break
            at = words.lower.find(cue, at + len(cue))


def _number(text: str, lower: str, match: re.Match[str]) -> str:
    """Whose number a run of digits is, in Vietnamese; "" for figures, money, dates and the numbers of papers."""
    run, start, end = match[0], match.start(), match.end()
    digits = "".join(filter(str.isdigit, run))
    before, opened = lower[max(start - 60, 0) : start], text[start - 1 : start]
    if len(digits) == 8:  # noqa: PLR2004 - mostly a date
        return (
            "số tài khoản"
            if _pattern(ACCOUNT_CUE).search(before) and not _pattern(DATE).match(run) and not _figure(run, lower, end)
            else ""
        )
    if _pattern(IDENTITY_CUE).search(before) and len(digits) in {9, 12}:
        return "số định danh"
    if _pattern(ACCOUNT_CUE).search(before) and 8 <= len(digits) <= 19 and not _figure(run, lower, end):  # noqa: PLR2004
        return "số tài khoản"
    told = bool(_pattern(PHONE_CUE).search(before) or _pattern(CHAT).search(before) or _pattern(CUE_BEHIND).match(lower, end))
    abroad = opened == "+" or digits.startswith("00")
    phone = _phone(digits, abroad=abroad or told)
    if phone and (told or opened == "+") and not _pattern(DATE).match(run):
        return "số điện thoại"
    if (
        _pattern(WEB).search(lower, max(start - 300, 0), start)
        or opened.isalnum()
        or (opened and opened in "_/-")
        or _pattern(LETTERS_AFTER).match(text, end)
        or _pattern(PAPER_CUE).search(before)
    ):
        return ""
    if _pattern(DATE).search(run) or _pattern(YEARS).match(run) or _pattern(PAIRS).fullmatch(run) or _figure(run, lower, end):
        return ""
    if phone:
        return "số điện thoại"
    return "số định danh" if _citizen(digits) or (run == digits and _pattern(OLD_IDENTITY).fullmatch(digits)) else ""


def _citizen(digits: str) -> bool:
    return len(digits) == 12 and digits[:3] in PROVINCES and digits[3] in "0123"  # noqa: PLR2004


def _phone(digits: str, *, abroad: bool) -> bool:
    """`abroad`: 84 may stand for the 0, because a plus or 00 or a word of telephones stands beside it."""
    if _pattern(PHONE).fullmatch(digits):
        return True
    found = _pattern(ABROAD).fullmatch(digits) if abroad else None
    return bool(found and _pattern(PHONE).fullmatch(f"0{found[1]}"))


def _figure(run: str, lower: str, end: int) -> bool:
    """An amount: thousands set apart, or a unit behind a number that does not begin with 0."""
    if _pattern(THOUSANDS).fullmatch(run):
        return True
    return run[0] != "0" and bool(_pattern(UNIT).match(lower, end)) and not _pattern(NO_UNIT).match(lower, end)


# --- DD004 ------------------------------------------------------------------------------------------------------------


def sensitive_words(story: Story, site: Site) -> Iterator[Finding]:
    """Sức khỏe, khuyết tật, dân tộc, tôn giáo, chính trị của một người: chỉ nêu khi người ấy đồng ý. Máy hỏi, không kết luận.

    Sai:
        Chị mắc bệnh ung thư từ năm 2015.               (phạm vi đồng ý chỉ có name, photo)
    Đúng:
        consent: {…, scope: [name, photo, health]}

    Từ gợi ý nằm trong `data/scopes.yml`. Mỗi loại máy chỉ hỏi một lần, ở chỗ đầu tiên.
    """
    if story.withdrawn or not story.origin.text:
        return
    text, lower, body, syllables = _words(story.origin)
    agreed = story.consent.scope if story.consent else ()
    for scope in site.scopes:
        if scope.id in agreed or not scope.words:
            continue
        words, unless = _lexicon(scope.words, scope.unless)
        there = [word for word, parts in words if parts <= syllables]
        found = [(at, word) for word in there if (at := _first(lower, word, unless, body)) >= 0]
        if found:
            at, word = min(found)
            says = f"Có thể có dữ liệu nhạy cảm ({scope.title}): «{text[at : at + len(word)]}»; phạm vi đồng ý chưa nêu."
            yield Finding(_line(text, at), says, f"Hãy hỏi nhân vật rồi thêm `{scope.id}` vào phạm vi, hoặc bỏ đi.")


@lru_cache(maxsize=64)
def _lexicon(words: tuple[str, ...], unless: tuple[str, ...]) -> tuple[tuple[tuple[str, frozenset[str]], ...], tuple[tuple[str, int], ...]]:
    """The words in small letters, each with its syllables; and each phrase that excuses one, with the place of the word in it."""
    small = tuple((word, frozenset(word.split())) for word in map(str.lower, words))
    excused = ((phrase, word) for phrase in map(str.lower, unless) for word, _ in small if word in phrase)
    return small, tuple((phrase, phrase.index(word)) for phrase, word in excused)


def _first(lower: str, word: str, unless: tuple[tuple[str, int], ...], start: int) -> int:
    """Where the word first stands by itself, outside the phrases that excuse it; -1 if nowhere."""
    at = lower.find(word, start)
    while at >= 0:
        alone = not (lower[at - 1 : at].isalnum() or lower[at + len(word) : at + len(word) + 1].isalnum())
        if alone and not any(at >= inside and lower.startswith(phrase, at - inside) for phrase, inside in unless):
            return at
        at = lower.find(word, at + 1)
    return -1


# --- DD006 ------------------------------------------------------------------------------------------------------------

HELPING = (
    "giúp",
    "cưu mang",
    "hỗ trợ",
    "chăm sóc",
    "nuôi dưỡng",
    "đỡ đầu",
    "đùm bọc",
    "cứu",
    "tặng",
    "trao",
    "sửa nhà cho",
    "xây nhà cho",
    "dạy nghề cho",
)
CALLED = r"(?:ông|bà|anh|chị|em|cháu|cụ|bé|bác|cô|chú)\s+"
HELPED = rf"\w*(?:[^\S\n]+(?!được\b|bị\b|bởi\b)\w+){{0,5}}?\s+{CALLED}"
IN_NEED = ("mồ côi", "neo đơn", "hộ nghèo", "hộ cận nghèo", "hoàn cảnh khó khăn", "nhận nuôi", "được giúp", "được hỗ trợ", "được cưu mang")
NAMED = rf"\b{CALLED}"
FULL_NAME = r"\w+(?:[^\S\n]\w+){0,4}"
NEAR = 40


def helped_people_agreed(story: Story, _site: Site) -> Iterator[Finding]:
    """Người được giúp đỡ chỉ được nêu tên khi người ấy đồng ý; nếu không thì viết tắt. Máy chỉ đoán theo cách viết.

    Sai:
        Chị giúp em Trần Mẫu An, mồ côi từ nhỏ, trở lại lớp.
    Đúng:
        Chị giúp em T.M.A., mồ côi từ nhỏ, trở lại lớp.
        consent: {…, others: [{name: Trần Mẫu An, record: HS-2020-015}]}
    """
    if story.withdrawn or not story.origin.text:
        return
    words = _words(story.origin)
    known = {fold(name) for name in (story.subject.name if story.subject else "", *story.authors)}
    known |= {fold(one.name) for one in story.consent.others} if story.consent else set()
    asked: set[str] = set()
    for at in sorted({*_after_helping(words), *_before_need(words)}):
        name = _name(words.text, at)
        if name and name not in asked and not any(fold(name) in one for one in known):
            asked.add(name)
            says = f"«{name}» được nêu tên là người được giúp đỡ nhưng chưa có đồng ý."
            yield Finding(_line(words.text, at), says, "Hãy viết tắt tên, hoặc ghi mã hồ sơ đồng ý ở `others` của mục `consent`.")


def _there(phrases: tuple[str, ...], words: Words) -> list[str]:
    return [phrase for phrase in phrases if phrase.split(" ", 1)[0] in words.syllables]


def _after_helping(words: Words) -> Iterator[int]:
    """Where a name may begin behind a word of helping: «giúp gia đình bà …»."""
    for word in _there(HELPING, words):
        at = words.lower.find(word, words.body)
        while at >= 0:
            found = _pattern(HELPED).match(words.lower, at + len(word))
            if found and not words.lower[at - 1].isalnum():
                yield found.end()
            at = words.lower.find(word, at + len(word))


def _before_need(words: Words) -> Iterator[int]:
    """Where a name may begin in front of a word of need: «em …, mồ côi»."""
    for word in _there(IN_NEED, words):
        at = words.lower.find(word, words.body)
        while at >= 0:
            begin = max(words.body, at - NEAR, words.lower.rfind("\n", 0, at), words.lower.rfind(". ", 0, at))
            found = [match.end() for match in _pattern(NAMED).finditer(words.lower, begin, at)]
            yield from found[-1:]
            at = words.lower.find(word, at + len(word))


def _name(text: str, at: int) -> str:
    """The full name that begins here: two to five words with capitals; "" for a word alone or for initials."""
    found = _pattern(FULL_NAME).match(text, at)
    parts: list[str] = []
    for part in found[0].split() if found else ():
        if not part[0].isupper() or not part.isalpha() or (len(part) > 1 and part.isupper()):
            break
        parts.append(part)
    return " ".join(parts) if len(parts) > 1 and all(len(part) > 1 for part in parts) else ""


# --- DD008 ------------------------------------------------------------------------------------------------------------

BORN = (
    r"(?<!\w)(?<!học )(?<!hy )(?<!hi )(?<!thí )(?<!vệ )(?<!dân )(?<!phục )(?<!phát )sinh(?:\s+(?:ngày|vào|nhật|là))*\s*[:(]?\s*"
    r"[0-9]{1,2}\s*(?:[/.\u2013-]\s*[0-9]{1,2}\s*[/.\u2013-]|tháng\s+[0-9]{1,2}(?:\s+năm|\s*[/,.-])?)\s*(?:19|20)[0-9]{2}\b"
)  # fmt: skip


def only_the_year_of_birth(story: Story, _site: Site) -> Iterator[Finding]:
    """Ngày sinh đầy đủ giúp kẻ gian mạo danh: chỉ nêu năm sinh.

    Sai:
        Bà sinh ngày 12/4/1965 ở Đất Đỏ.
    Đúng:
        Bà sinh năm 1965 ở Đất Đỏ.
    """
    if story.withdrawn or not story.origin.text:
        return
    text, lower, body, _ = _words(story.origin)
    at = lower.find("sinh", body)
    while at >= 0:
        if _pattern(BORN).match(lower, at):
            yield Finding(_line(text, at), "Bài nêu ngày sinh đầy đủ.", "Chỉ nên nêu năm sinh.")
        at = lower.find("sinh", at + 4)
