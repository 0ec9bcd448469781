"""The ledger of published addresses: an order that nothing moves, and what publishing adds to it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ledger as command
from exemplars.ledger import additions, in_order, lists, places
from exemplars.listing import Shelf
from exemplars.model import Approval, Published, Withdrawal
from sites import copy_repository

DAY = dt.date(2020, 6, 1)


def approved(a_story, name: str, day: dt.date, **changed: object):
    given = {"path": f"stories/2020/{name}/index.md", "id": f"2020-{name}", "date": day, **changed}
    return a_story(**given, approval=Approval("HĐ", "1", DAY, ("A1",), ("TK",), a_story(**given).text_sha256))


def test_a_back_dated_story_goes_to_the_end(a_story, a_site) -> None:
    first, second = approved(a_story, "mot", DAY), approved(a_story, "hai", DAY + dt.timedelta(1))
    late = approved(a_story, "muon", DAY - dt.timedelta(30))
    ledger = (Published("guong/2020/mot/", "2020-mot", 1), Published("guong/2020/hai/", "2020-hai", 2))
    assert [story.id for story in in_order(Shelf(a_site(late, second, first, published=ledger)))] == ["2020-mot", "2020-hai", "2020-muon"]


def test_a_hidden_or_withdrawn_story_keeps_its_place(a_story, a_site) -> None:
    one, two = approved(a_story, "mot", DAY), approved(a_story, "hai", DAY + dt.timedelta(1), withdrawn=Withdrawal(DAY, "error", "Nhầm"))
    edited = a_story(path="stories/2020/ba/index.md", id="2020-ba")
    ledger = tuple(Published(f"guong/2020/{name}/", f"2020-{name}", 1) for name in ("ba", "hai"))
    assert [story.id for story in in_order(Shelf(a_site(one, two, edited, published=ledger)))] == ["2020-ba", "2020-hai", "2020-mot"]


def test_additions_are_new_stories_new_addresses_and_new_lists(a_story, a_site) -> None:
    old, moved, new = (approved(a_story, name, DAY) for name in ("cu", "noi-moi", "moi"))
    joined = approved(a_story, "them", DAY, campaigns=("lao-dong-gioi", "nghia-tinh"))
    waiting = a_story(path="stories/2020/cho/index.md", id="2020-cho")
    known = lists(old)
    ledger = (
        Published("guong/2020/cu/", "2020-cu", 1, known),
        Published("guong/2020/noi-cu/", "2020-noi-moi", 2, known),
        Published("guong/2020/them/", "2020-them", 3, known),
    )
    found = additions(Shelf(a_site(old, moved, joined, new, waiting, published=ledger)))
    said = " ".join(known)
    assert said == "don-vi/trung-tam/ linh-vuc/cong-tac/ loai/nguoi-tot-viec-tot/ phong-trao/lao-dong-gioi/"
    assert found == (
        f"guong/2020/noi-moi/ 2020-noi-moi {said}",
        f"guong/2020/them/ 2020-them {said} phong-trao/nghia-tinh/",
        f"guong/2020/moi/ 2020-moi {said}",
    )


def test_who_joins_a_list_late_comes_last_and_who_leaves_keeps_the_place(a_story, a_site) -> None:
    def named(name: str, *campaigns: str):
        return approved(a_story, name, DAY, campaigns=campaigns)

    def line(name: str, number: int, *campaigns: str) -> Published:
        return Published(f"guong/2020/{name}/", f"2020-{name}", number, tuple(f"phong-trao/{one}/" for one in campaigns))

    stories = named("mot", "b"), named("hai", "a", "b"), named("ba", "a"), named("moi", "a", "b")
    ledger = (line("mot", 1, "a"), line("hai", 2, "b"), line("ba", 3))  # the third as an earlier version wrote it

    def places_of(campaign: str, *more: Published) -> list[tuple[str, bool]]:
        found = places(Shelf(a_site(*stories, published=(*ledger, *more))))
        return [(story.id, stands) for story, stands in found[f"phong-trao/{campaign}/"]]

    a = [("2020-mot", False), ("2020-ba", True), ("2020-hai", True), ("2020-moi", True)]
    b = [("2020-hai", True), ("2020-mot", True), ("2020-moi", True)]
    assert (places_of("a"), places_of("b")) == (a, b)
    published = line("mot", 4, "b"), line("hai", 5, "a", "b"), line("ba", 6, "a"), line("moi", 7, "a", "b")
    assert (places_of("a", *published), places_of("b", *published)) == (a, b), "what is noted then is what was built"


def test_the_command_writes_once_and_the_next_check_guards(tmp_path: Path, capsys) -> None:
    root = copy_repository(tmp_path / "kho")
    path = root / "content/data/published.txt"
    before = path.read_text(encoding="utf-8")
    assert command.main(["--root", str(root)]) == 0
    written = path.read_text(encoding="utf-8")
    assert written.startswith(before.rstrip("\n"))
    assert "guong/2020/sap-lai-so-truc-dem/ 2020-sap-lai-so-truc-dem don-vi/" in written
    assert command.main(["--root", str(root)]) == 0
    assert path.read_text(encoding="utf-8") == written
    (root / "stories/2020/sap-lai-so-truc-dem").rename(root / "stories/2020/ten-khac")
    assert command.main(["--root", str(root)]) == 1
    assert "CT005" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == written
