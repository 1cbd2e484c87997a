"""What machines ask: alive, ready, how it is doing; and a log that names nobody."""

from __future__ import annotations

import logging

import httpx
import pytest

from app import app
from demo.cast import CAST, HOA
from kit.database import run
from kit.logs import JsonLines
from kit.settings import settings
from tests.programs import V1, all_items, client, program
from tests.visitor import ADDRESS, visit
from tests.world import MEMBERS, WITHOUT_TEAM, id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def from_address(address: str, **headers: str) -> httpx.AsyncClient:
    """A client whose packets come from an address."""
    transport = httpx.ASGITransport(app=app, client=(address, 5000))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url=ADDRESS, headers=headers)


async def status(path: str, address: str, **headers: str) -> int:
    """How a path answers an address."""
    async with from_address(address, **headers) as machine:
        return (await machine.get(path)).status_code


async def test_alive_and_ready() -> None:
    async with client(None) as machine:
        assert (await machine.get("/healthz")).text == "ok\n"
        assert (await machine.get("/readyz")).text == "ready\n"


async def test_a_database_that_lacks_a_migration_is_not_ready() -> None:
    await run("DELETE FROM migration WHERE app_name = 'teams'")
    assert await status("/readyz", "127.0.0.1") == 503


async def test_counters_are_for_this_machine() -> None:
    assert await status("/metrics", "127.0.0.1") == 200
    assert await status("/metrics", "::1") == 200
    assert await status("/metrics", "10.0.0.7") == 404


async def test_what_a_proxy_passes_on_does_not_come_from_here() -> None:
    forwarded = {"x-forwarded-for": "10.0.0.7"}
    assert await status("/metrics", "127.0.0.1", **forwarded) == 404
    assert (
        await status("/metrics", "127.0.0.1", **{"x-forwarded-for": "127.0.0.1, 10.0.0.7"}) == 404
    )
    assert await status("/metrics", "10.0.0.7", **{"x-forwarded-for": "127.0.0.1"}) == 404


async def test_a_token_opens_the_counters_from_afar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "metrics_token", "đếm-lượt")
    async with from_address("10.0.0.7") as machine:
        sent = [(b"authorization", "Bearer đếm-lượt".encode())]
        assert (await machine.get("/metrics", headers=sent)).status_code == 200
    monkeypatch.setattr(settings(), "metrics_token", "dem-luot")
    assert await status("/metrics", "10.0.0.7", authorization="Bearer dem-luot") == 200
    for wrong in ("Bearer ", "Bearer x", "Bearer", "", "dem-luot", "Basic dem-luot"):
        assert await status("/metrics", "10.0.0.7", authorization=wrong) == 404


async def test_counters_count_by_route_and_name_nobody() -> None:
    async with await program(HOA) as hoa:
        await hoa.get(f"{V1}/persons/{await id_of('Cao Thị Ánh')}")
    async with from_address("127.0.0.1") as machine:
        text = (await machine.get("/metrics")).text
    assert 'method="GET",route="/api/v1/persons/{person}",status="200"' in text
    assert "toso_request_seconds_bucket" in text
    assert str(await id_of("Cao Thị Ánh")) not in text


class Lines(logging.Handler):
    """Keeps every line as it would be written."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self.lines.append(JsonLines().format(record))


async def test_no_line_of_the_log_holds_a_name_a_phone_or_a_note() -> None:
    root, kept = logging.getLogger(), Lines()
    before = root.level, logging.getLogger("toso").level
    root.addHandler(kept)
    root.setLevel(logging.INFO)
    logging.getLogger("toso").setLevel(logging.INFO)
    try:
        await crawl()
    finally:
        root.removeHandler(kept)
        root.setLevel(before[0])
        logging.getLogger("toso").setLevel(before[1])
    assert sum('"event": "request"' in line for line in kept.lines) >= 10
    text = "\n".join(line for line in kept.lines if '"log": "httpx"' not in line)
    for secret in secrets():
        assert secret not in text, secret


async def crawl() -> None:
    """Ask for people, by name and by phone, as pages and as JSON; rightly and wrongly."""
    async with await program(HOA) as hoa:
        for path in ("/persons", "/memberships", "/teams", "/areas"):
            await all_items(hoa, path)
        for q in ("Cao Thị Ánh", "0900000101", "Trâm"):
            await hoa.get(f"{V1}/persons", params={"q": q})
        body = {"name": "Cao Thị Ánh", "phone": "0900000101", "organisation": "Ghi chú kín"}
        await hoa.post(f"{V1}/persons", json=body)
        await hoa.post(f"{V1}/persons", json={**body, "sex": "Ghi chú kín"})
    async with await visit(None) as stranger:
        typed = {"phone": "0900000101", "password": "Ghi chú kín"}
        await stranger.post("/sign-in", typed)
        await stranger.get("/sign-in/Ghi-chu-kin")


def secrets() -> list[str]:
    """What must never be logged."""
    members = [(name, phone) for team in MEMBERS.values() for name, _, phone, _ in team]
    people = members + [(name, phone) for name, _, phone in WITHOUT_TEAM]
    names = [name for name, _ in people] + [player.name for player in CAST]
    return [*names, *[phone[1:] for _, phone in people], "Ghi chú kín", "Ghi-chu-kin", "%C3%81nh"]
