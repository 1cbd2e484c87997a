"""Holidays: what is no working day, entered by hand or as the law fixes it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from demo.cast import HOA, TAM
from kit.errors import Forbidden
from places.holidays.commands import (
    FIXED,
    FixedHolidaysForm,
    HolidayForm,
    RemoveHolidayForm,
    add_fixed_holidays,
    remove_holiday,
    set_holiday,
)
from places.holidays.queries import holidays_between, list_holidays, next_working_day
from tests.queries import few_queries
from tests.teams.lookups import how_many, last_line
from tests.visitor import visit, who_is

pytestmark = [pytest.mark.anyio]
TET = date(2027, 2, 6)
days = st.dates(date(2020, 1, 1), date(2090, 1, 1))


@given(day=days, holidays=st.frozensets(days), run=st.integers(0, 12))
async def test_the_next_working_day_is_the_first_that_is_no_holiday(
    day: date, holidays: frozenset[date], run: int
) -> None:
    off = holidays | {day + timedelta(days=n) for n in range(run)}
    found = next_working_day(day, off)
    assert found >= day
    assert found not in off
    assert {day + timedelta(days=n) for n in range((found - day).days)} <= off


@pytest.mark.usefixtures("world")
async def test_a_holiday_is_set_named_anew_and_taken_away() -> None:
    hoa = await who_is(HOA)
    for name in ("Tết", "Tết Nguyên đán", "Tết Nguyên đán"):
        await set_holiday(hoa, HolidayForm(day=TET, name=name))
    assert await holidays_between(TET, TET) == {TET}
    assert [holiday.name for holiday in await list_holidays(2027)] == ["Tết Nguyên đán"]
    assert await how_many("holiday.set") == 2
    for _ in range(2):
        await remove_holiday(hoa, RemoveHolidayForm(day=TET))
    assert await holidays_between(date(2027, 1, 1), date(2027, 12, 31)) == set()
    assert await how_many("holiday.remove") == 1
    assert (await last_line("holiday.remove"))["subject_name"] == "Tết Nguyên đán"


@pytest.mark.usefixtures("world")
async def test_the_fixed_holidays_of_a_year_come_at_once_and_only_once() -> None:
    hoa = await who_is(HOA)
    await set_holiday(hoa, HolidayForm(day=date(2027, 9, 3), name="Nghỉ bù Quốc khánh"))
    assert await add_fixed_holidays(hoa, FixedHolidaysForm(year=2027)) == len(FIXED) - 1
    assert await add_fixed_holidays(hoa, FixedHolidaysForm(year=2027)) == 0
    found = await holidays_between(date(2027, 1, 1), date(2027, 12, 31))
    expected = {(1, 1), (4, 30), (5, 1), (9, 2), (9, 3)}
    assert {(day.month, day.day) for day in found} == expected


@pytest.mark.usefixtures("world")
async def test_only_who_edits_the_settings_sets_holidays() -> None:
    tam = await who_is(TAM)
    with pytest.raises(Forbidden):
        await set_holiday(tam, HolidayForm(day=TET, name="Tết"))
    with pytest.raises(Forbidden):
        await remove_holiday(tam, RemoveHolidayForm(day=TET))
    with pytest.raises(Forbidden):
        await add_fixed_holidays(tam, FixedHolidaysForm(year=2027))


@pytest.mark.usefixtures("world")
async def test_the_page_of_a_year_takes_days_as_they_are_typed() -> None:
    async with await visit(HOA) as hoa:
        wrong = await hoa.post("/holidays", {"day": "30/02/2027", "name": "Tết của Hoa"})
        assert wrong.status_code == 422
        assert "Tết của Hoa" in wrong.text
        saved = await hoa.post("/holidays", {"day": "06/02/2027", "name": "Tết Nguyên đán"})
        assert saved.headers["location"] == "/holidays?year=2027"
        assert (await hoa.post("/holidays/fixed", {"year": "2027"})).is_redirect
        with few_queries():
            page = (await hoa.get("/holidays?year=2027")).text
        assert "06/02/2027" in page
        assert "Quốc khánh 2/9" in page
        assert "/holidays/fixed" not in page
        assert (await hoa.post("/holidays/removal", {"day": "2027-02-06"})).is_redirect
        assert "06/02/2027" not in (await hoa.get("/holidays?year=2027")).text
