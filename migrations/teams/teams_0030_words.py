"""The word of a reviewer to the author of a visit, and when it was read."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-25-teams-0030"
VERSION = "1.38.0"
DESCRIPTION = "words"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "teams", __file__)
