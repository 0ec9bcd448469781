"""Khen thưởng (KT): is each award told as its decision tells it, and does it fit the catalogue of its day.

What forms of recognition there are, for whom and by whom, stands in `content/data/awards.yml`; whether a decision is genuine, nobody here says.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from exemplars.model import COLLECTIVE, HOUSEHOLD, INDIVIDUAL, Finding
from exemplars.vietnamese import fold, nearest, written_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Award, AwardKind, Site, Story

SUBJECTS = {INDIVIDUAL: "cá nhân", COLLECTIVE: "tập thể", HOUSEHOLD: "hộ gia đình"}
NEEDED = {"number": "số", "date": "ngày", "authority": "cơ quan quyết định", "for_": "thành tích"}
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
OFFICE = re.compile(r"\buy ban nhan dan\b")
LEVELS = {"cap xa": r"(?:cap xa|xa|phuong|thi tran|dac khu)", "cap huyen": r"(?:cap huyen|huyen|quan|thi xa|thanh pho)"}
GIVEN = r"(?:tặng thưởng|trao tặng|phong tặng|truy tặng|tặng|trao|nhận|công nhận|đạt|khen thưởng)"
NOT_YET = re.compile(r"(?:chưa|không|chẳng|đề nghị|sẽ|để|phấn đấu)(?:\s+\w+){0,3}\s*$")


def _awards(story: Story, site: Site) -> Iterator[tuple[int, Award, AwardKind | None]]:
    """The awards of a story that is still told, each with its row of the catalogue."""
    for at, award in enumerate(() if story.withdrawn else story.awards):
        yield at, award, site.find("awards", award.type)


def _title(award: Award, kind: AwardKind | None) -> str:
    return kind.title if kind else award.type


def complete_awards(story: Story, site: Site) -> Iterator[Finding]:
    """Mỗi khen thưởng phải có số, ngày, cơ quan quyết định và thành tích được khen.

    Sai:
        awards: [{type: giay-khen, authority: Giám đốc Sở}]
    Đúng:
        awards: [{type: giay-khen, number: "118/QĐ-SLĐTBXH", date: 2020-05-22, authority: Giám đốc Sở, for: Sắp lại ca trực đêm}]
    """
    for at, award, kind in _awards(story, site):
        lacking = [name for name in NEEDED if not getattr(award, name)]
        if lacking:
            says = f"Khen thưởng «{_title(award, kind)}» thiếu {', '.join(NEEDED[name] for name in lacking)}."
            where = ("awards", at, lacking[0].rstrip("_")) if len(lacking) == 1 else ("awards", at)
            yield Finding(where, says, "Hãy ghi theo quyết định.")


def usual_authority(story: Story, site: Site) -> Iterator[Finding]:
    """Cơ quan quyết định nên là cơ quan có thẩm quyền tặng hình thức ấy.

    Sai:
        - {type: bang-khen-thu-tuong, authority: Giám đốc Sở, …}
    Đúng:
        - {type: bang-khen-thu-tuong, authority: Thủ tướng Chính phủ, …}

    Máy chỉ hỏi với dòng danh mục đã có người đối chiếu với văn bản chính thức (`checked`).
    """
    for at, award, kind in _awards(story, site):
        if kind and kind.checked and kind.authority and award.authority and not _decides(award.authority, kind.authority):
            says = f"«{kind.title}» thường do {' hoặc '.join(kind.authority)} quyết định, bài ghi «{award.authority}»."
            yield Finding(("awards", at, "authority"), says, "Hãy xem lại quyết định.")


def _decides(written: str, accepted: tuple[str, ...]) -> bool:
    """«Chủ tịch UBND tỉnh Bà Rịa - Vũng Tàu» is «Chủ tịch UBND tỉnh», «… xã Long Sơn» is «… cấp xã»."""
    told = _plain(written)
    return any(re.match(_spelling(_plain(one)) + r"\b", told) for one in accepted)


def _plain(text: str) -> str:
    return OFFICE.sub("ubnd", " ".join(re.findall(r"\w+", fold(text))))


def _spelling(plain: str) -> str:
    for level, names in LEVELS.items():
        plain = plain.replace(level, names)
    return plain


def dated_after_the_deed(story: Story, site: Site) -> Iterator[Finding]:
    """Quyết định khen thưởng có sau thành tích, và không ở tương lai.

    Sai:
        - {type: giay-khen, date: 2020-05-22, achieved: 2021, …}
    Đúng:
        - {type: giay-khen, date: 2020-05-22, achieved: 2020, …}
    """
    for at, award, _ in _awards(story, site):
        if award.date is None:
            continue
        day, done = written_date(award.date), _achieved(award.achieved)
        if site.ahead(award.date):
            yield Finding(("awards", at, "date"), f"Ngày quyết định {day} ở tương lai.", "Hãy xem lại.")
        elif done and award.date < done:
            says = f"Ngày quyết định {day} trước khi lập thành tích ({award.achieved})."
            yield Finding(("awards", at, "date"), says, "Hãy xem lại.")


def _achieved(written: str) -> dt.date | None:
    """The first day on which the deed can have been done: of a year its first one."""
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        years = YEAR.findall(written)
        return dt.date(int(min(years)), 1, 1) if years else None


def in_the_catalogue(story: Story, site: Site) -> Iterator[Finding]:
    """Danh hiệu, hình thức khen thưởng phải có trong danh mục của luật vào ngày quyết định.

    Sai:
        - {type: huy-hieu, date: 2024-05-22, …}          # luật từ năm 2024 không còn hình thức này
    Đúng:
        - {type: ky-niem-chuong, date: 2024-05-22, …}

    Căn cứ: `data/awards.yml`, mỗi dòng có thời gian hiệu lực (`law`).
    """
    for at, award, kind in _awards(story, site):
        if not award.type or (kind and _in_force(kind, award.date)) or (not kind and site.may_hold("awards", award.type)):
            continue
        near = nearest(award.type, [one.id for one in site.awards if one is not kind and _in_force(one, award.date)])
        day = f" vào ngày {written_date(award.date)}" if award.date else ""
        says = f"«{award.type}» không có trong danh mục danh hiệu, hình thức khen thưởng{day}."
        yield Finding(("awards", at, "type"), says, f"Có phải là «{near}»?" if near else "Hãy chọn một dòng trong data/awards.yml.")


def _in_force(kind: AwardKind, day: dt.date | None) -> bool:
    return kind.law is None or day is None or kind.law.holds(day)


def not_revoked(story: Story, site: Site) -> Iterator[Finding]:
    """Khen thưởng đã bị thu hồi không còn được nêu.

    Sai:
        - {type: giay-khen, …, revoked: {date: 2021-03-01}}          # mà bài vẫn đăng
    Đúng:
        (bỏ khen thưởng ấy khỏi bài và trình duyệt lại, hoặc gỡ bài)
    """
    for at, award, _ in _awards(story, site):
        if award.revoked:
            day = written_date(award.revoked.date) if award.revoked.date else "…"
            says = f"Quyết định {award.number or '…'} đã bị thu hồi ngày {day}."
            yield Finding(("awards", at, "revoked"), says, "Hãy đính chính bài hoặc gỡ bài.")


def one_deed_an_award(story: Story, site: Site) -> Iterator[Finding]:
    """Mỗi thành tích một khen thưởng.

    Sai:
        - {type: giay-khen, for: Sắp lại ca trực đêm, …}
        - {type: bang-khen, for: Sắp lại ca trực đêm, …}
    Đúng:
        - {type: giay-khen, for: Sắp lại ca trực đêm, …}
        - {type: bang-khen, for: Mười năm chăm sóc người cao tuổi, …}

    Căn cứ: Luật Thi đua, khen thưởng: không khen thưởng nhiều lần, nhiều hình thức cho một thành tích.
    """
    if len(story.awards) < 2:  # noqa: PLR2004
        return
    first: dict[str, str] = {}
    for at, award, kind in _awards(story, site):
        deed, title = " ".join(re.findall(r"\w+", fold(award.for_))), _title(award, kind)
        if deed and deed in first:
            says = f"Một thành tích được ghi cho hai khen thưởng ({first[deed]}, {title})."
            yield Finding(("awards", at, "for"), says, "Hãy tách riêng thành tích hoặc giải thích.")
        first.setdefault(deed, title)


def told_awards_are_listed(story: Story, site: Site) -> Iterator[Finding]:
    """Bài kể đã được khen thì mục «Khen thưởng» phải có quyết định ấy. Máy chỉ hỏi theo cách viết.

    Sai:
        Năm 2019, bà được tặng bằng khen.              (bài không có mục awards)
    Đúng:
        awards: [{type: bang-khen, number: "123/QĐ-UBND", date: 2019-02-03, …}]
    """
    if story.awards or story.withdrawn or not site.awards:
        return
    body = story.origin.body
    for match in _told(tuple(kind.title for kind in site.awards)).finditer(body):
        if not NOT_YET.search(body, max(match.start() - 40, 0), match.start()):
            says = f"Bài viết «{' '.join(match[0].split())}» nhưng mục «Khen thưởng» (`awards`) chưa có."
            do = "Hãy thêm quyết định, hoặc viết lại."
            yield Finding(story.origin.body_line + body.count("\n", 0, match.start()), says, do)


@lru_cache(maxsize=4)
def _told(titles: tuple[str, ...]) -> re.Pattern[str]:
    """A verb of giving, then a form of recognition as people call it: «Bằng khen của bộ, ban, ngành, tỉnh» → «bằng khen»."""
    names = {name for title in titles if " " in (name := re.split(r" của | cấp |,", title)[0].strip())}
    spelled = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=lambda name: (-len(name), name))) or "(?!)"
    return re.compile(rf"\b{GIVEN}\s+(?:\w+\s+){{0,5}}?(?:{spelled})\b", re.IGNORECASE)


def for_such_a_subject(story: Story, site: Site) -> Iterator[Finding]:
    """Có hình thức chỉ dành cho cá nhân, có hình thức chỉ dành cho tập thể hay hộ gia đình.

    Sai:
        subject: {type: collective, …}
        awards: [{type: lao-dong-tien-tien, …}]
    Đúng:
        awards: [{type: tap-the-lao-dong-tien-tien, …}]
    """
    about = story.subject.type if story.subject else ""
    for at, _, kind in _awards(story, site):
        if kind and about in SUBJECTS and kind.for_ and about not in kind.for_:
            meant = ", ".join(SUBJECTS[one] for one in kind.for_ if one in SUBJECTS)
            says = f"«{kind.title}» dành cho {meant}, bài viết về {SUBJECTS[about]}."
            yield Finding(("awards", at, "type"), says, "Hãy xem lại.")
