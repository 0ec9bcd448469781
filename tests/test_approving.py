"""The hash of what a reader sees, the state that follows from it, and approval.yml as written."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exemplars.approving import State, state, text_sha256, written
from exemplars.model import Approval, Comparison, Correction, Photo, Withdrawal
from exemplars.reading import read_site
from exemplars.texts import decode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exemplars.model import Story

    Root = Callable[..., Path]
    Stories = Callable[..., Story]

DAY = dt.date(2020, 6, 12)
INDEX = "stories/2020/to-dien/index.md"
PHOTO = "stories/2020/to-dien/anh.jpg"
TEXT = """\
---
id: 2020-to-dien
title: Tổ điện chia lại ca mưa
date: 2020-06-09
subject: {type: individual, name: Lê Mẫu Đạt, role: Thợ điện}
criteria:
  B1: {quote: Anh giữ tổ điện}
  B2: {quote: Việc của anh là leo cột, part: B2.3}
photos: [{file: anh.jpg, alt: Bảng ca trực}]
authors: [Phòng Bảo trợ xã hội]
---

## Việc làm

Anh giữ tổ điện. Việc của anh là leo cột.
"""


def read(root: Path, text: str = TEXT, photo: bytes = b"anh") -> Story:
    for path, content in ((INDEX, text.encode()), (PHOTO, photo)):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    site, problems = read_site(root, DAY)
    assert problems == []
    return site.stories[0]


# ---- the hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            "title: Tổ điện chia lại ca mưa\ndate: 2020-06-09\n",
            "date: 2020-06-09\ntitle: Tổ điện chia lại ca mưa\n",
            id="thứ tự mục",
        ),
        pytest.param("{type: individual, name: Lê Mẫu Đạt,", "{name: Lê Mẫu Đạt, type: individual,", id="thứ tự mục con"),
        pytest.param(
            "  B1: {quote: Anh giữ tổ điện}\n  B2: {quote: Việc của anh là leo cột, part: B2.3}\n",
            "  B2: {quote: Việc của anh là leo cột, part: B2.3}\n  B1: {quote: Anh giữ tổ điện}\n",
            id="thứ tự tiêu chí",
        ),
        pytest.param("date: 2020-06-09\n", "# ngày đăng\ndate: 2020-06-09   # thứ ba\n", id="chú thích"),
        pytest.param("title: Tổ điện chia lại ca mưa", 'title: "Tổ điện chia lại ca mưa"', id="nháy kép"),
        pytest.param("title: Tổ điện chia lại ca mưa", "title: >-\n  Tổ điện\n  chia lại ca mưa", id="khối chữ"),
        pytest.param("authors: [Phòng Bảo trợ xã hội]", "authors:\n  - Phòng Bảo trợ xã hội", id="gạch đầu dòng"),
        pytest.param("{quote: Anh giữ tổ điện}", "{quote: [Anh giữ tổ điện]}", id="danh sách một đoạn"),
        pytest.param("date: 2020-06-09\n", "date: 2020-06-09\ndraft: true\n", id="bản nháp"),
        pytest.param("date: 2020-06-09\n", "date: 2020-06-09\ndraft: false\nsummary: ''\nawards: []\n", id="mục trống"),
        pytest.param("---\n\n##", "waive: [{rule: TC003, reason: x, until: 2021-01-01}]\n---\n\n##", id="miễn quy tắc"),
        pytest.param("---\n\n##", "redirect_from: [guong/2020/cu/]\n---\n\n##", id="địa chỉ cũ"),
        pytest.param("---\n\n##", "consent: {record: HS-2020-014, date: 2020-06-01, scope: [name]}\n---\n\n##", id="hồ sơ đồng ý"),
        pytest.param("---\n\n##", "introduced: {date: 2020-06-02}\nreview_by: 2021-06-01\n---\n\n##", id="giới thiệu, rà soát"),
        pytest.param("part: B2.3}", "part: B2.3, note: Đã xem}", id="ghi chú cho người duyệt"),
        pytest.param("alt: Bảng ca trực}", "alt: Bảng ca trực, minors: true, record: HS-1}", id="hồ sơ của ảnh"),
        pytest.param("---\n\n##", "---\n\n\n\n##", id="dòng trống đầu thân"),
        pytest.param("leo cột.\n", "leo cột.\n\n \n", id="dòng trống cuối thân"),
        pytest.param("\n", "\r\n", id="xuống dòng kiểu Windows"),
    ],
)
def test_what_no_reader_sees_does_not_change_the_hash(old: str, new: str, a_root: Root) -> None:
    root = a_root()
    before = read(root).text_sha256
    changed = TEXT.replace(old, new)
    assert changed != TEXT
    assert read(root, changed).text_sha256 == before


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("Anh giữ tổ điện. ", "Anh giữ tổ điện! ", id="thân bài"),
        pytest.param("title: Tổ điện", "title: Tổ điện,", id="tiêu đề"),
        pytest.param("title: Tổ điện", "title: Tố điện", id="một dấu thanh"),
        pytest.param("date: 2020-06-09", "date: 2020-06-10", id="ngày"),
        pytest.param("role: Thợ điện", "role: Thợ hàn", id="mục con"),
        pytest.param("role: Thợ điện", "workplace: Thợ điện", id="giá trị sang mục khác"),
        pytest.param("part: B2.3", "part: B2.2", id="ý của tiêu chí"),
        pytest.param("  B1: {quote: Anh giữ tổ điện}\n", "", id="bỏ một tiêu chí"),
        pytest.param("alt: Bảng ca trực", "alt: Bảng", id="mô tả ảnh"),
        pytest.param("authors: [Phòng Bảo trợ xã hội]", "authors: [Phòng Bảo trợ, xã hội]", id="một tác giả thành hai"),
        pytest.param("---\n\n##", "sample: true\n---\n\n##", id="bài mẫu"),
        pytest.param("---\n\n##", "replicated: [{unit: x}]\n---\n\n##", id="nơi nhân rộng"),
    ],
)
def test_what_a_reader_sees_changes_the_hash(old: str, new: str, a_root: Root) -> None:
    root = a_root()
    before = read(root).text_sha256
    changed = TEXT.replace(old, new)
    assert changed != TEXT
    assert read(root, changed).text_sha256 != before


def test_the_bytes_of_a_photo_change_the_hash(a_root: Root) -> None:
    root = a_root()
    assert read(root).text_sha256 == read(root, photo=b"anh").text_sha256
    assert read(root).text_sha256 != read(root, photo=b"anh khac").text_sha256


def test_the_order_of_photos_changes_the_hash(a_story: Stories) -> None:
    one, other = Photo("a.jpg", sha256="1" * 64), Photo("b.jpg", sha256="2" * 64)
    assert text_sha256(a_story(photos=(one, other))) != text_sha256(a_story(photos=(other, one)))
    swapped = (replace(one, sha256=other.sha256), replace(other, sha256=one.sha256))
    assert text_sha256(a_story(photos=(one, other))) != text_sha256(a_story(photos=swapped))


def test_the_hash_is_for_ever(a_story: Stories) -> None:
    """Approvals already given rest on it: if this changes, every one of them is void."""
    body = """
