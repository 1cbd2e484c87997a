"""A page opened by the fixtures belongs to a signed-in person."""

import pytest

from demo.cast import TAM
from tests.browser.conftest import PageAs

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_tam_is_in_and_a_stranger_is_not(page_as: PageAs) -> None:
    tam, stranger = await page_as(TAM), await page_as(None, "phone", "dark")
    await tam.goto("/sign-in")
    assert not tam.url.endswith("/sign-in")
    await stranger.goto("/sign-in")
    assert await stranger.get_by_role("heading", level=1).inner_text() == "Đăng nhập"
