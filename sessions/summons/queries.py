"""The summoned: whoever is enrolled, by office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from kit import clock
from kit.database import rows
from kit.spells import as_of
from people.permissions import Who
from people.reach import Choice
from places.settings.queries import Body, find_body
from sessions.courses.queries import CourseFound, find_course, list_trainers
from sessions.meetings.queries import MeetingFound, list_meetings


@dataclass(frozen=True)
class Summoned:
    """Somebody who is called to a course, as the list shows them."""

    name: str
    job: str
    office: UUID | None
    office_name: str | None


@dataclass(frozen=True)
class OfficeList:
    """The people of an office, by given name; `name` is empty for those of no office."""

    office: UUID | None
    name: str
    people: Sequence[Summoned]


@dataclass(frozen=True)
class Summons:
    """Everything a summons says."""

    body: Body
    course: CourseFound
    meetings: list[MeetingFound]
    trainers: list[Choice]
    lists: list[OfficeList]

    @property
    def people(self) -> int:
        """How many are called."""
        return sum(len(one.people) for one in self.lists)

    @property
    def offices(self) -> int:
        """Of how many offices they are."""
        return sum(1 for one in self.lists if one.office)


async def find_summons(
    who: Who, course_id: UUID, verb: str = "course.read", office: UUID | None = None
) -> Summons:
    """The summons of a course within reach, for one office if given. Raises NotFound, Forbidden."""
    course = await find_course(who, course_id, verb)
    meetings = [one for one in await list_meetings(course_id) if not one.cancelled_at]
    lists = by_office(await _list_summoned(course_id))
    chosen = [one for one in lists if office in (None, one.office)]
    return Summons(await find_body(), course, meetings, await list_trainers(course_id), chosen)


async def _list_summoned(course_id: UUID) -> list[Summoned]:
    today = clock.today()
    return await rows(
        Summoned,
        "SELECT p.name, coalesce(f.job, p.organisation) AS job, e.office,"
        " o.name AS office_name FROM enrolment e JOIN person p ON p.id = e.person"
        " LEFT JOIN office_spell o ON o.office = e.office AND {}"
        " LEFT JOIN official f ON f.person = p.id AND f.office = e.office AND {}"
        " WHERE e.course = {} AND e.state = 'enrolled'"
        " ORDER BY CASE WHEN o.office IS NULL THEN 1 ELSE 0 END, o.sort, e.office, p.sort, p.id",
        *(as_of("o", today), as_of("f", today), course_id),
    )


def by_office(people: Sequence[Summoned]) -> list[OfficeList]:
    """People in the order of their offices as a list for each."""
    found = groupby(people, key=lambda one: (one.office, one.office_name or ""))
    return [OfficeList(office, name, list(them)) for (office, name), them in found]