## Hoàn cảnh

Trung tâm có mười hai cháu nhỏ, đêm nào cũng phải có người thức.

## Việc làm

Năm 2019, bà **sắp lại sổ trực** theo ca, không ai
phải thức hai đêm liền. Bà nói: “Ai cũng cần ngủ.”

## Kết quả

Sáu tháng sau, không còn ca trực nào phải bỏ trống giữa đêm.
"""
    assert text_sha256(a_story(body=body)) == "5c76b5d6dd2e41bfe3b0912b623d3d9d7c64915a65df2a5ebe2d65aa009d9c7b"


# ---- the state


@pytest.mark.parametrize(
    ("changed", "approved", "found"),
    [
        pytest.param({}, None, State.AWAITING, id="chưa có quyết định"),
        pytest.param({"draft": True}, None, State.DRAFT, id="bản nháp"),
        pytest.param({}, "same", State.APPROVED, id="đúng văn bản đã duyệt"),
        pytest.param({}, "other", State.EDITED, id="đã sửa"),
        pytest.param({}, "", State.EDITED, id="quyết định không ghi mã"),
        pytest.param({"draft": True}, "same", State.DRAFT, id="rút về nháp"),
        pytest.param({"withdrawn": Withdrawal(DAY, "error", "x")}, "same", State.WITHDRAWN, id="đã gỡ"),
        pytest.param({"withdrawn": Withdrawal(DAY, "error", "x"), "draft": True}, None, State.WITHDRAWN, id="gỡ cả nháp"),
    ],
)
def test_state(changed: dict[str, Any], approved: str | None, found: State, a_story: Stories) -> None:
    story = a_story(**changed)
    if approved is not None:
        sha256 = {"same": story.text_sha256, "other": "f" * 64}.get(approved, "")
        story = replace(story, approval=Approval(text_sha256=sha256))
    assert state(story) is found


# ---- approval.yml

WHOLE = Approval(
    "Hội đồng Thi đua - Khen thưởng Sở",
    "05/BB-HĐTĐKT",
    DAY,
    ("A1", "A2"),
    ("Thư ký Hội đồng",),
    "0" * 64,
    Correction(dt.date(2020, 7, 1), "Văn phòng Sở", 'Sửa "lổi" thành: lỗi # và \\'),
    (Comparison(("A1",), "Chánh Văn phòng", "3/GXN", DAY), Comparison(("A2", "A4"), "Văn phòng", "", DAY)),
)


def through_the_reader(approval: Approval, root: Path) -> Approval:
    read(root)
    (root / INDEX).with_name("approval.yml").write_text(written(approval), encoding="utf-8", newline="\n")
    site, problems = read_site(root, DAY)
    assert problems == []
    found = site.stories[0].approval
    assert found is not None
    return replace(found, origin=approval.origin)


@pytest.mark.parametrize(
    "approval",
    [
        pytest.param(WHOLE, id="đủ mọi mục"),
        pytest.param(replace(WHOLE, correction=None, compared=()), id="quyết định thường"),
        pytest.param(replace(WHOLE, body="no", minutes="010", by=("true", "null", "2020-06-12")), id="chữ giống kiểu khác"),
        pytest.param(replace(WHOLE, body="- a: [b] {c} # d", minutes="'x", by=("*a", "&b", "!c", "%d", "@e")), id="dấu của YAML"),
        pytest.param(replace(WHOLE, accepted=()), id="không tiêu chí nào"),
    ],
)
def test_written_reads_back(approval: Approval, a_root: Root) -> None:
    assert through_the_reader(approval, a_root()) == approval


def sound(text: str) -> bool:
    return bool(text) and text == text.strip() and decode(text.encode("utf-8", "replace"), "")[0] == ("", text)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Zl", "Zp"]), min_size=1, max_size=30).filter(sound)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(body=WORDS, minutes=WORDS, by=st.lists(WORDS, min_size=1, max_size=3), note=WORDS)
def test_whatever_is_typed_reads_back(body: str, minutes: str, by: list[str], note: str, small: Path) -> None:
    approval = replace(WHOLE, body=body, minutes=minutes, by=tuple(by), correction=Correction(DAY, body, note))
    assert through_the_reader(approval, small) == approval


@pytest.fixture
def small(a_root: Root) -> Path:
    return a_root()


def test_written_says_how_it_was_made() -> None:
    first, *lines = written(WHOLE).split("\n")
    assert first.startswith("# ")
    assert lines[:5] == [
        'body: "Hội đồng Thi đua - Khen thưởng Sở"',
        'minutes: "05/BB-HĐTĐKT"',
        "date: 2020-06-12",
        'accepted: ["A1", "A2"]',
        'by: ["Thư ký Hội đồng"]',
    ]
    assert lines[-1] == ""
