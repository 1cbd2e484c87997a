"""Merging two households: choose the other, see what will happen, undo."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import Form, Line, Maybe, read_form, read_query
from kit.i18n import gettext as _
from kit.pages import done, page
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.households.forms import MergeForm
from teams.households.merging import merge_households, undo_merge
from teams.households.queries import (
    HouseholdFilter,
    Twin,
    find_household,
    list_households,
    list_twins,
)


class MergingAsked(Form):
    """Whom to merge: part of a name or code to search by, or the one that was chosen."""

    q: Line = ""
    gone: Annotated[UUID | None, Maybe] = None


@get("/households/{household:uuid}/merging", guards=[may("household.merge")])
async def merging_page(request: Asking, who: Asker, household: FromPath[UUID]) -> Response[str]:
    """Choose the household that is the same as this one, then see what will happen."""
    return await _merging(request, who, household)


@post("/households/{household:uuid}/merging", guards=[may("household.merge")])
async def merge_here(request: Asking, who: Asker, household: FromPath[UUID]) -> Response[Any]:
    """Merge another household into this one."""
    try:
        form = await read_form(request, MergeForm)
        await merge_households(who, household, form)
    except Refused as refused:
        return await _merging(request, who, household, refused)
    undo = f"/households/{form.gone}/separation"
    return done(f"/households/{household}", _("The households were merged."), undo_url=undo)


@post("/households/{household:uuid}/separation", guards=[may("household.merge")])
async def separate_here(who: Asker, household: FromPath[UUID]) -> Response[Any]:
    """Undo a merging: the household that was merged stands for itself again."""
    await undo_merge(who, household)
    return done(f"/households/{household}", _("The merging was undone."))


async def _merging(
    request: Asking, who: Who, household: UUID, refused: Refused | None = None
) -> Response[str]:
    home = await find_household(who, household, "household.merge")
    asked = read_query(request, MergingAsked)
    gone = await find_household(who, asked.gone, "household.merge") if asked.gone else None
    found: list[Any] = []
    if gone is None and asked.q:
        found, _next = await list_households(who, HouseholdFilter(q=asked.q), 20)
    elif gone is None:
        like = Twin(home.area, home.head, home.phone, home.code, but=home.id)
        found = list(await list_twins(who, like))
    others: list[Any] = [one for one in found if one.id != home.id]
    return page(
        request,
        "households/merging.html",
        refused,
        home=home,
        gone=gone,
        others=others,
        asked=asked,
    )


ROUTES: list[ControllerRouterHandler] = [merging_page, merge_here, separate_here]
