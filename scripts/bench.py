#!/usr/bin/env python3
"""Đo thời gian, bộ nhớ và cỡ trang trên kho bài giả, cùng lúc với các phần mềm khác; ghi BENCHMARKS.md và benchmarks.svg."""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from benching import ours, sections
from benching.chart import chart
from benching.costs import BENCH, Failed, Limit, Value, clear, figures, measured, medians, put_aside, rest
from benching.floors import one_page
from benching.ours import LARGE, SMALL
from benching.peers import PEERS, Measuring, Peer, versions
from benching.targets import our_table, peer_table, target_table
from command import ROOT, Parser

CHART = "benchmarks.svg"
FLOORS = ROOT / "scripts" / "benching" / "floors.py"
SECONDS, SHARE = 900, 0.75  # the most a peer may take: time, and of the memory of the machine

HOW = """\
Written by `{command}`, part of `make bench`.

{machine}

![What a build costs, beside other generators: the figures of the tables below in bars]({chart})

### What is wanted

Ratios are of figures of this run. A row without a figure is open, not met.

{targets}

What keeps the missed rows from being reached, as far as profiles of this code tell:

- *Cold*: reading and 73 rules take a third (the row *check, cold*), feeds a fourteenth (a gigabyte at 10,000 stories), the rest goes to pages, lists, hashes and
  files; no single step stands out. The bare pass has none of it, and no peer checks or tells as much.
- *One edit*: a dozen passes over all stories (recalling them, lists, feeds, memory, manifest) cost 0.1 to 0.2 s each at 10,000, so the edit grows with the site.
- *Search*: Pagefind alone takes 3 s for 1,000 stories. After an edit of one of 10,000 half of the index's files hold one of its words and are packed anew: 0.7 s.
- *Peak*: one process holds the records of all stories.

### Ours

{ours}

{peers}

### How

The stories are made by `scripts/corpus.py` (seed {seed}): approved, each of some 700 syllables with seven criteria, an award, two
figures and a photo, over ten years, sixteen units and six campaigns. Every figure is that of a whole process with all its children,
{runs}: CPU is user and system time (`os.wait4`), *peak* is the resident memory of the largest single process
(what is smaller than the bench itself shows as its some 27 MB), 1 MB = 10⁶ bytes.
In each round floors, ours and peers follow each other. Bytecode is compiled and files are in the page cache before the first; output
of earlier rounds is moved aside, since ext4 looks at each number of a file that was deleted within the last minute before it gives out another. Free
memory is touched once before, since a virtual machine is given a page by its host only then.

- *cold build*: `scripts/build.py --no-search` with neither `.cache/` nor `site/`: lists, feeds, related stories, photos, JSON-LD. The stories
  share 24 different photos, so every size includes the encoding of 24 photos: here {photos:.2f} CPU s.
- *unchanged build*: the same again at once. *After one edit*: one sentence of one story is changed and the story approved again.
- *search index added*: the next build without `--no-search`, which makes nothing but the index and the page of one story.
  *Search index too*: one edit after that.
- *cold check*: `scripts/check.py` on everything, without its memory `.cache/memory`; then the same again at once; then after one
  sentence of one story has changed. *One story alone*: a site that holds no other, warm from the second round on.
- *serve*: `mkdocs serve` runs; from the moment the text of a story is saved until its page holds the new words, median of {edits}.
- *bare pass*: every front matter through PyYAML's loader in C, every text through python-markdown, nothing else.
  *One page*: MkDocs with Material builds a site of one page, with neither plugin nor hook.
- *growth*: the pages of the same thousand stories, whatever else the site holds; they show titles of neighbours, so a percent may differ.
"""

BESIDE = """\
### Beside others

Versions: {versions}. Each gets the same texts and the same 24 photos, which it copies and we encode. None checks criteria, evidence, approval or
consent; none keeps an archive of all stories in feeds, writes calendars or a withdrawal. Their feeds hold the 50 newest with summaries; ours
carry every story whole in RSS, Atom and JSON.

{does}

*One edit* is what the peer's own guide gives for building again in a fresh process: Pelican with its content cache, the others everything anew.
A peer may take {limit}; one that was stopped has «>».{once}
{reasons}
"""


def measure(size: int, asked: argparse.Namespace, peers: Measuring) -> dict[str, Value]:
    """The median of every figure over so many rounds."""
    folder, page = BENCH / str(size), one_page(BENCH / "one-page")
    rounds: list[Mapping[str, Value]] = []
    for n in range(1, asked.runs + 1):
        print(f"{size:,} stories, round {n} of {asked.runs} …", file=sys.stderr)
        label = f"lần thứ {n}"
        put_aside(page / "out")
        found = figures("bare pass", measured([sys.executable, FLOORS, folder]))
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
        found |= figures("one page", measured(command, cwd=page, env={"NO_MKDOCS_2_WARNING": "1"}))
        found |= ours.one_round(folder, label)
        found |= peers.round(size, folder, label)
        rounds.append(found)
    put_aside(*(folder / name for name in ours.OUTPUT))
    return medians(rounds)


