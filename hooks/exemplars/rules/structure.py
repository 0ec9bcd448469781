"""Cấu trúc (CT): is everything there, is it text where text belongs, does each id and address stand for one thing.

What a file must be to be read at all (CT003, CT006–CT010, CT015–CT017) is said by `reading` and `shaping`.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from exemplars.bounds import numbered
from exemplars.linking import FAMILIES, story_address
from exemplars.model import LEDGER, Finding, Story
from exemplars.schema import Text, values
from exemplars.vietnamese import fold, nfc, written_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exemplars.model import Site
    from exemplars.schema import Key, Where

MARKUP = re.compile(r"<[a-zA-Z/!?]|\*\*|__|`|\]\(|&(?:#\w+|[a-zA-Z]+);")
HTML = re.compile(r"<(?:[a-zA-Z][^<>\n]*|/[a-zA-Z][^<>\n]*|!--|!\w|\?)")
MAIL_OR_WEB = re.compile(r"<(?:https?://|mailto:)[^<>\s]+>|<[^<>\s@]+@[^<>\s@]+>", re.IGNORECASE)
TARGET = re.compile(r"\]\(\s*+<?([^)\s>]*)|^ {0,3}\[[^\]\n]{1,200}\]:\s*<?([^\s>]+)|<([a-zA-Z][a-zA-Z0-9+.-]*:[^<>\s]*)>", re.MULTILINE)
SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
SCHEMES = frozenset({"https", "http", "mailto", "tel"})
PROMPT = "[Viết ở đây: "  # what scripts/new.py leaves under each heading for the writer to replace


def needed_keys(record: Any, _site: Site) -> Iterator[Finding]:
    """Những mục bắt buộc phải có.

    Sai:
        title:
    Đúng:
        title: Người sắp lại sổ trực đêm

    Thiếu một mục bắt buộc thì không dựng được trang.
    """
    for where, key, value, group in values(record):
        if key.need == "always" and not value and _asked(key, group):
            do = f"Hãy thêm, ví dụ: `{key.name}: {key.example}`." if key.example else f"Hãy thêm. {key.hint}".strip()
            yield Finding(where, f"Thiếu «{key.label}» (`{key.name}`).", do)


def keys_for_the_council(story: Story, _site: Site) -> Iterator[Finding]:
    """Những mục cần có trước khi trình Hội đồng. Khi còn `draft: true` đây chỉ là lời nhắc.

    Sai:
        draft: false        # mà chưa có tóm tắt
    Đúng:
        summary: Ba mươi phút ngồi lại với sổ trực đã giúp cả Trung tâm không còn ca đêm bỏ trống.
    """
    if story.withdrawn:
        return
    for where, key, value, group in values(story):
        if key.need == "ready" and not key.rule and not value and _asked(key, group):
            says = f"Bài chưa đủ để trình Hội đồng: thiếu «{key.label}» (`{key.name}`)."
            yield Finding(where, says, key.hint or "Hãy bổ sung.")


def _asked(key: Key, group: Any) -> bool:
    return key.asked is None or key.asked(group)


def one_record_an_id(site: Site) -> Iterator[Finding]:
    """Mỗi mã chỉ dùng cho một bài, một phong trào, một đơn vị…

    Sai:
        id: 2020-giu-lua        # bài khác đã dùng mã này
    Đúng:
        id: 2020-giu-lua-2
    """
    lists: tuple[Iterable[Any], ...] = (
        site.stories, site.campaigns, (*site.plans, *site.documents), site.events, site.units, site.awards, site.scopes,
        *site.terms.values(),
    )  # fmt: skip
    for records in lists:
        by_id: dict[str, list[Any]] = {}
        for record in records:
            by_id.setdefault(record.id, []).append(record)
        for id_, same in by_id.items():
            if not id_ or len(same) == 1:
                continue
            free = next(f"{id_}-{n}" for n in range(2, 10**6) if f"{id_}-{n}" not in by_id)
            owner, *others = sorted(same, key=lambda one: _claim(one, site))
            for other in others:
                says = f"Mã «{id_}» đã dùng ở {owner.origin.path}."
                yield _at(other, ("id",), says, f"Mỗi mã chỉ dùng một lần; gợi ý: «{free}».")


def _claim(record: Any, site: Site) -> int:
    """Who of several keeps their one id, the least first: a story published with it at its address, then at an old one, then the first."""
    ledger = {line.address for line in site.published if line.id == record.id} if isinstance(record, Story) else set()
    return 0 if ledger and story_address(record) in ledger else 1 if ledger and not ledger.isdisjoint(record.redirect_from) else 2


def _at(record: Any, where: Where, says: str, do: str) -> Finding:
    """A finding of a whole-site rule, on the record's own file (a row of a list is named by its line)."""
    return Finding(where if record.origin.text else record.origin.body_line, says, do, record.origin.path)


