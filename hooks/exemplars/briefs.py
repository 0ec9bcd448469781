"""What lists, feeds and neighbours need to know of a story, so that nobody opens a story only to place it.

A brief follows from the story and from what is no story (plans, units …) alone, and is made of plain values: it can be
kept as long as both are what they were.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from exemplars.approving import state
from exemplars.linking import target
from exemplars.rules.references import links_in

if TYPE_CHECKING:
    from typing import Any

    from exemplars.model import Site, Story


class Brief(NamedTuple):
    """A story in brief.

    state     a `State`, as text
    accepted  the public criteria that the Council accepted for exactly this story, in the plan's order
    cited     ids of the documents that its claims rest on
    changed   the day on which what it says last changed, an editorial correction included (ISO 8601); "" without a day
    links     the links and pictures of its text that lead within the repository, as written
    photos    (file, sha256) of the photos that may be published: sound, and consented to where people can be recognised
    """

    state: str
    accepted: tuple[str, ...]
    cited: tuple[str, ...]
    changed: str
    links: tuple[str, ...]
    photos: tuple[tuple[str, str], ...]


def brief_of(story: Story, site: Site) -> Brief:
    """The brief of a story; of `site` only what is no story is looked at."""
    return Brief(
        str(state(story)), accepted(story, site), tuple(dict.fromkeys(id_ for claim in story.criteria for id_ in claim.document)),
        _changed(story), links_within(story), tuple((photo.file, photo.sha256) for photo in story.photos if _may_be_shown(story, photo)),
    )  # fmt: skip


def _changed(story: Story) -> str:
    corrected = story.approval.correction.date if story.approval and story.approval.correction else None
    days = [one.isoformat() for one in (story.updated, corrected) if one]
    return max(days, default=story.date.isoformat() if story.date else "")


def links_within(record: Any) -> tuple[str, ...]:
    """The links and pictures of a text that lead within the repository, each once, as written."""
    path = record.origin.path
    return tuple(dict.fromkeys(href for _, href in links_in(record) if target(href, path) is not None))


def accepted(story: Story, site: Site) -> tuple[str, ...]:
    """The public criteria that the Council accepted for exactly this story, in the plan's order."""
    plan = site.plan_of(story)
    if plan is None or story.approval is None:
        return ()
    return tuple(c.id for c in plan.criteria if c.public and c.id in story.approval.accepted)


def _may_be_shown(story: Story, photo: Any) -> bool:
    agreed = photo.people != "consent" or (story.consent is not None and "photo" in story.consent.scope) or bool(photo.record)
    return bool(photo.sha256) and not photo.fault and agreed
