"""Names and words go when their time is over or their consent is withdrawn; the work counts."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from demo.cast import HAN, HOANG, TAM
from kit import clock
from kit.database import run, value
from kit.errors import Refused
from people.permissions import MACHINE
from teams.households.commands import mute_household
from teams.households.forgetting import forget_old, months_before
from teams.households.forms import MergeForm, MuteForm, ResidentForm
from teams.households.history import (
    list_consents,
    list_household_visits,
    list_residents,
    live_consents,
)
from teams.households.jobs import forget
from teams.households.merging import merge_households
from teams.households.phones import list_for_phone
from teams.households.residents import add_resident, withdraw_consent
from teams.visits.changing import edit_visit, withdraw_visit
from teams.visits.figures import households_met, of_team, people
from teams.visits.forms import WithdrawForm
from teams.visits.queries import find_visit
from teams.visits.totals import count_wrong_last_met, count_wrong_totals
from tests.program import Toso, this_database
from tests.teams.households.homes import HY, QUYNH, UONG, home
from tests.teams.lookups import BINH_HOA, how_many, last_line
from tests.teams.visits.doors import log, this_morning, totals
from tests.teams.visits.test_change_visit import mended
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

NOTE = "Bà Ưởng sợ lừa đảo"
LONG_AGO, NOT_LONG = timedelta(days=740), timedelta(days=700)


async def a_past(head: str = UONG, ago: timedelta = LONG_AGO, **more: Any) -> UUID:
    """A visit long ago to a household in which somebody was named then; noted, and edited once."""
    at = this_morning() - ago
    with clock.frozen(at + timedelta(hours=1)):
        han = await who_is(HAN)
        form = ResidentForm(name="Nguyễn Văn Bảy", age_band="60_up", consent_method="tapped")
        bay = await add_resident(han, await id_of(head), form)
        helped = [{"service": "vneid_2", "outcome": "assisted", "resident": str(bay)}]
        told = {"met_at": at, "supports": helped, "note": NOTE, **more}
        made = (await log(han, head, **told)).id
        supports = [{"service": "pay_water", "outcome": "assisted", "resident": str(bay)}]
        spoken: dict[str, Any] = {"consent_method": "spoken", "witness": "Bà Sáu"}
        await edit_visit(han, made, mended(met_at=at, supports=supports, note=NOTE, **spoken))
    return made


async def everything_written() -> str:
    """All texts about doors that the database keeps, the log aside."""
    tables = ("resident", "visit", "visit_version", "consent", "visit_flag", "follow_up", "support")
    return str([await run(f"SELECT * FROM {table}") for table in tables])


async def figures() -> dict[str, Any]:
    """What was counted: visits, services, people and households of all time."""
    scope, first, last = of_team(await id_of(BINH_HOA)), date(2020, 1, 1), date(2100, 1, 1)
    counted = await run(
        "SELECT ({}) AS people, ({}) AS homes",
        *(people(scope, first, last), households_met(scope, first, last)),
    )
    return {"totals": await totals(), **counted[0]}


async def test_what_is_older_than_the_setting_is_forgotten_and_counts_as_before() -> None:
    old, young = await a_past(), await a_past(QUYNH, NOT_LONG)
    before = await figures()
    assert before["people"] == before["homes"] == 2
    assert await forget() == "people 1, visits 1, households 0"
    assert await figures() == before
    assert await count_wrong_totals() == await count_wrong_last_met() == 0
    [resident] = await list_residents(await id_of(UONG))
    assert (resident.name, resident.label) == (None, "Từ 60 tuổi")
    assert [one.name for one in await list_residents(await id_of(QUYNH))] == ["Nguyễn Văn Bảy"]
    kept = await everything_written()
    assert kept.count(NOTE) == 2  # Quỳnh's visit and its earlier content
    assert kept.count("Bà Sáu") == 1
    tam = await who_is(TAM)
    assert (await find_visit(tam, old)).nameless
    assert not (await find_visit(tam, young)).nameless
    assert (await home(UONG)).head == UONG
    line = await last_line("household.forget")
    assert (line["doer"], '"people": 1' in line["after"]) == ("Tổ Số", True)


async def test_a_second_night_does_nothing() -> None:
    await a_past()
    await forget()
    assert await forget() == "people 0, visits 0, households 0"
    assert await how_many("household.forget") == 1


@pytest.mark.parametrize("contact", ["met", "refused", "consent"])
async def test_a_later_contact_keeps_the_names(contact: str) -> None:
    await a_past()
    recently = this_morning() - NOT_LONG
    with clock.frozen(recently + timedelta(hours=1)):
        if contact == "consent":
            form = ResidentForm(name="Lê Thị Ba", consent_method="signed")
            await add_resident(await who_is(HAN), await id_of(UONG), form)
        else:
            await log(await who_is(HAN), UONG, met=contact, met_at=recently)
    assert await forget() == "people 0, visits 0, households 0"


async def test_a_closed_door_is_no_contact_and_its_own_day_counts() -> None:
    await a_past()
    made = await log(await who_is(HAN), UONG, met="absent", note="Hẹn con bà Ưởng")
    assert await forget() == "people 1, visits 1, households 0"
    assert (await find_visit(await who_is(HAN), made.id)).note == "Hẹn con bà Ưởng"


async def test_a_merged_household_is_forgotten_with_the_one_kept_and_kept_with_it() -> None:
    await a_past()
    tam, keep = await who_is(TAM), await id_of(HY)
    await merge_households(tam, keep, MergeForm(gone=await id_of(UONG)))
    await log(await who_is(HAN), HY)
    assert await forget() == "people 0, visits 0, households 0"
    await withdraw_visit(
        tam,
        await value("SELECT id FROM visit WHERE household = {}", keep),
        WithdrawForm(why="Ghi nhầm hộ", version=1),
    )
    await run("UPDATE consent SET at = {} WHERE household = {}", clock.now() - LONG_AGO, keep)
    assert await forget() == "people 1, visits 1, households 0"


async def test_a_household_that_was_paused_long_ago_loses_its_own_name() -> None:
    await a_past()
    uong = await home(UONG)
    with clock.frozen(clock.now() - LONG_AGO + timedelta(days=1)):
        form = MuteForm(on=clock.today(), reason="Dọn đi", version=uong.version)
        await mute_household(await who_is(HAN), uong.id, form)
    assert await forget() == "people 1, visits 1, households 1"
    stored = (await run("SELECT * FROM household WHERE id = {}", uong.id))[0]
    shown = {key: stored[key] for key in ("head", "address", "phone", "code")}
    assert shown == {"head": "Hộ ẩn danh", "address": "", "phone": None, "code": "HN-012"}
    assert "uong" not in str(stored)
    assert await forget() == "people 0, visits 0, households 0"


async def test_a_note_of_a_visit_to_no_household_goes_too() -> None:
    at = this_morning() - LONG_AGO
    more = {"household": None, "place": "market", "met_at": at, "note": "Cô Ba bán cá"}
    with clock.frozen(at + timedelta(hours=1)):
        await log(await who_is(HAN), UONG, **more)
    assert await forget() == "people 0, visits 1, households 0"
    assert "Cô Ba" not in await everything_written()


async def test_the_doctor_tells_when_nobody_forgets(tmp_path: Path) -> None:
    toso = Toso(tmp_path, this_database())
    assert "no names are kept longer" in toso.works("doctor")
    await a_past(ago=timedelta(days=760))
    said = toso("doctor")
    assert "1 households hold names" in said.stdout + said.stderr
    await forget()
    assert "no names are kept longer" in toso.works("doctor")


async def test_months_before_end_with_the_month() -> None:
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2026, 11, 25), 24) == date(2024, 11, 25)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


async def test_whoever_runs_it_by_hand_leaves_a_line_only_if_there_was_something() -> None:
    assert (await forget_old(MACHINE, clock.today())).visits == 0
    assert await how_many("household.forget") == 0


async def withdrawn(head: str = UONG) -> UUID:
    """A visit of yesterday whose household withdraws its consent today."""
    made = await a_past(head, timedelta(days=1))
    consents = live_consents(await list_consents(await id_of(head)))
    [mine] = [one for one in consents if one.resident is None]
    await withdraw_consent(await who_is(HAN), mine.id)
    return made


async def test_withdrawing_the_consent_makes_its_visits_anonymous_everywhere() -> None:
    await log(await who_is(HOANG), QUYNH)
    before_uong = await figures()
    made = await withdrawn()
    after = await figures()
    assert after["homes"] == before_uong["homes"] + 1
    assert NOTE not in await everything_written()
    assert "Bà Sáu" not in await everything_written()
    assert [one.sentence for one in await list_household_visits(await id_of(UONG))] == [
        "Đã gặp, không ghi tên"
    ]
    mine = {one.head: one for one in await list_for_phone(await who_is(HAN))}
    assert mine[UONG].services == ()
    async with await visit(TAM) as tam:
        for path in ("/visits", f"/visits/{made}", "/visits.csv", "/visits?q=uong"):
            assert UONG not in (await tam.get(path)).text, path
        shown = (await tam.get(f"/api/v1/visits/{made}")).json()
        assert shown["household"] is None
        edit = await tam.get(f"/visits/{made}/edit")
        assert edit.status_code == 409
    assert '"visits": 1' in (await last_line("consent.withdraw"))["before"]


async def test_an_anonymous_visit_is_not_changed_any_more_but_may_be_withdrawn() -> None:
    made, han = await withdrawn(), await who_is(HAN)
    with pytest.raises(Refused) as refused:
        await edit_visit(han, made, mended(version=2))
    assert refused.value.status == 409
    await withdraw_visit(han, made, WithdrawForm(why="Ghi nhầm hộ", version=2))
    assert await count_wrong_totals() == 0


async def test_a_residents_own_withdrawal_makes_only_their_visits_anonymous() -> None:
    made, han = await a_past(UONG, timedelta(days=1)), await who_is(HAN)
    other = (await log(han, UONG, note="Đã xong")).id
    consents = live_consents(await list_consents(await id_of(UONG)))
    [own] = [one for one in consents if one.resident]
    await withdraw_consent(han, own.id)
    assert (await find_visit(han, made)).nameless
    assert not (await find_visit(han, other)).nameless
    assert (await find_visit(han, other)).note == "Đã xong"


async def test_the_consent_of_a_merged_household_goes_with_that_of_the_one_kept() -> None:
    made, tam = await a_past(QUYNH, timedelta(days=1)), await who_is(TAM)
    await log(await who_is(HAN), UONG)
    keep = await id_of(UONG)
    await merge_households(tam, keep, MergeForm(gone=await id_of(QUYNH)))
    [mine] = [one for one in live_consents(await list_consents(keep)) if one.resident is None]
    await withdraw_consent(tam, mine.id)
    assert [one.resident for one in live_consents(await list_consents(keep))] != [None]
    assert (await find_visit(tam, made)).nameless
