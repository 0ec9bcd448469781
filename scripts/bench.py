#!/usr/bin/env python3
"""Đo thời gian, bộ nhớ và cỡ trang trên kho bài giả 1.000 và 10.000 bài; ghi BENCHMARKS.md."""

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "scripts"
SMALL, LARGE = 1_000, 10_000
PACKAGES = ("mkdocs", "mkdocs-material", "Jinja2", "Markdown", "nh3", "PyYAML", "pillow", "feedgen", "lxml")
SENTENCE = re.compile(r"^([^\n#*“]*?[.])(?: |$)", re.MULTILINE)

Figures = Mapping[str, float]
"""What was found at one size, by the name of its row."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. `small`, `large`: the most that is wanted at each size; `growth`: the most for large ÷ small."""

    name: str
    unit: str
    small: float | None = None
    large: float | None = None
    growth: float | None = None


ROWS = (
    Row("cold build, CPU", "s", 4, 36, 11),
    Row("cold build, wall", "s"),
    Row("cold build, peak", "MB", None, 300),
    Row("unchanged build, CPU", "s"),
    Row("unchanged build, wall", "s"),
    Row("unchanged build, peak", "MB"),
    Row("build after one edit, CPU", "s"),
    Row("build after one edit, wall", "s"),
    Row("build after one edit, peak", "MB"),
    Row("search index added, CPU", "s"),
    Row("search index added, wall", "s"),
    Row("search index added, peak", "MB"),
    Row("cold check, CPU", "s", 2, 8),
    Row("cold check, wall", "s"),
    Row("cold check, peak", "MB", None, 250),
    Row("unchanged check, CPU", "s", None, 1.5),
    Row("unchanged check, wall", "s"),
    Row("check after one edit, CPU", "s", None, 0.5),
    Row("check after one edit, wall", "s"),
    Row("check of one story alone, CPU", "s", 0.1, 0.1),
    Row("check of one story alone, wall", "s"),
    Row("site, files", ""),
    Row("site, size", "MB"),
    Row("story page, median", "kB", None, None, 1.01),
    Row("story page, largest", "kB", 20, 20),
    Row("story page, largest of the same 1,000", "kB", 20, 20, 1.02),
    Row("feed.xml", "kB"),
)


# --- processes ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process and all its children took: CPU and wall in seconds, the peak of the largest of them in MB."""

    cpu: float
    wall: float
    peak: float


