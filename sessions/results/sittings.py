"""Sittings: a person and a session that was the person's. Every figure of results adds them up."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date
from typing import Self

from kit.database import SQL
from sessions.attendance.figures import EARNED, last_marks
from sessions.attendance.words import STATES

_COUNTS = ("summoned", "untaken", *STATES, "held", "taken", "earned")


def sittings(which: SQL, day: date) -> SQL:
    """The sittings until a day of the sessions `s` and enrolments `e` for which a condition holds,
    a row each: course, meeting, day, starts, person, office, periods, mark (the one that holds),
    state (null for not taken) and earned. Who left the course counts for the days before; nobody
    counts twice in a session, for enrolments of one person do not overlap."""
    return SQL(
        "SELECT s.course, s.id AS meeting, s.day, s.starts, e.person, e.office, s.periods,"
        " m.id AS mark,"
        " CASE WHEN m.state = 'cleared' THEN NULL ELSE m.state END AS state,"
        f" {EARNED} AS earned"
        " FROM training_session s JOIN enrolment e ON e.course = s.course AND e.since <= s.day"
        " AND (e.until IS NULL OR s.day < e.until)"
        " LEFT JOIN ({}) m ON m.training_session = s.id AND m.person = e.person"
        " WHERE s.cancelled_at IS NULL AND s.day <= {} AND {}",
        *(last_marks(_marks_of(which)), day, which),
    )


def _marks_of(which: SQL) -> SQL:
    """The marks of these sessions and of these persons: two sets, each found once, where pairs
    would be looked for again with every mark."""
    of = "FROM training_session s JOIN enrolment e ON e.course = s.course WHERE {}"
    return SQL(
        f"k.training_session IN (SELECT s.id {of}) AND k.person IN (SELECT e.person {of})",
        *(which, which),
    )


def _sum(name: str, condition: str, value: str = "1") -> str:
    case = f"CASE WHEN {condition} THEN {value} ELSE 0 END"
    return f"CAST(coalesce(sum({case}), 0) AS integer) AS {name}"


COUNTED = ", ".join(
    [
        "count(x.person) AS summoned",
        _sum("untaken", "x.person IS NOT NULL AND x.state IS NULL"),
        *(_sum(state, f"x.state = '{state}'") for state in STATES),
        _sum("held", "1 = 1", "x.periods"),
        _sum("taken", "x.state IS NOT NULL", "x.periods"),
        _sum("earned", "1 = 1", "x.earned"),
    ]
)
"""What a tally counts, of sittings `x`."""


@dataclass(frozen=True)
class Tally:
    """How often people were summoned to sessions, and what became of it. `held`, `taken` and
    `earned` are periods: of all sittings, of those whose attendance was taken, and attended."""

    summoned: int = 0
    untaken: int = 0
    present: int = 0
    late: int = 0
    left_early: int = 0
    excused: int = 0
    unexcused: int = 0
    substitute: int = 0
    held: int = 0
    taken: int = 0
    earned: int = 0

    @property
    def attended(self) -> int:
        """How often somebody came, be it late or not to the end."""
        return self.present + self.late + self.left_early

    @property
    def rate(self) -> float | None:
        """Per cent of the periods, of the sittings whose attendance was taken, with one decimal;
        None where none was: what is missing is not zero."""
        return round(100 * self.earned / self.taken, 1) if self.taken else None

    def plus(self, other: Tally) -> Tally:
        """Both as one."""
        sums = {name: getattr(self, name) + getattr(other, name) for name in _COUNTS}
        return Tally(**sums)

    @classmethod
    def part_of(cls, counted: object) -> Self:
        """The counts of something that has them among others."""
        return cls(**{field.name: getattr(counted, field.name) for field in fields(Tally)})
