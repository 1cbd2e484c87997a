"""Households within reach: one, a page of them, how many, and those that may be the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, any_of, row, rows
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Line, Maybe
from kit.phones import digits_tail
from kit.search import holds
from kit.spells import as_of, under
from kit.text import fold
from people.permissions import Who
from teams.households.due import Due, due_rule
from teams.households.reach import (
    covering,
    served_ids,
    serving,
    set_by_hand,
    visible_households,
)


@dataclass(frozen=True)
class HouseholdFound:
    """A household with its place and the team that serves it today; `path` is for the log,
    `by_hand` tells that the team was set by hand, `merged` how many were merged into it."""

    id: UUID
    area: UUID
    code: str
    head: str
    address: str
    phone: str | None
    people: int | None
    fibre: int | None
    smartphone: int | None
    source: str
    as_of: date | None
    last_met_on: date | None
    muted_since: date | None
    mute_reason: str
    merged_into: UUID | None
    version: int
    area_name: str | None
    commune_name: str | None
    path: str
    team: UUID | None
    team_name: str | None
    by_hand: int
    merged: int

    @property
    def place(self) -> str:
        """Hamlet and commune, for the eye."""
        return ", ".join(part for part in (self.area_name, self.commune_name) if part)


_FOUND = """
SELECT h.id, h.area, h.code, h.head, h.address, h.phone, h.people, h.fibre, h.smartphone, h.source,
       h.as_of, h.last_met_on, h.muted_since, h.mute_reason, h.merged_into, h.version,
       s.name AS area_name, CASE WHEN r.kind = 'hamlet' THEN c.name END AS commune_name,
       coalesce(s.path, '/') AS path, t.id AS team, t.name AS team_name,
       CASE WHEN EXISTS (SELECT 1 FROM household_team bh WHERE bh.household = h.id AND {})
            THEN 1 ELSE 0 END AS by_hand,
       (SELECT count(*) FROM household mi WHERE mi.merged_into = h.id) AS merged
FROM household h
JOIN area r ON r.id = h.area
LEFT JOIN area_spell s ON s.area = h.area AND {}
LEFT JOIN area_spell c ON c.area = s.parent AND {}
LEFT JOIN team t ON t.id = {}
WHERE """


def _found(day: date) -> SQL:
    spells = (as_of("bh", day), as_of("s", day), as_of("c", day))
    return SQL(_FOUND, *spells, serving(day))


async def find_household(who: Who, household: UUID, verb: str = "household.read") -> HouseholdFound:
    """A household within reach, a merged one too.

    Raises NotFound when `who` may not see it, Forbidden when `verb` does not hold there.
    """
    today = clock.today()
    found = await _one(household, visible_households(who, today), today)
    if found is None:
        raise NotFound
    if verb != "household.read" and not await _one(
        household, visible_households(who, today, verb), today
    ):
        raise Forbidden
    return found


async def _one(household: UUID, reach: SQL, day: date) -> HouseholdFound | None:
    return await row(HouseholdFound, "{} h.id = {} AND {}", _found(day), household, reach)


@dataclass(frozen=True)
class Twin:
    """What may be the same household as another, and what speaks for it."""

    area: UUID
    head: str
    phone: str | None = None
    code: str = ""
    but: UUID | None = None


async def list_twins(who: Who, like: Twin) -> list[HouseholdFound]:
    """Households within reach that may be the same: the same head or code in the hamlet, or the
    same phone."""
    today = clock.today()
    same = [SQL("(h.area = {} AND h.fold = {})", like.area, fold(like.head))]
    if like.code:
        same.append(SQL("(h.area = {} AND h.code = {})", like.area, like.code))
    if like.phone:
        same.append(SQL("h.phone = {}", like.phone))
    conditions = [any_of(same), SQL("h.merged_into IS NULL"), visible_households(who, today)]
    if like.but:
        conditions.append(SQL("h.id <> {}", like.but))
    sql = "{} {} ORDER BY h.sort, h.id LIMIT 10"
    return await rows(HouseholdFound, sql, _found(today), all_of(conditions))


PAGE = 50
MOST_COUNTED = 10_000
Show = Literal["due", "overdue", "unreached", "all", "muted"]


class HouseholdFilter(Form):
    """Which households a list shows: by part of head, code, address or the last digits of the
    phone; due (overdue or due within a week), overdue, never met, all that are visited, paused."""

    q: Line = ""
    show: Annotated[Show | None, Maybe] = None
    team: Annotated[UUID | None, Maybe] = None
    area: Annotated[UUID | None, Maybe] = None
    after: str = ""

    def query(self) -> dict[str, object]:
        """The words of the filter for an address."""
        return self.model_dump(mode="json", exclude={"after"}, exclude_none=True)


@dataclass(frozen=True)
class HouseholdLine:
    """A household in a list. `due_on` is None where nobody was met so far."""

    id: UUID
    code: str
    head: str
    sort: str
    area: UUID
    area_name: str | None
    address: str
    phone: str | None
    last_met_on: date | None
    muted_since: date | None
    team: UUID | None
    team_name: str | None
    version: int
    days_since: int | None = None
    due_on: date | None = None
    overdue_days: int = 0


_LINES = """
WITH page AS (
    SELECT h.id, h.code, h.head, h.sort, h.area, h.address, h.phone, h.last_met_on, h.muted_since,
           h.version
    FROM {} WHERE {} ORDER BY h.sort, h.id LIMIT {}),
