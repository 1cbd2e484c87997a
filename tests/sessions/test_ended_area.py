"""A course whose area has ended stays where it was, for who reaches what that area lay in."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from demo.cast import NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import run
from kit.errors import NotFound
from people.permissions import MACHINE
from sessions.courses.commands import EditCourseForm, edit_course
from sessions.courses.queries import CourseFilter, find_course, list_courses
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import schedule_sessions
from tests.courses import a_course, a_time
from tests.sessions.lookups import SOON, course_of
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def a_course_of_a_closed_commune() -> tuple[UUID, UUID]:
    """A course of Xã Bình Lãng with a session and a trainee; the commune ended yesterday."""
    commune = await id_of("Xã Bình Lãng")
    course = await a_course(commune, "Lớp của xã cũ")
    (meeting,) = await schedule_sessions(MACHINE, course, a_time(SOON))
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of("Cao Thị Ánh")]))
    yesterday = clock.today() - timedelta(days=1)
    sql = "UPDATE area_spell SET until = {} WHERE area = {} AND until IS NULL"
    await run(sql, yesterday, commune)
    return course, meeting


async def test_every_page_of_it_stays_for_who_reaches_the_district() -> None:
    course, meeting = await a_course_of_a_closed_commune()
    of_course = ("", "/results", "/report", "/certificates", "/summons", "/warnings")
    paths = [f"/courses/{course}{part}" for part in of_course]
    paths += [f"/sessions/{meeting}{part}" for part in ("", "/attendance", "/attendance/sheet")]
    async with await visit(TOAN) as toan:
        for path in paths:
            assert (await toan.get(path)).status_code == 200, path
        assert "Lớp của xã cũ" in (await toan.get("/courses")).text
        month = f"/calendar?month={SOON.isoformat()}"
        assert "Lớp của xã cũ" in (await toan.get(month)).text
    for player in (TAM, NGHI, TOAN):
        found, _next = await list_courses(await who_is(player), CourseFilter())
        assert [one.area_name for one in found] == ["Xã Bình Lãng"]
    async with await visit(NGHI) as nghi:
        for path in (f"/courses/{course}/edit", f"/sessions/{meeting}/move"):
            assert (await nghi.get(path)).status_code == 200, path


async def test_who_reached_the_commune_alone_reaches_it_no_more() -> None:
    course, _meeting = await a_course_of_a_closed_commune()
    with pytest.raises(NotFound):
        await find_course(await who_is(SEN), course)


async def test_it_keeps_its_area_when_it_is_changed() -> None:
    course, _meeting = await a_course_of_a_closed_commune()
    now = await course_of(course)
    kept = {name: getattr(now, name) for name in ("theme", "title", "area", "required_periods")}
    form = EditCourseForm.model_validate({**kept, "capacity": 50, "version": now.version})
    await edit_course(await who_is(TAM), course, form)
    assert ((await course_of(course)).capacity, (await course_of(course)).area) == (50, now.area)
