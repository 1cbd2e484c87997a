"""Certificates: the words of their own day, and the papers of a whole course."""

from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from kit.migrations import sql_migration

ID = "2026-11-25-sessions-0012"
VERSION = "1.38.0"
DESCRIPTION = "certificates"


async def forwards() -> MigrationManager:
    """Run the SQL beside this file."""
    return sql_migration(ID, "sessions", __file__)
