"""A build that remembers makes what one from nothing would make, and does only the work that a change asks for."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from exemplars import making, mirroring, remembering
from exemplars.approving import written
from exemplars.building import maker
from exemplars.making import Door
from exemplars.model import Approval, Settings
from exemplars.reading import read_site
from exemplars.remembering import recalling
from test_remembering import REPOSITORY, TODAY, a_text, write

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.building import Built
    from exemplars.making import Work

NAMES = tuple(f"bai-{n}" for n in range(8))
SETTINGS = Settings("Gương sáng", "https://p.example/g/", "Mô tả", "Sở", "p.example,2020", "ke-hoach-2020")
KINDS = (
    "edit",
    "add",
    "delete",
    "rename",
    "withdraw",
    "unit",
    "template",
    "plan",
    "setting",
    "touch",
    "unapprove",
    "id",
    "later",
    "pdf",
    "empty campaign",
)
BREAKS = ("stray", "stranger", "twin", "garbled")


def approve(root: Path, *names: str) -> None:
    """As the Council would: `approval.yml` for exactly the text that is there."""
    for story in read_site(root, TODAY)[0].stories:
        if story.folder.rpartition("/")[2] in names:
            approval = Approval("Hội đồng", "05/BB", TODAY, ("A1", "A2"), ("Thư ký",), story.text_sha256)
            write(root, story.origin.path.replace("index.md", "approval.yml"), written(approval))


@pytest.fixture
def root(a_root: Callable[..., Path]) -> Path:
    """Eight approved stories; each links to the second."""
    root = a_root({f"stories/2020/{name}/index.md": a_text(name, link="bai-1") for name in NAMES}, real=True)
    shutil.copytree(REPOSITORY / "hooks/theme", root / "hooks/theme")
    approve(root, *NAMES)
    return root


def built(root: Path, site: Path | None = None, settings: Settings = SETTINGS, **asked: Any) -> tuple[Work, Built]:
    (root / "shell").mkdir(exist_ok=True)
    work = making.prepared(Door(root, TODAY, settings, search=False, **asked))
    assert work.errors == []
    return work, making.written(work, site or root / "site", root / "shell", ("",), root / ".cache/site.files", None)


def previewed(root: Path, site: str = "preview", settings: Settings = SETTINGS, today: dt.date = TODAY) -> Work:
    (root / "shell").mkdir(exist_ok=True)
    work = making.prepared(Door(root, today, settings, search=False, preview=True))
    making.written(work, root / site, root / "shell", ("",), root / ".cache/preview.files", None)
    return work


def tree(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(site.rglob("*")) if path.is_file()}


@pytest.fixture
def trusting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recalling, "SETTLED", -(10**12))


# ---- how much is done


@pytest.mark.usefixtures("trusting")
def test_one_edited_text_is_one_parse_one_markdown_run_one_page(root: Path) -> None:
    first, cold = built(root)
    assert (first.look.read, first.look.judged) == (8, 8)
    assert cold.counts["lượt dựng Markdown"] >= 8
    write(root, "stories/2020/bai-3/index.md", a_text("bai-3", link="bai-3", words="Một câu đã sửa."))
    approve(root, "bai-3")
    work, again = built(root)
    assert (work.look.read, work.look.judged) == (1, 1)
    assert again.counts == {"lượt dựng Markdown": 1, "lượt dùng mẫu trang": 1, "mục nguồn tin": 1}, (
        "its card is as before, and so is every list"
    )


@pytest.mark.usefixtures("trusting")
def test_a_ledger_of_all_that_was_published_has_no_other_story_read(root: Path) -> None:
    """As every site has one after its first publication."""
    write(root, "content/data/published.txt", "".join(f"guong/2020/{name}/ 2020-{name}\n" for name in NAMES))
    built(root)
    write(root, "stories/2020/bai-3/index.md", a_text("bai-3", link="bai-3", words="Một câu đã sửa."))
    approve(root, "bai-3")
    work, again = built(root)
    assert (work.look.read, work.look.judged) == (1, 1)
    assert again.counts == {"lượt dựng Markdown": 1, "lượt dùng mẫu trang": 1, "mục nguồn tin": 1}


@pytest.mark.usefixtures("trusting")
def test_an_edited_title_makes_the_pages_that_show_it(root: Path) -> None:
    built(root)
    story = root / "stories/2020/bai-3/index.md"
    story.write_text(story.read_text(encoding="utf-8").replace("title: ", "title: Một lần nữa, ", 1), encoding="utf-8")
    approve(root, "bai-3")
    work, again = built(root)
    assert again.counts["lượt dựng Markdown"] == 2, "its own text, and that of its campaign, whose page lists it"
    assert work.look.read <= again.counts["lượt dùng mẫu trang"], "no story is read but those whose page is made"
    # its own, those it is related to, and at most: all, unit, field, kind, year, campaign, two criteria, people, search, three frames
    assert 1 < again.counts["lượt dùng mẫu trang"] <= 1 + 7 + 13


@pytest.mark.usefixtures("trusting")
def test_nothing_changed_is_no_work(root: Path) -> None:
    built(root)
    work, again = built(root)
    assert (work.look.read, work.look.judged, again.made, again.written, dict(again.counts)) == (0, 0, 0, 0, {})


@pytest.mark.usefixtures("trusting")
def test_where_nothing_changed_nothing_is_even_looked_into(root: Path) -> None:
    door = Door(root, TODAY, SETTINGS, search=False, inputs="as they are")
    site, manifest = root / "site", root / ".cache/site.files"
    (root / "shell").mkdir()
    made = making.written(making.prepared(door), site, root / "shell", ("",), manifest, None)

    def standing(door: Door = door, commit: str | None = None) -> Built | None:
        return making.standing(door, remembering.opened(door.memory), site, manifest, commit)

    stands = standing()
    assert stands
    assert stands.files == made.files
    stamp = (site / "build.json").stat()
    standing()
    assert (site / "build.json").stat().st_mtime_ns == stamp.st_mtime_ns
    standing(commit="0123")
    assert b"0123" in (site / "build.json").read_bytes(), "the same pages of another commit"
    assert standing(replace(door, inputs="others")) is None
    assert standing(replace(door, today=TODAY.replace(year=2021))) is None
    (site / "guong/index.html").unlink()
    assert standing() is None


# ---- right bytes


@pytest.mark.usefixtures("trusting")
def test_a_photo_that_cannot_be_published_is_told_each_time(root: Path) -> None:
    """Although nobody has agreed that it be shown, so that no page asks for it."""
    source, story = REPOSITORY / "tests/stories/clean/da-khen-va-dong-y", "stories/2020/da-khen-va-dong-y"
    text = (source / "index.md").read_text(encoding="utf-8").replace("chan-dung.jpg", "chan-dung.png")
    write(root, f"{story}/index.md", re.sub(r"consent:\n(  .*\n)+", "draft: true\n", text))
    photo = (source / "to-dien.png").read_bytes()
    write(root, f"{story}/to-dien.png", photo)
    write(root, f"{story}/chan-dung.png", re.sub(rb"(?s)IDAT.{8}", b"IDAT" + bytes(8), photo))  # only who decodes it finds out
    for _ in range(2):
        work = making.prepared(Door(root, TODAY, SETTINGS, search=False))
        assert "AN004" in {problem.code for problem in work.errors}
        work.remember()


@pytest.mark.usefixtures("trusting")
def test_a_preview_names_what_is_wrong_as_long_as_it_is(root: Path) -> None:
    """Although no file has changed, only the day; where it is the same, no page is looked into that a build would pass over."""
    award = "[{type: giay-khen, number: 12/QĐ-SLĐTBXH, date: 2020-11-20, authority: Giám đốc Sở, for: Chia ca trực, achieved: '2020'}]"
    for name in NAMES:
        write(root, f"stories/2020/{name}/index.md", a_text(name, link="bai-1", awards=award))
    approve(root, *NAMES)

    def settled(today: dt.date) -> int:
        return len(previewed(root, today=today).context.settled)

    def named() -> int:
        return sum("ở tương lai" in (root / f"preview/guong/2020/{name}/index.html").read_text(encoding="utf-8") for name in NAMES)

    early = dt.date(2020, 1, 1)
    settled(TODAY)
    assert (settled(TODAY), named()) == (len(NAMES), 0)
    assert (settled(early), named()) == (0, len(NAMES))
    assert (settled(TODAY), named()) == (0, 0)
    assert (settled(TODAY), named()) == (len(NAMES), 0)


@pytest.mark.usefixtures("trusting")
def test_a_file_that_changes_under_the_build_is_an_error_of_that_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(root)
    story = root / "stories/2020/bai-3/index.md"
    look = remembering.look

    def looked(*given: Any, **more: Any) -> Any:
        found = look(*given, **more)
        story.write_text(story.read_text(encoding="utf-8") + "Thêm.\n", encoding="utf-8")
        return found

    monkeypatch.setattr(remembering, "look", looked)
    (root / "hooks/theme/story.html").write_text((root / "hooks/theme/story.html").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(OSError, match="trong lúc dựng") as error:
        built(root)
    assert error.value.filename == "stories/2020/bai-3/index.md"


def change(root: Path, kind: str, name: str, n: int, settings: Settings) -> Settings:  # noqa: PLR0915 - a table
    """One edit, as somebody might make it; the site stays sound, but for BREAKS."""
    folder = root / "stories/2020" / name
    text = folder / "index.md"
    match kind:
        case "edit" if text.is_file():
            write(root, f"stories/2020/{name}/index.md", a_text(name, link="bai-1", words=f"Câu thứ {n} đã sửa."))
            approve(root, name)
        case "add":
            write(root, f"stories/2020/them-{n}/index.md", a_text(f"them-{n}", link="bai-1"))
            approve(root, f"them-{n}")
        case "delete" if name != "bai-1" and folder.is_dir():
            shutil.rmtree(folder)
        case "rename" if name != "bai-1" and folder.is_dir() and not (root / f"stories/2020/moi-{n}").exists():
            folder.rename(root / f"stories/2020/moi-{n}")
        case "withdraw" if name != "bai-1" and text.is_file() and "withdrawn:" not in text.read_text(encoding="utf-8"):
            gone = "withdrawn: {date: 2020-12-01, kind: error, reason: Nhầm}"
            text.write_text(text.read_text(encoding="utf-8").replace("\n---\n", f"\n{gone}\n---\n", 1), encoding="utf-8")
        case "unit":
            units = root / "content/data/units.yml"
            units.write_text(units.read_text(encoding="utf-8").replace("name: Văn phòng", f"name: Văn phòng {n}", 1), encoding="utf-8")
        case "template":
            page = root / "hooks/theme/list.html"
            page.write_text(f"{page.read_text(encoding='utf-8')}{{# {n} #}}", encoding="utf-8")
        case "plan":
            plan = next((root / "content/plans").glob("*.md"))
            plan.write_text(f"{plan.read_text(encoding='utf-8')}\nCâu thêm {n}.\n", encoding="utf-8")
        case "setting":
            return replace(settings, publisher=f"Sở {n}")
        case "touch" if text.is_file():
            text.write_bytes(text.read_bytes())
        case "unapprove":
            (folder / "approval.yml").unlink(missing_ok=True)
        case "id" if name != "bai-1" and text.is_file():
            text.write_text(
                re.sub(r"(?m)^id: .*", f"id: 2020-{'az'[n % 2]}-{name}-{n}", text.read_text(encoding="utf-8")), encoding="utf-8"
            )
            approve(root, name)
        case "later" if text.is_file() and "\nupdated:" not in text.read_text(encoding="utf-8"):
            told = text.read_text(encoding="utf-8").replace("\n---\n", f"\nupdated: 2020-12-{10 + n}\n---\n", 1)
            text.write_text(told, encoding="utf-8")
            approve(root, name)
        case "pdf" if text.is_file():
            (folder / "so-do.PDF").write_bytes(b"%PDF-1.4 " + str(n).encode())
            write(root, f"stories/2020/{name}/index.md", a_text(name, link="bai-1", words="Xem [sơ đồ](so-do.PDF)." if n % 3 else "Hết."))
            approve(root, name)
        case "empty campaign":
            write(root, f"campaigns/moi-{n}.md", f"---\ntitle: Phong trào {n}\nstarts: 2020-12-{8 + n:02}\n---\n")
        case "stray" if text.is_file():
            write(root, f"stories/2020/{name}/index.md", a_text(name, link="khong-co"))
        case "stranger" if text.is_file():
            text.write_text(text.read_text(encoding="utf-8").replace("\nunit: ", "\nunit: khong-", 1), encoding="utf-8")
        case "twin" if text.is_file():
            write(root, f"stories/2020/doi-{n}/index.md", text.read_text(encoding="utf-8").replace("title: ", f"title: Lần {n}, ", 1))
        case "garbled":
            write(root, f"stories/2020/{name}/approval.yml", "body: [")
    return settings


def steps(*kinds: str) -> st.SearchStrategy[list[tuple[str, str, int]]]:
    return st.lists(st.tuples(st.sampled_from(kinds), st.sampled_from(NAMES), st.integers(0, 3)), min_size=1, max_size=5)


tried = settings(
    max_examples=8, deadline=None, phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip


def delta_and_cold(
    root: Path, steps: list[tuple[str, str, int]], make: Callable[[Path, str, Settings], object], *, trust: bool,
) -> tuple[dict[str, bytes], dict[str, bytes]]:  # fmt: skip
    """The site after the edits, made anew after each; and that which is made at once of what they left."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as scratch:
        patch.setattr(recalling, "SETTLED", -(10**12) if trust else recalling.SETTLED)
        here, now = Path(scratch) / "root", SETTINGS
        shutil.copytree(root, here)
        make(here, "delta", now)
        for kind, name, n in steps:
            now = change(here, kind, name, n, now)
            make(here, "delta", now)
        shutil.rmtree(here / ".cache")
        make(here, "cold", now)
        return tree(here / "delta"), tree(here / "cold")


