"""What is saved is sent once, whatever the network and the server do meanwhile."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any

import pytest
from playwright.async_api import Error as PlaywrightError
from playwright.async_api import Request, Route

from demo.cast import HAN, HOANG
from kit import clock
from kit.database import new_id, value
from tests.browser.offline.conftest import NO_SYNC, QUYNH, SYNC, UONG, PhoneOf, expire, visits
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.browser]


async def test_an_answer_lost_after_the_commit_and_two_senders_make_one_visit(
    phone_of: PhoneOf,
) -> None:
    phone = await phone_of(HAN)
    page = phone.page

    async def lose_answer(route: Route) -> None:
        await route.fetch()
        with suppress(PlaywrightError):  # the phone may have given up on it already
            await route.abort()

    await phone.web.route(SYNC, lose_answer)
    await phone.log(UONG, "vneid_2:assisted")
    await phone.told("Chờ gửi 1")
    await phone.until("toso.counts().then((now) => now.trouble === 'network')")
    assert await visits() == 1
    await phone.web.unroute(SYNC)
    assert await phone.flush() == ""
    assert await phone.outbox() == []
    assert await visits() == 1
    await phone.lose_network()
    await phone.log(QUYNH, "vneid_2:assisted")
    other = await phone.new_page()
    await other.goto("/m/outbox")
    await phone.lose_network(False)
    worker = phone.web.service_workers[0]
    sendings = [it.evaluate("toso.flush(true)") for it in (page, other, worker)]
    assert await asyncio.gather(*sendings) == ["", "", ""]
    assert await phone.outbox() == []
    assert await visits() == 2


ANSWERS: list[dict[str, Any]] = [
    {"status": 200, "content_type": "text/html", "body": "<h1>Wi-Fi quán cà phê</h1>"},
    {"status": 500, "body": "{}", "content_type": "application/json"},
    {"status": 502, "body": "bad gateway", "content_type": "text/html"},
    {"status": 503, "body": "{}", "content_type": "application/problem+json"},
    {"status": 429, "body": "{}", "content_type": "application/json"},
    {"status": 200, "body": "{}", "content_type": "application/json"},
]


async def test_a_portal_and_a_failing_server_keep_everything(
    phone_of: PhoneOf,
) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    answer: dict[str, Any] = {}

    async def fail(route: Route) -> None:
        await route.fulfill(**answer)

    await phone.web.route(SYNC, fail)
    answer.update(ANSWERS[0])
    await phone.lose_network(False)
    for answers in ANSWERS:
        answer.clear()
        answer.update(answers)
        assert await phone.flush() in ("network", "server"), answers
        assert len(await phone.outbox()) == 1, answers
    await phone.web.unroute(SYNC)
    assert await visits() == 0
    assert await phone.flush() == ""
    assert await visits() == 1


async def test_a_page_that_is_opened_sends_at_once_though_the_last_try_just_failed(
    phone_of: PhoneOf,
) -> None:
    phone = await phone_of(HAN)
    await phone.web.add_init_script(NO_SYNC)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    for _attempt in range(3):  # each is waited for longer than the one before
        assert await phone.flush() == "network"
    await phone.page.goto("about:blank")  # where no page of ours hears of the network
    await phone.lose_network(False)
    await phone.page.goto("/")
    await phone.told("Đã gửi")
    assert await visits() == 1


async def test_a_sign_in_that_ended_keeps_the_visit_until_the_next_one(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    await phone.lose_network()
    await phone.log(UONG, "vneid_2:assisted")
    await expire()
    await phone.lose_network(False)
    await phone.told("Đăng nhập lại để gửi")
    await phone.page.goto("/m/outbox")
    await phone.page.get_by_role("link", name="Đăng nhập", exact=True).wait_for()
    assert await visits() == 0
    await phone.web.clear_cookies()
    await phone.let_in(HAN)
    await phone.told("Đã gửi")
    assert await visits() == 1


async def test_weeks_of_work_of_an_old_version_are_sent_in_small_parts(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    sizes: list[int] = []

    def note(request: Request) -> None:
        if request.url.endswith("/visits/sync"):
            sizes.append(len(json.loads(request.post_data or "")["visits"]))

    phone.web.on("request", note)
    await phone.page.evaluate(OLD_VISITS, [str(await id_of(UONG)), 205])
    assert await phone.flush() == ""
    assert await visits() == 205
    assert sum(sizes) == 205
    assert max(sizes) == 20
    assert await value("SELECT count(*) AS n FROM visit WHERE app_version = '0.9'") == 205


OLD_VISITS = """async ([household, many]) => {
  const author = await toso.kv("user"), base = await toso.db();
  for (let n = 0; n < many; n++) {
    const id = crypto.randomUUID(), at = new Date(Date.now() - n * 3_600_000).toISOString();
    const payload = { id, household, met: "absent", met_at: at, app_version: "0.9" };
    const kept = { id, author, kind: "visit", payload, fields: [], at: n, state: "waiting" };
    await base.put("outbox", kept);
  }
}"""


async def test_another_sites_page_cannot_send(phone_of: PhoneOf) -> None:
    phone = await phone_of(HAN)
    body: dict[str, list[Any]] = {"visits": []}
    elsewhere = {"sec-fetch-site": "cross-site", "content-type": "application/json"}
    answer = await phone.web.request.post("/api/v1/visits/sync", data=body, headers=elsewhere)
    assert answer.status == 403
    form = {"content-type": "text/plain", "sec-fetch-site": "same-origin"}
    answer = await phone.web.request.post("/api/v1/visits/sync", data="{}", headers=form)
    assert answer.status == 415
    wrong = {"toso-person": str(await id_of(HOANG.name)), "content-type": "application/json"}
    answer = await phone.web.request.post("/api/v1/visits/sync", data=body, headers=wrong)
    assert answer.status == 401
    foreign = phone.address.replace("127.0.0.1", "localhost")

    async def show(route: Route) -> None:
        await route.fulfill(content_type="text/html", body="<h1>Trang khác</h1>")

    await phone.web.route(f"{foreign}/elsewhere", show)
    await phone.page.goto(f"{foreign}/elsewhere")
    record = {"id": str(new_id()), "household": str(await id_of(UONG)), "met": "absent"}
    told = json.dumps({"visits": [{**record, "met_at": clock.now().isoformat()}]})
    await phone.page.evaluate(FORGE, [f"{phone.address}/api/v1/visits/sync", told])
    assert await visits() == 0
    assert all("blocked" in fault for fault in phone.faults)  # the browser guards it too
    phone.faults.clear()


FORGE = """async ([address, body]) => {
  for (const type of ["text/plain", "application/json"]) {
    const asked = { method: "POST", mode: "no-cors", credentials: "include", body };
    await fetch(address, { ...asked, headers: { "content-type": type } }).catch(() => null);
  }
}"""
