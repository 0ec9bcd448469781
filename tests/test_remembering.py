"""A check that remembers says what one that does not would say, and looks only at what has changed."""

from __future__ import annotations

import ast
import datetime as dt
import errno
import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from exemplars import checking, children, reading, remembering
from exemplars.model import Story
from exemplars.remembering import Memory, Recaller, Stale, recalling
from exemplars.remembering import memory as memories
from exemplars.remembering.judging import Judge, View

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exemplars.model import Problem, Site

    Root = Callable[..., Path]

TODAY = dt.date(2020, 12, 31)
REPOSITORY = Path(__file__).resolve().parent.parent
NAMES = ("a", "b", "c", "d", "e")
OLD = (1_500_000_000_000_000_000, 1_500_000_000_000_000_000)


def a_text(name: str, *, link: str = "b", words: str = "Một câu ngắn.", **keys: str) -> str:
    """A sound story that links to another."""
    text = (REPOSITORY / "tests/stories/clean/cho-hoi-dong/index.md").read_text(encoding="utf-8")
    text = text.replace("cho-hoi-dong", name).replace("Lê Mẫu Đạt", f"Lê Mẫu {name.upper()}")
    for key, value in keys.items():
        text = text.replace("\n---\n", f"\n{key}: {value}\n---\n", 1)
    return f"{text}\n{words} Xem [bài kia](../{link}/index.md).\n"


@pytest.fixture
def root(a_root: Root) -> Path:
    """Five sound stories, each linking to the second."""
    return a_root({f"stories/2020/{name}/index.md": a_text(name) for name in NAMES}, real=True)


def write(root: Path, path: str, text: str | bytes) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text.encode() if isinstance(text, str) else text)


def warm(root: Path, today: dt.date = TODAY) -> list[Problem]:
    return remembering.check(root, today, root / ".cache")[1]


def cold(root: Path, today: dt.date = TODAY) -> list[Problem]:
    return checking.check(*reading.read_site(root, today))


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Counts the stories that are read and those that are judged."""
    done: Counter[str] = Counter()
    shaped, judged = reading.shaped, checking.judged

    def shape(of: type, *given: Any, **more: Any) -> Any:
        done["read"] += of is Story
        return shaped(of, *given, **more)

    def judge(record: Any, *given: Any) -> Any:
        done["judged"] += isinstance(record, Story)
        return judged(record, *given)

    monkeypatch.setattr(reading, "shaped", shape)
    monkeypatch.setattr(checking, "judged", judge)
    return done


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled as soon as they are written."""
    monkeypatch.setattr(recalling, "SETTLED", -(10**12))


# ---- in children


def test_children_read_and_judge_what_one_process_would(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "stories/2020/lech/index.md", "---\ntitle: [\n---\n")
    write(root, "stories/2020/trong/.gitkeep", b"")
    (root / "stories/2020/rong").mkdir()
    write(root, "stories/2020/khong-bai/don.pdf", b"%PDF-1.4")
    write(root, "stories/2020/c/giay.pdf", b"%PDF-1.4")
    write(root, "stories/2020/d/ke.txt", b"x")
    write(root, "stories/2020/e/index.md", a_text("e", link="khong-co"))
    write(root, "stories/2020/sai/index.md", b"\xff\xfe")
    one, alone = remembering.check(root, TODAY, root / ".one")
    assert alone == cold(root)
    monkeypatch.setattr(children, "WORTH_FORKING", 1)
    monkeypatch.setattr(children.threading, "active_count", lambda: 1)
    monkeypatch.setattr(recalling, "TOGETHER", 2)
    monkeypatch.setattr(checking, "judged", only_in_children(checking.judged, lambda record, *_: isinstance(record, Story)))
    monkeypatch.setattr(reading, "shaped", only_in_children(reading.shaped, lambda of, *_: of is Story))
    many, together = remembering.check(root, TODAY, root / ".many", jobs=3)
    assert together == alone
    assert {problem.code for problem in together} >= {"CT007", "CT015", "VT001"}
    assert [told(story) for story in many.stories] == [told(story) for story in one.stories]
    assert (many.files, many.unread) == (one.files, one.unread)
    assert rows(root / ".many") == rows(root / ".one")


