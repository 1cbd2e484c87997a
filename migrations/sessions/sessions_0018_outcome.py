"""Every score that was ever entered stays; a certificate says who signs it."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-25-sessions-0018"
VERSION = "1.38.0"
DESCRIPTION = "outcome"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "sessions", __file__)
