"""The board put together from its queries: rows with suggestions, team cards, what clashed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kit.errors import NotFound
from kit.i18n import gettext as _
from people.permissions import Who
from people.reach import AreaChoice, choices_communes
from teams.board.queries import (
    EVERYBODY,
    NOBODY,
    BoardFilter,
    Placed,
    count_free,
    last_change,
    list_placed,
    team_names,
)
from teams.memberships.commands import Candidate
from teams.roster.figures import TeamSize, list_team_sizes
from teams.roster.queries import find_team

MOST_TEAMS = 300


@dataclass(frozen=True)
class Board:
    """All that the page of the board shows."""

    asked: BoardFilter
    people: list[Placed]
    next: str
    free: int
    communes: list[AreaChoice]
    teams: list[TeamSize]
    cards: list[TeamSize]
    chosen_team: str
    suggested: dict[UUID, TeamSize]

    @property
    def label_pairs(self) -> list[tuple[UUID, str]]:
        """The communes to filter by."""
        return [(commune.id, commune.label) for commune in self.communes]

    @property
    def by_commune(self) -> dict[str, list[TeamSize]]:
        """The teams to choose from, by commune, in Vietnamese order."""
        groups: dict[str, list[TeamSize]] = defaultdict(list)
        for team in sorted(self.teams, key=lambda team: team.sort):
            groups[team.commune_name or ""].append(team)
        order = [commune.name for commune in self.communes]
        return dict(sorted(groups.items(), key=lambda kv: (kv[0] not in order, _at(order, kv[0]))))


def _at(order: list[str], name: str) -> int:
    return order.index(name) if name in order else len(order)


async def find_board(who: Who, asked: BoardFilter) -> Board:
    """The board as a filter asks for it. Raises NotFound for an area or team beyond reach."""
    free = await count_free(who)
    asked = asked.model_copy(update={"team": asked.team or (NOBODY if free else EVERYBODY)})
    communes = await choices_communes(who, "member.assign", asked.area)
    path = _path_of(communes, asked.area)
    teams = await _teams_of(who, asked, communes)
    people, following = await list_placed(who, asked, path)
    return Board(
        asked=asked,
        people=people,
        next=following,
        free=free,
        communes=communes,
        teams=teams,
        cards=[team for team in teams if not asked.area or team.commune == asked.area],
        chosen_team=await _chosen_team(who, asked, teams),
        suggested=suggest(people, teams),
    )


async def _teams_of(who: Who, asked: BoardFilter, communes: list[AreaChoice]) -> list[TeamSize]:
    """The teams to move people to; those of a whole country only commune by commune."""
    if who.everywhere("member.assign") and not communes:
        return []
    only = asked.area if len(communes) == 1 else None
    return await list_team_sizes(who, "member.assign", MOST_TEAMS, only)


def _path_of(communes: list[AreaChoice], area: UUID | None) -> str:
    if area is None:
        return ""
    for commune in communes:
        if commune.id == area:
            return commune.path
    raise NotFound


async def _chosen_team(who: Who, asked: BoardFilter, teams: list[TeamSize]) -> str:
    """The name of the team that is filtered for, or an empty string."""
    if asked.team in (NOBODY, EVERYBODY):
        return ""
    chosen = UUID(asked.team)
    for team in teams:
        if team.id == chosen:
            return team.name
    return (await find_team(who, chosen, "member.assign")).name


def suggest(people: Iterable[Placed], teams: Iterable[TeamSize]) -> dict[UUID, TeamSize]:
    """A team for each person without one: of the same commune and short of people, the own
    hamlet's first, then the shortest. No team is suggested to more people than it lacks."""
    room = {team.id: team.short for team in teams}
    near: dict[UUID | None, list[TeamSize]] = defaultdict(list)
    for team in teams:
        near[team.commune].append(team)
    found = {}
    for person in people:
        fits = [team for team in near[person.commune] if room[team.id]]
        if not person.waits or not person.commune or not fits:
            continue
        best = max(fits, key=lambda team: (team.path == person.path, room[team.id]))
        found[person.id] = best
        room[best.id] -= 1
    return found


@dataclass(frozen=True)
class Clash:
    """A person whom somebody else was faster to move: what was shown, what is so now."""

    name: str
    shown: str
    now: str
    doer: str
    at: datetime | None


async def list_clashes(stale: list[Candidate], shown: dict[UUID, str]) -> list[Clash]:
    """The people of a refused move, with both values and who was faster."""
    seen = {person: _membership(state) for person, state in shown.items()}
    names = await team_names([membership for membership in seen.values() if membership])
    clashes = []
    for person in stale:
        spells = [spell for spell in (seen[person.person], person.membership) if spell]
        change = await last_change(person.person, spells)
        clashes.append(
            Clash(
                name=person.name,
                shown=names.get(seen[person.person] or person.person) or _("No team"),
                now=person.team_name or _("No team"),
                doer=(change and change.doer) or _("The system"),
                at=change.at if change else None,
            )
        )
    return clashes


def _membership(state: str) -> UUID | None:
    """The membership of Candidate.state, if it names one."""
    try:
        return UUID(state.partition(":")[0])
    except ValueError:
        return None
