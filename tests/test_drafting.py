"""Drafts: answers understood as people type them, names that are free, files that the strict reader takes as they stand."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars import drafting
from exemplars.checking import blocking, check
from exemplars.drafting import (
    KINDS,
    TEMPLATES,
    UnclearError,
    draft,
    free,
    id_of,
    names_a_person,
    path_of,
    proposed,
    questions,
    taken,
    understood,
)
from exemplars.model import Claim, Published, Story
from exemplars.reading import read_site
from exemplars.schema import keys_of
from exemplars.strict_yaml import Mapping, Scalar, parse
from exemplars.texts import split
from exemplars.vietnamese import clean

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exemplars.model import Site

TODAY = dt.date(2020, 6, 9)
STORY: dict[str, Any] = {
    "title": "Người gác cổng đọc sách", "date": "2020-06-09", "kind": "nguoi-tot-viec-tot", "subject.name": "Lê Mẫu Văn",
    "unit": "trung-tam-cong-tac-xa-hoi", "field": "cong-tac", "plan": "ke-hoach-2020",
}  # fmt: skip
ANSWERS: dict[str, dict[str, Any]] = {
    "story": STORY,
    "campaign": {"title": "Sạch nhà: xanh phố"},
    "event": {"title": "Tọa đàm", "kind": "toa-dam", "starts": "2020-08-19 08:00", "place": "Hội trường #2", "unit": "van-phong-so"},
    "document": {"title": "Về việc khen", "kind": "quyet-dinh", "number": "012/QĐ-UBND", "authority": "UBND tỉnh"},
}  # fmt: skip


@pytest.fixture
def site(a_root: Callable[..., Path]) -> Site:
    return read_site(a_root(real=True), TODAY)[0]


def asked(site: Site, kind: str, name: str) -> Any:
    return next(one for one in questions(KINDS[kind], site) if one.name == name)


@pytest.mark.parametrize(
    ("name", "typed", "found"),
    [
        ("kind", "1", "nguoi-tot-viec-tot"),
        ("kind", "cach-lam-hay", "cach-lam-hay"),
        ("kind", "  CÁCH làm  hay ", "cach-lam-hay"),
        ("kind", "", ""),
        ("campaigns", "lao-dong-gioi, vi-nguoi-ngheo", ("lao-dong-gioi", "vi-nguoi-ngheo")),
        ("campaigns", "Lao động giỏi, lao động sáng tạo", ("lao-dong-gioi",)),
        ("campaigns", "lao dong gioi", ("lao-dong-gioi",)),
        ("campaigns", " , ", ()),
        ("date", "9/6/2020", "2020-06-09"),
        ("date", "09.6.2020", "2020-06-09"),
        ("date", "2020-6-9", "2020-06-09"),
        ("title", "  Người \t giữ lửa ", "Người giữ lửa"),
        ("title", "Ngu\u031bo\u031b\u0300i", "Người"),
        ("authors", "Phòng A, Phòng B", ("Phòng A", "Phòng B")),
    ],
)
def test_an_answer_as_people_type_it(name: str, typed: str, found: Any, site: Site) -> None:
    assert understood(asked(site, "story", name), typed) == found


@pytest.mark.parametrize(
    ("kind", "name", "typed", "says"),
    [
        ("story", "kind", "99", "Các giá trị được nhận"),
        ("story", "kind", "cach-lam-hai", "Có phải là «cach-lam-hay»"),
        ("story", "campaigns", "lao-dong-gioi, khong-co-dau", "không có giá trị «khong-co-dau»"),
        ("story", "date", "30/02/2020", "Không có ngày"),
        ("story", "date", "9/6/0202", "Năm 0202 xa quá"),
        ("event", "starts", "0020-06-09 08:00", "Năm 0020 xa quá"),
        ("story", "date", "hôm qua", "hãy ghi ngày như 09/6/2020"),
        ("story", "date", "2020-06-09 08:00", "Không hiểu"),
        ("story", "title", "x" * 161, "tối đa 160"),
        ("event", "starts", "19/8/2020 25:00", "Không có ngày giờ"),
    ],
)
def test_an_answer_that_is_not_understood_says_what_is_wanted(kind: str, name: str, typed: str, says: str, site: Site) -> None:
    with pytest.raises(UnclearError, match=re.escape(says)):
        understood(asked(site, kind, name), typed)


def test_an_hour_may_follow_a_day(site: Site) -> None:
    assert understood(asked(site, "event", "starts"), "19/8/2020 8:05") == "2020-08-19 08:05"
    assert understood(asked(site, "event", "starts"), "19/8/2020 8h05") == "2020-08-19 08:05"


def test_units_that_are_gone_are_not_offered(site: Site) -> None:
    offered = {id_ for id_, _ in asked(site, "story", "unit").choices}
    later = {id_ for id_, _ in asked(replace(site, today=dt.date(2026, 1, 1)), "story", "unit").choices}
    assert offered == {unit.id for unit in site.units if unit.active.holds(TODAY)} != later


@pytest.mark.parametrize(
    ("kind", "said", "name"),
    [
        ("story", {"title": "Người Đắp Đê – “giữ làng”"}, "nguoi-dap-de-giu-lang"),
        ("campaign", {"title": "Rất dài", "short_title": "Gọn"}, "gon"),
        ("event", {"title": "Tọa đàm", "starts": "2020-08-19 08:00"}, "toa-dam-2020"),
        ("document", {"kind": "ke-hoach", "number": "75/KH-UBND", "issued": "2016-09-28"}, "ke-hoach-75-kh-ubnd-2016"),
        ("document", {"kind": "ke-hoach", "title": "Về việc khen"}, "ke-hoach-ve-viec-khen"),
        ("story", {"title": "★"}, ""),
        ("event", {"title": "dài " * 40, "starts": "2020-08-19"}, "dai-" * 13 + "dai-2020"),
    ],
)
def test_the_name_is_proposed_from_the_answers(kind: str, said: dict[str, str], name: str) -> None:
    assert proposed(KINDS[kind], said) == name
    assert len(name) <= 61


def test_a_name_ever_published_is_never_free(site: Site) -> None:
    story = KINDS["story"]
    site = replace(
        site, published=(Published("guong/2020/giu-lua/", "2020-giu-lua-cu", 3), Published("guong/2019/khac/", "2020-giu-lua-2", 4))
    )
    assert "không bao giờ dùng lại" in taken(story, "giu-lua", "2020", site)
    assert "không bao giờ dùng lại" in taken(story, "giu-lua-2", "2020", site)
    assert free(story, "giu-lua", "2020", site) == "giu-lua-3"
    assert taken(story, "giu-lua", "2021", site) == ""


def test_a_name_in_use_or_an_old_address_is_not_free(site: Site, a_story: Callable[..., Story]) -> None:
    site = replace(site, stories=(a_story(path="stories/2020/b/index.md", redirect_from=("guong/2020/cu/",)),))
    assert "đã dùng ở stories/2020/b/index.md" in taken(KINDS["story"], "sap-lai-so-truc", "2020", site)
    assert "thuộc về stories/2020/b/index.md" in taken(KINDS["story"], "cu", "2020", site)
    assert "thuộc về stories/2020/b/index.md" in taken(KINDS["story"], "b", "2020", site)
    assert "đã dùng ở campaigns/lao-dong-gioi.md" in taken(KINDS["campaign"], "lao-dong-gioi", "", site)
    unread = replace(site, unread={"campaigns": frozenset({"hong"})})
    assert "đã dùng" in taken(KINDS["campaign"], "hong", "", unread)


def test_an_address_with_a_persons_name_is_noticed() -> None:
    assert names_a_person("guong-le-mau-van-nam-2020", {"subject.name": "Lê Mẫu Văn"})
    assert not names_a_person("nguoi-gac-cong", {"subject.name": "Lê Mẫu Văn"})
    assert not names_a_person("nguoi-gac-cong", {})


CASES = [("story", name) for name in TEMPLATES] + [(kind, None) for kind in ("campaign", "event", "document")]


def made(kind: str, template: str | None, answers: dict[str, Any], site: Site) -> tuple[str, str]:
    name = proposed(KINDS[kind], answers)
    text = draft(KINDS[kind], id_of(KINDS[kind], name, "2020"), answers, TEMPLATES[template] if template else None, site.plans[0])
    return path_of(KINDS[kind], name, "2020"), text


@pytest.mark.parametrize(("kind", "template"), CASES)
def test_every_draft_passes_as_it_stands(kind: str, template: str | None, a_root: Callable[..., Path]) -> None:
    root = a_root(real=True)
    path, text = made(kind, template, ANSWERS[kind], read_site(root, TODAY)[0])
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")
    assert blocking(check(*read_site(root, TODAY))) == []


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_draft_with_its_prompts_is_not_taken_once_it_claims_to_be_ready(template: str, a_root: Callable[..., Path]) -> None:
    root = a_root(real=True)
    path, text = made("story", template, STORY, read_site(root, TODAY)[0])
    (root / path).parent.mkdir(parents=True)
    (root / path).write_text(text.replace("draft: true\n", ""), encoding="utf-8")
    codes = [problem.code for problem in blocking(check(*read_site(root, TODAY)))]
    assert codes.count("CT018") == 4
    assert "CT002" in codes


def test_only_persons_are_asked_for_role_and_consent(site: Site) -> None:
    person, household, collective = (made("story", name, STORY, site)[1] for name in ("individual", "household", "collective"))
    assert "\n  role:\n" in person
    assert "\n  role:\n" not in household + collective
    assert "\nconsent:\n" in person
    assert "\nconsent:\n" in household
    assert "\nconsent:\n" not in collective


@pytest.mark.parametrize(("kind", "template"), CASES)
def test_every_commented_key_can_be_uncommented(kind: str, template: str | None, site: Site) -> None:
    """A writer takes a `#` away and gets YAML that the strict reader accepts, with known keys only."""
    path, text = made(kind, template, ANSWERS[kind], site)
    opened = re.sub(r"^( *)# (?=\w+: )", r"\1", text, flags=re.MULTILINE)
    parts = split(opened)
    assert parts is not None
    node, problems = parse(parts[0], path, 2)
    assert problems == []
    assert isinstance(node, Mapping)
    if kind == "story":
        claims = node.entries["criteria"][2]
        assert isinstance(claims, Mapping)
        assert list(claims.entries) == [one.id for one in site.plans[0].criteria]


@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")), min_size=1))
def test_whatever_is_typed_is_read_back_as_typed(typed: str) -> None:
    title = " ".join(clean(typed).split())
    node, problems = parse(split(draft(KINDS["campaign"], "ma", {"title": title}, None, None))[0], "x.md", 2)  # type: ignore[index]
    assert problems == []
    assert isinstance(node, Mapping)
    value = node.entries["title"][2]
    assert isinstance(value, Scalar)
    assert value.text == title


def test_examples_of_text_stand_in_quotes() -> None:
    key = keys_of(Claim)["quote"]
    assert drafting._flow(key.shape, key.example) == '"đoạn nguyên văn trong bài"'
