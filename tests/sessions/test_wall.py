"""The wall: its code while the door is open, and what it says to a trainer while it is shut."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from demo.cast import NGHI, SEN, TAM, TOAN
from kit import clock
from people.permissions import MACHINE
from sessions.checkins.passes import wall_digits
from sessions.courses.commands import CancelForm
from sessions.meetings.commands import cancel_session
from tests.queries import few_queries, warm
from tests.sessions.classroom import a_classroom, at
from tests.sessions.doors import door_of, word_on_wall
from tests.visitor import visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


@pytest.fixture(autouse=True)
async def _two_minutes_to_eight() -> AsyncIterator[None]:
    with clock.frozen(at("07:58")):
        yield


async def test_the_wall_shows_a_code_only_while_the_door_is_open() -> None:
    room = await a_classroom()
    await warm()
    door = await door_of(room)
    async with await visit(NGHI) as nghi:
        with few_queries():
            page = await nghi.get(f"/sessions/{room.meeting}/wall")
        digits = wall_digits(door.secret, clock.now())
        assert f"{digits[:3]} {digits[3:]}" in page.text
        assert "<svg" in page.text
        assert "so.test/c" in page.text
        assert "Có mặt 0/3" in page.text
        assert re.search(
            r'<noscript><meta http-equiv="refresh" content="31"></noscript>', page.text
        )
        assert door.secret not in page.text
        with clock.frozen(at("06:30")):
            early = await nghi.get(f"/sessions/{room.meeting}/wall")
    assert digits[:3] + " " + digits[3:] not in early.text
    assert "mở lúc 07:00" in early.text


async def test_strangers_and_readers_see_no_wall() -> None:
    room = await a_classroom()
    for player, status in ((SEN, 404), (TOAN, 403), (None, 303), (TAM, 200)):
        async with await visit(player) as visitor:
            answer = await visitor.get(f"/sessions/{room.meeting}/wall")
        assert answer.status_code == status


async def test_a_shut_wall_tells_the_trainer_what_to_do_and_not_the_trainees() -> None:
    room = await a_classroom()
    wall = f"/sessions/{room.meeting}/wall"
    roll = f'href="/sessions/{room.meeting}/attendance"'
    async with await visit(NGHI) as nghi:
        with clock.frozen(at("06:30")):
            early = (await nghi.get(wall)).text
        with clock.frozen(at("14:00")):
            late = (await nghi.get(wall)).text
            scan = (await nghi.get(f"/sessions/{room.meeting}/scan")).text
            listed = (await nghi.get(f"/sessions/{room.meeting}/checkins")).text
        assert "đến giờ mã tự hiện" in early
        assert roll not in early
        assert "Hãy mở mã" not in listed
        for page in (late, scan, listed):
            assert "Xem và ghi tiếp ở trang điểm danh" in page
            assert "Giảng viên vẫn có thể" not in page
            assert roll in page
        await cancel_session(MACHINE, room.meeting, CancelForm(reason="Mất điện", version=1))
        with clock.frozen(at("06:30")):
            cancelled = (await nghi.get(wall)).text
    assert "Buổi học này đã hủy" in cancelled
    assert "đến giờ mã tự hiện" not in cancelled


async def test_a_trainee_is_still_told_to_ask_the_trainer() -> None:
    room = await a_classroom()
    with clock.frozen(at("14:00")):
        async with await visit(None) as phone:
            page = (await phone.get(f"/c/{await word_on_wall(room)}")).text
    assert "Giảng viên vẫn có thể ghi cho bạn" in page
