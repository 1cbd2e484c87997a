"""Table classes and the migrated database say the same."""

from __future__ import annotations

from importlib import import_module

import pytest
from piccolo.table import TABLE_REGISTRY, Table

from kit.database import ON_SQLITE, run
from kit.settings import ROOT
from piccolo_conf import APP_REGISTRY

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("world")]


def tables() -> dict[str, type[Table]]:
    """Every table of every room, by name."""
    for app in APP_REGISTRY.apps:
        room = app.removesuffix(".piccolo_app")
        for file in sorted((ROOT / room).rglob("tables.py")):
            import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))
    found = {table._meta.tablename: table for table in TABLE_REGISTRY}
    return {name: table for name, table in found.items() if not table.__module__.startswith("pic")}


async def columns() -> dict[str, set[str]]:
    """Every table of the database and its columns, the migrations' own table aside."""
    if ON_SQLITE:
        sql = (
            "SELECT m.name AS table_name, c.name AS column_name FROM sqlite_master m"
            " JOIN pragma_table_info(m.name) c WHERE m.type = 'table'"
            " AND m.name NOT LIKE 'sqlite_%'"
        )
    else:
        sql = (
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
    found: dict[str, set[str]] = {}
    for row in await run(sql):
        found.setdefault(row["table_name"], set()).add(row["column_name"])
    found.pop("migration", None)
    return found


async def test_every_column_of_every_table_can_be_read() -> None:
    assert len(tables()) > 15
    for table in tables().values():
        names = ", ".join(column._meta.db_column_name for column in table._meta.columns)
        await run(f"SELECT {names} FROM {table._meta.tablename} LIMIT 1")
        await table.select().limit(1)


async def test_every_column_of_the_database_is_known() -> None:
    known = {
        name: {column._meta.db_column_name for column in table._meta.columns}
        for name, table in tables().items()
    }
    assert await columns() == known


async def test_a_column_that_may_be_null_says_so() -> None:
    if ON_SQLITE:
        sql = (
            "SELECT m.name AS t, c.name AS c FROM sqlite_master m JOIN pragma_table_info(m.name) c"
            " WHERE m.type = 'table' AND c.\"notnull\" = 0 AND c.pk = 0"
        )
    else:
        sql = (
            "SELECT table_name AS t, column_name AS c FROM information_schema.columns"
            " WHERE table_schema = 'public' AND is_nullable = 'YES'"
        )
    free = {(row["t"], row["c"]) for row in await run(sql)}
    for name, table in tables().items():
        for column in table._meta.columns:
            if not column._meta.primary_key:
                assert column._meta.null == ((name, column._meta.name) in free), (name, column)
