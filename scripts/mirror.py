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


def kept(path: Path) -> Any:
    """A story as it was kept; None for a file that is damaged: it is fetched again."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return None


def mirror(base: str, folder: Path) -> dict[str, list[str]]:
    """Brings `folder` up to date with the site at `base`; gives the ids that were added, changed, removed, and lost: in no list any more.

    Of the list of a campaign or a unit those have left it; of the list of the whole site that is a fault of the site.
    """
    listed = get(base + "stories.json")
    stories = {one["id"]: one for part in (listed, *(get(part["url"]) for part in listed["older"])) for one in part["stories"]}
    held = {path.stem: found for path in folder.glob("*.json") if (found := kept(path))}
    added, removed = stories.keys() - held.keys(), {one["id"] for one in listed["withdrawn"]} & held.keys()
    changed = {id_ for id_ in stories.keys() & held.keys() if stories[id_]["sha256"] != held[id_]["sha256"]}
    wanted = {stories[id_]["guid"]: id_ for id_ in added | changed}
    for item in items(base + "feed.json") if wanted else ():
        if id_ := wanted.pop(item["id"], None):
            half = folder / f"{id_}.json.half"  # whole or not at all, whenever this is stopped
            half.write_text(json.dumps({**stories[id_], "content_html": item["content_html"]}, ensure_ascii=False), encoding="utf-8")
            half.replace(folder / f"{id_}.json")
            if not wanted:
                break
    later = set(wanted.values())  # told by the one document and not yet by the other: the site was just being published
    added, changed = added - later, changed - later
    for id_ in removed:
        (folder / f"{id_}.json").unlink()
    lost = held.keys() - stories.keys() - removed
    return {"added": sorted(added), "changed": sorted(changed), "removed": sorted(removed), "lost": sorted(lost)}


if __name__ == "__main__":
    print(json.dumps(mirror(sys.argv[1], Path(sys.argv[2]))))
