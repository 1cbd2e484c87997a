"""Visits: one, a page of them, and what hangs on one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from kit import cursors
from kit.database import SQL, all_of, any_of, row, rows
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe, MaybeDay
from kit.search import holds
from kit.spells import within
from people.permissions import Who
from teams.visits.forms import Met, Outcome
from teams.visits.maps import PLAIN, lies_in, was_in
from teams.visits.newest import few_places, newest, newest_in, newest_with


def visible_visits(who: Who, verb: str = "visit.read", alias: str = "v") -> SQL:
    """The condition that a visit is within reach: by the area of its own day (where that area lay
    last), or as one of one's own team's."""
    if who.everywhere(verb):
        return SQL("1 = 1")
    near = SQL(
        f"{PLAIN}{alias}.area IN (SELECT vs.area FROM area_spell vs WHERE {{}} AND {{}})",
        within("vs.path", who.paths(verb)),
        SQL(
            "NOT EXISTS (SELECT 1 FROM area_spell vl WHERE vl.area = vs.area"
            " AND vl.since > vs.since)"
        ),
    )
    parts = [near] if who.paths(verb) else []
    return any_of([*parts, *(SQL(f"{alias}.team = {{}}", team) for team in who.teams(verb))])


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
    version: int

    @property
    def nameless(self) -> bool:
        """Whether somebody was met who did not wish to be named."""
        return self.basis == "anonymous" and self.met == "met"


VISIT = """
SELECT v.id, v.household, h.head, h.code, v.area, s.name AS area_name,
       (SELECT l.path FROM area_spell l WHERE l.area = v.area ORDER BY l.since DESC LIMIT 1)
           AS path, v.team, t.name AS team_name, v.day, v.met_at, v.utc_offset,
       v.met, v.place, v.basis, v.performed_by, p.name AS performer, v.entered_by,
       e.name AS enterer, v.received_at, v.via, v.note, v.app_version, v.withdrawn_at,
       v.withdrawn_why, w.name AS withdrawer, v.version
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


class VisitFilter(Form):
    """Which visits a list shows; days are the visits' own, both included, and a team is that of
    the visit's day. An area holds what lies in it on today's map or, with `map`, what lay in it on
    the visit's own day. Withdrawn ones are shown only when asked for."""

    q: Line = ""
    team: Annotated[UUID | None, Maybe] = None
    area: Annotated[UUID | None, Maybe] = None
    map: Annotated[Literal["then"] | None, Maybe] = None
    household: Annotated[UUID | None, Maybe] = None
    service: Annotated[str | None, Maybe] = None
    outcome: Annotated[Outcome | None, Maybe] = None
    met: Annotated[Met | None, Maybe] = None
    since: MaybeDay = None
    until: MaybeDay = None
    flagged: bool = False
    withdrawn: bool = False
    after: str = ""

    def query(self) -> dict[str, object]:
        """The words of the filter for an address."""
        kept = self.model_dump(mode="json", exclude={"after"}, exclude_none=True)
        return {key: value for key, value in kept.items() if value not in ("", False)}


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
    version: int

    @property
    def nameless(self) -> bool:
        """Whether somebody was met who did not wish to be named."""
        return self.basis == "anonymous" and self.met == "met"


_LINES = """
WITH page AS (SELECT w.* FROM ({}) n JOIN visit w ON w.id = n.id)
SELECT v.id, v.day, v.met_at,
       h.id AS household, h.head, h.code,
       v.area, s.name AS area_name, v.team, t.name AS team_name, v.met, v.place, v.basis,
       v.performed_by, p.name AS performer, v.via,
       (SELECT count(*) FROM support x WHERE x.visit = v.id) AS services,
       (SELECT count(*) FROM visit_flag f WHERE f.visit = v.id AND f.reviewed_at IS NULL) AS flags,
       v.withdrawn_at, v.version
FROM page v JOIN team t ON t.id = v.team JOIN person p ON p.id = v.performed_by
LEFT JOIN household h ON h.id = v.household AND (v.basis = 'consent' OR v.met <> 'met')
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
    if asked.household or asked.team:
        return newest(conditions, limit)
    places = await few_places(who, "visit.read", asked.area)
    if places is not None:
        own = [] if asked.area else who.teams("visit.read")
        return newest_in(places, own, conditions, limit)
    if asked.service:
        days = all_of([*_within(asked, "x"), _before(asked.after, "x.day, x.visit")])
        return newest_with(asked.service, asked.outcome, days, conditions, limit)
    return newest(conditions, limit)


def _before(cursor: str, place: str = "v.day, v.id") -> SQL:
    """The condition that a visit comes after a cursor; one that is not ours means the start."""
    try:
        day, visit = cursors.read(cursor)
        return SQL(f"({place}) < ({{}}, {{}})", date.fromisoformat(day), visit)
    except ValueError:
        return SQL("1 = 1")


def _within(asked: VisitFilter, alias: str = "v") -> list[SQL]:
    found = [SQL(f"{alias}.day >= {{}}", asked.since)] if asked.since else []
    return [*found, *([SQL(f"{alias}.day <= {{}}", asked.until)] if asked.until else [])]


def shown_visits(who: Who, asked: VisitFilter) -> list[SQL]:
    """The conditions of a filter on `visit v`."""
    found = [visible_visits(who)]
    if not asked.withdrawn:
        found.append(SQL("v.withdrawn_at IS NULL"))
    named = {name: getattr(asked, name) for name in ("team", "household", "met")}
    found += [SQL(f"v.{name} = {{}}", wanted) for name, wanted in named.items() if wanted]
    if asked.area:
        found.append((was_in if asked.map == "then" else lies_in)(asked.area))
    return [*found, *_within(asked), *_of_content(asked)]


def _of_content(asked: VisitFilter) -> list[SQL]:
    found = []
    if asked.service or asked.outcome:
        wanted = [SQL("x.visit = v.id")]
        wanted += [SQL("x.service = {}", asked.service)] if asked.service else []
        wanted += [SQL("x.outcome = {}", asked.outcome)] if asked.outcome else []
        found.append(SQL("EXISTS (SELECT 1 FROM support x WHERE {})", all_of(wanted)))
    if asked.q:
        named = SQL("SELECT q.id FROM household q WHERE {}", holds("q.fold", asked.q))
        found.append(SQL("v.household IN ({}) AND v.basis = 'consent'", named))
    if asked.flagged:
        found.append(
            SQL(
                "EXISTS (SELECT 1 FROM visit_flag g WHERE g.visit = v.id AND g.reviewed_at IS NULL)"
            )
        )
    return found
