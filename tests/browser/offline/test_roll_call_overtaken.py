"""The roll call where one overtakes another: two windows, a slow answer, a name half typed."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from demo.cast import NGHI
from tests.browser.offline.conftest import Phone, PhoneOf
from tests.browser.offline.test_roll_call import called, marks, tap
from tests.browser.offline.test_sharing import FULL
from tests.sessions.classroom import ANH, Classroom, a_classroom, states
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]
SENDING = "**/api/v1/sessions/*/attendance"


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
