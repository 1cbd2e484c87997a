"""The training of the officials of offices in a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.database import SQL, all_of, rows
from kit.forms import Form, Maybe
from kit.spells import as_of
from people.permissions import Who
from people.reach import visible_areas
from sessions.training.figures import FIRST_YEAR, Duty, day_of, learned, owing
from sessions.words import category_word

MOST = 2000
EVERYBODY = 1_000_000


class TrainingFilter(Form):
    """Which year is told, and of which office the single officials."""

    year: Annotated[int | None, Maybe] = Field(default=None, ge=FIRST_YEAR, le=2100)
    office: Annotated[UUID | None, Maybe] = None

    @property
    def shown(self) -> int:
        """The year asked for, this one if none is; none lies ahead."""
        return min(self.year or clock.today().year, clock.today().year)

    @property
    def years(self) -> list[int]:
        """The years to choose from."""
        return list(range(clock.today().year, FIRST_YEAR - 1, -1))


@dataclass(frozen=True)
class OfficeTraining:
    """The officials of an office in a year. `owing` have a duty, `trained` have attendance taken
    in some session; `earned` is the sum of their periods, `fulfilled` counts whose duty is done."""

    office: UUID | None
    name: str
    officials: int
    owing: int
    trained: int
    earned: int
    fulfilled: int

    @property
    def per_head(self) -> float | None:
        """Periods for each official, with one decimal; None where nobody's attendance was taken."""
        return round(self.earned / self.officials, 1) if self.trained else None

    @property
    def share(self) -> float | None:
        """Percent of those with a duty who have done it; None where nobody's attendance was
        taken, or nobody has a duty."""
        return round(100 * self.fulfilled / self.owing, 1) if self.trained and self.owing else None


_OFFICES = """
WITH owing AS ({}), learned AS ({})
SELECT o.office, o.name, count(w.person) AS officials, count(w.owed) AS owing,
       sum(CASE WHEN t.taken > 0 THEN 1 ELSE 0 END) AS trained,
       CAST(coalesce(sum(t.earned), 0) AS integer) AS earned,
       sum(CASE WHEN coalesce(t.earned, 0) >= w.owed THEN 1 ELSE 0 END) AS fulfilled
FROM office_spell o JOIN area_spell a ON a.area = o.area AND {}
JOIN owing w ON w.office = o.office LEFT JOIN learned t ON t.person = w.person
WHERE {} GROUP BY o.office, o.name, o.sort ORDER BY o.sort, o.office
"""


async def list_offices(who: Who, asked: TrainingFilter) -> list[OfficeTraining]:
    """The offices within reach that have officials, by name; one query."""
    day = day_of(asked.shown)
    return await rows(
        OfficeTraining,
        _OFFICES,
        *(owing(day), _learned(asked)),
        as_of("a", day),
        all_of([as_of("o", day), visible_areas(who, "course.read")]),
    )


def _learned(asked: TrainingFilter) -> SQL:
    day = day_of(asked.shown)
    officials = SQL("e.person IN (SELECT g.person FROM official g WHERE {})", as_of("g", day))
    return learned(officials, asked.shown)


def whole(offices: Sequence[OfficeTraining], name: str) -> OfficeTraining:
    """All offices as one; their figures add up, for an official is in one office a day."""
    names = ("officials", "owing", "trained", "earned", "fulfilled")
    sums = {key: sum(getattr(one, key) for one in offices) for key in names}
    return OfficeTraining(office=None, name=name, **sums)


@dataclass(frozen=True)
class OfficialTraining:
    """An official in a year."""

    person: UUID
    name: str
    office: UUID
    office_name: str
    category: str
    owed: int | None
    taken: int | None
    earned: int | None

    @property
    def category_word(self) -> str:
        """The category in the reader's language."""
        return category_word(self.category)

    @property
    def duty(self) -> Duty:
        """What is owed and done."""
        return Duty(self.owed, self.earned if self.taken else None)


_OFFICIALS = """
WITH owing AS ({}), learned AS ({})
SELECT p.id AS person, p.name, o.office, o.name AS office_name, w.category, w.owed, t.taken,
       t.earned
FROM office_spell o JOIN area_spell a ON a.area = o.area AND {}
JOIN owing w ON w.office = o.office JOIN person p ON p.id = w.person
LEFT JOIN learned t ON t.person = w.person
WHERE {} ORDER BY o.sort, o.office, p.sort, p.id LIMIT {}
"""


async def list_officials(
    who: Who, asked: TrainingFilter, limit: int = MOST
) -> list[OfficialTraining]:
    """The officials of offices within reach, or of the office asked for, by office and name."""
    day = day_of(asked.shown)
    which = [as_of("o", day), visible_areas(who, "course.read")]
    if asked.office:
        which.append(SQL("o.office = {}", asked.office))
    return await rows(
        OfficialTraining,
        _OFFICIALS,
        *(owing(day), _learned(asked), as_of("a", day), all_of(which), limit),
    )
