"""A visit is told once, and judged by its own day."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from demo.cast import HAN, HOANG, SEN, TAM, TOAN
from kit import clock
from kit.database import value
from kit.errors import Refused
from teams.households.commands import assign_household_team
from teams.households.forms import HouseholdTeamForm, ResidentForm
from teams.households.residents import add_resident
from teams.memberships.commands import EndForm, end_membership
from teams.visits.commands import Logged, log_visit, log_visits
from teams.visits.queries import find_visit, list_flags, list_participants, list_supports
from tests.teams.lookups import BINH_HOA, BINH_LOI, how_many, last_line, spell_of
from tests.teams.visits.doors import (
    HY,
    ON,
    QUYNH,
    UONG,
    how_many_visits,
    log,
    this_morning,
    told,
    totals,
)
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def test_han_logs_a_visit_with_two_services() -> None:
    han = await who_is(HAN)
    logged = await log(han, UONG, "vneid_2:assisted", "fraud_safety:independent", note="Bác vui.")
    assert (logged.status, logged.flags) == ("created", [])
    visit = await find_visit(han, logged.id)
    assert (visit.head, visit.team_name, visit.performer) == (UONG, BINH_HOA, HAN.name)
    assert [s.service for s in await list_supports(visit.id)] == ["vneid_2", "fraud_safety"]
    assert [p.name for p in await list_participants(visit.id)] == [HAN.name]
    assert await totals() == {
        ("", ""): 1,
        ("vneid_2", "assisted"): 1,
        ("fraud_safety", "independent"): 1,
    }
    met_on = await value("SELECT last_met_on FROM household WHERE id = {}", visit.household)
    assert met_on == visit.day
    line = await last_line("visit.log")
    assert (line["doer"], line["subject"], line["subject_name"]) == (HAN.name, visit.id, "HN-012")


async def test_the_same_visit_again_is_a_duplicate_and_another_content_a_conflict() -> None:
    han = await who_is(HAN)
    form = await told(UONG)
    assert (await log_visit(han, form, "sync")).status == "created"
    later = form.model_copy(update={"app_version": "1.5"})
    assert (await log_visit(han, later, "sync")).status == "duplicate"
    other = form.model_copy(update={"note": "Đã xong."})
    assert (await log_visit(han, other, "sync")).status == "conflict"
    assert await how_many_visits() == 1
    assert (await find_visit(han, form.id)).note == ""
    assert await how_many("visit.log") == 1


async def test_twins_in_flight_are_one_created_and_one_duplicate() -> None:
    han = await who_is(HAN)
    form = await told(UONG)
    both = await asyncio.gather(*(log_visit(han, form, "sync") for _ in range(4)))
    assert sorted(one.status for one in both) == ["created", *["duplicate"] * 3]
    assert await how_many_visits() == 1
    assert await totals() == {("", ""): 1, ("vneid_2", "assisted"): 1}


async def test_a_stranger_learns_nothing_of_a_known_id() -> None:
    form = await told(UONG)
    await log_visit(await who_is(HAN), form, "sync")
    stolen = form.model_copy(update={"note": "Của Hoàng"})
    with pytest.raises(Refused) as refused:
        await log_visit(await who_is(HOANG), stolen, "sync")
    assert (refused.value.status, list(refused.value.fields)) == (409, ["id"])


async def test_a_household_of_another_team_is_handed_over_in_a_sentence() -> None:
    with pytest.raises(Refused) as refused:
        await log(await who_is(HAN), ON)
    assert "Tổ CNSCĐ ấp 1" in refused.value.fields["household"]
    assert await how_many_visits() == 0


async def test_a_chief_who_only_reads_cannot_log_and_a_coordinator_elsewhere_neither() -> None:
    for player in (TOAN, SEN):
        with pytest.raises(Refused):
            await log(await who_is(player), UONG)


async def test_a_coordinator_types_in_what_hoang_did() -> None:
    tam = await who_is(TAM)
    hoang = await id_of(HOANG.name)
    logged = await log(tam, UONG, performed_by=hoang)
    visit = await find_visit(tam, logged.id)
    assert (visit.performer, visit.enterer) == (HOANG.name, TAM.name)


async def test_nobody_met_is_a_visit_without_services() -> None:
    han = await who_is(HAN)
    logged = await log(han, QUYNH, met="absent")
    assert await list_supports(logged.id) == []
    assert await totals() == {("", ""): 1}
    form = await told(QUYNH)
    with pytest.raises(Refused):
        await told(QUYNH, met="met", consent=None)
    household = await value("SELECT last_met_on FROM household WHERE id = {}", form.household)
    assert household is None


async def test_consent_is_kept_with_its_text_and_who_took_it() -> None:
    logged = await log(await who_is(HAN), UONG, consent_method="spoken", witness="Bà Sáu")
    kept = await value("SELECT method FROM consent WHERE visit = {}", logged.id)
    assert kept == "spoken"
    anonymous = await log(await who_is(HAN), HY, consent="anonymous")
    assert await value("SELECT id FROM consent WHERE visit = {}", anonymous.id) is None


async def test_without_consent_nobody_is_named() -> None:
    han = await who_is(HAN)
    named = ResidentForm(name="Lê Văn Tám", consent_method="tapped")
    resident = await add_resident(han, await id_of(HY), named)
    support = {"service": "vneid_2", "outcome": "assisted", "resident": str(resident)}
    with pytest.raises(Refused) as refused:
        await log(han, HY, consent="anonymous", supports=[support])
    assert "supports.0.resident" in refused.value.fields
    assert (await log(han, HY, supports=[support])).status == "created"
    with pytest.raises(Refused):
        await log(han, UONG, supports=[support])


async def test_what_was_not_offered_is_refused_in_words() -> None:
    with pytest.raises(Refused) as refused:
        await log(await who_is(HAN), UONG, "no_such_service:assisted")
    assert "supports.0.service" in refused.value.fields


async def test_a_secret_in_the_note_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        await told(UONG, note="mã OTP 482913")
    assert "note" in refused.value.fields


async def test_two_visits_within_ten_minutes_are_flagged_and_kept() -> None:
    han = await who_is(HAN)
    await log(han, UONG)
    again = await log(han, UONG, "portal_account:assisted")
    assert again.flags == ["twin"]
    assert [flag.code for flag in await list_flags(again.id)] == ["twin"]
    assert await how_many_visits() == 2


async def test_a_visit_from_tomorrow_is_flagged() -> None:
    tomorrow = this_morning() + timedelta(days=1)
    assert "future" in (await log(await who_is(HAN), UONG, met_at=tomorrow)).flags


async def test_a_household_that_moved_meanwhile_is_judged_by_the_day() -> None:
    han, tam = await who_is(HAN), await who_is(TAM)
    moved = HouseholdTeamForm(team=await id_of(BINH_LOI), on=clock.today(), version=1)
    await assign_household_team(tam, await id_of(UONG), moved)
    before = await log(han, UONG, met_at=this_morning() - timedelta(days=2))
    assert before.flags == ["moved"]
    assert (await find_visit(han, before.id)).team_name == BINH_HOA
    with pytest.raises(Refused) as refused:
        await log(han, UONG)
    assert "Phạm Minh Hoàng" in refused.value.fields["household"]


async def test_a_visit_of_somebody_who_left_since_is_accepted_and_flagged() -> None:
    hoang = await who_is(HOANG)
    spell = await spell_of(HOANG.name)
    ending = EndForm(on=clock.today(), reason="Chuyển đi", version=1)
    await end_membership(await who_is(TAM), spell.id, ending)
    gone = await who_is(HOANG)
    assert (hoang.rights, gone.rights) != ((), hoang.rights)
    logged = await log(gone, UONG, met_at=this_morning() - timedelta(days=3))
    assert logged.flags == ["ended"]
    with pytest.raises(Refused):
        await log(gone, UONG)


async def test_haste_is_told_of_who_makes_forty_visits_an_hour_but_paper_knows_no_hour() -> None:
    han, at = await who_is(HAN), clock.midnight(clock.today() - timedelta(days=3))
    noon = (at + timedelta(hours=12)).astimezone(clock.LOCAL)
    typed = [await told(head, met="absent", met_at=noon) for head in (UONG, QUYNH, HY) * 15]
    for one in await log_visits(han, typed, "paper"):
        assert isinstance(one, Logged)
        assert "rush" not in one.flags
    alone = await log_visit(han, await told(UONG, met="absent", met_at=noon), "sync")
    assert "rush" not in alone.flags  # what was typed in from paper is nobody's haste either
    sent = [await told(head, met="absent", met_at=noon) for head in (UONG, QUYNH, HY) * 14]
    last = (await log_visits(han, sent, "sync"))[-1]
    assert isinstance(last, Logged)
    assert "rush" in last.flags
