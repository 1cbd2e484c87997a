"""Where a notice leads once its letter has taken the secret address along."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-25-notices-0003"
VERSION = "1.38.0"
DESCRIPTION = "veils"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "notices", __file__)
