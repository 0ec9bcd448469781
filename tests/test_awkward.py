"""Pages of awkward content: whole, valid, no bigger for the size of the site, and escaped."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import html5lib
import pytest

from awkward import AWKWARD, LONG_UNIT, MANY, make
from sites import Refs, broken_links, build, tree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make(tmp_path_factory.mktemp("awkward") / "root")
    done = build(root)
    assert done.returncode == 0, done.stderr
    return root


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[str, str]:
    return {path: data.decode() for path, data in tree(root / "site").items() if path.endswith(".html")}


@pytest.mark.parametrize("slug", AWKWARD)
def test_a_story_shows_its_names_whole(pages: dict[str, str], slug: str) -> None:
    html = pages[f"guong/2020/{slug}/index.html"]
    parser = html5lib.HTMLParser()
    parser.parse(html)
    assert [code for _, code, _ in parser.errors] == []
    Refs(html)  # no id twice
    shown = unescape(re.sub(r"<[^>]+>", "", html))
    assert AWKWARD[slug]["title"] in shown
    assert AWKWARD[slug]["name"] in shown
    assert LONG_UNIT in shown
    assert len(html.encode()) <= 25_000


def test_every_link_leads_somewhere(root: Path, pages: dict[str, str]) -> None:
    assert broken_links(pages, tree(root / "site")) == []


def test_what_is_not_there_leaves_no_trace(pages: dict[str, str]) -> None:
    html = pages["guong/2020/khong-anh-khong-khen/index.html"]
    main = html.split("<main")[1].split('class="related"')[0]
    assert "<img" not in main
    assert 'class="initials"' in main
    assert "<blockquote" not in main
    assert "khen-1" not in main
    assert "Hình thức khen thưởng" not in main
    assert not re.search(r"<(dd|p|li|h2|figcaption)[^>]*>\s*</\1>", main), "no empty place kept for it"
    assert "assets/chia-se.png" in html


def test_a_campaign_of_300_stories(pages: dict[str, str]) -> None:
    at = "phong-trao/lao-dong-gioi/"
    total = MANY + len(AWKWARD)
    last = -(-total // 24)
    assert f"{total} câu chuyện" in pages[f"{at}index.html"]
    names = [f"{at}index.html", *(f"{at}trang-{n}/index.html" for n in range(2, last + 1))]
    assert [pages[name].count('<li class="card">') for name in names] == [24] * (last - 1) + [total - 24 * (last - 1)]
    assert f"{at}trang-{last + 1}/index.html" not in pages
    for n, name in enumerate(names, 1):
        assert ('rel="prev"' in pages[name], 'rel="next"' in pages[name]) == (n > 1, n < last)
    assert max(len(pages[name].encode()) for name in names) <= 60_000


def test_charts_say_the_same_as_their_tables(pages: dict[str, str]) -> None:
    for chart in re.findall(r'<section class="chart".*?</section>', pages["phong-trao/lao-dong-gioi/index.html"], re.DOTALL):
        drawn = re.findall(r"<p>[^<]+ <b>([^<]+)</b>", chart)
        told = [
            cells[-1] for row in re.findall(r"<tr><th scope=\"row\">.*?</tr>", chart) if (cells := re.findall(r"<td[^>]*>(\d+)</td>", row))
        ]
        assert drawn == told
        assert len(drawn) > 0
        assert re.search(r'role="img" aria-labelledby="[^"]+" aria-describedby="[^"]+"', chart)
        assert "style=" not in chart
        assert len(chart.split('class="bars"')[1].split("</div>")[0].encode()) <= 6_000
    growth = re.findall(r"<p>[^<]+ <b>(\d+)</b>", pages["phong-trao/lao-dong-gioi/index.html"])[:4]
    assert growth == sorted(growth, key=int)
    assert growth[-1] == str(MANY + len(AWKWARD))


def test_an_empty_unit_says_so_and_leads_on(pages: dict[str, str]) -> None:
    html = pages["don-vi/thanh-tra-so/index.html"]
    assert "Chưa có câu chuyện nào được biểu dương ở đơn vị này." in html
    assert '<a href="../../guong/">Xem tất cả câu chuyện</a>' in html
