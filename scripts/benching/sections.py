"""BENCHMARKS.md: which script writes which section. Each replaces its own and leaves the others as they are."""

import os
import platform
import re
from importlib.metadata import version
from pathlib import Path

BUILDS, FEEDS, BROWSER = "Builds", "Feeds", "In a browser"  # bench.py, bench_feeds.py, bench_pages.py
PUBLISHING = "Publishing"  # by people, from what `make faults` prints: it takes an hour, and is no part of the bench
INTRO = """\
# Benchmarks

`make bench` measures everything and writes this file, each section by a script of its own; nothing in the tests asserts a time.
What was wanted and not reached stays in, marked **missed**.
"""
PACKAGES = ("mkdocs", "mkdocs-material", "Jinja2", "Markdown", "nh3", "PyYAML", "pillow", "feedgen", "lxml")


def placed(document: str, heading: str, text: str) -> str:
    """The document with `text` as the section of that heading, at its place or else last; what stands before all sections is INTRO."""
    sections = {found[1]: found[2] for found in re.finditer(r"^## ([^\n]*)\n(.*?)(?=^## |\Z)", document, re.MULTILINE | re.DOTALL)}
    sections[heading] = text
    return INTRO + "".join(f"\n## {name}\n\n{body.strip(chr(10))}\n" for name, body in sections.items())


def write(path: Path, heading: str, text: str) -> None:
    document = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.write_text(placed(document, heading, text), encoding="utf-8", newline="\n")


def machine() -> str:
    """Cores, processor, memory, interpreter and packages."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{cores} cores, {_processor()}, {memory:.0f} GB, {platform.system()}; Python {platform.python_version()}; {packages}."


def _processor() -> str:
    try:
        models = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        models = []
    return models[0] if models else platform.machine()
