"""Jobs: once a slot whoever is first, and not at all when the work failed."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from kit import clock
from kit.clock import LOCAL
from kit.database import run, value
from kit.scheduler import (
    BUSY_SLOT,
    SWEEP_SLOT,
    TOO_LATE,
    Job,
    make_scheduler,
    run_claimed,
    run_job,
)

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
NIGHT = datetime(2026, 11, 23, 2, 30, tzinfo=LOCAL)


async def write_down() -> str:
    """Work that leaves a trace."""
    await run(
        "INSERT INTO setting (key, value, changed_at) VALUES ({}, {}, {})",
        *(f"note {clock.now().timestamp()} {await notes()}", "done", clock.now()),
    )
    return "written"


async def notes() -> int:
    """How often the work was done."""
    return int(await value("SELECT count(*) FROM setting WHERE key LIKE {}", "note %"))


async def break_down() -> str:
    """Work that writes and then fails."""
    await write_down()
    raise RuntimeError("out of paper")


async def test_three_runners_do_a_slot_exactly_once() -> None:
    job = Job("notes", "30 2 * * *", write_down)
    with clock.frozen(NIGHT):
        done = await asyncio.gather(*(run_claimed(job) for _ in range(3)))
    assert sorted(done) == [False, False, True]
    assert await notes() == 1


async def test_a_job_that_fails_leaves_neither_work_nor_claim() -> None:
    with clock.frozen(NIGHT):
        with pytest.raises(RuntimeError):
            await run_claimed(Job("notes", "30 2 * * *", break_down))
        assert await notes() == 0
        assert await run_claimed(Job("notes", "30 2 * * *", write_down))


async def test_what_fails_afterwards_is_written_down() -> None:
    with clock.frozen(NIGHT), pytest.raises(RuntimeError):
        await run_claimed(Job("notes", "30 2 * * *", write_down, after=break_down))
    assert await value("SELECT outcome FROM job_run") == "written failed"


async def test_what_is_still_done_afterwards_is_not_called_done() -> None:
    seen: list[tuple[object, object]] = []

    async def look() -> str:
        (row,) = await run("SELECT finished_at, outcome FROM job_run")
        seen.append((row["finished_at"], row["outcome"]))
        return "looked"

    with clock.frozen(NIGHT):
        await run_claimed(Job("notes", "30 2 * * *", write_down, after=look))
    assert seen == [(None, None)]
    assert await value("SELECT outcome FROM job_run") == "written looked"


async def test_a_clock_that_jumps_back_does_nothing_twice() -> None:
    job = Job("notes", "30 2 * * *", write_down)
    for instant in (NIGHT, NIGHT + timedelta(minutes=3), NIGHT - timedelta(seconds=1), NIGHT):
        with clock.frozen(instant):
            await run_claimed(job)
    assert await notes() == 2  # this night's slot, and the one of the night before


async def test_a_clock_that_jumps_ahead_does_the_last_slot_only() -> None:
    job = Job("notes", "30 2 * * *", write_down)
    for instant in (NIGHT, NIGHT + timedelta(days=9, hours=5)):
        with clock.frozen(instant):
            assert await run_claimed(job)
    assert await notes() == 2


@pytest.mark.parametrize(
    ("cron", "last"),
    [
        ("30 2 * * *", datetime(2026, 11, 23, 2, 30, tzinfo=LOCAL)),
        ("*/5 * * * *", datetime(2026, 11, 23, 15, 45, tzinfo=LOCAL)),
        ("0 6 * * fri", datetime(2026, 11, 20, 6, 0, tzinfo=LOCAL)),
        ("0 0 1 * *", datetime(2026, 11, 1, 0, 0, tzinfo=LOCAL)),
        ("0 0 1 1 *", datetime(2026, 1, 1, 0, 0, tzinfo=LOCAL)),
    ],
)
async def test_the_slot_is_the_last_due_moment(cron: str, last: datetime) -> None:
    job = Job("any", cron, write_down)
    instant = datetime(2026, 11, 23, 15, 48, 12, tzinfo=LOCAL)
    assert job.slot(instant) == last.astimezone(UTC)
    assert job.slot(last) == last.astimezone(UTC)


async def test_a_missed_night_is_made_up_for_soon_after_the_start() -> None:
    motor = make_scheduler([Job("notes", "30 2 * * *", write_down)])
    motor.start(paused=True)
    soon = motor.get_job("notes").next_run_time
    motor.shutdown(wait=False)
    assert soon - datetime.now(UTC) < timedelta(minutes=1)


async def test_downtime_over_the_hour_is_made_up_for_while_that_is_useful() -> None:
    job = Job("notes", "30 2 * * *", write_down, useful_for=timedelta(hours=2))
    with clock.frozen(NIGHT + timedelta(hours=2)):
        assert await run_claimed(job)
    assert await notes() == 1


async def test_what_is_no_longer_useful_is_dropped_and_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    job = Job("notes", "30 2 * * *", write_down, useful_for=timedelta(hours=2))
    with clock.frozen(NIGHT + timedelta(hours=2, seconds=1)):
        assert not await run_claimed(job)
        assert not await run_claimed(job)
    assert await notes() == 0
    assert await value("SELECT outcome FROM job_run") == TOO_LATE
    assert [record.message for record in caplog.records] == ["job dropped"]
    with clock.frozen(NIGHT + timedelta(days=1)):
        assert await run_claimed(job)


async def test_a_sweep_leaves_its_last_look_and_its_last_work_however_often_it_runs() -> None:
    said = ["sent 1", "", "sent 2", ""]

    async def sweep() -> str:
        return said.pop(0)

    job = Job("sweep", "* * * * *", sweep, sweep=True)
    for minute in range(4):
        with clock.frozen(NIGHT + timedelta(minutes=minute)):
            assert await run_job(job)
    found = await run("SELECT slot, started_at, outcome FROM job_run ORDER BY slot DESC")
    assert [(row["slot"], row["started_at"], row["outcome"]) for row in found] == [
        (SWEEP_SLOT, NIGHT + timedelta(minutes=3), ""),
        (BUSY_SLOT, NIGHT + timedelta(minutes=2), "sent 2"),
    ]


@pytest.mark.parametrize("sweep", [False, True])
async def test_why_a_job_failed_is_kept(sweep: bool) -> None:
    with clock.frozen(NIGHT), pytest.raises(RuntimeError):
        await run_job(Job("notes", "30 2 * * *", break_down, sweep=sweep))
    found = await run("SELECT job, at, reason FROM job_fault")
    assert [(row["job"], row["at"], row["reason"]) for row in found] == [
        ("notes", NIGHT, "RuntimeError: out of paper")
    ]