places AS (SELECT DISTINCT area FROM page),
served AS MATERIALIZED (SELECT d.area, {} AS team FROM places d)
SELECT h.id, h.code, h.head, h.sort, h.area, s.name AS area_name, h.address, h.phone,
       h.last_met_on, h.muted_since, h.version, t.id AS team, t.name AS team_name
FROM page h
JOIN served d ON d.area = h.area
LEFT JOIN area_spell s ON s.area = h.area AND {}
LEFT JOIN team t ON t.id = coalesce({}, d.team)
ORDER BY h.sort, h.id
"""


async def list_households(
    who: Who, asked: HouseholdFilter, limit: int = PAGE
) -> tuple[list[HouseholdLine], str]:
    """A page of households within reach, by the given name of the head, and the cursor of the
    next page or ""; two queries."""
    rule = await due_rule()
    condition = all_of(
        [*_scope(who, asked, rule.today), _shown(asked.show, rule), after("h", asked.after)]
    )
    day = rule.today
    place, by_hand = as_of("s", day), set_by_hand(day)
    values = (
        households_of(who, day, asked.team),
        condition,
        limit + 1,
        covering(day, "d"),
        place,
        by_hand,
    )
    found = await rows(HouseholdLine, _LINES, *values)
    shown, following = cut(found, limit)
    return [dated(line, rule) for line in shown], following


def dated(line: HouseholdLine, rule: Due) -> HouseholdLine:
    """A line with what its last meeting means today."""
    due = rule.of(line.last_met_on)
    since = (rule.today - line.last_met_on).days if line.last_met_on else None
    late = max((rule.today - due).days, 0) if due else 0
    return HouseholdLine(
        **{**line.__dict__, "due_on": due, "days_since": since, "overdue_days": late}
    )


def households_of(who: Who, day: date, team: UUID | None = None) -> SQL:
    """Where a list takes its households `h` from: those a team serves (the one asked for, or the
    own one of who has no area), found before anything is put in order; else all of them."""
    teams = [team] if team else _own_teams(who)
    if not teams:
        return SQL("household h")
    ids = SQL(" UNION ".join(["{}"] * len(teams)), *(served_ids(one, day) for one in teams))
    return SQL("(SELECT hm.* FROM ({}) mine CROSS JOIN household hm WHERE hm.id = mine.id) h", ids)


def _own_teams(who: Who) -> list[UUID]:
    """The teams that are the whole reach of who has no area."""
    return [] if who.paths("household.read") else who.teams("household.read")


def _scope(who: Who, asked: HouseholdFilter, today: date) -> list[SQL]:
    """Everything a filter says but its chip."""
    conditions = [SQL("h.merged_into IS NULL")]
    if asked.team or not _own_teams(who):
        conditions.append(visible_households(who, today))
    if asked.q:
        conditions.append(matches(asked.q))
    if asked.area:
        below = under("ua.path", asked.area, today)
        spells = SQL("SELECT ua.area FROM area_spell ua WHERE {} AND {}", below, as_of("ua", today))
        conditions.append(SQL("h.area IN ({})", spells))
    return conditions


def _shown(show: Show | None, rule: Due) -> SQL:
    if show == "muted":
        return SQL("h.muted_since IS NOT NULL")
    visited = SQL("h.muted_since IS NULL")
    if show == "due":
        return SQL("{} AND h.last_met_on <= {}", visited, rule.due_until)
    if show == "overdue":
        return SQL("{} AND h.last_met_on < {}", visited, rule.overdue_before)
    if show == "unreached":
        return SQL("{} AND h.last_met_on IS NULL", visited)
    return visited


def matches(typed: str, alias: str = "h") -> SQL:
    """The condition that head, code or address holds what was typed, marks aside, or that the
    phone ends with it (three digits at least)."""
    ways = [holds(f"{alias}.fold", typed), holds(f"{alias}.search", typed)]
    tail = digits_tail(typed)
    if len(tail) >= 3 and not any(sign.isalpha() for sign in typed):
        ways.append(SQL(f"{alias}.phone LIKE {{}}", f"%{tail}"))
    return any_of(ways)


@dataclass(frozen=True)
class Counts:
    """How many households each chip of the list shows; None where there are too many to count."""

    due: int | None
    overdue: int | None
    unreached: int | None
    visited: int | None
    muted: int | None


@dataclass(frozen=True)
class _Tally:
    whole: int
    due: int
    overdue: int
    unreached: int
    visited: int
    muted: int


_COUNTS = """
SELECT count(*) AS whole,
       count(CASE WHEN muted_since IS NULL AND last_met_on <= {} THEN 1 END) AS due,
       count(CASE WHEN muted_since IS NULL AND last_met_on < {} THEN 1 END) AS overdue,
       count(CASE WHEN muted_since IS NULL AND last_met_on IS NULL THEN 1 END) AS unreached,
       count(CASE WHEN muted_since IS NULL THEN 1 END) AS visited,
       count(muted_since) AS muted
FROM (SELECT h.muted_since, h.last_met_on FROM {} WHERE {} LIMIT {}) x
"""


async def count_households(who: Who, asked: HouseholdFilter, rule: Due | None = None) -> Counts:
    """How many households of a filter each chip would show."""
    rule = rule or await due_rule()
    found = await row(
        _Tally,
        _COUNTS,
        *(rule.due_until, rule.overdue_before, households_of(who, rule.today, asked.team)),
        *(all_of(_scope(who, asked, rule.today)), MOST_COUNTED + 1),
    )
    if found is None or found.whole > MOST_COUNTED:
        return Counts(None, None, None, None, None)
    return Counts(found.due, found.overdue, found.unreached, found.visited, found.muted)
