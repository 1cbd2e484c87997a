"""The roll call where the network comes and goes: the same outbox, the same rules."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.async_api import Request, Route, expect

from demo.cast import NGHI, TAM
from kit import clock
from kit.database import run, value
from tests.browser.conftest import sign_in
from tests.browser.offline.conftest import Phone, called, roll
from tests.sessions.classroom import AN, ANH, HOANG_M, Classroom, a_classroom, ledger, mark, states
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]
SHOWN = {"present": "Có mặt 1", "late": "Muộn 1", "absent": "Vắng 1"}


async def tap(phone: Phone, name: str, mark: str) -> None:
    """Tap somebody's row."""
    row = phone.page.locator(f"#p-{await id_of(name)}")
    await row.locator(f"label:has([name=mark][value={mark}])").tap()


async def tap_offline(phone: Phone) -> None:
    """Tap Ánh's row where there is no network."""
    await phone.lose_network()
    await tap(phone, ANH, "present")
    await phone.told("Chờ gửi 1")


async def marks() -> int:
    """The lines of the ledger."""
    return int(await value("SELECT count(*) AS n FROM mark"))


async def test_taps_without_network_outlive_an_empty_battery_and_are_sent_once(
    phone: Phone, room: Classroom
) -> None:
    await phone.lose_network()
    await tap(phone, ANH, "present")
    await tap(phone, AN, "late")
    await phone.told("Chờ gửi 2")
    row = phone.page.locator(f"#p-{await id_of(ANH)}")
    await expect(row).to_contain_text("Đã lưu trên máy")
    await phone.die()
    await phone.switch_on()
    await phone.lose_network()
    await phone.page.goto("/m/outbox")
    assert {record["head"] for record in await phone.outbox()} == {ANH, AN}
    assert await marks() == 0
    await phone.lose_network(False)
    await called(phone, room)  # the browser had not yet written its cookies down
    await phone.told("Đã gửi")
    await expect(phone.page.locator("#counts")).to_contain_text("Có mặt 1")
    assert await phone.flush() == ""
    assert (await marks(), await phone.outbox()) == (2, [])
    assert await states(room) == {ANH: "present", AN: "late", HOANG_M: None}


async def test_with_network_a_tap_is_one_mark_and_nothing_is_left_on_the_phone(
    phone: Phone, room: Classroom
) -> None:
    sent: list[str] = []

    async def dawdle(route: Route) -> None:
        sent.extend(one["nonce"] for one in json.loads(route.request.post_data or "")["marks"])
        await asyncio.sleep(0.4)
        await route.continue_()

    await phone.web.route("**/api/v1/sessions/*/attendance", dawdle)
    for state in ("present", "absent", "late", "present"):  # faster than any answer
        await tap(phone, ANH, state)
        await expect(phone.page.locator("#counts")).to_contain_text(SHOWN[state])  # at once
    await phone.until("toso.counts().then((now) => now.waiting === 0)")
    await phone.told("Đã gửi")
    await expect(phone.page.locator("#counts")).to_contain_text("Có mặt 1")
    assert (await marks(), len(sent), len(set(sent))) == (4, 4, 4)  # each tap, once
    assert await phone.flush() == ""
    assert (await states(room))[ANH] == "present"
    assert (await ledger(room, ANH))[0] == "present"
    assert await phone.outbox() == []


async def test_who_leaves_in_the_instant_of_a_tap_does_not_lose_it(
    phone: Phone, room: Classroom
) -> None:
    await phone.page.evaluate("() => { toso.save = () => new Promise(() => {}); }")
    await tap(phone, ANH, "present")
    await phone.page.goto("/m/outbox")
    async with asyncio.timeout(10):
        while not await marks():
            await asyncio.sleep(0.05)
    assert (await states(room), await phone.outbox()) == (
        {ANH: "present", AN: None, HOANG_M: None},
        [],
    )


async def test_an_answer_that_was_lost_makes_no_second_mark(phone: Phone) -> None:

    async def lose_answer(route: Route) -> None:
        if route.request.method == "GET":
            return await route.continue_()
        await route.fetch()
        return await route.abort()

    await phone.web.route("**/attendance*", lose_answer)
    await tap(phone, ANH, "present")
    await phone.until("toso.counts().then((now) => now.trouble === 'network')")
    await phone.told("Chờ gửi 1")
    assert await marks() == 1
    await phone.web.unroute_all(behavior="ignoreErrors")
    assert await phone.flush() == ""
    assert (await marks(), await phone.outbox()) == (1, [])


async def test_the_last_tap_by_its_own_time_wins_and_all_are_kept(
    phone: Phone, room: Classroom
) -> None:
    """Nghị taps without network; meanwhile the other trainer's tap comes later, and holds."""
    await phone.page.clock.set_fixed_time(clock.now() - timedelta(minutes=5))
    await phone.lose_network()
    await tap(phone, ANH, "present")
    await tap(phone, AN, "present")
    await mark(await who_is(TAM), room, ANH, "excused")
    await phone.lose_network(False)
    await phone.told("Đã gửi")
    assert await ledger(room, ANH) == ["excused", "present"]
    assert (await states(room))[AN] == "present"
    row = phone.page.locator(f"#p-{await id_of(ANH)}")
    await expect(row.locator("[name=mark][value=absent]")).to_be_checked()


