"""A publication from beginning to end: build aside, verify, send, verify there, switch, look again, remember."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exemplars.model import LEDGER
from exemplars.publishing import addresses, facts, locking, online, quarantine, verifying
from exemplars.publishing.packed import pack
from exemplars.publishing.quarantine import Instead, Quarantine
from exemplars.publishing.receipt import Receipt, as_json, receipt
from exemplars.publishing.refusal import Refused
from exemplars.publishing.release import ENOUGH, ID, STAMP, Release, difference, latest, pruned, succeeding, unfinished
from exemplars.storing import write

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from exemplars.model import Problem, Site
    from exemplars.publishing.history import History
    from exemplars.publishing.locking import Wait
    from exemplars.publishing.places import Place
    from exemplars.publishing.release import Kept
    from exemplars.publishing.targets import Target

    Seen = Callable[[str, int, int], None]

SHOWN = 10
PACKED_FOR = ("folder", "ssh")  # where a web server of ours looks beside a file; the others send what they are given


@dataclass(frozen=True, slots=True)
class Work:
    """One publication and all that it needs from its door.

    build   builds the site of a root into a new folder, as `scripts/build.py --release`; gives what went wrong, "" for nothing
    judge   reads and checks the site of a root
    tell    tells the world that the site in this folder is out; gives what there is to note
    hour    as it stands in receipts
    """

    root: Path
    place: Place
    target: Target
    history: History
    build: Callable[[Path, Path], str]
    judge: Callable[[Path], tuple[Site, list[Problem]]]
    wait: Wait
    day: dt.date
    hour: str
    seen: Seen
    tell: Callable[[Path], tuple[str, ...]]
    any_commit: bool = False
    dry_run: bool = False
    jobs: int = 1


def publish(work: Work) -> Receipt:
    """Brings what is in the repository to the place. errors: Refused, Busy; then nothing was switched."""
    with _told_right() as switched, _locked(work) as folder:
        live, releases = work.target.live(), work.target.releases()
        last = latest(live, releases)
        if not work.any_commit:
            work.history.hold(live, last)
        kept = _build(work, folder, live)
        new, told = _release(work, folder, kept)
        if work.place.kind in PACKED_FOR:
            new = replace(new, packed=pack(folder / "site", new.files, work.root / ".cache" / "packed", work.jobs))
        unchanged = live is not None and _says_the_same(new, live)
        new = live if unchanged and live else succeeding(new, live, releases, int(work.wait.clock()), work.place.keep)
        book = _ledger(work.root)
        if not work.any_commit:
            _hold_taken_down(work, new, last)
        addresses.hold_ids(live, new)
        addresses.hold(addresses.promised(book, live), new)
        told_so = {"at": work.hour, "beside": work.target.beside, "owner": work.wait.name, "lists": addresses.vanished_lists(live, new)}
        if work.dry_run:
            planned = "nothing planned" if unchanged else "planned"
            return receipt(planned, work.place.name, work.target.where, new, live, ledger=told.additions, **told_so)
        work.target.forget([one for one in unfinished(live, releases) if one.id != new.id])
        written = work.target.send(folder / "site", new, work.seen)
        _switch(work, new, live)
        switched.append(new)
        done = receipt("unchanged" if unchanged else "published", work.place.name, work.target.where, new, live,
                       written=written, **told_so)  # fmt: skip
        with _after_the_switch():
            added = _note_addresses(work.root, told.additions)
            work.target.forget(pruned(work.target.releases(), new.id, work.place.keep))
            done = replace(done, ledger=added)
            _note(work, done)  # before anybody else is asked: what went out is on record
            if notes := () if unchanged else work.tell(folder / "site"):
                done = replace(done, notes=notes)
                _note(work, done)
        return done


def roll_back(work: Work, wanted: str) -> Receipt:
    """Switches to an earlier release: by id, its beginning, or serial; "" for the one before. errors: Refused, Busy."""
    with _told_right() as switched, work.target.lock(work.wait):
        live, releases = work.target.live(), work.target.releases()
        if live is None:
            raise Refused(f"{work.target.where} chưa có bản nào đang chạy, nên không có gì để lùi.")
        chosen = replace(choose(wanted, live, releases), retired=False)
        last = latest(live, releases) or live
        _hold_withdrawn(chosen, last)
        chosen = replace(chosen, carried={**chosen.carried, **addresses.kept_alive(chosen, last, live)})
        written = work.target.send(None, chosen, work.seen)
        later = [one for one in releases if chosen.serial < one.serial <= live.serial and not one.retired]
        _switch(work, chosen, live, later)
        switched.append(chosen)
        done = receipt("rolled back", work.place.name, work.target.where, chosen, live, at=work.hour, owner=work.wait.name,
                       written=written, beside=work.target.beside)  # fmt: skip
        with _after_the_switch():
            _note(work, done)
        return done


def choose(wanted: str, live: Release, releases: list[Release]) -> Release:
    """The release that is meant; errors: Refused, naming those that there are."""
    if wanted and live.called(wanted):
        raise Refused(f"Bản số {live.serial} ({live.id}) đang chạy rồi.")
    others = [one for one in releases if one.id != live.id and one not in unfinished(live, releases)]
    earlier = [one for one in others if one.serial < live.serial]
    found = [one for one in others if one.called(wanted)] if wanted else earlier[:1]
    if len(found) != 1:
        there = "; ".join(f"số {one.serial} ({one.id})" for one in others) or "không còn bản nào khác"
        raise Refused(f"Không có bản nào để lùi về{f' theo «{wanted}»' if wanted else ''}. Các bản đang giữ: {there}. "
                      f"Hãy ghi số của bản, hoặc ít nhất {ENOUGH} chữ đầu của mã.")  # fmt: skip
    return found[0]


def check(work: Work, wanted: str = "") -> list[str]:
    """In what the place differs from its live release, or from the wanted one. errors: Refused."""
    live = work.target.live()
    if live is None:
        return [f"{work.target.where} chưa có bản nào đang chạy."]
    if wanted and not live.called(wanted):
        return [f"Đang chạy bản số {live.serial} ({live.id}), không phải «{wanted}»."]
    there = work.target.faults(live, work.seen)
    seen = online.faults(_slashed(work.place.url), live, difference(None, live)) if work.place.url else []
    if seen and not there:
        seen.append(
            f"Ở {work.target.where} mọi tệp đều đúng: máy chủ web đang đưa ra thứ khác. Hãy xem lại cấu hình của nó và mục `url` trong publish.yml."
        )
    return there + seen


# --- steps --------------------------------------------------------------------------------------------------------------


@contextmanager
def _locked(work: Work) -> Iterator[Path]:
    """A folder to build in, while nobody else builds here or publishes there."""
    scratch = work.root / ".cache" / "publish"
    with locking.held(scratch / ".lock", work.wait, str(work.root)), work.target.lock(work.wait):
        for left in scratch.glob("build-*"):
            shutil.rmtree(left)
        folder = Path(tempfile.mkdtemp(prefix="build-", dir=scratch))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _told_right() -> Iterator[list[Release]]:
    """An error of what comes last, such as letting go of the lock, must not say that nothing went out once it did."""
    switched: list[Release] = []
    try:
        yield switched
    except OSError as error:
        if switched:
            raise after_the_switch(f"việc cuối cùng chưa xong ({error}). Hãy chạy lại lệnh này.") from error
        raise


@contextmanager
def _after_the_switch() -> Iterator[None]:
    """Readers have the new release; what fails now is said, and done by the next publication."""
    try:
        yield
    except (OSError, Refused) as error:
        raise after_the_switch(f"việc ghi sổ sau đó chưa xong ({error}). Hãy chạy lại lệnh này.") from error


def after_the_switch(says: str) -> Refused:
    """What is told when something fails once readers have the new release."""
    return Refused(f"ĐÃ CHUYỂN sang bản mới và người đọc thấy bản mới, nhưng {says}", switched=True)


def _note(work: Work, done: Receipt) -> None:
    """Keeps the receipt at the place and here."""
    write(work.root / ".cache" / "published" / work.place.name / done.name, as_json(done))
    work.target.note(done.name, as_json(done))


def _build(work: Work, folder: Path, live: Release | None) -> dict[str, Kept]:
    """The site in `folder`; what stands for faulty stories. errors: Refused."""
    fault = work.build(work.root, folder)
    if not fault:
        return {}
    from exemplars.checking import blocking  # noqa: PLC0415 - a rollback judges nothing, and is in haste

    site, problems = work.judge(work.root)
    errors = blocking(problems)
    if not errors:
        raise Refused(fault)
    quarantined = Quarantine(work.root, work.history, live, work.day, work.place.max_bad_share)
    decided = _settled(work, quarantined, site, errors, folder / "root")
    shutil.rmtree(folder / "site", ignore_errors=True)
    fault = work.build(folder / "root", folder)
    if fault:
        raise Refused(fault)
    return {instead.at.removeprefix("stories/"): instead.told for instead in decided.values()}


def _settled(work: Work, quarantined: Quarantine, site: Site, errors: list[Problem], copy: Path) -> dict[str, Instead]:
    """What stands for each faulty story, so that the copy of the site has no error left. errors: Refused."""
    from exemplars.checking import blocking  # noqa: PLC0415

    found = quarantine.by_story(errors)
    for _ in range(2):
        decided = quarantined.decide(site, found)
        quarantine.copy(work.root, copy, decided)
        after, problems = work.judge(copy)
        left = blocking(problems)
        if not left:
            quarantined.hold(decided, after)
            return {path: _with(instead, problems) for path, instead in decided.items()}
        found = quarantined.suspects(site, found, quarantine.by_story(left))
        if not found:
            break
    raise Refused("Đã để riêng các bài có lỗi mà trang vẫn còn lỗi, nên không đăng gì:\n" + "\n".join(str(one) for one in left[:SHOWN])
                  + "\nCác bài có lỗi lúc đầu:\n" + "\n".join(str(one) for one in errors[:SHOWN]))  # fmt: skip


def _with(instead: Instead, problems: list[Problem]) -> Instead:
    """Tells of a story that was taken down who still refers to it."""
    if instead.told.how != "taken":
        return instead
    from exemplars.checking import refers_to  # noqa: PLC0415

    why = [str(problem) for problem in problems if refers_to(problem, instead.id)]
    return replace(instead, told=instead.told._replace(why=(*instead.told.why, *why)))


def _release(work: Work, folder: Path, kept: Mapping[str, Kept]) -> tuple[Release, facts.Facts]:
    """The built site as a release, verified; errors: Refused."""
    site = folder / "site"
    if kept and (site / STAMP).is_file():
        _stamp_kept(site / STAMP, kept)
    stamp, files = verifying.verified(site, work.seen)
    told = facts.read(folder / facts.NAME)
    shown = sum(not one.gone for one in told.stories.values())
    if shown != stamp.stories:
        raise Refused(f"Trang vừa dựng có {stamp.stories} câu chuyện, mà kho có {shown} bài đã duyệt. Hãy dựng lại.")
    server = {path.name: path.read_text(encoding="utf-8") for path in sorted((folder / "server").iterdir())}
    new = Release(
        stamp.tree[:ID], 0, stamp.tree, stamp.commit, files, stamp.text, told.stories, kept, dirty=work.history.dirty(), server=server
    )
    return new, told


def _says_the_same(new: Release, live: Release) -> bool:
    """Whether `new` is what readers have, to the byte: the same site is packed otherwise on a machine with another zlib."""
    packed, there = ({path: file.sha256 for path, file in one.packed.items()} for one in (new, live))
    return packed == there and all(getattr(new, one) == getattr(live, one) for one in ("id", "stamp", "kept", "server"))


def _stamp_kept(path: Path, kept: Mapping[str, Kept]) -> None:
    """Notes in `build.json` whose text is not the commit's. Everybody can read it: not why, and not of whom nobody has heard."""
    said: dict[str, Any] = json.loads(path.read_bytes())
    said["kept"] = {folder: {"how": one.how, "commit": one.commit, "day": one.day} for folder, one in kept.items() if one.how != "left"}
    write(path, (json.dumps(said, indent=2) + "\n").encode())


