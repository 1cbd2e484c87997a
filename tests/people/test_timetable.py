"""The page of jobs: each by a Vietnamese name, with its next run and what came of the last."""

from __future__ import annotations

import re

import pytest

from app import TIMETABLE
from demo.cast import HOA
from kit import clock, i18n
from kit.database import insert_many
from kit.scheduler import TOO_LATE
from people.jobs.queries import WORDS, JobRun
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
    for word in ("Bỏ lỡ", "đã nhắc 3", "Không có việc đến hạn.", "Chưa có"):
        assert word in page
    assert JobRun("any", now, now, now, "told 3").told == "đã nhắc 3"
