"""What is Vietnamese about a text: characters, order, names, dates, numbers, wording; what is done with it is for others."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

Syllable = tuple[int, int, str, int]  # kind, number of digits, digits or places of the letters, tone
Syllables = tuple[Syllable, ...]

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# chr(1)… instead of numbers: letters stay one string, and strings compare faster than tuples
_PLACES = {letter: chr(place) for place, letter in enumerate(_ALPHABET, 1)}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
_NUMBER, _FOREIGN, _WORD = range(3)


@cache
def _pattern(source: str) -> re.Pattern[str]:
    """A regular expression, compiled when it is first needed: all of them at once would slow every start."""
    return re.compile(source)


# ---- characters

_UNCLEAN = "[\r\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufeffÐð]"
_PICTURE = "\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_INVISIBLE = (
    "[\u00ad\u034f\u180e\u200b\u200c\u2060-\u2064\ufeff]"
    # a joiner between two pictures makes them one («nhân viên y tế»); anywhere else it only hides
    f"|(?<![{_PICTURE}\ufe0f])\u200d|\u200d(?![{_PICTURE}])"
)
_WORD_LETTERS = r"[^\W\d_]+"
_ETH = str.maketrans("Ðð", "Đđ")
# letters that no language with ð has, or an abbreviation of consonants: QĐ, HĐND, TĐKT
_SURELY_OURS = r"[ĂăƠơƯưẠ-ỹ]|\A[BCDĐGHKLMNPQRSTVX]+\Z"


def nfc(text: str) -> str:
    """The composed form, the only one that is stored and shown."""
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """A text as read from a file: NFC, lines end in LF, nothing invisible, Ð/ð → Đ/đ inside Vietnamese words.

    text    decoded; already searched for legacy encodings, because in TCVN3 the soft hyphen is «ư» and Ð is «é»
    gives   the text itself when nothing is to be done; cleaning twice changes nothing
    keeps   the joiner inside emoji, ð in foreign names, direction marks and control characters (a rule reports them)
    """
    if _pattern(_UNCLEAN).search(text) is None and unicodedata.is_normalized("NFC", text):
        return text
    text = nfc(text).replace("\r\n", "\n").replace("\r", "\n")
    text = nfc(_pattern(_INVISIBLE).sub("", text))  # again: a letter and its mark may have stood apart
    return mend_d(text)


def mend_d(text: str) -> str:
    """Ð/ð → Đ/đ inside Vietnamese words: «Ðiều» → «Điều»; foreign names keep theirs: «Guðrún»."""
    return _pattern(_WORD_LETTERS).sub(_with_our_d, text) if "Ð" in text or "ð" in text else text


def _with_our_d(found: re.Match[str]) -> str:
    word = found[0]
    ours = word.translate(_ETH)
    if ours == word or not (_pattern(_SURELY_OURS).search(ours) or is_vietnamese_syllable(ours)):
        return word
    return ours


class _Folding(dict[int, str]):
    """The table of `fold`; a character is worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = self._fold(chr(code))
        return folded

    @staticmethod
    def _fold(char: str) -> str:
        lower = char.lower() if len(char.lower()) == 1 else char  # İ would become two
        if lower in "đð":
            return "d"
        apart = unicodedata.normalize("NFD", lower)
        if not all(map(unicodedata.combining, apart[1:])):
            return lower
        return apart[0].lower()


_FOLDING = _Folding()


def fold(text: str) -> str:
    """The text without capitals and marks, for comparing and searching: «Đặng» → «dang».

    text    in NFC; a mark standing by itself stays
    gives   exactly as many characters as it gets, so places found in it hold in the original
    """
    return text.lower() if text.isascii() else text.translate(_FOLDING)