def only_in_children(function: Any, guarded: Any) -> Any:
    parent = os.getpid()

    def called(*given: Any, **more: Any) -> Any:
        assert os.getpid() != parent or not guarded(*given)
        return function(*given, **more)

    return called


def told(story: Story) -> Any:
    """All that a record says; where a text is put aside differs."""
    every = [getattr(story, name) for name in Story.__slots__ if name not in {"origin", "approval"}]
    return every, story.origin.path, story.origin.text, story.origin.body, story.approval and story.approval.origin.text


def rows(folder: Path) -> Any:
    with reading.everything_stays():
        memory = Memory(folder)
        memory.load()
    return memory.notes, [entry.row() for entry in memory.entries.values()]


# ---- how much is looked at again


def test_an_unchanged_site_is_neither_read_nor_judged_again(root: Path, work: Counter[str]) -> None:
    first = warm(root)
    assert work == {"read": 5, "judged": 5}
    before = (root / ".cache/memory").stat().st_ino
    work.clear()
    assert warm(root) == first == cold(root)
    assert work == {"read": 5, "judged": 5}  # by the cold one
    assert (root / ".cache/memory").stat().st_ino == before, "not written anew"


def test_of_an_edited_story_only_that_story_is_looked_at(root: Path, work: Counter[str]) -> None:
    warm(root)
    write(root, "stories/2020/a/index.md", a_text("a", words="Một câu khác.", ngay="x"))
    work.clear()
    found = warm(root)
    assert work == {"read": 1, "judged": 1}
    assert [problem.path for problem in found if problem.code == "CT006"] == ["stories/2020/a/index.md"]
    work.clear()
    assert warm(root) == found
    assert not +work


def test_stories_that_look_at_an_edited_one_are_judged_again(root: Path, work: Counter[str]) -> None:
    warm(root)
    write(root, "stories/2020/b/index.md", a_text("b", withdrawn="{date: 2020-11-20, kind: error, reason: Nhầm}"))
    work.clear()
    assert {problem.code for problem in warm(root)} >= {"TL006"}
    assert work["judged"] == 5


def test_all_are_judged_again_when_a_list_changes(root: Path, work: Counter[str]) -> None:
    warm(root)
    units = root / "content/data/units.yml"
    units.write_text(units.read_text(encoding="utf-8") + "- {id: moi, name: Mới, type: phong}\n", encoding="utf-8")
    work.clear()
    warm(root)
    assert work["judged"] == 5
    work.clear()
    warm(root)
    assert not +work


def test_another_day_concerns_only_those_who_asked_for_it(root: Path, work: Counter[str]) -> None:
    waiver = "[{rule: BS001, reason: Bài ngắn, until: 2020-12-31}]"
    write(root, "stories/2020/c/index.md", a_text("c", waive=waiver).replace("## Kinh nghiệm", "## Sau đó"))
    assert not any(problem.code in {"BS001", "CT020"} for problem in warm(root))
    work.clear()
    later = dt.date(2021, 1, 1)
    found = warm(root, later)
    assert work["judged"] == 1
    assert {"BS001", "CT020"} <= {problem.code for problem in found}
    assert found == cold(root, later)


def test_a_day_that_has_come_concerns_only_the_story_that_named_it(root: Path, work: Counter[str]) -> None:
    write(root, "stories/2020/c/index.md", a_text("c").replace("date: 2020-06-09", "date: 2021-01-01"))
    assert any(problem.code == "CT024" for problem in warm(root))
    work.clear()
    later = dt.date(2021, 1, 1)
    assert not any(problem.code == "CT024" for problem in warm(root, later))
    assert work["judged"] == 1


