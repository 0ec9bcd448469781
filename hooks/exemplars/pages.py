"""Which pages the site has: each an address, a template and its data. Pure: no file, no template, no clock.

Data are plain values (text, numbers, tuples, mappings): their `repr` is the key under which a finished page is kept,
so whatever a page shows must be in its data, and nothing else can change it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from zlib import crc32

from exemplars.bodies import Body, Picture
from exemplars.briefs import links_within
from exemplars.calendars import ALL as CALENDAR
from exemplars.calendars import event_calendar
from exemplars.explaining import FAMILIES as RULE_FAMILIES
from exemplars.explaining import LEVELS, explanations
from exemplars.explaining import PAGE as RULES_PAGE
from exemplars.linking import (
    FEEDS_PAGE,
    FRAME,
    PER_PAGE,
    SEARCH,
    address,
    criterion_address,
    file_address,
    page_address,
    rendition,
    resolve,
    story_address,
)
from exemplars.listing import pages_of
from exemplars.model import Story
from exemplars.searching import FACETS
from exemplars.story_view import Card, card, day, published_photos, story_data
from exemplars.vietnamese import sort_key, written_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from exemplars.listing import Shelf
    from exemplars.model import Campaign, Criterion, Plan, Settings, Unit

PEOPLE_ON_ONE_PAGE = 300


@dataclass(frozen=True, slots=True)
class Page:
    """One page to be made.

    address   site-relative, ending in "/"
    data      what the template shows, plain values only
    body      the Markdown text of the page, where it has one
    modified  the newest day in what it shows, for the sitemap
    listed    whether search engines may list it
    feeds     (home, title) of the topics whose feeds the page belongs to, beside the site's
    """

    address: str
    template: str
    title: str
    description: str
    data: Mapping[str, Any]
    body: Body | None = None
    modified: dt.date | None = None
    listed: bool = True
    feeds: tuple[tuple[str, str], ...] = field(default=())

    @property
    def quotes(self) -> tuple[tuple[str, str], ...]:
        """(id, quote) of the passages that its text marks, since its claims lead to them."""
        evidence = (one for claim in self.data.get("claims", ()) for one in claim["evidence"])
        return tuple((href[1:], text) for kind, text, href in evidence if kind == "quote")

    @property
    def cards(self) -> Iterator[Card]:
        """The cards it shows."""
        for _, stories in self.data.get("years", ()):
            yield from stories
        for shown, _ in self.data.get("related", ()):
            yield shown


class Sketch(NamedTuple):
    """A page that is made only where it does not stand already.

    told   stands for all that the page shows: of two sketches of one address with equal `told` the same page is made
    cards  those that it shows
    whole  makes the page
    """

    address: str
    told: str
    modified: dt.date | None
    listed: bool
    cards: tuple[Card, ...]
    whole: Callable[[], Page]

    def __repr__(self) -> str:
        return f"Sketch({self.address} {self.told})"


@dataclass(frozen=True, slots=True)
class Family:
    """A way to browse: the key of its stories, its address, its names."""

    key: str
    at: str
    title: str
    about: str
    none: str


FAMILIES = (
    Family("unit", "don-vi/", "Đơn vị", "Các phòng, đơn vị đã phát hiện và đề xuất gương.", "Chưa có câu chuyện nào được biểu dương ở đơn vị này."),
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


@dataclass(frozen=True)
class Context:
    """What every page is made from.

    sizes     sha256 of a photo → (width, height) of its renditions, narrow first
    problems  repository path → what is wrong there; shown in a preview only
    search    whether the site has a search index
    fed       whether feeds are made; a build without them is for measuring only
    cards     story id → its card, as far as they are made: one build's memory, never an input
    links     path of a record → the links and pictures of its text, likewise
    faces     path of a story → hash of all its files, where that is known: a page is then not made only to see whether it changed
    entries   path of a story → its entry in feeds, as far as they are made
    settled   paths of stories whose page depends on nothing that has changed since `kept` was made
    kept      path of a story → hashes of what other pages, feeds and the search index show of it, by name, as far as they are made
    renewed   paths of stories of which this build has kept something else than it was given
    """

    shelf: Shelf
    settings: Settings
    sizes: Mapping[str, tuple[tuple[int, int], ...]]
    problems: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    search: bool = False
    fed: bool = True
    cards: dict[str, Card] = field(default_factory=dict)
    links: dict[str, tuple[tuple[tuple[str, str], ...], tuple[tuple[str, Picture], ...]]] = field(default_factory=dict)
    faces: Mapping[str, str] = field(default_factory=dict)
    kept: dict[str, dict[str, str]] = field(default_factory=dict)
    entries: dict[str, Any] = field(default_factory=dict)
    settled: AbstractSet[str] = frozenset()
    renewed: set[str] = field(default_factory=set)

    def known(self, story: Story, name: str) -> str:
        """The hash kept under that name; "" where it is not known."""
        return self.kept.get(story.origin.path, {}).get(name, "")

    def keep(self, story: Story, name: str, digest: str) -> None:
        path = story.origin.path
        kept = self.kept.setdefault(path, {})
        if kept.get(name) != digest:
            kept[name] = digest
            self.renewed.add(path)

    @cached_property
    def marks(self) -> Mapping[str, str]:
        """Path of a story → what stands for it in a list: its card, and the day of its last change, which is the sitemap's."""
        shelf = self.shelf
        return {story.origin.path: card(story, self).digest + shelf.brief(story).changed for story in shelf.stories}

    @property
    def searched(self) -> bool:
        """An index without a story would be none."""
        return self.search and bool(self.shelf.stories)


