"""What is stored already, read for an import of officials with few queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import SQL, among, rows
from people.imports.matching import People
from people.permissions import Who
from people.reach import visible_persons

CHUNK = 4_000
"""Values of one `IN` list: well below what the engines bind."""


@dataclass(frozen=True)
class StoredArea:
    """A live area that is no hamlet; the root of the tree has no parent."""

    id: UUID
    name: str
    fold: str
    path: str
    parent: UUID | None


@dataclass(frozen=True)
class StoredOffice:
    """A live office and where its area lies."""

    id: UUID
    name: str
    fold: str
    area: UUID
    path: str


@dataclass(frozen=True)
class Known:
    """A person with the office of today, if any. `mine` and `office_mine` tell reach, `left_on` is
    the last day on which an earlier spell ended."""

    id: UUID
    name: str
    fold: str
    sex: str | None
    born_on: date | None
    born_year: int | None
    phone: str | None
    email: str | None
    organisation: str
    office: UUID | None
    version: int
    mine: int
    official: UUID | None
    works: UUID | None
    works_name: str | None
    category: str | None
    job: str | None
    since: date | None
    official_version: int | None
    left_on: date | None


async def list_areas() -> list[StoredArea]:
    """Every live area but the hamlets, in the order of the tree."""
    return await rows(
        StoredArea,
        "SELECT r.id, a.name, a.fold, a.path, a.parent FROM area_spell a"
        " JOIN area r ON r.id = a.area WHERE a.until IS NULL AND r.kind <> 'hamlet'"
        " ORDER BY a.path",
    )


async def list_live_offices() -> list[StoredOffice]:
    """Every live office; the planner minds the reach."""
    return await rows(
        StoredOffice,
        "SELECT o.office AS id, o.name, o.fold, o.area, a.path FROM office_spell o"
        " JOIN area_spell a ON a.area = o.area AND a.until IS NULL WHERE o.until IS NULL"
        " ORDER BY o.sort, o.office",
    )


async def list_people(by: Who, phones: Iterable[str], folds: Iterable[str]) -> People[Known]:
    """Everybody with one of the phones or names, wherever; the planner minds the reach."""
    found: dict[UUID, Known] = {}
    for column, wanted in (("phone", sorted(set(phones))), ("fold", sorted(set(folds)))):
        for start in range(0, len(wanted), CHUNK):
            part = among(wanted[start : start + CHUNK])
            for person in await _known(by, SQL(f"p.{column} IN {{}}", part)):
                found[person.id] = person
    return People(found.values())


async def _known(by: Who, condition: SQL) -> list[Known]:
    return await rows(
        Known,
        "SELECT p.id, p.name, p.fold, p.sex, p.born_on, p.born_year, p.phone, p.email,"
        " p.organisation, p.office, p.version, CASE WHEN {} THEN 1 ELSE 0 END AS mine,"
        " f.id AS official, f.office AS works, o.name AS works_name, f.category, f.job, f.since,"
        " f.version AS official_version,"
        " (SELECT e.until FROM official e WHERE e.person = p.id AND e.until IS NOT NULL"
        " ORDER BY e.until DESC LIMIT 1) AS left_on"
        " FROM person p LEFT JOIN official f ON f.person = p.id AND f.until IS NULL"
        " LEFT JOIN office_spell o ON o.office = f.office AND o.until IS NULL"
        " WHERE p.merged_into IS NULL AND {} ORDER BY p.id",
        visible_persons(by, clock.today(), "import.make"),
        condition,
    )
