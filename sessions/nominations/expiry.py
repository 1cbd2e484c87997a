"""A link ends with the deadline of its course, also when that is moved."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from kit import clock
from kit.database import run


def end_of(deadline: date) -> datetime:
    """The instant at which the day of a deadline is over."""
    return clock.midnight(deadline + timedelta(days=1))


async def follow_deadline(course: UUID, deadline: date | None) -> None:
    """Let the links of a course end with its new deadline; without one they keep their end."""
    if deadline:
        await run(
            "UPDATE nomination_link SET expires_at = {} WHERE course = {} AND revoked_at IS NULL",
            *(end_of(deadline), course),
        )
