"""Leaving a team, and coming back."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from demo.cast import HOANG, SEN, TAM, TOAN
from kit import clock
from kit.errors import Forbidden, NotFound, Refused
from teams.memberships.commands import (
    AssignForm,
    BringBackForm,
    EndForm,
    assign_members,
    bring_back,
    end_membership,
)
from teams.roster.commands import DissolveTeamForm, dissolve_team
from tests.teams.lookups import BINH_HOA, BINH_LOI, last_line, member_path, spell_of, team_path
from tests.visitor import visit, who_is
from tests.world import FOUNDED, id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

DAY = date(2026, 3, 2)


def ending(version: int = 1, on: date = DAY) -> EndForm:
    return EndForm(on=on, reason="Chuyển đến xã khác", version=version)


async def test_rights_end_with_the_membership_the_same_day() -> None:
    hoang = await spell_of("Hồ Minh Hoàng")
    await end_membership(await who_is(TAM), hoang.id, ending(on=clock.today()))
    assert (await who_is(HOANG)).rights == ()
    assert (await last_line("member.end"))["subject_name"] == "Hồ Minh Hoàng"


async def test_the_team_page_tells_who_left_and_why() -> None:
    async with await visit(TAM) as tam:
        sent = {"on": "02/03/2026", "reason": "Chuyển đến xã khác", "version": "1"}
        answer = await tam.post(f"{await member_path('Hồ Minh Hoàng')}/ending", sent)
        assert answer.status_code == 303
        page = await tam.get(await team_path(BINH_HOA))
    assert "Hồ Minh Hoàng thôi tham gia tổ. Lý do: Chuyển đến xã khác." in page.text
    assert "Thiếu 1 người" in page.text


async def test_a_wrong_form_comes_back_with_what_was_typed() -> None:
    async with await visit(TAM) as tam:
        sent = {"on": "31/02/2026", "reason": "Lý do của Tâm", "version": "1"}
        answer = await tam.post(f"{await member_path('Hồ Minh Hoàng')}/ending", sent)
    assert answer.status_code == 422
    assert "Không có ngày này" in answer.text
    assert "Lý do của Tâm" in answer.text


@pytest.mark.parametrize("on", [FOUNDED - timedelta(days=1), date(2099, 1, 1)])
async def test_a_day_before_joining_or_yet_to_come_is_refused(on: date) -> None:
    hoang = await spell_of("Hồ Minh Hoàng")
    with pytest.raises(Refused) as refused:
        await end_membership(await who_is(TAM), hoang.id, ending(on=on))
    assert "on" in refused.value.fields


async def test_twice_is_told_and_strangers_and_readers_are_not_let() -> None:
    hoang, tam = await spell_of("Hồ Minh Hoàng"), await who_is(TAM)
    with pytest.raises(NotFound):
        await end_membership(await who_is(SEN), hoang.id, ending())
    with pytest.raises(Forbidden):
        await end_membership(await who_is(TOAN), hoang.id, ending())
    await end_membership(tam, hoang.id, ending())
    with pytest.raises(Refused) as refused:
        await end_membership(tam, hoang.id, ending())
    assert refused.value.status == 409


async def test_a_former_member_comes_back_with_the_same_organisation() -> None:
    hoang, tam = await spell_of("Hồ Minh Hoàng"), await who_is(TAM)
    with pytest.raises(Refused):
        await bring_back(tam, hoang.id, BringBackForm(on=DAY))
    await end_membership(tam, hoang.id, ending())
    with pytest.raises(Refused) as early:
        await bring_back(tam, hoang.id, BringBackForm(on=DAY - timedelta(days=1)))
    assert "on" in early.value.fields
    await bring_back(tam, hoang.id, BringBackForm(on=DAY + timedelta(days=9)))
    back = await spell_of("Hồ Minh Hoàng")
    assert (back.position, back.organisation, back.left_on) == ("member", "Chi hội", None)
    assert (await last_line("member.bring_back"))["doer"] == TAM.name


async def test_nobody_comes_back_to_a_dissolved_team_or_from_another_one() -> None:
    hoang, xuan, tam = (
        await spell_of("Hồ Minh Hoàng"),
        await spell_of("Phạm Thị Xuân"),
        await who_is(TAM),
    )
    await end_membership(tam, hoang.id, ending())
    move = AssignForm(team=await id_of(BINH_LOI), people=[f"{xuan.person}:{xuan.id}:1"], on=DAY)
    await assign_members(tam, move)
    with pytest.raises(Refused):
        await bring_back(tam, xuan.id, BringBackForm(on=clock.today()))
    gone = DissolveTeamForm(on=clock.today(), why="Sáp nhập khu phố", version=1)
    await dissolve_team(tam, await id_of(BINH_HOA), gone)
    with pytest.raises(Refused):
        await bring_back(tam, hoang.id, BringBackForm(on=clock.today()))


async def test_ending_and_moving_at_once_leave_one_story() -> None:
    hoang, tam = await spell_of("Hồ Minh Hoàng"), await who_is(TAM)
    move = AssignForm(team=await id_of(BINH_LOI), people=[f"{hoang.person}:{hoang.id}:1"], on=DAY)
    results = await asyncio.gather(
        end_membership(tam, hoang.id, ending()), assign_members(tam, move), return_exceptions=True
    )
    assert len([r for r in results if isinstance(r, Refused)]) == 1, results
    assert len([r for r in results if isinstance(r, BaseException)]) == 1, results
