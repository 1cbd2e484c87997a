"""The figures of attendance, against a plain model."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit import clock
from kit.database import SQL, new_id, run, value
from people.permissions import MACHINE
from sessions.attendance.commands import mark_attendance
from sessions.attendance.figures import attended, attended_by, last_marks
from sessions.attendance.forms import MarkForm, UndoForm
from sessions.attendance.undoing import undo_marks
from sessions.courses.commands import CancelForm
from sessions.enrolments.commands import EnrolForm, enrol_people
from sessions.meetings.commands import cancel_session, schedule_sessions
from tests.courses import a_course, a_time
from tests.sessions.classroom import AN, ANH, HOANG_M, a_classroom, a_mark, mark, states
from tests.sessions.lookups import town
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def figures(course: UUID) -> dict[UUID, dict[str, Any]]:
    """The figures of a course, by person."""
    return {one["person"]: dict(one) for one in await run("SELECT * FROM ({}) f", attended(course))}


async def test_only_time_in_the_room_earns_periods() -> None:
    room = await a_classroom(hours="08:00-11:00")  # four periods
    told = [(ANH, "late", 50, 3), (AN, "present", None, 4), (HOANG_M, "left_early", 44, 4)]
    for name, state, minutes, _earned in told:
        await mark(MACHINE, room, name, state, minutes=minutes)
    found = await figures(room.course)
    for name, state, _minutes, earned in told:
        one = found[await id_of(name)]
        assert (one["held"], one["attended"], one[state], one["meetings"]) == (4, earned, 1, 1)
        assert one["share"] == pytest.approx(25.0 * earned)


@pytest.mark.parametrize("state", ["excused", "unexcused", "substitute"])
async def test_who_is_away_earns_nothing(state: str) -> None:
    room = await a_classroom(ANH, hours="08:00-11:00")
    more = {"substitute_name": "Lê Văn Dự"} if state == "substitute" else {}
    await mark(MACHINE, room, ANH, state, **more)
    one = (await figures(room.course))[await id_of(ANH)]
    assert (one["held"], one["attended"], one["share"], one[state]) == (4, 0, 0.0, 1)


async def test_a_late_comer_never_earns_less_than_nothing() -> None:
    room = await a_classroom(ANH, hours="08:00-08:45")
    await mark(MACHINE, room, ANH, "late", minutes=700)
    assert (await figures(room.course))[await id_of(ANH)]["attended"] == 0


async def test_nothing_held_is_no_share_rather_than_zero() -> None:
    room = await a_classroom(ANH, day=clock.today() + timedelta(days=4))
    one = (await figures(room.course))[await id_of(ANH)]
    assert (one["held"], one["share"], one["not_taken"]) == (0, None, 0)


async def test_no_mark_is_not_taken_never_absent() -> None:
    room = await a_classroom(ANH)
    one = (await figures(room.course))[await id_of(ANH)]
    assert (one["not_taken"], one["unexcused"], one["attended"]) == (1, 0, 0)


async def test_a_cancelled_session_counts_for_nothing() -> None:
    room = await a_classroom(ANH)
    await mark(MACHINE, room, ANH)
    await cancel_session(MACHINE, room.meeting, CancelForm(reason="Mất điện", version=1))
    one = (await figures(room.course))[await id_of(ANH)]
    assert (one["meetings"], one["held"], one["attended"]) == (0, 0, 0)


async def test_a_persons_courses_each_have_a_row() -> None:
    room, other = await a_classroom(ANH), await a_classroom(ANH)
    found = await run("SELECT course FROM ({}) f", attended_by(await id_of(ANH)))
    assert {one["course"] for one in found} == {room.course, other.course}


# The plain model: a list of marks, sorted; dates as sets of days.

FIRST = date(2026, 3, 2)
NOW = datetime(2026, 3, 9, 3, tzinfo=clock.LOCAL)
DAYS = 3
PEOPLE = (ANH, AN)
STATES = ("present", "late", "left_early", "excused", "unexcused", "substitute")

SPELLS = st.tuples(st.integers(-1, DAYS), st.one_of(st.none(), st.integers(0, DAYS + 1)))
TAPS = st.tuples(
    st.just("tap"),
    st.integers(0, len(PEOPLE) - 1),
    st.integers(0, DAYS - 1),
    st.sampled_from(STATES),
    st.integers(0, 200),
    st.one_of(st.none(), st.integers(-900, 900)),
)
UNDOS = st.tuples(st.just("undo"), st.integers(0, 30))
CANCELS = st.tuples(st.just("cancel"), st.integers(0, DAYS - 1))


@dataclass
class Told:
    """A mark as the model knows it."""

    person: str
    day: int
    state: str
    minutes: int | None
    marked_at: datetime
    received_at: datetime


@dataclass
class Model:
    """What a class book would know."""

    spells: dict[str, tuple[int, int | None]]
    marks: list[Told] = field(default_factory=list)
    nonces: list[tuple[UUID, Told]] = field(default_factory=list)
    cancelled: set[int] = field(default_factory=set)

    def has(self, person: str, day: int) -> bool:
        since, until = self.spells[person]
        return since <= day and (until is None or day < until)

    def of(self, person: str, day: int) -> list[Told]:
        mine = [one for one in self.marks if (one.person, one.day) == (person, day)]
        return sorted(mine, key=lambda one: (one.marked_at, one.received_at))

    def state(self, person: str, day: int) -> str | None:
        mine = self.of(person, day)
        return mine[-1].state if mine and mine[-1].state != "cleared" else None

    def figures(self, person: str, periods: int) -> tuple[int, int, dict[str, int]]:
        days = [d for d in range(DAYS) if d not in self.cancelled and self.has(person, d)]
        earned, counts = 0, dict.fromkeys((*STATES, "not_taken"), 0)
        for day in days:
            state = self.state(person, day)
            counts[state or "not_taken"] += 1
            if state in ("present", "late", "left_early"):
                lost = (self.of(person, day)[-1].minutes or 0) // 45
                earned += max(0, periods - lost)
        return periods * len(days), earned, counts


ACTS = st.lists(st.one_of(TAPS, TAPS, TAPS, UNDOS, CANCELS), max_size=16)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spells=st.tuples(SPELLS, SPELLS), acts=ACTS)
async def test_the_ledger_is_the_class_book(
    spells: tuple[tuple[int, int | None], ...], acts: list[tuple[Any, ...]]
) -> None:
    """Random taps (some by phones with clocks of their own), corrections, undo and cancellations,
    with random days of joining and leaving."""
    model = Model(
        {
            n: (s, u if u is None or u > s else None)
            for n, (s, u) in zip(PEOPLE, spells, strict=True)
        }
    )
    course, meetings = await _a_course(model)
    for step, act in enumerate(acts):
        with clock.frozen(NOW + timedelta(minutes=step)):
            await _do(model, meetings, act)
    with clock.frozen(NOW + timedelta(minutes=len(acts))):
        await _compare(model, course, meetings)


def _spell(since: int, until: int | None) -> tuple[int, int | None]:
    return since, until if until is None or until > since else None


async def _a_course(model: Model) -> tuple[UUID, list[UUID]]:
    with clock.frozen(datetime(2026, 2, 1, 8, tzinfo=clock.LOCAL)):
        course = await a_course(await town())
        meetings = [
            (await schedule_sessions(MACHINE, course, a_time(_day(number))))[0]
            for number in range(DAYS)
        ]
        people = [await id_of(name) for name in PEOPLE]
        await enrol_people(MACHINE, course, EnrolForm(people=people, anyway=True))
    for name, (since, until) in model.spells.items():
        left = until is not None
        await run(
            "UPDATE enrolment SET since = {}, until = {}, state = {}, withdrawn_at = {},"
            " withdrawn_why = {} WHERE course = {} AND person = {}",
            *(_day(since), _day(until) if until is not None else None),
            *("withdrawn" if left else "enrolled", clock.now() if left else None),
            *("Chuyển công tác" if left else "", course, await id_of(name)),
        )
    return course, meetings


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


async def _do(model: Model, meetings: list[UUID], act: tuple[Any, ...]) -> None:
    if act[0] == "tap":
        await _tap(model, meetings, *act[1:])
    elif act[0] == "undo":
        await _undo(model, meetings, act[1])
    elif act[1] not in model.cancelled:
        model.cancelled.add(act[1])
        why = CancelForm(reason="Mất điện", version=1)
        await cancel_session(MACHINE, meetings[act[1]], why)


async def _tap(
    model: Model,
    meetings: list[UUID],
    who: int,
    day: int,
    state: str,
    minutes: int,
    clock_off: int | None,
) -> None:
    name, now = PEOPLE[who], clock.now()
    if day in model.cancelled:
        return
    told = minutes if state in ("late", "left_early") else None
    nonce = new_id()
    form = MarkForm.model_validate(
        {
            "nonce": nonce,
            "person": await id_of(name),
            "state": state,
            "minutes": told,
            "substitute_name": "Lê Văn Dự" if state == "substitute" else "",
            "marked_at": None if clock_off is None else now + timedelta(minutes=clock_off),
            "reason": "Theo danh sách ký",
        }
    )
    [first] = await mark_attendance(MACHINE, meetings[day], [form], "api")
    [again] = await mark_attendance(MACHINE, meetings[day], [form], "api")
    assert first.status == ("created" if model.has(name, day) else "rejected")
    assert again.status == ("duplicate" if model.has(name, day) else "rejected")
    if model.has(name, day):
        one = Told(name, day, state, told, _counts_from(model, name, day, now, clock_off), now)
        model.marks.append(one)
        model.nonces.append((nonce, one))
        assert first.state == model.state(name, day)


def _counts_from(
    model: Model, name: str, day: int, now: datetime, clock_off: int | None
) -> datetime:
    if clock_off is not None:
        return now + timedelta(minutes=max(-720, min(720, clock_off)))
    mine = model.of(name, day)
    return max(now, mine[-1].marked_at + timedelta(microseconds=1)) if mine else now


async def _undo(model: Model, meetings: list[UUID], number: int) -> None:
    if not model.nonces:
        return
    nonce, one = model.nonces[number % len(model.nonces)]
    mine = model.of(one.person, one.day)
    if one.day in model.cancelled:
        return
    form = UndoForm(nonce=nonce, reason="Chạm nhầm dòng")
    done = await undo_marks(MACHINE, meetings[one.day], form)
    assert done == int(mine[-1] is one)
    if done:
        before = mine[-2] if len(mine) > 1 else None
        at = _counts_from(model, one.person, one.day, clock.now(), None)
        state, minutes = (before.state, before.minutes) if before else ("cleared", None)
        model.marks.append(Told(one.person, one.day, state, minutes, at, clock.now()))


async def _compare(model: Model, course: UUID, meetings: list[UUID]) -> None:
    stored = {
        (one["training_session"], one["person"]): one["state"]
        for one in await run("SELECT * FROM ({}) f", last_marks(SQL("1 = 1")))
    }
    for number, meeting in enumerate(meetings):
        for name in PEOPLE:
            mine = model.of(name, number)
            assert stored.get((meeting, await id_of(name))) == (mine[-1].state if mine else None)
    found_figures = await figures(course)
    for name, (_since, until) in model.spells.items():
        person = await id_of(name)
        assert (person in found_figures) == (until is None)
        if until is None:
            _same(found_figures[person], *model.figures(name, 4))


def _same(row: dict[str, Any], held: int, earned: int, counts: dict[str, int]) -> None:
    assert (row["held"], row["attended"]) == (held, earned)
    assert {name: row[name] for name in counts} == counts
    assert row["share"] == (pytest.approx(100 * earned / held) if held else None)


SENT = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 2), st.sampled_from(STATES[:5])),
    min_size=1,
    max_size=8,
)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sent=SENT, seed=st.integers(0, 999), cut=st.integers(1, 8))
async def test_phones_may_send_in_any_order_at_once_and_again(
    sent: list[tuple[int, int, str]], seed: int, cut: int
) -> None:
    """Three phones tap for two people; what they send comes in any order, in pieces, twice and
    together: each tap is one line, and the last tap by its own time holds."""
    room = await a_classroom(*PEOPLE)
    now = clock.now()
    marks = [
        await a_mark(PEOPLE[who], state, marked_at=now - timedelta(minutes=30 - number))
        for number, (who, _phone, state) in enumerate(sent)
    ]
    phones = [[m for m, (_w, p, _s) in zip(marks, sent, strict=True) if p == n] for n in range(3)]
    calls = [call for phone in phones for at in (0, cut) if (call := phone[at : at + cut])] * 2
    random.Random(seed).shuffle(calls)
    await asyncio.gather(*(mark_attendance(MACHINE, room.meeting, call, "api") for call in calls))
    rest = [one for phone in phones for one in phone[2 * cut :]]
    await mark_attendance(MACHINE, room.meeting, rest, "api")
    number = await value("SELECT count(*) FROM mark WHERE training_session = {}", room.meeting)
    assert number == len(sent)
    last = {PEOPLE[who]: state for who, _phone, state in sent}
    assert await states(room) == {name: last.get(name) for name in sorted(PEOPLE)}
