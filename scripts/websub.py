#!/usr/bin/env python3
"""Báo cho máy chủ WebSub rằng các nguồn tin trong site/feeds.opml có thể đã mới. Không dùng thì không phải chạy."""

import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from http.client import HTTPException
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from command import ROOT, Parser
from exemplars.linking import ON_THE_WEB

TIMEOUT = 10  # seconds


def topics(site: Path) -> list[str]:
    """The addresses of the feeds that the site has."""
    root = ET.parse(site / "feeds.opml").getroot()  # noqa: S314 - our own file
    return [outline.get("xmlUrl", "") for outline in root.iter("outline")]


def ping(hub: str, addresses: Iterable[str]) -> list[str]:
    """Tells the hub of each feed; gives what went wrong, in Vietnamese. Source: W3C WebSub, section 7 (publishers' own way)."""
    faults, left = [], list(addresses)
    while left:
        address = left.pop(0)
        body = urlencode({"hub.mode": "publish", "hub.topic": address, "hub.url": address}).encode()
        try:
            urlopen(Request(hub, body), timeout=TIMEOUT).close()  # noqa: S310 - http and https only, see `main`
        except (OSError, HTTPException, ValueError) as error:
            faults.append(f"{address}: máy chủ WebSub không nhận ({error}). Trang vẫn đăng được; hãy thử lại sau.")
            if left and isinstance(getattr(error, "reason", error), TimeoutError):  # a silent hub would be waited for at each feed
                faults.append(f"Máy chủ WebSub không trả lời trong {TIMEOUT} giây, nên còn {len(left)} nguồn tin chưa báo.")
                break
    return faults


def main(arguments: list[str] | None = None) -> int:
    """0 told, 1 the hub refused, 2 misuse."""
    parser = Parser(description=__doc__)
    parser.add_argument("hub", metavar="ĐỊA_CHỈ", help="máy chủ WebSub, như `hub` trong mkdocs.yml: https://…")
    parser.add_argument("--site", type=Path, default=ROOT / "site", help="trang đã dựng (mặc định: site/)")
    asked = parser.parse_args(arguments)
    if not ON_THE_WEB.fullmatch(asked.hub):
        parser.error(f"địa chỉ «{asked.hub}» phải bắt đầu bằng https://, không dấu cách, không chữ có dấu")
    if not (asked.site / "feeds.opml").is_file():
        parser.error(f"không thấy {asked.site / 'feeds.opml'}. Hãy dựng trang trước.")
    found = topics(asked.site)
    faults = ping(asked.hub, found)
    print(*(faults or [f"Đã báo {len(found)} nguồn tin."]), sep="\n")
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
