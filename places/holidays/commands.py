"""Holidays: set one, take one away, offer those of the law that fall on the same day each year."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from kit.database import run, transaction
from kit.forms import Day, Form
from kit.guard import SafeLine
from kit.i18n import N_
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who, must
from places.holidays.queries import find_holiday, forget_holidays, holidays_between

FIXED = (
    (1, 1, N_("New Year's Day")),
    (4, 30, N_("Reunification Day")),
    (5, 1, N_("International Labour Day")),
    (9, 1, N_("National Day, the day beside it")),
    (9, 2, N_("National Day")),
)
"""Month, day and name of the public holidays of the solar year (Labour Code, article 112). The day
beside National Day is the one before or after it, as is announced each year; the Hùng Kings' day
and Tết follow the moon."""


class HolidayForm(Form):
    """A day on which nobody is expected to work, and what it is called."""

    day: Day
    name: SafeLine = Field(min_length=2, max_length=80)


async def set_holiday(by: Who, form: HolidayForm) -> None:
    """Enter a holiday, or call it otherwise. Twice is the same as once."""
    must(by.everywhere("settings.edit"))
    async with transaction():
        now = await find_holiday(form.day)
        if now and now.name == form.name:
            return
        await _write(form.day, form.name)
        before = {"name": now.name} if now else None
        after = {"day": form.day, "name": form.name}
        await record(by, "holiday.set", name=form.name, before=before, after=after)
    forget_holidays()


async def _write(day: date, name: str) -> None:
    await run(
        "INSERT INTO holiday (day, name) VALUES ({}, {})"
        " ON CONFLICT (day) DO UPDATE SET name = excluded.name",
        *(day, name),
    )


class RemoveHolidayForm(Form):
    """A day that is a working day after all."""

    day: Day


async def remove_holiday(by: Who, form: RemoveHolidayForm) -> None:
    """Make a holiday a working day again. Twice is the same as once."""
    must(by.everywhere("settings.edit"))
    async with transaction():
        now = await find_holiday(form.day)
        if now is None:
            return
        await run("DELETE FROM holiday WHERE day = {}", form.day)
        before = {"day": now.day, "name": now.name}
        await record(by, "holiday.remove", name=now.name, before=before, after={})
    forget_holidays()


class FixedHolidaysForm(Form):
    """The year whose fixed holidays are to be entered."""

    year: int = Field(ge=2020, le=2100)


async def add_fixed_holidays(by: Who, form: FixedHolidaysForm) -> int:
    """Enter the fixed public holidays of a year that are not there yet; how many were added."""
    must(by.everywhere("settings.edit"))
    async with transaction():
        missing = await fixed_missing(form.year)
        for day, name in missing:
            await _write(day, _(name))
        if missing:
            after = {"days": [day for day, _name in missing]}
            await record(by, "holiday.set", name=str(form.year), after=after)
    forget_holidays()
    return len(missing)


async def fixed_missing(year: int) -> list[tuple[date, str]]:
    """The fixed public holidays of a year that are not entered yet; a day beside National Day
    on either side is enough."""
    known = await holidays_between(date(year, 1, 1), date(year, 12, 31))
    if date(year, 9, 3) in known:
        known = known | {date(year, 9, 1)}
    days = [(date(year, month, day), name) for month, day, name in FIXED]
    return [(day, name) for day, name in days if day not in known]
