"""What a Markdown text may hold: sound texts of any length pass, the known costly ones are named by their line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exemplars.bounds import DEEP_MOST, beyond, numbered
from sites import REPOSITORY

WHOLE = 250_000  # letters, as many as a file may have


def lines(body: str) -> list[int]:
    return [line for line, says, do in beyond(body) if says and do]


@pytest.mark.parametrize(
    "path", sorted([*REPOSITORY.glob("stories/*/*/index.md"), *REPOSITORY.glob("c*/**/*.md")]), ids=lambda p: p.parent.name
)
def test_the_samples_are_far_from_the_limits(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert lines(text) == []
    assert lines((text + "\n\n") * (WHOLE // len(text))) == [], "nor is a text as long as a file may be"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        pytest.param("", [], id="trống"),
        pytest.param("[" * 2_000, [], id="hai nghìn ngoặc"),
        pytest.param("a\n\n" + "[" * 3_000, [2], id="ba nghìn ngoặc"),
        pytest.param("".join(f"- [Nghị quyết số {n}](https://vi.dụ/{n})\n" for n in range(200)), [], id="danh sách 200 liên kết"),
        pytest.param("".join(f"| **{n}** | *một* | hai | ba | bốn | năm | sáu |\n" for n in range(400)), [], id="bảng 400 dòng"),
        pytest.param("## Đầu mục\nĐoạn văn.\n" * 400, [], id="400 đầu mục liền nhau"),
        pytest.param("# a\n" * (WHOLE // 4), [0], id="toàn đầu mục"),
        pytest.param("a\n=\n" * (WHOLE // 4), [0], id="toàn đầu mục gạch dưới"),
        pytest.param("\\*" * (WHOLE // 2), [0], id="toàn dấu thoát"),
        pytest.param(("a\n\n" * 10) + "*a _b " * (WHOLE // 6), [20], id="toàn dấu nhấn"),
        pytest.param(("[" * 200 + "\n\n") * (WHOLE // 202), [0], id="ngoặc chia ra nhiều đoạn"),
        pytest.param("> " * DEEP_MOST + "a", [], id="trích dẫn 20 bậc"),
        pytest.param("a\n\n" + "> " * (DEEP_MOST + 1) + "a", [2], id="trích dẫn 21 bậc"),
        pytest.param("- " * (DEEP_MOST + 1) + "a", [0], id="danh sách 21 bậc trên một dòng"),
        pytest.param("- " * 4_000, [], id="một đường kẻ ngang dài"),
        pytest.param("* " * 40 + "\n\n" + "- " * 40 + "\n\n" + "_ " * 40, [], id="đường kẻ ngang"),
        pytest.param("\n".join("    " * n + f"- bậc {n}" for n in range(DEEP_MOST)), [], id="danh sách 20 bậc"),
        pytest.param("\n".join("    " * n + f"- bậc {n}" for n in range(DEEP_MOST + 1)), [DEEP_MOST], id="danh sách 21 bậc"),
        pytest.param("\n".join("\t" * n + f"{n}. bậc" for n in range(DEEP_MOST + 1)), [DEEP_MOST], id="danh sách đánh số, thụt bằng Tab"),
        pytest.param("> 1. " * (DEEP_MOST // 2) + "- a", [0], id="xen trích dẫn và danh sách"),
        pytest.param(" " * 120 + "- Nơi nhận: như trên;", [], id="gạch đầu dòng đặt sát lề phải"),
        pytest.param(" " * 120 + "TM. HỘI ĐỒNG", [], id="chữ đặt sát lề phải"),
        pytest.param("- a\n\nb\n\n" * 50, [], id="năm mươi danh sách, danh sách nào cũng một bậc"),
        pytest.param("2020. 2020. 2020. 2020. 2020. năm", [], id="năm viết liền"),
    ],
)
def test_limits(body: str, found: list[int]) -> None:
    assert lines(body) == found


SENTENCES = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyớờệạ ,.;:“”()0123456789/%-", min_size=20, max_size=300)
LINKED = st.builds("{} [{}](https://www.molisa.gov.vn/{}) {}".format, SENTENCES, st.just("Nghị quyết"), st.integers(), SENTENCES)
EMPHATIC = st.builds("{} **{}** và *{}*".format, SENTENCES, SENTENCES, SENTENCES)
PARAGRAPHS = st.lists(st.one_of(SENTENCES, LINKED, EMPHATIC), min_size=1, max_size=12).map(" ".join)
LISTS = st.lists(st.one_of(SENTENCES, LINKED, EMPHATIC), min_size=1, max_size=60).map(
    lambda items: "".join(f"- {item}\n" for item in items)
)
SOUND = st.lists(st.one_of(PARAGRAPHS, LISTS, SENTENCES.map("## {}".format)), min_size=1, max_size=12).map("\n\n".join)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(SOUND, st.integers(1, 40))
def test_no_sound_text_is_beyond_them(body: str, times: int) -> None:
    assert lines(((body + "\n\n") * times)[:WHOLE]) == []


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.text("a\n", max_size=60))
def test_numbered(text: str) -> None:
    found = list(numbered(text, re.finditer("a", text)))
    assert [line for line, _ in found] == [text.count("\n", 0, match.start()) for _, match in found]
