"""Planning, changing, opening, closing and cancelling a course."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.cast import HOA, NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import value
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from sessions.courses.commands import (
    CancelForm,
    CourseForm,
    EditCourseForm,
    OnDayForm,
    QuotaForm,
    cancel_course,
    close_course,
    edit_course,
    open_course,
    plan_course,
    set_quota,
)
from sessions.courses.queries import list_quotas, list_trainers
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import schedule_sessions
from sessions.meetings.queries import list_meetings
from tests.courses import a_course, a_time
from tests.queries import few_queries
from tests.sessions.lookups import SOON, course_of, enrolled, town
from tests.teams.lookups import how_many, last_line
from tests.things import an_office
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def form(**more: object) -> CourseForm:
    fields = {"theme": "information_safety", "title": "An toàn thông tin", "area": await town()}
    return CourseForm.model_validate({**fields, "required_periods": 8, "capacity": 2, **more})


async def edited(version: int = 1, **more: object) -> EditCourseForm:
    fields = (await form()).model_dump()
    return EditCourseForm.model_validate({**fields, "version": version, **more})


async def test_a_trainer_plans_a_course_with_a_test_and_trainers() -> None:
    nghi = await who_is(NGHI)
    asked = await form(pass_mark="6,5", audience=["cadre"], trainers=[nghi.person])
    course = await plan_course(nghi, asked)
    found = await course_of(course)
    assert (found.state, found.pass_mark, found.categories) == ("planned", 65, ["cadre"])
    assert [one.name for one in await list_trainers(course)] == [NGHI.name]
    assert (await last_line("course.plan"))["doer"] == NGHI.name


async def test_nobody_plans_beyond_reach_with_a_retired_theme_or_a_trainer_who_is_none() -> None:
    sen = await who_is(SEN)
    wrong = [
        (sen, await form(), "area"),
        (MACHINE, await form(theme="no_such_theme"), "theme"),
        (MACHINE, await form(trainers=[await id_of("Hồ Minh Hoàng")]), "trainers"),
    ]
    for who, asked, field in wrong:
        with pytest.raises(Refused) as refused:
            await plan_course(who, asked)
        assert field in refused.value.fields
    assert await how_many("course.plan") == 0


async def test_a_course_is_changed_by_who_may_and_only_as_it_was_shown() -> None:
    course = await a_course(await town())
    with pytest.raises(NotFound):
        await edit_course(await who_is(SEN), course, await edited())
    with pytest.raises(Forbidden):
        await edit_course(await who_is(TOAN), course, await edited())
    tam = await who_is(TAM)
    await edit_course(tam, course, await edited())
    assert (await course_of(course)).title == "An toàn thông tin"
    with pytest.raises(Refused) as stale:
        await edit_course(tam, course, await edited(version=1, title="Khác hẳn"))
    assert stale.value.status == 409
    await edit_course(tam, course, await edited(version=2))
    assert await how_many("course.edit") == 1


async def test_more_seats_let_people_move_up_and_fewer_than_enrolled_are_refused() -> None:
    course = await a_course(await town(), capacity=1)
    people = [await id_of("Cao Thị Ánh"), await id_of("Bùi Văn An")]
    await enrol_people(MACHINE, course, EnrolForm(people=people))
    assert len(await enrolled(course, "waiting")) == 1
    version = (await course_of(course)).version
    await edit_course(MACHINE, course, await edited(version=version, capacity=2))
    assert len(await enrolled(course)) == 2
    with pytest.raises(Refused) as refused:
        await edit_course(MACHINE, course, await edited(version=version + 1, capacity=1))
    assert "capacity" in refused.value.fields


async def test_the_state_of_a_course_follows_its_days() -> None:
    course, today = await a_course(await town()), clock.today()
    await schedule_sessions(MACHINE, course, a_time(SOON))
    await open_course(MACHINE, course, OnDayForm(on=today, version=1))
    await open_course(MACHINE, course, OnDayForm(on=today, version=1))
    assert await how_many("course.open") == 1
    with pytest.raises(Refused) as early:
        await close_course(MACHINE, course, OnDayForm(on=SOON, version=2))
    assert "on" in early.value.fields
    end = SOON + timedelta(days=1)
    await close_course(MACHINE, course, OnDayForm(on=end, version=2))
    found = await course_of(course)
    days = {day: found.state_on(day) for day in (today, SOON, end)}
    assert list(days.values()) == ["open", "running", "closed"]
    assert found.state_on(today - timedelta(days=1)) == "planned"


async def test_a_cancelled_course_takes_its_sessions_along_and_changes_no_more() -> None:
    course = await a_course(await town())
    await schedule_sessions(MACHINE, course, a_time(SOON))
    cancel = CancelForm(reason="Trùng kỳ họp HĐND", version=1)
    with pytest.raises(Forbidden):
        await cancel_course(await who_is(TOAN), course, cancel)
    await cancel_course(await who_is(TAM), course, cancel)
    await cancel_course(await who_is(TAM), course, cancel)
    (meeting,) = await list_meetings(course)
    assert (meeting.cancelled_why, meeting.sequence) == ("Trùng kỳ họp HĐND", 1)
    assert await how_many("course.cancel") == 1
    with pytest.raises(Refused):
        await schedule_sessions(MACHINE, course, a_time(SOON))


async def test_an_office_gets_places_and_loses_them() -> None:
    area = await town()
    course, office = await a_course(area), await an_office("Phòng Tư pháp", area)
    tam = await who_is(TAM)
    await set_quota(tam, course, QuotaForm(office=office, places=3))
    await set_quota(tam, course, QuotaForm(office=office, places=3))
    assert [(q.name, q.places) for q in await list_quotas(course)] == [("Phòng Tư pháp", 3)]
    assert await how_many("course.quota") == 1
    await set_quota(tam, course, QuotaForm(office=office))
    assert await list_quotas(course) == []
    with pytest.raises(Refused):
        await set_quota(tam, course, QuotaForm(office=course, places=1))


async def test_the_page_sets_the_places_of_every_office_at_one_go() -> None:
    area = await town()
    course = await a_course(area)
    first, second = await an_office("Phòng Nội vụ", area), await an_office("Thanh tra", area)
    async with await visit(NGHI) as nghi:
        at = f"/courses/{course}/quotas"
        assert "Thanh tra" in (await nghi.get(at)).text
        sent = {"offices": [str(first), str(second)], "places": ["5", ""]}
        assert (await nghi.post(at, sent)).status_code == 303
        assert [(q.name, q.places) for q in await list_quotas(course)] == [("Phòng Nội vụ", 5)]
        wrong = await nghi.post(at, {**sent, "places": ["4", "nhiều"]})
        assert wrong.status_code == 422
        assert 'value="nhiều"' in wrong.text
        assert 'id="places.1-wrong"' in wrong.text
        await nghi.post(at, {**sent, "places": ["5", "2"]})
    assert await how_many("course.quota") == 2
    assert [q.places for q in await list_quotas(course)] == [5, 2]


async def test_a_page_of_places_opened_earlier_takes_back_nothing_of_another_trainer() -> None:
    area = await town()
    course = await a_course(area)
    first, second = await an_office("Phòng Nội vụ", area), await an_office("Thanh tra", area)
    sent = {"offices": [str(first), str(second)], "was": ["", ""]}
    async with await visit(NGHI) as nghi, await visit(TAM) as tam:
        at = f"/courses/{course}/quotas"
        assert (await nghi.get(at)).text.count('name="was"') == 2
        assert (await tam.post(at, {**sent, "places": ["5", ""]})).status_code == 303
        assert (await nghi.post(at, {**sent, "places": ["", "2"]})).status_code == 303
        assert [q.places for q in await list_quotas(course)] == [5, 2]
        late = await nghi.post(at, {**sent, "places": ["4", ""]})
        assert late.status_code == 409
        assert "Phòng Nội vụ" in late.text
        assert (await nghi.post(at, {**sent, "was": ["5"], "places": ["4", ""]})).status_code == 422
    assert [q.places for q in await list_quotas(course)] == [5, 2]


async def test_places_that_are_none_come_back_beside_their_office() -> None:
    area = await town()
    course = await a_course(area)
    first, _ = await an_office("Phòng Nội vụ", area), await an_office("Thanh tra", area)
    async with await visit(NGHI) as nghi:
        sent = {"offices": [str(first)], "places": ["nhiều"]}
        back = await nghi.post(f"/courses/{course}/quotas", sent)
    assert back.status_code == 422
    assert 'value="nhiều"' in back.text


async def test_a_course_cancelled_at_noon_keeps_the_session_of_the_morning() -> None:
    course = await a_course(await town())
    day = clock.today() + timedelta(days=3)
    for hours in ("08:00-11:30", "13:00-16:30"):
        await schedule_sessions(MACHINE, course, a_time(day, hours))
    await schedule_sessions(MACHINE, course, a_time(day + timedelta(days=7)))
    with clock.frozen(clock.midnight(day) + timedelta(hours=11, minutes=30)):
        await cancel_course(MACHINE, course, CancelForm(reason="Mưa bão", version=1))
    assert [bool(one.cancelled_at) for one in await list_meetings(course)] == [False, True, True]


async def test_the_pages_of_a_course_say_what_is_in_it_in_few_queries() -> None:
    course = await a_course(await town(), "Tiếp công dân trên môi trường số")
    await schedule_sessions(MACHINE, course, a_time(SOON, venue="Hội trường tầng 2"))
    await enrol_people(MACHINE, course, EnrolForm(people=[await id_of("Cao Thị Ánh")]))
    async with await visit(HOA) as hoa:
        await hoa.get(f"/courses/{course}")  # the day's line of the log is written once
        with few_queries(7):  # one of them finds who asks
            page = await hoa.get(f"/courses/{course}")
        listed = await hoa.get("/courses?q=tiep cong dan")
    for word in ("Hội trường tầng 2", "Cao Thị Ánh", "1/30 chỗ"):
        assert word in page.text
    assert "Tiếp công dân trên môi trường số" in listed.text
    assert await value("SELECT count(*) FROM venue") == 1


async def test_a_wrong_form_comes_back_with_what_was_typed() -> None:
    async with await visit(NGHI) as nghi:
        sent = {"title": "Lớp của Nghị", "theme": "digital_transformation", "capacity": "0"}
        answer = await nghi.post("/courses/new", sent)
    assert answer.status_code == 422
    assert "Lớp của Nghị" in answer.text
