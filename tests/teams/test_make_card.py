"""The member card and the public page that confirms it."""

from __future__ import annotations

import asyncio
import re

import pytest

from demo.cast import HAN, SEN, TAM
from kit import clock
from kit.errors import NotFound
from teams.cards.commands import CardForm, make_card
from teams.cards.queries import find_card
from teams.memberships.commands import EndForm, end_membership
from tests.teams.lookups import how_many, spell_of
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_anybody_sees_name_position_and_team_but_no_phone() -> None:
    person = await id_of("Hồ Minh Hoàng")
    async with await visit(HAN) as han:
        path = f"/people/{person}/card"
        assert "Làm thẻ" in (await han.get(path)).text
        assert (await han.post(path)).status_code == 303
        address = re.search(r'data-copy="http://[^/]+(/cards/\w{16})"', (await han.get(path)).text)
    assert address
    async with await visit(None) as stranger:
        page = await stranger.get(address[1])
    assert page.status_code == 200
    for word in ("Hồ Minh Hoàng", "Thành viên", "Bình Hòa", "Thẻ còn hiệu lực", "mã OTP"):
        assert word in page.text
    assert "0900" not in page.text


async def test_it_stops_confirming_the_day_the_membership_ends() -> None:
    tam, hoang = await who_is(TAM), await spell_of("Hồ Minh Hoàng")
    code = await make_card(tam, hoang.person, CardForm())
    end = EndForm(on=clock.today(), reason="Thôi tham gia", version=1)
    await end_membership(tam, hoang.id, end)
    async with await visit(None) as stranger:
        page = await stranger.get(f"/cards/{code}")
    assert "Thẻ này không còn hiệu lực" in page.text
    assert "Hồ Minh Hoàng" not in page.text
    with pytest.raises(NotFound):
        await make_card(tam, hoang.person, CardForm())


async def test_an_unknown_code_gets_a_plain_sentence() -> None:
    async with await visit(None) as stranger:
        page = await stranger.get("/cards/AAAAAAAAAAAAAAAA")
    assert page.status_code == 404
    assert "Không có thẻ này" in page.text


async def test_twice_is_once_and_a_lost_card_is_replaced() -> None:
    tam, person = await who_is(TAM), await id_of("Hồ Minh Hoàng")
    first = await make_card(tam, person, CardForm())
    assert await make_card(tam, person, CardForm()) == first
    second = await make_card(tam, person, CardForm(anew=True))
    assert (await find_card(second)).valid
    assert not (await find_card(first)).valid
    assert await how_many("member.card") == 2


async def test_two_at_once_make_one_card_and_strangers_none() -> None:
    tam, person = await who_is(TAM), await id_of("Hồ Minh Hoàng")
    codes = await asyncio.gather(
        make_card(tam, person, CardForm()), make_card(tam, person, CardForm())
    )
    assert len(set(codes)) == 1
    with pytest.raises(NotFound):
        await make_card(await who_is(SEN), person, CardForm())
