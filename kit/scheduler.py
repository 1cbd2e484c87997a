"""The clock's own work: every process schedules, one claims, the claim is part of the work.

A run is the row (job, slot) of `job_run`, inserted in the transaction that does the work, so a
slot is done once however many processes wake, and not at all if the process dies in the middle.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from kit import clock
from kit.database import run, transaction
from kit.origin import Origin, origin

log = logging.getLogger("toso.jobs")

GRACE_SECONDS = 3600
CATCH_UP = timedelta(seconds=30)
LOOK_BACK = (1, 8, 32, 366)
"""Days in which the last due moment is looked for: daily, weekly, monthly, yearly jobs."""


@dataclass(frozen=True)
class Job:
    """A job and when it is due: a cron line in local time (minute hour day month weekday).

    `work` runs inside the claim's transaction and returns one line on what came of it;
    `after` runs once that is committed, for what must not lie in a transaction.
    `title` is what readers call it, an English text to be translated.
    """

    name: str
    cron: str
    work: Callable[[], Awaitable[str]]
    after: Callable[[], Awaitable[str]] | None = None
    title: str = ""

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
        outcome = await job.work()
        await _finish(job, slot, outcome)
    if job.after:
        said = "failed"
        try:
            said = await job.after()
        finally:
            outcome = f"{outcome} {said}".strip()
            await _finish(job, slot, outcome)
    log.info("job done", extra={"job": job.name, "outcome": outcome})
    return True


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
            run_claimed,
            job.trigger(),
            args=[job],
            id=job.name,
            misfire_grace_time=GRACE_SECONDS,
            coalesce=True,
            max_instances=1,
            next_run_time=datetime.now(UTC) + CATCH_UP,
        )
    return motor
