"""`toso account` and `toso token`, as typed on a terminal."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from demo.cast import HOANG, PASSWORD
from kit import clock
from kit.database import run, value
from people.accounts.cli import account
from people.sign_ins.jobs import purge
from people.sign_ins.queries import find_who_by_bearer
from people.tokens.cli import token
from tests.terminal import typed
from tests.visitor import Visitor, visit
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_the_first_admin_is_asked_for_and_comes_in_by_link() -> None:
    answers = "0900 200 001\nadmin\nLê Thị Mới\n"
    result = await typed(account, "create", answers=answers)
    assert result.exit_code == 0, result.output
    path = result.output.partition("/sign-in/")[2].split()[0]
    async with Visitor() as mine:
        assert (await mine.post(f"/sign-in/{path}")).status_code == 303
        assert (await mine.get("/jobs")).status_code == 200
    assert await value("SELECT via FROM audit_line WHERE action = 'role.grant' AND via = 'cli'")


async def test_a_known_person_gets_a_role_in_an_area_and_a_password() -> None:
    words = ("--phone", "0900000004", "--role", "viewer", "--area", "28108", "--password")
    result = await typed(account, "create", *words, answers="bốn con vịt\nbốn con vịt\n")
    assert result.exit_code == 0, result.output
    assert "bốn con vịt" not in result.output
    lang = await id_of("Xã Bình Lãng")
    xuan = await id_of("Phạm Thị Xuân")
    assert await value("SELECT area FROM role_grant WHERE person = {}", xuan) == lang


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("link", "0900999999"), 1, "Không có tài khoản nào"),
        (("link", "12"), 1, "10 chữ số"),
        (("link",), 2, "PHONE"),
        (("create", "--phone", "0900000003", "--role", "none"), 1, "tài khoản"),
        (("create", "--phone", "0900000004", "--role", "viewer", "--area", "Xã Không Có"), 1, ""),
        (("create", "--phone", "0900000004", "--role", "king"), 2, "king"),
    ],
)
async def test_errors_are_sentences(words: tuple[str, ...], code: int, said: str) -> None:
    result = await typed(account, *words)
    assert result.exit_code == code, result.output
    assert said in result.output
    assert "Traceback" not in result.output


async def test_accounts_are_listed_locked_unlocked_and_given_passwords() -> None:
    listed = json.loads((await typed(account, "list", "--json")).output)
    assert HOANG.name in [one["name"] for one in listed]
    assert HOANG.name in (await typed(account, "list")).output
    assert (await typed(account, "lock", HOANG.phone)).exit_code == 0
    assert await value("SELECT count(*) FROM account WHERE locked_at IS NOT NULL") == 1
    assert (await typed(account, "lock", HOANG.phone, "--unlock")).exit_code == 0
    weak = await typed(account, "password", HOANG.phone, answers="12345678\n12345678\n")
    assert weak.exit_code == 1
    new = await typed(account, "password", HOANG.phone, answers="bốn con vịt\nbốn con vịt\n")
    assert new.exit_code == 0, new.output
    async with await visit(None) as visitor:
        sent = {"phone": HOANG.phone, "password": PASSWORD}
        assert (await visitor.post("/sign-in", sent)).status_code == 422
        sent["password"] = "bốn con vịt"
        assert (await visitor.post("/sign-in", sent)).status_code == 303


async def test_a_token_is_printed_alone_works_and_is_revoked_by_itself() -> None:
    made = await typed(token, "create", HOANG.phone, "--scope", "read", "--name", "Bảng tính")
    assert made.exit_code == 0, made.output
    text = made.output.strip()
    assert made.output == f"{text}\n"
    assert await find_who_by_bearer(text)
    listed = await typed(token, "list", "--json")
    assert text not in listed.output
    assert json.loads(listed.output)[0]["state"] == "live"
    assert "Bảng tính" in (await typed(token, "list")).output
    for _ in range(2):
        assert (await typed(token, "revoke", text)).exit_code == 0
    assert await find_who_by_bearer(text) is None
    assert await value("SELECT count(*) FROM audit_line WHERE action = 'token.revoke'") == 1
    assert (await typed(token, "revoke", "toso_none")).exit_code == 1


async def test_a_token_ends_on_its_day() -> None:
    made = await typed(token, "create", HOANG.phone, "--days", "30")
    with clock.frozen(datetime.now(UTC) + timedelta(days=31)):
        assert await find_who_by_bearer(made.output.strip()) is None


async def test_a_month_later_the_night_clears_out_what_has_ended() -> None:
    async with await visit(HOANG) as hoang:
        await hoang.post("/sign-in", {"phone": "0900999999", "password": "wrong"})
        await hoang.post("/me/tokens", {"name": "Bảng tính", "days": "30"})
    assert await purge() == "sign-ins 0, links 0, waits 0, tokens 0"
    with clock.frozen(datetime.now(UTC) + timedelta(days=100)):
        assert await purge() == "sign-ins 1, links 1, waits 3, tokens 1"
    for table in ("sign_in", "link", "sign_in_wait", "api_token"):
        assert not await run(f"SELECT * FROM {table}")
