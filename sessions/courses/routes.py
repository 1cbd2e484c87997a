"""Courses: the list, one course, and what is done to it."""

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
from kit.pages import done, onward, page
from people.audit.commands import record_view
from people.permissions import Who
from people.reach import choices_areas, choices_communes, choices_offices
from people.sign_ins.door import Asker, may
from sessions.courses.commands import (
    CancelForm,
    CourseForm,
    EditCourseForm,
    OnDayForm,
    QuotasForm,
    cancel_course,
    close_course,
    edit_course,
    open_course,
    plan_course,
    set_quotas,
)
from sessions.courses.queries import (
    CourseFilter,
    CourseFound,
    choices_themes,
    choices_trainers,
    find_course,
    list_courses,
    list_quotas,
    list_trainers,
)
from sessions.enrolments.queries import list_trainees
from sessions.meetings.queries import list_meetings
from sessions.words import CATEGORY_NAMES

READ, EDIT = [may("course.read")], [may("course.edit")]
WIDE = ("province", "district", "commune")


@get("/courses", guards=READ)
async def courses_page(request: Asking, who: Asker) -> Response[str]:
    """The courses within reach: search, by theme, by commune."""
    asked = read_query(request, CourseFilter)
    courses, following = await list_courses(who, asked)
    shown: dict[str, Any] = {
        "themes": [(one.code, one.name) for one in await choices_themes(clock.today())],
        "communes": await choices_communes(who, "course.read", asked.area),
    }
    more = onward(request, following)
    return page(request, "courses/list.html", courses=courses, next=more, asked=asked, **shown)


@get("/courses/new", guards=EDIT)
async def new_course_page(request: Asking, who: Asker) -> Response[str]:
    """The form that plans a course."""
    return await _form(request, who, "courses/new.html")


@post("/courses/new", guards=EDIT)
async def plan_course_here(request: Asking, who: Asker) -> Response[Any]:
    """Plan a course."""
    try:
        course = await plan_course(who, await read_form(request, CourseForm))
    except Refused as refused:
        return await _form(request, who, "courses/new.html", refused)
    return done(f"/courses/{course}", _("The course is planned. Now schedule its sessions."))


async def _form(
    request: Asking,
    who: Who,
    template: str,
    refused: Refused | None = None,
    course: CourseFound | None = None,
) -> Response[str]:
    """The form of a course, with what was ticked when it came back."""
    teaching = await list_trainers(course.id) if course else []
    ticked = {
        "audience": course.categories if course else [],
        "trainers": [str(one.id) for one in teaching],
    }
    if refused:
        refused.typed = await read_typed(request)
        sent = await request.form()
        ticked = {name: [str(v) for v in sent.getall(name, [])] for name in ticked}
    known = {one.id: one for one in [*await choices_trainers(who), *teaching]}
    return page(
        request,
        template,
        refused,
        course=course,
        ticked=ticked,
        themes=await choices_themes(clock.today()),
        areas=await _areas(who, course),
        people=list(known.values()),
        categories=[(key, _(word)) for key, word in CATEGORY_NAMES.items()],
        teaching=teaching,
        **_in_the_way(refused),
    )


async def _areas(who: Who, course: CourseFound | None) -> list[tuple[UUID, str]]:
    """The areas a course may have; one that has ended stays with the course it has."""
    found = [(one.id, one.label) for one in await choices_areas(who, "course.edit", WIDE)]
    if course and course.area not in {area for area, _label in found}:
        found.append((course.area, course.area_name))
    return found


def _in_the_way(refused: Refused | None) -> dict[str, Any]:
    """What another saved meanwhile, or the sentences that speak against it."""
    found = refused.details if refused else None
    theirs = found if isinstance(found, CourseFound) else None
    return {"theirs": theirs, "against": None if theirs else found}


@get("/courses/{course:uuid}", guards=READ)
async def course_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """One course: its sessions, who takes part, the places of offices."""
    shown = await _course(request, who, course)
    await record_view(who, "course.view", str(course), who.first_path("course.read"))
    return shown


