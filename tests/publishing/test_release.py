"""What follows from what is there: serials, times, what is carried on; the order of phases; the ledger's promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exemplars.publishing import addresses, order
from exemplars.publishing.refusal import Refused
from exemplars.publishing.release import (
    File,
    Kept,
    Release,
    Told,
    difference,
    lasting,
    latest,
    pruned,
    read,
    succeeding,
    unfinished,
    written,
)

NOW = 1000
PIECE = "pagefind/index/vi_1.pf_index"


def a_release(id_: str = "a", serial: int = 1, files: dict[str, str] | None = None, **more) -> Release:
    held = {path: File(sha256, 1, 10) for path, sha256 in (files or {"index.html": "1"}).items()}
    return Release(id_, serial, id_ * 4, None, held, "{}\n", **more)


def test_what_is_written_is_read() -> None:
    kept = {"2020/x": Kept("kept", "abc", "2020-12-31", ("vì sao",))}
    whole = a_release(stories={"2020/x": Told("2020-x", "0")}, kept=kept, carried={PIECE: (File("2", 1, 5), 1)}, dirty=True, retired=True)
    whole = replace(whole, packed={"index.html.gz": File("3", 1, 5)}, server={"nginx.conf": "# nginx\n"})
    assert read(written(whole)) == whole
    assert read(written(whole).replace(b'"server"', b'"other"')) == replace(whole, server={}), "as earlier versions wrote them"
    assert [read(data) for data in (b"", b"{}", b"[]", b'{"format": 2}', written(whole)[:-9])] == [None] * 5


def test_a_file_keeps_its_time_while_it_says_the_same() -> None:
    live = a_release(files={"a": "1", "b": "2"})
    new = succeeding(a_release("b", 0, {"a": "1", "b": "3", "c": "4"}), live, [live], NOW, 5)
    assert {path: file.since for path, file in new.files.items()} == {"a": 10, "b": NOW, "c": NOW}
    assert new.serial == 2


def test_two_contents_never_carry_one_time() -> None:
    """Nginx's ETag is time and size: with a clock that stands, or runs back, it must still tell them apart."""
    live = a_release(files={"a": "1"})
    for now in (10, 3):
        assert succeeding(a_release("b", 0, {"a": "2"}), live, [live], now, 5).files["a"].since == 11


def test_pieces_are_carried_for_as_long_as_releases_are_kept() -> None:
    live = a_release(files={PIECE: "1"})
    for serial, there in ((2, True), (3, True), (4, False)):
        new = succeeding(a_release(f"r{serial}", 0, {"index.html": str(serial)}), live, [live], NOW, 3)
        assert (new.serial, PIECE in new.carried) == (serial, there)
        live = new


def test_nothing_is_carried_past_a_withdrawal() -> None:
    live = a_release(files={PIECE: "1"}, stories={"2020/x": Told("2020-x", "0")}, carried={"assets/a.css": (File("2", 1, 5), 1)})
    gone = a_release("b", 0, stories={"2020/x": Told("2020-x", "0", gone=True)})
    assert succeeding(gone, live, [live], NOW, 5).carried == {}


def test_pictures_of_stories_are_never_carried() -> None:
    assert [path for path in ("guong/2020/x/anh.webp", "assets/a.css", PIECE, "pagefind/pagefind.vi_1.pf_meta", "feed.xml") if lasting(path)] == [
        "assets/a.css", PIECE, "pagefind/pagefind.vi_1.pf_meta",
    ]  # fmt: skip


def test_a_difference_is_told_in_stories() -> None:
    told = {f"2020/{name}": Told(f"2020-{name}", "0") for name in ("giu", "sua", "go", "doi")} | {
        "2020/lai": Told("2020-lai", "0", gone=True)
    }
    old = a_release(stories=told)
    new = a_release("b", 2, stories={
        "2020/giu": told["2020/giu"], "2020/sua": Told("2020-sua", "1"), "2020/go": Told("2020-go", "0", gone=True),
        "2021/doi": told["2020/doi"], "2020/lai": Told("2020-lai", "0"), "2020/moi": Told("2020-moi", "0"),
    })  # fmt: skip
    found = difference(old, new)
    assert (found.new, found.corrected, found.withdrawn, found.restored, found.moved) == (
        ("2020/moi",), ("2020/sua",), ("2020/go",), ("2020/lai",), {"2020/doi": "2021/doi"},
    )  # fmt: skip


