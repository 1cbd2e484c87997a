"""Personal codes: on a phone, on paper, scanned by the trainer."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from demo.cast import HOANG, NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import run, value
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from sessions.checkins.commands import ScanForm, scan_code
from sessions.courses.commands import CancelForm
from sessions.enrolments.commands import WithdrawForm, withdraw_enrolment
from sessions.meetings.commands import cancel_session
from tests.queries import few_queries, warm
from tests.sessions.classroom import AN, ANH, HOANG_M, Classroom, a_classroom, at, ledger, mark
from tests.sessions.doors import arrive
from tests.teams.lookups import how_many, last_line
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


@pytest.fixture(autouse=True)
async def _two_minutes_to_eight() -> AsyncIterator[None]:
    with clock.frozen(at("07:58")):
        yield


async def code_of(name: str) -> str:
    """The personal code of somebody in the one course."""
    sql = "SELECT code FROM enrolment WHERE person = {} AND state <> 'withdrawn'"
    return str(await value(sql, await id_of(name)))


async def scan(room: Classroom, name: str, before: str = "") -> bool:
    """Nghị scans somebody's code; whether that person was in already."""
    form = ScanForm(code=before + await code_of(name))
    return (await scan_code(await who_is(NGHI), room.meeting, form)).again


async def test_a_scanned_code_marks_its_owner_once() -> None:
    room = await a_classroom()
    assert not await scan(room, ANH)
    with clock.frozen(at("08:30")):
        assert await scan(room, ANH, "https://so.example.vn/c/me/")
        assert not await scan(room, AN)
    assert await ledger(room, ANH) == ["present"]
    assert await ledger(room, AN) == ["late"]
    told = await run("SELECT via, by FROM mark ORDER BY id LIMIT 1")
    assert dict(told[0]) == {"via": "code", "by": (await who_is(NGHI)).person}
    assert (await last_line("attendance.scan"))["doer"] == NGHI.name
    assert await how_many("attendance.scan") == 2


async def test_who_was_marked_absent_and_shows_the_card_is_there_now() -> None:
    room = await a_classroom()
    await mark(await who_is(NGHI), room, ANH, "unexcused")
    assert not await scan(room, ANH)
    assert await ledger(room, ANH) == ["present", "unexcused"]


async def test_who_came_by_the_wall_is_not_marked_again() -> None:
    room = await a_classroom()
    await arrive(room, "an", "101")
    assert await scan(room, ANH)
    assert await how_many("attendance.scan") == 0


async def test_strangers_and_readers_do_not_scan() -> None:
    room = await a_classroom()
    form = ScanForm(code=await code_of(ANH))
    with pytest.raises(NotFound):
        await scan_code(await who_is(SEN), room.meeting, form)
    with pytest.raises(Forbidden):
        await scan_code(await who_is(TOAN), room.meeting, form)
    assert await ledger(room, ANH) == []


async def test_who_teaches_a_session_elsewhere_scans_there_too() -> None:
    sen = await who_is(SEN)
    room, other = await a_classroom(), await a_classroom(AN)
    sql = "UPDATE training_session SET trainer = {} WHERE id = {}"
    await run(sql, sen.person, room.meeting)
    code = await code_of(ANH)
    async with await visit(SEN) as teacher:
        led = await teacher.get(f"/c/me/{code}")
        assert led.headers["location"] == f"/sessions/{room.meeting}/scan/{code}"
        assert (await teacher.get(f"/sessions/{room.meeting}/wall")).status_code == 200
        page = await teacher.get(f"/sessions/{room.meeting}")
        assert "/wall" in page.text
        assert "/walk-ins/new" not in page.text
        assert (await teacher.get(f"/sessions/{other.meeting}/wall")).status_code == 404
    await scan_code(sen, room.meeting, ScanForm(code=code))
    assert await ledger(room, ANH) == ["present"]


async def test_a_code_of_another_course_or_of_nobody_is_refused() -> None:
    room = await a_classroom(ANH)
    await a_classroom(AN)
    for code in (await code_of(AN), "0000000000000000", ""):
        with pytest.raises(Refused) as refused:
            await scan_code(MACHINE, room.meeting, ScanForm(code=code))
        assert "code" in refused.value.fields


async def test_nothing_is_scanned_while_the_door_is_shut() -> None:
    room = await a_classroom()
    with clock.frozen(at("06:00")), pytest.raises(Refused):
        await scan(room, ANH)
    await cancel_session(MACHINE, room.meeting, CancelForm(reason="Mất điện", version=1))
    with pytest.raises(Refused):
        await scan(room, ANH)


