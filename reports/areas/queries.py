"""Areas with the teams and members in them, as of a day; the one place where these are counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, among, any_of, rows, value
from kit.spells import as_of, within
from people.permissions import Who
from people.reach import visible_teams
from places.areas.queries import AreaFound, visible_by_today
from teams.roster.queries import TeamFilter, TeamLine, list_teams

MOST_TEAMS = 100
MOST_BELOW = 300


@dataclass(frozen=True)
class AreaLine:
    """An area as of a day: the hamlets below it, and the teams that cover any part of it.

    `no_leader`, `no_deputy` and `short` count teams; `members` counts those of live teams.
    """

    id: UUID
    kind: str
    name: str
    code: str | None
    parent: UUID | None
    path: str
    hamlets: int
    teams: int
    members: int
    no_leader: int
    no_deputy: int
    short: int


_LINES = """
WITH RECURSIVE shown AS (
    SELECT a.area AS id, r.kind, a.name, a.code, a.parent, a.path, a.sort
    FROM area_spell a JOIN area r ON r.id = a.area WHERE {} AND {} AND {}
), below AS (
    SELECT s.id AS top, s.id AS area FROM shown s WHERE {}
    UNION ALL
    SELECT b.top, x.area FROM below b JOIN area_spell x ON x.parent = b.area AND {}
), pair AS (
    SELECT DISTINCT b.top AS area, t.id AS team, t.target_size
    FROM below b JOIN team_area ta ON ta.area = b.area AND {}
    JOIN team t ON t.id = ta.team AND {} AND {}
), crew AS (
    SELECT m.team, count(*) AS size,
           sum(CASE m.position WHEN 'leader' THEN 1 ELSE 0 END) AS leaders,
           sum(CASE m.position WHEN 'deputy' THEN 1 ELSE 0 END) AS deputies
    FROM membership m WHERE m.team IN (SELECT team FROM pair) AND {} GROUP BY m.team
), figure AS (
    SELECT p.area, count(*) AS teams, sum(coalesce(c.size, 0)) AS members,
           sum(CASE WHEN coalesce(c.leaders, 0) = 0 THEN 1 ELSE 0 END) AS no_leader,
           sum(CASE WHEN coalesce(c.deputies, 0) = 0 THEN 1 ELSE 0 END) AS no_deputy,
           sum(CASE WHEN coalesce(c.size, 0) < p.target_size THEN 1 ELSE 0 END) AS short
    FROM pair p LEFT JOIN crew c ON c.team = p.team GROUP BY p.area
)
SELECT s.id, s.kind, s.name, s.code, s.parent, s.path,
       (SELECT count(*) FROM below h JOIN area k ON k.id = h.area
        WHERE h.top = s.id AND h.area <> s.id AND k.kind = 'hamlet') AS hamlets,
       coalesce(f.teams, 0) AS teams, CAST(coalesce(f.members, 0) AS integer) AS members,
       coalesce(f.no_leader, 0) AS no_leader, coalesce(f.no_deputy, 0) AS no_deputy,
       coalesce(f.short, 0) AS short
FROM shown s LEFT JOIN figure f ON f.area = s.id
ORDER BY s.sort, s.path
"""


async def list_area_lines(
    who: Who, on: date, which: SQL, counted: SQL, near: SQL
) -> list[AreaLine]:
    """The areas `a` that a condition picks, by name, with the figures of those `s` to be counted.

    A team that covers two hamlets of a commune is one team of the commune. `near` is a condition
    that holds for all their teams `t`, so that a small area is not looked for in a whole country.
    """
    return await rows(
        AreaLine,
        _LINES,
        *(as_of("a", on), visible_by_today(who), which),
        *(counted, as_of("x", on), as_of("ta", on), as_of("t", on, "founded_on", "dissolved_on")),
        all_of([visible_teams(who, clock.today()), near]),
        as_of("m", on, "joined_on", "left_on"),
    )


async def list_tops(who: Who, on: date) -> list[tuple[AreaLine, list[AreaLine]]]:
    """The highest areas within reach on a day, each with those right below it while they are few:
    a country shows its provinces, and each province its communes on its own page."""
    if who.everywhere("area.read"):
        top = SQL("SELECT n.area FROM area_spell n WHERE n.parent IS NULL AND {}", as_of("n", on))
    else:
        here = SQL("n.path IN {}", among(who.paths("area.read")))
        top = SQL(
            "SELECT n.area FROM area_spell n WHERE {} AND {}", here, as_of("n", clock.today())
        )
    which, every = SQL("a.area IN ({})", top), SQL("1 = 1")
    below = SQL("a.parent IN ({}) AND {}", top, as_of("a", on))
    count = "SELECT count(*) AS n FROM (SELECT 1 FROM area_spell a WHERE {} LIMIT {}) x"
    if await value(count, below, MOST_BELOW + 1) <= MOST_BELOW:
        which = any_of([which, below])
    found = await list_area_lines(who, on, which, every, every)
    shown = {line.id for line in found}
    tops = [line for line in found if line.parent not in shown]
    return [(line, [below for below in found if below.parent == line.id]) for line in tops]


@dataclass(frozen=True)
class Around:
    """What the page of an area shows besides itself: the way down to it, its figures, its parts."""

    above: list[AreaLine]
    own: AreaLine | None
    below: list[AreaLine]


async def find_around(who: Who, area: AreaFound, on: date) -> Around:
    """The areas above (within reach) and right below an area found, and its figures on a day."""
    which = any_of(
        [
            SQL("a.path IN {}", among(area.ancestors)),
            SQL("a.area = {}", area.id),
            SQL("a.parent = {}", area.id),
        ]
    )
    counted = SQL("(s.id = {} OR s.parent = {})", area.id, area.id)
    near = SQL(
        "t.id IN (SELECT ca.team FROM area_spell cs JOIN team_area ca ON ca.area = cs.area"
        " WHERE {})",
        within("cs.path", [area.path]),
    )
    found = await list_area_lines(who, on, which, counted, near)
    above = sorted((x for x in found if x.path in area.ancestors), key=lambda x: len(x.path))
    own = next((line for line in found if line.id == area.id), None)
    return Around(above, own, [line for line in found if line.parent == area.id])


async def list_area_teams(who: Who, area: AreaFound, on: date) -> list[TeamLine]:
    """The live teams of an area found, on a day, at most MOST_TEAMS: those of the list of teams."""
    found, _ = await list_teams(who, TeamFilter(area=area.id, on=on), MOST_TEAMS)
    return found
