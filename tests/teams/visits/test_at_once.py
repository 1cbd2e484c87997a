"""Changes of visits at the same time: nobody waits for ever, and the figures are right."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

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


WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"


@A_SERVER
@pytest.mark.parametrize("act", ["edit", "withdraw"])
async def test_a_deadlock_is_tried_once_more(world: Databases, act: str) -> None:
    """Somebody holds the household and then wants the visit, which the command holds. The server
    breaks off one of the two; whenever it is the command, that is done once more."""
    tam, other, broken_off = await who_is(TAM), await asyncpg.connect(world.url), 0
    try:
        for tries in range(1, 6):
            visit = (await log(tam, UONG, performed_by=await id_of(HAN.name))).id
            broken_off += await _crossed(other, act, visit)
            assert (await find_visit(tam, visit)).version == 2
            assert await how_many(f"visit.{act}") == tries
            if broken_off:
                break
    finally:
        await other.close()
    assert broken_off == 1
    assert await count_wrong_totals() == 0


async def _crossed(other: Any, act: str, visit: UUID) -> int:
    """Change a visit and let somebody be in the way; 1 where the change was broken off."""
    changes: list[asyncio.Task[None]] = []
    try:
        async with other.transaction():
            await other.execute("SET LOCAL deadlock_timeout = '8s'")
            await other.execute("UPDATE household SET version = version WHERE head = $1", UONG)
            changes.append(asyncio.create_task(_change(act, visit)))
            while not await other.fetchval(WAITS):
                assert not changes[0].done()
                await asyncio.sleep(0.01)
            await other.execute("UPDATE visit SET note = note WHERE id = $1", visit)
    except asyncpg.DeadlockDetectedError:
        await asyncio.gather(*changes)
        return 0
    await asyncio.gather(*changes)
    return 1


async def _change(act: str, visit: UUID) -> None:
    tam, form = await who_is(TAM), WithdrawForm(why="Ghi nhầm hộ", version=1)
    done = edit_visit(tam, visit, mended()) if act == "edit" else withdraw_visit(tam, visit, form)
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
