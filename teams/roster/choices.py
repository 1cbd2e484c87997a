"""Teams and communes to filter by."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kit import clock
from kit.database import rows
from kit.spells import as_of
from people.permissions import Who
from people.reach import MOST_CHOICES, Choice, visible_areas, visible_teams


@dataclass(frozen=True)
class Places:
    """What a list of visits may be narrowed to; empty where there are too many to choose from."""

    teams: tuple[Choice, ...]
    communes: tuple[Choice, ...]

    @property
    def team_pairs(self) -> list[tuple[UUID, str]]:
        """The teams as a select wants them."""
        return [(team.id, team.name) for team in self.teams]

    @property
    def commune_pairs(self) -> list[tuple[UUID, str]]:
        """The communes as a select wants them."""
        return [(commune.id, commune.name) for commune in self.communes]


@dataclass(frozen=True)
class _Place:
    kind: str
    id: UUID
    name: str


_PLACES = """
SELECT z.kind, z.id, z.name FROM (
    SELECT x.kind, x.id, x.name, x.sort FROM (
        SELECT 'team' AS kind, t.id, t.name, t.sort FROM team t WHERE {} LIMIT {}) x
    UNION ALL SELECT y.kind, y.id, y.name, y.sort FROM (
        SELECT 'commune' AS kind, r.id, a.name, a.sort
        FROM area_spell a JOIN area r ON r.id = a.area
        WHERE (r.kind = 'commune' OR r.id = {}) AND {} AND {} LIMIT {}) y) z
ORDER BY z.kind, z.sort, z.id
"""


async def choices_places(
    who: Who, verb: str, team: UUID | None = None, area: UUID | None = None
) -> Places:
    """The teams and today's communes within reach of a verb, and the area that is chosen already,
    in Vietnamese order; one query.

    Where a list holds more than MOST_CHOICES, only what is chosen already stands in it.
    """
    today, most = clock.today(), MOST_CHOICES + 1
    found = await rows(
        _Place,
        _PLACES,
        *(visible_teams(who, today, verb), most),
        *(area, visible_areas(who, verb), as_of("a", today), most),
    )
    return Places(_narrowed(found, "team", team), _narrowed(found, "commune", area))


def _narrowed(found: list[_Place], kind: str, chosen: UUID | None) -> tuple[Choice, ...]:
    mine = [Choice(place.id, place.name) for place in found if place.kind == kind]
    if len(mine) > MOST_CHOICES:
        return tuple(place for place in mine if place.id == chosen)
    return tuple(mine)
