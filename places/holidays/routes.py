"""The page of holidays, a year at a time."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from pydantic import Field

from kit import clock
from kit.answers import Asking
from kit.errors import Refused
from kit.forms import Form, read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, page
from people.sign_ins.door import Asker, may
from places.holidays.commands import (
    FixedHolidaysForm,
    HolidayForm,
    RemoveHolidayForm,
    add_fixed_holidays,
    fixed_missing,
    remove_holiday,
    set_holiday,
)
from places.holidays.queries import list_holidays

EDIT = [may("settings.edit")]


class YearAsked(Form):
    """`?year=2027`: the year a page speaks of, this one if none is given."""

    year: int = Field(default_factory=lambda: clock.today().year, ge=2020, le=2100)


@get("/holidays", guards=EDIT)
async def holidays_page(request: Asking) -> Response[Any]:
    """The holidays of a year."""
    return await show(request, read_query(request, YearAsked).year)


@post("/holidays", guards=EDIT)
async def set_holiday_here(request: Asking, who: Asker) -> Response[Any]:
    """Enter a holiday."""
    try:
        form = await read_form(request, HolidayForm)
        await set_holiday(who, form)
    except Refused as refused:
        return await show(request, clock.today().year, refused)
    return done(f"/holidays?year={form.day.year}", _("The holiday is saved."))


@post("/holidays/removal", guards=EDIT)
async def remove_holiday_here(request: Asking, who: Asker) -> Response[Any]:
    """Make a holiday a working day again."""
    form = await read_form(request, RemoveHolidayForm)
    await remove_holiday(who, form)
    return done(f"/holidays?year={form.day.year}", _("It is a working day again."))


@post("/holidays/fixed", guards=EDIT)
async def add_fixed_holidays_here(request: Asking, who: Asker) -> Response[Any]:
    """Enter the fixed public holidays of a year."""
    form = await read_form(request, FixedHolidaysForm)
    count = await add_fixed_holidays(who, form)
    said = ngettext("%(num)s holiday was added.", "%(num)s holidays were added.", count)
    return done(f"/holidays?year={form.year}", said)


async def show(request: Asking, year: int, refused: Refused | None = None) -> Response[Any]:
    """The page of a year, perhaps with what is wrong."""
    if refused:
        refused.typed = await read_typed(request)
    holidays, missing = await list_holidays(year), await fixed_missing(year)
    shown = {"year": year, "holidays": holidays, "missing": missing}
    return page(request, "holidays/index.html", refused, **shown)


ROUTES: list[ControllerRouterHandler] = [
    holidays_page,
    set_holiday_here,
    remove_holiday_here,
    add_fixed_holidays_here,
]
