"""The yearly duty of training by category."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.sign_ins.door import Asker, may
from sessions.duties.commands import DropDutyForm, DutyForm, drop_duty, set_duty
from sessions.duties.queries import duty_on, list_duties
from sessions.words import CATEGORY_NAMES, category_word

DUTIES = "/training-duties"
READ, EDIT = [may("course.read")], [may("catalogue.edit")]


@get(DUTIES, guards=READ)
async def duties_page(request: Asking) -> Response[Any]:
    """What each category owes a year: now, before and to come."""
    return await _duties(request)


async def _duties(request: Asking, refused: Refused | None = None) -> Response[Any]:
    """The page, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    found, today = await list_duties(), clock.today()
    categories = [(code, category_word(code)) for code in CATEGORY_NAMES]
    lines = [(word, found.get(code, [])) for code, word in categories]
    held = {code: duty_on(found.get(code, []), today) for code, _word in categories}
    shown = {"lines": lines, "categories": categories, "held": held}
    return page(request, "training_duties/index.html", refused, **shown)


@post(DUTIES, guards=EDIT)
async def set_duty_here(request: Asking, who: Asker) -> Response[Any]:
    """Set the duty of a category from a day on."""
    try:
        await set_duty(who, await read_form(request, DutyForm))
    except Refused as refused:
        return await _duties(request, refused)
    return done(DUTIES, _("The yearly duty is saved."))


@post(DUTIES + "/removal", guards=EDIT)
async def drop_duty_here(request: Asking, who: Asker) -> Response[Any]:
    """Take back a duty that does not hold yet."""
    try:
        await drop_duty(who, await read_form(request, DropDutyForm))
    except Refused as refused:
        return await _duties(request, refused)
    return done(DUTIES, _("The line is taken back."))


ROUTES: list[ControllerRouterHandler] = [duties_page, set_duty_here, drop_duty_here]
