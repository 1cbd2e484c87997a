"""One phone in several hands, and a phone that cannot keep things."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route

from demo.cast import HAN, HOANG
from kit.database import run, value
from tests.browser.conftest import sign_in
from tests.browser.offline.conftest import NO_SYNC, QUYNH, READY, SYNC, UONG, Phone, PhoneOf, visits
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_another_users_visits_wait_unseen_and_go_under_their_own_name(
    phone_of: PhoneOf,
) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await phone.web.clear_cookies()
    await sign_in(phone.web, HOANG, "vi")
    await phone.lose_network(False)
    hoang = str(await id_of(HOANG.name))
    await phone.page.goto("/")
    await phone.until(f"toso.kv('user').then((user) => user === '{hoang}')")
    await phone.until(READY)
    assert await phone.flush() == ""
    await phone.page.goto("/m/outbox")
    shown = phone.page.locator("main")
    await shown.get_by_text("1 lượt hỗ trợ của người khác đang chờ trên máy này").wait_for()
    assert UONG not in await shown.inner_text()
    assert await visits() == 0
    await phone.web.clear_cookies()
    await phone.let_in(HAN)
    await phone.told("Đã gửi")
    assert await value("SELECT performed_by FROM visit") == await id_of(HAN.name)


async def sign_out(phone: Phone, how: str) -> None:
    """Sign out, and answer the question about what is not sent."""
    await phone.page.get_by_role("button", name="Đăng xuất", exact=True).tap()
    await phone.page.get_by_text("Còn 1 lượt hỗ trợ chưa gửi").wait_for()
    await phone.page.locator("#sign-out").get_by_role("button", name=how).tap()


async def live_sign_ins() -> int:
    """How many devices are signed in."""
    return int(await value("SELECT count(*) AS n FROM sign_in WHERE ended_at IS NULL"))


async def all_signed_out() -> None:
    """Wait until the server knows that nobody is signed in."""
    async with asyncio.timeout(10):
        while await live_sign_ins():
            await asyncio.sleep(0.1)


async def test_signing_out_online_with_nothing_left_asks_nothing(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.log(UONG, "vneid_2:assisted")
    await phone.told("Đã gửi")
    await phone.page.goto("/me")
    await phone.page.get_by_role("button", name="Đăng xuất", exact=True).first.tap()
    await phone.page.wait_for_url("**/sign-in")
    assert await live_sign_ins() == 0


async def test_signing_out_asks_about_unsent_visits_and_takes_the_names_away(
    phone_of: PhoneOf,
) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await phone.open(QUYNH)
    await phone.fill("vneid_2:assisted")
    await phone.until("async () => (await (await toso.db()).count('drafts')) === 1")
    await phone.page.goto("/m/outbox")
    await sign_out(phone, "Gửi ngay")  # no network: nothing goes, nobody is signed out
    assert len(await phone.outbox()) == 1
    await sign_out(phone, "Đăng xuất, giữ lại trên máy")
    await phone.page.get_by_text("Bạn đã đăng xuất trên máy này").wait_for()
    kept = await phone.stores()
    assert (len(kept["outbox"]), kept["drafts"]) == (1, [])
    assert "households" not in str(kept["kv"])
    assert await live_sign_ins() == 1
    await phone.lose_network(False)
    await all_signed_out()
    assert await visits() == 0
    await phone.let_in(HAN)
    await phone.told("Đã gửi")
    assert await visits() == 1
    lost = await run("SELECT reason, lost FROM local_loss")
    assert [(loss["reason"], loss["lost"]) for loss in lost] == [("signed out", 1)]


async def test_signing_out_with_network_sends_first_or_keeps(phone_of: PhoneOf) -> None:
    """The server fails while Hân leaves: what she saved stays; once it is well again, it goes."""
    phone = await phone_of(HAN)
    await phone.web.add_init_script(NO_SYNC)

    async def fail(route: Route) -> None:
        await route.fulfill(status=503, content_type="application/json", body="{}")

    await phone.web.route(SYNC, fail)
    await phone.log(UONG, "vneid_2:assisted")
    await phone.told("Chờ gửi 1")
    await phone.page.goto("/m/outbox")
    await sign_out(phone, "Gửi ngay")
    await phone.page.locator("#sign-out").wait_for(state="hidden")
    assert (await live_sign_ins(), len(await phone.outbox())) == (1, 1)
    await sign_out(phone, "Đăng xuất, giữ lại trên máy")
    await phone.page.wait_for_url("**/sign-in")
    assert (await live_sign_ins(), await visits()) == (0, 0)
    await phone.let_in(HAN)
    async with phone.page.expect_response(SYNC):  # a page that is opened tries to send
        await phone.page.goto("/m/outbox")
    await phone.told("Chờ gửi 1")
    await phone.web.unroute(SYNC)
    await sign_out(phone, "Gửi ngay")
    await phone.page.wait_for_url("**/sign-in")
    assert (await live_sign_ins(), await visits()) == (0, 1)


async def test_a_new_version_waits_until_the_reader_wants_it(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.open(UONG)
    await phone.fill("vneid_2:assisted")
    await run("UPDATE catalogue_entry SET name_vi = {} WHERE code = 'vneid_2'", "VNeID")
    await asyncio.sleep(5.2)  # the server keeps its catalogues for five seconds
    await phone.page.evaluate("navigator.serviceWorker.getRegistration().then((r) => r.update())")
    await phone.until("navigator.serviceWorker.getRegistration().then((it) => Boolean(it.waiting))")
    news = phone.page.locator("[data-said=update]")
    assert await news.count() == 0  # it would move the tile that is about to be tapped
    await phone.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await news.wait_for()  # told to who looked away and comes back
    assert await phone.page.locator("[name=service][value=vneid_2]").is_checked()
    await phone.until("async () => (await (await toso.db()).count('drafts')) === 1")
    await news.get_by_role("button", name="Tải lại").tap()
    await phone.page.locator("[data-draft]:not([hidden])").wait_for()
    assert await phone.page.get_by_text("VNeID", exact=True).count() == 1
    await phone.page.locator("[data-take]").tap()
    await phone.save()
    await phone.told("Đã gửi")


ZALO = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130 Mobile Safari/537.36 Zalo/1.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "said"),
    [(ZALO, "mở ứng dụng bằng Chrome hoặc Safari"), (IPHONE, "Thêm vào MH chính"), ("", "")],
)
async def test_a_browser_that_forgets_says_so_before_it_is_relied_on(
    phone_of: PhoneOf, agent: str, said: str
) -> None:
    phone = await phone_of(HAN, **({"user_agent": agent} if agent else {}))
    news = phone.page.locator("[data-banners]")
    if not said:
        assert await news.inner_text() == ""
        return
    await news.get_by_text(said).wait_for()
    if agent == ZALO:
        await phone.web.grant_permissions(["clipboard-read", "clipboard-write"])
        await news.get_by_role("button", name="Sao chép liên kết").tap()
        assert await phone.page.evaluate("navigator.clipboard.readText()") == phone.page.url


REFUSES = """Object.defineProperty(window, "indexedDB", { value: {
  open() { throw new DOMException("denied", "SecurityError"); } } });"""


async def test_a_private_window_warns_and_sends_the_plain_form(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.web.add_init_script(REFUSES)
    await phone.page.goto(f"/households/{await id_of(UONG)}/visits/new")
    await phone.page.locator("[data-said=private]").wait_for()
    await phone.fill("vneid_2:assisted")
    await phone.page.locator(".visit-save button").tap()
    await phone.page.get_by_text("Đã lưu lượt hỗ trợ").wait_for()
    assert await value("SELECT via FROM visit") == "page"


FULL = """() => { IDBObjectStore.prototype.put = () => {
  throw new DOMException("full", "QuotaExceededError"); }; }"""


async def test_a_full_phone_says_so_and_keeps_the_form(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.open(UONG)
    await phone.fill("vneid_2:assisted")
    await phone.page.evaluate(FULL)
    await phone.page.locator(".visit-save button").tap()
    await phone.page.get_by_text("Máy hết chỗ lưu").wait_for()
    assert await phone.page.locator("[name=service][value=vneid_2]").is_checked()


EIGHT_DAYS_LATER = """async () => {
  const kept = await toso.kv("snapshot");
  await toso.keep("snapshot", { ...kept, at: kept.at - 8 * 86_400_000 });
}"""


async def test_a_list_that_is_missing_or_old_says_so(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    week = (
        "toso.kv('snapshot').then((it) => toso.keep('snapshot', { ...it, at: it.at - 8 * 864e5 }))"
    )
    await phone.page.evaluate(week)
    await phone.page.goto("/m/log")
    await phone.page.get_by_text("Danh sách này đã 8 ngày chưa cập nhật").wait_for()
    await phone.page.evaluate("toso.db().then((base) => base.delete('kv', 'snapshot'))")
    await phone.page.reload()
    await phone.page.get_by_text("Máy này chưa có danh sách hộ").wait_for()
    await phone.page.get_by_role("link", name="Lượt không gắn với hộ").tap()
    await phone.tap("place", "market")
    await phone.tap("service", "vneid_2")
    await phone.tap("outcome.vneid_2", "assisted")
    await phone.save()
    await phone.lose_network(False)
    await phone.told("Đã gửi")
    found = (await run("SELECT household, place, basis FROM visit"))[0]
    assert (found["household"], found["place"], found["basis"]) == (None, "market", "anonymous")


async def test_an_emptied_storage_is_told_to_the_reader_and_the_server(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await phone.page.goto("about:blank")
    storage = await phone.web.new_cdp_session(phone.page)
    what = {"origin": phone.address, "storageTypes": "indexeddb"}
    await storage.send("Storage.clearDataForOrigin", what)
    await phone.lose_network(False)
    await phone.page.goto("/")
    await phone.page.locator("[data-said=lost]").wait_for()
    async with asyncio.timeout(10):
        while not await value("SELECT count(*) AS n FROM local_loss"):
            await asyncio.sleep(0.1)
    assert await value("SELECT lost FROM local_loss") == 1
