"""Whom to remind: who attends too little, who missed sessions in a row."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.cast import HAN, NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import run
from places.settings.queries import forget_settings
from sessions.attendance.words import STATES
from sessions.results.warnings import Warned, list_warned, list_warned_courses
from tests.queries import few_queries, warm
from tests.sessions.lookups import course_of
from tests.sessions.results import (
    AN,
    ANH,
    HOANG,
    THREE,
    a_held_course,
    a_held_session,
    days_ago,
    mark,
)
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

FOUR = (28, 21, 14, 7)


async def setting(key: str, value: str) -> None:
    """Let a setting have a value."""
    sql = "INSERT INTO setting (key, value, changed_at) VALUES ({}, {}, {})"
    await run(sql, key, value, clock.now())
    forget_settings()


async def test_who_attends_too_little_or_missed_two_in_a_row_is_named() -> None:
    course, meetings = await a_held_course(days=FOUR, min_share=50)
    for nth, meeting in enumerate(meetings):
        gone = nth >= 2
        late = ("late", 100)
        await mark(meeting, {AN: "present", ANH: "excused" if gone else "present", HOANG: late})
    found = {one.name: one for one in await list_warned(await course_of(course))}
    assert set(found) == {ANH}
    assert (found[ANH].missed, found[ANH].low) == (2, False)
    await run("UPDATE course SET min_share = 80 WHERE id = {}", course)
    found = {one.name: one for one in await list_warned(await course_of(course))}
    assert set(found) == {ANH, HOANG}
    assert found[HOANG].why == "Dự 8/16 tiết, yêu cầu 80%"
    assert found[ANH].why == "Dự 8/16 tiết, yêu cầu 80%, vắng 2 buổi gần nhất"


async def test_sessions_without_attendance_are_held_against_nobody() -> None:
    course, (first, _second) = await a_held_course()
    await a_held_session(course, clock.today() + timedelta(days=7))
    assert await list_warned(await course_of(course)) == []
    await mark(first, dict.fromkeys(THREE, "present"))
    assert await list_warned(await course_of(course)) == []


async def test_how_many_in_a_row_is_a_setting() -> None:
    course, meetings = await a_held_course(days=FOUR, min_share=0)
    for meeting in meetings[1:]:
        await mark(meeting, {AN: "unexcused", ANH: "present"})
    await setting("attendance.missed_in_row", "4")
    assert await list_warned(await course_of(course)) == []
    await mark(meetings[0], {AN: "substitute"})
    assert [one.name for one in await list_warned(await course_of(course))] == [AN]


async def test_who_left_is_not_reminded_and_a_closed_course_reminds_nobody() -> None:
    course, meetings = await a_held_course()
    for meeting in meetings:
        await mark(meeting, {AN: "unexcused", ANH: "unexcused", HOANG: "present"})
    tam = await who_is(TAM)
    assert [one.people for one in await list_warned_courses(tam)] == [2]
    await run(
        "UPDATE enrolment SET state = 'withdrawn', until = {}, withdrawn_why = 'Nghỉ việc',"
        " withdrawn_at = seated_at WHERE person = {}",
        *(clock.today(), await id_of(AN)),
    )
    assert [one.people for one in await list_warned_courses(tam)] == [1]
    assert await list_warned_courses(await who_is(SEN)) == []
    ended = (days_ago(30), days_ago(1), course)
    await run("UPDATE course SET opened_on = {}, closed_on = {} WHERE id = {}", *ended)
    assert await list_warned_courses(tam) == []


async def test_the_pages_name_them_with_a_text_for_zalo() -> None:
    course, meetings = await a_held_course()
    for meeting in meetings:
        await mark(meeting, {AN: "unexcused", ANH: "present", HOANG: "present"})
    async with await visit(NGHI) as nghi, await visit(TOAN) as toan, await visit(HAN) as han:
        home = (await nghi.get("/")).text
        assert 'hx-get="/courses/warnings"' in home
        assert "/courses/warnings" not in (await han.get("/")).text
        assert "/courses/warnings" not in (await toan.get("/")).text
        line = (await nghi.get("/courses/warnings")).text
        assert "1 học viên dự dưới mức hoặc vắng liên tiếp, ở 1 lớp." in line
        assert f"/courses/{course}/warnings" in (await nghi.get(f"/courses/{course}")).text
        await warm()
        with few_queries():
            named = (await toan.get(f"/courses/{course}/warnings")).text
    assert "Dự 0/8 tiết, yêu cầu 80%, vắng 2 buổi gần nhất" in named
    assert f"- {AN}: Dự 0/8 tiết" in named
    assert ANH not in named.split("<main")[1]


MARKED = st.lists(st.sampled_from([*STATES, None]), min_size=4, max_size=4)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MARKED, st.integers(0, 100))
async def test_the_list_is_that_of_a_plain_count(states: list[str | None], least: int) -> None:
    course, meetings = await a_held_course((AN,), days=FOUR, min_share=least)
    for meeting, state in zip(meetings, states, strict=True):
        if state:
            await mark(meeting, {AN: state})
    taken = [state for state in states if state]
    came = [state in ("present", "late", "left_early") for state in taken]
    missed = next((n for n, here in enumerate(reversed(came)) if here), len(came))
    low = 100 * sum(came) < least * len(came)
    found = await list_warned(await course_of(course))
    assert bool(found) == bool(taken and (low or missed >= 2))
    for one in found:
        assert isinstance(one, Warned)
        assert (one.missed, one.low) == (missed, low)
        assert (one.taken, one.earned) == (4 * len(came), 4 * sum(came))