@tried
@given(steps=steps(*KINDS), trust=st.booleans())
def test_delta_is_cold_after_any_series_of_edits(root: Path, steps: list[tuple[str, str, int]], trust: bool) -> None:  # noqa: FBT001
    delta, cold = delta_and_cold(root, steps, lambda root, site, now: built(root, root / site, now), trust=trust)
    assert [path for path in cold.keys() | delta.keys() if cold.get(path) != delta.get(path)] == []


@tried
@given(steps=steps(*KINDS, *BREAKS), trust=st.booleans())
def test_a_preview_is_as_one_from_nothing_whatever_is_wrong(root: Path, steps: list[tuple[str, str, int]], trust: bool) -> None:  # noqa: FBT001
    delta, cold = delta_and_cold(root, steps, previewed, trust=trust)
    assert [path for path in cold.keys() | delta.keys() if cold.get(path) != delta.get(path)] == []


def delta_is_cold(root: Path) -> bool:
    """Whether the site as it stands built is what is made from nothing."""
    built(root)
    delta = tree(root / "site")
    shutil.rmtree(root / ".cache")
    shutil.rmtree(root / "site")
    built(root)
    return delta == tree(root / "site")


def edit(root: Path, name: str, old: str, new: str) -> None:
    text = root / f"stories/2020/{name}/index.md"
    told = text.read_text(encoding="utf-8")
    assert old in told
    text.write_text(told.replace(old, new, 1), encoding="utf-8")
    approve(root, name)


