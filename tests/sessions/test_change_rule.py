"""The rule of a course on which results rest: its effect is told before it is applied."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from demo.cast import TAM
from kit import clock
from kit.errors import Refused
from people.permissions import MACHINE
from sessions.courses.commands import EditCourseForm, edit_course
from tests.programs import V1, is_problem, program
from tests.sessions.lookups import course_of, town
from tests.sessions.results import AN, a_held_course, a_held_session, mark
from tests.teams.lookups import how_many
from tests.visitor import visit, who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def the_form(course: UUID, **more: Any) -> EditCourseForm:
    now = await course_of(course)
    kept = {name: getattr(now, name) for name in ("theme", "title", "area", "required_periods")}
    kept |= {"capacity": now.capacity, "min_share": now.min_share, "version": now.version}
    return EditCourseForm.model_validate({**kept, **more})


async def a_course_with_results() -> UUID:
    """Of two sessions Bùi Văn An attended one: half of the periods."""
    course, meetings = await a_held_course([AN], min_share=50)
    await mark(meetings[0], {AN: "present"})
    await mark(meetings[1], {AN: "unexcused"})
    return course


async def test_another_rule_is_refused_with_its_effect_until_that_was_seen() -> None:
    course, tam = await a_course_with_results(), await who_is(TAM)
    with pytest.raises(Refused) as refused:
        await edit_course(tam, course, await the_form(course, min_share=80))
    effect = refused.value.details
    assert refused.value.status == 409
    assert isinstance(effect, list)
    assert ["1" in effect[0], "0" in effect[0]] == [True, True]
    assert (await course_of(course)).min_share == 50
    await edit_course(tam, course, await the_form(course, min_share=80, anyway=True))
    assert (await course_of(course)).min_share == 80
    assert await how_many("course.edit") == 1


async def test_words_seats_and_planned_periods_change_without_a_question() -> None:
    course, tam = await a_course_with_results(), await who_is(TAM)
    await edit_course(tam, course, await the_form(course, title="Tên mới", capacity=40))
    await edit_course(tam, course, await the_form(course, required_periods=20))
    found = await course_of(course)
    assert (found.title, found.capacity, found.required_periods) == ("Tên mới", 40, 20)


async def test_a_course_that_was_not_held_yet_takes_any_rule() -> None:
    course, _meetings = await a_held_course([AN], days=())
    await edit_course(MACHINE, course, await the_form(course, min_share=10, pass_mark=5))
    assert ((await course_of(course)).min_share, (await course_of(course)).pass_mark) == (10, 50)


async def test_a_course_that_lasts_asks_too_though_nobody_is_decided() -> None:
    course, _meetings = await a_held_course([AN], days=(7,), min_share=50)
    await a_held_session(course, clock.today() + timedelta(days=7))
    with pytest.raises(Refused):
        await edit_course(MACHINE, course, await the_form(course, min_share=100))


async def test_a_program_is_told_the_effect_and_says_that_it_is_meant() -> None:
    course = await a_course_with_results()
    where = f"{V1}/courses/{course}"
    async with await program(TAM) as tam:
        told = is_problem(await tam.patch(where, json={"min_share": 80, "version": 1}), 409)
        assert len(told["theirs"]) == 3
        meant = {"min_share": 80, "version": 1, "anyway": True}
        assert (await tam.patch(where, json=meant)).json()["min_share"] == 80


async def test_the_page_shows_the_effect_keeps_what_was_typed_and_asks() -> None:
    course = await a_course_with_results()
    sent = {
        "theme": "digital_transformation",
        "title": "Tên mới",
        "area": str(await town()),
        "required_periods": "8",
        "capacity": "30",
        "min_share": "80",
        "version": "1",
    }
    async with await visit(TAM) as tam:
        told = await tam.post(f"/courses/{course}/edit", sent)
        assert told.status_code == 409
        assert 'name="anyway"' in told.text
        assert 'value="Tên mới"' in told.text
        assert (await course_of(course)).title != "Tên mới"
        again = {**sent, "anyway": "1"}
        assert (await tam.post(f"/courses/{course}/edit", again)).status_code == 303
    assert (await course_of(course)).min_share == 80
