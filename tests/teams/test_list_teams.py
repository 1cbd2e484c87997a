"""The list of teams: search without marks, filters, pages, days, workbooks."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest

from demo.cast import HAN, SEN, TAM
from kit.sheets import read_sheet
from people.permissions import MACHINE
from teams.roster.commands import FoundTeamForm, found_team
from teams.roster.queries import TeamFilter, list_teams
from tests.queries import few_queries
from tests.teams.lookups import AP_1, AP_2, BINH_HOA, BINH_LOI, last_line, team_path
from tests.visitor import visit, who_is
from tests.world import FOUNDED, id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def names(**asked: object) -> list[str]:
    """The teams a filter finds for the district's coordinator."""
    found, _ = await list_teams(await who_is(TAM), TeamFilter.model_validate(asked))
    return [team.name for team in found]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("typed", ["bình lợi", "binh loi", "BÌNH LỢI", "  lợi "])
async def test_search_needs_no_marks_and_takes_any_part(typed: str, form: str) -> None:
    assert await names(q=unicodedata.normalize(form, typed)) == [BINH_LOI]  # type: ignore[arg-type]


async def test_signs_of_patterns_are_plain_text() -> None:
    assert await names(q="%") == []
    assert await names(q="_") == []


async def test_gaps_communes_and_days_filter() -> None:
    assert await names(gap="no_leader") == [AP_1, AP_2]
    assert await names(gap="no_deputy") == [AP_1, AP_2, BINH_LOI]
    assert await names(gap="short") == [AP_1, AP_2, BINH_LOI]
    assert await names(area=await id_of("Xã Bình Lãng")) == [AP_1, AP_2]
    assert await names(on=date(2024, 10, 9)) == []
    assert len(await names(on=FOUNDED)) == 4


async def test_numbers_in_names_sort_by_value_page_after_page() -> None:
    hamlet = await id_of("Ấp 2")
    for number in (10, 9, 100):
        form = {"name": f"Tổ {number}", "areas": [hamlet], "founded_on": FOUNDED}
        await found_team(MACHINE, FoundTeamForm.model_validate(form))
    tam, seen, cursor = await who_is(TAM), [], ""
    while True:
        found, cursor = await list_teams(tam, TeamFilter(q="to", after=cursor), limit=2)
        seen += [team.name for team in found]
        if not cursor:
            break
    assert seen == ["Tổ 9", "Tổ 10", "Tổ 100", AP_1, AP_2, BINH_HOA, BINH_LOI]


async def test_reach_borders_the_list() -> None:
    found, _ = await list_teams(await who_is(SEN), TeamFilter())
    assert [team.name for team in found] == [AP_1, AP_2]
    own, _ = await list_teams(await who_is(HAN), TeamFilter())
    assert [team.name for team in own] == [BINH_HOA]


async def test_a_page_asks_little() -> None:
    async with await visit(TAM) as tam:
        for path in ("/teams?q=to", await team_path(BINH_HOA), "/people?q=hoang"):
            with few_queries():
                assert (await tam.get(path)).status_code == 200


async def test_a_cursor_or_day_that_is_nonsense_does_no_harm() -> None:
    async with await visit(TAM) as tam:
        assert (await tam.get("/teams?after=xyz")).status_code == 200
        answer = await tam.get("/teams?on=31/02/2026&q=binh")
        assert answer.status_code == 200
        assert "Không có ngày này" in answer.text
        assert 'value="31/02/2026"' in answer.text, "what was typed stays"


async def test_the_workbook_holds_what_the_list_shows_with_true_days() -> None:
    async with await visit(TAM) as tam:
        teams = read_sheet((await tam.get("/teams.xlsx?q=binh")).content)
        members = read_sheet((await tam.get("/members.xlsx?q=binh+hoa")).content)
    assert [row[1][0] for row in teams.rows[1:]] == [BINH_HOA, BINH_LOI]
    assert FOUNDED in teams.rows[1][1]
    first = members.rows[1][1]
    assert first[:4] == ["Thị trấn Tân Trụ", BINH_HOA, "Dương Thị Ngọc Hân", "Tổ trưởng"]
    assert "0900 000 001" in first
    assert (await last_line("member.export"))["doer"] == TAM.name


async def test_a_past_day_shows_the_team_as_it_stood() -> None:
    async with await visit(TAM) as tam:
        page = await tam.get(f"{await team_path(BINH_HOA)}?on=2024-10-09")
    assert "Đây là tổ tính đến ngày 09/10/2024." in page.text
    assert "Tổ chưa có ai" in page.text


async def test_looking_at_the_contact_sheet_stands_in_the_log() -> None:
    async with await visit(HAN) as han:
        page = await han.get(f"{await team_path(BINH_HOA)}/contact-sheet")
    assert "0900 000 003" in page.text
    assert (await last_line("team.contact_sheet"))["doer"] == HAN.name
