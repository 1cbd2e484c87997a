"""A session with trainees at its door, and the steps of somebody who checks in."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from kit import clock
from sessions.checkins.commands import CheckInForm, check_in
from sessions.checkins.crowd import Crowd, find_crowd
from sessions.checkins.doors import Door, find_door, find_pass
from sessions.checkins.passes import Receipt, make_ticket, read_receipt, wall_code
from sessions.words import clock_of
from tests.sessions.classroom import Classroom, a_classroom
from tests.visitor import Visitor

PHONE = "a1b2c3d4e5f60718"
OTHER_PHONE = "ffeeddccbbaa9988"
ADDRESS = "203.0.113.7"


async def door_of(room: Classroom) -> Door:
    """The door of a session."""
    return await find_door(room.meeting)


async def crowd_of(room: Classroom) -> Crowd:
    """Who is in a session."""
    return await find_crowd(await door_of(room))


async def ticket_of(room: Classroom, phone: str = PHONE) -> str:
    """The ticket of a page opened just now."""
    door = await door_of(room)
    return make_ticket(door.secret, door.id, clock.now(), phone)


async def word_on_wall(room: Classroom) -> str:
    """What the QR code of the wall holds just now."""
    door = await door_of(room)
    return wall_code(door.secret, door.id, clock.now())


def typed(letters: str, digits: str, enrolment: UUID | None = None) -> CheckInForm:
    """What a trainee types."""
    return CheckInForm(letters=letters, digits=digits, enrolment=enrolment)


async def arrive(room: Classroom, letters: str, digits: str, phone: str = PHONE) -> Receipt:
    """A trainee checks in with a phone; the receipt."""
    word = await check_in(await ticket_of(room, phone), typed(letters, digits), ADDRESS)
    door, given = await find_pass(word)
    receipt = read_receipt(door.secret, given)
    assert receipt is not None
    return receipt


async def open_page(visitor: Visitor, room: Classroom) -> str:
    """The address to which the trainee's page sends its form."""
    page = await visitor.get(f"/c/{await word_on_wall(room)}")
    assert page.status_code == 200, page.text
    found = re.search(r'action="(/c/[\w-]+)"', page.text)
    assert found, page.text
    return found[1]


def minutes(count: float) -> timedelta:
    """So many minutes."""
    return timedelta(minutes=count)


async def a_classroom_now(*names: str) -> Classroom:
    """A session that began a few minutes ago by the real clock."""
    now = clock.now().astimezone(clock.LOCAL)
    starts = max(0, min(now.hour * 60 + now.minute - 3, 1430))
    ends = min(1440, starts + 90)
    return await a_classroom(*names, hours=f"{clock_of(starts)}-{clock_of(ends)}")
