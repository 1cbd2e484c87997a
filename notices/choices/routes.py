"""The page of what one is told by mail."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form
from kit.i18n import gettext as _
from kit.pages import done, page
from notices.choices.commands import ChoicesForm, save_choices, send_trial
from notices.choices.queries import find_address, list_choices, mail_is_set_up
from notices.hours import find_quiet_hours
from people.permissions import Who
from people.sign_ins.door import Asker, signed_in


@get("/me/notices", guards=[signed_in])
async def choices_page(request: Asking, who: Asker) -> Response[Any]:
    """What one is told, and by which way."""
    return await _choices(request, who)


async def _choices(request: Asking, who: Who, refused: Refused | None = None) -> Response[Any]:
    return page(
        request,
        "notices/choices.html",
        refused,
        lines=await list_choices(who),
        address=await find_address(who),
        mail=mail_is_set_up(),
        hours=await find_quiet_hours(),
    )


@post("/me/notices", guards=[signed_in])
async def save_choices_here(request: Asking, who: Asker) -> Response[Any]:
    """Keep one's choices."""
    await save_choices(who, await read_form(request, ChoicesForm))
    return done("/me/notices", _("Your choices are saved."))


@post("/me/notices/trial", guards=[signed_in])
async def send_trial_here(request: Asking, who: Asker) -> Response[Any]:
    """Tell oneself something by mail."""
    try:
        await send_trial(who)
    except Refused as refused:
        return await _choices(request, who, refused)
    return done("/me/notices", _("The trial message is on its way. It comes within two minutes."))


ROUTES: list[ControllerRouterHandler] = [choices_page, save_choices_here, send_trial_here]
