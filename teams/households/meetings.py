"""The day on which somebody of a household was met last, as its visits say."""

from __future__ import annotations

from uuid import UUID

from kit.database import hold, run
from teams.households.family import FAMILY

_ABOVE = """
WITH RECURSIVE up(id) AS (
    SELECT h.id FROM household h WHERE h.id = {}
    UNION ALL SELECT h.merged_into FROM up u JOIN household h ON h.id = u.id
    WHERE h.merged_into IS NOT NULL)
SELECT h.id FROM up u JOIN household h ON h.id = u.id
"""
_REFRESH = (
    FAMILY
    + """
UPDATE household SET last_met_on = (SELECT max(x.day) FROM visit x
    WHERE x.household IN (SELECT id FROM family) AND x.met = 'met' AND x.withdrawn_at IS NULL)
WHERE id = {}
"""
)


async def refresh_last_met(household: UUID | None) -> None:
    """Set the day of the last meeting to what the visits say: of a household, and of those it was
    merged into."""
    above = await run(_ABOVE, household) if household else []
    await hold("household", [one["id"] for one in above], "NO KEY UPDATE")
    for one in above:
        await run(_REFRESH, one["id"], one["id"])
