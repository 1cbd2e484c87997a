"""A team's figures of a period beside the one before; each counted as teams/visits/figures.py
says, asked at one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from kit.database import SQL, rows
from kit.periods import Period
from teams.catalogues.tables import LEARNING
from teams.visits.figures import households_met, households_served, of_team, people


@dataclass(frozen=True)
class TeamPeriod:
    """Visits, people and households of a team; None where it reported no visit."""

    visits: int | None = None
    met: int | None = None
    anonymous: int | None = None
    people: int | None = None
    households: int | None = None
    served: int = 0
    services: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @property
    def outcomes(self) -> dict[str, int]:
        """Services by outcome."""
        found: dict[str, int] = {}
        for counts in self.services.values():
            for outcome, n in counts.items():
                found[outcome] = found.get(outcome, 0) + n
        return found

    @property
    def supports(self) -> int:
        """Services given, whatever came of them."""
        return sum(self.outcomes.values())

    @property
    def learned(self) -> int:
        """Services that the resident can use now: done alone or with guidance."""
        return sum(self.outcomes.get(outcome, 0) for outcome in LEARNING)


@dataclass(frozen=True)
class _Count:
    people: int
    households: int
    served: int
    service: str | None
    outcome: str | None
    visits: int | None
    met: int | None
    anonymous: int | None
    supports: int | None


_FIGURES = """
SELECT ({}) AS people, ({}) AS households, ({}) AS served, d.service, d.outcome,
       d.visits, d.met, d.anonymous, d.supports
FROM (SELECT 1 AS one) o LEFT JOIN (
    SELECT x.service, x.outcome, CAST(sum(x.visits) AS integer) AS visits,
           CAST(sum(x.met) AS integer) AS met, CAST(sum(x.anonymous) AS integer) AS anonymous,
           CAST(sum(x.supports) AS integer) AS supports
    FROM visit_total x WHERE {} AND x.day >= {} AND x.day < {}
    GROUP BY x.service, x.outcome HAVING sum(x.visits) + sum(x.supports) > 0) d ON 1 = 1
ORDER BY d.service, d.outcome
"""


async def find_team_period(team: UUID, period: Period) -> TeamPeriod:
    """The figures of a team found; `served` is of the period's last day."""
    scope, days = of_team(team), (period.first, period.until)
    counted: tuple[SQL, ...] = (
        people(scope, *days),
        households_met(scope, *days),
        households_served(team, period.last),
    )
    found = await rows(_Count, _FIGURES, *counted, scope, *days)
    first, whole = found[0], next((line for line in found if line.service == ""), None)
    if whole is None:
        return TeamPeriod(served=first.served)
    services: dict[str, dict[str, int]] = {}
    for line in found:
        if line.service and line.outcome:
            services.setdefault(line.service, {})[line.outcome] = line.supports or 0
    return TeamPeriod(
        visits=whole.visits,
        met=whole.met,
        anonymous=whole.anonymous,
        people=first.people,
        households=first.households,
        served=first.served,
        services=services,
    )
