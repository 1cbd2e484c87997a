"""The first page put together, by what the reader looks after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from kit import clock
from kit.periods import period_of
from people.permissions import Who
from places.settings.queries import find_body
from reports.home.own import (
    SHOWN,
    Mate,
    Month,
    NextSession,
    ToVisit,
    find_team_and_mates,
    find_today,
)
from reports.home.queries import Change, Scope, find_scope, list_changes
from reports.home.training import Training
from teams.catalogues.queries import Catalogues, find_catalogues
from teams.follow_ups.queries import FollowUpFilter, FollowUpFound, list_follow_ups
from teams.households.due import due_rule
from teams.roster.figures import (
    CommuneFigures,
    TeamSize,
    list_commune_figures,
    list_teams_in_need,
)
from teams.visits.districts import AreaActivity, find_area_activity

FOLLOW_UPS = 5


@dataclass(frozen=True)
class District:
    """The page of an area on a day. `past`: the day is not today, so today's lists are left out."""

    scope: Scope
    day: date
    past: bool
    communes: list[CommuneFigures]
    need: list[TeamSize]
    changes: list[Change]
    activity: AreaActivity
    training: Training

    @property
    def total(self) -> CommuneFigures:
        """All communes as one; the figures of communes add up, for each team counts in one."""
        names = ("teams", "members", "target", "no_leader", "no_deputy", "short")
        sums = {name: sum(getattr(c, name) for c in self.communes) for name in names}
        return CommuneFigures(id=self.scope.id, name=self.scope.name, **sums)

    @property
    def reporting(self) -> int:
        """How many teams have reported a visit in the period."""
        return sum(commune.teams for commune in self.activity.communes.values())


async def find_district(who: Who, on: date | None) -> District | None:
    """The page of the area a reader looks after; None while no area has been entered."""
    today = clock.today()
    day = min(on or today, today)
    period = period_of(day, "month", (await find_body()).cutoff_day)
    found = await find_scope(who, day, period)
    if found is None:
        return None
    scope, training = found
    return District(
        scope=scope,
        day=day,
        past=day != today,
        communes=await list_commune_figures(who, day),
        need=await list_teams_in_need(who, day, 8),
        changes=[] if day != today else await list_changes(who),
        activity=await find_area_activity(who, period, day + timedelta(days=1)),
        training=training,
    )


@dataclass(frozen=True)
class OwnTeam:
    """The page of a leader or member."""

    team: TeamSize
    mates: list[Mate]
    me: Mate
    month: Month
    to_visit: list[ToVisit]
    follow_ups: list[FollowUpFound]
    more_follow_ups: bool
    catalogues: Catalogues
    next_session: NextSession | None

    @property
    def leads(self) -> bool:
        """Whether the reader leads, or stands in for the leader."""
        return self.me.position != "member"

    @property
    def first_visits(self) -> list[ToVisit]:
        """Whom to visit first; the others stand in the list of households."""
        return self.to_visit[:SHOWN]


async def find_own_team(who: Who) -> OwnTeam | None:
    """The team of the reader's membership, if any."""
    if not who.own_team:
        return None
    team, mates = await find_team_and_mates(who.own_team)
    rule = await due_rule()
    period = period_of(rule.today, "month", (await find_body()).cutoff_day)
    month, to_visit, following = await find_today(who, team.id, rule, period)
    found, more = await list_follow_ups(who, FollowUpFilter(team=team.id), 4 * FOLLOW_UPS)
    follow_ups = _beside(found, to_visit)
    return OwnTeam(
        team=team,
        mates=mates,
        me=next(mate for mate in mates if mate.person == who.person),
        month=month,
        to_visit=to_visit,
        follow_ups=follow_ups[:FOLLOW_UPS],
        more_follow_ups=bool(more) or len(follow_ups) > FOLLOW_UPS,
        catalogues=await find_catalogues(),
        next_session=following,
    )


def _beside(found: list[FollowUpFound], to_visit: list[ToVisit]) -> list[FollowUpFound]:
    """The follow-ups that do not stand among those to be visited already."""
    agreed = {home.id for home in to_visit if home.agreed_on}
    return [one for one in found if one.referral or one.household not in agreed]
