"""The ledger of published addresses: an order that nothing moves, and what publishing adds to it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import ledger as command
from exemplars.ledger import additions, in_order
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


def test_additions_are_new_stories_and_new_addresses(a_story, a_site) -> None:
    old, moved, new = (approved(a_story, name, DAY) for name in ("cu", "noi-moi", "moi"))
    waiting = a_story(path="stories/2020/cho/index.md", id="2020-cho")
    ledger = (Published("guong/2020/cu/", "2020-cu", 1), Published("guong/2020/noi-cu/", "2020-noi-moi", 2))
    found = additions(Shelf(a_site(old, moved, new, waiting, published=ledger)))
    assert found == ("guong/2020/noi-moi/ 2020-noi-moi", "guong/2020/moi/ 2020-moi")


def test_the_command_writes_once_and_the_next_check_guards(tmp_path: Path, capsys) -> None:
    root = copy_repository(tmp_path / "kho")
    path = root / "content/data/published.txt"
    before = path.read_text(encoding="utf-8")
    assert command.main(["--root", str(root)]) == 0
    written = path.read_text(encoding="utf-8")
    assert written.startswith(before.rstrip("\n"))
    assert "guong/2020/sap-lai-so-truc-dem/ 2020-sap-lai-so-truc-dem\n" in written
    assert command.main(["--root", str(root)]) == 0
    assert path.read_text(encoding="utf-8") == written
    (root / "stories/2020/sap-lai-so-truc-dem").rename(root / "stories/2020/ten-khac")
    assert command.main(["--root", str(root)]) == 1
    assert "CT005" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == written
