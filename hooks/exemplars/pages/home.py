"""Hand-written pages, as far as they ask for something: the home page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from exemplars.linking import address
from exemplars.pages.criteria import criterion_rows
from exemplars.pages.page import Context, Page
from exemplars.story_view import card
from exemplars.vietnamese import written_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exemplars.model import Story


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
        "criteria": tuple(criterion_rows(plan, context)) if plan else (),
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
