"""`publish.yml`: the places that a site can be published to, read as strictly as a story."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from exemplars.linking import ON_THE_WEB
from exemplars.model import Origin, Problem
from exemplars.publishing.refusal import Refused
from exemplars.publishing.release import STAMP
from exemplars.records import dataclass
from exemplars.schema import Choice, Count, Slug, Text, key, keys_of
from exemplars.shaping import shaped
from exemplars.strict_yaml import Listing, Mapping, parse
from exemplars.strict_yaml import Refused as Unreadable
from exemplars.texts import decode
from exemplars.vietnamese import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH = "publish.yml"
OURS = ("stories", "campaigns", "content", "hooks", "scripts", "tests", "site", "server", ".git", ".venv")
KINDS = ("folder", "ssh", "s3", "sftp")
CLOUD = ("s3", "sftp")


@dataclass(frozen=True, slots=True)
class Place:
    """A row of publish.yml.

    where          folder: a path, from the project's folder · ssh: machine:path · s3, sftp: remote:path of rclone, what readers see
    store          s3, sftp: another remote:path, which nobody may read over the web: earlier releases, the lock, receipts
    keep           how many releases stay, so that one can go back to them
    max_bad_share  percent of the stories that may be faulty before everything stops; a single one always may
    url            where readers find it; after the switch it is looked at there
    ssh_config     of ssh · rclone_config of rclone: a file, from the project's folder
    """

    name: str = key("Tên", Slug(), need="always", hint="Tên để gọi: make publish TARGET=tên.")
    kind: str = key("Loại", Choice(KINDS), need="always", hint="folder, ssh, s3 hoặc sftp.")
    where: str = key("Chỗ đặt", Text(500), need="always", hint="Thư mục; máy:thư-mục; hoặc remote:đường-dẫn của rclone.")
    store: str = key("Kho riêng", Text(500), hint="Với s3, sftp: remote:đường-dẫn khác, không cho đọc qua web.")
    keep: int = key("Số bản giữ lại", Count(), default=5)
    max_bad_share: int = key("Phần trăm bài hỏng tối đa", Count(), default=10)
    url: str = key("Địa chỉ trang", Text(500), hint="Xem lại trang ở địa chỉ này sau khi đăng.")
    ssh_config: str = key("Cấu hình ssh", Text(500))
    rclone_config: str = key("Cấu hình rclone", Text(500))
    origin: Origin = Origin()


def find(root: Path, wanted: str) -> Place:
    """The place of that name; a path (with a slash) is a folder without a row. errors: Refused."""
    if "/" in wanted:
        if misplaced := _misplaced(root, wanted):
            raise Refused(" ".join(misplaced))
        return Place(name=Path(wanted).name or "thu-muc", kind="folder", where=wanted)
    if not (root / PATH).is_file():
        raise Refused(
            f"Chưa có {PATH}, nơi khai báo các chỗ đăng. Hãy lấy lại tệp ấy, hoặc ghi thẳng một thư mục: make publish TARGET=./dang-thu"
        )
    places = {place.name: place for place in read(root)}
    if wanted not in places:
        near = nearest(wanted, places)
        do = f"Có phải là «{near}»?" if near else f"Các chỗ đã khai báo: {', '.join(places) or 'chưa có chỗ nào'}."
        raise Refused(f"{PATH}: không có chỗ đăng nào tên «{wanted}». {do}")
    return places[wanted]


def read(root: Path) -> list[Place]:
    """All rows; errors: Refused with every problem, each at its line."""
    text, problems = decode((root / PATH).read_bytes(), PATH)
    places: list[Place] = []
    try:
        node, found = parse(text.text, PATH) if text else (None, [])
        problems += (one for one in found if one.level == "error")
        for row in node.items if isinstance(node, Listing) else []:
            if isinstance(row, Mapping):
                place, faults = shaped(Place, row, PATH, origin=Origin(PATH, body_line=row.line))
                problems += faults or list(_lacking(root, place, [one.name for one in places]))
                places.append(place)
            else:
                problems.append(
                    _problem(row.line, "Dòng này của danh mục không có các mục con.", "Hãy viết `- name: …`, rồi các mục khác.")
                )
        if node is not None and not isinstance(node, Listing):
            problems.append(_problem(node.line, "Tệp phải là một danh sách.", "Hãy viết mỗi chỗ đăng bắt đầu bằng `- name: …`."))
    except Unreadable as error:
        problems.append(error.problem)
    if problems:
        raise Refused("\n".join(str(problem) for problem in sorted(problems)))
    return places


def _misplaced(root: Path, where: str) -> tuple[str, str] | None:
    """Why nothing may be published to a folder, and what to do; None where it may."""
    root, at = root.resolve(), (root / where).resolve()
    if at.is_relative_to(root) and at.relative_to(root).parts[:1] in {(), *((name,) for name in OURS)}:
        return f"«{where}» là một phần của kho bài.", "Hãy đăng ra thư mục khác, như ./dang-thu."
    if inside := next((folder for folder in (at, *at.parents) if (folder / STAMP).is_file()), None):
        return f"«{where}» nằm trong một trang đã dựng hay đã đăng ({inside}).", "Hãy ghi thư mục chứa các bản đăng."
    return None


def _within(one: str, other: str) -> bool:
    """Whether a remote path is another one, or lies in it."""
    outer = other if other.endswith(":") else f"{other.rstrip('/')}/"
    return f"{one.rstrip('/')}/".startswith(outer)


def _lacking(root: Path, place: Place, names: list[str]) -> Iterator[Problem]:
    line = place.origin.body_line
    for name, described in keys_of(Place).items():
        if described.need == "always" and not getattr(place, name):
            yield _problem(line, f"Chỗ đăng thiếu «{described.label}» (`{name}`).", described.hint)
    if place.name in names:
        yield _problem(line, f"Tên «{place.name}» đã dùng ở trên.", "Mỗi chỗ đăng một tên.")
    if place.kind in CLOUD and (not place.store or _within(place.store, place.where) or _within(place.where, place.store)):
        says = f"Chỗ đăng «{place.name}» loại {place.kind} cần kho riêng (`store`) nằm ngoài `where`."
        yield _problem(line, says, "Hãy ghi một remote:đường-dẫn mà không ai đọc được qua web.")
    if place.kind != "folder" and place.where and ":" not in place.where:
        yield _problem(line, f"«{place.where}» không phải máy:đường-dẫn.", "Hãy ghi như may-chu:/srv/guong-sang.")
    if place.kind == "folder" and (misplaced := _misplaced(root, place.where)):
        yield _problem(line, *misplaced)
    if place.url and not ON_THE_WEB.fullmatch(place.url):
        yield _problem(line, f"Địa chỉ trang «{place.url}» không đúng dạng.", "Hãy ghi đầy đủ, bắt đầu bằng https://, không chữ có dấu.")


def _problem(line: int, says: str, do: str) -> Problem:
    return Problem(PATH, line, 1, "CT007", "error", says, do)
