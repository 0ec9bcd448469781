"""A story's withdrawal written into its front matter: one block of text, every other character as it was. Pure."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from exemplars.model import Withdrawal
from exemplars.vietnamese import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Site, Story

FENCE = re.compile(r"(?:^|(?<=\r))---[ \t]*(\r\n?|\n|\Z)", re.MULTILINE)
CALLED = "(?i:ông|bà|anh|chị|cô|chú|bác|cụ|em|đồng chí)"
WORD = re.compile(r"\w+")


class Refused(Exception):  # noqa: N818 - what it is
    """Why the withdrawal cannot be written; the message says what to do, in Vietnamese."""


def withdrawn(text: str, withdrawal: Withdrawal) -> str:
    """The text of a story's `index.md` with the block before the closing fence; line ends stay what they are.

    errors  Refused: the file has no closed front matter at its head
    """
    fences = list(FENCE.finditer(text.removeprefix("\ufeff")))
    if len(fences) < 2 or fences[0].start():  # noqa: PLR2004 - an opening and a closing one
        raise Refused("Phần khai báo chưa nằm giữa hai dòng `---` ở đầu tệp. Hãy sửa chỗ ấy trước (make check chỉ rõ dòng).")
    shift = len(text) - len(text.removeprefix("\ufeff"))
    at, end = fences[1].start() + shift, fences[0][1]
    return text[:at] + "".join(line + end for line in _lines(withdrawal)) + text[at:]


def _lines(withdrawal: Withdrawal) -> Iterator[str]:
    yield "withdrawn:"
    yield f"  date: {withdrawal.date}"
    yield f"  kind: {withdrawal.kind}"
    if withdrawal.reason:
        quoted = withdrawal.reason.replace("\\", "\\\\").replace('"', '\\"')
        yield f'  reason: "{quoted}"'
    if withdrawal.see:
        yield f"  see: {withdrawal.see}"


def refusals(story: Story, withdrawal: Withdrawal, site: Site, today: dt.date) -> Iterator[str]:
    """What is wrong with a withdrawal, each with its remedy; what the rules say of the block is not repeated here."""
    if story.withdrawn:
        day = story.withdrawn.date
        yield f"Bài đã gỡ{f' ngày {day:%d/%m/%Y}' if day else ''}. Muốn đổi lý do thì sửa mục `withdrawn` trong {story.origin.path}."
    if (story.draft or not story.decided) and all(line.id != story.id for line in site.published):
        what = "là bản nháp" if story.draft else "còn chờ Hội đồng"
        yield f"Bài {what}, chưa từng đăng, nên không có gì để gỡ: người đọc chưa thấy bài. Không dùng nữa thì xóa thư mục của bài."
    if withdrawal.kind == "consolidated" and not withdrawal.see:
        yield "Gộp vào bài khác (consolidated) thì cần --see: mã của bài nhận."
    if withdrawal.kind != "consolidated" and not withdrawal.reason.strip():
        yield "Cần --reason: một câu lý do. Câu này hiện ở địa chỉ cũ cho mọi người đọc."
    if withdrawal.date and withdrawal.date > today:
        yield f"Ngày gỡ {withdrawal.date:%d/%m/%Y} còn ở phía trước. Hãy ghi ngày hôm nay hoặc trước đó."
    last = story.updated or story.date
    if withdrawal.date and last and withdrawal.date < last:
        yield f"Ngày gỡ {withdrawal.date:%d/%m/%Y} đứng trước ngày đăng hay ngày sửa bài ({last:%d/%m/%Y}). Hãy ghi ngày sau đó."
    if withdrawal.see:
        yield from _heir_refused(story, withdrawal.see, site)
    yield from _told_by_reason(story, withdrawal.reason)


def _heir_refused(story: Story, see: str, site: Site) -> Iterator[str]:
    heir = site.find("stories", see)
    if see == story.id:
        yield "--see lại là chính bài này. Hãy ghi mã của bài khác."
    elif heir is None:
        yield f"--see: không có bài nào mang mã «{see}»."
    elif heir.withdrawn:
        yield f"--see: bài «{see}» cũng đã gỡ. Hãy ghi mã của bài còn đăng."
    elif heir.draft or not heir.decided:
        yield f"--see: bài «{see}» chưa đăng, nên chưa dẫn người đọc tới được. Hãy đăng bài ấy trước, hoặc ghi mã của bài còn đăng."


def _told_by_reason(story: Story, reason: str) -> Iterator[str]:
    """The reason is public: what it must not repeat."""
    said = _words(reason)
    for name in _people(story):
        if _words(name) and f" {_words(name)} " in f" {said} ":
            yield f"Lý do nêu tên «{name}», mà lời báo gỡ thì ai cũng đọc được. Hãy viết lại câu ấy, không nêu tên."


def called(story: Story, reason: str) -> str:
    """How the reason calls somebody by the last word of the name, «Chị Thị»; "" where it does not. A reminder only: that word may be another."""
    found = (re.search(rf"\b{CALLED} {re.escape(name.split()[-1])}\b", reason) for name in _people(story))
    return next((one[0] for one in found if one), "")


def _people(story: Story) -> list[str]:
    """The names of all whom the story tells of by name."""
    names = [story.subject.name] if story.subject else []
    names += [one.name for one in story.consent.others] if story.consent else []
    return [name for name in names if name.strip()]


def _words(text: str) -> str:
    return " ".join(WORD.findall(fold(text)))
