"""The page of the body's settings."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from kit.periods import CALENDAR, CUT_OFFS
from people.sign_ins.door import Asker, may
from places.settings.commands import FIELDS, SettingsForm, save_settings
from places.settings.queries import read_settings, settings_stamp

EDIT = [may("settings.edit")]


@get("/settings", guards=EDIT)
async def settings_page(request: Asking) -> Response[Any]:
    """The settings as they stand."""
    return await show(request)


@post("/settings", guards=EDIT)
async def save_settings_here(request: Asking, who: Asker) -> Response[Any]:
    """Save the settings."""
    try:
        await save_settings(who, await read_form(request, SettingsForm))
    except Refused as refused:
        return await show(request, refused)
    return done("/settings", _("The settings are saved."))


async def show(request: Asking, refused: Refused | None = None) -> Response[Any]:
    """The form of the settings, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    stored = await read_settings()
    return page(
        request,
        "settings/index.html",
        refused,
        now={field: stored[key] for field, key in FIELDS.items()},
        stamp=await settings_stamp(),
        theirs=refused.details if refused else None,
        cut_offs=cut_offs(),
    )


def cut_offs() -> list[tuple[int, str]]:
    """The days on which a reporting month may end, to choose from."""
    return [(d, _("The last day of the month") if d == CALENDAR else f"{d}") for d in CUT_OFFS]


ROUTES: list[ControllerRouterHandler] = [settings_page, save_settings_here]
