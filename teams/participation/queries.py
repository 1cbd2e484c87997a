"""Person-days: a day on which a person took part in at least one visit, however many they were.

Withdrawn visits do not count. A visit counts in the team and the area of its own day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from kit import clock
from kit.cursors import after, cut
from kit.database import SQL, all_of, among, row, rows
from kit.days import parse_day
from kit.errors import NotFound, Refused
from kit.forms import Form, Maybe, MaybeDay
from kit.i18n import gettext as _
from people.permissions import Who
from teams.visits.filters import visible_visits

PAGE = 100
MOST_MONTHS = 12
VERB = "visit.export"


class LedgerFilter(Form):
    """Whose days a ledger counts: from the first to the last day (this month if none is said),
    in a team, in an area as it was on the day of each visit."""

    month: str = ""
    since: MaybeDay = None
    until: MaybeDay = None
    team: Annotated[UUID | None, Maybe] = None
    area: Annotated[UUID | None, Maybe] = None
    after: str = ""

    @property
    def first(self) -> date:
        """The first day counted."""
        return self.since or _first_of(self.month) or clock.today().replace(day=1)

    @property
    def last(self) -> date:
        """The last day counted: the one asked for, else the end of the month of the first."""
        return self.until or last_of_month(self.first)

    @property
    def months(self) -> list[str]:
        """The months between, as 2026-11."""
        found: list[str] = []
        day = self.first.replace(day=1)
        while day <= self.last and len(found) < MOST_MONTHS:
            found.append(f"{day:%Y-%m}")
            day = last_of_month(day) + timedelta(days=1)
        return found

    def query(self) -> dict[str, object]:
        """The words of the filter for an address."""
        return self.model_dump(mode="json", exclude={"after"}, exclude_defaults=True)


def _first_of(month: str) -> date | None:
    try:
        return parse_day(f"{month}-01")
    except ValueError:
        return None


def last_of_month(day: date) -> date:
    """The last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def refuse_period(asked: LedgerFilter) -> None:
    """Raise Refused for a period that ends before it begins, or has too many months for paper."""
    if asked.last < asked.first:
        raise Refused(fields={"until": _("The last day lies before the first one.")})
    if asked.last.replace(day=1) > date.fromisoformat(f"{asked.months[-1]}-01"):
        raise Refused(fields={"until": _("Choose at most twelve months.")})


@dataclass(frozen=True)
class MemberLine:
    """A person of the ledger; `days` by month ("2026-11"), and the visits taken part in."""

    id: UUID
    name: str
    sort: str
    team_name: str
    visits: int
    total: int
    days: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class _MonthLine:
    person: UUID
    month: str
    days: int


@dataclass(frozen=True)
class Totals:
    """The whole ledger: people, their person-days, and the visits, each counted once."""

    people: int
    days: int
    visits: int


def counted(who: Who, asked: LedgerFilter) -> SQL:
    """The condition on `visit v` that it counts in a ledger."""
    found = [
        visible_visits(who, VERB),
        SQL("v.withdrawn_at IS NULL AND v.day BETWEEN {} AND {}", asked.first, asked.last),
    ]
    if asked.team:
        found.append(SQL("v.team = {}", asked.team))
    if asked.area:
        found.append(_lay_in(asked.area))
    return all_of(found)


def _lay_in(area: UUID) -> SQL:
    """The condition that a visit's hamlet lay in an area on the visit's own day."""
    return SQL(
        "EXISTS (SELECT 1 FROM area_spell vs JOIN area_spell top ON vs.path >= top.path"
        " AND vs.path < substr(top.path, 1, length(top.path) - 1) || '0'"
        " WHERE vs.area = v.area AND vs.since <= v.day AND (vs.until IS NULL OR v.day < vs.until)"
        " AND top.area = {} AND top.since <= v.day AND (top.until IS NULL OR v.day < top.until))",
        area,
    )


_PEOPLE = """
WITH mine AS (
    SELECT pt.person, count(*) AS visits, count(DISTINCT v.day) AS total, max(v.day) AS last
    FROM visit v JOIN participant pt ON pt.visit = v.id
    WHERE {} GROUP BY pt.person)
SELECT p.id, p.name, p.sort, x.visits, x.total, coalesce((
    SELECT t.name FROM participant lp JOIN visit v ON v.id = lp.visit JOIN team t ON t.id = v.team
    WHERE lp.person = p.id AND v.day = x.last AND {}
    ORDER BY v.id DESC LIMIT 1), '') AS team_name
FROM mine x JOIN person p ON p.id = x.person
WHERE {} ORDER BY p.sort, p.id LIMIT {}
"""

_MONTHS = """
SELECT pt.person, substr(CAST(v.day AS text), 1, 7) AS month, count(DISTINCT v.day) AS days
FROM visit v JOIN participant pt ON pt.visit = v.id
WHERE {} AND pt.person IN {} GROUP BY pt.person, substr(CAST(v.day AS text), 1, 7)
"""


