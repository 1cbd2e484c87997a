"""The six digits of the wall, and whoever guesses at the door."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from kit import clock
from kit.errors import Refused
from sessions.checkins.commands import DigitsForm, check_in, use_digits
from sessions.checkins.passes import make_ticket, wall_digits
from tests.sessions.classroom import a_classroom, at
from tests.sessions.doors import (
    ADDRESS,
    OTHER_PHONE,
    arrive,
    door_of,
    ticket_of,
    typed,
)
from tests.visitor import visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


@pytest.fixture(autouse=True)
async def _two_minutes_to_eight() -> AsyncIterator[None]:
    with clock.frozen(at("07:58")):
        yield


async def test_six_digits_lead_to_the_same_page() -> None:
    room = await a_classroom()
    door = await door_of(room)
    digits = wall_digits(door.secret, clock.now())
    async with await visit(None) as stranger:
        answer = await stranger.post("/c", {"digits": f"{digits[:3]} {digits[3:]}"})
        assert answer.status_code == 303
        page = await stranger.get(answer.headers["location"])
        assert "Kỹ năng số cơ bản" in page.text
        wrong = await stranger.post("/c", {"digits": f"{(int(digits) + 1) % 10**6:06}"})
        short = await stranger.post("/c", {"digits": "12"})
    assert (wrong.status_code, short.status_code) == (422, 422)


async def test_digits_of_yesterday_open_nothing() -> None:
    room = await a_classroom()
    door = await door_of(room)
    old = wall_digits(door.secret, at("07:58") - timedelta(minutes=3))
    with pytest.raises(Refused):
        await use_digits(DigitsForm(digits=old), ADDRESS)


async def test_who_guesses_the_six_digits_must_wait() -> None:
    room = await a_classroom()
    door = await door_of(room)
    right = wall_digits(door.secret, clock.now())
    wrong = wall_digits(door.secret, at("07:00"))
    for _ in range(31):
        with pytest.raises(Refused) as refused:
            await use_digits(DigitsForm(digits=wrong), ADDRESS)
        assert "digits" in refused.value.fields
    with pytest.raises(Refused) as refused:
        await use_digits(DigitsForm(digits=right), ADDRESS)
    assert refused.value.status == 429
    assert await use_digits(DigitsForm(digits=right), "198.51.100.1")
    async with await visit(None) as stranger:
        for _ in range(31):
            await stranger.post("/c", {"digits": wrong})
        answer = await stranger.post("/c", {"digits": wrong})
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "3")


async def test_who_guesses_must_wait_and_the_others_of_the_class_need_not() -> None:
    room = await a_classroom()
    word = await ticket_of(room)
    for _ in range(9):
        with pytest.raises(Refused) as refused:
            await check_in(word, typed("an", "999"), ADDRESS)
    with pytest.raises(Refused) as refused:
        await check_in(word, typed("an", "101"), ADDRESS)
    assert refused.value.status == 429
    await arrive(room, "an", "101", OTHER_PHONE)
    with clock.frozen(at("08:00")):
        await check_in(word, typed("an", "102"), ADDRESS)


async def test_a_network_that_guesses_is_slowed_down_whatever_its_phones() -> None:
    room = await a_classroom()
    door = await door_of(room)
    for number in range(101):
        word = make_ticket(door.secret, door.id, clock.now(), f"{number:016x}")
        with pytest.raises(Refused):
            await check_in(word, typed("an", "999"), ADDRESS)
    with pytest.raises(Refused) as refused:
        await check_in(await ticket_of(room), typed("an", "101"), ADDRESS)
    assert refused.value.status == 429
    await check_in(await ticket_of(room), typed("an", "101"), "198.51.100.1")
