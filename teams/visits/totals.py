"""The roll-up of visits: changed with each visit, and held against a plain recount."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit.database import DB, SQL, among, run

Key = tuple[UUID, UUID, date, str, str]


@dataclass(frozen=True)
class Counted:
    """What of a visit counts: where, when, whether somebody was met, (service, outcome) pairs."""

    team: UUID
    area: UUID
    day: date
    met: str
    basis: str
    supports: tuple[tuple[str, str], ...]


async def replace_in_totals(before: Counted, after: Counted | None = None) -> None:
    """Take a visit out of the roll-up and put in what it says now, if anything; within the
    caller's transaction."""
    for statement in adding([after] if after else [], [before]):
        await DB.run_querystring(statement)


def adding(visits: Iterable[Counted], gone: Iterable[Counted] = ()) -> list[SQL]:
    """The statement that adds visits to the roll-up and takes others out; none where that changes
    nothing. One statement writes its rows in one order, so that two transactions never wait for
    each other in a circle."""
    changes = _changes([*((visit, 1) for visit in visits), *((visit, -1) for visit in gone)])
    if not changes:
        return []
    places = ", ".join(["({}, {}, {}, {}, {}, {}, {}, {}, {})"] * len(changes))
    values = [
        value
        for key, n in sorted(changes.items(), key=lambda pair: tuple(map(str, pair[0])))
        for value in (*key, n["visits"], n["met"], n["anonymous"], n["supports"])
    ]
    statement = (
        "INSERT INTO visit_total (team, area, day, service, outcome, visits, met, anonymous,"
        f" supports) VALUES {places} ON CONFLICT (team, area, day, service, outcome) DO UPDATE SET"
        " visits = visit_total.visits + excluded.visits, met = visit_total.met + excluded.met,"
        " anonymous = visit_total.anonymous + excluded.anonymous,"
        " supports = visit_total.supports + excluded.supports"
    )
    return [SQL(statement, *values)]


def _changes(visits: Iterable[tuple[Counted, int]]) -> dict[Key, Counter[str]]:
    """What to add to each row of the roll-up that changes."""
    changes: dict[Key, Counter[str]] = {}
    for visit, sign in visits:
        place, met = (visit.team, visit.area, visit.day), visit.met == "met"
        nameless = met and visit.basis != "consent"
        whole = changes.setdefault((*place, "", ""), Counter())
        whole.update(visits=sign, met=sign * met, anonymous=sign * nameless)
        for service, outcome in visit.supports:
            changes.setdefault((*place, service, outcome), Counter()).update(supports=sign)
    return {key: n for key, n in changes.items() if any(n.values())}


_PLAIN = """
SELECT v.team, v.area, v.day, '' AS service, '' AS outcome, count(*) AS visits,
       count(CASE v.met WHEN 'met' THEN 1 END) AS met,
       count(CASE WHEN v.met = 'met' AND v.basis <> 'consent' THEN 1 END) AS anonymous,
       0 AS supports
FROM visit v WHERE v.withdrawn_at IS NULL GROUP BY v.team, v.area, v.day
UNION ALL
SELECT v.team, v.area, v.day, s.service, s.outcome, 0, 0, 0, count(*)
FROM visit v JOIN support s ON s.visit = v.id WHERE v.withdrawn_at IS NULL
GROUP BY v.team, v.area, v.day, s.service, s.outcome
"""
_FIELDS = ("visits", "met", "anonymous", "supports")
_SAME = " AND ".join(
    f"t.{name} = p.{name}" for name in ("team", "area", "day", "service", "outcome")
)
_DIFFER = " OR ".join(f"coalesce(t.{name}, 0) <> coalesce(p.{name}, 0)" for name in _FIELDS)


async def count_wrong_totals() -> int:
    """How many rows of the roll-up are not what a plain recount of the visits gives."""
    missing = await run(
        f"WITH plain AS ({_PLAIN}) SELECT count(*) AS n FROM plain p"
        f" LEFT JOIN visit_total t ON {_SAME} WHERE {_DIFFER}"
    )
    beyond = await run(
        f"WITH plain AS ({_PLAIN}) SELECT count(*) AS n FROM visit_total t"
        f" LEFT JOIN plain p ON {_SAME} WHERE p.team IS NULL"
        " AND (t.visits <> 0 OR t.met <> 0 OR t.anonymous <> 0 OR t.supports <> 0)"
    )
    return int(missing[0]["n"]) + int(beyond[0]["n"])


LAST_MET = """
WITH RECURSIVE family(top, id) AS (
    SELECT h.id, h.id FROM household h
    UNION ALL SELECT f.top, m.id FROM household m JOIN family f ON m.merged_into = f.id),
plain AS (
    SELECT f.top AS id, max(x.day) AS day FROM family f
    JOIN visit x ON x.household = f.id AND x.met = 'met' AND x.withdrawn_at IS NULL
    GROUP BY f.top)
SELECT count(*) AS n FROM household h LEFT JOIN plain p ON p.id = h.id
WHERE coalesce(CAST(h.last_met_on AS text), '') <> coalesce(CAST(p.day AS text), '')
"""
"""The last meeting of a household is that of its own visits and those of whatever was merged into
it, however often."""


async def count_wrong_last_met() -> int:
    """How many households carry another day of the last meeting than their visits say."""
    return int((await run(LAST_MET))[0]["n"])


def meeting(met: Iterable[tuple[UUID, date]]) -> list[SQL]:
    """The statements that move the day of the last meeting of households forward, one a day."""
    last: dict[UUID, date] = {}
    for household, day in met:
        last[household] = max(last.get(household, day), day)
    sql = (
        "UPDATE household SET last_met_on = {} WHERE id IN {}"
        " AND (last_met_on IS NULL OR last_met_on < {})"
    )
    by_day: dict[date, list[UUID]] = {}
    for household in sorted(last):
        by_day.setdefault(last[household], []).append(household)
    return [SQL(sql, day, among(homes), day) for day, homes in sorted(by_day.items())]
