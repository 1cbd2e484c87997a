"""What visits keep of what was promised, consents that were replaced, gaps of catalogues, and
households that were made anonymous."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-25-teams-0040"
VERSION = "1.38.0"
DESCRIPTION = "promises"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "teams", __file__)
