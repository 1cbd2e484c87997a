"""Nothing moves under the finger: what comes late, from the server or from the phone's own script,
leaves what somebody is about to tap where it was."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Locator, Route, expect

from demo.cast import HAN, NGHI
from kit.database import run
from tests.browser.conftest import PageAs
from tests.browser.offline.conftest import QUYNH, SYNC, UONG, PhoneOf
from tests.sessions.results import AN, ANH, HOANG, a_held_course, mark
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

SNAPSHOT = "**/api/v1/offline/snapshot"
AN_HOUR_AGO = (
    "toso.kv('snapshot').then((it) => toso.keep('snapshot', { ...it, at: it.at - 36e5, tag: '' }))"
)
WATCH = """new PerformanceObserver((list) => { for (const { value, sources } of list.getEntries())
  if (value > 0.01) (window.moved ??= []).push(...sources.map(({ node }) => node?.outerHTML));
}).observe({ type: "layout-shift", buffered: true })"""


class Held:
    """A road on which answers wait until they are let go."""

    def __init__(self) -> None:
        self.asked, self.free = asyncio.Event(), asyncio.Event()

    async def __call__(self, route: Route) -> None:
        """Hold what is asked."""
        self.asked.set()
        await self.free.wait()
        await route.continue_()


async def top(what: Locator) -> tuple[float, float]:
    """Where something stands."""
    box = await what.bounding_box()
    assert box
    return box["x"], box["y"]


async def test_the_kept_list_is_there_at_once_and_a_newer_one_moves_no_household(
    phone_of: PhoneOf,
) -> None:
    phone, road = await phone_of(HAN), Held()
    await phone.page.evaluate(AN_HOUR_AGO)
    first = await phone.page.evaluate("toso.kv('snapshot').then((it) => it.at)")
    await run("UPDATE household SET address = {}", "Nhà sau chợ, đi hết con hẻm bên trái " * 3)
    await phone.web.route(SNAPSHOT, road)
    await phone.page.goto("/m/log")
    await asyncio.wait_for(road.asked.wait(), 8)
    names = phone.page.locator("[data-homes] .name")
    await expect(names.first).to_be_visible()
    before = await names.all_inner_texts(), await top(names.last)
    road.free.set()
    await phone.until(f"toso.kv('snapshot').then((it) => it.at > {first})")
    await asyncio.sleep(0.3)
    assert (await names.all_inner_texts(), await top(names.last)) == before
    await phone.page.locator("#find").fill("quynh")  # who asks anew gets the newer one
    await expect(names).to_have_text([QUYNH])
    await expect(phone.page.locator("[data-homes] .meta")).to_contain_text("hết con hẻm")


async def test_the_pages_of_the_phone_stand_still_from_the_first_moment(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await phone.open(QUYNH)
    await phone.fill("portal_account:independent")
    await phone.until("async () => (await (await toso.db()).count('drafts')) === 1")
    slow = await phone.web.new_cdp_session(phone.page)
    await slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    await phone.page.add_init_script(WATCH)
    for path in ("/m/log", f"/m/log?again#{await id_of(QUYNH)}", "/m/outbox", "/me"):
        await phone.page.goto(path)
        await phone.page.locator("html[data-routed]").wait_for(state="attached")
        await asyncio.sleep(0.5)
        assert await phone.page.evaluate("window.moved") is None, path


async def test_what_became_of_a_visit_moves_no_button(phone_of: PhoneOf) -> None:
    phone, road = await phone_of(None), Held()
    await phone.let_in(HAN, "en")  # of the two languages the longer sentence
    await phone.open(UONG)
    await phone.web.route(SYNC, road)
    await phone.fill("vneid_2:assisted")
    await run("DELETE FROM household WHERE id = {}", await id_of(UONG))
    await phone.save()
    home = phone.page.locator(".saved a[href='/']")
    before = await top(home)
    road.free.set()
    await expect(phone.page.locator("[data-where]")).to_contain_text("sent it back")
    assert await top(home) == before


async def test_the_state_of_the_phone_moves_no_bell(page_as: PageAs) -> None:
    page, road = await page_as(HAN, "phone"), Held()
    await page.route("**/js/phone.*.js", road)
    await page.goto("/", wait_until="commit")
    bell = page.locator(".bell")
    before = await top(bell)
    road.free.set()
    await page.locator("[data-state]:not([hidden])").wait_for()
    assert await top(bell) == before


async def test_trainees_to_remind_move_no_class_of_today(page_as: PageAs) -> None:
    _course, meetings = await a_held_course()
    for meeting in meetings:
        await mark(meeting, {AN: "unexcused", ANH: "present", HOANG: "present"})
    page, road = await page_as(NGHI, "phone"), Held()
    await page.route("**/courses/warnings", road)
    await page.goto("/", wait_until="domcontentloaded")
    links = page.locator("main a")
    await asyncio.wait_for(road.asked.wait(), 8)
    before = [await top(link) for link in await links.all()]
    road.free.set()
    await expect(page.locator("#low")).to_contain_text("1 học viên")
    assert [await top(link) for link in await links.all()][: len(before)] == before
