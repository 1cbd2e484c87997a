"""What the board shows: people and their teams, the moves made, and who was faster."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, among, rows, value
from kit.forms import Form, Line, Maybe
from kit.search import holds
from kit.spells import as_of, within
from people.permissions import Who
from people.reach import visible_persons

PAGE = 100
UUID_PATTERN = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOBODY, EVERYBODY = "none", "all"


class BoardFilter(Form):
    """Whom the board shows. `team` is the id of a team, `none`, `all`, or empty for the usual:
    those without a team while there are any."""

    team: Annotated[str, Field(pattern=rf"^(none|all|{UUID_PATTERN})?$")] = ""
    area: Annotated[UUID | None, Maybe] = None
    q: Line = ""
    after: str = ""

    def query(self) -> dict[str, object]:
        """The filter as words of an address."""
        return self.model_dump(mode="json", exclude_defaults=True)


@dataclass(frozen=True)
class Placed:
    """A person on the board, with the membership that lasts, if any; `waits` for a team or not."""

    id: UUID
    name: str
    sort: str
    born_year: int | None
    organisation: str
    membership: UUID | None
    version: int | None
    team: UUID | None
    team_name: str | None
    position: str | None
    path: str
    commune: UUID | None
    commune_name: str | None
    waits: int

    @property
    def token(self) -> str:
        """The person and what is shown of him or her, for AssignForm."""
        return f"{self.id}:{self.membership}:{self.version}" if self.membership else f"{self.id}:"


_PEOPLE = """
SELECT p.id, p.name, p.sort, p.born_year,
       coalesce(nullif(m.organisation, ''), p.organisation) AS organisation,
       m.id AS membership, m.version, m.team, t.name AS team_name, m.position,
       coalesce(a.path, '/') AS path, c.area AS commune, c.name AS commune_name,
       CASE WHEN {} THEN 1 ELSE 0 END AS waits
FROM person p
LEFT JOIN membership m ON m.person = p.id AND m.left_on IS NULL
LEFT JOIN team t ON t.id = m.team
LEFT JOIN area_spell a ON a.area = p.area AND {}
LEFT JOIN area k ON k.id = a.area
LEFT JOIN area_spell c ON c.area = CASE k.kind WHEN 'hamlet' THEN a.parent ELSE a.area END AND {}
WHERE p.merged_into IS NULL AND {} AND {} ORDER BY p.sort, p.id LIMIT {}
"""


async def list_placed(
    who: Who, asked: BoardFilter, path: str = "", limit: int = PAGE
) -> tuple[list[Placed], str]:
    """A page of the people who may be moved, and the cursor of the next. `path`: of the area."""
    today = clock.today()
    found = await rows(
        Placed,
        _PEOPLE,
        free("m.id IS NULL"),
        as_of("a", today),
        as_of("c", today),
        visible_persons(who, today, "member.assign"),
        all_of([*_shown(asked, path), after("p", asked.after)]),
        limit + 1,
    )
    return cut(found, limit)


def _shown(asked: BoardFilter, path: str) -> list[SQL]:
    found = []
    if asked.team == NOBODY:
        found.append(free("m.id IS NULL"))
    elif asked.team != EVERYBODY:
        found.append(SQL("m.team = {}", UUID(asked.team)))
    if asked.q:
        found.append(holds("p.fold", asked.q))
    if path:
        found.append(SQL(_LIVES_OR_SERVES, within("a.path", [path]), within("ms.path", [path])))
    return found


_LIVES_OR_SERVES = """({} OR EXISTS (
    SELECT 1 FROM team_area mt JOIN area_spell ms ON ms.area = mt.area AND ms.until IS NULL
    WHERE mt.team = m.team AND mt.until IS NULL AND {}))"""
_IN_NO_TEAM = "NOT EXISTS (SELECT 1 FROM membership m WHERE m.person = p.id AND m.left_on IS NULL)"


def free(in_no_team: str = _IN_NO_TEAM) -> SQL:
    """The condition that a person `p` waits for a team: in none, and neither an official on the
    list of an office nor somebody with a role of his own."""
    return SQL(
        f"({in_no_team} AND p.office IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.person = p.id AND {}))",
        as_of("g", clock.today()),
    )


def counted_free(who: Who, verb: str = "member.assign") -> SQL:
    """The query that counts the people within reach who wait for a team."""
    return SQL(
        "SELECT count(*) AS free FROM person p WHERE p.merged_into IS NULL AND {} AND {}",
        visible_persons(who, clock.today(), verb),
        free(),
    )


async def count_free(who: Who) -> int:
    """How many people within reach wait for a team."""
    return int(await value("{}", counted_free(who)))


@dataclass(frozen=True)
class Move:
    """A move of the board. `whole`: nothing it did was changed since, so it can be undone."""

    id: UUID
    team: str
    made_at: datetime
    doer: str | None
    moved: int
    undone_at: datetime | None
    undoer: str | None
    whole: int


_MOVES = """
SELECT b.id, b.title AS team, b.made_at, d.name AS doer, b.undone_at, u.name AS undoer,
       (SELECT count(*) FROM batch_step s WHERE s.batch = b.id AND s.before IS NULL) AS moved,
       CASE WHEN EXISTS (
           SELECT 1 FROM batch_step s LEFT JOIN membership m ON m.id = s.row_id
           WHERE s.batch = b.id AND (m.id IS NULL OR m.version <> s.version))
       THEN 0 ELSE 1 END AS whole
