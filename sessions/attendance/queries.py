"""Attendance: the session to be taken, who takes part and how each stands, a person's marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, among, row, rows
from kit.errors import Forbidden, NotFound
from kit.i18n import gettext as _
from kit.search import holds
from kit.spells import as_of, last_known
from people.permissions import Who
from people.reach import Choice, visible_persons
from places.settings.queries import find_body
from sessions.attendance.ledger import last_mark_of, takes_part
from sessions.attendance.words import TAPS, state_tone, state_word, via_word
from sessions.meetings.queries import visible_meetings
from sessions.words import clock_of

PAGE = 100


@dataclass(frozen=True)
class HeldFound:
    """A session whose attendance is taken; `path` is where the course's area lies today."""

    id: UUID
    course: UUID
    title: str
    topic: str
    day: date
    starts: int
    ends: int
    periods: int
    venue_name: str | None
    trainer: UUID | None
    trainer_name: str | None
    cancelled_at: datetime | None
    taken_at: datetime | None
    version: int
    path: str
    number: int

    @property
    def name(self) -> str:
        """What it is called: the course, and which session it is; a cancelled one has no number."""
        number = _("session %(number)s", number=self.number)
        return self.title if self.cancelled_at else f"{self.title} – {number}"

    @property
    def hours(self) -> str:
        """08:00–11:30."""
        return f"{clock_of(self.starts)}–{clock_of(self.ends)}"

    @property
    def ahead(self) -> bool:
        """Whether its day is still to come."""
        return clock.today() < self.day


_HELD = """
SELECT s.id, s.course, c.title, s.topic, s.day, s.starts, s.ends, s.periods, v.name AS venue_name,
       s.trainer, p.name AS trainer_name, s.cancelled_at, s.taken_at, s.version, a.path,
       (SELECT count(*) FROM training_session n WHERE n.course = s.course
           AND n.cancelled_at IS NULL AND (n.day, n.starts, n.id) <= (s.day, s.starts, s.id))
           AS number
FROM training_session s
JOIN course c ON c.id = s.course
JOIN area_spell a ON a.area = c.area AND {}
LEFT JOIN venue v ON v.id = s.venue
LEFT JOIN person p ON p.id = s.trainer
WHERE {} AND {}
"""


async def find_held(who: Who, meeting_id: UUID, verb: str = "attendance.mark") -> HeldFound:
    """A session within reach. Raises NotFound, or Forbidden where `verb` does not hold."""
    today = clock.today()
    seen = visible_meetings(who)
    found = await row(HeldFound, _HELD, last_known("a", today), SQL("s.id = {}", meeting_id), seen)
    if found is None:
        raise NotFound
    if not may_take(who, found, verb):
        raise Forbidden
    return found


async def list_held(who: Who, titles: Sequence[str], days: Sequence[date]) -> list[HeldFound]:
    """The sessions within reach of the courses of such titles (fold keys) on such days, that are
    not cancelled."""
    which = SQL(
        "s.cancelled_at IS NULL AND c.fold IN {} AND s.day IN {}", among(titles), among(days)
    )
    seen = visible_meetings(who)
    sql = _HELD + "ORDER BY s.day, s.starts, s.id"
    return await rows(HeldFound, sql, last_known("a", clock.today()), which, seen)


def may_take(who: Who, held: HeldFound, verb: str = "attendance.mark") -> bool:
    """Whether the verb holds in a session: within reach, or for taking the attendance of a session
    that one teaches."""
    if who.reaches(verb, held.path):
        return True
    teaches = held.trainer is not None and held.trainer == who.person
    return teaches and verb in ("attendance.mark", "course.read") and who.may("attendance.mark")


async def locked_from(held: HeldFound) -> date:
    """The first day on which attendance is changed only by who may correct it."""
    return held.day + timedelta(days=(await find_body()).lock_days + 1)


@dataclass(frozen=True)
class Trainee:
    """Somebody who takes part in a session, and how that stands."""

    id: UUID
    name: str
    sort: str
    office_name: str | None
    nonce: UUID | None
    state: str | None
    minutes: int | None
    substitute: UUID | None
    substitute_name: str | None
    marked_at: datetime | None
    by_name: str | None
    via: str | None
    reason: str | None

    @property
    def word(self) -> str:
        """The state in the reader's language."""
        return state_word(self.state)

    @property
    def tone(self) -> str:
        """The tone of the state's tag."""
        return state_tone(self.state)

    @property
    def tap(self) -> str | None:
        """Which of the three of a roll call it is: present, late, absent; None for not taken."""
        return TAPS.get(self.state or "")

    @property
    def how(self) -> str:
        """How the mark came to be, unless in the roll call itself."""
        return via_word(self.via) if self.state and self.via not in (None, "hand") else ""


