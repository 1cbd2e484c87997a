"""The roll call in a browser: sixty people, a tap each, on a slow phone; and without script."""

from __future__ import annotations

import asyncio
import time

import pytest
from playwright.async_api import Page, Route, expect

from demo.cast import NGHI
from kit.database import run, value
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, add_person
from sessions.enrolments.commands import EnrolForm, enrol_people
from tests.browser.conftest import PageAs
from tests.sessions.classroom import AN, ANH, Classroom, a_classroom, mark, states
from tests.sessions.lookups import town
from tests.things import an_office
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]

SLOW = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
SIXTY = 60
GIVEN = ("An", "Ánh", "Bảo", "Bích", "Châu", "Dũng", "Đạt", "Giang", "Hỷ", "Huy", "Ưởng", "Yến")


@pytest.fixture
async def sixty(address: str) -> Classroom:
    """A session of today with sixty people."""
    assert address
    room, area = await a_classroom(ANH), await town()
    people = []
    for number in range(SIXTY - 1):
        name = f"Nguyễn Thị {chr(65 + number // 12)} {GIVEN[number % 12]}"
        people.append(await add_person(MACHINE, AddPersonForm(name=name, area=area)))
    await enrol_people(MACHINE, room.course, EnrolForm(people=people[:29]))
    await run("UPDATE course SET capacity = 99 WHERE id = {}", room.course)
    await enrol_people(MACHINE, room.course, EnrolForm(people=people[29:]))
    return room


async def slowly(page: Page) -> None:
    """A cheap phone on a patchy network."""
    slow = await page.context.new_cdp_session(page)
    await slow.send("Network.enable")
    await slow.send("Network.emulateNetworkConditions", SLOW)
    await slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})


async def test_sixty_people_in_less_than_two_minutes_on_a_slow_phone(
    page_as: PageAs, sixty: Classroom
) -> None:
    page = await page_as(NGHI, "phone")
    await slowly(page)
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    rows = page.locator(".roll > li")
    await expect(rows).to_have_count(SIXTY)
    started = time.monotonic()
    for number in range(SIXTY):
        tap = {9: "late", 19: "absent"}.get(number % 20, "present")
        await rows.nth(number).locator(f"label:has([value={tap}])").first.tap()
    await expect(page.locator("#saved")).to_have_text("Đã lưu")
    took = time.monotonic() - started
    assert took < 120, took  # two minutes, for all sixty
    await expect(page.locator("#counts")).to_contain_text("Có mặt 54")
    await expect(page.locator("#counts")).to_contain_text("Chưa điểm 0")
    await page.reload()
    await expect(page.locator("#counts")).to_contain_text("Chưa điểm 0")
    chosen = await page.locator(".roll [name=mark]:checked").evaluate_all(
        "found => found.map((it) => it.value)"
    )
    assert chosen == [{9: "late", 19: "absent"}.get(n % 20, "present") for n in range(SIXTY)]
    assert await value("SELECT count(*) FROM mark") == SIXTY


async def test_a_late_comer_has_minutes_and_one_who_is_away_a_reason(
    page_as: PageAs, sixty: Classroom
) -> None:
    page = await page_as(NGHI, "phone")
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    row = page.locator(f"#p-{await id_of(ANH)}")
    await row.locator("label:has([value=late])").first.tap()
    await row.locator("[name=minutes]").fill("20")
    await row.locator("[name=minutes]").press("Tab")
    await expect(page.locator("#saved")).to_have_text("Đã lưu")
    await row.locator("label:has([value=absent])").tap()
    await row.locator("label:has([value=substitute])").tap()
    assert "Bạn ghi rõ ai đã dự thay" in await row.inner_text()  # at once, without the server
    await row.locator("[name=substitute_name]").fill("Lê Văn Dự")
    await row.locator("[name=substitute_name]").press("Tab")
    await expect(page.locator("#saved")).to_have_text("Đã lưu")
    found = await run("SELECT state, minutes, substitute_name FROM mark ORDER BY marked_at, id")
    told = [tuple(one.values()) for one in found]
    assert told[1:] == [
        ("late", 20, ""),
        ("unexcused", None, ""),
        ("substitute", None, "Lê Văn Dự"),
    ]


