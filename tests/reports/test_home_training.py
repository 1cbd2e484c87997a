"""The block of training on the first page of who looks after an area: nothing is nought unless it
is known to be."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID

import pytest

from demo.cast import HAN, HOANG, SEN, TAM, TOAN, Player
from kit import clock
from kit.database import insert_many, new_id, run
from people.permissions import MACHINE
from reports.home.training import SHOWN, Training
from reports.home.view import find_district
from sessions.courses.commands import CancelForm
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import cancel_session, schedule_sessions
from tests.courses import a_course, a_time
from tests.queries import few_queries, warm
from tests.sessions.lookups import town
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world", "within_a_period")]

DAY = date(clock.today().year + 1, 4, 1)
"""A day in the middle of a period that began seventeen days before, when the cast is in office."""


@pytest.fixture
async def within_a_period(world: object) -> AsyncIterator[None]:  # noqa: ARG001
    """Noon, far from the ends of its reporting month."""
    with clock.frozen(clock.midnight(DAY) + timedelta(hours=12)):
        yield


async def a_class(title: str, day: date, *names: str, area: UUID | None = None) -> UUID:
    """A session of a course of its own, and people in it for a month."""
    course = await a_course(area or await town(), title)
    why = {"anyway": True, "clash_why": "Học ghép"}
    (meeting,) = await schedule_sessions(
        MACHINE, course, a_time(max(day, DAY), "08:00-11:30", venue="Hội trường", **why)
    )
    await run("UPDATE training_session SET day = {} WHERE id = {}", day, meeting)
    people = [await id_of(name) for name in names]
    await enrol_people(MACHINE, course, EnrolForm(people=people, anyway=True))
    since = DAY - timedelta(days=60)
    await run("UPDATE enrolment SET since = {} WHERE course = {}", since, course)
    return meeting


async def mark(meeting: UUID, day: date, name: str, state: str) -> None:
    """Note somebody's state in a session."""
    taken = clock.midnight(day) + timedelta(hours=8)
    words = {"state": state, "via": "hand", "marked_at": taken, "received_at": taken}
    ids = {"id": new_id(), "nonce": new_id(), "training_session": meeting}
    await insert_many("mark", [{**ids, "person": await id_of(name), **words}])


async def training(player: Player) -> Training:
    district = await find_district(await who_is(player), None)
    assert district
    return district.training


async def home(player: Player) -> str:
    async with await visit(player) as visitor:
        await warm()
        with few_queries():
            answer = await visitor.get("/")
    assert answer.status_code == 200
    return answer.text.partition('id="training"')[2]


async def test_people_and_attendances_are_two_figures() -> None:
    for back, states in ((1, ("present", "late")), (2, ("left_early", "unexcused"))):
        day = DAY - timedelta(days=back)
        meeting = await a_class(f"Lớp {back}", day, HAN.name, HOANG.name)
        for name, state in zip((HAN.name, HOANG.name), states, strict=True):
            await mark(meeting, day, name, state)
    for player in (TAM, TOAN):
        did = await training(player)
        assert (did.held, did.open, did.people, did.times) == (2, 0, 2, 3)
    assert "Kỳ này chưa có buổi học nào" not in await home(TOAN)


async def test_without_a_session_or_a_mark_nothing_is_called_nought() -> None:
    did = await training(TAM)
    assert (did.held, did.people, did.times) == (0, None, None)
    assert "Kỳ này chưa có buổi học nào" in await home(TAM)
    day = DAY - timedelta(days=1)
    meeting = await a_class("Lớp hôm qua", day, HAN.name)
    did = await training(TAM)
    assert (did.held, did.open, did.people, did.times) == (1, 1, None, None)
    page = await home(TOAN)
    assert "chưa biết bao nhiêu người dự" in page
    assert "Lớp hôm qua" in page
    await mark(meeting, day, HAN.name, "unexcused")
    did = await training(TAM)
    assert (did.open, did.people, did.times) == (0, 0, 0)


async def test_it_lists_today_and_what_lacks_marks_and_leaves_out_what_is_cancelled() -> None:
    today = await a_class("Lớp hôm nay", DAY, HAN.name)
    await a_class("Lớp tuần trước", DAY - timedelta(days=7), HAN.name)
    await a_class("Lớp cũ", DAY - timedelta(days=8), HAN.name)
    await a_class("Lớp mai", DAY + timedelta(days=1), HAN.name)
    gone = await a_class("Lớp hoãn", DAY, HAN.name)
    await cancel_session(MACHINE, gone, CancelForm(reason="Mất điện", version=1))
    did = await training(TAM)
    assert [one.title for one in did.today] == ["Lớp hôm nay"]
    assert [one.title for one in did.lacking] == ["Lớp tuần trước"]
    assert did.held == 3
    page = await home(TAM)
    assert f"/sessions/{today}/attendance" in page
    assert "Lớp cũ" not in page
    assert f"/sessions/{today}/attendance" not in await home(TOAN)


async def test_a_session_that_has_not_begun_is_not_held_and_lacks_nothing() -> None:
    await a_class("Lớp sáng nay", DAY, HAN.name)
    with clock.frozen(clock.midnight(DAY) + timedelta(hours=7, minutes=59)):
        did = await training(TAM)
        assert ([one.title for one in did.today], did.held, did.open) == (["Lớp sáng nay"], 0, 0)
    with clock.frozen(clock.midnight(DAY) + timedelta(hours=8)):
        did = await training(TAM)
        assert (did.held, did.open) == (1, 1)


async def test_sen_sees_the_training_of_her_commune_alone() -> None:
    await a_class("Lớp của thị trấn", DAY, HAN.name)
    own = await a_class("Lớp của xã", DAY, HAN.name, area=await id_of("Xã Bình Lãng"))
    did = await training(SEN)
    assert [one.id for one in did.today] == [own]
    assert did.held == 1
    assert "Lớp của thị trấn" not in await home(SEN)


async def test_many_sessions_make_no_more_questions_and_a_short_list() -> None:
    for number in range(SHOWN + 2):
        await a_class(f"Lớp số {number}", DAY, HAN.name)
    did = await training(TAM)
    assert (len(did.today), did.more, did.held) == (SHOWN, True, SHOWN + 2)
    assert "Các buổi khác xem trong lịch" in await home(TAM)
