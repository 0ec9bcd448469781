"""Quoted passages marked in rendered HTML: the very words, whatever markup they run over."""

from __future__ import annotations

import re

import html5lib
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from exemplars.bodies import Body
from exemplars.quoting import marked
from exemplars.rendering import Renderer
from exemplars.vietnamese import has_passage

RENDERER = Renderer()
OUTSIDE = "Bà kể mãi rồi cũng xong."


def shown(text: str, *quotes: str) -> str:
    return marked(RENDERER.html(Body(text)), [(f"trich-{n}", quote) for n, quote in enumerate(quotes, 1)])


@pytest.mark.parametrize(
    ("text", "quote", "made"),
    [
        pytest.param("Trước đó, bà sắp lại sổ trực. Rồi thôi.", "bà sắp lại sổ trực",
                     '<p>Trước đó, <mark id="trich-1">bà sắp lại sổ trực</mark>. Rồi thôi.</p>', id="câu trơn"),
        pytest.param("Bà **sắp lại** sổ *trực*.", "Bà sắp lại sổ trực.",
                     '<p><mark id="trich-1">Bà </mark><strong><mark>sắp lại</mark></strong><mark> sổ </mark><em><mark>trực</mark></em>'
                     "<mark>.</mark></p>", id="qua dấu nhấn"),
        pytest.param("Bà **sắp lại sổ** trực.", "lại sổ trực",
                     '<p>Bà <strong>sắp <mark id="trich-1">lại sổ</mark></strong><mark> trực</mark>.</p>', id="bắt đầu giữa chữ đậm"),
        pytest.param("Bà sắp\nlại   sổ & trực.", "bà sắp lại sổ & trực",
                     '<p><mark id="trich-1">Bà sắp\nlại   sổ &amp; trực</mark>.</p>', id="xuống dòng, chữ hoa, thực thể"),
        pytest.param("Bà nói: “giữ lời hứa”.", 'Bà nói: "giữ lời hứa"', '<p><mark id="trich-1">Bà nói: “giữ lời hứa”</mark>.</p>', id="nháy cong"),
        pytest.param("## Giữ lời hứa\n\nBà giữ lời hứa.", "giữ lời hứa",
                     '<h2 id="muc-giu-loi-hua">Giữ lời hứa</h2>\n<p>Bà <mark id="trich-1">giữ lời hứa</mark>.</p>', id="không phải ở đầu mục"),
        pytest.param("- một\n- giữ lời hứa", "giữ lời hứa", '<ul>\n<li>một</li>\n<li><mark id="trich-1">giữ lời hứa</mark></li>\n</ul>', id="mục liệt kê"),
        pytest.param("Được 1.234 suất.\n\nCó 234 suất.", "234 suất", '<p>Được 1.234 suất.</p>\n<p>Có <mark id="trich-1">234 suất</mark>.</p>',
                     id="không cắt số"),
        pytest.param("Bà sắp lại.\n\nSổ trực.", "Bà sắp lại. Sổ trực.", '<p><mark id="trich-1">Bà sắp lại.</mark></p>\n<p>Sổ trực.</p>',
                     id="qua hai đoạn thì cả đoạn đầu"),
        pytest.param(OUTSIDE, "không có câu này", f"<p>{OUTSIDE}</p>", id="không có thì không có địa chỉ"),
    ],
)  # fmt: skip
def test_the_passage_is_marked(text: str, quote: str, made: str) -> None:
    assert shown(text, quote) == made


def test_two_quotes_of_one_paragraph() -> None:
    made = shown("Bà sắp lại sổ. Ca nào cũng có người.", "Bà sắp lại sổ.", "Ca nào cũng có người.")
    assert made == '<p><mark id="trich-1">Bà sắp lại sổ.</mark> <mark id="trich-2">Ca nào cũng có người.</mark></p>'


def test_quotes_may_overlap() -> None:
    made = shown("Bà sắp lại sổ trực đêm.", "sắp lại sổ", "lại sổ trực")
    assert 'id="trich-1"' in made
    assert 'id="trich-2"' in made
    assert html5lib.HTMLParser(strict=True).parseFragment(made) is not None
    assert re.sub(r"</?mark[^>]*>", "", made) == shown("Bà sắp lại sổ trực đêm.")


MARKS = st.sampled_from(["", "**", "*", "`"])
WORDS = st.lists(
    st.tuples(MARKS, st.sampled_from(["bà", "Sổ", "trực,", "“đêm”", "ở", "1.000", "&", "<b>", "đức"])), min_size=3, max_size=12
)


@given(WORDS, st.data())
def test_what_the_checker_finds_the_page_marks(words: list[tuple[str, str]], data: st.DataObject) -> None:
    text = " ".join(f"{mark}{word}{mark}" for mark, word in words)
    start = data.draw(st.integers(0, len(words) - 2))
    quote = " ".join(word for _, word in words[start : data.draw(st.integers(start + 1, len(words)))])
    assume(has_passage(text, quote))
    plain, made = shown(text), shown(text, quote)
    assert 'id="trich-1"' in made
    assert re.sub(r"</?mark[^>]*>", "", made) == plain, "marking changes no word"
    assert html5lib.HTMLParser(strict=True).parseFragment(made) is not None
