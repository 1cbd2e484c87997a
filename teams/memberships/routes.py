"""What is done to a membership: a new position, an end, a way back; and a person's own page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import NotFound, Refused
from kit.forms import read_form, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.accounts.queries import find_account_of
from people.permissions import Who
from people.persons.parts import list_parts
from people.persons.queries import find_person
from people.sign_ins.door import Asker, may
from teams.memberships.commands import (
    BringBackForm,
    EndForm,
    PositionForm,
    bring_back,
    change_position,
    end_membership,
)
from teams.memberships.history import person_history
from teams.memberships.queries import MembershipFound, find_membership, list_person_spells
from teams.roster.queries import find_team
from teams.words import position_choices

OF_A_MEMBER = "/teams/{team:uuid}/members/{membership:uuid}"


@get("/people/{person:uuid}", guards=[may("person.read")])
async def person_page(request: Asking, who: Asker, person: FromPath[UUID]) -> Response[str]:
    """A person: how to reach them, where they are a member, and their past in sentences."""
    found = await find_person(who, person)
    spells, today = await list_person_spells(person), clock.today()
    shown: dict[str, Any] = {
        "live": next((spell for spell in spells if spell.holds(today)), None),
        "last": next((spell for spell in spells if spell.left_on), None),
        "history": person_history(spells),
        "account": await find_account_of(who, person) if who.may("account.read") else None,
        "parts": await list_parts(who, person),
    }
    return page(request, "people/show.html", person=found, **shown)


@get(f"{OF_A_MEMBER}/position", guards=[may("member.assign")])
async def position_page(
    request: Asking, who: Asker, team: FromPath[UUID], membership: FromPath[UUID]
) -> Response[str]:
    """The form of a new position."""
    return await _form(request, who, "position", team, membership)


@post(f"{OF_A_MEMBER}/position", guards=[may("member.assign")])
async def change_position_here(
    request: Asking, who: Asker, team: FromPath[UUID], membership: FromPath[UUID]
) -> Response[Any]:
    """Promote or step down; a new leader replaces the old one."""
    try:
        await change_position(who, membership, await read_form(request, PositionForm))
    except Refused as refused:
        return await _form(request, who, "position", team, membership, refused)
    return done(f"/teams/{team}", _("The position was saved."))


@get(f"{OF_A_MEMBER}/ending", guards=[may("member.assign")])
async def ending_page(
    request: Asking, who: Asker, team: FromPath[UUID], membership: FromPath[UUID]
) -> Response[str]:
    """The form that ends a membership."""
    return await _form(request, who, "ending", team, membership)


@post(f"{OF_A_MEMBER}/ending", guards=[may("member.assign")])
async def end_membership_here(
    request: Asking, who: Asker, team: FromPath[UUID], membership: FromPath[UUID]
) -> Response[Any]:
    """End a membership."""
    try:
        await end_membership(who, membership, await read_form(request, EndForm))
    except Refused as refused:
        return await _form(request, who, "ending", team, membership, refused)
    return done(f"/teams/{team}", _("The membership was ended."))


@get(f"{OF_A_MEMBER}/return", guards=[may("member.assign")])
async def return_page(
    request: Asking, who: Asker, team: FromPath[UUID], membership: FromPath[UUID]
) -> Response[str]:
    """The form that brings a former member back."""
    return await _form(request, who, "return", team, membership)


@post(f"{OF_A_MEMBER}/return", guards=[may("member.assign")])
async def bring_back_here(
    request: Asking, who: Asker, team: FromPath[UUID], membership: FromPath[UUID]
) -> Response[Any]:
    """Bring a former member back."""
    try:
        await bring_back(who, membership, await read_form(request, BringBackForm))
    except Refused as refused:
        return await _form(request, who, "return", team, membership, refused)
    return done(f"/teams/{team}", _("The member is back."))


async def _form(
    request: Asking,
    who: Who,
    act: str,
    team_id: UUID,
    membership_id: UUID,
    refused: Refused | None = None,
) -> Response[str]:
    spell = await _spell(who, team_id, membership_id)
    team = await find_team(who, team_id)
    if refused:
        refused.typed = await read_typed(request)
    theirs = refused.details if refused else None
    newest = theirs if isinstance(theirs, MembershipFound) else None
    choices = [choice for choice in position_choices() if choice[0] != spell.position]
    values = {"spell": spell, "team": team, "theirs": newest, "choices": choices}
    return page(request, f"memberships/{act}.html", refused, **values)


async def _spell(who: Who, team_id: UUID, membership_id: UUID) -> MembershipFound:
    """The membership, if it is one of the team of the address."""
    spell, team = await find_membership(who, membership_id, "member.assign")
    if team.id != team_id:
        raise NotFound
    return spell


ROUTES: list[ControllerRouterHandler] = [
    person_page,
    position_page,
    change_position_here,
    ending_page,
    end_membership_here,
    return_page,
    bring_back_here,
]
