"""Two at the same moment: a clash that neither could see alone, a room that both would make."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextvars import copy_context
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest

from demo.cast import HAN, TAM
from kit import clock
from kit.database import transaction, value
from kit.errors import Refused
from people.permissions import MACHINE
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import MoveForm, ScheduleForm, move_session, schedule_sessions
from tests.courses import a_course, a_time
from tests.sessions.classroom import ANH, a_classroom, mark, number_of_marks
from tests.sessions.lookups import SOON, course_of, meeting_of, town
from tests.visitor import visit
from tests.world import id_of

Result = TypeVar("Result")
FRESH = copy_context()
"""Outside any transaction: a task made within one would believe it is still in it."""
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def begun(
    late: Callable[[], Coroutine[Any, Any, Result]],
) -> asyncio.Task[Result]:
    """A command of somebody else, begun within a transaction, for whose end it waits."""
    started = asyncio.Event()

    async def act() -> Result:
        started.set()
        return await late()

    task = asyncio.get_running_loop().create_task(act(), context=FRESH.copy())
    await started.wait()
    await asyncio.sleep(0.3)
    assert not task.done()
    return task


async def while_another_has_not_committed(
    first: UUID, form: ScheduleForm, second: UUID, other: ScheduleForm
) -> asyncio.Task[list[UUID]]:
    """Schedule for a course, and for another one before the first is committed."""
    async with transaction():
        await schedule_sessions(MACHINE, first, form)
        task = await begun(lambda: schedule_sessions(MACHINE, second, other))
    await asyncio.wait([task])
    return task


async def test_a_clash_of_trainees_alone_is_seen_by_the_later_one() -> None:
    first, second = await a_course(await town(), "Lớp một"), await a_course(await town(), "Lớp hai")
    for course in (first, second):
        await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(HAN.name)]))
    task = await while_another_has_not_committed(
        first, a_time(SOON), second, a_time(SOON, "10:00-12:00")
    )
    refused = task.exception()
    assert isinstance(refused, Refused)
    assert [clash.kind for clash in refused.details] == ["trainees"]  # type: ignore[attr-defined]


async def test_a_room_that_both_name_first_is_made_once() -> None:
    first, second = await a_course(await town(), "Lớp một"), await a_course(await town(), "Lớp hai")
    hall = {"venue": "Hội trường mới"}
    task = await while_another_has_not_committed(
        first, a_time(SOON, **hall), second, a_time(SOON, "14:00-16:00", **hall)
    )
    assert len(task.result()) == 1
    assert await value("SELECT count(*) FROM venue") == 1


def to(day: date) -> MoveForm:
    times = a_time(day).model_dump(exclude={"times", "skip_holidays"})
    return MoveForm.model_validate({**times, "reason": "Gõ nhầm ngày", "version": 1})


async def test_nobody_is_marked_in_a_session_that_moves_to_a_day_to_come() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=1))
    async with transaction():
        await move_session(MACHINE, room.meeting, to(SOON))
        task = await begun(lambda: mark(MACHINE, room, ANH))
    await asyncio.wait([task])
    assert isinstance(refused := task.exception(), Refused)
    assert (refused.status, await number_of_marks()) == (409, 0)
    assert [error["field"] for error in (await mark(MACHINE, room, ANH)).errors] == ["state"]


async def test_no_session_moves_to_a_day_to_come_while_somebody_is_marked_in_it() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=1))
    async with transaction():
        assert (await mark(MACHINE, room, ANH)).status == "created"
        task = await begun(lambda: move_session(MACHINE, room.meeting, to(SOON)))
    await asyncio.wait([task])
    assert isinstance(refused := task.exception(), Refused)
    assert "điểm danh" in refused.fields["day"]
    assert (await meeting_of(room.meeting)).day < clock.today()


async def test_who_was_slower_sees_both_values() -> None:
    course = await a_course(await town(), "Lớp cũ")
    sent = {
        "theme": "digital_transformation",
        "area": str(await town()),
        "required_periods": "8",
        "capacity": "30",
        "version": "1",
    }
    async with await visit(TAM) as tam:
        await tam.post(f"/courses/{course}/edit", {**sent, "title": "Tên của người kia"})
        late = await tam.post(
            f"/courses/{course}/edit", {**sent, "title": "Tên của tôi", "capacity": "45"}
        )
        assert late.status_code == 409
        for word in (
            "Giá trị người khác vừa lưu",
            "Tên của người kia",
            'value="Tên của tôi"',
            "45",
        ):
            assert word in late.text
        again = {**sent, "title": "Tên của tôi", "version": "2"}
        assert (await tam.post(f"/courses/{course}/edit", again)).status_code == 303
    assert (await course_of(course)).title == "Tên của tôi"
