"""The newest visits of a filter, found along an index however many visits there are elsewhere.

Days are the order of every list, but whoever asks for a hamlet where nobody was visited since June
would have all visits of all hamlets since June read one by one. So a few areas are read each along
its own index, and their newest put in order; many are read by day, as they lie close together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from kit.database import ON_SQLITE, SQL, all_of, rows
from kit.spells import within
from people.permissions import Who

FEW = 64
"""Areas that are read one by one; of more, nearly every day has some visit."""
_ORDER = "ORDER BY v.day DESC, v.id DESC LIMIT {}"
_OF_A_SERVICE = """
SELECT x.visit AS id, x.day FROM support x CROSS JOIN visit v
WHERE v.id = x.visit AND {} AND {} AND NOT EXISTS (SELECT 1 FROM support e
    WHERE e.visit = x.visit AND e.service = x.service AND e.line < x.line AND {})
ORDER BY x.day DESC, x.visit DESC LIMIT {}
"""


@dataclass(frozen=True)
class _Place:
    id: UUID


async def few_places(who: Who, verb: str, area: UUID | None) -> list[UUID] | None:
    """The areas in which the visits lie that may be shown: those that ever lay in an area or, if
    none is asked for, within reach. None where there are more than FEW, or no border at all."""
    if area:
        below = SQL(
            "EXISTS (SELECT 1 FROM area_spell w WHERE w.area = {} AND s.path >= w.path"
            " AND s.path < substr(w.path, 1, length(w.path) - 1) || '0')",
            area,
        )
    elif who.everywhere(verb):
        return None
    else:
        below = within("s.path", who.paths(verb))
    sql = "SELECT DISTINCT s.area AS id FROM area_spell s WHERE {} LIMIT {}"
    found = await rows(_Place, sql, below, FEW + 1)
    return [one.id for one in found] if len(found) <= FEW else None


def newest(conditions: Sequence[SQL], limit: int) -> SQL:
    """A query of `id` and `day` of the newest visits that fulfil the conditions, by day."""
    return SQL(f"SELECT v.id, v.day FROM visit v WHERE {{}} {_ORDER}", all_of(conditions), limit)


def newest_in(
    places: Sequence[UUID], teams: Sequence[UUID], conditions: Sequence[SQL], limit: int
) -> SQL:
    """The same, read area by area and team by team: what lies elsewhere is not looked at."""
    found = [*_each("area", places, conditions, limit), *_each("team", teams, conditions, limit)]
    if not found:
        return newest([SQL("1 = 0")], limit)
    union = " UNION ".join(["{}"] * len(found))
    return SQL(f"SELECT v.id, v.day FROM ({union}) v {_ORDER}", *found, limit)


def _each(column: str, ids: Sequence[UUID], conditions: Sequence[SQL], limit: int) -> list[SQL]:
    if not ids:
        return []
    if ON_SQLITE:
        ours = [[SQL(f"v.{column} = {{}}", one), *conditions] for one in ids]
        return [SQL("SELECT * FROM ({})", newest(wanted, limit)) for wanted in ours]
    one = newest([SQL(f"v.{column} = k.one"), *conditions], limit)
    keys = "unnest(CAST({} AS uuid[])) AS k(one)"
    return [SQL(f"SELECT e.id, e.day FROM {keys} CROSS JOIN LATERAL ({{}}) e", list(ids), one)]


def newest_with(
    service: str, outcome: str | None, days: SQL, conditions: Sequence[SQL], limit: int
) -> SQL:
    """The same for one service, read along its own index: a rare one is found as fast as a usual
    one. `days` is a condition on `x.day` and `x.visit`, the day and the id of the visit."""
    given = [SQL("x.service = {}", service), days]
    given += [SQL("x.outcome = {}", outcome)] if outcome else []
    twice = SQL("e.outcome = x.outcome") if outcome else SQL("1 = 1")
    return SQL(_OF_A_SERVICE, all_of(given), all_of(conditions), twice, limit)
