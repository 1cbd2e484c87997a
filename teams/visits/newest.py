"""The newest visits of a filter, found along an index however many visits there are elsewhere.

Days are the order of every list, but whoever asks for a hamlet where nobody was visited since June
would have all visits of all hamlets since June read one by one. So a few areas are read each along
its own index, and their newest put in order; many are read by day, as they lie close together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from kit.database import ON_SQLITE, SQL, all_of, rows, value
from kit.search import holds
from kit.spells import within
from people.permissions import Who
from teams.visits.maps import PLAIN

FEW = 64
"""Areas, or households, that are read one by one; of more, nearly every day has some visit."""
RARE = 2000
"""Services given less often than this are all looked at; of more, nearly every day has some."""
_ORDER = "ORDER BY v.day DESC, v.id DESC LIMIT {}"
_NEWEST = f"SELECT v.id, v.day FROM visit v WHERE {{}} {_ORDER}"
_OF_MARKED = (
    f"SELECT v.id, v.day FROM ({{}}) m CROSS JOIN visit v WHERE v.id = m.visit AND {{}} {_ORDER}"
)
_IN_AREA = (
    "EXISTS (SELECT 1 FROM area_spell w WHERE w.area = {} AND s.path >= w.path"
    " AND s.path < substr(w.path, 1, length(w.path) - 1) || '0')"
)


@dataclass(frozen=True)
class _Place:
    id: UUID


async def few_places(who: Who, verb: str, area: UUID | None) -> list[UUID] | None:
    """The areas in which the visits lie that may be shown: those that ever lay in an area or, if
    none is asked for, within reach. None where there are more than FEW, or no border at all."""
    if not area and who.everywhere(verb):
        return None
    below = SQL(_IN_AREA, area) if area else within("s.path", who.paths(verb))
    return await _few(SQL("SELECT DISTINCT s.area AS id FROM area_spell s WHERE {}", below))


async def few_households(q: str) -> list[UUID] | None:
    """The households of a search; None where there are more than FEW."""
    return await _few(SQL("SELECT q.id FROM household q WHERE {}", holds("q.fold", q)))


async def _few(query: SQL) -> list[UUID] | None:
    found = await rows(_Place, "{} LIMIT {}", query, FEW + 1)
    return [one.id for one in found] if len(found) <= FEW else None


async def is_rare(given: SQL) -> bool:
    """Whether few supports `x` fulfil a condition."""
    sql = "SELECT count(*) AS n FROM (SELECT 1 AS one FROM support x WHERE {} LIMIT {}) y"
    return int(await value(sql, given, RARE)) < RARE


def newest(conditions: Sequence[SQL], limit: int) -> SQL:
    """A query of `id` and `day` of the newest visits that fulfil the conditions, by day."""
    return SQL(_NEWEST, all_of(conditions), limit)


def newest_of(keys: Mapping[str, Sequence[UUID]], conditions: Sequence[SQL], limit: int) -> SQL:
    """The same, read along the index of each key (area, team or household) by itself: what lies
    elsewhere is not looked at."""
    found = [
        query for key, ids in keys.items() if ids for query in _each(key, ids, conditions, limit)
    ]
    if not found:
        return newest([SQL("1 = 0")], limit)
    union = " UNION ".join(["{}"] * len(found))
    return SQL(f"SELECT v.id, v.day FROM ({union}) v {_ORDER}", *found, limit)


def _each(key: str, ids: Sequence[UUID], conditions: Sequence[SQL], limit: int) -> list[SQL]:
    if ON_SQLITE:
        ours = [[SQL(f"v.{key} = {{}}", one), *conditions] for one in ids]
        return [SQL("SELECT * FROM ({})", newest(wanted, limit)) for wanted in ours]
    one = newest([SQL(f"v.{key} = k.one"), *conditions], limit)
    keys = "unnest(CAST({} AS uuid[])) AS k(one)"
    return [SQL(f"SELECT e.id, e.day FROM {keys} CROSS JOIN LATERAL ({{}}) e", list(ids), one)]


def newest_with(given: SQL, conditions: Sequence[SQL], limit: int) -> SQL:
    """The same among the visits of which a support `x` fulfils a condition: all of those are
    looked at, however far back."""
    marked = SQL(f"SELECT DISTINCT {PLAIN}x.visit AS visit FROM support x WHERE {{}}", given)
    return SQL(_OF_MARKED, marked, all_of(conditions), limit)


def newest_flagged(conditions: Sequence[SQL], limit: int) -> SQL:
    """The same among the visits with a warning that nobody has reviewed."""
    marked = SQL("SELECT DISTINCT f.visit FROM visit_flag f WHERE f.reviewed_at IS NULL")
    return SQL(_OF_MARKED, marked, all_of(conditions), limit)
