"""Serving: it starts, it stops within three seconds, and what it acknowledged is there."""

import asyncio
import secrets
import signal
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from demo.cast import HAN
from kit import clock
from kit.database import new_id, value
from kit.phones import phone_e164
from people.accounts.queries import find_account_by_phone
from people.sign_ins.queries import token_hash
from people.tables import Link
from tests.conftest import ENGINE
from tests.program import Server, Toso, this_database

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
CLIENTS = 8


async def make_links(count: int) -> list[str]:
    """Sign-in links of Hân that wait to be used."""
    account = await find_account_by_phone(phone_e164(HAN.phone))
    tokens = [secrets.token_urlsafe(24) for _ in range(count)]
    for token in tokens:
        await Link.insert(
            Link(
                id=new_id(),
                token_hash=token_hash(token),
                account=account.id,
                made_by=None,
                made_at=clock.now(),
                expires_at=clock.now() + timedelta(minutes=15),
                used_at=None,
            )
        )
    return tokens


async def use_links(server: Server, links: list[str], acknowledged: list[str]) -> None:
    """Use the links as fast as the server lets us, until it is gone; note acknowledged cookies."""

    async def client() -> None:
        async with httpx.AsyncClient(base_url=server.url, timeout=5) as http:
            while links:
                answer = await http.post(f"/sign-in/{links.pop()}")
                assert answer.status_code == 303, answer.text
                acknowledged.append(answer.cookies["toso"])

    await asyncio.gather(*(client() for _ in range(CLIENTS)), return_exceptions=True)


async def is_written(cookie: str) -> bool:
    """Whether the sign-in that was acknowledged with a cookie is in the database."""
    sql = "SELECT id FROM sign_in WHERE token_hash = {}"
    return bool(await value(sql, token_hash(cookie)))


async def break_under_load(server: Server, number: int, after: int) -> tuple[list[str], float]:
    """Load the server, send it a signal after so many; acknowledged cookies, seconds to stop."""
    links, acknowledged = await make_links(400), list[str]()
    load = asyncio.create_task(use_links(server, links, acknowledged))
    for _ in range(4000):
        if len(acknowledged) >= after or load.done():
            break
        await asyncio.sleep(0.005)
    took = await asyncio.to_thread(server.stop, number)
    await load
    assert links, "the load ended before the server did"
    assert len(acknowledged) >= after
    return acknowledged, took


async def test_sigterm_under_load_stops_within_three_seconds(tmp_path: Path) -> None:
    toso = Toso(tmp_path, this_database())
    for number in (signal.SIGTERM, signal.SIGINT):
        with toso.serving("serve") as server:
            acknowledged, took = await break_under_load(server, number, 30)
            assert server.process.returncode == 0, server.said()
        assert took < 3
        for cookie in acknowledged:
            assert await is_written(cookie)


async def test_kill_9_under_load_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    toso = Toso(tmp_path, this_database())
    for lap in range(5):
        with toso.serving("serve") as server:
            acknowledged, _ = await break_under_load(server, signal.SIGKILL, 20 + 7 * lap)
        for cookie in acknowledged:
            assert await is_written(cookie)
    toso.works("doctor")


@pytest.mark.skipif(ENGINE == "sqlite", reason="SQLite serves from one process")
async def test_several_workers_serve_from_postgres(tmp_path: Path) -> None:
    with Toso(tmp_path, this_database()).serving("serve", "--workers", "2") as server:
        acknowledged, took = await break_under_load(server, signal.SIGTERM, 30)
    assert took < 3
    for cookie in acknowledged:
        assert await is_written(cookie)


async def test_a_backup_while_serving_is_whole(tmp_path: Path) -> None:
    toso = Toso(tmp_path, this_database())
    with toso.serving("serve") as server:
        acknowledged: list[str] = []
        load = asyncio.create_task(use_links(server, await make_links(300), acknowledged))
        await asyncio.to_thread(toso.works, "backup", "busy.zip")
        await load
        assert len(acknowledged) == 300
    copy = Toso(tmp_path, f"sqlite:///{tmp_path / 'copy.db'}")
    copy.works("restore", "busy.zip")
    copy.works("doctor")


async def test_logs_are_json_without_names(tmp_path: Path) -> None:
    with Toso(tmp_path, this_database()).serving("serve") as server:
        async with httpx.AsyncClient() as http:
            await http.get(f"{server.url}/sign-in?phone=0900100001")
        server.stop()
        said = server.said()
    assert '"route": "/sign-in"' in said
    assert "0900100001" not in said


async def test_a_port_in_use_gets_a_sentence(tmp_path: Path) -> None:
    toso = Toso(tmp_path, this_database())
    with toso.serving("serve") as server:
        port = server.url.rpartition(":")[2]
        assert "PORT" in toso.refuses("serve", "--port", port)


async def test_the_address_behind_a_proxy_is_the_device_s(tmp_path: Path) -> None:
    with Toso(tmp_path, this_database()).serving("serve") as server:
        form = {"phone": "0900 000 001", "password": "not the one"}
        async with httpx.AsyncClient(headers={"x-forwarded-for": "203.0.113.9"}) as http:
            await http.post(f"{server.url}/sign-in", data=form)
    assert await value("SELECT count(*) AS n FROM sign_in_wait WHERE key LIKE {}", "%203.0.113.9%")
