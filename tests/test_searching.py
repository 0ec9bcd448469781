"""What goes into the search index, and what never does; an index that is not whole stops the build."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest

from exemplars import children, searching
from exemplars.building import indexing
from exemplars.building.groups import groups
from exemplars.building.maker import Maker
from exemplars.listing import Shelf
from exemplars.model import Approval, Settings, Withdrawal
from exemplars.pages import Context
from exemplars.searching import Failed, cbor, document, entries, index, merging, parts, written
from exemplars.searching.parts import part
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
    assert "Bà <b> giữ «đèn» & Đất" in bytes(ord(sign) - written.SIGNS for sign in card).decode()


WORDS = ("bàn", "ban", "bán", "cầu", "đèn", "ḏèn", "giờ", "lúa", "mưa", "mùa", "nhà", "thợ", "xe", "ÿ")


def pages(count: int, seed: int = 1) -> list[tuple[str, str]]:
    """Documents of few words, so that each stands in many, and of one that stands in one only."""
    choose = random.Random(seed)  # noqa: S311 - words for a test
    shown = (
        '<html lang=vi><body data-pagefind-body><p data-pagefind-weight=7>{title} số{n}</p><p>{words}</p><div data-pagefind-ignore>'
        '<b data-pagefind-sort="date">{day}</b><b data-pagefind-meta=card>⠁{n}</b>{facets}</div></body></html>'
    )  # fmt: skip
    found = []
    for n in range(count):
        facets = "".join(f"<b data-pagefind-filter={key}>{key}{n % (k + 2)}</b>" for k, key in enumerate(searching.FACETS))
        words = " ".join(choose.choices(WORDS, k=choose.choice((3, 40, 400))))
        day = f"20{choose.randrange(10, 22)}-0{choose.randrange(1, 9)}-01"
        found.append((f"guong/2020/b{n}/", shown.format(n=n, title=choose.choice(WORDS), words=words, day=day, facets=facets)))
    return found


def test_same_documents_same_bytes() -> None:
    documents = pages(40)
    first = index([documents])
    assert [index([documents]) == first for _ in range(3)] == [True] * 3, "Pagefind itself leaves its filters in no order"
    assert set(first) > {"pagefind.js", "pagefind-worker.js", "pagefind-entry.json", "wasm.unknown.pagefind"}


def told(files: Mapping[str, bytes]) -> Any:
    """All that an index says, whatever its pages are numbered: by their addresses."""
    entry = json.loads(files["pagefind-entry.json"])["languages"]["vi"]
    version, fragments, pieces, facets, orders, shown = read(files[f"pagefind.{entry['hash']}.pf_meta"])
    held = [json.loads(written.opened(files[f"fragment/{name}.pf_fragment"])) for name, _ in fragments]
    urls = [one["url"] for one in held]
    words: dict[str, Any] = {}
    for first, last, name in pieces:
        (found,) = read(files[f"index/{name}.pf_index"])
        assert [first, last] == [found[0][0], found[-1][0]], "a query finds the piece by them"
        words |= {word: (places(plain, urls), {form: places(found, urls) for form, found in forms}) for word, plain, forms in found}
    assert list(words) == sorted(words)
    return {
        "version": version, "shown": shown, "count": entry["page_count"], "words": words,
        "pages": {one["url"]: (one, count) for one, (_, count) in zip(held, fragments, strict=True)},
        "facets": {name: {value: {urls[at] for at in found} for value, found in read(files[f"filter/{file}.pf_filter"])[1]} for name, file in facets},
        "order": [urls[at] for at in orders[0][1]],
    }  # fmt: skip


def places(found: Any, urls: list[str]) -> dict[str, Any]:
    numbers = accumulate(distance for distance, *_ in found)
    return {urls[number]: rest for number, (_, *rest) in zip(numbers, found, strict=True)}


def read(data: bytes) -> Any:
    """CBOR with negative numbers too, which are the weights of places."""
    value, end = _read(written.opened(data), 0)
    assert end == len(written.opened(data))
    return value


def _read(data: bytes, at: int) -> tuple[Any, int]:
    if data[at] >> 5 == 1:
        number, at = cbor.sized(data, at, 1)
        return -1 - number, at
    if data[at] >> 5 != cbor.LIST:
        return cbor._read(data, at)
    count, at = cbor.sized(data, at, cbor.LIST)
    values = []
    for _ in range(count):
        value, at = _read(data, at)
        values.append(value)
    return values, at


@pytest.mark.parametrize("cuts", [(0, 300), (0, 1, 300), (0, 70, 140, 299, 300)], ids=["một phần", "hai phần", "bốn phần"])
def test_parts_say_together_what_one_index_says(cuts: tuple[int, ...]) -> None:
    documents = pages(300)
    whole, joined = told(index([documents])), told(index([documents[a:b] for a, b in pairwise(cuts)]))
    day = {address: html.split('"date">')[1][:10] for address, html in documents}
    for one in (whole, joined):
        days = [day[url.strip("/") + "/"] for url in one.pop("order")]
        assert days == sorted(days)
        assert len(days) == 300
    assert joined == whole
    assert {"so7", "ban", "den", "y"} <= joined["words"].keys()


def test_a_story_without_a_day_is_found_and_only_left_out_where_days_decide() -> None:
    documents = [(address, re.sub(r'(date">)[^<]*', r"\1", html) if n == 3 else html) for n, (address, html) in enumerate(pages(8))]
    joined = told(index([documents[:5], documents[5:]]))
    assert len(joined["pages"]) == 8
    assert set(joined["pages"]) - set(joined["order"]) == {"/guong/2020/b3/"}


def test_the_index_of_one_part_is_what_pagefind_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read, joined and written, no word is another: what `parts` says of the form of an index holds."""
    seen: list[bytes] = []
    monkeypatch.setattr(parts, "opened", lambda data: seen.append(written.opened(data)) or seen[-1])
    made, _ = part(pages(300))
    theirs = {word for data in seen if data[:1] == b"\x81" for word in cbor.elements(data, 1)}
    ours = {word for _, word in merging._words([made], [0, 300])}
    assert ours == theirs


