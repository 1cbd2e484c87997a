"""The first page put together, by what the reader looks after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kit import clock
from people.permissions import Who
from reports.home.queries import Change, Mate, Scope, find_scope, list_changes, list_mates
from teams.roster.figures import (
    CommuneFigures,
    TeamSize,
    find_team_size,
    list_commune_figures,
    list_teams_in_need,
)


@dataclass(frozen=True)
class District:
    """The page of an area on a day. `past`: the day is not today, so today's lists are left out."""

    scope: Scope
    day: date
    past: bool
    communes: list[CommuneFigures]
    need: list[TeamSize]
    changes: list[Change]

    @property
    def total(self) -> CommuneFigures:
        """All communes as one; the figures of communes add up, for each team counts in one."""
        names = ("teams", "members", "target", "no_leader", "no_deputy", "short")
        sums = {name: sum(getattr(c, name) for c in self.communes) for name in names}
        return CommuneFigures(id=self.scope.id, name=self.scope.name, **sums)


async def find_district(who: Who, on: date | None) -> District | None:
    """The page of the area a reader looks after; None while no area has been entered."""
    scope = await find_scope(who)
    if scope is None:
        return None
    today = clock.today()
    day = min(on or today, today)
    return District(
        scope=scope,
        day=day,
        past=day != today,
        communes=await list_commune_figures(who, day),
        need=await list_teams_in_need(who, day, 8),
        changes=[] if day != today else await list_changes(who),
    )


@dataclass(frozen=True)
class OwnTeam:
    """The page of a leader or member."""

    team: TeamSize
    mates: list[Mate]
    me: Mate

    @property
    def leads(self) -> bool:
        """Whether the reader leads, or stands in for the leader."""
        return self.me.position != "member"


async def find_own_team(who: Who) -> OwnTeam | None:
    """The team of the reader's membership, if any."""
    if not who.own_team:
        return None
    team = await find_team_size(who, who.own_team)
    mates = await list_mates(who.own_team)
    me = next(mate for mate in mates if mate.person == who.person)
    return OwnTeam(team, mates, me)