def _switch(work: Work, new: Release, live: Release | None, later: Iterable[Release] = ()) -> None:
    """Only what is wholly there goes live; and if readers then do not get it, they get back what they had. errors: Refused.

    later   what readers are switched away from by a decision
    """
    if faults := work.target.faults(new, work.seen):
        raise Refused(f"Bản vừa đưa lên {work.target.where} không đúng như bản đã dựng:\n" + "\n".join(faults[:SHOWN]))
    for one in later:  # before the switch: one that a rollback left unmarked would pass for one that was never finished
        work.target.mark(replace(one, retired=True))
    _lay_settings(work, new)  # first: where no web server shows the place yet, they are what is needed to set it up
    try:
        work.target.switch(new, work.seen)
        seen = work.target.live()
    except (OSError, Refused) as error:
        if _is_live(work, new):  # it failed once readers had the new one: nobody must be told that nothing went out
            raise after_the_switch(f"việc ngay sau đó chưa xong ({error}). Hãy chạy lại lệnh này.") from error
        raise
    faults = [] if seen and seen.id == new.id else ["bản đang chạy không phải bản vừa chuyển sang"]
    if work.place.url and not faults:
        faults = online.faults(_slashed(work.place.url), new, difference(live, new))
    if faults:
        _turn_back(work, new, live, "\n".join(faults[:SHOWN]))


