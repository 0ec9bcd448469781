#!/usr/bin/env python3
"""Đo trang trong trình duyệt thật: Lighthouse, trọng lượng trang, tìm kiếm; ghi vào mục của mình trong BENCHMARKS.md."""

import contextlib
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from command import ROOT, Parser

sys.path.append(str(ROOT / "tests"))

from playwright.sync_api import Page, sync_playwright

import serve
from bench_rows import Row, at_most, table
from bench_samples import sample_rows
from benching import ours, sections
from benching.costs import clear, put_aside
from browser import AXE, VNU, served

SIZE, FEW, MANY = 1_000, 30, 10_000
LIGHTHOUSE = ROOT / "node_modules/.bin/lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
QUERIES = (
    "nguyen", "do duc", "so truc", "ho so", "can bo", "đường", "trung tâm", "phòng", "lao dong gioi", "nguoi co cong", "đào tạo nghề",
    "việc làm", "giam ngheo", "tre em", "bảo trợ xã hội", "sang kien", "kinh nghiem", "đất đỏ", "văn phòng sở", "thanh tra",
)  # fmt: skip
STORIES = "guong/[0-9]*/*/index.html"


# --- sites ----------------------------------------------------------------------------------------------------------------


def built(size: int, seed: int, *, search: bool) -> Path:
    """The site of a corpus, built afresh."""
    print(f"{size:,} stories …", file=sys.stderr)
    folder = ours.corpus(size, seed)
    put_aside(*(folder / name for name in ours.OUTPUT))
    ours.run("build.py", "--root", str(folder), *([] if search else ["--no-search"]))
    return folder / "site"


def kinds(site: Path) -> Mapping[str, str]:
    """The page of each kind that is measured: the one that shows most."""

    def largest(pattern: str) -> str:
        found = max(sorted(site.glob(pattern)), key=lambda path: path.stat().st_size)
        return found.parent.relative_to(site).as_posix() + "/"

    return {
        "home": "", "story": largest(STORIES), "campaign": largest("phong-trao/*/index.html"), "unit": largest("don-vi/*/index.html"),
        "criterion": largest("tieu-chi/*/*/index.html"), "year": largest("nam/*/index.html"), "search": "tim-kiem/",
    }  # fmt: skip


# --- Lighthouse -----------------------------------------------------------------------------------------------------------


def lighthouse(url: str) -> dict[str, float]:
    """One run with the mobile preset. A run without a metric ends the bench: it is no score of 0."""
    command = [
        str(LIGHTHOUSE),
        url,
        "--quiet",
        "--output=json",
        "--chrome-flags=--headless=new --no-sandbox",
        f"--only-categories={','.join(CATEGORIES)}",
    ]
    done = subprocess.run(  # noqa: S603
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "CHROME_PATH": shutil.which("chromium") or ""},
    )
    try:
        told = json.loads(done.stdout)
        found = {name: told["categories"][name]["score"] * 100 for name in CATEGORIES}
        audits = {"LCP": "largest-contentful-paint", "TBT": "total-blocking-time", "CLS": "cumulative-layout-shift"}
        return found | {name: told["audits"][audit]["numericValue"] for name, audit in audits.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"Lighthouse không đo được {url}: {error!r}\n{done.stderr[-2000:]}") from None


def lighthouse_rows(home: str, pages: Mapping[str, str], runs: int) -> Iterator[Row]:
    for kind, address in pages.items():
        print(f"Lighthouse: {kind} …", file=sys.stderr)
        found = [lighthouse(home + address) for _ in range(runs)]
        median = {name: statistics.median(one[name] for one in found) for name in found[0]}
        scores = [median[name] for name in CATEGORIES]
        search = kind == "search"
        met = scores[0] >= 98 if search else min(scores) >= 100  # noqa: PLR2004
        yield Row(
            f"Lighthouse, {kind}",
            " / ".join(f"{score:.0f}" for score in scores),
            "performance ≥ 98" if search else "100 / 100 / 100 / 100",
            met,
        )
        yield at_most(f"{kind}, LCP", median["LCP"] / 1000, 1.6, "s", 2)
        yield at_most(f"{kind}, TBT", median["TBT"], 10, "ms")
        yield at_most(f"{kind}, CLS", median["CLS"], 0, "", 3)


