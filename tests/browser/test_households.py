"""A leader at the list of households and at a card, on a phone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect

from demo.cast import HAN
from kit import clock
from tests.browser.conftest import PageAs
from tests.teams.households.homes import HY, UONG, a_visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_a_leader_finds_whom_to_visit_and_opens_the_card(page_as: PageAs) -> None:
    await a_visit(UONG, clock.today() - timedelta(days=34))
    page = await page_as(HAN, "phone")
    await page.goto("/households")
    await page.get_by_role("link", name="Quá hạn").click()
    await expect(page.get_by_text("Quá hạn 4 ngày")).to_be_visible()
    await expect(page.get_by_text(HY)).to_have_count(0)
    await page.goto("/households")
    await page.get_by_label("Tìm hộ").fill("012")
    await expect(page.get_by_text(HY)).to_have_count(0)
    await page.get_by_role("link", name=UONG, exact=True).click()
    await page.wait_for_url(f"**/households/{await id_of(UONG)}")
    await expect(page.get_by_role("heading", level=1)).to_have_text(UONG)
    await expect(page.get_by_role("link", name="Ghi lượt hỗ trợ")).to_be_visible()
    await expect(page.get_by_text("có hướng dẫn")).to_be_visible()
