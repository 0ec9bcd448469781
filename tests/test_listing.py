"""Which stories a list holds, and in which order."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.briefs import accepted
from exemplars.listing import Shelf, newest_first, pages_of
from exemplars.model import Approval, Claim, Subject, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.model import Story


@pytest.fixture(scope="session")
def approved(a_story) -> Callable[..., Story]:
    """An approved story in a folder of its own."""

    def build(slug: str, **changed: Any) -> Story:
        day = changed.pop("date", dt.date(2020, 6, 9))
        shown = {name: value for name, value in changed.items() if name != "approved_text"}
        story = a_story(path=f"stories/{day.year}/{slug}/index.md", id=f"{day.year}-{slug}", date=day, **shown)
        hashed = changed.pop("approved_text", story.text_sha256)
        approval = Approval("Hội đồng", "05/BB", day, ("A1", "C1"), ("Thư ký",), hashed)
        return a_story(path=story.origin.path, id=story.id, date=day, approval=approval, **changed)

    return build


def test_newest_first_then_by_id(approved) -> None:
    stories = [approved("b"), approved("a"), approved("c", date=dt.date(2021, 1, 2)), approved("d", date=dt.date(2019, 5, 5))]
    assert [story.id for story in newest_first(stories)] == ["2021-c", "2020-a", "2020-b", "2019-d"]


def test_readers_see_what_was_approved_a_preview_all_but_the_withdrawn(approved, a_story, a_site) -> None:
    good, draft = approved("a"), a_story(id="2020-b", draft=True)
    edited = approved("c", approved_text="0" * 64)
    gone = approved("d", withdrawn=Withdrawal(dt.date(2020, 7, 1), "error", "sai"))
    site = a_site(good, draft, edited, gone)
    assert Shelf(site).stories == (good,)
    assert {story.id for story in Shelf(site, preview=True).stories} == {good.id, draft.id, edited.id}


def test_lists(approved, a_site) -> None:
    first, second = approved("a"), approved("b", unit="so", campaigns=("lao-dong-gioi", "lao-dong-gioi"))
    shelf = Shelf(a_site(first, second))
    assert shelf.of("unit", "so") == (second,)
    assert shelf.of("campaign", "lao-dong-gioi") == (first, second), "named twice, listed once"
    assert shelf.of("criterion", "ke-hoach-2020/A1") == (first, second)
    assert shelf.of("unit", "khong-co") == ()


def test_a_criterion_kept_private_is_in_no_list(approved, a_site) -> None:
    story = approved("a")
    site = a_site(story)
    assert story.approval.accepted == ("A1", "C1")
    assert accepted(story, site) == ("A1",)
    assert Shelf(site).of("criterion", "ke-hoach-2020/C1") == ()


def test_people_by_given_name_collectives_by_their_first_word(approved, a_site) -> None:
    names = ["Nguyễn Thị Ơn", "Trần Văn Đức", "Lê Thị An", "Phạm Văn Dũng", "Lê Văn Đức"]
    stories = [approved(f"s{n}", subject=Subject("individual", name)) for n, name in enumerate(names)]
    stories.append(approved("to", subject=Subject("collective", "Tổ Một cửa")))
    shelf = Shelf(a_site(*stories))
    assert [(letter, [s.subject.name for s in found]) for letter, found in shelf.people] == [
        ("A", ["Lê Thị An"]), ("D", ["Phạm Văn Dũng"]), ("Đ", ["Lê Văn Đức", "Trần Văn Đức"]), ("Ơ", ["Nguyễn Thị Ơn"]), ("T", ["Tổ Một cửa"]),
    ]  # fmt: skip


def test_related_says_why_and_is_never_itself(approved, a_site) -> None:
    stories = [approved(f"s{n}", unit="so" if n % 2 else "trung-tam") for n in range(6)]
    shelf = Shelf(a_site(*stories))
    for story in stories:
        related = shelf.related(story)
        assert len(related) == 3
        assert story not in [other for other, _ in related]
        assert len({other.id for other, _ in related}) == 3
        assert [why for _, why in related] == ["criterion/ke-hoach-2020/A1", "campaign/lao-dong-gioi", "unit"]
        assert related[0][0].unit != story.unit, "another unit's first"


def test_a_new_story_changes_few_related(approved, a_site) -> None:
    stories = [approved(f"s{n:02}", date=dt.date(2020, 1, 1) + dt.timedelta(days=n)) for n in range(40)]
    before, after = Shelf(a_site(*stories)), Shelf(a_site(*stories, approved("moi", date=dt.date(2020, 1, 20))))
    changed = [s.id for s in stories if [o.id for o, _ in before.related(s)] != [o.id for o, _ in after.related(s)]]
    assert len(changed) <= 8


def test_pages(approved) -> None:
    stories = tuple(approved(f"s{n}") for n in range(5))
    assert [len(page) for page in pages_of(stories, 2)] == [2, 2, 1]
    assert pages_of((), 2) == ((),)


def test_a_document_knows_the_stories_that_rest_on_it(approved, a_site) -> None:
    claims = (Claim("A1", document=("chi-thi-05", "chi-thi-05")), Claim("A3", document=("chi-thi-05",)))
    first, second, other = approved("a", criteria=claims), approved("b", criteria=claims[:1]), approved("c")
    assert Shelf(a_site(first, second, other)).documents_cited == {"chi-thi-05": (first, second)}
