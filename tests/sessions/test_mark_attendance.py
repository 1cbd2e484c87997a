"""Marking people in a session: what holds, what is kept, who may, and until when."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime, timedelta

import asyncpg
import pytest

from demo.cast import HOANG, NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import new_id, run, transaction, value
from kit.errors import Forbidden, NotFound, Refused
from kit.forms import check
from people.permissions import MACHINE
from sessions.attendance.commands import (
    MarkForm,
    finish_attendance,
    mark_attendance,
    mark_rest,
    write_mark,
)
from sessions.attendance.queries import find_held
from sessions.courses.commands import CancelForm
from sessions.meetings.commands import cancel_session
from tests.sessions.classroom import (
    AN,
    ANH,
    HOANG_M,
    a_classroom,
    a_mark,
    at,
    ledger,
    mark,
    number_of_marks,
    states,
)
from tests.teams.lookups import how_many, last_line
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
FIFTEEN = timedelta(seconds=16)


async def test_a_trainer_marks_people_in_one_act_and_one_line_of_the_log() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    marks = [await a_mark(ANH), await a_mark(AN, "late", minutes=50)]
    results = await mark_attendance(nghi, room.meeting, marks, "hand")
    assert [(one.status, one.state) for one in results] == [
        ("created", "present"),
        ("created", "late"),
    ]
    assert await states(room) == {AN: "late", ANH: "present", HOANG_M: None}
    line = await last_line("attendance.mark")
    assert line["doer"] == NGHI.name
    assert '"late": 1' in line["after"]
    assert await how_many("attendance.mark") == 1


async def test_the_same_nonce_again_is_a_duplicate_and_another_content_a_conflict() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    told = await a_mark(ANH)
    await mark_attendance(nghi, room.meeting, [told], "api")
    [again] = await mark_attendance(nghi, room.meeting, [told], "api")
    other = told.model_copy(update={"state": "unexcused"})
    [clash] = await mark_attendance(nghi, room.meeting, [other], "api")
    assert (again.status, clash.status) == ("duplicate", "conflict")
    assert clash.state == "present"
    assert await number_of_marks() == 1
    assert await how_many("attendance.mark") == 1


async def test_a_nonce_twice_in_a_call_is_once_and_other_minutes_are_another_content() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    told = await a_mark(ANH, "late", minutes=5)
    other = told.model_copy(update={"minutes": 9})
    results = await mark_attendance(nghi, room.meeting, [told, told, other], "api")
    assert [one.status for one in results] == ["created", "duplicate", "conflict"]
    [later] = await mark_attendance(nghi, room.meeting, [other], "api")
    assert later.status == "conflict"
    assert await number_of_marks() == 1


@pytest.mark.parametrize("told", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00"])
async def test_the_wildest_clock_holds_no_mark_up(told: str) -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=1))
    await mark(await who_is(TAM), room, ANH)
    wild = datetime.fromisoformat(told)
    assert (await mark(await who_is(NGHI), room, AN, marked_at=wild)).status == "created"
    await mark(await who_is(NGHI), room, ANH, "late", marked_at=wild)


async def test_a_bad_mark_never_holds_up_the_others() -> None:
    room = await a_classroom(ANH)
    stranger, fine = await a_mark(AN), await a_mark(ANH)
    results = await mark_attendance(MACHINE, room.meeting, [stranger, fine], "api")
    assert [one.status for one in results] == ["rejected", "created"]
    assert results[0].errors[0]["field"] == "person"


async def test_strangers_readers_and_members_mark_nobody() -> None:
    room = await a_classroom()
    with pytest.raises(NotFound):
        await mark(await who_is(SEN), room, ANH)
    for player in (TOAN, HOANG):
        with pytest.raises(Forbidden):
            await mark(await who_is(player), room, ANH)
    assert await number_of_marks() == 0


async def test_the_last_tap_by_its_own_time_wins_and_all_are_kept() -> None:
    room, tam, nghi = await a_classroom(), await who_is(TAM), await who_is(NGHI)
    now = clock.now()
    await mark(nghi, room, ANH, "unexcused", marked_at=now - timedelta(minutes=5))
    late = await mark(tam, room, ANH, "present", marked_at=now - timedelta(minutes=9))
    assert late.status == "created"
    assert late.state == "unexcused"
    assert await ledger(room, ANH) == ["unexcused", "present"]


async def test_a_tap_kept_for_days_does_not_overrule_what_was_corrected_since() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=2))
    tap = at("08:05", clock.today() - timedelta(days=2))
    nghi = await who_is(NGHI)
    with clock.frozen(tap + timedelta(hours=2)):
        await mark(MACHINE, room, ANH, "excused")
    late = await mark(nghi, room, ANH, "unexcused", marked_at=tap)
    assert (late.status, late.state) == ("created", "excused")
    assert await ledger(room, ANH) == ["excused", "unexcused"]


async def test_a_tap_on_the_page_wins_over_a_phone_whose_clock_is_ahead() -> None:
    room = await a_classroom()
    with clock.frozen(at("22:30")):
        await mark(MACHINE, room, ANH, "present", marked_at=clock.now() + timedelta(hours=3))
        await mark(MACHINE, room, ANH, "unexcused")
    assert (await states(room))[ANH] == "unexcused"


async def test_nobody_is_in_a_session_before_joining_or_after_leaving() -> None:
    room = await a_classroom(ANH, AN)
    today = clock.today()
    sql = "UPDATE enrolment SET since = {} WHERE person = {}"
    await run(sql, today + timedelta(days=1), await id_of(ANH))
    assert (await mark(MACHINE, room, ANH)).errors[0]["field"] == "person"
    assert list(await states(room)) == [AN]


async def test_a_phone_sends_the_taps_of_the_day_on_the_day_after() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=1))
    yesterday = clock.today() - timedelta(days=1)
    await mark(await who_is(TAM), room, ANH, "unexcused", marked_at=at("08:00", yesterday))
    sent = await mark(await who_is(NGHI), room, ANH, "late", marked_at=at("23:50", yesterday))
    assert sent.status == "created"


async def test_only_an_excuse_is_noted_before_the_day() -> None:
    room = await a_classroom(day=clock.today() + timedelta(days=3))
    assert (await mark(MACHINE, room, ANH)).errors[0]["field"] == "state"
    assert (await mark(MACHINE, room, ANH, "excused")).status == "created"


async def test_a_change_after_the_day_says_why() -> None:
    room, nghi = await a_classroom(day=clock.today() - timedelta(days=2)), await who_is(NGHI)
    assert (await mark(nghi, room, ANH)).status == "created"
    with clock.frozen(clock.now() + FIFTEEN):
        assert (await mark(nghi, room, ANH, "late")).errors[0]["field"] == "reason"
        fixed = await mark(nghi, room, ANH, "late", reason="Ghi nhầm người")
    assert (fixed.status, fixed.state) == ("created", "late")
    assert await ledger(room, ANH) == ["late", "present"]


async def test_after_the_lock_only_a_coordinator_corrects_and_says_why() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=8))
    refused = await mark(await who_is(NGHI), room, ANH, reason="Quên điểm danh")
    assert refused.status == "rejected"
    tam = await who_is(TAM)
    assert (await mark(tam, room, ANH)).errors[0]["field"] == "reason"
    assert (await mark(tam, room, ANH, reason="Theo danh sách ký")).status == "created"


async def test_the_last_day_before_the_lock_is_open() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=7))
    assert (await mark(await who_is(NGHI), room, ANH)).status == "created"


async def test_a_cancelled_session_takes_no_marks() -> None:
    room = await a_classroom()
    await cancel_session(MACHINE, room.meeting, CancelForm(reason="Mất điện", version=1))
    with pytest.raises(Refused):
        await mark(MACHINE, room, ANH)
    with pytest.raises(Refused):
        await finish_attendance(MACHINE, room.meeting)


async def test_a_substitute_is_a_person_within_reach_or_a_name() -> None:
    room, nghi = await a_classroom(ANH), await who_is(NGHI)
    unknown = await mark(nghi, room, ANH, "substitute", substitute=new_id())
    assert unknown.errors[0]["field"] == "substitute"
    named = await mark(nghi, room, ANH, "substitute", substitute_name="Lê Văn Dự")
    known = await mark(nghi, room, ANH, "substitute", substitute=await id_of(AN))
    assert (named.status, known.status) == ("created", "created")


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"state": "present", "minutes": 5}, "minutes"),
        ({"state": "late", "minutes": 721}, "minutes"),
        ({"state": "substitute"}, "substitute_name"),
        ({"state": "present", "substitute_name": "Lê Văn Dự"}, "substitute_name"),
        ({"state": "asleep"}, "state"),
        ({"state": "present", "reason": "x"}, "reason"),
    ],
)
async def test_what_a_mark_cannot_say(told: dict[str, object], field: str) -> None:
    with pytest.raises(Refused) as refused:
        check(MarkForm, {"nonce": new_id(), "person": new_id(), **told})
    assert list(refused.value.fields) == [field]


async def test_the_rest_is_present_and_twice_is_once() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    await mark(nghi, room, ANH, "unexcused")
    assert (await mark_rest(nghi, room.meeting))[0] == 2
    assert (await mark_rest(nghi, room.meeting))[0] == 0
    assert await states(room) == {AN: "present", ANH: "unexcused", HOANG_M: "present"}
    assert await how_many("attendance.rest") == 1


async def test_all_taken_is_said_once() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    await finish_attendance(nghi, room.meeting)
    await finish_attendance(nghi, room.meeting)
    assert await value("SELECT taken_by FROM training_session") == nghi.person
    assert await how_many("attendance.finish") == 1
    ahead = await a_classroom(day=clock.today() + timedelta(days=2))
    with pytest.raises(Refused):
        await finish_attendance(nghi, ahead.meeting)


async def test_two_trainers_at_once_lose_no_mark() -> None:
    room, tam, nghi = await a_classroom(), await who_is(TAM), await who_is(NGHI)
    taps = [
        mark(by, room, name, state)
        for name in (ANH, AN, HOANG_M)
        for by in (tam, nghi)
        for state in ("present", "late", "excused")
    ]
    results = await asyncio.gather(*taps)
    assert {one.status for one in results} == {"created"}
    assert await number_of_marks() == len(taps)


async def test_a_nonce_in_flight_twice_is_one_mark() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    marks = [await a_mark(name) for name in (ANH, AN, HOANG_M)]
    sent = [mark_attendance(nghi, room.meeting, marks[::step], "api") for step in (1, -1, 1, -1)]
    results = [one for found in await asyncio.gather(*sent) for one in found]
    assert sorted(one.status for one in results) == ["created"] * 3 + ["duplicate"] * 9
    assert await number_of_marks() == 3


async def test_a_trainee_checks_in_within_another_transaction() -> None:
    room = await a_classroom()
    async with transaction():
        held = await find_held(MACHINE, room.meeting)
        told = await a_mark(ANH)
        marked = await write_mark(held, told, by=None, via="qr", device="ab12")
    assert (marked.status, marked.state) == ("created", "present")
    stored = (await run("SELECT by, via, device FROM mark"))[0]
    assert (stored["by"], stored["via"], stored["device"]) == (None, "qr", "ab12")


@pytest.mark.parametrize("act", ["UPDATE mark SET state = 'late'", "DELETE FROM mark"])
async def test_the_database_refuses_to_change_or_delete_a_mark(act: str) -> None:
    room = await a_classroom()
    await mark(MACHINE, room, ANH)
    with pytest.raises((asyncpg.RaiseError, sqlite3.IntegrityError), match="append-only"):
        await run(act)
    assert await ledger(room, ANH) == ["present"]


async def test_times_of_the_ledger_are_kept_to_the_moment() -> None:
    room = await a_classroom()
    moment = at("08:03").replace(microsecond=123456)
    with clock.frozen(moment):
        await mark(MACHINE, room, ANH)
    assert await value("SELECT marked_at FROM mark") == moment
