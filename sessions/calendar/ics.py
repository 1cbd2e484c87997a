"""Sessions as iCalendar (RFC 5545), for the calendars of phones and PCs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from kit import clock
from kit.i18n import gettext as _
from sessions.meetings.queries import MeetingFound

ZONE = "Asia/Ho_Chi_Minh"
MEDIA_TYPE = "text/calendar"


def as_calendar(meetings: Sequence[MeetingFound], name: str, address: str) -> bytes:
    """A calendar of sessions. Ids stay and SEQUENCE grows with each change, so that a program
    moves what it has; what is cancelled stays in it as CANCELLED. `address` is where we are."""
    calendar = Calendar()
    calendar.add("prodid", "-//To So//So To//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE)
    calendar.add_component(_zone())
    for meeting in meetings:
        calendar.add_component(_event(meeting, address))
    return bytes(calendar.to_ical())


def _zone() -> Timezone:
    """UTC+7 the whole year, as in all of Viet Nam since 1975."""
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001  (local by definition)
    standard.add("tzoffsetfrom", timedelta(hours=7))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone = Timezone()
    zone.add("tzid", ZONE)
    zone.add_component(standard)
    return zone


def _event(meeting: MeetingFound, address: str) -> Event:
    changed = meeting.cancelled_at or meeting.moved_at or meeting.made_at
    event = Event()
    event.add("uid", f"{meeting.id}@toso")
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", changed.astimezone(UTC))
    event.add("last-modified", changed.astimezone(UTC))
    event.add("dtstart", _at(meeting, meeting.starts))
    event.add("dtend", _at(meeting, meeting.ends))
    event.add("summary", f"{meeting.title}: {meeting.topic}" if meeting.topic else meeting.title)
    event.add("status", "CANCELLED" if meeting.cancelled_at else "CONFIRMED")
    event.add("url", f"{address}/sessions/{meeting.id}")
    if meeting.venue_name:
        where = [meeting.venue_name, meeting.venue_address or ""]
        event.add("location", ", ".join(part for part in where if part))
    if said := _described(meeting):
        event.add("description", said)
    return event


def _described(meeting: MeetingFound) -> str:
    said = []
    if meeting.trainer_name:
        said.append(_("Trainer: %(name)s", name=meeting.trainer_name))
    if meeting.cancelled_at:
        said.append(_("Cancelled: %(why)s", why=meeting.cancelled_why))
    elif meeting.moved_at:
        said.append(_("Moved: %(why)s", why=meeting.moved_why))
    return "\n".join(said)


def _at(meeting: MeetingFound, minutes: int) -> datetime:
    return clock.midnight(meeting.day) + timedelta(minutes=minutes)