# --- bytes ----------------------------------------------------------------------------------------------------------------


class Transfers:
    """What a page loads over the wire, by kind, headers included."""

    def __init__(self, page: Page) -> None:
        self.sizes: list[tuple[str, str, int]] = []
        asked: dict[str, tuple[str, str]] = {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", lambda event: asked.update({event["requestId"]: (event["type"], event["response"]["url"])}))
        session.on("Network.loadingFinished", lambda event: self.sizes.append((*asked[event["requestId"]], event["encodedDataLength"])))

    def bytes(self, of: Callable[[str, str], bool]) -> int:
        return int(sum(size for kind, url, size in self.sizes if of(kind, url)))


def story_rows(home: str, address: str, page: Page) -> Iterator[Row]:
    loaded = Transfers(page)
    page.goto(home + address, wait_until="networkidle")
    photos = sum(kind == "Image" for kind, _, _ in loaded.sizes)
    yield at_most("story page before photos", loaded.bytes(lambda kind, _: kind != "Image") / 1000, 70, "kB", 1)
    yield at_most("story page, requests before photos", len(loaded.sizes) - photos, 8, "")
    yield Row("story page, script (optional)", f"{loaded.bytes(lambda kind, _: kind == 'Script') / 1000:.1f} kB")
    yield at_most("search bytes on a story page", loaded.bytes(lambda _, url: "pagefind" in url or "search." in url) / 1000, 0, "kB")


def search_rows(home: str, page: Page) -> Iterator[Row]:
    """Bytes of Pagefind as the server sent them. The index is loaded in a worker, so they are counted at the server."""
    with _counted() as sent:
        page.goto(f"{home}tim-kiem/", wait_until="networkidle")
        opened = sum(sent)
        page.locator("#q").fill("zz")  # stands in no story: nothing but the engine and what it must know
        page.locator("#so-ket-qua").get_by_text("“zz”").wait_for()
        page.wait_for_load_state("networkidle")
        first, costs = sum(sent) - opened, []
        for query in QUERIES:
            sent.clear()
            page.locator("#q").fill(query)
            page.locator("#so-ket-qua").get_by_text(f"“{query}”").wait_for()
            page.wait_for_load_state("networkidle")
            costs.append(sum(sent) / 1000)
            print(f"  {query}: {costs[-1]:.1f} kB", file=sys.stderr)
        sent.clear()
        page.locator("summary").click()
        page.locator("#loc-nam option").nth(1).wait_for(state="attached")
        page.wait_for_load_state("networkidle")
        filters = sum(sent) / 1000
    yield at_most("search page, before a word is typed", opened / 1000, 0, "kB")
    yield at_most("search, first use", first / 1000, 105, "kB", 1)
    yield Row("search, opening the filters", f"{filters:.1f} kB")
    yield Row("search, a query with 10 results, median", f"{statistics.median(costs):.1f} kB")
    yield at_most("search, a query with 10 results, most", max(costs), 100, "kB", 1)


@contextlib.contextmanager
def _counted() -> Iterator[list[int]]:
    """Lengths of the bodies that the server sends for the search: index, results, engine."""
    sent: list[int] = []
    write = serve.Handler.send_header

    def noted(self: serve.Handler, name: str, value: str) -> None:
        if name == "Content-Length" and "/pagefind/" in self.path:
            sent.append(int(value))
        write(self, name, value)

    serve.Handler.send_header = noted  # type: ignore[assignment, method-assign]
    try:
        yield sent
    finally:
        serve.Handler.send_header = write  # type: ignore[method-assign]


def disk_rows(site: Path) -> Iterator[Row]:
    """Bytes of all files but pictures, and which kinds of files they are."""
    kinds = Counter[str]()
    for path in site.rglob("*"):
        if path.is_file() and path.suffix not in {".webp", ".jpg"}:
            kind = "search index" if "pagefind" in path.parts else "feeds" if path.suffix in {".xml", ".json", ".opml", ".ics"} else "pages"
            kinds[kind] += path.stat().st_size
    yield at_most(f"site of {SIZE:,} stories on disk, without photos", kinds.total() / 1e6, 30, "MB", 1)
    yield from (Row(f"of it {kind}", f"{kinds[kind] / 1e6:.1f} MB") for kind in ("pages", "search index", "feeds"))


def growth_row(few: Path, many: Path) -> Row:
    """The same stories on both sites; their pages may differ by what is related to them."""
    names = [path.relative_to(few) for path in sorted(few.glob(STORIES)) if (many / path.relative_to(few)).is_file()]
    if not names:
        raise SystemExit("Hai kho bài không có bài nào chung.")
    sums = [sum((site / name).stat().st_size for name in names) for site in (few, many)]
    return at_most(f"growth of a story page, {FEW} → {MANY:,} stories", (sums[1] / sums[0] - 1) * 100, 1, "%", 2)


# --- what is said ---------------------------------------------------------------------------------------------------------

HOW = """
Written by `scripts/bench_pages.py --runs {runs} --seed {seed}`, part of `make bench`, on the same machine.

{table}

**How.** Chromium {chromium}, headless, with the site of {size:,} stories served by `scripts/serve.py`: HTTP/1.1, gzip, the headers of
the server settings. Lighthouse {lighthouse}, mobile preset with its simulated throttling, medians of {runs}; of each kind the page with the most
in it; order performance, accessibility, best practices, SEO. The search page asks not to be indexed, which costs it SEO points. A run
without a metric ends the bench. axe, the W3C's checker (vnu) and recall: the site of the repository's own stories, one page of each type of
`tests/page_types.py`, the fullest and the barest; queries of `tests/queries.py`.
Bytes are as transferred. *First use* is Pagefind's scripts, engine and metadata; *a query* is the index pieces and ten
results of one of {queries} queries, each looked for after all before it; the words of the stories are few and recombined, so nearly every
word stands in most stories, which is the worst case. *On disk* are apparent bytes, 1 MB = 10⁶, of all files but JPEG and WebP (photos and the
pictures to share); *pages* are HTML, style, scripts and the font; *feeds* carry every story whole in three formats, once for the site and once
for each unit, field, kind and campaign it belongs to. *Growth* compares the pages of the same stories on both sites.
"""


def main(arguments: list[str] | None = None) -> int:
    """0 measured, whatever the figures; 1 a command or a run without metrics; 2 misuse."""
    parser = Parser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="không so với 10.000 bài; in ra, không ghi tệp nào")
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="số lần chạy Lighthouse, lấy trung vị (mặc định: 5)")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống của kho bài giả (mặc định: 1)")
    parser.add_argument("--out", type=Path, default=ROOT / "BENCHMARKS.md", metavar="TỆP", help="ghi vào mục của mình trong tệp này")
    asked = parser.parse_args(arguments)
    if asked.runs < 1:
        parser.error("--runs phải từ 1")
    if not LIGHTHOUSE.exists() or shutil.which("chromium") is None:
        parser.error("thiếu Lighthouse hoặc Chromium: chạy scripts/tools.py --bench")
    if not AXE.exists() or not VNU.exists() or shutil.which("java") is None:
        parser.error("thiếu axe, vnu hoặc Java: chạy scripts/tools.py --bench")
    site, rows = built(SIZE, asked.seed, search=True), list[Row]()
    pages = kinds(site)
    with served(site) as home:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"))
            about: dict[str, Any] = {"chromium": browser.version}
            rows += story_rows(home, pages["story"], browser.new_page())
            rows += search_rows(home, browser.new_page())
            rows += sample_rows(browser)
            browser.close()
        rows = [*lighthouse_rows(home, pages, asked.runs), *rows]
    rows += disk_rows(site)
    if not asked.quick:
        rows.append(growth_row(built(FEW, asked.seed, search=False), built(MANY, asked.seed, search=False)))
    shown = table(rows)
    print(shown)
    if not asked.quick:
        about["lighthouse"] = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]["lighthouse"]
        text = HOW.format(table=shown, runs=asked.runs, seed=asked.seed, size=SIZE, queries=len(QUERIES), **about)
        sections.write(asked.out, sections.BROWSER, text)
    clear()
    return 0


if __name__ == "__main__":
    sys.exit(main())