async def test_a_trainer_who_opens_a_code_is_led_to_todays_button() -> None:
    room, code = await a_classroom(), ""
    code = await code_of(ANH)
    async with await visit(NGHI) as nghi:
        led = await nghi.get(f"/c/me/{code}")
        assert led.status_code == 303
        assert led.headers["location"] == f"/sessions/{room.meeting}/scan/{code}"
        page = await nghi.get(led.headers["location"])
        assert re.search(rf"{ANH}</h1>.*>Điểm danh<", page.text, re.DOTALL)
        assert await ledger(room, ANH) == []
        answer = await nghi.post(f"/sessions/{room.meeting}/scan", {"code": code})
        assert answer.status_code == 303
        shown = await nghi.get(answer.headers["location"])
        assert "Đã điểm danh 07:58" in shown.text
        again = await nghi.get(f"/sessions/{room.meeting}/scan/{code}")
    assert "tính theo lần đầu" in again.text


async def test_anybody_else_sees_the_next_session_and_no_phone() -> None:
    room, code = await a_classroom(), ""
    code = await code_of(ANH)
    for player in (None, TOAN, HOANG):
        async with await visit(player) as visitor:
            page = await visitor.get(f"/c/me/{code.lower()}")
        assert page.status_code == 200
        assert ANH in page.text
        assert "08:00–11:30" in page.text
        assert "<svg" in page.text
        assert "0900" not in page.text
        assert AN not in page.text
    assert await ledger(room, ANH) == []


async def test_a_code_of_nobody_and_one_of_who_left_say_so() -> None:
    await a_classroom()
    code = await code_of(ANH)
    enrolment = await value("SELECT id FROM enrolment WHERE person = {}", await id_of(ANH))
    version = await value("SELECT version FROM enrolment WHERE id = {}", enrolment)
    gone = WithdrawForm(reason="Trực cơ quan", version=version)
    await withdraw_enrolment(MACHINE, enrolment, gone)
    async with await visit(None) as stranger:
        assert (await stranger.get("/c/me/NOSUCHCODE")).status_code == 404
        page = await stranger.get(f"/c/me/{code}")
    assert "không thuộc lớp học" in page.text
    assert "08:00" not in page.text


async def test_the_next_session_is_shown_when_todays_is_over() -> None:
    await a_classroom()
    code = await code_of(ANH)
    with clock.frozen(at("07:58") + timedelta(days=1)):
        async with await visit(None) as stranger:
            page = await stranger.get(f"/c/me/{code}")
        async with await visit(NGHI) as nghi:
            assert (await nghi.get(f"/c/me/{code}")).status_code == 200
    assert "không còn buổi nào" in page.text


async def test_a_trainee_finds_the_own_code_on_the_session() -> None:
    room = await a_classroom(HOANG_M)
    async with await visit(HOANG) as hoang:
        page = await hoang.get(f"/sessions/{room.meeting}")
        assert f"/c/me/{await code_of(HOANG_M)}" in page.text
        assert "/wall" not in page.text
    async with await visit(TAM) as tam:
        page = await tam.get(f"/sessions/{room.meeting}")
    assert "/c/me/" not in page.text
    assert f"/sessions/{room.meeting}/wall" in page.text


async def test_the_sheet_of_cards_holds_every_code_and_its_look_is_logged() -> None:
    room = await a_classroom()
    await warm()
    async with await visit(NGHI) as nghi:
        await nghi.get(f"/courses/{room.course}/codes")
        with few_queries():
            page = await nghi.get(f"/courses/{room.course}/codes")
    assert page.text.count('class="code-card"') == 3
    assert page.text.count("<svg") >= 3
    assert ANH in page.text
    assert "0900" not in page.text
    assert await how_many("checkin.codes") == 1


async def test_the_pages_of_the_trainer_ask_few_questions() -> None:
    room = await a_classroom()
    await arrive(room, "an", "101")
    await warm()
    async with await visit(NGHI) as nghi:
        paths = ("checkins", "scan", f"scan/{await code_of(AN)}", "wall")
        for path in paths:
            await nghi.get(f"/sessions/{room.meeting}/{path}")
            with few_queries():
                page = await nghi.get(f"/sessions/{room.meeting}/{path}")
            assert page.status_code == 200
