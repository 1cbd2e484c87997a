"""A phone that may lose its network, its power and its user, and the server that it reaches.

The phone is a Chromium with a profile of its own (`launch_persistent_context`): what it keeps is
there again after it was switched off. `phone_of` opens one; the server is a real one on this test's
copy of the world.
"""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, Page, Playwright, async_playwright, expect
from playwright.async_api import Error as PlaywrightError

from demo.cast import HAN, NGHI, Player
from kit.database import run, value
from tests.browser.conftest import PATIENCE, VIEWPORTS, complaint, sign_in
from tests.servers import chromium
from tests.sessions.classroom import Classroom, a_classroom
from tests.world import id_of

UONG, QUYNH = "Nguyễn Thị Ưởng", "Đặng Văn Quỳnh"
SYNC = "**/api/v1/visits/sync"
NO_SYNC = "delete globalThis.ServiceWorkerRegistration?.prototype.sync"
"""For a page: the browser never sends by itself, as most browsers do not."""


@dataclass
class Phone:
    """A phone in somebody's hand."""

    playwright: Playwright
    profile: Path
    address: str
    faults: list[str] = field(default_factory=list)
    context: BrowserContext | None = None
    page_of_it: Page | None = None

    @property
    def web(self) -> BrowserContext:
        """The running browser."""
        assert self.context
        return self.context

    @property
    def page(self) -> Page:
        """The page in sight."""
        assert self.page_of_it
        return self.page_of_it

    async def switch_on(self, **more: Any) -> None:
        """Start the browser on what the profile holds."""
        width, height = VIEWPORTS["phone"]
        options: dict[str, Any] = {
            "executable_path": chromium(),
            "args": ["--no-sandbox"] if os.geteuid() == 0 else [],
            "base_url": self.address,
            "viewport": {"width": width, "height": height},
            "locale": "vi",
            "timezone_id": "Asia/Ho_Chi_Minh",
            "has_touch": True,
            "is_mobile": True,
            **more,
        }
        launch = self.playwright.chromium.launch_persistent_context
        self.context = await launch(str(self.profile), **options)
        self.context.set_default_timeout(PATIENCE)
        self.page_of_it = self.context.pages[0] if self.context.pages else await self.new_page()
        self.listen(self.page)

    def listen(self, page: Page) -> None:
        """A page that throws fails the test that opened it."""
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda message: self.faults.extend(complaint(message)))

    async def new_page(self) -> Page:
        """Another tab."""
        page = await self.web.new_page()
        self.listen(page)
        return page

    async def switch_off(self) -> None:
        """Close the browser in peace."""
        if self.context:
            await self.context.close()
        self.context = None

    async def die(self) -> None:
        """Kill the browser at once, as an empty battery does."""
        needle = f"--user-data-dir={self.profile}"
        for process in Path("/proc").glob("[0-9]*"):
            try:
                told = (process / "cmdline").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue  # it ended while we looked
            if needle in told:
                os.kill(int(process.name), signal.SIGKILL)
        with suppress(PlaywrightError):  # the browser is gone already: that was meant
            await self.switch_off()
        self.context = None
        (self.profile / "SingletonLock").unlink(missing_ok=True)

    async def let_in(self, player: Player, language: str = "vi") -> None:
        """Sign a player in and wait until the phone can do without network."""
        await sign_in(self.web, player, language)
        await self.page.goto("/")
        await self.until(READY)

    async def until(self, question: str) -> None:
        """Wait until the page answers a question with yes."""
        async with asyncio.timeout(PATIENCE / 1000):
            while not await self.page.evaluate(question):
                await asyncio.sleep(0.05)

    async def lose_network(self, lost: bool = True) -> None:
        """Cut the network, or give it back."""
        await self.web.set_offline(lost)

    async def open(self, head: str = UONG) -> None:
        """Open the form of a household, as the list of the shell does."""
        home = await id_of(head)
        await self.page.goto("/m/outbox")
        await self.page.goto(f"/m/log#{home}")
        await self.page.locator("form[data-visit]").wait_for()

    async def tap(self, name: str, value: str) -> None:
        """Tap a tile."""
        await self.page.locator(f'.tile:has([name="{name}"][value="{value}"])').tap()

    async def fill(self, *services: str) -> None:
        """Tell of a visit at home, with consent; services are `code:outcome`."""
        await self.tap("met", "home")
        await self.tap("consent", "consent")
        for service in services or ("vneid_2:assisted",):
            code, _, outcome = service.partition(":")
            others = self.page.locator("details.others:not([open])")
            if await others.locator(f'[data-service="{code}"]').count():
                await others.locator("summary").first.tap()
            await self.tap("service", code)
            await self.tap(f"outcome.{code}", outcome)

    async def save(self) -> None:
        """Tap the button and wait until the phone says that it has it."""
        await self.page.locator(".visit-save button").tap()
        await self.page.locator(".saved:not([hidden])").wait_for()

    async def log(self, head: str = UONG, *services: str) -> None:
        """Log a visit whole."""
        await self.open(head)
        await self.fill(*services)
        await self.save()

    async def told(self, text: str) -> None:
        """Wait until the tag in the bar says something."""
        tag = self.page.locator("[data-state]")
        await expect(tag).to_contain_text(text)
        await expect(tag).to_be_visible()

    async def stores(self) -> dict[str, list[Any]]:
        """All that IndexedDB holds."""
        found: dict[str, list[Any]] = await self.page.evaluate(STORES)
        return found

    async def outbox(self) -> list[dict[str, Any]]:
        """The records that are not sent."""
        return (await self.stores())["outbox"]

    async def flush(self) -> str:
        """Send now; why it did not work, or nothing."""
        said: str = await self.page.evaluate("toso.flush(true)")
        return said


