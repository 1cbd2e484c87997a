"""A coordinator lets a team leader in: account, link, the leader's phone, a password."""

from __future__ import annotations

import re

import pytest

from demo.cast import TAM
from tests.browser.conftest import PageAs
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

LEADER, PHONE, SECRET = "Phạm Minh Hoàng", "0900 000 006", "lua-chin-tren-dong"


async def test_a_leader_comes_in_by_link_and_then_by_password(page_as: PageAs) -> None:
    tam = await page_as(TAM)
    await tam.goto(f"/accounts/new?person={await id_of(LEADER)}")
    await tam.locator("main form .primary").click()
    await tam.wait_for_url(re.compile(r"/accounts/[0-9a-f-]{36}"))
    await tam.locator("main form[action$='/link'] button").first.click()
    await tam.wait_for_selector("main svg")
    found = re.search(r"/sign-in/[\w-]+", await tam.locator("main").inner_text())
    assert found

    phone = await page_as(None, "phone")
    await phone.goto(found[0])
    await phone.locator("main form button").first.click()
    await phone.wait_for_url(lambda url: "/sign-in/" not in url)
    await phone.goto("/me")
    await phone.fill("#new_password", SECRET)
    await phone.locator("form[action='/me/password'] .acts button").click()
    await phone.wait_for_selector("#old_password")

    again = await page_as(None, "phone")
    await again.goto("/sign-in")
    await again.fill("#phone", PHONE)
    await again.fill("#password", SECRET)
    await again.locator("main form .primary").click()
    await again.wait_for_url(lambda url: "/sign-in" not in url)
