"""The roll call where one overtakes another: two windows, a slow answer, a name half typed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, Route, expect

from demo.cast import NGHI
from kit import clock
from kit.database import run, value
from tests.browser.offline.conftest import Phone, called, roll
from tests.browser.offline.test_roll_call import marks, tap
from tests.browser.offline.test_sharing import FULL
from tests.sessions.classroom import ANH, Classroom, mark, states
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]
SENDING = "**/api/v1/sessions/*/attendance"


async def row_of(page: Page, name: str) -> Locator:
    """Somebody's row."""
    return page.locator(f"#p-{await id_of(name)}")


async def another_window(phone: Phone, room: Classroom) -> Page:
    """The roll once more, on the same phone."""
    page = await phone.new_page()
    await page.goto(f"/sessions/{room.meeting}/attendance")
    await page.locator("html[data-ready]").wait_for(state="attached")
    return page


async def drop_what_is_sent(phone: Phone) -> None:
    """Let no tap reach the server, while pages do."""
    await phone.web.route(SENDING, lambda route: route.abort())


async def test_a_tap_after_signing_out_in_another_window_waits_for_whoever_made_it(
    phone: Phone, room: Classroom
) -> None:
    other = await phone.new_page()
    await other.goto("/m/outbox")
    await other.get_by_role("button", name="Đăng xuất", exact=True).tap()
    await other.wait_for_url("**/sign-in*")
    await tap(phone, ANH, "present")
    await expect(await row_of(phone.page, ANH)).to_contain_text("Đã lưu trên máy")
    [record] = await phone.outbox()
    assert record["author"] == str(await id_of(NGHI.name))
    await called(phone, room)
    await phone.told("Đã gửi")
    assert (await marks(), (await states(room))[ANH]) == (1, "present")


async def test_a_full_phone_sends_the_tap_that_it_cannot_keep(
    phone: Phone, room: Classroom
) -> None:
    await phone.page.evaluate(FULL)
    await tap(phone, ANH, "present")
    await expect(phone.page.locator(".toast")).to_be_visible()
    assert (await states(room))[ANH] == "present"


SLOW_STORE = """const query = LockManager.prototype.query;
LockManager.prototype.query = function () {
  return new Promise((go) => setTimeout(go, 3_000)).then(() => query.call(this)); };"""


async def test_a_tap_before_the_store_is_open_is_kept_in_it(phone: Phone, room: Classroom) -> None:
    await phone.page.add_init_script(SLOW_STORE)
    await phone.page.goto(f"/sessions/{room.meeting}/attendance")
    await phone.lose_network()
    await tap(phone, ANH, "present")
    await phone.told("Chờ gửi 1")
    assert [record["head"] for record in await phone.outbox()] == [ANH]


async def test_a_name_half_typed_stays_while_an_earlier_tap_waits(
    phone: Phone, room: Classroom
) -> None:
    await drop_what_is_sent(phone)
    await tap(phone, ANH, "absent")
    await phone.told("Chờ gửi 1")
    await roll(phone, room)
    row = await row_of(phone.page, ANH)
    await row.locator("label:has([value=substitute])").tap()
    await row.locator("[name=substitute_name]").press_sequentially("Lê Văn")
    await phone.page.evaluate("toso.tell('sent')")  # as any window does, and any clock
    await asyncio.sleep(0.3)
    await expect(row.locator("[name=substitute_name]")).to_have_value("Lê Văn")
    await row.locator("[name=substitute_name]").press_sequentially(" Dự")
    await phone.web.unroute_all(behavior="ignoreErrors")
    await row.locator("[name=substitute_name]").press("Tab")
    await phone.told("Đã gửi")
    assert (await states(room))[ANH] == "substitute"


async def test_what_waits_is_shown_whole_not_its_kind_alone(phone: Phone, room: Classroom) -> None:
    await mark(await who_is(NGHI), room, ANH, "late", minutes=10)
    await roll(phone, room)
    await drop_what_is_sent(phone)
    minutes = (await row_of(phone.page, ANH)).locator("[name=minutes]")
    await minutes.fill("25")
    await minutes.press("Tab")
    await phone.told("Chờ gửi 1")
    await roll(phone, room)
    await expect(minutes).to_have_value("25")