FROM batch b LEFT JOIN person d ON d.id = b.made_by LEFT JOIN person u ON u.id = b.undone_by
WHERE b.kind = 'assignment' AND {} ORDER BY b.id DESC LIMIT {}
"""


async def list_moves(who: Who, limit: int = 50) -> list[Move]:
    """The last moves within reach, the newest first."""
    return await rows(Move, _MOVES, within("b.path", who.paths("member.assign")), limit)


@dataclass(frozen=True)
class _Named:
    name: str


async def count_moved(batch: UUID) -> int:
    """How many people a move moved."""
    sql = "SELECT count(*) AS n FROM batch_step WHERE batch = {} AND before IS NULL"
    return int(await value(sql, batch))


async def list_leaderless(batch: UUID) -> list[str]:
    """The teams that a move left without a leader, by name."""
    found = await rows(
        _Named,
        "SELECT t.name FROM batch_step s JOIN membership m ON m.id = s.row_id"
        " JOIN team t ON t.id = m.team WHERE s.batch = {} AND s.before IS NOT NULL"
        " AND m.position = 'leader' AND NOT EXISTS (SELECT 1 FROM membership l"
        " WHERE l.team = t.id AND l.position = 'leader' AND l.left_on IS NULL) ORDER BY t.sort",
        batch,
    )
    return [team.name for team in found]


async def team_names(memberships: list[UUID]) -> dict[UUID, str]:
    """The team of each membership, by name, whether it lasts or has ended."""
    found = await rows(
        _Spell,
        "SELECT m.id, t.name FROM membership m JOIN team t ON t.id = m.team WHERE m.id IN {}",
        among(memberships),
    )
    return {spell.id: spell.name for spell in found}


@dataclass(frozen=True)
class _Spell:
    id: UUID
    name: str


@dataclass(frozen=True)
class Change:
    """Who changed a person's membership, and when; `key` is the person or a membership."""

    key: UUID
    doer: str | None
    at: datetime


_ACTS = """
SELECT l.subject AS key, l.doer, l.at FROM audit_line l
WHERE l.subject IN {} AND l.action LIKE 'member.%'
"""
_BATCHES = """
SELECT s.row_id AS key, d.name AS doer, b.{when}_at AS at FROM batch_step s
JOIN batch b ON b.id = s.batch LEFT JOIN person d ON d.id = b.{when}_by
WHERE s.row_id IN {{}} AND b.{when}_at IS NOT NULL
"""


async def last_change(person: UUID, memberships: list[UUID]) -> Change | None:
    """Who last changed where a person (already found) is, among the memberships in question."""
    found = await rows(Change, _ACTS, among([person]))
    for when in ("made", "undone"):
        found += await rows(Change, _BATCHES.format(when=when), among(memberships))
    return max(found, key=lambda change: change.at, default=None)
