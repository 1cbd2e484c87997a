"""To which address a letter went, so that one that was corrected since is known to be another."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-30-notices-0004"
VERSION = "1.38.0"
DESCRIPTION = "addresses"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "notices", __file__)
