#!/usr/bin/env python3
"""Mẫu cho cổng thông tin: giữ một bản chép đúng của trang, mỗi bài một tệp JSON; chạy lại là thêm, thay, gỡ cho khớp."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen


def get(address: str) -> Any:
    with urlopen(address, timeout=30) as answer:  # noqa: S310 - the portal's own setting
        return json.load(answer)


def items(address: str) -> Iterator[Any]:
    """Every item of a JSON Feed, the newest document first."""
    while address:
        feed = get(address)
        yield from feed["items"]
        address = feed.get("next_url", "")


def mirror(base: str, folder: Path) -> dict[str, list[str]]:
    """Brings `folder` up to date with the site at `base`; gives the ids that were added, changed, removed, and lost (a fault there)."""
    listed = get(base + "stories.json")
    stories = {one["id"]: one for part in (listed, *(get(part["url"]) for part in listed["older"])) for one in part["stories"]}
    held = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")}
    added, removed = stories.keys() - held.keys(), {one["id"] for one in listed["withdrawn"]} & held.keys()
    changed = {id_ for id_ in stories.keys() & held.keys() if stories[id_]["sha256"] != held[id_]["sha256"]}
    wanted = {stories[id_]["guid"]: id_ for id_ in added | changed}
    for item in items(base + "feed.json") if wanted else ():
        if id_ := wanted.pop(item["id"], None):
            kept = json.dumps({**stories[id_], "content_html": item["content_html"]}, ensure_ascii=False)
            (folder / f"{id_}.json").write_text(kept, encoding="utf-8")
            if not wanted:
                break
    for id_ in removed:
        (folder / f"{id_}.json").unlink()
    lost = held.keys() - stories.keys() - removed
    return {"added": sorted(added), "changed": sorted(changed), "removed": sorted(removed), "lost": sorted(lost)}


if __name__ == "__main__":
    print(json.dumps(mirror(sys.argv[1], Path(sys.argv[2]))))
