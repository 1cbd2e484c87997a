"""Founding, changing, moving and dissolving teams."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from demo.cast import SEN, TAM, TOAN
from kit import clock
from kit.errors import Forbidden, NotFound, Refused
from teams.roster.commands import (
    DissolveTeamForm,
    EditTeamForm,
    FoundTeamForm,
    TeamAreasForm,
    dissolve_team,
    edit_team,
    found_team,
    set_team_areas,
)
from teams.roster.queries import TeamFilter, TeamFound, find_team, list_team_areas, list_teams
from tests.teams.lookups import AP_1, BINH_HOA, how_many, last_line, spell_of, team_path
from tests.visitor import visit, who_is
from tests.world import FOUNDED, id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

DAY = date(2026, 3, 2)


async def test_a_team_is_founded_through_the_page() -> None:
    hamlet = str(await id_of("Ấp 2"))
    sent = {"name": "Tổ 12", "areas": hamlet, "founded_on": "02/03/2026", "target_size": "5"}
    async with await visit(SEN) as sen:
        assert (await sen.get("/teams/new")).status_code == 200
        answer = await sen.post("/teams/new", sent)
        assert answer.status_code == 303
        page = await sen.get(answer.headers["location"])
    assert "Thiếu tổ trưởng" in page.text
    assert (await last_line("team.found"))["doer"] == SEN.name


async def test_a_twin_an_area_beyond_reach_and_a_day_to_come_are_refused() -> None:
    hamlet = await id_of("Ấp 1")
    twin = FoundTeamForm(name="tổ cnscđ Ấp 1", areas=[hamlet], founded_on=FOUNDED)
    with pytest.raises(Refused) as refused:
        await found_team(await who_is(TAM), twin)
    assert "name" in refused.value.fields
    beyond = FoundTeamForm(name="Tổ 12", areas=[await id_of("Khu phố Bình Lợi")], founded_on=DAY)
    with pytest.raises(Forbidden):
        await found_team(await who_is(SEN), beyond)
    later = FoundTeamForm(name="Tổ 12", areas=[hamlet], founded_on=date(2099, 1, 1))
    with pytest.raises(Refused):
        await found_team(await who_is(TAM), later)


async def test_two_at_once_found_one_team() -> None:
    tam, hamlet = await who_is(TAM), await id_of("Ấp 2")
    form = FoundTeamForm(name="Tổ 12", areas=[hamlet], founded_on=DAY)
    results = await asyncio.gather(
        found_team(tam, form), found_team(tam, form), return_exceptions=True
    )
    assert len([r for r in results if isinstance(r, Refused)]) == 1, results


def edited(name: str, version: int = 1) -> EditTeamForm:
    return EditTeamForm(name=name, target_size=6, version=version)


async def test_the_later_of_two_editors_sees_both_values() -> None:
    team = await id_of(BINH_HOA)
    await edit_team(await who_is(TAM), team, edited("Tổ số 1 Bình Hòa"))
    async with await visit(TAM) as tam:
        sent = {"name": "Tổ của người sau", "target_size": "7", "version": "1"}
        answer = await tam.post(f"/teams/{team}/edit", sent)
        assert answer.status_code == 409
        assert "Tổ số 1 Bình Hòa" in answer.text
        assert "Tổ của người sau" in answer.text
        again = await tam.post(f"/teams/{team}/edit", {**sent, "version": "2"})
        assert again.status_code == 303
    assert await how_many("team.edit") == 2


async def test_two_editors_at_once_on_the_same_version() -> None:
    tam, team = await who_is(TAM), await id_of(BINH_HOA)
    results = await asyncio.gather(
        edit_team(tam, team, edited("Tổ A")),
        edit_team(tam, team, edited("Tổ B")),
        return_exceptions=True,
    )
    refused = [r for r in results if isinstance(r, Refused)]
    assert len(refused) == 1, results
    assert isinstance(refused[0].details, TeamFound)
    assert refused[0].details.name == (await find_team(tam, team)).name


async def test_strangers_find_no_team_and_readers_change_none() -> None:
    team = await id_of(BINH_HOA)
    with pytest.raises(NotFound):
        await edit_team(await who_is(SEN), team, edited("Tổ A"))
    with pytest.raises(Forbidden):
        await edit_team(await who_is(TOAN), team, edited("Tổ A"))


async def test_what_a_team_covered_stays_in_its_history() -> None:
    tam, team = await who_is(TAM), await id_of(AP_1)
    areas = [await id_of("Ấp 2")]
    await set_team_areas(tam, team, TeamAreasForm(areas=areas, on=DAY))
    await set_team_areas(tam, team, TeamAreasForm(areas=areas, on=DAY))
    spells = [(a.name, a.since, a.until) for a in await list_team_areas(team, DAY)]
    assert spells == [("Ấp 1", FOUNDED, DAY), ("Ấp 2", DAY, None)]
    assert await how_many("team.cover") == 1
    async with await visit(TAM) as visitor:
        page = await visitor.get(f"/teams/{team}")
    assert "Phụ trách thêm Ấp 2." in page.text


async def test_a_dissolved_team_lets_its_members_go_and_stays_readable() -> None:
    tam, team = await who_is(TAM), await id_of(BINH_HOA)
    gone = DissolveTeamForm(on=clock.today(), why="Sáp nhập khu phố", version=1)
    await dissolve_team(tam, team, gone)
    assert (await spell_of("Hồ Minh Hoàng")).left_on == clock.today()
    found, _ = await list_teams(tam, TeamFilter(q="binh hoa"))
    assert found == []
    async with await visit(TAM) as visitor:
        page = await visitor.get(await team_path(BINH_HOA))
    assert "Đã giải thể" in page.text
    assert "Thêm thành viên" not in page.text
    with pytest.raises(Refused):
        await dissolve_team(tam, team, gone)


async def test_a_team_is_not_dissolved_before_a_member_joined() -> None:
    tam, team = await who_is(TAM), await id_of(BINH_HOA)
    early = DissolveTeamForm(on=date(2024, 10, 9), why="Nhầm ngày", version=1)
    with pytest.raises(Refused) as refused:
        await dissolve_team(tam, team, early)
    assert "on" in refused.value.fields
