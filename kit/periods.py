"""Periods of reporting: months, quarters and years that end on a cut-off day.

With the cut-off 14 a month runs from the 15th of the month before to the 14th, the year from
15 December to 14 December. With the cut-off 31 each ends with its calendar month.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from kit.i18n import gettext as _

Kind = Literal["month", "quarter", "year"]
MONTHS: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}
CALENDAR = 31
"""The cut-off of those whose months are the calendar's."""
CUT_OFFS = (*range(1, 29), CALENDAR)


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included; named after the month that `last` is in."""

    kind: Kind
    cut_off: int
    first: date
    last: date

    @property
    def until(self) -> date:
        """The first day after it."""
        return self.last + timedelta(days=1)

    @property
    def before(self) -> Period:
        """The period of the same kind that ends the day before this one begins."""
        return period_of(self.first - timedelta(days=1), self.kind, self.cut_off)

    @property
    def after(self) -> Period:
        """The period of the same kind that begins the day after this one ends."""
        return period_of(self.until, self.kind, self.cut_off)

    @property
    def name(self) -> str:
        """Month 11/2026, Quarter 4/2026 or Year 2026, in the reader's language."""
        year, month = self.last.year, self.last.month
        if self.kind == "year":
            return _("Year %(year)s", year=year)
        if self.kind == "quarter":
            return _("Quarter %(number)s/%(year)s", number=(month + 2) // 3, year=year)
        return _("Month %(number)s/%(year)s", number=month, year=year)

    def days_left(self, day: date) -> int:
        """How many days of it come after a day; 0 when it is over."""
        return max((self.last - max(day, self.first - timedelta(days=1))).days, 0)


def period_of(day: date, kind: Kind, cut_off: int) -> Period:
    """The period of a kind in which a day lies."""
    length = MONTHS[kind]
    month = day.year * 12 + day.month - 1
    if day > _end(month, cut_off):
        month += 1
    last = month - month % length + length - 1
    return Period(kind, cut_off, _end(last - length, cut_off) + timedelta(1), _end(last, cut_off))


def _end(month: int, cut_off: int) -> date:
    """The last day of the period of a month, counted from the year 0."""
    year, number = divmod(month, 12)
    return date(year, number + 1, min(cut_off, monthrange(year, number + 1)[1]))