@pytest.mark.usefixtures("trusting")
def test_a_touched_file_is_compared_not_read(root: Path, work: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    warm(root)
    os.utime(root / "stories/2020/a/index.md", ns=OLD)
    hashed: list[int] = []
    monkeypatch.setattr(recalling, "sha256", lambda data: hashed.append(len(data)) or reading.sha256(data))
    work.clear()
    warm(root)
    assert not +work
    compared = len(hashed)
    hashed.clear()
    warm(root)
    assert compared == len(hashed) + 1  # its new state is trusted from now on


# ---- what counts as a change


@pytest.mark.parametrize("settled", [-(10**12), 2 * 10**9])
def test_a_change_that_keeps_size_and_time_is_seen(settled: int, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recalling, "SETTLED", settled)
    path = root / "stories/2020/a/index.md"
    os.utime(path, ns=OLD)
    warm(root)
    data = path.read_bytes()
    path.write_bytes(data.replace(b"field: lao-dong", b"field: lao-donk"))
    os.utime(path, ns=OLD)
    assert path.stat().st_size == len(data)
    assert "TL001" in {problem.code for problem in warm(root)}


def test_a_file_written_just_now_is_not_told_by_its_state(root: Path) -> None:
    """A second write within one tick of the clock would leave the same state behind."""
    warm(root)
    memory = Memory(root / ".cache")
    memory.load()
    assert {state for entry in memory.entries.values() for _, state in entry.files} == {None}


@pytest.mark.usefixtures("trusting")
def test_photos_and_approvals_are_watched_too(root: Path, work: Counter[str]) -> None:
    photos = "[{file: anh.jpg, alt: Bảng ca trực, people: none}]"
    write(root, "stories/2020/a/index.md", a_text("a", photos=photos))
    for content in (b"1", b"2"):
        write(root, "stories/2020/a/anh.jpg", content)
        work.clear()
        assert warm(root) == cold(root)
        assert work["read"] - 5 >= 1
    write(root, "stories/2020/a/approval.yml", "body: [\n")
    assert warm(root) == cold(root)
    (root / "stories/2020/a/anh.jpg").unlink()
    assert warm(root) == cold(root)


def test_a_file_refused_is_asked_for_each_time(root: Path) -> None:
    path = root / "stories/2020/a/index.md"
    path.unlink()
    path.symlink_to(root / "stories/2020/b/index.md")
    assert warm(root) == warm(root) == cold(root)
    path.unlink()
    write(root, "stories/2020/a/index.md", a_text("a"))
    assert warm(root) == cold(root)


# ---- the file


@pytest.mark.parametrize("spoil", [lambda data: data[:-1], lambda data: data[:0], lambda data: data.replace(b"stories", b"storie5", 1)])
def test_a_damaged_memory_is_made_again(spoil: Callable[[bytes], bytes], root: Path, work: Counter[str]) -> None:
    found = warm(root)
    whole = (root / ".cache/memory").read_bytes()
    (root / ".cache/memory").write_bytes(spoil(whole))
    work.clear()
    assert warm(root) == found
    assert work == {"read": 5, "judged": 5}
    assert (root / ".cache/memory").read_bytes().partition(b"\n")[0] == whole.partition(b"\n")[0]


def test_a_memory_of_other_code_is_not_believed(root: Path, work: Counter[str], monkeypatch: pytest.MonkeyPatch) -> None:
    warm(root)
    work.clear()
    monkeypatch.setattr(memories, "code", lambda: "0" * 64)
    warm(root)
    assert work == {"read": 5, "judged": 5}


def test_without_a_place_to_remember_the_check_is_the_same(root: Path) -> None:
    (root / ".cache").write_text("", encoding="utf-8")
    assert warm(root) == cold(root)


def test_a_full_disk_leaves_what_was_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(root)
    before = (root / ".cache/memory").read_bytes()
    write(root, "stories/2020/a/index.md", a_text("a", words="Khác."))

    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    found = warm(root)
    monkeypatch.undo()
    assert found == cold(root)
    assert (root / ".cache/memory").read_bytes() == before
    assert [path.name for path in (root / ".cache").iterdir()] == ["memory"]


def test_two_checks_at_once_leave_a_whole_memory(root: Path, work: Counter[str]) -> None:
    one, other = Memory(root / ".cache"), Memory(root / ".cache")
    for memory in (one, other):
        memory.load()
        reader = Recaller(root, memory, None)
        site = reader.site(TODAY)
        judge = Judge(site, reader)
        checking.check(site, reader.problems, judge=judge)
        memory.save({"ground": judge.ground}, reader.entries)
    work.clear()
    warm(root)
    assert not +work
    assert [path.name for path in (root / ".cache").iterdir()] == ["memory"]


# ---- remembered stories


def remembered(root: Path) -> Site:
    warm(root)
    memory = Memory(root / ".cache")
    memory.load()
    return Recaller(root, memory, None).site(TODAY)


def test_a_remembered_story_is_whole_for_whoever_looks(root: Path) -> None:
    write(root, "stories/2020/d/index.md", a_text("d", withdrawn="{date: 2020-11-20, kind: error, reason: Nhầm}"))
    read, _ = reading.read_site(root, TODAY)
    for story, whole in zip(remembered(root).stories, read.stories, strict=True):
        assert type(story) is not Story
        assert (story.id, story.date, story.withdrawn) == (whole.id, whole.date, whole.withdrawn)
        assert story.gist == whole.gist
        assert story.origin.text == whole.origin.text
        assert story.origin.body == whole.origin.body
        assert type(story) is not Story
        assert (story.title, story.text_sha256, story.subject, story.criteria) == (
            whole.title, whole.text_sha256, whole.subject, whole.criteria,
        )  # fmt: skip
        assert type(story) is Story
        assert not hasattr(story, "parent")


def test_a_story_that_changed_meanwhile_is_stale(root: Path) -> None:
    first, second, *_ = remembered(root).stories
    write(root, "stories/2020/a/index.md", a_text("a", words="Khác."))
    shutil.rmtree(root / "stories/2020/b")
    for look in (lambda: first.criteria, lambda: first.origin.text, lambda: second.criteria, lambda: second.origin.text):
        with pytest.raises(Stale):
            look()


def test_a_change_in_the_midst_of_a_check_starts_it_anew(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(root, "stories/2020/a/index.md", a_text("a", sai="x"))
    warm(root)
    check = checking.check

    def meanwhile(site: Site, *given: Any) -> list[Problem]:
        write(root, "stories/2020/b/index.md", a_text("b", draft="true"))
        assert all(story.title for story in site.stories)
        return check(site, *given)

    with monkeypatch.context() as patch:
        patch.setattr(checking, "check", meanwhile)
        found = warm(root)
    assert found == cold(root) == warm(root)


# ---- questions


@pytest.fixture
def view(root: Path) -> View:
    return View(reading.read_site(root, TODAY)[0])


@pytest.mark.parametrize(
    ("look", "asked"),
    [
        (lambda site: site.find("stories", "2020-a"), [("story", "2020-a")]),
        (lambda site: site.find("units", "so"), []),
        (lambda site: "2020-x" in site.collections["stories"], [("story", "2020-x")]),
        (lambda site: [*site.collections["stories"]], [("ids", "")]),
        (lambda site: site.may_hold("stories", "2020-x"), [("unread", "")]),
        (lambda site: site.by_path.get("stories/2020/x/index.md"), [("path", "stories/2020/x/index.md")]),
        (lambda site: site.by_path.get("campaigns/vi-nguoi-ngheo.md"), []),
        (lambda site: "stories/2020/a/x.pdf" in site.files, [("file", "stories/2020/a/x.pdf")]),
        (lambda site: site.files_in.get("stories/2020/a"), [("folder", "stories/2020/a")]),
        (lambda site: site.today, [("today", "")]),
    ],
)
def test_what_a_rule_asks_is_noted(look: Callable[[Site], object], asked: list[tuple[str, str]], view: View) -> None:
    look(view)
    assert list(view.asked) == asked
    assert not view.unbounded


@pytest.mark.parametrize(
    "look",
    [
        lambda site: site.stories,
        lambda site: site.published,
        lambda site: [*site.files],
        lambda site: len(site.files),
        lambda site: [*site.by_path.values()],
        lambda site: [*site.files_in],
    ],
)
def test_whoever_asks_for_everything_is_not_remembered(look: Callable[[Site], object], view: View) -> None:
    look(view)
    assert view.unbounded


def test_all_that_a_site_holds_of_stories_is_guarded() -> None:
    """A field added to `Site` must be thought of here: it belongs to the ground, or a question must be asked for it."""
    ground = {"campaigns", "plans", "documents", "events", "units", "awards", "scopes", "terms"}
    guarded = {name for name, value in vars(View).items() if isinstance(value, property)}
    derived = {"collections", "by_path", "files_in"}
    assert set(View.__dataclass_fields__) - ground == guarded - derived


RULES = sorted((REPOSITORY / "hooks/exemplars/rules").glob("*.py"))


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_no_rule_keeps_what_it_asked_about_stories(path: Path) -> None:
    """What is kept from one record to the next hides the question from the records after the first."""
    kept = [
        node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and any("cache" in ast.unparse(decorator) for decorator in node.decorator_list)
    ]  # fmt: skip
    asked = {one.attr for node in kept for one in ast.walk(node) if isinstance(one, ast.Attribute)}
    guarded = {name for name, value in vars(View).items() if isinstance(value, property)}
    assert asked & (guarded | {"find", "may_hold", "plan_of"}) == set()


# ---- whatever happens, warm is cold

EDITS = ("edit", "break", "delete", "add", "rename", "withdraw", "approve", "unit", "plan", "row", "day", "photo", "twin", "ledger")


def change(root: Path, what: str, name: str, other: str, number: int) -> None:
    path = f"stories/2020/{name}/index.md"
    old = (root / path).read_text(encoding="utf-8") if (root / path).is_file() else a_text(name)
    match what:
        case "edit":
            write(root, path, a_text(name, link=other, words=f"Câu thứ {number}."))
        case "break":
            write(root, path, old.replace("kind: ", "kind: [", 1))
        case "delete":
            shutil.rmtree(root / f"stories/2020/{name}", ignore_errors=True)
        case "add":
            write(root, f"stories/2021/{name}/index.md", a_text(name, link=other).replace("2020-", "2021-", number % 2))
        case "rename" if (root / f"stories/2020/{name}").exists():
            shutil.rmtree(root / f"stories/2020/{name}{number}", ignore_errors=True)
            (root / f"stories/2020/{name}").rename(root / f"stories/2020/{name}{number}")
        case "withdraw":
            write(root, path, a_text(name, link=other, withdrawn=f"{{date: 2020-11-20, kind: consolidated, see: 2020-{other}}}"))
        case "approve":
            site, _ = reading.read_site(root, TODAY)
            story = next((one for one in site.stories if one.origin.path == path), None)
            write(
                root,
                f"stories/2020/{name}/approval.yml",
                f'text_sha256: "{story.text_sha256 if story else 0}"\nby: [Phòng Bảo trợ xã hội]\n',
            )
        case "unit":
            write(root, path, a_text(name, link=other).replace("trung-tam-cong-tac-xa-hoi", ("van-phong-so", "khong-co")[number % 2]))
        case "plan":
            plan = root / "content/plans/ke-hoach-2020.md"
            plan.write_bytes(plan.read_bytes().replace(b"\n  B2:", b"\n  B9:") if number % 2 else plan.read_bytes() + b"\n")
        case "row":
            units = root / "content/data/units.yml"
            units.write_bytes(units.read_bytes().replace(b"id: trung-tam-cong-tac-xa-hoi", f"id: khong-co-{number}".encode(), 1))
        case "day":
            waive = f"[{{rule: BS001, reason: Ngắn, until: 2020-12-{10 + number}}}]"
            write(root, path, a_text(name, link=other, waive=waive).replace("## Kinh nghiệm", "## Sau"))
        case "photo":
            write(root, path, a_text(name, photos="[{file: anh.jpg, alt: Một, people: none}]"))
            write(root, f"stories/2020/{name}/{('anh.jpg', 'ANH.jpg')[number % 2]}", str(number))
        case "twin":
            write(root, path, a_text(other).replace(f"id: 2020-{other}", f"id: 2020-{name}"))
        case "ledger":
            write(root, "content/data/published.txt", f"guong/2020/{name}/ 2020-{other}\n")


STEPS = st.tuples(st.sampled_from(EDITS), st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 9), st.integers(0, 20))


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Callable[[], Path]]:
    made = 0

    def build() -> Path:
        nonlocal made
        made += 1
        root = tmp_path / str(made)
        for name in NAMES:
            write(root, f"stories/2020/{name}/index.md", a_text(name))
        shutil.copytree(REPOSITORY / "content/plans", root / "content/plans")
        (root / "content/data").mkdir()
        for name in ("units", "kinds", "fields", "stages"):
            shutil.copy(REPOSITORY / f"content/data/{name}.yml", root / "content/data")
        shutil.copytree(REPOSITORY / "campaigns", root / "campaigns")
        text = "---\nid: toa-dam\ntitle: Tọa đàm\nstories: [2020-a, 2020-b, 2020-x]\n---\n\nXem [a](../../stories/2020/a/index.md).\n"
        write(root, "content/events/toa-dam.md", text)
        return root

    return build


