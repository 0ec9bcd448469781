"""Tiêu chí (TC): what a story claims, and whether the evidence for each claim is there.

Whether the evidence is good enough is for the Council; nothing here says so.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from exemplars.model import EVIDENCE, Finding
from exemplars.vietnamese import fold, has_passage, syllables, written_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exemplars.model import Claim, Criterion, Figure, Plan, Route, Site, Story

WORDS_LEAST = 8
MARKS = "“”\"'‘’«»"
KINDS = {
    "quote": "đoạn trích (`quote`)", "award": "khen thưởng (`award`)", "figure": "số liệu (`figure`)", "document": "văn bản (`document`)",
    "campaign": "phong trào (`campaign`)", "confirmation": "xác nhận của đơn vị: số, ngày, người ký (`confirmation`)",
}  # fmt: skip
YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def _claims(story: Story, site: Site) -> Iterator[tuple[Claim, Criterion]]:
    plan = site.plan_of(story)
    for claim in story.criteria if plan else ():
        criterion = plan.criterion(claim.id) if plan else None
        if criterion:
            yield claim, criterion


def _listed(kinds: Iterable[str]) -> str:
    return " hoặc ".join(KINDS[kind] for kind in kinds)


def known_criteria(story: Story, site: Site) -> Iterator[Finding]:
    """Tiêu chí được khai phải có trong kế hoạch của bài.

    Sai:
        criteria:
          A9: {quote: …}
    Đúng:
        criteria:
          A2: {quote: …}

    Căn cứ: mục `criteria` của kế hoạch mà bài ghi ở `plan`.
    """
    plan = site.plan_of(story)
    for claim in story.criteria if plan else ():
        criterion = plan.criterion(claim.id) if plan else None
        if criterion is None and plan is not None:
            known = ", ".join(one.id for one in plan.criteria)
            says = f"Tiêu chí {claim.id} không có trong kế hoạch «{plan.id}»."
            meant = next((one.id for one in plan.criteria if one.id.casefold() == claim.id.casefold()), "")
            yield Finding(("criteria", claim.id), says, f"Có phải là «{meant}»?" if meant else f"Các tiêu chí: {known}.")
        elif criterion and claim.part and claim.part not in {part.id for part in criterion.parts}:
            known = ", ".join(part.id for part in criterion.parts) or "không có ý nhỏ nào"
            says = f"Tiêu chí {claim.id} không có ý «{claim.part}»."
            yield Finding(("criteria", claim.id, "part"), says, f"Các ý: {known}.")


def quote_in_text(story: Story, _site: Site) -> Iterator[Finding]:
    """Đoạn trích làm dẫn chứng phải có nguyên văn trong phần thân bài.

    Sai:
        criteria:
          A2: {quote: bà có nhiều sáng kiến}           # thân bài không có câu này
    Đúng:
        criteria:
          A2: {quote: bà sắp lại sổ trực theo ca}      # chép một câu đang có trong bài

    Khi so, máy bỏ qua dấu nhấn Markdown, chỗ xuống dòng, kiểu dấu nháy và chữ hoa; dấu thanh, dấu câu phải giống.
    Máy chỉ nói câu ấy *có* trong bài. Câu ấy có đủ thuyết phục hay không là việc của Hội đồng.

    Căn cứ: kế hoạch của bài, mục `criteria`: tiêu chí nhận dẫn chứng loại `quote`.
    """
    body = story.origin.body if story.criteria else ""
    for claim in story.criteria:
        for at, quote in enumerate(claim.quote):
            if not has_passage(body, quote):
                says, do = f"Đoạn trích cho tiêu chí {claim.id} không có trong bài.", "Hãy chép nguyên văn một câu trong phần thân bài."
                if (bare := quote.strip(MARKS)) and bare != quote and has_passage(body, bare):
                    extra = " ".join(quote[: quote.index(bare)] + quote[quote.index(bare) + len(bare) :])
                    says = f"Đoạn trích cho tiêu chí {claim.id} có thêm dấu {extra} ở đầu hay cuối, trong bài không có."
                    do = f'Hãy bỏ dấu {extra}; bao đoạn trích bằng dấu nháy kép thẳng: "…".'
                yield Finding(_place(claim, "quote", at), says, do, word=quote)


def _place(claim: Claim, kind: str, at: int) -> tuple[str | int, ...]:
    return ("criteria", claim.id, kind, at) if len(getattr(claim, kind)) > 1 else ("criteria", claim.id, kind)


def whole_sentence(story: Story, site: Site) -> Iterator[Finding]:
    """Đoạn trích nên trọn một câu, không phải vài chữ.

    Sai:
        A6: {quote: giúp mọi người}
    Đúng:
        A6: {quote: Tối nào bà cũng nán lại nửa giờ chỉ cho người mới cách ghi sổ}
    """
    for claim, criterion in _claims(story, site):
        least = criterion.min_words or WORDS_LEAST
        for at, quote in enumerate(claim.quote):
            if quote and syllables(quote) < least:
                says = f"Đoạn trích cho tiêu chí {claim.id} chỉ có {syllables(quote)} âm tiết (nên từ {least})."
                yield Finding(_place(claim, "quote", at), says, "Hãy chép trọn câu.", word=quote)


def accepted_evidence(story: Story, site: Site) -> Iterator[Finding]:
    """Mỗi tiêu chí đã khai phải có ít nhất một dẫn chứng thuộc loại kế hoạch nhận.

    Sai:
        A2: {note: sẽ bổ sung}
    Đúng:
        A2: {quote: bà sắp lại sổ trực theo ca, không ai phải thức hai đêm liền}
    """
    for claim, criterion in _claims(story, site):
        if not any(claim.has(kind) for kind in (*criterion.evidence, *criterion.needs)):
            says = f"Đã khai tiêu chí {claim.id} nhưng chưa có dẫn chứng."
            yield Finding(("criteria", claim.id), says, f"Hãy thêm {_listed(criterion.evidence)}.")


def separate_passages(story: Story, _site: Site) -> Iterator[Finding]:
    """Mỗi tiêu chí nên có một đoạn trích riêng.

    Sai:
        A1: {quote: câu một}
        A2: {quote: câu một}
    Đúng:
        A1: {quote: câu một}
        A2: {quote: câu hai}
    """
    used: dict[str, list[str]] = {}
    for claim in story.criteria:
        for quote in claim.quote:
            used.setdefault(" ".join(fold(quote).split()), []).append(claim.id)
    for ids in used.values():
        if len(ids) > 1:
            says = f"Các tiêu chí {', '.join(ids)} dùng chung một đoạn trích."
            yield Finding(("criteria", ids[-1], "quote"), says, "Hãy chọn đoạn riêng cho từng tiêu chí, hoặc giải thích.")


def missing(plan: Plan, route: Route, claimed: set[str]) -> list[str]:
    """What a story still lacks of a route, as shown to a writer; empty when the route is complete."""
    lacking = [id_ for id_ in route.all_of if id_ not in claimed]
    wanted = (route.at_least or 1) if route.any_of else 0
    if sum(id_ in claimed for id_ in route.any_of) < wanted:
        lacking.append(f"{wanted} trong {', '.join(route.any_of)}")
    if plan.routes_relation == "base_plus" and route is not plan.routes[0]:
        lacking += [id_ for id_ in missing(plan, plan.routes[0], claimed) if id_ not in lacking]
    return lacking


def complete_route(story: Story, site: Site) -> Iterator[Finding]:
    """Bài trình Hội đồng cần theo trọn ít nhất một hướng của kế hoạch. Đây là liệt kê, không phải phán xét.

    Sai:
        criteria: {A1: …, A2: …}               # hướng A còn thiếu năm tiêu chí
    Đúng:
        criteria: {B1: …, B2: …, B3: …}        # trọn hướng B
    """
    plan = site.plan_of(story)
    if plan is None or not plan.routes or not story.criteria:
        return
    claimed = {claim.id for claim in story.criteria}
    lacking = {route.id: missing(plan, route, claimed) for route in plan.routes}
    if all(lacking.values()):
        told = "; ".join(f"{id_} thiếu {', '.join(ids)}" for id_, ids in lacking.items())
        yield Finding(("criteria",), f"Chưa theo trọn hướng nào: {told}.", "Hãy khai thêm, hoặc miễn quy tắc này với lý do (`waive`).")


def needed_evidence(story: Story, site: Site) -> Iterator[Finding]:
    """Có tiêu chí cần đúng một loại dẫn chứng, ví dụ giấy xác nhận của đơn vị.

    Sai:
        A4: {quote: anh luôn chấp hành tốt}
    Đúng:
        A4: {confirmation: {number: "12/XN-TTCTXH", date: 2020-05-28, by: Giám đốc Trung tâm}}
    """
    for claim, criterion in _claims(story, site):
        lacking = [kind for kind in criterion.needs if not claim.has(kind)]
        if lacking and any(claim.has(kind) for kind in EVIDENCE):
            says = f"Tiêu chí {claim.id} cần {' và '.join(KINDS[kind] for kind in lacking)}."
            yield Finding(("criteria", claim.id), says, "Hãy bổ sung.")
        paper = claim.confirmation
        if paper and not (paper.number and paper.date and paper.by):
            says = f"Giấy xác nhận cho tiêu chí {claim.id} cần đủ số, ngày, người ký."
            yield Finding(("criteria", claim.id, "confirmation"), says, "Hãy bổ sung.")


def _figures(story: Story, claim: Claim) -> list[Figure]:
    return [story.figures[n - 1] for n in claim.figure if n <= len(story.figures)]


def real_improvement(story: Story, site: Site) -> Iterator[Finding]:
    """Số liệu «vươn lên» phải muộn hơn mốc ban đầu và cùng đơn vị tính.

    Sai:
        C1: {figure: 1}       # kỳ 2020
        C2: {figure: 2}       # kỳ 2018
    Đúng:
        C1: {figure: 1}       # kỳ 2018
        C2: {figure: 2}       # kỳ 2020
    """
    for claim, criterion in _claims(story, site):
        base = next((one for one in story.criteria if one.id == criterion.improves_on), None)
        for before in _figures(story, base) if base else ():
            for after in _figures(story, claim):
                early, late = YEAR.findall(before.period), YEAR.findall(after.period)
                if before.unit != after.unit or (early and late and max(early) >= max(late)):
                    says = (
                        f"Mốc ban đầu ({criterion.improves_on}, {before.period or '…'}) không sớm hơn mốc đạt được "
                        f"({claim.id}, {after.period or '…'}), hoặc hai số liệu khác đơn vị tính."
                    )
                    yield Finding(("criteria", claim.id, "figure"), says, "Hãy kiểm tra lại.")


def within_the_plan(story: Story, site: Site) -> Iterator[Finding]:
    """Thành tích nêu trong bài nên nằm trong thời gian của kế hoạch (II.2.c).

    Sai:
        awards: [{type: bang-khen, date: 2016-02-03, …}]       # kế hoạch năm 2020
    Đúng:
        awards: [{type: bang-khen, date: 2020-02-03, …}]
    """
    plan = site.plan_of(story)
    period = plan.period if plan else None
    if plan is None or period is None:
        return
    cited = {n for claim in story.criteria for n in claim.award}
    for at, award in enumerate(story.awards):
        years = [int(year) for year in YEAR.findall(award.achieved)]
        days = [dt.date(year, 12, 31) for year in years] or ([award.date] if award.date else [])
        if at + 1 in cited and days and not any(period.holds(day) for day in days):
            span = f"{period.from_:%Y}–{period.to:%Y}" if period.from_ and period.to else "…"
            says = f"Bài thuộc kế hoạch «{plan.id}» ({span}) nhưng thành tích ngày {written_date(days[0])}."
            yield Finding(("awards", at), says, "Hãy giải thích hoặc chọn kế hoạch khác.")


def enough_results(story: Story, site: Site) -> Iterator[Finding]:
    """«Nhiều thành tích» nghĩa là nhiều kết quả riêng.

    Sai:
        C3: {award: 1}
    Đúng:
        C3: {award: 1, figure: [2, 3]}
    """
    for claim, criterion in _claims(story, site):
        named = (
            len({" ".join(fold(quote).split()) for quote in claim.quote})
            + len(set(claim.award))
            + len(set(claim.figure))
            + len(claim.document)
        )
        if criterion.at_least and named < criterion.at_least:
            says = f"Tiêu chí {claim.id} cần ít nhất {criterion.at_least} kết quả riêng; bài mới nêu {named}."
            yield Finding(("criteria", claim.id), says, f"Hãy thêm {_listed(criterion.evidence)}.")


def pointers_inside(story: Story, _site: Site) -> Iterator[Finding]:
    """Số thứ tự khen thưởng, số liệu phải có trong bài.

    Sai:
        A1: {award: 2}        # bài chỉ có một khen thưởng
    Đúng:
        A1: {award: 1}
    """
    for claim in story.criteria:
        for kind, said, there in (("award", "khen thưởng", len(story.awards)), ("figure", "số liệu", len(story.figures))):
            for at, number in enumerate(getattr(claim, kind)):
                if number > there:
                    says = f"Tiêu chí {claim.id} dẫn tới {said} thứ {number}, bài chỉ có {there}."
                    yield Finding(_place(claim, kind, at), says, "Hãy sửa số thứ tự (đếm từ 1).")


def complete_figures(story: Story, _site: Site) -> Iterator[Finding]:
    """Số liệu làm dẫn chứng phải có đơn vị tính, kỳ và nguồn.

    Sai:
        figures: [{name: Hồ sơ trong ngày, value: "96"}]
    Đúng:
        figures: [{name: Hồ sơ trong ngày, value: "96", unit: "%", period: quý I/2020, source: Sổ theo dõi}]
    """
    cited = {n for claim in story.criteria for n in claim.figure}
    for at, figure in enumerate(story.figures):
        lacking = [said for said, value in (("đơn vị tính", figure.unit), ("kỳ", figure.period), ("nguồn", figure.source)) if not value]
        if at + 1 in cited and lacking:
            says = f"Số liệu «{figure.name}» dùng làm dẫn chứng nhưng thiếu {', '.join(lacking)}."
            yield Finding(("figures", at), says, "Hãy bổ sung.")


def fresh_post(story: Story, site: Site) -> Iterator[Finding]:
    """«Đang lao động, công tác» phải còn đúng vào lúc đăng bài.

    Sai:
        subject: {…, as_of: 2018-01-01}      # bài đăng năm 2020
    Đúng:
        subject: {…, as_of: 2020-05-30}
    """
    as_of = story.subject.as_of if story.subject else None
    for claim, criterion in _claims(story, site):
        months = criterion.fresh_months
        if not months or not story.date:
            continue
        if as_of is None:
            says = f"Tiêu chí {claim.id} cần ngày mà công việc ấy còn đúng (`subject.as_of`)."
            yield Finding(("subject",), says, "Hãy ghi «Tính đến ngày».")
        elif (story.date.year - as_of.year) * 12 + story.date.month - as_of.month > months:
            says = f"«{criterion.title}» ({claim.id}) tính đến {written_date(as_of)}, quá {months} tháng trước ngày đăng."
            yield Finding(("subject", "as_of"), says, "Hãy xác nhận lại.")


def kept_private(story: Story, site: Site) -> Iterator[Finding]:
    """Có tiêu chí mặc định không công khai, vì nêu ra có thể làm tổn hại người được viết.

    Sai:
        (thân bài kể tỉ mỉ những ngày khó khăn nhất của nhân vật)
    Đúng:
        (thân bài chỉ nêu việc làm và kết quả)
    """
    for claim, criterion in _claims(story, site):
        if not criterion.public:
            says = f"Tiêu chí {claim.id} mặc định không công khai."
            yield Finding(("criteria", claim.id), says, "Hãy chắc rằng thân bài không làm tổn hại danh dự nhân vật.")
