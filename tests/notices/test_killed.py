"""Three processes, one killed in the middle: each reminder and each letter exactly once."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from demo.cast import HAN, HOANG, SEN
from kit import clock
from kit.clock import LOCAL
from kit.database import ON_SQLITE, run, value
from kit.scheduler import run_job
from kit.settings import ROOT
from notices.sending import LEASE, send_deliveries
from tests.mailbox import Mailbox, mailbox
from tests.notices.remind import JOB
from tests.program import Toso, this_database
from tests.world import id_of

SEVEN = datetime(2026, 11, 25, 7, 0, tzinfo=LOCAL)
pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
on_postgres = pytest.mark.skipif(ON_SQLITE, reason="SQLite lets one process write")


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on loopback."""
    with mailbox(monkeypatch) as served:
        yield served


@pytest.fixture
async def addresses() -> list[str]:
    """Three persons have an address each."""
    names = (HAN.name, HOANG.name, SEN.name)
    for number, name in enumerate(names):
        address, person = f"{number}@toso.test", await id_of(name)
        await run("UPDATE person SET email = {} WHERE id = {}", address, person)
    return [f"{number}@toso.test" for number in range(len(names))]


def start(folder: Path, box: Mailbox, at: datetime, *words: str) -> subprocess.Popen[str]:
    """A process that reminds and sends."""
    own = {"TOSO_SMTP_URL": box.url, "TOSO_MAIL_FROM": "so@toso.test"}
    environment = Toso(folder, this_database(), **own).environment
    command = [sys.executable, "-m", "tests.notices.remind", at.isoformat(), *words]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)


async def kill(process: subprocess.Popen[str]) -> None:
    """End a process as a power cut would."""
    os.kill(process.pid, signal.SIGKILL)
    await asyncio.to_thread(process.communicate)


async def finish(*processes: subprocess.Popen[str]) -> None:
    """Wait until processes have ended well."""
    for process in processes:
        await asyncio.to_thread(process.communicate)
        assert process.returncode == 0


async def reminders() -> Counter[int]:
    """How many notices each person has."""
    found = await run("SELECT count(*) AS n FROM notice GROUP BY person")
    return Counter(row["n"] for row in found)


@on_postgres
async def test_one_killed_in_the_middle_of_the_job_leaves_it_to_the_others(
    box: Mailbox, addresses: list[str], tmp_path: Path
) -> None:
    dying = start(tmp_path, box, SEVEN, "hang")
    assert dying.stdout
    assert await asyncio.to_thread(dying.stdout.readline) == "in the middle\n"
    others = [start(tmp_path, box, SEVEN) for _ in range(2)]
    await asyncio.sleep(1)  # they wait for the claim
    await kill(dying)
    await finish(*others)
    assert await reminders() == Counter({1: 3})
    assert box.to == addresses
    assert await value("SELECT count(*) FROM job_run WHERE job = 'remind'") == 1


@on_postgres
async def test_one_killed_before_the_server_has_the_letter_is_stood_in_for(
    box: Mailbox, addresses: list[str], tmp_path: Path
) -> None:
    reached, over = threading.Event(), threading.Event()

    def wait_at_the_first(stage: str, _address: str) -> str:
        if stage == "RCPT" and not reached.is_set():
            reached.set()
            over.wait(20)
        return ""

    box.answer = wait_at_the_first
    dying = start(tmp_path, box, SEVEN)
    assert await asyncio.to_thread(reached.wait, 20)
    await kill(dying)
    over.set()
    await finish(*(start(tmp_path, box, SEVEN + timedelta(minutes=1)) for _ in range(2)))
    assert box.to == []  # the lease of the dead still holds
    after = SEVEN + LEASE + timedelta(minutes=1)
    await finish(*(start(tmp_path, box, after) for _ in range(3)))
    assert box.to == addresses
    assert await reminders() == Counter({1: 3})


async def test_a_task_that_ends_in_the_middle_is_stood_in_for(
    box: Mailbox, addresses: list[str]
) -> None:
    """The same within one process, as on SQLite: two tasks, one cancelled while it sends."""

    reached, over = threading.Event(), threading.Event()

    def refuse_the_first(stage: str, _address: str) -> str:
        if stage == "RCPT" and not reached.is_set():
            reached.set()
            over.wait(20)
            return "451 the line is cut"
        return ""

    box.answer = refuse_the_first
    with clock.frozen(SEVEN):
        assert sorted(await asyncio.gather(run_job(JOB), run_job(JOB))) == [False, True]
        dying = asyncio.create_task(send_deliveries())
        assert await asyncio.to_thread(reached.wait, 20)
        dying.cancel()
        over.set()
        await asyncio.gather(dying, return_exceptions=True)
        assert await send_deliveries() == ""
    with clock.frozen(SEVEN + LEASE):
        await asyncio.gather(send_deliveries(), send_deliveries())
    assert box.to == addresses
    assert await reminders() == Counter({1: 3})
