"""Residents: named only with consent, and forgotten when it is withdrawn."""

from __future__ import annotations

from typing import Any

import pytest

from demo.cast import HAN, HOANG, SEN, TOAN
from kit import clock
from kit.database import new_id, run
from kit.errors import Forbidden, NotFound, Refused
from teams.households.forms import EditResidentForm, EndResidentForm, ResidentForm
from teams.households.history import list_consents, list_residents, live_consents
from teams.households.residents import (
    add_resident,
    edit_resident,
    end_resident,
    find_resident,
    withdraw_consent,
)
from tests.teams.households.homes import UONG, WITH_CONSENT
from tests.teams.lookups import how_many, last_line
from tests.teams.visits.doors import log
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def resident(**words: Any) -> ResidentForm:
    """A form of a resident."""
    return ResidentForm.model_validate(words)


async def test_a_name_needs_consent_and_the_log_never_holds_it() -> None:
    hoang, uong = await who_is(HOANG), await id_of(UONG)
    with pytest.raises(Refused) as refused:
        await add_resident(hoang, uong, resident(name="Nguyễn Văn Bảy"))
    assert "consent_method" in refused.value.fields
    assert await list_residents(uong) == []
    await add_resident(hoang, uong, resident(**WITH_CONSENT))
    [consent] = await list_consents(uong)
    assert (consent.text_version, consent.method) == (1, "tapped")
    assert consent.taken_by_name == "Hồ Minh Hoàng"
    said = await run("SELECT before, after, subject_name FROM audit_line")
    assert "Bảy" not in str(said)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({}, "age_band"),
        ({"name": "Bảy", "consent_method": "spoken"}, "witness"),
        ({"name": "Bảy", "consent_method": "tapped", "consent_text": 99}, "consent_text"),
    ],
)
async def test_what_is_missing_is_said_beside_its_field(words: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as refused:
        await add_resident(await who_is(HAN), await id_of(UONG), resident(**words))
    assert field in refused.value.fields


async def test_the_same_id_from_a_phone_is_one_resident() -> None:
    hoang, uong, mine = await who_is(HOANG), await id_of(UONG), new_id()
    for _ in range(2):
        assert await add_resident(hoang, uong, resident(**WITH_CONSENT), mine) == mine
    assert len(await list_residents(uong)) == len(await list_consents(uong)) == 1


async def test_withdrawing_takes_the_name_away_and_keeps_what_was_agreed() -> None:
    hoang, uong = await who_is(HOANG), await id_of(UONG)
    bay = await add_resident(hoang, uong, resident(**WITH_CONSENT))
    [consent] = await list_consents(uong)
    await withdraw_consent(hoang, consent.id)
    await withdraw_consent(hoang, consent.id)
    found, _home = await find_resident(hoang, bay)
    assert (found.name, found.age_band) == (None, "60_up")
    assert live_consents(await list_consents(uong)) == []
    assert len(await list_consents(uong)) == 1
    assert await how_many("consent.withdraw") == 1


async def test_who_withdraws_the_own_consent_is_named_no_more_though_the_household_agreed() -> None:
    hoang, uong = await who_is(HOANG), await id_of(UONG)
    bay = await add_resident(hoang, uong, resident(**WITH_CONSENT))
    another = await add_resident(hoang, uong, resident(**WITH_CONSENT | {"name": "Lê Văn Tám"}))
    await log(hoang, UONG)
    [own] = [c for c in await list_consents(uong) if c.resident == bay]
    await withdraw_consent(hoang, own.id)
    assert (await find_resident(hoang, bay))[0].name is None
    assert (await find_resident(hoang, another))[0].name == "Lê Văn Tám"


async def test_a_name_comes_with_consent_and_goes_only_by_withdrawing() -> None:
    han, uong = await who_is(HAN), await id_of(UONG)
    somebody = await add_resident(han, uong, resident(sex="female"))
    named = EditResidentForm.model_validate({**WITH_CONSENT, "version": 1})
    with pytest.raises(Refused):
        await edit_resident(han, somebody, named.model_copy(update={"consent_method": None}))
    await edit_resident(han, somebody, named)
    assert '"named": true' in (await last_line("resident.edit"))["after"]
    with pytest.raises(Refused) as nameless:
        await edit_resident(han, somebody, EditResidentForm(age_band="60_up", version=2))
    assert "name" in nameless.value.fields
    with pytest.raises(Refused) as late:
        await edit_resident(han, somebody, named.model_copy(update={"age_band": "18_34"}))
    assert late.value.status == 409


async def test_somebody_who_left_is_no_longer_listed() -> None:
    han, uong = await who_is(HAN), await id_of(UONG)
    somebody = await add_resident(han, uong, resident(sex="female"))
    form = EndResidentForm(on=clock.today(), version=1)
    await end_resident(han, somebody, form)
    await end_resident(han, somebody, form)
    assert await list_residents(uong, clock.today()) == []
    assert len(await list_residents(uong)) == 1
    assert await how_many("resident.end") == 1


async def test_strangers_and_readers_are_not_let() -> None:
    han, uong = await who_is(HAN), await id_of(UONG)
    bay = await add_resident(han, uong, resident(**WITH_CONSENT))
    [consent] = await list_consents(uong)
    edit = EditResidentForm.model_validate({**WITH_CONSENT, "sex": "male", "version": 1})
    for player, error in ((SEN, NotFound), (TOAN, Forbidden)):
        who = await who_is(player)
        with pytest.raises(error):
            await add_resident(who, uong, resident(sex="male"))
        with pytest.raises(error):
            await edit_resident(who, bay, edit)
        with pytest.raises(error):
            await end_resident(who, bay, EndResidentForm(on=clock.today(), version=1))
        with pytest.raises(error):
            await withdraw_consent(who, consent.id)
