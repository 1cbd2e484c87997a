"""The size of teams on a day, counted in one place for the board, the home page and reports."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, rows
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.spells import as_of, within
from people.permissions import Who
from people.reach import visible_teams
from teams.roster.queries import covering


@dataclass(frozen=True)
class TeamSize:
    """How many are in a team against its target; `path` and commune are of the first area."""

    id: UUID
    name: str
    sort: str
    target: int
    path: str | None
    commune: UUID | None
    commune_name: str | None
    members: int
    leaders: int
    deputies: int

    @property
    def short(self) -> int:
        """How many people are missing."""
        return max(self.target - self.members, 0)

    @property
    def gaps(self) -> list[tuple[str, str]]:
        """What is missing, the worst first: (words, tone)."""
        words = []
        if not self.leaders:
            words.append((_("No leader"), "bad"))
        if self.short:
            words.append((people_short(self.short), "bad" if self.short > 1 else "wait"))
        if not self.deputies:
            words.append((_("No deputy"), "wait"))
        return words


def people_short(count: int) -> str:
    """That so many people are missing, in words."""
    return ngettext("%(num)s person short", "%(num)s people short", count)


_SIZED = """
SELECT t.id, t.name, t.sort, t.target_size AS target, x.path,
       CASE r.kind WHEN 'hamlet' THEN x.parent ELSE x.area END AS commune,
       count(m.id) AS members,
       count(CASE m.position WHEN 'leader' THEN 1 END) AS leaders,
       count(CASE m.position WHEN 'deputy' THEN 1 END) AS deputies
FROM team t
LEFT JOIN area_spell x ON x.id = (
    SELECT y.id FROM team_area ta JOIN area_spell y ON y.area = ta.area AND {}
    WHERE ta.team = t.id AND {} ORDER BY y.path LIMIT 1)
LEFT JOIN area r ON r.id = x.area
LEFT JOIN membership m ON m.team = t.id AND {}
WHERE {} AND {}
GROUP BY t.id, t.name, t.sort, t.target_size, x.path, x.parent, x.area, r.kind
"""


def _sized(who: Who, verb: str, day: date, area: UUID | None = None) -> SQL:
    """Every live team within reach with its size, as a query to select from."""
    return SQL(
        _SIZED,
        as_of("y", day),
        as_of("ta", day),
        as_of("m", day, "joined_on", "left_on"),
        as_of("t", day, "founded_on", "dissolved_on"),
        all_of([visible_teams(who, clock.today(), verb), *([covering(area, day)] if area else [])]),
    )


_SIZES = """
SELECT s.id, s.name, s.sort, s.target, s.path, c.area AS commune, c.name AS commune_name,
       s.members, s.leaders, s.deputies
FROM ({}) s LEFT JOIN area_spell c ON c.area = s.commune AND {}
WHERE {} ORDER BY {} LIMIT {}
"""
_SHORTEST = SQL("s.members - s.target, c.sort, s.sort, s.id")
_WORST = SQL(
    "CASE s.leaders WHEN 0 THEN 0 ELSE 1 END, s.members - s.target,"
    " CASE s.deputies WHEN 0 THEN 0 ELSE 1 END, c.sort, s.sort, s.id"
)


async def list_team_sizes(
    who: Who, verb: str, limit: int, area: UUID | None = None
) -> list[TeamSize]:
    """The live teams (of an area) in which a verb holds, those most short of people first."""
    today = clock.today()
    sized = _sized(who, verb, today, area)
    spell = as_of("c", today)
    every = SQL("1 = 1")
    return await rows(TeamSize, _SIZES, sized, spell, every, _SHORTEST, limit)


async def list_teams_in_need(who: Who, day: date, limit: int) -> list[TeamSize]:
    """The teams that lack somebody on a day: without a leader first, then the shortest."""
    lacking = SQL("(s.leaders = 0 OR s.deputies = 0 OR s.members < s.target)")
    sized = _sized(who, "team.read", day)
    return await rows(TeamSize, _SIZES, sized, as_of("c", day), lacking, _WORST, limit)


@dataclass(frozen=True)
class CommuneFigures:
    """The teams of a commune on a day; `short` adds up the teams that lack people."""

    id: UUID
    name: str
    teams: int
    members: int
    target: int
    no_leader: int
    no_deputy: int
    short: int


_COMMUNES = """
WITH sized AS ({})
SELECT c.area AS id, c.name, count(s.id) AS teams,
       CAST(coalesce(sum(s.members), 0) AS integer) AS members,
       CAST(coalesce(sum(s.target), 0) AS integer) AS target,
       count(CASE s.leaders WHEN 0 THEN 1 END) AS no_leader,
       count(CASE s.deputies WHEN 0 THEN 1 END) AS no_deputy,
       CAST(coalesce(sum(CASE WHEN s.members < s.target THEN s.target - s.members END), 0)
            AS integer) AS short
FROM area_spell c JOIN area k ON k.id = c.area LEFT JOIN sized s ON s.commune = c.area
WHERE {} AND (s.id IS NOT NULL OR (k.kind = 'commune' AND {}))
GROUP BY c.area, c.name, c.sort ORDER BY c.sort, c.area
"""


async def list_commune_figures(who: Who, day: date) -> list[CommuneFigures]:
    """Every commune within reach with its teams on a day, in Vietnamese order."""
    reach = within("c.path", who.paths("team.read"))
    sized = _sized(who, "team.read", day)
    return await rows(CommuneFigures, _COMMUNES, sized, as_of("c", day), reach)