READY = """async () => {
  if (!("ready" in document.documentElement.dataset)) return false;
  const worker = await navigator.serviceWorker.getRegistration();
  return Boolean(worker?.active) && Boolean(await toso.kv("snapshot"));
}"""
STORES = """async () => {
  const base = await toso.db(), found = {};
  for (const name of base.objectStoreNames) found[name] = await base.getAll(name);
  return found;
}"""
PhoneOf = Callable[..., Awaitable[Phone]]


@pytest.fixture
async def phone_of(address: str) -> AsyncIterator[PhoneOf]:
    """Opens a phone for a player; several calls are several phones."""
    phones: list[Phone] = []
    async with async_playwright() as playwright:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:

            async def open_phone(
                player: Player | None = HAN, at: str = address, **more: Any
            ) -> Phone:
                phone = Phone(playwright, Path(folder) / f"phone-{len(phones)}", at)
                phones.append(phone)
                await phone.switch_on(**more)
                if player:
                    await phone.let_in(player)
                return phone

            yield open_phone
            for phone in phones:
                await phone.switch_off()
    faults = [fault for phone in phones for fault in phone.faults]
    assert not faults, faults


class Wire:
    """What lies between a phone and the server, and may go dead, or carry answers so many seconds
    late, while all stay connected."""

    def __init__(self, address: str) -> None:
        self.host, _, port = address.removeprefix("http://").partition(":")
        self.port, self.address, self.dead, self.late = int(port), "", False, 0.0
        self.ends: set[asyncio.StreamWriter] = set()

    async def join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Carry what a phone says to the server, and back unless the wire is dead."""
        answers, server = await asyncio.open_connection(self.host, self.port)
        self.ends |= {writer, server}
        with suppress(ConnectionError):  # either may hang up whenever it likes
            await asyncio.gather(self._carry(reader, server), self._carry(answers, writer, True))

    async def _carry(
        self, said: asyncio.StreamReader, to: asyncio.StreamWriter, back: bool = False
    ) -> None:
        while piece := await said.read(65_536):
            await asyncio.sleep(self.late if back else 0)
            if not (back and self.dead):
                to.write(piece)
                await to.drain()
        to.close()

    def heal(self) -> None:
        """Let it carry again; whoever waited for a swallowed answer is cut off."""
        self.dead = False
        for end in self.ends:
            end.close()
        self.ends.clear()


@pytest.fixture
async def wire(address: str) -> AsyncIterator[Wire]:
    """A wire to the server of this test; phones that are opened `at` its address use it."""
    between = Wire(address)
    listening = await asyncio.start_server(between.join, between.host, 0)
    between.address = f"http://{between.host}:{listening.sockets[0].getsockname()[1]}"
    yield between
    listening.close()
    between.heal()


async def visits() -> int:
    """How many visits the server has."""
    return int(await value("SELECT count(*) AS n FROM visit"))


async def expire() -> None:
    """End every sign-in, as time does."""
    await run("UPDATE sign_in SET ended_at = made_at WHERE ended_at IS NULL")


ROLL_READY = """async () => {
  if (!("ready" in document.documentElement.dataset)) return false;
  return Boolean((await navigator.serviceWorker.getRegistration())?.active);
}"""


@pytest.fixture
async def room(address: str) -> Classroom:
    """A session of today with three people."""
    assert address
    return await a_classroom()


@pytest.fixture
async def phone(phone_of: PhoneOf, room: Classroom) -> Phone:
    """Nghị's phone with the roll open."""
    held = await phone_of(None)
    await called(held, room)
    return held


async def called(phone: Phone, room: Classroom) -> None:
    """Sign Nghị in and open the roll."""
    await sign_in(phone.web, NGHI, "vi")
    await roll(phone, room)


async def roll(phone: Phone, room: Classroom) -> None:
    """Open the roll."""
    await phone.page.goto(f"/sessions/{room.meeting}/attendance")
    await phone.until(ROLL_READY)