def published_addresses_answer(site: Site) -> Iterator[Finding]:
    """Địa chỉ đã đăng phải trả lời mãi, và mã của nó không đổi.

    Sai:
        (đổi tên hoặc xóa thư mục stories/2020/giu-lua)
    Đúng:
        redirect_from: [guong/2020/giu-lua/]
    """
    if site.unread.get("stories"):  # a file that cannot be read today may well be the one that answers
        return
    answers = {story_address(story): story for story in site.stories}
    answers |= {old: story for story in site.stories for old in story.redirect_from}
    by_id = {story.id: story for story in site.stories}
    for line in site.published:
        story = answers.get(line.address)
        named = story if story and story.id == line.id else by_id.get(line.id)  # a second one with that id is CT004's matter
        if story is None:
            says = f"Địa chỉ đã đăng «{line.address}» không còn bài nào trả lời."
            do = "Hãy giữ mã và thư mục cũ, thêm `redirect_from` vào bài thay thế, hoặc gỡ bài bằng mục `withdrawn`."
            yield Finding(line.line, says, do, LEDGER)
        elif story.id != line.id and line.address == story_address(story):
            says = f"Bài đã đăng với mã «{line.id}», nay ghi «{story.id}»."
            yield _at(story, ("id",), says, f"Mã không bao giờ đổi: hãy ghi lại `id: {line.id}`.")
        elif named is None:
            says = f"Mã «{line.id}» đã đăng ở «{line.address}» không còn bài nào mang."
            do = f"Hãy giữ thư mục của bài ấy, thêm `withdrawn` với `kind: consolidated` và `see: {story.id}`."
            yield Finding(line.line, says, do, LEDGER)
        elif named is not story and not named.withdrawn:
            says = f"Mã «{line.id}» đã dùng cho bài đăng ở «{line.address}»."
            do = "Chính bài ấy dời chỗ thì ghi địa chỉ đó vào `redirect_from` của bài này; bài khác thì dùng mã khác, mã không dùng lại."
            yield _at(named, ("id",), says, do)
        elif story.draft or not (story.withdrawn or story.decided):
            says = f"Bài đã đăng ở «{line.address}» nay là bản nháp hoặc không còn `approval.yml`: địa chỉ ấy sẽ mất."
            yield _at(story, ("id",), says, "Hãy bỏ `draft`, lấy lại `approval.yml`; muốn gỡ bài thì thêm `withdrawn`.")


def lengths(record: Any, _site: Site) -> Iterator[Finding]:
    """Chữ không quá dài so với chỗ nó sẽ đứng.

    Sai:
        summary: (bốn trăm ký tự)
    Đúng:
        summary: (một đến ba câu, không quá 300 ký tự)
    """
    for where, key, value, _ in values(record):
        most = key.shape.most if isinstance(key.shape, Text) else None
        if most and value and len(value) > most:
            says = f"«{key.label}» (`{key.name}`) dài {len(value)} ký tự, tối đa {most}."
            yield Finding(where, says, "Hãy rút gọn.")


