"""Enrolments: who takes part in a course, who waits, who may be enrolled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, among, row, rows
from kit.errors import NotFound
from kit.forms import Form, Line, Maybe
from kit.i18n import gettext as _
from kit.spells import as_of
from people.permissions import Who
from people.persons.queries import matches
from people.reach import TeamChoice, seat_of_team, told_apart, visible_persons, visible_teams
from sessions.courses.queries import CourseFound, find_course
from sessions.words import ENROLMENT_STATES

MOST = 60
TRAINEES = 60


@dataclass(frozen=True)
class EnrolmentFound:
    """A person in a course, with the office the person came from."""

    id: UUID
    course: UUID
    person: UUID
    name: str
    sort: str
    phone: str | None
    office: UUID | None
    office_name: str | None
    state: str
    line: int
    since: date | None
    until: date | None
    withdrawn_why: str
    version: int

    @property
    def tag(self) -> tuple[str, str]:
        """The state as a word and its tone."""
        word, tone = ENROLMENT_STATES[self.state]
        return _(word), tone


_ENROLMENT = """
SELECT e.id, e.course, e.person, p.name, p.sort, p.phone, e.office, o.name AS office_name, e.state,
       e.line, e.since, e.until, e.withdrawn_why, e.version
FROM enrolment e JOIN person p ON p.id = e.person
LEFT JOIN office_spell o ON o.office = e.office AND {}
WHERE {}
"""


async def find_enrolment(
    who: Who, enrolment_id: UUID, verb: str = "course.read"
) -> tuple[EnrolmentFound, CourseFound]:
    """An enrolment and its course, within reach. Raises NotFound or Forbidden."""
    which = SQL("e.id = {}", enrolment_id)
    found = await row(EnrolmentFound, _ENROLMENT, as_of("o", clock.today()), which)
    if found is None:
        raise NotFound
    return found, await find_course(who, found.course, verb)


async def list_enrolments(course_id: UUID) -> list[EnrolmentFound]:
    """Everybody in a course already found: the enrolled by given name, then those who wait in
    their order, then the withdrawn."""
    order = (
        " ORDER BY CASE e.state WHEN 'enrolled' THEN 0 WHEN 'withdrawn' THEN 2 ELSE 1 END,"
        " CASE WHEN e.state IN ('waiting', 'nominated') THEN e.line ELSE 0 END, p.sort, p.id"
    )
    which = SQL("e.course = {}", course_id)
    return await rows(EnrolmentFound, _ENROLMENT + order, as_of("o", clock.today()), which)


@dataclass(frozen=True)
class TraineeFound(EnrolmentFound):
    """A person on a page of a course; `place` is where who waits stands in the line."""

    place: int


_TRAINEES = """
SELECT x.* FROM (
    SELECT e.id, e.course, e.person, p.name, p.phone, e.office, o.name AS office_name, e.state,
           e.line, e.since, e.until, e.withdrawn_why, e.version,
           CASE e.state WHEN 'enrolled' THEN '0' || p.sort WHEN 'withdrawn' THEN '2' || p.sort
               ELSE '1' || CAST(100000000 + e.line AS text) END AS sort,
           row_number() OVER (
               PARTITION BY CASE WHEN e.state IN ('waiting', 'nominated') THEN 1 ELSE 0 END
               ORDER BY e.line) AS place
    FROM enrolment e JOIN person p ON p.id = e.person
    LEFT JOIN office_spell o ON o.office = e.office AND {}
    WHERE e.course = {}) x