async def list_ledger(
    who: Who, asked: LedgerFilter, limit: int = PAGE
) -> tuple[list[MemberLine], str]:
    """A page of the ledger by given name, and the cursor of the next one or ""; two queries."""
    refuse_period(asked)
    counts = counted(who, asked)
    people = await rows(MemberLine, _PEOPLE, counts, counts, after("p", asked.after), limit + 1)
    shown, following = cut(people, limit)
    if not shown:
        return [], ""
    await _count_months(counts, asked.months, {line.id: line for line in shown})
    return shown, following


async def _count_months(counts: SQL, months: list[str], lines: dict[UUID, MemberLine]) -> None:
    if len(months) == 1:
        for line in lines.values():
            line.days[months[0]] = line.total
        return
    for found in await rows(_MonthLine, _MONTHS, counts, among(list(lines))):
        lines[found.person].days[found.month] = found.days


async def whole_ledger(who: Who, asked: LedgerFilter) -> list[MemberLine]:
    """Every line of the ledger, for paper."""
    found: list[MemberLine] = []
    following = ""
    while True:
        asked = asked.model_copy(update={"after": following})
        part, following = await list_ledger(who, asked, 400)
        found += part
        if not following:
            return found


async def count_ledger(who: Who, asked: LedgerFilter) -> Totals:
    """People, person-days and visits of the whole ledger; one query."""
    refuse_period(asked)
    found = await row(
        Totals,
        "SELECT count(*) AS people, CAST(coalesce(sum(x.days), 0) AS integer) AS days,"
        " (SELECT count(*) FROM visit v WHERE {}"
        "  AND EXISTS (SELECT 1 FROM participant pe WHERE pe.visit = v.id)) AS visits"
        " FROM (SELECT count(DISTINCT v.day) AS days FROM visit v"
        " JOIN participant pt ON pt.visit = v.id WHERE {} GROUP BY pt.person) x",
        counted(who, asked),
        counted(who, asked),
    )
    return found or Totals(0, 0, 0)


@dataclass(frozen=True)
class DayLine:
    """A day of a person, and a visit of it."""

    visit: UUID
    day: date
    team_name: str
    area_name: str | None
    met: str
    performed: int


@dataclass(frozen=True)
class Taker:
    """Whose days a page shows, and how many days and visits they are."""

    id: UUID
    name: str
    days: int
    visits: int


MOST_DAYS = 400
_TAKER = """
SELECT p.id, p.name, count(DISTINCT v.day) AS days, count(*) AS visits
FROM participant pt JOIN visit v ON v.id = pt.visit JOIN person p ON p.id = pt.person
WHERE pt.person = {} AND {} GROUP BY p.id, p.name
"""

_DAYS = """
SELECT v.id AS visit, v.day, t.name AS team_name, s.name AS area_name, v.met,
       CASE WHEN v.performed_by = pt.person THEN 1 ELSE 0 END AS performed
FROM participant pt JOIN visit v ON v.id = pt.visit JOIN team t ON t.id = v.team
LEFT JOIN area_spell s ON s.area = v.area AND s.since <= v.day
    AND (s.until IS NULL OR v.day < s.until)
WHERE pt.person = {} AND {} ORDER BY v.day, v.met_at, v.id LIMIT {}
"""


async def find_days(who: Who, person: UUID, asked: LedgerFilter) -> tuple[Taker, list[DayLine]]:
    """A person of the ledger with the first MOST_DAYS visits taken part in, day by day; two
    queries.

    Raises NotFound for somebody who took part in no visit within reach and the period.
    """
    refuse_period(asked)
    taker = await row(Taker, _TAKER, person, counted(who, asked))
    if taker is None:
        raise NotFound
    days = await rows(DayLine, _DAYS, person, counted(who, asked), MOST_DAYS)
    return taker, days


@dataclass(frozen=True)
class PartLine:
    """A person in a visit, for the workbook of single visits."""

    name: str
    team_name: str
    day: date
    area_name: str | None
    met: str
    performed: int
    visit: UUID


MOST_PARTS = 50_000

_PARTS = """
SELECT p.name, t.name AS team_name, v.day, s.name AS area_name, v.met,
       CASE WHEN v.performed_by = p.id THEN 1 ELSE 0 END AS performed, v.id AS visit
FROM visit v JOIN participant pt ON pt.visit = v.id JOIN person p ON p.id = pt.person
JOIN team t ON t.id = v.team
LEFT JOIN area_spell s ON s.area = v.area AND s.since <= v.day
    AND (s.until IS NULL OR v.day < s.until)
WHERE {} ORDER BY p.sort, p.id, v.day, v.met_at, v.id LIMIT {}
"""


async def list_parts(who: Who, asked: LedgerFilter) -> list[PartLine]:
    """Who took part in which visit on what day. Raises Refused above MOST_PARTS lines."""
    refuse_period(asked)
    found = await rows(PartLine, _PARTS, counted(who, asked), MOST_PARTS + 1)
    if len(found) > MOST_PARTS:
        raise Refused(_("This is more than one workbook holds. Choose a team or a shorter time."))
    return found


def month_choices(today: date, count: int = 13) -> Sequence[str]:
    """The months up to this one, the newest first, as 2026-11."""
    found, day = [], today.replace(day=1)
    for _number in range(count):
        found.append(f"{day:%Y-%m}")
        day = (day - timedelta(days=1)).replace(day=1)
    return found
