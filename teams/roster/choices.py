"""Teams and communes to filter by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from kit import clock
from kit.database import SQL, rows
from kit.i18n import gettext as _
from kit.pages import day
from kit.spells import as_of
from people.permissions import Who
from people.reach import (
    MOST_CHOICES,
    Choice,
    TeamChoice,
    seat_of_team,
    told_apart,
    visible_areas,
    visible_teams,
)


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
    seat: str | None
    until: str | None

    @property
    def label(self) -> str:
        """The name; of what is over with its last day."""
        if self.until is None or (end := date.fromisoformat(self.until)) > clock.today():
            return self.name
        return _("%(name)s, until %(day)s", name=self.name, day=day(end - timedelta(days=1)))


_PLACES = """
SELECT z.kind, z.id, z.name, z.seat, z.until FROM (
    SELECT x.kind, x.id, x.name, x.sort, x.seat, x.until FROM (
        SELECT 'team' AS kind, t.id, t.name, t.sort, {} AS seat, CAST(NULL AS text) AS until
        FROM team t WHERE {} LIMIT {}) x
    UNION ALL SELECT y.kind, y.id, y.name, y.sort, NULL AS seat, y.until FROM (
        SELECT 'commune' AS kind, r.id, a.name, a.sort, CAST(a.until AS text) AS until
        FROM area_spell a JOIN area r ON r.id = a.area
        WHERE (r.kind = 'commune' OR r.id = {}) AND {} AND {} LIMIT {}) y) z
ORDER BY z.kind, z.sort, z.id
"""


_LAST = "NOT EXISTS (SELECT 1 FROM area_spell al WHERE al.area = a.area AND al.since > a.since)"


async def choices_places(
    who: Who,
    verb: str,
    team: UUID | None = None,
    area: UUID | None = None,
    *,
    past: bool = False,
) -> Places:
    """The teams and today's communes within reach of a verb, and the area that is chosen already,
    in Vietnamese order; `past`: those communes too that are no more. One query.

    Where a list holds more than MOST_CHOICES, only what is chosen already stands in it.
    """
    today, most = clock.today(), MOST_CHOICES + 1
    there = SQL(_LAST) if past else as_of("a", today)
    found = await rows(
        _Place,
        _PLACES,
        *(seat_of_team(), visible_teams(who, today, verb), most),
        *(area, visible_areas(who, verb), there, most),
    )
    return Places(_narrowed(found, "team", team), _narrowed(found, "commune", area))


def _narrowed(found: list[_Place], kind: str, chosen: UUID | None) -> tuple[Choice, ...]:
    mine = told_apart([TeamChoice(it.id, it.label, it.seat) for it in found if it.kind == kind])
    if len(mine) > MOST_CHOICES:
        return tuple(place for place in mine if place.id == chosen)
    return tuple(mine)
