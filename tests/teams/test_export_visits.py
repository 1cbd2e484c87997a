"""Visits to take away: what the list shows, nobody named who did not wish it, each one logged."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time

import pytest

from demo.cast import HAN, HOANG, SEN, TAM
from kit.sheets import read_sheet
from teams.exports import visit_routes, visits
from tests.teams.logged import a_visit
from tests.teams.lookups import how_many, last_line
from tests.teams.visits.doors import QUYNH, UONG
from tests.visitor import visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def some_visits() -> None:
    """Ưởng by name, then Quỳnh without, then nobody at home at Ưởng's."""
    uong, quynh = await id_of(UONG), await id_of(QUYNH)
    done = [("vneid_2", "assisted"), ("fraud_safety", "independent")]
    await a_visit(day=date(2026, 11, 2), household=uong, supports=done)
    await a_visit(day=date(2026, 11, 3), household=quynh, basis="anonymous", supports=done[:1])
    await a_visit(day=date(2026, 11, 4), household=uong, met="absent", basis="anonymous")


def lines_of(text: str) -> list[list[str]]:
    """The rows of a CSV."""
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


async def test_the_csv_says_what_the_list_shows_the_newest_first() -> None:
    await some_visits()
    async with await visit(TAM) as tam:
        answer = await tam.get("/visits.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    heads, *lines = lines_of(answer.text)
    assert heads[:3] == ["Ngày", "Giờ", "Tổ"]
    assert [line[0] for line in lines] == ["04/11/2026", "03/11/2026", "02/11/2026"]
    assert [line[1] for line in lines] == ["09:30"] * 3
    assert lines[0][11] == "04/11/2026 09:35"
    assert [line[5] for line in lines] == [UONG, "", UONG]
    assert [line[7] for line in lines] == ["", "Không", "Có"]
    assert lines[2][8] == (
        "Định danh điện tử VNeID mức 2: Làm được khi có hướng dẫn;"
        " Phòng tránh lừa đảo trên mạng: Tự làm được"
    )
    assert QUYNH not in answer.text


async def test_a_filter_narrows_what_is_taken() -> None:
    await some_visits()
    async with await visit(TAM) as tam:
        one_day = await tam.get("/visits.csv?since=03/11/2026&until=03/11/2026")
        served = await tam.get("/visits.csv?service=fraud_safety")
        found = await tam.get("/visits.csv?q=nguyen thi uong")
    assert len(lines_of(one_day.text)) == 2
    assert len(lines_of(served.text)) == 2
    assert QUYNH not in found.text


async def test_parts_join_without_a_gap_or_a_twin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "PART", 3)
    days = [date(2026, 11, 1 + n // 3) for n in range(11)]
    for day in days:
        await a_visit(day=day)
    async with await visit(TAM) as tam:
        lines = lines_of((await tam.get("/visits.csv")).text)[1:]
    assert [line[0] for line in lines] == [f"{d:%d/%m/%Y}" for d in sorted(days, reverse=True)]


async def test_nothing_becomes_a_formula() -> None:
    assert visits.safe("=1+1") == "'=1+1"
    assert visits.safe("Ấp 1") == "Ấp 1"
    assert visits.safe(None) == ""


async def test_the_workbook_has_true_days_and_times() -> None:
    await some_visits()
    async with await visit(TAM) as tam:
        answer = await tam.get("/visits.xlsx")
    rows = [line for _number, line in read_sheet(answer.content).rows]
    assert [row[0] for row in rows[1:]] == [date(2026, 11, 4 - n) for n in range(3)]
    assert rows[1][1] == time(9, 30)
    assert rows[1][11] == datetime(2026, 11, 4, 9, 35)
    assert [row[5] for row in rows[1:]] == [UONG, None, UONG]


async def test_too_many_for_a_workbook_are_told_to_take_the_csv(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(visit_routes, "MOST_ROWS", 2)
    await some_visits()
    async with await visit(TAM) as tam:
        answer = await tam.get("/visits.xlsx")
    assert answer.status_code == 422
    assert "CSV" in answer.text
    assert await how_many("visit.export") == 0


async def test_each_export_stands_in_the_log_with_its_filter() -> None:
    async with await visit(TAM) as tam:
        await tam.get("/visits.csv?met=met")
        await tam.get("/visits.xlsx")
    assert await how_many("visit.export") == 2
    assert (await last_line("visit.export"))["doer"] == TAM.name


async def test_each_takes_the_own_reach_and_a_member_nothing() -> None:
    await some_visits()
    async with await visit(HAN) as han, await visit(SEN) as sen, await visit(HOANG) as hoang:
        assert len(lines_of((await han.get("/visits.csv")).text)) == 4
        assert len(lines_of((await sen.get("/visits.csv")).text)) == 1
        assert (await hoang.get("/visits.csv")).status_code == 403
