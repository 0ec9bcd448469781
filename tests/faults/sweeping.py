"""What must be true after any fault of a build or a publication: readers have one whole site, the exit code agrees, the next run mends."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from faults.injecting import Zygote, faults
from sites import copy_repository, run, tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from faults.injecting import Ended

Tree = dict[str, bytes]
STORIES = ("2020/sap-lai-so-truc-dem", "2020/ho-so-tra-trong-ngay", "2020/hai-muoi-nam-xe-cuu-tro", "2020/to-may-vuon-len")
STORY, NEW = "stories/2020/to-may-vuon-len", "stories/2020/hai-muoi-nam-xe-cuu-tro"
STAMP = "build.json"


NUMBERS = (1, 2, 3)
WITHDRAWN = ("--kind", "error", "--reason", "Nhầm", "--date", "2021-06-01")


class Sites(NamedTuple):
    """Three states of one small site: their sources, and each built as publishing builds."""

    folder: Path

    def source(self, number: int) -> Path:
        return self.folder / f"kho-{number}"

    def built(self, number: int) -> Path:
        return self.folder / f"ban-{number}"

    def tree(self, number: int) -> Tree:
        return tree(self.built(number) / "site")


def made(folder: Path) -> Sites:
    """In the second state a story is new and a page edited; in the third a story is withdrawn too: files come, change and go."""
    sites = Sites(folder)
    whole = copy_repository(folder / "kho", stories=STORIES)
    shutil.rmtree(whole / "content/events")
    (whole / "content/data/published.txt").write_text("", encoding="utf-8")
    for path in whole.glob("stories/*/*/index.md"):
        alone = re.sub(r"\[([^\]]+)\]\([^)]*/index\.md[^)]*\)", r"\1", path.read_text(encoding="utf-8"))
        path.write_text(alone, encoding="utf-8")
    _without_idle_units(whole)
    for number in NUMBERS:
        shutil.copytree(whole, sites.source(number))
    shutil.rmtree(sites.source(1) / NEW)
    for number in NUMBERS[1:]:
        page = sites.source(number) / "content/gioi-thieu.md"
        page.write_text(page.read_text(encoding="utf-8") + "\nThêm một dòng.\n", encoding="utf-8")
    third = sites.source(3)
    done = run(third, str(third / "scripts/withdraw.py"), STORY, *WITHDRAWN, "--root", str(third))
    assert done.returncode == 0, done.stderr
    for number in NUMBERS:
        arguments = ("--root", str(sites.source(number)), "--release", str(sites.built(number)), "--no-search", "--jobs", "1")
        done = run(sites.source(number), str(sites.source(number) / "scripts/build.py"), *arguments)
        assert done.returncode == 0, done.stderr
    return sites


def _without_idle_units(root: Path) -> None:
    """Units that nothing else names: each would have a page and four feeds in every one of thousands of runs."""
    path = root / "content/data/units.yml"
    texts = [one.read_text(encoding="utf-8") for part in ("stories", "campaigns", "content") for one in (root / part).rglob("*.[my][dm]*")]
    head, *rows = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
    for row in list(rows):
        id_ = row.removeprefix("- id: ").split()[0]
        others = "".join(rows).replace(row, "") + "".join(text for text in texts if f"- id: {id_}\n" not in text)
        if not re.search(rf"(?<![\w-]){re.escape(id_)}(?![\w-])", others):
            rows.remove(row)
    path.write_text(head + "".join(rows), encoding="utf-8")


class Wrong(AssertionError):  # noqa: N818 - what it is
    """A promise that a fault broke."""


@dataclass
class Swept:
    """What a sweep found: how often each kind of fault ended how."""

    name: str
    cases: Counter[tuple[str, str, str]] = field(default_factory=Counter)  # call, what, how it ended
    wrong: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.cases.values())


class Sweep(NamedTuple):
    """A command to run under faults.

    prepare   lays the state before the command into an empty folder
    command   what to run there
    judge     says how it ended, or raises Wrong
    mend      runs the command again without a fault and raises Wrong where not all is well
    everywhere  the processes that it starts fail too
    """

    name: str
    do: str
    prepare: Callable[[Path], None]
    command: Callable[[Path], list[str]]
    judge: Callable[[Path, Ended], str]
    mend: Callable[[Path, Zygote], None]
    everywhere: bool = False


def swept(sweep: Sweep, zygote: Zygote, scratch: Path, most: int, tell: Callable[[str], None] = lambda _: None) -> Swept:
    """Runs the command once for each of at most `most` faults spread evenly over all its calls."""
    place = scratch / "cho"

    def laid() -> None:
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        sweep.prepare(place)

    laid()
    counted = zygote.count(sweep.do, *sweep.command(place), log=scratch / "log", everywhere=sweep.everywhere)
    found = Swept(sweep.name)
    for at, fault in enumerate(faults(counted, most, everywhere=sweep.everywhere)):
        laid()
        ended = zygote.run(sweep.do, *sweep.command(place), fault=fault)
        try:
            _told(ended)
            how = sweep.judge(place, ended)
            sweep.mend(place, zygote)
        except Wrong as error:
            how = "SAI"
            found.wrong.append(f"{sweep.name}: {fault}: mã {ended.code}: {error}\n{ended.err[-400:]}")
        found.cases[fault.call, fault.what, how] += 1
        if at % 100 == 0:
            tell(f"{sweep.name}: {at}")
    return found


def _told(ended: Ended) -> None:
    """Nobody is left with a traceback."""
    if "Traceback (most" in ended.err:
        raise Wrong(f"traceback: {ended.err[-600:]}")


# --- publishing to a folder ---------------------------------------------------------------------------------------------


def publications(sites: Sites, zygote: Zygote, scratch: Path, kind: str = "folder") -> Iterator[Sweep]:
    """The first publication, one over another, and a rollback; `kind` ssh: by rsync, with a shell of this machine for ssh."""
    live = {number: sites.tree(number) for number in NUMBERS}
    states: dict[str, Path] = {}
    for name, numbers in (("trống", ()), ("một", (1,)), ("hai", (1, 2))):
        states[name] = scratch / f"truoc-{kind}-{name}"
        (states[name] / "kho/content/data").mkdir(parents=True)
        shutil.copy(sites.source(1) / "mkdocs.yml", states[name] / "kho")
        for number in numbers:
            done = zygote.run("publish", *_published(sites, states[name], kind, number))
            assert done.code == 0, done.err

    def publication(name: str, state: str, old: int | None, new: int, *more: str) -> Sweep:
        def judge(place: Path, ended: Ended) -> str:
            wanted = live[new]
            if more and old:  # pages that the earlier release did not have yet stay: their addresses were given away
                wanted = {path: data for path, data in live[old].items() if path.startswith("guong/2")} | wanted
            return judged(place / "trang", ended, live[old] if old else None, wanted)

        def mend(place: Path, zygote: Zygote) -> None:
            wanted = old if more and old else new  # after a rollback, the present site once more
            again(zygote.run("publish", *_published(sites, place, kind, wanted)), place, live[wanted])

        def command(place: Path) -> list[str]:
            return [*_published(sites, place, kind, new), *more]

        return Sweep(f"{kind}: {name}", "publish", _copied(states[state]), command, judge, mend, kind != "folder")

    yield publication("lần đầu", "trống", None, 1)
    yield publication("đè lên bản cũ", "một", 1, 3)
    yield publication("lùi", "hai", 2, 1, "--rollback")


def _published(sites: Sites, place: Path, kind: str, number: int) -> list[str]:
    return [str(sites.built(number)), *arguments(place, kind)]


def arguments(place: Path, kind: str) -> list[str]:
    """What scripts/publish.py is told, to publish from `place`/kho into `place`/trang."""
    rows = f'- {{name: ssh, kind: ssh, where: "may:{place}/trang"}}\n'
    rows += f'- {{name: s3, kind: s3, where: "kho:trang", store: "kho:rieng", rclone_config: "{place}/s3/rclone.conf"}}\n'
    (place / "kho/publish.yml").write_text(rows, encoding="utf-8")
    where = f"{place}/trang/" if kind == "folder" else kind
    return [where, "--root", str(place / "kho"), "--any-commit", "--no-search", "--wait", "20"]


def _copied(state: Path) -> Callable[[Path], None]:
    return lambda place: (subprocess.run(["cp", "-a", f"{state}/.", place], check=True), None)[1]


def shown(place: Path) -> Tree | None:
    """What readers have, without what was packed of another file and without pieces of earlier releases."""
    current = place / "current"
    return tree(current.resolve()) if current.exists() else None


def judged(place: Path, ended: Ended, old: Tree | None, new: Tree) -> str:
    """Readers have exactly the old site or exactly the new one, and the exit code says which."""
    there = shown(place)
    state = "mới" if _same(there, new) else "cũ" if _same(there, old) else None
    if state is None:
        raise Wrong(f"trang lẫn lộn: {_difference(there, old, new)}")
    if ended.code == 0 and state != "mới":
        raise Wrong("thoát 0 mà chưa đăng")
    if ended.code > 0 and state == "mới" and "ĐÃ CHUYỂN" not in ended.err:
        raise Wrong("báo không đăng mà đã chuyển")
    if ended.code > 0 and state == "cũ" and "KHÔNG ĐĂNG" not in ended.err:
        raise Wrong("dừng mà không nói")
    return f"{state}, {'xong' if ended.code == 0 else 'báo lỗi' if ended.code > 0 else 'bị giết'}"


def _same(there: Tree | None, wanted: Tree | None) -> bool:
    if there is None or wanted is None:
        return there is wanted
    extra = {
        path for path in there.keys() - wanted.keys() if not path.endswith((".gz", ".br")) and not path.startswith(("assets/", "pagefind/"))
    }
    return not extra and all(there.get(path) == data for path, data in wanted.items())


def _difference(there: Tree | None, old: Tree | None, new: Tree) -> str:
    def of(wanted: Tree | None) -> list[str]:
        return sorted(path for path in {*(there or {}), *(wanted or {})} if (there or {}).get(path) != (wanted or {}).get(path))[:5]

    return f"khác bản cũ ở {of(old)}, khác bản mới ở {of(new)}"


def again(ended: Ended, place: Path, new: Tree) -> None:
    """After one sound run readers have the new site, and nothing is left lying about."""
    if ended.code != 0:
        raise Wrong(f"chạy lại không xong (mã {ended.code}): {ended.err[-400:]}")
    if not _same(shown(place / "trang"), new):
        raise Wrong("chạy lại mà trang chưa mới")
    left = [path for path in place.rglob("*") if path.name.startswith(".half-") or path.name == ".current"]
    left += list((place / "kho/.cache/publish").glob("build-*"))
    known = {path.stem for path in (place / "trang/releases").glob("*.json")}
    left += [path for path in (place / "trang/releases").iterdir() if path.suffix != ".json" and path.name not in known]
    if left:
        raise Wrong(f"còn sót {left[:3]}")


# --- building into a folder ---------------------------------------------------------------------------------------------


def builds(sites: Sites, zygote: Zygote, scratch: Path) -> Iterator[Sweep]:
    """`make site` over what an earlier build left, and a build for publishing from nothing."""
    before = scratch / "truoc-dung"
    shutil.copytree(sites.source(3), before / "kho", symlinks=True, ignore=shutil.ignore_patterns("hooks", "scripts"))
    (before / "kho/hooks").symlink_to(sites.source(3) / "hooks")
    for part in ("stories", "content"):
        shutil.rmtree(before / "kho" / part)
        shutil.copytree(sites.source(1) / part, before / "kho" / part)
    done = zygote.run("build", *_build(before))
    assert done.code == 0, done.err
    for part in ("stories", "content"):
        shutil.rmtree(before / "kho" / part)
        shutil.copytree(sites.source(3) / part, before / "kho" / part)
    old, new = tree(before / "kho/site"), sites.tree(3)
    yield _building("dựng đè", before, _build, old, new)
    yield _building("dựng để đăng", before, _release, None, new)


def _build(place: Path) -> list[str]:
    return ["--root", str(place / "kho"), "--no-search", "--jobs", "1"]


def _release(place: Path) -> list[str]:
    return [*_build(place), "--release", str(place / "ra")]


def _building(name: str, state: Path, command: Callable[[Path], list[str]], old: Tree | None, new: Tree) -> Sweep:
    def there(place: Path) -> Tree:
        folder = place / ("ra/site" if command is _release else "kho/site")
        return tree(folder) if folder.is_dir() else {}

    def judge(place: Path, ended: Ended) -> str:
        now = there(place)
        state_now = "mới" if now == new else "cũ" if now == old else "dở, không có dấu" if STAMP not in now else None
        if state_now is None:
            raise Wrong(f"có dấu mà lẫn lộn: {_difference(now, old, new)}")
        if ended.code == 0 and now != new:
            raise Wrong(f"thoát 0 mà thiếu: {_difference(now, old, new)}")
        if ended.code > 0 and not ended.err.strip():
            raise Wrong("dừng mà không nói")
        return f"{state_now}, {'xong' if ended.code == 0 else 'báo lỗi' if ended.code > 0 else 'bị giết'}"

    def mend(place: Path, zygote: Zygote) -> None:
        shutil.rmtree(place / "ra", ignore_errors=True)  # publishing builds into a folder of its own each time
        ended = zygote.run("build", *command(place))
        if ended.code or there(place) != new:
            raise Wrong(f"dựng lại chưa đúng (mã {ended.code}): {ended.err[-400:]} {_difference(there(place), old, new)}")

    return Sweep(name, "build", _copied(state), command, judge, mend)


def written(found: list[Swept]) -> str:
    """A table: a line a sweep, a call and a kind of fault."""
    lines = [f"{'phép thử':24} {'lời gọi':12} {'lỗi':8} {'số lần':>6}  kết cục"]
    for one in found:
        kinds = sorted({(call, what) for call, what, _ in one.cases})
        for call, what in kinds:
            ends = {how: count for (a, b, how), count in sorted(one.cases.items()) if (a, b) == (call, what)}
            told = "; ".join(f"{how} {count}" for how, count in ends.items())
            lines.append(f"{one.name:24} {call:12} {what.partition('=')[2]:8} {sum(ends.values()):6}  {told}")
    total, wrong = sum(one.total for one in found), sum(len(one.wrong) for one in found)
    return "\n".join([*lines, f"{total} trường hợp, {wrong} sai"])


def as_json(found: list[Swept]) -> str:
    return json.dumps({one.name: {"cases": one.total, "wrong": one.wrong} for one in found}, ensure_ascii=False, indent=1)