def _turn_back(work: Work, new: Release, live: Release | None, faults: str) -> None:
    """Gives readers what they had, unless there is nothing, or it would show what was taken down. errors: Refused, always."""
    stays = (
        "không có bản nào khác" if live is None or live.id == new.id else "bản trước còn hiện bài đã gỡ" if shown_again(live, new) else ""
    )
    remedy = f"Hãy xem lại cấu hình máy chủ web (mẫu ở {work.target.beside}/server) và mục `url` trong publish.yml"
    says = f"sang bản mới nhưng người đọc chưa nhận được nó:\n{faults}\n"
    if live and not stays:
        try:
            work.target.switch(live, work.seen)
            work.target.mark(live)  # as it was before a rollback
            _lay_settings(work, live)
        except (OSError, Refused) as error:
            raise Refused(
                f"ĐÃ CHUYỂN {says}Chưa chuyển lại được về bản trước ({error}). {remedy}, rồi chạy lại lệnh này.", switched=True
            ) from error
    if stays:
        raise Refused(f"ĐÃ CHUYỂN {says}Không chuyển lại, vì {stays}. {remedy}, rồi chạy lại lệnh này.", switched=True)
    raise Refused(f"Đã chuyển {says}Đã chuyển lại về bản trước. {remedy}.")


