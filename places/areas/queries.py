"""Areas as of a day: one, its last spell, those below it, and its story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, row, rows, value
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, MaybeDay
from kit.search import holds
from kit.spells import as_of, within
from people.permissions import Who


@dataclass(frozen=True)
class AreaFound:
    """An area as of a day; `spell` is the row that says so, `version` its edits."""

    id: UUID
    number: int
    kind: str
    spell: UUID
    name: str
    code: str | None
    parent: UUID | None
    path: str
    since: date
    until: date | None
    basis: str
    end_basis: str
    version: int

    @property
    def ancestors(self) -> list[str]:
        """The paths above it, from the root down."""
        steps = self.path.strip("/").split("/")
        return ["/" + "/".join(steps[:depth]) + "/" for depth in range(1, len(steps))]


AREA = (
    "SELECT r.id, r.number, r.kind, a.id AS spell, a.name, a.code, a.parent, a.path,"
    " a.since, a.until, a.basis, a.end_basis, a.version"
    " FROM area_spell a JOIN area r ON r.id = a.area"
)


def visible_by_today(who: Who, verb: str = "area.read", alias: str = "a") -> SQL:
    """The condition that the area of a spell, of whatever day, lies within reach on today's map.

    An area that has ended counts where it lay last.
    """
    if who.everywhere(verb):
        return SQL("1 = 1")
    today = clock.today()
    return SQL(
        f"EXISTS (SELECT 1 FROM area_spell n WHERE n.area = {alias}.area AND n.since <= {{}}"
        " AND {} AND NOT EXISTS (SELECT 1 FROM area_spell l WHERE l.area = n.area"
        " AND l.since > n.since AND l.since <= {}))",
        *(today, within("n.path", who.paths(verb)), today),
    )


async def find_area(
    who: Who, area_id: UUID, verb: str = "area.read", on: date | None = None
) -> AreaFound:
    """An area within reach as of a day (today if none is given). NotFound, Forbidden."""
    return await _find(who, area_id, verb, as_of("a", on or clock.today()))


async def find_last_spell(who: Who, area_id: UUID, verb: str = "area.read") -> AreaFound:
    """An area as its last spell says, which may lie ahead or have ended. NotFound, Forbidden."""
    return await _find(who, area_id, verb, SQL("1 = 1"))


async def find_area_or_last(who: Who, area_id: UUID, on: date) -> AreaFound:
    """An area as of a day or, where there is none on that day, as its last spell says."""
    holds = SQL("CASE WHEN {} THEN 0 ELSE 1 END,", as_of("a", on))
    return await _find(who, area_id, "area.read", SQL("1 = 1"), holds)


async def _find(
    who: Who, area_id: UUID, verb: str, holds: SQL, first: SQL | None = None
) -> AreaFound:
    found = await row(
        AreaFound,
        AREA + " WHERE a.area = {} AND {} AND {} ORDER BY {} a.since DESC LIMIT 1",
        *(area_id, holds, visible_by_today(who), first or SQL("")),
    )
    if found is None:
        raise NotFound
    if not who.reaches(verb, found.path) and verb != "area.read":
        raise Forbidden
    return found


async def list_below(path: str, since: date) -> list[AreaFound]:
    """Every spell strictly below a path that holds on a day or later, in the order of the tree."""
    return await rows(
        AreaFound,
        AREA + " WHERE (a.until IS NULL OR a.until > {}) AND {} AND a.path <> {}"
        " ORDER BY a.path, a.since",
        *(since, within("a.path", [path]), path),
    )


async def list_spells_from(area_id: UUID, since: date) -> list[AreaFound]:
    """The spells of an area that hold on a day or later, the earliest first."""
    return await rows(
        AreaFound,
        AREA + " WHERE a.area = {} AND (a.until IS NULL OR a.until > {}) ORDER BY a.since",
        *(area_id, since),
    )


@dataclass(frozen=True)
class SpellTold:
    """A spell of an area, with its parent's name on the spell's first day."""

    name: str
    code: str | None
    parent: UUID | None
    parent_name: str | None
    since: date
    until: date | None
    basis: str
    end_basis: str


async def list_spells(area_id: UUID) -> list[SpellTold]:
    """Everything an area ever was called and lay in, the earliest first. For an area found."""
    return await rows(
        SpellTold,
        "SELECT a.name, a.code, a.parent, u.name AS parent_name, a.since, a.until, a.basis,"
        " a.end_basis FROM area_spell a LEFT JOIN area_spell u ON u.area = a.parent"
        " AND u.since <= a.since AND (u.until IS NULL OR a.since < u.until)"
        " WHERE a.area = {} ORDER BY a.since",
        area_id,
    )


async def next_number() -> int:
    """The number of the next area: numbers are never used again."""
    return int(await value("SELECT coalesce(max(number), 0) + 1 AS next FROM area"))


class AreaFilter(Form):
    """Which areas a list shows: those just below a parent, of a kind, by name, as of a day."""

    parent: UUID | None = None
    kind: str | None = None
    on: MaybeDay = None
    q: Line = ""
    after: str = ""


@dataclass(frozen=True)
class AreaLine(AreaFound):
    """An area in a list ordered by name."""

    sort: str


async def list_areas(who: Who, asked: AreaFilter, limit: int = 50) -> tuple[list[AreaLine], str]:
    """A page of areas within reach as of a day, by name, and the cursor of the next or ""."""
    conditions = [
        as_of("a", asked.on or clock.today()),
        visible_by_today(who),
        holds("a.fold", asked.q),
        after("a", asked.after, "a.area"),
    ]
    if asked.parent:
        conditions.append(SQL("a.parent = {}", asked.parent))
    if asked.kind:
        conditions.append(SQL("r.kind = {}", asked.kind))
    sql = AREA.replace(" FROM area_spell", ", a.sort FROM area_spell")
    found = await rows(
        AreaLine, sql + " WHERE {} ORDER BY a.sort, a.area LIMIT {}", all_of(conditions), limit + 1
    )
    return cut(found, limit)
