"""Who moves up from the line of a course: seated without asking, and told what they have then."""

from __future__ import annotations

from uuid import UUID

from kit import clock
from kit.database import SQL
from sessions.enrolments.clashes import list_busy
from sessions.enrolments.line import seat_waiting
from sessions.reminders.queries import (
    list_course_readers,
    list_keepers,
    nearest,
    trainers_of_courses,
)
from sessions.tellings import Reader, tell_busy, tell_seated


async def move_up(course: UUID, title: str, path: str) -> list[UUID]:
    """Seat whoever waits while seats of a course are free; who moved up. Each of them is told, and
    with whoever sees the course of a session that they have elsewhere at the same time.

    Call it while the course is held. No turns of the days are taken, for nothing is asked: who
    enrols the same people elsewhere, or schedules for them, counts those who wait, and is asked.
    """
    people = await seat_waiting(course, clock.today())
    if not people:
        return []
    busy = await list_busy(course, people, SQL("e.state = 'enrolled'"), SQL("1 = 1"))
    await tell_seated(course, title, people, busy)
    if busy:
        await tell_busy(course, title, await _readers(course, path), busy)
    return people


async def _readers(course: UUID, path: str) -> list[Reader]:
    """The trainers of a course who see it today, else the coordinators nearest to it."""
    trainers = (await trainers_of_courses([course])).get(course, [])
    seeing = [one for one in await _with_sight(trainers) if one.sees(path)]
    return seeing or await _with_sight(nearest(await list_keepers(), path))


async def _with_sight(people: list[UUID]) -> list[Reader]:
    paths: dict[UUID, list[str]] = {}
    for one in await list_course_readers(people):
        paths.setdefault(one.person, []).append(one.path)
    return [Reader(person, tuple(paths.get(person, ()))) for person in dict.fromkeys(people)]
