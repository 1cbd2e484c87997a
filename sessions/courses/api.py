"""Courses for programs: /api/v1/courses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal
from uuid import UUID

from litestar import Request, Response, get, patch, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit.bodies import read_json
from kit.changes import made, patch_one
from kit.listing import USUAL, After, Limit, Listed, Search, cursor, item
from kit.openapi import LOCATION, WRITES, problems, takes
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.courses.commands import CourseForm, EditCourseForm, edit_course, plan_course
from sessions.courses.queries import (
    CourseFilter,
    CourseFound,
    find_course,
    list_courses,
    list_trainers,
)

Asking = Request[Any, Any, Any]
TAGS = ["courses"]
SOME_ID = "01931b5e-0000-7000-8000-000000000001"
SAFETY = {
    "theme": "information_safety",
    "title": "An toàn thông tin cho cán bộ cấp xã",
    "area": SOME_ID,
    "required_periods": 8,
    "capacity": 60,
    "audience": ["cadre", "civil_servant"],
    "pass_mark": 6.5,
}


@dataclass(frozen=True)
class CourseListItem:
    """A course. `audience` is empty when it is for everybody, `pass_mark` is out of 10 and null
    without a test, `periods` are those of its sessions; `state` follows from the days."""

    id: UUID
    theme: str
    title: str
    aim: str
    area: UUID
    area_name: str
    required_periods: int
    capacity: int
    audience: list[str]
    deadline: date | None
    min_share: int
    pass_mark: float | None
    state: Literal["planned", "open", "running", "closed", "cancelled"]
    opened_on: date | None
    closed_on: date | None
    cancelled_on: date | None
    cancelled_why: str
    first_on: date | None
    last_on: date | None
    meetings: int
    periods: int
    enrolled: int
    waiting: int
    version: int


@dataclass(frozen=True)
class CourseItem(CourseListItem):
    """A course with those who teach it."""

    trainers: list[UUID]


def _told(found: CourseFound) -> dict[str, Any]:
    mark = found.pass_mark
    return {"audience": found.categories, "pass_mark": None if mark is None else mark / 10}


def as_item(found: CourseFound) -> CourseListItem:
    """A course as programs see it in a list."""
    return item(CourseListItem, found, **_told(found))


def seen(found: object) -> object:
    """What is in the way of a change: the course as it stands, or sentences that speak against
    the change."""
    return as_item(found) if isinstance(found, CourseFound) else found


async def _course(who: Who, course: UUID, verb: str = "course.read") -> CourseItem:
    found = await find_course(who, course, verb)
    trainers = [one.id for one in await list_trainers(course)]
    return item(CourseItem, found, **_told(found), trainers=trainers)


@get(
    "/courses",
    guards=[may("course.read")],
    summary="List courses",
    tags=TAGS,
    responses=problems(),
)
async def get_courses(
    who: Asker,
    q: Search = None,
    theme: FromQuery[str | None] = None,
    area: FromQuery[UUID | None] = None,
    ended: FromQuery[bool] = False,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[CourseListItem]:
    """The courses within reach by title; ended and cancelled ones only when asked for."""
    asked = CourseFilter(q=q or "", theme=theme, area=area, ended=ended, after=cursor(after))
    found, following = await list_courses(who, asked, limit)
    return Listed([as_item(one) for one in found], following or None)


@get(
    "/courses/{course:uuid}",
    guards=[may("course.read")],
    summary="Show a course",
    tags=TAGS,
    responses=problems(),
)
async def get_course(who: Asker, course: FromPath[UUID]) -> CourseItem:
    """A course within reach."""
    return await _course(who, course)


@post(
    "/courses",
    guards=[may("course.edit")],
    summary="Plan a course",
    tags=TAGS,
    responses=problems(*WRITES),
    response_headers=LOCATION,
    operation_class=takes(CourseForm, SAFETY),
)
async def post_course(request: Asking, who: Asker) -> Response[CourseItem]:
    """Plan a course in an area within reach."""
    course = await plan_course(who, await read_json(request, CourseForm))
    return made(f"/courses/{course}", await _course(who, course))


@patch(
    "/courses/{course:uuid}",
    guards=[may("course.edit")],
    summary="Edit a course",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(EditCourseForm, {"capacity": 80, "version": 1}, partly=("version",)),
)
async def patch_course(request: Asking, who: Asker, course: FromPath[UUID]) -> CourseItem:
    """Change what the body names of a course; 409 with `theirs` if another was faster or it has
    ended. More seats let those who wait move up. Once a session was held, another `min_share` or
    `pass_mark` is refused (409) with its effect on the trainees in `theirs`, unless `anyway` is
    true; no result follows from `required_periods`."""
    now = await _course(who, course, "course.edit")
    await patch_one(request, EditCourseForm, now, seen, partial(edit_course, who, course))
    return await _course(who, course)


ROUTES: list[ControllerRouterHandler] = [get_courses, get_course, post_course, patch_course]
