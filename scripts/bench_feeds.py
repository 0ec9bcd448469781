#!/usr/bin/env python3
"""Đo phần của nguồn tin trong một lần dựng mới: kho 10.000 bài, 30 phong trào, 30 đơn vị; in ra bảng, không ghi tệp nào."""

import argparse
import shutil
import statistics
import sys
from pathlib import Path

from bench import ROOT, Cost, machine, run

STORIES, LISTS = 10_000, 30
CPU, MEMORY, MAIN, LARGEST = 4, 200, 500, 5_000  # the most: s and MB over the build without feeds, kB
DOCUMENTS = ("feed*.xml", "atom*.xml", "feed*.json", "stories*.json", "feeds.opml")


def cold(folder: Path, *options: str) -> Cost:
    """A build with neither `.cache/` nor `site/`."""
    for name in ("site", ".cache"):
        shutil.rmtree(folder / name, ignore_errors=True)
    return run("build.py", "--root", str(folder), "--no-search", *options)


def measure(folder: Path, rounds: int) -> tuple[list[Cost], list[Cost]]:
    """Builds without and with feeds, in turn, so that what else the machine does meets both."""
    without, given = [], []
    for n in range(1, rounds + 1):
        print(f"round {n} of {rounds} …", file=sys.stderr)
        without.append(cold(folder, "--no-feeds"))
        given.append(cold(folder))
    return without, given


def table(without: list[Cost], given: list[Cost], sizes: dict[str, int]) -> str:
    """Each figure with what is wanted; a row that misses it is marked."""
    cpu = statistics.median(one.cpu - other.cpu for one, other in zip(given, without, strict=True))
    peak = statistics.median(one.peak - other.peak for one, other in zip(given, without, strict=True))
    rows = [
        ("build without feeds, CPU", statistics.median(one.cpu for one in without), "s", None),
        ("feeds, CPU over that", cpu, "s", CPU),
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="đo N vòng, lấy trung vị (mặc định: 3)")
    parser.add_argument("--stories", type=int, default=STORIES, metavar="N", help=f"số bài (mặc định: {STORIES})")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống của kho bài giả (mặc định: 1)")
    asked = parser.parse_args(arguments)
    if asked.runs < 1 or asked.stories < 1:
        parser.error("--runs và --stories phải từ 1")
    folder = ROOT / ".cache" / "bench" / f"feeds-{asked.stories}"
    lists = ("--campaigns", str(LISTS), "--units", str(LISTS))
    run("corpus.py", str(folder), str(asked.stories), "--seed", str(asked.seed), *lists)
    without, given = measure(folder, asked.runs)
    site = folder / "site"
    sizes = {path.relative_to(site).as_posix(): path.stat().st_size for name in DOCUMENTS for path in site.rglob(name)}
    print(f"{asked.stories:,} stories, {LISTS} campaigns, {LISTS} units; {asked.runs} rounds, median. {machine()}\n")
    print(table(without, given, sizes))
    for name in ("site", ".cache"):
        shutil.rmtree(folder / name, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
