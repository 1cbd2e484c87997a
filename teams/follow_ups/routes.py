"""Follow-ups: the list of those due, one of them, and what is done about it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import Refused
from kit.forms import read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.pages import done, onward, page
from people.audit.commands import record_view
from people.permissions import Who
from people.reach import choices_communes
from people.sign_ins.door import Asker, may
from teams.catalogues.queries import find_catalogues
from teams.follow_ups.commands import (
    AddFollowUpForm,
    AttemptForm,
    CloseForm,
    ReassignForm,
    add_follow_up,
    close_follow_up,
    note_attempt,
    reassign_follow_up,
)
from teams.follow_ups.queries import (
    SOON,
    FollowUpFilter,
    choices_assignees,
    count_follow_ups,
    find_follow_up,
    list_follow_ups,
)
from teams.follow_ups.words import reason_choices, reason_word
from teams.visits.queries import find_visit

_UUID = re.compile(r"[0-9a-f-]{36}")
READ, LOG = [may("visit.read")], [may("visit.log")]
ONE = "/follow-ups/{follow_up:uuid}"


@get("/follow-ups", guards=READ)
async def follow_ups_page(request: Asking, who: Asker) -> Response[str]:
    """What is due: one's own, the team's, an area's; the longest overdue first."""
    asked = read_query(request, FollowUpFilter)
    found, following = await list_follow_ups(who, asked)
    shown: dict[str, Any] = {"counts": await count_follow_ups(who, asked), "asked": asked}
    if not who.own_team:
        shown["communes"] = await choices_communes(who, "visit.read", asked.area)
    await record_view(who, "follow_up.list", path=who.first_path("visit.read"))
    shown |= {"catalogues": await find_catalogues(), "reason_word": reason_word}
    return page(
        request, "follow_ups/list.html", found=found, next=onward(request, following), **shown
    )


@get(ONE, guards=READ)
async def follow_up_page(request: Asking, who: Asker, follow_up: FromPath[UUID]) -> Response[str]:
    """One follow-up, and what can be done about it."""
    return await _show(request, who, follow_up)


async def _show(
    request: Asking, who: Who, follow_up: UUID, refused: Refused | None = None
) -> Response[str]:
    if refused:
        refused.typed = await read_typed(request)
    one = await find_follow_up(who, follow_up)
    members = [(choice.id, choice.name) for choice in await choices_assignees(one.team)]
    words = {"reasons": reason_choices(), "reason_word": reason_word}
    shown: dict[str, Any] = {"members": members, "catalogues": await find_catalogues(), **words}
    return page(
        request, "follow_ups/show.html", refused, one=one, soon=clock.today() + SOON, **shown
    )


@post(f"{ONE}/attempts", guards=LOG)
async def note_attempt_here(
    request: Asking, who: Asker, follow_up: FromPath[UUID]
) -> Response[Any]:
    """Note an attempt and the day of the next one."""
    try:
        await note_attempt(who, follow_up, await read_form(request, AttemptForm))
    except Refused as refused:
        return await _show(request, who, follow_up, refused)
    return done("/follow-ups", _("The attempt and the new day are noted."))


@post(f"{ONE}/assignee", guards=LOG)
async def reassign_here(request: Asking, who: Asker, follow_up: FromPath[UUID]) -> Response[Any]:
    """Give it to somebody of the team."""
    try:
        await reassign_follow_up(who, follow_up, await read_form(request, ReassignForm))
    except Refused as refused:
        return await _show(request, who, follow_up, refused)
    return done(f"/follow-ups/{follow_up}", _("It is noted who sees to it."))


async def _onward(request: Asking) -> str:
    """Back to the card of the household, where it was closed there; else to the list."""
    card = str((await request.form()).get("card", ""))
    return f"/households/{card}" if _UUID.fullmatch(card) else "/follow-ups"


@post(f"{ONE}/closing", guards=LOG)
async def close_here(request: Asking, who: Asker, follow_up: FromPath[UUID]) -> Response[Any]:
    """Close it."""
    try:
        await close_follow_up(who, follow_up, await read_form(request, CloseForm))
    except Refused as refused:
        return await _show(request, who, follow_up, refused)
    return done(await _onward(request), _("The follow-up is closed."))


@get("/visits/{visit:uuid}/follow-ups/new", guards=LOG)
async def new_follow_up_page(request: Asking, who: Asker, visit: FromPath[UUID]) -> Response[str]:
    """The form that agrees a follow-up of a visit."""
    return await _adding(request, who, visit)


@post("/visits/{visit:uuid}/follow-ups", guards=LOG)
async def add_follow_up_here(request: Asking, who: Asker, visit: FromPath[UUID]) -> Response[Any]:
    """Agree a follow-up of a visit."""
    try:
        follow_up = await add_follow_up(who, visit, await read_form(request, AddFollowUpForm))
    except Refused as refused:
        return await _adding(request, who, visit, refused)
    return done(f"/follow-ups/{follow_up}", _("The follow-up is noted."))


async def _adding(
    request: Asking, who: Who, visit: UUID, refused: Refused | None = None
) -> Response[str]:
    if refused:
        refused.typed = await read_typed(request)
    found = await find_visit(who, visit, "visit.log")
    offered = (await find_catalogues()).offered("referral", clock.today())
    referrals = [(entry.code, entry.name) for entry in offered]
    shown = {"visit": found, "referrals": referrals, "soon": clock.today() + SOON}
    return page(request, "follow_ups/new.html", refused, **shown)


ROUTES: list[ControllerRouterHandler] = [
    follow_ups_page,
    follow_up_page,
    note_attempt_here,
    reassign_here,
    close_here,
    new_follow_up_page,
    add_follow_up_here,
]
