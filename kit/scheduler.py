"""The clock's own work: every process schedules, one claims, the claim is part of the work.

A run is the row (job, slot) of `job_run`, inserted in the transaction that does the work, so a
slot is done once however many processes wake, and not at all if the process dies in the middle.
A sweep claims the rows it works on instead: every process may run it, and `job_run` keeps two rows
of it, its last look and its last work. Why a job failed last is kept in `job_fault`.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from kit import clock
from kit.database import run, transaction, value
from kit.origin import Origin, origin

log = logging.getLogger("toso.jobs")

GRACE_SECONDS = 3600
CATCH_UP = timedelta(seconds=30)
SWEEP_SLOT = datetime(2000, 1, 1, tzinfo=UTC)
BUSY_SLOT = SWEEP_SLOT - timedelta(days=1)
"""The slots of a sweep's last look, and of the last one that found something to do."""
TOO_LATE = "too late"
LOOK_BACK = (1, 8, 32, 366)
"""Days in which the last due moment is looked for: daily, weekly, monthly, yearly jobs."""


@dataclass(frozen=True)
class Job:
    """A job and when it is due: a cron line in local time (minute hour day month weekday).

    `work` runs inside the claim's transaction and returns one line on what came of it;
    `after` runs once that is committed, for what must not lie in a transaction.
    `title` is what readers call it, an English text to be translated. After downtime a missed
    slot is caught up within `useful_for`, later dropped; None: it is always worth doing.
    A `sweep` asks "what is due?" and claims rows by itself, outside any transaction.
    """

    name: str
    cron: str
    work: Callable[[], Awaitable[str]]
    after: Callable[[], Awaitable[str]] | None = None
    title: str = ""
    useful_for: timedelta | None = None
    sweep: bool = False

    def trigger(self) -> CronTrigger:
        """The cron line as APScheduler reads it."""
        return CronTrigger.from_crontab(self.cron, timezone=clock.LOCAL)

    def slot(self, instant: datetime) -> datetime:
        """The last due moment up to an instant: what processes agree on."""
        trigger, moment = self.trigger(), timedelta(microseconds=1)
        for days in LOOK_BACK:
            previous: datetime | None = None
            due = trigger.get_next_fire_time(None, instant - timedelta(days=days))
            while due is not None and due <= instant:
                previous, due = due, trigger.get_next_fire_time(due, due + moment)
            if previous:
                return previous.astimezone(UTC)
        return instant.replace(second=0, microsecond=0)


async def run_job(job: Job) -> bool:
    """Run a job once, as its kind demands, and keep why it failed; whether it was done here."""
    try:
        return await (run_sweep(job) if job.sweep else run_claimed(job))
    except Exception as error:  # whatever the work raises is told on the page of jobs
        await _write_fault(job, error)
        raise


async def run_claimed(job: Job) -> bool:
    """Do the job's present slot unless somebody has; whether it was done here."""
    origin.set(Origin(via="job"))
    slot, started = job.slot(clock.now()), clock.now()
    async with transaction():
        claimed = await run(
            "INSERT INTO job_run (job, slot, started_at) VALUES ({}, {}, {})"
            " ON CONFLICT DO NOTHING RETURNING job",
            *(job.name, slot, started),
        )
        if not claimed:
            return False
        if job.useful_for is not None and started - slot > job.useful_for:
            await _finish(job, slot, TOO_LATE)
            log.warning("job dropped", extra={"job": job.name, "slot": slot.isoformat()})
            return False
        outcome = await job.work()
        if not job.after:
            await _finish(job, slot, outcome)
    if job.after:
        outcome = await _do_after(job, slot, outcome)
    log.info("job done", extra={"job": job.name, "outcome": outcome})
    return True


async def _do_after(job: Job, slot: datetime, outcome: str) -> str:
    said = "failed"
    try:
        said = await job.after() if job.after else ""
    finally:
        outcome = f"{outcome} {said}".strip()
        await _finish(job, slot, outcome)
    return outcome


async def run_sweep(job: Job) -> bool:
    """Run a sweep and write over the row of its last look, and over that of its last work if
    there was something to do."""
    origin.set(Origin(via="job"))
    started = clock.now()
    outcome = await job.work()
    async with transaction():
        for slot in (SWEEP_SLOT, BUSY_SLOT) if outcome else (SWEEP_SLOT,):
            await run(
                "INSERT INTO job_run (job, slot, started_at, finished_at, outcome)"
                " VALUES ({}, {}, {}, {}, {}) ON CONFLICT (job, slot) DO UPDATE SET"
                " started_at = excluded.started_at, finished_at = excluded.finished_at,"
                " outcome = excluded.outcome",
                *(job.name, slot, started, clock.now(), outcome),
            )
    if outcome:
        log.info("job done", extra={"job": job.name, "outcome": outcome})
    return True


async def ran_before(name: str) -> datetime | None:
    """When the run of a job before the present one began; None for the first one."""
    began: datetime | None = await value(
        "SELECT started_at FROM job_run WHERE job = {} AND finished_at IS NOT NULL"
        " ORDER BY slot DESC LIMIT 1",
        name,
    )
    return began


async def _write_fault(job: Job, error: Exception) -> None:
    """Keep why a job failed: the kind of error and its first line, which names no person."""
    reason = f"{type(error).__name__}: {error}".splitlines()[0][:200]
    await run(
        "INSERT INTO job_fault (job, at, slot, reason) VALUES ({}, {}, {}, {})"
        " ON CONFLICT (job) DO UPDATE SET at = excluded.at, slot = excluded.slot,"
        " reason = excluded.reason",
        *(job.name, clock.now(), job.slot(clock.now()), reason),
    )


async def _finish(job: Job, slot: datetime, outcome: str) -> None:
    await run(
        "UPDATE job_run SET finished_at = {}, outcome = {} WHERE job = {} AND slot = {}",
        *(clock.now(), outcome, job.name, slot),
    )


def make_scheduler(timetable: list[Job]) -> AsyncIOScheduler:
    """The motor with every job of the timetable; start it in the app's lifespan.

    Soon after the start each job looks once whether its last slot was missed: a computer that is
    off at night gets its backup in the morning.
    """
    motor = AsyncIOScheduler(timezone=clock.LOCAL)
    for job in timetable:
        motor.add_job(
            run_job,
            job.trigger(),
            args=[job],
            id=job.name,
            misfire_grace_time=GRACE_SECONDS,
            coalesce=True,
            max_instances=1,
            next_run_time=datetime.now(UTC) + CATCH_UP,
        )
    return motor
