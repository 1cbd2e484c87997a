"""The last fault of each job."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-25-kit-0002"
VERSION = "1.38.0"
DESCRIPTION = "faults"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "kit", __file__)
