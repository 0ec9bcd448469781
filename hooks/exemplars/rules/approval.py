"""Duyệt (DU): does the approval belong to this text, is it whole, are approver and author two people.

No approval at all is a state («chờ Hội đồng»), not a problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exemplars.approving import State, state
from exemplars.model import Finding
from exemplars.schema import values
from exemplars.vietnamese import fold, nfc, written_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Site, Story

NEEDED = {
    "body": "cơ quan", "minutes": "biên bản", "date": "ngày", "by": "người duyệt", "accepted": "tiêu chí", "text_sha256": "mã văn bản",
}  # fmt: skip
AGAIN = "Hãy tạo lại bằng `scripts/approve.py`."


def complete_approval(story: Story, _site: Site) -> Iterator[Finding]:
    """Tệp duyệt phải đủ cơ quan, biên bản, ngày, người duyệt, tiêu chí được thông qua và mã văn bản.

    Sai:
        body: Hội đồng Thi đua - Khen thưởng Sở
    Đúng:
        (tạo bằng `scripts/approve.py`, không viết tay)
    """
    if story.approval is None:
        return
    lacking = [said for name, said in NEEDED.items() if not getattr(story.approval, name)]
    lacking += [f"«{key.label}»" for _, key, value, _ in values(story.approval) if key.need == "always" and not value]
    path = story.approval.origin.path
    if lacking:
        yield Finding(1, f"Tệp duyệt thiếu {', '.join(lacking)}.", AGAIN, path)
    elif len(story.approval.text_sha256) != 64:  # noqa: PLR2004 - a sha256 in hex
        yield Finding(("text_sha256",), "Mã văn bản được duyệt không đúng dạng.", AGAIN, path)


def approved_text(story: Story, _site: Site) -> Iterator[Finding]:
    """Nội dung đăng phải đúng là nội dung Hội đồng đã duyệt.

    Sai:
        (sửa một câu trong bài sau khi có approval.yml)
    Đúng:
        (trình duyệt lại, hoặc Văn phòng ghi sửa chữa biên tập bằng `scripts/approve.py --correction`)

    Khi phần khai báo còn chỗ không đọc được (chẳng hạn ngày viết sai dạng) thì sửa chỗ ấy trước: sửa xong, chữ có thể lại đúng như đã duyệt.
    """
    if not story.origin.sound:  # what was refused is not in the hash: nobody can tell yet whether the text differs
        return
    if state(story) is State.EDITED and story.approval is not None and story.approval.text_sha256:
        day = written_date(story.approval.date) if story.approval.date else "…"
        says = f"Nội dung đã thay đổi sau khi duyệt ngày {day}."
        yield Finding(("id",), says, "Hãy trình duyệt lại, hoặc để Văn phòng ghi là sửa chữa không làm đổi nội dung.")


def approver_is_not_author(story: Story, _site: Site) -> Iterator[Finding]:
    """Người duyệt và người viết là hai người khác nhau.

    Sai:
        authors: [Trần Mẫu Đức]       # và approval.yml ghi by: [Trần Mẫu Đức]
    Đúng:
        by: [Thư ký Hội đồng]
    """
    if story.approval is None:
        return
    authors = {fold(nfc(author)).strip() for author in story.authors}
    for name in story.approval.by:
        if fold(nfc(name)).strip() in authors:
            says = f"Người duyệt «{name}» cũng là người viết."
            yield Finding(("by",), says, "Cần hai người khác nhau.", story.approval.origin.path)


def accepted_were_claimed(story: Story, _site: Site) -> Iterator[Finding]:
    """Hội đồng chỉ thông qua những tiêu chí mà bài đã khai.

    Sai:
        accepted: [A1, A2]            # bài chỉ khai A1
    Đúng:
        accepted: [A1]
    """
    if story.approval is None:
        return
    claimed = {claim.id for claim in story.criteria}
    extra = [id_ for id_ in story.approval.accepted if id_ not in claimed]
    if extra:
        says = f"Hội đồng thông qua {', '.join(extra)} nhưng bài không khai các tiêu chí này."
        yield Finding(("accepted",), says, "Hãy đối chiếu với biên bản.", story.approval.origin.path)