def run(script: str, *arguments: str) -> Cost:
    """One of our commands as a whole process; a failure ends the bench with what the command said."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        child = subprocess.Popen([sys.executable, SCRIPTS / script, *arguments], stdout=said, stderr=said)  # noqa: S603
        _, status, usage = os.wait4(child.pid, 0)  # on Linux with what its own children, all waited for, have used
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            said.seek(0)
            raise SystemExit(f"{script} {' '.join(arguments)}: exit {child.returncode}\n{said.read().decode()[-4000:]}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * 1024 / 1e6)


# --- what is measured -----------------------------------------------------------------------------------------------------


def corpus(size: int, seed: int) -> Path:
    """A corpus of that size, made where there is none of this seed and version; hooks and lists as they are now, compiled."""
    folder = ROOT / ".cache" / "bench" / str(size)
    run("corpus.py", str(folder), str(size), "--seed", str(seed))
    subprocess.run([sys.executable, "-m", "compileall", "-q", folder / "hooks"], check=True)  # noqa: S603
    return folder


def one_round(folder: Path, label: str) -> Figures:
    """Cold, unchanged, edited, checked: in this order, since each build and check starts from what the one before left."""
    root = ("--root", str(folder))
    plain = (*root, "--no-search")  # Pagefind is another's work: its share is told by itself
    found: dict[str, float] = {}
    for name in ("site", ".cache"):
        shutil.rmtree(folder / name, ignore_errors=True)
    _note(found, "cold build", run("build.py", *plain))
    found |= sizes(folder)
    _note(found, "unchanged build", run("build.py", *plain))
    with _Edited(middle(folder), folder, label):
        _note(found, "build after one edit", run("build.py", *plain))
    _note(found, "search index added", run("build.py", *root))
    (folder / ".cache" / "memory").unlink(missing_ok=True)
    _note(found, "cold check", run("check.py", *root))
    _note(found, "unchanged check", run("check.py", *root))
    with _Edited(middle(folder), folder, label):
        _note(found, "check after one edit", run("check.py", *root))
    _note(found, "check of one story alone", run("check.py", "--root", str(folder.parent / "1")))
    return found


def _note(found: dict[str, float], name: str, cost: Cost) -> None:
    found |= {f"{name}, CPU": cost.cpu, f"{name}, wall": cost.wall, f"{name}, peak": cost.peak}


def middle(folder: Path) -> Path:
    """The folder of the story in the middle of the corpus, by address."""
    stories = sorted(folder.glob("stories/*/*"))
    return stories[len(stories) // 2]


class _Edited:
    """A story with one sentence changed that is no evidence, and approved again as it now is; put back at the end."""

    def __init__(self, story: Path, root: Path, label: str) -> None:
        self.story, self.root, self.label = story, root, label
        self.kept = {name: (story / name).read_bytes() for name in ("index.md", "approval.yml")}

    def __enter__(self) -> None:
        head, body = self.kept["index.md"].decode().split("\n---\n", 1)
        sentence = next(found[1] for found in SENTENCE.finditer(body) if found[1] not in head)
        edited = body.replace(sentence, f"{sentence[:-1]}, {self.label}.", 1)
        (self.story / "index.md").write_bytes(f"{head}\n---\n{edited}".encode())
        run("approve.py", str(self.story), "--root", str(self.root), "--body", "Hội đồng Thi đua - Khen thưởng Sở", "--minutes", "99/BB-HĐTĐKT",
            "--date", "2021-12-30", "--accepted", "A1,A2,A3,A4,A5,A6,A7", "--by", "Thư ký Hội đồng")  # fmt: skip

    def __exit__(self, *_: object) -> None:
        for name, data in self.kept.items():
            (self.story / name).write_bytes(data)


def sizes(folder: Path) -> Figures:
    """Bytes and files of the site that stands in the folder."""
    files = {path: path.stat().st_size for path in (folder / "site").rglob("*") if path.is_file()}
    pages = {path.parent.name: size for path, size in files.items() if path.match("site/guong/[0-9]*/*/index.html")}
    same = [size for name, size in pages.items() if int(name.rpartition("-")[2]) <= SMALL]  # the slugs end in a number
    return {
        "site, files": len(files), "site, size": sum(files.values()) / 1e6, "feed.xml": files[folder / "site" / "feed.xml"] / 1e3,
        "story page, median": statistics.median(pages.values()) / 1e3, "story page, largest": max(pages.values()) / 1e3,
        "story page, largest of the same 1,000": max(same) / 1e3,
    }  # fmt: skip


def measure(size: int, seed: int, runs: int) -> Figures:
    """The median of every figure over so many rounds."""
    folder = corpus(size, seed)
    corpus(1, seed)
    rounds = []
    for n in range(1, runs + 1):
        print(f"{size:,} stories, round {n} of {runs} …", file=sys.stderr)
        rounds.append(one_round(folder, f"lần thứ {n}"))
    for name in ("site", ".cache"):
        shutil.rmtree(folder / name, ignore_errors=True)
    return {name: statistics.median(found[name] for found in rounds) for name in rounds[0]}


# --- what is said ---------------------------------------------------------------------------------------------------------


def table(found: Mapping[int, Figures]) -> str:
    """Every row at every size, with what is wanted beside it; a row that misses it is marked, never left out."""
    large = LARGE in found
    heads = ["", *(f"{size:,} stories" for size in found), *(["growth"] if large else []), "wanted", ""]
    lines = [heads, ["---", *["---:"] * (len(heads) - 3), "---", "---"]]
    lines += [_cells(row, found) for row in ROWS]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(row: Row, found: Mapping[int, Figures]) -> list[str]:
    values = {size: figures[row.name] for size, figures in found.items()}
    bounds = {size: most for size, most in ((SMALL, row.small), (LARGE, row.large)) if most is not None and size in values}
    missed = any(values[size] > most for size, most in bounds.items())
    wanted = [f"≤ {most:g} {row.unit} at {size:,}" for size, most in bounds.items()]
    cells = [row.name, *(_written(value, row.unit) for value in values.values())]
    if LARGE in values:
        growth = values[LARGE] / values[SMALL]
        cells.append(f"{growth:.2f}×")
        if row.growth is not None:
            wanted.append(f"growth ≤ {row.growth:g}×")
            missed = missed or growth > row.growth
    return [*cells, ", ".join(wanted), ("**missed**" if missed else "met") if wanted else ""]


def _written(value: float, unit: str) -> str:
    return f"{value:,.{2 if unit in {'s', 'kB'} else 0}f} {unit}".strip()


def machine() -> str:
    """Cores, processor, interpreter and packages."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return f"{cores} cores, {_processor()}, {platform.system()}; Python {platform.python_version()}; {packages}."


