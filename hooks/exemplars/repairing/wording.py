"""Repairs of the writer's own words: how dates are written, where tone marks stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exemplars.model import Campaign, Edit, Event, Story
from exemplars.repairing.page import applied, scalars
from exemplars.schema import Text
from exemplars.spelling import mend_dates, mend_tone, mixed_tones, wrong_dates
from exemplars.vietnamese import has_passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exemplars.model import Site
    from exemplars.repairing.page import Page


def _reworded(page: Page) -> bool:
    """Whether the words are the writer's own: those of documents and plans, and the names in the lists, are given."""
    return page.of in {Story, Campaign, Event}


def dates(page: Page, _site: Site) -> Iterator[Edit]:
    if not _reworded(page):
        return
    body = page.text[page.body_at :]
    found = [Edit("VB002", page.body_at + start, page.body_at + end, right) for start, end, right in wrong_dates(body)]
    yield from found
    for key, _, node, start, end in scalars(page, Text):
        if key.name != "quote" and (right := mend_dates(node.text)) != node.text:
            yield Edit("VB002", start, end, right)
    yield from _quotes(page, found, mend_dates)


def tones(page: Page, _site: Site) -> Iterator[Edit]:
    body = page.text[page.body_at :]
    old, new = mixed_tones(body) if page.of is Story else ((), ())
    towards_new = len(new) > len(old)
    found = [Edit("VT005", page.body_at + start, page.body_at + end, right) for start, end, right in (old if towards_new else new)]
    yield from found
    yield from _quotes(page, found, lambda text: mend_tone(text, new=towards_new))


def _quotes(page: Page, changes: list[Edit], mend: Callable[[str], str]) -> Iterator[Edit]:
    """The quotes of the criteria follow the passages they are copied from."""
    if not changes:
        return
    before, after = page.text[page.body_at :], applied(page.text, changes)[page.body_at :]
    for key, _, node, start, end in scalars(page, Text):
        if key.name == "quote" and has_passage(before, node.text) and not has_passage(after, node.text):
            yield Edit(changes[0].code, start, end, mend(node.text))
