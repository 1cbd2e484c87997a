"""Who comes without being enrolled is let in at the door."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import pytest

from demo.cast import NGHI, SEN, TOAN
from kit import clock
from kit.database import run, value
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from sessions.courses.commands import CancelForm, EditCourseForm, cancel_course, edit_course
from sessions.meetings.commands import cancel_session
from sessions.walk_ins.commands import LetIn, WalkInForm, let_in
from tests.queries import few_queries, warm
from tests.sessions.classroom import AN, ANH, HOANG_M, Classroom, a_classroom, at, ledger, states
from tests.sessions.doors import arrive
from tests.sessions.lookups import course_of, enrolled, town
from tests.teams.lookups import how_many, last_line
from tests.things import an_office
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

NEW = "Lý Thị Mận"


@pytest.fixture(autouse=True)
async def _two_minutes_to_eight() -> AsyncIterator[None]:
    with clock.frozen(at("07:58")):
        yield


async def enter(room: Classroom, **form: object) -> LetIn:
    """Nghị lets somebody in."""
    return await let_in(await who_is(NGHI), room.meeting, WalkInForm.model_validate(form))


async def full(room: Classroom) -> None:
    """Take the free seats of a course away."""
    await run("UPDATE course SET capacity = 2 WHERE id = {}", room.course)


async def how_of(name: str) -> str:
    sql = "SELECT how FROM enrolment WHERE person = {} AND state = 'enrolled'"
    return str(await value(sql, await id_of(name)))


async def test_somebody_of_the_register_gets_a_seat_and_a_mark_in_one_act() -> None:
    room = await a_classroom(ANH, AN)
    entered = await enter(room, person=await id_of(HOANG_M))
    assert (entered.name, entered.again) == (HOANG_M, False)
    assert (await states(room))[HOANG_M] == "present"
    assert await how_of(HOANG_M) == "door"
    assert await how_many("enrolment.door") == 1
    assert (await last_line("enrolment.door"))["doer"] == NGHI.name
    again = await enter(room, person=await id_of(HOANG_M))
    assert again.again
    assert await ledger(room, HOANG_M) == ["present"]
    assert await how_many("enrolment.door") == 1


async def test_a_new_person_comes_with_office_and_phone_and_checks_in_alone_next_time() -> None:
    room, office = await a_classroom(ANH), await an_office("Phòng Tư pháp", await town())
    await enter(room, name="lý thị mận", office=office, phone="0911 222 333")
    [new] = [one for one in await enrolled(room.course) if one.name == NEW]
    assert (new.office_name, new.phone) == ("Phòng Tư pháp", "+84911222333")
    assert (await states(room))[NEW] == "present"
    assert await value("SELECT area FROM person WHERE name = {}", NEW) == await town()
    assert (await arrive(room, "ma", "333")).again


async def test_late_by_the_clock() -> None:
    room = await a_classroom(ANH)
    with clock.frozen(at("08:40")):
        await enter(room, name=NEW)
    assert await ledger(room, NEW) == ["late"]


async def test_who_is_enrolled_is_only_marked() -> None:
    room = await a_classroom(ANH)
    await enter(room, person=await id_of(ANH))
    assert (await states(room))[ANH] == "present"
    assert await how_of(ANH) == "hand"


async def test_a_full_course_needs_the_word_that_there_is_room() -> None:
    room = await a_classroom(ANH, AN)
    await full(room)
    with pytest.raises(Refused) as refused:
        await enter(room, name=NEW, phone="0911222333")
    assert set(refused.value.fields) == {"over"}
    assert await value("SELECT id FROM person WHERE name = {}", NEW) is None
    await enter(room, name=NEW, over=True)
    assert len(await enrolled(room.course)) == 3
    assert "over_capacity" in str((await last_line("enrolment.door"))["after"])


async def test_a_course_with_more_people_than_seats_can_still_be_changed() -> None:
    room = await a_classroom(ANH, AN)
    await full(room)
    await enter(room, name=NEW, over=True)
    now = await course_of(room.course)
    fields = {"theme": now.theme, "area": now.area, "required_periods": 8, "version": now.version}
    same = {**fields, "title": "Tên mới", "capacity": 2}
    await edit_course(MACHINE, room.course, EditCourseForm.model_validate(same))
    fewer = {**same, "capacity": 1, "version": now.version + 1}
    with pytest.raises(Refused):
        await edit_course(MACHINE, room.course, EditCourseForm.model_validate(fewer))


async def test_who_waits_in_line_is_let_in_and_keeps_the_place() -> None:
    room = await a_classroom(ANH, AN, HOANG_M)
    await run("UPDATE course SET capacity = 2 WHERE id = {}", room.course)
    await run(
        "UPDATE enrolment SET state = 'waiting', since = NULL, seated_at = NULL WHERE person = {}",
        await id_of(HOANG_M),
    )
    await enter(room, person=await id_of(HOANG_M), over=True)
    assert await value("SELECT count(*) FROM enrolment WHERE course = {}", room.course) == 3
    assert (await states(room))[HOANG_M] == "present"


async def test_a_known_name_or_phone_is_shown_first() -> None:
    room = await a_classroom(ANH)
    for told in ({"name": "bùi văn an"}, {"name": NEW, "phone": "0900000102"}):
        with pytest.raises(Refused) as refused:
            await enter(room, **told)
        assert refused.value.status == 409
        assert isinstance(refused.value.details, list)
        assert [one.name for one in refused.value.details] == [AN]
    await enter(room, name="Bùi Văn An", really_new=True)
    assert await value("SELECT count(*) FROM person WHERE name = {}", AN) == 2


@pytest.mark.parametrize("told", [{}, {"name": "A"}, {"name": NEW, "office": UUID(int=1)}])
async def test_without_a_name_or_with_a_wrong_office_nobody_comes_in(
    told: dict[str, object],
) -> None:
    room = await a_classroom(ANH)
    with pytest.raises(Refused) as refused:
        await enter(room, **told)
    assert set(refused.value.fields) <= {"name", "office"}
    assert await how_many("enrolment.door") == 0


async def test_strangers_readers_and_people_beyond_reach() -> None:
    room = await a_classroom(ANH)
    form = WalkInForm(name=NEW)
    with pytest.raises(NotFound):
        await let_in(await who_is(SEN), room.meeting, form)
    with pytest.raises(Forbidden):
        await let_in(await who_is(TOAN), room.meeting, form)
    lang = await a_classroom(area=await id_of("Xã Bình Lãng"))
    with pytest.raises(NotFound):
        await let_in(await who_is(SEN), lang.meeting, WalkInForm(person=await id_of(ANH)))


async def test_only_on_its_day_and_while_it_takes_place() -> None:
    room = await a_classroom(ANH)
    for day in (-1, 1):
        with clock.frozen(at("07:58") + timedelta(days=day)), pytest.raises(Refused):
            await let_in(MACHINE, room.meeting, WalkInForm(name=NEW))
    await cancel_session(MACHINE, room.meeting, CancelForm(reason="Mất điện", version=1))
    with pytest.raises(Refused):
        await enter(room, name=NEW)
    other = await a_classroom(ANH)
    await cancel_course(MACHINE, other.course, CancelForm(reason="Không đủ người", version=1))
    with pytest.raises(Refused):
        await enter(other, name=NEW)


async def test_two_trainers_at_the_last_seat_let_one_in_without_the_tick() -> None:
    room = await a_classroom(ANH)
    await full(room)
    tries = [enter(room, person=await id_of(name)) for name in (AN, HOANG_M)]
    found = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(one, Refused) for one in found) == 1
    assert len(await enrolled(room.course)) == 2


async def test_the_page_finds_people_lets_in_and_keeps_what_was_typed() -> None:
    room = await a_classroom(ANH, AN)
    await full(room)
    at_door = f"/sessions/{room.meeting}/walk-ins/new"
    await warm()
    async with await visit(NGHI) as nghi:
        await nghi.get(at_door)
        with few_queries():
            page = await nghi.get(f"{at_door}?q=ho minh hoang")
        assert HOANG_M in page.text
        assert "Đã đủ 2 chỗ" in page.text
        refused = await nghi.post(at_door, {"name": NEW, "phone": "0911222333"})
        assert refused.status_code == 422
        assert f'value="{NEW}"' in refused.text
        assert 'href="#over"' in refused.text
        twin = await nghi.post(at_door, {"name": "Bùi Văn An", "phone": "0911222333"})
        assert twin.status_code == 409
        assert 'name="really_new"' in twin.text
        done = await nghi.post(at_door, {"person": str(await id_of(HOANG_M)), "over": "1"})
        assert done.status_code == 303
        assert f"Đã cho vào và điểm danh: {HOANG_M}" in (await nghi.get(at_door)).text
        with clock.frozen(at("07:58") + timedelta(days=1)):
            assert "đúng ngày học" in (await nghi.get(at_door)).text
