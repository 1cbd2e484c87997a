"""What was acknowledged is there, once, whatever becomes of the server or its disk."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from demo.cast import HAN
from kit.database import DB, new_id, run
from kit.sqlite import LocalSQLite
from teams.visits.totals import count_wrong_last_met, count_wrong_totals
from tests.conftest import ENGINE
from tests.program import Toso, this_database
from tests.programs import bearer, client, is_problem
from tests.servers import free_port
from tests.teams.visits.doors import HY, QUYNH, UONG, as_record, how_many_visits
from tests.visitor import token_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
SYNC = "/api/v1/visits/sync"
ROUNDS = 20
NURSERY = """
import os, sys
from app import main
for port in sys.stdin:
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(0, 1)
        main(["serve", "--port", port.strip()], prog_name="toso")
    print(child, flush=True)
    os.waitpid(child, 0)
"""
"""A process that has read the program once and becomes a server as often as a port is named: the
reading takes longer than a round."""
CLIENTS = 6


async def queue(count: int) -> list[list[dict[str, Any]]]:
    """Calls of one, two or three visits that wait on phones."""
    records = [await as_record(head) for head in (UONG, QUYNH, HY)]
    return [
        [{**records[n % 3], "id": str(new_id())} for n in range(1 + call % 3)]
        for call in range(count)
    ]


async def send_all(url: str, token: str, calls: list[Any], told: dict[str, str]) -> None:
    """Send the calls as fast as the server lets us, until it is gone; note what it acknowledged."""

    async def phone() -> None:
        async with httpx.AsyncClient(
            base_url=url, timeout=5, headers={"authorization": f"Bearer {token}"}
        ) as http:
            while calls:
                answer = await http.post(SYNC, json={"visits": calls.pop()})
                assert answer.status_code == 200, answer.text
                told.update({r["id"]: r["status"] for r in answer.json()["results"]})

    await asyncio.gather(*(phone() for _ in range(CLIENTS)), return_exceptions=True)


async def stored() -> set[str]:
    """The visits that are there, each once and whole: read in one statement, for what was in
    flight when a server died may still be committed."""
    found = await run(
        "SELECT v.id, count(*) AS lines, count(p.visit) AS p, count(s.visit) AS s,"
        " count(c.visit) AS c, count(a.subject) AS a FROM visit v"
        " LEFT JOIN participant p ON p.visit = v.id LEFT JOIN support s ON s.visit = v.id"
        " LEFT JOIN consent c ON c.visit = v.id"
        " LEFT JOIN audit_line a ON a.subject = v.id AND a.action = 'visit.log' GROUP BY v.id"
    )
    halves = [one for one in found if {one[part] for part in ("lines", *"psca")} != {1}]
    assert halves == []
    return {str(one["id"]) for one in found}


@contextmanager
def nursery(toso: Toso) -> Iterator[Callable[[], tuple[int, str]]]:
    """Servers one after another; each call gives the process and the address of a new one."""
    command = [sys.executable, "-c", NURSERY]
    with subprocess.Popen(
        command,
        env=toso.environment,
        cwd=toso.folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as mother:
        assert mother.stdin
        assert mother.stdout
        pipes = mother.stdin, mother.stdout

        def bear() -> tuple[int, str]:
            port = free_port()
            print(port, file=pipes[0], flush=True)
            return int(pipes[1].readline()), f"http://127.0.0.1:{port}"

        try:
            yield bear
        finally:
            mother.kill()


async def answers(url: str) -> None:
    """Wait until a server does."""
    async with httpx.AsyncClient() as http:
        for _ in range(2000):
            try:
                await http.get(f"{url}/healthz")
            except httpx.TransportError:
                await asyncio.sleep(0.01)
            else:
                return
    raise AssertionError("the server did not start")


async def test_kill_9_under_load_loses_no_visit_and_doubles_none(tmp_path: Path) -> None:
    toso, token, told = Toso(tmp_path, this_database()), await bearer(HAN), dict[str, str]()
    unsent: list[Any] = []
    with nursery(toso) as bear:
        for lap in range(ROUNDS):
            calls, before = [*await queue(100), *unsent], len(told)
            waiting = list(calls)
            process, url = bear()
            await answers(url)
            load = asyncio.create_task(send_all(url, token, calls, told))
            while len(told) < before + 10 + lap and not load.done():
                await asyncio.sleep(0.002)
            os.kill(process, signal.SIGKILL)
            await load
            assert calls, "the load ended before the server did"
            unsent = [c for c in waiting if any(one["id"] not in told for one in c)][-CLIENTS:]
            assert set(told) <= await stored()
    assert set(told.values()) <= {"created", "duplicate"}
    assert await count_wrong_totals() == await count_wrong_last_met() == 0
    toso.works("doctor")


async def refused_and_whole(record: dict[str, Any], token: str) -> None:
    """A visit is sent to a store that takes nothing: a 503 in words, and nothing half-written."""
    async with client(token) as phone:
        problem = is_problem(await phone.post(SYNC, json={"visits": [record]}), 503)
    assert "Chưa có gì thay đổi" in problem["detail"]


@pytest.mark.skipif(ENGINE != "sqlite", reason="a file of SQLite is meant")
async def test_a_read_only_file_is_a_503_and_the_phone_keeps_its_visit() -> None:
    assert isinstance(DB, LocalSQLite)
    record, token = await as_record(UONG), await bearer(HAN)
    DB.writer().execute("PRAGMA query_only = ON")
    await refused_and_whole(record, token)
    DB.writer().execute("PRAGMA query_only = OFF")
    assert await how_many_visits() == 0
    async with client(token) as phone:
        assert (await phone.post(SYNC, json={"visits": [record]})).status_code == 200
    assert await stored() == {record["id"]}


@pytest.mark.skipif(ENGINE != "sqlite", reason="a file of SQLite is meant")
async def test_a_full_disk_is_a_503_and_nothing_is_half_written() -> None:
    assert isinstance(DB, LocalSQLite)
    token, record = await bearer(HAN), await as_record(UONG, note="Dài " * 120)
    pages = next(iter(DB.writer().execute("PRAGMA page_count").fetchone().values()))
    DB.writer().execute(f"PRAGMA max_page_count = {pages}")
    async with client(token) as phone:
        sent = [{**record, "id": str(new_id())} for _ in range(200)]
        answers = [await phone.post(SYNC, json={"visits": [one]}) for one in sent]
    full = [n for n, answer in enumerate(answers) if answer.status_code != 200]
    assert full
    for n in full:
        is_problem(answers[n], 503)
    assert len(await stored()) == await how_many_visits() == len(sent) - len(full)
    assert await count_wrong_totals() == 0
    DB.writer().execute("PRAGMA max_page_count = 1000000")
    async with client(token) as phone:
        again = await phone.post(SYNC, json={"visits": [sent[full[0]]]})
    assert again.json()["results"][0]["status"] == "created"


@pytest.mark.skipif(ENGINE != "postgres", reason="a PostgreSQL is meant")
async def test_a_read_only_server_is_a_503_and_the_phone_keeps_its_visit(tmp_path: Path) -> None:
    record, token = await as_record(UONG), await token_of(HAN)
    admin = await asyncpg.connect(this_database())
    name = await admin.fetchval("SELECT current_database()")
    await admin.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    with Toso(tmp_path, this_database()).serving("serve") as server:
        async with httpx.AsyncClient(base_url=server.url, cookies={"toso": token}) as phone:
            problem = is_problem(await phone.post(SYNC, json={"visits": [record]}), 503)
    assert "Chưa có gì thay đổi" in problem["detail"]
    await admin.execute(f"ALTER DATABASE {name} RESET default_transaction_read_only")
    await admin.close()
    assert await how_many_visits() == 0
