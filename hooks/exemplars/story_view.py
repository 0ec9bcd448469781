"""What a story shows: on its own page, on a card. The four facts of recognition are kept apart and never added up."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from exemplars.approving import State, state
from exemplars.linking import address, criterion_address, rendition, share_picture, story_address
from exemplars.listing import APPROVED
from exemplars.model import COLLECTIVE, HOUSEHOLD, INDIVIDUAL
from exemplars.vietnamese import initials, reading_minutes, slug, syllables, written_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from exemplars.model import Award, Claim, Figure, Photo, Site, Story
    from exemplars.pages import Context

SUBJECTS = {INDIVIDUAL: "Gương cá nhân", COLLECTIVE: "Gương tập thể", HOUSEHOLD: "Gương hộ gia đình"}
NAMES = {INDIVIDUAL: "Họ và tên", COLLECTIVE: "Tập thể", HOUSEHOLD: "Hộ gia đình"}
TEASER = 100
WHY = {"unit": "Cùng đơn vị", "field": "Cùng lĩnh vực"}


def day(date: dt.date | None) -> tuple[str, str]:
    """A day as people read it and as machines do: ("09/6/2020", "2020-06-09"); empty where there is none."""
    if date is None:
        return "", ""
    only = date.date() if isinstance(date, dt.datetime) else date
    return written_date(only), only.isoformat()


def _shared(story: Story, context: Context) -> str:
    """The site-relative address of the crop, 1200 × 630, that stands for a story where its link is shared; "" without a photo."""
    file, _ = next(published_photos(story, context), ("", ""))
    return story_address(story) + share_picture(file) if file else ""


def published_photos(story: Story, context: Context) -> Iterator[tuple[str, str]]:
    """(file, sha256) of the photos that may be published and could be made ready for it, in order."""
    return (one for one in context.shelf.brief(story).photos if one[1] in context.sizes)


def shown_photos(story: Story, context: Context) -> Iterator[Photo]:
    """The same with all that is said of them."""
    published = set(published_photos(story, context))
    return (photo for photo in story.photos if (photo.file, photo.sha256) in published)


def _picture(story: Story, photo: Photo, context: Context) -> Mapping[str, Any]:
    wide = context.sizes[photo.sha256][1]
    return {
        **_small(story, photo.file, photo.sha256, context),
        "src": story_address(story) + rendition(photo.file, wide=True), "width": wide[0], "height": wide[1],
        "alt": photo.alt, "caption": photo.caption, "credit": photo.credit,
    }  # fmt: skip


def _small(story: Story, file: str, sha256: str, context: Context) -> Mapping[str, Any]:
    width, height = context.sizes[sha256][0]
    return {"small": story_address(story) + rendition(file, wide=False), "small_width": width, "small_height": height}


class Card(Mapping[str, Any]):
    """What a card shows; looked up when somebody makes a page with it.

    Its `digest` stands for all of it in the key of every such page: a story stands in a dozen lists.
    """

    __slots__ = ("_make", "_shown", "digest")

    def __init__(self, make: Callable[[], Mapping[str, Any]], digest: str = "") -> None:
        self._make, self._shown = make, None if digest else make()
        self.digest = digest or hashlib.sha256(repr(self._shown).encode()).hexdigest()

    @property
    def shown(self) -> Mapping[str, Any]:
        if self._shown is None:
            self._shown = self._make()
        return self._shown

    def __getitem__(self, name: str) -> Any:
        return self.shown[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.shown)

    def __len__(self) -> int:
        return len(self.shown)

    def __repr__(self) -> str:
        return f"Card({self.digest})"


def card(story: Story, context: Context) -> Card:
    """A story in a list; made once, though a story stands in a dozen lists."""
    made = context.cards.get(story.origin.path)
    if made is None:
        made = context.cards[story.origin.path] = Card(partial(_card, story, context), context.known(story, "card"))
        context.keep(story, "card", made.digest)
    return made


def _card(story: Story, context: Context) -> Mapping[str, Any]:
    unit = context.shelf.site.find("units", story.unit)
    subject = story.subject
    photo = next(published_photos(story, context), None)
    return {
        "href": story_address(story), "title": story.title, "summary": teaser(story.summary), "day": day(story.date),
        "kicker": SUBJECTS.get(subject.type, "") if subject else "", "unit": unit.label if unit else "",
        "picture": _small(story, *photo, context) if photo else None, "initials": initials(subject.name) if subject else "",
        "sample": story.sample, "state": _state(story, context),
    }  # fmt: skip


def teaser(text: str) -> str:
    """As much of a summary as the two lines of a card can show, in whole words: a story's card stands in a dozen lists."""
    if len(text) <= TEASER:
        return text
    words = text[: TEASER + 1].rpartition(" ")[0] or text[:TEASER]
    return words.rstrip(" ,;:.–-") + "…"


