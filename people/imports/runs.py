"""Confirmed imports are applied in the background, one task each."""

from __future__ import annotations

import asyncio
import logging
from uuid import UUID

from kit.database import DB
from kit.errors import Refused
from kit.i18n import gettext as _
from people.imports.commands import apply_import, fail_import
from people.imports.progress import Running, enter, leave
from people.permissions import Who

log = logging.getLogger("toso.fault")

PATIENCE = 1.5
"""Seconds a page waits for a short import, so that it shows the end at once."""

_TASKS: set[asyncio.Task[str]] = set()


async def start(by: Who, file_id: UUID, run_id: UUID) -> None:
    """Apply a confirmed import in the background, in a transaction of its own; wait a little."""
    if DB.current_transaction.get() is not None:
        raise RuntimeError("an import cannot be started within a transaction")
    one = Running(file_id, run_id)
    enter(one)
    task = asyncio.get_running_loop().create_task(apply_now(by, one))
    _TASKS.add(task)
    task.add_done_callback(_TASKS.discard)
    await asyncio.wait({task}, timeout=PATIENCE)


async def stop() -> None:
    """End every import of this process; nothing of them stays written."""
    for task in _TASKS:
        task.cancel()
    await settle()


async def settle() -> None:
    """Wait for every import of this process."""
    while _TASKS:
        await asyncio.gather(*_TASKS, return_exceptions=True)


async def apply_now(by: Who, one: Running) -> str:
    """Apply an import; the sentence that refused it, or an empty string. Never half of it."""
    enter(one)
    fault = ""
    try:
        await apply_import(by, one.file, one.run, one.tick)
    except Refused as refused:
        fault = refused.message or " ".join(refused.fields.values())
    except Exception as error:  # nobody awaits this task: the page must be told
        log.error("fault", exc_info=error)
        fault = _("Something broke on our side, and nothing was changed. Please try again.")
    finally:
        leave(one)
    if fault:
        await fail_import(one.file, one.run, fault)
    return fault
