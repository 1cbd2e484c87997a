"""The timetable with what came of each job last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kit import clock
from kit.database import rows
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.scheduler import TOO_LATE, Job

WORDS = {
    "sign-ins": N_("sign-ins"),
    "links": N_("links"),
    "waits": N_("waits"),
    "tokens": N_("tokens"),
    "rows": N_("rows"),
    "runs": N_("runs of jobs"),
    "notices": N_("notices"),
    "people": N_("people"),
    "visits": N_("visits"),
    "households": N_("households"),
    "prints": N_("PDF files of certificates"),
    "sent": N_("sent"),
    "again": N_("to be tried again"),
    "dead": N_("given up"),
    "told": N_("told"),
    "dropped": N_("dropped"),
    "totals wrong": N_("wrong totals"),
    "last meetings wrong": N_("wrong days of the last meeting"),
    "too late": N_("The program was not running at that time."),
}
"""What the outcomes of jobs count."""
_WORD = re.compile(r"\b(?:" + "|".join(WORDS) + r")\b")


@dataclass(frozen=True)
class JobRun:
    """The last run of a job; without `finished_at` it is still at work."""

    job: str
    slot: datetime
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None

    @property
    def missed(self) -> bool:
        """Whether it was not done, for it was too late to be useful."""
        return self.outcome == TOO_LATE

    @property
    def told(self) -> str:
        """The outcome, with its words in the reader's language."""
        return _WORD.sub(lambda word: _(WORDS.get(word[0], word[0])), self.outcome or "")


@dataclass(frozen=True)
class JobFault:
    """The last time that a job failed, and why."""

    job: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class JobLine:
    """A job of the timetable: when it is due next, its last run, and its last fault."""

    job: Job
    next_at: datetime | None
    last: JobRun | None
    fault: JobFault | None = None

    @property
    def failed_last(self) -> bool:
        """Whether the job has not been done since it failed."""
        return bool(self.fault and (not self.last or self.fault.at >= self.last.started_at))


async def list_jobs(timetable: Sequence[Job]) -> list[JobLine]:
    """Every job of the timetable, in its order."""
    found = await rows(
        JobRun,
        "SELECT r.job, r.slot, r.started_at, r.finished_at, r.outcome FROM job_run r"
        " WHERE r.slot = (SELECT max(x.slot) FROM job_run x WHERE x.job = r.job)",
    )
    last = {one.job: one for one in found}
    faults = {one.job: one for one in await rows(JobFault, "SELECT job, at, reason FROM job_fault")}
    return [JobLine(job, _next(job), last.get(job.name), faults.get(job.name)) for job in timetable]


def _next(job: Job) -> datetime | None:
    due: datetime | None = job.trigger().get_next_fire_time(None, clock.now())
    return due.astimezone(UTC) if due else None
