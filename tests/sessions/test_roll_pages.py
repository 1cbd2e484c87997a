"""The pages of attendance: the roll, one person, the sheet and typing it in."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest

from demo.cast import HOA, NGHI, TAM, TOAN
from kit import clock
from kit.database import run, value
from people.permissions import MACHINE
from places.settings.queries import forget_settings
from sessions.courses.commands import CancelForm
from sessions.meetings.commands import cancel_session
from tests.queries import few_queries, warm
from tests.sessions.classroom import (
    AN,
    ANH,
    HOANG_M,
    a_classroom,
    ledger,
    mark,
    number_of_marks,
    states,
)
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of a sheet as it stands: hidden fields and ticked states."""
    inputs = re.findall(r"<input[^>]*>", page)
    sent = [one for one in inputs if 'type="hidden"' in one or " checked" in one]
    found = [re.search(r'name="([^"]*)" value="([^"]*)"', one) for one in sent]
    return {one[1]: one[2] for one in found if one}


async def test_the_roll_shows_everybody_in_few_queries() -> None:
    room = await a_classroom()
    await mark(await who_is(NGHI), room, ANH, "late", minutes=20)
    async with await visit(NGHI) as nghi:
        await warm()
        with few_queries(7):  # one of them finds who asks, one puts the look on record
            page = await nghi.get(f"/sessions/{room.meeting}/attendance")
    for told in (ANH, AN, HOANG_M, "Có mặt 0", "Muộn 1", "Vắng 0", "Chưa điểm 2", "còn 2 người"):
        assert told in page.text


async def test_a_tap_without_script_leads_back_to_the_row_with_a_way_to_undo() -> None:
    room, person = await a_classroom(), await id_of(ANH)
    at = f"/sessions/{room.meeting}/attendance"
    async with await visit(NGHI) as nghi:
        answer = await nghi.post(at, {"person": str(person), "mark": "absent"})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{at}#p-{person}")
        page = await nghi.get(at)
        [undo] = re.findall(rf'action="{at}/undoing(\?[^"]*)"', page.text)
        assert (await states(room))[ANH] == "unexcused"
        done = await nghi.post(f"{at}/undoing{undo}")
        assert done.status_code == 303
    assert await ledger(room, ANH) == ["cleared", "unexcused"]


@pytest.mark.parametrize("minutes", ["9" * 5000, "721", "-1", "1e3", "nhiều"])
async def test_minutes_that_cannot_be_are_refused_beside_the_field(minutes: str) -> None:
    room = await a_classroom()
    tap = {"person": str(await id_of(ANH)), "mark": "late", "minutes": minutes}
    async with await visit(NGHI) as nghi:
        told = await nghi.post(f"/sessions/{room.meeting}/attendance", tap)
    assert told.status_code == 422
    assert 'class="wrong"' in told.text
    assert await number_of_marks() == 0


async def test_a_locked_roll_is_shown_but_taken_by_coordinators_only() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=9))
    at = f"/sessions/{room.meeting}/attendance"
    async with await visit(NGHI) as nghi:
        page = await nghi.get(at)
        assert "Điểm danh đã khóa" in page.text
        assert "data-roll" not in page.text
        assert (await nghi.get(f"{at}/paper")).status_code == 403
        own = (await nghi.get(f"{at}/{await id_of(ANH)}")).text
        assert "Điểm danh đã khóa" in own
        assert 'name="state"' not in own
    async with await visit(TAM) as tam:
        reason = (await tam.get(f"{at}/{await id_of(ANH)}")).text.partition('for="reason"')[2]
        assert "không bắt buộc" not in reason
        form = {"person": str(await id_of(ANH)), "mark": "present"}
        asked = await tam.post(at, form)
        assert asked.status_code == 422
        assert 'name="reason"' in asked.text
        assert "data-roll" in (await tam.get(at)).text


async def test_a_chief_looks_and_touches_nothing() -> None:
    room = await a_classroom()
    await mark(await who_is(NGHI), room, ANH)
    async with await visit(TOAN) as toan:
        page = await toan.get(f"/sessions/{room.meeting}/attendance")
        assert "Có mặt" in page.text
        assert "data-roll" not in page.text
        assert 'type="radio"' not in page.text


