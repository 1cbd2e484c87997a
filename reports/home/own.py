"""What a leader or member needs today: the own team, who is to be visited, the month so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from kit import clock
from kit.database import rows
from kit.periods import Period
from kit.spells import as_of
from people.permissions import Who
from sessions.words import clock_of
from teams.households.due import SOON, Due
from teams.households.family import family_of
from teams.roster.figures import TeamSize
from teams.visits.figures import households_met, households_served, of_team, served

SHOWN = 6
MOST_DUE = 300


@dataclass(frozen=True)
class Mate:
    """Somebody of the own team."""

    person: UUID
    membership: UUID
    name: str
    phone: str | None
    position: str


@dataclass(frozen=True)
class _MateOfTeam(Mate):
    team: UUID
    team_name: str
    sort: str
    target: int
    path: str | None
    commune: UUID | None
    commune_name: str | None


_MATES = """
SELECT p.id AS person, m.id AS membership, p.name, p.phone, m.position, t.id AS team,
       t.name AS team_name, t.sort, t.target_size AS target, x.path, c.area AS commune,
       c.name AS commune_name
FROM team t JOIN membership m ON m.team = t.id AND {} JOIN person p ON p.id = m.person
LEFT JOIN area_spell x ON x.id = (
    SELECT y.id FROM team_area ta JOIN area_spell y ON y.area = ta.area AND {}
    WHERE ta.team = t.id AND {} ORDER BY y.path LIMIT 1)
LEFT JOIN area r ON r.id = x.area
LEFT JOIN area_spell c ON c.area = CASE r.kind WHEN 'hamlet' THEN x.parent ELSE x.area END AND {}
WHERE t.id = {}
ORDER BY CASE m.position WHEN 'leader' THEN 0 WHEN 'deputy' THEN 1 ELSE 2 END, p.sort, p.id
"""


async def find_team_and_mates(team: UUID) -> tuple[TeamSize, list[Mate]]:
    """The own team's size, and who is in it today: leader, deputies, members by given name."""
    day = clock.today()
    held = as_of("m", day, "joined_on", "left_on")
    spells = (as_of("y", day), as_of("ta", day), as_of("c", day))
    mates = await rows(_MateOfTeam, _MATES, held, *spells, team)
    positions, first = [mate.position for mate in mates], mates[0]
    size = TeamSize(
        id=first.team,
        name=first.team_name,
        sort=first.sort,
        target=first.target,
        path=first.path,
        commune=first.commune,
        commune_name=first.commune_name,
        members=len(mates),
        leaders=positions.count("leader"),
        deputies=positions.count("deputy"),
    )
    return size, list(mates)


@dataclass(frozen=True)
class ToVisit:
    """A household to be visited: due on `due_on` by the rule, agreed for `agreed_on`, or both."""

    id: UUID
    head: str
    phone: str | None
    area_name: str | None
    address: str
    last_met_on: date | None
    due_on: date | None
    agreed_on: date | None

    @property
    def on(self) -> date:
        """The day by which it is to be visited."""
        return min(day for day in (self.due_on, self.agreed_on) if day)

    @property
    def since(self) -> int | None:
        """Days since somebody was met there; None for never."""
        return (clock.today() - self.last_met_on).days if self.last_met_on else None

    @property
    def late(self) -> int:
        """Days overdue today; 0 for none."""
        return max((clock.today() - self.on).days, 0)


@dataclass(frozen=True)
class Month:
    """Households met in a period of those the team serves."""

    period: Period
    met: int
    served: int

    @property
    def share(self) -> int | None:
        """Per cent, whole; None where the team serves none."""
        return round(100 * min(self.met, self.served) / self.served) if self.served else None

    @property
    def left(self) -> int:
        """Households not met yet."""
        return max(self.served - self.met, 0)


@dataclass(frozen=True)
class NextSession:
    """The next training session that one learns or teaches in."""

    id: UUID
    title: str
    day: date
    starts: int
    venue: str | None

    @property
    def hour(self) -> str:
        """08:00."""
        return clock_of(self.starts)


@dataclass(frozen=True)
class _Line:
    met: int
    served: int
    next_id: UUID | None
    next_title: str | None
    next_day: date | None
    next_starts: int | None
    next_venue: str | None
    id: UUID | None
    head: str | None
    phone: str | None
    area_name: str | None
    address: str | None
    last_met_on: date | None
    agreed_on: date | None


_TODAY = f"""
SELECT ({{}}) AS met, ({{}}) AS served, n.id AS next_id, n.title AS next_title, n.day AS next_day,
       n.starts AS next_starts, n.venue AS next_venue,
       d.id, d.head, d.phone, d.area_name, d.address, d.last_met_on, d.agreed_on
FROM (SELECT 1 AS one) o LEFT JOIN (
    SELECT s.id, c.title, s.day, s.starts, v.name AS venue
    FROM training_session s JOIN course c ON c.id = s.course LEFT JOIN venue v ON v.id = s.venue
    WHERE s.cancelled_at IS NULL AND s.day >= {{}} AND (s.trainer = {{}} OR EXISTS (
        SELECT 1 FROM enrolment e WHERE e.course = s.course AND e.person = {{}}
        AND e.state = 'enrolled' AND e.since <= s.day))
    ORDER BY s.day, s.starts, s.id LIMIT 1) n ON 1 = 1
LEFT JOIN (
    SELECT h.id, h.head, h.phone, s.name AS area_name, h.address, h.last_met_on,
           f.due_on AS agreed_on
    FROM household h
    LEFT JOIN follow_up f ON f.id = (
        SELECT g.id FROM follow_up g WHERE g.closed_at IS NULL AND g.due_on <= {{}}
        AND g.household IN {family_of("h.id")}
        ORDER BY g.due_on, g.id LIMIT 1)
    LEFT JOIN area_spell s ON s.area = h.area AND {{}}
    WHERE {{}} AND (h.last_met_on <= {{}} OR f.id IS NOT NULL)
    ORDER BY h.sort, h.id LIMIT {{}}) d ON 1 = 1
"""


async def find_today(
    who: Who, team: UUID, rule: Due, period: Period
) -> tuple[Month, list[ToVisit], NextSession | None]:
    """The month of a team so far, whom it is to visit within a week, the latest first, and the
    asker's own next session; one query, whose figures are those of teams/visits/figures.py."""
    found = await rows(
        _Line,
        _TODAY,
        households_met(of_team(team), period.first, period.until),
        households_served(team, rule.today),
        *(rule.today, who.person, who.person),
        rule.today + timedelta(days=SOON),
        as_of("s", rule.today),
        served(team, rule.today),
        rule.due_until,
        MOST_DUE,
    )
    visits = [_to_visit(line, rule) for line in found if line.id]
    month = Month(period, found[0].met, found[0].served)
    return month, sorted(visits, key=lambda v: v.on), _next(found[0])


def _next(line: _Line) -> NextSession | None:
    """The next session, which every line bears."""
    if not (line.next_id and line.next_title and line.next_day):
        return None
    starts = line.next_starts or 0
    return NextSession(line.next_id, line.next_title, line.next_day, starts, line.next_venue)


def _to_visit(line: _Line, rule: Due) -> ToVisit:
    due = rule.of(line.last_met_on)
    soon = due and due <= rule.today + timedelta(days=SOON)
    told = {name: getattr(line, name) for name in ("id", "head", "phone", "area_name", "address")}
    return ToVisit(
        **told,
        last_met_on=line.last_met_on,
        due_on=due if soon else None,
        agreed_on=line.agreed_on,
    )
