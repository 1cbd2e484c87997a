"""The night's clearing out of what lets nobody in any more."""

from __future__ import annotations

from datetime import timedelta

from kit import clock
from kit.database import run
from kit.i18n import N_
from kit.scheduler import Job

KEPT = timedelta(days=30)


async def purge() -> str:
    """Delete sign-ins, links and tokens a month after their end, and waits that are forgotten."""
    now = clock.now()
    old = now - KEPT
    counts = {
        "sign-ins": await _delete("sign_in", "expires_at < {} OR ended_at < {}", old, old),
        "links": await _delete("link", "expires_at < {}", old),
        "waits": await _delete("sign_in_wait", "failed_at < {}", now - timedelta(days=1)),
        "tokens": await _delete("api_token", "revoked_at < {} OR expires_at < {}", old, old),
    }
    return ", ".join(f"{name} {count}" for name, count in counts.items())


async def _delete(table: str, condition: str, *args: object) -> int:
    gone = await run(f"DELETE FROM {table} WHERE {condition} RETURNING 1 AS one", *args)
    return len(gone)


PURGE = Job(
    name="purge",
    cron="10 3 * * *",
    work=purge,
    title=N_("Clear out old sign-ins, links and tokens"),
)
