"""What forms about households offer to choose from."""

from __future__ import annotations

from uuid import UUID

from kit import clock
from kit.database import SQL, any_of, rows
from kit.spells import as_of, within
from people.permissions import Who
from people.reach import (
    MOST_CHOICES,
    AreaChoice,
    TeamChoice,
    seat_of_team,
    told_apart,
    visible_teams,
)


async def choices_hamlets(who: Who) -> list[tuple[UUID, str]]:
    """The hamlets in which one may add households: within reach, or covered by one's own team."""
    today = clock.today()
    ways = [within("a.path", who.paths("household.edit"))]
    for team in who.teams("household.edit"):
        spell = as_of("k", today)
        covered = SQL("SELECT k.area FROM team_area k WHERE k.team = {} AND {}", team, spell)
        ways.append(SQL("(a.area IN ({}) OR a.parent IN ({}))", covered, covered))
    found = await rows(
        AreaChoice,
        "SELECT r.id, a.name, r.kind, u.name AS parent, a.path FROM area_spell a"
        " JOIN area r ON r.id = a.area LEFT JOIN area_spell u ON u.area = a.parent AND {}"
        " WHERE r.kind = 'hamlet' AND {} AND {} ORDER BY coalesce(u.sort, ''), a.sort, r.number"
        " LIMIT {}",
        *(as_of("u", today), as_of("a", today), any_of(ways), 10 * MOST_CHOICES),
    )
    return [(area.id, area.label) for area in found]


async def choices_teams(who: Who) -> list[tuple[UUID, str]]:
    """The live teams whose areas one may change, by name."""
    found = await rows(
        TeamChoice,
        "SELECT t.id, t.name, {} AS seat FROM team t WHERE t.dissolved_on IS NULL AND {}"
        " ORDER BY t.sort, t.id LIMIT {}",
        seat_of_team(),
        *(visible_teams(who, clock.today(), "team.edit"), 10 * MOST_CHOICES),
    )
    return [(team.id, team.name) for team in told_apart(found)]
