"""The clock reminds of training: each person once, in time, and not at all when it is too late."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from demo.cast import HOANG, NGHI, SEN, TAM
from kit import clock
from kit.clock import LOCAL
from kit.database import insert_many, new_id, run, value
from kit.scheduler import Job, run_job
from notices.sending import send_deliveries
from people.permissions import MACHINE
from places.settings.queries import find_body
from sessions.courses.commands import (
    CancelForm,
    OnDayForm,
    QuotaForm,
    close_course,
    open_course,
    set_quota,
)
from sessions.enrolments.commands import (
    EnrolForm,
    WithdrawForm,
    enrol_people,
    withdraw_enrolment,
)
from sessions.meetings.commands import MoveForm, cancel_session, move_session, schedule_sessions
from sessions.nominations.commands import LinkForm, make_link
from sessions.reminders.jobs import CLOSABLE, DEADLINE, JOBS, TOMORROW, UNTAKEN
from sessions.reminders.queries import list_planned
from tests.courses import a_course, a_time
from tests.mailbox import Mailbox, mailbox
from tests.queries import few_queries
from tests.sessions.lookups import course_of, enrolled, town
from tests.sessions.nominations.links import a_law_office
from tests.things import an_office
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

EVE = clock.today() + timedelta(days=30)
DAY = EVE + timedelta(days=1)
ANH, AN = "Cao Thị Ánh", "Bùi Văn An"


def at(day: date, hours: str) -> datetime:
    """A local time of a day."""
    hour, _, minute = hours.partition(":")
    return datetime(day.year, day.month, day.day, int(hour), int(minute), tzinfo=LOCAL)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


@asynccontextmanager
async def on(instant: datetime) -> AsyncIterator[None]:
    """At an instant."""
    with clock.frozen(instant):
        yield


async def run_at(job: Job, instant: datetime) -> None:
    """Let a job run as the clock would at an instant."""
    async with on(instant):
        await run_job(job)


async def a_class(
    *names: str, day: date = DAY, hours: str = "08:00-11:30", **more: Any
) -> tuple[UUID, UUID]:
    """A course of Nghị's, open since the first of the month, that meets on a day at 08:00."""
    async with on(at(EVE - timedelta(days=20), "09:00")):
        nghi = await id_of(NGHI.name)
        course = await a_course(await town(), trainers=[nghi], **more)
        (meeting,) = await schedule_sessions(
            MACHINE, course, a_time(day, hours, venue="Hội trường", trainer=nghi)
        )
        await open_course(MACHINE, course, OnDayForm(on=clock.today(), version=1))
        if names:
            people = [await id_of(name) for name in names]
            await enrol_people(MACHINE, course, EnrolForm(people=people))
    return course, meeting


async def address(name: str, email: str) -> None:
    await run("UPDATE person SET email = {} WHERE id = {}", email, await id_of(name))


async def told(kind: str) -> list[str]:
    """Who was told a kind of thing, by name."""
    found = await run(
        "SELECT p.name FROM notice n JOIN person p ON p.id = n.person WHERE n.kind = {}"
        " ORDER BY p.name",
        kind,
    )
    return [line["name"] for line in found]


async def mark(meeting: UUID, name: str, state: str = "present", minute: int = 0) -> None:
    """Note that somebody was there."""
    taken = at(DAY, "08:00") + timedelta(minutes=minute)
    words = {"state": state, "via": "hand", "marked_at": taken, "received_at": taken}
    ids = {"id": new_id(), "nonce": new_id(), "training_session": meeting}
    await insert_many("mark", [{**ids, "person": await id_of(name), **words}])


def move(day: date, hours: str = "08:00-11:30", version: int = 1) -> MoveForm:
    """A session's new time."""
    times = a_time(day, hours, venue="Hội trường").model_dump(exclude={"times", "skip_holidays"})
    return MoveForm.model_validate({**times, "reason": "Trùng họp", "version": version})


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


