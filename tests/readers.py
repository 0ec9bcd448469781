"""Real feed readers as functions: a document in, what the reader understood out."""

from __future__ import annotations

import csv
import datetime as dt
import email
import email.policy
import json
import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

import feedparser
import pytest

CLIENTS = Path(__file__).resolve().parent / "clients"
REPOSITORY = CLIENTS.parent.parent
JARS = [f"/usr/share/java/{name}.jar" for name in ("rome", "rome-utils", "jdom2", "slf4j-api", "slf4j-nop")]
NEEDED = {
    "rome": ("java", "javac", JARS[0]), "ruby": ("ruby",), "horde": ("php", "/usr/share/php/Horde/Feed.php"),
    "rss-parser": ("node", str(REPOSITORY / "node_modules/rss-parser/package.json")),
    "feedsmith": ("node", str(REPOSITORY / "node_modules/feedsmith/package.json")),
    "newsboat": ("newsboat",), "rss2email": ("r2e",), "sfeed": ("sfeed",), "feedparser": (), "nginx": ("nginx", "/usr/lib/nginx/modules/ngx_http_brotli_static_module.so"), "apache2": ("apache2",), "strace": ("strace",), "rsync": ("rsync",), "rclone": ("rclone",),
    "s3rver": ("node", str(REPOSITORY / "node_modules/s3rver/bin/s3rver.js")), "faketime": ("faketime",),
}  # fmt: skip
Read = dict[str, Any]


def needs(client: str) -> None:
    """Skips the test where a client is missing, with what to do; in CI that is a failure."""
    lacking = [tool for tool in NEEDED[client] if not (Path(tool).is_file() if tool.startswith("/") else shutil.which(tool))]
    if lacking:
        says = f"thiếu {', '.join(lacking)}: chạy scripts/tools.py"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(says)


def read(client: str, document: Path) -> list[Read]:
    """The entries of a document: id, title, link, date, content, and where the client has them updated, image, author."""
    match client:
        case "feedparser":
            return _feedparser(document)
        case "sfeed":
            return _sfeed(document)
        case "ruby":
            command = ["ruby", CLIENTS / "read.rb", document]
        case "horde":
            command = ["php", CLIENTS / "read.php", document]
        case "rome":
            command = ["java", "-XX:TieredStopAtLevel=1", "-cp", ":".join(JARS), CLIENTS / "Read.java", document]
        case _:
            command = ["node", CLIENTS / "read.cjs", client, document]
    found: list[Read] = json.loads(_said(command))
    return found


def _said(command: list[Any], **more: Any) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY, **more)
    assert done.returncode == 0, done.stderr[-2000:]
    return str(done.stdout)


def _feedparser(document: Path) -> list[Read]:
    parsed = feedparser.parse(document.read_bytes())
    assert not parsed.bozo, parsed.bozo_exception
    return [
        {
            "id": one.id, "title": one.title, "link": one.link, "date": _iso(one.published_parsed), "updated": _iso(one.updated_parsed),
            "content": one.content[0].value, "image": one.enclosures[0].href if one.enclosures else None, "author": one.authors[0].name,
        }
        for one in parsed.entries
    ]  # fmt: skip


def _iso(moment: Any) -> str:
    return dt.datetime(*moment[:6], tzinfo=dt.UTC).isoformat()


def _sfeed(document: Path) -> list[Read]:
    with document.open("rb") as given:
        rows = list(csv.reader(_said(["sfeed"], stdin=given).splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        {
            "date": dt.datetime.fromtimestamp(int(row[0]), dt.UTC).isoformat(), "title": row[1], "link": row[2],
            "content": row[3].replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\"), "id": row[5], "author": row[6], "image": row[7] or None,
        }
        for row in rows
    ]  # fmt: skip


class Newsboat:
    """A reader with a memory of its own."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        (folder / "urls").write_text(f"{address}\n", encoding="utf-8")
        (folder / "config").touch()

    def reload(self) -> list[Read]:
        """Everything it holds after it has looked again."""
        home = {**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        _said(
            ["newsboat", "-x", "reload", "-u", self.folder / "urls", "-c", self.folder / "cache.db", "-C", self.folder / "config"], env=home
        )
        with sqlite3.connect(self.folder / "cache.db") as cache:
            rows = cache.execute("select guid, title, url, pubDate, content, author from rss_item where deleted = 0").fetchall()
        cache.close()
        return [
            {"id": row[0], "title": row[1], "link": row[2], "date": dt.datetime.fromtimestamp(row[3], dt.UTC).isoformat(), "content": row[4],
             "author": row[5]}
            for row in rows
        ]  # fmt: skip


class Rss2email:
    """A reader that mails each new story once."""

    def __init__(self, folder: Path, address: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        settings = ["[DEFAULT]", "from = a@b.example", "to = c@d.example", "email-protocol = maildir", f"maildir-path = {folder / 'mail'}"]
        (folder / "r2e.cfg").write_text("\n".join([*settings, "maildir-mailbox = inbox", "html-mail = True", ""]), encoding="utf-8")
        (folder / "mail").mkdir()
        self._run("add", "nguon", address)

    def _run(self, *arguments: str) -> None:
        home = {**os.environ, "HOME": str(self.folder), "LC_ALL": "C.UTF-8"}
        _said(["r2e", "-c", self.folder / "r2e.cfg", "-d", self.folder / "r2e.json", *arguments], env=home)

    def reload(self) -> list[Read]:
        """Every mail it has sent so far."""
        self._run("run")
        found = []
        for path in sorted((self.folder / "mail").rglob("*")):
            if path.is_file():
                mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                found.append({
                    "id": mail["X-RSS-ID"], "link": mail["X-RSS-URL"], "title": " ".join(str(mail["Subject"]).split()),
                    "content": mail.get_content(),
                })  # fmt: skip
        return found
