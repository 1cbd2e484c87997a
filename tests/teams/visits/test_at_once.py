"""Changes of visits at the same time: nobody waits for ever, and the figures are right."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from demo.cast import HAN, TAM
from kit.database import ON_SQLITE, once_more, transaction
from teams.visits.changing import edit_visit, withdraw_visit
from teams.visits.forms import WithdrawForm
from teams.visits.queries import find_visit
from teams.visits.totals import count_wrong_last_met, count_wrong_totals
from tests.databases import Databases
from tests.teams.lookups import how_many
from tests.teams.visits.doors import HY, QUYNH, UONG, log, this_morning
from tests.teams.visits.test_change_visit import mended
from tests.visitor import who_is
from tests.world import id_of

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]

A_SERVER = pytest.mark.skipif(ON_SQLITE, reason="SQLite has one writer, and no deadlock")


async def test_edits_that_cross_leave_the_figures_right() -> None:
    """Each moves a visit to the day from which another one comes."""
    han, days = await who_is(HAN), [this_morning() - timedelta(days=n) for n in range(4)]
    heads = [UONG, QUYNH, HY] * 4
    made = [await log(han, head, met_at=days[n % 4]) for n, head in enumerate(heads)]
    for version in (1, 2):
        edits = [
            edit_visit(han, one.id, mended(version, met_at=days[(n * 3 + version) % 4]))
            for n, one in enumerate(made)
        ]
        await asyncio.gather(*edits)
    assert await how_many("visit.edit") == 24
    assert await count_wrong_totals() == 0
    assert await count_wrong_last_met() == 0


@A_SERVER
@pytest.mark.parametrize("act", ["edit", "withdraw"])
async def test_a_deadlock_is_tried_once_more(world: Databases, act: str) -> None:
    """Somebody holds the household and then wants the visit, which the command holds."""
    tam = await who_is(TAM)
    visit = (await log(tam, UONG, performed_by=await id_of(HAN.name))).id
    other = await asyncpg.connect(world.url)
    try:
        async with other.transaction():
            await other.execute("UPDATE household SET version = version WHERE head = $1", UONG)
            command = asyncio.create_task(_change(act, visit))
            await asyncio.sleep(0.3)
            assert not command.done()
            await other.execute("UPDATE visit SET note = note WHERE id = $1", visit)
        await command
    finally:
        await other.close()
    found = await find_visit(tam, visit)
    assert found.version == 2
    assert await how_many(f"visit.{act}") == 1
    assert await count_wrong_totals() == 0


async def _change(act: str, visit: object) -> None:
    tam, form = await who_is(TAM), WithdrawForm(why="Ghi nhầm hộ", version=1)
    done = edit_visit(tam, visit, mended()) if act == "edit" else withdraw_visit(tam, visit, form)  # type: ignore[arg-type]
    await done


async def test_what_is_broken_off_twice_fails_and_a_part_of_something_fails_with_it() -> None:
    tries: list[int] = []

    @once_more
    async def never(_: int) -> None:
        tries.append(1)
        raise asyncpg.DeadlockDetectedError

    with pytest.raises(asyncpg.DeadlockDetectedError):
        await never(1)
    assert len(tries) == 2

    async def within() -> None:
        async with transaction():
            await never(1)

    with pytest.raises(asyncpg.DeadlockDetectedError):
        await within()
    assert len(tries) == 3
