"""A site of feeds built in this process, published again and again, and served as a portal or a reader meets it."""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import http.server
import io
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from exemplars import building, ledger
from exemplars.building import Stamp, pictures
from exemplars.building.maker import Maker
from exemplars.listing import Shelf
from exemplars.model import Approval, Photo, Published, Settings
from exemplars.pages import Context, Page
from exemplars.storing import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DAY = dt.date(2020, 1, 1)
TAG = "p.example,2020"
TITLES = ("Một nghìn < hai nghìn & ba nghìn", "Ông nói: “Đừng ]]> chờ”", "Cười 😀 giữa ca đêm", "Đ" * 300, "Dòng 'nháy' và \"nháy kép\"")


class Plain:
    """A theme without templates: pages matter little here."""

    fingerprint = "1"

    def prepare(self, cards: object) -> None:
        """Nothing is shared."""

    def render(self, page: Page, body: str) -> str:
        return f"{page.title}\n{body}"


@dataclass
class FeedSite:
    """Stories and where they are published. `publish` does what publishing does: build, then note the addresses."""

    folder: Path
    a_story: Callable[..., Any]
    a_site: Callable[..., Any]
    url: str = "https://p.example/g/"
    stories: dict[str, dict[str, Any]] = field(default_factory=dict)
    ledger: list[Published] = field(default_factory=list)

    @property
    def out(self) -> Path:
        return self.folder / "site"

    def add(self, name: str, **given: Any) -> None:
        self.stories[name] = {"path": f"stories/2020/{name}/index.md", "id": f"2020-{name}", **given}

    def site(self) -> Any:
        return self.a_site(*(self._approved(given) for given in self.stories.values()), published=tuple(self.ledger))

    def _approved(self, given: dict[str, Any]) -> Any:
        story = self.a_story(**given)
        return replace(story, approval=Approval("HĐ", "1", DAY, ("A1",), ("TK",), story.text_sha256))

    def context(self, site: Any = None) -> Context:
        site = site or self.site()
        sizes, problems = pictures.sizes_of(site.stories, self.folder, self._store, 1)
        assert problems == []
        settings = Settings("Gương & sáng", self.url, "Mô tả của trang", "Sở", TAG)
        return Context(Shelf(site), settings, sizes)

    @property
    def _store(self) -> Store:
        return Store(self.folder / "store")

    def publish(self) -> building.Built:
        (self.folder / "shell").mkdir(parents=True, exist_ok=True)
        context = self.context()
        maker = Maker(self.folder, context, Plain(), self._store)
        built = building.build(maker, self.out, self.folder / "shell", [""], self.folder / "manifest.json", Stamp(None, preview=False))
        for line in ledger.additions(context.shelf):
            address, id_, *lists = line.split()
            self.ledger.append(Published(address, id_, len(self.ledger) + 1, tuple(lists)))
        return built

    def photo(self, name: str) -> tuple[Photo, ...]:
        """A real picture beside the story."""
        out = io.BytesIO()
        Image.new("RGB", (640, 480), "teal").save(out, "JPEG")
        path = self.folder / f"stories/2020/{name}/anh.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(out.getvalue())
        return (Photo("anh.jpg", "Ô cửa sáng đèn", people="none", sha256="a" * 64),)


def many(site: FeedSite, count: int) -> FeedSite:
    """`count` stories, a day after another, the first with awkward titles and a picture."""
    for n in range(count):
        name = f"bai-{n:03}"
        site.add(
            name, date=DAY + dt.timedelta(days=n), title=TITLES[n] if n < len(TITLES) else f"Câu chuyện thứ {n}",
            photos=site.photo(name) if n % 10 == 1 else (),
        )  # fmt: skip
    return site


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def send_head(self) -> Any:
        """Always the whole file: publishes of a test follow each other within the second that Last-Modified can tell."""
        del self.headers["If-Modified-Since"]
        return super().send_head()

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of the folder on a server of its own."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
