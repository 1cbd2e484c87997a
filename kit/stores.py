"""SQLite and PostgreSQL as a backup sees them: tables, their kinds, all rows out, all rows in.

Each works on a connection of its own, so that the serving goes on meanwhile: reading holds one
snapshot, writing is one transaction.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from graphlib import TopologicalSorter
from itertools import islice
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from kit.copies import Values
from kit.database import DB
from kit.sqlite import LocalSQLite, connect

CHUNK = 500
KINDS_OF_SQLITE = {"decimal": "numeric", "blob": "bytea"}
Columns = dict[str, str]
"""The columns of a table in order, each with its kind."""


class Store(Protocol):
    """An open snapshot (to read) or transaction (to write)."""

    engine: str

    async def tables(self) -> dict[str, Columns]:
        """Every table, those that others refer to first."""

    def read(self, table: str, columns: Iterable[str]) -> AsyncIterator[list[Values]]:
        """All rows, in batches."""

    async def count(self, table: str) -> int:
        """How many rows a table has."""

    async def empty(self, tables: list[str]) -> None:
        """Delete every row, append-only or not."""

    async def fill(self, table: str, columns: list[str], rows: Iterator[Values]) -> None:
        """Insert rows."""


@asynccontextmanager
async def open_store(*, write: bool = False) -> AsyncIterator[Store]:
    """The database of TOSO_DATABASE_URL, as one snapshot or as one transaction."""
    if isinstance(DB, LocalSQLite):
        async with _local(Path(DB.path), write=write) as local:
            yield local
        return
    connection = await asyncpg.connect(DB.config["dsn"], server_settings={"timezone": "UTC"})
    try:
        isolation = "read_committed" if write else "repeatable_read"
        async with connection.transaction(isolation=isolation, readonly=not write):
            yield Served(connection)
    finally:
        await connection.close()


@asynccontextmanager
async def _local(path: Path, *, write: bool) -> AsyncIterator[Local]:
    connection = connect(path, read_only=not write)
    connection.row_factory = None
    try:
        connection.execute("BEGIN IMMEDIATE" if write else "BEGIN")
        local = Local(connection)
        yield local
        if write:
            await local.close()
        connection.execute("COMMIT")
    finally:
        connection.close()


def _in_order(refers: dict[str, set[str]]) -> list[str]:
    graph = {table: sorted(others - {table}) for table, others in sorted(refers.items())}
    return list(TopologicalSorter(graph).static_order())


class Local:
    """SQLite. Work is done in a thread, so that the event loop keeps serving."""

    engine = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._triggers: list[str] = []

    async def tables(self) -> dict[str, Columns]:
        """Every table, those that others refer to first."""
        names = self._all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        refers = {name: self._referred(name) for (name,) in names}
        return {name: self._columns(name) for name in _in_order(refers)}

    def _referred(self, table: str) -> set[str]:
        return {row[2] for row in self._all(f'PRAGMA foreign_key_list("{table}")')}

    def _columns(self, table: str) -> Columns:
        found = self._all(f'PRAGMA table_info("{table}")')
        kinds = {row[1]: str(row[2]).lower().partition("(")[0] for row in found}
        return {name: KINDS_OF_SQLITE.get(kind, kind) for name, kind in kinds.items()}

    def _all(self, sql: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql).fetchall()

    async def read(self, table: str, columns: Iterable[str]) -> AsyncIterator[list[Values]]:
        """All rows, in batches."""
        names = ", ".join(f'"{column}"' for column in columns)
        cursor = self._connection.execute(f'SELECT {names} FROM "{table}"')
        while batch := await asyncio.to_thread(cursor.fetchmany, CHUNK):
            yield batch

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self._all(f'SELECT count(*) FROM "{table}"')[0][0])

    async def empty(self, tables: list[str]) -> None:
        """Delete every row; triggers stand aside until the end of the transaction."""
        self._connection.execute("PRAGMA defer_foreign_keys = ON")
        for name, sql in self._all("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"):
            self._triggers.append(sql)
            self._connection.execute(f'DROP TRIGGER "{name}"')
        for table in reversed(tables):
            await asyncio.to_thread(self._connection.execute, f'DELETE FROM "{table}"')

    async def fill(self, table: str, columns: list[str], rows: Iterator[Values]) -> None:
        """Insert rows."""
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" * len(columns))
        sql = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
        while batch := list(islice(rows, CHUNK)):
            await asyncio.to_thread(self._connection.executemany, sql, batch)

    async def close(self) -> None:
        """Put the triggers back."""
        for sql in self._triggers:
            self._connection.execute(sql)


class Served:
    """PostgreSQL."""

    engine = "postgres"
    _TABLES = (
        "SELECT table_name, column_name, udt_name, data_type FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name IN (SELECT tablename FROM pg_tables"
        " WHERE schemaname = current_schema()) AND is_generated = 'NEVER'"
        " ORDER BY table_name, ordinal_position"
    )
    _REFERS = (
        "SELECT c.relname AS one, f.relname AS other FROM pg_constraint k"
        " JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid"
        " WHERE k.contype = 'f' AND k.connamespace = current_schema()::regnamespace"
    )

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def tables(self) -> dict[str, Columns]:
        """Every table, those that others refer to first."""
        columns: dict[str, Columns] = {}
        for table, column, kind, data_type in await self._connection.fetch(self._TABLES):
            short = "text" if data_type == "text" else kind
            columns.setdefault(table, {})[column] = short
        refers: dict[str, set[str]] = {table: set() for table in columns}
        for one, other in await self._connection.fetch(self._REFERS):
            refers[one].add(other)
        return {table: columns[table] for table in _in_order(refers)}

    async def read(self, table: str, columns: Iterable[str]) -> AsyncIterator[list[Values]]:
        """All rows, in batches."""
        names = ", ".join(f'"{column}"' for column in columns)
        cursor = await self._connection.cursor(f'SELECT {names} FROM "{table}"')
        while batch := await cursor.fetch(CHUNK):
            yield batch

    async def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(await self._connection.fetchval(f'SELECT count(*) FROM "{table}"'))

    async def empty(self, tables: list[str]) -> None:
        """Delete every row; our own triggers stand aside for it."""
        names = ", ".join(f'"{table}"' for table in tables)
        for table in tables:
            await self._connection.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
        await self._connection.execute(f"TRUNCATE {names}")
        for table in tables:
            await self._connection.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')

    async def fill(self, table: str, columns: list[str], rows: Iterator[Values]) -> None:
        """Insert rows; references are checked when the whole table is in."""
        await self._connection.copy_records_to_table(table, records=rows, columns=columns)
