"""A day is typed as people write it, and comes back as it was typed when it is wrong."""

from __future__ import annotations

import pytest

from demo.cast import HOA
from kit.database import value
from tests.browser.conftest import PageAs

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_hoa_adds_an_area_from_a_day_she_types_as_digits(page_as: PageAs) -> None:
    page = await page_as(HOA, "phone")
    await page.goto("/areas/new")
    await page.fill("#name", "Xã Mới")
    await page.check("input[name=kind][value=commune]")
    await page.select_option("#parent", label="Huyện Tân Trụ")
    await page.fill("#since", "")
    await page.locator("#since").press_sequentially("31022026")
    assert await page.input_value("#since") == "31/02/2026", "the strokes come by themselves"
    await page.locator("main form .primary").click()
    await page.wait_for_selector(".wrong")
    assert await page.input_value("#since") == "31/02/2026"
    await page.fill("#since", "01/03/2026")
    await page.locator("main form .primary").click()
    await page.wait_for_url(lambda url: "/areas/new" not in url)
    assert str(await value("SELECT since FROM area_spell WHERE name = 'Xã Mới'")) == "2026-03-01"


async def test_the_log_is_narrowed_to_days(page_as: PageAs) -> None:
    page = await page_as(HOA)
    await page.goto("/audit?since=01/01/2027")
    assert await page.locator("ol.history > li").count() == 0
    await page.goto("/audit?since=01/01/2026")
    assert await page.locator("ol.history > li").count() > 0
