"""The page of an office, without an account and without JavaScript: the link is the key."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import NotFound, Refused
from kit.forms import Form, FormType, Line, read_form, read_query, read_typed
from kit.http import address_of
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, page
from sessions.nominations.naming import (
    NameForm,
    NewcomerForm,
    RowsForm,
    TakeBackForm,
    name_newcomer,
    name_pasted,
    name_people,
    take_back,
)
from sessions.nominations.queries import find_link, list_colleagues, list_named
from sessions.words import CATEGORY_NAMES, MAILED

OPEN = {"open": True}
Name = Callable[[str, FormType, str], Awaitable[tuple[int, int]]]
"""Names people by a token and a form from an address; how many got a seat, how many wait."""


class Looked(Form):
    """Whom of the office somebody looks for."""

    q: Line = ""


@get(MAILED, opt=OPEN)
async def mailed_page(request: Asking) -> Response[str]:
    """Where the address of an office stands that is kept nowhere else."""
    return page(request, "nominations/mailed.html")


@get("/n/{token:str}", opt=OPEN)
async def link_page(request: Asking, token: FromPath[str]) -> Response[str]:
    """Who of the office is named, and the ways to name more."""
    return await _shown(request, token)


async def _shown(request: Asking, token: str, refused: Refused | None = None) -> Response[str]:
    try:
        found = await find_link(token)
    except NotFound:
        return _dead(request)
    ticked: list[str] = []
    if refused:
        refused.typed = await read_typed(request)
        ticked = [str(one) for one in (await request.form()).getall("people", [])]
    asked = read_query(request, Looked)
    response = page(
        request,
        "nominations/show.html",
        refused,
        found=found,
        token=token,
        asked=asked,
        ticked=ticked,
        colleagues=await list_colleagues(found, asked.q),
        named=await list_named(found),
        categories=_categories(found.course.categories),
    )
    if refused and refused.status == 429:
        response.headers["retry-after"] = str(refused.details)
    return response


def _categories(meant: list[str]) -> list[tuple[str, str]]:
    """What somebody new may be: whatever the course is for."""
    names = {key: _(word).capitalize() for key, word in CATEGORY_NAMES.items()}
    return [(key, name) for key, name in names.items() if not meant or key in meant]


def _dead(request: Asking) -> Response[str]:
    response = page(request, "nominations/dead.html")
    response.status_code = 404
    return response


async def _named(
    request: Asking, token: str, form: type[FormType], name: Name[FormType]
) -> Response[Any]:
    """Name people by a form: back to the page, or the page with what is wrong."""
    try:
        told = await name(token, await read_form(request, form), address_of(request.scope))
    except Refused as refused:
        return await _shown(request, token, refused)
    except NotFound:
        return _dead(request)
    return _told(token, *told)


def _told(token: str, seated: int, waiting: int) -> Response[Any]:
    if not seated and not waiting:
        return done(f"/n/{token}", _("They were named already. Nothing was changed."), tone="info")
    said = ngettext("%(num)s person is enrolled.", "%(num)s people are enrolled.", seated)
    more = ngettext("%(num)s person waits.", "%(num)s people wait.", waiting) if waiting else ""
    return done(f"/n/{token}", f"{said} {more}".strip())


@post("/n/{token:str}/people", opt=OPEN)
async def name_people_here(request: Asking, token: FromPath[str]) -> Response[Any]:
    """Name the chosen people of the office's list."""
    return await _named(request, token, NameForm, name_people)


@post("/n/{token:str}/newcomers", opt=OPEN)
async def name_newcomer_here(request: Asking, token: FromPath[str]) -> Response[Any]:
    """Name one person by hand."""
    return await _named(request, token, NewcomerForm, name_newcomer)


@post("/n/{token:str}/rows", opt=OPEN)
async def name_pasted_here(request: Asking, token: FromPath[str]) -> Response[Any]:
    """Name the people of pasted rows."""
    return await _named(request, token, RowsForm, name_pasted)


@post("/n/{token:str}/withdrawal", opt=OPEN)
async def take_back_here(request: Asking, token: FromPath[str]) -> Response[Any]:
    """Take a name back."""
    try:
        await take_back(token, await read_form(request, TakeBackForm), address_of(request.scope))
    except Refused as refused:
        return await _shown(request, token, refused)
    except NotFound:
        return _dead(request)
    return done(f"/n/{token}", _("The name is taken back."))


ROUTES: list[ControllerRouterHandler] = [
    mailed_page,
    link_page,
    name_people_here,
    name_newcomer_here,
    name_pasted_here,
    take_back_here,
]
