"""The first page, for each of the cast."""

from __future__ import annotations

import pytest

from demo.cast import CAST, HAN, HOA, HOANG, NGHI, SEN, TAM, TOAN, Player
from kit.database import run
from reports.home.view import find_district
from tests.queries import few_queries, warm
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def home(player: Player | None, query: str = "") -> str:
    """The text of the first page."""
    async with await visit(player) as visitor:
        answer = await visitor.get(f"/{query}")
        assert answer.status_code == 200
        return answer.text


@pytest.mark.parametrize("player", CAST, ids=[player.name for player in CAST])
async def test_it_makes_few_queries_for_everybody(player: Player) -> None:
    async with await visit(player) as visitor:
        await warm()
        with few_queries():
            assert (await visitor.get("/")).status_code == 200


async def test_the_figures_are_those_of_the_world() -> None:
    district = await find_district(await who_is(TAM), None)
    assert district is not None
    total = district.total
    assert (total.teams, total.members, total.target, total.short) == (4, 8, 20, 12)
    assert (total.no_leader, total.no_deputy) == (2, 3)
    assert [c.name for c in district.communes] == ["Thị trấn Tân Trụ", "Xã Bình Lãng"]
    assert district.scope.free == 2
    assert [team.name for team in district.need][:2] == ["Tổ CNSCĐ ấp 2", "Tổ CNSCĐ ấp 1"]


async def test_sen_sees_her_commune_and_its_changes_alone() -> None:
    district = await find_district(await who_is(SEN), None)
    assert district is not None
    assert district.scope.name == "Xã Bình Lãng"
    assert [c.name for c in district.communes] == ["Xã Bình Lãng"]
    assert district.total.members == 1
    assert not [change for change in district.changes if "Bình Hòa" in change.name]


async def test_before_the_teams_were_founded_there_was_none() -> None:
    page = await home(TOAN, "?on=2024-10-09")
    assert "Chưa có tổ nào" in page
    assert "Chưa có tổ nào" not in await home(TOAN, "?on=2024-10-10")


async def test_the_chief_reads_the_latest_changes_but_is_not_led_to_acts() -> None:
    page = await home(TOAN)
    assert "Thay đổi mới nhất" in page
    assert 'href="/board' not in page
    assert 'href="/audit"' not in page


@pytest.mark.parametrize("player", [HAN, HOANG], ids=["leader", "member"])
async def test_a_member_sees_the_own_team_with_phones_and_the_card(player: Player) -> None:
    page = await home(player)
    assert "Tổ CNSCĐ khu phố Bình Hòa" in page
    assert "tel:+84900000002" in page
    assert f"/people/{await id_of(player.name)}/card" in page
    assert "Phạm Minh Hoàng" not in page


async def test_the_trainer_is_led_to_officials() -> None:
    assert "chưa có lớp tập huấn" in await home(NGHI)


async def test_who_left_the_team_is_told_what_to_do() -> None:
    await run(
        "UPDATE membership SET left_on = joined_on WHERE person = {}", await id_of(HOANG.name)
    )
    assert "Bạn chưa thuộc tổ nào" in await home(HOANG)


async def test_a_database_without_areas_says_where_to_begin() -> None:
    for table in ("membership", "team_area", "team", "role_grant_of_area", "area_spell"):
        where = " WHERE area IS NOT NULL" if table == "role_grant_of_area" else ""
        await run(f"DELETE FROM {table.removesuffix('_of_area')}{where}")
    page = await home(HOA)
    for link in ("/settings", "/imports", "/accounts"):
        assert f'href="{link}"' in page
