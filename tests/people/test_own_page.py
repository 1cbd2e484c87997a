"""One's own page: password, devices, look, tokens."""

from __future__ import annotations

import pytest

from demo.cast import HAN, HOA, HOANG, PASSWORD, TOAN
from kit.database import run, value
from kit.phones import phone_e164
from people.accounts.queries import find_account_by_phone
from tests.queries import few_queries
from tests.visitor import Visitor, visit

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]
NEW = {"old_password": PASSWORD, "new_password": "bốn con vịt bơi"}


async def test_han_sees_her_role_and_her_team() -> None:
    async with await visit(HAN) as han:
        await han.get("/me")
        with few_queries():
            shown = (await han.get("/me")).text
    assert "Tổ trưởng" in shown
    assert "Tổ CNSCĐ khu phố Bình Hòa" in shown


async def test_a_new_password_ends_the_other_devices() -> None:
    async with await visit(HAN) as phone, await visit(HAN) as office:
        assert (await office.post("/me/password", NEW)).status_code == 303
        assert (await office.get("/me")).status_code == 200
        assert (await phone.get("/me")).status_code == 303
        sent = {"phone": HAN.phone, "password": NEW["new_password"]}
        assert (await phone.post("/sign-in", sent)).status_code == 303


@pytest.mark.parametrize("weak", ["short", "12345678", "aaaaaaaa", "0900000001", "Password123"])
async def test_a_password_anybody_would_guess_is_refused(weak: str) -> None:
    async with await visit(HAN) as han:
        answer = await han.post("/me/password", {**NEW, "new_password": weak})
        assert answer.status_code == 422
        assert 'id="new_password-wrong"' in answer.text
        assert weak not in answer.text or weak == "0900000001"


async def test_the_present_password_is_asked_for_and_cannot_be_guessed() -> None:
    async with await visit(HAN) as han:
        for _ in range(5):
            answer = await han.post("/me/password", {**NEW, "old_password": "guess"})
            assert answer.status_code == 422
        assert (await han.post("/me/password", NEW)).status_code == 429


async def test_who_came_by_link_sets_the_first_password_without_an_old_one() -> None:
    await run("UPDATE account SET password_hash = NULL")
    async with await visit(HOANG) as hoang:
        shown = (await hoang.get("/me")).text
        assert "Bạn đã vào bằng liên kết" in shown
        assert "old_password" not in shown
        answer = await hoang.post("/me/password", {"new_password": NEW["new_password"]})
        assert answer.status_code == 303


async def test_a_keyboard_that_writes_marks_apart_makes_the_same_password() -> None:
    async with await visit(HAN) as han:
        await han.post("/me/password", NEW)
        sent = {"phone": HAN.phone, "password": "bô´n con vịt bơi".replace("ô´", "o\u0302\u0301")}
        assert (await han.post("/sign-in", sent)).status_code == 303


async def test_one_device_or_all_others_are_signed_out() -> None:
    devices = "SELECT id FROM sign_in WHERE ended_at IS NULL ORDER BY id"
    async with await visit(HAN) as first, await visit(HAN) as second, await visit(HAN) as third:
        ids = [row["id"] for row in await run(devices)]
        assert (await third.post(f"/me/devices/{ids[0]}/sign-out")).status_code == 303
        assert (await third.post(f"/me/devices/{ids[0]}/sign-out")).status_code == 303
        assert (await first.get("/me")).status_code == 303
        assert (await third.post("/me/sign-outs")).status_code == 303
        assert (await second.get("/me")).status_code == 303
        assert (await third.get("/me")).status_code == 200
    assert await value("SELECT count(*) FROM audit_line WHERE action = 'account.sign_out'") == 1


async def test_signing_out_ends_the_cookie_and_the_sign_in() -> None:
    async with await visit(HAN) as han:
        token = han.http.cookies["toso"]
        assert (await han.post("/sign-out")).headers["location"] == "/sign-in"
    async with Visitor(token) as again:
        assert (await again.get("/me")).status_code == 303


async def test_the_look_is_kept_for_oneself() -> None:
    async with await visit(TOAN) as toan:
        look = {"language": "en", "theme": "dark", "text_size": "23"}
        assert (await toan.post("/me/look", look)).status_code == 303
        shown = (await toan.get("/me")).text
        assert '<html lang="en" data-theme="dark" data-size="23">' in shown
        assert (await toan.post("/me/look", {**look, "text_size": "99"})).status_code == 422


async def test_an_own_token_is_shown_once_and_opens_no_pages() -> None:
    async with await visit(HOA) as hoa:
        made = await hoa.post("/me/tokens", {"name": "Bảng tính", "scope": "read", "days": "30"})
        token = made.text.partition('<code class="address">')[2].partition("</code>")[0]
        assert token.startswith("toso_")
        assert token not in (await hoa.get("/me")).text
    account = await find_account_by_phone(phone_e164(HOA.phone))
    stored = "SELECT token_hash FROM api_token WHERE account = {}"
    assert token not in str(await value(stored, account.id))
    async with await visit(None) as program:
        answer = await program.get("/me", headers={"authorization": f"Bearer {token}"})
        assert answer.status_code == 303
