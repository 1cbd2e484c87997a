"""The district's real workbook, through the page: looked at, confirmed, undone, imported again."""

from __future__ import annotations

import pytest
from playwright.async_api import Page

from demo.cast import HOA
from kit.database import run, value
from kit.settings import ROOT
from tests.browser.conftest import PageAs

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

WORKBOOK = ROOT / "demo" / "data" / "thanh-vien-to-cnscd.xlsx"


async def figures() -> tuple[int, int]:
    """Live teams, and people in them, in the whole register."""
    teams = await value("SELECT count(*) AS n FROM team WHERE dissolved_on IS NULL")
    members = await value("SELECT count(*) AS n FROM membership WHERE left_on IS NULL")
    return int(teams), int(members)


async def import_it(page: Page) -> None:
    """Upload the workbook, look at the preview, and confirm."""
    await page.goto("/imports")
    await page.set_input_files("input[type=file]", WORKBOOK)
    await page.locator("main form .primary").first.click()
    await page.wait_for_selector("main form[action$='/confirmation']")
    assert "215" in await page.locator("main").inner_text()
    await page.locator("main form[action$='/confirmation'] .primary").click()
    await page.wait_for_selector("main form[action$='/undoing']", timeout=30_000)


async def test_the_workbook_gives_43_teams_and_215_members(page_as: PageAs) -> None:
    # Ánh and An of the small world use phones that the workbook gives to others.
    await run("UPDATE person SET phone = NULL WHERE name IN ('Cao Thị Ánh', 'Bùi Văn An')")
    page = await page_as(HOA)
    before = await figures()
    await import_it(page)
    assert await figures() == (43, 215)
    await page.goto("/")
    shown = await page.locator("main").inner_text()
    assert "43" in shown
    assert "215" in shown

    await page.go_back()
    await page.locator("main form[action$='/undoing'] button").last.click()
    await page.wait_for_selector("main form[action$='/undoing']", state="detached")
    assert await figures() == before

    await import_it(page)
    assert await figures() == (43, 215)
