"""A session of the late evening: its door stays open after midnight, to everybody alike."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from demo.cast import NGHI
from kit import clock
from kit.database import run
from kit.errors import Refused
from people.permissions import MACHINE
from sessions.courses.commands import (
    CancelForm,
    OnDayForm,
    cancel_course,
    close_course,
    open_course,
)
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.walk_ins.commands import WalkInForm, let_in
from tests.sessions.classroom import AN, ANH, HOANG_M, Classroom, a_classroom, at, ledger, states
from tests.sessions.doors import arrive
from tests.sessions.lookups import course_of
from tests.teams.lookups import how_many
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
TODAY = clock.today()
TOMORROW = TODAY + timedelta(days=1)
TEN_PAST, CLOSED = at("00:10", TOMORROW), at("00:30", TOMORROW)


async def late_class(*names: str) -> Classroom:
    """A session from ten at night to midnight; its door shuts half an hour later."""
    with clock.frozen(at("12:00", TODAY)):
        return await a_classroom(*names, hours="22:00-24:00")


async def come(room: Classroom, name: str) -> None:
    await let_in(await who_is(NGHI), room.meeting, WalkInForm(person=await id_of(name)))


async def test_ten_minutes_after_midnight_both_the_trainee_and_who_walks_in_get_in() -> None:
    room = await late_class(ANH, AN)
    with clock.frozen(TEN_PAST):
        await arrive(room, "an", "102")
        for _time in range(2):
            await come(room, HOANG_M)
    with clock.frozen(at("23:00", TODAY)):
        assert await states(room) == {AN: "late", ANH: None, HOANG_M: "late"}
    assert await ledger(room, HOANG_M) == ["late"]
    assert await how_many("enrolment.door") == 1
    since = await run("SELECT since FROM enrolment WHERE person = {}", await id_of(HOANG_M))
    assert [one["since"] for one in since] == [TODAY]


@pytest.mark.parametrize("instant", [CLOSED, at("08:00", TOMORROW), at("23:59", TOMORROW)])
async def test_once_the_door_is_shut_on_the_next_day_neither_does(instant: datetime) -> None:
    room = await late_class(ANH, AN)
    with clock.frozen(instant):
        with pytest.raises(Refused, match="đúng ngày học"):
            await come(room, HOANG_M)
        with pytest.raises(Refused):
            await arrive(room, "an", "102")
    assert await how_many("enrolment.door") == 0


async def test_who_was_enrolled_after_midnight_is_let_into_the_session_that_goes_on() -> None:
    room = await late_class(ANH)
    with clock.frozen(TEN_PAST):
        await enrol_people(MACHINE, room.course, EnrolForm(people=[await id_of(AN)]))
        await run("UPDATE course SET capacity = 2 WHERE id = {}", room.course)
        await come(room, AN)
    assert await ledger(room, AN) == ["late"]


async def test_a_course_that_closes_with_the_day_keeps_the_door_of_its_last_session_open() -> None:
    room = await late_class(ANH)
    with clock.frozen(at("12:00", TODAY)):
        await open_course(MACHINE, room.course, OnDayForm(on=TODAY, version=1))
        await close_course(MACHINE, room.course, OnDayForm(on=TOMORROW, version=2))
    with clock.frozen(TEN_PAST):
        assert (await course_of(room.course)).state == "closed"
        await come(room, HOANG_M)
    assert await ledger(room, HOANG_M) == ["late"]


async def test_a_course_cancelled_at_midnight_lets_nobody_in() -> None:
    room = await late_class(ANH)
    with clock.frozen(at("00:05", TOMORROW)):
        await cancel_course(MACHINE, room.course, CancelForm(reason="Mất điện", version=1))
        with pytest.raises(Refused):
            await come(room, HOANG_M)


async def test_the_page_offers_it_as_long_as_the_door_is_open() -> None:
    room = await late_class(ANH)
    address = f"/sessions/{room.meeting}/walk-ins/new"
    async with await visit(NGHI) as nghi:
        with clock.frozen(TEN_PAST):
            assert 'id="new"' in (await nghi.get(address)).text
        with clock.frozen(CLOSED):
            assert "đúng ngày học" in (await nghi.get(address)).text


async def test_the_door_of_an_early_session_opens_the_evening_before_to_both() -> None:
    with clock.frozen(at("12:00", TODAY)):
        room = await a_classroom(ANH, AN, hours="00:10-02:00", day=TOMORROW)
    with clock.frozen(at("23:30", TODAY)):
        await arrive(room, "an", "102")
        await come(room, HOANG_M)
    with clock.frozen(at("01:00", TOMORROW)):
        assert await states(room) == {AN: "present", ANH: None, HOANG_M: "present"}