@pytest.mark.parametrize("office", ["Phòng Tư pháp", ""])
async def test_no_answer_moves_the_next_row_from_under_the_finger(
    page_as: PageAs, sixty: Classroom, office: str
) -> None:
    if office:
        place = await an_office(office, await town())
        await run("UPDATE enrolment SET office = {}", place)
    page = await page_as(NGHI, "phone")
    await slowly(page)
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    await page.evaluate("document.fonts.ready")
    rows, counts = page.locator(".roll > li"), page.locator("#counts")

    async def top() -> float:
        box = await rows.nth(3).bounding_box()
        assert box
        return box["y"]

    for tap, state in (("late", "late"), ("absent", "unexcused"), ("present", "present")):
        await rows.nth(0).locator(f"label:has([value={tap}])").first.tap()
        at_once = await top()
        await expect(rows.nth(0)).to_have_attribute("data-holds", state)  # the answer is here
        assert await top() == at_once, tap
    await page.context.route("**/api/v1/sessions/*/attendance", lambda route: route.abort())
    for number, offline in ((1, False), (2, True)):
        await page.context.set_offline(offline)
        await rows.nth(number).locator("label:has([value=late])").first.tap()
        at_once = await top()
        await expect(rows.nth(number)).to_contain_text("Đã lưu trên máy")
        await expect(counts).to_contain_text(f"Muộn {number}")
        assert await top() == at_once, offline


async def test_minutes_typed_before_the_answer_came_stay(page_as: PageAs, sixty: Classroom) -> None:
    page = await page_as(NGHI, "phone")
    await slowly(page)
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    row = page.locator(f"#p-{await id_of(ANH)}")
    await row.locator("label:has([value=late])").first.tap()
    await row.locator("[name=minutes]").fill("25")
    await expect(page.locator("#counts")).to_contain_text("Muộn 1")
    assert await row.locator("[name=minutes]").input_value() == "25"
    await row.locator("[name=minutes]").press("Tab")
    await expect(page.locator("#saved")).to_have_text("Đã lưu")
    [last] = await run("SELECT state, minutes FROM mark ORDER BY marked_at DESC, id DESC LIMIT 1")
    assert (last["state"], last["minutes"]) == ("late", 25)


async def test_the_rest_is_present_in_two_taps_and_undone_in_one(
    page_as: PageAs, sixty: Classroom
) -> None:
    page = await page_as(NGHI, "phone")
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    await page.get_by_text("Còn lại: có mặt").tap()
    await page.get_by_role("button", name="Ghi 60 người có mặt").tap()
    await expect(page.locator("#counts")).to_contain_text("Có mặt 60")
    await page.get_by_role("button", name="Hoàn tác").tap()
    await expect(page.locator("#counts")).to_contain_text("Chưa điểm 60")


async def test_a_name_is_found_without_marks(page_as: PageAs, sixty: Classroom) -> None:
    page = await page_as(NGHI, "phone")
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    await page.locator("[name=q]").fill("cao thi anh")
    await expect(page.locator(".roll > li:visible")).to_have_count(1)
    await expect(page.locator(".roll > li:visible")).to_contain_text(ANH)


async def test_a_number_of_minutes_that_cannot_be_is_said_in_the_row(
    page_as: PageAs, sixty: Classroom
) -> None:
    page = await page_as(NGHI, "phone")
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    row = page.locator(f"#p-{await id_of(ANH)}")
    await row.locator("label:has([value=late])").first.tap()
    await row.locator("[name=minutes]").fill("999")
    await row.locator("[name=minutes]").press("Enter")
    await expect(row.locator(".wrong")).to_be_visible()
    assert await row.locator("[name=minutes]").input_value() == "999"
    await row.locator("[name=minutes]").fill("15")
    await row.locator("[name=minutes]").press("Enter")
    await expect(row.locator(".wrong")).to_have_count(0)
    await expect(page.locator("#saved")).to_have_text("Đã lưu")
    assert await value("SELECT max(minutes) FROM mark") == 15
    await page.get_by_role("button", name="Hoàn tác").tap()
    await expect(page.locator("#counts")).to_contain_text("Muộn 1")
    await expect(row.locator("[name=minutes]")).to_have_value("")


async def test_the_rest_waits_for_the_taps_that_are_on_their_way(
    page_as: PageAs, sixty: Classroom
) -> None:
    page = await page_as(NGHI, "phone")
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    gate = asyncio.Event()

    async def hold_up(route: Route) -> None:
        await gate.wait()
        await route.continue_()

    await page.context.route("**/api/v1/sessions/*/attendance", hold_up)
    await page.locator(f"#p-{await id_of(ANH)}").locator("label:has([value=absent])").tap()
    await expect(page.locator("#counts")).to_contain_text("Vắng 1")  # before any answer
    await page.get_by_text("Còn lại: có mặt").tap()
    await page.get_by_role("button", name="Ghi 59 người có mặt").tap()
    gate.set()
    await expect(page.locator("#counts")).to_contain_text("Có mặt 59")
    assert (await states(sixty))[ANH] == "unexcused"


