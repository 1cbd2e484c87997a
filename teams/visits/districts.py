"""The figures of an area in a period beside the one before, by commune: one question for a page.

Each figure is counted as teams/visits/figures.py says. A visit lies where its area lies on today's
map, or lay last. People and households are counted anew for the whole, never added up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kit.database import SQL, rows
from kit.periods import Period
from kit.spells import within
from people.permissions import Who
from teams.catalogues.tables import LEARNING, OUTCOMES
from teams.visits.figures import HOUSEHOLDS, NAMED, PEOPLE


@dataclass(frozen=True)
class PeriodFigures:
    """Visits, people and households of a period; None where nobody reported a visit."""

    visits: int | None = None
    people: int | None = None
    households: int | None = None
    outcomes: Mapping[str, int] = field(default_factory=dict)

    @property
    def supports(self) -> int:
        """Services given, whatever came of them."""
        return sum(self.outcomes.values())

    @property
    def learned(self) -> int:
        """Services that the resident can use now: done alone or with guidance."""
        return sum(self.outcomes.get(outcome, 0) for outcome in LEARNING)

    @property
    def learned_share(self) -> int | None:
        """Per cent of the services that were learned; None where none was given."""
        return round(100 * self.learned / self.supports) if self.supports else None


@dataclass(frozen=True)
class CommuneActivity:
    """What the teams of a commune did in a period; `teams` counts those that reported."""

    visits: int
    households: int
    teams: int


@dataclass(frozen=True)
class AreaActivity:
    """A period, the one before, and the communes that reported in the period."""

    period: Period
    now: PeriodFigures
    before: PeriodFigures
    communes: Mapping[UUID, CommuneActivity]


@dataclass(frozen=True)
class _Count:
    what: str
    past: int
    commune: UUID | str | None
    code: str
    n: int


_PLACES = """
SELECT s.area, CASE k.kind WHEN 'hamlet' THEN s.parent ELSE s.area END AS commune
FROM area_spell s JOIN area k ON k.id = s.area WHERE {} AND NOT EXISTS (
    SELECT 1 FROM area_spell l WHERE l.area = s.area AND l.since > s.since)
"""
_COUNTS = f"""
WITH place AS ({{}}),
total AS (
    SELECT CASE WHEN x.day < {{}} THEN 1 ELSE 0 END AS past, p.commune, x.team, x.service,
           x.outcome, x.visits, x.supports
    FROM visit_total x JOIN place p ON p.area = x.area WHERE x.day >= {{}} AND x.day < {{}}),
named AS (
    SELECT CASE WHEN x.day < {{}} THEN 1 ELSE 0 END AS past, p.commune, x.id, x.household
    FROM visit x JOIN place p ON p.area = x.area
    WHERE x.day >= {{}} AND x.day < {{}} AND {NAMED}),
homes AS MATERIALIZED (SELECT DISTINCT n.past, n.commune, n.household FROM named n)
SELECT 'visits' AS what, t.past, t.commune, '' AS code, CAST(sum(t.visits) AS integer) AS n
FROM total t WHERE t.service = '' GROUP BY t.past, t.commune HAVING sum(t.visits) > 0
UNION ALL
SELECT 'teams', t.past, t.commune, '', count(DISTINCT t.team)
FROM total t WHERE t.service = '' AND t.visits > 0 GROUP BY t.past, t.commune
UNION ALL
SELECT 'outcome', t.past, NULL, t.outcome, CAST(sum(t.supports) AS integer)
FROM total t WHERE t.service <> '' GROUP BY t.past, t.outcome
UNION ALL
SELECT 'households', x.past, x.commune, '', {HOUSEHOLDS}
FROM homes x JOIN household h ON h.id = x.household GROUP BY x.past, x.commune
UNION ALL
SELECT 'all households', x.past, NULL, '', {HOUSEHOLDS}
FROM homes x JOIN household h ON h.id = x.household GROUP BY x.past
UNION ALL
SELECT 'people', x.past, NULL, '', {PEOPLE}
FROM named x JOIN support s ON s.visit = x.id GROUP BY x.past
"""


async def find_area_activity(who: Who, period: Period, until: date | None = None) -> AreaActivity:
    """What was done within reach in a period, up to a day if one is given, and in the whole
    period before; one query."""
    last, end = period.before, min(until or period.until, period.until)
    place = SQL(_PLACES, within("s.path", who.paths("visit.read")))
    days = (period.first, last.first, end)
    found = await rows(_Count, _COUNTS, place, *days, *days)
    return AreaActivity(period, _figures(found, 0), _figures(found, 1), _communes(found))


def _figures(found: list[_Count], past: int) -> PeriodFigures:
    mine = [count for count in found if count.past == past]
    visits = sum(count.n for count in mine if count.what == "visits")
    if not visits:
        return PeriodFigures()
    whole = {count.what: count.n for count in mine if count.commune is None and not count.code}
    supports = {count.code: count.n for count in mine if count.what == "outcome"}
    return PeriodFigures(
        visits=visits,
        people=whole.get("people", 0),
        households=whole.get("all households", 0),
        outcomes={outcome: supports.get(outcome, 0) for outcome in OUTCOMES},
    )


def _communes(found: list[_Count]) -> dict[UUID, CommuneActivity]:
    mine = [count for count in found if count.commune is not None and not count.past]
    counts = {(UUID(str(count.commune)), count.what): count.n for count in mine}
    reported = [commune for commune, what in counts if what == "visits"]
    return {
        commune: CommuneActivity(
            visits=counts[commune, "visits"],
            households=counts.get((commune, "households"), 0),
            teams=counts[commune, "teams"],
        )
        for commune in reported
    }