def beside(found: Mapping[int, Mapping[str, Value]], measuring: Measuring) -> str:
    """The peers: what each is and does, a table a size, and why one has no figure."""
    if not measuring.peers:
        return "### Beside others\n\nNo peer was measured in this run."
    tables = [f"#### {size:,} stories\n\n{peer_table(figures, (peer.name for peer in measuring.peers))}" for size, figures in found.items()]
    told = BESIDE.format(
        versions=versions(dict.fromkeys(peer.kit for peer in measuring.peers)),
        does="\n".join(f"- **{peer.name}**: {peer.does}." for peer in measuring.peers),
        limit=f"{measuring.limit.seconds:g} s and {measuring.limit.megabytes / 1000:.0f} GB",
        once=" What takes over a minute was measured once." if measuring.slow else "",
        reasons="".join(f"\n**{name}** was not measured whole: {reason}." for name, reason in measuring.reasons.items()),
    )
    return "\n\n".join([told.strip("\n"), *tables])


def photo_cost(folder: Path) -> float:
    """CPU seconds to encode the photos of a corpus, nothing else."""
    code = "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from exemplars.photos import published\n{}"
    loop = "for path in pathlib.Path(sys.argv[2]).iterdir(): published(path.read_bytes())"
    nothing, all_ = (measured([sys.executable, "-c", code.format(work), ROOT / "hooks", folder / "pictures"]).cpu for work in ("", loop))
    return all_ - nothing


def main(arguments: list[str] | None = None) -> int:
    """0 measured, whatever the figures; 1 a command of ours failed; 2 misuse."""
    asked = _asked(arguments)
    sizes, peers = asked.sizes, asked.peers
    measuring = Measuring(peers, Limit(asked.limit, asked.memory))
    rest()
    for size in {1, *sizes}:
        ours.corpus(size, asked.seed)
    try:
        measuring.install()
        for size in sizes:
            measuring.lay_out(BENCH / str(size))
        found = {size: measure(size, asked, measuring) for size in sizes}
        photos = photo_cost(BENCH / str(sizes[0]))
    except (Failed, subprocess.SubprocessError) as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        clear()
    text = HOW.format(
        command=_command(asked), machine=f"**Machine.** {sections.machine()}", chart=CHART, targets=target_table(found), ours=our_table(found),
        peers=beside(found, measuring), seed=asked.seed, runs=f"median of {asked.runs} rounds" if asked.runs > 1 else "one round",
        photos=photos, edits=ours.EDITS,
    )  # fmt: skip
    print(text)
    if asked.out:
        sections.write(asked.out, sections.BUILDS, text)
        asked.out.with_name(CHART).write_text(chart(found, [peer.name for peer in peers]), encoding="utf-8", newline="\n")
    return 0


def _command(asked: argparse.Namespace) -> str:
    sizes, peers = ",".join(map(str, asked.sizes)), ",".join(peer.id for peer in asked.peers) or "none"
    told = [] if asked.peers == PEERS else [f"--peers {peers}"]
    return " ".join(["scripts/bench.py", f"--sizes {sizes} --runs {asked.runs} --seed {asked.seed}", *told])


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = Parser(description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="chỉ 1.000 bài và không đo phần mềm khác; in ra, không ghi tệp nào")
    add("--sizes", type=_sizes, metavar="N,N", help="các cỡ kho bài (mặc định: 1000,10000)")
    add("--peers", type=_peers, metavar="TÊN,TÊN",
        help=f"đo cùng những phần mềm nào: all, none, hoặc trong số {', '.join(peer.id for peer in PEERS)} (mặc định: all)")  # fmt: skip
    add("--runs", type=int, default=1, metavar="N", help="đo N vòng, lấy trung vị (mặc định: 1)")
    add("--seed", type=int, default=1, help="hạt giống của kho bài giả (mặc định: 1)")
    add("--limit", type=float, default=SECONDS, metavar="GIÂY", help=f"mỗi lần chạy phần mềm khác được mấy giây (mặc định: {SECONDS})")
    add("--memory", type=float, default=SHARE * os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e6, metavar="MB",
        help="và mấy MB bộ nhớ (mặc định: ba phần tư của máy)")  # fmt: skip
    add("--out", type=Path, metavar="TỆP", help="ghi vào đây (mặc định: BENCHMARKS.md nếu đo đủ; đo một phần thì chỉ in ra)")
    asked = parser.parse_args(arguments)
    if asked.runs < 1:
        parser.error("--runs phải từ 1")
    if asked.quick and (asked.sizes or asked.out):
        parser.error("--quick không đi cùng --sizes, --out")
    whole = not asked.quick and asked.peers in (None, PEERS) and (asked.sizes is None or {SMALL, LARGE} <= set(asked.sizes))
    asked.out = asked.out or (ROOT / "BENCHMARKS.md" if whole else None)
    asked.sizes = asked.sizes or ((SMALL,) if asked.quick else (SMALL, LARGE))
    asked.peers = asked.peers if asked.peers is not None else () if asked.quick else PEERS
    return asked


def _sizes(text: str) -> tuple[int, ...]:
    """Errors  ArgumentTypeError: no number from 1."""
    if not all(one.isdecimal() and int(one) for one in text.split(",")):
        raise argparse.ArgumentTypeError("--sizes là các số từ 1, cách nhau bằng dấu phẩy")
    return tuple(sorted({int(one) for one in text.split(",")}))


def _peers(text: str) -> tuple[Peer, ...]:
    """Errors  ArgumentTypeError: no peer of that name."""
    known = {peer.id: peer for peer in PEERS}
    wanted = {"all": list(known), "none": []}.get(text, text.split(","))
    if not known.keys() >= set(wanted):
        raise argparse.ArgumentTypeError(f"không biết «{text}»; có: all, none, {', '.join(known)}")
    return tuple(peer for peer in PEERS if peer.id in wanted)


if __name__ == "__main__":
    sys.exit(main())