_TRAINEES = f"""
SELECT x.id, x.name, x.sort, o.name AS office_name, m.nonce,
       CASE WHEN m.state = 'cleared' THEN NULL ELSE m.state END AS state, m.minutes, m.substitute,
       CASE WHEN m.substitute IS NULL THEN m.substitute_name ELSE r.name END AS substitute_name,
       m.marked_at, b.name AS by_name, m.via, m.reason
FROM (SELECT p.id, p.name, p.sort, e.office FROM enrolment e JOIN person p ON p.id = e.person
      WHERE e.course = {{}} AND {{}} AND {{}} ORDER BY p.sort, p.id LIMIT {{}}) x
LEFT JOIN mark m ON m.id = {last_mark_of("{}", "x.id")}
LEFT JOIN office_spell o ON o.office = x.office AND {{}}
LEFT JOIN person r ON r.id = m.substitute
LEFT JOIN person b ON b.id = m.by
ORDER BY x.sort, x.id
"""


@dataclass(frozen=True)
class TraineeFilter:
    """Which of those who take part are asked for: part of the name without marks, the page after
    a cursor, one person."""

    q: str = ""
    after: str = ""
    person: UUID | None = None


async def list_trainees(
    held: HeldFound, asked: TraineeFilter, limit: int = PAGE
) -> tuple[list[Trainee], str]:
    """A page of those who take part in a session already found, by given name, each with the mark
    that holds; and the cursor of the next page or ""."""
    which = [after("p", asked.after), holds("p.fold", asked.q)]
    if asked.person:
        which.append(SQL("e.person = {}", asked.person))
    found = await rows(
        Trainee,
        _TRAINEES,
        *(held.course, takes_part("e", held.day), all_of(which), limit + 1, held.id),
        as_of("o", held.day),
    )
    return cut(found, limit)


async def count_states(held: HeldFound) -> dict[str, int]:
    """How many of those who take part in a session already found stand where; "cleared" counts
    those not taken."""
    found = await rows(
        _Count,
        "SELECT coalesce(m.state, 'cleared') AS state, count(*) AS people FROM enrolment e"
        f" LEFT JOIN mark m ON m.id = {last_mark_of('{}', 'e.person')}"
        " WHERE e.course = {} AND {} GROUP BY coalesce(m.state, 'cleared')",
        *(held.id, held.course, takes_part("e", held.day)),
    )
    return {one.state: one.people for one in found}


@dataclass(frozen=True)
class _Count:
    state: str
    people: int


@dataclass(frozen=True)
class MarkFound:
    """A line of the ledger as told to the reader."""

    id: UUID
    nonce: UUID
    state: str
    minutes: int | None
    substitute_name: str | None
    marked_at: datetime
    received_at: datetime
    by: UUID | None
    by_name: str | None
    via: str
    reason: str

    @property
    def word(self) -> str:
        """The state in the reader's language."""
        return state_word(self.state)

    @property
    def tone(self) -> str:
        """The tone of the state's tag."""
        return state_tone(self.state)

    @property
    def late(self) -> bool:
        """Whether it came in well after the tap: from a phone without a network."""
        return abs(self.received_at - self.marked_at) > timedelta(minutes=2)

    @property
    def how(self) -> str:
        """How it came to be."""
        return via_word(self.via)


async def list_marks(held: HeldFound, person: UUID) -> list[MarkFound]:
    """All marks of a person in a session already found, the one that holds first."""
    return await rows(
        MarkFound,
        "SELECT k.id, k.nonce, k.state, k.minutes, k.marked_at, k.received_at, k.by,"
        " b.name AS by_name, k.via, k.reason,"
        " CASE WHEN k.substitute IS NULL THEN k.substitute_name ELSE r.name END AS substitute_name"
        " FROM mark k LEFT JOIN person b ON b.id = k.by LEFT JOIN person r ON r.id = k.substitute"
        " WHERE k.training_session = {} AND k.person = {}"
        " ORDER BY k.marked_at DESC, k.received_at DESC, k.id DESC",
        *(held.id, person),
    )


async def choices_substitutes(who: Who, held: HeldFound, person: UUID) -> list[Choice]:
    """The colleagues within reach who may have come for somebody: those of the same office who do
    not take part in the course themselves, by given name."""
    today = clock.today()
    return await rows(
        Choice,
        "SELECT p.id, p.name FROM person p LEFT JOIN official f ON f.person = p.id AND {}"
        " WHERE p.merged_into IS NULL AND p.id <> {} AND coalesce(f.office, p.office) IN"
        " (SELECT e.office FROM enrolment e WHERE e.course = {} AND e.person = {})"
        " AND NOT EXISTS (SELECT 1 FROM enrolment n WHERE n.course = {} AND n.person = p.id"
        " AND n.state = 'enrolled') AND {} ORDER BY p.sort, p.id LIMIT 200",
        *(as_of("f", today), person, held.course, person, held.course),
        visible_persons(who, today),
    )
