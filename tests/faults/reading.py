"""Readers of a real nginx while the site is published again and again: nobody ever asks in vain for what a page has named."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from faults.sweeping import Sites
from readers import needs
from servers import answers, free_port, running
from sites import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

S3RVER = REPOSITORY / "node_modules/s3rver/bin/s3rver.js"
WEBSITE = (
    '<WebsiteConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IndexDocument><Suffix>index.html</Suffix></IndexDocument>'
    "</WebsiteConfiguration>"
)
RCLONE = """[kho]
type = s3
provider = Other
access_key_id = S3RVER
secret_access_key = S3RVER
endpoint = http://127.0.0.1:{port}
"""
READER = Path(__file__).resolve().parent / "reader.py"
FAKE_SSH = """#!/bin/sh
# ssh without a network: the options are dropped, the command runs here
while :; do case $1 in -o|-F|-p|-i|-l) shift 2;; -*) shift;; *) break;; esac; done
shift; exec sh -c "$*"
"""


class Told(NamedTuple):
    """What happened: publications, reads, and every broken one."""

    publications: int
    reads: int
    broken: list[str]


def version(sites: Sites, folder: Path, number: int) -> Path:
    """The second state of the site as its `number`-th version: each page says which it is, and loads styles of that version only."""
    made = folder / f"ban-{number}"
    subprocess.run(["cp", "-a", sites.built(2), made], check=True)
    site = made / "site"
    new = f"assets/exemplars-{number}.css"
    style = (site / "assets/exemplars.css").read_bytes()
    (site / "assets/exemplars.css").unlink()
    (site / new).write_bytes(style + f"/* {number} */\n".encode())
    hashes = {}
    for path in sorted(site.rglob("*")):
        if path.suffix == ".html":
            text = path.read_text(encoding="utf-8").replace("assets/exemplars.css", new)
            path.write_text(f"{text}<!-- {number} -->\n", encoding="utf-8")
        if path.is_file() and path.name != "build.json":
            hashes[path.relative_to(site).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    tree = hashlib.sha256("".join(f"{path}\0{digest}\n" for path, digest in sorted(hashes.items())).encode()).hexdigest()
    stamp = json.loads((site / "build.json").read_text(encoding="utf-8"))
    (site / "build.json").write_text(json.dumps({**stamp, "files": len(hashes), "tree_sha256": tree}), encoding="utf-8")
    return made


@contextlib.contextmanager
def nginx(current: Path, folder: Path) -> Iterator[str]:
    """The address of what `current` leads to, at each moment."""
    with running("nginx", folder, current) as server:
        yield f"127.0.0.1:{server.port}/g/"


@contextlib.contextmanager
def store(folder: Path) -> Iterator[tuple[str, Path]]:
    """An S3 server with the buckets `trang`, shown as a website, and `rieng`: the address of the former, and rclone's settings."""
    needs("rclone")
    needs("s3rver")
    folder.mkdir(parents=True)
    port = free_port()
    (folder / "website.xml").write_text(WEBSITE, encoding="utf-8")
    settings = folder / "rclone.conf"
    settings.write_text(RCLONE.format(port=port), encoding="utf-8")
    command = ["node", S3RVER, "-d", folder / "data", "-a", "127.0.0.1", "-p", str(port), "--silent"]
    for bucket in (["trang", str(folder / "website.xml")], ["rieng"]):
        command += ["--configure-bucket", *bucket]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            answers(port, process)
            yield f"127.0.0.1:{port}/trang/", settings
        finally:
            process.terminate()


def read_while_publishing(  # noqa: PLR0913
    publish: Callable[[Path], None],
    address: AbstractContextManager[str],
    sites: Sites,
    scratch: Path,
    *,
    publications: int,
    reads: int,
    patient: bool = False,
) -> Told:
    """Publishes version after version until both numbers are reached, with two readers all the while."""
    (scratch / "ban").mkdir(parents=True)
    publish(version(sites, scratch / "ban", 0))
    with address as at:
        readers = [
            subprocess.Popen(
                [sys.executable, READER, at, scratch, str(n), *(["patient"] if patient else [])], stdout=subprocess.PIPE, text=True
            )
            for n in range(2)
        ]
        number = 0
        try:
            while number < publications or _read(scratch) < reads:
                number += 1
                made = version(sites, scratch / "ban", number)
                publish(made)
                shutil.rmtree(made)
                assert all(one.poll() is None for one in readers), "a reader broke off"
                time.sleep(0.05)  # between two publications readers have the machine for themselves
        finally:
            (scratch / "stop").touch()
            said = [json.loads(one.communicate()[0]) for one in readers]
    return Told(number, sum(one["reads"] for one in said), [broken for one in said for broken in one["broken"]])


def _read(scratch: Path) -> int:
    return sum(int(path.read_text(encoding="utf-8") or 0) for path in scratch.glob("reads-*"))


def over_ssh(folder: Path) -> dict[str, str]:
    """An environment in which `ssh` runs its command on this machine."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin/ssh").write_text(FAKE_SSH, encoding="utf-8")
    (folder / "bin/ssh").chmod(0o755)
    return {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}
