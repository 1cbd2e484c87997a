"""The results of a large course: page by page, found by name, saved page by page."""

from __future__ import annotations

import re
from uuid import UUID

import pytest

from demo.cast import NGHI, TAM
from kit import clock
from kit.database import insert_many, new_id, value
from kit.text import fold, sort_key
from people.permissions import MACHINE
from sessions.results.figures import effects_of, rule_of, standing
from sessions.results.queries import PAGE, ResultsFilter, list_standing
from sessions.results.report_routes import MOST
from sessions.results.rule import effect_of
from tests.queries import few_queries, warm
from tests.sessions.lookups import course_of
from tests.sessions.results import a_held_course, mark
from tests.visitor import Visitor, visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

HEADS = 230


async def a_large_course() -> UUID:
    """A course with more trainees than two pages hold; two of one name."""
    course, (first, _second) = await a_held_course(pass_mark="5")
    area = await value("SELECT area FROM course WHERE id = {}", course)
    names = [f"Nguyễn Văn Số {number // 2:03}" for number in range(HEADS)]
    keys = [{"name": name, "fold": fold(name), "sort": sort_key(name)} for name in names]
    people = [{"id": new_id(), "area": area, "made_at": clock.now(), **key} for key in keys]
    await insert_many("person", people)
    since = await value("SELECT since FROM enrolment WHERE course = {} LIMIT 1", course)
    lines = [enrolled(course, one["id"], number, since) for number, one in enumerate(people)]
    await insert_many("enrolment", lines)
    await mark(first, {"Bùi Văn An": "present", "Cao Thị Ánh": "unexcused"})
    return course


def enrolled(course: UUID, person: object, number: int, since: object) -> dict[str, object]:
    """The row of somebody enrolled."""
    return {
        "id": new_id(),
        "course": course,
        "person": person,
        "state": "enrolled",
        "line": number + 100,
        "how": "hand",
        "code": f"{number:016X}",
        "since": since,
        "asked_at": clock.now(),
        "seated_at": clock.now(),
    }


async def test_the_pages_hold_everybody_once_in_the_order_of_names() -> None:
    course = await course_of(await a_large_course())
    seen, asked = [], ResultsFilter()
    while True:
        shown, following = await list_standing(course, asked)
        assert len(shown) <= PAGE
        seen += shown
        if not following:
            break
        asked = ResultsFilter(after=following)
    assert [one.person for one in seen] == [
        one.person for one in await standing(MACHINE, course.id)
    ]
    assert len(seen) == HEADS + 3


async def test_a_part_of_the_name_without_marks_finds_them() -> None:
    course = await course_of(await a_large_course())
    shown, following = await list_standing(course, ResultsFilter(q="van so 007"))
    assert [one.name for one in shown] == ["Nguyễn Văn Số 007"] * 2
    assert not following


async def test_the_effect_of_all_of_them_is_counted_as_one_by_one() -> None:
    course = await course_of(await a_large_course())
    rule = rule_of(course)
    one_by_one = [(one, 1) for one in await standing(MACHINE, course.id)]
    assert await effects_of(course, rule) == [effect_of(one_by_one, rule)]


async def test_a_page_is_saved_alone_and_the_next_one_follows() -> None:
    course = await a_large_course()
    at = f"/courses/{course}/results"
    async with await visit(NGHI) as nghi:
        first = (await nghi.get(at)).text
        fields = scores_of(first)
        assert len(fields) == PAGE
        sent = {"tested_on": clock.today().isoformat(), "then": "next"}
        sent |= {f"score-{one}": "7" for one in fields} | {f"was-{one}": "" for one in fields}
        answer = await nghi.post(at, sent)
        assert answer.status_code == 303
        second = scores_of((await nghi.get(answer.headers["location"])).text)
        assert len(second) == PAGE
        assert not set(second) & set(fields)
        stay = await nghi.post(answer.headers["location"], one_score(second[0]))
        assert stay.headers["location"] == answer.headers["location"]
    stored = "SELECT count(*) FROM test_result WHERE course = {} AND score = {}"
    assert await value(stored, course, 70) == PAGE
    assert await value(stored, course, 80) == 1


async def test_what_is_wrong_is_told_on_the_page_where_it_was_typed() -> None:
    course = await a_large_course()
    async with await visit(NGHI) as nghi:
        address = await page_of(nghi, course, 2)
        person = scores_of((await nghi.get(address)).text)[-1]
        answer = await nghi.post(address, one_score(person, "12"))
        assert answer.status_code == 422
        assert f'href="#score-{person}"' in answer.text
        assert 'value="12"' in answer.text


async def page_of(visitor: Visitor, course: UUID, number: int) -> str:
    """The address of a page of the list."""
    address = f"/courses/{course}/results"
    for _page in range(number - 1):
        found = re.search(r'rel="next" href="([^"]+)"', (await visitor.get(address)).text)
        assert found
        address = found[1].replace("&amp;", "&")
    return address


def scores_of(text: str) -> list[str]:
    """The trainees whose score can be typed on a page."""
    return re.findall(r'name="score-([0-9a-f-]{36})"', text)


def one_score(person: str, score: str = "8") -> dict[str, str]:
    """The form with one score."""
    day = clock.today().isoformat()
    return {"tested_on": day, f"score-{person}": score, f"was-{person}": ""}


async def test_the_report_lists_the_first_trainees_and_counts_all() -> None:
    course = await a_large_course()
    async with await visit(TAM) as tam:
        page = (await tam.get(f"/courses/{course}/report")).text
        assert page.count("Nguyễn Văn Số") == MOST
        assert f"{MOST} học viên đầu trong số {HEADS + 3}" in page


async def test_a_large_course_costs_no_more_questions_than_a_small_one() -> None:
    course = await a_large_course()
    async with await visit(TAM) as tam:
        await tam.get(f"/courses/{course}/results")
        await warm()
        with few_queries(8):  # one of them finds who asks, one puts the look on record
            await tam.get(f"/courses/{course}/results?q=van")
