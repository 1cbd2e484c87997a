"""How many households each team has promised to see by today, and who leads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kit.database import SQL, rows
from kit.spells import as_of
from teams.households.family import stands_for
from teams.households.reach import serving


@dataclass(frozen=True)
class Morning:
    """What a leader has before them: households of the team that are due today or overdue, each
    counted once; `late` of them are overdue."""

    person: UUID
    team: UUID
    homes: int
    late: int


_MORNINGS = f"""
WITH owed AS (
    SELECT coalesce({{}}, v.team) AS team, coalesce(h.id, f.visit) AS home, min(f.due_on) AS due_on
    FROM follow_up f JOIN visit v ON v.id = f.visit
    LEFT JOIN household h ON h.id = {stands_for("f.household")}
    WHERE f.closed_at IS NULL AND f.due_on <= {{}} AND h.muted_since IS NULL
      AND (f.referral IS NOT NULL OR h.last_met_on IS NULL
           OR h.last_met_on < f.due_on OR h.last_met_on <= v.day)
    GROUP BY 1, 2),
counted AS (
    SELECT w.team, count(*) AS homes, sum(CASE WHEN w.due_on < {{}} THEN 1 ELSE 0 END) AS late
    FROM owed w GROUP BY w.team)
SELECT m.person, t.id AS team, c.homes, c.late FROM counted c
JOIN team t ON t.id = c.team AND t.dissolved_on IS NULL
JOIN membership m ON m.team = c.team AND {{}} AND m.position = {{}}
ORDER BY c.team, m.person
"""


async def list_mornings(today: date) -> list[Morning]:
    """What is due today and before, for the leader of each team that has anything due; where
    nobody leads it, for the deputies. What was met again since does not count."""
    leads = SQL(
        "(SELECT CASE WHEN count(*) > 0 THEN 'leader' ELSE 'deputy' END FROM membership l"
        " WHERE l.team = c.team AND l.position = 'leader' AND {})",
        as_of("l", today, "joined_on", "left_on"),
    )
    member = as_of("m", today, "joined_on", "left_on")
    return await rows(Morning, _MORNINGS, serving(today), today, today, member, leads)