class Section(NamedTuple):
    """Pages that belong together.

    told   stands for all that they show beside what is no story: while it is the same, none of them need be looked at; "" where
           only a look at each can tell
    pages  makes them, one after another
    """

    name: str
    told: str
    pages: Callable[[], Iterable[Page | Sketch]]


SAME = "-"  # what shows nothing of any story


def pages(context: Context) -> Iterator[Page | Sketch]:
    """Every page of ours, each made when it is asked for."""
    for section in sections(context):
        yield from section.pages()


def sections(context: Context) -> Iterator[Section]:
    """Every page of ours, by sections."""
    yield from _story_sections(context)
    yield Section("gone", "", partial(_gone, context))
    yield _list(context, ALL, ALL.at, ALL.title, ALL.about, context.shelf.stories, crumbs=())
    for family in FAMILIES:
        yield from _family(context, family)
    yield from _campaigns(context)
    yield from _criteria(context)
    yield Section("nhan-vat/", _people_told(context), partial(_people, context))
    yield Section("others", "", lambda: (_documents(context), _events(context), *_feeds(context), _search(context)))
    yield Section(RULES_PAGE, SAME, lambda: (_rules(),))


# --- stories ------------------------------------------------------------------------------------------------------------


PARTS = 64  # sections that the pages of stories are cut into: one edit opens those of its story and of the stories beside it


def _story_sections(context: Context) -> Iterator[Section]:
    """The pages of stories, in parts that a new story does not shift."""
    parts: dict[str, list[Story]] = defaultdict(list)
    for story in context.shelf.stories:
        parts[f"stories {crc32(story.origin.path.encode()) % PARTS:02}"].append(story)
    for name in sorted(parts):
        rows = [(story, *_story_told(story, context)) for story in parts[name]]
        told = "".join(told for _, told, _ in rows) if all(told for _, told, _ in rows) else ""
        yield Section(name, told and hashlib.sha256(told.encode()).hexdigest(), partial(_stories, rows, context))


def _story_told(story: Story, context: Context) -> tuple[str, tuple[Card, ...]]:
    """What stands for a story's page, "" where only the page itself can tell; and the cards that it shows, if it may have changed."""
    path = story.origin.path
    if path in context.settled and (told := context.known(story, "page")):
        return told, ()
    face = context.faces.get(path)
    if face is None:
        return "", ()
    near = tuple((card(other, context), why) for other, why in context.shelf.related(story))
    told = _told(story, face, near, context)
    context.keep(story, "page", told)
    return told, tuple(shown for shown, _ in near)


def _stories(rows: list[tuple[Story, str, tuple[Card, ...]]], context: Context) -> Iterator[Page | Sketch]:
    for story, told, near in rows:
        if told:
            listed = not context.shelf.preview
            yield Sketch(story_address(story), told, context.shelf.changed(story), listed, near, partial(_story, story, context))
        else:
            yield _story(story, context)


def _gone(context: Context) -> Iterator[Page]:
    """Notices of stories that were withdrawn, and ways from earlier addresses."""
    for story in context.shelf.site.stories:
        if story.withdrawn:
            yield _tombstone(story, context)
        for old in story.redirect_from:
            yield _redirect(old, story_address(story))


def _story(story: Story, context: Context) -> Page:
    return Page(
        story_address(story), "story.html", story.title, story.summary, story_data(story, context), body_of(story, context),
        context.shelf.changed(story), listed=not context.shelf.preview,
    )  # fmt: skip


