"""Officials: the list, the forms to take one up, change and end one; the part of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import Form, Maybe, read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.pages import done, onward, page
from people.audit.commands import record_view
from people.permissions import Who
from people.persons.parts import offer_part
from people.persons.queries import find_person
from people.reach import choices_offices
from people.sign_ins.door import Asker, may
from sessions.officials.commands import (
    AppointForm,
    ChangeOfficialForm,
    EndOfficialForm,
    appoint_official,
    change_official,
    end_official,
)
from sessions.officials.queries import (
    OfficialFilter,
    OfficialFound,
    find_official,
    list_officials,
    list_spells_of,
)
from sessions.words import CATEGORY_NAMES

READ, EDIT = [may("office.read")], [may("official.edit")]


def _categories() -> list[tuple[str, str]]:
    return [(key, _(word).capitalize()) for key, word in CATEGORY_NAMES.items()]


async def _offices(who: Who, verb: str = "office.read") -> list[tuple[UUID, str]]:
    return [(one.id, one.name) for one in await choices_offices(who, verb)]


@get("/officials", guards=READ)
async def officials_page(request: Asking, who: Asker) -> Response[str]:
    """The officials within reach: search without marks, by office, by category."""
    asked = read_query(request, OfficialFilter)
    officials, following = await list_officials(who, asked)
    shown: dict[str, Any] = {"offices": await _offices(who), "categories": _categories()}
    await record_view(who, "official.list", path=who.first_path("office.read"))
    more = onward(request, following)
    return page(
        request, "officials/list.html", officials=officials, next=more, asked=asked, **shown
    )


class Meant(Form):
    """The person who is to become an official, if chosen already."""

    person: Annotated[UUID | None, Maybe] = None


@get("/officials/new", guards=EDIT)
async def new_official_page(request: Asking, who: Asker) -> Response[str]:
    """The form that takes up an official."""
    return await _adding(request, who)


@post("/officials/new", guards=EDIT)
async def appoint_here(request: Asking, who: Asker) -> Response[Any]:
    """Take up an official, unless he or she may be here already (409 with the likely ones)."""
    try:
        await appoint_official(who, await read_form(request, AppointForm))
    except Refused as refused:
        return await _adding(request, who, refused)
    return done("/officials", _("The official is added."))


async def _adding(request: Asking, who: Who, refused: Refused | None = None) -> Response[str]:
    meant = read_query(request, Meant).person
    if refused:
        refused.typed = await read_typed(request)
    likely = refused.details if refused and isinstance(refused.details, list) else []
    return page(
        request,
        "officials/new.html",
        refused,
        person=await find_person(who, meant) if meant else None,
        likely=likely,
        official=None,
        offices=await _offices(who, "official.edit"),
        categories=_categories(),
    )


@get("/officials/{official:uuid}/edit", guards=EDIT)
async def edit_official_page(
    request: Asking, who: Asker, official: FromPath[UUID]
) -> Response[str]:
    """The form that changes the office, category or job from a day on."""
    return await _editing(request, who, official)


@post("/officials/{official:uuid}/edit", guards=EDIT)
async def change_official_here(
    request: Asking, who: Asker, official: FromPath[UUID]
) -> Response[Any]:
    """Change an official."""
    try:
        await change_official(who, official, await read_form(request, ChangeOfficialForm))
    except Refused as refused:
        return await _editing(request, who, official, refused)
    return done("/officials", _("The official is saved."))


async def _editing(
    request: Asking, who: Who, official_id: UUID, refused: Refused | None = None
) -> Response[str]:
    found = await find_official(who, official_id, "official.edit")
    if refused:
        refused.typed = await read_typed(request)
    theirs = refused.details if refused else None
    return page(
        request,
        "officials/edit.html",
        refused,
        official=found,
        theirs=theirs,
        offices=await _offices(who, "official.edit"),
        categories=_categories(),
    )


@get("/officials/{official:uuid}/ending", guards=EDIT)
async def end_official_page(request: Asking, who: Asker, official: FromPath[UUID]) -> Response[str]:
    """The form that ends somebody's work in an office."""
    return await _ending(request, who, official)


@post("/officials/{official:uuid}/ending", guards=EDIT)
async def end_official_here(request: Asking, who: Asker, official: FromPath[UUID]) -> Response[Any]:
    """End somebody's work in an office."""
    try:
        await end_official(who, official, await read_form(request, EndOfficialForm))
    except Refused as refused:
        return await _ending(request, who, official, refused)
    return done("/officials", _("The official has left the office."))


async def _ending(
    request: Asking, who: Who, official_id: UUID, refused: Refused | None = None
) -> Response[str]:
    found = await find_official(who, official_id, "official.edit")
    if refused:
        refused.typed = await read_typed(request)
    return page(request, "officials/ending.html", refused, official=found)


@dataclass(frozen=True)
class OfPerson:
    """The offices of a person, the latest first, as far as the reader may see offices."""

    person: UUID
    spells: list[OfficialFound]

    @property
    def live(self) -> OfficialFound | None:
        """The office of today."""
        return next((spell for spell in self.spells if spell.lives), None)


async def _of_person(who: Who, person: UUID) -> OfPerson | None:
    """What a person's page says of offices; trainers and coordinators may take somebody up."""
    if not who.may("office.read"):
        return None
    return OfPerson(person, await list_spells_of(person))


OF_PERSON = offer_part("officials/_of_person.html", _of_person)

ROUTES: list[ControllerRouterHandler] = [
    officials_page,
    new_official_page,
    appoint_here,
    edit_official_page,
    change_official_here,
    end_official_page,
    end_official_here,
]
