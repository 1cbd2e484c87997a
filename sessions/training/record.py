"""The training of a person over the years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import SQL, rows
from kit.spells import last_known
from sessions.attendance.figures import attended_by
from sessions.certificates.words import register_number
from sessions.results.rule import Rule, judge
from sessions.results.sittings import sittings
from sessions.results.words import score_shown, verdict_of
from sessions.training.figures import Duty, day_of, owing
from sessions.words import category_word


@dataclass(frozen=True)
class CourseTaken:
    """A course that a person took part in during a year. `held`, `taken` and `earned` are periods
    of that year, the other figures those of the whole course; `path` is where its area lies."""

    year: int
    course: UUID
    title: str
    path: str | None
    first_on: date
    last_on: date
    held: int
    taken: int
    earned: int
    all_held: int | None
    all_attended: int | None
    untaken: int | None
    ahead: int
    min_share: int
    pass_mark: int | None
    score: int | None
    code: str | None
    number: int | None
    number_year: int | None

    @property
    def shown_score(self) -> str:
        """The score of the test; a dash for none."""
        return score_shown(self.score)

    @property
    def certificate(self) -> str:
        """The register number of the certificate, 0012/2026; nothing where there is none."""
        return register_number(self.number_year or 0, self.number) if self.number else ""

    @property
    def tag(self) -> tuple[str, str] | None:
        """Whether the course was completed; None for who left it."""
        if self.all_held is None:
            return None
        return verdict_of(judge(_Facts.of(self), Rule(self.min_share, self.pass_mark)))


@dataclass(frozen=True)
class _Facts:
    ahead: int
    untaken: int
    held: int
    attended: int
    score: int | None

    @classmethod
    def of(cls, one: CourseTaken) -> _Facts:
        """What decides about a course."""
        held, attended = one.all_held or 0, one.all_attended or 0
        return cls(one.ahead, one.untaken or 0, held, attended, one.score)


_TAKEN = """
WITH whole AS ({})
SELECT y.year, y.course, c.title, a.path, y.first_on, y.last_on, y.held, y.taken, y.earned,
       w.held AS all_held, w.attended AS all_attended, w.not_taken AS untaken,
       (SELECT count(*) FROM training_session n WHERE n.course = y.course AND n.day > {}
           AND n.cancelled_at IS NULL) AS ahead,
       c.min_share, c.pass_mark, r.score, k.code,
       k.number, k.year AS number_year
FROM (SELECT CAST(substr(CAST(x.day AS text), 1, 4) AS integer) AS year, x.course,
             min(x.day) AS first_on, max(x.day) AS last_on,
             sum(x.periods) AS held, sum(x.earned) AS earned,
             sum(CASE WHEN x.state IS NULL THEN 0 ELSE x.periods END) AS taken
      FROM ({}) x GROUP BY CAST(substr(CAST(x.day AS text), 1, 4) AS integer), x.course) y
JOIN course c ON c.id = y.course
LEFT JOIN area_spell a ON a.area = c.area AND {}
LEFT JOIN whole w ON w.course = y.course
LEFT JOIN test_result r ON r.course = y.course AND r.person = {} AND r.withdrawn_at IS NULL
LEFT JOIN certificate k ON k.course = y.course AND k.person = {} AND k.revoked_at IS NULL
ORDER BY y.year DESC, y.last_on DESC, c.sort, c.id
"""


@dataclass(frozen=True)
class YearOfTraining:
    """A year of a person: the courses, and the duty if the person was an official."""

    year: int
    category: str | None
    duty: Duty
    courses: list[CourseTaken]

    @property
    def category_word(self) -> str:
        """The category in the reader's language; nothing for who was no official."""
        return category_word(self.category) if self.category else ""


@dataclass(frozen=True)
class _Owed:
    year: int
    category: str
    owed: int | None


async def list_years(person: UUID) -> list[YearOfTraining]:
    """The training of a person already found, the newest year first: this year, and every year
    with a session; two queries."""
    today = clock.today()
    taken = await rows(
        lambda **found: CourseTaken(**{**found, **_days(found)}),
        _TAKEN,
        *(attended_by(person), today, sittings(SQL("e.person = {}", person), today)),
        *(last_known("a", today), person, person),
    )
    years = sorted({one.year for one in taken} | {today.year}, reverse=True)
    owed = {one.year: one for one in await _owed(person, years)}
    return [
        _year(year, owed.get(year), [one for one in taken if one.year == year]) for year in years
    ]


def _days(found: Mapping[str, object]) -> dict[str, date]:
    """SQLite gives the days of an aggregate as text."""
    return {name: date.fromisoformat(str(found[name])) for name in ("first_on", "last_on")}


def _year(year: int, owed: _Owed | None, courses: list[CourseTaken]) -> YearOfTraining:
    known = any(one.taken for one in courses)
    earned = sum(one.earned for one in courses) if known else None
    duty = Duty(owed.owed if owed else None, earned)
    return YearOfTraining(year, owed.category if owed else None, duty, courses)


async def _owed(person: UUID, years: Sequence[int]) -> list[_Owed]:
    each = [
        SQL(
            "SELECT CAST({} AS integer) AS year, w.category, w.owed FROM ({}) w"
            " WHERE w.person = {}",
            *(year, owing(day_of(year)), person),
        )
        for year in years
    ]
    return await rows(_Owed, " UNION ALL ".join(["{}"] * len(each)), *each)
