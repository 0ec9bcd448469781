"""What can be tried on the site of the repository's own stories: accessibility, HTML, search. Used by `bench_pages.py`."""

import datetime as dt
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from bench_rows import Row, at_least, at_most
from browser import LOOKS, axe, html_errors, served
from exemplars.listing import Shelf
from exemplars.model import Settings
from exemplars.pages import Context
from exemplars.reading import read_site
from page_types import one_of_each
from queries import named, searched, unmarked
from sites import REPOSITORY, build, copy_repository, tree

RECALLED = 200


def sample_rows(browser: Browser) -> Iterator[Row]:
    """axe, HTML, search: on the site of the repository's own stories."""
    with tempfile.TemporaryDirectory() as scratch:
        root = copy_repository(Path(scratch) / "root")
        done = build(root)
        if done.returncode:
            raise SystemExit(done.stderr)
        site = root / "site"
        with served(site) as home:
            yield from axe_rows(browser, home, list(one_of_each(tree(site))))
            print("HTML …", file=sys.stderr)
            yield at_most(f"HTML errors, {len(list(site.rglob('*.html')))} pages", len(html_errors(site)), 0, "")
            yield from recall_rows(browser.new_page(), home)


def axe_rows(browser: Browser, home: str, addresses: list[str]) -> Iterator[Row]:
    found: list[str] = []
    for width, scheme in LOOKS:
        print(f"axe: {width} px, {scheme} …", file=sys.stderr)
        page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
        for address in addresses:
            page.goto(home + address)
            found += [f"{address}: {one}" for one in axe(page)]
        page.close()
    print("\n".join(found), file=sys.stderr)
    yield at_most(f"axe violations, {len(addresses)} pages, 360 and 1280 px, light and dark", len(found), 0, "")


def recall_rows(page: Page, home: str) -> Iterator[Row]:
    print("search …", file=sys.stderr)
    context = Context(Shelf(read_site(REPOSITORY, dt.date.max)[0]), Settings(), {}, search=True)
    page.goto(f"{home}tim-kiem/")
    queries, names = unmarked(context, RECALLED), named(context)
    found = searched(page, home, queries, {})
    wanted = sum(map(len, queries.values()))
    got = sum(len(stories & set(found[query])) for query, stories in queries.items())
    yield at_least(f"recall of {len(queries)} queries without marks, {wanted} stories to be found", 100 * got / wanted, 100, "%", 1)
    first = searched(page, home, names, {})
    right = sum(first[name][:1] == [address] for name, address in names.items())
    yield at_least(f"a name with marks finds its story first, {len(names)} names", right / len(names), 0.95, "", 2)
