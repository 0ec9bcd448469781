"""One commit, one tree: whoever builds it, where, when and how; and the command that proves it of a built site."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from readers import needs
from sites import REPOSITORY, copy_repository, tree

STORIES = ("2020/sap-lai-so-truc-dem", "2020/ho-so-tra-trong-ngay", "2020/mot-cua-chieu-thu-sau")
EVENTS = "content/events"


def git(root: Path, *command: str) -> str:
    who = ("-c", "user.name=Bài mẫu", "-c", "user.email=mau@example.invalid")
    return subprocess.run(["git", "-C", root, *who, *command], check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with one commit, built once as everybody does."""
    root = copy_repository(tmp_path_factory.mktemp("lai") / "kho", stories=STORIES)
    shutil.rmtree(root / EVENTS)
    (root / "content/data/published.txt").write_text("", encoding="utf-8")
    for name in ("requirements.txt", "requirements-feedgen.txt", ".gitignore"):
        shutil.copy(REPOSITORY / name, root)
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Bài đầu")
    done = built(root)
    assert done.returncode == 0, done.stderr
    return root


def built(root: Path, *arguments: str, before: tuple[str, ...] = (), **environment: str) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, str(root / "scripts/build.py"), "--root", str(root), *arguments]
    known = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd="/", env=known | environment, capture_output=True, text=True, check=False)


def modes(folder: Path) -> set[tuple[str, int]]:
    """Kinds and modes of all that lies in a folder, itself included."""
    return {("d" if path.is_dir() else "f", stat.S_IMODE(path.stat().st_mode)) for path in (folder, *folder.rglob("*"))}


def without_network() -> tuple[str, ...]:
    """A network namespace without interfaces; where that is not allowed, every connect() is refused."""
    for command in (("unshare", "-n"), ("unshare", "-rn")):
        if subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0:
            return command
    needs("strace")
    return ("strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=connect", "-e", "inject=connect:error=ENETUNREACH")


def another_user() -> tuple[str, ...]:
    """Nobody, who may read (the interpreter may lie in a home) and write nothing; whoever is not root is such a one already."""
    if os.geteuid():
        return ()
    caps = "-all,+dac_read_search"
    return (
        "setpriv",
        "--reuid=65534",
        "--regid=65534",
        "--clear-groups",
        f"--inh-caps={caps}",
        f"--ambient-caps={caps}",
        f"--bounding-set={caps}",
    )


def test_without_network_another_year_zone_locale_umask_and_one_worker(root: Path, tmp_path: Path) -> None:
    needs("faketime")
    there = tmp_path / "nơi khác"
    shutil.copytree(root, there, ignore=shutil.ignore_patterns("site", "server", ".cache"))
    before = ("sh", "-c", 'umask 077; exec "$@"', "sh", *without_network(), "faketime", "+400 days")
    done = built(
        there, "--jobs", "1", before=before, TZ="Pacific/Kiritimati", LC_ALL="C", PYTHONHASHSEED="42", SOURCE_DATE_EPOCH="1900000000"
    )
    assert done.returncode == 0, done.stderr
    assert tree(there / "site") == tree(root / "site")
    assert modes(there / "site") == modes(there / "server") == {("d", 0o755), ("f", 0o644)}


def test_another_user_from_a_checkout_that_can_only_be_read(root: Path, tmp_path: Path) -> None:
    there, out = tmp_path / "kho", tmp_path / "ra"
    shutil.copytree(root, there, ignore=shutil.ignore_patterns("site", "server", ".cache"))
    out.mkdir()
    out.chmod(0o777)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o055) if folder.stat().st_uid == os.geteuid() else None
    for path in (there, *there.rglob("*")):
        path.chmod(path.stat().st_mode & 0o555)
    try:
        git_knows = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory", "GIT_CONFIG_VALUE_0": "*"}
        where = ("--site", str(out / "site"), "--cache", str(out / "cache"), "--server", str(out / "server"))
        done = built(there, *where, "--jobs", "3", before=another_user(), HOME=str(out), **git_knows)
        assert done.returncode == 0, done.stderr
        assert tree(out / "site") == tree(root / "site")
        assert modes(out / "site") == {("d", 0o755), ("f", 0o644)}
        assert not {"site", "server", ".cache"} & {path.name for path in there.iterdir()}
        if not os.geteuid():
            assert (out / "site/index.html").stat().st_uid == 65534
        done = built(there, *where, before=another_user(), HOME=str(out), **git_knows)  # from what it kept
        assert (done.returncode, "ghi 0" in done.stdout) == (0, True), done.stderr
    finally:
        for path in (there, *there.rglob("*")):
            path.chmod(path.stat().st_mode | 0o200)


