"""Officials within reach: one, a page of them, those of an office, and persons who may be one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, any_of, row, rows
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe
from kit.pages import day as written
from kit.spells import as_of
from kit.text import fold
from people.permissions import Who
from people.persons.queries import matches
from people.reach import visible_areas
from sessions.words import category_word

PAGE = 50


@dataclass(frozen=True)
class OfficialFound:
    """A person's work in an office; `path` is where the office's area lies today."""

    id: UUID
    person: UUID
    name: str
    sort: str
    phone: str | None
    email: str | None
    office: UUID
    office_name: str
    path: str
    category: str
    job: str
    since: date
    until: date | None
    version: int

    @property
    def kind(self) -> str:
        """The category in words."""
        return category_word(self.category)

    @property
    def lives(self) -> bool:
        """Whether the person still works there today."""
        return self.until is None or self.until > clock.today()


_OFFICIAL = """
SELECT f.id, f.person, p.name, p.sort, p.phone, p.email, f.office, o.name AS office_name, a.path,
       f.category, f.job, f.since, f.until, f.version
FROM official f
JOIN person p ON p.id = f.person AND p.merged_into IS NULL
JOIN office_spell o ON o.office = f.office AND NOT EXISTS (
    SELECT 1 FROM office_spell l WHERE l.office = o.office AND l.since > o.since)
JOIN area_spell a ON a.area = o.area AND {}
WHERE {}
"""


async def find_official(who: Who, official_id: UUID, verb: str = "office.read") -> OfficialFound:
    """A spell of an official within reach, an ended one too. Raises NotFound or Forbidden."""
    which = [SQL("f.id = {}", official_id), visible_areas(who, "office.read")]
    found = await row(OfficialFound, _OFFICIAL, as_of("a", clock.today()), all_of(which))
    if found is None:
        raise NotFound
    if not who.reaches(verb, found.path):
        raise Forbidden
    return found


async def list_spells_of(person: UUID) -> list[OfficialFound]:
    """Every office a person worked in, the latest first, wherever; for commands."""
    sql = _OFFICIAL + " ORDER BY f.since DESC, f.id DESC"
    return await rows(OfficialFound, sql, as_of("a", clock.today()), SQL("f.person = {}", person))


class OfficialFilter(Form):
    """Which officials a list shows: part of the name without marks or of the phone, those of an
    office, those of a category."""

    q: Line = ""
    office: Annotated[UUID | None, Maybe] = None
    category: Annotated[str | None, Maybe] = None
    after: str = ""

    def query(self) -> dict[str, object]:
        """The words of the filter for an address."""
        return self.model_dump(mode="json", exclude={"after"}, exclude_none=True)


async def list_officials(
    who: Who, asked: OfficialFilter, limit: int = PAGE
) -> tuple[list[OfficialFound], str]:
    """A page of today's officials within reach by given name, and the cursor of the next or ""."""
    today = clock.today()
    which = [
        as_of("f", today),
        visible_areas(who, "office.read"),
        after("p", asked.after, "f.id"),
    ]
    if asked.q:
        which.append(matches(asked.q))
    if asked.office:
        which.append(SQL("f.office = {}", asked.office))
    if asked.category:
        which.append(SQL("f.category = {}", asked.category))
    found = await rows(
        OfficialFound,
        _OFFICIAL + " ORDER BY p.sort, f.id LIMIT {}",
        *(as_of("a", today), all_of(which), limit + 1),
    )
    return cut(found, limit)


@dataclass(frozen=True)
class Likely:
    """A person who may be the one about to become an official."""

    id: UUID
    name: str
    born_on: date | None
    born_year: int | None
    phone: str | None
    organisation: str
    office_name: str | None
    team_name: str | None

    @property
    def meta(self) -> str:
        """What tells this person from a namesake."""
        born = written(self.born_on) or str(self.born_year or "")
        parts = (born, self.team_name, self.office_name or self.organisation)
        return " · ".join(part for part in parts if part)


async def list_likely(
    reach: SQL, name: str, born_year: int | None, phone: str | None
) -> list[Likely]:
    """Up to ten persons within `reach` with the same phone, or the same name and no other birth
    year."""
    same = [SQL("p.phone = {}", phone)] if phone else []
    born = SQL("(p.born_year IS NULL OR p.born_year = {})", born_year) if born_year else None
    named = [SQL("p.fold = {}", fold(name)), *([born] if born else [])]
    same.append(all_of(named))
    return await rows(
        Likely,
        "SELECT p.id, p.name, p.born_on, p.born_year, p.phone, p.organisation,"
        " o.name AS office_name, t.name AS team_name FROM person p"
        " LEFT JOIN office_spell o ON o.office = p.office AND o.until IS NULL"
        " LEFT JOIN membership m ON m.person = p.id AND m.left_on IS NULL"
        " LEFT JOIN team t ON t.id = m.team"
        " WHERE p.merged_into IS NULL AND {} AND {} ORDER BY p.sort, p.id LIMIT 10",
        *(any_of(same), reach),
    )
