"""The promise that an address once published answers for ever, kept before anything is sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exemplars.linking import FAMILIES
from exemplars.publishing.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exemplars.publishing.release import File, Release

# lists follow what there is to list: the last page of one goes when it grows shorter, and nobody was given it as an address
LISTS = re.compile(r"(?:don-vi|linh-vuc|loai|tieu-chi|nam|nhan-vat|nhung)/|(?:.*/)?trang-[0-9]+/$")
PAGE = "index.html"


def promised(ledger: str, live: Release | None) -> dict[str, str]:
    """Every address that must answer → who says that it was published."""
    found = {}
    for number, line in enumerate(ledger.splitlines(), 1):
        words = line.split()
        if words and not line.startswith("#"):
            found[words[0]] = f"sổ địa chỉ, dòng {number}"
    for path in live.files if live else ():
        address = path.removesuffix(PAGE)
        if path.endswith(PAGE) and not LISTS.match(address):
            found.setdefault(address, f"bản đang chạy, số {live.serial if live else 0}")
    return found


def hold(addresses: dict[str, str], new: Release) -> None:
    """Refuses a release in which a promised address answers nothing; errors: Refused, naming each with what to do."""
    lost = [(address, said) for address, said in addresses.items() if address + PAGE not in new.files]
    if lost:
        told = "\n".join(f"- {address or '/'} ({said}): {_remedy(address)}" for address, said in lost)
        raise Refused(f"{len(lost)} địa chỉ đã đăng sẽ không còn trang nào trả lời:\n{told}")


def hold_ids(live: Release | None, new: Release) -> None:
    """Refuses a release in which a published address speaks of another story; errors: Refused."""
    before = live.stories if live else {}
    for folder, told in new.stories.items():
        if folder in before and before[folder].id != told.id:
            raise Refused(f"Địa chỉ guong/{folder}/ đã đăng với mã «{before[folder].id}», nay mang mã «{told.id}». Hãy ghi lại mã cũ.")


def vanished_lists(live: Release | None, new: Release) -> tuple[str, ...]:
    """Lists, and pages of lists, that the live release has and the new one has not."""
    gone = (path.removesuffix(PAGE) for path in (live.files if live else ()) if path.endswith(PAGE) and path not in new.files)
    return tuple(sorted(address for address in gone if LISTS.match(address)))


def kept_alive(chosen: Release, *later: Release) -> dict[str, tuple[File, int]]:
    """What a rollback must carry so that no address goes: pages that only later releases have, with what lies beside them."""
    there = chosen.all_files()
    found: dict[str, tuple[File, int]] = {}
    for one in later:
        files = one.all_files()
        lost = [
            path.removesuffix(PAGE)
            for path in files
            if path.endswith(PAGE) and path not in there and not LISTS.match(path.removesuffix(PAGE))
        ]
        beside = tuple(address for address in lost if address)
        found |= {path: (file, one.serial) for path, file in files.items() if path.startswith(beside) and path not in there}
    return found


def _remedy(address: str) -> str:
    family = address.split("/", maxsplit=1)[0]
    if family == "phong-trao":
        return f"hãy để lại tệp campaigns/{address.split('/')[1]}.md, hoặc viết trang content/{address.rstrip('/')}.md nói nội dung đã chuyển đi đâu."
    if family in FAMILIES or not address.startswith("guong/"):
        return f"hãy viết trang content/{address.rstrip('/') or 'index'}.md nói nội dung đã chuyển đi đâu."
    return "hãy giữ thư mục bài, thêm `redirect_from` vào bài thay thế, hoặc gỡ bài bằng mục `withdrawn`."


def additions(ledger: str, lines: Iterable[str]) -> str:
    """The ledger with the lines that it lacks, at its end."""
    known = set(ledger.splitlines())
    new = [line for line in lines if line not in known]
    return "\n".join([*ledger.splitlines(), *new, ""]) if new else ledger
