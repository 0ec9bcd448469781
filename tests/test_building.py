"""The store and the build: right bytes whatever happens to the store, and only the work that is needed."""

from __future__ import annotations

import datetime as dt
import errno
import fcntl
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exemplars import building, children
from exemplars.building import Built, Stamp, TwoForOne, pictures
from exemplars.building.maker import Maker
from exemplars.children import in_children
from exemplars.feeds import Enclosure
from exemplars.listing import Shelf
from exemplars.model import Approval, Settings
from exemplars.pages import Context, Page
from exemplars.storing import Store, alone, write

SETTINGS = Settings(site_url="https://p.example/g/", tag="p.example,2020")


class Plain:
    """A theme without templates: shows all that a page is made of, and counts."""

    fingerprint = "1"

    def __init__(self) -> None:
        self.rendered: list[str] = []

    def prepare(self, cards: object) -> None:
        """It has nothing that pages share."""

    def render(self, page: Page, body: str) -> str:
        self.rendered.append(page.address)
        return f"{page.title}\n{page.data!r}\n{body}"


@pytest.fixture
def site(a_story, a_site) -> Any:
    stories = []
    for n in range(30):
        day = dt.date(2020, 1, 1) + dt.timedelta(days=n)
        given = {"path": f"stories/2020/s{n:03}/index.md", "id": f"2020-s{n:03}", "date": day}
        approval = Approval("HĐ", "1", day, ("A1",), ("TK",), a_story(**given).text_sha256)
        stories.append(a_story(**given, approval=approval))
    return a_site(*stories)


def run(site: Any, folder: Path, theme: Plain | None = None, jobs: int = 1, notes: str = "manifest.json") -> tuple[Built, Plain]:
    theme = theme or Plain()
    (folder / "shell").mkdir(parents=True, exist_ok=True)
    maker = Maker(folder, Context(Shelf(site), SETTINGS, {}), theme, Store(folder / "store"), jobs=jobs)
    built = building.build(maker, folder / "site", folder / "shell", [""], folder / notes, Stamp(None, preview=False))
    return built, theme


