"""What a publication did, for people and for machines. What went wrong with single stories is said first."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exemplars.publishing.release import Difference, difference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exemplars.publishing.release import Kept, Release

NAMED = 20
HOW = {
    "kept": "vẫn hiện bản đã đăng trước; bản mới bị chặn từ ngày {day}",
    "taken": "đã gỡ khỏi trang, chỉ còn lời báo tại địa chỉ ấy",
    "left": "chưa từng đăng nên chưa đưa lên",
}
DONE = {"published": "Đã đăng", "unchanged": "Không có gì mới", "rolled back": "Đã lùi về", "planned": "Sẽ đăng (chưa đưa gì lên)"}


@dataclass(frozen=True, slots=True)
class Receipt:
    """done: a key of DONE · before: the release that was live · written: files moved there · lists: lists that vanished."""

    done: str
    place: str
    where: str
    release: Release
    before: Release | None
    written: int = 0
    at: str = ""
    owner: str = ""
    ledger: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    changes: Difference = field(default_factory=Difference)

    @property
    def name(self) -> str:
        """The name of its file: what sorts by time and says what it is about."""
        return f"{self.at.replace(':', '').replace('-', '')}-{self.done.replace(' ', '-')}-{self.release.serial}-{self.release.id}.json"


def receipt(done: str, place: str, where: str, release: Release, before: Release | None, **more: object) -> Receipt:
    return Receipt(done, place, where, release, before, changes=difference(before, release), **more)  # type: ignore[arg-type]


def as_json(said: Receipt) -> bytes:
    """For machines; lists of files and stories in full."""
    changes, release = said.changes, said.release
    whole = {
        "version": 1, "done": said.done, "place": said.place, "where": said.where, "at": said.at, "by": said.owner,
        "release": release.id, "serial": release.serial, "tree_sha256": release.tree, "commit": release.commit, "dirty": release.dirty,
        "before": {"release": said.before.id, "serial": said.before.serial} if said.before else None,
        "files": {"total": len(release.files), "written": said.written, "added": changes.added, "changed": changes.changed,
                  "removed": changes.removed},
        "stories": {"shown": sum(not told.gone for told in release.stories.values()), "added": changes.new, "changed": changes.corrected,
                    "withdrawn": changes.withdrawn, "restored": changes.restored, "moved": changes.moved},
        "kept": {folder: kept._asdict() for folder, kept in sorted(release.kept.items())},
        "ledger": said.ledger, "lists_vanished": said.lists, "notes": said.notes,
    }  # fmt: skip
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def as_text(said: Receipt) -> str:
    """For people, in Vietnamese; faulty stories first."""
    release, changes = said.release, said.changes
    lines = [*_quarantined(release.kept)]
    lines.append(f"{DONE[said.done]}: bản số {release.serial}, mã {release.id}, lên «{said.place}» ({said.where}).")
    shown = sum(not told.gone for told in release.stories.values())
    lines.append(f"  {shown} câu chuyện, {len(release.files)} tệp: thêm {len(changes.added)}, đổi {len(changes.changed)}, "
                 f"bỏ {len(changes.removed)}; đã ghi {said.written} tệp.")  # fmt: skip
    lines.append(f"  Mã băm cả trang: {release.tree}")
    commit = release.commit or "không có git"
    lines.append(f"  Từ commit {commit}{' và thay đổi chưa commit' if release.dirty else ''}.")
    for name, folders in (("Mới", changes.new), ("Sửa", changes.corrected), ("Gỡ", changes.withdrawn), ("Đăng lại", changes.restored),
                          ("Dời", tuple(f"{old} → {new}" for old, new in changes.moved.items()))):  # fmt: skip
        if folders:
            more = f" … và {len(folders) - NAMED} bài nữa" if len(folders) > NAMED else ""
            lines.append(f"  {name} ({len(folders)}): {', '.join(folders[:NAMED])}{more}")
    lines += [f"  Danh sách không còn trang: {', '.join(said.lists)}"] if said.lists else []
    lines += [f"  Sổ địa chỉ thêm {len(said.ledger)} dòng: hãy commit content/data/published.txt."] if said.ledger else []
    if said.before and said.before.id != release.id and said.done == "published":
        lines.append(f"  Lùi về bản trước: thêm --rollback {said.before.id}")
    return "\n".join([*lines, *(f"  {note}" for note in said.notes)]) + "\n"


def _quarantined(kept: Mapping[str, Kept]) -> list[str]:
    if not kept:
        return []
    lines = [f"CHÚ Ý: {len(kept)} bài có lỗi, KHÔNG đăng bản đang có trong kho:"]
    for folder, one in sorted(kept.items()):
        day = "/".join(reversed(one.day.split("-")))
        lines.append(f"- stories/{folder}: {HOW[one.how].format(day=day)}.")
        lines += [f"    {why}" for why in one.why[:3]]
    return [*lines, "Hãy sửa các bài này rồi đăng lại.", ""]
