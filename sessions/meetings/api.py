"""Training sessions for programs: /api/v1/courses/{course}/sessions and /api/v1/sessions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, patch, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.bodies import read_json
from kit.changes import patch_one, telling
from kit.listing import USUAL, After, Limit, Listed, cursor, item
from kit.openapi import WRITES, problems, takes
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.courses.api import seen as of_course
from sessions.courses.commands import CancelForm
from sessions.courses.queries import find_course
from sessions.meetings.commands import (
    MoveForm,
    ScheduleForm,
    cancel_session,
    move_session,
    schedule_sessions,
)
from sessions.meetings.queries import MeetingFound, find_meeting, list_meetings_of
from sessions.words import clock_of

Asking = Request[Any, Any, Any]
TAGS = ["sessions"]
TUESDAY = {"day": "2026-12-01", "starts": "08:00", "ends": "11:30", "venue": "Hội trường tầng 2"}


@dataclass(frozen=True)
class MeetingItem:
    """A training session. `starts` and `ends` are local times of day, `number` counts it within
    its course, `sequence` counts its changes, `moved_at` is the latest of them."""

    id: UUID
    course: UUID
    title: str
    number: int
    topic: str
    day: date
    starts: str
    ends: str
    venue: UUID | None
    venue_name: str | None
    trainer: UUID | None
    trainer_name: str | None
    periods: int
    sequence: int
    clash_why: str
    moved_at: datetime | None
    moved_why: str
    cancelled_at: datetime | None
    cancelled_why: str
    version: int


@dataclass(frozen=True)
class _Now:
    """A session in the words of the form that moves it."""

    day: date
    starts: str
    ends: str
    venue: str
    trainer: UUID | None
    topic: str
    periods: int


def _item(found: MeetingFound) -> MeetingItem:
    return item(MeetingItem, found, starts=clock_of(found.starts), ends=clock_of(found.ends))


def _seen(found: object) -> object:
    """What is in the way of a change: the session, what it clashes with, or the course."""
    return _item(found) if isinstance(found, MeetingFound) else of_course(found)


async def _meeting(who: Who, meeting: UUID) -> MeetingItem:
    """A session; why it was saved in spite of a clash is told to who reads its course alone."""
    found = await find_meeting(who, meeting)
    reads = who.reaches("course.read", found.path)
    return _item(found if reads else replace(found, clash_why=""))


@get(
    "/courses/{course:uuid}/sessions",
    guards=[may("course.read")],
    summary="List the sessions of a course",
    tags=TAGS,
    responses=problems(),
)
async def get_course_sessions(
    who: Asker, course: FromPath[UUID], limit: Limit = USUAL, after: After = None
) -> Listed[MeetingItem]:
    """The sessions of a course in order of time, cancelled ones too."""
    found, following = await list_meetings_of(who, course, cursor(after), limit)
    return Listed([_item(one) for one in found], following or None)


@get(
    "/sessions/{meeting:uuid}",
    guards=[may("calendar.read")],
    summary="Show a session",
    tags=TAGS,
    responses=problems(),
)
async def get_session(who: Asker, meeting: FromPath[UUID]) -> MeetingItem:
    """A session within reach: of a course there, or one's own."""
    return await _meeting(who, meeting)


@post(
    "/courses/{course:uuid}/sessions",
    guards=[may("course.edit")],
    summary="Schedule sessions",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(ScheduleForm, TUESDAY),
)
async def post_sessions(
    request: Asking, who: Asker, course: FromPath[UUID]
) -> Response[Listed[MeetingItem]]:
    """Schedule one session, or `times` of them week by week. 409 with what it clashes with in
    `theirs`, unless `anyway` is true and `clash_why` says why."""
    await find_course(who, course, "course.edit")
    with telling(_seen):
        made = await schedule_sessions(who, course, await read_json(request, ScheduleForm))
    items = [await _meeting(who, meeting) for meeting in made]
    return Response(Listed(items, None), status_code=201)


@patch(
    "/sessions/{meeting:uuid}",
    guards=[may("course.edit")],
    summary="Move a session",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(
        MoveForm,
        {"day": "2026-12-02", "reason": "Trùng kỳ họp", "version": 1},
        partly=("version", "reason"),
    ),
)
async def patch_session(request: Asking, who: Asker, meeting: FromPath[UUID]) -> MeetingItem:
    """Change what the body names of a session; those enrolled are told. `venue` is the name of a
    room. 409 if another was faster, or with what it clashes with in `theirs`."""
    now = _as_typed(await find_meeting(who, meeting, "course.edit"))
    await patch_one(request, MoveForm, now, _seen, partial(move_session, who, meeting))
    return await _meeting(who, meeting)


def _as_typed(found: MeetingFound) -> _Now:
    times = {"starts": clock_of(found.starts), "ends": clock_of(found.ends)}
    return item(_Now, found, **times, venue=found.venue_name or "")


@post(
    "/sessions/{meeting:uuid}/cancellation",
    status_code=200,
    guards=[may("course.edit")],
    summary="Cancel a session",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(CancelForm, {"reason": "Giảng viên bận đột xuất", "version": 1}),
)
async def post_session_cancellation(
    request: Asking, who: Asker, meeting: FromPath[UUID]
) -> MeetingItem:
    """Cancel a session; it stays in calendars as cancelled, and those enrolled are told."""
    await find_meeting(who, meeting, "course.edit")
    with telling(_seen):
        await cancel_session(who, meeting, await read_json(request, CancelForm))
    return await _meeting(who, meeting)


ROUTES: list[ControllerRouterHandler] = [
    get_course_sessions,
    get_session,
    post_sessions,
    patch_session,
    post_session_cancellation,
]
