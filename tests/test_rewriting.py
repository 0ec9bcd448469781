"""Repairs carried out on a site on disk: check, fix, check; what stays undone and why; whole or not at all."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import os
import shutil
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

import damaging
from exemplars import repairing
from exemplars.approving import State, state, written
from exemplars.checking import check
from exemplars.model import Approval, Edit
from exemplars.reading import read_site
from exemplars.repairing import Repair
from exemplars.rewriting import Kept, diff, rewrites, told, write

if TYPE_CHECKING:
    from collections.abc import Callable

    Root = Callable[..., Path]

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
TODAY = dt.date(2020, 12, 31)
STORY = "stories/2020/cho-hoi-dong"
INDEX = f"{STORY}/index.md"


@pytest.fixture
def root(a_root: Root) -> Path:
    """A site that holds one sound story, which awaits the Council."""
    root = a_root(real=True)
    shutil.copytree(HERE / "stories/clean/cho-hoi-dong", root / STORY)
    return root


def read(root: Path, path: str = INDEX) -> str:
    return (root / path).read_bytes().decode()


def put(root: Path, text: str | bytes, path: str = INDEX) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text.encode() if isinstance(text, str) else text)


def fix(root: Path, *wanted: str, approved: bool = False) -> tuple[Kept, ...]:
    found = rewrites(root, TODAY, wanted, approved=approved)
    write(root, found)
    again = rewrites(root, TODAY, wanted, approved=approved)
    assert (again.rewrites, dict(again.folders)) == ((), {}), "a second run finds something to do"
    assert not (root / ".cache").exists()
    return found.kept


def codes(root: Path, folder: str = STORY) -> list[str]:
    return [problem.code for problem in check(*read_site(root, TODAY)) if problem.path.startswith(f"{folder}/")]


def approve(root: Path) -> None:
    """The Council decides on the story as it is now read."""
    site, _ = read_site(root, TODAY)
    story = next(one for one in site.stories if one.origin.path == INDEX)
    decision = Approval("Hội đồng", "05/BB-HĐTĐKT", dt.date(2020, 6, 12), ("B1", "B2", "B3"), ("Thư ký Hội đồng",), story.text_sha256)
    put(root, written(decision), f"{STORY}/approval.yml")


def state_of(root: Path) -> State:
    site, _ = read_site(root, TODAY)
    return next(state(one) for one in site.stories if one.origin.path == INDEX)


def photo(held: int = 1) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "Nokia"
    exif[0x0112] = held
    out = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(out, "JPEG", exif=exif)
    return out.getvalue()


def snapshot(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def names(root: Path) -> list[str]:
    return sorted(path.name for path in (root / STORY).iterdir())


def test_a_sound_site_stays_as_it_is(root: Path) -> None:
    before = snapshot(root)
    assert fix(root) == ()
    assert snapshot(root) == before


DAMAGES: dict[str, Callable[[str], str | bytes]] = {
    "nfd": damaging.to_nfd,
    "crlf": damaging.to_crlf,
    "bom": damaging.to_bom,
    "eth": damaging.to_eth,
    "vni": damaging.to_vni,
    "mojibake": damaging.to_mojibake,
    "utf-16": lambda text: text.encode("utf-16"),
    "vni bytes": lambda text: damaging.to_vni(text).encode("cp1252"),
    "a date": lambda text: text.replace("\ndate: 2020-06-09", "\ndate: 9/6/2020"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_check_fix_check(damage: str, root: Path) -> None:
    sound, before = read(root), codes(root)
    put(root, DAMAGES[damage](sound))
    assert (root / INDEX).read_bytes() != sound.encode()
    assert fix(root) == ()
    assert read(root) == sound
    assert codes(root) == before


def test_only_what_is_asked_for(root: Path) -> None:
    put(root, damaging.to_crlf(read(root)))
    put(root, damaging.to_crlf(read(root, "campaigns/lao-dong-gioi.md")), "campaigns/lao-dong-gioi.md")
    fix(root, "campaigns")
    assert "\r" in read(root)
    assert "\r" not in read(root, "campaigns/lao-dong-gioi.md")
    fix(root, INDEX)
    assert "\r" not in read(root)


def test_nothing_is_written_before_it_is_asked_for(root: Path) -> None:
    put(root, damaging.to_crlf(read(root)))
    put(root, photo(), f"{STORY}/Ảnh Mới.JPG")
    before = snapshot(root)
    found = rewrites(root, TODAY)
    shown = diff(root, found)
    assert snapshot(root) == before
    assert f"--- a/{INDEX}\n+++ b/{INDEX}\n" in shown
    assert f"rename from {STORY}/Ảnh Mới.JPG\nrename to {STORY}/anh-moi.jpg\n" in shown
    assert "Sẽ sửa stories/2020/cho-hoi-dong: " in told(found, written=False)


def test_a_file_keeps_its_mode_and_leaves_no_half(root: Path) -> None:
    put(root, damaging.to_crlf(read(root)))
    (root / INDEX).chmod(0o640)
    fix(root)
    assert stat.S_IMODE((root / INDEX).stat().st_mode) == 0o640
    assert names(root) == ["index.md"]


def test_a_file_that_cannot_be_written_stays_whole(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(root, damaging.to_crlf(read(root)))
    found = rewrites(root, TODAY)
    before = snapshot(root)

    def full(path: Path, data: bytes) -> int:
        with path.open("wb") as half:
            half.write(data[:10])
        raise OSError(28, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write(root, found)
    monkeypatch.undo()
    assert snapshot(root) == before


# ---- approved stories


def test_the_form_of_an_approved_story_is_repaired_its_words_are_not(root: Path) -> None:
    put(root, read(root).rstrip() + "\n\nNgày 7/4/2014, mọi việc xong.\n")
    approve(root)
    sound = read(root)
    decision = read(root, f"{STORY}/approval.yml")
    put(root, damaging.to_crlf(damaging.to_nfd(sound)))
    assert state_of(root) is State.APPROVED
    kept = fix(root)
    assert kept == (Kept(STORY, "viết ngày trong bài theo thể thức", "approved"),)
    assert read(root) == sound
    assert state_of(root) is State.APPROVED
    assert read(root, f"{STORY}/approval.yml") == decision
    assert "Không tự sửa stories/2020/cho-hoi-dong" in told(dataclasses.replace(rewrites(root, TODAY), kept=kept), written=True)
    assert fix(root, approved=True) == ()
    assert "Ngày 07/4/2014" in read(root)
    assert state_of(root) is State.EDITED


def test_an_approved_story_that_cannot_be_read_comes_back_approved(root: Path) -> None:
    put(root, read(root).rstrip() + "\n\nNgày 7/4/2014, mọi việc xong.\n")
    approve(root)
    sound = read(root)
    put(root, damaging.to_mojibake(sound))
    assert [one.why for one in fix(root)] == ["approved"]
    assert read(root) == sound
    assert state_of(root) is State.APPROVED


# ---- what would make matters worse


def test_a_repair_that_brings_a_new_fault_is_dropped_the_others_stay(root: Path) -> None:
    """One date stands in the passage as a quotation, which is kept, and outside: the criterion's quote cannot follow both."""
    said = "Anh kể rằng ngày 7/4/2014 là ngày anh về đội"
    text = read(root).replace('quote: "Việc của anh là leo cột, đấu dây khi trời chưa dứt mưa', f'quote: "{said}')
    text = text.rstrip() + f"\n\n{said}.\n\nRồi anh nhắc: {said.replace('ngày 7/4/2014', '`ngày 7/4/2014`')}.\n"
    put(root, text.replace("\n", "\r\n"))
    before = codes(root)
    fix(root)
    assert "\r" not in read(root)
    assert set(codes(root)) <= set(before)


