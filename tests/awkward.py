"""A site of what content people really send: very long and very short names, one huge campaign, an empty unit, stories without
photo, award or quote, a person of one name, other scripts. Built by the tests; to look at it:

    .venv/bin/python tests/awkward.py /tmp/awkward && .venv/bin/python scripts/build.py --root /tmp/awkward
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "hooks"))

from exemplars.approving import written
from exemplars.model import Approval, Story
from exemplars.reading import read_site
from sites import copy_repository

MANY = 300
BASE = "2020/sap-lai-so-truc-dem"
TODAY = dt.date(2021, 12, 31)
LONG_NAME = "Tập thể cán bộ, viên chức, người lao động Tổ Tiếp nhận, chăm sóc, nuôi dưỡng và phục hồi chức năng cho cụ già neo đơn"
LONG_TITLE = (
    "Người nối những chuyến xe thiện nguyện từ bãi ngang Phước Tỉnh lên tận các xóm xa Châu Đức suốt mười lăm mùa mưa mà không nhận thêm "
    "một đồng công"
)
LONG_UNIT = "Trung tâm Điều dưỡng người có công, Chăm sóc sức khỏe người cao tuổi và Phục hồi chức năng cho người khuyết tật tỉnh"
AWKWARD: dict[str, dict[str, str]] = {
    "ten-rat-dai": {"title": LONG_TITLE, "name": LONG_NAME, "type": "collective"},
    "mot-tieng": {"title": "Lửa", "name": "Thị", "photos": ""},
    "mot-ten": {"title": "Y Bih và lớp học bên suối", "name": "Y Bih", "photos": ""},
    "chu-khac": {"title": "Người chỉ huy ngôi nhà chung 🏠 بيت و משפחה", "name": "Nguyễn Mẫu علي 🌱", "photos": ""},
    "khong-dau-cach": {"title": "Supercalifragilistic" * 7, "name": "Nguyễn-Mẫu-Tôn-Nữ-Thị-" * 4, "photos": ""},
    "khong-anh-khong-khen": {"title": "Chuyện không ảnh, không khen, không trích", "name": "Trần Mẫu Không", "photos": "", "awards": "", "bare": "1"},
    "ky-hieu": {"title": "Đúng 100% & 1 < 2: “{{ giờ }}”", "name": "O'Mẫu \"Bé\" & Tư", "photos": ""},
}  # fmt: skip


def make(root: Path) -> Path:
    """The fixture site under `root`: the awkward stories, and 300 more of one campaign."""
    copy_repository(root, stories=())
    shutil.rmtree(root / "content/events")  # they name the stories of the repository
    (root / "content/data/published.txt").write_text("# trống\n", encoding="utf-8")
    units = root / "content/data/units.yml"
    units.write_text(f"{units.read_text()}- id: don-vi-ten-dai\n  name: {LONG_UNIT}\n  type: phong\n  from: 2008-01-01\n", encoding="utf-8")
    home = root / "content/index.md"
    home.write_text(re.sub(r"(?m)^lead:.*\n", "", home.read_text()), encoding="utf-8")
    base = Path(__file__).resolve().parent.parent / "stories" / BASE
    text = (base / "index.md").read_text(encoding="utf-8")
    picture = (base / "anh-chinh.jpg").read_bytes()
    for n in range(MANY):
        day = dt.date(2020, 1, 2) + dt.timedelta(n)
        _write(root, text, f"bai-{n:03}", day, {"title": f"Việc nhỏ thứ {n + 1}", "name": f"Lê Mẫu Thứ {n + 1}", "photos": ""})
    for n, (slug, changed) in enumerate(AWKWARD.items()):
        folder = _write(root, text, slug, dt.date(2020, 12, 10) + dt.timedelta(n), {"unit": "don-vi-ten-dai", **changed})
        if "photos" not in changed:
            (folder / "anh-chinh.jpg").write_bytes(picture)
    site, problems = read_site(root, TODAY)
    assert problems == []
    for story in site.stories:
        path = root / story.origin.path
        path.with_name("approval.yml").write_text(written(_approval(story)), encoding="utf-8")
    return root


def _write(root: Path, text: str, slug: str, day: dt.date, changed: dict[str, str]) -> Path:
    folder = root / "stories" / str(day.year) / slug
    folder.mkdir(parents=True)
    name = changed["name"].replace("'", "''")
    subject = f"{{type: {changed.get('type', 'individual')}, name: '{name}', address_as: bà, role: Nhân viên, as_of: 2020-05-30}}"
    values = {
        "id": f"{day.year}-{slug}", "title": "'" + changed["title"].replace("'", "''") + "'", "date": day.isoformat(), "subject": subject,
        "campaigns": "[lao-dong-gioi, hoc-tap-va-lam-theo-bac]", "unit": changed.get("unit", "trung-tam-cong-tac-xa-hoi"),
    }  # fmt: skip
    for key, value in values.items():
        text = re.sub(rf"(?m)^{key}: .*$", lambda _, line=f"{key}: {value}": line, text, count=1)
    for key in ("photos", "awards"):
        if changed.get(key) == "":
            text = re.sub(rf"(?m)^{key}:\n(?:  .*\n)+", "", text)
    if changed.get("bare"):
        text = re.sub(
            r"(?m)^criteria:\n(?:  .*\n)+",
            "criteria:\n  A1: {figure: 1}\nwaive:\n  - {rule: TC006, reason: Bài để thử giao diện, until: 2099-12-31}\n",
            text,
        )
    (folder / "index.md").write_text(text.replace("2020-06-01}", f"{max(day, dt.date(2020, 6, 1))}}}"), encoding="utf-8")
    return folder


def _approval(story: Story) -> Approval:
    return Approval(
        body="Hội đồng Thi đua - Khen thưởng Sở", minutes="06/BB-HĐTĐKT", date=story.date, by=("Thư ký Hội đồng",),
        accepted=tuple(claim.id for claim in story.criteria), text_sha256=story.text_sha256,
    )  # fmt: skip


if __name__ == "__main__":
    make(Path(sys.argv[1]))
