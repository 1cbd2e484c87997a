"""Enrolments: look people up, enrol them, withdraw one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, page
from people.permissions import Who
from people.reach import choices_offices
from people.sign_ins.door import Asker, may
from sessions.courses.queries import find_course
from sessions.enrolments.commands import EnrolForm, WithdrawForm, enrol_people, withdraw_enrolment
from sessions.enrolments.queries import (
    CandidateFilter,
    choices_teams,
    find_enrolment,
    list_candidates,
)

ENROL = [may("course.enrol")]


@get("/courses/{course:uuid}/enrolments/new", guards=ENROL)
async def enrol_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """Look people up by name, office or team, and tick whom to enrol."""
    return await _enrolling(request, who, course)


@post("/courses/{course:uuid}/enrolments/new", guards=ENROL)
async def enrol_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Enrol the chosen people, or a whole office or team."""
    try:
        seated, waiting = await enrol_people(who, course, await read_form(request, EnrolForm))
    except Refused as refused:
        return await _enrolling(request, who, course, refused)
    said = ngettext("%(num)s person is enrolled.", "%(num)s people are enrolled.", seated)
    more = ngettext("%(num)s person waits.", "%(num)s people wait.", waiting) if waiting else ""
    return done(f"/courses/{course}", f"{said} {more}".strip())


async def _enrolling(
    request: Asking, who: Who, course_id: UUID, refused: Refused | None = None
) -> Response[str]:
    course = await find_course(who, course_id, "course.enrol")
    asked = read_query(request, CandidateFilter)
    ticked: list[str] = []
    if refused:
        refused.typed = await read_typed(request)
        ticked = [str(one) for one in (await request.form()).getall("people", [])]
    against = refused.details if refused and isinstance(refused.details, list) else []
    return page(
        request,
        "enrolments/new.html",
        refused,
        course=course,
        asked=asked,
        ticked=ticked,
        against=against,
        candidates=await list_candidates(who, course_id, asked),
        offices=[(one.id, one.name) for one in await choices_offices(who)],
        teams=await choices_teams(who),
    )


@get("/enrolments/{enrolment:uuid}/withdrawal", guards=ENROL)
async def withdrawal_page(request: Asking, who: Asker, enrolment: FromPath[UUID]) -> Response[str]:
    """The form that withdraws somebody from a course."""
    return await _withdrawing(request, who, enrolment)


@post("/enrolments/{enrolment:uuid}/withdrawal", guards=ENROL)
async def withdraw_here(request: Asking, who: Asker, enrolment: FromPath[UUID]) -> Response[Any]:
    """Withdraw somebody; whoever waits moves up."""
    try:
        moved = await withdraw_enrolment(who, enrolment, await read_form(request, WithdrawForm))
    except Refused as refused:
        return await _withdrawing(request, who, enrolment, refused)
    _found, course = await find_enrolment(who, enrolment)
    up = ngettext("%(num)s person moved up.", "%(num)s people moved up.", moved) if moved else ""
    return done(f"/courses/{course.id}", f"{_('The enrolment is withdrawn.')} {up}".strip())


async def _withdrawing(
    request: Asking, who: Who, enrolment_id: UUID, refused: Refused | None = None
) -> Response[str]:
    found, course = await find_enrolment(who, enrolment_id, "course.enrol")
    if refused:
        refused.typed = await read_typed(request)
    return page(request, "enrolments/withdrawal.html", refused, enrolment=found, course=course)


ROUTES: list[ControllerRouterHandler] = [
    enrol_page,
    enrol_here,
    withdrawal_page,
    withdraw_here,
]
