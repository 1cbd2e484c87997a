"""What the server makes of a visit that comes late: taken, flagged, or sent back with a way on."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.async_api import Route, expect

from demo.cast import HAN
from kit import clock
from kit.database import run, value
from kit.days import show_day
from people.permissions import MACHINE
from teams.households.commands import assign_household_team
from teams.households.forms import HouseholdTeamForm
from tests.browser.offline.conftest import QUYNH, SYNC, UONG, Phone, PhoneOf, visits
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_a_refused_record_comes_back_and_blocks_nobody(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.open(UONG)
    await phone.fill("vneid_2:assisted")
    await phone.page.locator("details.fold summary").tap()
    await phone.page.locator("#on").fill("01/02/2021")  # before there was a team
    await phone.save()
    await phone.log(QUYNH, "vneid_2:assisted")
    await phone.lose_network(False)
    await phone.told("Cần sửa 1")
    assert await visits() == 1
    kept = await phone.outbox()
    assert kept[0]["state"] == "refused"
    await phone.page.goto("/m/outbox")
    reason = await phone.page.locator("ul[data-mend] li").inner_text()
    assert UONG in reason
    assert kept[0]["errors"][0]["message"] in reason
    await phone.page.locator("ul[data-mend] a").first.tap()
    await phone.page.locator(".problems").wait_for()
    assert await phone.page.locator("[name=service][value=vneid_2]").is_checked()
    await phone.page.locator("#on").fill("")
    await phone.save()
    await phone.told("Đã gửi")
    assert await phone.outbox() == []
    assert await value("SELECT count(*) AS n FROM visit WHERE id = {}", kept[0]["id"]) == 1


async def test_whoever_left_the_team_learns_why_and_how_to_go_on(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await run("UPDATE membership SET left_on = joined_on WHERE person = {}", await id_of(HAN.name))
    await phone.lose_network(False)
    await phone.told("Cần sửa 1")
    await phone.page.goto("/m/outbox")
    assert "điều phối" in await phone.page.locator("ul[data-mend] li").inner_text()
    assert len(await phone.outbox()) == 1


async def test_a_household_that_was_merged_meanwhile_is_visited_as_the_other(
    phone_of: PhoneOf,
) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    gone, kept = await id_of(UONG), await id_of(QUYNH)
    await run("UPDATE household SET merged_into = {} WHERE id = {}", kept, gone)
    await phone.lose_network(False)
    await phone.told("Đã gửi")
    assert await value("SELECT household FROM visit") == kept


@pytest.mark.parametrize(("days", "said"), [(1, "future"), (366, "future"), (-400, "late_clock")])
async def test_a_wrong_clock_and_another_time_zone_are_told_not_refused(
    phone_of: PhoneOf, days: int, said: str
) -> None:
    phone = await phone_of(HAN, timezone_id="America/New_York")
    await phone.page.clock.set_fixed_time(clock.now() + timedelta(days=days))
    await phone.log(UONG, "vneid_2:assisted")
    await phone.told("Đã gửi")
    found = (await run("SELECT id, utc_offset FROM visit"))[0]
    assert found["utc_offset"] in (-300, -240)
    assert said in await flags()


async def test_a_clock_years_behind_sends_the_visit_back_to_be_dated(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.page.clock.set_fixed_time(clock.now() - timedelta(days=5 * 365))
    await phone.log(UONG, "vneid_2:assisted")
    await phone.told("Cần sửa 1")
    await phone.page.goto("/m/outbox")
    await phone.page.locator("ul[data-mend] a").first.tap()
    await phone.page.locator(".problems").wait_for()
    await phone.page.locator("details.fold summary").tap()
    await phone.page.locator("#on").fill(show_day(clock.today()))
    await phone.save()
    await phone.told("Đã gửi")
    assert await value("SELECT day FROM visit") == clock.today()


async def test_a_day_that_is_typed_is_that_of_viet_nam_whatever_the_phone_says(
    phone_of: PhoneOf,
) -> None:
    """Half past midnight in Tân Trụ, on a phone that still lives in Greenwich's yesterday."""
    phone = await phone_of(HAN, timezone_id="UTC")
    day = clock.today() - timedelta(days=1)
    await phone.page.clock.set_fixed_time(clock.midnight(day) + timedelta(minutes=30))
    await phone.open(UONG)
    await phone.fill("vneid_2:assisted")
    await phone.page.locator("details.fold summary").tap()
    await phone.page.locator("#on").fill(show_day(day))
    await phone.save()
    await phone.told("Đã gửi")
    assert await value("SELECT day FROM visit") == day


