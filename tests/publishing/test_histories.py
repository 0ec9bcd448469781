"""Any history of a site: what was once published answers for ever, and an id never means another story."""

from __future__ import annotations

import datetime as dt
import os
import signal
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from exemplars import building, reading
from exemplars.building import Stamp
from exemplars.building.maker import Maker
from exemplars.listing import Shelf
from exemplars.model import LEDGER, Approval, Settings, Withdrawal
from exemplars.pages import Context
from exemplars.publishing import facts
from exemplars.publishing.refusal import Refused
from exemplars.storing import Store
from feedsite import DAY, Plain
from tinysite import Tiny, in_folder

NAMES = st.sampled_from(["mot", "hai", "ba"])
SETTINGS = Settings("Gương", "https://p.example/g/", "Mô tả", "Sở", "p.example,2020")


class Histories(RuleBasedStateMachine):
    """Stories are added, edited, moved, withdrawn, restored; published, sometimes killed at that, and rolled back."""

    a_story: Any
    a_site: Any

    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.root = Path(self._folder.name)
        self.stories: dict[str, dict[str, Any]] = {}
        self.edits = 0
        self.desk: Tiny = in_folder(self.root, keep=3)
        self.desk._build = self._build  # type: ignore[method-assign]
        self.given_away: dict[str, str] = {}  # address → id
        (self.root / "shell").mkdir()
        (self.root / "shell/index.html").write_text("Trang chủ", encoding="utf-8")

    def teardown(self) -> None:
        self._folder.cleanup()

    def _build(self, _root: Path, folder: Path) -> str:
        published = tuple(reading.Reader(self.root)._published(LEDGER))
        site = self.a_site(*(self._story(given) for given in self.stories.values()), published=published)
        context = Context(Shelf(site), SETTINGS, {}, search=False)
        maker = Maker(self.root, context, Plain(), Store(self.root / "store"))
        building.build(maker, folder / "site", self.root / "shell", [""], None, Stamp(None, preview=False), 1)
        (folder / facts.NAME).write_bytes(facts.facts(context.shelf))
        (folder / "server").mkdir()
        return ""

    def _story(self, given: dict[str, Any]) -> Any:
        story = self.a_story(**given)
        return replace(story, approval=Approval("HĐ", "1", DAY, ("A1",), ("TK",), story.text_sha256))

    @rule(name=NAMES)
    def add(self, name: str) -> None:
        self.stories.setdefault(name, {"path": f"stories/2020/{name}/index.md", "id": f"2020-{name}", "date": DAY})

    def _known(self, name: str) -> dict[str, Any]:
        self.add(name)
        return self.stories[name]

    @rule(name=NAMES)
    def edit(self, name: str) -> None:
        self.edits += 1
        self._known(name)["title"] = f"Tiêu đề lần {self.edits}"

    @rule(name=NAMES)
    def move(self, name: str) -> None:
        given = self._known(name)
        self.edits += 1
        old = f"guong/{given['path'].removeprefix('stories/').removesuffix('index.md')}"
        given["redirect_from"] = (*given.get("redirect_from", ()), old)
        given["path"] = f"stories/2020/{name}-{self.edits}/index.md"

    @rule(name=NAMES)
    def withdraw(self, name: str) -> None:
        self._known(name)["withdrawn"] = Withdrawal(DAY + dt.timedelta(1), "error", "Nhầm")

    @rule(name=NAMES)
    def restore(self, name: str) -> None:
        self._known(name).pop("withdrawn", None)

    @rule()
    def publish(self) -> None:
        self.desk.publish()

    @rule(at=st.integers(1, 90))
    def publish_and_be_killed(self, at: int) -> None:
        """SIGKILL at one of the moments when something is made to last on the disk."""
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            return
        left, sync = iter(range(at)), os.fsync

        def fsync(file: int) -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)
            sync(file)

        os.fsync = fsync  # type: ignore[assignment]
        try:
            self.desk.publish()
        finally:
            os._exit(0)

    @precondition(lambda self: self.desk.target.live() is not None)
    @rule(wanted=st.sampled_from(["", "oldest"]))
    def roll_back(self, wanted: str) -> None:
        before = self.desk.target.live().id
        try:
            self.desk.roll_back(str(self.desk.target.releases()[-1].serial) if wanted else "")
        except Refused as error:
            said = str(error)
        else:
            return
        assert "bài đã gỡ" in said or "Không có bản nào để lùi về" in said
        assert self.desk.target.live().id == before

    @invariant()
    def what_was_given_away_answers(self) -> None:
        live = self.desk.target.live()
        if live is None:
            assert not self.given_away, "what was once live never goes"
            return
        assert self.desk.target.faults(live, lambda *_: None) == [], "what is live is wholly there"
        self.given_away |= {
            f"guong/{folder}/": told.id for folder, told in live.stories.items() if f"guong/{folder}/" not in self.given_away
        }
        current = self.root / "www/current"
        assert {address for address in self.given_away if not (current / address / "index.html").is_file()} == set()
        for folder, told in live.stories.items():
            assert self.given_away[f"guong/{folder}/"] == told.id
        assert len({told.id for told in live.stories.values()}) == len(live.stories)


def test_histories(a_story, a_site) -> None:
    machine = type("Machine", (Histories,), {"a_story": staticmethod(a_story), "a_site": staticmethod(a_site)})
    bounded = settings(
        max_examples=int(os.environ.get("HISTORIES", "6")),
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=bounded)
