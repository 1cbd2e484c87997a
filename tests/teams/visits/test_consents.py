"""What became of a consent when its visit was told otherwise: it ends, it does not vanish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest

from demo.cast import HAN
from kit.database import run
from teams.households.history import list_consents, live_consents
from teams.visits.changing import edit_visit, withdraw_visit
from teams.visits.forms import WithdrawForm
from tests.teams.visits.doors import UONG, log, this_morning
from tests.teams.visits.test_change_visit import mended
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def kept(visit: UUID) -> list[Mapping[str, Any]]:
    """The consents of a visit in the order of coming."""
    sql = "SELECT id, method, witness, replaced_at, withdrawn_at FROM consent WHERE visit = {}"
    return await run(sql + " ORDER BY id", visit)


async def test_an_edit_that_says_nothing_else_of_the_consent_leaves_it() -> None:
    han, at = await who_is(HAN), this_morning()
    visit = (await log(han, UONG, met_at=at)).id
    before = await kept(visit)
    await edit_visit(han, visit, mended(met_at=at))
    assert await kept(visit) == before


async def test_another_way_of_asking_replaces_the_consent_and_keeps_the_first() -> None:
    han, at = await who_is(HAN), this_morning()
    visit = (await log(han, UONG, met_at=at)).id
    await edit_visit(han, visit, mended(met_at=at, consent_method="spoken", witness="Bà Sáu"))
    first, now = await kept(visit)
    assert (first["method"], first["replaced_at"] is None) == ("tapped", False)
    assert (now["method"], now["witness"], now["replaced_at"]) == ("spoken", "Bà Sáu", None)
    household = await id_of(UONG)
    assert [c.id for c in live_consents(await list_consents(household))] == [now["id"]]
    assert len(await list_consents(household)) == 2


async def test_who_did_not_agree_after_all_is_named_by_no_consent() -> None:
    han = await who_is(HAN)
    visit = (await log(han)).id
    await edit_visit(han, visit, mended(consent="anonymous"))
    [first] = await kept(visit)
    assert first["replaced_at"] is not None
    assert live_consents(await list_consents(await id_of(UONG))) == []


async def test_a_withdrawn_consent_does_not_come_back_with_an_edit() -> None:
    han, at = await who_is(HAN), this_morning()
    visit = (await log(han, UONG, met_at=at)).id
    [consent] = await kept(visit)
    gone = "UPDATE consent SET withdrawn_at = at WHERE id = {}"  # before visits became anonymous
    await run(gone, consent["id"])
    await edit_visit(han, visit, mended(met_at=at, consent_method="signed"))
    [only] = await kept(visit)
    assert only["withdrawn_at"] is not None
    assert live_consents(await list_consents(await id_of(UONG))) == []


async def test_a_withdrawn_visit_takes_its_consent_along() -> None:
    han = await who_is(HAN)
    visit = (await log(han)).id
    await withdraw_visit(han, visit, WithdrawForm(why="Ghi nhầm hộ", version=1))
    assert live_consents(await list_consents(await id_of(UONG))) == []
    assert len(await kept(visit)) == 1
