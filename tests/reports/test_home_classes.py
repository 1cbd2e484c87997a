"""The first page of whoever teaches or learns: today's sessions, marks lacking, deadlines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from demo.cast import HAN, HOANG, NGHI, TOAN, Player
from kit import clock
from people.permissions import MACHINE
from reports.home.classes import find_own_classes
from sessions.courses.commands import CancelForm, OnDayForm, open_course
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import cancel_session, schedule_sessions
from tests.courses import a_course, a_time
from tests.queries import few_queries, warm
from tests.sessions.lookups import town
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world", "at_noon")]

TODAY = clock.today() + timedelta(days=1)


@pytest.fixture
async def at_noon(world: object) -> AsyncIterator[None]:  # noqa: ARG001
    """Noon of a day that no run of the tests goes beyond."""
    with clock.frozen(clock.midnight(TODAY) + timedelta(hours=12)):
        yield


async def a_class(title: str, day: date, *names: str, hours: str = "08:00-11:30") -> UUID:
    """A session of a course of its own, open since a month ago, and people in it since then."""
    with clock.frozen(clock.now() - timedelta(days=30)):
        course = await a_course(await town(), title, deadline=TODAY + timedelta(days=2))
        people = [await id_of(name) for name in names]
        await enrol_people(MACHINE, course, EnrolForm(people=people))
        await open_course(MACHINE, course, OnDayForm(on=clock.today(), version=1))
    why = {"anyway": True, "clash_why": "Học ghép"}
    (meeting,) = await schedule_sessions(
        MACHINE, course, a_time(day, hours, venue="Hội trường", **why)
    )
    return meeting


async def home(player: Player) -> str:
    async with await visit(player) as visitor:
        await warm()
        with few_queries():
            answer = await visitor.get("/")
    assert answer.status_code == 200
    return answer.text


async def test_the_trainer_sees_today_what_comes_what_lacks_and_the_deadlines() -> None:
    today = await a_class("Lớp hôm nay", TODAY, HOANG.name, hours="00:00-24:00")
    await a_class("Lớp hôm qua", TODAY - timedelta(days=1), HOANG.name, HAN.name)
    await a_class("Lớp ngày mai", TODAY + timedelta(days=1), HOANG.name)
    await a_class("Lớp tháng sau", TODAY + timedelta(days=30), HOANG.name)
    gone = await a_class("Lớp đã hoãn", TODAY, HAN.name)
    await cancel_session(MACHINE, gone, CancelForm(reason="Mất điện", version=1))
    own = await find_own_classes(await who_is(NGHI))
    assert [one.title for one in own.today] == ["Lớp hôm nay"]
    assert [one.title for one in own.coming] == ["Lớp ngày mai"]
    assert [(one.title, one.lacking) for one in own.lacking] == [("Lớp hôm qua", 2)]
    assert len(own.deadlines) == 5
    page = await home(NGHI)
    assert f"/sessions/{today}/attendance" in page
    for word in ("Điểm danh", "Còn 2 người chưa điểm danh", "Lớp ngày mai", "Sắp hết hạn cử người"):
        assert word in page
    assert "Lớp tháng sau" not in page.split('id="coming"')[1]


async def test_a_leader_sees_the_own_next_session_alone() -> None:
    assert "Lịch của tôi" not in await home(HAN)
    await a_class("Lớp của người khác", TODAY, HOANG.name)
    meeting = await a_class("Lớp của Hân", TODAY + timedelta(days=3), HAN.name)
    await a_class("Lớp sau của Hân", TODAY + timedelta(days=4), HAN.name)
    page = await home(HAN)
    card = page.split('id="schedule"')[1].split("</section>")[0]
    assert f"/sessions/{meeting}" in card
    assert "Lớp của Hân" in card
    assert "08:00 · Hội trường" in card
    assert "Lớp sau của Hân" not in page


async def test_who_only_reads_is_not_led_to_marks() -> None:
    await a_class("Lớp hôm nay", TODAY, HOANG.name)
    own = await find_own_classes(await who_is(TOAN))
    assert [one.lacking for one in own.today] == [0]
