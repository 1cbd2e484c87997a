"""Turns about days: what clashes of sessions and trainees are looked for in is changed by one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kit.database import take_turns

DAYS = 7_206_115
"""About what turns are taken."""


async def take_days(days: Iterable[date]) -> None:
    """Wait for whoever schedules a session on one of the days or enrols people who have one then,
    and make others wait until this transaction ends. Hold the course before, never after."""
    await take_turns(DAYS, [day.toordinal() for day in days])