async def test_the_settings_say_how_long_attendance_is_open() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=3))
    sql = "INSERT INTO setting (key, value, changed_at) VALUES ('attendance.lock_days', '2', {})"
    await run(sql, clock.now())
    forget_settings()
    assert (await mark(await who_is(NGHI), room, ANH)).status == "rejected"


async def test_a_persons_page_tells_who_when_how_and_why() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=1))
    at = f"/sessions/{room.meeting}/attendance/{await id_of(ANH)}"
    await mark(await who_is(TAM), room, ANH)
    async with await visit(NGHI) as nghi:
        form = {"state": "substitute", "substitute_name": "Lê Văn Dự", "minutes": "9"}
        no_reason = await nghi.post(at, form)
        assert no_reason.status_code == 422
        assert "Lê Văn Dự" in no_reason.text
        assert (await nghi.post(at, form | {"reason": "Đi thay"})).status_code == 303
        page = await nghi.get(at)
    for told in (NGHI.name, TAM.name, "Lê Văn Dự", "Đi thay", "điểm danh tại lớp"):
        assert told in page.text
    assert await ledger(room, ANH) == ["substitute", "present"]


async def test_a_mark_is_taken_back_later_with_a_reason() -> None:
    room = await a_classroom()
    at = f"/sessions/{room.meeting}/attendance/{await id_of(ANH)}"
    await mark(await who_is(TAM), room, ANH)
    async with await visit(NGHI) as nghi:
        assert (await nghi.post(at, {"state": "cleared"})).status_code == 422
        form = {"state": "cleared", "reason": "Ghi nhầm người"}
        assert (await nghi.post(at, form)).status_code == 303
    assert (await states(room))[ANH] is None


async def test_a_signed_sheet_is_typed_in_line_by_line() -> None:
    room = await a_classroom()
    await mark(await who_is(NGHI), room, HOANG_M, "unexcused")
    at = f"/sessions/{room.meeting}/attendance/paper"
    form = {f"state-{await id_of(ANH)}": "present", f"state-{await id_of(AN)}": "excused"}
    async with await visit(NGHI) as nghi:
        page = await nghi.get(at)
        assert page.text.index(AN) < page.text.index(ANH)
        for _twice in range(2):
            assert (await nghi.post(at, form)).status_code == 303
    assert await states(room) == {AN: "excused", ANH: "present", HOANG_M: "unexcused"}
    assert await value("SELECT count(*) FROM mark WHERE via = 'paper'") == 2


async def test_a_sheet_opened_earlier_takes_back_nothing_of_another_trainer() -> None:
    room = await a_classroom(ANH, AN)
    await mark(await who_is(NGHI), room, ANH, "present")
    at = f"/sessions/{room.meeting}/attendance/paper"
    async with await visit(NGHI) as nghi:
        sheet = fields_of((await nghi.get(at)).text)
        await mark(await who_is(TAM), room, ANH, "excused")
        assert (
            await nghi.post(at, sheet | {f"state-{await id_of(AN)}": "late"})
        ).status_code == 303
    assert await ledger(room, ANH) == ["excused", "present"]
    assert await states(room) == {AN: "late", ANH: "excused"}


async def test_a_line_of_the_sheet_that_asks_a_reason_comes_back_as_typed() -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=1))
    await mark(await who_is(TAM), room, ANH, "unexcused")
    at = f"/sessions/{room.meeting}/attendance/paper"
    form = {f"state-{await id_of(ANH)}": "present", f"state-{await id_of(AN)}": "present"}
    async with await visit(NGHI) as nghi:
        back = await nghi.post(at, form)
        assert back.status_code == 422
        assert "Bạn ghi lý do sửa điểm danh." in back.text
        assert (await nghi.post(at, form | {"reason": "Có chữ ký"})).status_code == 303
    assert await ledger(room, ANH) == ["present", "unexcused"]
    assert await ledger(room, AN) == ["present"]


