"""Holidays, and the days that are none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from kit.database import row, rows, run


async def holidays_between(first: date, last: date) -> set[date]:
    """The holidays from the first to the last day, both included."""
    found = await run("SELECT day FROM holiday WHERE day BETWEEN {} AND {}", first, last)
    return {holiday["day"] for holiday in found}


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """The day itself, or the first one after it that is no holiday."""
    while day in holidays:
        day += timedelta(days=1)
    return day


@dataclass(frozen=True)
class HolidayFound:
    """A holiday and what it is called."""

    day: date
    name: str


async def list_holidays(year: int) -> list[HolidayFound]:
    """The holidays of a year, in order."""
    return await rows(
        HolidayFound,
        "SELECT day, name FROM holiday WHERE day BETWEEN {} AND {} ORDER BY day",
        *(date(year, 1, 1), date(year, 12, 31)),
    )


async def find_holiday(day: date) -> HolidayFound | None:
    """The holiday of a day, if it is one."""
    return await row(HolidayFound, "SELECT day, name FROM holiday WHERE day = {}", day)
