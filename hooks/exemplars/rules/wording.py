"""Văn tự (VT): is the text written as Vietnamese is.

What concerns the bytes of a file (VT001–VT004: encoding, wrong characters, control characters) is said by `reading`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exemplars.model import Finding
from exemplars.spelling import mixed_tones

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Site, Story
    from exemplars.spelling import Mend


def one_place_for_tones(story: Story, _site: Site) -> Iterator[Finding]:
    """Cả bài đặt dấu thanh theo một kiểu: hòa, khỏe, túy hoặc hoà, khoẻ, tuý.

    Sai:
        Hai bên hòa giải xong, ai cũng vui khoẻ.
    Đúng:
        Hai bên hòa giải xong, ai cũng vui khỏe.

    Tên riêng và chữ trong ngoặc kép được để nguyên: Thúy hay Thuý là do người mang tên chọn. Tìm kiếm và xếp thứ tự coi hai kiểu như nhau.
    """
    body = story.origin.body
    old, new = mixed_tones(body)
    if old and new:
        first = new[0] if len(old) >= len(new) else old[0]
        says = f"Bài đặt dấu theo hai kiểu: {len(old)} chỗ như «{_word(body, old[0])}», {len(new)} chỗ như «{_word(body, new[0])}»."
        line = story.origin.body_line + body.count("\n", 0, first.start)
        yield Finding(line, says, f"Hãy dùng một kiểu; «{_word(body, first)}» cũng viết «{_word(body, first, first.right)}».")


def _word(text: str, at: Mend, end: str = "") -> str:
    before = re.search(r"\w*\Z", text[max(at.start - 6, 0) : at.start])
    return (before[0] if before else "") + (end or text[at.start : at.end])
