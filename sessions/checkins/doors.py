"""The door of a session: when trainees may check themselves in, and from when on one is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kit import clock
from kit.database import SQL, among, rows
from kit.errors import NotFound
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.pages import hour, weekday
from kit.spells import last_known
from places.settings.queries import find_body
from sessions.checkins.passes import (
    Pass,
    Ticket,
    digits_hold,
    read_pass,
    read_ticket,
    wall_holds,
)
from sessions.words import clock_of

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    """Minutes from the settings: how long before its start and after its end the door of a session
    is open, and how long after its start nobody is late."""

    opens_before: int
    closes_after: int
    late_after: int


@dataclass(frozen=True)
class Door:
    """A session as check-in needs it; `path` is where its course's area lies today."""

    id: UUID
    course: UUID
    title: str
    topic: str
    day: date
    starts: int
    ends: int
    venue_name: str | None
    trainer: UUID | None
    secret: str
    cancelled_at: datetime | None
    course_cancelled_on: date | None
    path: str
    rules: Rules

    @property
    def hours(self) -> str:
        """08:00–11:30."""
        return f"{clock_of(self.starts)}–{clock_of(self.ends)}"

    @property
    def cancelled(self) -> bool:
        """Whether it does not take place, by itself or with its course."""
        return self.cancelled_at is not None or self.course_cancelled_on is not None

    @property
    def begins_at(self) -> datetime:
        """The start as an instant."""
        return clock.midnight(self.day) + timedelta(minutes=self.starts)

    @property
    def opens_at(self) -> datetime:
        """From when on one may check in."""
        return self.begins_at - timedelta(minutes=self.rules.opens_before)

    @property
    def closes_at(self) -> datetime:
        """From when on one may no longer check in."""
        return clock.midnight(self.day) + timedelta(minutes=self.ends + self.rules.closes_after)

    def is_its_time(self, instant: datetime) -> bool:
        """Whether a trainer may let people in at an instant: on the day of the session, and as long
        as trainees check in. The door of a late one shuts after midnight, that of an early one
        opens before."""
        is_open = self.opens_at <= instant < self.closes_at
        return not self.cancelled and (is_open or clock.local_day(instant) == self.day)

    def why_shut(self, instant: datetime) -> str:
        """Why nobody may check in at an instant, and what a trainee can do; "" while the door is
        open."""
        early = N_("Check-in opens on %(day)s at %(hour)s. Come back then.")
        late = N_("Check-in closed on %(day)s at %(hour)s. The trainer can still enter you.")
        return self._why_shut(instant, early, late)

    def why_shut_here(self, instant: datetime) -> str:
        """The same, said to a trainer."""
        early = N_("Check-in opens on %(day)s at %(hour)s.")
        late = N_("Check-in closed on %(day)s at %(hour)s. Go on in the attendance.")
        return self._why_shut(instant, early, late)

    def _why_shut(self, instant: datetime, early: str, late: str) -> str:
        if self.cancelled:
            return _("This session is cancelled, so nobody checks in.")
        if instant < self.opens_at:
            return _(early, day=weekday(self.day), hour=hour(self.opens_at))
        if instant >= self.closes_at:
            return _(late, day=weekday(self.day), hour=hour(self.closes_at))
        return ""

    def lateness(self, instant: datetime) -> int | None:
        """How many minutes late somebody is who comes at an instant; None in time."""
        minutes = int((instant - self.begins_at).total_seconds() // 60)
        return min(minutes, MOST_LATE) if minutes > self.rules.late_after else None


MOST_LATE = 720
"""The most minutes that a mark can hold."""

_DOOR = """
SELECT s.id, s.course, c.title, s.topic, s.day, s.starts, s.ends, v.name AS venue_name, s.trainer,
       s.secret, s.cancelled_at, c.cancelled_on AS course_cancelled_on, a.path
FROM training_session s JOIN course c ON c.id = s.course
JOIN area_spell a ON a.area = c.area AND {}
LEFT JOIN venue v ON v.id = s.venue
WHERE {} ORDER BY s.day, s.starts, s.id
"""


async def _doors(which: SQL) -> list[Door]:
    body = await find_body()
    rules = Rules(body.checkin_opens, body.checkin_closes, body.late_after)
    paths = last_known("a", clock.today())
    return await rows(lambda **found: Door(rules=rules, **found), _DOOR, paths, which)


async def find_door(meeting_id: UUID) -> Door:
    """The door of a session that the caller may see. Raises NotFound."""
    found = await _doors(SQL("s.id = {}", meeting_id))
    if not found:
        raise NotFound
    return found[0]


async def list_open_doors(instant: datetime) -> list[Door]:
    """The sessions into which somebody may check in at an instant; a late one ends tomorrow."""
    today = clock.local_day(instant)
    around = [today - DAY, today, today + DAY]
    found = await _doors(SQL("s.cancelled_at IS NULL AND s.day IN {}", among(around)))
    return [door for door in found if not door.why_shut(instant)]


async def doors_of_course(course_id: UUID, instant: datetime) -> list[Door]:
    """The sessions of a course that are not cancelled and not over, in order of time."""
    which = SQL("s.course = {} AND s.cancelled_at IS NULL AND c.cancelled_on IS NULL", course_id)
    return [door for door in await _doors(which) if instant < door.closes_at]


async def doors_showing(digits: str, instant: datetime) -> list[Door]:
    """The open sessions whose wall shows six digits."""
    doors = await list_open_doors(instant)
    return [door for door in doors if digits_hold(door.secret, digits, instant)]


@dataclass(frozen=True)
class Entry:
    """A page opened in time: the door it leads through, and its ticket; none for the code of the
    wall itself, whose opening makes the ticket."""

    door: Door
    ticket: Ticket | None


async def open_entry(word: str) -> Entry:
    """What a code of the wall or a ticket opens. Raises NotFound for one that no longer holds."""
    given = read_pass(word)
    if given is None or given.kind == "receipt":
        raise NotFound
    door = await find_door(given.meeting)
    ticket = read_ticket(door.secret, given, clock.now())
    if ticket is None and not wall_holds(door.secret, given, clock.now()):
        raise NotFound
    return Entry(door, ticket)


async def find_pass(word: str) -> tuple[Door, Pass]:
    """The session of which a word claims to be. Raises NotFound."""
    given = read_pass(word)
    if given is None:
        raise NotFound
    return await find_door(given.meeting), given
