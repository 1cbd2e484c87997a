"""Adding a member: look the person up, or write down somebody new."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import Form, Line, read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.memberships.commands import AddMemberForm, add_member
from teams.newcomers.commands import NewMemberForm, add_new_member
from teams.newcomers.queries import list_joiners
from teams.roster.queries import find_team
from teams.words import position_choices


class Looked(Form):
    """Whom somebody looks for."""

    q: Line = ""


@get("/teams/{team:uuid}/members/new", guards=[may("member.assign")])
async def find_member_page(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[str]:
    """Look for the person who joins."""
    return await _looking(request, who, team)


@post("/teams/{team:uuid}/members/new", guards=[may("member.assign")])
async def add_member_here(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[Any]:
    """Add a person of the register."""
    try:
        await add_member(who, team, await read_form(request, AddMemberForm))
    except Refused as refused:
        return await _looking(request, who, team, refused)
    return done(f"/teams/{team}", _("The member was added."))


async def _looking(
    request: Asking, who: Who, team_id: UUID, refused: Refused | None = None
) -> Response[str]:
    team = await find_team(who, team_id, "member.assign")
    if refused:
        refused.typed = await read_typed(request)
    looked = Looked(q=refused.typed.get("q", "")) if refused else read_query(request, Looked)
    values = {"team": team, "q": looked.q, "choices": position_choices()}
    joiners = await list_joiners(who, looked.q) if looked.q else []
    if joiners:
        await record_view(who, "person.list", path=who.first_path("member.assign"))
    return page(request, "memberships/new.html", refused, joiners=joiners, **values)


@get("/teams/{team:uuid}/newcomers/new", guards=[may("member.assign")])
async def new_member_page(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[str]:
    """The form of somebody who is not in the register yet."""
    return await _writing(request, who, team)


@post("/teams/{team:uuid}/newcomers/new", guards=[may("member.assign")])
async def add_new_member_here(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[Any]:
    """Add a person and the membership at one go."""
    try:
        await add_new_member(who, team, await read_form(request, NewMemberForm))
    except Refused as refused:
        return await _writing(request, who, team, refused)
    return done(f"/teams/{team}", _("The member was added."))


async def _writing(
    request: Asking, who: Who, team_id: UUID, refused: Refused | None = None
) -> Response[str]:
    team = await find_team(who, team_id, "member.assign")
    if refused:
        refused.typed = await read_typed(request)
    twins = refused.details if refused and isinstance(refused.details, list) else []
    values = {"team": team, "twins": twins, "choices": position_choices()}
    name = read_query(request, Looked).q
    return page(request, "memberships/newcomer.html", refused, name=name, **values)


ROUTES: list[ControllerRouterHandler] = [
    find_member_page,
    add_member_here,
    new_member_page,
    add_new_member_here,
]