def _told(story: Story, face: str, near: tuple[tuple[Card, str], ...], context: Context) -> str:
    """All that a story's page depends on beside what is no story: its own files, its neighbours, where its links lead."""
    sizes = [context.sizes.get(sha256) for _, sha256 in context.shelf.brief(story).photos]
    problems = context.problems.get(story.origin.path, ())
    told = repr((face, near, linked(story, context), sizes, problems, context.shelf.preview))
    return hashlib.sha256(told.encode(errors="replace")).hexdigest()[:32]


def body_of(record: Any, context: Context) -> Body:
    """The text of a record with everything its HTML depends on: where its links lead, which pictures it may show."""
    return Body(record.origin.body, *linked(record, context))


def linked(record: Any, context: Context) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, Picture], ...]]:
    """The links of a text that lead within the repository, with where they lead on the site; its pictures likewise."""
    made = context.links.get(record.origin.path)
    if made is None:
        links = _links(record, context)
        made = context.links[record.origin.path] = links, (_pictures(record, links, context) if links else ())
    return made


def _pictures(record: Any, links: tuple[tuple[str, str], ...], context: Context) -> tuple[tuple[str, Picture], ...]:
    named = {href for href, _ in links}
    return tuple(
        (file, Picture(story_address(record) + rendition(file, wide=True), *context.sizes[sha256][1]))
        for file, sha256 in (published_photos(record, context) if isinstance(record, Story) else ())
        if file in named
    )


def _links(record: Any, context: Context) -> tuple[tuple[str, str], ...]:
    links = []
    for href in context.shelf.brief(record).links if isinstance(record, Story) else links_within(record):
        found, anchor = resolve(href, record.origin.path, context.shelf.site)
        links.append((href, _shown_address(found, context) + (f"#{anchor}" if anchor else "")))
    return tuple(links)


def _shown_address(found: Any, context: Context) -> str:
    """Where a link may lead; "" to a story that readers do not see, and to a photo, which is published as a picture only."""
    if found is None or (isinstance(found, Story) and not context.shelf.shows(found)):
        return ""
    if isinstance(found, str):
        return file_address(found) if found.endswith(".pdf") else ""
    return address(found)


GONE = {
    "error": "Bài đăng ở địa chỉ này đã được gỡ vì có sai sót.",
    "consolidated": "Bài đăng ở địa chỉ này đã được gộp vào một bài khác.",
    "withdrawn": "Bài đăng ở địa chỉ này đã được rút.",
}


def _tombstone(story: Story, context: Context) -> Page:
    """The notice that stays at the address: no name, no text, no picture of the story."""
    withdrawn = story.withdrawn
    heir = context.shelf.site.find("stories", withdrawn.see) if withdrawn and withdrawn.see else None
    if withdrawn and heir is not None and context.shelf.shows(heir):
        return _redirect(story_address(story), story_address(heir))
    says = GONE.get(withdrawn.kind if withdrawn else "", GONE["withdrawn"])
    data = {"says": says, "day": day(withdrawn.date if withdrawn else None), "reason": withdrawn.reason if withdrawn else ""}
    return Page(
        story_address(story), "withdrawn.html", "Bài đã gỡ", says, data, modified=withdrawn.date if withdrawn else None, listed=False
    )