KEEPS = "navigator.serviceWorker.getRegistration().then((it) => Boolean(it?.active))"


async def test_a_lost_network_is_told_and_the_tap_is_sent_again(
    page_as: PageAs, sixty: Classroom
) -> None:
    """More of it in tests/browser/offline/test_roll_call.py."""
    page = await page_as(NGHI, "phone")
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    while not await page.evaluate(KEEPS):
        await asyncio.sleep(0.05)
    await page.context.set_offline(True)
    await page.locator(".roll > li").first.locator("label:has([value=present])").tap()
    await expect(page.locator("[data-state]")).to_contain_text("Chờ gửi 1")
    await expect(page.locator(".roll > li").first).to_contain_text("Đã lưu trên máy")
    assert await value("SELECT count(*) FROM mark") == 0
    await page.context.set_offline(False)
    await expect(page.locator("[data-state]")).to_have_text("Đã gửi")
    assert await value("SELECT count(*) FROM mark") == 1


async def test_what_another_trainer_does_shows_by_itself(page_as: PageAs, sixty: Classroom) -> None:
    page = await page_as(NGHI, "phone")
    await page.clock.install()
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    await mark(MACHINE, sixty, ANH, "late", minutes=25)
    await page.clock.run_for(11_000)
    row = page.locator(f"#p-{await id_of(ANH)}")
    await expect(row.locator("[value=late]").first).to_be_checked()
    await expect(row.locator("[name=minutes]")).to_have_value("25")
    await expect(page.locator("#counts")).to_contain_text("Muộn 1")
    await row.locator("label:has([value=present])").tap()  # the fresh row is alive
    await expect(page.locator("#counts")).to_contain_text("Có mặt 1")
    await expect(row).to_have_attribute("data-holds", "present")
    await mark(MACHINE, sixty, ANH, "excused")  # and so is the one that was tapped last
    await page.clock.run_for(11_000)
    await expect(row.locator("[value=absent]")).to_be_checked()
    await expect(row.locator("[value=present]")).to_be_focused()
    await expect(page.locator("#counts")).to_contain_text("Vắng 1")


BREAKS_OFF = """const real = fetch;
window.fetch = async (what, options) => {
  const stop = new AbortController(), { signal } = stop;
  const answer = await real(what, { signal, ...options });
  if (what === location.href) { stop.abort(); document.documentElement.dataset.broke = 1; }
  return answer; };"""


async def test_a_page_that_breaks_off_on_its_way_is_asked_for_again(
    page_as: PageAs, sixty: Classroom
) -> None:
    page = await page_as(NGHI, "phone")
    await page.clock.install()
    await page.add_init_script(BREAKS_OFF)
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    await page.clock.run_for(11_000)
    await page.locator("html[data-broke]").wait_for(state="attached")
    await expect(page.locator(".roll > li")).to_have_count(SIXTY)  # and no fault: see page_as


async def test_taking_back_without_network_says_that_it_needs_one(
    page_as: PageAs, sixty: Classroom
) -> None:
    page = await page_as(NGHI, "phone")
    await page.goto(f"/sessions/{sixty.meeting}/attendance")
    await page.locator(".roll > li").first.locator("label:has([value=present])").tap()
    undo = page.get_by_role("button", name="Hoàn tác")
    await undo.wait_for()
    await page.context.set_offline(True)
    await undo.tap()
    await page.get_by_text("Việc này cần có mạng").wait_for()


async def test_the_roll_is_called_without_script(page_as: PageAs, address: str) -> None:
    assert address
    room = await a_classroom(ANH, AN)
    page = await page_as(NGHI, javascript=False)
    await page.goto(f"/sessions/{room.meeting}/attendance")
    row = page.locator(f"#p-{await id_of(ANH)}")
    await row.locator("label:has([value=late])").first.click()
    await row.get_by_role("button", name="Lưu").click()
    await row.locator("[name=minutes]").fill("15")
    await row.get_by_role("button", name="Lưu").click()
    await page.get_by_text("Còn lại: có mặt").click()
    await page.get_by_role("button", name="Ghi 1 người có mặt").click()
    await page.get_by_role("button", name="Xong").click()
    await expect(page.locator("body")).to_contain_text("Đã điểm danh xong")
    assert await states(room) == {AN: "present", ANH: "late"}
    assert await value("SELECT max(minutes) FROM mark") == 15