def test_which_releases_readers_saw() -> None:
    live, left, never = a_release("a", 2), a_release("b", 3, retired=True), a_release("c", 4)
    every = [live, left, never]
    assert latest(live, every) == left
    assert unfinished(live, every) == [never]
    assert unfinished(None, [never]) == [never]
    assert [one.id for one in pruned([live, left, a_release("d", 1)], "d", 2)] == ["a"], "the live one always stays"


def test_what_is_asked_for_goes_before_what_asks() -> None:
    paths = ["index.html", "guong/2020/x/index.html", "guong/2020/x/anh.webp", "feed.xml", "feed.xml.gz", "assets/a.css", "build.json",
             "pagefind/pagefind-entry.json", PIECE, "don-vi/index.html", "sitemap.xml"]  # fmt: skip
    assert order.phases(paths) == (
        ["assets/a.css", "guong/2020/x/anh.webp", PIECE],
        ["guong/2020/x/index.html"],
        ["don-vi/index.html", "feed.xml", "feed.xml.gz", "index.html", "pagefind/pagefind-entry.json", "sitemap.xml"],
        ["build.json"],
    )


LEDGER = "# Sổ địa chỉ\nguong/2020/x/ 2020-x\n"


@pytest.mark.parametrize(
    ("before", "remedy"),
    [
        ("phong-trao/lao-dong-gioi/index.html", r"phong-trao/lao-dong-gioi/ .*campaigns/lao-dong-gioi.md"),
        ("gioi-thieu/index.html", r"gioi-thieu/ .*content/gioi-thieu.md"),
        ("guong/2020/y/index.html", r"guong/2020/y/ .*redirect_from"),
    ],
)
def test_an_address_that_was_live_is_promised(before: str, remedy: str) -> None:
    live = a_release(files={before: "1", "guong/2020/x/index.html": "1"})
    with pytest.raises(Refused, match=remedy):
        addresses.hold(addresses.promised(LEDGER, live), a_release(files={"guong/2020/x/index.html": "1"}))
    with pytest.raises(Refused, match=r"guong/2020/x/ \(sổ địa chỉ, dòng 2\)"):
        addresses.hold(addresses.promised(LEDGER, None), a_release())


def test_lists_may_grow_shorter_and_that_is_told() -> None:
    lists = {"don-vi/x/trang-2/index.html": "1", "nam/2019/index.html": "1", "guong/trang-2/index.html": "1"}
    live, new = a_release(files=lists), a_release()
    addresses.hold(addresses.promised("", live), new)
    assert addresses.vanished_lists(live, new) == ("don-vi/x/trang-2/", "guong/trang-2/", "nam/2019/")


def test_an_address_keeps_its_id() -> None:
    live = a_release(stories={"2020/x": Told("2020-x", "0")})
    with pytest.raises(Refused, match="đã đăng với mã «2020-x», nay mang mã «2020-y»"):
        addresses.hold_ids(live, a_release("b", 0, stories={"2020/x": Told("2020-y", "0")}))


def test_the_ledger_only_grows() -> None:
    assert addresses.additions(LEDGER, ["guong/2020/x/ 2020-x"]) == LEDGER
    assert addresses.additions(LEDGER, ["guong/2020/y/ 2020-y"]) == LEDGER + "guong/2020/y/ 2020-y\n"


def test_a_rollback_carries_what_later_releases_gave_away() -> None:
    chosen = a_release(files={"index.html": "1"})
    later = a_release("b", 2, {"index.html": "2", "guong/2020/x/index.html": "3", "guong/2020/x/anh.webp": "4", "don-vi/y/index.html": "5"})
    found = addresses.kept_alive(chosen, later)
    assert sorted(found) == ["guong/2020/x/anh.webp", "guong/2020/x/index.html"]
    assert addresses.kept_alive(replace(chosen, carried=found), later) == {}