def test_a_campaign_page_follows_its_stories_into_another_plan(root: Path) -> None:
    plan = next((root / "content/plans").glob("*.md"))
    write(root, "content/plans/ke-hoach-2021.md", re.sub(r"(?m)^id: .*\n", "", plan.read_text(encoding="utf-8")).replace("2020", "2021", 1))
    built(root)
    edit(root, "bai-3", "plan: ke-hoach-2020", "plan: ke-hoach-2021")
    assert delta_is_cold(root)


def test_people_of_one_name_follow_their_ids(root: Path) -> None:
    for name in ("bai-3", "bai-4"):
        edit(root, name, f"Lê Mẫu {name.upper()}", "Lê Mẫu Một")
    edit(root, "bai-3", "\ndate: 2020-06", "\ndate: 2020-07")  # so that its place in the other lists stays
    built(root)
    edit(root, "bai-3", "id: 2020-bai-3", "id: 2020-zzz")
    assert delta_is_cold(root)


def test_the_feed_of_an_empty_campaign_begins_with_it_once_anything_is_as_young(root: Path) -> None:
    write(root, "campaigns/moi.md", "---\ntitle: Phong trào mới\nstarts: 2020-12-20\n---\n")
    built(root)
    edit(root, "bai-3", "\n---\n", "\nupdated: 2020-12-25\n---\n")
    assert delta_is_cold(root)