def test_what_the_check_finds_worse_is_not_written(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoiling = Repair("làm hỏng", (), lambda page, _site: [Edit("", 4, 4, "la: x\n")] if "la: x" not in page.text else [])
    monkeypatch.setattr(repairing, "REPAIRS", (spoiling, *repairing.REPAIRS))
    sound = read(root)
    put(root, damaging.to_crlf(sound))
    found = rewrites(root, TODAY, [STORY])
    write(root, found)
    assert found.kept == (Kept(STORY, "làm hỏng", "worse"),)
    assert read(root) == sound


def test_a_broken_story_shows_its_other_faults_only_after_the_repair(root: Path) -> None:
    put(root, read(root).replace("\nunit: ", "\nunit: khong-co-", 1).encode("utf-16"))
    assert codes(root) == ["VT001"]
    assert fix(root) == ()
    assert codes(root) == ["TL001"]


# ---- photos and names


def test_metadata_goes_and_the_photo_stays_upright(root: Path) -> None:
    put(root, photo(held=6), f"{STORY}/a.jpg")
    put(root, photo(), f"{STORY}/b.jpg")
    fix(root)
    assert b"Nokia" not in (root / STORY / "a.jpg").read_bytes() + (root / STORY / "b.jpg").read_bytes()
    sizes = []
    for name in ("a", "b"):
        with Image.open(root / STORY / f"{name}.jpg") as image:
            sizes.append(image.size)
    assert sizes == [(20, 40), (40, 20)]


def test_the_photo_of_an_approved_story_stays_as_it_was_approved(root: Path) -> None:
    put(root, photo(), f"{STORY}/a.jpg")
    put(
        root,
        read(root)
        .replace("\nconsent:", "\nphotos:\n  - {file: a.jpg, alt: Cuốn sổ trên bàn, people: none}\nconsent:")
        .replace("[name]", "[name, photo]"),
    )
    approve(root)
    assert fix(root) == (Kept(STORY, "bỏ dữ liệu máy chụp khỏi ảnh", "approved"),)
    assert (root / STORY / "a.jpg").read_bytes() == photo()
    fix(root, approved=True)
    assert b"Nokia" not in (root / STORY / "a.jpg").read_bytes()


def test_a_photo_is_renamed_with_its_references(root: Path) -> None:
    put(root, photo(), f"{STORY}/Ảnh Mới.JPG")
    put(root, read(root).rstrip() + "\n\n![a](Ảnh%20Mới.JPG)\n")
    fix(root)
    assert names(root) == ["anh-moi.jpg", "index.md"]
    assert read(root).endswith("![a](anh-moi.jpg)\n")


def test_a_photo_keeps_its_name_where_the_page_that_names_it_cannot_be_read(root: Path) -> None:
    put(root, photo(), f"{STORY}/IMG_0123.JPG")
    put(root, read(root).replace("\nconsent:", "\nphotos:\n  - {file: IMG_0123.JPG, alt: [một, people: none}\nconsent:"))
    fix(root)
    assert names(root) == ["IMG_0123.JPG", "index.md"]
    (root / INDEX).unlink()
    fix(root)
    assert names(root) == ["IMG_0123.JPG"]


def test_two_photos_never_become_one(root: Path) -> None:
    for name in ("Ảnh.jpg", "ảnh.jpg", "anh-2.jpg", "Anh 2.jpg"):
        put(root, photo(), f"{STORY}/{name}")
    fix(root)
    assert names(root) == sorted(["Ảnh.jpg", "ảnh.jpg", "anh-2.jpg", "Anh 2.jpg", "index.md"])


def test_a_story_folder_is_renamed_with_the_links_to_it(root: Path) -> None:
    (root / STORY).rename(root / "stories/2020/Chờ Hội đồng")
    other = "campaigns/lao-dong-gioi.md"
    put(root, read(root, other).rstrip() + "\n\n[bài](../stories/2020/Chờ%20Hội%20đồng/index.md)\n", other)
    fix(root)
    assert (root / INDEX).exists()
    assert read(root, other).endswith("[bài](../stories/2020/cho-hoi-dong/index.md)\n")


@pytest.mark.parametrize("folder", [STORY, "stories/2020/Chờ Hội đồng"])
def test_what_the_writer_saved_meanwhile_is_not_overwritten(folder: str, root: Path) -> None:
    (root / STORY).rename(root / folder)
    index = f"{folder}/index.md"
    put(root, read(root, index) + "\nNgày 7/4/2014 có một việc. [bài](../Chờ%20Hội%20đồng/index.md)\n", index)
    found = rewrites(root, TODAY)
    put(root, read(root, index) + "\nCâu vừa lưu.\n", index)
    before = snapshot(root)
    done = write(root, found)
    assert snapshot(root) == before
    assert (done.rewrites, done.folders, [one.why for one in done.kept]) == ((), {}, ["saved"])
    assert "Hãy chạy lại lệnh này" in told(done, written=True)


def test_a_name_that_is_taken_stays_with_its_owner(root: Path) -> None:
    shutil.copytree(root / STORY, root / "stories/2020/Chờ Hội đồng")
    assert fix(root) == (Kept("stories/2020/Chờ Hội đồng", "đặt lại tên tệp, thư mục", "taken"),)
    assert (root / "stories/2020/Chờ Hội đồng/index.md").exists()


# ---- what is no plain file


def test_links_pipes_and_giants_are_left_alone(root: Path) -> None:
    outside = root.parent / "outside.md"
    outside.write_bytes(b"---\r\nid: a\r\n---\r\n")
    (root / "campaigns/link.md").symlink_to(outside)
    (root / "stories/2020/lien-ket").symlink_to(root / STORY)
    os.mkfifo(root / "campaigns/pipe.md")
    put(root, b"\xef\xbb\xbf" + b"a" * 300_000, "campaigns/giant.md")
    fix(root)
    assert outside.read_bytes() == b"---\r\nid: a\r\n---\r\n"
    assert (root / "campaigns/link.md").is_symlink()
    assert (root / "campaigns/giant.md").stat().st_size == 300_003


def test_a_folder_that_cannot_be_opened_stops_no_other_repair(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed = "Đóng"  # a folder without rights opens for an administrator all the same
    put(root, "---\n", f"stories/2020/{closed}/index.md")
    put(root, damaging.to_crlf(read(root)))
    may, scan = os.access, os.scandir

    def scandir(path: str | Path | int) -> object:
        if not isinstance(path, int) and Path(path).name == closed:
            raise PermissionError(13, "Permission denied", os.fspath(path))
        return scan(path)

    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != closed and may(path, mode))
    monkeypatch.setattr(os, "scandir", scandir)
    found = rewrites(root, TODAY)
    assert [one.path for one in found.rewrites] == [STORY]
    assert dict(found.folders) == {}


def test_a_copy_that_fails_names_the_file(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(old: str, *_: object, **__: object) -> None:
        raise OSError(28, "No space left on device", old)

    put(root, damaging.to_crlf(read(root)))
    monkeypatch.setattr(os, "link", full)
    monkeypatch.setattr(shutil, "copy", full)
    with pytest.raises(OSError, match="No space left") as error:
        rewrites(root, TODAY)
    assert str(error.value.filename).startswith(str(root))
    assert not (root / ".cache").exists()


def test_what_is_told_forges_nothing(root: Path) -> None:
    put(root, photo(), f"{STORY}/Ảnh\n::error::\x1b[2J\u202egpj.jpg")
    (root / STORY).rename(root / "stories/2020/Chờ\n::error::\x1b")
    found = rewrites(root, TODAY)
    for text in (told(found, written=True), diff(root, found)):
        assert "\n::" not in text
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_converted_text_is_to_be_read_again(root: Path) -> None:
    put(root, damaging.to_vni(read(root)))
    assert "Hãy đọc lại bài." in told(rewrites(root, TODAY), written=True)


@pytest.mark.parametrize(("damage", "said"), [(damaging.to_tcvn3, True), (lambda text: text.encode("utf-16"), False)])
def test_capitals_are_lost_only_in_tcvn3(damage: Callable[[str], str | bytes], said: bool, root: Path) -> None:  # noqa: FBT001
    put(root, damage(read(root)))
    shown = told(rewrites(root, TODAY), written=True)
    assert "Đã sửa" in shown
    assert ("phông chữ cũ không có" in shown) is said
