"""A course that is cancelled: each person of it is told once, calendars keep every session."""

from __future__ import annotations

from uuid import UUID

import pytest

from demo.cast import HOANG, NGHI, SEN, TAM, TOAN
from kit.database import run
from kit.errors import Forbidden, NotFound
from people.permissions import MACHINE
from sessions.courses.commands import CancelForm, cancel_course
from sessions.courses.tables import CourseTrainer
from sessions.enrolments.commands import (
    EnrolForm,
    WithdrawForm,
    enrol_people,
    withdraw_enrolment,
)
from sessions.meetings.commands import schedule_sessions
from tests.courses import a_course, a_time
from tests.sessions.lookups import SOON, enrolled, town
from tests.teams.lookups import how_many
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
STORM = CancelForm(reason="Mưa bão", version=1)


async def three_sessions(**more: object) -> UUID:
    """A course of Tâm's with a session on each of three weeks, which Nghị teaches."""
    nghi, tam = (await who_is(NGHI)).person, (await who_is(TAM)).person
    course = await a_course(await town(), "Lớp ba buổi", **more)
    await CourseTrainer.insert(CourseTrainer(course=course, person=tam))
    await schedule_sessions(MACHINE, course, a_time(SOON, trainer=nghi, times=3))
    return course


async def told_of(course: UUID) -> list[tuple[str, str, str]]:
    """Who has a notice that something is cancelled: name, what it is about, where it leads."""
    found = await run(
        "SELECT p.name, n.subject, n.link FROM notice n JOIN person p ON p.id = n.person"
        " WHERE n.kind = 'session.cancelled' ORDER BY p.sort"
    )
    about = {str(course): "course"}
    return [(one["name"], about.get(one["subject"], "session"), one["link"]) for one in found]


async def test_each_person_of_the_course_is_told_once_and_who_waits_too() -> None:
    course = await three_sessions(capacity=1)
    names = [HOANG.name, "Cao Thị Ánh", "Bùi Văn An"]
    for name in names:
        await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(name)]))
    (an,) = [one for one in await enrolled(course, "waiting") if one.name == "Bùi Văn An"]
    await withdraw_enrolment(MACHINE, an.id, WithdrawForm(reason="Trực cơ quan", version=1))
    await cancel_course(await who_is(TAM), course, STORM)
    await cancel_course(await who_is(TAM), course, STORM)
    assert sorted(await told_of(course)) == [
        ("Cao Thị Ánh", "course", "/calendar"),
        (HOANG.name, "course", "/calendar"),
        (NGHI.name, "course", f"/courses/{course}"),
    ]
    assert await how_many("course.cancel") == 1
    async with await visit(HOANG) as hoang:
        inbox = (await hoang.get("/notices")).text
    assert inbox.count("Đã hủy: Lớp ba buổi") == 1
    assert "Lý do: Mưa bão" in inbox


async def test_who_trains_is_told_once_and_who_cannot_cancel_tells_nobody() -> None:
    course = await three_sessions()
    for who, error in ((SEN, NotFound), (TOAN, Forbidden)):
        with pytest.raises(error):
            await cancel_course(await who_is(who), course, STORM)
    assert await told_of(course) == []
    await cancel_course(MACHINE, course, STORM)
    assert {name for name, *_rest in await told_of(course)} == {NGHI.name, TAM.name}


async def test_calendars_keep_every_session_as_cancelled() -> None:
    course = await three_sessions()
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of(HOANG.name)]))
    async with await visit(HOANG) as hoang, await visit(None) as phone:
        made = (await hoang.post("/calendar/feed")).text
        address = made.split('data-copy="')[1].split('"')[0].removeprefix("http://so.test")
        await cancel_course(MACHINE, course, STORM)
        feed = (await phone.get(address)).text
    assert feed.count("STATUS:CANCELLED") == 3
    assert feed.count("SEQUENCE:1") == 3