def plain_text(record: Any, _site: Site) -> Iterator[Finding]:
    """Mục khai báo chỉ là chữ thường, không nhận thẻ HTML hay Markdown.

    Sai:
        title: Người **giữ lửa** ở <b>mái ấm</b>
    Đúng:
        title: Người giữ lửa ở mái ấm
    """
    for where, key, value, _ in values(record):
        if key.name == "quote":  # copied from the body as it stands there, emphasis included
            continue
        for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
            match = MARKUP.search(text) if isinstance(text, str) else None
            if match:
                says = f"«{key.label}» (`{key.name}`) chỉ là chữ thường, không nhận thẻ HTML hay Markdown: «{match[0]}»."
                yield Finding(where, says, "Hãy bỏ phần đánh dấu.", word=match[0])


def publishable_body(record: Any, _site: Site) -> Iterator[Finding]:
    """Thân bài viết bằng Markdown thường; thẻ HTML và liên kết lạ sẽ không được đăng.

    Sai:
        Xem <a href="javascript:alert(1)">ở đây</a>.
    Đúng:
        Xem [bài trước](../ho-so-tra-trong-ngay/index.md).
    """
    if not record.origin.text:
        return
    body = CODE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), record.origin.body)
    body = MAIL_OR_WEB.sub(lambda match: " " * len(match[0]), body) if "<" in body else body
    do = "Hãy viết bằng Markdown thường; liên kết chỉ dùng https, http, mailto, tel hoặc tệp cạnh bài."
    first = record.origin.body_line
    for line, match in numbered(body, HTML.finditer(body)):
        yield Finding(first + line, f"Thân bài có «{match[0]}», phần này sẽ không được đăng.", do, word=match[0])
    for line, match in numbered(body, TARGET.finditer(body)):
        target = next(group for group in (*match.groups(), "") if group is not None)
        scheme = SCHEME.match(target)
        if (scheme and scheme[1].lower() not in SCHEMES) or target.startswith(("//", "\\", "/\\")):
            yield Finding(first + line, f"Liên kết «{target}» sẽ không được đăng.", do, word=target)


def one_file_an_address(site: Site) -> Iterator[Finding]:
    """Mỗi địa chỉ chỉ một trang trả lời, kể cả khi chỉ khác chữ hoa.

    Sai:
        redirect_from: [guong/2020/giu-lua/]      # bài khác đang ở địa chỉ này
    Đúng:
        redirect_from: [guong/2020/giu-lua-cu/]
    """
    taken: dict[str, str] = {}
    for story in site.stories:
        taken.setdefault(story_address(story).casefold(), story.origin.path)
    for story in site.stories:
        for at, old in enumerate(story.redirect_from):
            other = taken.setdefault(old.casefold(), story.origin.path)
            if old == story_address(story) or old.split("/")[0] in FAMILIES:
                says = f"Địa chỉ cũ «{old}» đang là địa chỉ của một trang khác."
                yield _at(story, ("redirect_from", at), says, "Hãy bỏ địa chỉ này; chỉ ghi địa chỉ mà bài này từng có.")
            elif other != story.origin.path:
                says = f"Hai tệp cùng ra một địa chỉ «{old}»: {other} và {story.origin.path}."
                yield _at(story, ("redirect_from", at), says, "Hãy bỏ địa chỉ này ở một bài.")
            elif not re.fullmatch(r"(?:[a-z0-9-]+/)+", old):
                says = f"Địa chỉ cũ «{old}» không đúng dạng."
                yield _at(story, ("redirect_from", at), says, "Hãy viết như guong/2020/ten-cu/ (không có / ở đầu, có / ở cuối).")
    beside: dict[str, str] = {}
    for path in sorted(site.files):
        other = beside.setdefault(nfc(path).casefold(), path)  # one name to Windows and macOS
        if other != path:
            says = f"Hai tệp cùng ra một địa chỉ: «{path}» chỉ khác «{other}» ở chữ hoa hoặc cách mã hóa dấu."
            yield Finding(1, says, "Hãy đổi tên một tệp, dùng chữ thường không dấu.", path)


