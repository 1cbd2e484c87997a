"""Training sessions: one, those of a course, those of a month; and what they clash with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kit import clock
from kit.cursors import cut, read
from kit.database import SQL, all_of, among, any_of, row, rows
from kit.errors import Forbidden, NotFound
from kit.spells import as_of, last_known
from people.permissions import Who
from people.reach import Choice, visible_areas
from sessions.attendance.figures import came
from sessions.courses.queries import find_course
from sessions.words import clock_of


@dataclass(frozen=True)
class MeetingFound:
    """A training session; `path` is where the course's area lies today, `came` how many came, where
    that was asked and is known."""

    id: UUID
    course: UUID
    title: str
    capacity: int
    topic: str
    day: date
    starts: int
    ends: int
    venue: UUID | None
    venue_name: str | None
    venue_address: str | None
    trainer: UUID | None
    trainer_name: str | None
    periods: int
    sequence: int
    clash_why: str
    made_at: datetime
    moved_at: datetime | None
    moved_why: str
    cancelled_at: datetime | None
    cancelled_why: str
    version: int
    path: str
    number: int
    taken_at: datetime | None
    came: int | None = None

    @property
    def hours(self) -> str:
        """08:00–11:30."""
        return f"{clock_of(self.starts)}–{clock_of(self.ends)}"

    @property
    def sort(self) -> str:
        """The key of order by time."""
        return f"{self.day.isoformat()} {self.starts:04}"

    @property
    def gone(self) -> bool:
        """Whether its day has passed."""
        return self.day < clock.today()


_MEETING = """
SELECT s.id, s.course, c.title, c.capacity, s.topic, s.day, s.starts, s.ends, s.venue,
       v.name AS venue_name, v.address AS venue_address, s.trainer, p.name AS trainer_name,
       s.periods, s.sequence, s.clash_why, s.made_at, s.moved_at, s.moved_why, s.cancelled_at,
       s.cancelled_why, s.version, a.path, s.taken_at,
       (SELECT count(*) FROM training_session n WHERE n.course = s.course
           AND n.cancelled_at IS NULL AND (n.day, n.starts, n.id) <= (s.day, s.starts, s.id))
           AS number
