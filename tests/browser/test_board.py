"""The assignment board by mouse, by keyboard, by two coordinators at once."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from demo.cast import HOA, TAM
from kit.database import value
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, add_person
from tests.browser.conftest import PageAs
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

LOI, AP_2 = "Tổ CNSCĐ khu phố Bình Lợi", "Tổ CNSCĐ ấp 2"
MANY = 22
MOST_CLICKS = 25


@pytest.fixture
async def newcomers(address: str) -> int:
    """Twenty-two people of Ấp 2 who are in no team."""
    hamlet = await id_of("Ấp 2")
    for number in range(MANY):
        await add_person(MACHINE, AddPersonForm(name=f"Đào Thị Tư {number}", area=hamlet))
    assert address
    return MANY


class Hand:
    """Counts the clicks of a mouse."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    async def click(self, selector: str) -> None:
        """Click what the selector finds, without its help to scroll or wait being counted."""
        await self.page.locator(selector).click()
        self.clicks += 1


async def size_of(team: str) -> int:
    """How many are in a team."""
    sql = "SELECT count(*) AS n FROM membership WHERE team = {} AND left_on IS NULL"
    return int(await value(sql, await id_of(team)))


async def pick_team(page: Page, name: str) -> None:
    """Choose a team in the bar, as the list that opens would on its second click."""
    team = await id_of(name)
    await page.locator("[data-jump]").select_option(str(team))


@pytest.mark.usefixtures("newcomers")
async def test_twenty_people_by_mouse_in_at_most_25_clicks(page_as: PageAs) -> None:
    page = await page_as(TAM)
    await page.goto("/board")
    hand = Hand(page)
    for row in range(2, 22):
        await hand.click(f"tbody tr:nth-child({row}) input[type=checkbox]")
    await expect(page.locator(".bulk-bar .chosen")).to_contain_text("20 người được chọn")
    await hand.click("[data-jump]")
    await pick_team(page, AP_2)
    hand.clicks += 1
    await hand.click(".bulk-bar .primary")
    await expect(page.locator("[data-toast]")).to_contain_text(f"Đã chuyển 20 người vào {AP_2}.")
    assert hand.clicks <= MOST_CLICKS
    assert await size_of(AP_2) == 20


@pytest.mark.usefixtures("newcomers")
async def test_twenty_people_by_keyboard_alone(page_as: PageAs) -> None:
    page = await page_as(TAM)
    await page.goto("/board")
    keys = page.keyboard
    for _ in range(30):
        await keys.press("Tab")
        if await page.evaluate("'all' in document.activeElement.dataset"):
            break
    for _ in range(20):
        await keys.press("ArrowDown")
        await keys.press("Space")
    await expect(page.locator(".bulk-bar .chosen")).to_contain_text("20 người")
    await keys.press("g")
    await expect(page.locator("[data-jump]")).to_be_focused()
    await keys.press("ArrowDown")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(page.locator("[data-toast]")).to_contain_text(f"Đã chuyển 20 người vào {LOI}.")
    assert await size_of(LOI) == 22


async def test_a_move_is_undone_in_the_toast(page_as: PageAs) -> None:
    page = await page_as(TAM)
    await page.goto("/board")
    await page.locator("[data-all]").check()
    await pick_team(page, AP_2)
    await page.locator(".bulk-bar .primary").click()
    await expect(page.locator("[data-toast]")).to_contain_text("Đã chuyển 2 người")
    await page.locator("[data-toast]").get_by_role("button", name="Hoàn tác").click()
    await expect(page.locator("[data-toast]")).to_contain_text("Đã hoàn tác")
    assert await size_of(AP_2) == 0


async def test_a_suggestion_is_taken_by_one_click_and_undone_from_the_log(page_as: PageAs) -> None:
    page = await page_as(TAM, "phone")
    await page.goto("/board")
    await page.locator("button.suggest").first.click()
    await expect(page.locator("[data-toast]")).to_contain_text(f"Đã chuyển 1 người vào {LOI}.")
    await page.goto("/board/log")
    await page.locator("table").get_by_role("button", name="Hoàn tác").click()
    await expect(page.locator("table .tag")).to_have_text("Đã hoàn tác")
    assert await size_of(LOI) == 2


async def test_two_coordinators_the_later_is_told_and_can_go_on(page_as: PageAs) -> None:
    tam, hoa = await page_as(TAM), await page_as(HOA)
    for page in (tam, hoa):
        await page.goto("/board?team=none")
        await page.get_by_label("Chọn Cao Thị Ánh").check()
    await pick_team(tam, LOI)
    await tam.locator(".bulk-bar .primary").click()
    await expect(tam.locator("[data-toast]")).to_be_visible()
    await hoa.get_by_label("Chọn Bùi Văn An").check()
    await pick_team(hoa, AP_2)
    await hoa.locator(".bulk-bar .primary").click()
    panel = hoa.locator("#clashes tbody")
    for words in ("Cao Thị Ánh", "Chưa có tổ", LOI, TAM.name):
        await expect(panel).to_contain_text(words)
    await expect(hoa.get_by_label("Chọn Bùi Văn An")).to_be_checked()
    await hoa.locator(".bulk-bar .primary").click()
    await expect(hoa.locator("[data-toast]")).to_contain_text(f"Đã chuyển 1 người vào {AP_2}.")
    assert (await size_of(LOI), await size_of(AP_2)) == (3, 1)


async def test_a_ticked_leader_is_warned_of_and_the_board_works_without_script(
    page_as: PageAs,
) -> None:
    page = await page_as(TAM, "phone", "dark", javascript=False)
    await page.goto("/board?team=all")
    await page.get_by_label("Chọn Dương Thị Ngọc Hân").check()
    await expect(page.locator(".bulk-bar .warn")).to_be_visible()
    await pick_team(page, AP_2)
    await page.locator(".bulk-bar .primary").click()
    await expect(page.locator("[data-toast]")).to_contain_text("hiện chưa có tổ trưởng")
