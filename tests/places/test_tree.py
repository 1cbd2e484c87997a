"""Whatever is done to the tree, on any day it is the tree a plain model says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import clock
from kit.database import among, new_id, run
from kit.errors import Refused
from kit.i18n import gettext as _
from people.permissions import MACHINE, Right, Who
from people.reach import choices_areas
from places.areas.commands import (
    ChangeAreaForm,
    EndAreaForm,
    FoundAreaForm,
    change_area,
    end_area,
    found_area,
)
from places.areas.queries import find_last_spell
from places.tables import AREA_KINDS

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

FIRST = date(2026, 11, 1)
DAYS = 40
KINDS = ("district", "commune", "commune", "hamlet", "hamlet", "hamlet")


def day(n: int) -> date:
    """The n-th day of the model."""
    return FIRST + timedelta(days=n)


@dataclass
class Place:
    """An area of the model: its parent from each day on, and the days it lives."""

    kind: str
    number: int
    since: int
    parents: dict[int, UUID | None]
    until: int = 10**6

    def parent(self, n: int) -> UUID | None:
        """Its parent on day n."""
        return self.parents[max(since for since in self.parents if since <= n)]


@dataclass
class Map:
    """The model: nothing but parents; a path is found by walking up."""

    places: dict[UUID, Place] = field(default_factory=dict)

    def lives(self, area: UUID, n: int) -> bool:
        """Whether an area exists on day n."""
        return self.places[area].since <= n < self.places[area].until

    def path(self, area: UUID | None, n: int) -> str:
        """The path of an area on day n."""
        if area is None:
            return "/"
        place = self.places[area]
        return f"{self.path(place.parent(n), n)}{place.number}/"

    def below(self, area: UUID, n: int) -> set[UUID]:
        """An area and all that lies in it on day n."""
        path = self.path(area, n)
        living = (other for other in self.places if self.lives(other, n))
        return {other for other in living if self.path(other, n).startswith(path)}

    def sound(self) -> bool:
        """Whether on every day each living area lies in a living area of a higher kind."""
        return all(self._sound_on(n) for n in range(DAYS))

    def _sound_on(self, n: int) -> bool:
        for area, place in self.places.items():
            above = place.parent(n) if self.lives(area, n) else None
            if above and not self.lives(above, n):
                return False
            if above and self.rank(above) >= self.rank(area):
                return False
        return True

    def rank(self, area: UUID) -> int:
        """How deep the kind of an area stands."""
        return AREA_KINDS.index(self.places[area].kind)


async def do_found(model: Map, kind: str, parent: UUID | None, n: int) -> None:
    """Found an area, in the store and then in the model."""
    form = FoundAreaForm.model_validate(
        {"kind": kind, "name": kind.title(), "parent": parent, "since": day(n)}
    )
    area = await found_area(MACHINE, form)
    number = (await find_last_spell(MACHINE, area)).number
    model.places[area] = Place(kind, number, n, {n: parent})


async def do_change(model: Map, area: UUID, parent: UUID | None, n: int, name: str) -> None:
    """Give an area a name and a parent."""
    now = await find_last_spell(MACHINE, area)
    values = {"name": name, "parent": parent, "since": day(n), "version": now.version}
    await change_area(MACHINE, area, ChangeAreaForm.model_validate(values))
    if parent != model.places[area].parent(10**5):
        model.places[area].parents[n] = parent


async def do_end(model: Map, area: UUID, n: int) -> None:
    """End an area."""
    now = await find_last_spell(MACHINE, area)
    form = EndAreaForm(on=day(n), basis="Quyết định 5", version=now.version)
    await end_area(MACHINE, area, form)
    model.places[area].until = min(n, model.places[area].until)


async def act(model: Map, step: tuple[int, int, int, int, int]) -> bool:
    """Do one random act; False when it was refused."""
    verb, one, other, n, name = step
    areas = list(model.places)
    area = areas[one % len(areas)]
    kind = KINDS[one % len(KINDS)] if verb < 3 else model.places[area].kind
    parents = [None, *areas, *3 * [a for a in areas if model.rank(a) < AREA_KINDS.index(kind)]]
    parent = parents[other % len(parents)]
    try:
        if verb < 3:
            await do_found(model, kind, parent, n)
        elif verb < 11:
            await do_change(model, area, parent, n, f"Nơi {name}")
        else:
            await do_end(model, area, n)
    except Refused as refused:
        if refused.message == _("The area already has a name for that time."):
            raise
        return False
    return True


STEP = st.tuples(
    st.integers(0, 11),
    st.integers(0, 60),
    st.integers(0, 60),
    st.integers(0, DAYS - 5),
    st.integers(0, 2),
)


async def start() -> Map:
    """A province with two districts, two communes and two hamlets, its own for each example."""
    model = Map()
    await do_found(model, "province", None, 0)
    (root,) = model.places
    for kind, n in (("district", 0), ("district", 3)):
        await do_found(model, kind, root, n)
    _, first, second = model.places
    for kind, parent in (("commune", first), ("commune", second), ("hamlet", first)):
        await do_found(model, kind, parent, 4)
    await do_found(model, "hamlet", list(model.places)[3], 5)
    return model


async def stored(model: Map) -> list[dict[str, object]]:
    """The spells of the model's areas, as they are stored."""
    found = await run(
        "SELECT area, parent, path, since, until FROM area_spell WHERE area IN {}"
        " ORDER BY area, since",
        among(list(model.places)),
    )
    return [dict(row) for row in found]


def on_day(spells: list[dict[str, object]], n: int) -> Iterator[tuple[UUID, object, object]]:
    """Area, parent and path of every spell that holds on day n."""
    for spell in spells:
        since, until = spell["since"], spell["until"]
        assert isinstance(since, date)
        if since <= day(n) and (until is None or day(n) < until):  # type: ignore[operator]
            yield UUID(str(spell["area"])), spell["parent"], spell["path"]


@settings(max_examples=60)
@given(st.lists(STEP, min_size=5, max_size=25))
async def test_spells_never_overlap_and_paths_follow_the_parents(
    steps: list[tuple[int, int, int, int, int]],
) -> None:
    model = await start()
    for step in steps:
        before = await stored(model)
        if not await act(model, step):
            assert await stored(model) == before
    assert model.sound()
    spells = await stored(model)
    for n in range(DAYS + 5):
        found = list(on_day(spells, n))
        areas = [area for area, _, _ in found]
        assert len(areas) == len(set(areas)), "two spells hold on one day"
        assert set(areas) == {area for area in model.places if model.lives(area, n)}
        for area, parent, path in found:
            assert parent == model.places[area].parent(n)
            assert path == model.path(area, n)


@settings(max_examples=20)
@given(st.lists(STEP, min_size=5, max_size=20))
async def test_reach_is_the_subtree_of_today_and_nothing_else(
    steps: list[tuple[int, int, int, int, int]],
) -> None:
    model = await start()
    for step in steps:
        await act(model, step)
    today = 22
    with clock.frozen(datetime(2026, 11, 23, 9, tzinfo=UTC)):
        for area in model.places:
            if model.lives(area, today):
                seen = await choices_areas(coordinator(model.path(area, today)), "area.read")
                assert {choice.id for choice in seen} == model.below(area, today)


def coordinator(path: str) -> Who:
    """A coordinator of what lies under a path."""
    right = Right("coordinator", path)
    return Who(person=new_id(), account=None, name="Lê Minh Tâm", rights=(right,))
