"""Courses, sessions and enrolments by programs: the same commands as the pages."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from demo.cast import HOANG, NGHI, SEN, TAM
from kit import clock
from kit.database import run, value
from tests.courses import a_course
from tests.programs import V1, all_items, is_problem, program
from tests.sessions.lookups import town
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
DAY = clock.today() + timedelta(days=20)


async def body(**more: object) -> dict[str, object]:
    """A course to plan."""
    area = str(await id_of("Xã Bình Lãng"))
    course = {"theme": "information_safety", "title": "An toàn thông tin", "area": area}
    return {**course, "required_periods": 8, "capacity": 1, "pass_mark": 6.5, **more}


async def last_act() -> tuple[str, str]:
    """The action and the door of the newest line of the log."""
    found = await run("SELECT action, via FROM audit_line ORDER BY id DESC LIMIT 1")
    return found[0]["action"], found[0]["via"]


async def test_a_course_is_planned_and_edited_in_part() -> None:
    async with await program(SEN) as sen:
        made = await sen.post(f"{V1}/courses", json=await body(audience=["cadre"]))
        assert made.status_code == 201, made.text
        where = made.headers["location"]
        assert (await sen.get(where)).json() == made.json()
        assert await last_act() == ("course.plan", "api")
        edited = (await sen.patch(where, json={"capacity": 5, "version": 1})).json()
        assert (edited["capacity"], edited["version"], edited["pass_mark"]) == (5, 2, 6.5)
        assert (edited["audience"], edited["title"]) == (["cadre"], "An toàn thông tin")
        clash = is_problem(await sen.patch(where, json={"capacity": 9, "version": 1}), 409)
        assert clash["theirs"]["capacity"] == 5
        wrong = is_problem(await sen.post(f"{V1}/courses", json=await body(capacity=0)), 422)
        assert wrong["errors"][0]["field"] == "capacity"


async def test_lists_go_on_page_by_page_within_reach() -> None:
    lang = await id_of("Xã Bình Lãng")
    for title in ("Chữ ký số", "An toàn thông tin", "Bảo mật"):
        await a_course(lang, title)
    await a_course(await town(), "Tìm tin trên mạng")
    async with await program(SEN) as sen:
        titles = [one["title"] for one in await all_items(sen, "/courses", limit=1)]
        assert titles == ["An toàn thông tin", "Bảo mật", "Chữ ký số"]
        found = await all_items(sen, "/courses?q=chu ky")
        assert [one["title"] for one in found] == ["Chữ ký số"]


async def test_sessions_are_scheduled_moved_and_cancelled() -> None:
    course = await a_course(await id_of("Xã Bình Lãng"))
    at = f"{V1}/courses/{course}/sessions"
    times = {"day": str(DAY), "starts": "08:00", "ends": "11:30", "times": 3}
    async with await program(SEN) as sen:
        made = await sen.post(at, json={**times, "venue": "Hội trường"})
        assert made.status_code == 201, made.text
        items = made.json()["items"]
        assert [one["starts"] for one in items] == ["08:00"] * 3
        listed = await all_items(sen, f"/courses/{course}/sessions", limit=2)
        assert listed == items
        where = f"{V1}/sessions/{items[0]['id']}"
        assert (await sen.get(where)).json() == items[0]
        moved = await sen.patch(where, json={"starts": "13:30", "ends": "17:00", "version": 1})
        is_problem(moved, 422)
        change = {"starts": "13:30", "ends": "17:00", "reason": "Trùng họp", "version": 1}
        shown = (await sen.patch(where, json=change)).json()
        assert (shown["starts"], shown["venue_name"], shown["version"]) == (
            "13:30",
            "Hội trường",
            2,
        )
        assert await last_act() == ("session.move", "api")
        is_problem(await sen.patch(where, json=change), 409)
        gone = {"reason": "Giảng viên ốm", "version": 2}
        ended = await sen.post(f"{where}/cancellation", json=gone)
        assert ended.json()["cancelled_why"] == "Giảng viên ốm"
        number = {"day": str(DAY), "starts": 480, "ends": 690}
        is_problem(await sen.post(at, json=number), 422)


@pytest.mark.parametrize("day", ["9999-12-31", "2101-01-01", "0001-01-01"])
async def test_a_day_beyond_the_years_of_any_course_is_refused(day: str) -> None:
    course = await a_course(await id_of("Xã Bình Lãng"))
    async with await program(SEN) as sen:
        when = {"day": day, "starts": "08:00", "ends": "10:00", "times": 3}
        wrong = is_problem(await sen.post(f"{V1}/courses/{course}/sessions", json=when), 422)
        assert [one["field"] for one in wrong["errors"]] == ["day"]
        wrong = is_problem(await sen.post(f"{V1}/courses", json=await body(deadline=day)), 422)
        assert [one["field"] for one in wrong["errors"]] == ["deadline"]
    assert await value("SELECT count(*) FROM training_session") == 0


async def test_a_clash_is_told_unless_it_is_meant() -> None:
    area = await town()
    other, course = await a_course(area, "Lớp kia"), await a_course(area)
    times = {"day": str(DAY), "starts": "08:00", "ends": "10:00", "venue": "Hội trường"}
    async with await program(TAM) as tam:
        await tam.post(f"{V1}/courses/{other}/sessions", json=times)
        at = f"{V1}/courses/{course}/sessions"
        (clash,) = is_problem(await tam.post(at, json=times), 409)["theirs"]
        assert (clash["kind"], clash["title"]) == ("venue", "Lớp kia")
        meant = {**times, "anyway": True, "clash_why": "Hai lớp học chung"}
        assert (await tam.post(at, json=meant)).status_code == 201


async def test_people_are_enrolled_listed_and_withdrawn() -> None:
    course = await a_course(await town(), capacity=1)
    people = [str(await id_of(name)) for name in ("Bùi Văn An", "Cao Thị Ánh")]
    at = f"{V1}/courses/{course}/enrolments"
    async with await program(NGHI) as nghi:
        told = await nghi.post(at, json={"people": people})
        assert told.json() == {"seated": 1, "waiting": 1}
        assert await last_act() == ("enrolment.add", "api")
        assert await value("SELECT count(*) FROM enrolment WHERE how = 'api'") == 2
        listed = await all_items(nghi, f"/courses/{course}/enrolments", limit=1)
        assert [(one["name"], one["state"]) for one in listed] == [
            ("Bùi Văn An", "enrolled"),
            ("Cao Thị Ánh", "waiting"),
        ]
        assert await last_act() == ("course.view", "api")
        where = f"{V1}/enrolments/{listed[0]['id']}/withdrawal"
        is_problem(await nghi.post(where, json={"reason": "Trực", "version": 9}), 409)
        gone = {"reason": "Trực cơ quan", "version": listed[0]["version"]}
        left = await nghi.post(where, json=gone)
        assert (left.json()["state"], left.json()["withdrawn_why"]) == ("withdrawn", "Trực cơ quan")
        (up,) = await all_items(nghi, f"/courses/{course}/enrolments?only=enrolled")
        assert up["name"] == "Cao Thị Ánh"
    async with await program(SEN) as sen:
        is_problem(await sen.get(at), 404)
        is_problem(await sen.post(at, json={"people": people}), 404)


async def test_what_speaks_against_it_is_told_to_programs_too() -> None:
    late = clock.today() - timedelta(days=1)
    course = await a_course(await town(), deadline=late, audience=["cadre"])
    at, hoang = f"{V1}/courses/{course}/enrolments", str(await id_of(HOANG.name))
    async with await program(NGHI) as nghi:
        against = is_problem(await nghi.post(at, json={"people": [hoang]}), 409)["theirs"]
        assert len(against) == 2
        assert HOANG.name in against[1]
        meant = await nghi.post(at, json={"people": [hoang], "anyway": True})
        assert meant.json() == {"seated": 1, "waiting": 0}
    line = await run("SELECT after FROM audit_line WHERE action = 'enrolment.add'")
    assert len(json.loads(line[0]["after"])["in_spite_of"]) == 2


async def test_a_trainee_sees_the_own_session_and_nothing_of_the_course() -> None:
    course = await a_course(await town())
    times = {"day": str(DAY), "starts": "08:00", "ends": "11:30"}
    async with await program(NGHI) as nghi:
        await nghi.post(f"{V1}/courses/{course}/sessions", json=times)
        await nghi.post(
            f"{V1}/courses/{course}/enrolments", json={"people": [str(await id_of(HOANG.name))]}
        )
        (meeting,) = await all_items(nghi, f"/courses/{course}/sessions")
        await run("UPDATE training_session SET clash_why = 'Chị Ánh ốm' WHERE course = {}", course)
        at = f"{V1}/sessions/{meeting['id']}"
        assert (await nghi.get(at)).json()["clash_why"] == "Chị Ánh ốm"
    async with await program(HOANG) as hoang:
        assert (await hoang.get(at)).json()["clash_why"] == ""
        is_problem(await hoang.get(f"{V1}/courses/{course}"), 403)
