"""Offices: the list, and the forms to found, change and end one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import check, read_form, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.permissions import Who
from people.reach import choices_areas
from people.sign_ins.door import Asker, may
from places.offices.commands import (
    ChangeOfficeForm,
    EndOfficeForm,
    OfficeForm,
    change_office,
    end_office,
    found_office,
)
from places.offices.queries import OfficeFilter, find_office, list_offices

READ, EDIT = [may("office.read")], [may("office.edit")]
WIDE = ("province", "district", "commune")


@get("/offices", guards=READ)
async def offices_page(request: Asking, who: Asker) -> Response[Any]:
    """The offices of today within reach."""
    try:
        asked = check(OfficeFilter, request.query_params)
    except Refused:
        asked = OfficeFilter()
    offices, following = await list_offices(who, asked)
    areas = await choices_areas(who, "office.read", WIDE)
    return page(
        request, "offices/index.html", offices=offices, next=following, asked=asked, areas=areas
    )


@get("/offices/new", guards=EDIT)
async def new_office_page(request: Asking, who: Asker) -> Response[Any]:
    """The form of a new office."""
    return await new_page(request, who)


@post("/offices", guards=EDIT)
async def found_office_here(request: Asking, who: Asker) -> Response[Any]:
    """Found an office."""
    try:
        await found_office(who, await read_form(request, OfficeForm))
    except Refused as refused:
        return await new_page(request, who, refused)
    return done("/offices", _("The office is added."))


async def new_page(request: Asking, who: Who, refused: Refused | None = None) -> Response[Any]:
    """The form of a new office, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    areas = await choices_areas(who, "office.edit", WIDE)
    return page(request, "offices/new.html", refused, areas=areas)


@get("/offices/{office:uuid}/edit", guards=EDIT)
async def edit_office_page(request: Asking, who: Asker, office: FromPath[UUID]) -> Response[Any]:
    """The form that renames or moves an office from a day on."""
    return await edit_page(request, who, office)


@post("/offices/{office:uuid}/edit", guards=EDIT)
async def change_office_here(request: Asking, who: Asker, office: FromPath[UUID]) -> Response[Any]:
    """Rename or move an office."""
    try:
        await change_office(who, office, await read_form(request, ChangeOfficeForm))
    except Refused as refused:
        return await edit_page(request, who, office, refused)
    return done("/offices", _("The office is saved."))


async def edit_page(
    request: Asking, who: Who, office_id: UUID, refused: Refused | None = None
) -> Response[Any]:
    """The form of an office, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    office = await find_office(who, office_id, "office.edit")
    areas = await choices_areas(who, "office.edit", WIDE)
    theirs = refused.details if refused else None
    return page(request, "offices/edit.html", refused, office=office, areas=areas, theirs=theirs)


@get("/offices/{office:uuid}/ending", guards=EDIT)
async def ending_page(request: Asking, who: Asker, office: FromPath[UUID]) -> Response[Any]:
    """The form that ends an office."""
    return await end_page(request, who, office)


@post("/offices/{office:uuid}/ending", guards=EDIT)
async def end_office_here(request: Asking, who: Asker, office: FromPath[UUID]) -> Response[Any]:
    """End an office."""
    try:
        await end_office(who, office, await read_form(request, EndOfficeForm))
    except Refused as refused:
        return await end_page(request, who, office, refused)
    return done("/offices", _("The end of the office is saved."))


async def end_page(
    request: Asking, who: Who, office_id: UUID, refused: Refused | None = None
) -> Response[Any]:
    """The form that ends an office, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    office = await find_office(who, office_id, "office.edit")
    return page(request, "offices/ending.html", refused, office=office)


ROUTES: list[ControllerRouterHandler] = [
    offices_page,
    new_office_page,
    found_office_here,
    edit_office_page,
    change_office_here,
    ending_page,
    end_office_here,
]
