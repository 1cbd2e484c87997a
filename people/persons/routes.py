"""Persons: the list, a new one, a changed one. A person's page lies with the teams."""

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
from kit.pages import done, page
from people.audit.commands import record_view
from people.permissions import Who
from people.persons.commands import AddPersonForm, EditPersonForm, add_person, edit_person
from people.persons.queries import PersonFilter, find_person, list_persons
from people.reach import choices_areas, choices_offices
from people.sign_ins.door import Asker, may


@get("/people", guards=[may("person.read")])
async def people_page(request: Asking, who: Asker) -> Response[str]:
    """The persons within reach: search by name without marks, or by phone."""
    asked = read_query(request, PersonFilter)
    people, following = await list_persons(who, asked)
    await record_view(who, "person.list", path=who.first_path("person.read"))
    return page(request, "people/list.html", people=people, following=following, asked=asked)


@get("/people/new", guards=[may("person.edit")])
async def new_person_page(request: Asking, who: Asker) -> Response[str]:
    """The form of a new person."""
    return await _adding(request, who)


@post("/people/new", guards=[may("person.edit")])
async def add_person_here(request: Asking, who: Asker) -> Response[Any]:
    """Add a person, unless they may be here already (409 with the likely ones)."""
    try:
        person = await add_person(who, await read_form(request, AddPersonForm))
    except Refused as refused:
        return await _adding(request, who, refused)
    return done(f"/people/{person}", _("The person was added."))


async def _adding(request: Asking, who: Who, refused: Refused | None = None) -> Response[str]:
    if refused:
        refused.typed = await read_typed(request)
    twins = refused.details if refused and isinstance(refused.details, list) else []
    return page(request, "people/new.html", refused, twins=twins, **await _choices(who))


async def _choices(who: Who) -> dict[str, Any]:
    areas = await choices_areas(who, "person.edit", ["commune", "hamlet"])
    offices = await choices_offices(who)
    return {
        "areas": [(area.id, area.label) for area in areas],
        "offices": [(office.id, office.name) for office in offices],
    }


@get("/people/{person:uuid}/edit", guards=[may("person.edit")])
async def edit_person_page(request: Asking, who: Asker, person: FromPath[UUID]) -> Response[str]:
    """The form of a person."""
    return await _editing(request, who, person)


@post("/people/{person:uuid}/edit", guards=[may("person.edit")])
async def edit_person_here(request: Asking, who: Asker, person: FromPath[UUID]) -> Response[Any]:
    """Change a person."""
    try:
        await edit_person(who, person, await read_form(request, EditPersonForm))
    except Refused as refused:
        return await _editing(request, who, person, refused)
    return done(f"/people/{person}", _("The person was saved."))


async def _editing(
    request: Asking, who: Who, person_id: UUID, refused: Refused | None = None
) -> Response[str]:
    person = await find_person(who, person_id, "person.edit")
    if refused:
        refused.typed = await read_typed(request)
    theirs = refused.details if refused else None
    choices = await _choices(who)
    return page(request, "people/edit.html", refused, person=person, theirs=theirs, **choices)


ROUTES: list[ControllerRouterHandler] = [
    people_page,
    new_person_page,
    add_person_here,
    edit_person_page,
    edit_person_here,
]
