"""Moving up from the line: without asking, but whoever has another session then is told of it."""

from __future__ import annotations

from uuid import UUID

import pytest

from demo.cast import NGHI, SEN
from kit import i18n
from kit.database import run
from kit.errors import NotFound
from notices.words import say_words
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, add_person
from sessions.courses.commands import EditCourseForm, edit_course
from sessions.enrolments.commands import (
    EnrolForm,
    WithdrawForm,
    enrol_people,
    withdraw_enrolment,
)
from sessions.meetings.commands import schedule_sessions
from tests.courses import a_course, a_time
from tests.sessions.lookups import SOON, course_of, enrolled, town
from tests.teams.lookups import how_many
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
ANH, AN = "Cao Thị Ánh", "Bùi Văn An"
THEN = f"{SOON:%d/%m/%Y}, 08:00–11:30"


async def a_class(title: str, area: UUID | None = None, **more: object) -> UUID:
    """A course with a session of one morning, the same for all."""
    course = await a_course(area or await town(), title, **more)
    await schedule_sessions(MACHINE, course, a_time(SOON))
    return course


async def enrol(course: UUID, *names: str) -> None:
    form = EnrolForm(people=[await id_of(name) for name in names], anyway=True)
    await enrol_people(MACHINE, course, form)


async def leave(course: UUID, name: str) -> None:
    """Somebody with a seat leaves; sent twice, as an impatient finger does."""
    (one,) = [one for one in await enrolled(course) if one.name == name]
    gone = WithdrawForm(reason="Trực cơ quan", version=one.version)
    for _time in range(2):
        await withdraw_enrolment(MACHINE, one.id, gone)


async def told(kind: str) -> list[tuple[str, str]]:
    """Who was told something of a kind, and its body in Vietnamese."""
    found = await run(
        "SELECT p.name, n.words FROM notice n JOIN person p ON p.id = n.person"
        " WHERE n.kind = {} ORDER BY p.sort",
        kind,
    )
    with i18n.speaking("vi"):
        return [(one["name"], say_words(one["words"]).body) for one in found]


async def test_who_is_busy_then_moves_up_and_is_told_and_so_is_the_trainer() -> None:
    full = await a_class("Lớp đầy", capacity=1, trainers=[await id_of(NGHI.name)])
    await enrol(full, AN)
    await enrol(full, ANH)
    await enrol(await a_class("Lớp một"), ANH)
    with pytest.raises(NotFound):
        await withdraw_enrolment(
            await who_is(SEN), (await enrolled(full))[0].id, WithdrawForm(reason="Bận", version=1)
        )
    await leave(full, AN)
    assert [one.name for one in await enrolled(full)] == [ANH]
    [(name, said)] = await told("enrolment.seated")
    assert name == ANH
    assert "“Lớp một”" in said
    assert THEN in said
    [(reader, body)] = await told("enrolment.busy")
    assert reader == NGHI.name
    assert f"{ANH} (“Lớp một”, {THEN})" in body
    assert await how_many("enrolment.withdraw") == 1


async def test_who_has_nothing_then_moves_up_and_no_trainer_is_bothered() -> None:
    full = await a_class("Lớp đầy", capacity=1, trainers=[await id_of(NGHI.name)])
    await enrol(full, AN)
    await enrol(full, ANH)
    waits = await a_class("Lớp chờ", capacity=1)
    await enrol(waits, "Hồ Minh Hoàng")
    await enrol(waits, ANH)
    await leave(full, AN)
    [(name, said)] = await told("enrolment.seated")
    assert (name, "Lớp chờ" in said) == (ANH, False)
    assert await told("enrolment.busy") == []


async def test_a_course_beyond_the_reach_of_a_reader_is_named_to_its_trainee_alone() -> None:
    full = await a_class("Lớp đầy", await id_of("Xã Bình Lãng"), capacity=1)
    await enrol(full, AN)
    await enrol(full, ANH)
    await enrol(await a_class("Lớp của thị trấn"), ANH)
    await leave(full, AN)
    assert "“Lớp của thị trấn”" in (await told("enrolment.seated"))[0][1]
    [(reader, body)] = await told("enrolment.busy")
    assert reader == SEN.name
    assert f"{ANH} ({THEN})" in body
    assert "thị trấn" not in body


async def test_more_seats_tell_the_trainer_once_of_everybody_who_is_busy() -> None:
    full = await a_class("Lớp đầy", capacity=1, trainers=[await id_of(NGHI.name)])
    other, area = await a_class("Lớp một"), await town()
    await enrol(full, AN)
    people = [
        await add_person(MACHINE, AddPersonForm(name=f"Học Viên {number}", area=area))
        for number in range(7)
    ]
    for course in (full, other):
        await enrol_people(MACHINE, course, EnrolForm(people=people, anyway=True))
    now = await course_of(full)
    form = {name: getattr(now, name) for name in ("theme", "title", "area", "required_periods")}
    form |= {"capacity": 20, "version": now.version, "trainers": [await id_of(NGHI.name)]}
    await edit_course(MACHINE, full, EditCourseForm.model_validate(form))
    assert len(await told("enrolment.seated")) == 7
    [(reader, body)] = await told("enrolment.busy")
    assert reader == NGHI.name
    names = ", ".join(f"Học Viên {number}" for number in range(5))
    assert f"{names} (“Lớp một”, {THEN})" in body
    assert " 2 người nữa" in body
