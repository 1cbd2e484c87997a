"""To have read a notice. It concerns nobody else, so it leaves no line in the log."""

from __future__ import annotations

from uuid import UUID

from kit import clock
from kit.database import SQL, all_of, run
from kit.forms import Form
from notices.inbox.queries import NoticeFound, find_notice, visible_notices
from people.permissions import Who, must


class ReadAllForm(Form):
    """The newest notice that was on the page: what came later stays unread."""

    upto: UUID


async def mark_read(by: Who, notice: UUID) -> NoticeFound:
    """Note that one's own notice was read; the first time counts. Raises NotFound, and Forbidden
    for a program that may only read."""
    found = await find_notice(by, notice)
    must(not by.read_only)
    await _read(by, SQL("n.id = {}", notice))
    return found


async def mark_all_read(by: Who, form: ReadAllForm) -> int:
    """Note that all notices up to one were read; how many were not before."""
    must(not by.read_only)
    return await _read(by, SQL("n.id <= {}", form.upto))


async def _read(by: Who, which: SQL) -> int:
    unread = all_of([visible_notices(by), SQL("n.read_at IS NULL"), which])
    sql = "UPDATE notice AS n SET read_at = {} WHERE {} RETURNING id"
    return len(await run(sql, clock.now(), unread))
