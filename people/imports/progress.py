"""How far imports of this process are.

On SQLite an import holds the only writer, so progress is told from memory; on PostgreSQL other
processes read it from the table, where it doubles as the sign of life.
"""

from __future__ import annotations

import asyncio
import time
from contextvars import Context
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kit import clock
from kit.database import ON_SQLITE, run

BEAT_SECONDS = 1.0
SILENT = timedelta(seconds=30)
"""An import that says nothing for so long was interrupted: its process is gone."""


@dataclass
class Running:
    """An import of this process and the rows it has written."""

    file: UUID
    run: UUID
    written: int = 0
    told_at: float = 0.0

    async def tick(self, rows: int) -> None:
        """Count rows, and tell other processes now and then."""
        self.written += rows
        if not ON_SQLITE and time.monotonic() - self.told_at > BEAT_SECONDS:
            self.told_at = time.monotonic()
            await asyncio.get_running_loop().create_task(self._tell(), context=Context())

    async def _tell(self) -> None:
        """Write the progress, outside of the import's transaction."""
        await run(
            "UPDATE import_file SET progress = {}, seen_at = {} WHERE id = {} AND run = {}",
            *(self.written, clock.now(), self.file, self.run),
        )


_RUNNING: dict[UUID, Running] = {}


def enter(one: Running) -> None:
    """From now on the import is being applied here."""
    _RUNNING[one.file] = one


def leave(one: Running) -> None:
    """The import has ended, well or not."""
    _RUNNING.pop(one.file, None)


def running(file_id: UUID) -> Running | None:
    """The import, if this process is applying it."""
    return _RUNNING.get(file_id)


def silent(file_id: UUID, seen_at: datetime | None) -> bool:
    """Whether no process can still be at work on an import that is said to be running."""
    if running(file_id):
        return False
    return ON_SQLITE or seen_at is None or clock.now() - seen_at > SILENT
