"""The invented district: `toso demo` and `toso run` fill an empty database, and only that."""

import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from demo.cast import CAST, PASSWORD, TAM
from demo.classes import CLASSES, Teller
from kit import clock
from kit.database import new_id
from kit.sqlite import connect
from people.permissions import MACHINE
from tests.program import Server, Toso


@pytest.fixture
def toso(tmp_path: Path) -> Toso:
    """A fresh folder."""
    return Toso(tmp_path)


def counts(toso: Toso) -> tuple[int, int, int]:
    """Teams, memberships and communes in the file."""
    file: sqlite3.Connection = connect(toso.folder / "toso.db", read_only=True)
    tables = ("team", "membership", "area WHERE kind = 'commune'")
    teams, members, communes = (
        next(iter(file.execute(f"SELECT count(*) AS n FROM {table}").fetchone().values()))
        for table in tables
    )
    file.close()
    return teams, members, communes


def test_the_demo_is_the_district_of_the_workbook(toso: Toso) -> None:
    said = toso.works("demo")
    for player in CAST:
        assert player.phone in said
    assert counts(toso) == (43, 215, 10)
    assert "not empty" in toso.refuses("demo")
    assert counts(toso) == (43, 215, 10)
    assert "BAD" not in toso.works("doctor")


def asked(toso: Toso, sql: str) -> dict[str, int]:
    """What the file says, one row."""
    file: sqlite3.Connection = connect(toso.folder / "toso.db", read_only=True)
    found: dict[str, int] = file.execute(sql).fetchone()
    file.close()
    return found


def test_the_demo_has_a_year_of_visits_as_in_life(toso: Toso) -> None:
    toso.works("demo")
    month = "sum(substr(day, 6, 2) = '{}')"
    sql = (
        "SELECT count(*) AS visits, count(withdrawn_at) AS withdrawn,"
        " sum(basis = 'anonymous' AND met = 'met') AS nameless, sum(met = 'absent') AS absent,"
        f" {month.format('10')} AS october, {month.format('02')} AS tet FROM visit"
    )
    year = asked(toso, sql)
    usual = year["visits"] / 12
    assert year["visits"] > 3_000
    assert 0 < year["withdrawn"] < 50
    assert year["nameless"] > 200
    assert year["absent"] > 200
    assert year["october"] > 1.5 * usual
    assert year["tet"] < 0.6 * usual
    homes = asked(toso, "SELECT count(*) AS homes, count(last_met_on) AS met FROM household")
    assert homes["homes"] == 1720
    assert 1_200 < homes["met"] < 1_700
    promises = asked(
        toso,
        "SELECT count(*) AS made, sum(closed_why = 'visited') AS kept,"
        " sum(closed_why = 'again') AS anew, sum(closed_at IS NULL) AS open,"
        " sum(closed_at IS NULL AND due_on < date('now')) AS overdue FROM follow_up",
    )
    assert promises["kept"] + promises["anew"] > 0.75 * promises["made"]
    assert 0 < promises["overdue"] < 0.15 * promises["made"]
    assert promises["open"] > promises["overdue"]


def test_the_demo_has_courses_in_every_state_around_today(toso: Toso) -> None:
    toso.works("demo")
    today, tomorrow = clock.today(), clock.today() + timedelta(days=1)
    sql = (
        "SELECT count(*) AS courses, count(closed_on) AS closed, count(cancelled_on) AS cancelled,"
        " sum(opened_on IS NULL) AS planned,"
        f" (SELECT count(*) FROM training_session WHERE day = '{today}') AS today,"
        f" (SELECT count(*) FROM training_session WHERE day = '{tomorrow}') AS tomorrow,"
        " (SELECT count(DISTINCT state) FROM mark) AS states,"
        " (SELECT count(*) FROM enrolment WHERE state = 'waiting') AS waiting,"
        " (SELECT count(*) FROM venue) AS venues FROM course"
    )
    assert asked(toso, sql) == {
        "courses": 8,
        "closed": 2,
        "cancelled": 1,
        "planned": 1,
        "today": 1,
        "tomorrow": 1,
        "states": 6,
        "waiting": 5,
        "venues": 4,
    }
    sql = (
        "SELECT count(*) AS unmarked FROM training_session s JOIN course c ON c.id = s.course"
        f" WHERE s.day < '{today}' AND s.cancelled_at IS NULL AND s.taken_at IS NULL"
    )
    assert asked(toso, sql) == {"unmarked": 1}


@pytest.mark.parametrize("weekday", range(7))
def test_on_any_day_of_the_week_one_class_meets_today_and_one_tomorrow(weekday: int) -> None:
    today = clock.today() + timedelta(days=weekday)
    teller = Teller(MACHINE, new_id(), today, [])
    days = [[teller.day(one.days) for one in course.meets] for course in CLASSES]
    for course, told in zip(CLASSES, days, strict=True):
        assert told == sorted(set(told)), "each session has a day of its own, in order"
        for one, day in zip(course.meets, told, strict=True):
            assert (day > today) - (day < today) == (one.days > 0) - (one.days < 0)
    every = [day for told in days for day in told]
    assert [every.count(today), every.count(today + timedelta(days=1))] == [1, 1]


def sign_in(server: Server) -> int:
    """The status of Tâm's sign-in with the printed password."""
    form = {"phone": TAM.phone, "password": PASSWORD}
    return httpx.post(f"{server.url}/sign-in", data=form).status_code


def test_run_opens_a_fresh_folder_and_stops_within_three_seconds(toso: Toso) -> None:
    with toso.serving("run") as server:
        assert "Đăng nhập" in httpx.get(f"{server.url}/sign-in").text
        assert sign_in(server) == 303
        assert server.stop() < 3
        assert server.process.returncode == 0
        said = server.said()
    assert server.url in said
    assert PASSWORD in said
    begun = time.monotonic()
    with toso.serving("run") as server:
        assert time.monotonic() - begun < 30  # 4 s on a quiet machine; tests share theirs
        assert sign_in(server) == 303
    assert counts(toso) == (43, 215, 10)


def test_the_demo_issued_certificates_for_the_courses_that_are_over(toso: Toso) -> None:
    toso.works("demo")
    sql = (
        "SELECT count(*) AS given, count(DISTINCT k.course) AS courses,"
        " count(k.revoked_at) AS revoked,"
        " sum(k.issued_at > datetime('now')) AS ahead FROM certificate k"
        " JOIN course c ON c.id = k.course AND c.closed_on IS NOT NULL"
    )
    found = asked(toso, sql)
    assert found["given"] > 50
    assert (found["courses"], found["revoked"], found["ahead"]) == (2, 1, 0)
    scores = asked(toso, "SELECT count(*) AS entered, sum(score < 50) AS failed FROM test_result")
    assert 0 < scores["failed"] < scores["entered"]
    assert "their numbers without a gap" in toso.works("doctor")
