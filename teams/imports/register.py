"""What is stored already, read for an import with few queries, however long the list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from uuid import UUID

from kit import clock
from kit.database import SQL, among, rows
from kit.spells import within
from people.imports import matching
from people.permissions import Who
from people.reach import visible_persons, visible_teams

Value = TypeVar("Value")
CHUNK = 4_000
"""Values of one `IN` list: well below what the engines bind."""


@dataclass(frozen=True)
class StoredArea:
    """A live area; the root of the tree has no parent."""

    id: UUID
    kind: str
    name: str
    fold: str
    parent: UUID | None
    path: str


@dataclass(frozen=True)
class StoredTeam:
    """A live team and an area it covers."""

    id: UUID
    name: str
    founded_on: date
    decision_on: date | None
    area: UUID


@dataclass(frozen=True)
class LeaderSpell:
    """Who leads or led a team, and until when."""

    team: UUID
    person: UUID
    name: str
    joined_on: date
    left_on: date | None


@dataclass(frozen=True)
class Known:
    """A person with the membership live now, if any; `mine` and `team_mine` tell reach."""

    id: UUID
    name: str
    fold: str
    sex: str | None
    born_on: date | None
    born_year: int | None
    phone: str | None
    organisation: str
    version: int
    mine: int
    membership: UUID | None
    team: UUID | None
    team_name: str | None
    team_mine: int | None
    position: str | None
    represents: str | None
    joined_on: date | None
    membership_version: int | None


@dataclass(frozen=True)
class PastSpell:
    """A membership that has ended."""

    person: UUID
    team: UUID
    joined_on: date
    left_on: date


_AREAS = (
    "SELECT r.id, r.kind, a.name, a.fold, a.parent, a.path FROM area_spell a"
    " JOIN area r ON r.id = a.area WHERE a.until IS NULL AND "
)


async def list_tops() -> list[StoredArea]:
    """The areas a list can belong to as a whole: every live one but the hamlets."""
    return await rows(StoredArea, _AREAS + "r.kind <> 'hamlet' ORDER BY a.path")


async def list_areas(path: str) -> list[StoredArea]:
    """Every live area at or under a path."""
    return await rows(StoredArea, _AREAS + "{} ORDER BY a.path", within("a.path", [path]))


async def list_teams(path: str) -> list[StoredTeam]:
    """Every live team under a path, once for each area it covers."""
    return await rows(
        StoredTeam,
        "SELECT t.id, t.name, t.founded_on, t.decision_on, ta.area FROM team t"
        " JOIN team_area ta ON ta.team = t.id AND ta.until IS NULL"
        " JOIN area_spell a ON a.area = ta.area AND a.until IS NULL"
        " WHERE t.dissolved_on IS NULL AND {} ORDER BY t.id",
        within("a.path", [path]),
    )


async def list_leaders(path: str) -> list[LeaderSpell]:
    """Who leads and led the teams under a path."""
    return await rows(
        LeaderSpell,
        "SELECT DISTINCT m.team, m.person, p.name, m.joined_on, m.left_on FROM membership m"
        " JOIN person p ON p.id = m.person"
        " JOIN team_area ta ON ta.team = m.team AND ta.until IS NULL"
        " JOIN area_spell a ON a.area = ta.area AND a.until IS NULL"
        " WHERE m.position = 'leader' AND {}",
        within("a.path", [path]),
    )


class People(matching.People[Known]):
    """The stored persons who may stand in a list, and the spells that they had before."""

    def __init__(self, known: Iterable[Known], past: Iterable[PastSpell]) -> None:
        super().__init__(known)
        self.past: dict[UUID, list[PastSpell]] = defaultdict(list)
        for spell in past:
            self.past[spell.person].append(spell)


async def list_people(by: Who, phones: Sequence[str], folds: Sequence[str]) -> People:
    """Everybody with one of the phones or names, wherever; the planner minds the reach."""
    found: dict[UUID, Known] = {}
    for column, values in (("phone", phones), ("fold", folds)):
        for part in _chunks(sorted(set(values))):
            for person in await _known(by, SQL(f"p.{column} IN {{}}", among(part))):
                found[person.id] = person
    past: list[PastSpell] = []
    for ids in _chunks(list(found)):
        past += await rows(
            PastSpell,
            "SELECT person, team, joined_on, left_on FROM membership"
            " WHERE left_on IS NOT NULL AND person IN {}",
            among(ids),
        )
    return People(found.values(), past)


async def _known(by: Who, condition: SQL) -> list[Known]:
    today = clock.today()
    return await rows(
        Known,
        "SELECT p.id, p.name, p.fold, p.sex, p.born_on, p.born_year, p.phone, p.organisation,"
        " p.version, CASE WHEN {} THEN 1 ELSE 0 END AS mine, m.id AS membership, m.team,"
        " t.name AS team_name, CASE WHEN {} THEN 1 ELSE 0 END AS team_mine, m.position,"
        " m.organisation AS represents, m.joined_on, m.version AS membership_version"
        " FROM person p LEFT JOIN membership m ON m.person = p.id AND m.left_on IS NULL"
        " LEFT JOIN team t ON t.id = m.team WHERE p.merged_into IS NULL AND {} ORDER BY p.id",
        visible_persons(by, today, "import.make"),
        visible_teams(by, today, "import.make"),
        condition,
    )


def _chunks(values: Sequence[Value]) -> Iterator[Sequence[Value]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]
