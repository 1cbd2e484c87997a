"""Ten paper visits typed in by the keyboard alone, as fast as a hand that knows the page."""

from __future__ import annotations

import time

import pytest
from playwright.async_api import Page, expect

from demo.cast import HAN
from kit import clock
from kit.database import run, value
from tests.browser.conftest import PageAs
from tests.teams.visits.doors import QUYNH, UONG
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

A_HAND = 90.0
"""Milliseconds a key: a practised but unhurried typist."""
MOST_SECONDS = 180.0
CELLS_BEFORE = 40


async def to_the_first_line(page: Page, performer: str) -> None:
    """By Tab from the top of the page to whose paper it is, and on to the first line."""
    await page.keyboard.press("Tab")
    for _cell in range(CELLS_BEFORE):
        if await page.evaluate("document.activeElement.id") == "performed_by":
            await page.keyboard.type(performer)
            await page.keyboard.press("Tab")
            break
        await page.keyboard.press("Tab")
    while await page.evaluate("document.activeElement.id") != "household-1":
        await page.keyboard.press("Tab")


async def type_line(page: Page, household: str, day: str, marks: str, note: str) -> None:
    """One line, cell by cell; met is as it comes, consent is the first letter of its answer."""
    for text in (household, day, "", "C", marks, note):
        if text:
            await page.keyboard.type(text, delay=A_HAND)
        await page.keyboard.press("Tab")


async def test_ten_visits_by_keyboard_alone_in_under_three_minutes(page_as: PageAs) -> None:
    page = await page_as(HAN)
    await page.goto("/visits/transcription")
    began = time.monotonic()
    await to_the_first_line(page, "Hồ Minh")
    for line in range(10):
        await type_line(
            page,
            (UONG, "dang van quynh")[line % 2],
            f"{clock.today():%d/%m/%Y}" if line == 0 else "",
            ("1t 9h", "3h", "2x 4t")[line % 3],
            "" if line % 4 else "Hẹn cài lại ứng dụng",
        )
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-toast]")).to_contain_text("Đã lưu 10 lượt.")
    took = time.monotonic() - began
    assert took < MOST_SECONDS
    visits = await run("SELECT via, performed_by, basis FROM visit")
    hoang = await id_of("Hồ Minh Hoàng")
    assert [tuple(v.values()) for v in visits] == [("paper", hoang, "consent")] * 10
    assert await value("SELECT count(*) AS n FROM support") == 17


async def test_without_script_a_wrong_line_stays_and_the_right_one_is_saved(
    page_as: PageAs,
) -> None:
    page = await page_as(HAN, javascript=False)
    await page.goto("/visits/transcription")
    await page.locator("#performed_by").select_option(label="Hồ Minh Hoàng")
    await page.locator("#household-1").fill("Không Có Ai")
    await page.locator("#day-1").fill(f"{clock.today():%d/%m/%Y}")
    for line, marks in ((1, "1t"), (2, "9h")):
        await page.locator(f"#consent-{line}").select_option("consent")
        await page.locator(f"#supports-{line}").fill(marks)
    await page.locator("#household-2").fill(QUYNH)
    await page.get_by_role("button", name="Lưu các lượt này").click()
    await expect(page.locator("#problems-head")).to_contain_text("Đã lưu 1 lượt.")
    await expect(page.locator("#household-1")).to_have_value("Không Có Ai")
    await expect(page.locator("#wrong-1")).to_contain_text("Tổ không có hộ này")
    await expect(page.locator("#household-2")).to_have_value("")


CUT_OFF = """() => [...document.querySelectorAll(".typed select")].filter((it) => {
  const shown = it.offsetWidth;
  it.style.cssText = "min-width: 0; width: auto";
  return it.offsetWidth > shown + 1;
}).map((it) => it.name)"""


@pytest.mark.parametrize("width", [960, 1024, 1280])
async def test_a_line_fits_the_screen_of_an_office_and_every_choice_its_cell(
    page_as: PageAs, width: int
) -> None:
    page = await page_as(HAN)
    await page.set_viewport_size({"width": width, "height": 768})
    await page.goto("/visits/transcription")
    await page.locator("#met-1").wait_for()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await page.evaluate(CUT_OFF) == []