def slug(text: str) -> str:
    """Lower-case ASCII words joined by hyphens, for ids and addresses: «Đỗ Đức Đạt» → "do-duc-dat".

    gives   "" when the text has no Latin letter and no digit; the caller calls that an error
    """
    plain = unicodedata.normalize("NFD", nfc(text).translate(_ETH).lower().replace("đ", "d"))
    return _pattern(r"[^a-z0-9]+").sub("-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


# ---- order and names

_RUNS = r"\d+|[^\W\d_]+(?:[\u0300-\u036f]+[^\W\d_]*)*"


def sort_key(text: str) -> tuple[Syllables, str]:
    """The place of a text in a Vietnamese list, compared syllable by syllable: letters first, then tone.

    gives   numbers (by value) < words of other scripts < ours; ngang < huyền < hỏi < ngã < sắc < nặng; hòa = hoà;
            between equals the composed text decides, so only canonically equal texts have equal keys
    source  dictionary order; ICU and DUCET weigh the tone by its position and put «hoá» before «hòa»
    """
    return _syllables(text), nfc(text)


def _syllables(text: str) -> Syllables:
    return tuple(map(_syllable, _pattern(_RUNS).findall(nfc(text))))


@lru_cache(maxsize=16384)  # the language has some 7,000 written syllables
def _syllable(run: str) -> Syllable:
    if run[0].isdecimal():
        digits = run.lstrip("0")
        return _NUMBER, len(digits), digits, 0
    bare, tones = _without_tones(run.lower())
    letters = (_PLACES.get(c) or _PLACES.get(fold(c), c) for c in bare if not unicodedata.combining(c))
    place = "".join(letters)
    return (_WORD if place[0] <= _PLACES["z"] else _FOREIGN), 0, place, (tones[-1] if tones else 0)


def _without_tones(text: str) -> tuple[str, list[int]]:
    """The text with its ă â đ ê ô ơ ư but without tone marks, and the tones that it had."""
    apart = unicodedata.normalize("NFD", text)
    tones = [_TONES[c] for c in apart if c in _TONES]
    return nfc("".join(c for c in apart if c not in _TONES)) if tones else nfc(text), tones


def name_key(name: str, sort_as: str | None = None) -> tuple[Syllables, Syllables, Syllables, str]:
    """The place of a person in a list of names: by given name (the last word), family name (the first), the middle.

    sort_as     for a name in another order: what to sort by, from left to right, instead
    gives       a key to compare with other keys of this function only; between equals the name itself decides
    """
    if sort_as:
        return _syllables(sort_as), (), (), nfc(name)
    *before, given = name.split() or [""]
    # without the text itself, or «Trần Hoà» would stand before «Nguyễn Hòa»
    return _syllables(given), _syllables(" ".join(before[:1])), _syllables(" ".join(before[1:])), nfc(name)


def given_initial(name: str, sort_as: str | None = None) -> str:
    """The heading under which `name_key` puts a person: a capital of the 29 letters or F J W Z; "#" without one."""
    given = name_key(name, sort_as)[0]
    if not given or given[0][0] != _WORD:
        return "#"
    return _ALPHABET[ord(given[0][2][0]) - 1].upper()


def initials(name: str) -> str:
    """The first letters of the last two words, to stand for a portrait: «Nguyễn Thị Ơn» → "TƠ"; at most two."""
    words = [found[0] for word in nfc(name).split() if (found := _pattern(_WORD_LETTERS).search(word))]
    letters = (_without_tones(word[0])[0][0] for word in words[-2:])
    return "".join(c.upper() if len(c.upper()) == 1 else c for c in letters)


# ---- dates, numbers, length


def written_date(day: dt.date) -> str:
    """Ngày như trong văn bản hành chính: `date(2020, 6, 9)` → "09/6/2020".

    gives   dd/m/yyyy; a zero before days 1–9 and before months 1 and 2 only
    source  Nghị định 30/2020/NĐ-CP, Phụ lục I
    """
    return f"{day.day:02}/{_month(day)}/{day.year}"


def long_date(day: dt.date) -> str:
    """Ngày viết đủ chữ: `date(2020, 6, 9)` → "ngày 09 tháng 6 năm 2020"; zeros as in `written_date`."""
    return f"ngày {day.day:02} tháng {_month(day)} năm {day.year}"


def _month(day: dt.date) -> str:
    return f"{day.month:02}" if day.month in (1, 2) else str(day.month)


def written_number(value: int) -> str:
    """A number for readers, thousands apart: 1234567 → "1.234.567"."""
    return f"{value:,}".replace(",", ".")


def syllables(text: str) -> int:
    """How many syllables, which is how Vietnamese is measured; numbers and abbreviations count one for each run."""
    return len(_pattern(r"[^\W_]+").findall(nfc(text)))


PER_MINUTE = 300  # syllables


def reading_minutes(text: str) -> int:
    """The nearest whole number of minutes, at least 1, shown «khoảng N phút đọc»; words between spaces are syllables."""
    return max(1, (len(text.split()) + PER_MINUTE // 2) // PER_MINUTE)


# ---- quotations

# Markdown as Python-Markdown reads it: "#" opens a heading without a space; a list starts only after an empty line, so a
# wrapped «Bà Rịa⏎- Vũng Tàu» stays one sentence.
_MARKERS = r"^[ \t]*(?:(?:[-*+]|\d+\.)[ \t]+)*"
_NESTED = r"\[((?:[^\[\]\\]|\\.|\[[^\[\]]*\])*+)\]"
_TARGET = r"""(\((?:\s"[^"]*"(?=\s*\))|[^()\\]|\\.|\([^()]*\))*+\)|\[[^\[\]]*\])"""
_BLOCK_TAGS = "blockquote|center|dd|details|div|dl|dt|figure|hr|li|ol|p|pre|section|summary|table|tbody|td|th|thead|tr|ul"

_HIDDEN = r"(?is)<!--.*?(?:-->|\Z)|<(caption|figcaption|h[1-6]|script|style|title)\b.*?(?:</\1\s*>|\Z)"
_BLOCK_TAG = rf"(?i)</?(?:{_BLOCK_TAGS})\b[^<>]*>"
_DEFINITION = (
    r"""(?m)^[ ]{0,3}(?:\[(?!\^)([^\[\]]+)\]:[ ]*\n?[ ]*(?:<[^<>\n]*>|\S+)[ ]*"""
    r"""(?:\n?[ ]*(?:"[^\n]*"|'[^\n]*'|\([^\n]*\))[ ]*)?|\*\[[^\[\]]+\]:.*)$"""
)
_BEFORE_QUOTE = r"(?m)^([ \t]*[^\s>].*)\n(?=[ \t]*>)"
_QUOTE_MARKS = rf"(?m)({_MARKERS})(?:>[ ]?)+"
_HEADING_OR_FENCE = rf"(?m){_MARKERS}(?:#.*|(?:```+|~~~+)[^`\n]*)$"
_EMPTY_LINES = r"\n(?:[ \t]*\n)+"
_UNDERLINE = r"[=-]+[ ]*"
_RULE = r"[ ]{0,3}(?:(?:-[ ]*){3,}|(?:\*[ ]*){3,}|(?:_[ ]*){3,})"
_ITEM = r"[ \t]*(?:[-*+]|\d+\.)[ \t]+(?:\[[ xX]\][ \t]+)?|\[\^[^\[\]]+\]:[ \t]*"

# the character first and what must not stand before it second: so the search can leap from one to the next
_IMAGE = rf"(?s)!(?<!\\!){_NESTED}{_TARGET}"
_LINK = rf"(?s)\[(?<!\\\[){_NESTED[2:]}{_TARGET}"
_SHORT_LINK = r"(?<!\\)(!?)\[(\^?)([^\[\]]+)\]"
_TAG = r"""</?([a-zA-Z]+)(?:[^<>"']|"[^"]*"|'[^']*')*+>"""
_MARK = r"\\[!-/:-@\[-`{-~]|\*\**|__*|``*|~~"
_ENTITY = r"&(nbsp|amp|lt|gt|quot);"
_ENTITIES = {"nbsp": " ", "amp": "&", "lt": "<", "gt": ">", "quot": '"'}
_STRAIGHT = [*zip("‘’‚‛“”„‟", 4 * "'" + 4 * '"', strict=True)]


def passages(body: str) -> tuple[str, ...]:
    """The paragraphs of a Markdown body as running text for comparing; a list item or table cell is one of its own.

    body    Markdown without its front matter
    gives   text as a reader sees it, in NFC, with straight quotes and single spaces, none of them empty; no headings,
            images, captions, addresses of links, definitions, comments or Markdown marks
    """
    body = clean(body)
    if "<" in body:
        body = _pattern(_HIDDEN).sub(lambda found: "\n\n" if found[1] else "", body)
        body = _pattern(_BLOCK_TAG).sub("\n\n", body)
    if ">" in body:
        body = _pattern(_BEFORE_QUOTE).sub(r"\1\n\n", body)
        body = _pattern(_QUOTE_MARKS).sub(r"\1", body)
    labels = frozenset[str]()
    if "]:" in body:
        labels = frozenset(_label(found[1]) for found in _pattern(_DEFINITION).finditer(body) if found[1])
        body = _pattern(_DEFINITION).sub("", body)
    blocks = _pattern(_EMPTY_LINES).split("\n\n" + _pattern(_HEADING_OR_FENCE).sub("", body))
    running = (_running(piece, labels) for block in blocks for piece in _pieces(block.split("\n")))
    return tuple(filter(None, running))


def _pieces(lines: list[str]) -> Iterator[str]:
    """The paragraphs, items or cells of one block: lines without an empty one between them."""
    if len(lines) > 1 and "|" in lines[0] and {"|", "-"} <= set(lines[1]) <= set("|:- "):
        yield from (cell for line in lines[:1] + lines[2:] for cell in _pattern(r"(?<!\\)\|").split(line))
        return
    piece: list[str] = []
    in_list = False
    for line in lines:
        if len(piece) == 1 and _pattern(_UNDERLINE).fullmatch(line):
            piece = []  # it was a heading
        elif _pattern(_RULE).fullmatch(line):
            yield "\n".join(piece)
            piece = []
        elif (in_list or not piece) and (marker := _pattern(_ITEM).match(line)):
            yield "\n".join(piece)
            piece, in_list = [line[marker.end() :]], True
        else:
            piece.append(line)
    yield "\n".join(piece)


def _running(text: str, labels: frozenset[str]) -> str:
    """What a reader sees of a piece of Markdown; `labels` are those that the body defines an address for."""
    if "[" in text:
        text = _pattern(_LINK).sub(lambda link: _words_of(link, labels), _pattern(_IMAGE).sub("", text))
        if labels or "[^" in text:
            text = _pattern(_SHORT_LINK).sub(lambda link: _words_of_short(link, labels), text)
    if "<" in text:
        text = _pattern(_TAG).sub(lambda tag: " " if tag[1].lower() == "br" else "", text)
    text = _pattern(_MARK).sub(_literal, text)
    if "&" in text:
        text = _pattern(_ENTITY).sub(lambda entity: _ENTITIES[entity[1]], text)
    return _straight(text)


def _literal(mark: re.Match[str]) -> str:
    """What stays of a Markdown mark: an escaped character, the star of «5 * 3», the line of «ten_tep»."""
    if mark[0][0] == "\\":
        return mark[0][1]
    before, after = mark.string[max(mark.start() - 1, 0) : mark.start()], mark.string[mark.end() : mark.end() + 1]
    match mark[0][0]:
        case "*":
            stays = not before.strip() and not after.strip()
        case "_":
            opens, closes = after.strip() and not before.isalnum(), before.strip() and not after.isalnum()
            stays = not (opens or closes)
        case _:
            stays = False
    return mark[0] if stays else ""


def _words_of(link: re.Match[str], labels: frozenset[str]) -> str:
    words, target = link[1], link[2]
    return words if target[0] == "(" or _label(target[1:-1] or words) in labels else link[0]


def _words_of_short(link: re.Match[str], labels: frozenset[str]) -> str:
    picture, note, words = link.groups()
    if note:
        return ""
    return link[0] if _label(words) not in labels else "" if picture else words


def _label(text: str) -> str:
    return _straight(text).lower()


def _straight(text: str) -> str:
    for curly, straight in _STRAIGHT:  # a dozen times faster than str.translate
        text = text.replace(curly, straight)
    return clean(" ".join(text.split()))  # again: marks may have stood inside a letter or a word


def has_passage(body: str, quote: str) -> bool:
    """Whether the quote stands word for word in one paragraph of the body; see `passage_index`."""
    return _stands_plainly(clean(quote), body) or passage_index(body, quote) is not None


_MARKED = r"(?m)[`\\\[\]<>&*_#|~=]|^ *-"


def _stands_plainly(quote: str, body: str) -> bool:
    """Whether the quote stands as typed in a paragraph without any Markdown: by far the most do, and need no rendering."""
    at = body.find(quote) if any(map(str.isalnum, quote)) and "\n" not in quote else -1
    if at < 0:
        return False
    end = body.find("\n\n", at)
    paragraph = body[body.rfind("\n\n", 0, at) + 1 : end if end >= 0 else len(body)].strip()
    return paragraph[:1].isalpha() and _pattern(_MARKED).search(paragraph) is None and place_of(quote, paragraph) >= 0


def passage_index(body: str, quote: str) -> int | None:
    """Which of `passages(body)` holds the quote, as whole words; None when none does, or when the quote has no word.

    quote   text as shown, or a piece of the Markdown; capitals do not count, tone marks and their place do
    """
    wanted = compared_forms(quote)
    for index, passage in enumerate(_compared(body)):
        if any(place_of(words, passage) >= 0 for words in wanted):
            return index
    return None


def compared_forms(quote: str) -> frozenset[str]:
    """The forms in which a quote is looked for in a passage, both lowered: as text, and read as Markdown."""
    quote = clean(quote)
    forms = {_straight(quote).lower(), _running(quote, frozenset()).lower()}
    return frozenset(words for words in forms if any(map(str.isalnum, words)))


@lru_cache(maxsize=8)  # a story is asked about a few quotes in a row
def _compared(body: str) -> tuple[str, ...]:
    return tuple(passage.lower() for passage in passages(body))


def place_of(words: str, passage: str) -> int:
    """Where the words stand in the passage as whole words; -1 where they do not."""
    start = passage.find(words)
    while start >= 0 and (_cut(passage, start) or _cut(passage, start + len(words))):
        start = passage.find(words, start + 1)
    return start


def _cut(text: str, at: int) -> bool:
    """Whether a word or a number goes on across this place: «234» is not in «1.234»."""
    left, right = text[max(at - 2, 0) : at], text[at : at + 2]
    if re.search(r"\d[.,]?\Z", left) and re.match(r"[.,]?\d", right):
        return True
    return bool(left and right) and _in_word(left[-1]) and _in_word(right[0])


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_" or unicodedata.combining(char) > 0


# ---- suggestions and spelling


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known id that a mistyped one most looks like, compared without marks, spaces and capitals; None if none does."""
    import difflib  # noqa: PLC0415  # only a mistake needs it

    ids: dict[str, str] = {}
    for one in sorted(set(known)):
        ids.setdefault(_id_form(one), one)
    return next((ids[form] for form in difflib.get_close_matches(_id_form(word), ids, n=1, cutoff=0.6)), None)


def _id_form(text: str) -> str:
    return slug(text) or fold(text)


_SYLLABLE = (
    "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnpqrstvx])?"
    "(?:uyê|uya|oai|oay|oao|oeo|uây|uôi|uyu|ươi|ươu|iêu|yêu|uêu|uê|uơ|uâ|uy|oa|oă|oe|oo|ôô|ia|iê|ya|yê|ua|uô|ưa|ươ"
    "|ai|ay|ây|ao|au|âu|eo|êu|iu|oi|ôi|ơi|ui|ưi|ưu|[aăâeêioôơuưy])"
    "(?:ch|nh|ng|[cmnpt])?"
)


def is_vietnamese_syllable(word: str) -> bool:
    """Whether the letters can be one Vietnamese syllable, whatever the place of its tone mark; capitals do not count.

    gives   False for two tones, and for an end in c, ch, p, t without sắc or nặng: «viêc», «đựoc», «pháttriển»
    """
    bare, tones = _without_tones(word.lower())
    if len(tones) > 1 or not _pattern(_SYLLABLE).fullmatch(bare):
        return False
    return not bare.endswith(("c", "ch", "p", "t")) or tones in ([_TONES["\u0301"]], [_TONES["\u0323"]])
