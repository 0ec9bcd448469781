"""What pages show, beside what the whole-site tests see."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from exemplars import dressing
from exemplars.listing import Shelf
from exemplars.model import Approval, Claim, Document, Settings
from exemplars.pages import Context, pages
from exemplars.pages.others import CITED
from exemplars.storing import Store

DECREE = "chi-thi-05"


def test_a_document_names_the_newest_stories_that_rest_on_it(a_story, a_site) -> None:
    def story(n: int):
        day = dt.date(2020, 6, 1) + dt.timedelta(n)
        made = {"path": f"stories/2020/s{n}/index.md", "id": f"2020-s{n}", "date": day, "criteria": (Claim("A1", document=(DECREE,)),)}
        approval = Approval("Hội đồng", "05/BB", day, ("A1",), ("Thư ký",), a_story(**made).text_sha256)
        return a_story(**made, approval=approval)

    stories = [story(n) for n in range(CITED + 2)]
    site = a_site(*stories, documents=(Document(DECREE, title="Chỉ thị"), Document("khac", title="Văn bản khác")))
    library = next(page for page in pages(Context(Shelf(site), Settings(), {})) if page.address == "van-ban/")
    rows = {row["id"]: row for row in library.data["rows"]}
    assert (rows[DECREE]["evidence"], rows[DECREE]["more"]) == (str(len(stories)), True)
    assert [at for _, at in rows[DECREE]["evidenced"]] == [f"guong/2020/s{n}/" for n in range(CITED + 1, 1, -1)]
    assert (rows["khac"]["evidence"], rows["khac"]["evidenced"], rows["khac"]["more"]) == ("", (), False)


@pytest.mark.parametrize(("count", "told"), [(0, "Chưa có"), (7, "7"), (1234567, "1.234.567"), ("6 trong 1.500", "6 trong 1.500")])
def test_a_tile_tells_thousands_apart(repository: Path, tmp_path: Path, count: int | str, told: str) -> None:
    cards = dressing.environment(repository / "hooks/theme", Store(tmp_path)).get_template("partials/cards.html").module
    assert f'<span class="count">{told}<' in cards.tile("Tên", "./", count)
