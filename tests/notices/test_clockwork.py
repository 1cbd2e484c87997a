"""The reminders of the timetable by real processes: killed, started anew, each letter once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from demo.cast import HAN, HOANG, NGHI, SEN
from kit import clock
from kit.database import ON_SQLITE, run
from kit.settings import ROOT
from people.permissions import MACHINE
from sessions.courses.commands import OnDayForm, open_course
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import schedule_sessions
from tests.courses import a_course, a_time
from tests.databases import Databases
from tests.mailbox import Mailbox, mailbox
from tests.program import Toso, this_database
from tests.teams.visits.doors import QUYNH, UONG, log
from tests.things import a_follow_up
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
on_postgres = pytest.mark.skipif(ON_SQLITE, reason="SQLite lets one process write")

TODAY = clock.today()
NAMES = (HAN.name, HOANG.name, NGHI.name, SEN.name)


def at(hours: float, days: int = 1) -> datetime:
    """A local hour of tomorrow, or of another day."""
    return clock.midnight(TODAY + timedelta(days=days)) + timedelta(hours=hours)


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


@pytest.fixture
async def _day_to_come(world: Databases) -> None:  # noqa: ARG001  (it must be there first)
    """Tomorrow two households are due for Hân; the day after Nghị teaches Hoàng and Sen; offices
    must name their people the same day. All have an address."""
    for number, name in enumerate(NAMES):
        address = f"{number}@toso.test"
        await run("UPDATE person SET email = {} WHERE id = {}", address, await id_of(name))
    for head in (UONG, QUYNH):
        made = await log(await who_is(HAN), head, met="absent")
        await a_follow_up(made.id, due_on=TODAY + timedelta(days=1))
    nghi, later = await id_of(NGHI.name), TODAY + timedelta(days=2)
    area = await id_of("Thị trấn Tân Trụ")
    course = await a_course(area, trainers=[nghi], deadline=later)
    await schedule_sessions(MACHINE, course, a_time(later, trainer=nghi))
    await open_course(MACHINE, course, OnDayForm(on=TODAY, version=1))
    people = [await id_of(HOANG.name), await id_of(SEN.name)]
    await enrol_people(MACHINE, course, EnrolForm(people=people))


def start(folder: Path, box: Mailbox, at: datetime, *words: str) -> subprocess.Popen[str]:
    """A process that does what is due."""
    own = {"TOSO_SMTP_URL": box.url, "TOSO_MAIL_FROM": "so@toso.test"}
    environment = Toso(folder, this_database(), **own).environment
    command = [sys.executable, "-m", "tests.notices.clockwork", at.isoformat(), *words]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def killed_in_the_middle(folder: Path, box: Mailbox, at: datetime) -> subprocess.Popen[str]:
    """A process that has told somebody, not committed it, and waits to be killed."""
    dying = start(folder, box, at, "hang")
    assert dying.stdout
    assert await asyncio.to_thread(dying.stdout.readline) == "in the middle\n"
    return dying


async def kill(process: subprocess.Popen[str]) -> None:
    """End a process as a power cut would."""
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.to_thread(process.communicate)
    assert process.returncode == -signal.SIGKILL


async def finish(*processes: subprocess.Popen[str]) -> None:
    """Wait until processes have ended well."""
    for process in processes:
        await asyncio.to_thread(process.communicate)
        assert process.returncode == 0


async def told() -> list[tuple[str, str]]:
    """Each notice: its kind and whom it told."""
    found = await run("SELECT n.kind, p.name FROM notice n JOIN person p ON p.id = n.person")
    return sorted((line["kind"], line["name"]) for line in found)


MORNING = [("course.deadline", NGHI.name), ("visit.morning", HAN.name)]
EVENING = [("session.tomorrow", name) for name in (HOANG.name, NGHI.name, SEN.name)]


def subjects(box: Mailbox) -> list[tuple[str, str]]:
    """The letters: to whom, and the beginning of the subject."""
    return sorted((str(one["X-To"]), str(one["Subject"])[:8]) for one in box.letters)


ALL_LETTERS = [
    ("0@toso.test", "Hôm nay "),
    ("1@toso.test", "Nhắc lịc"),
    ("2@toso.test", "Hạn cử n"),
    ("2@toso.test", "Nhắc lịc"),
    ("3@toso.test", "Nhắc lịc"),
]


@on_postgres
@pytest.mark.usefixtures("_day_to_come")
async def test_three_processes_one_killed_in_the_middle_remind_everybody_once(
    box: Mailbox, tmp_path: Path
) -> None:
    for instant in (at(8.2), at(16.2)):
        dying = await killed_in_the_middle(tmp_path, box, instant)
        others = [start(tmp_path, box, instant) for _ in range(2)]
        await asyncio.sleep(2)  # they wait for the claim of the one that hangs
        await kill(dying)
        await finish(*others)
        await finish(*(start(tmp_path, box, instant + timedelta(minutes=7)) for _ in range(3)))
    assert await told() == sorted(MORNING + EVENING)
    assert subjects(box) == ALL_LETTERS


@pytest.mark.usefixtures("_day_to_come")
async def test_a_process_killed_in_the_middle_makes_up_for_it_when_it_is_started_anew(
    box: Mailbox, tmp_path: Path
) -> None:
    for instant in (at(8.2), at(16.2)):
        await kill(await killed_in_the_middle(tmp_path, box, instant))
        before = await told()
        assert before == ([] if instant == at(8.2) else MORNING)  # nothing half done
        for minutes in (1, 2):
            await finish(start(tmp_path, box, instant + timedelta(minutes=minutes)))
    assert await told() == sorted(MORNING + EVENING)
    assert subjects(box) == ALL_LETTERS


@pytest.mark.usefixtures("_day_to_come")
async def test_a_process_that_was_down_over_the_hours_makes_up_for_what_still_helps(
    box: Mailbox, tmp_path: Path
) -> None:
    await finish(start(tmp_path, box, at(6.5)))
    await finish(start(tmp_path, box, at(19)))  # too late for the morning, not for the deadline
    assert await told() == [("course.deadline", NGHI.name), *EVENING]
    await finish(start(tmp_path, box, at(9, days=3)))  # the session is over by now
    assert [one for one in await told() if one[0] == "session.tomorrow"] == EVENING