def body_written(story: Story, _site: Site) -> Iterator[Finding]:
    """Bài phải có phần thân, và không còn lời gợi ý của bài soạn sẵn.

    Sai:
        ## Hoàn cảnh
        [Viết ở đây: lúc đầu khó ở chỗ nào?]
    Đúng:
        ## Hoàn cảnh
        Hai giờ kém mười lăm, một đêm tháng 11 năm 2019, bảo vệ Trung tâm gọi cho bà.
    """
    body = "" if story.withdrawn else story.origin.body
    if not story.withdrawn and not body.strip():
        yield Finding(story.origin.body_line, "Bài chưa có phần thân.", "Hãy viết bài dưới dòng `---` thứ hai.")
    for line, _ in numbered(body, re.finditer(re.escape(PROMPT), body)):
        yield Finding(story.origin.body_line + line, "Lời gợi ý «[Viết ở đây: …]» còn trong bài.", "Hãy thay bằng lời kể của anh chị.")


def reasoned_waivers(story: Story, _site: Site) -> Iterator[Finding]:
    """Miễn một quy tắc phải có lý do và thời hạn.

    Sai:
        waive: [{rule: TC003}]
    Đúng:
        waive: [{rule: TC003, reason: Câu gốc trong biên bản ngắn, until: 2020-12-31}]
    """
    for at, waiver in enumerate(story.waive):
        if waiver.rule and not (waiver.reason and waiver.until):
            says = f"Miễn quy tắc {waiver.rule} phải có lý do (`reason`) và thời hạn (`until`)."
            yield Finding(("waive", at), says, "Hãy thêm, hoặc bỏ dòng miễn này.")


def days_in_order(story: Story, site: Site) -> Iterator[Finding]:
    """Ngày đăng, ngày sửa, ngày gỡ nối tiếp nhau, và không ở phía trước: nguồn tin báo bài theo những ngày ấy.

    Sai:
        date: 2020-11-20
        updated: 2020-11-02
    Đúng:
        date: 2020-11-02
        updated: 2020-11-20
    """
    gone = story.withdrawn.date if story.withdrawn else None
    days = [(where, name, day) for where, name, day in (
        (("date",), "Ngày đăng", story.date), (("updated",), "Ngày sửa", story.updated), (("withdrawn", "date"), "Ngày gỡ", gone),
    ) if day]  # fmt: skip
    for where, name, day in days:
        if site.ahead(day):
            yield Finding(where, f"{name} {written_date(day)} còn ở phía trước.", "Hãy ghi ngày hôm nay, hoặc ngày trước đó.")
    for (_, before, first), (where, name, day) in pairwise(days):
        if day < first:
            yield Finding(where, f"{name} {written_date(day)} đứng trước {before.lower()} {written_date(first)}.", "Hãy xem lại hai ngày.")


def explained_withdrawal(story: Story, _site: Site) -> Iterator[Finding]:
    """Gỡ bài phải nói lý do, hoặc chỉ tới bài thay thế.

    Sai:
        withdrawn: {date: 2020-11-20, kind: consolidated}
    Đúng:
        withdrawn: {date: 2020-11-20, kind: consolidated, see: 2020-ho-so-tra-trong-ngay}
    """
    withdrawn = story.withdrawn
    if withdrawn is None or not withdrawn.kind:
        return
    wants = ("see", "bài thay thế") if withdrawn.kind == "consolidated" else ("reason", "lý do")
    if not getattr(withdrawn, wants[0]):
        says = f"Gỡ bài kiểu «{withdrawn.kind}» cần `{wants[0]}`: {wants[1]}."
        yield Finding(("withdrawn",), says, "Hãy bổ sung.")
    elif withdrawn.see and fold(withdrawn.see) == fold(story.id):
        yield Finding(("withdrawn", "see"), "Bài thay thế lại là chính bài này.", "Hãy ghi mã của bài khác.")
