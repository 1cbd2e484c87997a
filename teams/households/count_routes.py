"""How many households the hamlets have."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.households.coverage import list_coverage, set_hamlet_count
from teams.households.forms import HamletCountForm


@get("/hamlet-counts", guards=[may("team.edit")])
async def hamlet_counts_page(request: Asking, who: Asker) -> Response[str]:
    """The hamlets within reach: how many households, by whom told, how many were met."""
    return await _counts(request, who)


@post("/hamlet-counts", guards=[may("team.edit")])
async def set_count_here(request: Asking, who: Asker) -> Response[Any]:
    """Say how many households a hamlet has."""
    try:
        await set_hamlet_count(who, await read_form(request, HamletCountForm))
    except Refused as refused:
        return await _counts(request, who, refused)
    return done("/hamlet-counts", _("The number of households was saved."))


async def _counts(request: Asking, who: Who, refused: Refused | None = None) -> Response[str]:
    if refused:
        refused.typed = await read_typed(request)
    return page(
        request, "households/counts.html", refused, hamlets=await list_coverage(who, "team.edit")
    )


ROUTES: list[ControllerRouterHandler] = [hamlet_counts_page, set_count_here]
