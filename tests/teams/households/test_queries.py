"""Lists of households: search, chips, counts, coverage, what a phone carries."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

import pytest

from demo.cast import HAN, HOANG, SEN, TAM, TOAN
from kit import clock
from kit.errors import Forbidden, NotFound
from places.settings.queries import find_body
from teams.households.coverage import list_coverage, list_team_coverage, set_hamlet_count
from teams.households.due import Due
from teams.households.forms import HamletCountForm, ResidentForm
from teams.households.history import list_household_visits
from teams.households.phones import list_for_phone
from teams.households.queries import (
    HouseholdFilter,
    count_households,
    find_household,
    list_households,
)
from teams.households.residents import add_resident, label_of
from tests.queries import few_queries
from tests.teams.households.homes import HY, ON, QUYNH, UONG, WITH_CONSENT, a_visit, home
from tests.teams.lookups import BINH_HOA, last_line
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def ago(days: int) -> date:
    """A day before today."""
    return clock.today() - timedelta(days=days)


async def heads(**asked: object) -> list[str]:
    """The heads that Hân's list shows."""
    found, _ = await list_households(await who_is(HAN), HouseholdFilter.model_validate(asked))
    return [line.head for line in found]


async def test_a_leader_sees_the_households_of_the_own_team_by_given_name() -> None:
    assert await heads() == [HY, QUYNH, UONG]
    assert (await home(UONG)).team == await id_of(BINH_HOA)
    with pytest.raises(NotFound):
        await find_household(await who_is(HAN), await id_of(ON))
    with pytest.raises(Forbidden):
        await find_household(await who_is(TOAN), await id_of(ON), "household.edit")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("nguyen thi uong", [UONG]),
        ("Ưởng", [UONG]),
        ("hn-013", [QUYNH]),
        ("ngo 1", [QUYNH, UONG]),
        ("012", [UONG]),
        ("0900 500 013", [QUYNH]),
        ("13", [QUYNH]),
        ("%", []),
        ("không có ai", []),
    ],
)
async def test_search_needs_no_marks_and_the_last_digits_will_do(
    typed: str, found: list[str]
) -> None:
    assert await heads(q=typed) == found


async def test_chips_and_counts_agree() -> None:
    await a_visit(UONG, ago(34))
    await a_visit(QUYNH, ago(27))
    assert await heads(show="overdue") == [UONG]
    assert await heads(show="due") == [QUYNH, UONG]
    assert await heads(show="unreached") == [HY]
    counts = await count_households(await who_is(HAN), HouseholdFilter())
    assert (counts.due, counts.overdue, counts.unreached, counts.visited) == (2, 1, 1, 3)
    lines, _ = await list_households(await who_is(HAN), HouseholdFilter(show="overdue"))
    assert (lines[0].days_since, lines[0].overdue_days, lines[0].due_on) == (34, 4, ago(4))


async def test_a_holiday_moves_the_due_day_and_the_line_between() -> None:
    today = date(2026, 2, 20)
    tet = frozenset(date(2026, 2, day) for day in range(16, 20))
    rule = Due(today, 30, tet)
    met = date(2026, 1, 18)
    assert rule.of(met) == today
    assert rule.of(date(2026, 1, 16)) == date(2026, 2, 15)
    for back in range(20, 60):
        day = today - timedelta(days=back)
        due = rule.of(day)
        assert due is not None
        assert (due < today) == (day < rule.overdue_before), day
        assert (due <= today + timedelta(days=7)) == (day <= rule.due_until), day


async def test_pages_follow_one_another_without_gaps() -> None:
    tam, seen, cursor = await who_is(TAM), [], ""
    for _ in range(4):
        found, cursor = await list_households(tam, HouseholdFilter(after=cursor), 2)
        seen += [line.head for line in found]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 6


async def test_filters_by_team_and_by_area() -> None:
    tam = await who_is(TAM)
    by_team, _ = await list_households(tam, HouseholdFilter(team=await id_of(BINH_HOA)))
    by_area, _ = await list_households(tam, HouseholdFilter(area=await id_of("Xã Bình Lãng")))
    assert {line.head for line in by_team} == {HY, QUYNH, UONG}
    assert ON in {line.head for line in by_area}
    assert UONG not in {line.head for line in by_area}


async def test_coverage_has_its_source_and_nothing_is_not_zero() -> None:
    tam, hamlet = await who_is(TAM), await id_of("Khu phố Bình Hòa")
    before = next(c for c in await list_coverage(tam) if c.area == hamlet)
    assert (before.households, before.met, before.known) == (None, 0, 3)
    form = HamletCountForm(area=hamlet, households=420, as_of=ago(10), source="Công an xã")
    await set_hamlet_count(tam, form)
    await set_hamlet_count(tam, form)
    await a_visit(UONG, ago(3))
    [after] = await list_team_coverage(await id_of(BINH_HOA))
    assert (after.households, after.met, after.source) == (420, 1, "Công an xã")
    assert (await last_line("hamlet.count"))["subject_name"] == "Khu phố Bình Hòa"
    with pytest.raises(NotFound):
        await set_hamlet_count(await who_is(SEN), form)
    with pytest.raises(Forbidden):
        await set_hamlet_count(await who_is(TOAN), form)


async def test_two_counts_of_a_day_at_once_leave_one_of_them() -> None:
    tam, hamlet = await who_is(TAM), await id_of("Khu phố Bình Hòa")
    counts = [
        HamletCountForm(area=hamlet, households=number, as_of=ago(10), source="Công an xã")
        for number in range(410, 420)
    ]
    await asyncio.gather(*(set_hamlet_count(tam, form) for form in counts))
    [after] = await list_team_coverage(await id_of(BINH_HOA))
    assert after.households in range(410, 420)


async def test_an_anonymous_visit_shows_no_service() -> None:
    await a_visit(UONG, ago(5), ("vneid_2",), basis="anonymous")
    await a_visit(UONG, ago(2), ("pay_water", "vneid_2"))
    await a_visit(UONG, ago(1), met="absent")
    visits = await list_household_visits(await id_of(UONG))
    assert [len(v.services) for v in visits] == [0, 2, 0]
    assert visits[2].anonymous
    assert visits[2].by_name == "Hồ Minh Hoàng"


async def test_a_phone_gets_its_households_in_three_queries() -> None:
    hoang, uong = await who_is(HOANG), await id_of(UONG)
    await a_visit(UONG, ago(40), ("pay_water",))
    await a_visit(UONG, ago(10), ("vneid_2", "fraud_safety"))
    await a_visit(UONG, ago(2), ("pay_fees",), basis="anonymous")
    await add_resident(hoang, uong, ResidentForm.model_validate(WITH_CONSENT))
    await add_resident(hoang, uong, ResidentForm(age_band="60_up", sex="female"))
    await find_body()
    with few_queries(3):
        found = await list_for_phone(hoang)
    assert [one.head for one in found] == [HY, QUYNH, UONG]
    assert found[2].services == ("vneid_2", "fraud_safety")
    assert {r.label for r in found[2].residents} == {"Nguyễn Văn Bảy", label_of("60_up", "female")}
    assert found[2].area == "Khu phố Bình Hòa"
