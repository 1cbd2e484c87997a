"""Holidays, and the days that are none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from kit.database import run


async def holidays_between(first: date, last: date) -> set[date]:
    """The holidays from the first to the last day, both included."""
    found = await run("SELECT day FROM holiday WHERE day BETWEEN {} AND {}", first, last)
    return {row["day"] for row in found}


def next_working_day(day: date, holidays: Collection[date]) -> date:
    """The day itself, or the first one after it that is no holiday."""
    while day in holidays:
        day += timedelta(days=1)
    return day