async def _course(
    request: Asking, who: Who, course_id: UUID, refused: Refused | None = None
) -> Response[str]:
    found = await find_course(who, course_id)
    if refused:
        refused.typed = await read_typed(request)
    may_edit = who.reaches("course.edit", found.path)
    trainees, following = await list_trainees(course_id, request.query_params.get("after", ""))
    return page(
        request,
        "courses/show.html",
        refused,
        course=found,
        edits=may_edit and found.lives,
        enrols=who.reaches("course.enrol", found.path) and found.lives,
        trainers=await list_trainers(course_id),
        meetings=await list_meetings(course_id),
        quotas=await list_quotas(course_id),
        enrolments=trainees,
        more=onward(request, following),
    )


@get("/courses/{course:uuid}/edit", guards=EDIT)
async def edit_course_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """The form of a course."""
    found = await find_course(who, course, "course.edit")
    return await _form(request, who, "courses/edit.html", course=found)


@post("/courses/{course:uuid}/edit", guards=EDIT)
async def edit_course_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Change a course."""
    try:
        await edit_course(who, course, await read_form(request, EditCourseForm))
    except Refused as refused:
        found = await find_course(who, course, "course.edit")
        return await _form(request, who, "courses/edit.html", refused, found)
    return done(f"/courses/{course}", _("The course is saved."))


@get("/courses/{course:uuid}/state", guards=EDIT)
async def state_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """The forms that open, close and cancel a course."""
    return await _state(request, who, course)


async def _state(
    request: Asking, who: Who, course_id: UUID, refused: Refused | None = None
) -> Response[str]:
    found = await find_course(who, course_id, "course.edit")
    if refused:
        refused.typed = await read_typed(request)
    return page(request, "courses/state.html", refused, course=found)


@post("/courses/{course:uuid}/opening", guards=EDIT)
async def open_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Open a course from a day on."""
    try:
        await open_course(who, course, await read_form(request, OnDayForm))
    except Refused as refused:
        return await _state(request, who, course, refused)
    return done(f"/courses/{course}", _("The day of opening is saved."))


@post("/courses/{course:uuid}/closing", guards=EDIT)
async def close_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Close a course from a day on."""
    try:
        await close_course(who, course, await read_form(request, OnDayForm))
    except Refused as refused:
        return await _state(request, who, course, refused)
    return done(f"/courses/{course}", _("The day of closing is saved."))


@post("/courses/{course:uuid}/cancellation", guards=EDIT)
async def cancel_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Cancel a course."""
    try:
        await cancel_course(who, course, await read_form(request, CancelForm))
    except Refused as refused:
        return await _state(request, who, course, refused)
    return done(f"/courses/{course}", _("The course is cancelled."))


@get("/courses/{course:uuid}/quotas", guards=EDIT)
async def quotas_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """The form that sets the places of every office within reach."""
    return await _quotas(request, who, course)


@post("/courses/{course:uuid}/quotas", guards=EDIT)
async def set_quotas_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[Any]:
    """Set the places of offices."""
    try:
        await set_quotas(who, course, await read_form(request, QuotasForm))
    except Refused as refused:
        return await _quotas(request, who, course, refused)
    return done(f"/courses/{course}", _("The places are saved."))


async def _quotas(
    request: Asking, who: Who, course_id: UUID, refused: Refused | None = None
) -> Response[str]:
    found = await find_course(who, course_id, "course.edit")
    quotas = {one.office: one for one in await list_quotas(course_id)}
    offices = await choices_offices(who)
    sent = (await request.form()).getall("places", []) if refused else []
    set_now = [quotas[one.id].places if one.id in quotas else None for one in offices]
    context = {"course": found, "offices": offices, "quotas": quotas, "was": set_now}
    places = [*sent, *set_now[len(sent) :]]
    return page(request, "courses/quotas.html", refused, places=places, **context)


ROUTES: list[ControllerRouterHandler] = [
    courses_page,
    new_course_page,
    plan_course_here,
    course_page,
    edit_course_page,
    edit_course_here,
    state_page,
    open_here,
    close_here,
    cancel_here,
    quotas_page,
    set_quotas_here,
]
