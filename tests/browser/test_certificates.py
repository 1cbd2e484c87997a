"""From a course that is over to papers that anybody can check, and one that is taken back."""

from __future__ import annotations

import io
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page
from pypdf import PdfReader

from demo.cast import NGHI, TAM
from kit.database import value
from tests.browser.conftest import PageAs
from tests.certificates import AN, ANH, LEARNER, a_finished_course

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_a_course_is_certified_printed_checked_and_one_revoked(page_as: PageAs) -> None:
    course = await a_finished_course()
    trainer = await page_as(NGHI)
    await issue_all_but(trainer, course, AN)
    held = await trainer.locator("#held").inner_text()
    assert ANH in held
    assert LEARNER in held
    assert AN in await trainer.locator("#people").inner_text()
    assert await pages_of_the_print(trainer) == 2

    code = str(await value("SELECT code FROM certificate WHERE person_name = {}", ANH))
    stranger = await page_as(None, "phone", javascript=False)
    assert ANH in await checked(stranger, code.lower())
    assert stranger.url.endswith(f"/v/{code}")

    await revoke(await page_as(TAM), "cao thi anh")
    told = await checked(stranger, code)
    assert "đã bị thu hồi" in told
    assert ANH not in told


async def issue_all_but(page: Page, course: UUID, name: str) -> None:
    """From the course's page on: look at who is due, leave one out, issue."""
    await page.goto(f"/courses/{course}")
    await page.locator("main").get_by_role("link", name="Giấy chứng nhận").click()
    await page.get_by_role("checkbox", name=f"Chọn {name}").uncheck()
    assert "2 người được chọn" in await page.locator(".bulk-bar").inner_text()
    await page.get_by_role("button", name="Cấp giấy", exact=True).click()
    await page.wait_for_selector("#held")


async def pages_of_the_print(page: Page) -> int:
    """Print all of the course, take the file, and count its pages."""
    await page.get_by_role("button", name="Tất cả trong một tệp PDF").click()
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="Tải tệp PDF").click(timeout=20_000)
    file = await (await waiting.value).path()
    return len(PdfReader(io.BytesIO(Path(file).read_bytes())).pages)


async def checked(page: Page, code: str) -> str:
    """What the public page tells of a code that is typed."""
    await page.goto("/v")
    await page.fill("#code", code)
    await page.get_by_role("button", name="Kiểm tra").click()
    await page.wait_for_url("**/v/*")
    return await page.locator("main").inner_text()


async def revoke(page: Page, name: str) -> None:
    """Find somebody's certificate in the register and take it back; a reason is asked for."""
    await page.goto(f"/certificates?q={name}")
    await page.get_by_role("link", name="0001/").click()
    await page.get_by_role("link", name="Thu hồi").click()
    await page.get_by_role("button", name="Thu hồi giấy chứng nhận").click()
    await page.wait_for_selector("#reason[aria-invalid]")
    await page.fill("#reason", "Ghi sai họ tên")
    await page.get_by_role("button", name="Thu hồi giấy chứng nhận").click()
    await page.wait_for_selector("text=Đã thu hồi lúc")


async def test_without_script_it_is_issued_and_the_print_page_goes_on_by_itself(
    page_as: PageAs,
) -> None:
    course = await a_finished_course([LEARNER])
    page = await page_as(NGHI, "phone", javascript=False)
    await page.goto(f"/courses/{course}/certificates")
    await page.get_by_role("button", name="Cấp giấy", exact=True).click()
    await page.wait_for_selector("#held")
    await page.get_by_role("button", name="Tất cả trong một tệp PDF").click()
    await page.get_by_role("link", name="Tải tệp PDF").wait_for(timeout=20_000)
