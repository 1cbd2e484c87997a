"""A network that hangs, a browser that sends by itself, a sign-in that changed on the way."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from playwright.async_api import CDPSession, expect

from demo.cast import HAN
from kit.database import run
from tests.browser.conftest import sign_in
from tests.browser.offline.conftest import (
    QUYNH,
    UONG,
    Phone,
    PhoneOf,
    Wire,
    expire,
    visits,
)
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_a_hung_network_is_given_up_after_fifteen_seconds_and_loses_nothing(
    phone_of: PhoneOf, wire: Wire
) -> None:
    """The visit arrives, but no answer ever comes back: the phone must not wait for ever."""
    phone = await phone_of(HAN, at=wire.address)
    await phone.open(UONG)
    await phone.fill("vneid_2:assisted")
    wire.dead = True
    began = time.monotonic()
    await phone.save()
    assert time.monotonic() - began < 3
    assert "Đã lưu trên máy" in await phone.page.locator(".saved").inner_text()
    async with asyncio.timeout(25):
        while (await phone.page.evaluate("toso.counts()"))["trouble"] != "network":
            await asyncio.sleep(0.1)
    assert 13 < time.monotonic() - began < 20
    assert len(await phone.outbox()) == 1
    assert await visits() == 1
    began = time.monotonic()
    await phone.page.goto("/me")  # any page hangs; after four seconds the shell stands in
    await phone.page.locator("html[data-shell]").wait_for(state="attached")
    assert 3 < time.monotonic() - began < 8
    wire.heal()
    async with asyncio.timeout(25):
        assert await phone.flush() == ""
    assert await phone.outbox() == []
    assert await visits() == 1


async def test_a_page_that_is_only_slow_may_be_waited_for(phone_of: PhoneOf, wire: Wire) -> None:
    """The shell that stands in says why, and lets its reader wait on instead of giving up again."""
    phone = await phone_of(HAN, at=wire.address)
    wire.late = 7
    await phone.page.goto("/me")
    news = phone.page.locator("[data-instead]")
    await expect(news).to_contain_text("Mạng chậm hoặc đang mất")
    await news.get_by_role("button", name="Chờ tải trang").tap()
    await asyncio.sleep(5)
    wire.late = 0
    await expect(phone.page.locator("h1")).to_contain_text(HAN.name)
    assert await news.count() == 0  # the page itself
    wire.dead = True
    await phone.page.goto(f"/households/{await id_of(UONG)}/visits/new")
    await phone.page.locator("form[data-visit][data-shell]:visible").wait_for()
    await expect(news).to_be_hidden()  # the form is all that was asked for


async def registered(phone: Phone) -> tuple[CDPSession, dict[str, Any]]:
    """A line to the browser itself, and what names our worker there."""
    line, found = await phone.web.new_cdp_session(phone.page), asyncio.Event()
    names: list[str] = []

    def note(told: dict[str, Any]) -> None:
        names.extend(str(one["registrationId"]) for one in told["registrations"])
        found.set()

    line.on("ServiceWorker.workerRegistrationUpdated", note)
    await line.send("ServiceWorker.enable")
    await asyncio.wait_for(found.wait(), 8)
    sync = {"origin": phone.address, "registrationId": names[0], "tag": "outbox"}
    return line, {**sync, "lastChance": False}


async def test_the_browser_sends_by_itself_when_every_page_is_closed(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await phone.page.goto("about:blank")
    await phone.lose_network(False)
    line, sync = await registered(phone)
    await line.send("ServiceWorker.dispatchSyncEvent", sync)
    async with asyncio.timeout(8):
        while not await visits():
            await asyncio.sleep(0.05)
    await phone.page.goto("/m/outbox")
    await phone.told("Đã gửi")
    assert await phone.outbox() == []


async def test_a_page_and_the_browsers_own_sync_at_once_send_once(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await phone.log(QUYNH, "vneid_2:assisted")
    line, sync = await registered(phone)
    await phone.lose_network(False)
    sending = [line.send("ServiceWorker.dispatchSyncEvent", sync) for _ in range(2)]
    said = await asyncio.gather(phone.page.evaluate("toso.flush(true)"), *sending)
    assert said[0] == ""
    assert await phone.flush() == ""
    assert await phone.outbox() == []
    assert await visits() == 2
    received = await run("SELECT count(*) AS n FROM audit_line WHERE action = 'visit.log'")
    assert received[0]["n"] == 2


async def test_a_sign_in_renewed_between_save_and_send_changes_nothing(phone_of: PhoneOf) -> None:
    """The cookie of the save is dead by the time of sending; no token was baked into anything."""
    phone = await phone_of(HAN)
    before = {cookie.get("name"): cookie.get("value") for cookie in await phone.web.cookies()}
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await expire()
    await phone.web.clear_cookies()
    await sign_in(phone.web, HAN, "vi")
    after = {cookie.get("name"): cookie.get("value") for cookie in await phone.web.cookies()}
    assert before.keys() & after.keys()
    assert before.items() & after.items() == set()
    await phone.lose_network(False)
    await phone.told("Đã gửi")
    assert await visits() == 1
