"""One's own notices for programs: /api/v1/notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from litestar import get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit import cursors
from kit.listing import USUAL, After, Limit, Listed, cursor, item, pages
from kit.openapi import problems
from notices.inbox.commands import mark_read
from notices.inbox.queries import InboxFilter, find_notice, list_notices
from people.sign_ins.door import Asker, signed_in

TAGS = ["notices"]


@dataclass(frozen=True)
class NoticeItem:
    """A notice in the language asked for; `link` is a path of this app."""

    id: UUID
    kind: str
    title: str
    body: str
    link: str
    made_at: datetime
    read_at: datetime | None


@get("/notices", guards=[signed_in], summary="List one's notices", tags=TAGS, responses=problems())
async def get_notices(
    who: Asker, unread: FromQuery[bool] = False, limit: Limit = USUAL, after: After = None
) -> Listed[NoticeItem]:
    """The notices of the token's owner, newest first."""
    last = cursors.read(cursor(after))[1] if after else None
    found, following = await list_notices(who, InboxFilter(unread=unread, after=last), limit)
    return pages(NoticeItem, found, cursors.pack("", following) if following else "")


@post(
    "/notices/{notice:uuid}/reading",
    guards=[signed_in],
    summary="Mark a notice as read",
    tags=TAGS,
    responses=problems(),
    status_code=200,
)
async def post_reading(who: Asker, notice: FromPath[UUID]) -> NoticeItem:
    """Note that a notice was read; the first time counts."""
    await mark_read(who, notice)
    return item(NoticeItem, await find_notice(who, notice))


ROUTES: list[ControllerRouterHandler] = [get_notices, post_reading]
