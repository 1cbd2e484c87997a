"""The yearly duty: what holds for each category, what held before, what will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kit.database import rows


@dataclass(frozen=True)
class DutyFound:
    """How many periods a year a category owes from a day on, until the next line of it."""

    category: str
    since: date
    periods: int


async def list_duties() -> dict[str, list[DutyFound]]:
    """Every line of each category, the newest first."""
    found = await rows(
        DutyFound,
        "SELECT d.category, d.since, d.periods FROM training_duty d"
        " ORDER BY d.category, d.since DESC",
    )
    kept: dict[str, list[DutyFound]] = {}
    for duty in found:
        kept.setdefault(duty.category, []).append(duty)
    return kept


def duty_on(lines: list[DutyFound], day: date) -> DutyFound | None:
    """The line of a category that holds on a day."""
    return next((duty for duty in lines if duty.since <= day), None)