FROM training_session s
JOIN course c ON c.id = s.course
JOIN area_spell a ON a.area = c.area AND {}
LEFT JOIN venue v ON v.id = s.venue
LEFT JOIN person p ON p.id = s.trainer
WHERE {}
"""
_IN_ORDER = " ORDER BY s.day, s.starts, s.id"


def visible_meetings(who: Who) -> SQL:
    """The condition that a session is within reach: its course is, or one teaches it or takes
    part in it."""
    own = SQL(
        "(s.trainer = {} OR EXISTS (SELECT 1 FROM enrolment me WHERE me.course = s.course"
        " AND me.person = {} AND me.state = 'enrolled'))",
        *(who.person, who.person),
    )
    return any_of([visible_areas(who, "course.read"), own])


async def find_meeting(who: Who, meeting_id: UUID, verb: str = "calendar.read") -> MeetingFound:
    """A session within reach. Raises NotFound, or Forbidden where `verb` does not hold."""
    which = [SQL("s.id = {}", meeting_id), visible_meetings(who)]
    found = await row(MeetingFound, _MEETING, last_known("a", clock.today()), all_of(which))
    if found is None:
        raise NotFound
    if verb != "calendar.read" and not who.reaches(verb, found.path):
        raise Forbidden
    return found


async def list_meetings(course_id: UUID) -> list[MeetingFound]:
    """The sessions of a course already found, in order of time, cancelled ones too; with how many
    came, where attendance was taken."""
    which = SQL("s.course = {}", course_id)
    return await rows(
        MeetingFound,
        f"SELECT x.*, t.came FROM ({_MEETING}) x LEFT JOIN ({{}}) t ON t.training_session = x.id"
        " ORDER BY x.day, x.starts, x.id",
        *(last_known("a", clock.today()), which, came(course_id)),
    )


async def list_meetings_of(
    who: Who, course_id: UUID, after: str, limit: int
) -> tuple[list[MeetingFound], str]:
    """A page of the sessions of a course within reach, in order of time, cancelled ones too, and
    the cursor of the next page or "". Raises NotFound."""
    await find_course(who, course_id)
    which = [SQL("s.course = {}", course_id), _later(after)]
    sql = _MEETING + _IN_ORDER + " LIMIT {}"
    found = await rows(MeetingFound, sql, last_known("a", clock.today()), all_of(which), limit + 1)
    return cut(found, limit)


def _later(cursor: str) -> SQL:
    """The condition that a session comes after a cursor; one that is not ours means the start."""
    try:
        sort, meeting = read(cursor)
        day, _, starts = sort.partition(" ")
        last = date.fromisoformat(day), int(starts[:4]), meeting
    except ValueError:
        return SQL("1 = 1")
    return SQL("(s.day, s.starts, s.id) > ({}, {}, {})", *last)


@dataclass(frozen=True)
class MeetingFilter:
    """Which sessions a calendar shows: from a day until before another, of whom and where."""

    since: date
    until: date
    trainer: UUID | None = None
    venue: UUID | None = None
    area: SQL | None = None


async def list_meetings_between(who: Who, asked: MeetingFilter) -> list[MeetingFound]:
    """The sessions within reach between two days, in order of time, cancelled ones too."""
    which = [SQL("s.day >= {} AND s.day < {}", asked.since, asked.until), visible_meetings(who)]
    if asked.trainer:
        which.append(SQL("s.trainer = {}", asked.trainer))
    if asked.venue:
        which.append(SQL("s.venue = {}", asked.venue))
    if asked.area:
        which.append(asked.area)
    sql = _MEETING + _IN_ORDER + " LIMIT 1000"
    return await rows(MeetingFound, sql, last_known("a", clock.today()), all_of(which))


async def choices_venues(who: Who) -> list[Choice]:
    """The venues of today within reach, by name."""
    today = clock.today()
    return await rows(
        Choice,
        "SELECT v.id, v.name FROM venue v JOIN area_spell a ON a.area = v.area AND {}"
        " WHERE {} AND {} ORDER BY v.sort, v.id",
        *(as_of("a", today), as_of("v", today), visible_areas(who, "course.read")),
    )


@dataclass(frozen=True)
class Slot:
    """A time that a session would take: a day, minutes after midnight, where, by whom."""

    day: date
    starts: int
    ends: int
    venue: UUID | None
    trainer: UUID | None


@dataclass(frozen=True)
class Clash:
    """Something a slot clashes with. `kind` is venue, trainer, trainees or holiday; `title` names
    the other course (nothing for one beyond reach) or the holiday, `people` counts who is in both,
    in a seat or in the line."""

    kind: str
    day: date
    title: str
    hours: str = ""
    people: int = 0


@dataclass(frozen=True)
class _Other:
    day: date
    starts: int
    ends: int
    title: str
    venue: UUID | None
    trainer: UUID | None
    people: int


async def list_clashes(
    who: Who, course: UUID, slots: Sequence[Slot], except_for: UUID | None = None
) -> list[Clash]:
    """What slots of a course already found clash with: the same venue, trainer or trainees at
    the same time in any course, and holidays."""
    days = among([slot.day for slot in slots])
    others = await rows(
        _Other,
        "SELECT s.day, s.starts, s.ends, CASE WHEN {} THEN c.title ELSE '' END AS title, s.venue,"
        " s.trainer,"
        " (SELECT count(*) FROM enrolment e JOIN enrolment f ON f.person = e.person"
        "  AND f.course = {} AND f.state <> 'withdrawn'"
        "  WHERE e.course = s.course AND e.state <> 'withdrawn') AS people"
        " FROM training_session s JOIN course c ON c.id = s.course"
        " LEFT JOIN area_spell a ON a.area = c.area AND {}"
        " WHERE s.day IN {} AND s.cancelled_at IS NULL AND {} ORDER BY s.day, s.starts, s.id",
        *(visible_areas(who, "course.read"), course, last_known("a", clock.today())),
        *(days, SQL("s.id <> {}", except_for) if except_for else SQL("1 = 1")),
    )
    holidays = await rows(
        Clash,
        "SELECT 'holiday' AS kind, h.day, h.name AS title FROM holiday h WHERE h.day IN {}",
        days,
    )
    return holidays + [clash for slot in slots for other in others for clash in _of(slot, other)]


def _of(slot: Slot, other: _Other) -> list[Clash]:
    if other.day != slot.day or other.ends <= slot.starts or slot.ends <= other.starts:
        return []
    hours = f"{clock_of(other.starts)}–{clock_of(other.ends)}"
    found = []
    if slot.venue and slot.venue == other.venue:
        found.append(Clash("venue", slot.day, other.title, hours))
    if slot.trainer and slot.trainer == other.trainer:
        found.append(Clash("trainer", slot.day, other.title, hours))
    if other.people:
        found.append(Clash("trainees", slot.day, other.title, hours, other.people))
    return found
