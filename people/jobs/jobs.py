"""The clock clears up after itself."""

from __future__ import annotations

from datetime import timedelta

from kit import clock
from kit.database import run
from kit.i18n import N_
from kit.scheduler import Job
from people.jobs.queries import told_of

KEPT = timedelta(days=90)


async def purge_runs() -> str:
    """Delete what is known of runs a quarter ago, but what the page of jobs tells of each job."""
    gone = await run(
        "DELETE FROM job_run WHERE started_at < {} AND NOT {} RETURNING 1 AS one",
        *(clock.now() - KEPT, told_of("job_run")),
    )
    return f"runs {len(gone)}"


PURGE_RUNS = Job(
    name="purge runs",
    cron="15 3 * * *",
    work=purge_runs,
    title=N_("Clear out what is known of old runs"),
)
