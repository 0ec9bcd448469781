"""`scripts/publish.py` on the real site: what it says, how it exits, what readers see; real builds, real git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import publish
import websub
from exemplars.model import LEDGER
from sites import copy_repository

if TYPE_CHECKING:
    from collections.abc import Iterator

SOME = "stories/2020/sap-lai-so-truc-dem"
ADDRESS = "guong/2020/sap-lai-so-truc-dem/index.html"


class Desk:
    """A repository, and the folder that it is published to."""

    def __init__(self, root: Path) -> None:
        self.root, self.www = root, root / "dang-thu"

    def publish(self, *options: str, target: str = "thu", **environment: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, str(self.root / "scripts/publish.py"), target, "--root", str(self.root), "--no-search", *options],
            capture_output=True, encoding="utf-8", env={**os.environ, **environment}, cwd=self.root, check=False, timeout=300,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def git(self, *command: str) -> str:
        named = ("-c", "user.name=Thử", "-c", "user.email=thu@example.org")
        done = subprocess.run(["git", "-C", str(self.root), *named, *command], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "Sửa")
        return self.git("rev-parse", "HEAD")

    def edit(self, old: str, new: str, story: str = SOME) -> None:
        path = self.root / story / "index.md"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8", newline="\n")

    def sees(self, path: str) -> str:
        return (self.www / "current" / path).read_text(encoding="utf-8")

    def tree(self) -> dict[str, bytes]:
        current = self.www / "current"
        return {path.relative_to(current).as_posix(): path.read_bytes() for path in sorted(current.rglob("*")) if path.is_file()}

    @property
    def id(self) -> str:
        return (self.www / "current").readlink().name


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Published once, with everything in the store."""
    desk = Desk(copy_repository(tmp_path_factory.mktemp("dang") / "kho"))
    shutil.copy(Path(__file__).resolve().parents[2] / "publish.yml", desk.root)
    (desk.root / ".gitignore").write_text(".cache/\ndang-thu/\nserver/\n__pycache__/\n", encoding="utf-8")
    desk.git("init", "-q", "-b", "main")
    desk.commit()
    done = desk.publish()
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Đã đăng: bản số 1, mã "), done.stdout
    assert "Sổ địa chỉ thêm 21 dòng: hãy commit content/data/published.txt." in done.stdout
    desk.commit()
    return desk.root


@pytest.fixture
def desk(published: Path, tmp_path: Path) -> Iterator[Desk]:
    shutil.copytree(published, tmp_path / "kho", symlinks=True)
    yield Desk(tmp_path / "kho")
    shutil.rmtree(tmp_path / "kho")


def test_the_same_again_changes_nothing_but_the_commit(desk: Desk) -> None:
    before = {path: (data, (desk.www / "current" / path).stat().st_mtime_ns) for path, data in desk.tree().items()}
    done = desk.publish()
    assert (done.returncode, "đã ghi 1 tệp" in done.stdout) == (0, True), done.stdout
    after = {path: (data, (desk.www / "current" / path).stat().st_mtime_ns) for path, data in desk.tree().items()}
    assert {path for path in after if after[path] != before.get(path)} == {"build.json"}
    done = desk.publish()
    assert done.stdout.startswith("Không có gì mới: bản số 2")
    assert "đã ghi 0 tệp" in done.stdout
    assert desk.publish("--check").returncode == 0
    assert "đang chạy" in desk.publish("--list").stdout


def test_edit_dry_run_publish_roll_back(desk: Desk) -> None:
    before, first = desk.tree(), desk.id
    (desk.root / "content/gioi-thieu.md").write_text("# Giới thiệu\n\nTrang đã sửa.\n", encoding="utf-8")
    desk.commit()
    planned = desk.publish("--dry-run")
    assert planned.stdout.startswith("Sẽ đăng (chưa đưa gì lên)")
    nowhere = desk.publish("--dry-run", "--receipt", "/proc/none/x.json")
    assert (nowhere.returncode, nowhere.stdout) == (1, planned.stdout)
    assert "chưa ghi được biên nhận vào /proc/none/x.json" in nowhere.stderr
    assert "ĐÃ CHUYỂN" not in nowhere.stderr
    assert desk.tree() == before
    receipt = desk.root / ".cache/bien-nhan.json"
    done = desk.publish("--receipt", str(receipt))
    assert done.returncode == 0, done.stderr
    said = json.loads(receipt.read_text(encoding="utf-8"))
    assert (said["serial"], said["before"]["release"], said["files"]["changed"]) == (2, first, ["gioi-thieu/index.html"])
    assert [path.name for path in (desk.www / "receipts").glob("*-published-2-*")] == [
        path.name for path in (desk.root / ".cache/published/thu").glob("*-published-2-*")
    ]
    assert "Trang đã sửa." in desk.sees("gioi-thieu/index.html")
    assert "server/nginx.conf" in {path.relative_to(desk.www).as_posix() for path in desk.www.rglob("*.conf")}
    assert desk.publish("--rollback").returncode == 0
    assert desk.tree() == before
    again = desk.publish()
    assert again.returncode == 1
    assert "Trang đã được lùi khỏi bản số 2" in again.stderr
    assert desk.tree() == before


