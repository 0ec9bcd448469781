"""Calendars of events, read back by a calendar library of its own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import icalendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exemplars.calendars import ALL, calendars, event_calendar
from exemplars.model import Event, Origin, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from exemplars.model import Site

SETTINGS = Settings(site_name="Gương sáng", site_url="https://portal.example/guong-sang/", tag="portal.example,2020")
MORNING = dt.datetime.fromisoformat("2020-08-19 08:00")  # as a writer types it: Vietnam's time
DAY = MORNING.replace(hour=0)


def an_event(**changed: Any) -> Event:
    values: dict[str, Any] = {
        "id": "toa-dam", "title": "Tọa đàm", "kind": "toa-dam", "starts": MORNING, "ends": MORNING.replace(hour=11),
        "place": "Hội trường", "unit": "so", "origin": Origin("content/events/toa-dam.md"),
    }  # fmt: skip
    return Event(**{**values, **changed})


def read(site: Site, at: str = ALL) -> list[Any]:
    text = dict(calendars(site, SETTINGS))[at]
    found = icalendar.Calendar.from_ical(text)
    assert found.errors == []
    return list(found.walk("VEVENT"))


def test_one_of_all_and_one_of_each(a_site: Callable[..., Site]) -> None:
    site = a_site(events=(an_event(id="sau", starts=MORNING.replace(year=2021)), an_event()))
    assert [at for at, _ in calendars(site, SETTINGS)] == [ALL, event_calendar(an_event()), event_calendar(an_event(id="sau"))]
    assert [str(event["UID"]) for event in read(site)] == ["su-kien-toa-dam@portal.example", "su-kien-sau@portal.example"]
    assert [str(event["UID"]) for event in read(site, "su-kien/sau.ics")] == ["su-kien-sau@portal.example"]


def test_hours_are_those_of_vietnam(a_site: Callable[..., Site]) -> None:
    (event,) = read(a_site(events=(an_event(),)))
    assert event["DTSTART"].dt == dt.datetime(2020, 8, 19, 1, 0, tzinfo=dt.UTC)
    assert event["DTEND"].dt == dt.datetime(2020, 8, 19, 4, 0, tzinfo=dt.UTC)
    assert event["URL"] == "https://portal.example/guong-sang/su-kien/#toa-dam"


@pytest.mark.parametrize(
    ("starts", "ends", "end"),
    [
        pytest.param(DAY, None, None, id="một ngày, không giờ"),
        pytest.param(DAY, DAY.replace(day=21), dt.date(2020, 8, 22), id="ba ngày: mốc cuối là ngày sau"),
    ],
)
def test_whole_days(a_site: Callable[..., Site], starts: dt.datetime, ends: dt.datetime | None, end: dt.date | None) -> None:
    (event,) = read(a_site(events=(an_event(starts=starts, ends=ends),)))
    assert event["DTSTART"].dt == dt.date(2020, 8, 19)
    assert (event["DTEND"].dt if "DTEND" in event else None) == end


def test_a_sample_is_told_apart_in_every_calendar(a_site: Callable[..., Site]) -> None:
    titles = [str(event["SUMMARY"]) for event in read(a_site(events=(an_event(), an_event(id="mau", sample=True))))]
    assert sorted(titles) == ["Tọa đàm", "Tọa đàm (bài mẫu)"]


def test_an_end_before_the_start_is_left_out(a_site: Callable[..., Site]) -> None:
    (event,) = read(a_site(events=(an_event(ends=MORNING.replace(hour=7)),)))
    assert "DTEND" not in event


def test_an_event_without_a_day_is_in_no_calendar(a_site: Callable[..., Site]) -> None:
    assert read(a_site(events=(an_event(starts=None),))) == []


TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200).map(str.strip).filter(bool)


@given(title=TEXT, place=TEXT)
def test_any_text_comes_back_whole(a_site: Callable[..., Site], title: str, place: str) -> None:
    site = a_site(events=(an_event(title=title, place=place),))
    text = dict(calendars(site, SETTINGS))[ALL]
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    (event,) = read(site)
    assert (str(event["SUMMARY"]), str(event["LOCATION"])) == (title, place)
