"""The line of a course: free seats go to those who wait, in the order of asking."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kit import clock
from kit.database import among, run


async def seat_waiting(course_id: UUID, day: date) -> list[UUID]:
    """Enrol from a day on whoever waits, first come first, while seats are free; who moved up.

    Call it while the course is held.
    """
    found = await run(
        "SELECT e.id, e.person FROM enrolment e JOIN course c ON c.id = e.course"
        " WHERE e.course = {} AND e.state IN ('waiting', 'nominated')"
        " AND c.cancelled_on IS NULL ORDER BY e.line"
        " LIMIT (SELECT CASE WHEN k.capacity > count(s.id) THEN k.capacity - count(s.id) ELSE 0 END"
        " FROM course k LEFT JOIN enrolment s ON s.course = k.id AND s.state = 'enrolled'"
        " WHERE k.id = {} GROUP BY k.capacity)",
        *(course_id, course_id),
    )
    if found:
        await run(
            "UPDATE enrolment SET state = 'enrolled', since = {}, seated_at = {},"
            " version = version + 1 WHERE id IN {}",
            *(day, clock.now(), among([one["id"] for one in found])),
        )
    return [one["person"] for one in found]
