"""Forms of areas: found one, change it from a day on, end it. The pages that list them need teams
and live in reports/areas."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.permissions import Who
from people.reach import AreaChoice, choices_areas
from people.sign_ins.door import Asker, may
from places.areas.commands import (
    ChangeAreaForm,
    EndAreaForm,
    FoundAreaForm,
    change_area,
    end_area,
    found_area,
)
from places.areas.queries import find_last_spell
from places.tables import AREA_KINDS

EDIT = [may("area.edit")]


@get("/areas/new", guards=EDIT)
async def new_area_page(request: Asking, who: Asker, parent: FromQuery[str] = "") -> Response[Any]:
    """The form of a new area; `parent` is chosen beforehand."""
    return await new_page(request, who, parent)


@post("/areas", guards=EDIT)
async def found_area_here(request: Asking, who: Asker) -> Response[Any]:
    """Found an area."""
    try:
        area = await found_area(who, await read_form(request, FoundAreaForm))
    except Refused as refused:
        return await new_page(request, who, refused=refused)
    return done(f"/areas/{area}", _("The area is added."))


async def new_page(
    request: Asking, who: Who, parent: str = "", refused: Refused | None = None
) -> Response[Any]:
    """The form of a new area, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    parents = await choices_areas(who, "area.edit", AREA_KINDS[:-1])
    above = next((choice.kind for choice in parents if str(choice.id) == parent), "")
    kind = AREA_KINDS[AREA_KINDS.index(above) + 1] if above else ""
    return page(request, "areas/new.html", refused, parents=parents, parent=parent, kind=kind)


@get("/areas/{area:uuid}/edit", guards=EDIT)
async def edit_area_page(request: Asking, who: Asker, area: FromPath[UUID]) -> Response[Any]:
    """The form that changes an area from a day on."""
    return await edit_page(request, who, area)


@post("/areas/{area:uuid}/edit", guards=EDIT)
async def change_area_here(request: Asking, who: Asker, area: FromPath[UUID]) -> Response[Any]:
    """Change an area."""
    try:
        await change_area(who, area, await read_form(request, ChangeAreaForm))
    except Refused as refused:
        return await edit_page(request, who, area, refused)
    return done(f"/areas/{area}", _("The area is saved."))


async def edit_page(
    request: Asking, who: Who, area_id: UUID, refused: Refused | None = None
) -> Response[Any]:
    """The form of an area as its last spell says, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    area = await find_last_spell(who, area_id, "area.edit")
    parents = await choices_above(who, area.kind)
    theirs = refused.details if refused else None
    return page(request, "areas/edit.html", refused, area=area, parents=parents, theirs=theirs)


async def choices_above(who: Who, kind: str) -> list[AreaChoice]:
    """The areas in which one of a kind may lie."""
    kinds = AREA_KINDS[: AREA_KINDS.index(kind)]
    return await choices_areas(who, "area.edit", kinds) if kinds else []


@get("/areas/{area:uuid}/ending", guards=EDIT)
async def ending_page(request: Asking, who: Asker, area: FromPath[UUID]) -> Response[Any]:
    """The form that ends an area."""
    return await end_page(request, who, area)


@post("/areas/{area:uuid}/ending", guards=EDIT)
async def end_area_here(request: Asking, who: Asker, area: FromPath[UUID]) -> Response[Any]:
    """End an area."""
    try:
        await end_area(who, area, await read_form(request, EndAreaForm))
    except Refused as refused:
        return await end_page(request, who, area, refused)
    return done(f"/areas/{area}", _("The end of the area is saved."))


async def end_page(
    request: Asking, who: Who, area_id: UUID, refused: Refused | None = None
) -> Response[Any]:
    """The form that ends an area, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    area = await find_last_spell(who, area_id, "area.edit")
    return page(request, "areas/ending.html", refused, area=area)


ROUTES: list[ControllerRouterHandler] = [
    new_area_page,
    found_area_here,
    edit_area_page,
    change_area_here,
    ending_page,
    end_area_here,
]
