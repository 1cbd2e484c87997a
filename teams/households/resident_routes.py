"""Residents of a household, and the consent to their names."""

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
from kit.pages import done, page
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.households.forms import EditResidentForm, EndResidentForm, ResidentForm
from teams.households.queries import find_household
from teams.households.residents import (
    AGE_NAMES,
    add_resident,
    edit_resident,
    end_resident,
    find_consent,
    find_consent_text,
    find_resident,
    withdraw_consent,
)


@get("/households/{household:uuid}/residents/new", guards=[may("household.edit")])
async def new_resident_page(
    request: Asking, who: Asker, household: FromPath[UUID]
) -> Response[str]:
    """The form of somebody who was helped."""
    return await _adding(request, who, household)


@post("/households/{household:uuid}/residents/new", guards=[may("household.edit")])
async def add_resident_here(
    request: Asking, who: Asker, household: FromPath[UUID]
) -> Response[Any]:
    """Add somebody to a household; by name only with consent."""
    try:
        await add_resident(who, household, await read_form(request, ResidentForm))
    except Refused as refused:
        return await _adding(request, who, household, refused)
    return done(f"/households/{household}", _("The resident was added."))


async def _adding(
    request: Asking, who: Who, household: UUID, refused: Refused | None = None
) -> Response[str]:
    home = await find_household(who, household, "household.edit")
    if refused:
        refused.typed = await read_typed(request)
    text = await find_consent_text()
    shown: dict[str, Any] = {"home": home, "resident": None, "text": text, "ages": _ages()}
    return page(request, "households/resident.html", refused, **shown)


def _ages() -> list[tuple[str, str]]:
    return [("", _("Not known")), *((key, _(name)) for key, name in AGE_NAMES.items())]


@get("/residents/{resident:uuid}/edit", guards=[may("household.edit")])
async def edit_resident_page(
    request: Asking, who: Asker, resident: FromPath[UUID]
) -> Response[str]:
    """The form of a resident."""
    return await _editing(request, who, resident)


@post("/residents/{resident:uuid}/edit", guards=[may("household.edit")])
async def edit_resident_here(
    request: Asking, who: Asker, resident: FromPath[UUID]
) -> Response[Any]:
    """Change a resident; a first name needs consent."""
    found, home = await find_resident(who, resident, "household.edit")
    try:
        await edit_resident(who, found.id, await read_form(request, EditResidentForm))
    except Refused as refused:
        return await _editing(request, who, resident, refused)
    return done(f"/households/{home.id}", _("The resident was saved."))


async def _editing(
    request: Asking, who: Who, resident: UUID, refused: Refused | None = None
) -> Response[str]:
    found, home = await find_resident(who, resident, "household.edit")
    if refused:
        refused.typed = await read_typed(request)
    shown: dict[str, Any] = {
        "home": home,
        "resident": found,
        "ages": _ages(),
        "text": await find_consent_text(),
    }
    return page(request, "households/resident.html", refused, **shown)


@post("/residents/{resident:uuid}/ending", guards=[may("household.edit")])
async def end_resident_here(request: Asking, who: Asker, resident: FromPath[UUID]) -> Response[Any]:
    """Say that somebody no longer belongs to the household."""
    _found, home = await find_resident(who, resident, "household.edit")
    await end_resident(who, resident, await read_form(request, EndResidentForm))
    return done(f"/households/{home.id}", _("The resident is no longer listed."))


@get("/consents/{consent:uuid}/withdrawal", guards=[may("household.edit")])
async def withdrawal_page(request: Asking, who: Asker, consent: FromPath[UUID]) -> Response[str]:
    """What withdrawing a consent will do."""
    found, home = await find_consent(who, consent, "household.edit")
    return page(request, "households/withdrawal.html", consent=found, home=home)


@post("/consents/{consent:uuid}/withdrawal", guards=[may("household.edit")])
async def withdraw_here(who: Asker, consent: FromPath[UUID]) -> Response[Any]:
    """Withdraw a consent: the name is taken away, what was agreed stays on record."""
    _found, home = await find_consent(who, consent, "household.edit")
    await withdraw_consent(who, consent)
    return done(f"/households/{home.id}", _("The consent was withdrawn and the name removed."))


ROUTES: list[ControllerRouterHandler] = [
    new_resident_page,
    add_resident_here,
    edit_resident_page,
    edit_resident_here,
    end_resident_here,
    withdrawal_page,
    withdraw_here,
]
