"""Who is to be reminded: whose share lies below what the course asks, or who missed sessions in a
row. Only sessions whose attendance was taken count: what is missing is held against nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, rows
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.spells import as_of, last_known
from people.permissions import Who
from people.reach import visible_areas
from places.settings.queries import find_body
from sessions.courses.queries import CourseFound
from sessions.results.figures import office_day
from sessions.results.sittings import sittings

MOST_COURSES = 50
_CAME = "('present', 'late', 'left_early')"


@dataclass(frozen=True)
class Warned:
    """A trainee to remind. `taken` and `earned` are periods of the sessions whose attendance was
    taken, `missed` counts the last ones missed in a row."""

    person: UUID
    name: str
    office_name: str | None
    taken: int
    earned: int
    missed: int
    min_share: int

    @property
    def low(self) -> bool:
        """Whether the share lies below what the course asks."""
        return 100 * self.earned < self.min_share * self.taken

    @property
    def why(self) -> str:
        """Why the trainee is to be reminded."""
        told = {"earned": self.earned, "taken": self.taken, "least": self.min_share}
        low = _("Attended %(earned)s of %(taken)s periods, %(least)s%% are asked", **told)
        row = ngettext(
            "missed the last session", "missed the last %(num)s sessions in a row", self.missed
        )
        said = ", ".join([low] * self.low + [row] * bool(self.missed))
        return said[:1].upper() + said[1:]


def _warned(which: SQL, missed: int) -> SQL:
    """The trainees to remind of the enrolments `e` for which a condition holds: course, person,
    office, taken, earned, missed, min_share."""
    return SQL(
        "SELECT z.course, z.person, z.taken, z.earned, z.missed, c.min_share FROM ("
        " SELECT x.course, x.person, sum(x.periods) AS taken, sum(x.earned) AS earned,"
        f" coalesce(min(CASE WHEN x.state IN {_CAME} THEN x.nth END) - 1, count(*)) AS missed"
        " FROM (SELECT y.*, row_number() OVER (PARTITION BY y.course, y.person"
        "  ORDER BY y.day DESC, y.starts DESC, y.meeting DESC) AS nth"
        "  FROM ({}) y WHERE y.state IS NOT NULL) x GROUP BY x.course, x.person) z"
        " JOIN course c ON c.id = z.course"
        " WHERE 100 * z.earned < c.min_share * z.taken OR z.missed >= {}",
        *(sittings(which, clock.today()), missed),
    )


async def list_warned(course: CourseFound) -> list[Warned]:
    """The trainees of a course already found who are to be reminded, by given name; one query."""
    which = SQL("e.course = {} AND s.course = {} AND e.state = 'enrolled'", course.id, course.id)
    return await rows(
        Warned,
        "SELECT w.person, p.name, o.name AS office_name, w.taken, w.earned, w.missed, w.min_share"
        " FROM ({}) w JOIN person p ON p.id = w.person"
        " JOIN enrolment l ON l.course = {} AND l.person = w.person AND l.state = 'enrolled'"
        " LEFT JOIN office_spell o ON o.office = l.office AND {} ORDER BY p.sort, p.id",
        *(_warned(which, (await find_body()).missed_in_row), course.id),
        as_of("o", office_day(course)),
    )


@dataclass(frozen=True)
class CourseWarned:
    """A course with trainees to remind."""

    course: UUID
    title: str
    people: int


async def list_warned_courses(who: Who) -> list[CourseWarned]:
    """The courses within reach that last, with trainees to remind, by title; one query."""
    today = clock.today()
    lasting = SQL(
        "e.state = 'enrolled' AND s.course IN (SELECT k.id FROM course k"
        " JOIN area_spell a ON a.area = k.area AND {} WHERE {})",
        last_known("a", today),
        all_of(
            [
                SQL("k.cancelled_on IS NULL AND (k.closed_on IS NULL OR k.closed_on > {})", today),
                visible_areas(who, "attendance.mark"),
            ]
        ),
    )
    return await rows(
        CourseWarned,
        "SELECT c.id AS course, c.title, count(*) AS people FROM ({}) w"
        " JOIN course c ON c.id = w.course GROUP BY c.id, c.title, c.sort"
        " ORDER BY c.sort, c.id LIMIT {}",
        *(_warned(lasting, (await find_body()).missed_in_row), MOST_COURSES),
    )


def for_zalo(course: CourseFound, warned: Sequence[Warned]) -> str:
    """A ready text for the group of a course: who attended too little, without any other word."""
    lines = [
        f"- {one.name}{f' ({one.office_name})' if one.office_name else ''}: {one.why}."
        for one in warned
    ]
    head = _("Course %(title)s: please attend the coming sessions in full.", title=course.title)
    return "\n".join([head, *lines])
