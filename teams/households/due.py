"""When a household is due for the next visit: some days after the last meeting, no holiday."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kit import clock
from places.holidays.queries import near_holidays, next_working_day
from places.settings.queries import find_body

SOON = 7
LONGEST_HOLIDAY = 30


@dataclass(frozen=True)
class Due:
    """The rule of a day: `days` after the last meeting, moved past holidays."""

    today: date
    days: int
    holidays: frozenset[date]

    def of(self, met_on: date | None) -> date | None:
        """The day a household is due that was last met on a day; None where nobody was met."""
        if met_on is None:
            return None
        return next_working_day(met_on + timedelta(days=self.days), self.holidays)

    @property
    def overdue_before(self) -> date:
        """Households last met before this day are overdue."""
        day = self.today - timedelta(days=self.days)
        while next_working_day(day - timedelta(days=1 - self.days), self.holidays) >= self.today:
            day -= timedelta(days=1)
        return day

    @property
    def due_until(self) -> date:
        """Households last met up to this day are overdue or due within a week."""
        last = self.today + timedelta(days=SOON)
        day = last - timedelta(days=self.days)
        while next_working_day(day + timedelta(days=self.days), self.holidays) > last:
            day -= timedelta(days=1)
        return day


async def due_rule() -> Due:
    """The rule of today, by the setting and the holidays; another process's change shows within
    seconds."""
    today, days = clock.today(), (await find_body()).due_days
    around = timedelta(days=days + LONGEST_HOLIDAY)
    return Due(today, days, await near_holidays(today - around, today + around))