def tree(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_again_makes_nothing(site, tmp_path: Path) -> None:
    first, _ = run(site, tmp_path)
    again, theme = run(site, tmp_path)
    assert (again.made, again.written, again.removed, theme.rendered) == (0, 0, 0, [])
    assert again.files == first.files


def test_one_edited_story_renders_few_pages(site, tmp_path: Path, a_story) -> None:
    run(site, tmp_path)
    old = site.stories[10]
    changed = a_story(path=old.origin.path, id=old.id, date=old.date, body="\n## Hoàn cảnh\n\nThân bài khác.\n")
    changed = replace(changed, approval=replace(old.approval, text_sha256=changed.text_sha256))
    stories = tuple(changed if story is old else story for story in site.stories)
    again, theme = run(replace(site, stories=stories), tmp_path)
    assert theme.rendered == ["guong/2020/s010/"], "its card, and so every list, is as before"
    # site, campaign, unit, field and kind in three formats; the site's, the campaign's and the unit's list
    assert again.written == 1 + 5 * 3 + 3, "the page, the feeds that carry its text, the lists that carry its hash"


def test_workers_make_the_same_bytes(site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "WORTH_FORKING", 1)
    monkeypatch.setattr(children.threading, "active_count", lambda: 1)
    run(site, tmp_path / "1", jobs=1)
    _, theme = run(site, tmp_path / "4", jobs=4)
    assert theme.rendered == [], "all pages were made in children"
    assert tree(tmp_path / "1/site") == tree(tmp_path / "4/site")


def test_a_killed_child_leaves_no_gap(site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "WORTH_FORKING", 1)
    monkeypatch.setattr(children.threading, "active_count", lambda: 1)

    class Dying(Plain):
        def render(self, page: Page, body: str) -> str:
            if os.getpid() != parent and page.address.endswith("7/"):
                os.kill(os.getpid(), 9)
            return super().render(page, body)

    parent = os.getpid()
    run(site, tmp_path / "whole")
    run(site, tmp_path / "killed", Dying(), jobs=2)
    assert tree(tmp_path / "whole/site") == tree(tmp_path / "killed/site")


def test_children_that_are_all_killed_leave_no_half_file(site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "WORTH_FORKING", 1)
    monkeypatch.setattr(children.threading, "active_count", lambda: 1)
    run(site, tmp_path / "whole")
    parent, replaced = os.getpid(), os.replace

    def killed(half: str, path: str) -> None:
        if os.getpid() != parent and path.endswith("index.html"):
            os.kill(os.getpid(), 9)
        replaced(half, path)

    monkeypatch.setattr(os, "replace", killed)
    run(site, tmp_path / "killed", jobs=2)
    assert tree(tmp_path / "whole/site") == tree(tmp_path / "killed/site")


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_entry_of_feeds_is_told_once(site, tmp_path: Path, jobs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children, "WORTH_FORKING", 1)
    monkeypatch.setattr(children.threading, "active_count", lambda: 1)
    monkeypatch.setattr(building, "BATCH", 50)  # the stories' pages in one batch, the feeds in the next
    first, _ = run(site, tmp_path, jobs=jobs)
    assert first.counts["mục nguồn tin"] == len(site.stories)


@pytest.mark.parametrize("damage", ["cut", "empty", "foreign", "gone"])
def test_what_was_told_and_is_damaged_is_told_again(site, tmp_path: Path, damage: str) -> None:
    cold, told = tmp_path / "cold", tmp_path / "site again/store/told"
    run(site, cold)
    run(replace(site, stories=site.stories[1:]), tmp_path / "site again")
    data = told.read_bytes()
    match damage:
        case "cut":
            told.write_bytes(data[: len(data) // 2])
        case "empty":
            told.write_bytes(b"")
        case "foreign":
            told.write_bytes(b"x" * len(data))
        case "gone":
            told.unlink()
    run(site, tmp_path / "site again")
    assert tree(cold / "site") == tree(tmp_path / "site again/site")


def test_a_build_without_feeds_has_none_told(site, tmp_path: Path) -> None:
    (tmp_path / "shell").mkdir()
    maker = Maker(tmp_path, Context(Shelf(site), SETTINGS, {}, fed=False), Plain(), Store(tmp_path / "store"))
    built = building.build(maker, tmp_path / "site", tmp_path / "shell", [""], None, Stamp(None, preview=True))
    assert "mục nguồn tin" not in built.counts
    assert not (tmp_path / "store/told").exists()


def test_the_length_of_a_picture_is_never_that_of_a_damaged_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, picture = Store(tmp_path / "store"), Enclosure("a.webp", 1, 1, "0" * 64, "stories/a.jpg", "")
    monkeypatch.setattr(pictures, "encoded", lambda _path, _at: b"seven b")
    assert pictures.length_of(picture, tmp_path, store) == 7
    store.put(pictures.picture_key(picture.sha256, 1), b"nine byte")
    assert pictures.length_of(picture, tmp_path, store) == 9
    (entry,) = (path for path in store.folder.glob("*/*"))
    entry.write_bytes(b"")
    assert pictures.length_of(picture, tmp_path, store) == 7


@pytest.mark.parametrize("damage", ["cut", "empty", "foreign", "gone"])
def test_a_damaged_store_is_mended(site, tmp_path: Path, damage: str) -> None:
    run(site, tmp_path)
    before = tree(tmp_path / "site")
    for entry in (tmp_path / "store").glob("*/*"):
        match damage:
            case "cut":
                entry.write_bytes(entry.read_bytes()[:-3])
            case "empty":
                entry.write_bytes(b"")
            case "foreign":
                entry.write_bytes(b"x" * 200)
            case _:
                entry.unlink()
    (tmp_path / "site/guong/index.html").unlink()
    run(site, tmp_path)
    assert tree(tmp_path / "site") == before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}'])
def test_a_damaged_manifest_only_costs_time(site, tmp_path: Path, text: str) -> None:
    run(site, tmp_path)
    before = tree(tmp_path / "site")
    (tmp_path / "manifest.json").write_text(text)
    run(site, tmp_path)
    assert tree(tmp_path / "site") == before


def test_what_vanished_is_removed_with_its_empty_folders(site, tmp_path: Path) -> None:
    run(site, tmp_path)
    (tmp_path / "site/cua-nguoi-khac.txt").write_text("x")
    built, _ = run(replace(site, stories=site.stories[1:]), tmp_path)
    assert built.removed == 1
    assert not (tmp_path / "site/guong/2020/s000").exists()
    assert (tmp_path / "site/cua-nguoi-khac.txt").exists(), "not ours, not touched"


def test_what_vanished_is_removed_also_where_nothing_is_noted_any_more(site, tmp_path: Path) -> None:
    """A withdrawn story must go, whoever has deleted or damaged `.cache` in between; what others have put beside the site stays."""
    run(site, tmp_path)
    for path in ("cua-nguoi-khac.txt", "khac/trang.html"):
        (tmp_path / "site" / path).parent.mkdir(exist_ok=True)
        (tmp_path / "site" / path).write_text("x")
    (tmp_path / "manifest.json").unlink()
    fewer = replace(site, stories=site.stories[1:])
    built, _ = run(fewer, tmp_path)
    assert built.removed == 1
    assert not (tmp_path / "site/guong/2020/s000").exists()
    assert (tmp_path / "site/cua-nguoi-khac.txt").exists()
    assert (tmp_path / "site/khac/trang.html").exists()
    assert run(fewer, tmp_path)[0].removed == 0


def test_what_vanished_is_removed_also_after_a_build_that_was_stopped_before_its_first_file(site, tmp_path: Path) -> None:
    run(site, tmp_path)
    (tmp_path / "manifest.json").unlink()
    (tmp_path / "site/build.json").unlink()
    (tmp_path / "manifest.writing").write_text(f"{tmp_path / 'site'}\n")
    assert run(replace(site, stories=site.stories[1:]), tmp_path)[0].removed == 1


def test_a_site_that_is_moved_with_its_notes_is_the_same_site(site, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    run(site, first)
    first.rename(second)
    built, theme = run(site, second)
    assert (built.made, built.written, theme.rendered) == (0, 0, [])


@pytest.mark.parametrize("said", ["{}", '{"app": "another"}', "[", None])
def test_nothing_is_taken_from_a_folder_that_bears_no_stamp_of_ours(site, tmp_path: Path, said: str | None) -> None:
    theirs = tmp_path / "site/guong/cua-ho.html"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("x")
    if said:
        (tmp_path / "site/build.json").write_text(said)
    run(site, tmp_path)
    assert theirs.exists()


def test_what_is_noted_of_one_target_is_not_believed_of_another(site, tmp_path: Path) -> None:
    run(site, tmp_path)
    title = replace(site, stories=(replace(site.stories[0], title="Tên khác"), *site.stories[1:]))
    (tmp_path / "site").rename(tmp_path / "first")
    run(title, tmp_path)  # the same notes, another folder
    (tmp_path / "site").rename(tmp_path / "second")
    (tmp_path / "first").rename(tmp_path / "site")
    shell, manifest = tmp_path / "shell", tmp_path / "manifest.json"

    def made(into: str) -> dict[str, bytes]:
        maker = Maker(tmp_path, Context(Shelf(title), SETTINGS, {}), Plain(), Store(tmp_path / "store"))
        building.build(maker, tmp_path / into, shell, [""], manifest, Stamp(None, preview=False))
        return tree(tmp_path / into)

    assert made("second") == made("site") == made("third")


def test_what_another_kind_of_build_wrote_into_the_same_folder_is_made_good(site, tmp_path: Path) -> None:
    """A preview into `site/`, or `mkdocs build`: notes of its own, files of the same length, and more of them."""
    fewer = replace(site, stories=(replace(site.stories[0], title="A"), *site.stories[1:-1]))
    run(fewer, tmp_path)
    before = tree(tmp_path / "site")
    run(replace(site, stories=(replace(site.stories[0], title="B"), *site.stories[1:])), tmp_path, notes="preview.json")
    assert tree(tmp_path / "site").keys() > before.keys()
    built, _ = run(fewer, tmp_path)
    assert built.removed == 1
    assert tree(tmp_path / "site") == before


def test_another_theme_or_setting_makes_everything_again(site, tmp_path: Path) -> None:
    _, first = run(site, tmp_path)
    other = Plain()
    other.fingerprint = "2"
    again, theme = run(site, tmp_path, other)
    assert theme.rendered == first.rendered
    assert again.written == 0, "the same bytes came of it"


@pytest.mark.parametrize("damage", ["cut", "gone"])
def test_a_damaged_file_of_the_site_is_mended(site, tmp_path: Path, damage: str) -> None:
    run(site, tmp_path)
    before = tree(tmp_path / "site")
    page = tmp_path / "site/guong/2020/s003/index.html"
    page.unlink() if damage == "gone" else page.write_bytes(page.read_bytes()[:-3])
    again, theme = run(site, tmp_path)
    assert theme.rendered == ["guong/2020/s003/"]
    assert again.written == 1
    assert tree(tmp_path / "site") == before


def test_two_outputs_for_one_address(site, tmp_path: Path) -> None:
    (tmp_path / "shell/Guong").mkdir(parents=True)
    (tmp_path / "shell/Guong/index.html").write_text("khác chữ hoa thôi")
    with pytest.raises(TwoForOne, match=r"guong/index\.html"):
        run(site, tmp_path)
    assert not (tmp_path / "site/build.json").exists()


def test_the_store_keeps_what_is_asked_for_and_what_this_process_met(tmp_path: Path) -> None:
    for n in range(1300):
        Store(tmp_path).put(f"{n:064}", b"x")
    store = Store(tmp_path)
    assert 900 < store.size < 1800
    assert store.get(f"{77:064}") == b"x"
    store.keep({f"{n:064}" for n in range(10)})
    assert len(list(tmp_path.glob("*/*"))) == 11
    assert store.get(f"{77:064}") == b"x"


def test_a_store_that_is_swept_while_something_is_put_into_it_has_it_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, replaced = Store(tmp_path), os.replace

    def swept(half: str, path: str) -> None:
        monkeypatch.setattr(os, "replace", replaced)
        Store(tmp_path).keep([])
        replaced(half, path)

    monkeypatch.setattr(os, "replace", swept)
    store.put("a", b"x")
    assert Store(tmp_path).get("a") == b"x"


def test_a_file_that_could_not_be_written_leaves_nothing_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "a", b"x")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fchmod", full)
    with pytest.raises(OSError, match="No space left on device"):
        write(tmp_path / "a", b"y")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"x"}


def test_two_at_once_wait_for_each_other(tmp_path: Path) -> None:
    def is_free() -> bool:
        with (tmp_path / "building.lock").open() as another:
            try:
                fcntl.flock(another, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

    with alone(tmp_path / "building.lock"):
        assert not is_free()
    assert is_free()
    told: list[str] = []
    with (tmp_path / "building.lock").open() as other:
        fcntl.flock(other, fcntl.LOCK_EX)

        def waiting() -> None:
            told.append("chờ")
            fcntl.flock(other, fcntl.LOCK_UN)

        with alone(tmp_path / "building.lock", waiting):
            assert told == ["chờ"]


def test_write_ignores_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        write(tmp_path / "a/b.html", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "a/b.html").stat().st_mode & 0o777 == 0o644
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.html"]


def test_children_that_are_no_longer_waited_for_have_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children.threading, "active_count", lambda: 1)

    def interrupted(done: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    def work(n: int) -> bytes:
        (tmp_path / str(n)).write_bytes(b"")
        return b"x" * 100_000  # more than a pipe holds

    under_way = children.Children(list(range(200)), work, jobs=2)
    forked = [child for child, _ in under_way._children]
    with pytest.raises(KeyboardInterrupt):
        under_way.results(interrupted)
    written = len(list(tmp_path.iterdir()))
    assert written < 200
    assert under_way.results() == {}
    for child in forked:
        with pytest.raises(ChildProcessError):
            os.waitpid(child, 0)
    assert len(list(tmp_path.iterdir())) == written


def test_where_no_process_can_be_made_the_parent_does_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(children.threading, "active_count", lambda: 1)
    forked: list[int] = []
    child = children._child

    def one_only(*given: Any) -> Any:
        if forked:
            raise BlockingIOError
        forked.append(1)
        return child(*given)

    monkeypatch.setattr(children, "_child", one_only)
    done = in_children(list(range(100)), lambda n: n * n, jobs=3)
    assert done == {n: n * n for n in range(0, 100, 3)}


def test_children_are_not_forked_for_little_work() -> None:
    done: list[int] = []
    in_children([1, 2, 3], done.append, jobs=2)
    assert done == [], "left to the caller"
