"""A real server on this test's own copy of the world, and a real Chromium to look at it.

    pytestmark = [pytest.mark.anyio, pytest.mark.browser]

    async def test_something(page_as: PageAs) -> None:
        page = await page_as(TAM)
        await page.goto("/board")

A test may ask the database too (`await id_of("Ấp 1")`): it is the one that the server works on.
A page that throws an error or breaks the content security policy fails the test that opened it.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import IO, Literal, Protocol

import httpx
import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    async_playwright,
    expect,
)

from demo.cast import Player
from kit.database import run
from kit.phones import phone_e164
from kit.settings import ROOT
from people.accounts.queries import find_account_by_phone
from people.permissions import MACHINE
from people.sign_ins.commands import make_link
from tests.databases import Databases
from tests.servers import chromium, free_port

Viewport = Literal["phone", "tablet", "pc"]
Theme = Literal["light", "dark"]
VIEWPORTS = {"phone": (360, 740), "tablet": (820, 1180), "pc": (1280, 800)}
SLOWEST_START = 90.0  # seconds until the server must answer
OUTSIDE = ("Failed to load resource", "htmx: htmx:error: Failed to fetch")
PATIENCE = 15_000.0  # milliseconds until a step or an expectation of a test fails
expect.set_options(timeout=PATIENCE)


class PageAs(Protocol):
    """Opens a page for a player, signed in by a one-time link; None is a stranger.

    Each call is a browser context of its own: two calls are two people at two machines.
    """

    async def __call__(
        self,
        player: Player | None,
        viewport: Viewport = "pc",
        theme: Theme = "light",
        *,
        language: str = "vi",
        javascript: bool = True,
    ) -> Page: ...


@pytest.fixture(scope="session")
async def browser(anyio_backend: str) -> AsyncIterator[Browser]:
    """The one Chromium of this run."""
    assert anyio_backend == "asyncio"
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=chromium(), args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        yield started
        await started.close()


@contextmanager
def serving(database_url: str, port: int, log: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A server process on a database, for as long as the context lasts."""
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--port", str(port)]
    server = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--workers", "1", "app:app"],
        cwd=ROOT,
        env={**os.environ, "TOSO_DATABASE_URL": database_url},
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(timeout=10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


async def answers(address: str, server: subprocess.Popen[bytes]) -> bool:
    """Whether the server answers before it dies or the patience ends."""
    last = time.monotonic() + SLOWEST_START
    async with httpx.AsyncClient(base_url=address) as client:
        while server.poll() is None and time.monotonic() < last:
            try:
                return (await client.get("/healthz")).is_success
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    return False


@pytest.fixture
async def address(world: Databases) -> AsyncIterator[str]:
    """Where the app is served from this test's copy of the world."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryFile() as log, serving(world.url, port, log) as server:
        if not await answers(base, server):
            log.seek(0)
            pytest.fail(f"The server did not start:\n{log.read().decode()}")
        yield base


@pytest.fixture
async def page_as(browser: Browser, address: str) -> AsyncIterator[PageAs]:
    """See PageAs."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    async def open_page(
        player: Player | None,
        viewport: Viewport = "pc",
        theme: Theme = "light",
        *,
        language: str = "vi",
        javascript: bool = True,
    ) -> Page:
        width, height = VIEWPORTS[viewport]
        context = await browser.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale=language,
            java_script_enabled=javascript,
            has_touch=viewport != "pc",
            is_mobile=viewport != "pc",
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        if player:
            await sign_in(context, player, language)
        page = await context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.extend(complaint(message)))
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert not faults, faults


async def sign_in(context: BrowserContext, player: Player, language: str) -> None:
    """Let a context in as a player, by a one-time link as a coordinator would make it."""
    account = await find_account_by_phone(phone_e164(player.phone))
    await run("UPDATE account SET language = {} WHERE id = {}", language, account.id)
    link = await make_link(MACHINE, account.id)
    answer = await context.request.post(f"/sign-in/{link}", max_redirects=0)
    assert answer.status == 303, await answer.text()


def complaint(message: ConsoleMessage) -> list[str]:
    """What the browser complains about; an answer of 4xx alone is no fault of the page, nor is a
    network that was cut."""
    if message.type != "error" or message.text.startswith(OUTSIDE):
        return []
    return [message.text]
