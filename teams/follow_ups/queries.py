"""Follow-ups within reach. One belongs to its household, so it is seen by whoever serves the
household today; one of a visit without a household by whoever sees the visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from kit import clock, cursors
from kit.database import SQL, all_of, any_of, row, rows
from kit.errors import Forbidden, NotFound
from kit.forms import Form, Maybe
from kit.spells import as_of, under
from people.permissions import Who
from people.reach import Choice
from teams.households.family import FAMILY, family_of, stands_for
from teams.households.reach import served_by, serving, visible_households
from teams.visits.filters import visible_visits

PAGE = 50
SOON = timedelta(days=7)
Show = Literal["due", "overdue", "open", "closed"]


@dataclass(frozen=True)
class FollowUpFound:
    """A follow-up with its household as it stands today and the team that serves it now.

    `assignee` is empty where the leader is meant, and where the one it was given to is not in the
    team any more: then it is the leader's again. `noted` counts the attempts that somebody noted,
    `tried` the visits that met nobody since the last one that did; `kept_by` is the visit that
    closed it.
    """

    id: UUID
    visit: UUID
    visited_on: date
    household: UUID | None
    head: str | None
    code: str | None
    phone: str | None
    area_name: str | None
    last_met_on: date | None
    path: str
    team: UUID
    team_name: str
    due_on: date
    assignee: UUID | None
    assignee_name: str | None
    referral: str | None
    noted: int
    noted_on: date | None
    tried: int
    tried_on: date | None
    closed_at: datetime | None
    closed_by: str | None
    closed_why: str
    kept_by: UUID | None
    version: int

    @property
    def attempts(self) -> int:
        """How often it was tried in vain."""
        return self.noted + self.tried

    @property
    def last_attempt_on(self) -> date | None:
        """The day of the last attempt, if there was any."""
        return max((day for day in (self.noted_on, self.tried_on) if day), default=None)

    @property
    def sort(self) -> str:
        """The key of its place in a list."""
        return self.due_on.isoformat()

    @property
    def title(self) -> str:
        """Whom it is about: the head of the household, or the place of the visit."""
        return self.head or self.area_name or self.team_name

    @property
    def late(self) -> int:
        """Days it is overdue today; 0 for one that is closed, or due today or later."""
        return 0 if self.closed_at else max((clock.today() - self.due_on).days, 0)


_IN_VAIN = f"""
FROM visit y WHERE y.met <> 'met' AND y.withdrawn_at IS NULL
AND y.household IN {family_of("h.id")}
AND CASE WHEN f.closed_at IS NULL THEN h.last_met_on IS NULL OR y.day > h.last_met_on
    ELSE y.day > v.day AND y.met_at <= f.closed_at END
"""
_LINES = f"""
WITH page AS (
    SELECT f.*, {stands_for("f.household")} AS home
    FROM follow_up f WHERE {{}} ORDER BY f.due_on, f.id LIMIT {{}})
SELECT f.id, f.visit, v.day AS visited_on, h.id AS household, h.head, h.code, h.phone,
       s.name AS area_name, h.last_met_on, coalesce(s.path, '/') AS path,
       t.id AS team, t.name AS team_name,
       f.due_on, n.person AS assignee, p.name AS assignee_name, f.referral,
       f.attempts AS noted, f.last_attempt_on AS noted_on, (SELECT count(*) {_IN_VAIN}) AS tried,
       (SELECT max(y.day) {_IN_VAIN}) AS tried_on, f.closed_at, c.name AS closed_by, f.closed_why,
       f.closed_visit AS kept_by, f.version
FROM page f
JOIN visit v ON v.id = f.visit
LEFT JOIN household h ON h.id = f.home
LEFT JOIN area_spell s ON s.area = coalesce(h.area, v.area) AND {{}}
JOIN team t ON t.id = coalesce({{}}, v.team)
LEFT JOIN membership n ON n.person = f.assignee AND n.team = t.id AND {{}}
LEFT JOIN person p ON p.id = n.person
LEFT JOIN person c ON c.id = f.closed_by
ORDER BY f.due_on, f.id
"""


def visible_follow_ups(who: Who, verb: str = "visit.read") -> SQL:
    """The condition that a follow-up `f` is within reach today."""
    if who.everywhere(verb):
        return SQL("1 = 1")
    homes = _homes(visible_households(who, clock.today(), verb))
    visits = SQL("SELECT v.id FROM visit v WHERE v.id = f.visit AND {}", visible_visits(who, verb))
    nowhere = SQL("(f.household IS NULL AND f.visit IN ({}))", visits)
    return any_of([SQL("f.household IN ({})", homes), nowhere])


def _homes(condition: SQL) -> SQL:
    """The households `h` of a condition and those merged into one of them, however often. What
    was merged is nowhere but where the household is that stands for it."""
    return SQL(
        "WITH RECURSIVE home(id) AS ("
        " SELECT h.id FROM household h WHERE h.merged_into IS NULL AND {} UNION ALL"
        " SELECT m.id FROM household m JOIN home o ON m.merged_into = o.id"
        " WHERE m.merged_into IS NOT NULL) SELECT home.id FROM home",
        condition,
    )


def _found(**columns: Any) -> FollowUpFound:
    """A row as the dataclass; SQLite gives a computed day as text."""
    tried = columns["tried_on"]
    days = {"tried_on": date.fromisoformat(tried) if isinstance(tried, str) else tried}
    return FollowUpFound(**columns | days)


async def _list(condition: SQL, limit: int) -> list[FollowUpFound]:
    today = clock.today()
    member = as_of("n", today, "joined_on", "left_on")
    spell, team = as_of("s", today), serving(today, "h")
    return await rows(_found, _LINES, condition, limit, spell, team, member)


async def find_follow_up(who: Who, follow_up: UUID, verb: str = "visit.read") -> FollowUpFound:
    """A follow-up within reach. Raises NotFound when `who` may not see it, Forbidden when `verb`
    does not hold there."""
    this = SQL("f.id = {}", follow_up)
    found = await _list(all_of([this, visible_follow_ups(who)]), 1)
    if not found:
        raise NotFound
    if verb != "visit.read" and not await _list(all_of([this, visible_follow_ups(who, verb)]), 1):
        raise Forbidden
    return found[0]


class FollowUpFilter(Form):
    """Which follow-ups a list shows: due within a week (overdue ones first), overdue, all that
    are open, or closed; of a team, of an area, of a household, or one's own."""

    show: Annotated[Show | None, Maybe] = None
    mine: bool = False
    team: Annotated[UUID | None, Maybe] = None
    area: Annotated[UUID | None, Maybe] = None
    household: Annotated[UUID | None, Maybe] = None
    after: str = ""

    def query(self) -> dict[str, object]:
        """The words of the filter for an address."""
        return self.model_dump(mode="json", exclude={"after"}, exclude_none=True)


