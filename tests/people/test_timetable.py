"""The page of jobs: each by a Vietnamese name, with its next run and what came of the last."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest

from app import TIMETABLE
from demo.cast import HOA
from kit import clock, i18n
from kit.database import insert_many
from kit.scheduler import TOO_LATE, Job, run_job
from people.jobs.jobs import KEPT, purge_runs
from people.jobs.queries import WORDS, JobLine, JobRun, list_jobs
from tests.visitor import visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

WRITES_FILES = "nightly backup"


async def test_every_job_has_a_vietnamese_name() -> None:
    vietnamese = i18n.translations("vi")
    plain = [job.name for job in TIMETABLE if vietnamese.gettext(job.title) in ("", job.title)]
    assert plain == []
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)


async def test_what_jobs_count_is_said_in_the_readers_words() -> None:
    for job in TIMETABLE:
        if job.name != WRITES_FILES:
            said = re.sub(r"\d+|,", " ", await job.work())
            for word in WORDS:
                said = re.sub(rf"\b{word}\b", " ", said)
            assert not said.strip(), (job.name, said)


async def test_the_page_shows_what_was_done_missed_and_not_due() -> None:
    now = clock.now()
    outcomes = {"leaders' morning": TOO_LATE, "session tomorrow": "told 3"}
    outcomes["marks not taken"] = ""
    runs = [
        {"job": name, "slot": now, "started_at": now, "finished_at": now, "outcome": outcome}
        for name, outcome in outcomes.items()
    ]
    await insert_many("job_run", runs)
    async with await visit(HOA) as hoa:
        page = (await hoa.get("/jobs")).text
    for job in TIMETABLE:
        assert i18n.translations("vi").gettext(job.title) in page
    for word in ("Bỏ lỡ", "đã nhắc:\u00a03", "Không có việc đến hạn.", "Chưa có"):
        assert word in page
    assert JobRun("any", now, now, now, "told 3").told == "đã nhắc:\u00a03"


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("notices 0", "thông báo:\u00a00"),
        ("again 2, sent 1200", "sẽ gửi lại:\u00a02, đã gửi:\u00a01.200"),
        ("toso-2026-11-26.zip: 43768 rows", "toso-2026-11-26.zip: 43.768 dòng"),
    ],
)
async def test_numbers_stand_behind_what_they_count(outcome: str, told: str) -> None:
    now = clock.now()
    assert JobRun("any", now, now, now, outcome).told == told


class _Fate:
    """Work that says or fails what it is told to, by a clock that is moved on an hour each time."""

    def __init__(self, *, sweep: bool) -> None:
        self.job = Job("fate", "0 * * * *", self._work, sweep=sweep, useful_for=timedelta(hours=2))
        self.now = clock.midnight(clock.today())
        self._outcome = ""

    async def _work(self) -> str:
        if self._outcome == "fail":
            raise RuntimeError("out of paper")
        return self._outcome

    async def meets(self, outcome: str, hours: int = 1) -> datetime:
        """Let the next hour end so; the instant."""
        self.now += timedelta(hours=hours)
        self._outcome = outcome
        with clock.frozen(self.now):
            try:
                await run_job(self.job)
            except RuntimeError:
                assert outcome == "fail"
        return self.now

    async def line(self) -> JobLine:
        """The job as the page tells of it."""
        (line,) = await list_jobs([self.job])
        return line


@pytest.mark.parametrize("sweep", [True, False])
async def test_looks_that_find_nothing_do_not_hide_the_last_work(sweep: bool) -> None:
    fate = _Fate(sweep=sweep)
    await fate.meets("told 1")
    worked = await fate.meets("told 2")
    looked = [await fate.meets("") for _ in range(3)][-1]
    line = await fate.line()
    assert line.last
    assert line.busy
    assert (line.last.started_at, line.busy.started_at) == (looked, worked)
    assert line.busy.told == "đã nhắc:\u00a02"
    with clock.frozen(looked + KEPT + timedelta(days=1)):
        await purge_runs()
        assert (await fate.line()).busy == line.busy


@pytest.mark.parametrize("sweep", [True, False])
async def test_a_failure_stays_until_the_job_succeeds(sweep: bool) -> None:
    fate = _Fate(sweep=sweep)
    worked = await fate.meets("told 1")
    failed = await fate.meets("fail")
    line = await fate.line()
    assert line.failed_last
    assert line.fault
    assert line.fault.at == failed
    assert line.busy
    assert line.busy.started_at == worked
    await fate.meets("")
    assert not (await fate.line()).failed_last


async def test_a_missed_run_mends_no_failure() -> None:
    fate = _Fate(sweep=False)
    late = Job("fate", "0 0 * * *", fate.job.work, useful_for=timedelta(hours=2))
    fate.job = late
    await fate.meets("fail")
    await fate.meets("", hours=30)
    line = await fate.line()
    assert line.last
    assert line.last.missed
    assert line.failed_last
