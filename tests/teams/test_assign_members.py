"""Moving people on the board: what is moved, what is refused, what is told."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import httpx
import pytest

from demo.cast import HAN, HOA, SEN, TAM, TOAN, Player
from kit import clock
from kit.database import run, value
from kit.errors import Refused
from teams.board.queries import BoardFilter
from teams.board.view import find_board
from teams.memberships.commands import AssignForm, assign_members
from tests.queries import few_queries
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

LOI, HOA_TEAM, AP_1 = "Tổ CNSCĐ khu phố Bình Lợi", "Tổ CNSCĐ khu phố Bình Hòa", "Tổ CNSCĐ ấp 1"
WITHOUT = ["Bùi Văn An", "Cao Thị Ánh"]


async def tokens(*names: str) -> list[str]:
    """The people as the board shows them to Tâm just now."""
    board = await find_board(await who_is(TAM), BoardFilter(team="all"))
    shown = {person.name: person.token for person in board.people}
    return [shown[name] for name in names]


async def move(names: list[str], team: str, **more: object) -> UUID:
    """Tâm moves people to a team, as the board shows them."""
    sent = {"team": await id_of(team), "people": await tokens(*names), **more}
    return await assign_members(await who_is(TAM), AssignForm.model_validate(sent))


async def team_of(name: str) -> object:
    """The name of the team a person is in."""
    return await value(
        "SELECT t.name FROM membership m JOIN team t ON t.id = m.team JOIN person p"
        " ON p.id = m.person WHERE p.name = {} AND m.left_on IS NULL",
        name,
    )


async def post_move(
    player: Player | None, people: list[str], team: str, query: str = ""
) -> httpx.Response:
    """A player sends the form of the board."""
    async with await visit(player) as visitor:
        return await visitor.post(
            f"/board/moves{query}", {"people": people, "team": str(await id_of(team))}
        )


async def test_two_people_without_a_team_get_one_and_it_is_in_the_log() -> None:
    await move(WITHOUT, LOI)
    assert [await team_of(name) for name in WITHOUT] == [LOI, LOI]
    line = (await run("SELECT action, doer, after FROM audit_line ORDER BY id DESC LIMIT 1"))[0]
    assert (line["action"], line["doer"]) == ("member.assign", TAM.name)
    assert "Cao Thị Ánh" in line["after"]


async def test_who_moves_takes_the_organisation_along_and_the_old_spell_ends_that_day() -> None:
    await move(["Hồ Minh Hoàng"], LOI)
    spells = await run(
        "SELECT m.organisation, m.left_on, m.joined_on FROM membership m JOIN person p"
        " ON p.id = m.person WHERE p.name = 'Hồ Minh Hoàng' ORDER BY m.joined_on"
    )
    assert [spell["organisation"] for spell in spells] == ["Chi hội", "Chi hội"]
    assert spells[0]["left_on"] == spells[1]["joined_on"] == clock.today()


async def test_twice_is_refused_for_they_are_there_already() -> None:
    await move(WITHOUT, LOI)
    with pytest.raises(Refused) as refused:
        await move(WITHOUT, LOI)
    assert refused.value.status == 409


async def test_a_day_before_they_joined_the_present_team_is_refused_by_name() -> None:
    await move(["Hồ Minh Hoàng"], AP_1, on=date(2025, 1, 2))
    with pytest.raises(Refused) as refused:
        await move(["Hồ Minh Hoàng"], LOI, on=date(2025, 1, 1))
    assert "Hồ Minh Hoàng" in refused.value.fields["on"]


async def test_a_stale_page_moves_nobody_even_when_the_versions_look_alike() -> None:
    before = await tokens("Hồ Minh Hoàng", "Cao Thị Ánh")
    await move(["Hồ Minh Hoàng"], AP_1)
    sent = {"team": await id_of(LOI), "people": before}
    with pytest.raises(Refused) as refused:
        await assign_members(await who_is(TAM), AssignForm.model_validate(sent))
    assert refused.value.status == 409
    assert await team_of("Hồ Minh Hoàng") == AP_1
    assert await team_of("Cao Thị Ánh") is None


async def test_the_page_of_a_clash_shows_both_values_and_keeps_the_others_ticked() -> None:
    before = await tokens("Hồ Minh Hoàng", "Cao Thị Ánh")
    await move(["Hồ Minh Hoàng"], AP_1)
    answer = await post_move(HOA, before, LOI, "?team=all")
    assert answer.status_code == 409
    panel = answer.text.partition('id="clashes"')[2].partition("</section>")[0]
    for words in ("Hồ Minh Hoàng", HOA_TEAM, AP_1, TAM.name):
        assert words in panel
    assert "Cao Thị Ánh" not in panel
    assert answer.text.count(" checked") == 1


@pytest.mark.parametrize(("player", "status"), [(TOAN, 403), (HAN, 403), (None, 303), (SEN, 404)])
async def test_only_a_coordinator_within_reach_may_move(player: Player | None, status: int) -> None:
    answer = await post_move(player, await tokens(*WITHOUT), LOI)
    assert answer.status_code == status
    assert await team_of("Cao Thị Ánh") is None


async def test_the_answer_goes_back_to_the_filter_and_says_which_team_lost_its_leader() -> None:
    sent = {"people": await tokens(HAN.name), "team": str(await id_of(LOI))}
    async with await visit(TAM) as tam:
        answer = await tam.post("/board/moves?team=all&q=han", sent)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/board?team=all&q=han"
        page = await tam.get("/board")
    assert f"{HOA_TEAM} hiện chưa có tổ trưởng" in page.text


async def test_a_form_without_a_team_keeps_the_ticks() -> None:
    async with await visit(TAM) as tam:
        answer = await tam.post("/board/moves", {"people": await tokens(*WITHOUT), "team": ""})
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 2


async def test_the_board_makes_few_queries_and_filters_without_marks() -> None:
    async with await visit(TAM) as tam:
        with few_queries():
            page = await tam.get("/board")
        assert "Cao Thị Ánh" in page.text
        found = await tam.get("/board?team=all&q=ngoc han")
        assert HAN.name in found.text
        assert "Bùi Văn An" not in found.text
        area = await id_of("Xã Bình Lãng")
        there = await tam.get(f"/board?team=all&area={area}")
        assert "Trần Thị Ngọc Trâm" in there.text
        assert HAN.name not in there.text
        ours = await tam.get(f"/board?team={await id_of(LOI)}")
        assert "Phạm Minh Hoàng" in ours.text


async def test_nobody_is_suggested_beyond_what_a_team_lacks() -> None:
    board = await find_board(await who_is(TAM), BoardFilter())
    assert [person.name for person in board.people] == WITHOUT
    assert {team.name for team in board.suggested.values()} == {LOI}
    assert board.cards[0].name == "Tổ CNSCĐ ấp 2"


async def test_sen_sees_only_her_commune() -> None:
    board = await find_board(await who_is(SEN), BoardFilter(team="all"))
    assert {team.name for team in board.teams} == {AP_1, "Tổ CNSCĐ ấp 2"}
    async with await visit(SEN) as sen:
        assert (await sen.get(f"/board?team={await id_of(LOI)}")).status_code == 404
        assert (await sen.get(f"/board?area={await id_of('Thị trấn Tân Trụ')}")).status_code == 404


async def test_a_move_is_undone_from_the_log_once_and_by_those_within_reach() -> None:
    batch = await move(WITHOUT, LOI)
    async with await visit(SEN) as sen:
        assert (await sen.post(f"/board/moves/{batch}/undoing")).status_code == 404
    async with await visit(TAM) as tam:
        with few_queries():
            log = await tam.get("/board/log")
        assert f"/board/moves/{batch}/undoing?from=log" in log.text
        for _ in range(2):
            answer = await tam.post(f"/board/moves/{batch}/undoing?from=log")
            assert answer.headers["location"] == "/board/log"
        assert "Đã hoàn tác" in (await tam.get("/board/log")).text
    assert await team_of("Cao Thị Ánh") is None


async def test_a_move_that_another_rests_on_cannot_be_undone() -> None:
    first = await move(["Cao Thị Ánh"], LOI)
    await move(["Cao Thị Ánh"], AP_1)
    async with await visit(TAM) as tam:
        assert f"/board/moves/{first}/" not in (await tam.get("/board/log")).text
        assert (await tam.post(f"/board/moves/{first}/undoing")).status_code == 409
    assert await team_of("Cao Thị Ánh") == AP_1
