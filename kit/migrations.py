"""Migrations are hand-written SQL, run in order by Piccolo's runner, all of them or none.

`migrations/<room>/NAME.sql` serves both engines; where they differ, `NAME.sqlite.sql` and
`NAME.postgres.sql` stand beside it and run after it. Statements end with `;` and a blank line.
"""

import io
from contextlib import redirect_stdout
from pathlib import Path

from piccolo.apps.migrations.auto.migration_manager import MigrationManager
from piccolo.apps.migrations.commands.base import BaseMigrationManager
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration

from kit.database import DB, ON_SQLITE, run, transaction

ADVISORY_LOCK = 7_206_114


def sql_migration(migration_id: str, room: str, module_file: str) -> MigrationManager:
    """The migration that runs the SQL files beside `module_file`."""
    manager = MigrationManager(
        migration_id=migration_id, app_name=room, description=Path(module_file).stem
    )

    async def apply() -> None:
        for statement in _statements(Path(module_file)):
            await DB.run_ddl(statement)

    manager.add_raw(apply)
    return manager


def _statements(module: Path) -> list[str]:
    engine = "sqlite" if ON_SQLITE else "postgres"
    files = [module.with_suffix(".sql"), module.with_suffix(f".{engine}.sql")]
    text = "\n\n".join(file.read_text("utf-8") for file in files if file.exists())
    return [part.strip() for part in text.split(";\n\n") if part.strip()]


async def migrate() -> list[str]:
    """Bring the schema up to date; the ids that ran. Two processes at once wait for each other."""
    async with transaction():
        if not ON_SQLITE:
            await run("SELECT pg_advisory_xact_lock({})", ADVISORY_LOCK)
        before = await pending()
        with redirect_stdout(io.StringIO()):
            await run_forwards("all")
        return before


async def pending() -> list[str]:
    """The ids of migrations that have not run here."""
    return sorted(known() - await done())


async def unknown() -> list[str]:
    """The ids of migrations that ran here but that this program has never heard of."""
    return sorted(await done() - known())


def known() -> set[str]:
    """The ids of all migrations of this program."""
    manager = BaseMigrationManager()
    return {
        migration_id
        for name in manager.get_sorted_app_names()
        for migration_id in manager.get_migration_modules(
            manager.get_app_config(app_name=name).resolved_migrations_folder_path
        )
    }


async def done() -> set[str]:
    """The ids of all migrations that have run here."""
    if not await Migration.table_exists().run():
        return set()
    return set(await Migration.get_migrations_which_ran())