async def list_follow_ups(
    who: Who, asked: FollowUpFilter, limit: int = PAGE
) -> tuple[list[FollowUpFound], str]:
    """A page of follow-ups within reach, the longest overdue first, and the cursor of the next
    page or ""."""
    conditions = [*_scope(who, asked), _shown(asked.show), _after(asked.after)]
    return cursors.cut(await _list(all_of(conditions), limit + 1), limit)


def _scope(who: Who, asked: FollowUpFilter) -> list[SQL]:
    today = clock.today()
    conditions = [visible_follow_ups(who)]
    if asked.mine:
        conditions.append(_of_person(who))
    if asked.team:
        conditions.append(of_team(asked.team))
    if asked.household:
        family = SQL(FAMILY + "SELECT id FROM family", asked.household)
        conditions.append(SQL("f.household IN ({})", family))
    if asked.area:
        spells = SQL(
            "SELECT ua.area FROM area_spell ua WHERE {} AND {}",
            *(under("ua.path", asked.area, today), as_of("ua", today)),
        )
        near = SQL("SELECT v.id FROM visit v WHERE v.id = f.visit AND v.area IN ({})", spells)
        homes = _homes(SQL("h.area IN ({})", spells))
        nowhere = SQL("(f.household IS NULL AND f.visit IN ({}))", near)
        conditions.append(any_of([SQL("f.household IN ({})", homes), nowhere]))
    return conditions


def of_team(team: UUID) -> SQL:
    """The condition that a follow-up `f` is for a team to see to today."""
    homes = _homes(served_by(team, clock.today()))
    own = SQL("SELECT v.id FROM visit v WHERE v.id = f.visit AND v.team = {}", team)
    nowhere = SQL("(f.household IS NULL AND f.visit IN ({}))", own)
    return any_of([SQL("f.household IN ({})", homes), nowhere])


def _of_person(who: Who) -> SQL:
    """Given to one; for who leads the team also what nobody of the team was given."""
    mine = SQL("f.assignee = {}", who.person)
    led = next((right.team for right in who.rights if right.role == "leader"), None)
    if led is None:
        return mine
    members = SQL(
        "SELECT n.person FROM membership n WHERE n.team = {} AND {}",
        *(led, as_of("n", clock.today(), "joined_on", "left_on")),
    )
    return any_of([mine, SQL("f.assignee IS NULL OR f.assignee NOT IN ({})", members)])


def _shown(show: Show | None) -> SQL:
    today = clock.today()
    if show == "closed":
        return SQL("f.closed_at IS NOT NULL")
    if show == "overdue":
        return SQL("f.closed_at IS NULL AND f.due_on < {}", today)
    if show == "open":
        return SQL("f.closed_at IS NULL")
    return SQL("f.closed_at IS NULL AND f.due_on <= {}", today + SOON)


def _after(cursor: str) -> SQL:
    """The condition that a follow-up comes after a cursor; one that is not ours means the start."""
    try:
        day, last = cursors.read(cursor)
        return SQL("(f.due_on, f.id) > ({}, {})", date.fromisoformat(day), last)
    except ValueError:
        return SQL("1 = 1")


@dataclass(frozen=True)
class Counts:
    """How many follow-ups each chip of the list shows; closed ones are not counted."""

    due: int
    overdue: int
    open: int


async def count_follow_ups(who: Who, asked: FollowUpFilter) -> Counts:
    """How many follow-ups of a filter each chip would show."""
    today = clock.today()
    found = await row(
        Counts,
        "SELECT count(CASE WHEN f.due_on <= {} THEN 1 END) AS due,"
        " count(CASE WHEN f.due_on < {} THEN 1 END) AS overdue, count(*) AS open"
        " FROM follow_up f WHERE f.closed_at IS NULL AND {}",
        *(today + SOON, today, all_of(_scope(who, asked))),
    )
    return found or Counts(0, 0, 0)


async def choices_assignees(team: UUID) -> list[Choice]:
    """Who may see to a follow-up of a team: its members of today, by given name."""
    return await rows(
        Choice,
        "SELECT p.id, p.name FROM membership m JOIN person p ON p.id = m.person"
        " WHERE m.team = {} AND {} ORDER BY p.sort, p.id",
        *(team, as_of("m", clock.today(), "joined_on", "left_on")),
    )
