"""Letting people in at the door of a session."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.permissions import Who
from people.reach import choices_offices
from people.sign_ins.door import Asker, may
from sessions.checkins.doors import find_door
from sessions.courses.queries import find_course
from sessions.enrolments.queries import CandidateFilter, list_candidates
from sessions.meetings.queries import find_meeting
from sessions.walk_ins.commands import WalkInForm, let_in

ENROL = [may("course.enrol")]


@get("/sessions/{meeting:uuid}/walk-ins/new", guards=ENROL)
async def walk_in_page(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[str]:
    """Look somebody up, or type a new person in, and let them in."""
    return await _at_the_door(request, who, meeting)


@post("/sessions/{meeting:uuid}/walk-ins/new", guards=ENROL)
async def let_in_here(request: Asking, who: Asker, meeting: FromPath[UUID]) -> Response[Any]:
    """Let somebody in."""
    try:
        entered = await let_in(who, meeting, await read_form(request, WalkInForm))
    except Refused as refused:
        return await _at_the_door(request, who, meeting, refused)
    said = _("Was in already: %(name)s.") if entered.again else _("Let in and marked: %(name)s.")
    return done(f"/sessions/{meeting}/walk-ins/new", said % {"name": entered.name})


async def _at_the_door(
    request: Asking, who: Who, meeting_id: UUID, refused: Refused | None = None
) -> Response[str]:
    meeting = await find_meeting(who, meeting_id, "course.enrol")
    course = await find_course(who, meeting.course, "course.enrol")
    door = await find_door(meeting_id)
    asked = read_query(request, CandidateFilter)
    if refused:
        refused.typed = await read_typed(request)
    known = refused.details if refused and isinstance(refused.details, list) else []
    return page(
        request,
        "walk_ins/new.html",
        refused,
        door=door,
        course=course,
        asked=asked,
        open=door.is_its_time(clock.now()),
        candidates=await list_candidates(who, course.id, asked, 20),
        namesakes=known,
        offices=[(one.id, one.name) for one in await choices_offices(who)],
    )


ROUTES: list[ControllerRouterHandler] = [walk_in_page, let_in_here]