def _processor() -> str:
    try:
        models = re.findall(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        models = []
    return models[0] if models else platform.machine()


HOW = """\
Written by `make bench` ({command}); nothing in the tests asserts a time.

{table}

**Machine.** {machine}

**How.** The stories are made by `scripts/corpus.py` (seed {seed}): approved, each of some 700 syllables with seven criteria, an
award, two figures and a photo, over ten years, sixteen units and six campaigns. Every figure is that of a whole process with
all its children, median of {runs}: CPU is user and system time (`os.wait4`), *peak* is the resident memory of the largest single
process, 1 MB = 10⁶ bytes. Bytecode is compiled and files are in the page cache before the first round.

- *cold build*: `scripts/build.py` with neither `.cache/` nor `site/`. The stories share 24 different photos, so both sizes
  include the encoding of 24 photos, not of 1,000 or 10,000: here {photos:.2f} CPU s, which 24 photos cost whatever the stories.
- *unchanged build*: the same again at once. *After one edit*: one sentence of one story is changed and the story approved again.
- These builds make no search index (`--no-search`). *Search index added*: the next build, which makes nothing but it and the
  page of one story; the peak is that of Pagefind.
- *cold check*: `scripts/check.py` on everything, without its memory `.cache/memory`; then the same again at once; then after one
  sentence of one story has changed. *One story alone*: a site that holds no other, warm from the second round on.
- *growth*: 10,000 against 1,000. The pages of stories must not grow with the site.
"""


def photo_cost(folder: Path) -> float:
    """CPU seconds to encode the photos of a corpus, nothing else."""
    code = "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from exemplars.photos import published\n{}"
    loop = "for path in pathlib.Path(sys.argv[2]).iterdir(): published(path.read_bytes())"
    costs = []
    for work in ("", loop):
        child = subprocess.Popen([sys.executable, "-c", code.format(work), ROOT / "hooks", folder / "pictures"])  # noqa: S603
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        costs.append(usage.ru_utime + usage.ru_stime)
    return costs[1] - costs[0]


def main(arguments: list[str] | None = None) -> int:
    """0 measured, whatever the figures; 1 a command failed; 2 misuse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="chỉ 1.000 bài; in ra, không ghi tệp nào")
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="đo N vòng, lấy trung vị (mặc định: 1)")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống của kho bài giả (mặc định: 1)")
    parser.add_argument("--out", type=Path, default=ROOT / "BENCHMARKS.md", metavar="TỆP", help="ghi vào đây (mặc định: BENCHMARKS.md)")
    asked = parser.parse_args(arguments)
    if asked.runs < 1:
        parser.error("--runs phải từ 1")
    wanted: Iterable[int] = (SMALL,) if asked.quick else (SMALL, LARGE)
    found = {size: measure(size, asked.seed, asked.runs) for size in wanted}
    shown = table(found)
    print(shown)
    if not asked.quick:
        command = f"scripts/bench.py --runs {asked.runs} --seed {asked.seed}"
        photos = photo_cost(ROOT / ".cache" / "bench" / str(SMALL))
        rounds = f"{asked.runs} rounds" if asked.runs > 1 else "one round"
        text = HOW.format(command=f"`{command}`", table=shown, machine=machine(), seed=asked.seed, runs=rounds, photos=photos)
        asked.out.write_text(f"# Benchmarks\n\n{text}", encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
