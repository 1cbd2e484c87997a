"""The trainer's pages of nominations: the offices of a course, the link of one."""

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
from kit.pages import done, page, public_address
from kit.qr import qr_svg
from kit.settings import settings
from people.permissions import Who
from people.sign_ins.door import Asker, may
from sessions.courses.queries import find_course
from sessions.nominations.commands import LinkForm, make_link, make_links, revoke_link
from sessions.nominations.queries import find_office, list_contacts, list_offices

ENROL = [may("course.enrol")]
OF_COURSE = "/courses/{course:uuid}/nominations"


@get(OF_COURSE, guards=ENROL)
async def nominations_page(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """The offices of a course: places, people named, and the state of their links."""
    return await _offices(request, who, course)


async def _offices(
    request: Asking, who: Who, course_id: UUID, refused: Refused | None = None
) -> Response[str]:
    found = await find_course(who, course_id, "course.enrol")
    offices = await list_offices(who, course_id)
    lacking = [one for one in offices if one.places and not one.open]
    shown: dict[str, Any] = {"course": found, "offices": offices, "lacking": len(lacking)}
    return page(request, "nominations/list.html", refused, **shown)


@post(OF_COURSE, guards=ENROL)
async def make_links_here(request: Asking, who: Asker, course: FromPath[UUID]) -> Response[str]:
    """Make the links that are lacking, shown on the answer alone, each with its text."""
    try:
        made = await make_links(who, course)
    except Refused as refused:
        return await _offices(request, who, course, refused)
    found, base = await find_course(who, course, "course.enrol"), public_address(request)
    links = [(office, f"{base}/n/{token}") for office, token in made]
    return page(request, "nominations/made.html", course=found, links=links)


@get(f"{OF_COURSE}/{{office:uuid}}", guards=ENROL)
async def office_page(
    request: Asking, who: Asker, course: FromPath[UUID], office: FromPath[UUID]
) -> Response[str]:
    """The link of an office, and the form that makes it."""
    return await _office(request, who, course, office)


async def _office(
    request: Asking,
    who: Who,
    course_id: UUID,
    office_id: UUID,
    refused: Refused | None = None,
    **more: Any,
) -> Response[str]:
    found = await find_course(who, course_id, "course.enrol")
    office = await find_office(who, course_id, office_id)
    if refused:
        refused.typed = await read_typed(request)
    contacts = [
        (one.id, " · ".join(part for part in (one.name, one.job) if part))
        for one in (await list_contacts(office_id) if settings().smtp_url else [])
    ]
    shown = {"address": "", "svg": "", **more}
    return page(
        request,
        "nominations/office.html",
        refused,
        course=found,
        office=office,
        contacts=contacts,
        **shown,
    )


@post(f"{OF_COURSE}/{{office:uuid}}", guards=ENROL)
async def make_link_here(
    request: Asking, who: Asker, course: FromPath[UUID], office: FromPath[UUID]
) -> Response[str]:
    """Make the link, shown on the answer alone; perhaps mail it to somebody of the office."""
    try:
        token = await make_link(who, course, office, await read_form(request, LinkForm))
    except Refused as refused:
        return await _office(request, who, course, office, refused)
    address = f"{public_address(request)}/n/{token}"
    return await _office(request, who, course, office, address=address, svg=qr_svg(address))


@post(f"{OF_COURSE}/{{office:uuid}}/revocation", guards=ENROL)
async def revoke_link_here(
    who: Asker, course: FromPath[UUID], office: FromPath[UUID]
) -> Response[Any]:
    """End the link of an office."""
    await revoke_link(who, course, office)
    return done(f"/courses/{course}/nominations/{office}", _("The link no longer works."))


ROUTES: list[ControllerRouterHandler] = [
    nominations_page,
    make_links_here,
    office_page,
    make_link_here,
    revoke_link_here,
]
