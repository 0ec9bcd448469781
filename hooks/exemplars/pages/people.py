"""People and collectives, A–Z by given name."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from exemplars.linking import story_address
from exemplars.pages.page import Context, Page
from exemplars.story_view import card

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exemplars.model import Story

PEOPLE_ON_ONE_PAGE = 300


def people_told(context: Context) -> str:
    """Stands for all that the lists of people show: names, titles and units, in the order that follows from names and ids."""
    rows = [
        f"{card(one, context).digest}{one.id} {one.subject.name}{one.subject.sort_as}" if one.subject else ""
        for one in context.shelf.stories
    ]
    return hashlib.sha256("\n".join(rows).encode(errors="replace")).hexdigest()


def people_pages(context: Context) -> Iterator[Page]:
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


def _person(story: Story, context: Context) -> tuple[str, str, str, str, bool]:
    unit = context.shelf.site.find("units", story.unit)
    return (story_address(story), story.subject.name if story.subject else "", story.title, unit.label if unit else "", story.sample)