def _state(story: Story, context: Context) -> str:
    """Said in a preview only; what readers see has been approved."""
    found = context.shelf.brief(story).state
    return found if context.shelf.preview and found != APPROVED else ""


def story_data(story: Story, context: Context) -> Mapping[str, Any]:
    """Everything on a story's page but its text."""
    site, shelf = context.shelf.site, context.shelf
    photos = [_picture(story, photo, context) for photo in shown_photos(story, context)]
    campaigns = tuple((one.label, address(one)) for id_ in story.campaigns if (one := site.find("campaigns", id_)))
    unit = site.find("units", story.unit)
    figures = tuple(_public_figures(story, site))
    claims = tuple(_claims(story, frozenset(n for n, _ in figures), context))
    return {
        **card(story, context),
        "id": story.id, "modified": shelf.brief(story).changed, "unit_href": f"don-vi/{unit.id}/" if unit else "",
        "subject": _subject(story), "here": story.subject.name if story.subject else story.title, "summary": story.summary, "updated": day(story.updated), "minutes": reading_minutes(story.origin.body),
        "crumbs": (("phong-trao/", "Phong trào"), (campaigns[0][1], campaigns[0][0])) if campaigns else (("guong/", "Câu chuyện"),),
        "portrait": photos[0] if photos else None, "share": _shared(story, context), "photos": tuple(photos[1:]),
        "facts": tuple(_facts(story, site)), "awards": _awards(story, site), "timeline": _timeline(story, context),
        "claims": claims, "pull": _pull(claims), "approval": _approval(story), "route": _route(story, site),
        "plan": (plan.title, address(plan)) if (plan := site.plan_of(story)) else None,
        "figures": tuple((n, f.name, f.value, _unit(f), f.period, f.baseline, f.source) for n, f in figures),
        "replicated": tuple((found.name, f"don-vi/{found.id}/", day(one.date)) for one in story.replicated if (found := site.find("units", one.unit))),
        "related": tuple((card(other, context), _why(why, site)) for other, why in shelf.related(story)),
        "authors": tuple((name, name in shelf.unit_names) for name in story.authors or ((unit.name,) if unit else ())), "source": story.source,
        "correction": _correction(story), "report": _report(story, context), "problems": context.problems.get(story.origin.path, ()),
    }  # fmt: skip


def _subject(story: Story) -> Mapping[str, Any]:
    """Whom the story is about, for machines; awards that were taken back are not told of."""
    subject = story.subject
    return {"name": subject.name, "person": subject.type == INDIVIDUAL, "role": subject.role} if subject else {}


def _why(why: str, site: Site) -> str:
    family, _, id_ = why.partition("/")
    if family == "criterion":
        plan, _, criterion_id = id_.partition("/")
        criterion = found.criterion(criterion_id) if (found := site.find("plans", plan)) else None
        return f"Cùng tiêu chí “{criterion.title}”" if criterion else ""
    campaign = site.find("campaigns", id_) if family == "campaign" else None
    return f"Cùng phong trào “{campaign.label}”" if campaign else WHY.get(family, "")


