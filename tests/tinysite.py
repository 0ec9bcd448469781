"""Sites of a few files, published in this process: what a target must do does not depend on how pages are made."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from exemplars.model import Site
from exemplars.publishing import publication
from exemplars.publishing.facts import NAME
from exemplars.publishing.history import History
from exemplars.publishing.locking import Wait
from exemplars.publishing.places import Place
from exemplars.publishing.receipt import Receipt
from exemplars.publishing.release import Told
from exemplars.publishing.targets import Target
from exemplars.publishing.targets.made import made

HOME, PAGE, FEED, PIECE = "index.html", "guong/2020/mot/index.html", "feed.xml", "pagefind/fragment/vi_1.pf_fragment"
FILES = {
    HOME: b'<a href="guong/2020/mot/">M\xe1\xbb\x99t</a> <link href="assets/trang.css">',
    PAGE: b'<a href="../../../">Home</a> <img src="anh.webp">',
    "guong/2020/mot/anh.webp": b"RIFF....WEBP",
    FEED: b"<rss/>",
    "sitemap.xml": b"<urlset/>",
    "assets/trang.css": b"a{}",
    PIECE: b"mot",
    "pagefind/pagefind-entry.json": b"{}",
    "stories.json": b"{}",
}
START = 1_600_000_000


def write_site(
    folder: Path, files: dict[str, bytes], stories: dict[str, Told], commit: str | None = None, *, server: str = "", **stamp: Any
) -> None:
    """A folder as `scripts/build.py --release` leaves it."""
    for path, data in files.items():
        (folder / "site" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "site" / path).write_bytes(data)
    tree = "".join(f"{path}\0{hashlib.sha256(data).hexdigest()}\n" for path, data in sorted(files.items()))
    said = {"version": 1, "commit": commit, "preview": False, "stories": sum(not one.gone for one in stories.values()), "files": len(files),
            "tree_sha256": hashlib.sha256(tree.encode()).hexdigest(), **stamp}  # fmt: skip
    (folder / "site/build.json").write_text(json.dumps(said), encoding="utf-8")
    additions = [f"guong/{path}/ {told.id}" for path, told in stories.items()]
    (folder / NAME).write_text(json.dumps({"stories": stories, "additions": additions}), encoding="utf-8")
    (folder / "server").mkdir(exist_ok=True)
    (folder / "server/nginx.conf").write_text(server, encoding="utf-8")


@dataclass
class Tiny:
    """A root without sources: its site is `files`; `clock` stands still unless told."""

    root: Path
    place: Place
    files: dict[str, bytes] = field(default_factory=lambda: dict(FILES))
    stories: dict[str, Told] = field(default_factory=lambda: {"2020/mot": Told("2020-mot", "a" * 64)})
    clock: float = START
    stamp: dict[str, Any] = field(default_factory=dict)
    server: str = "# nginx\n"

    def __post_init__(self) -> None:
        (self.root / "content/data").mkdir(parents=True, exist_ok=True)
        self.target: Target = made(self.place, self.root, os.environ)

    def _build(self, _root: Path, folder: Path) -> str:
        write_site(folder, self.files, self.stories, server=self.server, **self.stamp)
        return ""

    def work(self, **more: Any) -> publication.Work:
        given = publication.Work(
            self.root, self.place, self.target, History(self.root, os.environ), build=self._build, judge=lambda _: (Site(), []),
            wait=Wait("người thử", 0, lambda: self.clock), day=dt.date(2020, 12, 31), hour="2020-12-31T08:00:00",
            seen=lambda *_: None, tell=lambda _: (),
        )  # fmt: skip
        return replace(given, **more)

    def publish(self, **more: Any) -> Receipt:
        self.clock += 60
        return publication.publish(self.work(**more))

    def roll_back(self, wanted: str = "") -> Receipt:
        self.clock += 60
        return publication.roll_back(self.work(), wanted)

    def check(self, wanted: str = "") -> list[str]:
        return publication.check(self.work(), wanted)


def in_folder(root: Path, **more: Any) -> Tiny:
    """Published to root/www."""
    return Tiny(root, Place(name="thu", kind="folder", where="www", **more))


def live(tiny: Tiny) -> dict[str, bytes]:
    """What readers of a folder see."""
    current = tiny.root / "www/current"
    return {path.relative_to(current).as_posix(): path.read_bytes() for path in sorted(current.rglob("*")) if path.is_file()}
