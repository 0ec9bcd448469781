"""Stories as nobody would write them: the samples, changed where it hurts, and texts made of Markdown's and YAML's own marks."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("stories/2020/*", "stories/2021/*", "tests/stories/clean/*", "tests/stories/broken/*")
SAMPLES = [path.read_text(encoding="utf-8") for folder in FOLDERS for path in sorted(REPOSITORY.glob(f"{folder}/index.md"))]

ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "[x](javascript:alert(1))", "[x](JaVa&#115;cript:alert(1))", "[x](java\tscript:alert(1))", "<javascript:alert(1)>", "![x](data:text/html,x)",
    "[x]: javascript:alert(1)\n", "[x](//evil.example)", "[x](\\\\evil.example)", "[x](/\t/evil.example)", "<!-- --!><script>alert(1)</script>",
    "<iframe srcdoc='<script>alert(1)</script>'>", "<style>@import'//evil.example'</style>", "<base href=//evil.example>", "</div></main></html>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>", "<meta http-equiv=refresh content='0;url=//evil.example'>", "{{ config }}",
    "{% include '/etc/passwd' %}", "{: onclick=alert(1) }", "--8<-- '/etc/passwd'", '" onmouseover="alert(1)', "::error file=x::y", "%0A::stop-commands::x",
    '<https://a.vn/"onmouseover=alert(1)>', '[x](site:/" onclick="alert(1))', "\x02klzzwxh:0000\x03", '[a](<b> "c" onclick=d)',
]  # fmt: skip
TRICKS = [
    "&a [x]", "*a", "!!python/object/apply:os.system [x]", "!ENV HOME", "<<: {a: b}", "{a: b", "[a, [b", '"', "'", "|\n  x", ">-\n", "? x", "- - - x",
    "no", "~", "null", "''", "[]", "{}", "0777", "12:30:45", "2020-02-30", "09/6/2020", "1e999", "9" * 400, "a: b: c", "# x", "\t", "%YAML 1.1", "---",
    "...", "@x", "`x`", "{file: ../../../etc/passwd}", "{a: 1, a: 2}", "[[[[[[[[[[[[[[[[[[[[[[[[x]]]]]]]]]]]]]]]]]]]]]]]]", "../../x", "/etc/passwd", "CON",
]  # fmt: skip
LETTERS = [
    "\x00", "\x1b[31m", "\x85", "\u2028", "\u202e", "\u200b", "\u200d", "\ufeff", "\uffff", "\U0010ffff", "\u0301", "e\u0302\u0323", "\u00ad", "Ð", "ð",
    "ﬁ", "İ", "ß", "ı", "𝔄", "👩‍⚕️", "٣", "²", "\u1100\u1161", "\r", "\x0b", "\x7f", "<<<<<<< HEAD\n", "=======\n", ">>>>>>> x\n",
]  # fmt: skip
MARKS = [
    "[", "]", "(", ")", "![", "](", "[](", "*", "**", "_", "__", "`", "```\n", "<", ">", "&", "&#", "\\", "|", "|-|\n", "# ", "> ", "- ", "1. ", "    ",
    "\n", "\n\n", "  \n", "=\n", "---\n", '"', "'", ":", "[a]: b\n", "x", "đ ", "https://", "mailto:", "a@b", "site:/", "\t", "~~~\n", "{", "}", "!",
]  # fmt: skip
PIECES = st.one_of(st.sampled_from(MARKS), st.sampled_from(ATTACKS), st.sampled_from(LETTERS), st.text(max_size=12))
HOSTILE = st.one_of(st.sampled_from(ATTACKS), st.sampled_from(TRICKS), st.sampled_from(LETTERS), st.text(max_size=30))
REPEATED = st.builds("{}{}{}".format, PIECES, PIECES, PIECES).flatmap(lambda piece: st.integers(1, 400).map(lambda times: piece * times))

BODIES = st.lists(st.one_of(PIECES, REPEATED), max_size=20).map("".join)
BLOCKS = st.lists(
    st.one_of(st.sampled_from(TRICKS), st.sampled_from(["a: ", "b: ", "\n", "\n  ", "- ", ", ", "x"]), st.text(max_size=8)), max_size=20
).map("".join)


def _value(text: str, draw: Callable[..., str], at: int) -> str:
    """Another value for a key."""
    lines = text.split("\n")
    keys = [n for n, line in enumerate(lines) if ":" in line] or [0]
    n = keys[at % len(keys)]
    lines[n] = f"{lines[n].partition(':')[0]}: {draw(HOSTILE)}"
    return "\n".join(lines)


def _inside(text: str, draw: Callable[..., str], at: int) -> str:
    at %= len(text) + 1
    return text[:at] + draw(HOSTILE) + text[at:]


def _body(text: str, draw: Callable[..., str], at: int) -> str:
    head, fence, body = text.rpartition("\n---\n")
    at %= len(body) + 1
    return head + fence + body[:at] + draw(BODIES) + body[at:]


def _without(text: str, draw: Callable[..., str], at: int) -> str:
    lines = text.split("\n")
    del lines[at % len(lines)]
    return "\n".join(lines)


def _twice(text: str, draw: Callable[..., str], at: int) -> str:
    lines = text.split("\n")
    lines.insert(at % 7, lines[at % len(lines)])
    return "\n".join(lines)


def _indented(text: str, draw: Callable[..., str], at: int) -> str:
    lines = text.split("\n")
    lines[at % len(lines)] = " " * (at % 9) + lines[at % len(lines)].lstrip()
    return "\n".join(lines)


def _cut(text: str, draw: Callable[..., str], at: int) -> str:
    return text[: at % (len(text) + 1)]


CHANGES = (_value, _value, _value, _inside, _inside, _body, _body, _without, _twice, _indented, _cut)
ENCODINGS: tuple[Callable[[str], bytes], ...] = (
    lambda text: text.encode("utf-8", "surrogatepass"),
    lambda text: text.encode("utf-8-sig", "replace"),
    lambda text: unicodedata.normalize("NFD", text).replace("\n", "\r\n").encode("utf-8", "replace"),
    lambda text: text.encode("utf-16", "replace"),
    lambda text: text.encode("cp1258", "replace"),
    lambda text: text.encode("utf-8", "replace")[:-1],
)


@st.composite
def texts(draw: Callable[..., object]) -> str:
    """A sample with one to six changes."""
    text = draw(st.sampled_from(SAMPLES))
    for change in draw(st.lists(st.sampled_from(CHANGES), min_size=1, max_size=6)):  # type: ignore[attr-defined]
        text = change(text, draw, draw(st.integers(0, 20_000)))
    return str(text)


@st.composite
def files(draw: Callable[..., object]) -> bytes:
    """The bytes of such a sample; one in four in another encoding."""
    encode = draw(st.sampled_from([ENCODINGS[0]] * 15 + list(ENCODINGS[1:])))
    return encode(draw(texts()))  # type: ignore[operator]
