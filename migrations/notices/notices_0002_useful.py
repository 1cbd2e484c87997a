"""Until when a letter is worth sending."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-25-notices-0002"
VERSION = "1.38.0"
DESCRIPTION = "useful"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "notices", __file__)
