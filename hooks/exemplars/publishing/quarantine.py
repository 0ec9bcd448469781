"""Faulty stories among sound ones: what stands in their place, decided one by one; and a copy of the site with that in it.

The copy is an ordinary site, built by the ordinary build: so lists, feeds, the search index and stories.json all tell the same.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import shutil
from collections import defaultdict
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exemplars.publishing.refusal import Refused
from exemplars.publishing.release import Kept, Told
from exemplars.reporting.report import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from exemplars.model import Problem, Site, Story, Withdrawal
    from exemplars.publishing.history import History
    from exemplars.publishing.release import Release

    Judge = Callable[[Path], tuple[Site, list[Problem]]]

# consent or award revoked, private data, a person without consent: such a page is never kept
NEVER_KEPT = frozenset({"DD002", "DD003", "DD005", "AN002", "AN003", "KT005"})
TAKING_BACK = re.compile(rb"^.*\b(?:withdrawn|revoked)\b.*$", re.MULTILINE)
PARTS = ("content", "stories", "campaigns")
REVIEWED = "Nội dung đang được rà soát lại."
INDEX = "index.md"


@dataclass(frozen=True, slots=True)
class Instead:
    """What stands instead of a faulty story: its id, the folder (where it was published last), the files, and how that is told."""

    id: str
    at: str
    files: Mapping[str, bytes]
    told: Kept


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Decides about faulty stories, against what is live.

    live     the release that readers see; None before the first
    day      today, for notices
    most     the share of faulty stories, in percent, above which nothing is published; a single one always is
    """

    root: Path
    history: History
    live: Release | None
    day: dt.date
    most: int

    def decide(self, site: Site, found: Mapping[str, list[Problem]]) -> dict[str, Instead]:
        """What stands instead of each faulty story, by the folder where it lies (`stories/2020/x`), given its errors. errors: Refused."""
        stories = len({story.folder for story in site.stories} | {path.removeprefix("stories/") for path in found})
        if len(found) > max(1, stories * self.most // 100):
            raise Refused(f"{len(found)}/{stories} bài có lỗi, quá {self.most} % (`max_bad_share` trong publish.yml): không đăng gì, trang cũ còn nguyên. "
                          "Hãy sửa các lỗi này trước:\n" + _listed(chain(*found.values())))  # fmt: skip
        stub = Stub(site)
        return {path: self._instead(path, errors, site, stub) for path, errors in found.items()}

    def _instead(self, path: str, errors: list[Problem], site: Site, stub: Stub) -> Instead:
        here = path.removeprefix("stories/")
        story = next((one for one in site.stories if one.folder == here), None)
        folder = self._published_as(here, story)
        at = f"stories/{folder}"
        why = tuple(dict.fromkeys(plain(str(problem)) for problem in errors))
        told = self.live.stories.get(folder) if self.live else None
        since = self._since(folder)
        if story and story.withdrawn:
            notice = stub.notice(story.id, story.redirect_from, story.withdrawn, since)
            return Instead(story.id, path, {INDEX: notice}, Kept("taken", "", since.isoformat(), why))
        commit, old = self._published(folder, told)
        taken_back = self._taken_back(path, old)
        if taken_back and story is None:
            raise Refused(f"{path}/{INDEX}: không đọc được phần khai báo, mà chỗ đổi nói tới việc gỡ bài hoặc rút đồng ý ({taken_back}). "
                          "Không biết phải gỡ hay giữ nên không đăng gì. Hãy sửa tệp này trước.\n" + _listed(errors))  # fmt: skip
        if told is None and any(one.address == f"guong/{folder}/" for one in site.published):
            raise Refused(f"{path}: bài đã đăng ở nơi khác, nay có lỗi, mà nơi này chưa có bản nào của bài để giữ. Hãy sửa bài này trước:\n"
                          + _listed(errors))  # fmt: skip
        if told is None:
            taken = {one.id for one in site.stories if one is not story}
            taken |= {one.id for one in self.live.stories.values()} if self.live else set()
            id_ = story.id if story and story.id not in taken else folder.replace("/", "-")
            return Instead(id_, at, {INDEX: stub.draft(id_)}, Kept("left", "", self.day.isoformat(), why))
        if taken_back or (told.gone and old is None) or NEVER_KEPT & {problem.code for problem in errors}:
            redirects = story.redirect_from if story and at == path else ()
            notice = stub.notice(told.id, redirects or _redirects(old), None, since)
            return Instead(told.id, at, {INDEX: notice}, Kept("taken", "", since.isoformat(), why))
        if old is None:
            raise Refused(f"{path}: bài có lỗi, mà git không lấy lại được bản đã đăng (commit {commit[:12] or '?'}). "
                          "Hãy sửa bài, hoặc chạy `git fetch --unshallow`.\n" + _listed(errors))  # fmt: skip
        return Instead(told.id, at, old, Kept("kept", commit, since.isoformat(), why))

    def _published_as(self, folder: str, story: Story | None) -> str:
        """The folder under which readers know the story of `folder`: another one where it has moved since."""
        known = self.live.stories if self.live else {}
        if story is None or folder in known:
            return folder
        before = (old for old, told in known.items() if told.id == story.id and not (self.root / "stories" / old).exists())
        return next(before, folder)

    def _published(self, folder: str, told: Told | None) -> tuple[str, dict[str, bytes] | None]:
        """The commit that the live text of a story is of, and its files there."""
        if self.live is None or told is None:
            return "", None
        kept = self.live.kept.get(folder)
        commit = (kept.commit if kept else "") or self.live.commit or ""
        return commit, self.history.folder(commit, f"stories/{folder}") if commit and (not kept or kept.how == "kept") else None

    def _taken_back(self, path: str, old: Mapping[str, bytes] | None) -> str:
        """The lines about a withdrawal or a revocation that the published text did not have."""
        try:
            now = (self.root / path / INDEX).read_bytes()
        except OSError:
            return ""
        block = now.partition(b"\n---")[0] if now.startswith(b"---\n") and b"\n---" in now else now
        lines = set(TAKING_BACK.findall(block)) - set(TAKING_BACK.findall((old or {}).get(INDEX, b"")))
        return plain(b"; ".join(sorted(line.strip() for line in lines)).decode(errors="replace"))

    def _since(self, folder: str) -> dt.date:
        """Since when something stands there instead, so that a notice does not change from day to day."""
        kept = self.live.kept.get(folder) if self.live else None
        return dt.date.fromisoformat(kept.day) if kept else self.day

    def suspects(self, site: Site, found: Mapping[str, list[Problem]], left: Mapping[str, list[Problem]]) -> dict[str, list[Problem]]:
        """Whom to set aside where errors are left in stories that did not change: those that did, and that the messages name.

        A new story that takes an old one's id is the guilty one, whichever of the two the message stands at.
        """
        before = {folder: told.text_sha256 for folder, told in self.live.stories.items()} if self.live else {}
        changed = {story.origin.path: story for story in site.stories if before.get(story.folder) != story.text_sha256}
        innocent = {path for path in left if f"{path}/{INDEX}" not in changed}
        named = {
            f"stories/{story.folder}": problems for path, story in changed.items()
            if (problems := [problem for innocent_ in innocent for problem in left[innocent_] if path in problem.says])
        }  # fmt: skip
        return {**{path: problems for path, problems in found.items() if path not in innocent}, **named} if named else {}

    def hold(self, decided: Mapping[str, Instead], site: Site) -> None:
        """Refuses a copy of the site in which a kept story is not what was published; errors: Refused."""
        now = {story.folder: story.text_sha256 for story in site.stories}
        for path, instead in decided.items():
            folder = instead.at.removeprefix("stories/")
            told = self.live.stories.get(folder) if self.live else None
            if instead.told.how == "kept" and told is not None and now.get(folder) != told.text_sha256:
                raise Refused(f"{path}: bài có lỗi; bản đã đăng không nằm trong commit {instead.told.commit[:12]} "
                              "(đã đăng từ thay đổi chưa commit), nên không giữ lại được. Hãy sửa bài rồi đăng.")  # fmt: skip


def by_story(problems: Iterable[Problem]) -> dict[str, list[Problem]]:
    """Errors by story folder; errors: Refused when some belong to no story."""
    found, others = defaultdict(list), []
    for problem in problems:
        parts = problem.path.split("/")
        if parts[0] == "stories" and len(parts) > 2:  # noqa: PLR2004
            found["/".join(parts[:3])].append(problem)
        else:
            others.append(problem)
    if others:
        raise Refused("Có lỗi không thuộc riêng bài nào, nên không đăng gì:\n" + _listed(others))
    return dict(found)


def _listed(problems: Iterable[Problem]) -> str:
    return "\n".join(dict.fromkeys(plain(str(problem)) for problem in problems))


def _redirects(old: Mapping[str, bytes] | None) -> tuple[str, ...]:
    """`redirect_from` of a sound text, as it is written there."""
    found = re.search(rb"^redirect_from: *\[([^\]]*)\]|^redirect_from:\n((?: *- .*\n)+)", (old or {}).get(INDEX, b""), re.MULTILINE)
    words = re.findall(r"[a-z0-9/-]+/", (found[1] or found[2]).decode()) if found else []
    return tuple(words)


class Stub:
    """The least that stands for a story: sound under every rule, saying nothing of anybody."""

    def __init__(self, site: Site) -> None:
        terms = {name: site.terms[name][0].id for name in ("kinds", "fields") if site.terms.get(name)}
        self._said = {"kind": terms.get("kinds", ""), "field": terms.get("fields", ""),
                      "unit": site.units[0].id if site.units else "", "plan": site.plans[0].id if site.plans else ""}  # fmt: skip

    def draft(self, id_: str) -> bytes:
        """A draft, which nobody sees, so that what refers to the story finds it."""
        return self._text(id_, "Bài chờ sửa", {"draft": True})

    def notice(self, id_: str, redirects: tuple[str, ...], withdrawn: Withdrawal | None, day: dt.date) -> bytes:
        """A notice at the story's address, and the ways to it."""
        from exemplars.rules.personal_data import leaks  # noqa: PLC0415 - a rollback judges nothing, and is in haste

        said: dict[str, Any] = {"date": ((withdrawn and withdrawn.date) or day).isoformat()}
        said["kind"] = (withdrawn and withdrawn.kind) or "withdrawn"
        reason = withdrawn.reason if withdrawn else ""
        said["reason"] = reason if reason and not any(leaks(reason.encode())) else REVIEWED
        if withdrawn and withdrawn.see:
            said["see"] = withdrawn.see
        elif said["kind"] == "consolidated":
            said["kind"] = "withdrawn"
        return self._text(id_, "Bài đã gỡ", {"withdrawn": said, "redirect_from": list(redirects)})

    def _text(self, id_: str, title: str, more: Mapping[str, Any]) -> bytes:
        said = {"id": id_, "title": title, **self._said, "subject": {"type": "collective", "name": "Tập thể"}, **more}
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in said.items() if value]
        return ("---\n" + "\n".join(lines) + "\n---\n\nBài đang được xem lại.\n").encode()


def copy(root: Path, target: Path, decided: Mapping[str, Instead]) -> None:
    """The site under `root` in the folder `target`, by hard links, with what was decided instead of the faulty stories."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for part in PARTS:
        if (root / part).is_dir():
            shutil.copytree(root / part, target / part, symlinks=True, copy_function=_link, ignore=_faulty(root, decided))
    for name in ("hooks", ".cache"):
        (target / name).symlink_to((root / name).resolve(), target_is_directory=True)
    shutil.copyfile(root / "mkdocs.yml", target / "mkdocs.yml")
    for instead in decided.values():
        (target / instead.at).mkdir(parents=True)
        for name, data in instead.files.items():
            (target / instead.at / name).write_bytes(data)


def _faulty(root: Path, decided: Mapping[str, Instead]) -> Callable[[str, list[str]], list[str]]:
    return lambda at, names: [name for name in names if os.path.relpath(f"{at}/{name}", root).replace(os.sep, "/") in decided]


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)
