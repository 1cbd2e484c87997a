"""A visit is corrected or withdrawn; what it said before is kept, and the figures follow."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from demo.cast import HAN, HOANG, SEN, TAM, TOAN
from kit import clock
from kit.database import value
from kit.errors import Forbidden, NotFound, Refused
from kit.forms import check
from teams.visits.changing import edit_visit, withdraw_visit
from teams.visits.forms import EditVisitForm, WithdrawForm
from teams.visits.queries import find_visit, list_supports, list_versions
from teams.visits.totals import count_wrong_last_met, count_wrong_totals
from tests.teams.lookups import how_many, last_line
from tests.teams.visits.doors import UONG, log, this_morning, totals
from tests.visitor import who_is

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def mended(version: int = 1, **more: Any) -> EditVisitForm:
    """The visit as it should have been told: the health book, done alone."""
    form = {
        "met": "met",
        "met_at": this_morning(),
        "consent": "consent",
        "supports": [{"service": "health_book", "outcome": "independent"}],
        "version": version,
        "why": "Ghi nhầm việc",
        **more,
    }
    return check(EditVisitForm, form)


GONE = WithdrawForm(why="Ghi nhầm hộ", version=1)


async def test_han_mends_a_visit_and_the_earlier_content_stays() -> None:
    han = await who_is(HAN)
    visit = (await log(han, UONG, note="Chưa rõ")).id
    await edit_visit(han, visit, mended())
    assert [s.service for s in await list_supports(visit)] == ["health_book"]
    (earlier,) = await list_versions(visit)
    assert earlier.why == "Ghi nhầm việc"
    assert json.loads(earlier.content)["supports"][0]["service"] == "vneid_2"
    assert await totals() == {("", ""): 1, ("health_book", "independent"): 1}
    assert (await last_line("visit.edit"))["doer"] == HAN.name


async def test_a_second_editor_is_told() -> None:
    han = await who_is(HAN)
    visit = (await log(han)).id
    await edit_visit(han, visit, mended())
    with pytest.raises(Refused) as refused:
        await edit_visit(await who_is(TAM), visit, mended())
    assert refused.value.status == 409
    assert refused.value.details is not None


async def test_strangers_readers_and_colleagues_do_not_change_it() -> None:
    visit = (await log(await who_is(HAN))).id
    with pytest.raises(NotFound):
        await edit_visit(await who_is(SEN), visit, mended())
    for player in (TOAN, HOANG):
        with pytest.raises(Forbidden):
            await withdraw_visit(await who_is(player), visit, GONE)


async def test_after_three_days_only_a_coordinator_changes_it() -> None:
    han = await who_is(HAN)
    visit = (await log(han)).id
    with clock.frozen(clock.now() + timedelta(hours=73)):
        with pytest.raises(Refused):
            await withdraw_visit(han, visit, GONE)
        await withdraw_visit(await who_is(TAM), visit, GONE)


async def test_a_withdrawn_visit_counts_no_more_and_twice_is_once() -> None:
    han = await who_is(HAN)
    visit = (await log(han)).id
    await withdraw_visit(han, visit, GONE)
    await withdraw_visit(han, visit, GONE)
    assert await totals() == {}
    household = (await find_visit(han, visit)).household
    assert await value("SELECT last_met_on FROM household WHERE id = {}", household) is None
    assert await how_many("visit.withdraw") == 1
    with pytest.raises(Refused):
        await edit_visit(han, visit, mended(2))


async def test_a_visit_moved_to_another_day_takes_its_figures_along() -> None:
    han = await who_is(HAN)
    visit = (await log(han)).id
    earlier = this_morning() - timedelta(days=5)
    await edit_visit(han, visit, mended(met_at=earlier))
    assert (await find_visit(han, visit)).day == clock.local_day(earlier)
    assert await count_wrong_totals() == 0
    assert await count_wrong_last_met() == 0
