"""The timetable with the last look of each job, and with the last one that did something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kit import clock
from kit.database import SQL, rows
from kit.i18n import N_
from kit.i18n import gettext as _
from kit.pages import number
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
_TOLD = re.compile(r"\b(?P<word>" + "|".join(WORDS) + r")\b(?P<n> \d+)?|(?<![\w.-])\d+\b(?!-)")


def _said(found: re.Match[str]) -> str:
    """A word with what it counts, "notices 1200" as "notices: 1,200"; or a number alone."""
    if not found["word"]:
        return number(int(found[0]))
    msgid = WORDS[found["word"]]
    word = _(msgid)
    return f"{word}:\u00a0{number(int(found['n']))}" if found["n"] else word


@dataclass(frozen=True)
class JobRun:
    """A run of a job; without `finished_at` it is still at work."""

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
    def busy(self) -> bool:
        """Whether there was something to do."""
        return bool(self.outcome) and not self.missed

    @property
    def told(self) -> str:
        """The outcome, with its words and numbers as the reader is used to them."""
        return _TOLD.sub(_said, self.outcome or "")


@dataclass(frozen=True)
class JobFault:
    """The last time that a job failed, and why."""

    job: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class JobLine:
    """A job of the timetable: when it is due next, its last look, the last one that was not
    missed, the last that did something, and its last fault."""

    job: Job
    next_at: datetime | None
    last: JobRun | None
    done: JobRun | None
    busy: JobRun | None
    fault: JobFault | None = None

    @property
    def failed_last(self) -> bool:
        """Whether the job has not been done since it failed; a missed slot mends nothing."""
        return bool(self.fault and (not self.done or self.fault.at >= self.done.started_at))


def told_of(alias: str) -> SQL:
    """The condition that a run is one of those that tell of its job: the last one, the last that
    was not missed, the last that did something."""
    last = f"{alias}.slot = (SELECT max(x.slot) FROM job_run x WHERE x.job = {alias}.job{{}})"
    which = ("", " AND coalesce(x.outcome, '') <> {}", " AND x.outcome NOT IN ('', {})")
    return SQL(f"({' OR '.join(last.format(one) for one in which)})", TOO_LATE, TOO_LATE)


async def list_jobs(timetable: Sequence[Job]) -> list[JobLine]:
    """Every job of the timetable, in its order."""
    found = await rows(
        JobRun,
        "SELECT r.job, r.slot, r.started_at, r.finished_at, r.outcome FROM job_run r"
        " WHERE {} ORDER BY r.job, r.slot",
        told_of("r"),
    )
    faults = {one.job: one for one in await rows(JobFault, "SELECT job, at, reason FROM job_fault")}
    return [
        _line(job, [one for one in found if one.job == job.name], faults.get(job.name))
        for job in timetable
    ]


def _line(job: Job, runs: list[JobRun], fault: JobFault | None) -> JobLine:
    """A job with those of its runs that tell of it, the earliest first."""
    done = [one for one in runs if not one.missed]
    busy = [one for one in runs if one.busy]
    return JobLine(
        job=job,
        next_at=_next(job),
        last=runs[-1] if runs else None,
        done=done[-1] if done else None,
        busy=busy[-1] if busy else None,
        fault=fault,
    )


def _next(job: Job) -> datetime | None:
    due: datetime | None = job.trigger().get_next_fire_time(None, clock.now())
    return due.astimezone(UTC) if due else None
