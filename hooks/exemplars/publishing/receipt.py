"""What a publication did, for people and for machines. What went wrong with single stories is said first."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from exemplars.model import LEDGER
from exemplars.publishing.release import Difference, difference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exemplars.publishing.release import Kept, Release

NAMED, REASONS = 20, 10
HOW = {
    "kept": "vẫn hiện bản đã đăng trước; bản mới bị chặn từ ngày {day}",
    "taken": "đã gỡ khỏi trang, chỉ còn lời báo tại địa chỉ ấy",
    "left": "chưa từng đăng nên chưa đưa lên",
}
DONE = {"published": "Đã đăng", "unchanged": "Không có gì mới", "rolled back": "Đã lùi về", "planned": "Sẽ đăng (chưa đưa gì lên)",
        "nothing planned": "Không có gì mới để đăng"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Receipt:
    """done: a key of DONE · before: the release that was live · written: files moved there · lists: lists that vanished ·
    beside: `Target.beside`
    """

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
    beside: str = ""
    changes: Difference = field(default_factory=Difference)

    @property
    def server_changed(self) -> bool:
        """Whether the web server has to load its settings anew."""
        return bool(self.release.server) and self.release.server != (self.before.server if self.before else None)

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
        "server_changed": said.server_changed,
    }  # fmt: skip
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def as_text(said: Receipt) -> str:
    """For people, in Vietnamese; faulty stories first."""
    release, changes = said.release, said.changes
    lines = [*_quarantined(release.kept)]
    if release.dirty and said.done != "rolled back":
        lines += ["CHÚ Ý: có thay đổi chưa commit. Trang đăng gồm cả các thay đổi ấy; hãy commit để người khác dựng lại được.", ""]
    lines.append(f"{DONE[said.done]}: bản số {release.serial}, mã {release.id}, lên «{said.place}» ({said.where}).")
    shown = sum(not told.gone for told in release.stories.values())
    lines.append(f"  {shown} câu chuyện, {len(release.files)} tệp: thêm {len(changes.added)}, đổi {len(changes.changed)}, "
                 f"bỏ {len(changes.removed)}; đã ghi {said.written} tệp.")  # fmt: skip
    lines.append(f"  Mã băm cả trang: {release.tree}")
    commit = release.commit or "không rõ (không hỏi được git)"
    lines.append(f"  Từ commit {commit}{' và thay đổi chưa commit' if release.dirty else ''}.")
    for name, folders in (("Mới", changes.new), ("Sửa", changes.corrected), ("Gỡ", changes.withdrawn), ("Đăng lại", changes.restored),
                          ("Dời", tuple(f"{old} → {new}" for old, new in changes.moved.items()))):  # fmt: skip
        if folders:
            more = f" … và {len(folders) - NAMED} bài nữa" if len(folders) > NAMED else ""
            lines.append(f"  {name} ({len(folders)}): {', '.join(folders[:NAMED])}{more}")
    lines += [f"  Danh sách không còn trang: {', '.join(said.lists)}"] if said.lists else []
    lines += [f"  Sổ địa chỉ thêm {len(said.ledger)} dòng: hãy commit {LEDGER}."] if said.ledger else []
    if said.done == "unchanged" and said.written:
        lines.append(f"  {said.written} tệp ở nơi đăng đã bị đổi hay mất: đã sửa lại đúng như bản này.")
    if said.server_changed and said.before is None and said.done == "published":
        lines.append(f"  Cấu hình cho máy chủ web: {said.beside}/server.")
    elif said.server_changed and said.done in {"published", "rolled back"}:
        lines.append(f"  Cấu hình máy chủ web đã đổi ({said.beside}/server): hãy cho máy chủ đọc lại, ví dụ `nginx -t && nginx -s reload`. "
                     "Chưa đọc lại thì địa chỉ đã gỡ, đã dời còn trả lời theo cấu hình cũ.")  # fmt: skip
    if said.done == "rolled back":
        lines.append("  Kho vẫn ở bản mới: hãy sửa (hoặc git revert) trong kho, nếu không lần đăng sau sẽ đưa bản mới lên lại.")
    if said.before and said.before.id != release.id and said.done == "published" and not changes.withdrawn:
        lines.append(f"  Lùi về bản trước: thêm --rollback {said.before.id}")
    return "\n".join([*lines, *(f"  {note}" for note in said.notes)]) + "\n"


def _quarantined(kept: Mapping[str, Kept]) -> list[str]:
    if not kept:
        return []
    lines = [f"CHÚ Ý: {len(kept)} bài có lỗi, KHÔNG đăng bản đang có trong kho:"]
    for folder, one in sorted(kept.items()):
        day = "/".join(reversed(one.day.split("-")))
        lines.append(f"- stories/{folder}: {HOW[one.how].format(day=day)}.")
        lines += [f"    {why}" for why in one.why[:REASONS]]
        lines += [f"    … và {len(one.why) - REASONS} điều nữa"] if len(one.why) > REASONS else []
    return [*lines, "Hãy sửa các bài này rồi đăng lại.", ""]
