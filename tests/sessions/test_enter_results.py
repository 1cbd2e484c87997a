"""Entering, correcting and taking back test results; pasting them from a spreadsheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from demo.cast import HOA, NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import new_id, run, value
from kit.errors import Forbidden, NotFound, Refused
from people.permissions import MACHINE
from sessions.results.commands import ResultsForm, ScoreForm, enter_results
from sessions.results.figures import standing
from sessions.results.paste import read_pasted
from tests.queries import few_queries, warm
from tests.sessions.results import AN, ANH, HOANG, a_held_course, days_ago, enter, standing_of
from tests.teams.lookups import how_many, last_line
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_a_trainer_enters_scores_and_twice_is_once() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    nghi = await who_is(NGHI)
    entered = await enter(course, {AN: 85, ANH: 40}, nghi)
    assert (entered.new, entered.corrected) == (2, 0)
    again = await enter(course, {AN: 85, ANH: 40}, nghi)
    assert (again.new, again.corrected) == (0, 0)
    assert (await standing_of(course, AN)).shown_score == "8,5"
    assert (await standing_of(course, HOANG)).score is None
    assert await how_many("result.enter") == 1
    assert (await last_line("result.enter"))["doer"] == NGHI.name


async def test_a_correction_needs_a_reason_and_the_log_keeps_both_scores() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    tam = await who_is(TAM)
    await enter(course, {AN: 85}, tam)
    with pytest.raises(Refused) as silent:
        await enter(course, {AN: 58}, tam)
    assert "reason" in silent.value.fields
    assert (await standing_of(course, AN)).score == 85
    entered = await enter(course, {AN: 58, ANH: 70}, tam, "Nhập nhầm")
    assert (entered.new, entered.corrected) == (1, 1)
    line = await last_line("result.correct")
    assert "Bùi Văn An: 8,5" in line["before"]
    assert "Bùi Văn An: 5,8" in line["after"]
    assert "Nhập nhầm" in line["after"]


async def test_a_score_of_somebody_who_was_not_tested_is_taken_back_and_entered_anew() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    await enter(course, {AN: 85})
    await enter(course, {AN: None}, reason="Không dự kiểm tra")
    assert (await standing_of(course, AN)).score is None
    assert await value("SELECT score FROM test_result WHERE course = {}", course) == 85
    await enter(course, {AN: 60})
    assert (await standing_of(course, AN)).score == 60
    assert await value("SELECT count(*) FROM test_result WHERE course = {}", course) == 2


async def test_strangers_readers_and_trainers_elsewhere_enter_nothing() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    with pytest.raises(NotFound):
        await enter(course, {AN: 85}, await who_is(SEN))
    with pytest.raises(Forbidden):
        await enter(course, {AN: 85}, await who_is(TOAN))
    assert await how_many("result.enter") == 0


async def test_no_score_without_a_test_in_the_future_or_for_who_is_not_enrolled() -> None:
    plain, _meetings = await a_held_course()
    with pytest.raises(Refused) as none:
        await enter(plain, {AN: 85})
    assert "pass mark" in str(none.value) or "điểm đạt" in str(none.value)
    course, _meetings = await a_held_course((AN,), pass_mark="5")
    with pytest.raises(Refused):
        await enter(course, {ANH: 85})
    tomorrow = clock.today() + timedelta(days=1)
    scores = [ScoreForm(person=await id_of(AN), score=50)]
    with pytest.raises(Refused) as early:
        await enter_results(MACHINE, course, ResultsForm(tested_on=tomorrow, scores=scores))
    assert "tested_on" in early.value.fields
    await run("UPDATE course SET cancelled_on = {}, cancelled_why = 'Mưa bão'", clock.today())
    with pytest.raises(Refused):
        await enter(course, {AN: 85})


async def test_who_saves_an_old_page_does_not_write_over_what_another_entered() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    await enter(course, {AN: 85})
    old = [ScoreForm(person=await id_of(AN), score=70), ScoreForm(person=await id_of(ANH), score=9)]
    with pytest.raises(Refused) as stale:
        await enter_results(MACHINE, course, ResultsForm(tested_on=clock.today(), scores=old))
    assert stale.value.status == 409
    assert AN in str(stale.value)
    assert (await standing_of(course, ANH)).score is None


async def test_after_the_course_has_ended_only_who_may_correct_enters_with_a_reason() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    ended = (days_ago(20), days_ago(1), course)
    await run("UPDATE course SET opened_on = {}, closed_on = {} WHERE id = {}", *ended)
    with pytest.raises(Forbidden):
        await enter(course, {AN: 85}, await who_is(NGHI), "Chấm lại")
    with pytest.raises(Refused):
        await enter(course, {AN: 85}, await who_is(TAM))
    assert (await enter(course, {AN: 85}, await who_is(TAM), "Nộp bài muộn")).new == 1


async def test_scores_are_typed_with_a_comma_and_wrong_ones_are_told_at_their_field() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    an, anh = await id_of(AN), await id_of(ANH)
    async with await visit(NGHI) as nghi:
        page = await nghi.get(f"/courses/{course}/results")
        assert f"score-{an}" in page.text
        sent = {"tested_on": "01/11/2026", f"score-{an}": "8,5", f"was-{an}": ""}
        wrong = {**sent, f"score-{anh}": "11", f"was-{anh}": ""}
        answer = await nghi.post(f"/courses/{course}/results", wrong)
        assert answer.status_code == 422
        assert f'href="#score-{anh}"' in answer.text
        assert 'value="11"' in answer.text
        answer = await nghi.post(f"/courses/{course}/results", sent)
        assert answer.status_code == 303
    assert (await standing_of(course, AN)).score == 85
    async with await visit(TOAN) as toan:
        page = await toan.get(f"/courses/{course}/results")
        assert "8,5" in page.text
        assert f"score-{an}" not in page.text


PASTED = """STT\tHọ tên\tĐơn vị\tĐiểm
1\tbui van an\t\t8,5
2\tCAO THỊ ÁNH\t\t10

