"""Scores that were corrected or taken back: they end, and stay with who did it and why."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.cast import HAN, NGHI, SEN, TAM, TOAN
from kit.database import run, value
from people.permissions import MACHINE
from sessions.results.queries import list_changes
from tests.programs import V1, is_problem, program
from tests.sessions.lookups import course_of
from tests.sessions.results import AN, ANH, a_held_course, enter, standing_of
from tests.teams.lookups import how_many
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_every_score_stays_with_who_entered_or_changed_it_and_why() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    nghi, tam, an = await who_is(NGHI), await who_is(TAM), await id_of(AN)
    await enter(course, {AN: 85, ANH: 70}, nghi)
    await enter(course, {AN: 58}, tam, "Nhập nhầm")
    await enter(course, {AN: None}, tam, "Không dự kiểm tra")
    await enter(course, {AN: 60}, nghi)
    changes = await list_changes(await course_of(course), an)
    assert [(one.by, one.before, one.after, one.why) for one in changes] == [
        (NGHI.name, None, 60, ""),
        (TAM.name, 58, None, "Không dự kiểm tra"),
        (TAM.name, 85, 58, "Nhập nhầm"),
        (NGHI.name, None, 85, ""),
    ]
    assert (await standing_of(course, AN)).corrected
    assert not (await standing_of(course, ANH)).corrected


async def test_whoever_reads_the_course_reads_what_became_of_a_score() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    an, anh = await id_of(AN), await id_of(ANH)
    await enter(course, {AN: 85, ANH: 70}, await who_is(NGHI))
    await enter(course, {AN: 58}, await who_is(TAM), "Nhập nhầm")
    await enter(course, {AN: None}, reason="Không dự kiểm tra")
    at = f"/courses/{course}/results"
    async with await visit(TOAN) as toan:
        results = (await toan.get(at)).text
        assert f"{at}/{an}" in results
        assert f"{at}/{anh}" not in results
        page = (await toan.get(f"{at}/{an}")).text
        for said in ("Nhập nhầm", "8,5", "5,8", TAM.name, NGHI.name, "Bỏ điểm", "chương trình"):
            assert said in page
        nobody = await id_of("Đoàn Văn Thắng")
        assert (await toan.get(f"{at}/{nobody}")).status_code == 404
    async with await visit(SEN) as sen:
        assert (await sen.get(f"{at}/{an}")).status_code == 404


async def test_a_program_reads_the_same_and_its_asking_is_on_record_once() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    an, anh = await id_of(AN), await id_of(ANH)
    await enter(course, {AN: 85}, await who_is(NGHI))
    await enter(course, {AN: 58}, await who_is(TAM), "Nhập nhầm")
    await enter(course, {AN: None}, reason="Không dự kiểm tra")
    at = f"{V1}/courses/{course}/results"
    async with await program(TOAN, "read") as toan:
        told = (await toan.get(f"{at}/{an}")).json()
        assert await how_many("result.view") == 1
        assert (told["name"], told["person"], told["course"]) == (AN, str(an), str(course))
        changes = [(one["by"], one["before"], one["after"], one["why"]) for one in told["changes"]]
        assert changes == [
            (None, 5.8, None, "Không dự kiểm tra"),
            (TAM.name, 8.5, 5.8, "Nhập nhầm"),
            (NGHI.name, None, 8.5, ""),
        ]
        assert (await toan.get(f"{at}/{anh}")).json()["changes"] == []
        stranger = await id_of("Đoàn Văn Thắng")
        assert is_problem(await toan.get(f"{at}/{stranger}"), 404)
        assert is_problem(await toan.get(f"{at}/{an}7"), 404)
    async with await program(SEN, "read") as sen:
        assert is_problem(await sen.get(f"{at}/{an}"), 404)
    async with await program(HAN, "read") as han:
        assert is_problem(await han.get(f"{at}/{an}"), 403)
    assert await how_many("result.view") == 2


async def test_at_most_one_score_of_a_person_holds() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    await enter(course, {AN: 85})
    twice = (
        "INSERT INTO test_result (id, course, person, score, tested_on, entered_at)"
        " SELECT person, course, person, score, tested_on, entered_at FROM test_result"
    )
    with pytest.raises(Exception, match="(?i)unique"):
        await run(twice)


SCORES = st.lists(st.none() | st.integers(0, 100), min_size=1, max_size=6)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SCORES)
async def test_whatever_is_entered_the_changes_lead_from_nothing_to_what_holds(
    scores: list[int | None],
) -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    model: list[int | None] = [None]
    for score in scores:
        await enter(course, {AN: score}, MACHINE, "Chấm lại")
        model += [score] if score != model[-1] else []
    changes = (await list_changes(await course_of(course), await id_of(AN)))[::-1]
    assert [(one.before, one.after) for one in changes] == list(pairwise(model))
    assert (await standing_of(course, AN)).score == model[-1]
    kept = "SELECT count(*) FROM test_result WHERE course = {}"
    assert await value(kept, course) == sum(one is not None for one in model[1:])
