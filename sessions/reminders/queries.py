"""What is due to be reminded of at an instant, and whom it concerns; the clock's own eyes, so no
asker."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from kit import clock
from kit.database import SQL, among, rows
from kit.spells import as_of, last_known
from people.permissions import ROLES
from sessions.attendance.figures import untaken

READING = [role for role, verbs in ROLES.items() if "course.read" in verbs]
NEAR = timedelta(days=3)
"""How long before its deadline a course is reminded of."""


@dataclass(frozen=True)
class Planned:
    """A session that takes place: what it is called, when and where."""

    id: UUID
    course: UUID
    title: str
    day: date
    starts: int
    ends: int
    venue: str
    path: str
    untaken: int

    @property
    def starts_at(self) -> datetime:
        """When it begins."""
        return clock.midnight(self.day) + timedelta(minutes=self.starts)

    @property
    def ends_at(self) -> datetime:
        """When it ends."""
        return clock.midnight(self.day) + timedelta(minutes=self.ends)


_PLANNED = """
SELECT s.id, s.course, c.title, s.day, s.starts, s.ends, coalesce(v.name, '') AS venue, a.path,
       {} AS untaken
FROM training_session s JOIN course c ON c.id = s.course
JOIN area_spell a ON a.area = c.area AND {}
LEFT JOIN venue v ON v.id = s.venue
WHERE s.day BETWEEN {} AND {} AND s.cancelled_at IS NULL AND c.cancelled_on IS NULL
ORDER BY s.day, s.starts, s.id
"""


async def list_planned(first: date, last: date) -> list[Planned]:
    """The sessions from a day to another, both included, with how many marks are not taken."""
    return await rows(Planned, _PLANNED, untaken("s"), last_known("a", clock.today()), first, last)


@dataclass(frozen=True)
class Concerned:
    """A person whom a session or course concerns."""

    subject: UUID
    person: UUID


@dataclass(frozen=True)
class _Enrolled(Concerned):
    code: str


async def codes_of(meetings: Iterable[Planned]) -> dict[UUID, dict[UUID, str]]:
    """Of each session: those enrolled on its day who can be reached by an account or by mail, each
    with the personal code."""
    found = await rows(
        _Enrolled,
        "SELECT s.id AS subject, e.person, e.code FROM training_session s"
        " JOIN enrolment e ON e.course = s.course AND e.state = 'enrolled' AND e.since <= s.day"
        " JOIN person p ON p.id = e.person WHERE s.id IN {} AND (p.email <> ''"
        " OR EXISTS (SELECT 1 FROM account x WHERE x.person = p.id)) ORDER BY s.id, p.id",
        among([meeting.id for meeting in meetings]),
    )
    codes: dict[UUID, dict[UUID, str]] = {}
    for one in found:
        codes.setdefault(one.subject, {})[one.person] = one.code
    return codes


async def trainers_of(meetings: Iterable[Planned]) -> dict[UUID, list[UUID]]:
    """Of each session: its trainer, or those of its course where it has none of its own."""
    chosen = among([meeting.id for meeting in meetings])
    found = await rows(
        Concerned,
        "SELECT s.id AS subject, s.trainer AS person FROM training_session s"
        " WHERE s.trainer IS NOT NULL AND s.id IN {} UNION ALL"
        " SELECT s.id, t.person FROM training_session s"
        " JOIN course_trainer t ON t.course = s.course WHERE s.trainer IS NULL AND s.id IN {}",
        *(chosen, chosen),
    )
    return _by_subject(found)


def _by_subject(found: Iterable[Concerned]) -> dict[UUID, list[UUID]]:
    people: dict[UUID, list[UUID]] = {}
    for one in found:
        people.setdefault(one.subject, []).append(one.person)
    return people


@dataclass(frozen=True)
class Keeper:
    """Somebody with a role, and the area under whose path it holds."""

    person: UUID
    path: str


async def list_keepers() -> list[Keeper]:
    """Every coordinator of today, with each area."""
    return await _holding(SQL("g.role = 'coordinator'"))


async def list_course_readers(people: Sequence[UUID]) -> list[Keeper]:
    """Those of some people who may read of courses today, with each area."""
    return await _holding(SQL("g.person IN {} AND g.role IN {}", among(people), among(READING)))


async def _holding(grants: SQL) -> list[Keeper]:
    today = clock.today()
    return await rows(
        Keeper,
        "SELECT g.person, a.path FROM role_grant g JOIN area_spell a ON a.area = g.area AND {}"
        " WHERE {} AND {} ORDER BY a.path, g.person",
        *(as_of("a", today), grants, as_of("g", today)),
    )


def nearest(keepers: Iterable[Keeper], path: str) -> list[UUID]:
    """The coordinators of the smallest area around a path."""
    around = [one for one in keepers if path.startswith(one.path)]
    longest = max((len(one.path) for one in around), default=0)
    return [one.person for one in around if len(one.path) == longest]


@dataclass(frozen=True)
class Closing:
    """A course whose offices must soon have named their people; `lacking` of them have not."""

    id: UUID
    title: str
    path: str
    deadline: date
    seats: int
    taken: int
    lacking: int


async def list_closing(today: date) -> list[Closing]:
    """The courses open for enrolment whose deadline is near."""
    return await rows(
        Closing,
        "SELECT c.id, c.title, a.path, c.deadline, c.capacity AS seats,"
        " (SELECT count(*) FROM enrolment e WHERE e.course = c.id AND e.state = 'enrolled')"
        " AS taken,"
        " (SELECT count(*) FROM course_quota q WHERE q.course = c.id AND q.places >"
        "  (SELECT count(*) FROM enrolment f WHERE f.course = c.id AND f.office = q.office"
        "   AND f.state <> 'withdrawn')) AS lacking"
        " FROM course c JOIN area_spell a ON a.area = c.area AND {}"
        " WHERE c.deadline BETWEEN {} AND {} AND c.opened_on <= {} AND c.cancelled_on IS NULL"
        " AND (c.closed_on IS NULL OR c.closed_on > {}) ORDER BY c.deadline, c.id",
        *(last_known("a", today), today, today + NEAR, today, today),
    )


@dataclass(frozen=True)
class Unanswered:
    """An office whose link still works and was mailed to a person, and that has not named all its
    people."""

    id: UUID
    person: UUID
    office: str
    title: str
    deadline: date


_WAITED_FOR = (
    "JOIN office_spell o ON o.office = l.office AND {}"
    " LEFT JOIN course_quota q ON q.course = l.course AND q.office = l.office"
    " WHERE l.course IN {} AND l.revoked_at IS NULL AND l.expires_at > {}"
    " AND coalesce(q.places, 1) > (SELECT count(*) FROM enrolment e WHERE e.course = l.course"
    "  AND e.office = l.office AND e.state <> 'withdrawn')"
)


async def list_unanswered(courses: Iterable[Closing], kind: str, reminder: str) -> list[Unanswered]:
    """Whoever was mailed the link of an office in a notice of a kind and is waited for, but was not
    reminded yet of this deadline: there are places of a quota left, or without a quota nobody was
    named."""
    today, chosen = clock.today(), among([course.id for course in courses])
    return await rows(
        Unanswered,
        "SELECT l.id, n.person, o.name AS office, c.title, c.deadline"
        " FROM nomination_link l JOIN course c ON c.id = l.course"
        " JOIN notice n ON n.kind = {} AND n.subject = CAST(l.id AS text)"
        f" {_WAITED_FOR}"
        " AND NOT EXISTS (SELECT 1 FROM notice k WHERE k.kind = {} AND k.subject = n.subject"
        "  AND k.person = n.person AND k.slot = CAST(c.deadline AS text)) ORDER BY l.id, n.person",
        *(kind, as_of("o", today), chosen, clock.now(), reminder),
    )


@dataclass(frozen=True)
class Handed:
    """An office that is waited for, whose link nobody was mailed: who made it passed it on. `maker`
    is nobody where a program did."""

    course: UUID
    maker: UUID | None
    office: str


async def list_handed(courses: Iterable[Closing], kind: str) -> list[Handed]:
    """The offices that are waited for as in `list_unanswered`, but whose link was in no notice of
    that kind, by name."""
    today, chosen = clock.today(), among([course.id for course in courses])
    return await rows(
        Handed,
        "SELECT l.course, l.made_by AS maker, o.name AS office FROM nomination_link l"
        f" {_WAITED_FOR}"
        " AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.kind = {} AND n.subject ="
        "  CAST(l.id AS text)) ORDER BY l.course, o.sort, o.office",
        *(as_of("o", today), chosen, clock.now(), kind),
    )


@dataclass(frozen=True)
class Closable:
    """A course whose sessions are over and marked; `last` was the day of the last one."""

    id: UUID
    title: str
    path: str
    last: date


async def list_closable(today: date) -> list[Closable]:
    """The courses that could be closed: open, every session over, every trainee marked."""
    return await rows(
        Closable,
        "SELECT c.id, c.title, a.path, l.day AS last FROM course c"
        " JOIN area_spell a ON a.area = c.area AND {}"
        " JOIN training_session l ON l.id = (SELECT n.id FROM training_session n"
        "  WHERE n.course = c.id AND n.cancelled_at IS NULL ORDER BY n.day DESC, n.id LIMIT 1)"
        " WHERE c.closed_on IS NULL AND c.cancelled_on IS NULL AND c.opened_on <= {}"
        " AND l.day < {} AND NOT EXISTS (SELECT 1 FROM training_session s"
        "  WHERE s.course = c.id AND s.cancelled_at IS NULL AND {} > 0) ORDER BY c.id",
        *(last_known("a", today), today, today, untaken("s")),
    )


async def trainers_of_courses(courses: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """Who teaches each course."""
    found = await rows(
        Concerned,
        "SELECT t.course AS subject, t.person FROM course_trainer t WHERE t.course IN {}"
        " ORDER BY t.course, t.person",
        among(list(courses)),
    )
    return _by_subject(found)
