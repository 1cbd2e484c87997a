"""The database: one engine, and four verbs to ask it in SQL.

SQL takes `{}` placeholders (Piccolo's QueryString); a QueryString given as an argument is woven in
with its own arguments, so conditions compose. Rows come back as the dataclass that was asked for.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, wraps
from string import Formatter
from typing import Any, ParamSpec, TypeAlias, TypeVar
from uuid import UUID

import asyncpg
from piccolo.engine.postgres import PostgresEngine
from piccolo.querystring import QueryString
from uuid_utils.compat import uuid7

from kit.errors import Refused
from kit.settings import Settings, check_settings, settings
from kit.sqlite import LocalSQLite

Row = TypeVar("Row")
Given = ParamSpec("Given")
BATCH = 200
STORE_ERRORS = (asyncpg.PostgresError, asyncpg.InterfaceError, sqlite3.Error, OSError)
"""What a database that is away, locked or unfit raises."""
BROKEN_OFF = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""What a server raises that broke a transaction off for the sake of another one."""


@lru_cache(2048)
def _pieces(template: str) -> tuple[str, ...]:
    """The texts before each `{}` of a template, and what follows the last; `{{` is a brace."""
    texts = [""]
    for text, gap, *_ in Formatter().parse(template):
        texts[-1] += text
        texts += [""] if gap is not None else []
    return tuple(texts)


class SQL(QueryString):
    """A statement or a part of one, with its arguments; Piccolo's, made and compiled faster."""

    def __init__(self, template: str, *args: Any) -> None:
        self.template, self.args, self.columns = template, args, []
        self.query_type, self.table, self._alias = "generic", None, None
        self._frozen_compiled_strings = None

    def compile_string(self, engine_type: str = "postgres") -> tuple[str, list[Any]]:
        """The statement with the engine's placeholders, and its arguments in order."""
        texts: list[str] = []
        args: list[Any] = []
        _weave(self, texts, args, engine_type == "sqlite")
        return "".join(texts), args


def _weave(query: QueryString, texts: list[str], args: list[Any], plain: bool) -> None:
    given = query.args
    for index, text in enumerate(_pieces(query.template)):
        texts.append(text)
        if index < len(given):
            value = given[index]
            if isinstance(value, QueryString):
                _weave(value, texts, args, plain)
            else:
                args.append(value)
                texts.append("?" if plain else f"${len(args)}")


@dataclass(frozen=True)
class Slot:
    """A place in a prepared statement that each run fills."""

    name: str


Day: TypeAlias = date | Slot


class _Filled(SQL):
    """A prepared statement with its slots filled."""

    def compile_string(self, engine_type: str = "postgres") -> tuple[str, list[Any]]:  # noqa: ARG002
        """The text and its arguments as they are."""
        return self.template, list(self.args)


class Prepared:
    """A statement composed once out of its parts, and run many times with other values."""

    def __init__(self, statement: SQL) -> None:
        self._text, self._slots = statement.compile_string("sqlite" if ON_SQLITE else "postgres")

    async def run(self, **values: Any) -> list[Mapping[str, Any]]:
        """The rows that the statement finds for the values of its slots."""
        given = [values[s.name] if isinstance(s, Slot) else s for s in self._slots]
        found: list[Mapping[str, Any]] = await DB.run_querystring(_Filled(self._text, *given))
        return found


async def _as_it_is(_connection: object) -> None:
    """Give a connection back without asking the server: no code here sets, listens or locks
    anything beyond a transaction."""


class Pooled(PostgresEngine):
    """Piccolo's PostgreSQL engine, counting its queries, with a pool from the first one on."""

    __slots__ = ("_opening", "queries_run")

    def __init__(self, url: str) -> None:
        super().__init__(config={"dsn": url})
        self.queries_run = 0

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        """Run a query in the current transaction or on a connection of the pool."""
        self.queries_run += 1
        return await super().run_querystring(querystring, in_pool)

    async def start_connection_pool(self, **kwargs: Any) -> None:
        """Open the pool, with days and instants read as local settings never change them; no query
        here is long enough to be worth compiling."""
        await super().start_connection_pool(
            min_size=1,
            max_size=settings().pool_size,
            reset=_as_it_is,
            server_settings={"timezone": "UTC", "application_name": "toso", "jit": "off"},
            **kwargs,
        )


def make_engine(chosen: Settings) -> LocalSQLite | Pooled:
    """The engine that TOSO_DATABASE_URL names; nothing is opened yet."""
    if chosen.on_sqlite:
        return LocalSQLite(chosen.sqlite_path)
    return Pooled(chosen.database_url)


DB = make_engine(settings())
ON_SQLITE = isinstance(DB, LocalSQLite)


async def open_database() -> None:
    """Make the engine ready for this event loop. Raises WrongSettings."""
    check_settings()
    if isinstance(DB, Pooled) and DB.pool is None:
        await DB.start_connection_pool()


async def close_database() -> None:
    """Close what `open_database` and the queries opened."""
    if isinstance(DB, LocalSQLite):
        DB.close()
    elif DB.pool is not None:
        await DB.close_connection_pool()


def new_id() -> UUID:
    """A fresh UUIDv7: unique, and in the order of making."""
    return uuid7()


def transaction() -> AbstractAsyncContextManager[Any]:
    """All or nothing. Nested use joins the outer one; a caught error does not undo."""
    return DB.transaction()