async def test_marks_are_asked_after_in_the_evening_and_next_morning() -> None:
    _, meeting = await a_class(ANH, AN)
    await mark(meeting, ANH)
    await run_at(UNTAKEN, at(DAY, "17:45"))
    assert await told("session.untaken") == []
    for hours in ("18:00", "18:15", "23:45"):
        await run_at(UNTAKEN, at(DAY, hours))
    assert await told("session.untaken") == [NGHI.name]
    words = await value("SELECT words FROM notice WHERE kind = 'session.untaken'")
    assert '"count": 1' in words
    for hours in ("07:15", "07:30", "07:45"):
        await run_at(UNTAKEN, at(DAY + timedelta(days=1), hours))
    assert await told("session.untaken") == [TAM.name, NGHI.name]


async def test_who_coordinates_nearest_is_asked() -> None:
    async with on(at(EVE, "09:00")):
        course = await a_course(await id_of("Xã Bình Lãng"))
        await schedule_sessions(MACHINE, course, a_time(DAY))
        await open_course(MACHINE, course, OnDayForm(on=EVE, version=1))
        await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(ANH)]))
    await run_at(UNTAKEN, at(DAY + timedelta(days=1), "07:30"))
    assert await told("session.untaken") == [SEN.name]


async def test_nobody_is_asked_after_marks_that_are_there_or_of_a_session_that_was_not() -> None:
    _, meeting = await a_class(ANH)
    _, other = await a_class(AN, title="Lớp hoãn", hours="13:30-16:30")
    await mark(meeting, ANH)
    async with on(at(DAY, "07:00")):
        await cancel_session(MACHINE, other, CancelForm(reason="Mất điện", version=1))
    await run_at(UNTAKEN, at(DAY, "18:00"))
    await run_at(UNTAKEN, at(DAY + timedelta(days=1), "08:00"))
    assert await told("session.untaken") == []
    await mark(meeting, ANH, "cleared", minute=9)
    await run_at(UNTAKEN, at(DAY + timedelta(days=1), "08:15"))
    assert await told("session.untaken") == [TAM.name, NGHI.name]


async def test_an_evening_class_is_asked_after_when_it_is_over() -> None:
    async with on(at(EVE, "09:00")):
        course = await a_course(await town(), trainers=[await id_of(NGHI.name)])
        await schedule_sessions(MACHINE, course, a_time(DAY, "18:00-20:30"))
        await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(ANH)]))
    await run_at(UNTAKEN, at(DAY, "20:45"))
    assert await told("session.untaken") == []
    await run_at(UNTAKEN, at(DAY, "21:00"))
    assert await told("session.untaken") == [NGHI.name]