@given(steps=st.lists(STEPS, min_size=1, max_size=5), trust=st.booleans())
@settings(
    max_examples=25,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_warm_is_cold_after_any_series_of_edits(steps: list[Any], trust: bool, fresh: Callable[[], Path]) -> None:  # noqa: FBT001
    root = fresh()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(recalling, "SETTLED", -(10**12) if trust else recalling.SETTLED)
        assert warm(root) == cold(root)
        for *edit, days in steps:
            change(root, *edit)
            day = TODAY - dt.timedelta(days)
            assert warm(root, day) == cold(root, day), edit
    shutil.rmtree(root)


def test_a_folder_that_could_not_be_opened_once_is_not_held_against_the_site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What reading said of no story in particular belongs to what was looked at, too."""
    (root / "stories/2021").mkdir()
    scan = os.scandir

    def failing(path: str) -> Any:
        if str(path).endswith("stories/2021"):
            raise OSError(5, "Input/output error")
        return scan(path)

    monkeypatch.setattr(os, "scandir", failing)
    assert "CT007" in {problem.code for problem in warm(root)}
    monkeypatch.undo()
    assert warm(root) == cold(root)
    assert "CT007" not in {problem.code for problem in warm(root)}


@pytest.mark.usefixtures("trusting")
def test_a_rule_that_failed_once_is_not_held_against_the_site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> list[Any]:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(checking, "RULES", [replace(rule, check=failing) if rule.code == "BS003" else rule for rule in checking.RULES])
        assert "CT022" in {problem.code for problem in warm(root)}
    assert warm(root) == cold(root)
    assert "CT022" not in {problem.code for problem in warm(root)}


def test_a_file_that_could_not_be_read_once_is_not_held_against_the_site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However old it is: a disk that refuses today may give tomorrow."""
    monkeypatch.setattr(recalling, "SETTLED", -(10**12))
    lstat = os.lstat

    def refused(path: Any, **given: Any) -> os.stat_result:
        if str(path).endswith("stories/2020/a/index.md"):
            raise OSError(errno.EIO, "lỗi đọc", path)
        return lstat(path, **given)

    with monkeypatch.context() as broken:
        broken.setattr(os, "lstat", refused)
        assert [problem.code for problem in warm(root) if problem.path == "stories/2020/a/index.md"] == ["CT007"]
    assert warm(root) == cold(root)
    assert not [problem for problem in warm(root) if problem.code == "CT007"]
