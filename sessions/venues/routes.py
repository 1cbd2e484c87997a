"""Venues: the list, and the forms to add, change and end one."""

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
from kit.pages import done, onward, page
from people.permissions import Who
from people.reach import choices_areas, choices_communes
from people.sign_ins.door import Asker, may
from sessions.venues.commands import (
    EditVenueForm,
    EndVenueForm,
    VenueAgainForm,
    VenueForm,
    add_venue,
    bring_venue_back,
    edit_venue,
    end_venue,
)
from sessions.venues.queries import VenueFilter, find_venue, list_venues

READ, EDIT = [may("course.read")], [may("course.edit")]


@get("/venues", guards=READ)
async def venues_page(request: Asking, who: Asker) -> Response[Any]:
    """The venues within reach: search, by commune, with those out of use on wish."""
    asked = read_query(request, VenueFilter)
    venues, following = await list_venues(who, asked)
    communes = await choices_communes(who, "course.read", asked.area)
    shown: dict[str, Any] = {"venues": venues, "communes": communes}
    shown["more"] = onward(request, following)
    return page(request, "venues/list.html", asked=asked, **shown)


@get("/venues/new", guards=EDIT)
async def new_venue_page(request: Asking, who: Asker) -> Response[Any]:
    """The form of a new venue."""
    return await _adding(request, who)


@post("/venues", guards=EDIT)
async def add_venue_here(request: Asking, who: Asker) -> Response[Any]:
    """Add a venue."""
    try:
        await add_venue(who, await read_form(request, VenueForm))
    except Refused as refused:
        return await _adding(request, who, refused)
    return done("/venues", _("The venue is added."))


async def _adding(request: Asking, who: Who, refused: Refused | None = None) -> Response[Any]:
    """The form of a new venue, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    areas = await choices_areas(who, "course.edit")
    return page(request, "venues/new.html", refused, venue=None, areas=areas)


@get("/venues/{venue:uuid}/edit", guards=EDIT)
async def edit_venue_page(request: Asking, who: Asker, venue: FromPath[UUID]) -> Response[Any]:
    """The form of a venue."""
    return await _form(request, who, "edit", venue)


@post("/venues/{venue:uuid}/edit", guards=EDIT)
async def edit_venue_here(request: Asking, who: Asker, venue: FromPath[UUID]) -> Response[Any]:
    """Change a venue."""
    try:
        await edit_venue(who, venue, await read_form(request, EditVenueForm))
    except Refused as refused:
        return await _form(request, who, "edit", venue, refused)
    return done("/venues", _("The venue is saved."))


@get("/venues/{venue:uuid}/ending", guards=EDIT)
async def venue_ending_page(request: Asking, who: Asker, venue: FromPath[UUID]) -> Response[Any]:
    """The form that takes a venue out of use."""
    return await _form(request, who, "ending", venue)


@post("/venues/{venue:uuid}/ending", guards=EDIT)
async def end_venue_here(request: Asking, who: Asker, venue: FromPath[UUID]) -> Response[Any]:
    """Use a venue no more from a day on."""
    try:
        await end_venue(who, venue, await read_form(request, EndVenueForm))
    except Refused as refused:
        return await _form(request, who, "ending", venue, refused)
    return done("/venues", _("The venue is used no more from that day on."))


@post("/venues/{venue:uuid}/return", guards=EDIT)
async def bring_venue_back_here(
    request: Asking, who: Asker, venue: FromPath[UUID]
) -> Response[Any]:
    """Use a venue again."""
    await bring_venue_back(who, venue, await read_form(request, VenueAgainForm))
    return done("/venues", _("The venue is in use again."))


async def _form(
    request: Asking, who: Who, name: str, venue_id: UUID, refused: Refused | None = None
) -> Response[Any]:
    """A form about a venue, perhaps with what is wrong."""
    venue = await find_venue(who, venue_id, "course.edit")
    if refused:
        refused.typed = await read_typed(request)
    shown = {"venue": venue, "areas": await choices_areas(who, "course.edit")}
    theirs = refused.details if refused else None
    return page(request, f"venues/{name}.html", refused, theirs=theirs, **shown)


ROUTES: list[ControllerRouterHandler] = [
    venues_page,
    new_venue_page,
    add_venue_here,
    edit_venue_page,
    edit_venue_here,
    venue_ending_page,
    end_venue_here,
    bring_venue_back_here,
]
