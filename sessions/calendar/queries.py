"""Calendars: the month around a day, and what a private feed shows."""

from __future__ import annotations

from calendar import Calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.database import row
from kit.errors import NotFound
from kit.forms import Form, Maybe, MaybeDay
from kit.spells import under
from people.permissions import Who
from people.sign_ins.queries import token_hash
from sessions.meetings.queries import MeetingFilter, MeetingFound, list_meetings_between

MONDAY_FIRST = Calendar(firstweekday=0)
PAST, AHEAD = timedelta(days=180), timedelta(days=400)


class CalendarFilter(Form):
    """Which month (any day of it) a calendar shows, of which trainer, venue or area."""

    month: MaybeDay = None
    trainer: Annotated[UUID | None, Maybe] = None
    venue: Annotated[UUID | None, Maybe] = None
    area: Annotated[UUID | None, Maybe] = None

    @property
    def first(self) -> date:
        """The first day of the month."""
        return (self.month or clock.today()).replace(day=1)

    @property
    def following(self) -> date:
        """The first day of the month after."""
        return (self.first + timedelta(days=31)).replace(day=1)

    @property
    def before(self) -> date:
        """The first day of the month before."""
        return (self.first - timedelta(days=1)).replace(day=1)

    @property
    def sifted(self) -> bool:
        """Whether it is narrowed to a trainer, a venue or an area."""
        return bool(self.trainer or self.venue or self.area)


@dataclass(frozen=True)
class DayShown:
    """A day of the grid with its sessions; `inside` tells whether it is one of the month."""

    day: date
    inside: bool
    meetings: list[MeetingFound]


async def list_weeks(who: Who, asked: CalendarFilter) -> list[list[DayShown]]:
    """The weeks of a month from Monday on, with the sessions within reach."""
    weeks = MONDAY_FIRST.monthdatescalendar(asked.first.year, asked.first.month)
    area = under("a.path", asked.area, clock.today()) if asked.area else None
    until = weeks[-1][-1] + timedelta(days=1)
    wanted = MeetingFilter(weeks[0][0], until, asked.trainer, asked.venue, area)
    held: dict[date, list[MeetingFound]] = {}
    for meeting in await list_meetings_between(who, wanted):
        held.setdefault(meeting.day, []).append(meeting)
    return [
        [DayShown(day, day.month == asked.first.month, held.get(day, [])) for day in week]
        for week in weeks
    ]


@dataclass(frozen=True)
class FeedFound:
    """A private feed that was not revoked."""

    id: UUID
    person: UUID
    name: str


async def find_feed(token: str) -> FeedFound:
    """The feed of a secret. Raises NotFound."""
    found = await row(
        FeedFound,
        "SELECT f.id, f.person, p.name FROM calendar_feed f JOIN person p ON p.id = f.person"
        " WHERE f.token_hash = {} AND f.revoked_at IS NULL",
        token_hash(token),
    )
    if found is None:
        raise NotFound
    return found


async def find_own_feed(who: Who) -> FeedFound | None:
    """The live feed of whoever asks, if any; its secret is known to nobody but the program."""
    return await row(
        FeedFound,
        "SELECT f.id, f.person, p.name FROM calendar_feed f JOIN person p ON p.id = f.person"
        " WHERE f.person = {} AND f.revoked_at IS NULL",
        who.person,
    )


async def list_feed(feed: FeedFound) -> list[MeetingFound]:
    """What a feed shows: the sessions that its person teaches or takes part in, half a year back
    and a year ahead, cancelled ones too."""
    own = Who(person=feed.person, account=None, name=feed.name)
    today = clock.today()
    return await list_meetings_between(own, MeetingFilter(today - PAST, today + AHEAD))