def test_an_older_commit_never_takes_the_place_of_a_newer_one(desk: Desk) -> None:
    old = desk.git("rev-parse", "HEAD~1")
    desk.publish()
    before = desk.tree()
    desk.git("checkout", "-q", old)
    done = desk.publish()
    assert done.returncode == 1
    assert f"Commit {old[:12]} cũ hơn" in done.stderr
    assert desk.tree() == before
    assert desk.publish("--any-commit").returncode == 0


def test_a_branch_begun_before_a_withdrawal_does_not_bring_the_story_back(desk: Desk) -> None:
    desk.git("branch", "viet-bai")
    desk.edit("\nunit: ", "\nwithdrawn: {date: 2020-12-01, kind: withdrawn, reason: Rút đồng ý}\nunit: ", SOME)
    desk.commit()
    assert desk.publish().returncode == 0
    before = desk.tree()
    desk.git("checkout", "-q", "viet-bai")
    desk.commit()
    done = desk.publish()
    assert done.returncode == 1
    assert "hiện lại bài đã gỡ ở bản số" in done.stderr
    assert "guong/2020/sap-lai-so-truc-dem/" in done.stderr
    (desk.root / ".git").rename(desk.root / ".git-khac")
    done = desk.publish()
    assert done.returncode == 1
    assert "không phải kho git" in done.stderr
    assert desk.tree() == before
    (desk.root / ".git-khac").rename(desk.root / ".git")
    desk.git("merge", "-q", "-m", "Gộp", "main")
    desk.edit("\nwithdrawn: {date: 2020-12-01, kind: withdrawn, reason: Rút đồng ý}", "", SOME)
    desk.commit()
    assert desk.publish().returncode == 0, "who follows the withdrawal may bring the story back"


def test_one_faulty_story_keeps_its_last_good_page_and_stops_no_other(desk: Desk) -> None:
    good, before = desk.git("rev-parse", "HEAD~1"), desk.tree()
    desk.edit("\nunit: ", "\nunit: khong-co-", SOME)
    (desk.root / "content/gioi-thieu.md").write_text("# Giới thiệu\n\nTrang đã sửa.\n", encoding="utf-8")
    shutil.copytree(desk.root / SOME, desk.root / "stories/2020/bai-moi-hong")
    desk.edit("id: 2020-sap-lai-so-truc-dem", "id: 2020-bai-moi-hong", "stories/2020/bai-moi-hong")
    desk.commit()
    done = desk.publish()
    assert done.returncode == 3, done.stderr
    assert done.stdout.startswith("CHÚ Ý: 2 bài có lỗi, KHÔNG đăng bản đang có trong kho:\n- stories/2020/bai-moi-hong: chưa từng đăng")
    assert f"- {SOME}: vẫn hiện bản đã đăng trước" in done.stdout
    assert "TL001" in done.stdout
    after = desk.tree()
    assert {path for path in before if after.get(path) != before[path]} == {
        "gioi-thieu/index.html", "gioi-thieu/index.html.gz", "gioi-thieu/index.html.br", "build.json",
    }  # fmt: skip
    assert after.keys() == before.keys(), "lists, feeds and stories.json tell of the same stories as before"
    stamp = json.loads(desk.sees("build.json"))
    assert {folder: (one["how"], one["commit"]) for folder, one in stamp["kept"].items()} == {"2020/sap-lai-so-truc-dem": ("kept", good)}
    assert "khong-co-" not in desk.sees("build.json"), "what is wrong is nobody's business outside"
    desk.commit()
    still = desk.publish()
    assert still.returncode == 3
    assert json.loads(desk.sees("build.json"))["kept"]["2020/sap-lai-so-truc-dem"]["commit"] == good, "the commit that its text is of"


