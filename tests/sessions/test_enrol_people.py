"""Enrolling, waiting in line, withdrawing."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.cast import HOA, SEN, TAM, TOAN
from kit import clock
from kit.database import run, value
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, add_person
from sessions.courses.commands import CancelForm, QuotaForm, cancel_course, set_quota
from sessions.enrolments.commands import EnrolForm, WithdrawForm, enrol_people, withdraw_enrolment
from sessions.enrolments.queries import list_enrolments, list_trainees
from tests.courses import a_course
from tests.sessions.lookups import enrolled, town
from tests.teams.lookups import BINH_HOA, how_many, last_line
from tests.things import an_office, an_official
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

GONE = WithdrawForm(reason="Trực cơ quan", version=1)


async def people(*names: str) -> EnrolForm:
    return EnrolForm(people=[await id_of(name) for name in names])


async def test_people_are_enrolled_from_today_and_twice_is_once() -> None:
    course, tam = await a_course(await town()), await who_is(TAM)
    form = await people("Cao Thị Ánh", "Bùi Văn An")
    assert await enrol_people(tam, course, form) == (2, 0)
    assert await enrol_people(tam, course, form) == (0, 0)
    found = await enrolled(course)
    assert [one.name for one in found] == ["Bùi Văn An", "Cao Thị Ánh"]
    assert {one.since for one in found} == {clock.today()}
    assert (await last_line("enrolment.add"))["doer"] == TAM.name
    assert await how_many("enrolment.add") == 1


async def test_strangers_readers_and_ended_courses_do_not_enrol() -> None:
    course, form = await a_course(await town()), await people("Cao Thị Ánh")
    with pytest.raises(NotFound):
        await enrol_people(await who_is(SEN), course, form)
    with pytest.raises(Forbidden):
        await enrol_people(await who_is(TOAN), course, form)
    with pytest.raises(Refused):
        await enrol_people(MACHINE, course, EnrolForm())
    await cancel_course(MACHINE, course, CancelForm(reason="Không đủ người", version=1))
    with pytest.raises(Refused):
        await enrol_people(MACHINE, course, form)


async def test_nobody_beyond_reach_is_enrolled() -> None:
    course = await a_course(await id_of("Xã Bình Lãng"))
    with pytest.raises(NotFound):
        await enrol_people(await who_is(SEN), course, await people("Cao Thị Ánh"))


async def test_what_speaks_against_it_is_told_and_a_trainer_may_go_on() -> None:
    late = clock.today() - timedelta(days=1)
    course = await a_course(await town(), deadline=late, audience=["cadre"])
    office = await an_office("Phòng Tư pháp", await town())
    await an_official(await id_of("Bùi Văn An"), office)
    await an_official(await id_of("Cao Thị Ánh"), office, category="cadre")
    await set_quota(MACHINE, course, QuotaForm(office=office, places=1))
    tam, both = await who_is(TAM), await people("Cao Thị Ánh", "Bùi Văn An")
    with pytest.raises(Refused) as refused:
        await enrol_people(tam, course, both)
    against = refused.value.details
    assert isinstance(against, list)
    assert (refused.value.status, len(against)) == (409, 3)
    assert "Bùi Văn An" in against[1]
    assert "Cao Thị Ánh" not in against[1]
    assert await enrolled(course) == []
    assert await enrol_people(tam, course, both.model_copy(update={"anyway": True})) == (2, 0)
    told = json.loads((await last_line("enrolment.add"))["after"])
    assert told["in_spite_of"] == against
    again = both.model_copy(update={"office": office, "people": []})
    assert await enrol_people(tam, course, again) == (0, 0)


async def test_the_page_keeps_the_ticks_and_asks_whether_to_go_on() -> None:
    course = await a_course(await town(), audience=["cadre"])
    an = str(await id_of("Bùi Văn An"))
    at = f"/courses/{course}/enrolments/new?q=bui van an"
    async with await visit(TAM) as tam:
        told = await tam.post(at, {"people": an})
        assert told.status_code == 409
        assert f'value="{an}" id="people" checked' in told.text
        why, _, below = told.text.partition('role="search"')
        assert 'form="chosen" name="anyway"' in why
        assert '<form class="form" method="post"' in below
        assert 'id="chosen"' in below
        assert (await tam.post(at, {"people": an, "anyway": "1"})).status_code == 303
    assert [one.name for one in await enrolled(course)] == ["Bùi Văn An"]


async def test_a_whole_team_and_a_whole_office_come_in_one_act() -> None:
    area = await town()
    course, office = await a_course(area), await an_office("Phòng Tư pháp", area)
    await run("UPDATE person SET office = {} WHERE name = {}", office, "Bùi Văn An")
    tam = await who_is(TAM)
    assert await enrol_people(tam, course, EnrolForm(team=await id_of(BINH_HOA))) == (5, 0)
    assert await enrol_people(tam, course, EnrolForm(office=office)) == (1, 0)
    assert [one.office_name for one in await enrolled(course) if one.office] == ["Phòng Tư pháp"]


async def test_who_waits_moves_up_when_somebody_is_withdrawn() -> None:
    course = await a_course(await town(), capacity=1)
    await enrol_people(MACHINE, course, await people("Cao Thị Ánh"))
    assert await enrol_people(MACHINE, course, await people("Bùi Văn An")) == (0, 1)
    (anh,) = await enrolled(course)
    with pytest.raises(Forbidden):
        await withdraw_enrolment(await who_is(TOAN), anh.id, GONE)
    stale = WithdrawForm(reason="Trực cơ quan", version=7)
    with pytest.raises(Refused):
        await withdraw_enrolment(MACHINE, anh.id, stale)
    seen = WithdrawForm(reason="Trực cơ quan", version=anh.version)
    assert await withdraw_enrolment(await who_is(TAM), anh.id, seen) == 1
    assert await withdraw_enrolment(await who_is(TAM), anh.id, seen) == 0
    assert [one.name for one in await enrolled(course)] == ["Bùi Văn An"]
    told = await run("SELECT kind, person FROM notice")
    assert [(one["kind"], one["person"]) for one in told] == [
        ("enrolment.seated", await id_of("Bùi Văn An"))
    ]
    assert [one.withdrawn_why for one in await enrolled(course, "withdrawn")] == ["Trực cơ quan"]
    assert await how_many("enrolment.withdraw") == 1


async def test_two_who_enrol_at_once_never_take_the_last_seat_twice() -> None:
    course = await a_course(await town(), capacity=1)
    forms = [await people("Cao Thị Ánh"), await people("Bùi Văn An")]
    await asyncio.gather(*(enrol_people(MACHINE, course, form) for form in forms))
    assert len(await enrolled(course)) == 1
    assert len(await enrolled(course, "waiting")) == 1


async def test_the_page_finds_people_without_marks_and_enrols_them() -> None:
    course = await a_course(await town())
    async with await visit(HOA) as hoa:
        page = await hoa.get(f"/courses/{course}/enrolments/new?q=cao thi anh")
        assert "Cao Thị Ánh" in page.text
        person = str(await id_of("Cao Thị Ánh"))
        answer = await hoa.post(f"/courses/{course}/enrolments/new", {"people": person})
        assert answer.status_code == 303
        nobody = await hoa.post(f"/courses/{course}/enrolments/new")
        assert nobody.status_code == 422


NAMES = ["Cao Thị Ánh", "Bùi Văn An", "Hồ Minh Hoàng", "Phạm Thị Xuân", "Lâm Quốc Đạt"]
ACTS = st.lists(st.tuples(st.booleans(), st.integers(0, len(NAMES) - 1)), max_size=14)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, capacity=st.integers(1, 3))
async def test_the_line_never_exceeds_the_seats_and_never_starves(
    acts: list[tuple[bool, int]], capacity: int
) -> None:
    """Against a plain model: a queue, of which the first `capacity` sit."""
    course = await a_course(await town(), capacity=capacity)
    persons = [await id_of(name) for name in NAMES]
    seated: list[UUID] = []
    waiting: list[UUID] = []
    for joins, number in acts:
        person = persons[number]
        if joins and person not in seated + waiting:
            await enrol_people(MACHINE, course, EnrolForm(people=[person]))
            waiting.append(person)
        elif not joins and person in seated + waiting:
            await _withdraw(course, person)
            (seated if person in seated else waiting).remove(person)
        while waiting and len(seated) < capacity:
            seated.append(waiting.pop(0))
        found = await list_enrolments(course)
        assert {one.person for one in found if one.state == "enrolled"} == set(seated)
        assert [one.person for one in found if one.state == "waiting"] == waiting


async def _withdraw(course: UUID, person: UUID) -> None:
    found = (
        "SELECT {} FROM enrolment WHERE course = {{}} AND person = {{}} AND state <> 'withdrawn'"
    )
    enrolment = await value(found.format("id"), course, person)
    version = await value(found.format("version"), course, person)
    form = WithdrawForm(reason="Trực cơ quan", version=version)
    await withdraw_enrolment(MACHINE, UUID(str(enrolment)), form)


async def test_a_large_course_is_shown_page_by_page_in_its_order() -> None:
    course, area = await a_course(await town(), capacity=70), await town()
    everybody = []
    for number in range(75):
        form = AddPersonForm(name=f"Học Viên {number:02}", area=area)
        everybody.append(await add_person(MACHINE, form))
    await enrol_people(MACHINE, course, EnrolForm(people=everybody))
    first, following = await list_trainees(course, "")
    second, end = await list_trainees(course, following)
    assert (len(first), len(second), end) == (60, 15, "")
    assert [one.id for one in first + second] == [one.id for one in await list_enrolments(course)]
    assert [one.place for one in second if one.state == "waiting"] == [1, 2, 3, 4, 5]
    async with await visit(TAM) as tam:
        page = await tam.get(f"/courses/{course}")
        link = page.text.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
        rest = (await tam.get(link)).text
    assert "1. Học Viên 70" not in page.text
    assert "1. Học Viên 70" in rest
    assert "Học Viên 60" in rest
