"""What many tests need: a whole valid story, a small site to judge it in, a site on disk."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.approving import text_sha256
from exemplars.model import (
    TERMS,
    AwardKind,
    Campaign,
    Claim,
    Consent,
    Criterion,
    Document,
    Origin,
    Part,
    Period,
    Plan,
    Route,
    Scope,
    Site,
    Story,
    Subject,
    Term,
    Unit,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Finding, Problem

REPOSITORY = Path(__file__).resolve().parent.parent
TODAY = dt.date(2020, 12, 31)
HEAD = "---\nid: 2020-sap-lai-so-truc\n---\n"
BODY = """
## Hoàn cảnh

Trung tâm có mười hai cháu nhỏ, đêm nào cũng phải có người thức.

## Việc làm

Năm 2019, bà **sắp lại sổ trực** theo ca, không ai
phải thức hai đêm liền. Bà nói: “Ai cũng cần ngủ.”

## Kết quả

Sáu tháng sau, không còn ca trực nào phải bỏ trống giữa đêm.

## Kinh nghiệm

Đổi ca thì hai người cùng ký.
"""


def _criterion(id_: str, *evidence: str, **more: Any) -> Criterion:
    return Criterion(id_, f"Tiêu chí {id_}", "câu của kế hoạch", "II.2.b", evidence, judged_by="Hội đồng", **more)


PLAN = Plan(
    id="ke-hoach-2020",
    kind="ke-hoach",
    title="Kế hoạch thử",
    authority="Sở",
    period=Period(dt.date(2020, 1, 1), dt.date(2020, 12, 31)),
    criteria=(
        _criterion("A1", "quote", "award", "figure"),
        _criterion("A2", "quote", parts=(Part("A2.1", "Cách làm", "cách làm"),)),
        _criterion("A3", "quote", "campaign", needs=("campaign", "quote")),
        _criterion("A4", "confirmation", needs=("confirmation",)),
        _criterion("B1", "quote", fresh_months=12),
        _criterion("C1", "figure", public=False),
        _criterion("C2", "figure", improves_on="C1"),
        _criterion("C3", "award", "figure", at_least=2),
    ),
    routes=(
        Route("A", "Chung", ("A1", "A2")),
        Route("C", "Vươn lên", ("C1",), ("C2", "C3", "B1"), at_least=2),
    ),
    origin=Origin("content/plans/ke-hoach-2020.md"),
)


@pytest.fixture(scope="session")
def repository() -> Path:
    return REPOSITORY


@pytest.fixture(scope="session")
def a_story() -> Callable[..., Story]:
    """A whole valid story with the named fields replaced; also `body` and `path`. Its body begins on line 4."""

    def build(*, body: str = BODY, path: str = "stories/2020/sap-lai-so-truc/index.md", **changed: Any) -> Story:
        text = (HEAD + body).encode()
        story = Story(
            id="2020-sap-lai-so-truc",
            title="Người sắp lại sổ trực",
            summary="Một nhân viên sắp lại ca trực để không ai phải thức hai đêm liền.",
            date=dt.date(2020, 6, 9),
            kind="nguoi-tot-viec-tot",
            subject=Subject("individual", "Nguyễn Thị Mẫu", "bà", "Nhân viên", as_of=dt.date(2020, 5, 30)),
            unit="trung-tam",
            field="cong-tac",
            plan="ke-hoach-2020",
            campaigns=("lao-dong-gioi",),
            stage="phat-hien",
            criteria=(
                Claim(id="A1", quote=("không còn ca trực nào phải bỏ trống giữa đêm",)),
                Claim(id="A2", quote=("bà sắp lại sổ trực theo ca, không ai phải thức",)),
            ),
            consent=Consent("HS-2020-014", dt.date(2020, 6, 1), ("name", "photo")),
            authors=("Phòng Bảo trợ xã hội",),
            origin=Origin(path, text, len(HEAD.encode()), HEAD.count("\n") + 1, "0" * 64),
        )
        story = replace(story, **changed)
        return replace(story, text_sha256=story.text_sha256 or text_sha256(story), decided=story.approval is not None)

    return build


@pytest.fixture(scope="session")
def a_site() -> Callable[..., Site]:
    """A small site with one plan, its lists whole, holding the given stories; any field may be replaced."""

    def build(*stories: Story, **changed: Any) -> Site:
        ids = {
            "kinds": ("nguoi-tot-viec-tot",),
            "fields": ("cong-tac",),
            "stages": ("phat-hien",),
            "levels": ("tinh",),
            "document_kinds": ("ke-hoach",),
            "unit_types": ("so", "truc-thuoc"),
            "award_groups": ("hinh-thuc",),
        }
        site = Site(
            stories=stories,
            campaigns=(
                Campaign(
                    id="lao-dong-gioi",
                    title="Lao động giỏi",
                    level="tinh",
                    authority="UBND tỉnh",
                    documents=("chi-thi",),
                    origin=Origin("campaigns/lao-dong-gioi.md"),
                ),
            ),
            plans=(PLAN,),
            documents=(Document("chi-thi", "ke-hoach", title="Chỉ thị", authority="UBND", origin=Origin("content/documents/chi-thi.md")),),
            units=(
                Unit("so", "Sở", type="so", origin=Origin("content/data/units.yml", body_line=1)),
                Unit("trung-tam", "Trung tâm", type="truc-thuoc", parent="so", origin=Origin("content/data/units.yml", body_line=5)),
            ),
            awards=(
                AwardKind("giay-khen", "Giấy khen", "hinh-thuc", ("individual",), origin=Origin("content/data/awards.yml", body_line=1)),
            ),
            scopes=(
                Scope("name", "họ tên"),
                Scope("photo", "ảnh"),
                Scope("health", "sức khỏe", ("mắc bệnh", "HIV", "tai biến"), ("quỹ tai biến",)),
                Scope("religion", "tôn giáo", ("Công giáo",), ("Ủy ban Đoàn kết Công giáo",)),
            ),
            terms={name: tuple(Term(id_, "Tên", origin=Origin(f"content/data/{name}.yml")) for id_ in ids.get(name, ())) for name in TERMS},
            today=TODAY,
        )
        return replace(site, **changed)

    return build


@pytest.fixture
def a_root(tmp_path: Path) -> Callable[..., Path]:
    """A site on disk: empty lists (or, with `real`, the repository's content and campaigns), and the given files."""

    def build(files: dict[str, str | bytes] | None = None, *, real: bool = False) -> Path:
        root = tmp_path / "root"
        if real:
            # events name the repository's own stories, and the ledger their addresses
            shutil.copytree(REPOSITORY / "content", root / "content", ignore=shutil.ignore_patterns("events", "published.txt"))
            shutil.copytree(REPOSITORY / "campaigns", root / "campaigns")
        else:
            (root / "content/data").mkdir(parents=True)
            for name in ("units", "awards", "scopes", *TERMS):
                (root / f"content/data/{name}.yml").touch()
        for path, content in (files or {}).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(content.encode() if isinstance(content, str) else content)
        return root

    return build


VIETNAMESE = re.compile("[À-ỹĐđ]")


@pytest.fixture(scope="session")
def places() -> Callable[[Iterable[Finding]], list[Any]]:
    """Where the findings are; each must say in Vietnamese what is there and what to do."""

    def build(findings: Iterable[Finding]) -> list[Any]:
        found = list(findings)
        assert all(VIETNAMESE.search(one.says) and VIETNAMESE.search(one.do) for one in found)
        return [one.where for one in found]

    return build


@pytest.fixture(scope="session")
def marks() -> Callable[[Iterable[Problem]], list[tuple[str, int, str]]]:
    """Path, line and code of the problems; each must say in Vietnamese what is there and what to do."""

    def build(problems: Iterable[Problem]) -> list[tuple[str, int, str]]:
        found = sorted(problems)
        assert all(VIETNAMESE.search(one.says) and VIETNAMESE.search(one.do) for one in found)
        return [(one.path, one.line, one.code) for one in found]

    return build
