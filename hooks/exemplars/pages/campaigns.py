"""Pages of campaigns (phong trào): launching document, period, goals, reviews, events, progress, stories."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

from exemplars.linking import address, criterion_address
from exemplars.pages.charts import Chart, chart
from exemplars.pages.lists import CAMPAIGNS, index_page, list_section
from exemplars.pages.page import Context, Section
from exemplars.pages.stories import body_of, linked
from exemplars.story_view import day
from exemplars.vietnamese import sort_key, written_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from exemplars.model import Campaign, Story


def campaign_sections(context: Context) -> Iterator[Section]:
    site, shelf = context.shelf.site, context.shelf
    entries = tuple(
        {
            "href": address(one),
            "title": one.title,
            "about": ", ".join(_campaign_notes(one, site)),
            "count": len(shelf.of("campaign", one.id)),
        }
        for one in site.campaigns
    )
    yield Section(CAMPAIGNS.at, "", lambda: (index_page(context, CAMPAIGNS.at, CAMPAIGNS.title, CAMPAIGNS.about, entries),))
    for one in site.campaigns:
        stories = shelf.of("campaign", one.id)
        yield list_section(
            context, CAMPAIGNS, address(one), one.title, one.goals[0] if one.goals else CAMPAIGNS.about, stories,
            ((CAMPAIGNS.at, CAMPAIGNS.title),), "campaign.html", partial(_campaign, one, stories, context), body_of(one, context),
            ((address(one), f"Phong trào: {one.label}"),), repr((linked(one, context), [(story.plan, story.unit) for story in stories], _criteria_of(stories, context))),
        )  # fmt: skip


def _campaign(one: Campaign, stories: tuple[Story, ...], context: Context) -> Mapping[str, Any]:
    """What the first page of a campaign shows beside its stories."""
    site = context.shelf.site
    return {
        "facts": _campaign_facts(one, site), "goals": one.goals, "reviews": tuple(_review(review, site) for review in one.reviews),
        "events": tuple((address(event), event.title, day(event.starts)) for event in site.events if one.id in event.campaigns),
        "criteria": _criteria_of(stories, context), "charts": _campaign_charts(stories, site),
    }  # fmt: skip


def _criteria_of(stories: tuple[Story, ...], context: Context) -> tuple[tuple[str, str, str], ...]:
    """The criteria that the Council accepted for these stories: (title, address, how many of all that it leads to), in the plans' order."""
    met = Counter((story.plan, id_) for story in stories for id_ in context.shelf.accepted(story))
    plans, shelf = context.shelf.site.plans, context.shelf
    return tuple(
        (f"{one.id} · {one.title}", criterion_address(plan.id, one.id),
         f"{written_number(met[plan.id, one.id])} trong {written_number(len(shelf.of('criterion', f'{plan.id}/{one.id}')))}")
        for plan in plans for one in plan.criteria if met[plan.id, one.id]
    )  # fmt: skip


def _campaign_charts(stories: tuple[Story, ...], site: Any) -> tuple[Chart, ...]:
    """How the stories of a campaign grew from quarter to quarter, and which units told them; nothing for fewer than two."""
    if len(stories) < 2:  # noqa: PLR2004
        return ()
    months = Counter((story.date.year, (story.date.month + 2) // 3) for story in stories if story.date)
    quarters = [(year, n) for year in range(min(months)[0], max(months)[0] + 1) for n in range(1, 5)] if months else []
    quarters = [one for one in quarters if min(months) <= one <= max(months)]
    rows, before = [], 0
    if len(quarters) > QUARTERS:
        years = Counter({year: sum(months[year, n] for n in range(1, 5)) for year in {year for year, _ in months}})
        steps = [(f"Năm {year}", years[year]) for year in range(min(years), max(years) + 1)]
    else:
        steps = [(f"Quý {ROMAN[n]}/{year}", months[year, n]) for year, n in quarters]
    for label, new in steps:
        rows.append((label, before, new, ""))
        before += new
    first, last = steps[0], steps[-1]
    grown = (
        f"Tổng số tăng từ {written_number(first[1])} câu chuyện {_low(first[0])} lên {written_number(before)} câu chuyện {_low(last[0])}." if len(steps) > 1
        else f"Có {written_number(before)} câu chuyện, đều đăng trong {_low(first[0])}."
    )  # fmt: skip
    units = Counter(story.unit for story in stories)
    named = sorted((unit for id_ in units if (unit := site.find("units", id_))), key=lambda unit: sort_key(unit.label))
    told = tuple((unit.label, 0, units[unit.id], f"don-vi/{unit.id}/") for unit in named)
    return (
        chart("tien-do", "Tiến độ: số câu chuyện cộng dồn", grown, tuple(rows)),
        chart("theo-don-vi", "Câu chuyện theo đơn vị", f"{len(told)} đơn vị đã có câu chuyện trong phong trào này.", told),
    )


def _low(label: str) -> str:
    """«Quý II/2020» inside a sentence."""
    return label[:1].lower() + label[1:]


QUARTERS = 12
ROMAN = ("", "I", "II", "III", "IV")


def _campaign_notes(one: Campaign, site: Any) -> Iterator[str]:
    if not one.emulation:
        yield "Phong trào"
    kind = site.find("campaign_types", one.type)
    if kind:
        yield kind.title
    if one.starts or one.ends:
        yield f"{day(one.starts)[0] or '…'} – {day(one.ends)[0] or 'nay'}"


def _campaign_facts(one: Campaign, site: Any) -> tuple[tuple[str, tuple[tuple[str, str], ...]], ...]:
    """Rows of label and values with their link; a fact that the sources do not give has no row."""
    level, kind, parent = site.find("levels", one.level), site.find("campaign_types", one.type), site.find("campaigns", one.parent)
    documents = tuple((cited(found), address(found)) for id_ in one.documents if (found := site.find("documents", id_)))
    plans = tuple((cited(found), address(found)) for id_ in one.plans if (found := site.find("plans", id_)))
    occasions = tuple((found.title, "") for id_ in one.occasions if (found := site.find("occasions", id_)))
    rows = (
        ("Văn bản gọi là", ((f"“{one.quoted_name}”", ""),) if one.quoted_name else ()),
        ("Cấp phát động", ((level.title, ""),) if level else ()),
        ("Cơ quan phát động", ((one.authority, ""),) if one.authority else ()),
        ("Loại", ((kind.title, ""),) if kind else ()),
        ("Thời gian", ((f"{day(one.starts)[0] or '…'} – {day(one.ends)[0] or 'nay'}", ""),) if one.starts or one.ends else ()),
        ("Văn bản phát động", documents),
        ("Nêu trong", plans),
        ("Dịp", occasions),
        ("Thuộc phong trào", ((parent.title, address(parent)),) if parent else ()),
    )
    return tuple((label, values) for label, values in rows if values)


def cited(document: Any) -> str:
    """A document as it is cited: kind and number; a draft without number prints the blank, never an invented one."""
    number = document.number or (f"…/{document.symbol}" if document.symbol else "")
    when = f" ngày {day(document.issued)[0]}" if document.issued else ""
    return f"{document.title}" + (f" (số {number}{when})" if number else "")


def _review(review: Any, site: Any) -> Mapping[str, Any]:
    kind = site.find("review_kinds", review.kind)
    return {"kind": kind.title if kind else "", "day": day(review.date), "result": review.result, "lessons": review.lessons}