def reproduced(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(REPOSITORY / "scripts/reproduce.py"), "--root", str(root), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_the_command_rebuilds_and_compares(root: Path, tmp_path: Path) -> None:
    done = reproduced(root, str(root / "site"))
    assert done.returncode == 0, done.stderr
    assert "Trùng khớp" in done.stdout
    assert git(root, "worktree", "list").count("\n") == 0
    # a page changed by hand, one added, one lost; the stamp says nothing of it
    shutil.copytree(root / "site", tmp_path / "site")
    (tmp_path / "site/index.html").write_text("khác", encoding="utf-8")
    (tmp_path / "site/la.html").write_text("lạ", encoding="utf-8")
    (tmp_path / "site/404.html").unlink()
    done = reproduced(root, str(tmp_path / "site"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[1:] == [
        "404.html: chỉ có ở bản dựng lại", "index.html: nội dung khác", "la.html: chỉ có ở bản đã dựng",
    ]  # fmt: skip


def test_a_release_is_rebuilt_with_what_stood_for_a_faulty_story(root: Path, tmp_path: Path) -> None:
    """The kept text is of an earlier commit; packed files and those carried on from earlier releases are none of the commit's."""
    git(tmp_path, "clone", "-q", str(root), "kho")
    there, story = tmp_path / "kho", "stories/2020/sap-lai-so-truc-dem"

    def published() -> int:
        command = [sys.executable, str(there / "scripts/publish.py"), f"{tmp_path}/trang/", "--root", str(there)]
        return subprocess.run(command, capture_output=True, text=True, check=False).returncode

    def changed(line: str) -> None:
        page = there / "content/gioi-thieu.md"
        page.write_text(f"{page.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
        git(there, "add", "-A")
        git(there, "commit", "-q", "-m", line)

    assert published() == 0
    text = (there / story / "index.md").read_text(encoding="utf-8")
    (there / story / "index.md").write_text(text.replace("\nunit: ", "\nunit: khong-co-"), encoding="utf-8")
    changed("Một bài hỏng.")
    assert published() == 3
    assert "Trùng khớp" in reproduced(there, str(tmp_path / "trang/current")).stdout
    (there / story / "index.md").write_text(text, encoding="utf-8")
    shutil.copytree(root / story, there / "stories/2020/bai-moi-hong")
    changed("Một bài mới hỏng.")
    assert published() == 3
    done = reproduced(there, str(tmp_path / "trang/current"))
    assert (done.returncode, "Trùng khớp" in done.stdout) == (0, True), done.stderr
    shutil.rmtree(there / "stories/2020/bai-moi-hong")
    (there / story).rename(there / f"{story}-moi")
    moved = f"\nredirect_from: [guong/{story.removeprefix('stories/')}/]\nunit: khong-co-"
    (there / f"{story}-moi/index.md").write_text(text.replace("\nunit: ", moved), encoding="utf-8")
    changed("Một bài dời đi và hỏng.")
    assert published() == 3
    done = reproduced(there, str(tmp_path / "trang/current"))
    assert (done.returncode, "Trùng khớp" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("change", "code", "says"),
    [
        ({"tree_sha256": "0" * 64}, 1, "Không trùng"), ({"commit": "0" * 40}, 1, "git fetch"), ({"commit": None}, 1, "ngoài kho git"),
        ({"preview": True}, 1, "xem trước"), ({"commit": "--help"}, 1, "Không lấy được"),
    ],
)  # fmt: skip
def test_what_cannot_be_reproduced_is_said(change: dict[str, object], code: int, says: str, root: Path, tmp_path: Path) -> None:
    stamp = json.loads((root / "site/build.json").read_text(encoding="utf-8"))
    (tmp_path / "build.json").write_text(json.dumps(stamp | change), encoding="utf-8")
    done = reproduced(root, str(tmp_path / "build.json"))
    assert (done.returncode, says in done.stderr) == (code, True), done.stderr


@pytest.mark.parametrize("text", ["", "[]", "{}"])
def test_what_is_no_stamp_is_misuse(text: str, root: Path, tmp_path: Path) -> None:
    (tmp_path / "build.json").write_text(text, encoding="utf-8")
    assert reproduced(root, str(tmp_path)).returncode == 2
