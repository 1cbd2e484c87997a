"""Private feeds: a secret address for one's own calendar, ended at any time."""

from __future__ import annotations

import secrets

from kit import clock
from kit.database import hold, new_id, run, transaction
from kit.errors import Forbidden
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.queries import token_hash
from sessions.calendar.tables import CalendarFeed


async def make_feed(by: Who) -> str:
    """A new secret for one's own calendar, shown once; the one before ends."""
    if by.person is None:
        raise Forbidden
    token = secrets.token_urlsafe(24)
    async with transaction():
        await hold("person", [by.person])
        await _end(by)
        await CalendarFeed.insert(
            CalendarFeed(
                id=new_id(),
                token_hash=token_hash(token),
                person=by.person,
                made_at=clock.now(),
                revoked_at=None,
            )
        )
        await record(by, "calendar.share", by.person, by.name)
    return token


async def revoke_feed(by: Who) -> None:
    """End the address of one's own calendar. Twice is the same as once."""
    async with transaction():
        if await _end(by):
            await record(by, "calendar.unshare", by.person, by.name)


async def _end(by: Who) -> bool:
    return bool(
        await run(
            "UPDATE calendar_feed SET revoked_at = {} WHERE person = {} AND revoked_at IS NULL"
            " RETURNING id",
            *(clock.now(), by.person),
        )
    )
