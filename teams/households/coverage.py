"""How far a hamlet is reached: households met against the count of its households."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, among, hold, new_id, rows, transaction
from kit.errors import Forbidden, NotFound
from kit.spells import as_of
from people.audit.commands import record
from people.permissions import Who
from people.reach import visible_areas
from teams.households.forms import HamletCountForm
from teams.households.tables import HamletCount
from teams.roster.commands import refuse_future

MOST = 500


@dataclass(frozen=True)
class Coverage:
    """A hamlet: `met` of its households were met so far, `known` are on the list; `households` is
    the count of a source as of a day, None where nobody gave one."""

    area: UUID
    area_name: str
    commune_name: str | None
    path: str
    known: int
    met: int
    households: int | None
    as_of: date | None
    source: str | None


_COVERAGE = """
SELECT s.area, s.name AS area_name, u.name AS commune_name, s.path,
       (SELECT count(*) FROM household h WHERE h.area = s.area AND h.merged_into IS NULL) AS known,
       (SELECT count(h.last_met_on) FROM household h
        WHERE h.area = s.area AND h.merged_into IS NULL) AS met,
       n.households, n.as_of, n.source
FROM area_spell s
JOIN area r ON r.id = s.area AND r.kind = 'hamlet'
LEFT JOIN area_spell u ON u.area = s.parent AND {}
LEFT JOIN hamlet_count n ON n.id = (
    SELECT x.id FROM hamlet_count x WHERE x.area = s.area AND x.as_of <= {}
    ORDER BY x.as_of DESC LIMIT 1)
WHERE {} ORDER BY coalesce(u.sort, ''), s.sort, s.id LIMIT {}
"""


async def list_coverage(who: Who, verb: str = "team.edit") -> list[Coverage]:
    """The hamlets within reach of a verb, by their areas, in the order of the tree."""
    today = clock.today()
    return await _coverage([as_of("s", today), visible_areas(who, verb, alias="s")], today)


async def list_team_coverage(team: UUID) -> list[Coverage]:
    """The hamlets a team covers today, itself or as part of a commune."""
    today = clock.today()
    spell = as_of("k", today)
    covered = SQL("SELECT k.area FROM team_area k WHERE k.team = {} AND {}", team, spell)
    mine = SQL("(s.area IN ({}) OR s.parent IN ({}))", covered, covered)
    return await _coverage([as_of("s", today), mine], today)


async def _coverage(conditions: Sequence[SQL], day: date) -> list[Coverage]:
    return await rows(Coverage, _COVERAGE, as_of("u", day), day, all_of(conditions), MOST)


async def set_hamlet_count(by: Who, form: HamletCountForm) -> None:
    """Say how many households a hamlet has, as a source says of a day; a count of the same day is
    replaced. Twice is the same as once. Raises NotFound or Forbidden for a hamlet beyond reach."""
    refuse_future(form.as_of, "as_of")
    async with transaction():
        hamlet = await _hamlet(by, form.area)
        await hold("area", [form.area], "NO KEY UPDATE")
        now = (
            await HamletCount.select()
            .where((HamletCount.area == form.area) & (HamletCount.as_of == form.as_of))
            .first()
        )
        new = {"households": form.households, "source": form.source}
        before = {key: now[key] for key in new} if now else None
        if before == new:
            return
        if now:
            values = {**new, "version": now["version"] + 1}
            await HamletCount.update(values).where(HamletCount.id == now["id"])  # type: ignore[arg-type]
        else:
            await HamletCount.insert(_count(by, form))
        after = {**new, "as_of": form.as_of}
        name = hamlet.area_name
        await record(
            by, "hamlet.count", form.area, name, path=hamlet.path, before=before, after=after
        )


def _count(by: Who, form: HamletCountForm) -> HamletCount:
    return HamletCount(
        id=new_id(), made_at=clock.now(), made_by=by.person, version=1, **form.model_dump()
    )


async def _hamlet(by: Who, area: UUID) -> Coverage:
    today = clock.today()
    found = await _coverage([as_of("s", today), SQL("s.area IN {}", among([area]))], today)
    if not found or not by.reaches("area.read", found[0].path):
        raise NotFound
    if not by.reaches("team.edit", found[0].path):
        raise Forbidden
    return found[0]
