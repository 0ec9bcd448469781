"""`check.py --since`: what a change is answerable for, in its own files and elsewhere, against a real git repository."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exemplars import changing
from exemplars.changing import NoHistoryError, brought, changes_since
from exemplars.checking import check
from exemplars.reading import read_site

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = dt.date(2020, 12, 31)
REPOSITORY = Path(__file__).resolve().parent.parent
ONE, TWO = "stories/2020/mot/index.md", "stories/2020/hai/index.md"
CAMPAIGN = "campaigns/lao-dong-gioi.md"


def git(root: Path, *command: str) -> str:
    done = subprocess.run(
        ["git", "-C", root, "-c", "user.name=Bài mẫu", "-c", "user.email=mau@example.invalid", *command],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.fixture
def root(a_root: Callable[..., Path]) -> Path:
    """A repository of two sound stories, committed; the second has standing reminders, being a draft without a summary."""
    root = a_root(real=True)
    story = (REPOSITORY / "tests/stories/clean/cho-hoi-dong/index.md").read_text(encoding="utf-8")
    own = next(line for line in story.splitlines() if line.startswith("id: "))
    for path, id_ in ((ONE, "2020-mot"), (TWO, "2020-hai")):
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(story.replace(own, f"id: {id_}"), encoding="utf-8")
    for beside in (REPOSITORY / "tests/stories/clean/cho-hoi-dong").glob("*.jpg"):
        shutil.copy(beside, (root / ONE).parent)
        shutil.copy(beside, (root / TWO).parent)
    edit(root, TWO, "id: 2020-hai", "id: 2020-hai\ndraft: true")
    text = (root / TWO).read_text(encoding="utf-8")
    summary = next(line for line in text.splitlines() if line.startswith("summary: "))
    edit(root, TWO, summary + "\n", "")
    git(root, "init", "-q", "-b", "main")
    commit(root)
    return root


def commit(root: Path) -> None:
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Bài mẫu")


def edit(root: Path, path: str, old: str, new: str) -> None:
    text = (root / path).read_text(encoding="utf-8")
    assert old in text
    (root / path).write_text(text.replace(old, new), encoding="utf-8", newline="\n")


def found(root: Path, rev: str = "HEAD") -> list[tuple[str, str]]:
    problems = check(*read_site(root, TODAY))
    told = brought(problems, changes_since(rev, root, os.environ), TODAY)
    return [(one.path, one.code) for one in told if one.code != "BS005"]  # the stories of these tests are all alike


def test_nothing_changed_nothing_told_although_another_story_has_reminders(root: Path) -> None:
    assert found(root) == []
    assert TWO in {one.path for one in check(*read_site(root, TODAY))}


def test_every_problem_of_a_changed_file_is_told_old_ones_too(root: Path) -> None:
    edit(root, TWO, "\n## ", "\n<b>x</b>\n\n## ")
    codes = {code for path, code in found(root) if path == TWO}
    assert {"CT002", "CT013"} <= codes


def test_a_story_not_yet_added_to_git_counts_as_changed(root: Path) -> None:
    (root / "stories/2020/ba").mkdir()
    (root / "stories/2020/ba/index.md").write_text("---\ntitle: Ba\n---\n", encoding="utf-8")
    assert ("stories/2020/ba/index.md", "CT001") in found(root)


def test_a_removed_unit_is_told_at_the_stories_that_name_it(root: Path) -> None:
    text = (root / ONE).read_text(encoding="utf-8")
    unit = next(line for line in text.splitlines() if line.startswith("unit: ")).removeprefix("unit: ")
    edit(root, "content/data/units.yml", f"- id: {unit}\n", f"- id: {unit}-moi\n")
    commit(root)
    assert {(ONE, "TL001"), (TWO, "TL001")} <= set(found(root, "HEAD~1"))
    assert (TWO, "CT002") not in found(root, "HEAD~1"), "an old reminder of an untouched story"


def test_a_renamed_campaign_is_told_at_the_stories_that_name_it(root: Path) -> None:
    text = (root / ONE).read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if line.startswith("campaigns: "))
    name = line.partition("[")[2].split(",")[0].rstrip("]")
    git(root, "mv", f"campaigns/{name}.md", f"campaigns/{name}-moi.md")
    edit(root, f"campaigns/{name}-moi.md", f"id: {name}\n", f"id: {name}-moi\n")
    assert {(ONE, "TL001"), (TWO, "TL001")} <= set(found(root))


def test_an_id_used_twice_is_told_even_when_it_shows_in_the_untouched_file(root: Path) -> None:
    (root / "stories/2020/a-dau").mkdir()
    (root / "stories/2020/a-dau/index.md").write_bytes((root / ONE).read_bytes())
    told = found(root)
    assert [path for path, code in told if code == "CT004"] == [ONE], "the finding stands at the later of the two files"


def test_a_link_to_a_moved_story_is_told_where_the_link_is(root: Path) -> None:
    edit(root, TWO, "\n## ", "\nXem [bài một](../mot/index.md).\n\n## ")
    commit(root)
    git(root, "mv", "stories/2020/mot", "stories/2020/mot-moi")
    assert (TWO, "TL002") in found(root)


def test_a_removed_story_that_was_published_is_told_at_the_ledger(root: Path) -> None:
    (root / "content/data/published.txt").write_text("guong/2020/mot/ 2020-mot\n", encoding="utf-8")
    commit(root)
    git(root, "rm", "-rq", "stories/2020/mot")
    assert ("content/data/published.txt", "CT005") in found(root)


def test_a_changed_photo_touches_its_story(root: Path) -> None:
    (root / "stories/2020/hai/them.txt").write_text("x", encoding="utf-8")
    assert {(TWO, "CT002"), ("stories/2020/hai/them.txt", "CT015")} <= set(found(root))


def test_the_commit_is_not_read_when_only_changed_files_have_problems(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(root, TWO, "\n## ", "\nThêm một câu.\n\n## ")
    own = [one for one in check(*read_site(root, TODAY)) if one.path == TWO]
    monkeypatch.setattr(changing, "_problems_of", lambda *_: pytest.fail("đọc lại commit cũ khi không cần"))
    assert brought(own, changes_since("HEAD", root, os.environ), TODAY) == own != []


def test_inside_a_hook_of_git_the_users_index_stays(root: Path) -> None:
    """Git hands its hooks GIT_DIR and GIT_INDEX_FILE; a hook that checks must neither follow nor change them."""
    (root / CAMPAIGN).unlink()
    before = git(root, "ls-files", "--stage")
    environment = {**os.environ, "GIT_DIR": str(root / ".git"), "GIT_INDEX_FILE": str(root / ".git/index"), "GIT_WORK_TREE": "/"}
    changes = changes_since("HEAD", root, environment)
    assert changes.paths == {CAMPAIGN}
    assert brought(check(*read_site(root, TODAY)), changes, TODAY) is not None
    assert git(root, "ls-files", "--stage") == before


def test_a_site_in_a_folder_of_a_larger_repository(root: Path) -> None:
    shutil.rmtree(root / ".git")
    git(root.parent, "init", "-q", "-b", "main")
    commit(root.parent)
    assert found(root) == []
    edit(root, ONE, "\n## ", "\n<b>x</b>\n\n## ")
    assert set(found(root)) == {(ONE, "CT013")}


def test_a_file_name_in_vietnamese(root: Path) -> None:
    (root / "stories/2020/Bài Một").mkdir()
    (root / "stories/2020/Bài Một/index.md").write_text("x", encoding="utf-8")
    assert "stories/2020/Bài Một/index.md" in changes_since("HEAD", root, os.environ).paths


@pytest.mark.parametrize("rev", ["khong-co", "--help", "HEAD~99", "", "HEAD:stories"])
def test_a_commit_that_is_not_there(rev: str, root: Path) -> None:
    with pytest.raises(NoHistoryError, match="không tìm thấy"):
        changes_since(rev, root, os.environ)


def test_no_repository(a_root: Callable[..., Path]) -> None:
    with pytest.raises(NoHistoryError, match="không nằm trong kho git"):
        changes_since("HEAD", a_root(), os.environ)


def test_no_git(root: Path, tmp_path: Path) -> None:
    with pytest.raises(NoHistoryError, match="không chạy được git"):
        changes_since("HEAD", root, {**os.environ, "PATH": str(tmp_path)})


def test_a_commit_whose_content_was_not_fetched(root: Path) -> None:
    changes = changes_since("HEAD", root, os.environ)
    with pytest.raises(NoHistoryError, match="git fetch"):
        changing._problems_of(replace(changes, commit="0" * 40), TODAY)
