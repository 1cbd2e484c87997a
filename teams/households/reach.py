"""Which households an asker may see, and which team serves a household on a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from kit.database import SQL, Day, any_of
from kit.spells import as_of, within
from people.permissions import Who


def visible_households(who: Who, day: date, verb: str = "household.read", alias: str = "h") -> SQL:
    """The condition that a household is within reach: it stands in an area within reach on the
    map of a day (today for every question of rights), or one's own team serves it that day."""
    if who.everywhere(verb):
        return SQL("1 = 1")
    stands = SQL(
        f"{alias}.area IN (SELECT hs.area FROM area_spell hs WHERE {{}} AND {{}})",
        within("hs.path", who.paths(verb)),
        as_of("hs", day),
    )
    return any_of([stands, *(served_by(team, day, alias) for team in who.teams(verb))])


def served_by(team: UUID, day: date, alias: str = "h") -> SQL:
    """The condition that a team serves a household on a day: set by hand, or it covers the hamlet
    (or the commune around it) and no other team was set by hand."""
    return SQL(f"{alias}.id IN ({{}})", served_ids(team, day))


def served_ids(team: UUID, day: date) -> SQL:
    """The households a team serves on a day, as a query of their ids: short, however many
    households there are elsewhere."""
    covered = SQL(
        "SELECT ca.area FROM team_area ca WHERE ca.team = {} AND {}", team, as_of("ca", day)
    )
    below = SQL(
        "SELECT cb.area FROM area_spell cb WHERE cb.parent IN ({}) AND {}",
        covered,
        as_of("cb", day),
    )
    return SQL(
        "SELECT hs.id FROM (WITH own AS MATERIALIZED"
        " (SELECT co.area FROM ({} UNION {}) co WHERE {} = {})"
        " SELECT hn.id FROM household hn WHERE hn.area IN (SELECT own.area FROM own) AND NOT EXISTS"
        " (SELECT 1 FROM household_team hx WHERE hx.household = hn.id AND {})"
        " UNION SELECT hb.household FROM household_team hb WHERE hb.team = {} AND {}) hs",
        *(covered, below, covering(day, "co"), team, as_of("hx", day), team, as_of("hb", day)),
    )


def serving(day: Day, alias: str = "h") -> SQL:
    """The team that serves a household on a day, as an expression: the one set by hand, else the
    one that covers its hamlet, else the one that covers the area around it; NULL for none.
    Where several cover the same area, the one founded first serves until another is set by hand.
    """
    return SQL("coalesce({}, {})", set_by_hand(day, alias), covering(day, alias))


def set_by_hand(day: Day, alias: str = "h") -> SQL:
    """The team set by hand for a household on a day, as an expression; NULL for none."""
    return SQL(
        f"(SELECT ht.team FROM household_team ht WHERE ht.household = {alias}.id AND {{}})",
        as_of("ht", day),
    )


def covering(day: Day, alias: str = "h") -> SQL:
    """The team that covers `area` of a row on a day, itself or the area around it, as an
    expression; NULL for none. Long lists ask it once for each hamlet."""
    around = SQL(
        "(SELECT hu.parent FROM area_spell hu WHERE hu.area = {} AND {})",
        SQL(f"{alias}.area"),
        as_of("hu", day),
    )
    return SQL("coalesce({}, {})", _covering(SQL(f"{alias}.area"), day), _covering(around, day))


def _covering(area: SQL, day: Day) -> SQL:
    return SQL(
        "(SELECT tc.id FROM team_area ac JOIN team tc ON tc.id = ac.team WHERE ac.area = {} AND {}"
        " ORDER BY tc.founded_on, tc.id LIMIT 1)",
        area,
        as_of("ac", day),
    )