def _lay_settings(work: Work, one: Release) -> None:
    """What the web server is to be told of a release; one that an earlier version published knows of none."""
    if one.server:
        work.target.settings(one.server)


def _is_live(work: Work, new: Release) -> bool:
    try:
        live = work.target.live()
    except (OSError, Refused):
        return False
    return live is not None and live.id == new.id


def _hold_taken_down(work: Work, new: Release, last: Release | None) -> None:
    """A branch that was begun before a withdrawal knows nothing of it: only who follows it may have meant to bring the story back."""
    if last is None or last.commit is None:
        return
    back = shown_again(new, last)
    if back and not work.history.follows(last.commit):
        named = ", ".join(f"{address} ({id_})" for id_, address in back)
        raise Refused(f"Bản này hiện lại bài đã gỡ ở bản số {last.serial}: {named}, mà kho bài ở đây không nối tiếp commit của bản ấy. "
                      "Hãy gộp nhánh chính vào (git pull) rồi đăng; đúng là muốn đăng lại bài thì thêm --any-commit.")  # fmt: skip


def _hold_withdrawn(chosen: Release, last: Release) -> None:
    """A rollback never shows again what has been withdrawn since."""
    back = shown_again(chosen, last)
    if back:
        named = ", ".join(f"{address} ({id_})" for id_, address in back)
        raise Refused(f"Bản số {chosen.serial} còn hiện bài đã gỡ: {named}. Lùi về đó thì bài ấy hiện lại, nên không lùi. "
                      "Hãy lùi về một bản sau khi gỡ, hoặc sửa trong kho (git revert) rồi đăng lại.")  # fmt: skip


def shown_again(chosen: Release, last: Release) -> list[tuple[str, str]]:
    """(id, address) of the stories that `last` has taken down and readers of `chosen` would see again."""
    return [(id_, address) for id_, address in last.gone().items() if _told(chosen, id_) is False]


def _told(release: Release, id_: str) -> bool | None:
    """Whether a release shows only a notice of a story; None where it does not know it."""
    return next((told.gone for told in release.stories.values() if told.id == id_), None)


def _ledger(root: Path) -> str:
    path = root / LEDGER
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _note_addresses(root: Path, lines: tuple[str, ...]) -> tuple[str, ...]:
    before = _ledger(root)  # anew: somebody may have added to it while files were on their way
    after = addresses.additions(before, lines)
    if after != before:
        write(root / LEDGER, after.encode())
        return lines
    return ()


def _slashed(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"
