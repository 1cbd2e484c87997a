"""A session that is held today, with people in it, and short words for marking them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import new_id, run, value
from people.permissions import MACHINE, Who
from sessions.attendance.commands import mark_attendance
from sessions.attendance.forms import Marked, MarkForm
from sessions.attendance.queries import TraineeFilter, find_held, list_marks, list_trainees
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import schedule_sessions
from tests.courses import a_course, a_time
from tests.sessions.lookups import town
from tests.world import id_of

ANH, AN, HOANG_M = "Cao Thị Ánh", "Bùi Văn An", "Hồ Minh Hoàng"


@dataclass(frozen=True)
class Classroom:
    """A course and its session."""

    course: UUID
    meeting: UUID


async def a_classroom(
    *names: str, day: date | None = None, area: UUID | None = None, **more: Any
) -> Classroom:
    """A session of today (or of a day) with people of the world, enrolled since long ago."""
    course = await a_course(area or await town())
    held = a_time(day or clock.today(), **more)
    (meeting,) = await schedule_sessions(MACHINE, course, held)
    people = [await id_of(name) for name in names or (ANH, AN, HOANG_M)]
    await enrol_people(MACHINE, course, EnrolForm(people=people, anyway=True))
    await run("UPDATE enrolment SET since = {} WHERE course = {}", date(2026, 1, 1), course)
    return Classroom(course, meeting)


async def a_mark(name: str, state: str = "present", **more: Any) -> MarkForm:
    """A mark of somebody of the world."""
    told = {"nonce": new_id(), "person": await id_of(name), "state": state, **more}
    return MarkForm.model_validate(told)


async def mark(by: Who, room: Classroom, name: str, state: str = "present", **more: Any) -> Marked:
    """Mark one person by hand."""
    [marked] = await mark_attendance(by, room.meeting, [await a_mark(name, state, **more)], "hand")
    return marked


async def states(room: Classroom) -> dict[str, str | None]:
    """Who stands where, by name."""
    held = await find_held(MACHINE, room.meeting)
    found, _ = await list_trainees(held, TraineeFilter())
    return {one.name: one.state for one in found}


async def ledger(room: Classroom, name: str) -> list[str]:
    """The states of a person's marks, the one that holds first."""
    held = await find_held(MACHINE, room.meeting)
    return [one.state for one in await list_marks(held, await id_of(name))]


async def number_of_marks() -> int:
    """How many lines the ledger has."""
    return int(await value("SELECT count(*) FROM mark"))


def at(hours: str, day: date | None = None) -> datetime:
    """A local time of a day, today if not said."""
    hour, _, minute = hours.partition(":")
    midnight = clock.midnight(day or clock.today())
    return midnight.replace(hour=int(hour), minute=int(minute))
