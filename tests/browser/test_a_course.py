"""One course as its trainer lives it, on a tablet: planned, scheduled, filled, held, certified;
its trainees check in with phones of their own, each in another way."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import anyio
import pytest
from playwright.async_api import Locator, Page, expect

from demo.cast import HAN, NGHI
from kit import clock
from kit.database import run, value
from kit.days import show_day
from tests.browser.conftest import PageAs
from tests.browser.test_check_in import Thumb, arrive
from tests.sessions.classroom import AN, ANH, HOANG_M, Classroom
from tests.sessions.papers import lines_of_word, words_of_pdf
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

TITLE = "An toàn thông tin cho bộ phận một cửa"
LATE, GUEST = HAN.name, "Lê Văn Khách"
COMPLETED = (AN, ANH, HOANG_M, GUEST)
LONGEST = timedelta(minutes=4)
"""How long a run may take on a slow machine."""


async def test_a_course_goes_from_plan_to_certificates(page_as: PageAs) -> None:
    await keep_clear_of_midnight()
    trainer = await page_as(NGHI, "tablet")
    await plan(trainer)
    await schedule_today(trainer)
    await enrol(trainer, ANH, AN, HOANG_M, LATE)
    await check_in_by_the_wall(trainer, await page_as(None, "phone", javascript=False))
    await check_in_by_digits(trainer, await page_as(None, "phone"))
    await check_in_by_own_code(trainer, await page_as(None, "phone", "dark"))
    await let_in(trainer)
    await call_the_roll(trainer)
    ways = await run("SELECT p.name, m.state, m.via FROM mark m JOIN person p ON p.id = m.person")
    assert {one["name"]: (one["state"], one["via"]) for one in ways} == {
        ANH: ("present", "qr"),
        HOANG_M: ("present", "qr"),
        AN: ("present", "code"),
        GUEST: ("present", "hand"),
        LATE: ("late", "hand"),
    }
    await certify(trainer)
    await take_the_report(trainer)
    await take_the_certificates(trainer)
    await look_up(await page_as(None, "phone", javascript=False))


async def keep_clear_of_midnight() -> None:
    """A session is held on one day; the last minutes of a day are too few for it."""
    left = clock.midnight(clock.today() + timedelta(days=1)) - clock.now()
    if left < LONGEST:
        await anyio.sleep(left.total_seconds() + 1)


async def plan(page: Page) -> None:
    """Plan a course and open it for enrolment."""
    await page.goto("/courses")
    await page.get_by_role("link", name="Lập kế hoạch lớp").first.tap()
    await page.fill("[name=title]", TITLE)
    await page.select_option("[name=theme]", "information_safety")
    await page.locator("[name=area]").select_option(index=1)
    await page.fill("[name=required_periods]", "4")
    await page.locator("main form button[type=submit], main form button:not([type])").last.tap()
    await page.wait_for_url("**/courses/0*")
    await expect(page.locator("h1")).to_contain_text(TITLE)


async def schedule_today(page: Page) -> None:
    """One session that began a moment ago and lasts to the end of today."""
    now = clock.now().astimezone(clock.LOCAL)
    begun = max(now - timedelta(minutes=5), now.replace(hour=0, minute=0))
    await page.get_by_role("link", name="Xếp lịch buổi học").first.tap()
    await page.fill("[name=day]", show_day(clock.today()))
    await page.fill("[name=starts]", f"{begun:%H:%M}")
    await page.fill("[name=ends]", "23:59")
    await page.fill("[name=periods]", "4")
    await page.locator("main form button").last.tap()
    await expect(page.locator("main")).to_contain_text("–23:59")


async def enrol(page: Page, *names: str) -> None:
    """Open the course, look people up and enrol them."""
    course = page.url.split("?")[0]
    await page.get_by_role("link", name="Mở, kết thúc hoặc hủy lớp").tap()
    await page.locator("form[action$=opening] button").tap()
    await page.wait_for_url(course)
    for name in names:
        await page.goto(f"{course}/enrolments/new?q={name}")
        await page.locator("label", has_text=name).first.tap()
        await page.locator("form[method=post] button").first.tap()
        await page.wait_for_url("**/courses/0*")
    await expect(page.locator("main")).to_contain_text(names[-1])


async def check_in_by_the_wall(trainer: Page, phone: Page) -> None:
    """The wall is opened, and a phone without script scans it."""
    await trainer.goto(f"/sessions/{await meeting()}/wall")
    await expect(trainer.get_by_role("img", name="Mã QR")).to_be_visible()
    room = Classroom(await course(), await meeting())
    assert await arrive(phone, room, "an", await end_of_phone(ANH)) <= 4
    await expect(phone.locator("main")).to_contain_text(ANH)
    await expect(trainer.locator("body")).to_contain_text(ANH, timeout=40_000)


async def check_in_by_digits(trainer: Page, phone: Page) -> None:
    """Another phone, whose camera is broken, types what the wall shows."""
    thumb = Thumb(phone)
    await phone.goto("/c")
    await thumb.type("Sáu chữ số trên màn hình", await trainer.locator(".digits").inner_text())
    await thumb.press("Tiếp tục")
    await thumb.type("Hai chữ cái đầu của tên bạn", "ho")
    await thumb.type("Ba số cuối điện thoại của bạn", await end_of_phone(HOANG_M))
    await thumb.press("Điểm danh")
    await phone.wait_for_url("**/c/in/**")
    await expect(trainer.locator("body")).to_contain_text("Có mặt 2/4", timeout=40_000)


async def check_in_by_own_code(trainer: Page, phone: Page) -> None:
    """A third shows the own code; the trainer's camera opens its address."""
    code = await value("SELECT code FROM enrolment WHERE person = {}", await id_of(AN))
    await phone.goto(f"/c/me/{code}")
    await expect(phone.get_by_role("img", name="Mã QR")).to_be_visible()
    await trainer.goto(f"/c/me/{code}")
    await trainer.get_by_role("button", name="Điểm danh", exact=True).tap()
    await expect(trainer.locator(".arrived")).to_contain_text(AN)


