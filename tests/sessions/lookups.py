"""What the tests of training look up."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kit import clock
from people.permissions import MACHINE
from sessions.courses.queries import CourseFound, find_course
from sessions.enrolments.queries import EnrolmentFound, list_enrolments
from sessions.meetings.queries import MeetingFound, find_meeting
from tests.world import id_of

SOON = clock.today() + timedelta(days=10)


async def course_of(course: UUID) -> CourseFound:
    """A course as it stands."""
    return await find_course(MACHINE, course)


async def meeting_of(meeting: UUID) -> MeetingFound:
    """A session as it stands."""
    return await find_meeting(MACHINE, meeting)


async def town() -> UUID:
    """Thị trấn Tân Trụ."""
    return await id_of("Thị trấn Tân Trụ")


async def enrolled(course: UUID, state: str = "enrolled") -> list[EnrolmentFound]:
    """Who is in a course in a state."""
    return [one for one in await list_enrolments(course) if one.state == state]
