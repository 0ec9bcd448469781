"""Addresses, and where links lead."""

from __future__ import annotations

import pytest

from exemplars.linking import absolute, base, file_address, page_address, permanent, relative, resolve, target
from exemplars.listing import Shelf
from exemplars.model import Settings
from exemplars.pages import Context
from exemplars.pages.stories import linked


@pytest.mark.parametrize(
    ("href", "found"),
    [
        ("../b/index.md", "stories/2020/b/index.md"), ("../b/", "stories/2020/b"), ("anh.jpg", "stories/2020/a/anh.jpg"),
        ("../../../campaigns/x.md#muc", "campaigns/x.md"), ("a%20b.pdf", "stories/2020/a/a b.pdf"), ("#muc", None), ("", None),
        ("https://a.vn/x", None), ("//a.vn/x", None), ("mailto:a@b.vn", None), ("../../../../x", "../x"),
    ],
)  # fmt: skip
def test_target(href: str, found: str | None) -> None:
    assert target(href, "stories/2020/a/index.md") == found


def test_resolve(a_story, a_site) -> None:
    story = a_story(path="stories/2020/b/index.md")
    site = a_site(story, files=frozenset({"stories/2020/a/so-do.pdf"}))
    here = "stories/2020/a/index.md"
    assert resolve("../b/index.md#muc", here, site) == (story, "muc")
    assert resolve("../b/", here, site) == (story, "")
    assert resolve("so-do.pdf", here, site) == ("stories/2020/a/so-do.pdf", "")
    assert resolve("../c/index.md", here, site) == (None, "")
    assert resolve("../../../campaigns/lao-dong-gioi.md", here, site)[0] is site.campaigns[0]


def test_one_html_for_pages_and_feeds() -> None:
    html = '<a href="site:/guong/2020/a/">a</a> <img alt="x" src="site:/guong/2020/a/b.webp"> chữ "site:/" còn nguyên'
    assert relative(html, "guong/2020/c/").startswith('<a href="../../../guong/2020/a/">')
    assert absolute(html, "https://p.vn/g/").startswith('<a href="https://p.vn/g/guong/2020/a/">')
    assert relative(html, "").startswith('<a href="./guong/2020/a/">')
    assert 'chữ "site:/" còn nguyên' in relative(html, "x/")


def test_addresses() -> None:
    assert [base(at) for at in ("", "guong/", "guong/2020/a/")] == ["./", "../", "../../../"]
    assert [page_address("guong/", n) for n in (1, 2)] == ["guong/", "guong/trang-2/"]
    assert permanent("p.vn,2020", "2020-a") == "tag:p.vn,2020:guong/2020-a"
    assert file_address("stories/2020/a/so-do.pdf") == "guong/2020/a/so-do.pdf"


def test_the_name_of_a_file_is_written_as_an_address_wants_it(a_story, a_site) -> None:
    text = "Xem [một](so%20do%20100%25.pdf), [hai](sơ%20đồ.pdf), [ba](a&b.pdf).\n"
    story = a_story(body=f"\n{text}")
    folder = story.origin.path.rpartition("/")[0]
    files = frozenset(f"{folder}/{name}" for name in ("so do 100%.pdf", "sơ đồ.pdf", "a&b.pdf"))
    links, _ = linked(story, Context(Shelf(a_site(story, files=files)), Settings(), {}))
    assert [to.rpartition("/")[2] for _, to in links] == ["so%20do%20100%25.pdf", "s%C6%A1%20%C4%91%E1%BB%93.pdf", "a%26b.pdf"]
