"""Further secrets of a nomination link, one for each reminder."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-25-sessions-0019"
VERSION = "1.38.0"
DESCRIPTION = "tokens"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "sessions", __file__)
