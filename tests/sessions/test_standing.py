"""Where trainees stand: periods, share, score, and whether the course is completed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.cast import NGHI, SEN, TOAN
from kit import clock
from kit.database import run, value
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from sessions.enrolments.commands import WithdrawForm, withdraw_enrolment
from sessions.results.commands import RuleForm, set_rule
from sessions.results.figures import standing
from tests.sessions.lookups import course_of
from tests.sessions.results import (
    AN,
    ANH,
    HOANG,
    a_held_course,
    a_held_session,
    days_ago,
    enter,
    mark,
    standing_of,
)
from tests.teams.lookups import how_many, last_line
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_who_attended_enough_and_passed_completed_the_course() -> None:
    course, (first, second) = await a_held_course(pass_mark="5")
    await mark(first, {AN: "present", ANH: ("late", 50), HOANG: "excused"})
    await mark(second, {AN: "present", ANH: "present", HOANG: "present"})
    await enter(course, {AN: 85, ANH: 49, HOANG: 100})
    found = {one.name: one for one in await standing(MACHINE, course)}
    assert list(found) == [AN, ANH, HOANG]
    assert [(one.attended, one.held) for one in found.values()] == [(8, 8), (7, 8), (4, 8)]
    assert [one.shown_share for one in found.values()] == ["100%", "87%", "50%"]
    assert [one.complete for one in found.values()] == [True, False, False]
    assert "4,9" in found[ANH].why
    assert "4/8" in found[HOANG].why


async def test_while_sessions_are_to_come_nothing_is_decided() -> None:
    course, (first, second) = await a_held_course()
    later = await a_held_session(course, clock.today() + timedelta(days=3))
    for meeting in (first, second):
        await mark(meeting, {AN: "present", ANH: "unexcused", HOANG: "unexcused"})
    assert {one.complete for one in await standing(MACHINE, course)} == {None}
    gone = (clock.now(), "Mưa bão", later)
    await run(
        "UPDATE training_session SET cancelled_at = {}, cancelled_why = {} WHERE id = {}", *gone
    )
    assert (await standing_of(course, AN)).complete is True
    assert (await standing_of(course, ANH)).complete is False


async def test_attendance_that_was_not_taken_is_not_held_against_anybody() -> None:
    course, (first, _second) = await a_held_course()
    await mark(first, {AN: "present", ANH: "present", HOANG: "present"})
    one = await standing_of(course, AN)
    assert (one.complete, one.untaken) == (None, 1)
    assert "chưa điểm danh" in one.why


async def test_who_joined_later_is_judged_by_the_sessions_since() -> None:
    course, (first, second) = await a_held_course()
    anh = await id_of(ANH)
    await run("UPDATE enrolment SET since = {} WHERE person = {}", days_ago(8), anh)
    await mark(first, {AN: "present", HOANG: "present"})
    await mark(second, {AN: "present", ANH: "present", HOANG: "present"})
    one = await standing_of(course, ANH)
    assert (one.attended, one.held, one.complete) == (4, 4, True)


async def test_who_left_the_course_stands_nowhere() -> None:
    course, _meetings = await a_held_course()
    enrolment = await value("SELECT id FROM enrolment WHERE person = {}", await id_of(AN))
    await withdraw_enrolment(MACHINE, enrolment, WithdrawForm(reason="Nghỉ thai sản", version=2))
    assert [one.name for one in await standing(MACHINE, course)] == [ANH, HOANG]


async def test_strangers_do_not_see_where_anybody_stands() -> None:
    course, _meetings = await a_held_course()
    with pytest.raises(NotFound):
        await standing(await who_is(SEN), course)
    assert len(await standing(await who_is(TOAN), course)) == 3


def plain(text: str) -> str:
    """A text with plain blanks: a number and its words stay on one line."""
    return text.replace("\N{NO-BREAK SPACE}", " ")


async def test_the_effect_of_a_rule_is_shown_before_it_holds() -> None:
    course, (first, second) = await a_held_course()
    await mark(first, {AN: "present", ANH: "present", HOANG: "unexcused"})
    await mark(second, {AN: "present", ANH: "excused", HOANG: "unexcused"})
    async with await visit(NGHI) as nghi:
        at = f"/courses/{course}/rule"
        now = await nghi.get(at)
        assert "1 hoàn thành, 2 chưa hoàn thành" in plain(now.text)
        assert "Áp dụng" not in now.text
        other = await nghi.get(f"{at}?min_share=50&pass_mark=")
        assert "1 hoàn thành, 2 chưa hoàn thành" in plain(other.text)
        assert "2 hoàn thành, 1 chưa hoàn thành" in plain(other.text)
        assert (await course_of(course)).min_share == 80
        version = (await course_of(course)).version
        form = {"min_share": "50", "pass_mark": "", "version": str(version)}
        assert (await nghi.post(at, form)).status_code == 303
        assert (await nghi.post(at, form)).status_code == 303
        odd = await nghi.get(f"{at}?min_share=abc&pass_mark=12")
        assert odd.status_code == 200
    assert (await course_of(course)).min_share == 50
    assert await how_many("course.rule") == 1
    assert (await last_line("course.rule"))["doer"] == NGHI.name


async def test_a_rule_is_set_by_who_may_as_it_was_shown_and_while_the_course_lasts() -> None:
    course, _meetings = await a_held_course()
    form = RuleForm(min_share=50, pass_mark=65, version=1)
    with pytest.raises(NotFound):
        await set_rule(await who_is(SEN), course, form)
    with pytest.raises(Forbidden):
        await set_rule(await who_is(TOAN), course, form)
    await set_rule(MACHINE, course, form)
    assert (await course_of(course)).pass_mark == 65
    with pytest.raises(Refused) as stale:
        await set_rule(MACHINE, course, RuleForm(min_share=60, version=1))
    assert stale.value.status == 409
    ended = (days_ago(30), days_ago(1), course)
    await run("UPDATE course SET opened_on = {}, closed_on = {} WHERE id = {}", *ended)
    with pytest.raises(Refused):
        await set_rule(MACHINE, course, RuleForm(min_share=60, version=2))
