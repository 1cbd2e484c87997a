"""Catalogues: the lists that visits choose from, and the forms that change them."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.sign_ins.door import Asker, may
from teams.catalogues.commands import (
    AddEntryForm,
    ConsentForm,
    EditEntryForm,
    OfferAgainForm,
    RetireForm,
    add_entry,
    bring_entry_back,
    edit_entry,
    publish_consent,
    retire_entry,
)
from teams.catalogues.queries import read_catalogues
from teams.catalogues.tables import LISTS
from teams.catalogues.words import LIST_WORDS, list_word

EDIT = [may("catalogue.edit")]


@get("/catalogues", guards=EDIT)
async def catalogues_page(request: Asking) -> Response[Any]:
    """Every list with what is offered and what was retired, and the wordings of the consent."""
    words = {name: list_word(name) for name in LISTS}
    return page(request, "catalogues/index.html", found=await read_catalogues(), lists=words)


@get("/catalogues/new", guards=EDIT)
async def new_entry_page(request: Asking, list: FromQuery[str] = "service") -> Response[Any]:  # noqa: A002
    """The form of a new entry."""
    return await _form(request, "new", chosen=list)


@post("/catalogues", guards=EDIT)
async def add_entry_here(request: Asking, who: Asker) -> Response[Any]:
    """Add an entry."""
    try:
        form = await read_form(request, AddEntryForm)
        await add_entry(who, form)
    except Refused as refused:
        return await _form(request, "new", refused, chosen="service")
    return done(f"/catalogues#{form.list}", _("The entry is added."))


@get("/catalogues/{entry:str}/edit", guards=EDIT)
async def edit_entry_page(request: Asking, entry: FromPath[str]) -> Response[Any]:
    """The form that words an entry anew or moves it."""
    return await _entry_form(request, "edit", entry)


@post("/catalogues/{entry:str}/edit", guards=EDIT)
async def edit_entry_here(request: Asking, who: Asker, entry: FromPath[str]) -> Response[Any]:
    """Word an entry anew or move it."""
    try:
        await edit_entry(who, entry, await read_form(request, EditEntryForm))
    except Refused as refused:
        return await _entry_form(request, "edit", entry, refused)
    return done("/catalogues", _("The entry is saved."))


@get("/catalogues/{entry:str}/retirement", guards=EDIT)
async def retirement_page(request: Asking, entry: FromPath[str]) -> Response[Any]:
    """The form that retires an entry."""
    return await _entry_form(request, "retirement", entry)


@post("/catalogues/{entry:str}/retirement", guards=EDIT)
async def retire_entry_here(request: Asking, who: Asker, entry: FromPath[str]) -> Response[Any]:
    """Retire an entry from a day on."""
    try:
        await retire_entry(who, entry, await read_form(request, RetireForm))
    except Refused as refused:
        return await _entry_form(request, "retirement", entry, refused)
    return done("/catalogues", _("The entry is offered no more from that day on."))


@post("/catalogues/{entry:str}/return", guards=EDIT)
async def bring_entry_back_here(request: Asking, who: Asker, entry: FromPath[str]) -> Response[Any]:
    """Offer a retired entry again."""
    await bring_entry_back(who, entry, await read_form(request, OfferAgainForm))
    return done("/catalogues", _("The entry is offered again."))


@get("/catalogues/consents/new", guards=EDIT)
async def new_consent_page(request: Asking) -> Response[Any]:
    """The form of a new wording of the consent."""
    return await _form(request, "consent")


@post("/catalogues/consents", guards=EDIT)
async def publish_consent_here(request: Asking, who: Asker) -> Response[Any]:
    """Publish a wording of the consent."""
    try:
        await publish_consent(who, await read_form(request, ConsentForm))
    except Refused as refused:
        return await _form(request, "consent", refused)
    return done("/catalogues#consents", _("The wording is published."))


async def _form(
    request: Asking, name: str, refused: Refused | None = None, **more: Any
) -> Response[Any]:
    """A form, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    words = [(name, list_word(name)) for name in LIST_WORDS]
    shown = {"found": await read_catalogues(), "lists": words, **more}
    return page(request, f"catalogues/{name}.html", refused, **shown)


async def _entry_form(
    request: Asking, name: str, code: str, refused: Refused | None = None
) -> Response[Any]:
    """A form about an entry, perhaps with what is wrong. Raises NotFound."""
    entry = (await read_catalogues()).find(code)
    theirs = refused.details if refused else None
    return await _form(request, name, refused, entry=entry, theirs=theirs)


ROUTES: list[ControllerRouterHandler] = [
    catalogues_page,
    new_entry_page,
    add_entry_here,
    edit_entry_page,
    edit_entry_here,
    retirement_page,
    retire_entry_here,
    bring_entry_back_here,
    new_consent_page,
    publish_consent_here,
]