WHERE {} ORDER BY x.sort, x.id LIMIT {}
"""


async def list_trainees(
    course_id: UUID, cursor: str, limit: int = TRAINEES
) -> tuple[list[TraineeFound], str]:
    """A page of everybody in a course already found, in the order of `list_enrolments`, and the
    cursor of the next page or ""."""
    held, onward = as_of("o", clock.today()), after("x", cursor)
    found = await rows(TraineeFound, _TRAINEES, held, course_id, onward, limit + 1)
    return cut(found, limit)


class EnrolmentFilter(Form):
    """Which enrolments of a course a list shows: those in a state, else all."""

    state: Annotated[str | None, Maybe] = None
    after: str = ""


async def list_enrolments_of(
    who: Who, course_id: UUID, asked: EnrolmentFilter, limit: int
) -> tuple[list[EnrolmentFound], str]:
    """A page of the people in a course within reach, by given name, and the cursor of the next
    page or "". Raises NotFound."""
    await find_course(who, course_id)
    which = [SQL("e.course = {}", course_id), after("p", asked.after, "e.id")]
    if asked.state:
        which.append(SQL("e.state = {}", asked.state))
    found = await rows(
        EnrolmentFound,
        _ENROLMENT + " ORDER BY p.sort, e.id LIMIT {}",
        *(as_of("o", clock.today()), all_of(which), limit + 1),
    )
    return cut(found, limit)


class CandidateFilter(Form):
    """Who is looked for: part of a name or phone, the people of an office, of a team."""

    q: Line = ""
    office: Annotated[UUID | None, Maybe] = None
    team: Annotated[UUID | None, Maybe] = None

    @property
    def asked(self) -> bool:
        """Whether anybody is looked for."""
        return bool(self.q or self.office or self.team)


@dataclass(frozen=True)
class CandidateFound:
    """A person who may be enrolled, and whether that is so already."""

    id: UUID
    name: str
    phone: str | None
    organisation: str
    office: UUID | None
    office_name: str | None
    category: str | None
    state: str | None


_CANDIDATES = """
SELECT p.id, p.name, p.phone, p.organisation, o.office, o.name AS office_name, f.category, e.state
FROM person p
LEFT JOIN official f ON f.person = p.id AND {}
LEFT JOIN office_spell o ON o.office = coalesce(f.office, p.office) AND {}
LEFT JOIN enrolment e ON e.person = p.id AND e.course = {} AND e.state <> 'withdrawn'
WHERE p.merged_into IS NULL AND {} ORDER BY p.sort, p.id LIMIT {}
"""


async def list_candidates(
    who: Who, course_id: UUID, asked: CandidateFilter, limit: int = MOST
) -> list[CandidateFound]:
    """The persons within reach who fit, by given name; nobody when nothing is asked."""
    if not asked.asked:
        return []
    today = clock.today()
    which = [visible_persons(who, today)]
    if asked.q:
        which.append(matches(asked.q))
    if asked.office:
        which.append(SQL("coalesce(f.office, p.office) = {}", asked.office))
    if asked.team:
        member = as_of("m", today, "joined_on", "left_on")
        mine = visible_teams(who, today, "course.read", "w")
        sql = (
            "p.id IN (SELECT m.person FROM membership m JOIN team w ON w.id = m.team"
            " WHERE w.id = {} AND {} AND {})"
        )
        which.append(SQL(sql, asked.team, member, mine))
    found = as_of("f", today), as_of("o", today), course_id, all_of(which), limit
    return await rows(CandidateFound, _CANDIDATES, *found)


async def find_candidates(who: Who, course_id: UUID, people: list[UUID]) -> list[CandidateFound]:
    """Those of the persons who are within reach, by given name."""
    today = clock.today()
    which = [SQL("p.id IN {}", among(people)), visible_persons(who, today)]
    found = as_of("f", today), as_of("o", today), course_id, all_of(which), len(people)
    return await rows(CandidateFound, _CANDIDATES, *found)


async def choices_teams(who: Who) -> list[tuple[UUID, str]]:
    """The teams of today within reach, by name, for enrolling a whole one."""
    today = clock.today()
    found = await rows(
        TeamChoice,
        "SELECT t.id, t.name, {} AS seat FROM team t WHERE t.dissolved_on IS NULL AND {}"
        " ORDER BY t.sort, t.id LIMIT 300",
        *(seat_of_team(), visible_teams(who, today, "course.read")),
    )
    return [(team.id, team.name) for team in told_apart(found)]
