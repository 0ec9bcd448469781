"""What goes into the search index, and what never does; an index that is not whole stops the build."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from exemplars import searching
from exemplars.building.groups import groups
from exemplars.building.maker import Maker
from exemplars.listing import Shelf
from exemplars.model import Approval, Settings, Withdrawal
from exemplars.pages import Context
from exemplars.searching import Failed, document, entries, index
from exemplars.storing import Store
from test_building import Plain


@pytest.fixture
def approved(a_story: Callable[..., Any]) -> Callable[..., Any]:
    def build(**given: Any) -> Any:
        story = a_story(**given)
        return replace(story, approval=Approval("HĐ", "1", story.date, ("A1",), ("TK",), story.text_sha256))

    return build


def _context(site: Any, **more: Any) -> Context:
    return Context(Shelf(site, **more), Settings(site_url="https://p.example/g/", tag="p.example,2020"), {}, search=True)


def test_only_what_readers_see(a_site, a_story, approved) -> None:
    gone = approved(id="2020-go", path="stories/2020/go/index.md", withdrawn=Withdrawal(a_story().date, "error", "Sai."))
    waiting = a_story(id="2020-cho", path="stories/2020/cho/index.md")
    draft = a_story(id="2020-nhap", path="stories/2020/nhap/index.md", draft=True)
    assert [one.address for one in entries(_context(a_site(approved(), gone, waiting, draft)))] == ["guong/2020/sap-lai-so-truc/"]


class Text(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[tuple[dict[str, str | None], str]] = []
        self._attributes: dict[str, str | None] = {}
        self.feed(html)

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._attributes = dict(attrs)

    def handle_data(self, data: str) -> None:
        self.said.append((self._attributes, data))


def test_a_document(a_site, approved) -> None:
    story = approved(title="Bà <b> giữ «đèn» & Đất", body="\n## Đầu mục\n\nĐêm nào cũng đỏ đèn <i>ba</i> giờ & hơn.\n")
    html = document(next(entries(_context(a_site(story)))))
    said = Text(html).said
    searched = " ".join(
        text for attributes, text in said if not attributes.keys() & {"data-pagefind-filter", "data-pagefind-meta", "data-pagefind-sort"}
    )
    assert "đ" not in searched.lower(), "in the index it is written ḏ"
    assert "Bà <b> giữ «ḏèn» & Ḏất" in searched
    assert "Ḏêm nào cũng ḏỏ ḏèn ba giờ & hơn." in searched
    assert "mục" not in searched, "headings stand in every story"
    facets = {(attributes["data-pagefind-filter"], text) for attributes, text in said if "data-pagefind-filter" in attributes}
    assert {("nam", "2020"), ("don-vi", "Trung tâm"), ("phong-trao", "Lao động giỏi"), ("tieu-chi", "A1 · Tiêu chí A1")} <= facets
    (card,) = [text for attributes, text in said if "data-pagefind-meta" in attributes]
    assert not re.search(r"\w", card), "what a card shows is not searched by itself"
    assert "Bà <b> giữ «đèn» & Đất" in bytes(ord(sign) - searching.SIGNS for sign in card).decode()


def test_same_documents_same_bytes() -> None:
    facets = "".join(f"<b data-pagefind-filter={key}>{{}}{key}</b>" for key in searching.FACETS)
    shown = "<html lang=vi><body data-pagefind-body><p>bài số {}</p><div data-pagefind-ignore>{}</div></body></html>"
    pages = [(f"guong/2020/b{n}/", shown.format(n, facets.replace("{}", str(n % 7)))) for n in range(40)]
    first = index(pages)
    assert [index(pages) == first for _ in range(3)] == [True] * 3, "Pagefind itself leaves its filters in no order"
    assert set(first) > {"pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.unknown.pagefind"}


def _outputs(context: Context, root: Path) -> dict[str, bytes]:
    maker = Maker(root, context, Plain(), Store(root / "store"))
    return {one.path: maker.bytes_of(one)[0] for group in groups(maker) if group.name == "search" for one, _ in group.outputs()}


def test_an_unchanged_index_is_not_made_again(a_site, approved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _outputs(_context(a_site(approved())), tmp_path)
    made: list[int] = []
    monkeypatch.setattr(searching, "index", lambda documents: made.append(1) or index(documents))
    assert _outputs(_context(a_site(approved())), tmp_path) == first
    assert made == []
    other = _outputs(_context(a_site(approved(body="\nThân bài khác hẳn.\n"))), tmp_path)
    assert (made, other == first) == ([1], False)


def test_a_damaged_store_makes_it_again(a_site, approved, tmp_path: Path) -> None:
    first = _outputs(_context(a_site(approved())), tmp_path)
    for n, entry in enumerate(sorted((tmp_path / "store").glob("*/*"))):
        entry.write_bytes(b"x" * 99) if n % 2 else entry.unlink()
    assert _outputs(_context(a_site(approved())), tmp_path) == first


def test_no_index_in_a_preview_without_stories_or_when_not_wanted(a_site, approved) -> None:
    assert not _context(a_site()).searched
    assert not Context(Shelf(a_site(approved())), Settings(), {}).searched


@pytest.mark.parametrize("said", ["exit 3", "exit 0"], ids=["dừng giữa chừng", "không ra gì"])
def test_a_pagefind_that_fails_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    import pagefind_bin

    broken = tmp_path / "pagefind"
    broken.write_text(f"#!/bin/sh\n{said}\n")
    broken.chmod(0o755)
    monkeypatch.setattr(pagefind_bin, "get_executable", lambda: broken)
    with pytest.raises(Failed, match=r"--no-search"):
        index([("guong/2020/a/", "<html><body data-pagefind-body>a</body></html>")])


def test_no_pagefind_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pagefind_bin

    monkeypatch.setattr(pagefind_bin, "get_executable", lambda: tmp_path / "không có")
    with pytest.raises(Failed, match=r"Không chạy được Pagefind.*--no-search"):
        index([("guong/2020/a/", "<html><body data-pagefind-body>a</body></html>")])
