"""The wall and a trainee's phone, as they meet: without script, account or much to carry."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page

from demo.cast import NGHI
from kit.database import value
from sessions.checkins.commands import check_in
from tests.browser.conftest import PageAs, Theme, Viewport
from tests.browser.test_every_page import faults_of
from tests.sessions.classroom import AN, ANH, HOANG_M, Classroom, ledger, states
from tests.sessions.doors import ADDRESS, a_classroom_now, ticket_of, typed, word_on_wall
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

HEAVIEST = 30 * 1024
KINDS: list[tuple[Viewport, Theme, str]] = [
    ("phone", "dark", "vi"),
    ("pc", "light", "en"),
]


class Thumb:
    """Counts the taps of a trainee; typing is none."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    async def type(self, label: str, text: str) -> None:
        """Tap a field, unless it waits for the first letter already, and type."""
        field = self.page.get_by_label(label)
        if not await field.evaluate("it => it === document.activeElement"):
            await field.tap()
            self.taps += 1
        await self.page.keyboard.type(text)

    async def press(self, name: str) -> None:
        """Tap a button."""
        await self.page.get_by_role("button", name=name, exact=True).tap()
        self.taps += 1


async def arrive(page: Page, room: Classroom, letters: str, digits: str) -> int:
    """Scan the wall and check in; the taps it took."""
    thumb = Thumb(page)
    await page.goto(f"/c/{await word_on_wall(room)}")
    if await page.get_by_text("Tôi là người khác").count():
        await page.get_by_text("Tôi là người khác").tap()
        thumb.taps += 1
    await thumb.type("Hai chữ cái đầu của tên bạn", letters)
    await thumb.type("Ba số cuối điện thoại của bạn", digits)
    await thumb.press("Điểm danh")
    await page.wait_for_url("**/c/in/**")
    return thumb.taps


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_a_trainee_is_in_with_few_taps_and_few_bytes_without_a_script(
    page_as: PageAs, theme: Theme
) -> None:
    room = await a_classroom_now()
    page = await page_as(None, "phone", theme, javascript=False)
    answers: list[Any] = []

    def note(answer: Any) -> None:
        answers.append(answer)

    page.on("response", note)
    assert await arrive(page, room, "an", "101") <= 4
    assert await page.get_by_role(
        "heading", name=re.compile(r"Đã điểm danh \d\d:\d\d")
    ).is_visible()
    assert await page.get_by_text(ANH).is_visible()
    assert (await states(room))[ANH] == "present"
    weights = {one.url: await weight(one) for one in answers if one.ok}
    assert sum(weights.values()) <= HEAVIEST, weights
    assert not [url for url in weights if url.endswith((".js", ".woff2"))]


async def weight(answer: Any) -> int:
    """What an answer weighs on the way, with its head."""
    sizes = await answer.request.sizes()
    return int(sizes["responseBodySize"] + sizes["responseHeadersSize"])


async def test_a_second_scan_shows_the_first_time(page_as: PageAs) -> None:
    room = await a_classroom_now()
    page = await page_as(None, "phone", javascript=False)
    await arrive(page, room, "an", "101")
    first = await page.get_by_role("heading", level=1).inner_text()
    await page.goto(f"/c/{await word_on_wall(room)}")
    assert await page.get_by_role("heading", level=1).inner_text() == first
    assert await page.get_by_text("tính theo lần đầu").is_visible()
    stranger = await page_as(None, "phone", javascript=False)
    await arrive(stranger, room, "an", "101")
    assert await stranger.get_by_role("heading", level=1).inner_text() == first
    assert await ledger(room, ANH) == ["present"]


async def test_a_phone_that_lends_itself_shows_on_the_wall(page_as: PageAs) -> None:
    room = await a_classroom_now()
    wall = await page_as(NGHI)
    await wall.goto(f"/sessions/{room.meeting}/wall")
    assert await wall.get_by_text("Có mặt 0/3").is_visible()
    phone = await page_as(None, "phone", javascript=False)
    await arrive(phone, room, "an", "101")
    await arrive(phone, room, "an", "102")
    await wall.get_by_text("Có mặt 2/3").wait_for()
    flag = wall.get_by_text("Một máy điểm danh 2 người")
    await flag.wait_for()
    await flag.click()
    for name in (ANH, AN):
        await wall.locator("#shared").get_by_role("link", name=name).wait_for()


