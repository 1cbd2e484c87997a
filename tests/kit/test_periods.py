"""Periods: every day lies in one of each kind, and they fit into each other."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kit import i18n
from kit.periods import CALENDAR, CUT_OFFS, MONTHS, Kind, period_of

days = st.dates(date(1990, 1, 1), date(2090, 1, 1))
kinds: st.SearchStrategy[Kind] = st.sampled_from(list(MONTHS))
cut_offs = st.sampled_from(CUT_OFFS)


@given(day=days, kind=kinds, cut_off=cut_offs)
def test_periods_tile_the_days(day: date, kind: Kind, cut_off: int) -> None:
    period = period_of(day, kind, cut_off)
    assert period.first <= day <= period.last
    assert period.after.first == period.until
    assert period.before.until == period.first
    assert period.before.after == period == period_of(period.first, kind, cut_off)
    assert period == period_of(period.last, kind, cut_off)


@given(day=days, cut_off=cut_offs)
def test_a_year_is_four_quarters_is_twelve_months(day: date, cut_off: int) -> None:
    year = period_of(day, "year", cut_off)
    for kind, count in (("quarter", 4), ("month", 12)):
        part = period_of(year.first, kind, cut_off)  # type: ignore[arg-type]
        for _ in range(count - 1):
            part = part.after
        assert part.last == year.last


@given(day=days)
def test_calendar_months_begin_on_the_first(day: date) -> None:
    month = period_of(day, "month", CALENDAR)
    assert (month.first.day, month.until.day) == (1, 1)
    assert month.first.month == month.last.month == day.month


def test_the_month_runs_from_the_15th_and_the_year_from_15_december() -> None:
    month = period_of(date(2026, 11, 25), "month", 14)
    assert (month.first, month.last) == (date(2026, 11, 15), date(2026, 12, 14))
    assert period_of(date(2026, 11, 14), "month", 14) == month.before
    year = period_of(date(2026, 11, 25), "year", 14)
    assert (year.first, year.last) == (date(2025, 12, 15), date(2026, 12, 14))
    assert period_of(date(2026, 12, 15), "year", 14) == year.after


@given(day=days, kind=kinds, cut_off=cut_offs)
def test_the_days_left_and_those_gone_are_all(day: date, kind: Kind, cut_off: int) -> None:
    period = period_of(day, kind, cut_off)
    gone = (day - period.first).days + 1
    assert gone + period.days_left(day) == (period.until - period.first).days
    assert period.days_left(period.last + timedelta(days=3)) == 0


def test_a_period_is_called_after_the_month_it_ends_in() -> None:
    i18n.language.set("vi")
    names = [period_of(date(2026, 11, 25), kind, 14).name for kind in MONTHS]
    assert names == ["Tháng 12/2026", "Quý 4/2026", "Năm 2026"]
