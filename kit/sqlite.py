"""SQLite as a server's store: one reader, one writer, both kept open, nothing ever half-written.

Piccolo's stock engine opens a connection and a thread for each query and begins transactions
DEFERRED, which fails with "database is locked" as soon as two of them write. This engine keeps
two connections, begins IMMEDIATE, and lets coroutines queue for the writer.
"""

from __future__ import annotations

import asyncio
import sqlite3
from contextvars import Token
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction
from piccolo.querystring import QueryString

BUSY_SECONDS = 10
MOST_TURNS = 64
"""Transactions that one COMMIT makes durable at most, so that the first never waits long."""
JOINING = 3
"""Rounds of the event loop in which a request gets from the socket to the queue."""
_READS = ("SELECT", "WITH", "VALUES", "EXPLAIN")


@lru_cache(16_384)
def _uuid(stored: bytes) -> UUID:
    return UUID(stored.decode())


@lru_cache(4_096)
def _day(stored: bytes) -> date:
    return date.fromisoformat(stored.decode())


sqlite3.register_converter("UUID", _uuid)
sqlite3.register_converter("DATE", _day)


def _as_dict(cursor: sqlite3.Cursor, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column[0]: value for column, value in zip(cursor.description, row, strict=True)}


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open the database file with the settings that make it durable and strict."""
    connection = sqlite3.connect(
        path,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        detect_types=sqlite3.PARSE_DECLTYPES,
        check_same_thread=False,
        cached_statements=512,
    )
    connection.row_factory = _as_dict
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


class _Savepoint:
    """A point inside a transaction to fall back to."""

    def __init__(self, connection: sqlite3.Connection, name: str) -> None:
        self._connection = connection
        self._name = name

    async def rollback_to(self) -> None:
        """Undo what came after this point; the transaction goes on."""
        self._connection.execute(f"ROLLBACK TO SAVEPOINT {self._name}")

    async def release(self) -> None:
        """Forget the point and keep what came after it."""
        self._connection.execute(f"RELEASE SAVEPOINT {self._name}")


class _Group:
    """Transactions that are made durable by one COMMIT; each waits for it before it is told."""

    def __init__(self) -> None:
        self.waiting: list[asyncio.Future[None]] = []

    def member(self) -> asyncio.Future[None]:
        """A place in the group: done once everything of it is on the disk."""
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waiting.append(place)
        return place

    def settle(self, error: BaseException | None) -> None:
        """Tell every member how the COMMIT went."""
        for place in self.waiting:
            if place.done():
                continue
            if error:
                place.set_exception(error)
            else:
                place.set_result(None)


class LocalTransaction(SQLiteTransaction):
    """One turn at the writer; nested use joins the outer transaction.

    Turns that queue up share a BEGIN and a COMMIT, each within a savepoint of its own: the disk
    is waited for once for all of them, and nobody is told "done" before it answered.
    """

    engine: LocalSQLite
    __slots__ = ("_held", "_token")

    async def __aenter__(self) -> SQLiteTransaction:
        if self._parent is not None:
            outer: SQLiteTransaction = self._parent
            return outer
        self._held = await self.engine.turn()
        try:
            self.connection = self.engine.writer()
            self.engine.begin()
            self.connection.execute("SAVEPOINT turn")
        except BaseException:
            self._held.release()
            raise
        self._token: Token[Any] = self.engine.current_transaction.set(self)
        return self

    async def savepoint(self, name: str | None = None) -> Any:
        """Open a savepoint (names are made here, so they are safe to write out)."""
        name = f"savepoint_{self.get_savepoint_id()}"
        self.connection.execute(f"SAVEPOINT {name}")
        return _Savepoint(self.connection, name)

    async def __aexit__(self, kind: Any, error: Any, traceback: Any) -> bool:
        if self._parent is not None:
            return error is None
        self.engine.current_transaction.reset(self._token)
        try:
            place = self._leave(failed=error is not None)
            try:
                if place:
                    await self.engine.others_may_join()
            finally:
                if not self.engine.others_wait():
                    self.engine.commit()
        finally:
            self._held.release()
        if place:
            await place
        return error is None

    def _leave(self, *, failed: bool) -> asyncio.Future[None] | None:
        """Keep or undo what this turn did; the place in the group that will be committed."""
        if not self.connection.in_transaction:  # the disk is full: SQLite has undone all of it
            self.engine.abandon(sqlite3.OperationalError("the transaction was rolled back"))
            return None
        if failed:
            self.connection.execute("ROLLBACK TO turn")
        self.connection.execute("RELEASE turn")
        return None if failed or self.engine.group is None else self.engine.group.member()


class LocalSQLite(SQLiteEngine):
    """Piccolo's SQLite engine over two long-lived connections of this process."""

    __slots__ = ("_locks", "_queue", "_reader", "_writer", "commits", "group", "queries_run")

    def __init__(self, path: Path) -> None:
        super().__init__(path=str(path))
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._locks: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = (
            WeakKeyDictionary()
        )
        self._queue = 0
        self.group: _Group | None = None
        self.commits = 0
        self.queries_run = 0

    def open_at(self, path: Path) -> None:
        """Serve another file from now on."""
        self.close()
        self.path = str(path)

    def close(self) -> None:
        """Close both connections; the next query opens them again."""
        for connection in (self._reader, self._writer):
            if connection is not None:
                connection.close()
        self._reader = self._writer = None

    def reader(self) -> sqlite3.Connection:
        """The connection that cannot write, so a `WITH … INSERT` outside fails loudly."""
        if self._reader is None:
            self._writer = self.writer()
            self._reader = connect(Path(self.path), read_only=True)
        return self._reader

    def writer(self) -> sqlite3.Connection:
        """The one connection that writes."""
        if self._writer is None:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            self._writer = connect(Path(self.path))
        return self._writer

    def write_lock(self) -> asyncio.Lock:
        """The queue for the writer; one for each event loop, for locks belong to loops."""
        return self._locks.setdefault(asyncio.get_running_loop(), asyncio.Lock())

    async def turn(self) -> asyncio.Lock:
        """Wait for a turn at the writer; the lock to release after it."""
        lock = self.write_lock()
        self._queue += 1
        try:
            await lock.acquire()
        except BaseException:
            self._queue -= 1
            if not self._queue and not lock.locked():
                self.commit()  # whoever left the group open counted on this turn
            raise
        self._queue -= 1
        return lock

    def begin(self) -> None:
        """Open the group of transactions that the next COMMIT makes durable, unless one is open."""
        if self.group is None:
            self.writer().execute("BEGIN IMMEDIATE")
            self.group = _Group()

    def others_wait(self) -> bool:
        """Whether the next turn may join the open group, so that its end can make it durable."""
        return self._queue > 0 and self.group is not None and len(self.group.waiting) < MOST_TURNS

    async def others_may_join(self) -> None:
        """Let requests that have come in get as far as the queue: a moment costs less than a wait
        for the disk, and a turn that never paused would always find nobody waiting."""
        for _ in range(JOINING):
            if self._queue:
                return
            await asyncio.sleep(0)

    def commit(self) -> None:
        """Make the open group durable and tell its members."""
        group, self.group = self.group, None
        if group:
            group.settle(self._commit())

    def _commit(self) -> BaseException | None:
        """COMMIT, or ROLLBACK and what went wrong."""
        writer = self.writer()
        try:
            writer.execute("COMMIT")
        except sqlite3.Error as error:
            if writer.in_transaction:
                writer.execute("ROLLBACK")
            return error
        self.commits += 1
        return None

    def abandon(self, error: BaseException) -> None:
        """Tell the open group that nothing of it was kept."""
        group, self.group = self.group, None
        if group:
            group.settle(error)

    def transaction(self, *args: Any, **kwargs: Any) -> LocalTransaction:
        """A transaction that may write from its first statement on."""
        return LocalTransaction(self)

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:
        """Run a query in the current transaction, else on the reader or a turn at the writer."""
        sql, args = querystring.compile_string(engine_type="sqlite")
        return await self._run(sql, args)

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:
        """Run a statement that changes the schema."""
        return await self._run(ddl, [])

    async def _run(self, sql: str, args: list[Any]) -> list[dict[str, Any]]:
        self.queries_run += 1
        if current := self.current_transaction.get():
            return list(current.connection.execute(sql, args))
        if sql.lstrip().upper().startswith(_READS):
            return list(self.reader().execute(sql, args))
        turn = self.transaction()
        async with turn:
            found = list(turn.connection.execute(sql, args))
        return found
