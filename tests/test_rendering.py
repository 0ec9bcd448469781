"""Markdown → clean HTML: what stays, what never does."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.treeprocessors import InlineProcessor

from exemplars.bodies import Body, Picture
from exemplars.rendering import ATTRIBUTES, TAGS, Renderer

RENDERER = Renderer()


def html(text: str, **more: object) -> str:
    return RENDERER.html(Body(text, **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        pytest.param("Một **câu** *nhấn*.", "<p>Một <strong>câu</strong> <em>nhấn</em>.</p>", id="nhấn"),
        pytest.param("## Hoàn cảnh", '<h2 id="muc-hoan-canh">Hoàn cảnh</h2>', id="đầu mục có địa chỉ"),
        pytest.param("# Đầu đề", '<h2 id="muc-dau-de">Đầu đề</h2>', id="đầu mục lớn không thành h1"),
        pytest.param("## Đức\n\n## Đức", '<h2 id="muc-duc">Đức</h2>\n<h2 id="muc-duc-2">Đức</h2>', id="đầu mục trùng được đánh số"),
        pytest.param("[web](https://a.vn/?a=1&b=2)", '<p><a href="https://a.vn/?a=1&amp;b=2" rel="noopener">web</a></p>', id="liên kết ngoài"),
        pytest.param("[thư](mailto:a@b.vn)", '<p><a href="mailto:a@b.vn">thư</a></p>', id="thư"),
        pytest.param("| a | b |\n|:-:|--:|\n| 1 | 2 |",
                     '<table>\n<thead>\n<tr>\n<th class="giua">a</th>\n<th class="phai">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n'
                     '<td class="giua">1</td>\n<td class="phai">2</td>\n</tr>\n</tbody>\n</table>', id="bảng canh lề bằng lớp"),
    ],
)  # fmt: skip
def test_markdown(text: str, made: str) -> None:
    assert html(text) == made


def test_links_and_pictures_are_what_the_body_says() -> None:
    links = (("../a/index.md", "guong/2020/a/"), ("../b/index.md", ""))
    made = html("[a](../a/index.md) [b](../b/index.md) [c](../c/index.md)", links=links)
    assert made == '<p><a href="site:/guong/2020/a/">a</a> <a>b</a> <a>c</a></p>'
    pictures = (("anh.jpg", Picture("guong/2020/a/anh.webp", 400, 300)),)
    made = html("![tả](anh.jpg) ![khác](khac.jpg)", pictures=pictures)
    assert made == '<p><img alt="tả" height="300" loading="lazy" src="site:/guong/2020/a/anh.webp" width="400"> <em>khác</em></p>'


ATTACKS = [
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](JaVa&#115;cript:alert(1))",
    "![x](data:text/html,<script>1</script>)", "<iframe src=https://e.vn></iframe>", "<svg onload=alert(1)>", "<a href='//evil.vn/x'>x</a>",
    "[x](//evil.vn/x)", "[x](\\\\evil.vn)", "[x](/\t/evil.vn)", "<style>*{display:none}</style>", "<base href=//evil.vn>",
    "<meta http-equiv=refresh content='0;url=//evil.vn'>", "<form action=//evil.vn>", "</div></main>", "<!-- --!><script>alert(1)</script>",
    '<https://a.vn/"onmouseover=alert(1)>', "[x][y]\n\n[y]: javascript:alert(1)", "## <b onclick=alert(1)>x</b>", "`<script>`",
    "<p style='position:fixed'>x</p>", "<h2 id='__config'>x</h2>", "[x](vbscript:x)", '[x](site:/guong/ "y")',
]  # fmt: skip


def live(made: str) -> list[str]:
    """Everything in the HTML that is not on the list of what may stay, as a browser would read it."""
    found = []
    for element in html5lib.parseFragment(made, namespaceHTMLElements=False).iter():
        if element.tag == "DOCUMENT_FRAGMENT":
            continue
        if element.tag not in TAGS:
            found.append(str(element.tag))
        for name, value in element.attrib.items():
            allowed = ATTRIBUTES.get(element.tag, set()) | ({"class"} if element.tag in {"td", "th"} else set())
            if name not in allowed or (
                name in {"href", "src"} and not value.lower().startswith(("https:", "http:", "mailto:", "tel:", "site:", "#"))
            ):
                found.append(f"{element.tag} {name}={value}")
    return found


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_live_stays(text: str) -> None:
    assert live(html(text)) == []


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from([*ATTACKS, "\n\n", " ", "**", "[", "](", ")", "> ", "- ", "`", "|", "&", '"', "'"]), max_size=12))
def test_nothing_live_stays_whatever_is_combined(parts: list[str]) -> None:
    made = html("".join(parts))
    assert live(made) == []
    again = RENDERER._cleaner.clean(made)
    assert again == made, "cleaning twice is cleaning once"


def test_a_text_nested_too_deeply_keeps_its_words() -> None:
    made = html("\n".join("    " * depth + f"- bậc {depth}" for depth in range(600)))
    assert "bậc 599" in made
    assert live(made) == []


# ---- shortcuts

LINES = st.text(alphabet="ab đ.,*_`[]()!<>&#-+=|~\\:1 \t\n", max_size=60) | st.sampled_from(
    ["Chị về tổ.", "- một", "1. một", "> trích", "Đầu mục\n===", "Đầu mục\n---", "| a | b |\n|---|---|\n| c | d |", "    mã", "Xuống dòng  \nđây", "a|b\n-|-\nc|d"]
)  # fmt: skip


@given(st.lists(LINES, max_size=8).map("\n\n".join) | st.lists(LINES, max_size=8).map("\n".join))
def test_the_shortcuts_give_what_python_markdown_gives(text: str) -> None:
    assert SHORT.html(Body(text)) == STOCK.html(Body(text))


def _stock() -> Renderer:
    renderer = Renderer()
    machine = renderer._markdown
    machine.treeprocessors.register(InlineProcessor(machine), "inline", 20)
    machine.parser.blockprocessors.deregister("plain")
    return renderer


SHORT, STOCK = Renderer(), _stock()
