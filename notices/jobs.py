"""The clock's share: mail that is due goes out each minute, old notices go each night."""

from __future__ import annotations

from datetime import timedelta

from kit import clock
from kit.i18n import N_
from kit.scheduler import Job
from notices.commands import purge_notices
from notices.sending import send_deliveries

KEPT = timedelta(days=180)


async def purge_old_notices() -> str:
    """Delete notices half a year after they were made."""
    return f"notices {await purge_notices(clock.now() - KEPT)}"


SEND = Job(
    name="send deliveries",
    cron="* * * * *",
    work=send_deliveries,
    sweep=True,
    title=N_("Send mail that is due"),
)
PURGE_NOTICES = Job(
    name="purge notices",
    cron="20 3 * * *",
    work=purge_old_notices,
    title=N_("Clear out notices of half a year ago"),
)
