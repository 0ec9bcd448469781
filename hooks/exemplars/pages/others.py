"""Pages there is one of each: documents, events, rules, search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exemplars.calendars import ALL as CALENDAR
from exemplars.calendars import event_calendar
from exemplars.explaining import FAMILIES as RULE_FAMILIES
from exemplars.explaining import LEVELS, explanations
from exemplars.explaining import PAGE as RULES_PAGE
from exemplars.linking import SEARCH, address, story_address
from exemplars.pages.campaigns import cited
from exemplars.pages.lists import ALL, CAMPAIGNS, FAMILIES
from exemplars.pages.page import Context, Page
from exemplars.searching import FACETS
from exemplars.story_view import card, day
from exemplars.vietnamese import written_number

if TYPE_CHECKING:
    import datetime as dt


CITED = 5  # of the stories that rest on a document, so many are named


def documents_page(context: Context) -> Page:
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
    about = "Kế hoạch, văn bản phát động và văn bản liên quan. Số và ngày để trống khi nguồn không ghi."
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


def events_page(context: Context) -> Page:
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


def rules_page() -> Page:
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


BROWSE = (
    (CAMPAIGNS.at, CAMPAIGNS.title), *((family.at, family.title) for family in FAMILIES), ("tieu-chi/", "Tiêu chí"),
    ("nhan-vat/", "Nhân vật"), (ALL.at, ALL.title), ("van-ban/", "Văn bản"), ("su-kien/", "Sự kiện"),
)  # fmt: skip
SHOWN_WITHOUT_QUERY = 3


def search_page(context: Context) -> Page:
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
