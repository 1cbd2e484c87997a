"""What tests of reminders share: days to come, classes, and who was told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from demo.cast import NGHI
from kit import clock
from kit.clock import LOCAL
from kit.database import insert_many, new_id, run
from kit.scheduler import Job, run_job
from people.permissions import MACHINE
from sessions.courses.commands import (
    OnDayForm,
    open_course,
)
from sessions.enrolments.commands import (
    EnrolForm,
    enrol_people,
)
from sessions.meetings.commands import MoveForm, schedule_sessions
from tests.courses import a_course, a_time
from tests.sessions.lookups import town
from tests.world import id_of

EVE = clock.today() + timedelta(days=30)
DAY = EVE + timedelta(days=1)
ANH, AN = "Cao Thị Ánh", "Bùi Văn An"


def at(day: date, hours: str) -> datetime:
    """A local time of a day."""
    hour, _, minute = hours.partition(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=LOCAL)


@asynccontextmanager
async def on(instant: datetime) -> AsyncIterator[None]:
    """At an instant."""
    with clock.frozen(instant):
        yield


async def run_at(job: Job, instant: datetime) -> None:
    """Let a job run as the clock would at an instant."""
    async with on(instant):
        await run_job(job)


async def a_class(
    *names: str, day: date = DAY, hours: str = "08:00-11:30", **more: Any
) -> tuple[UUID, UUID]:
    """A course of Nghị's, open since the first of the month, that meets on a day at 08:00."""
    async with on(at(EVE - timedelta(days=20), "09:00")):
        nghi = await id_of(NGHI.name)
        course = await a_course(await town(), trainers=[nghi], **more)
        (meeting,) = await schedule_sessions(
            MACHINE, course, a_time(day, hours, venue="Hội trường", trainer=nghi)
        )
        await open_course(MACHINE, course, OnDayForm(on=clock.today(), version=1))
        if names:
            people = [await id_of(name) for name in names]
            await enrol_people(MACHINE, course, EnrolForm(people=people))
    return course, meeting


async def address(name: str, email: str) -> None:
    await run("UPDATE person SET email = {} WHERE id = {}", email, await id_of(name))


async def told(kind: str) -> list[str]:
    """Who was told a kind of thing, by name."""
    found = await run(
        "SELECT p.name FROM notice n JOIN person p ON p.id = n.person WHERE n.kind = {}"
        " ORDER BY p.name",
        kind,
    )
    return [line["name"] for line in found]


async def mark(meeting: UUID, name: str, state: str = "present", minute: int = 0) -> None:
    """Note that somebody was there."""
    taken = at(DAY, "08:00") + timedelta(minutes=minute)
    words = {"state": state, "via": "hand", "marked_at": taken, "received_at": taken}
    ids = {"id": new_id(), "nonce": new_id(), "training_session": meeting}
    await insert_many("mark", [{**ids, "person": await id_of(name), **words}])


def move(day: date, hours: str = "08:00-11:30", version: int = 1) -> MoveForm:
    """A session's new time."""
    times = a_time(day, hours, venue="Hội trường").model_dump(exclude={"times", "skip_holidays"})
    return MoveForm.model_validate({**times, "reason": "Trùng họp", "version": version})
