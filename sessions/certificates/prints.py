"""The certificates of a whole course as one PDF: set in the background, told how far it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from kit import clock
from kit.database import DB, hold, new_id, row, run, transaction, value
from kit.errors import NotFound, Refused
from kit.i18n import gettext as _
from people.audit.commands import record
from people.permissions import Who
from sessions.certificates.papers import joined, parts_of
from sessions.certificates.queries import CertificateFound, list_certificates_of_course
from sessions.certificates.tables import CertificatePrint
from sessions.courses.queries import CourseFound, find_course

log = logging.getLogger("toso.fault")

PATIENCE = 1.5
"""Seconds a page waits for a short print, so that it shows the end at once."""
SILENT = timedelta(seconds=30)
"""A print that says nothing for so long was interrupted: its process is gone."""
KEPT = timedelta(days=2)

_TASKS: set[asyncio.Task[None]] = set()


@dataclass(frozen=True)
class PrintFound:
    """A print and how far it is; `size` is that of the PDF in bytes, 0 until it is there."""

    id: UUID
    course: UUID
    state: str
    made_at: datetime
    total: int
    done: int
    seen_at: datetime
    size: int

    @property
    def phase(self) -> str:
        """running, interrupted, failed or done."""
        if self.state == "running" and clock.now() - self.seen_at > SILENT:
            return "interrupted"
        return self.state


_PRINT = """
SELECT r.id, r.course, r.state, r.made_at, r.total, r.done, r.seen_at,
       coalesce(length(r.content), 0) AS size
FROM certificate_print r WHERE
"""


async def find_print(who: Who, print_id: UUID) -> tuple[PrintFound, CourseFound]:
    """A print and its course, for whoever may issue there. Raises NotFound or Forbidden."""
    found = await row(PrintFound, _PRINT + "r.id = {}", print_id)
    if found is None:
        raise NotFound
    return found, await find_course(who, found.course, "certificate.issue")


async def read_print(print_id: UUID) -> bytes:
    """The PDF of a print already found. Raises NotFound while it is not there."""
    content = await value("SELECT content FROM certificate_print WHERE id = {}", print_id)
    if content is None:
        raise NotFound
    return bytes(content)


async def begin_print(by: Who, course_id: UUID) -> tuple[UUID, list[CertificateFound]]:
    """Write down that the certificates of a course are to be set: the print, and what to set.

    While one is at work already it is that one, with nothing to set. Raises Refused for a course
    without a certificate that holds.
    """
    async with transaction():
        course = await find_course(by, course_id, "certificate.issue")
        await hold("course", [course_id])
        certificates = [c for c in await list_certificates_of_course(course_id) if not c.revoked_at]
        if not certificates:
            raise Refused(_("This course has no certificate yet."), status=409)
        sql = _PRINT + "r.course = {} AND r.state = 'running' AND r.seen_at > {}"
        if there := await row(PrintFound, sql, course_id, clock.now() - SILENT):
            return there.id, []
        print_id = await _insert(by, course_id, len(certificates))
        after = {"rows": len(certificates)}
        await record(
            by, "certificate.print", course_id, course.title, path=course.path, after=after
        )
    return print_id, certificates


async def _insert(by: Who, course_id: UUID, total: int) -> UUID:
    print_id, now = new_id(), clock.now()
    await CertificatePrint.insert(
        CertificatePrint(
            id=print_id,
            course=course_id,
            state="running",
            made_at=now,
            made_by=by.person,
            total=total,
            done=0,
            seen_at=now,
            content=None,
        )
    )
    return print_id


async def start_print(by: Who, course_id: UUID, address: str) -> UUID:
    """Set the certificates of a course in the background; wait a little. The print to look at."""
    if DB.current_transaction.get() is not None:
        raise RuntimeError("a print cannot be started within a transaction")
    print_id, certificates = await begin_print(by, course_id)
    if certificates:
        work = set_print(print_id, certificates, address)
        task = asyncio.get_running_loop().create_task(work)
        _TASKS.add(task)
        task.add_done_callback(_TASKS.discard)
        await asyncio.wait({task}, timeout=PATIENCE)
    return print_id


async def set_print(print_id: UUID, certificates: Sequence[CertificateFound], address: str) -> None:
    """Set certificates part by part and keep the whole; never half of it."""
    parts: list[bytes] = []
    try:
        async for done, part in parts_of(certificates, address):
            parts.append(part)
            await run(
                "UPDATE certificate_print SET done = {}, seen_at = {} WHERE id = {}",
                *(done, clock.now(), print_id),
            )
        await run(
            "UPDATE certificate_print SET state = 'done', content = {}, seen_at = {} WHERE id = {}",
            *(await joined(parts), clock.now(), print_id),
        )
    except Exception as error:  # nobody awaits this task: the page must be told
        log.error("fault", exc_info=error)
        await run("UPDATE certificate_print SET state = 'failed' WHERE id = {}", print_id)


async def stop() -> None:
    """End every print of this process; their pages will say that they were interrupted."""
    for task in _TASKS:
        task.cancel()
    await settle()


async def settle() -> None:
    """Wait for every print of this process."""
    while _TASKS:
        await asyncio.gather(*_TASKS, return_exceptions=True)


async def purge_prints() -> str:
    """Delete prints of some days ago: the certificates stay, and can be set anew."""
    sql = "DELETE FROM certificate_print WHERE made_at < {} RETURNING 1 AS one"
    return f"prints {len(await run(sql, clock.now() - KEPT))}"