async def flags() -> set[str]:
    """What the server flagged."""
    return {str(flag["code"]) for flag in await run("SELECT code FROM visit_flag")}


async def move(head: str, team: str) -> None:
    """Let another team serve a household from today on."""
    home = await id_of(head)
    version = await value("SELECT version FROM household WHERE id = {}", home)
    form = HouseholdTeamForm(team=await id_of(team), on=clock.today(), version=int(version))
    await assign_household_team(MACHINE, home, form)


async def test_a_household_that_changes_hands_is_judged_by_the_day_of_the_visit(
    phone_of: PhoneOf,
) -> None:
    """Yesterday it was Hân's: taken and flagged. Today it is another team's: sent back."""
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.open(UONG)
    await phone.fill("vneid_2:assisted")
    await phone.page.locator("details.fold summary").tap()
    await phone.page.locator("#on").fill(show_day(clock.today() - timedelta(days=1)))
    await phone.save()
    await phone.log(UONG, "fraud_safety:independent")
    await move(UONG, "Tổ CNSCĐ khu phố Bình Lợi")
    await phone.lose_network(False)
    await phone.told("Cần sửa 1")
    assert await flags() == {"moved"}
    assert await value("SELECT service FROM support") == "vneid_2"


async def test_a_visit_of_another_team_is_handed_over_to_its_leader(phone_of: PhoneOf) -> None:
    """The phone says whose the household is, gives the words to pass on, and then lets it go."""
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "fraud_safety:independent")
    await move(UONG, "Tổ CNSCĐ khu phố Bình Lợi")
    await phone.lose_network(False)
    await phone.told("Cần sửa 1")
    await phone.page.goto("/m/outbox")
    line = phone.page.locator("ul[data-mend] li")
    assert re.search("khu phố Bình Lợi.*Phạm Minh Hoàng", await line.inner_text())
    await phone.web.grant_permissions(["clipboard-read", "clipboard-write"])
    await line.get_by_role("link", name="Bàn giao").tap()
    shown = phone.page.locator("[data-view=back]")
    await shown.get_by_role("button", name="Sao chép").tap()
    copied: str = await phone.page.evaluate("navigator.clipboard.readText()")
    assert UONG in copied
    assert "Phòng tránh lừa đảo" in copied
    await shown.get_by_role("button", name="Đã bàn giao").tap()
    await phone.told("Đã gửi")
    assert (await phone.outbox(), await visits()) == ([], 0)
    await a_loss_is_told()
    assert await value("SELECT reason FROM local_loss") == "handed over by its author"