def writing_once() -> AbstractAsyncContextManager[Any]:
    """All or nothing, for a command that looks first and then writes by one `run_together`.

    On PostgreSQL that is one statement, a transaction by itself, and BEGIN would hold off no one
    from what was read before it: so a far server is asked two times less. SQLite gives a turn at
    the writer.
    """
    return transaction() if ON_SQLITE else nullcontext()


def once_more(command: Callable[Given, Awaitable[Row]]) -> Callable[Given, Awaitable[Row]]:
    """Let a command that is one whole transaction be done a second time where the server broke it
    off for another's sake (a deadlock, two that cannot both be right); as part of a larger
    transaction it fails with it."""

    @wraps(command)
    async def again(*args: Given.args, **kwargs: Given.kwargs) -> Row:
        whole = DB.current_transaction.get() is None
        try:
            return await command(*args, **kwargs)
        except BROKEN_OFF:
            if not whole:
                raise
        return await command(*args, **kwargs)

    return again


async def run(sql: str, *args: Any) -> list[Mapping[str, Any]]:
    """Run a statement; the rows of its RETURNING or SELECT, as mappings."""
    result: list[Mapping[str, Any]] = await DB.run_querystring(SQL(sql, *args))
    return result


async def rows(model: Callable[..., Row], sql: str, *args: Any) -> list[Row]:
    """All rows, each as `model(**columns)`."""
    return [model(**row) for row in await run(sql, *args)]


async def row(model: Callable[..., Row], sql: str, *args: Any) -> Row | None:
    """The first row, or None."""
    found = await run(sql, *args)
    return model(**found[0]) if found else None


async def value(sql: str, *args: Any) -> Any:
    """The first column of the first row, or None."""
    found = await run(sql, *args)
    return next(iter(found[0].values())) if found else None


def all_of(conditions: Iterable[QueryString]) -> SQL:
    """The conditions joined by AND; true when there is none."""
    return _joined(conditions, " AND ", "1 = 1")


def any_of(conditions: Iterable[QueryString]) -> SQL:
    """The conditions joined by OR; false when there is none."""
    return _joined(conditions, " OR ", "1 = 0")


def _joined(conditions: Iterable[QueryString], word: str, empty: str) -> SQL:
    parts = list(conditions)
    return SQL("(" + word.join(["{}"] * len(parts)) + ")", *parts) if parts else SQL(empty)


def among(values: Sequence[Any]) -> SQL:
    """A list for `IN {}`; an empty one matches nothing."""
    return SQL("(" + ", ".join(["{}"] * len(values)) + ")", *values) if values else SQL("(NULL)")


async def hold(table: str, ids: Sequence[UUID], how: str = "UPDATE") -> None:
    """Keep rows from others until the transaction ends, in the order of ids, so that two never
    wait for each other. SQLite has one writer and needs none of it."""
    if not ON_SQLITE and ids:
        sql = f"SELECT id FROM {table} WHERE id IN {{}} ORDER BY id FOR {how}"
        await run(sql, among(ids))


async def take_turns(about: int, numbers: Iterable[int]) -> None:
    """Wait for every transaction that takes turns about one of the numbers, and make others wait
    until this one ends; for what no row stands for. SQLite has one writer and needs none of it."""
    if not ON_SQLITE:
        for number in sorted(set(numbers)):
            await run("SELECT pg_advisory_xact_lock({}, {})", about, number)


NEW_IDS = 7_206_116
"""About what turns are taken by ids."""


async def hold_id(record: UUID) -> None:
    """Wait for whoever is writing a record of an id, and make others wait until this transaction
    ends; for an id that comes from outside, of which no row stands yet."""
    await take_turns(NEW_IDS, [record.int & 0x7FFF_FFFF])


def inserting(table: str, records: Sequence[Mapping[str, Any]]) -> list[SQL]:
    """The statements that insert records of equal keys, BATCH at a time; none for no record."""
    if not records:
        return []
    columns = list(records[0])
    places = "(" + ", ".join(["{}"] * len(columns)) + ")"
    head, found = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ", []
    for start in range(0, len(records), BATCH):
        part = records[start : start + BATCH]
        values = [record[column] for record in part for column in columns]
        found.append(SQL(head + ", ".join([places] * len(part)), *values))
    return found


async def insert_many(table: str, records: Sequence[Mapping[str, Any]]) -> None:
    """Insert records of equal keys in batches; a few milliseconds a batch, so others get turns."""
    for number, statement in enumerate(inserting(table, records)):
        if number:
            await asyncio.sleep(0)
        await DB.run_querystring(statement)


async def run_together(statements: Sequence[SQL]) -> None:
    """Run writes that do not look at each other's rows, in their order; PostgreSQL takes them in
    one go, so that a far server is asked but once."""
    if ON_SQLITE or len(statements) < 2:
        for statement in statements:
            await DB.run_querystring(statement)
        return
    names = ", ".join(f"w{number} AS ({{}})" for number in range(len(statements)))
    await DB.run_querystring(SQL(f"WITH {names} SELECT 1 AS one", *statements))


@contextmanager
def refusing(sentences: Mapping[str, str]) -> Iterator[None]:
    """Turn a clash with a constraint into a Refused (409) with the sentence of its name.

    SQLite names columns (`membership.person`) where PostgreSQL names the index, so a sentence may
    stand under either. A clash without a sentence is a fault of ours and goes on as it is.
    """
    try:
        yield
    except (asyncpg.IntegrityConstraintViolationError, sqlite3.IntegrityError) as error:
        said = str(getattr(error, "constraint_name", None) or error)
        for name, sentence in sentences.items():
            if name in said:
                raise Refused(sentence, status=409) from error
        raise
