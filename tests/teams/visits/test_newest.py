"""Whichever index a list is read along, it shows the same visits in the same order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from demo.cast import HAN, HOA, SEN, TAM, Player
from teams.visits import newest
from teams.visits.filters import VisitFilter
from teams.visits.queries import list_visits
from tests.teams.logged import a_flag, a_visit
from tests.teams.lookups import AP_1, BINH_HOA
from tests.teams.visits.doors import QUYNH, UONG
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

DAY = date(2026, 11, 20)
TOWN = "Thị trấn Tân Trụ"


async def a_fortnight() -> None:
    """Visits of two teams: to two households and to nobody's, with services usual and rare, some
    given twice, some flagged."""
    for number in range(28):
        ap_1 = number % 3 == 0
        supports = [("vneid_2", "assisted"), ("vneid_2", "pending")][: 1 + number % 2]
        visit = await a_visit(
            day=DAY - timedelta(days=number // 2),
            team=AP_1 if ap_1 else BINH_HOA,
            area="Ấp 1" if ap_1 else "Khu phố Bình Hòa",
            household=None if ap_1 else await id_of((UONG, QUYNH)[number % 2]),
            supports=[*supports, *([("pay_water", "pending")] if number % 7 == 0 else [])],
        )
        if number % 5 == 0:
            await a_flag(visit, "twin")


async def shown(player: Player, asked: VisitFilter) -> list[str]:
    """All pages of a list, three visits each."""
    who, found = await who_is(player), []
    while True:
        page, onward = await list_visits(who, asked, 3)
        found += [str(line.id) for line in page]
        if not onward:
            return found
        asked = asked.model_copy(update={"after": onward})


@pytest.mark.parametrize("player", [HOA, TAM, SEN, HAN], ids=lambda player: player.name)
async def test_every_way_to_read_a_list_shows_the_same(
    player: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Along areas, households, services, flags or days; two services of a visit show it once."""
    await a_fortnight()
    asked = [
        VisitFilter(),
        VisitFilter(area=await id_of(TOWN)),
        VisitFilter(area=await id_of("Ấp 1"), since=DAY - timedelta(days=5)),
        VisitFilter(service="vneid_2"),
        VisitFilter(service="vneid_2", outcome="pending", until=DAY - timedelta(days=2)),
        VisitFilter(service="pay_water", area=await id_of(TOWN)),
        VisitFilter(outcome="assisted"),
        VisitFilter(q="uong"),
        VisitFilter(flagged=True),
    ]
    narrow = [await shown(player, one) for one in asked]
    monkeypatch.setattr(newest, "FEW", 0)
    monkeypatch.setattr(newest, "RARE", 0)
    assert [await shown(player, one) for one in asked] == narrow
    assert all(len(found) == len(set(found)) for found in narrow)
    assert player is not HOA or all(narrow)
    assert len(narrow[0]) == {HOA: 28, TAM: 28, SEN: 10, HAN: 18}[player]
