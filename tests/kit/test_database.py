"""The store: turns at the writer, nothing half-done, nothing written by a read."""

from __future__ import annotations

import asyncio
import contextvars
import sqlite3
from datetime import date
from uuid import uuid4

import asyncpg
import pytest

from kit.database import (
    DB,
    ON_SQLITE,
    SQL,
    all_of,
    among,
    any_of,
    new_id,
    run,
    run_together,
    transaction,
    value,
)
from kit.errors import Refused
from kit.sqlite import LocalSQLite

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


async def put(key: str, said: str) -> None:
    await run(
        "INSERT INTO setting (key, value, changed_at) VALUES ({}, {}, '2026-11-23 00:00:00+00:00')"
        " ON CONFLICT (key) DO UPDATE SET value = {}",
        *(key, said, said),
    )


async def test_fifty_writers_at_once_all_get_their_turn() -> None:
    async def write(number: int) -> None:
        async with transaction():
            before = int(await value("SELECT count(*) AS n FROM setting"))
            await asyncio.sleep(0)
            await put(f"k{number}", str(before))

    await asyncio.gather(*(write(number) for number in range(50)))
    assert await value("SELECT count(*) AS n FROM setting WHERE key LIKE 'k%'") == 50


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL groups commits by itself")
async def test_writers_that_queue_share_a_commit_and_one_that_fails_harms_no_other() -> None:
    async def write(number: int) -> None:
        async with transaction():
            await put(f"g{number}", "x")
            await asyncio.sleep(0)
            if number % 7 == 3:
                raise Refused("no")
        assert await value("SELECT value FROM setting WHERE key = {}", f"g{number}") == "x"

    assert isinstance(DB, LocalSQLite)
    before = DB.commits
    results = await asyncio.gather(*(write(n) for n in range(40)), return_exceptions=True)
    assert sum(isinstance(result, Refused) for result in results) == 6
    assert sum(result is None for result in results) == 34
    assert await value("SELECT count(*) AS n FROM setting WHERE key LIKE 'g%'") == 34
    assert DB.commits - before <= 3


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL groups commits by itself")
async def test_a_writer_that_gives_up_its_place_leaves_nobody_waiting() -> None:
    holding, leave = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with transaction():
            await put("first", "x")
            holding.set()
            await leave.wait()

    async def second() -> None:
        await put("second", "x")

    one = asyncio.create_task(first(), context=contextvars.Context())
    await holding.wait()
    two = asyncio.create_task(second(), context=contextvars.Context())
    await asyncio.sleep(0)
    leave.set()
    await asyncio.sleep(0)
    two.cancel()
    await asyncio.wait_for(one, 2)
    assert await value("SELECT value FROM setting WHERE key = 'first'") == "x"
    await put("third", "x")


async def test_a_failed_act_leaves_nothing_behind() -> None:
    async def act() -> None:
        async with transaction():
            await put("half", "done")
            raise Refused("no")

    with pytest.raises(Refused):
        await act()
    assert await value("SELECT value FROM setting WHERE key = 'half'") is None


async def test_after_a_failed_act_the_next_one_works() -> None:
    await test_a_failed_act_leaves_nothing_behind()
    await put("whole", "done")
    assert await value("SELECT value FROM setting WHERE key = 'whole'") == "done"


async def test_a_reader_does_not_see_what_is_not_committed() -> None:
    async with transaction():
        await put("secret", "x")
        seen = asyncio.get_running_loop().create_future()

        async def look() -> None:
            seen.set_result(await value("SELECT value FROM setting WHERE key = 'secret'"))

        await asyncio.get_running_loop().create_task(look(), context=contextvars.Context())
        assert await seen is None


@pytest.mark.skipif(not ON_SQLITE, reason="PostgreSQL has no reader that could be fooled")
async def test_a_write_dressed_as_a_read_fails_loudly() -> None:
    sql = "WITH x AS (SELECT 1) INSERT INTO setting (key, value, changed_at) VALUES ('a','b','c')"
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await run(sql)


async def test_conditions_compose_and_empty_ones_hold() -> None:
    await put("one", "1")
    found = await value(
        "SELECT count(*) AS n FROM setting WHERE {} AND NOT {} AND key IN {}",
        *(all_of([]), any_of([]), among(["one", "two"])),
    )
    assert found == 1
    assert await value("SELECT count(*) AS n FROM setting WHERE key IN {}", among([])) == 0


async def test_the_audit_log_can_only_grow() -> None:
    for sql in ("UPDATE audit_line SET doer = 'x'", "DELETE FROM audit_line"):
        with pytest.raises(Exception, match="append-only"):
            await run(sql)


async def test_the_database_itself_refuses_what_must_not_be() -> None:
    team = await value("SELECT team FROM membership WHERE position = 'leader'")
    person = await value("SELECT id FROM person WHERE name = 'Cao Thị Ánh'")
    insert = (
        "INSERT INTO membership (id, team, person, position, joined_on, left_on)"
        " VALUES ({}, {}, {}, {}, {}, {})"
    )
    for position, left_on in (("leader", None), ("leader", "2026-02-01")):
        with pytest.raises(Exception, match="leader"):
            await _insert(insert, team, person, position, left_on)
    await _insert(insert, team, person, "member", None)
    with pytest.raises(Exception, match="membership"):
        await _insert(insert, team, person, "member", "2026-02-01")


async def _insert(sql: str, team: object, person: object, position: str, left: object) -> None:
    left_on = date.fromisoformat(str(left)) if left else None
    await run(sql, uuid4(), team, person, position, date(2026, 1, 1), left_on)


async def test_parts_of_a_statement_keep_their_arguments_in_order() -> None:
    inner = SQL("SELECT id FROM person WHERE name = {} OR name = {}", "b", "c")
    whole = SQL("SELECT {} WHERE x IN ({}) AND y = {} AND {}", "a", inner, "d", SQL("1 = 1"))
    sql, args = whole.compile_string("postgres")
    assert sql.startswith("SELECT $1 WHERE x IN (SELECT id FROM person WHERE name = $2 OR")
    assert sql.endswith("name = $3) AND y = $4 AND 1 = 1")
    assert args == ["a", "b", "c", "d"]
    assert whole.compile_string("sqlite")[0].count("?") == 4


async def test_writes_together_are_all_or_nothing() -> None:
    first = SQL("INSERT INTO area (id, number, kind) VALUES ({}, {}, 'hamlet')", new_id(), 9901)
    twice = SQL("INSERT INTO area (id, number, kind) VALUES ({}, {}, 'hamlet')", new_id(), 9901)
    with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
        async with transaction():
            await run_together([first, twice])
    assert await value("SELECT count(*) AS n FROM area WHERE number = 9901") == 0
    await run_together([first])
    assert await value("SELECT count(*) AS n FROM area WHERE number = 9901") == 1


async def test_a_statement_keeps_escaped_braces_and_weaves_its_parts_in_order() -> None:
    part = SQL("a = {} AND b = '{{x}}'", 1)
    text, given = SQL("SELECT '{{}}' AS c WHERE {} OR {}", part, 2).compile_string("sqlite")
    assert text == "SELECT '{}' AS c WHERE a = ? AND b = '{x}' OR ?"
    assert given == [1, 2]
