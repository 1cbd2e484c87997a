"""A batch is undone whole, once, and only while nothing depends on it."""

from __future__ import annotations

from uuid import UUID

import pytest

from demo.cast import SEN, TAM, TOAN
from kit import clock
from kit.database import run, value
from kit.errors import NotFound, Refused
from people.batches.commands import undo_batch
from teams.memberships.commands import AssignForm, PositionForm, assign_members, change_position
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def assign_two() -> UUID:
    """Tâm moves Ánh (in no team) and Hoàng (of Bình Hòa) to Bình Lợi."""
    hoang = await id_of("Hồ Minh Hoàng")
    team = await id_of("Tổ CNSCĐ khu phố Bình Lợi")
    spell = await value("SELECT id FROM membership WHERE person = {}", hoang)
    people = [f"{await id_of('Cao Thị Ánh')}:", f"{hoang}:{spell}:1"]
    return await assign_members(await who_is(TAM), AssignForm(team=team, people=people))


async def memberships() -> list[tuple[object, ...]]:
    """Everything about who is where."""
    found = await run(
        "SELECT person, team, position, joined_on, left_on, left_reason FROM membership"
        " ORDER BY person, joined_on, team"
    )
    return [tuple(row.values()) for row in found]


async def test_undoing_puts_everything_back() -> None:
    before = await memberships()
    batch = await assign_two()
    assert await memberships() != before
    await undo_batch(await who_is(TAM), batch)
    assert await memberships() == before


async def test_undoing_twice_is_the_same_as_once() -> None:
    batch = await assign_two()
    tam = await who_is(TAM)
    await undo_batch(tam, batch)
    after = await memberships()
    await undo_batch(tam, batch)
    assert await memberships() == after
    lines = await value("SELECT count(*) AS n FROM audit_line WHERE action = 'assignment.undo'")
    assert lines == 1


async def test_what_was_changed_since_keeps_the_batch_from_being_undone() -> None:
    batch = await assign_two()
    tam = await who_is(TAM)
    membership = await value(
        "SELECT id FROM membership WHERE person = {} AND left_on IS NULL",
        await id_of("Cao Thị Ánh"),
    )
    form = PositionForm(position="deputy", on=clock.today(), version=1)
    await change_position(tam, membership, form)
    before = await memberships()
    with pytest.raises(Refused, match="hoàn tác"):
        await undo_batch(tam, batch)
    assert await memberships() == before, "all or nothing"


async def test_who_does_not_reach_there_knows_no_such_batch() -> None:
    batch = await assign_two()
    for player in (SEN, TOAN):
        with pytest.raises(NotFound):
            await undo_batch(await who_is(player), batch)
