"""Signing in: patience with wrong tries, fresh cookies, no way out to other sites."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from demo.cast import HAN, HOANG, PASSWORD, SEN, Player
from kit import clock
from kit.database import run, value
from kit.phones import phone_e164
from kit.settings import settings
from people.accounts.commands import lock_account
from people.accounts.queries import find_account_by_phone
from people.permissions import MACHINE
from people.sign_ins.routes import safe
from people.sign_ins.waits import network_of
from tests.visitor import Visitor, visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
NOT_RIGHT = "Số điện thoại hoặc mật khẩu"


async def sign_in(
    visitor: Visitor, phone: str, password: str = PASSWORD, **more: str
) -> httpx.Response:
    """Fill in the form of the sign-in page."""
    return await visitor.post("/sign-in", {"phone": phone, "password": password, **more})


async def cookie_of(player: Player) -> str:
    """The sign-in cookie after signing in with the password."""
    async with await visit(None) as visitor:
        answer = await sign_in(visitor, player.phone)
        assert answer.status_code == 303
        return answer.headers["set-cookie"]


async def test_han_signs_in_with_phone_and_password() -> None:
    async with await visit(None) as visitor:
        answer = await sign_in(visitor, "0900.000.001", next="/me")
        assert answer.headers["location"] == "/me"
        assert (await visitor.get("/me")).status_code == 200
    line = "SELECT doer FROM audit_line WHERE action = 'account.sign_in'"
    assert await value(line) == HAN.name


async def test_the_cookie_is_for_us_alone_and_ends_with_the_browser() -> None:
    cookie = (await cookie_of(HAN)).lower()
    assert cookie.startswith("toso=")
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "path=/" in cookie
    assert "max-age" not in cookie
    assert "secure" not in cookie


async def test_keep_me_signed_in_lasts_thirty_days_and_rolls_on() -> None:
    async with await visit(None) as visitor:
        answer = await sign_in(visitor, HAN.phone, keep="1")
        assert f"Max-Age={30 * 24 * 3600}" in answer.headers["set-cookie"]
        with clock.frozen(datetime.now(UTC) + timedelta(days=20)):
            answer = await visitor.get("/me")
            assert answer.headers["set-cookie"].startswith("toso=")
        with clock.frozen(datetime.now(UTC) + timedelta(days=40)):
            assert (await visitor.get("/me")).status_code == 200
        with clock.frozen(datetime.now(UTC) + timedelta(days=71)):
            assert (await visitor.get("/me")).status_code == 303


async def test_over_https_the_browser_guards_the_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "public_url", "https://so.example.vn")
    cookie = await cookie_of(HAN)
    assert cookie.startswith("__Host-toso=")
    assert "secure" in cookie.lower()
    async with await visit(None) as visitor:
        token = cookie.partition(";")[0].partition("=")[2]
        visitor.http.headers["cookie"] = f"__Host-toso={token}"
        answer = await visitor.post("/sign-out")
        gone = next(
            c for c in answer.headers.get_list("set-cookie") if c.startswith("__Host-toso=")
        )
        assert "secure" in gone.lower()
        assert "max-age=0" in gone.lower()
        assert (await visitor.get("/me")).status_code == 303


async def test_signing_in_anew_ends_the_devices_former_sign_in() -> None:
    async with await visit(HOANG) as visitor:
        old = visitor.http.cookies["toso"]
        answer = await sign_in(visitor, HAN.phone)
        assert answer.headers["set-cookie"].partition(";")[0] != f"toso={old}"
    async with Visitor(old) as thief:
        assert (await thief.get("/me")).status_code == 303


async def test_a_cookie_chosen_by_somebody_else_is_never_taken() -> None:
    async with Visitor("chosen-by-a-stranger") as visitor:
        answer = await sign_in(visitor, HAN.phone)
        assert "chosen-by-a-stranger" not in answer.headers["set-cookie"]


async def test_wrong_password_and_unknown_phone_get_the_same_sentence() -> None:
    async with await visit(None) as visitor:
        wrong = await sign_in(visitor, HAN.phone, "not-the-password", keep="1")
        unknown = await sign_in(visitor, "0900999999", "not-the-password", keep="1")
    assert wrong.status_code == unknown.status_code == 422
    assert NOT_RIGHT in wrong.text
    assert wrong.text.replace(HAN.phone, "") == unknown.text.replace("0900999999", "")
    assert "not-the-password" not in wrong.text
    assert HAN.phone in wrong.text


async def test_an_unticked_box_stays_unticked_and_the_way_on_is_kept() -> None:
    async with await visit(None) as visitor:
        answer = await sign_in(visitor, "0900", "x", next="/teams")
        assert "checked" not in answer.text
        assert 'value="/teams"' in answer.text
        answer = await sign_in(visitor, "0900", "x", keep="1")
        assert "checked" in answer.text


async def test_wrong_tries_slow_down_but_never_lock_for_good() -> None:
    async with await visit(None) as visitor:
        with clock.frozen(NOON):
            for _ in range(5):
                assert (await sign_in(visitor, HAN.phone, "wrong")).status_code == 422
            answer = await sign_in(visitor, HAN.phone)
            assert answer.status_code == 429
            assert answer.headers["retry-after"] == "3"
            assert HAN.phone in answer.text
        with clock.frozen(NOON + timedelta(seconds=3)):
            assert (await sign_in(visitor, HAN.phone)).status_code == 303
        with clock.frozen(NOON + timedelta(seconds=4)):
            assert (await sign_in(visitor, HAN.phone, "wrong")).status_code == 422


async def test_the_longest_wait_is_a_minute() -> None:
    async with await visit(None) as visitor:
        with clock.frozen(NOON):
            assert (await sign_in(visitor, HAN.phone, "wrong")).status_code == 422
            await run("UPDATE sign_in_wait SET failures = 5000 WHERE key LIKE 'p%'")
            assert (await sign_in(visitor, HAN.phone, "wrong")).status_code == 422
            assert (await sign_in(visitor, HAN.phone)).status_code == 429
        with clock.frozen(NOON + timedelta(seconds=60)):
            assert (await sign_in(visitor, HAN.phone)).status_code == 303


async def test_a_strangers_tries_elsewhere_do_not_make_han_wait() -> None:
    key = f"pair:{phone_e164(HAN.phone)} 203.0.113.9"
    later = datetime.now(UTC) + timedelta(minutes=1)
    await run(
        "INSERT INTO sign_in_wait (key, failures, failed_at, open_at) VALUES ({}, 9, {}, {})",
        *(key, datetime.now(UTC), later),
    )
    async with await visit(None) as visitor:
        assert (await sign_in(visitor, HAN.phone)).status_code == 303


async def test_an_address_that_tries_many_phones_must_wait() -> None:
    async with await visit(None) as visitor:
        with clock.frozen(NOON):
            await run("UPDATE sign_in_wait SET failures = 0")
            await sign_in(visitor, "0900111111", "wrong")
            await run("UPDATE sign_in_wait SET failures = 50 WHERE key LIKE 'address:%'")
            assert (await sign_in(visitor, "0900111112", "wrong")).status_code == 422
            assert (await sign_in(visitor, "0900111113", "wrong")).status_code == 429
        with clock.frozen(NOON + timedelta(hours=2)):
            assert (await sign_in(visitor, HAN.phone)).status_code == 303


async def test_a_locked_account_is_told_nothing_more_and_its_devices_are_out() -> None:
    account = await find_account_by_phone(phone_e164(HOANG.phone))
    async with await visit(HOANG) as hoang:
        await lock_account(MACHINE, account.id, locked=True)
        assert (await hoang.get("/me")).status_code == 303
        answer = await sign_in(hoang, HOANG.phone)
        assert answer.status_code == 422
        assert NOT_RIGHT in answer.text
        await lock_account(MACHINE, account.id, locked=False)
        assert (await hoang.get("/me")).status_code == 303
        assert (await sign_in(hoang, HOANG.phone)).status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "evil",
        "",
        "/sign-in",
    ],
)
async def test_nobody_is_led_to_another_site(path: str) -> None:
    assert safe(path) == "/"


async def test_a_path_of_ours_is_kept() -> None:
    assert safe("/teams?q=a") == "/teams?q=a"


async def test_a_whole_ipv6_network_counts_as_one() -> None:
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("::ffff:203.0.113.9") == "203.0.113.9"
    assert network_of("203.0.113.9") == "203.0.113.9"
    assert network_of("testclient") == "testclient"


async def test_another_sites_page_cannot_sign_anybody_in() -> None:
    async with await visit(None) as visitor:
        answer = await visitor.post(
            "/sign-in",
            {"phone": SEN.phone, "password": PASSWORD},
            headers={"sec-fetch-site": "cross-site"},
        )
        assert answer.status_code == 403
