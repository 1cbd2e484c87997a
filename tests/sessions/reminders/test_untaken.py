"""The clock asks after marks not taken: the trainer in the evening, then the coordinator."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.cast import NGHI, SEN, TAM
from kit.database import value
from people.permissions import MACHINE
from sessions.courses.commands import (
    CancelForm,
    OnDayForm,
    open_course,
)
from sessions.enrolments.commands import (
    EnrolForm,
    enrol_people,
)
from sessions.meetings.commands import cancel_session, schedule_sessions
from sessions.reminders.jobs import UNTAKEN
from tests.courses import a_course, a_time
from tests.sessions.lookups import town
from tests.sessions.reminders.clockwork import (
    AN,
    ANH,
    DAY,
    EVE,
    a_class,
    at,
    mark,
    on,
    run_at,
    told,
)
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_marks_are_asked_after_in_the_evening_and_next_morning() -> None:
    _, meeting = await a_class(ANH, AN)
    await mark(meeting, ANH)
    await run_at(UNTAKEN, at(DAY, "17:45"))
    assert await told("session.untaken") == []
    for hours in ("18:00", "18:15", "23:45"):
        await run_at(UNTAKEN, at(DAY, hours))
    assert await told("session.untaken") == [NGHI.name]
    words = await value("SELECT words FROM notice WHERE kind = 'session.untaken'")
    assert '"count": 1' in words
    for hours in ("07:15", "07:30", "07:45"):
        await run_at(UNTAKEN, at(DAY + timedelta(days=1), hours))
    assert await told("session.untaken") == [TAM.name, NGHI.name]


async def test_who_coordinates_nearest_is_asked() -> None:
    async with on(at(EVE, "09:00")):
        course = await a_course(await id_of("Xã Bình Lãng"))
        await schedule_sessions(MACHINE, course, a_time(DAY))
        await open_course(MACHINE, course, OnDayForm(on=EVE, version=1))
        await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(ANH)]))
    await run_at(UNTAKEN, at(DAY + timedelta(days=1), "07:30"))
    assert await told("session.untaken") == [SEN.name]


async def test_nobody_is_asked_after_marks_that_are_there_or_of_a_session_that_was_not() -> None:
    _, meeting = await a_class(ANH)
    _, other = await a_class(AN, title="Lớp hoãn", hours="13:30-16:30")
    await mark(meeting, ANH)
    async with on(at(DAY, "07:00")):
        await cancel_session(MACHINE, other, CancelForm(reason="Mất điện", version=1))
    await run_at(UNTAKEN, at(DAY, "18:00"))
    await run_at(UNTAKEN, at(DAY + timedelta(days=1), "08:00"))
    assert await told("session.untaken") == []
    await mark(meeting, ANH, "cleared", minute=9)
    await run_at(UNTAKEN, at(DAY + timedelta(days=1), "08:15"))
    assert await told("session.untaken") == [TAM.name, NGHI.name]


async def test_an_evening_class_is_asked_after_when_it_is_over() -> None:
    async with on(at(EVE, "09:00")):
        course = await a_course(await town(), trainers=[await id_of(NGHI.name)])
        await schedule_sessions(MACHINE, course, a_time(DAY, "18:00-20:30"))
        await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(ANH)]))
    await run_at(UNTAKEN, at(DAY, "20:45"))
    assert await told("session.untaken") == []
    await run_at(UNTAKEN, at(DAY, "21:00"))
    assert await told("session.untaken") == [NGHI.name]


async def test_what_nobody_asked_after_in_a_week_is_dropped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await a_class(ANH)
    await run_at(UNTAKEN, at(DAY, "07:00"))
    await run_at(UNTAKEN, at(DAY + timedelta(days=10), "07:00"))
    await run_at(UNTAKEN, at(DAY + timedelta(days=10), "07:15"))
    assert await told("session.untaken") == []
    dropped = [one for one in caplog.records if one.message == "reminder dropped"]
    assert [one.__dict__["slot"] for one in dropped] == [f"{DAY} evening", f"{DAY} morning"]
