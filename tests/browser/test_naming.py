"""An office names its people on a phone: by its link alone, without an account or a script."""

from __future__ import annotations

import pytest

from demo.cast import NGHI
from tests.browser.conftest import PageAs, Theme, Viewport
from tests.browser.test_every_page import KINDS, faults_of
from tests.sessions.lookups import enrolled
from tests.sessions.nominations.links import a_law_office, a_link, an_open_course

pytestmark = [pytest.mark.anyio, pytest.mark.browser]
LIGHT = 30 * 1024


async def test_names_are_chosen_typed_pasted_and_taken_back_without_a_script(
    page_as: PageAs,
) -> None:
    course, office = await an_open_course(), await a_law_office()
    token = await a_link(course, office, 3)
    page = await page_as(None, "phone", javascript=False)
    answer = await page.goto(f"/n/{token}")
    assert answer
    assert len(await answer.body()) < LIGHT
    await page.get_by_text("Bùi Văn An").click()
    await page.get_by_role("button", name="Cử những người đã chọn").click()
    assert [one.name for one in await enrolled(course)] == ["Bùi Văn An"]
    await page.get_by_text("Dán từ Excel").click()
    await page.locator("#rows").fill("Cao Thị Ánh\nLê Văn Mới\t0900700001\tVăn thư\tCông chức")
    await page.get_by_role("button", name="Cử những người này").click()
    named = page.locator("#named")
    assert await named.get_by_text("Lê Văn Mới").count() == 1
    assert "Đơn vị đã dùng hết chỉ tiêu" in await page.inner_text("main")
    await named.get_by_role("button", name="Rút tên").first.click()
    assert len(await enrolled(course)) == 2
    await page.get_by_text("Người chưa có trong danh sách").click()
    await page.locator("#name").fill("Lê Thị Hai")
    await page.locator("#phone").fill("12")
    await page.get_by_role("button", name="Cử người này").click()
    assert await page.locator("#name").input_value() == "Lê Thị Hai"
    assert await page.locator("#phone-wrong").is_visible()


@pytest.mark.parametrize("kind", KINDS, ids=[" ".join(kind) for kind in KINDS])
async def test_the_page_of_a_link_is_fit_for_use(
    page_as: PageAs, kind: tuple[Viewport, Theme, str]
) -> None:
    course, office = await an_open_course(), await a_law_office()
    token, (viewport, theme, language) = await a_link(course, office, 3), kind
    page = await page_as(None, viewport, theme, language=language)
    assert await faults_of(page, f"/n/{token}", viewport) == []
    assert await faults_of(page, "/n/no-such-link", viewport) == []


async def test_a_trainer_makes_a_link_that_can_be_copied_and_scanned(page_as: PageAs) -> None:
    course, office = await an_open_course(), await a_law_office()
    page = await page_as(NGHI)
    await page.goto(f"/courses/{course}/nominations")
    await page.get_by_role("link", name="Phòng Tư pháp").click()
    await page.get_by_role("button", name="Tạo đường dẫn").click()
    text = await page.locator("#zalo").input_value()
    address = text.splitlines()[-1]
    assert "/n/" in address
    assert await page.get_by_role("img", name="Mã QR").is_visible()
    stranger = await page_as(None)
    await stranger.goto(address)
    assert "Bùi Văn An" in await stranger.inner_text("main")
    assert str(office) not in address
