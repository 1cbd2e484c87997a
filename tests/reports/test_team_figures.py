"""The figures of a team: a period beside the one before, never more than was reported."""

from __future__ import annotations

from datetime import timedelta

import pytest

from demo.cast import HAN, TOAN
from kit import clock
from kit.periods import period_of
from people.permissions import MACHINE
from reports.teams.queries import find_team_period
from teams.visits.figures import (
    count_households_met,
    count_households_served,
    count_people,
    find_activity,
    list_outcomes,
    of_team,
)
from tests.queries import few_queries, warm
from tests.teams.lookups import AP_2, BINH_HOA, team_path
from tests.teams.visits.doors import HY, QUYNH, UONG, log
from tests.visitor import visit, who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def some_visits() -> None:
    """A named visit with two services, an anonymous one, a door that stayed shut."""
    han = await who_is(HAN)
    await log(han, UONG, "vneid_2:independent", "pay_water:on_behalf")
    await log(han, QUYNH, "fraud_safety:assisted", consent="anonymous")
    await log(han, HY, met="absent")


async def test_every_figure_is_that_of_its_own_function() -> None:
    await some_visits()
    team, period = await id_of(BINH_HOA), period_of(clock.today(), "quarter", 14)
    found = await find_team_period(team, period)
    scope, span = of_team(team), (period.first, period.until)
    activity = await find_activity(scope, *span)
    assert activity is not None
    assert (found.visits, found.met, found.anonymous) == (3, 2, 1)
    assert (activity.visits, activity.met, activity.anonymous) == (3, 2, 1)
    assert found.people == await count_people(scope, *span)
    assert found.households == await count_households_met(scope, *span) == 1
    assert found.served == await count_households_served(team, period.last) == 3
    counted = {(c.service, c.outcome): c.supports for c in await list_outcomes(scope, *span)}
    told = {(s, o): n for s, counts in found.services.items() for o, n in counts.items()}
    assert told == counted
    assert (found.learned, found.supports) == (activity.learned, activity.supports) == (2, 3)


async def test_a_team_that_reported_nothing_has_no_zero() -> None:
    period = period_of(clock.today(), "month", 14)
    found = await find_team_period(await id_of(AP_2), period)
    assert (found.visits, found.people, found.households) == (None, None, None)
    async with await visit(TOAN) as toan:
        page = (await toan.get(f"{await team_path(AP_2)}/figures")).text
    assert "Chưa có lượt hỗ trợ nào được báo cáo trong kỳ này" in page


async def test_a_visit_counts_in_the_period_of_its_own_day() -> None:
    period = period_of(clock.today(), "month", 14)
    day = clock.midnight(period.first) - timedelta(minutes=1)
    await log(MACHINE, UONG, met_at=day, performed_by=await id_of(HAN.name))
    team = await id_of(BINH_HOA)
    assert (await find_team_period(team, period)).visits is None
    assert (await find_team_period(team, period.before)).visits == 1


async def test_the_tab_shows_any_period_with_few_questions() -> None:
    await some_visits()
    at = f"{await team_path(BINH_HOA)}/figures"
    async with await visit(HAN) as han:
        await warm()
        for query in ("", "?kind=quarter", "?kind=year&on=01/03/2026", "?kind=decade&on=never"):
            with few_queries():
                answer = await han.get(at + query)
            assert answer.status_code == 200
        page = (await han.get(at)).text
        assert "Thanh toán tiền nước" in page
        assert "Kỳ trước: —" in page
        assert f'href="{at}"' in (await han.get(await team_path(BINH_HOA))).text
