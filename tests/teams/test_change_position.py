"""A new position: promoted, stepped down, a leader replaced."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from demo.cast import HAN, SEN, TAM, TOAN
from kit import clock
from kit.errors import Forbidden, NotFound, Refused
from teams.memberships.commands import PositionForm, change_position
from teams.memberships.queries import MembershipFound
from tests.teams.lookups import how_many, last_line, member_path, spell_of
from tests.visitor import visit, who_is
from tests.world import FOUNDED

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

DAY = date(2026, 3, 2)


def form(position: str, version: int = 1, on: date = DAY) -> PositionForm:
    return PositionForm.model_validate({"position": position, "on": on, "version": version})


async def test_a_new_leader_replaces_the_old_one_who_stays_as_a_member() -> None:
    thang = await spell_of("Đoàn Văn Thắng")
    await change_position(await who_is(TAM), thang.id, form("leader"))
    leads, stays = await spell_of("Đoàn Văn Thắng"), await spell_of("Dương Thị Ngọc Hân")
    assert (leads.position, leads.joined_on) == ("leader", DAY)
    assert (stays.position, stays.joined_on, stays.team) == ("member", DAY, leads.team)
    line = await last_line("member.position")
    assert line["doer"] == TAM.name
    assert "Dương Thị Ngọc Hân" in line["before"]


async def test_a_leader_can_be_replaced_twice_on_one_day() -> None:
    tam = await who_is(TAM)
    await change_position(tam, (await spell_of("Đoàn Văn Thắng")).id, form("leader"))
    await change_position(tam, (await spell_of("Phạm Thị Xuân")).id, form("leader"))
    assert (await spell_of("Phạm Thị Xuân")).position == "leader"
    assert (await spell_of("Đoàn Văn Thắng")).position == "member"


async def test_rights_follow_the_position_on_the_same_day() -> None:
    thang = await spell_of("Đoàn Văn Thắng")
    await change_position(await who_is(TAM), thang.id, form("leader", on=clock.today()))
    assert (await who_is(HAN)).roles == ["member"]


async def test_the_same_position_again_changes_nothing() -> None:
    han = await spell_of("Dương Thị Ngọc Hân")
    await change_position(await who_is(TAM), han.id, form("leader"))
    assert (await spell_of("Dương Thị Ngọc Hân")) == han
    assert await how_many("member.position") == 0


async def test_the_second_of_two_coordinators_is_told_how_the_person_stands() -> None:
    xuan, tam = await spell_of("Phạm Thị Xuân"), await who_is(TAM)
    await change_position(tam, xuan.id, form("deputy"))
    with pytest.raises(Refused) as refused:
        await change_position(tam, xuan.id, form("leader"))
    assert refused.value.status == 409
    assert isinstance(refused.value.details, MembershipFound)
    assert refused.value.details.position == "deputy"


async def test_the_page_shows_both_values_after_a_clash() -> None:
    path = await member_path("Phạm Thị Xuân")
    xuan = await spell_of("Phạm Thị Xuân")
    await change_position(await who_is(TAM), xuan.id, form("deputy"))
    async with await visit(TAM) as tam:
        sent = {"position": "leader", "on": "2026-03-02", "version": "1", "decision": "12/QĐ"}
        answer = await tam.post(f"{path}/position", sent)
    assert answer.status_code == 409
    assert "Nội dung họ đã lưu" in answer.text
    assert "Tổ phó" in answer.text


@pytest.mark.parametrize("on", [FOUNDED - timedelta(days=1), date(2099, 1, 1)])
async def test_a_day_before_joining_or_yet_to_come_is_refused(on: date) -> None:
    xuan = await spell_of("Phạm Thị Xuân")
    with pytest.raises(Refused) as refused:
        await change_position(await who_is(TAM), xuan.id, form("deputy", on=on))
    assert "on" in refused.value.fields


async def test_a_stranger_finds_nothing_and_a_reader_may_not() -> None:
    xuan = await spell_of("Phạm Thị Xuân")
    with pytest.raises(NotFound):
        await change_position(await who_is(SEN), xuan.id, form("deputy"))
    with pytest.raises(Forbidden):
        await change_position(await who_is(TOAN), xuan.id, form("deputy"))


async def test_two_at_once_leave_one_leader() -> None:
    tam = await who_is(TAM)
    thang, xuan = await spell_of("Đoàn Văn Thắng"), await spell_of("Phạm Thị Xuân")
    results = await asyncio.gather(
        change_position(tam, thang.id, form("leader")),
        change_position(tam, xuan.id, form("leader")),
        return_exceptions=True,
    )
    assert all(result is None or isinstance(result, Refused) for result in results)
    names = ("Dương Thị Ngọc Hân", "Đoàn Văn Thắng", "Phạm Thị Xuân")
    assert [(await spell_of(name)).position for name in names].count("leader") == 1
