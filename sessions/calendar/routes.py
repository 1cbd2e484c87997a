"""The calendar: a month of sessions, and its private address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import NotFound
from kit.forms import read_query
from kit.i18n import gettext as _
from kit.pages import done, page, public_address
from people.reach import choices_communes
from people.sign_ins.door import Asker, may, signed_in
from sessions.calendar.commands import make_feed, revoke_feed
from sessions.calendar.ics import MEDIA_TYPE, as_calendar
from sessions.calendar.queries import (
    CalendarFilter,
    find_feed,
    find_own_feed,
    list_feed,
    list_weeks,
)
from sessions.courses.queries import choices_trainers
from sessions.meetings.queries import choices_venues, find_meeting


@get("/calendar", guards=[may("calendar.read")])
async def calendar_page(request: Asking, who: Asker) -> Response[str]:
    """The sessions of a month: a grid where there is room, a list on a phone."""
    asked = read_query(request, CalendarFilter)
    shown: dict[str, Any] = {"asked": asked, "weeks": await list_weeks(who, asked)}
    if who.may("course.read"):
        shown["trainers"] = await choices_trainers(who)
        shown["venues"] = await choices_venues(who)
        shown["communes"] = await choices_communes(who, "course.read", asked.area)
    return page(request, "calendar/show.html", feed=await find_own_feed(who), **shown)


@post("/calendar/feed", guards=[signed_in])
async def make_feed_here(request: Asking, who: Asker) -> Response[str]:
    """Make the private address of one's own calendar, shown on the answer alone."""
    address = f"{public_address(request)}/calendar/{await make_feed(who)}.ics"
    return page(request, "calendar/made_feed.html", address=address)


@post("/calendar/feed/ending", guards=[signed_in])
async def revoke_feed_here(who: Asker) -> Response[None]:
    """End the private address."""
    await revoke_feed(who)
    return done("/calendar", _("The address no longer works."))


@get("/calendar/{feed:str}", opt={"open": True})
async def feed_here(request: Asking, feed: FromPath[str]) -> Response[bytes]:
    """The sessions of whoever made the address, for a calendar program; the secret is the key."""
    if not feed.endswith(".ics"):
        raise NotFound
    found = await find_feed(feed.removesuffix(".ics"))
    name = _("Training: %(name)s", name=found.name)
    return _ics(as_calendar(await list_feed(found), name, public_address(request)))


@get("/sessions/{meeting:uuid}/calendar.ics", guards=[may("calendar.read")])
async def meeting_ics(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[bytes]:
    """One session as a file for a calendar."""
    found = await find_meeting(who, meeting)
    return _ics(as_calendar([found], found.title, public_address(request)))


def _ics(content: bytes) -> Response[bytes]:
    headers = {"cache-control": "private, no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


ROUTES: list[ControllerRouterHandler] = [
    calendar_page,
    make_feed_here,
    revoke_feed_here,
    feed_here,
    meeting_ics,
]