@pytest.mark.usefixtures("trusting")
def test_a_pdf_is_published_where_a_page_leads_to_it_and_anew_when_it_is_written_anew(root: Path) -> None:
    pdf = root / "stories/2020/bai-3/so-do.pdf"
    pdf.write_bytes(b"%PDF-1.4 so dien thoai")
    (pdf.parent / "phieu-dong-y.pdf").write_bytes(b"%PDF-1.4 CCCD")
    built(root)
    assert not list((root / "site").rglob("*.pdf")), "nobody is led to them"
    write(root, "stories/2020/bai-3/index.md", a_text("bai-3", link="bai-1", words="Xem [sơ đồ](so-do.pdf)."))
    approve(root, "bai-3")
    built(root)
    door = Door(root, TODAY, SETTINGS, search=False, inputs="x")
    built(root, inputs="x")
    assert making.standing(door, remembering.opened(door.memory), root / "site", root / ".cache/site.files", None)
    pdf.write_bytes(b"%PDF-1.4 da che so")
    assert making.standing(door, remembering.opened(door.memory), root / "site", root / ".cache/site.files", None) is None
    built(root, inputs="x")
    assert [path.read_bytes() for path in (root / "site").rglob("*.pdf")] == [b"%PDF-1.4 da che so"]


def test_the_store_of_a_small_site_does_not_grow_for_ever_and_keeps_what_is_in_use(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maker, "SPARE", -(10**6))  # each build sweeps
    store = root / ".cache/store"

    def made(words: str) -> dict[str, int]:
        write(root, "stories/2020/bai-3/index.md", a_text("bai-3", link="bai-1", words=words))
        approve(root, "bai-3")
        shutil.rmtree(root / "shell", ignore_errors=True)
        (root / "shell").mkdir()
        work = making.prepared(Door(root, TODAY, SETTINGS))
        return dict(making.written(work, root / "site", root / "shell", ("",), root / ".cache/site.files", None).counts)

    made("Câu một.")
    made("Câu hai.")
    before = len(list(store.glob("*/*")))
    for n in range(3):
        made(f"Câu số {n}, dài như nhau.")
    assert len(list(store.glob("*/*"))) <= before + 3
    units = root / "content/data/units.yml"
    units.write_text(units.read_text(encoding="utf-8") + "\n# đổi\n", encoding="utf-8")  # all pages are made anew, of texts that are kept
    assert made("Câu số 2, dài như nhau.")["lượt dựng Markdown"] <= len(list((root / "campaigns").glob("*.md")))


