"""Every page, as axe, a thumb and a narrow phone see it: both themes, both languages, both sizes.

The pages are the GET routes of the policy table, so a new page is looked at without a word here.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from demo.cast import HAN, HOA, NGHI, Player
from tests.browser.conftest import PageAs, Theme, Viewport
from tests.policy import COLUMNS, policy, things

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

HERE = Path(__file__).parent
AXE = (HERE / "axe-4.14.1.min.js").read_text("utf-8")
LOOKS = (HERE / "looks.js").read_text("utf-8")
NO_PAGES = re.compile(
    r"^/(api|schema|static|healthz|readyz|metrics)|\.(xlsx|csv|svg|js|txt|ics|webmanifest|pdf|docx)$"
)
FINGER = 44
UNFILLED = "html[data-shell]:not([data-routed], [data-keeps])"
"""The shell of the phone before it shows anything: it fills a view before that is seen."""
KINDS: list[tuple[Viewport, Theme, str]] = [
    ("phone", "light", "vi"),
    ("phone", "dark", "en"),
    ("pc", "dark", "vi"),
    ("pc", "light", "en"),
]


async def addresses(player: Player, where: str) -> list[str]:
    """Every page that a player gets, with the things of a place filled in."""
    names = await things(where)
    column = [(p, w) for _, p, w in COLUMNS].index((player, where))
    found = []
    for route, words in policy().items():
        method, _, path = route.partition(" ")
        if method == "GET" and words[column] == "ok" and not NO_PAGES.search(path):
            found.append(re.sub(r"\{(\w+)\}", lambda name: names[name[1]], path))
    return found


@pytest.mark.parametrize(("player", "where"), [(HOA, "lang"), (HAN, "town")], ids=["Hoa", "Hân"])
@pytest.mark.parametrize("kind", KINDS, ids=[" ".join(kind) for kind in KINDS])
async def test_every_page_is_fit_for_use(
    page_as: PageAs, player: Player, where: str, kind: tuple[Viewport, Theme, str]
) -> None:
    viewport, theme, language = kind
    page = await page_as(player, viewport, theme, language=language)
    faults = []
    for path in await addresses(player, where):
        faults += [f"{path}: {fault}" for fault in await faults_of(page, path, viewport)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/no-such-token", "/no-such-page"])
@pytest.mark.parametrize("kind", KINDS, ids=[" ".join(kind) for kind in KINDS])
async def test_a_strangers_pages_are_fit_for_use(
    page_as: PageAs, path: str, kind: tuple[Viewport, Theme, str]
) -> None:
    viewport, theme, language = kind
    page = await page_as(None, viewport, theme, language=language)
    assert await faults_of(page, path, viewport) == []


async def faults_of(page: Page, path: str, viewport: Viewport) -> list[str]:
    """All that is wrong with a page."""
    answer = await page.goto(path)
    faults = [] if answer and answer.status < 500 else [f"{answer and answer.status}"]
    await page.locator(UNFILLED).wait_for(state="detached")
    await page.evaluate(LOOKS)
    faults += [f"raw {it}" for it in await page.evaluate("raw()")]
    if viewport == "phone":
        faults += [f"small {it}" for it in await page.evaluate(f"small({FINGER})")]
        faults += await narrow_faults(page)
    return faults + await axe_faults(page)


async def narrow_faults(page: Page) -> list[str]:
    """What sticks out at 320 px, and there at twice the size of text; the phone is put back."""
    before = page.viewport_size or {"width": 360, "height": 740}
    await page.set_viewport_size({"width": 320, "height": before["height"]})
    faults = [f"wider than 320 px: {it}" for it in await page.evaluate("sideways()")]
    await page.evaluate("document.documentElement.style.fontSize = '34px'")
    faults += [f"wide at 200 %: {it}" for it in await page.evaluate("sideways()")]
    await page.evaluate("document.documentElement.style.fontSize = ''")
    await page.set_viewport_size({"width": before["width"], "height": before["height"]})
    return faults


async def axe_faults(page: Page) -> list[str]:
    """What axe finds."""
    await page.evaluate(AXE)
    found = await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
    return [
        f"{violation['id']} {[node['target'] for node in violation['nodes']][:3]}"
        for violation in found["violations"]
    ]


async def test_a_first_visit_is_light(page_as: PageAs) -> None:
    page = await page_as(HOA, "phone")
    weights: dict[str, int] = {}

    async def weigh() -> None:
        for answer in answers:
            sizes = await answer.request.sizes()
            weights[answer.url] = sizes["responseBodySize"]

    answers: list[Any] = []

    def note(answer: Any) -> None:
        answers.append(answer)

    page.on("response", note)
    await page.goto("/sign-in", wait_until="networkidle")
    await weigh()
    assert sum(weights.values()) <= 110 * 1024, weights
    assert all(weight <= 12 * 1024 for url, weight in weights.items() if "/css/" in url), weights


async def test_what_a_page_loads_later_leaves_its_title_alone(page_as: PageAs) -> None:
    page = await page_as(NGHI, "phone")
    async with page.expect_response("**/courses/warnings"):
        await page.goto("/")
    await page.locator("#low[hx-get]").wait_for(state="detached")
    assert (await page.title()).startswith("Hôm nay")
