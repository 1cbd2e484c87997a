"""Visits: one, a page of them, and what hangs on one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kit import cursors
from kit.database import SQL, all_of, any_of, row, rows
from kit.errors import Forbidden, NotFound
from people.permissions import Who
from teams.visits.filters import (
    VisitFilter,
    in_days,
    shown_visits,
    told_supports,
    visible_visits,
)
from teams.visits.newest import (
    few_households,
    few_places,
    is_rare,
    newest,
    newest_flagged,
    newest_of,
    newest_with,
)


@dataclass(frozen=True)
class VisitFound:
    """A visit; `path` is where its area lies or lay last. Times are UTC."""

    id: UUID
    household: UUID | None
    head: str | None
    code: str | None
    area: UUID
    area_name: str | None
    path: str
    team: UUID
    team_name: str
    day: date
    met_at: datetime
    utc_offset: int
    met: str
    place: str
    basis: str
    performed_by: UUID
    performer: str
    entered_by: UUID
    enterer: str
    received_at: datetime
    via: str
    note: str
    app_version: str
    withdrawn_at: datetime | None
    withdrawn_why: str
    withdrawer: str | None
    anonymised_at: datetime | None
    version: int

    @property
    def nameless(self) -> bool:
        """Whether nobody is named: who was met did not wish it, or it is forgotten."""
        return self.anonymised_at is not None or (self.basis, self.met) == ("anonymous", "met")


VISIT = """
SELECT v.id, v.household, h.head, h.code, v.area, s.name AS area_name,
       (SELECT l.path FROM area_spell l WHERE l.area = v.area ORDER BY l.since DESC LIMIT 1)
           AS path, v.team, t.name AS team_name, v.day, v.met_at, v.utc_offset,
       v.met, v.place, v.basis, v.performed_by, p.name AS performer, v.entered_by,
       e.name AS enterer, v.received_at, v.via, v.note, v.app_version, v.withdrawn_at,
       v.withdrawn_why, w.name AS withdrawer, v.anonymised_at, v.version
FROM visit v JOIN team t ON t.id = v.team JOIN person p ON p.id = v.performed_by
JOIN person e ON e.id = v.entered_by
LEFT JOIN person w ON w.id = v.withdrawn_by
LEFT JOIN household h ON h.id = v.household
LEFT JOIN area_spell s ON s.area = v.area AND s.since <= v.day
    AND (s.until IS NULL OR v.day < s.until)
