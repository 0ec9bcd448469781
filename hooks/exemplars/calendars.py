"""Events → iCalendar (RFC 5545): one file of all, one of each. Nothing in them depends on the day of the build."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from exemplars.linking import address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exemplars.model import Event, Settings, Site

VERSION = "2"
ALL = "su-kien.ics"
LINE = 75  # octets, section 3.1
VIETNAM = dt.timezone(dt.timedelta(hours=7))


def event_calendar(event: Event) -> str:
    """The address of the calendar of one event."""
    return f"su-kien/{event.id}.ics"


def calendars(site: Site, settings: Settings) -> Iterator[tuple[str, str]]:
    """(address, text) of every calendar; events by day, then by id."""
    dated = sorted((event for event in site.events if event.starts), key=lambda e: (e.starts.isoformat() if e.starts else "", e.id))
    yield ALL, _calendar(dated, site, settings)
    for event in dated:
        yield event_calendar(event), _calendar([event], site, settings)


def _calendar(events: Iterable[Event], site: Site, settings: Settings) -> str:
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Guong sang//VI",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_text(settings.site_name)}",
    ]
    for event in events:
        lines += _event(event, site, settings)
    return "".join(_folded(line) for line in [*lines, "END:VCALENDAR"])


def _event(event: Event, site: Site, settings: Settings) -> Iterator[str]:
    """UID from the id, which never changes; DTSTAMP, which must be there, from the event's own day, since a build has no clock."""
    assert event.starts is not None  # noqa: S101 - `calendars` chose it for that
    kind, unit = site.find("event_kinds", event.kind), site.find("units", event.unit)
    about = next((" ".join(part.split()) for part in event.origin.body.split("\n\n") if part.strip()), "")
    whole_day = event.starts.time() == dt.time()
    yield "BEGIN:VEVENT"
    yield f"UID:su-kien-{event.id}@{settings.tag.partition(',')[0]}"
    yield f"DTSTAMP:{_utc(event.starts)}"
    yield f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}" if whole_day else f"DTSTART:{_utc(event.starts)}"
    if event.ends and whole_day and event.ends.date() > event.starts.date():
        yield f"DTEND;VALUE=DATE:{event.ends.date() + dt.timedelta(days=1):%Y%m%d}"  # the first day after, section 3.6.1
    elif event.ends and not whole_day and event.ends > event.starts:
        yield f"DTEND:{_utc(event.ends)}"
    yield f"SUMMARY:{_text(event.title + (' (bài mẫu)' if event.sample else ''))}"
    yield f"LOCATION:{_text(event.place)}"
    if about or unit:
        yield f"DESCRIPTION:{_text(about + (f' Đơn vị tổ chức: {unit.name}.' if unit else ''))}"
    if kind:
        yield f"CATEGORIES:{_text(kind.title)}"
    yield f"URL:{settings.site_url}{address(event)}"
    yield "END:VEVENT"


def _utc(moment: dt.datetime) -> str:
    local = moment if moment.tzinfo else moment.replace(tzinfo=VIETNAM)
    return f"{local.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def _text(value: str) -> str:
    """A value of type TEXT, section 3.3.11."""
    for char in "\\;,":
        value = value.replace(char, f"\\{char}")
    return value.strip().replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line cut into pieces of at most 75 octets, never inside a character."""
    pieces, size = [""], 0
    for char in line:
        wide = len(char.encode())
        if size + wide > LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += char
        size += wide
    return "\r\n".join(pieces) + "\r\n"
