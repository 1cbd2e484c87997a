"""Which visits an asker may see."""

from __future__ import annotations

from kit import clock
from kit.database import SQL, any_of
from kit.spells import as_of, within
from people.permissions import Who


def visible_visits(who: Who, verb: str = "visit.read", alias: str = "v") -> SQL:
    """The condition that a visit is within reach: its hamlet lies there on today's map, or it was
    made in one's own team."""
    if who.everywhere(verb):
        return SQL("1 = 1")
    paths = who.paths(verb)
    ways = [SQL(f"{alias}.team = {{}}", team) for team in who.teams(verb)]
    if paths:
        near = SQL(
            "SELECT rv.area FROM area_spell rv WHERE {} AND {}",
            within("rv.path", paths),
            as_of("rv", clock.today()),
        )
        ways.insert(0, SQL(f"{alias}.area IN ({{}})", near))
    return any_of(ways)
