"""Enrolling somebody who has another session at the same time: told, and never missed by two."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextvars import copy_context
from datetime import timedelta
from uuid import UUID

import pytest

from demo.cast import SEN, TAM
from kit import clock
from kit.database import run, transaction
from kit.errors import Refused
from people.permissions import MACHINE
from sessions.courses.commands import CancelForm
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import cancel_session, schedule_sessions
from sessions.nominations.naming import NameForm, name_people
from tests.courses import a_course, a_time
from tests.sessions.lookups import SOON, enrolled, town
from tests.sessions.nominations.links import HERE, a_law_office, a_link, an_open_course
from tests.teams.lookups import last_line
from tests.visitor import visit, who_is
from tests.world import id_of

FRESH = copy_context()
"""Outside any transaction: a task made within one would believe it is still in it."""
ANH = "Cao Thị Ánh"
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def a_class(title: str, hours: str = "08:00-11:30", **more: object) -> tuple[UUID, UUID]:
    """A course with a session soon; both ids."""
    course = await a_course(await town(), title, **more)
    (meeting,) = await schedule_sessions(MACHINE, course, a_time(SOON, hours))
    return course, meeting


async def anh(**more: object) -> EnrolForm:
    return EnrolForm.model_validate({"people": [await id_of(ANH)], **more})


async def test_who_is_busy_then_is_told_and_a_trainer_may_go_on() -> None:
    (first, _one), (second, _two) = (
        await a_class("Lớp một"),
        await a_class("Lớp hai", "10:00-12:00"),
    )
    tam = await who_is(TAM)
    assert await enrol_people(tam, first, await anh()) == (1, 0)
    with pytest.raises(Refused) as refused:
        await enrol_people(tam, second, await anh())
    said = refused.value.details[0]  # type: ignore[index]
    assert refused.value.status == 409
    assert all(word in said for word in (ANH, "Lớp một", "08:00–11:30", SOON.strftime("%d/%m/%Y")))
    assert await enrolled(second) == []
    assert await enrol_people(tam, second, await anh(anyway=True)) == (1, 0)
    assert json.loads((await last_line("enrolment.add"))["after"])["in_spite_of"] == [said]


async def test_a_course_beyond_reach_is_not_named() -> None:
    (first, _meeting), sen = await a_class("Lớp của thị trấn"), await who_is(SEN)
    await enrol_people(MACHINE, first, await anh())
    await run("UPDATE person SET area = {} WHERE name = {}", await id_of("Xã Bình Lãng"), ANH)
    course = await a_course(await id_of("Xã Bình Lãng"))
    await schedule_sessions(MACHINE, course, a_time(SOON))
    with pytest.raises(Refused) as refused:
        await enrol_people(sen, course, await anh())
    assert refused.value.details == [
        f"{ANH}: có buổi học khác cùng giờ, ngày {SOON:%d/%m/%Y}, 08:00–11:30."
    ]


async def test_another_hour_a_cancelled_session_and_one_gone_by_are_no_clash() -> None:
    (first, morning), (later, _at) = (
        await a_class("Lớp một"),
        await a_class("Lớp hai", "11:30-13:00"),
    )
    same, _meeting = await a_class("Lớp ba")
    await enrol_people(MACHINE, first, await anh())
    assert await enrol_people(MACHINE, later, await anh()) == (1, 0)
    await cancel_session(MACHINE, morning, CancelForm(reason="Trùng kỳ họp", version=1))
    assert await enrol_people(MACHINE, same, await anh()) == (1, 0)
    past = clock.today() - timedelta(days=1)
    old, _meeting = await a_class("Lớp bốn")
    await run("UPDATE training_session SET day = {}", past)
    assert await enrol_people(MACHINE, old, await anh()) == (1, 0)


async def test_who_only_waits_is_counted_for_a_seat_comes_without_asking() -> None:
    (full, _one), (other, _two) = await a_class("Lớp đầy", capacity=1), await a_class("Lớp hai")
    await enrol_people(MACHINE, full, EnrolForm(people=[await id_of("Bùi Văn An")]))
    assert await enrol_people(MACHINE, full, await anh()) == (0, 1)
    with pytest.raises(Refused):
        await enrol_people(MACHINE, other, await anh())
    third = await a_course(await town(), "Lớp ba")
    await enrol_people(MACHINE, third, await anh())
    with pytest.raises(Refused) as refused:
        await schedule_sessions(MACHINE, third, a_time(SOON))
    assert {(one.title, one.people) for one in refused.value.details} == {("Lớp đầy", 1)}  # type: ignore[attr-defined]


async def test_many_clashes_are_told_in_a_few_sentences() -> None:
    course, _meeting = await a_class("Lớp chính")
    for number in range(7):
        other, _meeting = await a_class(f"Lớp {number}")
        await enrol_people(MACHINE, other, await anh(anyway=True))
    with pytest.raises(Refused) as refused:
        await enrol_people(MACHINE, course, await anh())
    assert len(refused.value.details) == 6  # type: ignore[arg-type]
    assert " 2 " in refused.value.details[-1]  # type: ignore[index]


async def before_it_is_committed(
    first: Callable[[], Awaitable[object]], second: Callable[[], Awaitable[object]]
) -> asyncio.Task[object]:
    """Do one thing, and begin another before the first is committed."""
    async with transaction():
        await first()

        async def later() -> object:
            return await second()

        task = asyncio.get_running_loop().create_task(later(), context=FRESH.copy())
        await asyncio.sleep(0.3)
        assert not task.done()
    await asyncio.wait([task])
    return task


async def test_of_two_trainers_at_once_the_later_one_is_told() -> None:
    (first, _one), (second, _two) = await a_class("Lớp một"), await a_class("Lớp hai")
    form = await anh()
    task = await before_it_is_committed(
        lambda: enrol_people(MACHINE, first, form), lambda: enrol_people(MACHINE, second, form)
    )
    refused = task.exception()
    assert isinstance(refused, Refused)
    assert "Lớp một" in refused.details[0]  # type: ignore[index]
    assert (len(await enrolled(first)), len(await enrolled(second))) == (1, 0)


async def test_who_schedules_while_another_enrols_sees_the_clash() -> None:
    first, _meeting = await a_class("Lớp một")
    second, form = await a_course(await town(), "Lớp hai"), await anh()
    await enrol_people(MACHINE, second, form)
    task = await before_it_is_committed(
        lambda: enrol_people(MACHINE, first, form),
        lambda: schedule_sessions(MACHINE, second, a_time(SOON)),
    )
    refused = task.exception()
    assert isinstance(refused, Refused)
    assert [clash.kind for clash in refused.details] == ["trainees"]  # type: ignore[attr-defined]


async def test_the_page_says_it_and_asks_whether_to_go_on() -> None:
    (first, _one), (second, _two) = await a_class("Lớp một"), await a_class("Lớp hai")
    await enrol_people(MACHINE, first, await anh())
    at, chosen = f"/courses/{second}/enrolments/new?q=anh", str(await id_of(ANH))
    async with await visit(TAM) as tam:
        told = await tam.post(at, {"people": chosen})
        assert told.status_code == 409
        assert "“Lớp một”" in told.text
        assert (await tam.post(at, {"people": chosen, "anyway": "1"})).status_code == 303
    assert [one.name for one in await enrolled(second)] == [ANH]


async def test_to_an_office_with_a_link_it_is_a_rule() -> None:
    first, _meeting = await a_class("Lớp một")
    await enrol_people(MACHINE, first, await anh())
    course, office = await an_open_course(), await a_law_office()
    await schedule_sessions(MACHINE, course, a_time(SOON))
    token = await a_link(course, office)
    with pytest.raises(Refused) as refused:
        await name_people(token, NameForm(people=[await id_of(ANH)]), HERE)
    assert "“Lớp một”" in refused.value.fields["people"]
    assert await name_people(token, NameForm(people=[await id_of("Bùi Văn An")]), HERE) == (1, 0)
