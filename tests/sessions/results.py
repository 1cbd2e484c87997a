"""Courses that are over, with marks and scores, for the tests of results."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from kit import clock
from kit.database import insert_many, new_id, run
from people.permissions import MACHINE, Who
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.results.commands import Entered, ResultsForm, ScoreForm, enter_results
from sessions.results.figures import Standing, standing
from tests.courses import a_course
from tests.sessions.lookups import town
from tests.world import id_of

AN, ANH, HOANG = "Bùi Văn An", "Cao Thị Ánh", "Hồ Minh Hoàng"
THREE = (AN, ANH, HOANG)


def days_ago(count: int) -> date:
    """A day before today."""
    return clock.today() - timedelta(days=count)


async def a_held_course(
    people: Sequence[str] = THREE, days: Sequence[int] = (14, 7), **more: Any
) -> tuple[UUID, list[UUID]]:
    """A course of the town whose sessions of 4 periods were held some days ago, with people who
    took part from before the first one."""
    course = await a_course(await town(), **more)
    meetings = [await a_held_session(course, days_ago(ago)) for ago in days]
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(name) for name in people]))
    since = days_ago(max([*days, 1]) + 1)
    await run("UPDATE enrolment SET since = {} WHERE course = {}", since, course)
    return course, meetings


async def a_held_session(course: UUID, day: date, periods: int = 4) -> UUID:
    """A session on a day that may be past, which nobody schedules."""
    meeting = {
        "id": new_id(),
        "course": course,
        "day": day,
        "starts": 480,
        "ends": 660,
        "periods": periods,
        "secret": "secret",
        "made_at": clock.now(),
    }
    await insert_many("training_session", [meeting])
    return meeting["id"]  # type: ignore[return-value]


async def mark(
    meeting: UUID, states: Mapping[str, str | tuple[str, int]], substitute: UUID | None = None
) -> None:
    """Note how people were there; a pair tells the minutes too. Of substitutes it may be told who
    they are."""
    for name, told in states.items():
        state, minutes = told if isinstance(told, tuple) else (told, None)
        line = {
            "id": new_id(),
            "nonce": new_id(),
            "training_session": meeting,
            "person": await id_of(name),
            "state": state,
            "minutes": minutes,
            "substitute": substitute,
            "substitute_name": "Người khác" if state == "substitute" and not substitute else "",
            "marked_at": clock.now(),
            "received_at": clock.now(),
            "via": "hand",
        }
        await insert_many("mark", [line])


async def enter(
    course: UUID, scores: Mapping[str, int | None], by: Who = MACHINE, reason: str = ""
) -> Entered:
    """Enter scores in tenths over what stands."""
    now = {one.name: one.score for one in await standing(MACHINE, course)}
    told = [
        ScoreForm(person=await id_of(name), score=score, was=now.get(name))
        for name, score in scores.items()
    ]
    form = ResultsForm(tested_on=clock.today(), reason=reason, scores=told)
    return await enter_results(by, course, form)


async def standing_of(course: UUID, name: str) -> Standing:
    """Where somebody stands."""
    return next(one for one in await standing(MACHINE, course) if one.name == name)