def test_a_faulty_story_that_has_moved_stays_where_readers_know_it(desk: Desk) -> None:
    before = desk.tree()
    desk.git("mv", SOME, f"{SOME}-moi")
    desk.edit("\nunit: ", "\nredirect_from: [guong/2020/sap-lai-so-truc-dem/]\nunit: khong-co-", f"{SOME}-moi")
    desk.commit()
    done = desk.publish()
    assert done.returncode == 3, done.stdout + done.stderr
    assert f"- {SOME}: vẫn hiện bản đã đăng trước" in done.stdout
    assert desk.tree()[ADDRESS] == before[ADDRESS]
    desk.commit()
    assert desk.publish().returncode == 3, "as long as it is faulty"
    desk.edit("khong-co-", "", f"{SOME}-moi")
    desk.commit()
    assert desk.publish().returncode == 0
    assert "sap-lai-so-truc-dem-moi" in desk.sees(ADDRESS)


def test_what_must_not_stay_is_taken_down_at_once(desk: Desk) -> None:
    desk.edit("consent: {record:", "consent: {revoked: 2020-12-01, record:", SOME)
    desk.commit()
    done = desk.publish()
    assert done.returncode == 3, done.stderr
    assert f"- {SOME}: đã gỡ khỏi trang, chỉ còn lời báo" in done.stdout
    assert "content/events/toa-dam-nguoi-tot-viec-tot-2020.md:11:11: TL006" in done.stdout, (
        "who still refers to it is told, and keeps nothing up"
    )
    assert "Bài đã gỡ" in desk.sees(ADDRESS)
    named = {path for path, data in desk.tree().items() if b"2020/sap-lai-so-truc-dem/" in data and not path.endswith(".json")}
    assert named == {ADDRESS, "quy-tac/index.html"}, "but for the notice itself, and the example of a rule"
    assert not list((desk.www / "current/guong/2020/sap-lai-so-truc-dem").glob("*.webp"))
    told = json.loads(desk.sees("stories.json"))
    assert "2020-sap-lai-so-truc-dem" in {one["id"] for one in told["withdrawn"]}
    back = desk.publish("--rollback")
    assert (back.returncode, "còn hiện bài đã gỡ" in back.stderr) == (1, True)
    desk.edit("revoked: 2020-12-01, ", "", SOME)
    desk.commit()
    assert desk.publish().returncode == 0
    assert "Bài đã gỡ" not in desk.sees(ADDRESS)


def test_a_withdrawal_whose_reason_identifies_somebody_goes_out_without_it(desk: Desk) -> None:
    desk.edit("\nunit: ", "\nwithdrawn: {date: 2020-12-01, kind: withdrawn, reason: Gọi 0912 345 678}\nunit: ", SOME)
    desk.commit()
    done = desk.publish()
    assert done.returncode == 3, done.stderr
    page = desk.sees("guong/2020/sap-lai-so-truc-dem/index.html")
    assert "Bài đã gỡ" in page
    assert "0912" not in page


def test_a_withdrawal_counts_even_in_a_broken_file(desk: Desk) -> None:
    desk.edit("\nunit: ", "\nwithdrawn: {date: 2020-12-01, kind: error, reason: Nhầm}\nunit: khong-co-", SOME)
    desk.commit()
    done = desk.publish()
    assert done.returncode == 3, done.stderr
    assert "Nhầm" in desk.sees(ADDRESS)
    desk.edit("---\nid:", "---\nid: [\nid:", SOME)
    desk.edit("kind: error", "kind: withdrawn", SOME)
    desk.commit()
    before = desk.tree()
    done = desk.publish()
    assert done.returncode == 1
    assert "chỗ đổi nói tới việc gỡ bài hoặc rút đồng ý" in done.stderr
    assert desk.tree() == before


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("campaign", "Có lỗi không thuộc riêng bài nào"),
        ("vanished", "guong/2020/sap-lai-so-truc-dem/"),
        ("many", "bài có lỗi, quá 10 %"),
        ("hook", "không có build.json đọc được"),
    ],
)
def test_what_stops_everything(desk: Desk, change: str, says: str) -> None:
    match change:
        case "campaign":
            path = next((desk.root / "campaigns").glob("*.md"))
            path.write_text(path.read_text(encoding="utf-8").replace("title:", "titel:"), encoding="utf-8")
        case "vanished":
            shutil.rmtree(desk.root / SOME)
        case "many":
            for path in (desk.root / "stories/2020").iterdir():
                desk.edit("\nunit: ", "\nunit: khong-co-", path.relative_to(desk.root).as_posix())
        case "hook":
            script = desk.root / "scripts/build.py"
            text = script.read_text(encoding="utf-8")
            script.write_text(text.replace("    say(\n", '    (asked.target / "build.json").unlink()\n    say(\n'), encoding="utf-8")
    desk.commit()
    before = desk.tree()
    done = desk.publish()
    assert (done.returncode, says in done.stderr) == (1, True), done.stdout + done.stderr
    assert desk.tree() == before