async def let_in(page: Page) -> None:
    """Somebody nobody knew of stands at the door."""
    await page.goto(f"/sessions/{await meeting()}/walk-ins/new")
    await page.fill("#new [name=name]", GUEST)
    await page.get_by_role("button", name="Thêm và cho vào").tap()
    await expect(page.locator("body")).to_contain_text(GUEST)


async def call_the_roll(page: Page) -> None:
    """One came more than a period late; then all are taken, and the roll is closed."""
    await page.goto(f"/sessions/{await meeting()}/attendance")
    row = page.locator(".roll > li", has_text=LATE)
    await row.locator("label:has([value=late])").first.tap()
    await row.locator("[name=minutes]").fill("50")
    await row.locator("[name=minutes]").press("Tab")
    await expect(page.locator("#counts")).to_contain_text("Muộn 1")
    await expect(page.locator("#counts")).to_contain_text("Chưa điểm 0")
    with anyio.fail_after(8):
        while not await value("SELECT count(*) AS n FROM mark WHERE minutes = 50"):
            await anyio.sleep(0.05)
    await page.reload()
    await expect(row.locator("[name=minutes]")).to_have_value("50")
    await page.get_by_role("button", name="xong", exact=False).last.tap()
    await page.wait_for_url(f"**/sessions/{await meeting()}")


async def certify(page: Page) -> None:
    """Issue to whoever completed it."""
    await page.goto(f"/courses/{await course()}/certificates")
    await page.get_by_role("button", name="Cấp giấy", exact=True).tap()
    held = page.locator("#held")
    for name in COMPLETED:
        await expect(held).to_contain_text(name)
    await expect(page.locator("#others")).to_contain_text(LATE)


async def take_the_report(page: Page) -> None:
    """The results as a Word file and as a PDF: both tell of all five, and of the same rate."""
    await page.goto(f"/courses/{await course()}")
    await page.get_by_role("link", name="Báo cáo kết quả").tap()
    word = lines_of_word(await downloaded(page.get_by_role("link", name="Word")))
    pdf = " ".join(words_of_pdf(await downloaded(page.get_by_role("link", name="PDF"))))
    for name in (*COMPLETED, LATE):
        (cells,) = [[cell for cell in line if cell] for line in word if name in line]
        assert " ".join(cells) in pdf
        assert cells[2:5] == (["3", "4", "75"] if name == LATE else ["4", "4", "100"])
    assert TITLE in pdf


async def take_the_certificates(page: Page) -> None:
    """All papers of the course as one PDF: a page for each, with name and number."""
    await page.goto(f"/courses/{await course()}/certificates")
    await page.get_by_role("button", name="Tất cả trong một tệp PDF").tap()
    link = page.get_by_role("link", name="Tải tệp PDF")
    await link.wait_for(timeout=30_000)
    words = " ".join(words_of_pdf(await downloaded(link)))
    year = clock.today().year
    for number, name in enumerate(COMPLETED, 1):
        assert name in words
        assert f"{number:04}/{year}" in words
    assert words.count(TITLE) == len(COMPLETED)
    assert LATE not in words


async def look_up(phone: Page) -> None:
    """Anybody's phone finds that a certificate is ours."""
    code = await value("SELECT code FROM certificate WHERE person_name = {}", GUEST)
    await phone.goto(f"/v/{code}")
    for words in (GUEST, TITLE, "Giấy chứng nhận này do chúng tôi cấp và còn giá trị"):
        await expect(phone.locator("main")).to_contain_text(words)


async def downloaded(link: Locator) -> bytes:
    """What a link leads to, as a file."""
    async with link.page.expect_download() as waiting:
        await link.tap()
    return Path(await (await waiting.value).path()).read_bytes()


async def course() -> UUID:
    """The only course there is."""
    found: UUID = await value("SELECT id FROM course")
    return found


async def meeting() -> UUID:
    """The only session there is."""
    found: UUID = await value("SELECT id FROM training_session")
    return found


async def end_of_phone(name: str) -> str:
    """The last three digits of somebody's phone."""
    return str(await value("SELECT phone FROM person WHERE name = {}", name))[-3:]
