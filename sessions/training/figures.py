"""The figures of training: periods attended in a year, and the yearly duty of a category.

A year is a calendar year. Periods count in the year of the session, wherever the course was; a
duty is that of the category on the last day of the year, or today while it lasts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kit import clock
from kit.database import SQL
from kit.spells import as_of
from sessions.results.sittings import sittings

FIRST_YEAR = 2020


def first_day(year: int) -> date:
    """The first of January."""
    return date(year, 1, 1)


def day_of(year: int) -> date:
    """The day on which a year is looked at: its last one, or today while it lasts."""
    return min(date(year, 12, 31), clock.today())


def owing(day: date) -> SQL:
    """The officials of a day with what their category owes in its year: person, office, category
    and owed (periods; null where no duty was set)."""
    return SQL(
        "SELECT f.person, f.office, f.category, (SELECT d.periods FROM training_duty d"
        " WHERE d.category = f.category AND d.since <= {} ORDER BY d.since DESC LIMIT 1) AS owed"
        " FROM official f WHERE {}",
        *(day, as_of("f", day)),
    )


def learned(which: SQL, year: int) -> SQL:
    """What the persons of the enrolments `e` for which a condition holds learned in a year, a row
    each: person, held and taken (periods of their sessions, and of those whose attendance was
    taken) and earned (periods attended)."""
    return SQL(
        "SELECT x.person, sum(x.periods) AS held,"
        " sum(CASE WHEN x.state IS NULL THEN 0 ELSE x.periods END) AS taken,"
        " sum(x.earned) AS earned FROM ({}) x GROUP BY x.person",
        sittings(SQL("s.day >= {} AND {}", first_day(year), which), day_of(year)),
    )


@dataclass(frozen=True)
class Duty:
    """What somebody owes in a year and did: `owed` is None where there is no duty, `earned` None
    where no attendance was taken: what is missing is not zero."""

    owed: int | None
    earned: int | None

    @property
    def fulfilled(self) -> bool | None:
        """Whether the duty is done; None where there is none, or nothing is known yet."""
        if self.owed is None or (self.earned is None and self.owed):
            return None
        return (self.earned or 0) >= self.owed

    @property
    def left(self) -> int | None:
        """Periods still to attend; None without a duty."""
        return None if self.owed is None else max(0, self.owed - (self.earned or 0))