async def test_the_six_digits_of_the_wall_lead_in(page_as: PageAs) -> None:
    room = await a_classroom_now()
    wall = await page_as(NGHI, javascript=False)
    await wall.goto(f"/sessions/{room.meeting}/wall")
    digits = await wall.locator(".digits").inner_text()
    page = await page_as(None, "phone", javascript=False)
    thumb = Thumb(page)
    await page.goto("/c")
    await thumb.type("Sáu chữ số trên màn hình", digits)
    await thumb.press("Tiếp tục")
    await thumb.type("Hai chữ cái đầu của tên bạn", "ho")
    await thumb.type("Ba số cuối điện thoại của bạn", "003")
    await thumb.press("Điểm danh")
    await page.wait_for_url("**/c/in/**")
    assert thumb.taps <= 4
    assert (await states(room))[HOANG_M] == "present"


async def test_the_wall_goes_on_without_a_script_too(page_as: PageAs) -> None:
    room = await a_classroom_now()
    wall = await page_as(NGHI, javascript=False)
    await wall.goto(f"/sessions/{room.meeting}/wall")
    seconds = await wall.locator("noscript meta").get_attribute("content")
    assert seconds
    assert 1 <= int(seconds) <= 31


async def test_the_wall_says_when_it_lost_the_server(page_as: PageAs) -> None:
    room = await a_classroom_now()
    wall = await page_as(NGHI)
    await wall.clock.install()
    await wall.goto(f"/sessions/{room.meeting}/wall")
    notice = wall.get_by_text("Mất liên lạc với máy chủ")
    assert not await notice.is_visible()
    await wall.context.set_offline(True)
    await wall.clock.run_for(70_000)
    await notice.wait_for()
    await wall.context.set_offline(False)
    await wall.clock.run_for(6_000)
    await notice.wait_for(state="hidden")


async def test_a_trainer_scans_a_card_with_one_tap(page_as: PageAs) -> None:
    room = await a_classroom_now()
    code = await value("SELECT code FROM enrolment WHERE person = {}", await id_of(ANH))
    page = await page_as(NGHI, "phone")
    await page.goto(f"/c/me/{code}")
    await page.get_by_role("button", name="Điểm danh", exact=True).tap()
    await page.get_by_role("heading", name=re.compile("Đã điểm danh")).wait_for()
    assert await ledger(room, ANH) == ["present"]


async def test_a_hand_scanner_needs_no_tap_at_all(page_as: PageAs) -> None:
    room = await a_classroom_now()
    page = await page_as(NGHI)
    await page.goto(f"/sessions/{room.meeting}/scan")
    for name in (ANH, AN):
        code = await value("SELECT code FROM enrolment WHERE person = {}", await id_of(name))
        await page.keyboard.type(f"https://so.example.vn/c/me/{code}")
        await page.keyboard.press("Enter")
        await page.locator(".arrived .who", has_text=name).wait_for()
    assert (await states(room))[AN] == "present"


@pytest.mark.parametrize("kind", KINDS, ids=[" ".join(kind) for kind in KINDS])
async def test_pages_of_an_open_door_are_fit_for_use(
    page_as: PageAs, kind: tuple[Viewport, Theme, str]
) -> None:
    viewport, theme, language = kind
    room = await a_classroom_now()
    for digits in ("101", "102"):
        await check_in(await ticket_of(room), typed("an", digits), ADDRESS)
    nghi = await page_as(NGHI, viewport, theme, language=language)
    code = await value("SELECT code FROM enrolment WHERE person = {}", await id_of(HOANG_M))
    at = f"/sessions/{room.meeting}"
    codes = f"/courses/{room.course}/codes"
    for path in ("wall", "scan", f"scan/{code}", "walk-ins/new?q=anh", "checkins", "attendance"):
        assert await faults_of(nghi, f"{at}/{path}", viewport) == [], path
    assert await faults_of(nghi, codes, viewport) == []
    stranger = await page_as(None, viewport, theme, language=language)
    for path in ("/c", f"/c/{await word_on_wall(room)}", "/c/stale", f"/c/me/{code}"):
        assert await faults_of(stranger, path, viewport) == [], path
