"""Persons: one within reach, and those who may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, any_of, row, rows
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe
from kit.pages import day as written
from kit.phones import digits_tail
from kit.search import holds
from kit.spells import as_of
from kit.text import fold
from people.permissions import Who
from people.reach import visible_persons, visible_teams


@dataclass(frozen=True)
class PersonFound:
    """A person; `path` is that of the home area today, the root's where none is known."""

    id: UUID
    name: str
    sex: str | None
    born_on: date | None
    born_year: int | None
    phone: str | None
    email: str | None
    organisation: str
    area: UUID | None
    area_name: str | None
    office: UUID | None
    office_name: str | None
    version: int
    path: str

    @property
    def born(self) -> str:
        """The birthday, or the bare year, in words."""
        return written(self.born_on) or str(self.born_year or "")


PERSON = """
SELECT p.id, p.name, p.sex, p.born_on, p.born_year, p.phone, p.email, p.organisation, p.area,
       a.name AS area_name, p.office, o.name AS office_name, p.version,
       coalesce(a.path, '/') AS path
FROM person p
LEFT JOIN area_spell a ON a.area = p.area AND {}
LEFT JOIN office_spell o ON o.office = p.office AND {}
WHERE p.merged_into IS NULL AND
"""


async def find_person(who: Who, person_id: UUID, verb: str = "person.read") -> PersonFound:
    """A person within reach. Raises NotFound, or Forbidden when `verb` does not reach so far."""
    today = clock.today()
    found = await _find(person_id, visible_persons(who, today), today)
    if found is None:
        raise NotFound
    if verb != "person.read" and not await _find(
        person_id, visible_persons(who, today, verb), today
    ):
        raise Forbidden
    return found


async def _find(person_id: UUID, reach: SQL, today: date) -> PersonFound | None:
    sql = PERSON + "p.id = {} AND {}"
    return await row(PersonFound, sql, as_of("a", today), as_of("o", today), person_id, reach)


async def list_twins(
    who: Who, name: str, born_year: int | None, phone: str | None
) -> list[PersonFound]:
    """Persons within reach who may be the same: same name and birth year, or same phone."""
    today = clock.today()
    same = [SQL("p.phone = {}", phone)] if phone else []
    if born_year:
        same.append(SQL("(p.fold = {} AND p.born_year = {})", fold(name), born_year))
    if not same:
        return []
    return await rows(
        PersonFound,
        PERSON + "{} AND {} ORDER BY p.sort, p.id LIMIT 10",
        *(as_of("a", today), as_of("o", today), any_of(same), visible_persons(who, today)),
    )


PAGE = 50


class PersonFilter(Form):
    """Which persons a list shows: part of the name or of the phone, those in no team today, those
    in one team today, those who live in an area or below it."""

    q: Line = ""
    team: Annotated[Literal["none"] | None, Maybe] = None
    member_of: Annotated[UUID | None, Maybe] = None
    area: Annotated[UUID | None, Maybe] = None
    after: str = ""

    def query(self) -> dict[str, object]:
        """The words of the filter for an address."""
        return self.model_dump(mode="json", exclude={"after"}, exclude_none=True)


@dataclass(frozen=True)
class PersonLine:
    """A person in a list, with the team of today, if any."""

    id: UUID
    name: str
    sort: str
    born_on: date | None
    born_year: int | None
    phone: str | None
    organisation: str
    team: UUID | None
    team_name: str | None
    position: str | None

    @property
    def born(self) -> str:
        """The birthday, or the bare year, in words."""
        return written(self.born_on) or str(self.born_year or "")


_LINES = """
WITH page AS (
    SELECT p.id, p.name, p.sort, p.born_on, p.born_year, p.phone, p.organisation
    FROM person p WHERE p.merged_into IS NULL AND {} ORDER BY p.sort, p.id LIMIT {})
SELECT p.id, p.name, p.sort, p.born_on, p.born_year, p.phone, p.organisation,
       t.id AS team, t.name AS team_name, m.position
FROM page p
LEFT JOIN membership m ON m.person = p.id AND {}
LEFT JOIN team t ON t.id = m.team
ORDER BY p.sort, p.id
"""
_MEMBER_OF = """EXISTS (SELECT 1 FROM membership m JOIN team mt ON mt.id = m.team
    WHERE m.person = p.id AND mt.id = {} AND {} AND {})"""
_LIVES_IN = """p.area IN (
    SELECT s.area FROM area_spell f
    JOIN area_spell s ON s.path >= f.path AND s.path < substr(f.path, 1, length(f.path) - 1) || '0'
    WHERE f.area = {} AND {} AND {})"""


async def list_persons(
    who: Who, asked: PersonFilter, limit: int = PAGE
) -> tuple[list[PersonLine], str]:
    """A page of persons within reach, by given name, and the cursor of the next page or ""."""
    today = clock.today()
    member = as_of("m", today, "joined_on", "left_on")
    conditions = [visible_persons(who, today), after("p", asked.after)]
    if asked.q:
        conditions.append(matches(asked.q))
    if asked.team:
        without = "NOT EXISTS (SELECT 1 FROM membership m WHERE m.person = p.id AND {})"
        conditions.append(SQL(without, member))
    if asked.member_of:
        conditions.append(
            SQL(_MEMBER_OF, asked.member_of, member, visible_teams(who, today, alias="mt"))
        )
    if asked.area:
        conditions.append(SQL(_LIVES_IN, asked.area, as_of("f", today), as_of("s", today)))
    found = await rows(PersonLine, _LINES, all_of(conditions), limit + 1, member)
    return cut(found, limit)


def matches(typed: str, alias: str = "p") -> SQL:
    """The condition that a person's name, without marks, or phone holds what was typed."""
    tail = digits_tail(typed)
    if tail and not any(sign.isalpha() for sign in typed):
        return SQL(f"{alias}.phone LIKE {{}}", f"%{tail}%")
    return holds(f"{alias}.fold", typed)
