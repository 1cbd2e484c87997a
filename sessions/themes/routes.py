"""Themes: the list that courses choose from, and the forms that change it."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.sign_ins.door import Asker, may
from sessions.themes.commands import (
    AddThemeForm,
    EditThemeForm,
    RetireThemeForm,
    ThemeAgainForm,
    add_theme,
    bring_theme_back,
    edit_theme,
    retire_theme,
)
from sessions.themes.queries import find_theme, list_themes

READ, EDIT = [may("course.read")], [may("catalogue.edit")]


@get("/themes", guards=READ)
async def themes_page(request: Asking) -> Response[Any]:
    """Every theme: what is offered and what was retired."""
    return page(request, "themes/index.html", themes=await list_themes())


@get("/themes/new", guards=EDIT)
async def new_theme_page(request: Asking) -> Response[Any]:
    """The form of a new theme."""
    return page(request, "themes/new.html")


@post("/themes", guards=EDIT)
async def add_theme_here(request: Asking, who: Asker) -> Response[Any]:
    """Add a theme."""
    try:
        await add_theme(who, await read_form(request, AddThemeForm))
    except Refused as refused:
        refused.typed = await read_typed(request)
        return page(request, "themes/new.html", refused)
    return done("/themes", _("The theme is added."))


@get("/themes/{theme:str}/edit", guards=EDIT)
async def edit_theme_page(request: Asking, theme: FromPath[str]) -> Response[Any]:
    """The form that words a theme anew or moves it."""
    return await _form(request, "edit", theme)


@post("/themes/{theme:str}/edit", guards=EDIT)
async def edit_theme_here(request: Asking, who: Asker, theme: FromPath[str]) -> Response[Any]:
    """Word a theme anew or move it."""
    try:
        await edit_theme(who, theme, await read_form(request, EditThemeForm))
    except Refused as refused:
        return await _form(request, "edit", theme, refused)
    return done("/themes", _("The theme is saved."))


@get("/themes/{theme:str}/retirement", guards=EDIT)
async def theme_retirement_page(request: Asking, theme: FromPath[str]) -> Response[Any]:
    """The form that retires a theme."""
    return await _form(request, "retirement", theme)


@post("/themes/{theme:str}/retirement", guards=EDIT)
async def retire_theme_here(request: Asking, who: Asker, theme: FromPath[str]) -> Response[Any]:
    """Retire a theme from a day on."""
    try:
        await retire_theme(who, theme, await read_form(request, RetireThemeForm))
    except Refused as refused:
        return await _form(request, "retirement", theme, refused)
    return done("/themes", _("The theme is offered no more from that day on."))


@post("/themes/{theme:str}/return", guards=EDIT)
async def bring_theme_back_here(request: Asking, who: Asker, theme: FromPath[str]) -> Response[Any]:
    """Offer a retired theme again."""
    await bring_theme_back(who, theme, await read_form(request, ThemeAgainForm))
    return done("/themes", _("The theme is offered again."))


async def _form(
    request: Asking, name: str, code: str, refused: Refused | None = None
) -> Response[Any]:
    """A form about a theme, perhaps with what is wrong. Raises NotFound."""
    theme = await find_theme(code)
    if refused:
        refused.typed = await read_typed(request)
    theirs = refused.details if refused else None
    return page(request, f"themes/{name}.html", refused, theme=theme, theirs=theirs)


ROUTES: list[ControllerRouterHandler] = [
    themes_page,
    new_theme_page,
    add_theme_here,
    edit_theme_page,
    edit_theme_here,
    theme_retirement_page,
    retire_theme_here,
    bring_theme_back_here,
]
