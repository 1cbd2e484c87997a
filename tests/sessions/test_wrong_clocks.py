"""Phones whose clock is wrong: their taps are kept, and overrule no later correction unseen."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.cast import NGHI, TAM
from kit import clock
from kit.database import run
from sessions.attendance.ledger import AROUND, KEPT, believed
from tests.sessions.classroom import AN, ANH, a_classroom, at, ledger, mark, states
from tests.visitor import who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
TODAY = clock.today()
LONG_AGO = datetime(2026, 1, 1, tzinfo=clock.LOCAL)
DAYS = timedelta(days=3)


def today(hours: str) -> datetime:
    return at(hours, TODAY)


async def test_a_later_correction_holds_over_a_phone_that_is_days_ahead() -> None:
    room, nghi, tam = await a_classroom(), await who_is(NGHI), await who_is(TAM)
    with clock.frozen(today("08:05")):
        await mark(nghi, room, ANH, "present", marked_at=clock.now() + DAYS)
    with clock.frozen(today("09:00")):
        fixed = await mark(tam, room, ANH, "unexcused", marked_at=clock.now())
    assert fixed.state == "unexcused"
    assert await ledger(room, ANH) == ["unexcused", "present"]


@pytest.mark.parametrize("ahead", [timedelta(minutes=40), timedelta(hours=11)])
async def test_it_holds_over_one_that_is_hours_ahead_too(ahead: timedelta) -> None:
    room, nghi, tam = await a_classroom(), await who_is(NGHI), await who_is(TAM)
    with clock.frozen(today("08:05")):
        await mark(nghi, room, ANH, "present", marked_at=clock.now() + ahead)
    with clock.frozen(today("08:30")):
        await mark(tam, room, ANH, "excused", marked_at=clock.now())
    assert await ledger(room, ANH) == ["excused", "present"]


@pytest.mark.parametrize("wrong", [DAYS, -DAYS, -KEPT - DAYS])
async def test_a_tap_that_such_a_phone_kept_does_not_overrule_what_was_corrected_meanwhile(
    wrong: timedelta,
) -> None:
    room, nghi, tam = await a_classroom(), await who_is(NGHI), await who_is(TAM)
    tap = today("08:05") + wrong
    with clock.frozen(today("10:00")):
        await mark(tam, room, ANH, "excused")
    with clock.frozen(today("11:00")):
        late = await mark(nghi, room, ANH, "present", marked_at=tap)
        first = await mark(nghi, room, AN, "present", marked_at=tap)
    assert (late.status, late.state) == ("created", "excused")  # the phone is told what holds
    assert await ledger(room, ANH) == ["excused", "present"]
    assert first.state == "present"


async def test_sent_after_the_day_of_the_session_it_must_say_why() -> None:
    day = TODAY - DAYS
    room, nghi, tam = await a_classroom(day=day), await who_is(NGHI), await who_is(TAM)
    with clock.frozen(at("10:00", day)):
        await mark(tam, room, ANH, "excused")
    tap = at("08:05", day) + timedelta(days=2)
    with clock.frozen(today("08:00")):
        late = await mark(nghi, room, ANH, "present", marked_at=tap)
        assert [error["field"] for error in late.errors] == ["reason"]
        assert (await states(room))[ANH] == "excused"
        why = await mark(nghi, room, ANH, "present", marked_at=tap, reason="Có mặt, ký sau")
    assert why.state == "present"


async def test_with_such_a_phone_one_corrects_ones_own_taps() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    for minute, state in enumerate(("present", "late", "excused")):
        with clock.frozen(today(f"08:0{minute}")):
            told = await mark(nghi, room, ANH, state, marked_at=clock.now() + DAYS)
        assert told.state == state
    found = await run("SELECT marked_at, received_at FROM mark")
    assert {one["received_at"] - one["marked_at"] for one in found} == {AROUND}


MOMENTS = st.timedeltas(timedelta(days=-400), timedelta(days=400))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MOMENTS, st.none() | MOMENTS)
async def test_no_tap_counts_as_made_after_it_came_but_for_one_after_what_its_maker_saw(
    off: timedelta, before: timedelta | None
) -> None:
    last = None if before is None else LONG_AGO + before
    found = believed(LONG_AGO, LONG_AGO + off, last)
    assert found <= max(LONG_AGO, (last or LONG_AGO) + timedelta(microseconds=1))
    if off < timedelta() and -off < KEPT:
        assert found == LONG_AGO + off
