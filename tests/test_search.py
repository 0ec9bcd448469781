"""Search as readers meet it: the real index, the real page, a real Chromium."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from browser import AXE, Heard, chromium, needs, served
from exemplars.listing import Shelf
from exemplars.model import Settings
from exemplars.pages import Context
from exemplars.reading import read_site
from queries import named, searched, unmarked
from sites import REPOSITORY, build, copy_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def context() -> Context:
    return Context(Shelf(read_site(REPOSITORY, dt.date(2026, 1, 1))[0]), Settings(), {}, search=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    root = copy_repository(tmp_path_factory.mktemp("search") / "root")
    done = build(root)
    assert done.returncode == 0, done.stderr
    with served(root / "site") as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


@pytest.fixture
def page(browser: Browser, home: str) -> Iterator[Page]:
    """The search page; what its console said is looked at after the test."""
    heard = Heard()
    one = browser.new_page(viewport={"width": 360, "height": 800})
    heard.listen(one)
    one.goto(f"{home}tim-kiem/")
    yield one
    one.close()
    assert heard.errors == []
    assert heard.foreign(home) == []


def find(page: Page, *queries: str, **filters: str) -> dict[str, list[str]]:
    return searched(page, re.sub(r"tim-kiem/.*", "", page.url), queries, filters)


def test_every_unmarked_query_finds_every_story(page: Page, context: Context) -> None:
    queries = unmarked(context, 200)
    assert len(queries) == 200
    found = find(page, *queries)
    missed = {query: sorted(wanted - set(found[query])) for query, wanted in queries.items() if wanted - set(found[query])}
    assert missed == {}
    assert sum(len(wanted) for wanted in queries.values()) > 300, "queries that find nothing prove nothing"


def test_a_marked_name_finds_its_story_first(page: Page, context: Context) -> None:
    names = named(context)
    found = find(page, *names)
    right = [name for name, address in names.items() if found[name][:1] == [address]]
    assert len(right) / len(names) >= 0.95, names.keys() - set(right)


@pytest.mark.parametrize(
    ("typed", "same"),
    [("hoà nhập", "hòa nhập"), ("HOÀ NHẬP", "hòa nhập"), ("thuỷ sản", "thủy sản"), (unicodedata.normalize("NFD", "Đất Đỏ"), "Đất Đỏ"),
     ("dat do", "dat do"), ("  Đất   Đỏ ", "Đất Đỏ")],
)  # fmt: skip
def test_two_ways_of_writing_are_one(page: Page, typed: str, same: str) -> None:
    def shown(text: str) -> list[str]:
        page.locator("#q").fill("")
        page.locator("#q").fill(text)
        expect(page.locator("#so-ket-qua")).to_contain_text("ết quả cho")
        return page.locator("#dung-dau h3").all_inner_texts()

    assert shown(typed) == shown(same)


def test_exact_marks_come_first(page: Page, context: Context) -> None:
    """«đường» and «dưỡng» are one word without marks; typed with marks, stories that write it so come before the others."""
    bodies = {f"guong/{story.folder}/": unicodedata.normalize("NFC", story.origin.text.decode()).lower() for story in context.shelf.stories}
    mixed = 0
    for word in ("đường", "dưỡng", "đất", "dạy", "đo", "bảng"):
        exact = [bool(re.search(rf"\b{word}", bodies[at])) for at in find(page, word)[word]]
        assert exact == sorted(exact, reverse=True), word
        mixed += len(set(exact)) == 2
    assert mixed, "no word of these has both kinds of results"


def test_a_word_that_stands_nowhere_finds_nothing(page: Page) -> None:
    for word in ("zzzz", "dxqz", "khôngcótrongbàinào"):
        page.locator("#q").fill(word)
        expect(page.locator("#so-ket-qua")).to_contain_text(f"Không thấy kết quả cho “{word}”")
        assert page.locator("#dung-dau li").count() == 0


@pytest.mark.parametrize("typed", ["nguoilaodong", "trungtam", "xahoi", "vieclam", "trung tâm", "biên bản"])
def test_as_many_are_told_as_are_shown(page: Page, typed: str) -> None:
    """Pagefind also finds stories that lack a word which was run together; neither the number nor the list holds them."""
    page.locator("#q").fill(typed)
    expect(page.locator("#so-ket-qua")).to_contain_text(f"kết quả cho “{typed}”")
    while page.locator("#xem-them").is_visible():
        shown = page.locator(".cards h3:visible").count()
        page.locator("#xem-them").click()
        expect(page.locator("#dung-dau h3, #gan-dung h3").nth(shown)).to_be_attached()
    shown = page.locator("#dung-dau h3, #gan-dung h3").count()
    assert page.locator("#so-ket-qua").inner_text() == f"{shown} kết quả cho “{typed}”"


def test_a_name_without_marks_finds_its_story_first(page: Page, context: Context) -> None:
    """«nga» is a name, and the beginning of «ngày» in every text."""
    names = {unicodedata.normalize("NFC", _plain(name)): at for name, at in named(context).items()}
    found = find(page, *names)
    right = [name for name, address in names.items() if found[name][:1] == [address]]
    assert "tran mau nga" in right
    assert len(right) / len(names) >= 0.95, names.keys() - set(right)


def _plain(name: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", name.lower().replace("đ", "d")) if not unicodedata.combining(letter))


def test_numbers_of_papers_are_found(page: Page, context: Context) -> None:
    """Of a decision, of a confirmation, of the Council's minutes, as the story's page shows them."""
    (story,) = [one for one in context.shelf.stories if one.id == "2020-hai-muoi-nam-xe-cuu-tro"]
    assert story.approval
    for number in ("2764/QĐ-UBND", "2764", "35/XN-VP", story.approval.minutes):
        assert f"guong/{story.folder}/" in find(page, number)[number], number


def test_an_empty_query_is_asked_for(page: Page) -> None:
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#so-ket-qua")).to_have_text("Hãy gõ từ cần tìm.")


def test_results_as_cards(page: Page) -> None:
    """Portrait or initials, title that leads to the story, excerpt with the words marked in their true letters."""
    page.locator("#q").fill("dat do")
    expect(page.locator("#so-ket-qua")).to_contain_text("kết quả cho “dat do”")
    first = page.locator("#dung-dau li").first
    assert first.locator("img, .initials").count() == 1
    marked = first.locator("mark").all_inner_texts()
    assert {one.lower() for one in marked} & {"đất", "đạt", "đỏ", "độ"}
    assert "ḏ" not in page.locator("main").inner_text().lower()
    assert "q=dat+do" in page.url
    first.locator("a").click()
    expect(page.locator("article.story h1")).to_have_count(1)
    page.go_back()
    expect(page.locator("#q")).to_have_value("dat do")
    expect(page.locator("#so-ket-qua")).to_contain_text("kết quả cho")


def test_by_keyboard_alone(page: Page) -> None:
    page.locator("#q").focus()
    page.keyboard.type("sổ trực")
    expect(page.locator("#so-ket-qua")).to_contain_text("kết quả")
    assert page.locator("#so-ket-qua").get_attribute("role") == "status"
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.closest('#dung-dau') !== null"):
            break
    else:
        pytest.fail("the first result is not reached by Tab")
    page.locator("#q").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator("#dung-dau li")).to_have_count(0)


def test_filters(page: Page, context: Context) -> None:
    """Each filter offers what the stories hold, with true counts; a chosen one narrows and stays in the address."""
    page.locator("summary").click()
    unit = page.locator("#loc-don-vi")
    expect(unit.locator("option").nth(1)).to_be_attached()
    units = {context.shelf.site.find("units", story.unit).name for story in context.shelf.stories}
    counts = {f"{name} ({sum(context.shelf.site.find('units', s.unit).name == name for s in context.shelf.stories)})" for name in units}
    assert set(unit.locator("option").all_inner_texts()[1:]) == counts
    for key in ("phong-trao", "linh-vuc", "loai", "tieu-chi", "nam"):
        assert page.locator(f"#loc-{key} option").count() > 1, key
    page.locator("#loc-nam").select_option("2020")
    expect(page.locator("#so-ket-qua")).to_have_text(f"{len(context.shelf.of('year', '2020'))} kết quả")
    page.locator("#q").fill("tre")
    expect(page.locator("#so-ket-qua")).to_contain_text("cho “tre”")
    assert {"nam=2020", "q=tre"} <= set(page.url.partition("?")[2].split("&"))
    before = page.locator("#so-ket-qua").inner_text()
    page.reload()
    expect(page.locator("#so-ket-qua")).to_have_text(before)
    page.locator("#loc-xep").select_option("moi")
    expect(page.locator("#so-ket-qua")).to_have_text(before)
    days = [tuple(map(int, re.findall(r"\d+", text)[:3]))[::-1] for text in page.locator("#dung-dau .meta").all_inner_texts()]
    assert days == sorted(days, reverse=True)


def test_more_results_on_demand(page: Page) -> None:
    page.locator("#q").fill("trung")
    expect(page.locator("#dung-dau li")).to_have_count(10)
    page.locator("#xem-them").click()
    expect(page.locator("#dung-dau li").nth(10)).to_be_visible()
    assert page.evaluate("() => [...document.querySelectorAll('#dung-dau li')].indexOf(document.activeElement.closest('li'))") == 10


def test_nothing_is_loaded_before_it_is_needed(page: Page) -> None:
    loaded = page.evaluate("() => performance.getEntriesByType('resource').map((one) => one.name)")
    assert [name for name in loaded if "/pagefind/" in name] == []


def test_an_index_that_does_not_load_says_so(browser: Browser, home: str) -> None:
    page = browser.new_page()
    page.route("**/pagefind/**", lambda route: route.abort())
    page.goto(f"{home}tim-kiem/?q=abc")
    expect(page.locator("#so-ket-qua")).to_contain_text("Chưa tải được chỉ mục tìm kiếm")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_results_are_accessible(browser: Browser, home: str, scheme: Any) -> None:
    needs(AXE)
    page = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
    page.goto(f"{home}tim-kiem/?q=%C4%91%C6%B0%E1%BB%9Dng&nam=2020")
    expect(page.locator("#dung-dau li").first).to_be_visible()
    page.evaluate(Path(AXE).read_text(encoding="utf-8") + "\n;0")
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [one["id"] for one in found] == []
    assert page.evaluate("() => document.scrollingElement.scrollWidth") <= 360
    small = "() => [...document.querySelectorAll('form input, form select, form button, summary')].filter((one) => one.offsetHeight < 44).map((one) => one.outerHTML)"
    assert page.evaluate(small) == []
    page.close()
