"""The list of visits: the newest first, by the borders of the day and by those of today."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from demo.cast import HOA, HOANG, TAM
from kit import clock
from kit.database import value
from places.areas.commands import (
    ChangeAreaForm,
    EndAreaForm,
    FoundAreaForm,
    change_area,
    end_area,
    found_area,
)
from tests.queries import few_queries
from tests.teams.lookups import BINH_HOA, team_path
from tests.teams.visits.doors import ON, QUYNH, UONG, a_good_visit, log, this_morning
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_the_list_shows_the_newest_first_and_asks_little() -> None:
    hoang = await who_is(HOANG)
    await log(hoang, UONG)
    await log(hoang, QUYNH, met="absent")
    async with await visit(TAM) as tam:
        await tam.get("/visits")
        with few_queries():
            page = await tam.get("/visits")
        found = await tam.get("/visits?q=nguyen thi uong")
        unmet = await tam.get("/visits?met=absent")
    assert UONG in page.text
    assert QUYNH in page.text
    assert UONG in found.text
    assert QUYNH not in found.text
    assert QUYNH in unmet.text
    assert ">None<" not in page.text


async def test_the_page_of_a_team_has_its_visits_beside_its_members() -> None:
    found = await a_good_visit()
    await log(await who_is(TAM), ON, performed_by=await id_of("Trần Thị Ngọc Trâm"))
    async with await visit(HOANG) as hoang:
        at = await team_path(BINH_HOA)
        members = await hoang.get(at)
        with few_queries():
            visits = await hoang.get(f"{at}/visits")
    assert f"{at}/visits" in members.text
    assert f"/visits/{found}" in visits.text
    assert ON not in visits.text


async def test_the_list_by_the_borders_of_the_day_and_by_those_of_today() -> None:
    """Bình Hòa moves from the town to Bình Lãng; what was visited before lay in the town."""
    hoa, hoang = await who_is(HOA), await who_is(HOANG)
    town, lang = await id_of("Thị trấn Tân Trụ"), await id_of("Xã Bình Lãng")
    hamlet, moved = await id_of("Khu phố Bình Hòa"), clock.today() - timedelta(days=10)
    before = await log(hoang, UONG, met_at=this_morning() - timedelta(days=12))
    after = await log(hoang, QUYNH, met_at=this_morning() - timedelta(days=3))
    version = await value("SELECT version FROM area_spell WHERE area = {}", hamlet)
    form = ChangeAreaForm(
        name="Khu phố Bình Hòa", parent=lang, since=moved, basis="QĐ 1", version=version
    )
    await change_area(hoa, hamlet, form)
    cases = {
        (town, ""): set(),
        (lang, ""): {before.id, after.id},
        (town, "&map=then"): {before.id},
        (lang, "&map=then"): {after.id},
        (hamlet, "&map=then"): {before.id, after.id},
    }
    async with await visit(HOA) as page:
        for (area, how), expected in cases.items():
            asked = f"area={area}{how}"
            shown = (await page.get(f"/visits?{asked}")).text
            listed = (await page.get(f"/api/v1/visits?{asked}")).json()["items"]
            csv = (await page.get(f"/visits.csv?{asked}")).text
            both = {before.id: UONG, after.id: QUYNH}
            assert {one for one in both if f"/visits/{one}" in shown} == expected, asked
            assert {UUID(one["id"]) for one in listed} == expected, asked
            assert {one for one, head in both.items() if head in csv} == expected, asked
        form_page = (await page.get(f"/visits?area={town}&map=then")).text
        assert "Ranh giới địa bàn" in form_page
        assert "map=then" in form_page.split("/visits.csv")[1][:200]
        assert (await page.get("/api/v1/visits?map=now")).status_code == 400


async def test_a_commune_that_is_no_more_can_be_asked_for() -> None:
    hoa, lang = await who_is(HOA), await id_of("Xã Bình Lãng")
    old = {"kind": "commune", "name": "Xã Cũ", "since": date(2020, 1, 1)}
    parent = await id_of("Huyện Tân Trụ")
    gone = await found_area(hoa, FoundAreaForm.model_validate({**old, "parent": parent}))
    ending = EndAreaForm(on=date(2025, 7, 1), basis="NQ 1687", version=1)
    await end_area(hoa, gone, ending)
    async with await visit(HOA) as page:
        await page.get("/visits")
        with few_queries():
            shown = (await page.get(f"/visits?area={gone}&map=then")).text
        assert "Xã Cũ, đến hết 30/06/2025" in shown
        assert f'<option value="{gone}" selected>' in shown
        assert "Xã Cũ" not in (await page.get(f"/households?area={lang}")).text
