"""Venues within reach: one, and a page of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, row, rows, value
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe
from kit.search import holds
from kit.spells import as_of, under
from people.permissions import Who
from people.reach import visible_areas

PAGE = 50


@dataclass(frozen=True)
class VenueFound:
    """A room; `path` is where its area lies today, `coming` counts sessions from today on."""

    id: UUID
    name: str
    sort: str
    area: UUID
    area_name: str
    path: str
    address: str
    seats: int | None
    since: date
    until: date | None
    version: int
    coming: int

    @property
    def gone(self) -> bool:
        """Whether it is used no more today."""
        return self.until is not None and self.until <= clock.today()


_VENUE = """
SELECT v.id, v.name, v.sort, v.area, a.name AS area_name, a.path, v.address, v.seats, v.since,
       v.until, v.version,
       (SELECT count(*) FROM training_session s WHERE s.venue = v.id AND s.day >= {}
           AND s.cancelled_at IS NULL) AS coming
FROM venue v JOIN area_spell a ON a.area = v.area AND {}
WHERE {}
"""


async def find_venue(who: Who, venue_id: UUID, verb: str = "course.read") -> VenueFound:
    """A venue within reach. Raises NotFound, or Forbidden where `verb` does not hold."""
    today = clock.today()
    which = all_of([SQL("v.id = {}", venue_id), visible_areas(who, "course.read")])
    found = await row(VenueFound, _VENUE, today, as_of("a", today), which)
    if found is None:
        raise NotFound
    if not who.reaches(verb, found.path):
        raise Forbidden
    return found


class VenueFilter(Form):
    """Which venues a list shows: part of the name without marks, an area and all below it, and
    whether those no longer used are shown too."""

    q: Line = ""
    area: Annotated[UUID | None, Maybe] = None
    ended: bool = False
    after: str = ""


async def list_venues(
    who: Who, asked: VenueFilter, limit: int = PAGE
) -> tuple[list[VenueFound], str]:
    """A page of venues within reach by name, and the cursor of the next page or ""."""
    today = clock.today()
    which = [visible_areas(who, "course.read"), after("v", asked.after)]
    if asked.q:
        which.append(holds("v.fold", asked.q))
    if asked.area:
        which.append(under("a.path", asked.area, today))
    if not asked.ended:
        which.append(SQL("(v.until IS NULL OR v.until > {})", today))
    found = await rows(
        VenueFound,
        _VENUE + " ORDER BY v.sort, v.id LIMIT {}",
        *(today, as_of("a", today), all_of(which), limit + 1),
    )
    return cut(found, limit)


async def count_planned_from(venue_id: UUID, day: date) -> int:
    """The sessions in a venue already found from a day on, cancelled ones aside."""
    sql = "SELECT count(*) FROM training_session s WHERE s.venue = {} AND s.day >= {}"
    return int(await value(sql + " AND s.cancelled_at IS NULL", venue_id, day))
