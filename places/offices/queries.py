"""Offices within reach: one, a page of them, how many people belong to one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, row, rows
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe
from kit.search import holds
from kit.spells import as_of
from people.permissions import Who
from people.reach import visible_areas

PAGE = 50


@dataclass(frozen=True)
class OfficeFound:
    """An office as its last spell says; `path` is where its area lies today, `people` its staff."""

    id: UUID
    spell: UUID
    name: str
    sort: str
    area: UUID
    area_name: str
    path: str
    since: date
    until: date | None
    version: int
    people: int


_OFFICE = """
SELECT o.id, o.spell, o.name, o.sort, o.area, a.name AS area_name, a.path,
       o.since, o.until, o.version,
       (SELECT count(*) FROM person p WHERE p.office = o.id AND p.merged_into IS NULL) AS people
FROM (SELECT s.office AS id, s.id AS spell, s.name, s.fold, s.sort, s.area, s.since, s.until,
             s.version FROM office_spell s) o
JOIN area_spell a ON a.area = o.area AND {}
WHERE {}
"""
_LAST = "NOT EXISTS (SELECT 1 FROM office_spell l WHERE l.office = o.id AND l.since > o.since)"


async def find_office(who: Who, office_id: UUID, verb: str = "office.read") -> OfficeFound:
    """An office within reach, as its last spell says. Raises NotFound or Forbidden."""
    which = [SQL("o.id = {}", office_id), SQL(_LAST), visible_areas(who, "office.read")]
    found = await row(OfficeFound, _OFFICE, as_of("a", clock.today()), all_of(which))
    if found is None:
        raise NotFound
    if not who.reaches(verb, found.path):
        raise Forbidden
    return found


class OfficeFilter(Form):
    """Which offices a list shows: part of the name without marks, an area and all below it."""

    q: Line = ""
    area: Annotated[UUID | None, Maybe] = None
    after: str = ""


async def list_offices(
    who: Who, asked: OfficeFilter, limit: int = PAGE
) -> tuple[list[OfficeFound], str]:
    """A page of the offices of today in Vietnamese order, and the cursor of the next or ""."""
    today = clock.today()
    which = [as_of("o", today), visible_areas(who, "office.read"), after("o", asked.after)]
    if asked.q:
        which.append(holds("o.fold", asked.q))
    if asked.area:
        which.append(
            SQL(
                "a.path LIKE (SELECT x.path FROM area_spell x WHERE x.area = {} AND {}) || '%'",
                asked.area,
                as_of("x", today),
            )
        )
    found = await rows(
        OfficeFound,
        _OFFICE + " ORDER BY o.sort, o.id LIMIT {}",
        *(as_of("a", today), all_of(which), limit + 1),
    )
    return cut(found, limit)
