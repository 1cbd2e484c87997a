"""Any order of joining, moving, promoting, ending and coming back keeps the register sound.

A plain model in Python says what each step must lead to; where the step is refused the register
stays as it was.
"""

from __future__ import annotations

from collections import Counter
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kit.database import DB, new_id
from kit.errors import Refused
from people.permissions import MACHINE
from people.persons.commands import AddPersonForm, add_person
from teams.memberships.commands import (
    AddMemberForm,
    AssignForm,
    BringBackForm,
    EndForm,
    PositionForm,
    add_member,
    assign_members,
    bring_back,
    change_position,
    end_membership,
)
from teams.memberships.queries import find_standing, list_person_spells
from tests.teams.lookups import AP_2, BINH_LOI
from tests.world import FOUNDED, id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

STEP = st.tuples(
    st.sampled_from(["add", "move", "position", "end", "back"]),
    st.integers(0, 2),
    st.integers(0, 1),
    st.sampled_from(["leader", "deputy", "member"]),
    st.integers(0, 12),
)


Step = tuple[str, int, int, str, int]


class Undone(Exception):
    """Takes an example back, so that the next one starts afresh."""


@dataclass
class Told:
    """A spell of the model."""

    person: UUID
    team: UUID
    position: str
    since: date
    until: date | None = None

    def days(self) -> range:
        """The days of the spell as numbers."""
        return range(self.since.toordinal(), (self.until or date(2100, 1, 1)).toordinal())


class No(Exception):
    """The model says that the register must refuse."""


@dataclass
class Model:
    """What the register must hold, as a list of spells in the order they were made."""

    spells: list[Told] = field(default_factory=list)

    def newest(self, person: UUID) -> Told | None:
        """The spell that began last."""
        own = [spell for spell in self.spells if spell.person == person]
        return max(reversed(own), key=lambda spell: spell.since, default=None)

    def live(self, person: UUID) -> Told | None:
        """The spell that has no end."""
        return next((s for s in self.spells if s.person == person and s.until is None), None)

    def add(self, person: UUID, team: UUID, position: str, on: date) -> None:
        """Join a team."""
        self.spells.append(Told(person, team, position, on))

    def move(self, person: UUID, team: UUID, on: date) -> None:
        """Leave whatever team for another."""
        now = self.live(person)
        if now and now.team == team:
            raise No
        if now:
            now.until = on
        self.add(person, team, "member", on)

    def position(self, now: Told, position: str, on: date) -> None:
        """Another position in the same team; a leader makes room."""
        self._must(now.until is None and on >= now.since)
        if now.position == position:
            return
        held = [s for s in self.spells if s.team == now.team and s.position == "leader"]
        for leader in held if position == "leader" else []:
            if leader.until is None:
                leader.until = on
                self.add(leader.person, leader.team, "member", on)
        now.until = on
        self.add(now.person, now.team, position, on)

    def end(self, now: Told, on: date) -> None:
        """Leave."""
        self._must(now.until is None and on >= now.since)
        now.until = on

    def back(self, now: Told, on: date) -> None:
        """Come back."""
        self._must(now.until is not None and on >= now.until)
        self.add(now.person, now.team, "member", on)

    def _must(self, holds: bool) -> None:
        if not holds:
            raise No

    def sound(self) -> bool:
        """One team a person and one leader a team on any day, and no spell ends before it began."""
        clash = any(
            _meet(one, other)
            and (
                one.person == other.person
                or (one.team == other.team and one.position == other.position == "leader")
            )
            for one, other in combinations(self.spells, 2)
        )
        return not clash and all(s.until is None or s.since <= s.until for s in self.spells)


def _meet(one: Told, other: Told) -> bool:
    a, b = one.days(), other.days()
    return bool(a) and bool(b) and a.start < b.stop and b.start < a.stop


def foreseen(model: Model, step: Step, people: list[UUID], teams: list[UUID]) -> Model | None:
    """The model after a step, or None where the register must refuse."""
    what, who, where, position, days = step
    new, on = deepcopy(model), FOUNDED + timedelta(days=10 * days)
    now = new.newest(people[who])
    try:
        if what == "add":
            new.add(people[who], teams[where], position, on)
        elif what == "move":
            new.move(people[who], teams[where], on)
        elif now and what == "position":
            new.position(now, position, on)
        elif now and what == "end":
            new.end(now, on)
        elif now:
            new.back(now, on)
    except No:
        return None
    return new if new.sound() else None


async def act(step: Step, people: list[UUID], teams: list[UUID]) -> None:
    """One step through the commands, with what a careful page would send."""
    what, who, where, position, days = step
    person, team, on = people[who], teams[where], FOUNDED + timedelta(days=10 * days)
    now = await find_standing(person)
    if what == "add":
        joins = {"person": person, "position": position, "on": on}
        await add_member(MACHINE, team, AddMemberForm.model_validate(joins))
    elif what == "move":
        state = f"{now.id}:{now.version}" if now and not now.left_on else ""
        await assign_members(MACHINE, AssignForm(team=team, people=[f"{person}:{state}"], on=on))
    elif now and what == "position":
        new = {"position": position, "on": on, "version": now.version}
        await change_position(MACHINE, now.id, PositionForm.model_validate(new))
    elif now and what == "end":
        await end_membership(MACHINE, now.id, EndForm(on=on, reason="Thôi", version=now.version))
    elif now:
        await bring_back(MACHINE, now.id, BringBackForm(on=on))


async def refusal(step: Step, people: list[UUID], teams: list[UUID]) -> Refused | None:
    """Why the register refuses a step, or None when it was done."""
    try:
        await act(step, people, teams)
    except Refused as refused:
        return refused
    return None


async def everything(people: list[UUID]) -> Counter[tuple[object, ...]]:
    """Every spell of the people in the register."""
    found: Counter[tuple[object, ...]] = Counter()
    for person in people:
        spells = await list_person_spells(person)
        found.update((person, s.team, s.position, s.joined_on, s.left_on) for s in spells)
    return found


async def example(steps: list[Step]) -> None:
    """Run the steps on three new people, two teams and a leader; then take all back."""
    async with DB.transaction() as turn:
        names = [f"Người {letter} {new_id().hex[-6:]}" for letter in "ABC"]
        people = [await add_person(MACHINE, AddPersonForm(name=name)) for name in names]
        teams = [await id_of(AP_2), await id_of(BINH_LOI)]
        leader = await id_of("Phạm Minh Hoàng")
        model = Model([Told(leader, teams[1], "leader", FOUNDED)])
        for step in steps:
            point: Any = await turn.savepoint()
            expected = foreseen(model, step, people, teams)
            said = await refusal(step, people, teams)
            assert (said is None) == (expected is not None), (step, said)
            if said is not None:
                await point.rollback_to()
            model = expected or model
            told = ((s.person, s.team, s.position, s.since, s.until) for s in model.spells)
            assert await everything([*people, leader]) == Counter(told)
        raise Undone


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=14))
async def test_the_register_follows_the_model(steps: list[Step]) -> None:
    with pytest.raises(Undone):
        await example(steps)
