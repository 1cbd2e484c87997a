"""A course with a session and a trainee, made through the commands."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from kit import clock
from kit.database import value
from people.permissions import MACHINE
from sessions.courses.commands import CourseForm, plan_course
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import ScheduleForm, schedule_sessions
from sessions.venues.commands import VenueForm, add_venue
from sessions.words import minutes_of


async def a_course(area: UUID, title: str = "Kỹ năng số cơ bản", **more: object) -> UUID:
    """A planned course of an area with 30 seats."""
    form = {
        "theme": "digital_transformation",
        "title": title,
        "area": area,
        "required_periods": 8,
        "capacity": 30,
        **more,
    }
    return await plan_course(MACHINE, CourseForm.model_validate(form))


def a_time(day: date, hours: str = "08:00-11:30", **more: object) -> ScheduleForm:
    """A session to schedule."""
    starts, _, ends = hours.partition("-")
    times = {"starts": minutes_of(starts), "ends": minutes_of(ends)}
    return ScheduleForm.model_validate({"day": day, **times, **more})


async def course_things(person: UUID, area: UUID) -> dict[str, str]:
    """The names of a course's things in the table of the policy; the person is enrolled."""
    course = await a_course(area)
    soon = clock.today() + timedelta(days=7)
    (meeting,) = await schedule_sessions(MACHINE, course, a_time(soon))
    await enrol_people(MACHINE, course, EnrolForm(people=[person]))
    enrolment = await value("SELECT id FROM enrolment WHERE course = {}", course)
    code = await value("SELECT code FROM enrolment WHERE course = {}", course)
    return {
        "course": str(course),
        "meeting": str(meeting),
        "enrolment": str(enrolment),
        "trainee": str(code),
        "word": "no-such-word",
        "feed": "no-such-secret.ics",
        "theme": "office_software",
        "venue": str(await add_venue(MACHINE, VenueForm(name="Hội trường", area=area))),
    }
