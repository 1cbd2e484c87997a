"""A session whose attendance is taken stays in the past; its hours and its day may be mended."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from demo.cast import NGHI, TAM
from kit import clock
from kit.database import run, value
from kit.errors import Refused
from people.permissions import MACHINE
from sessions.attendance.commands import finish_attendance
from sessions.meetings.commands import MoveForm, move_session
from tests.courses import a_time
from tests.programs import V1, is_problem, program
from tests.sessions.classroom import ANH, Classroom, a_classroom, at, mark, states
from tests.sessions.lookups import SOON, meeting_of
from tests.teams.lookups import how_many
from tests.visitor import visit, who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
TODAY = clock.today()
NOON, TOMORROW, YESTERDAY = (
    at("12:00", TODAY),
    TODAY + timedelta(days=1),
    TODAY - timedelta(days=1),
)


def to(day: date, hours: str = "08:00-11:30", version: int = 1) -> MoveForm:
    times = a_time(day, hours).model_dump(exclude={"times", "skip_holidays"})
    return MoveForm.model_validate({**times, "reason": "Gõ nhầm ngày", "version": version})


async def taken_today() -> Classroom:
    """A session of today in which Ánh is marked present."""
    room = await a_classroom()
    assert (await mark(await who_is(NGHI), room, ANH)).status == "created"
    return room


async def test_it_is_not_moved_to_a_day_to_come_and_nobody_is_told() -> None:
    with clock.frozen(NOON):
        room = await taken_today()
        for _time in range(2):
            with pytest.raises(Refused) as refused:
                await move_session(await who_is(TAM), room.meeting, to(TOMORROW))
            assert "điểm danh" in refused.value.fields["day"]
        assert (await meeting_of(room.meeting)).day == TODAY
    assert await how_many("session.move") == 0
    assert await value("SELECT count(*) FROM notice WHERE kind = 'session.moved'") == 0


async def test_its_hours_and_a_day_gone_by_may_still_be_mended() -> None:
    with clock.frozen(NOON):
        room, tam = await taken_today(), await who_is(TAM)
        await move_session(tam, room.meeting, to(TODAY, "13:00-16:00"))
        await move_session(tam, room.meeting, to(YESTERDAY, version=2))
        await move_session(tam, room.meeting, to(TODAY, version=3))
        assert (await meeting_of(room.meeting)).day == TODAY
        assert (await states(room))[ANH] == "present"
    assert await how_many("session.move") == 3


async def test_with_its_marks_taken_back_it_moves_and_is_to_be_taken_again() -> None:
    with clock.frozen(NOON):
        room, nghi = await taken_today(), await who_is(NGHI)
        await finish_attendance(nghi, room.meeting)
        await mark(nghi, room, ANH, "cleared")
        await move_session(await who_is(TAM), room.meeting, to(TOMORROW))
        found = await meeting_of(room.meeting)
    assert (found.day, found.taken_at) == (TOMORROW, None)


async def test_an_excuse_noted_before_goes_along() -> None:
    room = await a_classroom(day=SOON)
    await mark(await who_is(NGHI), room, ANH, "excused")
    await move_session(MACHINE, room.meeting, to(SOON + timedelta(days=1)))
    assert (await states(room))[ANH] == "excused"


async def test_the_page_and_a_program_are_told_beside_the_day() -> None:
    with clock.frozen(NOON):
        room = await taken_today()
        sent = {"day": TOMORROW.strftime("%d/%m/%Y"), "starts": "8h", "ends": "11:30"}
        sent |= {"reason": "Giảng viên bận", "version": "1"}
        async with await visit(TAM) as tam:
            page = await tam.post(f"/sessions/{room.meeting}/move", sent)
        assert page.status_code == 422
        assert 'id="day-wrong"' in page.text
        assert "Giảng viên bận" in page.text
        body = {"day": TOMORROW.isoformat(), "reason": "Giảng viên bận", "version": 1}
        async with await program(TAM) as api:
            answer = await api.patch(f"{V1}/sessions/{room.meeting}", json=body)
        assert is_problem(answer, 422)["errors"][0]["field"] == "day"
    assert [one["day"] for one in await run("SELECT day FROM training_session")] == [TODAY]