async def test_what_nobody_asked_after_in_a_week_is_dropped(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await a_class(ANH)
    await run_at(UNTAKEN, at(DAY, "07:00"))
    await run_at(UNTAKEN, at(DAY + timedelta(days=10), "07:00"))
    await run_at(UNTAKEN, at(DAY + timedelta(days=10), "07:15"))
    assert await told("session.untaken") == []
    dropped = [one for one in caplog.records if one.message == "reminder dropped"]
    assert [one.__dict__["slot"] for one in dropped] == [f"{DAY} evening", f"{DAY} morning"]


async def test_a_deadline_is_told_three_days_before_and_again_when_it_is_set_anew() -> None:
    course, _ = await a_class(ANH, deadline=DAY)
    async with on(at(EVE - timedelta(days=9), "09:00")):
        office = await an_office("Phòng Tư pháp", await town())
        await set_quota(MACHINE, course, QuotaForm(office=office, places=3))
    for back in (3, 2, 1, 0):
        await run_at(DEADLINE, at(DAY - timedelta(days=back), "08:00"))
        assert await told("course.deadline") == ([] if back > 3 else [NGHI.name])
    words = await value("SELECT words FROM notice WHERE kind = 'course.deadline'")
    assert '"lacking": 1' in words
    later = DAY + timedelta(days=2)
    await run("UPDATE course SET deadline = {} WHERE id = {}", later, course)
    await run_at(DEADLINE, at(DAY, "08:01"))  # the morning's slot is done
    assert await told("course.deadline") == [NGHI.name]
    await run_at(DEADLINE, at(DAY + timedelta(days=1), "08:00"))
    assert await told("course.deadline") == [NGHI.name, NGHI.name]


async def test_an_office_that_was_mailed_its_link_is_told_until_it_has_named_its_people(
    box: Mailbox,
) -> None:
    await address(ANH, "anh@toso.test")
    course, _ = await a_class(deadline=DAY)
    async with on(at(EVE - timedelta(days=9), "09:00")):
        office, lazy = await a_law_office(), await an_office("Phòng Nội vụ", await town())
        await set_quota(MACHINE, course, QuotaForm(office=office, places=2))
        sent = LinkForm(contact=await id_of(ANH))
        token = await make_link(MACHINE, course, office, sent)
        await make_link(MACHINE, course, lazy, LinkForm())  # nobody has its address
        await send_deliveries()
    await run_at(DEADLINE, at(EVE, "08:00"))
    await run_at(DEADLINE, at(DAY, "08:00"))
    async with on(at(DAY, "08:01")):
        await send_deliveries()
    (_, letter) = box.letters
    assert letter["Subject"] == f"Hạn cử người {DAY:%d/%m/%Y}: Kỹ năng số cơ bản"
    body = letter.get_body(("plain",))
    assert body
    assert f"http://so.test/n/{token}" in body.get_content()
    await run("DELETE FROM notice WHERE kind = 'nomination.deadline'")
    async with on(at(DAY, "09:00")):
        await enrol_people(MACHINE, course, EnrolForm(office=office))
        await DEADLINE.work()
    assert await told("nomination.deadline") == []


async def test_who_passed_a_link_on_by_hand_is_told_which_offices_are_silent() -> None:
    await address(ANH, "anh@toso.test")
    course, _ = await a_class(deadline=DAY)
    tam = await who_is(TAM)
    async with on(at(EVE - timedelta(days=9), "09:00")):
        law, other = await a_law_office(), await an_office("Thanh tra", await town())
        await run("UPDATE official SET office = {} WHERE person = {}", other, await id_of(ANH))
        await make_link(tam, course, law, LinkForm())
        await make_link(tam, course, other, LinkForm(contact=await id_of(ANH)))
    for back in (3, 2, 0):
        await run_at(DEADLINE, at(DAY - timedelta(days=back), "08:00"))
        assert await told("nomination.silent") == [TAM.name]
    words = str(await value("SELECT words FROM notice WHERE kind = 'nomination.silent'"))
    assert "Phòng Tư pháp" in words
    assert "Thanh tra" not in words
    await run("DELETE FROM notice WHERE kind = 'nomination.silent'")
    async with on(at(DAY, "09:00")):
        await enrol_people(MACHINE, course, EnrolForm(office=law))
        await DEADLINE.work()
    assert await told("nomination.silent") == []


async def test_a_missed_morning_of_deadlines_is_dropped_in_the_night(
    caplog: pytest.LogCaptureFixture,
) -> None:
    await a_class(ANH, deadline=EVE)
    await run_at(DEADLINE, at(EVE, "20:01"))
    assert await told("course.deadline") == []
    assert "job dropped" in [record.message for record in caplog.records]


async def test_a_course_can_be_closed_once_all_is_held_and_marked() -> None:
    course, meeting = await a_class(ANH)
    after = DAY + timedelta(days=1)
    await run_at(CLOSABLE, at(after, "08:15"))
    assert await told("course.closable") == []
    await mark(meeting, ANH)
    await run_at(CLOSABLE, at(DAY, "23:00"))  # the slot of that day: the session is not over
    for days in (2, 3):
        await run_at(CLOSABLE, at(DAY + timedelta(days=days), "08:15"))
    assert await told("course.closable") == [NGHI.name]
    async with on(at(DAY + timedelta(days=4), "09:00")):
        version = (await course_of(course)).version
        await close_course(MACHINE, course, OnDayForm(on=clock.today(), version=version))
    await run("DELETE FROM notice")
    await run_at(CLOSABLE, at(DAY + timedelta(days=5), "08:15"))
    assert await told("course.closable") == []


async def test_the_clock_asks_few_questions_however_many_sessions_there_are() -> None:
    for number in range(4):
        await a_class(ANH, HOANG.name, title=f"Lớp số {number}", day=DAY + timedelta(days=number))
    for job in JOBS:
        await run_at(job, at(EVE, "16:00"))
    for job in JOBS:
        async with on(at(EVE, "16:15")):
            await find_body()
            with few_queries(8):
                await job.work()
    assert len(await list_planned(EVE, DAY + timedelta(days=9))) == 4