def _facts(story: Story, site: Site) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Key facts as rows of label and linked values; a missing fact has no row."""
    subject, unit = story.subject, site.find("units", story.unit)
    if subject:
        yield NAMES.get(subject.type, ""), ((subject.name, ""),)
        if subject.role:
            until = f" (tính đến {day(subject.as_of)[0]})" if subject.as_of else ""
            yield "Chức vụ, công việc", ((subject.role + until, ""),)
        if subject.workplace:
            yield "Nơi công tác", ((subject.workplace, ""),)
    if unit:
        yield "Đơn vị đề xuất", ((unit.name, f"don-vi/{unit.id}/"),)
    for label, collection, id_, at in (("Lĩnh vực", "fields", story.field, "linh-vuc"), ("Thể loại", "kinds", story.kind, "loai")):
        term = site.find(collection, id_)
        if term:
            yield label, ((term.title, f"{at}/{term.id}/"),)
    campaigns = tuple((one.label, address(one)) for id_ in story.campaigns if (one := site.find("campaigns", id_)))
    if campaigns:
        yield "Phong trào", campaigns
    occasions = tuple((one.title, "") for id_ in story.occasions if (one := site.find("occasions", id_)))
    if occasions:
        yield "Chào mừng", occasions
    stage = site.find("stages", story.stage)
    if stage:
        yield "Giai đoạn", ((stage.title, ""),)


def _awards(story: Story, site: Site) -> tuple[tuple[str, tuple[tuple[int, str, str], ...]], ...]:
    """Danh hiệu and hình thức as two rows, never mixed; each award with its number, title, and how it is cited."""
    groups: dict[str, list[tuple[int, str, str]]] = {}
    for n, award in enumerate(story.awards, 1):
        kind = site.find("awards", award.type)
        group = site.find("award_groups", kind.group) if kind else None
        if kind and group:
            groups.setdefault(group.title, []).append((n, kind.title, _award(award, kind.title)))
    return tuple((title, tuple(rows)) for title, rows in groups.items())


def _award(award: Award, title: str) -> str:
    parts = [title, *_decision(award)]
    if award.authority:
        parts.append(award.authority)
    gone = award.revoked
    return " · ".join(parts) + (f" (đã thu hồi ngày {day(gone.date)[0]})" if gone else "") + (f": {award.for_}" if award.for_ else "")


def _decision(award: Award) -> Iterator[str]:
    if award.number:
        yield f"Quyết định số {award.number}" + (f" ngày {day(award.date)[0]}" if award.date else "")


def numbers(story: Story, site: Site) -> Iterator[str]:
    """The numbers of papers that the page names: of decisions, of confirmations, of the Council's minutes."""
    yield from (award.number for award in story.awards if award.number and site.find("awards", award.type))
    yield from (claim.confirmation.number for claim, _ in _public(story, site) if claim.confirmation)
    if story.approval:
        yield story.approval.minutes


def _public(story: Story, site: Site) -> Iterator[tuple[Claim, Any]]:
    plan = site.plan_of(story)
    for claim in story.criteria if plan else ():
        criterion = plan.criterion(claim.id) if plan else None
        if criterion and criterion.public:
            yield claim, criterion


def _public_figures(story: Story, site: Site) -> Iterator[tuple[int, Any]]:
    """Figures with their number; those that only a criterion kept from the public rests on are not shown either."""
    plan = site.plan_of(story)
    private = {c.id for c in plan.criteria if not c.public} if plan else set()
    hidden = {n for claim in story.criteria if claim.id in private for n in claim.figure}
    hidden -= {n for claim in story.criteria if claim.id not in private for n in claim.figure}
    yield from ((n, figure) for n, figure in enumerate(story.figures, 1) if n not in hidden)


def _unit(figure: Figure) -> str:
    """What stands behind the number; «%» clings to it, so that no line begins with it."""
    return figure.unit if figure.unit == "%" else f" {figure.unit}"


def _timeline(story: Story, context: Context) -> tuple[tuple[tuple[str, str], str, str], ...]:
    """Chặng đường: (day, what, address) in order of days; nothing where there is but one day to tell of."""
    site, rows = context.shelf.site, []
    for award in story.awards:
        kind = site.find("awards", award.type)
        if kind and not award.revoked:
            rows.append((day(award.date), kind.title, ""))
    for one in story.replicated:
        unit = site.find("units", one.unit)
        if unit:
            rows.append((day(one.date), f"{unit.name} làm theo", f"don-vi/{unit.id}/"))
    rows += [(day(event.starts), event.title, address(event)) for event in context.shelf.events_of.get(story.id, ())]
    if story.approval and state(story) is State.APPROVED:
        rows.append((day(story.approval.date), "Hội đồng thông qua", ""))
    dated = sorted((row for row in rows if row[0][1]), key=lambda row: row[0][1])
    return tuple(dated) if len(dated) > 1 else ()


