"""Scores of a course typed in by the keyboard alone, and the line of whom to remind."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from demo.cast import NGHI
from tests.browser.conftest import PageAs
from tests.sessions.results import AN, ANH, HOANG, THREE, a_held_course, mark, standing_of
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_scores_go_in_by_keys_and_enter_alone(page_as: PageAs) -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    page = await page_as(NGHI)
    await page.goto(f"/courses/{course}/results")
    await page.locator(f"#score-{await id_of(AN)}").focus()
    for score in ("8,5", "10", ""):
        await page.keyboard.type(score)
        await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Lưu điểm")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-toast]")).to_contain_text("Đã nhập 2 điểm.")
    scores = [(await standing_of(course, name)).score for name in (AN, ANH, HOANG)]
    assert scores == [85, 100, None]


async def test_without_script_the_scores_are_saved_too(page_as: PageAs) -> None:
    course, _meetings = await a_held_course(pass_mark="5")
    page = await page_as(NGHI, javascript=False)
    await page.goto(f"/courses/{course}/results")
    await page.locator(f"#score-{await id_of(ANH)}").fill("7")
    await page.get_by_role("button", name="Lưu điểm").click()
    assert (await standing_of(course, ANH)).score == 70


async def test_whom_to_remind_comes_onto_the_first_page_and_leads_to_the_names(
    page_as: PageAs,
) -> None:
    course, meetings = await a_held_course()
    page = await page_as(NGHI, "phone")
    await page.goto("/")
    await expect(page.locator("#low")).to_be_empty()
    for meeting in meetings:
        await mark(meeting, dict.fromkeys(THREE, "unexcused"))
    await page.goto("/")
    await expect(page.locator("#low")).to_contain_text("3 học viên")
    await page.get_by_role("link", name="Xem học viên cần nhắc").click()
    await expect(page.locator("#warned")).to_contain_text(AN)
    await page.goto(f"/courses/{course}")
    await expect(page.locator("#warned")).to_contain_text("vắng 2 buổi gần nhất")
