"""The built site in a real Chromium, under the policy its server sends: nothing broken, nothing foreign, nothing inaccessible."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser import AXE, VNU, Heard, chromium, needs, page_types, served
from sites import build, copy_repository, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

STORY = "guong/2020/sap-lai-so-truc-dem/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_repository(tmp_path_factory.mktemp("browser") / "root")
    done = build(root)
    assert done.returncode == 0, done.stderr
    return root / "site"


@pytest.fixture(scope="module")
def types(site: Path) -> dict[str, str]:
    return page_types(tree(site))


@pytest.fixture(scope="module")
def home(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as one:
        yield one


LOOKS = [(width, scheme) for width in (360, 1280) for scheme in ("light", "dark")]


def _axe(page: Page) -> list[str]:
    """Violations as «rule: first element»; axe runs through the debugger, which the policy does not concern."""
    page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_type(browser: Browser, home: str, types: dict[str, str], width: int, scheme: str) -> None:
    """No violation of accessibility, no console error, no foreign host, nothing wider than the screen."""
    needs(AXE)
    assert len(types) > 15, types
    heard, wrong = Heard(), []
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    page = context.new_page()
    heard.listen(page)
    for kind, address in types.items():
        answer = page.goto(home + address)
        assert answer is not None
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        wrong += [f"{kind} {address}: {one}" for one in _axe(page)]
        over = page.evaluate("() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth")
        wrong += [f"{kind} {address}: rộng quá màn hình {over} px"] if over > 0 else []
    context.close()
    assert wrong == []
    assert heard.errors == []
    assert heard.foreign(home) == []


def test_the_narrowest_screen(browser: Browser, home: str, types: dict[str, str]) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=True)
    page, wide = context.new_page(), []
    for address in types.values():
        page.goto(home + address)
        if page.evaluate("() => document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"):
            wide.append(address)
    context.close()
    assert wide == []


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
    page.goto(home + STORY)
    assert any("style" in error for error in heard.errors)
    assert any("elsewhere.example" in error for error in heard.errors)
    page.close()


def test_html_is_valid(site: Path) -> None:
    """The W3C's own checker, on every page."""
    needs("java", VNU)
    command = ["java", "-jar", str(VNU), "--errors-only", "--skip-non-html", "--format", "json", "--exit-zero-always", str(site)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    told = json.loads(done.stderr)["messages"]
    assert sorted({f"{Path(one['url']).relative_to(site)}: {one['message']}" for one in told})[:20] == []


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


def test_a_story_prints_on_few_sheets(browser: Browser, home: str, types: dict[str, str]) -> None:
    page = browser.new_page()
    for address in {STORY, *(address for kind, address in types.items() if kind.startswith("guong/·/·"))}:
        page.goto(home + address)
        page.emulate_media(media="print")
        sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
        assert 1 <= sheets <= 3, (address, sheets)
        assert not page.locator("body > header nav").is_visible()
        page.emulate_media(media="screen")
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
    page.goto(home + STORY, wait_until="networkidle")
    page.close()
    assert len(sizes) <= 8 + sum(kind == "Image" for kind, _ in sizes)
    assert sum(size for kind, size in sizes if kind != "Image") <= 70_000
    assert sum(size for kind, size in sizes if kind == "Script") <= 5_000


def test_search_is_loaded_on_no_other_page(site: Path) -> None:
    pages = {path: data for path, data in tree(site).items() if path.endswith(".html")}
    assert {path for path, data in pages.items() if b"search.js" in data or b"pagefind/" in data} == {"tim-kiem/index.html"}
