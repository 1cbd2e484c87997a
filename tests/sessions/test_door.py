"""When the door of a session is open, and from when on one is late: against plain minutes."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from kit import clock
from kit.database import new_id
from sessions.checkins.commands import arrival
from sessions.checkins.doors import MOST_LATE, Door, Rules

DAYS = st.dates(date(2024, 1, 1), date(2040, 1, 1))
RULES = st.builds(Rules, st.integers(0, 720), st.integers(0, 720), st.integers(0, 240))
HOURS = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda h: h[0] < h[1])
SECONDS = st.integers(-2 * 86_400, 3 * 86_400)


def a_door(day: date, hours: tuple[int, int], rules: Rules) -> Door:
    """A session that takes place."""
    return Door(
        id=new_id(),
        course=new_id(),
        title="Kỹ năng số",
        topic="",
        day=day,
        starts=hours[0],
        ends=hours[1],
        venue_name=None,
        trainer=None,
        secret="0" * 40,
        cancelled_at=None,
        course_cancelled_on=None,
        path="/",
        rules=rules,
    )


@given(day=DAYS, hours=HOURS, rules=RULES, seconds=SECONDS)
def test_the_door_is_open_from_before_the_start_until_after_the_end(
    day: date, hours: tuple[int, int], rules: Rules, seconds: int
) -> None:
    door = a_door(day, hours, rules)
    instant = clock.midnight(day) + timedelta(seconds=seconds)
    opens, closes = hours[0] - rules.opens_before, hours[1] + rules.closes_after
    assert (door.why_shut(instant) == "") == (opens * 60 <= seconds < closes * 60)


@given(day=DAYS, hours=HOURS, rules=RULES, seconds=SECONDS)
def test_late_are_those_who_come_after_the_minutes_of_grace(
    day: date, hours: tuple[int, int], rules: Rules, seconds: int
) -> None:
    door = a_door(day, hours, rules)
    mark = arrival(door, new_id(), clock.midnight(day) + timedelta(seconds=seconds))
    minutes = (seconds - hours[0] * 60) // 60
    if minutes > rules.late_after:
        assert (mark.state, mark.minutes) == ("late", min(minutes, MOST_LATE))
    else:
        assert (mark.state, mark.minutes) == ("present", None)
