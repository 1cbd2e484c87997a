"""The roll call where the browser keeps nothing: the page itself sends, while it is open."""

from __future__ import annotations

from uuid import UUID

import pytest
from playwright.async_api import expect

from demo.cast import NGHI, TAM
from kit.database import run, value
from tests.browser.conftest import PageAs, sign_in
from tests.sessions.classroom import Classroom, a_classroom
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


@pytest.fixture
async def room(address: str) -> Classroom:
    """A session of today with three people."""
    assert address
    return await a_classroom()


NOTHING_KEPT = """Object.defineProperty(window, "indexedDB", { value: {
  open() { throw new DOMException("denied", "SecurityError"); } } });
delete crypto.randomUUID;"""


async def test_where_the_browser_keeps_nothing_the_page_itself_sends_until_it_is_heard(
    page_as: PageAs, room: Classroom
) -> None:
    """A private window, or a computer of the office that asks without https."""
    page = await page_as(NGHI, "phone")
    await page.add_init_script(NOTHING_KEPT)
    await page.goto(f"/sessions/{room.meeting}/attendance")
    first, second = page.locator(".roll > li").nth(0), page.locator(".roll > li").nth(1)
    said, counts = page.locator("#saved"), page.locator("#counts")
    await first.locator("label:has([value=present])").tap()
    await expect(page.locator(".toast")).to_be_visible()
    assert await value("SELECT count(*) FROM mark") == 1
    await page.context.route("**/api/v1/sessions/*/attendance", lambda route: route.abort())
    await second.locator("label:has([value=present])").tap()
    await expect(said).to_have_text("Đang lưu…")
    await page.context.unroute_all(behavior="ignoreErrors")
    await expect(said).to_have_text("Đã lưu")
    await expect(counts).to_contain_text("Có mặt 2")
    assert await value("SELECT count(*) FROM mark") == 2
    await run("UPDATE training_session SET cancelled_at = made_at, cancelled_why = 'Mưa bão'")
    await second.locator("label:has([value=late])").first.tap()
    await expect(said).to_have_text("Chưa lưu (1)")
    await expect(second.locator(".wrong")).to_be_visible()
    await expect(counts).to_contain_text("Có mặt 2")


async def test_where_nothing_is_kept_a_tap_goes_under_no_other_name(
    page_as: PageAs, room: Classroom
) -> None:
    """Another trainer signs in beside it, in the same private window."""
    page = await page_as(NGHI, "phone")
    await page.add_init_script(NOTHING_KEPT)
    await page.goto(f"/sessions/{room.meeting}/attendance")
    await sign_in(page.context, TAM, "vi")
    await page.locator(".roll > li").first.locator("label:has([value=present])").tap()
    await expect(page.locator("#saved")).to_have_text("Đăng nhập lại để gửi")
    assert await value("SELECT count(*) FROM mark") == 0
    await sign_in(page.context, NGHI, "vi")
    await expect(page.locator("#saved")).to_have_text("Đã lưu")
    assert await value("SELECT by FROM mark") == UUID(str(await id_of(NGHI.name)))
