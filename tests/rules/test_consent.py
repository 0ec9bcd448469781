"""Đồng ý (DD001, DD002, DD005, DD007): one table a rule."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from exemplars.model import Consent, Photo, Subject, Withdrawal
from exemplars.rules import consent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exemplars.model import Site, Story

    Stories = Callable[..., Story]
    Sites = Callable[..., Site]
    Places = Callable[[Iterable[Any]], list[Any]]

DAY = dt.date(2020, 6, 1)
GONE = Withdrawal(DAY, "error", "Nhầm")
TEAM = Subject("collective", "Tổ trực đêm")


def agreed(*scope: str, **more: Any) -> Consent:
    return Consent("HS-2020-014", DAY, scope or ("name",), **more)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"consent": agreed()}, [], id="đủ"),
        pytest.param({}, [("consent",)], id="cá nhân chưa có"),
        pytest.param({"subject": Subject("household", "Hộ ông Mẫu")}, [("consent",)], id="hộ gia đình chưa có"),
        pytest.param({"subject": TEAM}, [], id="tập thể không cần"),
        pytest.param({"subject": TEAM, "consent": Consent("HS-1")}, [("consent",)], id="tập thể ghi dở dang"),
        pytest.param({"consent": Consent(date=DAY, scope=("name",))}, [("consent", "record")], id="thiếu mã hồ sơ"),
        pytest.param({"subject": None}, [], id="chưa có nhân vật: CT001 nói"),
        pytest.param({"withdrawn": GONE}, [], id="bài đã gỡ"),
    ],
)
def test_consent_on_record(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(consent.consent_on_record(a_story(**{"consent": None, **changed}), a_site())) == found


CHILDREN = Photo("a.jpg", people="public-event", minors=True)


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"consent": agreed()}, [], id="người lớn"),
        pytest.param({"consent": agreed(minor=True, child=True, guardian=True)}, [], id="cả hai đồng ý"),
        pytest.param({"consent": agreed(minor=True, guardian=True)}, [("consent", "minor")], id="thiếu trẻ"),
        pytest.param({"consent": agreed(minor=True, child=True)}, [("consent", "minor")], id="thiếu người đại diện"),
        pytest.param({"photos": (Photo("b.jpg"), CHILDREN)}, [("photos", 1, "minors")], id="ảnh có trẻ, không hồ sơ"),
        pytest.param({"photos": (CHILDREN,), "consent": agreed()}, [("photos", 0, "minors")], id="ảnh có trẻ, chưa ghi đồng ý"),
        pytest.param({"photos": (CHILDREN,), "consent": agreed(child=True, guardian=True)}, [], id="ảnh có trẻ, đã đồng ý"),
        pytest.param({"photos": (Photo("a.jpg", people="none", minors=True),)}, [], id="không nhận ra ai"),
        pytest.param({"photos": (CHILDREN,), "consent": agreed(minor=True)}, [("consent", "minor")], id="chỉ nói một lần"),
        pytest.param({"photos": (CHILDREN,), "withdrawn": GONE}, [], id="bài đã gỡ"),
    ],
)
def test_both_consents_for_a_child(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(consent.both_consents_for_a_child(a_story(**{"consent": None, **changed}), a_site())) == found


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({}, [], id="không có hồ sơ: DD001 nói"),
        pytest.param({"consent": agreed()}, [], id="không thời hạn"),
        pytest.param({"consent": agreed(until=dt.date(2020, 12, 31))}, [], id="đến hết hôm nay"),
        pytest.param({"consent": agreed(until=dt.date(2020, 12, 30))}, [("consent", "until")], id="hết hạn hôm qua"),
        pytest.param({"consent": agreed(revoked=DAY, until=DAY)}, [("consent", "revoked")], id="đã rút"),
        pytest.param({"consent": agreed(revoked=DAY), "withdrawn": GONE}, [], id="đã rút và đã gỡ"),
    ],
)
def test_consent_holds(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(consent.consent_holds(a_story(**{"consent": None, **changed}), a_site())) == found


PORTRAIT = Photo("a.jpg", people="consent")


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        pytest.param({"consent": agreed("name", "photo"), "photos": (PORTRAIT,)}, [], id="đủ"),
        pytest.param({"consent": agreed("photo")}, [("consent", "scope")], id="chưa đồng ý nêu tên"),
        pytest.param({"consent": agreed("photo"), "subject": TEAM}, [], id="tập thể không cần họ tên"),
        pytest.param({"consent": agreed("name"), "photos": (PORTRAIT,)}, [("consent", "scope")], id="chưa đồng ý ảnh"),
        pytest.param({"consent": agreed("name"), "photos": (Photo("a.jpg", people="none"),)}, [], id="không nhận ra ai"),
        pytest.param({"consent": agreed("name"), "photos": (Photo("a.jpg", people="consent", record="HS-2"),)}, [], id="người khác"),
        pytest.param({"consent": Consent("HS-1", DAY)}, [], id="chưa ghi phạm vi: DD001 nói"),
        pytest.param({"consent": agreed("photo"), "withdrawn": GONE}, [], id="bài đã gỡ"),
    ],
)
def test_told_within_the_scope(changed: dict[str, Any], found: list[Any], a_story: Stories, a_site: Sites, places: Places) -> None:
    assert places(consent.told_within_the_scope(a_story(**{"consent": None, **changed}), a_site())) == found
