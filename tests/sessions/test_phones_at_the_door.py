"""Phones that check in: one that is lent, one that remembers its owner, and its cookie."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from demo.cast import NGHI
from kit import clock
from kit.database import value
from kit.errors import Refused
from sessions.checkins.commands import check_in
from sessions.checkins.crowd import most_on_one_phone
from tests.sessions.classroom import AN, ANH, HOANG_M, a_classroom, at, mark, states
from tests.sessions.doors import (
    ADDRESS,
    OTHER_PHONE,
    PHONE,
    arrive,
    crowd_of,
    open_page,
    ticket_of,
    typed,
    word_on_wall,
)
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


@pytest.fixture(autouse=True)
async def _two_minutes_to_eight() -> AsyncIterator[None]:
    with clock.frozen(at("07:58")):
        yield


async def test_a_phone_that_checks_in_several_is_accepted_and_flagged() -> None:
    room = await a_classroom(ANH, AN, HOANG_M, "Phạm Thị Xuân")
    await arrive(room, "ho", "003", OTHER_PHONE)
    assert (await crowd_of(room)).shared == []
    assert await most_on_one_phone(room.meeting) == 0
    for letters, digits in (("an", "101"), ("an", "102"), ("xu", "004")):
        await arrive(room, letters, digits)
    crowd = await crowd_of(room)
    [group] = crowd.shared
    assert [one.name for one in group] == [ANH, AN, "Phạm Thị Xuân"]
    assert (crowd.count, crowd.expected) == (4, 4)
    async with await visit(NGHI) as nghi:
        wall = await nghi.get(f"/sessions/{room.meeting}/wall")
        listed = await nghi.get(f"/sessions/{room.meeting}/checkins")
        roll = await nghi.get(f"/sessions/{room.meeting}/attendance")
    for page in (wall, listed, roll):
        assert "Một máy điểm danh 3 người" in page.text
    names = listed.text.partition('id="shared"')[2].partition("</section></section>")[0]
    links = [f'"/sessions/{room.meeting}/attendance/{one.person}">{one.name}<' for one in group]
    assert names.count("<li>") == 3
    assert sorted(links, key=names.index) == links  # each leads to the mark, to correct it


async def test_who_is_cleared_is_no_longer_flagged() -> None:
    room, nghi = await a_classroom(), await who_is(NGHI)
    await arrive(room, "an", "101")
    await arrive(room, "an", "102")
    await mark(nghi, room, AN, "cleared", reason="Chưa vào")
    assert (await crowd_of(room)).shared == []
    assert await most_on_one_phone(room.meeting) == 0


async def test_a_phone_remembers_its_owner_for_the_next_session() -> None:
    first = await a_classroom(ANH, AN)
    second = await a_classroom(ANH, AN, hours="13:00-16:00")
    async with await visit(None) as phone:
        to = await open_page(phone, first)
        await phone.post(to, {"letters": "an", "digits": "101"})
        with clock.frozen(at("12:50")):
            page = await phone.get(f"/c/{await word_on_wall(second)}")
            assert f"Tôi là {ANH}: điểm danh" in page.text
            button = re.search(r'name="enrolment" value="([\w-]+)"', page.text)
            action = re.search(r'action="(/c/[\w-]+)"', page.text)
            assert button
            assert action
            answer = await phone.post(action[1], {"enrolment": button[1]})
            assert answer.status_code == 303
            again = await phone.get(f"/c/{await word_on_wall(second)}")
    assert "Đã điểm danh 12:50" in again.text
    assert (await states(second))[ANH] == "present"


async def test_another_phone_cannot_use_the_short_way() -> None:
    room = await a_classroom()
    await arrive(room, "an", "101")
    an = await value("SELECT id FROM enrolment WHERE person = {}", await id_of(AN))
    for phone in (PHONE, OTHER_PHONE):
        with pytest.raises(Refused):
            await check_in(await ticket_of(room, phone), typed("", "", an), ADDRESS)


async def test_the_cookie_is_random_lasting_and_out_of_reach_of_scripts() -> None:
    room = await a_classroom()
    async with await visit(None) as phone:
        page = await phone.get(f"/c/{await word_on_wall(room)}")
        cookie = page.headers["set-cookie"]
        again = await phone.get(f"/c/{await word_on_wall(room)}")
    name = re.match(r"toso_device=([\w-]{22});", cookie)
    assert name
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/c" in cookie
    assert f"toso_device={name[1]};" in again.headers["set-cookie"]
    assert await value("SELECT count(*) FROM sign_in_wait") == 0
