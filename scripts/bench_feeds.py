#!/usr/bin/env python3
"""Đo phần của nguồn tin trong một lần dựng mới: kho 10.000 bài, 30 phong trào, 30 đơn vị; ghi vào mục của mình trong BENCHMARKS.md."""

import hashlib
import os
import re
import statistics
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benching import ours, sections
from benching.costs import ASIDE, Cost, clear, files, put_aside, rest
from command import ROOT, Parser

STORIES, LISTS = 10_000, 30
CPU, MEMORY, MAIN, LARGEST = 4, 200, 500, 5_000  # the most: s and MB over the build without feeds, kB
DOCUMENT = re.compile(r"(?:feed|atom)[^/]*\.xml|(?:feed|stories)[^/]*\.json|feeds\.opml")


HOW = """\
Written by `scripts/bench_feeds.py --runs {runs} --seed {seed}`, part of `make bench`: {stories:,} stories, {lists} campaigns, {lists} units, built without
feeds and with them, in turn; medians of {runs}, of what feeds cost the median of the differences. {machine}

{table}

The *bare bytes*, taken once, are as many files of the same sizes, hashed and written by a loop that does nothing else: every story stands whole in three formats,
for the site and under each of its topics.
"""


def cold(folder: Path, *options: str) -> Cost:
    """A build with neither `.cache/` nor `site/`."""
    put_aside(*(folder / name for name in ours.OUTPUT))
    return ours.run("build.py", "--root", str(folder), "--no-search", *options)


def measure(folder: Path, rounds: int) -> tuple[list[Cost], list[Cost]]:
    """Builds without and with feeds, in turn, so that what else the machine does meets both."""
    without, given = [], []
    for n in range(1, rounds + 1):
        print(f"round {n} of {rounds} …", file=sys.stderr)
        without.append(cold(folder, "--no-feeds"))
        given.append(cold(folder))
    return without, given


def bare(sizes: Iterable[int]) -> float:
    """CPU seconds for files of those sizes that are hashed and written and nothing else."""
    every = sorted(sizes)
    data, folder, start = memoryview(os.urandom(every[-1])), tempfile.mkdtemp(dir=ASIDE), os.times()
    for n, size in enumerate(every):
        hashlib.sha256(data[:size]).hexdigest()
        with open(f"{folder}/{n}", "wb", buffering=0) as file:  # noqa: PTH123 - thousands of files
            file.write(data[:size])
    end = os.times()
    return end.user - start.user + end.system - start.system


def table(without: list[Cost], given: list[Cost], sizes: dict[str, int], floor: float) -> str:
    """Each figure with what is wanted; a row that misses it is marked. `floor`: CPU seconds of the bare bytes."""
    cpu = statistics.median(one.cpu - other.cpu for one, other in zip(given, without, strict=True))
    peak = statistics.median(one.peak - other.peak for one, other in zip(given, without, strict=True))
    rows = [
        ("build without feeds, CPU", statistics.median(one.cpu for one in without), "s", None),
        ("feeds, CPU over that", cpu, "s", CPU),
        ("bare bytes of feeds, CPU", floor, "s", None),
        ("feeds, peak over that", peak, "MB", MEMORY),
        ("feed.xml", sizes["feed.xml"] / 1e3, "kB", MAIN),
        ("largest document", max(sizes.values()) / 1e3, "kB", LARGEST),
        ("documents", len(sizes), "", None),
        ("all documents", sum(sizes.values()) / 1e6, "MB", None),
    ]
    lines = ["|  |  | wanted |  |", "| --- | ---: | --- | --- |"]
    for name, value, unit, most in rows:
        wanted, met = (f"≤ {most:g} {unit}", "met" if value <= most else "**missed**") if most is not None else ("", "")
        lines.append(f"| {name} | {value:,.{2 if unit == 's' else 0}f} {unit} | {wanted} | {met} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    """0 measured, whatever the figures; 1 a command failed; 2 misuse."""
    parser = Parser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, metavar="N", help="đo N vòng, lấy trung vị (mặc định: 5)")
    parser.add_argument("--stories", type=int, default=STORIES, metavar="N", help=f"số bài (mặc định: {STORIES})")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống của kho bài giả (mặc định: 1)")
    parser.add_argument(
        "--out", type=Path, metavar="TỆP", help=f"ghi vào đây (mặc định: BENCHMARKS.md nếu đo {STORIES} bài, không thì chỉ in ra)"
    )
    asked = parser.parse_args(arguments)
    asked.out = asked.out or (ROOT / "BENCHMARKS.md" if asked.stories == STORIES else None)
    if asked.runs < 1 or asked.stories < 1:
        parser.error("--runs và --stories phải từ 1")
    rest()
    lists = ("--campaigns", str(LISTS), "--units", str(LISTS))
    folder = ours.corpus(asked.stories, asked.seed, f"feeds-{asked.stories}", *lists)
    without, given = measure(folder, asked.runs)
    site = folder / "site"
    sizes = {Path(entry.path).relative_to(site).as_posix(): entry.stat().st_size for entry in files(site) if DOCUMENT.fullmatch(entry.name)}
    text = HOW.format(
        runs=asked.runs,
        seed=asked.seed,
        stories=asked.stories,
        lists=LISTS,
        machine=sections.machine(),
        table=table(without, given, sizes, bare(sizes.values())),
    )
    print(text)
    if asked.out:
        sections.write(asked.out, sections.FEEDS, text)
    put_aside(*(folder / name for name in ours.OUTPUT))
    clear()
    return 0


if __name__ == "__main__":
    sys.exit(main())