3\tHồ Minh Hoàng\t\tvắng
"""


async def test_columns_copied_from_excel_are_entered_whole_or_not_at_all() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    async with await visit(HOA) as hoa:
        where, day = f"/courses/{course}/results/paste", {"tested_on": days_ago(1).isoformat()}
        doubtful = PASTED + "4\tCao Thị Anh\t7\n5\tAi Đó\t7\n6\tCũng Ai Đó\t7\n"
        answer = await hoa.post(where, {"pasted": doubtful, **day})
        assert answer.status_code == 422
        assert "Ai Đó" in answer.text
        assert "Dòng 6" in answer.text
        assert "\nDòng 7" in answer.text  # each on a line of its own
        assert (await standing_of(course, AN)).score is None
        empty = await hoa.post(where, {"pasted": "chỉ có chữ", **day})
        assert empty.status_code == 422
        assert (await hoa.post(where, {"pasted": PASTED, **day})).status_code == 303
    scores = {one.name: one.score for one in await standing(MACHINE, course)}
    assert scores == {AN: 85, ANH: 100, HOANG: None}


async def test_of_two_with_one_name_the_office_decides() -> None:
    course, _meetings = await a_held_course((AN,))
    one = await standing_of(course, AN)
    two = [replace(one, person=new_id(), office_name=name) for name in ("Trạm Y tế", "Tư pháp")]
    read = read_pasted("Bùi Văn An\tTram y te\t7", two)
    assert list(read.scores) == [str(two[0].person)]
    unclear = read_pasted("Bùi Văn An\t7", two)
    assert not unclear.scores
    assert len(unclear.wrong) == 1


async def test_the_page_asks_few_questions() -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    async with await visit(TAM) as tam:
        await tam.get(f"/courses/{course}/results")
        await warm()
        with few_queries(7):  # one of them finds who asks
            await tam.get(f"/courses/{course}/results")
