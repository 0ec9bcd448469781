"""Lists of stories, cut into pages of 24: all of them, and those of each unit, field, kind, year."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from exemplars.linking import PER_PAGE, page_address
from exemplars.listing import pages_of
from exemplars.pages.page import Context, Page, Section, Sketch
from exemplars.story_view import Card, card, day
from exemplars.vietnamese import sort_key, written_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from exemplars.bodies import Body
    from exemplars.model import Story, Unit
    from exemplars.pages.charts import Chart


@dataclass(frozen=True, slots=True)
class Family:
    """A way to browse: the key of its stories, its address, its names."""

    key: str
    at: str
    title: str
    about: str
    none: str


FAMILIES = (
    Family("unit", "don-vi/", "Đơn vị", "Các phòng, đơn vị phát hiện và đề xuất gương.", "Chưa có câu chuyện nào được biểu dương ở đơn vị này."),
    Family("field", "linh-vuc/", "Lĩnh vực", "Gương trong lao động, sản xuất, học tập, công tác.", "Chưa có câu chuyện nào được biểu dương ở lĩnh vực này."),
    Family("kind", "loai/", "Thể loại", "Người tốt, việc tốt; điển hình tiên tiến; mô hình mới; nhân tố mới; cách làm hay.", "Chưa có câu chuyện nào được biểu dương thuộc thể loại này."),
    Family("year", "nam/", "Năm", "Câu chuyện theo năm đăng.", "Chưa có câu chuyện nào trong năm này."),
)  # fmt: skip
CAMPAIGNS = Family(
    "campaign",
    "phong-trao/",
    "Phong trào",
    "Các phong trào thi đua mà câu chuyện gắn với.",
    "Chưa có câu chuyện nào. Đơn vị có thể gửi gương đầu tiên.",
)
ALL = Family(
    "all",
    "guong/",
    "Tất cả câu chuyện",
    "Mọi câu chuyện đã được Hội đồng thông qua, mới nhất trước.",
    "Chưa có câu chuyện nào được biểu dương.",
)


def list_section(  # noqa: PLR0913, PLR0917
    context: Context, family: Family, at: str, title: str, about: str, stories: tuple[Story, ...],
    crumbs: tuple[tuple[str, str], ...], template: str = "list.html", first: Callable[[], Mapping[str, Any]] = dict,
    body: Body | None = None, feeds: tuple[tuple[str, str], ...] = (), more: str = "",
) -> Section:  # fmt: skip
    """A list cut into pages of 24; `first` and `body` belong to its first page only.

    more  stands for what `first` shows of the stories beside their cards
    """

    def made() -> Iterator[Sketch]:
        cut = pages_of(stories, PER_PAGE)
        for number, found in enumerate(cut, 1):
            given = {
                "kicker": family.title if title != family.title else "", "about": about, "count": written_number(len(stories)), "none": family.none,
                "number": number, "total": len(cut), "crumbs": crumbs, "newer": page_address(at, number - 1) if number > 1 else "",
                "older": page_address(at, number + 1) if number < len(cut) else "", "feed": (feeds[0][0] if feeds else "") + "feed.xml",
                **(first() if number == 1 else {}),
            }  # fmt: skip
            named = title if number == 1 else f"{title} · trang {number}"
            page = Page(page_address(at, number), template, named, about, given, body if number == 1 else None, newest(found, context),
                        listed=not context.shelf.preview, feeds=feeds)  # fmt: skip
            shown = tuple(card(story, context) for story in found)
            yield Sketch(page.address, repr((page, shown)), page.modified, page.listed, shown, partial(_filled, page, found, shown))

    marks = context.marks
    told = "".join([marks[story.origin.path] for story in stories])
    return Section(at, hashlib.sha256(f"{told} {more}".encode()).hexdigest(), made)


def newest(stories: Iterable[Story], context: Context) -> dt.date | None:
    """The day on which the last of them changed."""
    changes = context.shelf.changes
    newest = max([changes[story.origin.path] for story in stories], default="")
    return dt.date.fromisoformat(newest) if newest else None


def _filled(page: Page, stories: tuple[Story, ...], cards: tuple[Card, ...]) -> Page:
    """A page of a list with the stories of that page, by year."""
    years: dict[str, list[Card]] = {}
    for story, shown in zip(stories, cards, strict=True):
        years.setdefault(story.year, []).append(shown)
    return replace(page, data={**page.data, "years": tuple((year, tuple(group)) for year, group in years.items())})


def members(context: Context, family: Family) -> list[tuple[str, str, str]]:
    """The members of a family in order: (id, title, about); empty ones stay, and say so on their page."""
    site = context.shelf.site
    if family.key == "unit":
        return sorted(((u.id, u.name, _unit_note(u, context)) for u in site.units), key=lambda row: sort_key(row[1]))
    if family.key == "year":
        years = {story.year for story in site.stories if not story.withdrawn}
        return [(year, f"Năm {year}", f"Các câu chuyện đăng trong năm {year}.") for year in sorted(years, reverse=True)]
    return [(term.id, term.title, term.about) for term in site.terms.get(f"{family.key}s", ())]


def _unit_note(unit: Unit, context: Context) -> str:
    """Where the unit stands, and what became of one that has ended."""
    site = context.shelf.site
    parent = site.find("units", unit.parent)
    heirs = [heir.name for heir in (site.find("units", id_) for id_ in unit.successors) if heir]
    ended = f" Hoạt động đến ngày {day(unit.to)[0]}" + (f"; nay là {', '.join(heirs)}." if heirs else ".") if unit.to else ""
    return (f"Thuộc {parent.name}." if parent else "") + ended


def family_sections(context: Context, family: Family) -> Iterator[Section]:
    rows = members(context, family)
    yield Section(family.at, "", lambda: (index_page(context, family.at, family.title, family.about, _counted(context, family, rows)),))
    for id_, title, about in rows:
        at = f"{family.at}{id_}/"
        feeds = () if family.key == "year" else ((at, f"{family.title}: {title}"),)
        yield list_section(
            context, family, at, title, about, context.shelf.of(family.key, id_), crumbs=((family.at, family.title),), feeds=feeds
        )


def _counted(context: Context, family: Family, rows: list[tuple[str, str, str]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"href": f"{family.at}{id_}/", "title": title, "about": about, "count": len(context.shelf.of(family.key, id_))}
        for id_, title, about in rows
    )


def index_page(  # noqa: PLR0913, PLR0917
    context: Context, at: str, title: str, about: str, entries: tuple[Mapping[str, Any], ...], charts: tuple[Chart, ...] = (),
    crumbs: tuple[tuple[str, str], ...] = (),
) -> Page:  # fmt: skip
    """A page of links to lists, each with its count."""
    data = {"about": about, "entries": entries, "total": written_number(len(context.shelf.stories)), "crumbs": crumbs, "charts": charts}
    return Page(at, "entries.html", title, about, data, listed=not context.shelf.preview)