WHERE {} AND {}
"""


async def find_visit(who: Who, visit: UUID, verb: str = "visit.read") -> VisitFound:
    """A visit within reach. Raises NotFound, or Forbidden when `verb` does not reach so far.

    Whoever told or made it may always look at it again, though the team be another one now.
    """
    mine = SQL("(v.performed_by = {} OR v.entered_by = {})", who.person, who.person)
    seen = any_of([visible_visits(who), mine])
    found = await row(VisitFound, VISIT, SQL("v.id = {}", visit), seen)
    if found is None:
        raise NotFound
    if verb != "visit.read" and not (
        who.reaches(verb, found.path) or found.team in who.teams(verb)
    ):
        raise Forbidden
    return found


@dataclass(frozen=True)
class SupportFound:
    """A service given in a visit, with its outcome."""

    line: int
    service: str
    outcome: str
    obstacle: str | None
    referral: str | None
    resident: UUID | None
    resident_name: str | None
    age_band: str | None
    sex: str | None


async def list_supports(visit: UUID) -> list[SupportFound]:
    """The services of a visit already found, in the order they were told."""
    return await rows(
        SupportFound,
        "SELECT s.line, s.service, s.outcome, s.obstacle, s.referral, s.resident,"
        " r.name AS resident_name, r.age_band, r.sex FROM support s"
        " LEFT JOIN resident r ON r.id = s.resident WHERE s.visit = {} ORDER BY s.line",
        visit,
    )


@dataclass(frozen=True)
class PersonNamed:
    """Somebody who took part."""

    id: UUID
    name: str


async def list_participants(visit: UUID) -> list[PersonNamed]:
    """Who took part in a visit already found, by given name."""
    return await rows(
        PersonNamed,
        "SELECT p.id, p.name FROM participant x JOIN person p ON p.id = x.person"
        " WHERE x.visit = {} ORDER BY p.sort, p.id",
        visit,
    )


@dataclass(frozen=True)
class FlagFound:
    """A warning of a visit, reviewed or open."""

    code: str
    detail: str
    made_at: datetime
    reviewed_at: datetime | None
    word: str


async def list_flags(visit: UUID) -> list[FlagFound]:
    """The warnings of a visit already found."""
    return await rows(
        FlagFound,
        "SELECT code, detail, made_at, reviewed_at, word FROM visit_flag WHERE visit = {}"
        " ORDER BY made_at, code",
        visit,
    )


@dataclass(frozen=True)
class VersionFound:
    """An earlier content of a visit (JSON), who replaced it, when and why."""

    version: int
    content: str
    name: str | None
    at: datetime
    why: str


async def list_versions(visit: UUID) -> list[VersionFound]:
    """The earlier contents of a visit already found, the latest first."""
    return await rows(
        VersionFound,
        "SELECT x.version, x.content, p.name, x.at, x.why FROM visit_version x"
        " LEFT JOIN person p ON p.id = x.by WHERE x.visit = {} ORDER BY x.version DESC",
        visit,
    )


PAGE = 50


@dataclass(frozen=True)
class VisitLine:
    """A visit in a list; a household is named only where the visit may be."""

    id: UUID
    day: date
    met_at: datetime
    household: UUID | None
    head: str | None
    code: str | None
    area: UUID
    area_name: str | None
    team: UUID
    team_name: str
    met: str
    place: str
    basis: str
    performed_by: UUID
    performer: str
    via: str
    services: int
    flags: int
    withdrawn_at: datetime | None
    anonymised_at: datetime | None
    version: int

    @property
    def nameless(self) -> bool:
        """Whether nobody is named: who was met did not wish it, or it is forgotten."""
        return self.anonymised_at is not None or (self.basis, self.met) == ("anonymous", "met")


_LINES = """
WITH page AS (SELECT w.* FROM ({}) n JOIN visit w ON w.id = n.id)
SELECT v.id, v.day, v.met_at,
       h.id AS household, h.head, h.code,
       v.area, s.name AS area_name, v.team, t.name AS team_name, v.met, v.place, v.basis,
       v.performed_by, p.name AS performer, v.via,
       (SELECT count(*) FROM support x WHERE x.visit = v.id) AS services,
       (SELECT count(*) FROM visit_flag f WHERE f.visit = v.id AND f.reviewed_at IS NULL) AS flags,
       v.withdrawn_at, v.anonymised_at, v.version
FROM page v JOIN team t ON t.id = v.team JOIN person p ON p.id = v.performed_by
LEFT JOIN household h ON h.id = v.household AND (v.basis = 'consent' OR v.met <> 'met')
    AND v.anonymised_at IS NULL
LEFT JOIN area_spell s ON s.area = v.area AND s.since <= v.day
    AND (s.until IS NULL OR v.day < s.until)
ORDER BY v.day DESC, v.id DESC
"""


async def list_visits(
    who: Who, asked: VisitFilter, limit: int = PAGE
) -> tuple[list[VisitLine], str]:
    """A page of visits within reach by their own day, the newest first, and the cursor of the
    next page or ""."""
    found = await rows(VisitLine, _LINES, await _page(who, asked, limit + 1))
    shown = found[:limit]
    last = shown[-1] if len(found) > limit else None
    return shown, cursors.pack(last.day.isoformat(), last.id) if last else ""


async def _page(who: Who, asked: VisitFilter, limit: int) -> SQL:
    """The query of the visits of a page, along the index that finds them soonest."""
    conditions = [*shown_visits(who, asked), _before(asked.after)]
    if asked.flagged:
        return newest_flagged(conditions, limit)
    if asked.service and await is_rare(
        given := all_of([*in_days(asked, "x"), *told_supports(asked)])
    ):
        return newest_with(given, conditions, limit)
    if keys := await _keys(who, asked):
        return newest_of(keys, conditions, limit)
    return newest(conditions, limit)


async def _keys(who: Who, asked: VisitFilter) -> dict[str, list[UUID]] | None:
    """Few households, or areas and teams, beyond which nothing is shown; None where one index or
    the days do as well."""
    if asked.household or asked.team:
        return None
    if asked.q and (homes := await few_households(asked.q)) is not None:
        return {"household": homes}
    places = await few_places(who, "visit.read", asked.area)
    own = [] if asked.area else who.teams("visit.read")
    return None if places is None else {"area": places, "team": own}


def _before(cursor: str) -> SQL:
    """The condition that a visit comes after a cursor; one that is not ours means the start."""
    try:
        day, visit = cursors.read(cursor)
        return SQL("(v.day, v.id) < ({}, {})", date.fromisoformat(day), visit)
    except ValueError:
        return SQL("1 = 1")
