"""A real Chromium on the built site, served with the headers of the server settings."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

import pytest

import serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Request

REPOSITORY = Path(__file__).resolve().parent.parent
NODE = REPOSITORY / "node_modules"
AXE = NODE / "axe-core/axe.min.js"
VNU = NODE / "vnu-jar/build/dist/vnu.jar"


def needs(*tools: str | Path) -> None:
    """Skips the test where a tool is missing, with what to do; in CI that is a failure."""
    lacking = [str(tool) for tool in tools if not (tool.is_file() if isinstance(tool, Path) else shutil.which(tool))]
    if lacking:
        says = f"thiếu {', '.join(lacking)}: chạy scripts/tools.py"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(says)


@contextlib.contextmanager
def served(site: Path) -> Iterator[str]:
    """The address of the site's home page, with a sub-path as on the portal."""
    serving, address = serve.server(site)
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield address
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    needs("chromium")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


LOOKS: list[tuple[int, Literal["light", "dark"]]] = [(360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")]


def axe(page: Page) -> list[str]:
    """Violations as «rule: first element»; axe runs through the debugger, which the policy does not concern."""
    page.evaluate(AXE.read_text(encoding="utf-8") + "\n;0")
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})")["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def html_errors(*folders: Path) -> list[str]:
    """What the W3C's own checker finds wrong in the pages of these folders."""
    command = ["java", "-jar", str(VNU), "--errors-only", "--skip-non-html", "--format", "json", "--exit-zero-always", *map(str, folders)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    return sorted({f"{one['url']}: {one['message']}" for one in json.loads(done.stderr)["messages"]})


@dataclass
class Heard:
    """What a page said and asked for: the errors of its console, requests that failed, every address it loaded."""

    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", lambda said: self.errors.append(f"{page.url}: {said.text}") if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("requestfailed", lambda request: self._failed(page, request))
        page.on("request", lambda request: self.asked.append(request.url))

    def _failed(self, page: Page, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # what was under way when the test left the page
            self.errors.append(f"{page.url}: {request.url} {request.failure}")

    def foreign(self, home: str) -> list[str]:
        """Addresses of other hosts; `data:` and `blob:` leave none."""
        return [url for url in self.asked if urlsplit(url).scheme in {"http", "https"} and urlsplit(url).netloc != urlsplit(home).netloc]
