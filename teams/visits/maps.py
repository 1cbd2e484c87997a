"""Where visits were: by the map of today, or as it was then."""

from __future__ import annotations

from uuid import UUID

from kit import clock
from kit.database import ON_SQLITE, SQL
from kit.spells import as_of, under

PLAIN = "+" if ON_SQLITE else ""
"""On SQLite a list of areas would be read area by area and sorted whole; the plus keeps to the
index of days."""


def lies_in(area: UUID) -> SQL:
    """The condition that the place of a visit `v` lies in an area, or below it, on today's map."""
    today = clock.today()
    below = SQL(
        "SELECT ia.area FROM area_spell ia WHERE {} AND {}",
        under("ia.path", area, today),
        as_of("ia", today),
    )
    return SQL(f"({PLAIN}v.area IN ({{}}) OR v.area = {{}})", below, area)


_BELOW = (
    "SELECT {} FROM area_spell tt JOIN area_spell tb ON tb.path >= tt.path"
    " AND tb.path < substr(tt.path, 1, length(tt.path) - 1) || '0' WHERE tt.area = {}"
)
_THAT_DAY = (
    "tb.area = v.area AND tb.since <= v.day AND (tb.until IS NULL OR v.day < tb.until)"
    " AND tt.since <= v.day AND (tt.until IS NULL OR v.day < tt.until)"
)


def was_in(area: UUID) -> SQL:
    """The condition that the place of a visit `v` lay in an area, or below it, on the visit's own
    day. Whatever lay in it on some day is found first, for that is little and the same for all."""
    ever = SQL(_BELOW, SQL("tb.area"), area)
    then = SQL(f"EXISTS ({_BELOW} AND {_THAT_DAY})", SQL("1"), area)
    return SQL(f"({PLAIN}v.area IN ({{}}) AND {{}})", ever, then)
