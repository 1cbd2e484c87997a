"""The figures of visits, one function each: visits, people, households; never added together.

A visit counts for the team and the area of its own day. Where nothing was reported the figure is
None, which is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit.database import SQL, row, rows, value
from teams.households.family import stands_for
from teams.households.reach import served_by


@dataclass(frozen=True)
class Activity:
    """Visits of a period: all, those that met somebody, those that named nobody; services given,
    and those that were learned (done alone or with guidance)."""

    visits: int
    met: int
    anonymous: int
    supports: int
    learned: int


_ACTIVITY = """
SELECT CAST(coalesce(sum(x.visits), 0) AS integer) AS visits,
       CAST(coalesce(sum(x.met), 0) AS integer) AS met,
       CAST(coalesce(sum(x.anonymous), 0) AS integer) AS anonymous,
       CAST(coalesce(sum(x.supports), 0) AS integer) AS supports,
       CAST(coalesce(sum(CASE WHEN x.outcome IN ('independent', 'assisted') THEN x.supports END), 0)
            AS integer) AS learned
FROM visit_total x WHERE {} AND x.day >= {} AND x.day < {}
"""


def of_team(team: UUID, alias: str = "x") -> SQL:
    """The condition that a visit or a total is of a team."""
    return SQL(f"{alias}.team = {{}}", team)


async def find_activity(scope: SQL, since: date, until: date) -> Activity | None:
    """Visits and services from a day until before another; `scope` is a condition on team and area
    of `x`. None where nobody reported a visit."""
    found = await row(Activity, _ACTIVITY, scope, since, until)
    return found if found and found.visits else None


NAMED = "x.withdrawn_at IS NULL AND x.met = 'met' AND x.basis = 'consent'"
"""The condition that a visit `x` counts for people and households: nobody nameless is one."""
PEOPLE = "count(DISTINCT s.resident)"
"""Distinct residents among visits `x` with their supports `s`."""
HOUSEHOLDS = f"""
count(DISTINCT CASE WHEN h.merged_into IS NULL THEN h.id ELSE {stands_for("h.merged_into")} END)
"""
"""Distinct households `h` of visits `x`; those merged are one, through however many merges."""


def people(scope: SQL, since: date, until: date) -> SQL:
    """Distinct residents helped, as a query of one number."""
    return SQL(
        f"SELECT {PEOPLE} AS n FROM visit x JOIN support s ON s.visit = x.id"
        f" WHERE {{}} AND x.day >= {{}} AND x.day < {{}} AND {NAMED}",
        *(scope, since, until),
    )


async def count_people(scope: SQL, since: date, until: date) -> int:
    """Distinct residents helped, from a day until before another; nobody nameless is one."""
    return int(await value("{}", people(scope, since, until)))


def households_met(scope: SQL, since: date, until: date) -> SQL:
    """Distinct households met by name, as a query of one number."""
    return SQL(
        f"SELECT {HOUSEHOLDS} AS n FROM visit x JOIN household h ON h.id = x.household"
        f" WHERE {{}} AND x.day >= {{}} AND x.day < {{}} AND {NAMED}",
        *(scope, since, until),
    )


async def count_households_met(scope: SQL, since: date, until: date) -> int:
    """Distinct households met by name, from a day until before another; merged ones are one."""
    return int(await value("{}", households_met(scope, since, until)))


def served(team: UUID, day: date) -> SQL:
    """The condition that a team visits a household `h` on a day: paused ones aside."""
    return SQL("h.merged_into IS NULL AND h.muted_since IS NULL AND {}", served_by(team, day))


def households_served(team: UUID, day: date) -> SQL:
    """The households a team serves on a day, paused ones aside, as a query of one number."""
    return SQL("SELECT count(*) AS n FROM household h WHERE {}", served(team, day))


async def count_households_served(team: UUID, day: date) -> int:
    """The households a team serves on a day, paused ones aside."""
    return int(await value("{}", households_served(team, day)))


@dataclass(frozen=True)
class OutcomeCount:
    """How often a service came to an outcome."""

    service: str
    outcome: str
    supports: int


async def list_outcomes(scope: SQL, since: date, until: date) -> list[OutcomeCount]:
    """Services by outcome, from a day until before another."""
    return await rows(
        OutcomeCount,
        "SELECT x.service, x.outcome, CAST(sum(x.supports) AS integer) AS supports"
        " FROM visit_total x WHERE {} AND x.day >= {} AND x.day < {} AND x.service <> ''"
        " GROUP BY x.service, x.outcome HAVING sum(x.supports) > 0 ORDER BY x.service, x.outcome",
        *(scope, since, until),
    )
