"""The quiet hours, in which nothing leaves the house, and the waits between tries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kit import clock
from places.settings.queries import read_settings

WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=2),
    timedelta(hours=4),
    timedelta(hours=6),
)
"""How long to wait after the first try, the second, …"""
MOST_ATTEMPTS = len(WAITS) + 1


@dataclass(frozen=True)
class QuietHours:
    """From `since` until `until`, local time, perhaps over midnight; equal means never."""

    since: time
    until: time

    def holds(self, instant: datetime) -> bool:
        """Whether an instant lies within."""
        local = instant.astimezone(clock.LOCAL).time()
        if self.since <= self.until:
            return self.since <= local < self.until
        return local >= self.since or local < self.until

    def after(self, instant: datetime) -> datetime:
        """The instant itself, or the end of the quiet hours it lies in."""
        if not self.holds(instant):
            return instant
        local = instant.astimezone(clock.LOCAL)
        day = local.date()
        if self.since > self.until and local.time() >= self.since:
            day += timedelta(days=1)
        return datetime.combine(day, self.until, clock.LOCAL).astimezone(instant.tzinfo)


async def find_quiet_hours() -> QuietHours:
    """The quiet hours of the body, 21:00 to 06:30 unless it chose others."""
    held = await read_settings()
    return QuietHours(
        time.fromisoformat(held["notices.quiet_from"]),
        time.fromisoformat(held["notices.quiet_until"]),
    )


def next_try(failed_at: datetime, attempts: int, hours: QuietHours | None) -> datetime | None:
    """When to try again after so many attempts; None when it has been tried often enough."""
    if attempts >= MOST_ATTEMPTS:
        return None
    due = failed_at + WAITS[max(attempts, 1) - 1]
    return hours.after(due) if hours else due