async def test_a_refusal_that_comes_after_the_next_tap_is_no_more_told(
    phone: Phone, room: Classroom
) -> None:
    async def dawdle(route: Route) -> None:
        await asyncio.sleep(0.6)
        await route.continue_()

    await phone.web.route(SENDING, dawdle)
    row = await row_of(phone.page, ANH)
    await tap(phone, ANH, "late")
    await row.locator("[name=minutes]").fill("999")
    await row.locator("[name=minutes]").press("Tab")
    await tap(phone, ANH, "present")
    await phone.until("toso.counts().then((now) => now.waiting === 0)")
    await phone.told("Đã gửi")
    assert (await phone.outbox(), (await states(room))[ANH]) == ([], "present")
    await expect(row.locator("[value=present]")).to_be_checked()
    await expect(row.locator(".wrong")).to_have_count(0)
    await expect(phone.page.locator("#counts")).to_contain_text("Có mặt 1")


async def test_of_two_windows_both_show_the_last_tap(phone: Phone, room: Classroom) -> None:
    other, here = await another_window(phone, room), await row_of(phone.page, ANH)
    counts = phone.page.locator("#counts")
    await phone.lose_network()
    await tap(phone, ANH, "present")
    await phone.told("Chờ gửi 1")
    await (await row_of(other, ANH)).locator("label:has([name=mark][value=absent])").tap()
    for _kept, sent in ((True, False), (False, True)):
        await phone.lose_network(not sent)
        await phone.told("Đã gửi" if sent else "Chờ gửi 2")
        await expect(here.locator("[name=mark][value=absent]")).to_be_checked()
        await expect(counts).to_contain_text("Có mặt 0")
        await expect(counts).to_contain_text("Vắng 1")
    assert (await states(room))[ANH] == "unexcused"


async def test_what_is_mended_in_another_window_is_no_fault_in_this_one(
    phone: Phone, room: Classroom
) -> None:
    row = await row_of(phone.page, ANH)
    await run("UPDATE enrolment SET since = {}", clock.today() + timedelta(days=1))
    await tap(phone, ANH, "present")
    await expect(row.locator(".wrong")).to_be_visible()
    await run("UPDATE enrolment SET since = {}", clock.today())
    other = await another_window(phone, room)
    await (await row_of(other, ANH)).locator("label:has([name=mark][value=late])").tap()
    await phone.told("Đã gửi")
    await expect(row.locator("[name=mark][value=late]")).to_be_checked()
    await expect(row.locator(".wrong")).to_have_count(0)
    await expect(phone.page.locator("#counts")).to_contain_text("Muộn 1")


async def test_the_rest_without_network_says_that_others_are_left_beyond_the_list(
    phone: Phone, room: Classroom
) -> None:
    await phone.page.goto(f"/sessions/{room.meeting}/attendance?q=cao")
    await phone.until("'ready' in document.documentElement.dataset")
    await phone.lose_network()
    await phone.page.get_by_text("Còn lại: có mặt").tap()
    await phone.page.get_by_role("button", name="Ghi 3 người có mặt").tap()
    await phone.told("Chờ gửi 1")
    await phone.page.get_by_text("Việc này cần có mạng").wait_for()


async def test_what_is_found_comes_with_its_own_counts_and_stays_fresh(
    phone: Phone, room: Classroom
) -> None:
    await phone.page.goto(f"/sessions/{room.meeting}/attendance?q=cao")
    await phone.until("'ready' in document.documentElement.dataset")
    await tap(phone, ANH, "present")
    await phone.told("Đã gửi")
    await phone.page.locator("[name=q]").fill("bui")
    counts, rows = phone.page.locator("#counts"), phone.page.locator(".roll > li")
    await expect(rows).to_contain_text(["Bùi Văn An"])
    await expect(counts).to_contain_text("Có mặt 1")
    await mark(await who_is(NGHI), room, "Bùi Văn An", "late")
    await expect(counts).to_contain_text("Muộn 1")
    await expect(rows.locator("[name=mark][value=late]")).to_be_checked()
    assert await value("SELECT count(*) FROM mark") == 2
