"""Holidays, and the days that are none."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from kit import clock
from kit.database import row, rows, run
from places.settings.queries import FRESH_SECONDS


async def holidays_between(first: date, last: date) -> set[date]:
    """The holidays from the first to the last day, both included."""
    found = await run("SELECT day FROM holiday WHERE day BETWEEN {} AND {}", first, last)
    return {holiday["day"] for holiday in found}


class _Kept:
    """Holidays are behind every list of households: read once in a few seconds."""

    found: frozenset[date] = frozenset()
    around: tuple[date, date] | None = None
    until: float = 0.0


def forget_holidays() -> None:
    """Read the holidays afresh next time."""
    _Kept.around = None


async def near_holidays(first: date, last: date) -> frozenset[date]:
    """The holidays from the first to the last day, as they stood a few seconds ago at most; a
    change of this process shows at once."""
    instant = clock.now().timestamp()
    fresh = _Kept.until - FRESH_SECONDS <= instant < _Kept.until
    if not fresh or _Kept.around != (first, last):
        _Kept.found = frozenset(await holidays_between(first, last))
        _Kept.around, _Kept.until = (first, last), instant + FRESH_SECONDS
    return _Kept.found


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
