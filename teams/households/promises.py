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

TOGETHER = """
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

_STANDING = f"""
SELECT f.id, f.closed_visit, k.id AS visit, k.met, k.performed_by,
       CASE WHEN EXISTS (SELECT 1 FROM follow_up o WHERE o.visit = f.visit AND o.id <> f.id
            AND o.closed_at IS NULL) THEN 1 ELSE 0 END AS anew
FROM follow_up f JOIN visit v ON v.id = f.visit
LEFT JOIN visit k ON k.id = (SELECT x.id FROM visit x WHERE {_KEEPS}
    ORDER BY x.day, x.met_at, x.id LIMIT 1)
WHERE f.household IN (SELECT id FROM family) AND f.referral IS NULL
AND (f.closed_at IS NULL OR f.closed_visit IS NOT NULL)
ORDER BY f.id
"""


@dataclass(frozen=True)
class _Standing:
    """A follow-up that nobody closed by hand: the visit by which it is closed, and the one by
    which it should be. `anew`: its visit has another one that is open."""

    id: UUID
    closed_visit: UUID | None
    visit: UUID | None
    met: str | None
    performed_by: UUID | None
    anew: int

    @property
    def right(self) -> bool:
        """Whether it is as it should be."""
        return self.closed_visit == self.visit or (self.visit is None and bool(self.anew))


async def settle_promises(household: UUID | None) -> None:
    """Close the follow-ups of a household (and of those merged with it) that a visit keeps, and
    let those stand again that none keeps any more; within the caller's transaction."""
    if household is None:
        return
    for one in await rows(_Standing, f"{{}} {_STANDING}", SQL(TOGETHER, household)):
        if not one.right:
            why = VISITED if one.met == "met" else AGAIN
            await run(
                "UPDATE follow_up SET closed_at = {}, closed_by = {}, closed_why = {},"
                " closed_visit = {}, version = version + 1 WHERE id = {}",
                *(clock.now() if one.visit else None, one.performed_by),
                *(why if one.visit else "", one.visit, one.id),
            )
