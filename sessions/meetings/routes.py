"""Training sessions: one, scheduling, moving and cancelling."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_typed
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, page
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.checkins.queries import find_code_of
from sessions.courses.commands import CancelForm
from sessions.courses.queries import choices_trainers, find_course, list_trainers
from sessions.meetings.commands import (
    MoveForm,
    ScheduleForm,
    cancel_session,
    move_session,
    schedule_sessions,
)
from sessions.meetings.queries import choices_venues, find_meeting
from sessions.meetings.unreached import list_unreached

EDIT = [may("course.edit")]


@get("/sessions/{meeting:uuid}", guards=[may("calendar.read")])
async def meeting_page(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[str]:
    """One session: when, where, by whom."""
    found = await find_meeting(who, meeting)
    edits = who.reaches("course.edit", found.path) and not found.cancelled_at
    reads = who.reaches("course.read", found.path)
    shown: dict[str, Any] = {
        "own": await find_code_of(found.course, who.person),
        "unreached": await list_unreached(found) if reads and not found.gone else [],
    }
    return page(request, "sessions/show.html", meeting=found, edits=edits, reads=reads, **shown)


@get("/courses/{course:uuid}/sessions/new", guards=EDIT)
async def schedule_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """The form that schedules one session or a weekly series."""
    return await _scheduling(request, who, course)


@post("/courses/{course:uuid}/sessions/new", guards=EDIT)
async def schedule_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Schedule sessions, or tell first what they clash with."""
    try:
        made = await schedule_sessions(who, course, await read_form(request, ScheduleForm))
    except Refused as refused:
        return await _scheduling(request, who, course, refused)
    said = ngettext("%(num)s session is scheduled.", "%(num)s sessions are scheduled.", len(made))
    return done(f"/courses/{course}", said)


async def _scheduling(
    request: Asking, who: Who, course_id: UUID, refused: Refused | None = None
) -> Response[str]:
    course = await find_course(who, course_id, "course.edit")
    context = {"course": course, **await _choices(request, who, course_id, refused)}
    return page(request, "sessions/new.html", refused, **context)


async def _choices(
    request: Asking, who: Who, course_id: UUID, refused: Refused | None
) -> dict[str, Any]:
    if refused:
        refused.typed = await read_typed(request)
    known = {c.id: c.name for c in [*await choices_trainers(who), *await list_trainers(course_id)]}
    clashes = refused.details if refused and isinstance(refused.details, list) else []
    return {
        "trainers": list(known.items()),
        "venues": [one.name for one in await choices_venues(who)],
        "clashes": clashes,
    }


@get("/sessions/{meeting:uuid}/move", guards=EDIT)
async def move_page(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[str]:
    """The form that moves a session."""
    return await _moving(request, who, meeting)


@post("/sessions/{meeting:uuid}/move", guards=EDIT)
async def move_here(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Any]:
    """Move a session, or tell first what it clashes with."""
    try:
        await move_session(who, meeting, await read_form(request, MoveForm))
    except Refused as refused:
        return await _moving(request, who, meeting, refused)
    return done(f"/sessions/{meeting}", _("The session is saved."))


async def _moving(
    request: Asking, who: Who, meeting_id: UUID, refused: Refused | None = None
) -> Response[str]:
    meeting = await find_meeting(who, meeting_id, "course.edit")
    context = {"meeting": meeting, **await _choices(request, who, meeting.course, refused)}
    return page(request, "sessions/move.html", refused, **context)


@get("/sessions/{meeting:uuid}/cancellation", guards=EDIT)
async def cancellation_page(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[str]:
    """The form that cancels a session."""
    return await _cancelling(request, who, meeting)


@post("/sessions/{meeting:uuid}/cancellation", guards=EDIT)
async def cancel_here(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Any]:
    """Cancel a session."""
    try:
        await cancel_session(who, meeting, await read_form(request, CancelForm))
    except Refused as refused:
        return await _cancelling(request, who, meeting, refused)
    return done(f"/sessions/{meeting}", _("The session is cancelled."))


async def _cancelling(
    request: Asking, who: Who, meeting_id: UUID, refused: Refused | None = None
) -> Response[str]:
    meeting = await find_meeting(who, meeting_id, "course.edit")
    if refused:
        refused.typed = await read_typed(request)
    return page(request, "sessions/cancellation.html", refused, meeting=meeting)


ROUTES: list[ControllerRouterHandler] = [
    meeting_page,
    schedule_page,
    schedule_here,
    move_page,
    move_here,
    cancellation_page,
    cancel_here,
]
