"""The clock reminds of tomorrow's sessions: each person once, in time, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from demo.cast import HOANG, NGHI, SEN
from kit.database import run, value
from notices.sending import send_deliveries
from people.permissions import MACHINE
from sessions.courses.commands import (
    CancelForm,
)
from sessions.enrolments.commands import (
    EnrolForm,
    WithdrawForm,
    enrol_people,
    withdraw_enrolment,
)
from sessions.meetings.commands import cancel_session, move_session
from sessions.reminders.jobs import TOMORROW
from tests.mailbox import Mailbox, mailbox
from tests.sessions.lookups import enrolled
from tests.sessions.reminders.clockwork import (
    AN,
    ANH,
    DAY,
    EVE,
    a_class,
    address,
    at,
    move,
    on,
    run_at,
    told,
)
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


async def test_tomorrow_is_told_in_the_afternoon_to_whoever_can_be_reached(box: Mailbox) -> None:
    await address(ANH, "anh@toso.test")
    await a_class(ANH, AN, HOANG.name)  # An has neither address nor account
    await run_at(TOMORROW, at(EVE, "15:45"))
    assert await told("session.tomorrow") == []
    for minute in ("16:00", "16:15", "16:30"):
        await run_at(TOMORROW, at(EVE, minute))
    assert await told("session.tomorrow") == sorted([ANH, HOANG.name, NGHI.name])
    async with on(at(EVE, "16:31")):
        assert await send_deliveries() == "sent 1"
    (letter,) = box.letters
    assert letter["Subject"] == "Nhắc lịch học: Kỹ năng số cơ bản"
    body = letter.get_body(("plain",))
    assert body
    assert f"Buổi học ngày {DAY:%d/%m/%Y}, 08:00–11:30, tại Hội trường." in body.get_content()


async def test_who_joins_in_the_evening_is_told_and_who_left_is_not() -> None:
    course, _ = await a_class(HOANG.name)
    async with on(at(EVE, "15:00")):
        (gone,) = await enrolled(course)
        await withdraw_enrolment(MACHINE, gone.id, WithdrawForm(reason="Đi công tác", version=2))
    await run_at(TOMORROW, at(EVE, "16:00"))
    assert await told("session.tomorrow") == [NGHI.name]
    async with on(at(EVE, "20:10")):
        await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(SEN.name)]))
    await run_at(TOMORROW, at(EVE, "20:15"))
    assert await told("session.tomorrow") == [NGHI.name, SEN.name]


async def test_a_session_that_moves_is_told_for_its_new_day_and_the_old_letter_stays(
    box: Mailbox,
) -> None:
    await address(HOANG.name, "hoang@toso.test")
    _, meeting = await a_class(HOANG.name)
    await run_at(TOMORROW, at(EVE, "21:15"))  # the letter waits for the morning
    async with on(at(EVE, "22:00")):
        await move_session(MACHINE, meeting, move(DAY + timedelta(days=1)))
    async with on(at(DAY, "06:30")):
        assert await send_deliveries() == "sent 1"
    assert [str(letter["Subject"]) for letter in box.letters] == ["Đổi lịch: Kỹ năng số cơ bản"]
    await run_at(TOMORROW, at(DAY, "16:00"))
    assert (await told("session.tomorrow")).count(HOANG.name) == 2
    async with on(at(DAY, "17:00")):
        await move_session(MACHINE, meeting, move(DAY + timedelta(days=1), "13:30-16:30", 2))
    await run_at(TOMORROW, at(DAY, "17:15"))
    assert (await told("session.tomorrow")).count(HOANG.name) == 2  # they were told of the hours
    results = await run("SELECT result FROM delivery WHERE state = 'dropped'")
    assert [line["result"] for line in results] == ["overtaken", "overtaken"]


async def test_a_cancelled_session_is_not_reminded_of(box: Mailbox) -> None:
    await address(HOANG.name, "hoang@toso.test")
    _, meeting = await a_class(HOANG.name)
    await run_at(TOMORROW, at(EVE, "21:15"))
    async with on(at(EVE, "21:20")):
        await cancel_session(MACHINE, meeting, CancelForm(reason="Mưa bão", version=1))
    await run_at(TOMORROW, at(DAY, "06:30"))
    async with on(at(DAY, "06:31")):
        await send_deliveries()
    assert [str(one["Subject"])[:7] for one in box.letters] == ["Đã hủy:"]


async def test_downtime_over_the_hour_is_made_up_for_until_the_session_begins() -> None:
    await a_class(HOANG.name)
    await run_at(TOMORROW, at(EVE, "15:30"))
    await run_at(TOMORROW, at(DAY, "07:50"))
    assert await told("session.tomorrow") == sorted([HOANG.name, NGHI.name])


async def test_what_comes_too_late_is_dropped_once_with_a_line_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, meeting = await a_class(HOANG.name)
    await run_at(TOMORROW, at(EVE, "15:30"))
    for minute in ("08:00", "08:15", "08:30"):
        await run_at(TOMORROW, at(DAY, minute))
    assert await told("session.tomorrow") == []
    dropped = [one for one in caplog.records if one.message == "reminder dropped"]
    assert [(one.__dict__["subject"], one.__dict__["count"]) for one in dropped] == [
        (str(meeting), 1),  # the trainer
        (str(meeting), 1),  # and the trainee, who was told something else
    ]
    slots = "SELECT outcome FROM job_run WHERE job = 'session tomorrow' ORDER BY slot"
    assert [line["outcome"] for line in await run(slots)] == ["", "dropped 2", "", ""]


async def test_a_letter_that_waits_beyond_the_beginning_is_dropped(
    box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    await address(HOANG.name, "hoang@toso.test")
    await a_class(HOANG.name)
    await run_at(TOMORROW, at(EVE, "21:15"))
    async with on(at(DAY, "08:00")):  # nothing ran in the night
        assert await send_deliveries() == "dropped 1"
    assert box.letters == []
    assert "mail dropped" in [record.message for record in caplog.records]
    assert await value("SELECT result FROM delivery WHERE state = 'dropped'") == "too_late"


async def test_a_clock_that_jumps_ahead_and_back_tells_everybody_once() -> None:
    await a_class(HOANG.name)
    await a_class(SEN.name, day=DAY + timedelta(days=1))
    steps = [(EVE, "16:00"), (DAY, "16:00"), (EVE, "16:15"), (EVE, "15:00"), (EVE, "16:30")]
    for day, hours in [*steps, (DAY, "15:45"), (DAY, "16:00"), (DAY, "16:15")]:
        await run_at(TOMORROW, at(day, hours))
    assert await told("session.tomorrow") == sorted([HOANG.name, NGHI.name, NGHI.name, SEN.name])
