"""The first page as the day's work: whom to visit, the month so far, the figures of a period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from demo.cast import HAN, HOA, HOANG, SEN, TAM, TOAN, Player
from kit import clock
from kit.database import run
from kit.periods import period_of
from people.permissions import MACHINE
from places.holidays.commands import HolidayForm, set_holiday
from reports.home.view import District, OwnTeam, find_district, find_own_team
from teams.visits.changing import withdraw_visit
from teams.visits.districts import find_area_activity
from teams.visits.figures import count_households_met, count_people, find_activity, of_team
from teams.visits.forms import WithdrawForm
from tests.reports.test_home import home
from tests.teams.lookups import BINH_HOA
from tests.teams.visits.doors import HY, ON, QUYNH, UONG, log
from tests.things import a_follow_up
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def at(days_ago: int) -> datetime:
    """Ten in the morning so many days ago."""
    day = clock.today() - timedelta(days=days_ago)
    return clock.midnight(day) + timedelta(hours=10 if days_ago else 0)


async def own() -> OwnTeam:
    found = await find_own_team(await who_is(HAN))
    assert found is not None
    return found


async def district(player: Player, on: date | None = None) -> District:
    found = await find_district(await who_is(player), on)
    assert found is not None
    return found


async def met(head: str, days_ago: int, *services: str, **more: Any) -> None:
    """A visit to a household, logged by who serves it."""
    if head == ON:
        more |= {"performed_by": await id_of("Trần Thị Ngọc Trâm")}
    await log(
        await who_is(HAN) if head != ON else MACHINE, head, *services, met_at=at(days_ago), **more
    )


async def test_whom_to_visit_the_latest_first_and_what_was_agreed() -> None:
    han = await who_is(HAN)
    await met(UONG, 34)
    await met(QUYNH, 30)
    made = await log(han, HY, met_at=at(3))
    await a_follow_up(made.id, due_on=clock.today() + timedelta(days=2))
    page = await own()
    assert [visit.head for visit in page.to_visit] == [UONG, QUYNH, HY]
    late, due, agreed = page.to_visit
    assert (late.late, late.since) == (4, 34)
    assert (due.late, due.on) == (0, clock.today())
    assert (agreed.due_on, agreed.agreed_on) == (None, clock.today() + timedelta(days=2))
    text = await home(HAN)
    for words in (
        "Cần thăm (3)",
        "Quá hạn 4 ngày",
        "Đến hạn hôm nay",
        "Hẹn ",
        "34\u00a0ngày trước",
    ):
        assert words in text
    assert 'data-shell="/m/log"' in text


async def test_what_was_agreed_and_kept_calls_for_no_visit_and_nothing_stands_twice() -> None:
    han = await who_is(HAN)
    first = await log(han, UONG, met_at=at(20))
    await a_follow_up(first.id, due_on=clock.today() - timedelta(days=10))
    page = await own()
    assert [(home.head, home.late) for home in page.to_visit] == [(UONG, 10)]
    assert page.follow_ups == []
    await met(UONG, 5)
    page = await own()
    assert page.to_visit == []
    assert page.follow_ups == []
    assert UONG not in await home(HAN)


async def test_who_was_sent_on_stands_among_the_follow_ups_though_a_visit_is_due() -> None:
    made = await log(await who_is(HAN), UONG, met_at=at(20))
    await a_follow_up(made.id, due_on=clock.today(), referral="bank")
    page = await own()
    assert [home.head for home in page.to_visit] == [UONG]
    assert [one.title for one in page.follow_ups] == [UONG]


async def test_a_holiday_moves_the_day_a_household_is_due() -> None:
    await met(UONG, 30)
    assert (await own()).to_visit[0].on == clock.today()
    await set_holiday(MACHINE, HolidayForm(day=clock.today(), name="Nghỉ lễ"))
    assert (await own()).to_visit[0].on == clock.today() + timedelta(days=1)


async def test_a_paused_household_is_not_to_be_visited_nor_counted() -> None:
    await met(UONG, 40)
    await run(
        "UPDATE household SET muted_since = {}, mute_reason = 'x' WHERE head = {}",
        *(clock.today(), UONG),
    )
    page = await own()
    assert page.to_visit == []
    assert page.month.served == 2
    assert "Không có hộ nào đến hạn trong tuần" in await home(HAN)


async def test_the_month_counts_households_met_by_name_in_the_period() -> None:
    period = period_of(clock.today(), "month", 14)
    gone = (clock.today() - period.first).days
    await met(UONG, 0)
    await met(UONG, min(gone, 1))
    await met(QUYNH, gone + 1)
    await met(HY, 0, consent="anonymous")
    month = (await own()).month
    assert (month.met, month.served, month.share, month.left) == (1, 3, 33, 2)
    assert "1/3 hộ, 33 %" in await home(HAN)
    assert (month.period.first, month.period.last) == (period.first, period.last)


async def test_a_member_of_the_team_sees_the_same_day() -> None:
    await met(UONG, 34)
    assert "Quá hạn 4 ngày" in await home(HOANG)


async def test_people_households_and_visits_are_three_figures() -> None:
    await met(UONG, 0, "vneid_2:independent", "pay_water:on_behalf")
    await met(UONG, 0, "fraud_safety:assisted", note="lần hai")
    await met(ON, 0, "vneid_2:pending")
    await met(HY, 0, consent="anonymous")
    page = await district(TAM)
    figures = page.activity.now
    assert (figures.visits, figures.households) == (4, 2)
    assert figures.outcomes["on_behalf"] == 1
    assert (figures.learned, figures.supports) == (3, 5)
    assert figures.learned_share == 60
    communes = {c.name: page.activity.communes[c.id] for c in page.communes}
    assert (communes["Thị trấn Tân Trụ"].visits, communes["Xã Bình Lãng"].visits) == (3, 1)
    assert page.reporting == 2


async def test_sen_counts_her_commune_alone() -> None:
    await met(UONG, 0)
    await met(ON, 0)
    assert (await district(SEN)).activity.now.visits == 1
    assert "Tổ CNSCĐ khu phố" not in await home(SEN)


async def test_what_was_not_reported_is_a_dash_and_no_zero() -> None:
    page = await district(TAM)
    assert (page.activity.now.visits, page.activity.before.visits) == (None, None)
    text = await home(TOAN)
    assert "Kỳ trước: —" in text
    assert "chưa báo cáo" in text
    await met(UONG, 0, met="absent")
    figures = (await district(TAM)).activity.now
    assert (figures.visits, figures.households, figures.people) == (1, 0, 0)


async def test_a_withdrawn_visit_counts_no_more() -> None:
    han = await who_is(HAN)
    made = await log(han, UONG)
    await withdraw_visit(han, made.id, WithdrawForm(why="Ghi nhầm hộ", version=1))
    assert (await district(TAM)).activity.now.visits is None


async def test_the_period_before_stands_beside() -> None:
    period = period_of(clock.today(), "month", 14)
    gone = (clock.today() - period.first).days
    await met(UONG, gone + 1)
    await met(QUYNH, gone + 1)
    await met(HY, 0)
    activity = (await district(HOA)).activity
    assert (activity.now.visits, activity.before.visits) == (1, 2)
    assert activity.before.households == 2
    earlier = (await district(HOA, period.before.last)).activity
    assert (earlier.now.visits, earlier.period) == (2, period.before)


async def test_each_figure_is_that_of_its_own_function() -> None:
    for head, days in ((UONG, 0), (UONG, 0), (QUYNH, 1), (HY, 2)):
        await met(head, days, "vneid_2:assisted", note=f"{head} {days}")
    period = period_of(clock.today(), "month", 14)
    scope = of_team(await id_of(BINH_HOA))
    span = (period.first, period.until)
    now = (await find_area_activity(await who_is(HOA), period)).now
    activity = await find_activity(scope, *span)
    assert activity is not None
    assert now.visits == activity.visits
    assert (now.supports, now.learned) == (activity.supports, activity.learned)
    assert now.households == await count_households_met(scope, *span)
    assert now.people == await count_people(scope, *span)
