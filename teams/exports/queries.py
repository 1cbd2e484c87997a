"""All teams, and all members of all teams, that a list shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from kit.database import SQL, all_of, rows
from kit.spells import as_of
from people.permissions import Who
from teams.roster.queries import TeamFilter, TeamLine, list_teams, shown_teams
from teams.words import position_word

PART = 2000


async def all_teams(who: Who, asked: TeamFilter) -> list[TeamLine]:
    """Every team of a filter within the reach of exports, in the order of the list."""
    found: list[TeamLine] = []
    following = ""
    while True:
        asked = asked.model_copy(update={"after": following})
        part, following = await list_teams(who, asked, PART, "team.export")
        found += part
        if not following:
            return found


@dataclass(frozen=True)
class MemberLine:
    """A member in a workbook."""

    id: UUID
    team_id: UUID
    commune: str
    team: str
    name: str
    position: str
    sex: str | None
    born_on: date | None
    born_year: int | None
    phone: str | None
    organisation: str
    joined_on: date
    decision: str

    @property
    def role(self) -> str:
        """The position in words."""
        return position_word(self.position)


_MEMBERS = """
SELECT m.id, t.id AS team_id, '' AS commune, t.name AS team, p.name, m.position, p.sex, p.born_on,
       p.born_year, p.phone, m.organisation, m.joined_on, m.decision
FROM team t JOIN membership m ON m.team = t.id AND {} JOIN person p ON p.id = m.person
WHERE {}
ORDER BY t.sort, t.id, CASE m.position WHEN 'leader' THEN 0 WHEN 'deputy' THEN 1 ELSE 2 END,
         p.sort, p.id
"""


async def all_members(who: Who, asked: TeamFilter) -> list[MemberLine]:
    """Every member on the day asked for of every team of a filter, team by team."""
    asked = asked.model_copy(update={"after": ""})
    member: SQL = as_of("m", asked.day, "joined_on", "left_on")
    found = await rows(MemberLine, _MEMBERS, member, all_of(shown_teams(who, asked, "team.export")))
    communes = {team.id: team.commune_name or "" for team in await all_teams(who, asked)}
    return [replace(line, commune=communes.get(line.team_id, "")) for line in found]
