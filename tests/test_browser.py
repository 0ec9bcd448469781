"""The built site in a real Chromium, under the policy its server sends: nothing broken, nothing foreign, nothing inaccessible.

Two sites: the samples, and `awkward.py` for the types of page that the samples have none of, and for content that fits badly.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from playwright.sync_api import expect

import awkward
from browser import AXE, LOOKS, VNU, Heard, axe, chromium, html_errors, needs, served
from page_types import MOVED, STORY, TYPES, WITHDRAWN, by_type, one_of_each
from sites import build, copy_repository, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

SAMPLE = "guong/2020/sap-lai-so-truc-dem/"
SEARCH = "tim-kiem/"


class Visit(NamedTuple):
    """A page to be tried: its type, and where it is served."""

    kind: str
    home: str
    address: str

    @property
    def url(self) -> str:
        return self.home + self.address


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_repository(tmp_path_factory.mktemp("browser") / "root")
    done = build(root)
    assert done.returncode == 0, done.stderr
    return root / "site"


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = awkward.make(tmp_path_factory.mktemp("browser") / "odd")
    done = build(root)
    assert done.returncode == 0, done.stderr
    return root / "site"


@pytest.fixture(scope="module")
def types(site: Path) -> dict[str, str]:
    return one_of_each(tree(site))


@pytest.fixture(scope="module")
def odd_types(odd: Path, types: dict[str, str]) -> dict[str, str]:
    """Every awkward story, what the samples lack, and the lists that are too long or empty."""
    files = tree(odd)
    found = {f"guong/2020/{slug}/": STORY for slug in awkward.AWKWARD}
    lacking = {address: kind for address, kind in one_of_each(files).items() if kind not in types.values()}
    return (
        found
        | lacking
        | dict.fromkeys(("phong-trao/lao-dong-gioi/",), "phong trào")
        | dict.fromkeys(("don-vi/thanh-tra-so/", "don-vi/don-vi-ten-dai/"), "đơn vị")
    )


@pytest.fixture(scope="module")
def home(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def visits(home: str, types: dict[str, str], odd: Path, odd_types: dict[str, str]) -> Iterator[list[Visit]]:
    with served(odd) as other:
        yield [Visit(kind, at, address) for at, found in ((home, types), (other, odd_types)) for address, kind in found.items()]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


def test_every_type_of_page_is_tried(site: Path, odd: Path, types: dict[str, str], odd_types: dict[str, str]) -> None:
    """The list is whole in both directions: no page without a type, no type without a page."""
    made = {*by_type(tree(site)), *by_type(tree(odd))}
    assert made == {*TYPES, MOVED, WITHDRAWN}
    assert {*types.values(), *odd_types.values()} == made - {MOVED}


# what can be pressed and is no part of a running text; a frame in a portal is of the portal's own size
SMALL = """() => location.pathname.includes('/nhung/') ? [] : [...document.querySelectorAll('a, button, input, select, summary')]
  .filter((one) => !['inline', 'contents'].includes(getComputedStyle(one).display) && one.checkVisibility() && !one.matches('.skip'))
  .filter((one) => one.getBoundingClientRect().height < 43.5)
  .map((one) => `thấp ${one.getBoundingClientRect().height} px: ${one.outerHTML.slice(0, 90)}`)"""


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_type(browser: Browser, visits: list[Visit], width: int, scheme: str) -> None:
    """No violation of accessibility, no console error, no foreign host, nothing wider than the screen or too small for a finger."""
    needs(AXE)
    heard, wrong = Heard(), []
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    heard.listen(page)
    for one in visits:
        answer = page.goto(one.url)
        assert answer is not None
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        faults = axe(page)
        over = page.evaluate("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        faults += [f"rộng quá màn hình {over} px"] if over > 0 else []
        faults += page.evaluate(SMALL)
        wrong += [f"{one.kind} {one.address}: {fault}" for fault in faults]
    context.close()
    assert wrong == []
    assert heard.errors == []
    assert [
        url for at in {one.home for one in visits} for url in heard.foreign(at) if not url.startswith(tuple(one.home for one in visits))
    ] == []


def test_the_narrowest_screen(browser: Browser, visits: list[Visit]) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=True)
    page, wide = context.new_page(), []
    for one in visits:
        page.goto(one.url)
        if page.evaluate("() => document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"):
            wide.append(one.address)
    context.close()
    assert wide == []


@pytest.mark.parametrize("width", [320, 360, 390])
def test_the_main_menu_is_not_cut(browser: Browser, home: str, width: int) -> None:
    """Every entry whole on a phone, without pushing it aside; on one line where there is room for it."""
    page = browser.new_page(viewport={"width": width, "height": FOLD})
    page.goto(home)
    boxes = [link.bounding_box() or {} for link in page.locator("header nav a").all()]
    page.close()
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in boxes)
    assert len({box["y"] for box in boxes}) == (2 if width == 320 else 1)


# what a column holds too few letters a line for, and words that lie upon what stands under them
CRAMPED = """() => {
  const em = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const narrow = [...document.querySelectorAll('.card h3, .first h2, .story h1, .facts dd')].filter((one) => one.clientWidth < 6 * em);
  const struck = [...document.querySelectorAll('.why h3')].filter((one) => {
    const words = document.createRange();
    words.selectNodeContents(one.querySelector('a'));
    return words.getBoundingClientRect().bottom > one.querySelector('small').getBoundingClientRect().top;
  });
  return [...narrow, ...struck].map((one) => one.outerHTML.slice(0, 90));
}"""


def test_letters_twice_as_large(browser: Browser, visits: list[Visit]) -> None:
    """As the browser's own setting makes them, on a phone: nothing is pushed aside, and no column holds a letter a line."""
    wrong = []
    large = browser.browser_type.launch(
        executable_path=shutil.which("chromium"), args=["--disable-dev-shm-usage", "--blink-settings=defaultFontSize=32"]
    )
    for width in (320, 360):
        page = large.new_page(viewport={"width": width, "height": 800})
        for one in visits:
            page.goto(one.url)
            over = page.evaluate("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
            wrong += [f"{width} px, {one.address}: rộng quá {over} px"] if over > 0 else []
            wrong += [f"{width} px, {one.address}: {fault}" for fault in page.evaluate(CRAMPED)]
    large.close()
    assert wrong == []


def test_a_day_stays_on_the_line_of_what_it_is_of(browser: Browser, home: str) -> None:
    """On the narrowest screen: no line begins with the comma between an event and its day."""
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(home + "phong-trao/lao-dong-gioi/")
    for row in page.locator(".plain li").all():
        assert row.locator("a").evaluate("(one) => getComputedStyle(one).display") == "inline"
    page.close()


def test_the_policy_would_be_heard(browser: Browser, home: str) -> None:
    """A page that breaks the policy makes the errors that the test above looks for."""
    heard = Heard()
    page = browser.new_page()
    heard.listen(page)
    page.goto(home)
    page.evaluate(
        "() => document.body.insertAdjacentHTML('beforeend', '<p style=\"color:red\">x</p><img src=\"https://elsewhere.example/x.png\">')"
    )
    page.wait_for_timeout(0)
    page.goto(home + SAMPLE)
    assert any("style" in error for error in heard.errors)
    assert any("elsewhere.example" in error for error in heard.errors)
    page.close()


def test_html_is_valid(site: Path, odd: Path, odd_types: dict[str, str], tmp_path: Path) -> None:
    """The W3C's own checker, on every page of the samples and every type of awkward page."""
    needs("java", VNU)
    for address in odd_types:
        page = tmp_path / (address if address.endswith(".html") else f"{address}index.html")
        page.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(odd / page.relative_to(tmp_path), page)
    assert html_errors(site, tmp_path) == []


# Chromium leaves what it has not yet painted of a late section out of `innerText`: as a reader who has scrolled to the end sees it.
READ = """() => {
    for (const late of document.querySelectorAll('.late')) late.style.contentVisibility = 'visible';
    return document.querySelector('main').innerText.replace(/\\s+/g, ' ');
}"""


def test_every_page_type_is_whole_without_javascript(browser: Browser, visits: list[Visit]) -> None:
    """The same words with and without it; without it no button that does nothing. The search page alone says what it lacks."""
    plain, scripted = browser.new_context(java_script_enabled=False), browser.new_context()
    bare, full = plain.new_page(), scripted.new_page()
    for one in {one.kind: one for one in reversed(visits)}.values():
        bare.goto(one.url)
        html = bare.content()
        assert re.findall(r"<button(?![^>]*\bhidden)", re.sub(r"<form.*?</form>", "", html, flags=re.DOTALL)) == [], one
        assert bare.locator("h1").is_visible(), one
        full.goto(one.url)
        if one.address == SEARCH:
            assert bare.locator("noscript p").is_visible()
        else:
            assert bare.evaluate(READ) == full.evaluate(READ), one
    plain.close()
    scripted.close()


def test_without_javascript(browser: Browser, home: str) -> None:
    """Home → list → story → campaign, criterion, unit by links alone; the search page leads to every way of browsing."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(home)
    page.locator("main a[href*='phong-trao/']").first.click()
    page.goto(home + "guong/")
    page.locator("main a[href*='guong/2']").first.click()
    expect(page).to_have_url(re.compile(r"/guong/\d{4}/[^/]+/$"))
    story = page.url
    for part in ("phong-trao/", "tieu-chi/", "don-vi/"):
        page.goto(story)
        page.locator(f"main a[href*='../{part}']").last.click()
        expect(page).to_have_url(re.compile(f"/{part}"))
        expect(page.locator("h1")).to_have_count(1)
    page.goto(home + "tim-kiem/")
    assert page.locator("noscript p").is_visible()
    links = {href for one in page.locator("main a").all() if (href := one.get_attribute("href"))}
    assert {f"../{part}/" for part in ("phong-trao", "don-vi", "linh-vuc", "loai", "tieu-chi", "nam", "nhan-vat", "guong")} <= links
    context.close()


WORDS = """() => ['.summary', '.why blockquote', '#bai-viet > p'].map((one) => parseFloat(getComputedStyle(document.querySelector(one)).fontSize))"""


@pytest.mark.parametrize("width", [360, 1280])
def test_larger_letters_are_larger_everywhere_and_told(browser: Browser, home: str, width: int) -> None:
    """Summary, reasons and text, on a phone, on a desk and on paper; kept from page to page, and said in words."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(home + SAMPLE)

    def sizes() -> list[float]:
        found: list[float] = []
        for media in ("print", "screen"):
            page.emulate_media(media=media)
            found += page.evaluate(WORDS)
        return found

    usual = sizes()
    for told, factor in (("lớn", 1.15), ("rất lớn", 1.3), ("thường", 1), ("lớn", 1.15)):
        page.get_by_label("Cỡ chữ").click()
        expect(page.get_by_role("status")).to_have_text(f"Cỡ chữ: {told}.")
        assert sizes() == pytest.approx([size * factor for size in usual], rel=0.01)
    page.goto(home + "guong/2020/ho-so-tra-trong-ngay/")
    assert sizes() == pytest.approx([size * 1.15 for size in usual], rel=0.01)
    context.close()


def _sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4", prefer_css_page_size=True)))


def test_a_story_of_usual_length_prints_on_one_sheet(browser: Browser, home: str, site: Path) -> None:
    """On both its sides, in letters that can be read."""
    page = browser.new_page()
    sheets = {}
    for address in by_type(tree(site))[STORY]:
        page.goto(home + address)
        sheets[address] = _sheets(page)
    page.close()
    assert max(sheets.values()) <= 2, sheets


ON_PAPER = """() => {
  const at = document.querySelector('link[rel=canonical]');
  const read = document.querySelectorAll('.summary, .prose > :is(p, ul), .why blockquote, .facts dd, .record > p:not([class])');
  return [at ? getComputedStyle(at).display + getComputedStyle(at, '::before').content : '',
    Math.min(...[...read].map((one) => parseFloat(getComputedStyle(one).fontSize)))];
}"""


def test_every_page_type_prints(browser: Browser, visits: list[Visit]) -> None:
    """Whose it is and where it stands, what is read, and nothing that can only be pressed; nothing cut off at the edge of an A4 sheet."""
    page = browser.new_page(viewport={"width": 703, "height": 1000})  # A4 between its margins, in CSS pixels
    page.emulate_media(media="print")
    for one in visits:
        page.goto(one.url)
        assert page.locator("h1").is_visible(), one
        if not one.address.startswith("nhung/"):
            assert page.locator(".brand").is_visible(), one
            at, size = page.evaluate(ON_PAPER)
            assert at in {"", f'block"https://portal.example/guong-sang/{one.address}"'}, one
            assert size >= 10 * 96 / 72 - 0.1, one
        for part in (".top nav", ".find", ".bottom", ".skip", ".crumbs", ".tools", ".search", "a.button", ".feed", ".bar a"):
            assert not any(found.is_visible() for found in page.locator(part).all()), (one, part)
        assert page.evaluate("() => document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"), one
    page.close()


def test_a_story_page_is_light(browser: Browser, home: str, site: Path) -> None:
    """Before photos at most 70 KB in at most 8 requests, and no script that it cannot do without."""
    page = browser.new_page()
    sizes: list[tuple[str, int]] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    kinds: dict[str, str] = {}
    session.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    session.on("Network.loadingFinished", lambda event: sizes.append((kinds[event["requestId"]], event["encodedDataLength"])))
    page.goto(home + SAMPLE, wait_until="networkidle")
    page.close()
    assert len(sizes) <= 8 + sum(kind == "Image" for kind, _ in sizes)
    assert sum(size for kind, size in sizes if kind != "Image") <= 70_000
    assert sum(size for kind, size in sizes if kind == "Script") <= 5_000


def test_search_is_loaded_on_no_other_page(site: Path) -> None:
    pages = {path: data for path, data in tree(site).items() if path.endswith(".html")}
    assert {path for path, data in pages.items() if b"search.js" in data or b"pagefind/" in data} == {"tim-kiem/index.html"}


FOLD = 740
UNIT, REASON, CAMPAIGN = "main .kicker a", "main .why h3 a", "main .crumbs a[href*='phong-trao/']:not([href$='phong-trao/'])"


def test_one_screen_of_a_phone_tells_who_where_and_why(browser: Browser, home: str, site: Path) -> None:
    """Without scrolling: name, unit, campaign, the first reason, its evidence begun."""
    page = browser.new_page(viewport={"width": 360, "height": FOLD})
    for address in by_type(tree(site))[STORY]:
        page.goto(home + address)
        evidence = page.locator(".why li:first-child > :nth-child(2)")
        for part in ("h1", "main .who", UNIT, CAMPAIGN, "#vi-sao", REASON):
            box = page.locator(part).first.bounding_box()
            assert box is not None, address
            assert box["y"] + box["height"] <= FOLD, (address, part)
        assert (evidence.bounding_box() or {"y": FOLD})["y"] < FOLD, address
    page.close()


def test_campaign_unit_and_criterion_are_one_tap_away(browser: Browser, home: str) -> None:
    """From the first screen of a story on a phone."""
    page = browser.new_page(viewport={"width": 360, "height": FOLD})
    for at, kicker in ((CAMPAIGN, "Phong trào"), (UNIT, "Đơn vị"), (REASON, "Tiêu chí")):
        page.goto(home + SAMPLE)
        page.locator(at).first.click()
        expect(page.locator("main .kicker").first).to_have_text(kicker)
        expect(page.locator("h1")).to_have_count(1)
    page.close()


def test_a_link_to_a_passage_shows_the_passage(browser: Browser, home: str) -> None:
    """Although the text below the first screen is laid out only when it comes near."""
    for width in (360, 1280):
        page = browser.new_page(viewport={"width": width, "height": FOLD}, reduced_motion="reduce")
        page.goto(home + SAMPLE)
        for link in page.locator(".why blockquote a").all():
            at = link.get_attribute("href")
            link.click()
            expect(page.locator(f"mark{at}")).to_be_in_viewport()
            assert page.locator(f"mark{at}").evaluate("(one) => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"
        page.close()


LINES = """() => [...document.querySelectorAll('main p, main li')].filter((one) => one.children.length === 0 && one.checkVisibility()).map((one) => {
  const range = document.createRange();
  range.selectNodeContents(one);
  const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size;
  return [one.textContent.length / lines, lines, one.textContent.slice(0, 60)];
}).filter(([, lines]) => lines > 3)"""


def test_lines_are_short_enough_to_read(browser: Browser, visits: list[Visit]) -> None:
    """68 letters a line at most, on the mean of a paragraph of more than three lines."""
    page, long, seen = browser.new_page(viewport={"width": 1280, "height": 900}), [], 0
    for one in visits:
        page.goto(one.url)
        told = page.evaluate(LINES)
        seen += len(told)
        long += [(one.address, round(mean), text) for mean, _, text in told if mean > 68]
    page.close()
    assert long == []
    assert seen > 50
