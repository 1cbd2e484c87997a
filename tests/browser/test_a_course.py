"""One course as its trainer lives it: planned, scheduled, filled, held, certified."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from demo.cast import NGHI
from kit import clock
from kit.database import run, value
from kit.days import show_day
from tests.browser.conftest import PageAs
from tests.browser.test_check_in import arrive
from tests.sessions.classroom import AN, ANH, HOANG_M, Classroom

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

TITLE = "An toàn thông tin cho bộ phận một cửa"


async def test_a_course_goes_from_plan_to_certificates(page_as: PageAs) -> None:
    trainer = await page_as(NGHI)
    await plan(trainer)
    await schedule_today(trainer)
    await enrol(trainer, ANH, AN, HOANG_M)
    phone = await page_as(None, "phone", javascript=False)
    await check_in(trainer, phone)
    await call_the_roll(trainer)
    await certify(trainer)
    code = str(await value("SELECT code FROM certificate WHERE person_name = {}", ANH))
    await phone.goto(f"/v/{code}")
    await expect(phone.locator("main")).to_contain_text(ANH)
    await expect(phone.locator("main")).to_contain_text(TITLE)
    states = await run("SELECT state, via FROM mark ORDER BY received_at, id")
    assert [one["via"] for one in states].count("qr") == 1
    assert await value("SELECT count(*) FROM certificate") == 2


async def plan(page: Page) -> None:
    """Plan a course and open it for enrolment."""
    await page.goto("/courses")
    await page.get_by_role("link", name="Lập kế hoạch lớp").first.click()
    await page.fill("[name=title]", TITLE)
    await page.select_option("[name=theme]", "information_safety")
    await page.locator("[name=area]").select_option(index=1)
    await page.fill("[name=required_periods]", "4")
    await page.locator("main form button[type=submit], main form button:not([type])").last.click()
    await page.wait_for_url("**/courses/0*")
    await expect(page.locator("h1")).to_contain_text(TITLE)


async def schedule_today(page: Page) -> None:
    """One session that began a moment ago and lasts to the end of today."""
    now = clock.now().astimezone(clock.LOCAL)
    begun = max(now - timedelta(minutes=5), now.replace(hour=0, minute=0))
    await page.get_by_role("link", name="Xếp lịch buổi học").first.click()
    await page.fill("[name=day]", show_day(clock.today()))
    await page.fill("[name=starts]", f"{begun:%H:%M}")
    await page.fill("[name=ends]", "23:59")
    await page.fill("[name=periods]", "4")
    await page.locator("main form button").last.click()
    await expect(page.locator("main")).to_contain_text("–23:59")


async def enrol(page: Page, *names: str) -> None:
    """Open the course, look people up and enrol them."""
    course = page.url.split("?")[0]
    await page.get_by_role("link", name="Mở, kết thúc hoặc hủy lớp").click()
    await page.locator("form[action$=opening] button").click()
    for name in names:
        await page.goto(f"{course}/enrolments/new?q={name}")
        await page.locator("label", has_text=name).first.click()
        await page.locator("form[method=post] button").first.click()
        await page.wait_for_url("**/courses/0*")
    await expect(page.locator("main")).to_contain_text(names[-1])


async def check_in(trainer: Page, phone: Page) -> None:
    """The wall is opened, and a trainee's phone follows it."""
    await trainer.goto(f"/sessions/{await meeting()}/wall")
    await expect(trainer.get_by_role("img", name="Mã QR")).to_be_visible()
    room = Classroom(await value("SELECT id FROM course"), await meeting())
    digits = str(await value("SELECT phone FROM person WHERE name = {}", ANH))[-3:]
    assert await arrive(phone, room, "an", digits) <= 4
    await expect(phone.locator("main")).to_contain_text(ANH)
    await expect(trainer.locator("body")).to_contain_text(ANH, timeout=40_000)


async def meeting() -> UUID:
    """The only session there is."""
    found: UUID = await value("SELECT id FROM training_session")
    return found


async def call_the_roll(page: Page) -> None:
    """One came, one is away; the roll is closed."""
    await page.goto(f"/sessions/{await meeting()}/attendance")
    for name, state in ((AN, "present"), (HOANG_M, "absent")):
        row = page.locator(".roll > li", has_text=name)
        await row.locator(f"label:has([value={state}])").first.click()
    await expect(page.locator("#counts")).to_contain_text("Chưa điểm 0")
    await page.get_by_role("button", name="xong", exact=False).last.click()
    await page.wait_for_url(f"**/sessions/{await meeting()}")


async def certify(page: Page) -> None:
    """Issue to whoever completed it."""
    await page.goto(f"/courses/{await value('SELECT id FROM course')}/certificates")
    await page.get_by_role("button", name="Cấp giấy", exact=True).click()
    await page.wait_for_selector("#held")
