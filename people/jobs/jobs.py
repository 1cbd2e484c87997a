"""The clock clears up after itself."""

from __future__ import annotations

from datetime import timedelta

from kit import clock
from kit.database import run
from kit.i18n import N_
from kit.scheduler import Job

KEPT = timedelta(days=90)


async def purge_runs() -> str:
    """Delete what is known of runs a quarter ago, the last one of each job aside."""
    gone = await run(
        "DELETE FROM job_run WHERE started_at < {} AND slot <"
        " (SELECT max(x.slot) FROM job_run x WHERE x.job = job_run.job) RETURNING 1 AS one",
        clock.now() - KEPT,
    )
    return f"runs {len(gone)}"


PURGE_RUNS = Job(
    name="purge runs",
    cron="15 3 * * *",
    work=purge_runs,
    title=N_("Clear out what is known of old runs"),
)
