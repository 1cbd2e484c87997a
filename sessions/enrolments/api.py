"""Enrolments for programs: /api/v1/courses/{course}/enrolments and /api/v1/enrolments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit.bodies import read_json
from kit.changes import telling
from kit.listing import USUAL, After, Limit, Listed, cursor, item, pages
from kit.openapi import WRITES, problems, takes
from people.audit.commands import record
from people.sign_ins.door import Asker, may
from sessions.courses.api import seen
from sessions.courses.queries import find_course
from sessions.enrolments.commands import EnrolForm, WithdrawForm, enrol_people, withdraw_enrolment
from sessions.enrolments.queries import EnrolmentFilter, find_enrolment, list_enrolments_of

Asking = Request[Any, Any, Any]
TAGS = ["enrolments"]
SOME_ID = "01931b5e-0000-7000-8000-000000000001"


@dataclass(frozen=True)
class EnrolmentItem:
    """A person in a course, with the office the person came from. `since` is the first day as a
    trainee, `until` the first day after; `line` is the place in the order of asking."""

    id: UUID
    course: UUID
    person: UUID
    name: str
    office: UUID | None
    office_name: str | None
    state: str
    line: int
    since: date | None
    until: date | None
    withdrawn_why: str
    version: int


@dataclass(frozen=True)
class Enrolled:
    """What came of enrolling: how many got a seat, how many wait in line."""

    seated: int
    waiting: int


@get(
    "/courses/{course:uuid}/enrolments",
    guards=[may("course.read")],
    summary="List who is in a course",
    tags=TAGS,
    responses=problems(),
)
async def get_enrolments(
    who: Asker,
    course: FromPath[UUID],
    only: FromQuery[Literal["nominated", "waiting", "enrolled", "withdrawn"] | None] = None,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[EnrolmentItem]:
    """The people in a course by given name, `only` those in a state; that somebody asked is put on
    record."""
    found = await find_course(who, course)
    asked = EnrolmentFilter(state=only, after=cursor(after))
    answer = pages(EnrolmentItem, *await list_enrolments_of(who, course, asked, limit))
    shown = {"state": only, "shown": len(answer.items)}
    await record(who, "course.view", course, found.title, path=found.path, after=shown)
    return answer


@post(
    "/courses/{course:uuid}/enrolments",
    status_code=200,
    guards=[may("course.enrol")],
    summary="Enrol people",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(EnrolForm, {"people": [SOME_ID]}),
)
async def post_enrolments(request: Asking, who: Asker, course: FromPath[UUID]) -> Enrolled:
    """Enrol persons, or everybody of an office or a team; who is in the course stays as is. 409
    with what speaks against it in `theirs`, unless `anyway` is true."""
    await find_course(who, course, "course.enrol")
    with telling(seen):
        form = await read_json(request, EnrolForm)
        seated, waiting = await enrol_people(who, course, form, "api")
    return Enrolled(seated, waiting)


@post(
    "/enrolments/{enrolment:uuid}/withdrawal",
    status_code=200,
    guards=[may("course.enrol")],
    summary="Withdraw an enrolment",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(WithdrawForm, {"reason": "Trực cơ quan", "version": 1}),
)
async def post_enrolment_withdrawal(
    request: Asking, who: Asker, enrolment: FromPath[UUID]
) -> EnrolmentItem:
    """Take somebody off a course from today on; whoever waits longest moves up."""
    await find_enrolment(who, enrolment, "course.enrol")
    with telling(seen):
        await withdraw_enrolment(who, enrolment, await read_json(request, WithdrawForm))
    found, _course = await find_enrolment(who, enrolment)
    return item(EnrolmentItem, found)


ROUTES: list[ControllerRouterHandler] = [
    get_enrolments,
    post_enrolments,
    post_enrolment_withdrawal,
]