async def test_the_sheet_to_sign_holds_everybody_of_that_day() -> None:
    room = await a_classroom(ANH, AN)
    until = clock.today() - timedelta(days=1)
    await run(
        "UPDATE enrolment SET until = {}, state = 'withdrawn', withdrawn_at = {},"
        " withdrawn_why = 'Chuyển công tác' WHERE person = {}",
        *(until, clock.now(), await id_of(AN)),
    )
    async with await visit(TOAN) as toan:
        page = await toan.get(f"/sessions/{room.meeting}/attendance/sheet")
    assert "DANH SÁCH KÝ TÊN" in page.text
    assert ANH in page.text
    assert AN not in page.text


async def test_the_pages_of_session_and_course_lead_to_attendance() -> None:
    room = await a_classroom()
    await mark(await who_is(NGHI), room, ANH)
    async with await visit(HOA) as hoa:
        session_page = await hoa.get(f"/sessions/{room.meeting}")
        assert f'href="/sessions/{room.meeting}/attendance"' in session_page.text
        assert "Dự: 1" in (await hoa.get(f"/courses/{room.course}")).text


async def test_all_taken_leads_to_the_session() -> None:
    room = await a_classroom()
    at = f"/sessions/{room.meeting}/attendance"
    async with await visit(NGHI) as nghi:
        assert (await nghi.post(f"{at}/rest")).status_code == 303
        answer = await nghi.post(f"{at}/completion")
        assert unquote(answer.headers["location"]) == f"/sessions/{room.meeting}"
        assert "Đã điểm danh xong lúc" in (await nghi.get(at)).text


async def test_before_its_day_a_row_offers_an_excuse_and_nothing_else() -> None:
    room, person = await a_classroom(day=clock.today() + timedelta(days=3)), await id_of(ANH)
    at = f"/sessions/{room.meeting}/attendance"
    async with await visit(NGHI) as nghi:
        page = (await nghi.get(at)).text
        assert page.count('type="radio" name="mark"') == 3  # one for each of the three
        assert 'name="absent_kind" value="excused"' in page
        form = {"person": str(person), "mark": "absent", "absent_kind": "excused"}
        assert (await nghi.post(at, form)).status_code == 303
        assert "Không lý do" not in (await nghi.get(at)).text
    assert (await states(room))[ANH] == "excused"


async def test_before_its_day_a_persons_page_offers_an_excuse_and_to_take_it_back() -> None:
    room = await a_classroom(day=clock.today() + timedelta(days=3))
    at = f"/sessions/{room.meeting}/attendance/{await id_of(ANH)}"
    async with await visit(NGHI) as nghi:
        fresh = await nghi.get(at)
        assert re.findall(r'name="state" value="(\w+)"', fresh.text) == ["excused"]
        assert (await nghi.post(at, {"state": "excused"})).status_code == 303
        noted = await nghi.get(at)
    assert re.findall(r'name="state" value="(\w+)"', noted.text) == ["excused", "cleared"]


async def test_the_code_of_the_wall_is_offered_on_the_day_alone() -> None:
    for days, offered in ((-1, False), (0, True), (1, False)):
        room = await a_classroom(day=clock.today() + timedelta(days=days))
        async with await visit(NGHI) as nghi:
            page = await nghi.get(f"/sessions/{room.meeting}/attendance")
        assert (f'href="/sessions/{room.meeting}/wall"' in page.text) is offered


async def test_a_cancelled_session_has_no_number_and_its_sheet_is_one_tap_away() -> None:
    room = await a_classroom()
    await cancel_session(MACHINE, room.meeting, CancelForm(reason="Mất điện", version=1))
    async with await visit(NGHI) as nghi:
        page = (await nghi.get(f"/sessions/{room.meeting}/attendance")).text
        sheet = (await nghi.get(f"/sessions/{room.meeting}/attendance/sheet")).text
    assert "Buổi 0" not in page + sheet
    assert f"/sessions/{room.meeting}/attendance/sheet" in page.partition("roll-acts")[2][:400]