PULLED = range(14, 42)


def _pull(claims: Iterable[Mapping[str, Any]]) -> str:
    """The passage that the text shows large: the last accepted quote that is neither too short nor too long, in syllables."""
    quotes = [text for claim in claims if claim["accepted"] for kind, text, _ in claim["evidence"] if kind == "quote"]
    return next((text for text in reversed(quotes) if syllables(text) in PULLED), "")


def _claims(story: Story, figures: frozenset[int], context: Context) -> Iterator[Mapping[str, Any]]:
    """Each public criterion with its evidence and the four facts, each for itself."""
    site, council = context.shelf.site, context.shelf.accepted(story)
    compared = {id_: one for one in (story.approval.compared if story.approval else ()) for id_ in one.claims}
    for claim, criterion in _public(story, site):
        by = compared.get(claim.id)
        evidence = tuple(_evidence(claim, story, figures, site))
        yield {
            "id": claim.id, "title": criterion.title, "quote": criterion.quote, "clause": criterion.clause,
            "href": criterion_address(story.plan, claim.id), "evidence": evidence, "evident": bool(evidence),
            "compared": f"{by.by}, {day(by.date)[0]}" if by else "", "accepted": claim.id in council,
        }  # fmt: skip


def _evidence(claim: Claim, story: Story, figures: frozenset[int], site: Site) -> Iterator[tuple[str, str, str]]:
    """(kind, text, where it is shown): quotes as written, everything else as it would be cited; "#…" is on the same page.

    figures  the numbers of those that the page shows
    """
    for n, quote in enumerate(claim.quote, 1):
        yield "quote", quote, f"#trich-{slug(claim.id)}" + (f"-{n}" if n > 1 else "")
    for n in claim.award:
        kind = site.find("awards", story.awards[n - 1].type) if n <= len(story.awards) else None
        if kind:
            shown = site.find("award_groups", kind.group)
            yield "paper", " · ".join([kind.title, *_decision(story.awards[n - 1])]), f"#khen-{n}" if shown else ""
    for n in claim.figure:
        if n <= len(story.figures):
            figure = story.figures[n - 1]
            yield "paper", f"{figure.name}: {figure.value}{_unit(figure)} ({figure.period})", f"#so-{n}" if n in figures else ""
    for id_ in claim.document:
        document = site.find("documents", id_)
        if document:
            yield "paper", " ".join(part for part in (document.title, document.number) if part), address(document)
    for id_ in claim.campaign:
        campaign = site.find("campaigns", id_)
        if campaign:
            yield "paper", f"Phong trào “{campaign.label}”", address(campaign)
    if claim.confirmation:
        paper = claim.confirmation
        yield "paper", f"Giấy xác nhận số {paper.number} ngày {day(paper.date)[0]}, {paper.by}", ""


def _approval(story: Story) -> Mapping[str, Any] | None:
    if story.approval is None or state(story) is not State.APPROVED:
        return None
    return {"body": story.approval.body, "minutes": story.approval.minutes, "day": day(story.approval.date)}


def _correction(story: Story) -> tuple[str, str] | None:
    made = story.approval.correction if story.approval else None
    return (day(made.date)[0], made.note) if made else None


def _route(story: Story, site: Site) -> str:
    """The title of the first route that the story follows whole."""
    plan = site.plan_of(story)
    claimed = {claim.id for claim in story.criteria}
    return next((route.title for route in plan.routes if route.all_of and claimed.issuperset(route.all_of)), "") if plan else ""


def _report(story: Story, context: Context) -> str:
    contact = context.settings.contact
    return f"mailto:{contact}?subject={story.id}" if contact else ""