def test_a_build_that_fails_leaves_nothing_in_the_cache_that_nobody_wants(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(root)
    before = set((root / ".cache").iterdir())
    monkeypatch.setattr(making, "build", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        built(root)
    assert set((root / ".cache").iterdir()) == before


def test_another_library_is_another_site(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    door = Door(root, TODAY, SETTINGS, inputs="x")
    before = door.whole([])
    monkeypatch.setattr(making.versions, "of", lambda *names: f"{names} 99")
    assert door.whole([]) != before


def test_a_preview_shows_both_of_two_stories_with_one_id(root: Path) -> None:
    write(root, "stories/2020/doi/index.md", a_text("bai-3", link="bai-1"))
    previewed(root)
    page = (root / "preview/guong/index.html").read_text(encoding="utf-8")
    assert [page.count(f'guong/2020/{name}/">') for name in ("bai-3", "doi")] == [1, 1]


def test_a_second_folder_gets_the_same_files(root: Path, tmp_path: Path) -> None:
    """What `mkdocs build` gets: the files of ours that its own folder lacks, as links."""
    _, made = built(root)
    (tmp_path / "second/guong").mkdir(parents=True)
    (tmp_path / "second/guong/index.html").write_text("của MkDocs")
    mirroring.linked(root / "site", made.files, tmp_path / "second")
    there = tree(tmp_path / "second")
    assert there.pop("guong/index.html") == "của MkDocs".encode()
    assert there == {path: data for path, data in tree(root / "site").items() if path not in {"guong/index.html", "build.json"}}
    assert (tmp_path / "second/feed.xml").samefile(root / "site/feed.xml")


def test_a_server_is_shown_links(root: Path, tmp_path: Path) -> None:
    built(root)
    (tmp_path / "served/assets").mkdir(parents=True)
    (tmp_path / "served/assets/exemplars.css").write_text("của MkDocs")
    for _ in range(2):
        mirroring.shown(root / "site", tmp_path / "served")
    assert (tmp_path / "served/guong").is_symlink()
    assert (tmp_path / "served/guong/2020/bai-0/index.html").is_file()
    assert (tmp_path / "served/assets/chia-se.png").is_file()
    assert (tmp_path / "served/assets/exemplars.css").read_text() == "của MkDocs"
