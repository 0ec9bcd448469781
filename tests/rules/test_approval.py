"""Duyệt (DU): one table a rule."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.model import Approval, Origin, Withdrawal
from exemplars.rules import approval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]

PATH = "stories/2020/sap-lai-so-truc/approval.yml"
WHOLE = Approval(
    "Hội đồng",
    "05/BB",
    dt.date(2020, 6, 12),
    ("A1",),
    ("Thư ký Hội đồng",),
    "f" * 64,
    origin=Origin(PATH, b"body: x\n"),
)


def approved(a_story: Stories, **changed: Any) -> Story:
    return a_story(approval=replace(WHOLE, **changed))


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({}, [], id="đủ mục"),
        pytest.param({"minutes": ""}, [1], id="thiếu biên bản"),
        pytest.param({"body": "", "date": None, "by": (), "accepted": (), "text_sha256": ""}, [1], id="thiếu nhiều, báo một lần"),
        pytest.param({"text_sha256": "f" * 63}, [("text_sha256",)], id="mã văn bản cụt"),
    ],
)
def test_complete_approval(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    findings = list(approval.complete_approval(approved(a_story, **changed), a_site()))
    assert places(findings) == found
    assert all(finding.path == PATH for finding in findings)


@pytest.mark.parametrize(
    ("sha256", "changed", "found"),
    [
        pytest.param("đúng", {}, [], id="đúng văn bản"),
        pytest.param("f" * 64, {}, [("id",)], id="đã sửa sau khi duyệt"),
        pytest.param("", {}, [], id="không có mã: quy tắc khác nói"),
        pytest.param("f" * 64, {"draft": True}, [], id="bản nháp"),
        pytest.param("f" * 64, {"origin": Origin("index.md", sound=False)}, [], id="khai báo còn chỗ không đọc được"),
        pytest.param("f" * 64, {"withdrawn": Withdrawal(dt.date(2020, 11, 20), "error", "x")}, [], id="đã gỡ"),
    ],
)
def test_approved_text(sha256: str, changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:  # noqa: PLR0913, PLR0917
    story = a_story(**changed)
    story = replace(story, approval=replace(WHOLE, text_sha256=story.text_sha256 if sha256 == "đúng" else sha256))
    assert places(approval.approved_text(story, a_site())) == found


@pytest.mark.parametrize(
    ("by", "found"),
    [
        pytest.param(("Thư ký Hội đồng",), [], id="hai người"),
        pytest.param(("Phòng Bảo trợ",), [], id="gần giống"),
        pytest.param(("Phòng Bảo trợ xã hội",), [("by",)], id="chính người viết"),
        pytest.param((" PHÒNG bảo trợ Xã hội ",), [("by",)], id="khác chữ hoa, thừa dấu cách"),
        pytest.param(("Thư ký", "Phong Bao tro xa hoi"), [("by",)], id="người thứ hai, viết không dấu"),
    ],
)
def test_approver_is_not_author(by: tuple[str, ...], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    findings = list(approval.approver_is_not_author(approved(a_story, by=by), a_site()))
    assert places(findings) == found
    assert all(finding.path == PATH for finding in findings)


@pytest.mark.parametrize(
    ("accepted", "found"),
    [
        pytest.param(("A1", "A2"), [], id="đúng các tiêu chí đã khai"),
        pytest.param(("A1",), [], id="một phần"),
        pytest.param(("A1", "A7"), [("accepted",)], id="thêm tiêu chí bài không khai"),
    ],
)
def test_accepted_were_claimed(accepted: tuple[str, ...], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    findings = list(approval.accepted_were_claimed(approved(a_story, accepted=accepted), a_site()))
    assert places(findings) == found
    assert all(finding.path == PATH for finding in findings)


def test_no_approval_is_a_state_not_a_problem(a_story: Stories, a_site: Sites) -> None:
    rules = (
        approval.complete_approval,
        approval.approved_text,
        approval.approver_is_not_author,
        approval.accepted_were_claimed,
    )
    assert [finding for rule in rules for finding in rule(a_story(), a_site())] == []