def test_an_old_story_is_not_blamed_for_a_new_one_that_takes_its_id(desk: Desk) -> None:
    before = desk.tree()
    shutil.copytree(desk.root / SOME, desk.root / "stories/2020/a-trung-ma")  # read before the one whose id it takes
    desk.commit()
    done = desk.publish()
    assert done.returncode == 3, done.stderr
    assert "- stories/2020/a-trung-ma: chưa từng đăng" in done.stdout
    elsewhere = desk.publish(target=f"{desk.root}/.cache/noi-moi")
    assert elsewhere.returncode == 3, "a faulty story that was never published anywhere holds no new place back"
    assert {path for path, data in desk.tree().items() if before.get(path) != data} == {"build.json"}


def test_a_new_place_has_no_good_page_to_keep(desk: Desk) -> None:
    desk.edit("\nunit: ", "\nunit: khong-co-")
    done = desk.publish(target=str(desk.root / ".cache/noi-moi"))
    assert done.returncode == 1
    assert f"KHÔNG ĐĂNG. {SOME}: bài đã đăng ở nơi khác, nay có lỗi, mà nơi này chưa có bản nào" in done.stderr


def test_changes_that_are_not_committed_are_told_first(desk: Desk) -> None:
    (desk.root / "content/gioi-thieu.md").write_text("# Giới thiệu\n\nTrang đã sửa.\n", encoding="utf-8")
    done = desk.publish()
    assert done.returncode == 0
    assert done.stdout.startswith("CHÚ Ý: có thay đổi chưa commit.")


def test_two_at_once(desk: Desk) -> None:
    """The second says who the first is; or waits, if told to."""
    command = [sys.executable, str(desk.root / "scripts/publish.py"), "thu", "--root", str(desk.root), "--no-search"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as first:
        lock = desk.root / ".cache/publish/.lock"
        while not (lock.is_file() and lock.read_bytes()) and first.poll() is None:
            pass
        second = desk.publish()
        waiting = desk.publish("--wait", "120")
        assert first.wait() == 0
    assert second.returncode == 75
    assert f"(tiến trình {first.pid}) đang đăng lên" in second.stderr
    assert waiting.returncode == 0


def test_misuse(desk: Desk) -> None:
    done = desk.publish(target="thuu")
    assert (done.returncode, "Có phải là «thu»?" in done.stderr) == (2, True)
    (desk.root / "publish.yml").write_text("- {name: thu, kind: ftp, where: x}\n- {name: kho, kind: s3, where: 'a:b'}\n", encoding="utf-8")
    done = desk.publish()
    assert done.returncode == 2
    assert "publish.yml:1:21: CT010 «Loại» (`kind`) không nhận «ftp»." in done.stderr
    assert "publish.yml:2:1: CT007 Chỗ đăng «kho» loại s3 cần kho riêng (`store`)" in done.stderr
    assert desk.publish("--dry-run", "--list").returncode == 2


def test_a_folder_needs_no_row_and_the_umask_does_not_matter(desk: Desk) -> None:
    command = f"umask 077; exec '{sys.executable}' '{desk.root}/scripts/publish.py' ./ngoai --root '{desk.root}' --no-search"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=desk.root, check=False)
    assert done.returncode == 0, done.stderr
    assert {path.stat().st_mode & 0o777 for path in (desk.root / "ngoai/current/").rglob("*") if path.is_file()} == {0o644}
    assert {path.stat().st_mode & 0o777 for path in (desk.root / "ngoai").rglob("*") if path.is_dir()} == {0o755}
    assert desk.git("status", "--porcelain", "--", LEDGER) == "", "every address was in the ledger already"


def test_a_hub_is_asked_as_it_is_meant_not_as_xml_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "atom.xml").write_text('<link rel="hub" href="https://hub.example/?a=1&amp;b=2"/>', encoding="utf-8")
    (tmp_path / "feeds.opml").write_text("<opml/>", encoding="utf-8")
    asked = list[str]()
    monkeypatch.setattr(websub, "ping", lambda hub, _: asked.append(hub) or [])
    publish._tell(tmp_path)
    assert asked == ["https://hub.example/?a=1&b=2"]


@pytest.mark.parametrize("error", [KeyError("uid not found"), OSError("EIO")])
def test_who_publishes_is_named_also_where_the_system_cannot_tell(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> str:
        raise error

    monkeypatch.setattr(publish.getpass, "getuser", fails)
    assert publish._user().startswith("người dùng số ")