async def test_a_household_that_is_gone_sends_its_visit_back(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await run("DELETE FROM household WHERE id = {}", await id_of(UONG))
    await phone.lose_network(False)
    await phone.told("Cần sửa 1")
    await phone.page.goto("/m/outbox")
    await phone.page.get_by_text("Hộ này không còn").wait_for()
    assert [record["state"] for record in await phone.outbox()] == ["refused"]


async def test_a_role_that_was_taken_keeps_the_visit_and_says_why(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    said = "Vai trò của bạn không còn được ghi lượt hỗ trợ."

    async def forbid(route: Route) -> None:
        body = json.dumps({"status": 403, "title": "Forbidden", "detail": said})
        await route.fulfill(status=403, content_type="application/problem+json", body=body)

    await phone.web.route(SYNC, forbid)
    await phone.lose_network(False)
    await phone.told("Cần sửa 1")
    await phone.page.goto("/m/outbox")
    await phone.page.get_by_text(said).wait_for()
    await phone.web.unroute(SYNC)
    await phone.page.locator("ul[data-mend] a").first.tap()
    await phone.page.locator(".problems", has_text=said).wait_for()
    await phone.save()
    await phone.told("Đã gửi")
    assert await visits() == 1


async def test_a_record_that_was_replaced_while_it_was_judged_does_not_come_back(
    phone_of: PhoneOf,
) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")

    async def judge_late(route: Route) -> None:
        number = (await phone.outbox())[0]["id"]
        await phone.page.evaluate("(number) => toso.save([], [number])", number)
        judged = {"results": [{"id": number, "status": "rejected", "errors": [], "flags": []}]}
        await route.fulfill(content_type="application/json", body=json.dumps(judged))

    await phone.web.route(SYNC, judge_late)
    await phone.lose_network(False)
    await phone.told("Đã gửi")
    assert (await phone.flush(), await phone.outbox()) == ("", [])


async def clash(phone: Phone, note: str) -> str:
    """Log a visit, then let the phone hold another one under its number; the number."""
    await phone.log(UONG, "vneid_2:assisted")
    await phone.told("Đã gửi")
    number = str(await value("SELECT id FROM visit"))
    await phone.lose_network()
    await phone.log(UONG, "fraud_safety:independent")
    await phone.page.evaluate(RENUMBER, [number, note])
    await phone.lose_network(False)
    await phone.told("Cần sửa 1")
    await phone.page.goto("/m/outbox")
    await phone.page.get_by_role("link", name="Xem cả hai").tap()
    return number


RENUMBER = """async ([number, note]) => {
  const base = await toso.db(), [record] = await base.getAll("outbox");
  await base.delete("outbox", record.id);
  const payload = { ...record.payload, id: number, note };
  await base.put("outbox", { ...record, id: number, payload });
}"""


async def a_loss_is_told() -> None:
    """What a phone removed goes to the server with its next call, a moment later."""
    async with asyncio.timeout(8):
        while not await value("SELECT count(*) AS n FROM local_loss"):
            await asyncio.sleep(0.05)


async def test_of_two_visits_under_one_number_both_are_shown_and_one_is_kept(
    phone_of: PhoneOf,
) -> None:
    phone = await phone_of(HAN)
    number = await clash(phone, "Hẹn tuần sau")
    shown = phone.page.locator("[data-view=back]")
    theirs, mine = shown.locator("[data-theirs]"), shown.locator("[data-mine]")
    await expect(theirs).to_contain_text("VNeID")
    await expect(mine).to_contain_text("Phòng tránh lừa đảo")
    await expect(mine).to_contain_text("Hẹn tuần sau")
    opened = shown.get_by_role("link", name="Mở lượt")
    await expect(opened).to_have_attribute("href", f"/visits/{number}")
    await shown.get_by_role("button", name="Giữ lượt trên máy chủ").tap()
    await phone.told("Đã gửi")
    assert await phone.outbox() == []
    assert await value("SELECT service FROM support") == "vneid_2"
    await a_loss_is_told()
    assert await value("SELECT lost FROM local_loss") == 1


async def test_a_visit_that_clashes_may_be_saved_under_a_number_of_its_own(
    phone_of: PhoneOf,
) -> None:
    phone = await phone_of(HAN)
    await clash(phone, "")
    await phone.page.get_by_role("button", name="Cả hai đều đúng").tap()
    await phone.page.locator("form[data-visit]").wait_for()
    assert await phone.page.locator("[name=service][value=fraud_safety]").is_checked()
    await phone.save()
    await phone.told("Đã gửi")
    assert await phone.outbox() == []
    services = await run("SELECT service FROM support ORDER BY service")
    assert [line["service"] for line in services] == ["fraud_safety", "vneid_2"]


async def test_somebody_new_whom_the_server_refused_is_mended_with_their_visit(
    phone_of: PhoneOf,
) -> None:
    """One visit and one person in the end, and the person under a number of their own."""
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.open(UONG)
    await phone.fill("vneid_2:assisted")
    await phone.tap("resident", "new")
    await phone.page.locator("#resident_name").fill("Mai Thị Sương")
    await phone.save()
    await phone.page.evaluate(SPOIL)
    first = {record["kind"]: record["id"] for record in await phone.outbox()}
    await phone.lose_network(False)
    await phone.told("Cần sửa 2")
    await phone.page.goto("/m/outbox")
    somebody = phone.page.locator("ul[data-mend] li", has_text="Người mới")
    await somebody.get_by_role("link", name="Sửa").tap()
    await phone.page.locator(".problems").wait_for()
    await phone.page.locator("#resident_name").fill("Mai Thị Sương Mai")
    await phone.save()
    await phone.told("Đã gửi")
    assert await phone.outbox() == []
    assert await value("SELECT id FROM visit") == UUID(first["visit"])
    helped = await run("SELECT r.id, r.name FROM support s JOIN resident r ON r.id = s.resident")
    assert [line["name"] for line in helped] == ["Mai Thị Sương Mai"]
    assert str(helped[0]["id"]) != first["resident"]
    assert await value("SELECT count(*) AS n FROM resident") == 1


SPOIL = """async () => {
  const base = await toso.db(), all = await base.getAll("outbox");
  const person = all.find((it) => it.kind === "resident");
  await base.put("outbox", { ...person, payload: { ...person.payload, age_band: "ancient" } });
}"""
"""As a phone of a later version might tell of a person."""