def gone_and_moved(context: Context) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Addresses that only a notice answers, and those that moved, with where to: what a server can tell by its status."""
    stories = context.shelf.site.stories
    notices = [_tombstone(story, context) for story in stories if story.withdrawn]
    gone = tuple(page.address for page in notices if page.template == "withdrawn.html")
    moved = [(page.address, page.data["to"]) for page in notices if page.template == "redirected.html"]
    moved += [(old, story_address(story)) for story in stories for old in story.redirect_from]
    return tuple(sorted(gone)), tuple(sorted(moved))


def _redirect(at: str, to: str) -> Page:
    return Page(at, "redirected.html", "Địa chỉ đã chuyển", "Câu chuyện ở địa chỉ này đã chuyển chỗ.", {"to": to}, listed=False)


# --- lists --------------------------------------------------------------------------------------------------------------


def _list(  # noqa: PLR0913, PLR0917
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
    newest = max((context.shelf.brief(story).changed for story in stories), default="")
    return dt.date.fromisoformat(newest) if newest else None


def _filled(page: Page, stories: tuple[Story, ...], cards: tuple[Card, ...]) -> Page:
    """A page of a list with the stories of that page, by year."""
    years: dict[str, list[Card]] = {}
    for story, shown in zip(stories, cards, strict=True):
        years.setdefault(story.year, []).append(shown)
    return replace(page, data={**page.data, "years": tuple((year, tuple(group)) for year, group in years.items())})


def _entries(context: Context, family: Family) -> list[tuple[str, str, str]]:
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


def _family(context: Context, family: Family) -> Iterator[Section]:
    rows = _entries(context, family)
    yield Section(family.at, "", lambda: (_index(context, family.at, family.title, family.about, _counted(context, family, rows)),))
    for id_, title, about in rows:
        at = f"{family.at}{id_}/"
        feeds = () if family.key == "year" else ((at, f"{family.title}: {title}"),)
        yield _list(context, family, at, title, about, context.shelf.of(family.key, id_), crumbs=((family.at, family.title),), feeds=feeds)


def _counted(context: Context, family: Family, rows: list[tuple[str, str, str]]) -> tuple[Mapping[str, Any], ...]:
    return tuple(
        {"href": f"{family.at}{id_}/", "title": title, "about": about, "count": len(context.shelf.of(family.key, id_))}
        for id_, title, about in rows
    )


def _index(  # noqa: PLR0913, PLR0917
    context: Context, at: str, title: str, about: str, entries: tuple[Mapping[str, Any], ...], charts: tuple[Chart, ...] = (),
    crumbs: tuple[tuple[str, str], ...] = (),
) -> Page:  # fmt: skip
    """A page of links to lists, each with its count."""
    data = {"about": about, "entries": entries, "total": written_number(len(context.shelf.stories)), "crumbs": crumbs, "charts": charts}
    return Page(at, "entries.html", title, about, data, listed=not context.shelf.preview)


def _campaigns(context: Context) -> Iterator[Section]:
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
    yield Section(CAMPAIGNS.at, "", lambda: (_index(context, CAMPAIGNS.at, CAMPAIGNS.title, CAMPAIGNS.about, entries),))
    for one in site.campaigns:
        stories = shelf.of("campaign", one.id)
        yield _list(
            context, CAMPAIGNS, address(one), one.title, one.goals[0] if one.goals else CAMPAIGNS.about, stories,
            ((CAMPAIGNS.at, CAMPAIGNS.title),), "campaign.html", partial(_campaign, one, stories, context), body_of(one, context),
            ((address(one), f"Phong trào: {one.label}"),), repr((linked(one, context), [shelf.accepted(story) for story in stories])),
        )  # fmt: skip


def _campaign(one: Campaign, stories: tuple[Story, ...], context: Context) -> Mapping[str, Any]:
    """What the first page of a campaign shows beside its stories."""
    site = context.shelf.site
    return {
        "facts": _campaign_facts(one, site), "goals": one.goals, "reviews": tuple(_review(review, site) for review in one.reviews),
        "events": tuple((address(event), event.title, day(event.starts)) for event in site.events if one.id in event.campaigns),
        "criteria": _criteria_of(stories, context), "charts": _campaign_charts(stories, site),
    }  # fmt: skip


def _criteria_of(stories: tuple[Story, ...], context: Context) -> tuple[tuple[str, str, int], ...]:
    """The criteria that the Council accepted for these stories: (title, address, how many of them), in the plans' order."""
    met = Counter((story.plan, id_) for story in stories for id_ in context.shelf.accepted(story))
    plans = context.shelf.site.plans
    return tuple(
        (f"{one.id} · {one.title}", criterion_address(plan.id, one.id), met[plan.id, one.id])
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
        f"Tổng số tăng từ {first[1]} câu chuyện {_low(first[0])} lên {before} câu chuyện {_low(last[0])}." if len(steps) > 1
        else f"Có {before} câu chuyện, đều đăng trong {_low(first[0])}."
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
Chart: TypeAlias = "Mapping[str, Any]"


def chart(id_: str, title: str, finding: str, rows: tuple[tuple[str, int, int, str], ...]) -> Chart:
    """What a bar chart and the table beneath it show.

    finding  one sentence of what there is to see, computed from the rows
    rows     (label, count before, new count, address of its list or "")
    gives    for each row the two widths in % of the longest bar, as text with one decimal, too
    """
    most = max((before + new for _, before, new, _ in rows), default=0) or 1
    bars = tuple(
        (label, before + new, f"{100 * before / most:.1f}", f"{100 * new / most:.1f}", new, href) for label, before, new, href in rows
    )
    return {"id": id_, "title": title, "finding": finding, "rows": bars, "stacked": any(before for _, before, _, _ in rows)}


def _criteria_chart(plan: Plan, context: Context) -> Chart:
    rows = tuple((row["title"], 0, row["count"], row["href"]) for row in _criterion_rows(plan, context))
    met = sum(count > 0 for _, _, count, _ in rows)
    finding = f"{met} trong {len(rows)} tiêu chí đã có câu chuyện được Hội đồng thông qua; một câu chuyện có thể được thông qua theo nhiều tiêu chí."
    return chart(f"tieu-chi-{plan.id}", f"Câu chuyện theo tiêu chí của «{plan.title}»", finding, rows)


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


# --- criteria, people, documents, events ------------------------------------------------------------------------------------


def _criteria(context: Context) -> Iterator[Section]:
    yield Section("tieu-chi/", "", partial(_criteria_indexes, context))
    for plan in context.shelf.site.plans:
        for one in plan.criteria:
            if one.public:
                yield _criterion(context, plan, one)


def _criteria_indexes(context: Context) -> Iterator[Page]:
    plans = context.shelf.site.plans
    about = "Câu chữ của kế hoạch, dẫn chứng được nhận, ai xét. Máy chỉ kiểm là có dẫn chứng; xét hay không là việc của Hội đồng."
    rows = tuple(row for plan in plans for row in _criterion_rows(plan, context))
    yield _index(context, "tieu-chi/", "Tiêu chí", about, rows, tuple(_criteria_chart(plan, context) for plan in plans))
    for plan in plans:
        at = f"tieu-chi/{plan.id}/"
        yield _index(context, at, f"Tiêu chí của kế hoạch «{plan.title}»", about, tuple(_criterion_rows(plan, context)),
                     (_criteria_chart(plan, context),), (("tieu-chi/", "Tiêu chí"),))  # fmt: skip


def _criterion_rows(plan: Plan, context: Context) -> Iterator[Mapping[str, Any]]:
    for one in plan.criteria:
        if one.public:
            count = len(context.shelf.of("criterion", f"{plan.id}/{one.id}"))
            title = f"{one.id} · {one.title}"
            yield {"href": criterion_address(plan.id, one.id), "title": title, "about": f"«{one.quote}»", "count": count}


EVIDENCE = {
    "quote": "đoạn trích nguyên văn", "award": "khen thưởng có quyết định", "figure": "số liệu có kỳ và nguồn", "document": "văn bản",
    "campaign": "phong trào", "confirmation": "giấy xác nhận của đơn vị",
}  # fmt: skip


def _criterion(context: Context, plan: Plan, one: Criterion) -> Section:
    family = Family("criterion", "tieu-chi/", "Tiêu chí", "", "Chưa có câu chuyện nào được Hội đồng thông qua theo tiêu chí này.")
    route = next((route.title for route in plan.routes if one.id in (*route.all_of, *route.any_of)), "")
    first = {
        "quote": one.quote, "clause": one.clause, "plan": (plan.title, address(plan)), "route": route, "judged_by": one.judged_by,
        "parts": tuple((part.id, part.title, part.quote) for part in one.parts),
        "evidence": tuple(EVIDENCE[kind] for kind in one.evidence), "needs": tuple(EVIDENCE[kind] for kind in one.needs),
    }  # fmt: skip
    return _list(
        context, family, criterion_address(plan.id, one.id), f"{one.id} · {one.title}", f"«{one.quote}»",
        context.shelf.of("criterion", f"{plan.id}/{one.id}"), (("tieu-chi/", "Tiêu chí"),), "criterion.html", lambda: first,
    )  # fmt: skip


def _people_told(context: Context) -> str:
    """Stands for all that the lists of people show: names, titles and units, in the order that follows from the names."""
    rows = [f"{card(one, context).digest}{one.subject.name}{one.subject.sort_as}" if one.subject else "" for one in context.shelf.stories]
    return hashlib.sha256("\n".join(rows).encode(errors="replace")).hexdigest()


def _people(context: Context) -> Iterator[Page]:
    """A–Z by given name; on one page while it can be read, then a page for each letter."""
    letters, at = context.shelf.people, "nhan-vat/"
    about = "Nhân vật và tập thể xếp theo tên, từ A đến Y."
    whole = sum(len(found) for _, found in letters) <= PEOPLE_ON_ONE_PAGE
    links = tuple((letter, len(found), f"#chu-{_letter(letter)}" if whole else f"{at}{_letter(letter)}/") for letter, found in letters)
    groups = (
        tuple((letter, _letter(letter), tuple(_person(story, context) for story in found)) for letter, found in letters) if whole else ()
    )
    none = "" if letters else "Chưa có nhân vật nào."
    data = {"about": about, "letters": links, "groups": groups, "crumbs": (), "none": none, "whole": whole}
    yield Page(at, "people.html", "Nhân vật", about, data, listed=not context.shelf.preview)
    for letter, found in () if whole else letters:
        group = ((letter, _letter(letter), tuple(_person(story, context) for story in found)),)
        data = {"about": about, "letters": links, "groups": group, "crumbs": ((at, "Nhân vật"),), "none": "", "whole": False}
        yield Page(f"{at}{_letter(letter)}/", "people.html", f"Nhân vật: {letter}", about, data, listed=not context.shelf.preview)


def _letter(letter: str) -> str:
    """An address of its own for each of the 29 letters: a ă â d đ are five."""
    doubled = {"Ă": "aw", "Â": "aa", "Đ": "dd", "Ê": "ee", "Ô": "oo", "Ơ": "ow", "Ư": "uw", "#": "khac"}
    return doubled.get(letter, letter.lower())


def _person(story: Story, context: Context) -> tuple[str, str, str, str]:
    unit = context.shelf.site.find("units", story.unit)
    return (story_address(story), story.subject.name if story.subject else "", story.title, unit.label if unit else "")


CITED = 5  # of the stories that rest on a document, so many are named


def _documents(context: Context) -> Page:
    """The library, newest first; a document without a day comes last and says why."""
    site = context.shelf.site
    rows = []
    for one in sorted((*site.plans, *site.documents), key=lambda d: (d.issued is None, -(d.issued.toordinal() if d.issued else 0), d.id)):
        kind, evidence = site.find("document_kinds", one.kind), context.shelf.documents_cited.get(one.id, ())
        rows.append({
            "id": one.id, "title": one.title, "kind": kind.title if kind else "", "authority": one.authority, "day": day(one.issued),
            "number": one.number or (f"…/{one.symbol}" if one.symbol else ""), "draft": one.draft,
            "compared": bool(one.compared), "criteria": f"tieu-chi/{one.id}/" if one in site.plans else "",
            "url": one.official_url, "ended": day(one.effective.to if one.effective else None),
            "since": day(one.effective.from_ if one.effective else None),
            "evidence": written_number(len(evidence)) if evidence else "",
            "evidenced": tuple((story.title, story_address(story)) for story in evidence[:CITED]), "more": len(evidence) > CITED,
            "replaces": _documents_named(one.replaces, site), "replaced_by": _documents_named(one.replaced_by, site),
            "plans": _documents_named(tuple(plan.id for plan in site.plans if plan.parent == one.id), site),
            "cited": tuple((campaign.label, address(campaign)) for campaign in site.campaigns if one.id in (*campaign.documents, *campaign.plans)),
        })  # fmt: skip
    about = "Văn bản mà kế hoạch và các phong trào dẫn tới. Số và ngày để trống khi nguồn không ghi."
    return Page(
        "van-ban/",
        "documents.html",
        "Văn bản",
        about,
        {"about": about, "rows": tuple(rows), "crumbs": ()},
        listed=not context.shelf.preview,
    )


def _documents_named(ids: tuple[str, ...], site: Any) -> tuple[tuple[str, str], ...]:
    return tuple((cited(found), address(found)) for id_ in ids if (found := site.find("documents", id_)))


def _events(context: Context) -> Page:
    """All events by day, the farthest ahead first; «sắp diễn ra» would depend on the day of the build, so pages print dates only."""
    site = context.shelf.site
    rows = []
    for one in sorted(site.events, key=lambda e: (e.starts.isoformat() if e.starts else "", e.id), reverse=True):
        kind, mode, unit = site.find("event_kinds", one.kind), site.find("event_modes", one.mode), site.find("units", one.unit)
        found = (story for id_ in one.stories if (story := site.find("stories", id_)) and context.shelf.shows(story))
        rows.append({
            "id": one.id, "title": one.title, "kind": kind.title if kind else "", "mode": mode.title if mode else "",
            "unit": (unit.name, f"don-vi/{unit.id}/") if unit else ("", ""), "place": one.place, "day": day(one.starts),
            "starts": _moment(one.starts), "ends": _moment(one.ends), "ics": event_calendar(one) if one.starts else "",
            "documents": _documents_named(one.documents, site),
            "hours": _hours(one.starts, one.ends), "result": one.result, "sample": one.sample,
            "paragraphs": tuple(" ".join(part.split()) for part in one.origin.body.split("\n\n") if part.strip()),
            "stories": tuple((story.title, story_address(story)) for story in found),
            "campaigns": tuple((c.label, address(c)) for id_ in one.campaigns if (c := site.find("campaigns", id_))),
        })  # fmt: skip
    about = "Tọa đàm, giao lưu, học tập và báo cáo kinh nghiệm."
    none = "" if rows else "Chưa có sự kiện nào."
    data = {"about": about, "rows": tuple(rows), "crumbs": (), "none": none, "calendar": CALENDAR if rows else ""}
    return Page("su-kien/", "events.html", "Sự kiện", about, data, listed=not context.shelf.preview)


def _moment(moment: dt.datetime | None) -> str:
    """A moment for machines (ISO 8601, Vietnam's time); a day alone where no hour is given."""
    if moment is None:
        return ""
    return moment.date().isoformat() if (moment.hour, moment.minute) == (0, 0) else f"{moment:%Y-%m-%dT%H:%M}:00+07:00"


def _hours(starts: dt.datetime | None, ends: dt.datetime | None) -> str:
    if starts is None or (starts.hour, starts.minute) == (0, 0):
        return ""
    return f"{starts:%H:%M}" + (f" – {ends:%H:%M}" if ends and ends.date() == starts.date() else "")


def _rules() -> Page:
    """Every code that a check can give, family by family, in the words of the rules' own docstrings; kept out of search."""
    told = explanations().values()
    families = []
    for family, (name, about) in RULE_FAMILIES.items():
        rules = tuple(
            {"id": one.code.lower(), "code": one.code, "level": LEVELS[one.level], "title": _coded(one.title), "wrong": one.wrong,
             "right": one.right, "remedy": tuple(_coded(said) for said in (*one.notes, one.remedy)), "clause": _coded(one.clause)}
            for one in told if one.code.startswith(family)
        )  # fmt: skip
        if rules:
            families.append({"code": family, "name": name, "about": about, "rules": rules})
    about = "Những điều máy hỏi khi kiểm một bài: sai thế nào, đúng thế nào, sửa thế nào. Máy không chấm điểm và không xét ai hơn ai."
    return Page(RULES_PAGE, "rules.html", "Quy tắc", about, {"about": about, "families": tuple(families), "crumbs": ()}, listed=False)


def _coded(text: str) -> tuple[tuple[str, bool], ...]:
    """A text cut at its backticks: (words, whether they are code)."""
    return tuple((words, at % 2 == 1) for at, words in enumerate(text.split("`")) if words)


# --- feeds, for people and for other sites -----------------------------------------------------------------------------------


class FeedType(NamedTuple):
    """A format of feeds: its file beside the page of a topic, its media type, its name."""

    name: str
    media_type: str
    label: str


FEEDS = {
    "rss": FeedType("feed.xml", "application/rss+xml", "RSS"),
    "atom": FeedType("atom.xml", "application/atom+xml", "Atom"),
    "json": FeedType("feed.json", "application/feed+json", "JSON Feed"),
}
SITE_TOPIC = ""
FRAMED = 10  # stories in a frame


def feed_address(home: str, form: str, archive: int = 0) -> str:
    """The subscription document of a topic, or its archive of that number, from 1, the oldest."""
    stem, _, ending = FEEDS[form].name.partition(".")
    return f"{home}{stem}-{archive}.{ending}" if archive else f"{home}{stem}.{ending}"


class Topic(NamedTuple):
    """What has feeds of its own: the site, a campaign, a unit, a field, a kind.

    home   site-relative address of its page; the feeds stand beside it
    id     the last part of the feed's permanent id
    since  the day of a feed that has no entry yet
    """

    home: str
    id: str
    title: str
    about: str
    stories: tuple[Story, ...]
    since: dt.date | None = None


def topics(context: Context) -> Iterator[Topic]:
    """Everything that has feeds, the site first."""
    settings, shelf = context.settings, context.shelf
    yield Topic(SITE_TOPIC, "site", settings.site_name, settings.description, shelf.stories)
    for one in shelf.site.campaigns:
        about = one.goals[0] if one.goals else CAMPAIGNS.about
        title = f"{settings.site_name}: {one.label}"
        yield Topic(address(one), f"phong-trao/{one.id}", title, about, shelf.of("campaign", one.id), one.starts)
    for family in FAMILIES:
        for id_, title, about in _entries(context, family) if family.key != "year" else ():
            stories = shelf.of(family.key, id_)
            yield Topic(f"{family.at}{id_}/", f"{family.at}{id_}", f"{settings.site_name}: {title}", about or family.about, stories)


def _feeds(context: Context) -> Iterator[Page]:
    """The page that explains feeds to people, and the pages that portals show in a frame."""
    found, site_url = tuple(topics(context)), context.settings.site_url
    rows = tuple(
        (one.home, one.title if not one.home else one.title.removeprefix(f"{context.settings.site_name}: "), len(one.stories),
         day(newest(one.stories, context)), _framed(one))
        for one in found
    )  # fmt: skip
    about = (
        "Theo dõi bằng phần mềm đọc tin, hoặc đưa câu chuyện lên cổng thông tin của đơn vị. Mỗi nguồn tin mang trọn bài, mới nhất trước."
    )
    frame = f'<iframe src="{site_url}{FRAME}#n5" title="Gương điển hình" width="100%" height="420" loading="lazy"></iframe>'
    script = f'<div id="guong-sang"></div>\n<script src="{site_url}assets/embed.js" data-n="5" data-into="guong-sang" async></script>'
    data = {
        "about": about, "rows": rows, "crumbs": (), "forms": tuple((form.name, form.label) for form in FEEDS.values()), "site_url": site_url,
        "frame": frame, "script": script, "calendar": CALENDAR, "example": next((one.home for one in found if one.home and _framed(one)), ""),
    }  # fmt: skip
    yield Page(FEEDS_PAGE, "feeds.html", "Nguồn tin", about, data, listed=not context.shelf.preview)
    for one in found:
        if _framed(one):
            stories = tuple((c["href"], c["title"], c["day"]) for c in (card(story, context) for story in one.stories[:FRAMED]))
            shown: dict[str, Any] = {"title": one.title, "home": one.home, "stories": stories, "most": FRAMED}
            yield Page(FRAME + one.home, "frame.html", one.title, one.about, shown, listed=False)


def _framed(topic: Topic) -> bool:
    return topic.home.startswith((CAMPAIGNS.at, "don-vi/")) or topic.home == SITE_TOPIC


# --- search ---------------------------------------------------------------------------------------------------------------

BROWSE = (
    (CAMPAIGNS.at, CAMPAIGNS.title), *((family.at, family.title) for family in FAMILIES), ("tieu-chi/", "Tiêu chí"),
    ("nhan-vat/", "Nhân vật"), (ALL.at, ALL.title), ("van-ban/", "Văn bản"), ("su-kien/", "Sự kiện"),
)  # fmt: skip
SHOWN_WITHOUT_QUERY = 3


def _search(context: Context) -> Page:
    """The search page. Without JavaScript, or where no index was made, it leads to every way of browsing."""
    about = "Tìm theo tên, đơn vị, phong trào, việc làm; gõ không dấu cũng được."
    newest = tuple(card(story, context) for story in context.shelf.stories[:SHOWN_WITHOUT_QUERY])
    data = {
        "about": about,
        "searched": context.searched,
        "browse": BROWSE,
        "facets": tuple(FACETS.items()),
        "years": (("", newest),),
        "crumbs": (),
    }
    return Page(SEARCH, "search.html", "Tìm gương điển hình", about, data, listed=False)


# --- home ---------------------------------------------------------------------------------------------------------------

LATEST = 6


def shell_page(address_: str, title: str, description: str) -> Page:
    """A hand-written page, as far as its head asks for it."""
    return Page(address_, "main.html", title, description, {})


def home(context: Context, lead: str = "") -> Mapping[str, Any]:
    """What the home page shows besides its own text: a lead story (`lead`, else the newest), the latest, ways to browse."""
    shelf, site = context.shelf, context.shelf.site
    first = next((story for story in shelf.stories if story.id == lead), shelf.stories[0] if shelf.stories else None)
    latest = [story for story in shelf.stories if story is not first][:LATEST]
    plan = site.find("plans", context.settings.plan) or (site.plans[0] if site.plans else None)
    return {
        "problems": tuple(told for path in sorted(context.problems) for told in context.problems[path]),
        "lead": {**card(first, context), "summary": first.summary, "quote": _first_quote(first, site)} if first else None,
        "latest": tuple(card(story, context) for story in latest),
        "campaigns": tuple((address(one), one.label, len(shelf.of("campaign", one.id))) for one in site.campaigns),
        "criteria": tuple(_criterion_rows(plan, context)) if plan else (),
        "numbers": (
            (written_number(len(shelf.stories)), "câu chuyện", "guong/"),
            (written_number(len({story.unit for story in shelf.stories})), "đơn vị", "don-vi/"),
            (written_number(sum(bool(shelf.of("campaign", one.id)) for one in site.campaigns)), "phong trào", "phong-trao/"),
        ),
    }


def _first_quote(story: Story, site: Any) -> str:
    """The first passage that a public criterion rests on."""
    plan = site.plan_of(story)
    public = {one.id for one in plan.criteria if one.public} if plan else set()
    return next((claim.quote[0] for claim in story.criteria if claim.id in public and claim.quote), "")