def test_an_index_in_another_form_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "opened", lambda data: written.opened(data).replace(b"\x83", b"\x84"))
    with pytest.raises(Failed, match=r"không đúng dạng đã biết.*--no-search"):
        index([pages(3)])


def test_two_files_never_get_one_name() -> None:
    names = written.Names()
    same = "0123456" + "a" * 57
    assert [names(same), names("0123456" + "b" * 57), names(same), names("9" * 64)] == [
        "vi_0123456",
        "vi_0123456b",
        "vi_0123456",
        "vi_9999999",
    ]


def _outputs(context: Context, root: Path, jobs: int = 1) -> dict[str, bytes]:
    maker = Maker(root, context, Plain(), Store(root / "store"), jobs=jobs)
    return {one.path: maker.bytes_of(one)[0] for group in groups(maker) if group.name == "search" for one, _ in group.outputs()}


def test_an_unchanged_index_is_not_made_again(a_site, approved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _outputs(_context(a_site(approved())), tmp_path)
    made: list[int] = []
    monkeypatch.setattr(indexing, "part", lambda documents: made.append(1) or part(documents))
    assert _outputs(_context(a_site(approved())), tmp_path) == first
    assert made == []
    other = _outputs(_context(a_site(approved(body="\nThân bài khác hẳn.\n"))), tmp_path)
    assert (made, other == first) == ([1], False)


@pytest.mark.parametrize("jobs", [1, 2])
def test_of_one_edited_story_only_its_part_is_indexed_again(
    a_site, approved, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    def stories(body: str) -> Any:
        return [approved(id=f"2020-s{n}", path=f"stories/2020/s{n}/index.md", body=body if n == 7 else "\nThân bài.\n") for n in range(40)]

    monkeypatch.setattr(searching, "MOST", 10)
    monkeypatch.setattr(children.threading, "active_count", lambda: 1)
    context = _context(a_site(*stories("\nThân bài.\n")))
    assert [len(share) > 0 for share in searching.shares(context)] == [True] * 4
    assert sorted(one.id for share in searching.shares(context) for one in share) == sorted(one.id for one in context.shelf.stories)
    first = _outputs(context, tmp_path, jobs)
    made: list[list[str]] = []

    def spied(documents: Iterable[tuple[str, str]]) -> Any:
        given = list(documents)
        made.append([address for address, _ in given])
        return part(given)

    monkeypatch.setattr(indexing, "part", spied)
    edited = _context(a_site(*stories("\nMột thân bài khác hẳn.\n")))
    again = _outputs(edited, tmp_path, jobs)
    assert len(made) == 1
    assert "guong/2020/s7/" in made[0]
    assert len(made[0]) < 20
    assert again == _outputs(edited, tmp_path / "afresh", jobs) != first


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
        index([[("guong/2020/a/", "<html><body data-pagefind-body>a</body></html>")]])


def test_no_pagefind_stops_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pagefind_bin

    monkeypatch.setattr(pagefind_bin, "get_executable", lambda: tmp_path / "không có")
    with pytest.raises(Failed, match=r"Không chạy được Pagefind.*--no-search"):
        index([[("guong/2020/a/", "<html><body data-pagefind-body>a</body></html>")]])
