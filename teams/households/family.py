"""Households that were merged: which one stands for others, and for which ones it stands."""

from __future__ import annotations

FAMILY = (
    "WITH RECURSIVE family(id) AS (SELECT id FROM household WHERE id = {}"
    " UNION ALL SELECT m.id FROM household m JOIN family f ON m.merged_into = f.id) "
)
"""A household and those merged into it, however often."""


def family_of(home: str) -> str:
    """The ids of the household of a column and of those merged into it, as a subquery."""
    return (
        f"(WITH RECURSIVE family(id) AS (SELECT {home} UNION ALL SELECT m.id FROM household m"
        " JOIN family y ON m.merged_into = y.id) SELECT id FROM family)"
    )


def stands_for(home: str) -> str:
    """The id of the household that stands for the one of a column, through however many merges:
    mostly itself; as a subquery."""
    return (
        "(WITH RECURSIVE up(id, next) AS (SELECT o.id, o.merged_into FROM household o"
        f" WHERE o.id = {home} UNION ALL SELECT o.id, o.merged_into FROM up u JOIN household o"
        " ON o.id = u.next) SELECT u.id FROM up u WHERE u.next IS NULL)"
    )
