"""What visits keep of what was promised: follow-ups end with the visit that keeps them.

A follow-up is kept by the first later visit to its household, on the day agreed or after it, that
met somebody; where nobody was met but another day was agreed, it is agreed anew. Nothing is
remembered but that visit, so it does not matter in which order visits arrive, and a visit that is
changed or withdrawn, or a merging that is undone, lets the follow-up stand again. Who was sent on
to somebody else is not helped by a visit of the team: that follow-up is closed by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kit import clock
from kit.database import SQL, rows, run

VISITED, AGAIN = "visited", "again"
"""Why a visit closed a follow-up: somebody was met, or another day was agreed."""
CHANGED, WITHDRAWN = "changed", "withdrawn"
"""Why a follow-up ended with its own visit: it was told otherwise, or does not count."""

_FAMILY = """
WITH RECURSIVE up(id, next) AS (
    SELECT o.id, o.merged_into FROM household o WHERE o.id = {}
    UNION ALL SELECT o.id, o.merged_into FROM up u JOIN household o ON o.id = u.next),
family(id) AS (
    SELECT u.id FROM up u WHERE u.next IS NULL
    UNION ALL SELECT m.id FROM household m JOIN family y ON m.merged_into = y.id)
"""
"""All households that stand together with one, whichever of them it is."""

_KEEPS = f"""
x.household IN (SELECT id FROM family) AND x.withdrawn_at IS NULL AND x.id <> f.visit
AND x.day >= f.due_on AND x.day > v.day
AND (x.met = 'met' OR EXISTS (
    SELECT 1 FROM follow_up n WHERE n.visit = x.id AND n.referral IS NULL
    AND n.closed_why NOT IN ('{CHANGED}', '{WITHDRAWN}')))
"""
"""The condition that a visit `x` keeps the follow-up `f` of the visit `v`, or agrees it anew."""

_BROKEN = f"""
SELECT f.id FROM follow_up f JOIN visit v ON v.id = f.visit
WHERE f.household IN (SELECT id FROM family) AND f.closed_visit IS NOT NULL
AND NOT EXISTS (SELECT 1 FROM visit x WHERE x.id = f.closed_visit AND {_KEEPS})
AND NOT EXISTS (SELECT 1 FROM follow_up o WHERE o.visit = f.visit AND o.closed_at IS NULL)
ORDER BY f.id
"""
_KEPT = f"""
SELECT f.id, k.id AS visit, k.met, k.performed_by FROM follow_up f
JOIN visit v ON v.id = f.visit
JOIN visit k ON k.id = (SELECT x.id FROM visit x WHERE {_KEEPS}
    ORDER BY x.day, x.met_at, x.id LIMIT 1)
WHERE f.household IN (SELECT id FROM family) AND f.closed_at IS NULL AND f.referral IS NULL
ORDER BY f.id
"""


@dataclass(frozen=True)
class _Kept:
    id: UUID
    visit: UUID
    met: str
    performed_by: UUID


async def settle_promises(household: UUID | None) -> None:
    """Close the follow-ups of a household (and of those merged with it) that a visit keeps, and
    let those stand again that none keeps any more; within the caller's transaction."""
    if household is None:
        return
    family = SQL(_FAMILY, household)
    for broken in await run(f"{{}} {_BROKEN}", family):
        await run(
            "UPDATE follow_up SET closed_at = NULL, closed_by = NULL, closed_why = '',"
            " closed_visit = NULL, version = version + 1 WHERE id = {}",
            broken["id"],
        )
    for kept in await rows(_Kept, f"{{}} {_KEPT}", family):
        why = VISITED if kept.met == "met" else AGAIN
        await run(
            "UPDATE follow_up SET closed_at = {}, closed_by = {}, closed_why = {},"
            " closed_visit = {}, version = version + 1 WHERE id = {} AND closed_at IS NULL",
            *(clock.now(), kept.performed_by, why, kept.visit, kept.id),
        )
