"""A one-time link: made by whoever may, used once, within a quarter of an hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from demo.cast import HAN, HOA, HOANG, SEN, TAM, TOAN, Player
from kit import clock
from kit.database import value
from kit.errors import Forbidden, NotFound, Refused
from kit.phones import phone_e164
from people.accounts.commands import lock_account
from people.accounts.queries import find_account_by_phone
from people.permissions import MACHINE
from people.sign_ins.commands import make_link, use_link
from teams.memberships.commands import EndForm, end_membership
from tests.accounts import account_of
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def link_for(player: Player, by: Player = TAM) -> str:
    """A link that somebody makes for a player."""
    account = await find_account_by_phone(phone_e164(player.phone))
    return await make_link(await who_is(by), account.id)


async def test_tam_makes_a_link_that_lets_hoang_in_once() -> None:
    async with await visit(TAM) as tam:
        account = await find_account_by_phone(phone_e164(HOANG.phone))
        made = await tam.post(f"/accounts/{account.id}/link")
        assert made.status_code == 200
        assert "<svg" in made.text
        assert "style=" not in made.text
    path = made.text.partition("http://so.test")[2].partition("<")[0].partition('"')[0]
    async with await visit(None) as hoang:
        for _ in range(2):
            preview = await hoang.get(path)
            assert preview.status_code == 200
            assert "no-store" in preview.headers["cache-control"]
        assert (await hoang.post(path)).status_code == 303
        assert HOANG.name in (await hoang.get("/me")).text
    async with await visit(None) as second:
        assert (await second.post(path)).status_code == 422
    line = "SELECT doer FROM audit_line WHERE action = 'account.link' ORDER BY id DESC LIMIT 1"
    assert await value(line) == TAM.name


async def test_after_a_quarter_of_an_hour_it_is_worth_nothing() -> None:
    token = await link_for(HOANG)
    with (
        clock.frozen(datetime.now(UTC) + timedelta(minutes=15, seconds=1)),
        pytest.raises(Refused),
    ):
        await use_link(token, "Chrome")


async def test_a_new_link_ends_the_one_before() -> None:
    first, second = await link_for(HOANG), await link_for(HOANG)
    with pytest.raises(Refused):
        await use_link(first, "Chrome")
    await use_link(second, "Chrome")


async def test_a_coordinator_makes_none_for_who_holds_a_granted_role() -> None:
    with pytest.raises(Forbidden):
        await link_for(TOAN)
    with pytest.raises(Forbidden):
        await link_for(HOA)
    assert await link_for(TOAN, by=HOA)


async def test_a_stranger_to_the_place_does_not_see_the_account() -> None:
    with pytest.raises(NotFound):
        await link_for(HOANG, by=SEN)
    with pytest.raises(NotFound):
        await link_for(HOANG, by=HAN)


async def test_who_once_served_there_is_seen_but_no_longer_let_in() -> None:
    person = await id_of("Trần Thị Ngọc Trâm")
    account = await account_of(person)
    sen = await who_is(SEN)
    assert await make_link(sen, account)
    membership = await value("SELECT id FROM membership WHERE person = {}", person)
    version = await value("SELECT version FROM membership WHERE id = {}", membership)
    form = EndForm.model_validate({"on": clock.today(), "reason": "moved", "version": version})
    await end_membership(MACHINE, membership, form)
    await _move_home(person)
    with pytest.raises(Forbidden):
        await make_link(sen, account)


async def _move_home(person: object) -> None:
    town = await id_of("Thị trấn Tân Trụ")
    await value("UPDATE person SET area = {} WHERE id = {} RETURNING id", town, person)


async def test_a_locked_account_gets_none_and_an_old_one_does_not_open_it() -> None:
    account = await find_account_by_phone(phone_e164(HOANG.phone))
    token = await link_for(HOANG)
    await lock_account(MACHINE, account.id, locked=True)
    with pytest.raises(Refused):
        await link_for(HOANG)
    await lock_account(MACHINE, account.id, locked=False)
    with pytest.raises(Refused):
        await use_link(token, "Chrome")
