"""Which pages the site has: each an address, a template and its data. Pure: no file, no template, no clock."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from exemplars.explaining import PAGE as RULES_PAGE
from exemplars.pages.campaigns import campaign_sections
from exemplars.pages.criteria import criterion_sections
from exemplars.pages.lists import ALL, FAMILIES, family_sections, list_section
from exemplars.pages.others import documents_page, events_page, rules_page, search_page
from exemplars.pages.page import Context, Page, Section, Sketch
from exemplars.pages.people import people_pages, people_told
from exemplars.pages.stories import gone_pages, story_sections, unread_pages
from exemplars.pages.topics import feed_pages

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Context", "Page", "Section", "Sketch", "pages", "sections"]

SAME = "-"  # what shows nothing of any story


def pages(context: Context) -> Iterator[Page | Sketch]:
    """Every page of ours, each made when it is asked for."""
    for section in sections(context):
        yield from section.pages()


def sections(context: Context) -> Iterator[Section]:
    """Every page of ours, by sections."""
    yield from story_sections(context)
    yield Section("gone", "", partial(gone_pages, context))
    yield Section("unread", "", partial(unread_pages, context))
    yield list_section(context, ALL, ALL.at, ALL.title, ALL.about, context.shelf.stories, crumbs=())
    for family in FAMILIES:
        yield from family_sections(context, family)
    yield from campaign_sections(context)
    yield from criterion_sections(context)
    yield Section("nhan-vat/", people_told(context), partial(people_pages, context))
    yield Section("others", "", lambda: (documents_page(context), events_page(context), *feed_pages(context), search_page(context)))
    yield Section(RULES_PAGE, SAME, lambda: (rules_page(),))
