"""Households: added, changed, paused, given to a team."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from demo.cast import HAN, HOANG, NGHI, SEN, TAM, TOAN
from kit import clock
from kit.database import new_id, value
from kit.errors import Forbidden, NotFound, Refused
from teams.households.commands import (
    add_household,
    assign_household_team,
    edit_household,
    mute_household,
    unmute_household,
)
from teams.households.forms import (
    AddHouseholdForm,
    EditHouseholdForm,
    HouseholdTeamForm,
    MuteForm,
    VersionForm,
)
from teams.households.queries import (
    HouseholdFilter,
    HouseholdFound,
    find_household,
    list_households,
)
from tests.teams.households.homes import HY, ON, UONG, home, new_home
from tests.teams.lookups import BINH_HOA, BINH_LOI, how_many, last_line
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def editing(now: HouseholdFound, **new: Any) -> EditHouseholdForm:
    """The form of a household as it stands, with something new."""
    form = {k: getattr(now, k) for k in EditHouseholdForm.model_fields}
    return EditHouseholdForm.model_validate(form | new)


async def test_a_member_adds_a_household_of_the_own_hamlet() -> None:
    hoang = await who_is(HOANG)
    added = await add_household(hoang, (await new_home()).model_copy(update={"fibre": True}))
    found = await find_household(hoang, added)
    assert (found.head, found.team_name, found.fibre) == ("Phan Văn Mới", BINH_HOA, 1)
    assert found.as_of == clock.today()
    assert (await last_line("household.add"))["subject_name"] == "Phan Văn Mới"


async def test_a_household_elsewhere_is_not_theirs_to_add() -> None:
    form = (await new_home()).model_copy(update={"area": await id_of("Ấp 1")})
    for player in (HOANG, TOAN, NGHI):
        with pytest.raises(Forbidden):
            await add_household(await who_is(player), form)
    assert await value("SELECT count(*) FROM household WHERE head = 'Phan Văn Mới'") == 0


@pytest.mark.parametrize(
    "like",
    [
        {"head": "nguyễn thị ưởng"},
        {"head": "Người Khác", "code": "HN-012"},
        {"head": "Người Khác", "phone": "0900 500 012"},
    ],
)
async def test_a_possible_twin_is_shown_before_it_is_added(like: dict[str, str]) -> None:
    form = AddHouseholdForm.model_validate({"area": await id_of("Khu phố Bình Hòa"), **like})
    with pytest.raises(Refused) as refused:
        await add_household(await who_is(HAN), form)
    assert refused.value.status == 409
    assert [twin.head for twin in refused.value.details] == [UONG]  # type: ignore[attr-defined]


async def test_really_another_one_is_added_but_never_with_the_same_code() -> None:
    han, form = await who_is(HAN), await new_home(UONG)
    other = form.model_copy(update={"really_new": True})
    await add_household(han, other)
    with pytest.raises(Refused) as refused:
        await add_household(han, other.model_copy(update={"code": "HN-013"}))
    assert refused.value.status == 409


async def test_a_phone_is_never_held_up_and_twice_is_once() -> None:
    han, mine = await who_is(HAN), new_id()
    form = (await new_home(UONG)).model_copy(update={"code": "HN-012"})
    assert await add_household(han, form, mine) == mine
    assert await add_household(han, form, mine) == mine
    assert (await find_household(han, mine)).code == ""
    assert await how_many("household.add") == 7
    with pytest.raises(NotFound):
        await add_household(await who_is(SEN), form, mine)


async def test_editing_tells_what_changed_and_a_slower_hand_sees_the_other() -> None:
    han, now = await who_is(HAN), await home(UONG)
    await edit_household(han, now.id, editing(now, address="Tổ 5", people=4))
    assert "Tổ 5" in (await last_line("household.edit"))["after"]
    with pytest.raises(Refused) as refused:
        await edit_household(await who_is(TAM), now.id, editing(now, address="Tổ 6"))
    assert refused.value.status == 409
    assert refused.value.details.address == "Tổ 5"  # type: ignore[attr-defined]
    found, _ = await list_households(han, HouseholdFilter(q="to 5"))
    assert [line.head for line in found] == [UONG]


async def test_editing_to_the_same_is_nothing_and_a_taken_code_is_refused() -> None:
    han, now = await who_is(HAN), await home(UONG)
    await edit_household(han, now.id, editing(now))
    assert await how_many("household.edit") == 0
    with pytest.raises(Refused) as refused:
        await edit_household(han, now.id, editing(now, code="HN-013"))
    assert refused.value.message


async def test_strangers_do_not_find_it_and_readers_may_not_change_it() -> None:
    now = await home(UONG)
    mute = MuteForm(on=clock.today(), reason="Chuyển đi nơi khác", version=1)
    team = HouseholdTeamForm(team=None, on=clock.today(), version=1)
    for player, error in ((SEN, NotFound), (TOAN, Forbidden)):
        who = await who_is(player)
        with pytest.raises(error):
            await edit_household(who, now.id, editing(now, address="x"))
        with pytest.raises(error):
            await mute_household(who, now.id, mute)
        with pytest.raises(error):
            await unmute_household(who, now.id, VersionForm(version=1))
        with pytest.raises(error):
            await assign_household_team(who, now.id, team)
    with pytest.raises(Forbidden):
        await assign_household_team(await who_is(HAN), now.id, team)


async def test_a_paused_household_leaves_the_list_and_comes_back() -> None:
    han, now = await who_is(HAN), await home(UONG)
    form = MuteForm(on=clock.today(), reason="Chuyển đi nơi khác", version=1)
    await mute_household(han, now.id, form)
    await mute_household(han, now.id, form)
    assert await how_many("household.mute") == 1
    assert UONG not in [x.head for x in (await list_households(han, HouseholdFilter()))[0]]
    muted, _ = await list_households(han, HouseholdFilter(show="muted"))
    assert [line.head for line in muted] == [UONG]
    await unmute_household(han, now.id, VersionForm(version=2))
    await unmute_household(han, now.id, VersionForm(version=2))
    assert await how_many("household.return") == 1
    assert (await home(UONG)).muted_since is None
    with pytest.raises(Refused):
        await mute_household(
            han, now.id, form.model_copy(update={"on": date(2099, 1, 1), "version": 3})
        )


async def test_a_team_set_by_hand_serves_from_that_day_and_then_the_hamlet_again() -> None:
    tam, now, today = await who_is(TAM), await home(HY), clock.today()
    loi = await id_of(BINH_LOI)
    form = HouseholdTeamForm(team=loi, on=today - timedelta(days=9), version=1)
    await assign_household_team(tam, now.id, form)
    await assign_household_team(tam, now.id, form)
    assert ((await home(HY)).team_name, (await home(HY)).by_hand) == (BINH_LOI, 1)
    with pytest.raises(NotFound):
        await find_household(await who_is(HAN), now.id)
    early = HouseholdTeamForm(team=None, on=today - timedelta(days=20), version=2)
    with pytest.raises(Refused):
        await assign_household_team(tam, now.id, early)
    await assign_household_team(tam, now.id, early.model_copy(update={"on": today}))
    assert ((await home(HY)).team_name, (await home(HY)).by_hand) == (BINH_HOA, 0)
    assert await how_many("household.team") == 2
    elsewhere = HouseholdTeamForm(team=await id_of("Tổ CNSCĐ ấp 1"), on=today, version=1)
    with pytest.raises(Refused):
        await assign_household_team(await who_is(SEN), await id_of(ON), form)
    await assign_household_team(await who_is(SEN), await id_of(ON), elsewhere)
