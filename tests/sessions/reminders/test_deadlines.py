"""The clock tells of deadlines, of offices waited for, and of courses that can be closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest

from demo.cast import HOANG, NGHI, TAM
from kit import clock
from kit.database import run, value
from notices.sending import send_deliveries
from people.permissions import MACHINE
from places.settings.queries import find_body
from sessions.courses.commands import (
    OnDayForm,
    QuotaForm,
    close_course,
    set_quota,
)
from sessions.enrolments.commands import (
    EnrolForm,
    enrol_people,
)
from sessions.nominations.commands import LinkForm, make_link
from sessions.nominations.queries import find_link
from sessions.reminders.jobs import CLOSABLE, DEADLINE, JOBS
from sessions.reminders.queries import list_planned
from tests.mailbox import Mailbox, mailbox
from tests.queries import few_queries
from tests.sessions.lookups import course_of, town
from tests.sessions.nominations.links import a_law_office
from tests.sessions.reminders.clockwork import (
    ANH,
    DAY,
    EVE,
    a_class,
    address,
    at,
    mark,
    on,
    run_at,
    told,
)
from tests.things import an_office
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


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


def token_in(letter: EmailMessage) -> str:
    """The secret of the address in a letter."""
    body = letter.get_body(("plain",))
    found = re.search(r"http://so\.test/n/(\S+)", body.get_content() if body else "")
    assert found
    return found[1]


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
    first, letter = box.letters
    assert letter["Subject"] == f"Hạn cử người {DAY:%d/%m/%Y}: Kỹ năng số cơ bản"
    again = token_in(letter)
    assert token_in(first) == token != again
    async with on(at(DAY, "08:02")):
        assert [(await find_link(one)).link.office for one in (token, again)] == [office, office]
    assert await value("SELECT count(*) FROM nomination_token") == 1
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