async def test_the_rest_is_present_without_network_and_nothing_else_is_promised(
    phone: Phone, room: Classroom
) -> None:
    await phone.lose_network()
    await tap(phone, ANH, "absent")
    await phone.page.get_by_role("button", name="Xong").tap()
    await phone.page.get_by_text("Việc này cần có mạng").wait_for()
    await phone.page.get_by_text("Còn lại: có mặt").tap()
    await phone.page.get_by_role("button", name="Ghi 2 người có mặt").tap()
    await phone.told("Chờ gửi 3")
    await phone.lose_network(False)
    await phone.told("Đã gửi")
    assert await states(room) == {ANH: "unexcused", AN: "present", HOANG_M: "present"}


async def test_a_mark_that_comes_back_says_why_in_its_row_and_may_be_tapped_anew(
    phone: Phone, room: Classroom
) -> None:
    await tap_offline(phone)
    joins = "UPDATE enrolment SET since = {} WHERE person = {}"
    await run(joins, clock.today() + timedelta(days=1), await id_of(ANH))
    await phone.lose_network(False)
    await phone.told("Cần sửa 1")
    await phone.page.goto("/m/outbox")
    line = phone.page.locator("ul[data-mend] li", has_text=ANH)
    await expect(line).to_contain_text("không thuộc lớp vào ngày")
    await run(joins, clock.today(), await id_of(ANH))
    await line.get_by_role("link", name="Sửa").tap()
    row = phone.page.locator(f"#p-{await id_of(ANH)}")
    await expect(row).to_contain_text("không thuộc lớp vào ngày")
    await tap(phone, ANH, "late")
    await phone.told("Đã gửi")
    assert (await phone.outbox(), await states(room)) == (
        [],
        {ANH: "late", AN: None, HOANG_M: None},
    )


async def test_a_tap_that_needs_a_reason_asks_in_its_row_and_leaves_nothing_behind(
    phone: Phone,
) -> None:
    room = await a_classroom(day=clock.today() - timedelta(days=2))
    await mark(await who_is(TAM), room, ANH, "present")
    await roll(phone, room)
    await tap(phone, ANH, "absent")
    row = phone.page.locator(f"#p-{await id_of(ANH)}")
    await expect(row.locator(".wrong")).to_be_visible()
    await phone.told("Cần sửa 1")
    await row.locator("[name=reason]").fill("Ghi nhầm buổi")
    await row.locator("[name=reason]").press("Tab")
    await phone.told("Đã gửi")
    assert await phone.outbox() == []
    await expect(row.locator(".wrong")).to_have_count(0)
    assert (await states(room))[ANH] == "unexcused"


async def test_another_trainer_on_the_phone_neither_sees_nor_sends_the_taps(
    phone: Phone, room: Classroom
) -> None:
    await tap_offline(phone)
    await phone.web.clear_cookies()
    await sign_in(phone.web, TAM, "vi")
    await phone.lose_network(False)
    await roll(phone, room)
    row = phone.page.locator(f"#p-{await id_of(ANH)}")
    await expect(row).not_to_contain_text("Đã lưu trên máy")
    assert await phone.flush() == ""
    await phone.page.goto("/m/outbox")
    await phone.page.get_by_text("1 mục của người khác đang chờ trên máy này").wait_for()
    assert ANH not in await phone.page.locator("main").inner_text()
    assert await marks() == 0
    await phone.web.clear_cookies()
    await called(phone, room)
    await phone.told("Đã gửi")
    assert await value("SELECT by FROM mark") == UUID(str(await id_of(NGHI.name)))


async def test_signing_out_asks_about_taps_that_are_not_sent(phone: Phone) -> None:
    await tap_offline(phone)
    await phone.page.goto("/m/outbox")
    await phone.page.get_by_role("button", name="Đăng xuất", exact=True).tap()
    await phone.page.get_by_text("Còn 1 mục chưa gửi").wait_for()
    await phone.page.locator("#sign-out").get_by_role("button", name="giữ lại").tap()
    await phone.page.get_by_text("Bạn đã đăng xuất trên máy này").wait_for()
    assert len(await phone.outbox()) == 1


async def test_a_session_that_fails_does_not_hold_up_the_others(
    phone: Phone, room: Classroom
) -> None:
    other = await a_classroom()
    await tap_offline(phone)
    await phone.page.evaluate(COPY, f"/api/v1/sessions/{other.meeting}/attendance")
    sent: list[str] = []

    async def fail(route: Route) -> None:
        await route.fulfill(status=500, content_type="application/json", body="{}")

    def note(request: Request) -> None:
        if request.url.endswith("/attendance") and request.method == "POST":
            sent.extend(one["nonce"] for one in json.loads(request.post_data or "")["marks"])

    phone.web.on("request", note)
    await phone.web.route(f"**/api/v1/sessions/{room.meeting}/attendance", fail)
    await phone.lose_network(False)
    assert await phone.flush() == "server"
    assert len(await phone.outbox()) == 1
    assert await states(other) == {ANH: "present", AN: None, HOANG_M: None}
    assert len(set(sent)) == 2
    await phone.web.unroute_all(behavior="ignoreErrors")
    assert await phone.flush() == ""
    assert await marks() == 2


COPY = """async (to) => {
  const [record] = await toso.mine(await toso.kv("user")), id = crypto.randomUUID();
  const payload = { ...record.payload, nonce: id };
  await toso.save([{ ...record, id, to, at: record.at + 1, payload }]);
}"""
