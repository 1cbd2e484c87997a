"""Days on which nobody is expected to work."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-25-places-0002"
VERSION = "1.38.0"
DESCRIPTION = "holidays"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "places", __file__)
