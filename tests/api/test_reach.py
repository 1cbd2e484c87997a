"""Each list and item within reach, and nothing of what lies beyond it."""

from __future__ import annotations

import pytest

from demo.cast import HAN, HOA, NGHI, SEN
from tests.programs import V1, all_items, client, is_problem, program
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

LANG = {"Tổ CNSCĐ ấp 1", "Tổ CNSCĐ ấp 2"}


async def test_sen_sees_the_teams_of_binh_lang_alone() -> None:
    async with await program(SEN) as sen:
        assert {team["name"] for team in await all_items(sen, "/teams")} == LANG
        assert {t["name"] for t in await all_items(sen, "/teams", limit=1)} == LANG
        town = await id_of("Tổ CNSCĐ khu phố Bình Hòa")
        is_problem(await sen.get(f"{V1}/teams/{town}"), 404)


async def test_an_area_beyond_reach_is_as_empty_as_one_that_is_not_there() -> None:
    town = await id_of("Thị trấn Tân Trụ")
    async with await program(SEN) as sen:
        for path in ("/teams", "/persons"):
            for area in (town, "01932c07-5e3a-7000-8000-000000000001"):
                answer = await sen.get(f"{V1}{path}?area={area}")
                assert answer.json() == {"items": [], "next": None}


async def test_sen_sees_areas_and_memberships_of_binh_lang_alone() -> None:
    async with await program(SEN) as sen:
        names = [area["name"] for area in await all_items(sen, "/areas")]
        assert names == ["Ấp 1", "Ấp 2", "Xã Bình Lãng"]
        assert {m["name"] for m in await all_items(sen, "/memberships")} == {"Trần Thị Ngọc Trâm"}
        han = await id_of(HAN.name)
        assert await all_items(sen, f"/memberships?person={han}") == []
        assert (
            await all_items(sen, f"/persons?team={await id_of('Tổ CNSCĐ khu phố Bình Hòa')}") == []
        )


async def test_sen_sees_only_persons_of_binh_lang() -> None:
    async with await program(SEN) as sen:
        names = {person["name"] for person in await all_items(sen, "/persons")}
        assert names == {"Trần Thị Ngọc Trâm", "Võ Thị Sen"}
        is_problem(await sen.get(f"{V1}/persons/{await id_of('Cao Thị Ánh')}"), 404)
        tram = await id_of("Trần Thị Ngọc Trâm")
        shown = (await sen.get(f"{V1}/persons/{tram}")).json()
        assert (shown["phone"], shown["born_year"]) == ("+84900000016", 2000)


async def test_han_sees_her_own_team() -> None:
    async with await program(HAN) as han:
        assert [t["leader_name"] for t in await all_items(han, "/teams")] == [HAN.name]
        assert len(await all_items(han, "/memberships?live=true")) == 5
        is_problem(await han.get(f"{V1}/areas"), 403)
        is_problem(await han.post(f"{V1}/teams", json={}), 403)


async def test_a_trainer_reads_persons_and_areas_but_no_teams() -> None:
    async with await program(NGHI) as nghi:
        assert len(await all_items(nghi, "/areas")) == 7
        is_problem(await nghi.get(f"{V1}/teams"), 403)


async def test_a_stranger_is_asked_for_a_token() -> None:
    async with client(None) as stranger:
        for path in ("/teams", "/areas", "/persons", "/memberships", "/offices"):
            answer = await stranger.get(V1 + path)
            is_problem(answer, 401)
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_filters_find_what_they_say() -> None:
    async with await program(HOA) as hoa:
        tan_tru = await id_of("Thị trấn Tân Trụ")
        assert len(await all_items(hoa, f"/teams?area={tan_tru}")) == 2
        assert [t["name"] for t in await all_items(hoa, "/teams?q=binh loi")] == [
            "Tổ CNSCĐ khu phố Bình Lợi"
        ]
        assert {t["name"] for t in await all_items(hoa, "/teams?gap=no_leader")} == LANG
        assert await all_items(hoa, "/teams?on=2024-01-01") == []
        assert len(await all_items(hoa, f"/areas?parent={tan_tru}&kind=hamlet")) == 2
        assert [a["name"] for a in await all_items(hoa, "/areas?q=AP 2")] == ["Ấp 2"]
        without = {p["name"] for p in await all_items(hoa, "/persons?without_team=true")}
        assert {"Cao Thị Ánh", "Bùi Văn An"} <= without
        assert HAN.name not in without
        team = await id_of("Tổ CNSCĐ khu phố Bình Lợi")
        assert len(await all_items(hoa, f"/persons?team={team}")) == 2
        assert len(await all_items(hoa, f"/memberships?team={team}&on=2024-10-10")) == 2
        assert await all_items(hoa, f"/memberships?team={team}&on=2024-10-09") == []


async def test_names_come_in_vietnamese_order() -> None:
    async with await program(HOA) as hoa:
        names = [p["name"] for p in await all_items(hoa, "/persons?without_team=true")]
        assert names.index("Bùi Văn An") < names.index("Cao Thị Ánh")
        assert [t["name"] for t in await all_items(hoa, "/teams")][:2] == [
            "Tổ CNSCĐ ấp 1",
            "Tổ CNSCĐ ấp 2",
        ]
