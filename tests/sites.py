"""Whole sites for tests: a copy of the repository, built by a real process through one of the two doors."""

from __future__ import annotations

import os
import posixpath
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

REPOSITORY = Path(__file__).resolve().parent.parent
PARTS = ("content", "campaigns", "stories", "hooks", "scripts")


def copy_repository(root: Path, *, stories: tuple[str, ...] | None = None) -> Path:
    """What a build needs, under `root`; with `stories` only those folders of stories/."""
    root.mkdir(parents=True)
    for part in PARTS:
        shutil.copytree(REPOSITORY / part, root / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPOSITORY / "mkdocs.yml", root)
    for folder in sorted(root.glob("stories/*/*")):
        if stories is not None and folder.relative_to(root / "stories").as_posix() not in stories:
            shutil.rmtree(folder)
    return root


def run(root: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command], cwd=root, env={**os.environ, "NO_MKDOCS_2_WARNING": "1", **environment},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def build(root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """The door of `make site`: into root/site."""
    return run(root, str(root / "scripts/build.py"), "--root", str(root), **environment)


def mkdocs_build(root: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The door of MkDocs' own users: into root/site."""
    return run(root, "-m", "mkdocs", "build", "--strict", *options, **environment)


def tree(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


class Refs(HTMLParser):
    """What a page refers to: links, resources it loads, and the ids it offers."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.ids: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            assert given["id"] not in self.ids, f"id trùng: {given['id']}"
            self.ids.add(given["id"])
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and given.get("rel") != "canonical":
            (self.links if given.get("rel") == "alternate" else self.loads).append(given["href"])
        self.loads += [given[name] for name in ("src", "action", "data", "poster") if name in given and tag != "a"]
        self.loads += [part.split()[0] for part in given.get("srcset", "").split(",") if part.strip()]


def broken_links(pages: dict[str, str], files: Collection[str]) -> list[tuple[str, str]]:
    """(page, address) of every link and asset on these pages that leads to no file of the site, or to no place on its page."""
    refs, broken = {path: Refs(html) for path, html in pages.items()}, []
    for path, found in refs.items():
        for href in (*found.links, *found.loads):
            parts = urlsplit(href)
            if parts.scheme or parts.netloc:
                continue
            here = "/guong-sang/" + path  # the site lies under a sub-path
            wanted = unquote(posixpath.normpath(posixpath.join(posixpath.dirname(here), parts.path)) if parts.path else here)
            if parts.path.endswith("/") or wanted == "/guong-sang":
                wanted += "/index.html"
            target = wanted.removeprefix("/guong-sang/")
            if target not in files or (parts.fragment and parts.fragment not in refs[target].ids):
                broken.append((path, href))
    return broken
