"""Our own commands in order: cold, unchanged, edited, with search, checked, served."""

import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from benching.costs import BENCH, Cost, Failed, Value, figures, files, measured, put_aside
from command import ROOT

SCRIPTS = ROOT / "scripts"
SMALL, LARGE = 1_000, 10_000
SENTENCE = re.compile(r"^([^\n#*“]*?[.])(?: |$)", re.MULTILINE)
PAGE = re.compile(r"/site/guong/\d{4}/[\w-]*?-(\d+)/index\.html$")
OUTPUT = ("site", "server", ".cache")
EDITS = 3  # edits while `mkdocs serve` runs, of which the median is told
LONGEST = 900  # seconds for `mkdocs serve` to come up


def run(script: str, *arguments: str) -> Cost:
    """One of our commands as a whole process; a failure ends the bench with what the command said."""
    try:
        return measured([sys.executable, SCRIPTS / script, *arguments])
    except Failed as error:
        raise SystemExit(str(error)) from None


def corpus(size: int, seed: int, name: str = "", *options: str) -> Path:
    """A corpus of that size, made where there is none of this seed and version; hooks and lists as they are now. Our code is compiled, there and
    here: an environment may forbid Python to do so by itself, and each run would compile it anew.
    """
    folder = BENCH / (name or str(size))
    run("corpus.py", str(folder), str(size), "--seed", str(seed), *options)
    subprocess.run([sys.executable, "-m", "compileall", "-q", folder / "hooks", ROOT / "hooks", SCRIPTS], check=True)  # noqa: S603
    return folder


def one_round(folder: Path, label: str) -> dict[str, Value]:
    """In this order, since each build and check starts from what the one before left."""
    root = ("--root", str(folder))
    plain = (*root, "--no-search")  # Pagefind is another's work: its share is told by itself
    put_aside(*(folder / name for name in OUTPUT))
    found = figures("cold build", run("build.py", *plain))
    found |= sizes(folder)
    start = time.time_ns()
    found |= figures("unchanged build", run("build.py", *plain))
    found["unchanged build, files written"] = written_since(folder / "site", start)
    with Edited(middle(folder), folder, label):
        found |= figures("build after one edit", run("build.py", *plain))
    found |= figures("search index added", run("build.py", *root))
    with Edited(middle(folder), folder, label):
        found |= figures("build after one edit, search index too", run("build.py", *root))
    put_aside(folder / ".cache" / "memory")
    found |= figures("cold check", run("check.py", *root))
    found |= figures("unchanged check", run("check.py", *root))
    with Edited(middle(folder), folder, label):
        found |= figures("check after one edit", run("check.py", *root))
    found |= figures("check of one story alone", run("check.py", "--root", str(BENCH / "1")))
    found["serve, an edit on screen, wall"] = on_screen(folder, label)
    return found


def middle(folder: Path) -> Path:
    """The folder of the story in the middle of the corpus, by address."""
    stories = sorted(folder.glob("stories/*/*"))
    return stories[len(stories) // 2]


class Edited:
    """A story with one sentence changed that is no evidence, and approved again as it now is; put back at the end."""

    def __init__(self, story: Path, root: Path, label: str) -> None:
        self.story, self.root, self.label = story, root, label
        self.kept = {name: (story / name).read_bytes() for name in ("index.md", "approval.yml")}

    def __enter__(self) -> None:
        self.write(self.label)
        run("approve.py", str(self.story), "--root", str(self.root), "--body", "Hội đồng Thi đua - Khen thưởng Sở", "--minutes", "99/BB-HĐTĐKT",
            "--date", "2021-12-30", "--accepted", "A1,A2,A3,A4,A5,A6,A7", "--by", "Thư ký Hội đồng")  # fmt: skip

    def write(self, label: str) -> None:
        """The first sentence that may be changed, with the label at its end."""
        head, body = self.kept["index.md"].decode().split("\n---\n", 1)
        sentence = next(found[1] for found in SENTENCE.finditer(body) if found[1] not in head)
        edited = body.replace(sentence, f"{sentence[:-1]}, {label}.", 1)
        (self.story / "index.md").write_bytes(f"{head}\n---\n{edited}".encode())

    def __exit__(self, *_: object) -> None:
        self.put_back()

    def put_back(self) -> None:
        for name, data in self.kept.items():
            (self.story / name).write_bytes(data)


def written_since(site: Path, start: int) -> int:
    """How many files were written or linked anew since then: both change the time of the file's entry (ctime)."""
    return sum(entry.stat().st_ctime_ns > start for entry in files(site))


def sizes(folder: Path) -> dict[str, Value]:
    """Bytes and files of the site that stands in the folder."""
    site, count, total = folder / "site", 0, 0
    pages, same = list[int](), list[int]()
    for entry in files(site):
        count, total = count + 1, total + entry.stat().st_size
        page = PAGE.search(entry.path)
        if page:
            pages.append(entry.stat().st_size)
            if int(page[1]) <= SMALL:  # the slugs end in a number
                same.append(pages[-1])
    return {
        "site, files": count, "site, size": total / 1e6, "feed.xml": (site / "feed.xml").stat().st_size / 1e3,
        "story page, median": statistics.median(pages) / 1e3, "story page, largest": max(pages) / 1e3,
        "story page, mean of the same 1,000": statistics.mean(same) / 1e3,
    }  # fmt: skip


# --- serving --------------------------------------------------------------------------------------------------------------


def on_screen(folder: Path, label: str) -> float:
    """Seconds from the moment a writer saves a story until `mkdocs serve` answers with the new words, median of three."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        at = f"127.0.0.1:{free.getsockname()[1]}"
    story = middle(folder)
    site = re.search(r"^site_url: https?://[^/\s]+(\S*)", (folder / "mkdocs.yml").read_text(encoding="utf-8"), re.MULTILINE)
    address = f"http://{at}{site[1] if site else '/'}guong/{story.parent.name}/{story.name}/"
    command = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "--dev-addr", at]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    server = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    edited, took = Edited(story, folder, label), list[float]()
    try:
        _shown(address, "</html>", server)
        for n in range(EDITS):
            words = f"sửa {label}, chữ thứ {n}"
            start = time.perf_counter()
            edited.write(words)
            _shown(address, words, server)
            took.append(time.perf_counter() - start)
    finally:
        edited.put_back()
        server.terminate()
        server.wait()
    return statistics.median(took)


def _shown(address: str, words: str, server: "subprocess.Popen[bytes]") -> None:
    """Asks until the page holds the words: the server makes who asks during a build wait for its end."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=LONGEST) as page:  # noqa: S310 - our own address
                if words in page.read().decode():
                    return
        except (urllib.error.URLError, OSError):
            pass
        time.sleep(0.01)
    raise SystemExit(f"mkdocs serve: {address} không hiện «{words}».")


def cleaned(folder: Path) -> None:
    """Nothing that a build left."""
    for name in OUTPUT:
        shutil.rmtree(folder / name, ignore_errors=True)
