"""Two households that are one: merged, shown together, and apart again."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations

import pytest

from demo.cast import HAN, HOANG, SEN, TAM, TOAN
from kit import clock
from kit.errors import Forbidden, NotFound, Refused
from teams.households.forms import MergeForm, ResidentForm
from teams.households.history import list_household_visits, list_residents
from teams.households.merging import merge_households, undo_merge
from teams.households.phones import list_for_phone
from teams.households.queries import HouseholdFilter, list_households
from teams.households.residents import add_resident
from teams.visits.totals import count_wrong_last_met
from tests.teams.households.homes import HY, QUYNH, UONG, a_visit, home, stored
from tests.teams.lookups import how_many, last_line
from tests.teams.visits.doors import log
from tests.things import a_follow_up
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_both_histories_stand_under_the_one_kept() -> None:
    han, keep, gone = await who_is(HAN), await id_of(UONG), await id_of(QUYNH)
    today = clock.today()
    await a_visit(UONG, today - timedelta(days=40))
    await a_visit(QUYNH, today - timedelta(days=3))
    await add_resident(han, gone, ResidentForm(age_band="60_up"))
    await merge_households(han, keep, MergeForm(gone=gone))
    await merge_households(han, keep, MergeForm(gone=gone))
    assert await how_many("household.merge") == 1
    assert len(await list_household_visits(keep)) == 2
    assert len(await list_residents(keep)) == 1
    assert (await home(UONG)).last_met_on == today - timedelta(days=3)
    shown, _ = await list_households(han, HouseholdFilter())
    assert [line.head for line in shown] == [HY, UONG]


async def test_undoing_takes_apart_even_after_new_visits() -> None:
    han, keep, gone = await who_is(HAN), await id_of(UONG), await id_of(QUYNH)
    today = clock.today()
    await a_visit(QUYNH, today - timedelta(days=3))
    await merge_households(han, keep, MergeForm(gone=gone))
    await a_visit(UONG, today - timedelta(days=1))
    await undo_merge(han, gone)
    await undo_merge(han, gone)
    assert (await home(UONG)).last_met_on == today - timedelta(days=1)
    assert (await home(QUYNH)).last_met_on == today - timedelta(days=3)
    assert await how_many("household.separate") == 1
    assert (await last_line("household.separate"))["subject_name"] == QUYNH


async def test_who_may_not_and_what_cannot_be() -> None:
    keep, gone = await id_of(UONG), await id_of(QUYNH)
    form = MergeForm(gone=gone)
    for player, error in ((SEN, NotFound), (TOAN, Forbidden), (HOANG, Forbidden)):
        with pytest.raises(error):
            await merge_households(await who_is(player), keep, form)
        with pytest.raises(error):
            await undo_merge(await who_is(player), gone)
    han = await who_is(HAN)
    with pytest.raises(Refused):
        await merge_households(han, keep, MergeForm(gone=keep))
    await merge_households(han, keep, form)
    with pytest.raises(Refused) as refused:
        await merge_households(han, await id_of(HY), form)
    assert refused.value.status == 409


@pytest.mark.parametrize("order", list(permutations([UONG, QUYNH, HY])))
async def test_any_chain_of_merges_undone_is_nothing(order: tuple[str, ...]) -> None:
    tam, today = await who_is(TAM), clock.today()
    for days, head in enumerate((UONG, QUYNH), start=4):
        await a_visit(head, today - timedelta(days=days))
    homes = [await id_of(head) for head in order]
    before = [await stored(one) for one in homes]
    await merge_households(tam, homes[1], MergeForm(gone=homes[0]))
    await merge_households(tam, homes[2], MergeForm(gone=homes[1]))
    assert len(await list_household_visits(homes[2])) == 2
    await undo_merge(tam, homes[1])
    await undo_merge(tam, homes[0])
    assert [await stored(one) for one in homes] == before


async def test_what_is_taken_out_of_a_chain_counts_no_more_at_its_end() -> None:
    tam, today = await who_is(TAM), clock.today()
    await a_visit(UONG, today - timedelta(days=3))
    uong, quynh, hy = [await id_of(head) for head in (UONG, QUYNH, HY)]
    await merge_households(tam, quynh, MergeForm(gone=uong))
    await merge_households(tam, hy, MergeForm(gone=quynh))
    await undo_merge(tam, uong)
    assert (await home(HY)).last_met_on is None
    assert await count_wrong_last_met() == 0


async def test_a_phone_and_the_day_at_home_know_what_was_merged_twice() -> None:
    han, today = await who_is(HAN), clock.today()
    uong, quynh, hy = [await id_of(head) for head in (UONG, QUYNH, HY)]
    await add_resident(han, uong, ResidentForm(age_band="60_up"))
    made = await log(han, UONG, met="absent")
    await a_follow_up(made.id, due_on=today)
    await merge_households(han, quynh, MergeForm(gone=uong))
    await merge_households(han, hy, MergeForm(gone=quynh))
    [carried] = await list_for_phone(han)
    assert (carried.id, len(carried.residents)) == (hy, 1)
    async with await visit(HAN) as at_home:
        assert HY in (await at_home.get("/")).text
