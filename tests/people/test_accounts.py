"""Accounts: found, made, locked, given roles, each within reach."""

from __future__ import annotations

import pytest

from demo.cast import HAN, HOA, HOANG, SEN, TAM, TOAN, Player
from kit.database import value
from kit.errors import Forbidden, NotFound, Refused
from kit.phones import phone_e164
from people.accounts.commands import AccountForm, GrantForm, grant_role, lock_account
from people.accounts.commands import create_account as create
from people.accounts.queries import AccountFilter, find_account_by_phone, list_accounts
from people.sign_ins.commands import end_all_sign_ins
from tests.accounts import account_of
from tests.queries import few_queries
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def names(player: Player, **asked: str) -> list[str]:
    """Whom a player finds in the list of accounts."""
    lines, _ = await list_accounts(await who_is(player), AccountFilter.model_validate(asked))
    return [line.account.name for line in lines]


async def last(action: str) -> tuple[str, str]:
    """Who did it last, on whom."""
    where = "FROM audit_line WHERE action = {} ORDER BY at DESC, id DESC LIMIT 1"
    doer = await value(f"SELECT doer {where}", action)
    return str(doer), str(await value(f"SELECT subject_name {where}", action))


async def test_the_list_is_searched_without_marks_or_by_phone() -> None:
    assert await names(HOA, q="hoang") == [HOANG.name]
    assert await names(HOA, q="0900 000 003") == [HOANG.name]
    assert await names(HOA, q="h%ng") == []
    assert await names(HOA, role="viewer") == [TOAN.name]
    assert await names(HOA, role="leader") == [HAN.name]
    assert await names(HOA, state="locked") == []
    assert len(await names(HOA)) == 7


async def test_sen_sees_only_accounts_of_binh_lang() -> None:
    assert await names(SEN) == [SEN.name]


async def test_the_list_goes_on_where_it_stopped() -> None:
    hoa = await who_is(HOA)
    first, after = await list_accounts(hoa, AccountFilter(), limit=4)
    second, end = await list_accounts(hoa, AccountFilter(after=after), limit=4)
    assert end is None
    assert [line.account.name for line in [*first, *second]] == await names(HOA)


async def test_a_list_shown_whole_offers_no_more() -> None:
    async with await visit(HOA) as hoa:
        assert 'rel="next"' not in (await hoa.get("/accounts")).text


async def test_the_pages_ask_little_and_the_look_at_the_list_is_written_once() -> None:
    account = await find_account_by_phone(phone_e164(HOANG.phone))
    async with await visit(HOA) as hoa:
        await hoa.get("/accounts")
        for path in ("/accounts?q=hoang", f"/accounts/{account.id}", "/audit", "/jobs"):
            with few_queries():
                assert (await hoa.get(path)).status_code == 200, path
    looks = "SELECT count(*) FROM audit_line WHERE action = 'account.view'"
    assert await value(looks) == 1


async def test_tam_makes_an_account_that_has_no_password() -> None:
    person = await id_of("Phạm Thị Xuân")
    async with await visit(TAM) as tam:
        assert "Phạm Thị Xuân" in (await tam.get("/accounts/new?q=xuan")).text
        assert "0900 000 004" in (await tam.get(f"/accounts/new?person={person}")).text
        sent = {"person": str(person), "phone": "0900000004"}
        assert (await tam.post("/accounts/new", {**sent, "phone": "1"})).status_code == 422
        assert (await tam.post("/accounts/new", sent)).status_code == 303
        again = await tam.post("/accounts/new", sent)
        assert again.status_code == 409
        assert (await tam.get(f"/accounts/new?person={person}")).status_code == 303
    assert await last("account.create") == (TAM.name, "Phạm Thị Xuân")


async def test_nobody_makes_accounts_beyond_the_own_reach() -> None:
    form = AccountForm(person=await id_of("Phạm Thị Xuân"), phone="0900000004")
    with pytest.raises(NotFound):
        await create(await who_is(SEN), form)
    with pytest.raises(Forbidden):
        await create(await who_is(HAN), form)


async def test_tam_locks_and_unlocks_hoang_but_no_chief_and_not_himself() -> None:
    tam = await who_is(TAM)
    hoang = await find_account_by_phone(phone_e164(HOANG.phone))
    for _ in range(2):
        await lock_account(tam, hoang.id, locked=True)
    assert await last("account.lock") == (TAM.name, HOANG.name)
    assert await value("SELECT count(*) FROM audit_line WHERE action = 'account.lock'") == 1
    await lock_account(tam, hoang.id, locked=False)
    toan = await find_account_by_phone(phone_e164(TOAN.phone))
    with pytest.raises(Forbidden):
        await lock_account(tam, toan.id, locked=True)
    with pytest.raises(Forbidden):
        await end_all_sign_ins(tam, toan.id)
    hoa = await who_is(HOA)
    with pytest.raises(Refused):
        await lock_account(hoa, hoa.account or hoang.id, locked=True)


async def test_all_devices_of_a_lost_phone_are_signed_out() -> None:
    account = await find_account_by_phone(phone_e164(HOANG.phone))
    async with await visit(HOANG) as hoang, await visit(TAM) as tam:
        assert (await tam.post(f"/accounts/{account.id}/sign-outs")).status_code == 303
        assert (await hoang.get("/me")).status_code == 303
    assert await last("account.sign_out_all") == (TAM.name, HOANG.name)


async def test_hoa_gives_a_role_and_ends_it_and_both_count_at_once() -> None:
    person = await id_of(HOANG.name)
    account = await account_of(person)
    area = str(await id_of("Xã Bình Lãng"))
    async with await visit(HOA) as hoa:
        path = f"/accounts/{account}/grants"
        assert (await hoa.post(path, {"role": "coordinator", "area": ""})).status_code == 422
        assert (await hoa.post(path, {"role": "coordinator", "area": area})).status_code == 303
        assert (await hoa.post(path, {"role": "coordinator", "area": area})).status_code == 409
        assert (await who_is(HOANG)).may("member.assign")
        grant = await value("SELECT id FROM role_grant WHERE person = {}", person)
        assert (await hoa.post(f"{path}/{grant}/end")).status_code == 303
        assert (await hoa.post(f"{path}/{grant}/end")).status_code == 303
        assert not (await who_is(HOANG)).may("member.assign")
    assert await last("role.grant") == (HOA.name, HOANG.name)
    assert await last("role.end") == (HOA.name, HOANG.name)


async def test_no_coordinator_gives_roles_and_no_admin_ends_her_own() -> None:
    person = await id_of(HOANG.name)
    with pytest.raises(Forbidden):
        await grant_role(await who_is(TAM), person, GrantForm(role="admin"))
    own = await id_of(HOA.name)
    grant = await value("SELECT id FROM role_grant WHERE person = {}", own)
    async with await visit(HOA) as hoa:
        path = f"/accounts/{await account_of(own)}/grants/{grant}/end"
        assert (await hoa.post(path)).status_code == 422
