"""The settings for the web server say the same as the headers that the tests and `scripts/serve.py` send."""

from __future__ import annotations

import re

import pytest

from exemplars.server_settings import settings_for
from exemplars.serving import headers, policy

BASE = "/guong-sang/"
PATHS = (
    "", "guong/2020/x/", "assets/exemplars.css", "tim-kiem/", "pagefind/pagefind.js", "pagefind/pagefind-worker.js",
    "pagefind/fragment/vi_1.pf_fragment", "pagefind/index/vi_1.pf_index", "pagefind/filter/vi_1.pf_filter", "pagefind/pagefind.vi_1.pf_meta",
    "pagefind/pagefind-entry.json", "guong/2020/tim-kiem/", "guong/2020/x/anh.webp", "guong/2020/x/anh-og.jpg",
    "guong/2020/x/so-do.pdf", "guong/2020/x/so-do.PDF",
)  # fmt: skip


def test_nothing_inline_and_nothing_foreign() -> None:
    for one in (policy(), policy(wasm=True)):
        assert "unsafe-inline" not in one
        assert "http" not in one
        assert "*" not in one
    assert "unsafe" not in policy()
    assert "script-src 'self';" in policy()


@pytest.mark.parametrize("path", PATHS)
def test_only_search_may_compile(path: str) -> None:
    assert ("'wasm-unsafe-eval'" in headers(path)["Content-Security-Policy"]) == path.startswith(("tim-kiem/", "pagefind/"))


def _nginx(text: str, address: str) -> dict[str, str]:
    """What nginx would send: the first regular expression that fits."""
    for pattern, block in re.findall(r'^    location ~ "(.+?)" \{\n(.*?)^    \}', text, re.MULTILINE | re.DOTALL):
        if re.search(pattern, address):
            return dict(re.findall(r'add_header (\S+) "(.*)" always;', block))
    return {}


def _apache(text: str, address: str) -> dict[str, str]:
    """What Apache would send: every section that fits, later ones over earlier ones."""
    given: dict[str, str] = {}
    for pattern, block in re.findall(r'<LocationMatch "(.+?)">\n(.*?)</LocationMatch>', text, re.DOTALL):
        if re.search(pattern, address):
            given |= dict(re.findall(r'Header always set (\S+) "(.*)"', block))
    return given


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(("name", "sent"), [("nginx.conf", _nginx), ("apache.conf", _apache)])
def test_settings_say_what_is_tested(name, sent, path: str) -> None:
    assert sent(settings_for(BASE)[name], BASE + path) == headers(path)


def test_addresses_outside_the_site_are_not_touched() -> None:
    said = settings_for("/cong.tin/")
    assert _nginx(said["nginx.conf"], "/cong-tin/") == _apache(said["apache.conf"], "/congxtin/") == {}
    assert _nginx(said["nginx.conf"], "/cong.tin/") == headers("")
