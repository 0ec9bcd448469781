"""A reader that never rests: list → a page on it → what that page loads, over one connection; told what was broken at its end.

Usage: reader.py HOST:PORT/BASE/ FOLDER NUMBER [patient]; a patient one asks again after a 5xx, as clients of a store do. Runs until FOLDER/stop is there; writes its count to FOLDER/reads-NUMBER now and then.
A page must be whole, of one version to its last byte, and everything that it names must be there and of its version.
"""

from __future__ import annotations

import json
import random
import re
import socket
import sys
import time
from pathlib import Path

LISTED = re.compile(rb'href="((?:\.\./)*guong/20[0-9/]+[^"]+/)"')
MARK = re.compile(rb"<!-- ([0-9]+) -->\n$")
LOADED = re.compile(rb'(?:href|src)="([^"]+\.(?:css|js|webp|svg))"')
TRIES, PAUSE = 40, 0.05  # two seconds in all
OFTEN = 10  # rounds between two notes of how many reads there were; a store answers slowly


class Connection:
    def __init__(self, port: int) -> None:
        self._port, self._left = port, b""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body; a connection that the server closes is opened again, and a body that ends early is status 0."""
        for _ in range(2):
            try:
                self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n\r\n".encode())
                return self._answer()
            except (ConnectionError, EOFError):
                self._socket.close()
                self._socket, self._left = socket.create_connection(("127.0.0.1", self._port), timeout=30), b""
        return 0, b""

    def _answer(self) -> tuple[int, bytes]:
        data = self._left
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end].lower()
        length = re.search(rb"content-length: ([0-9]+)", head)
        assert length, head
        stop = end + 4 + int(length[1])
        while len(data) < stop:
            data += self._more()
        self._left = data[stop:]
        return int(head.split(None, 2)[1]), data[end + 4 : stop]

    def _more(self) -> bytes:
        piece = self._socket.recv(1 << 18)
        if not piece:
            raise EOFError
        return piece


def main(address: str, folder: Path, number: int, *, patient: bool) -> None:
    port, _, base = address.partition(":")[2].partition("/")
    connection, chance = Connection(int(port)), random.Random(number)
    reads, broken = 0, list[str]()

    def get(path: str, of: str) -> bytes | None:
        nonlocal reads
        reads += 1
        status, body = connection.get(f"/{base}{path}")
        # a 5xx is the store's own; and where a store puts an object whole, the one of the tests writes over it in place, for as
        # long as the disk takes. What the publication itself had cut would stay cut
        for _ in range(TRIES if patient else 0):
            if status < 500 and not (path.endswith("/") and not MARK.search(body)):
                break
            time.sleep(PAUSE)
            status, body = connection.get(f"/{base}{path}")
        if status != 200:
            broken.append(f"{status} {path} (nêu ở {of})")
            return None
        return body

    def marked(path: str, body: bytes | None) -> str:
        found = MARK.search(body) if body is not None else None
        if body is not None and not found:
            broken.append(f"cụt: {path}")
        return found[1].decode() if found else ""

    rounds = 0
    while not (folder / "stop").exists():
        rounds += 1
        if rounds % OFTEN == 0:
            (folder / f"reads-{number}").write_text(str(reads), encoding="utf-8")
        listing = get("guong/", "trang chủ")
        if not marked("guong/", listing) or listing is None:
            continue
        page = chance.choice(LISTED.findall(listing)).decode().lstrip("./")
        body = get(page, "guong/")
        version = marked(page, body)
        for given in chance.sample(sorted(set(LOADED.findall(body or b""))), 3) if version else ():
            path = given.decode().replace("../", "") if given.startswith(b"../") else page + given.decode()
            asset = get(path, page)
            if asset is not None and path.endswith(".css") and f"/* {version} */".encode() not in asset:
                broken.append(f"lẫn: {path} không thuộc bản {version}")
    (folder / f"reads-{number}").write_text(str(reads), encoding="utf-8")
    print(json.dumps({"reads": reads, "broken": broken}, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), patient=sys.argv[4:] == ["patient"])
