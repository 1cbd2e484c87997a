"""Memberships for programs: /api/v1/memberships, and moves of many at /api/v1/assignments."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit.bodies import read_json
from kit.changes import made
from kit.errors import NotFound
from kit.listing import USUAL, After, Limit, Listed, clashing, cursor, item, pages, sifted
from kit.openapi import LOCATION, WRITES, problems, takes
from people.audit.commands import record
from people.batches.commands import undo_batch
from people.batches.queries import find_batch
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.memberships.commands import (
    AddMemberForm,
    AssignForm,
    BringBackForm,
    EndForm,
    Position,
    PositionForm,
    add_member,
    assign_members,
    bring_back,
    change_position,
    end_membership,
)
from teams.memberships.lists import MembershipFilter, list_memberships
from teams.memberships.queries import find_membership, find_standing

Asking = Request[Any, Any, Any]
TAGS = ["memberships"]
SOME_ID = "01932c07-5e3a-7000-8000-000000000001"


class JoinForm(AddMemberForm):
    """A person who joins a team."""

    team: UUID


@dataclass(frozen=True)
class MembershipItem:
    """A spell of a person in a team; `left_on` is the first day outside it."""

    id: UUID
    team: UUID
    team_name: str
    person: UUID
    name: str
    position: Position
    organisation: str
    joined_on: date
    left_on: date | None
    left_reason: str
    decision: str
    version: int


@dataclass(frozen=True)
class AssignmentItem:
    """A move of people into a team at one go."""

    id: UUID
    title: str
    moved: int
    made_at: datetime
    made_by: UUID | None
    undone_at: datetime | None


async def _membership(who: Who, membership: UUID) -> MembershipItem:
    found, _team = await find_membership(who, membership)
    return item(MembershipItem, found)


async def _made(who: Who, membership: UUID) -> Response[MembershipItem]:
    return made(f"/memberships/{membership}", await _membership(who, membership))


@get(
    "/memberships",
    guards=[may("team.read")],
    summary="List memberships",
    tags=TAGS,
    responses=problems(),
)
async def get_memberships(
    who: Asker,
    team: FromQuery[UUID | None] = None,
    person: FromQuery[UUID | None] = None,
    on: FromQuery[date | None] = None,
    live: FromQuery[bool | None] = None,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[MembershipItem]:
    """The memberships in teams within reach, by given name: those that held on a day (`on`), those
    that have not ended (`live=true`), those that have, or all; the asking is put on record."""
    asked = sifted(
        MembershipFilter, team=team, person=person, on=on, live=live, after=cursor(after)
    )
    answer = pages(MembershipItem, *await list_memberships(who, asked, limit))
    filters = asked.model_dump(exclude={"after"}, exclude_none=True)
    shown = {**filters, "shown": len(answer.items)}
    await record(who, "member.list", path=who.first_path("team.read"), after=shown)
    return answer


@get(
    "/memberships/{membership:uuid}",
    guards=[may("team.read")],
    summary="Show a membership",
    tags=TAGS,
    responses=problems(),
)
async def get_membership(who: Asker, membership: FromPath[UUID]) -> MembershipItem:
    """A membership in a team within reach."""
    return await _membership(who, membership)


@post(
    "/memberships",
    guards=[may("member.assign")],
    summary="Add a member",
    tags=TAGS,
    responses=problems(*WRITES),
    response_headers=LOCATION,
    operation_class=takes(JoinForm, {"team": SOME_ID, "person": SOME_ID, "on": "2026-11-23"}),
)
async def post_membership(request: Asking, who: Asker) -> Response[MembershipItem]:
    """Add a person who is in no team to one."""
    form = await read_json(request, JoinForm)
    return await _made(who, await add_member(who, form.team, form))


@post(
    "/memberships/{membership:uuid}/position",
    status_code=200,
    guards=[may("member.assign")],
    summary="Change a position",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(PositionForm, {"position": "leader", "on": "2026-11-23", "version": 1}),
)
async def post_position(request: Asking, who: Asker, membership: FromPath[UUID]) -> MembershipItem:
    """Promote or step down from a day on: this membership ends and the answer is the next one."""
    old, _team = await find_membership(who, membership, "member.assign")
    with clashing(MembershipItem):
        await change_position(who, membership, await read_json(request, PositionForm))
    now = await find_standing(old.person)
    return await _membership(who, now.id if now else membership)


@post(
    "/memberships/{membership:uuid}/ending",
    status_code=200,
    guards=[may("member.assign")],
    summary="End a membership",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(EndForm, {"on": "2026-11-23", "reason": "Chuyển công tác", "version": 1}),
)
async def post_ending(request: Asking, who: Asker, membership: FromPath[UUID]) -> MembershipItem:
    """End a membership; `on` is the first day outside the team."""
    await find_membership(who, membership, "member.assign")
    with clashing(MembershipItem):
        await end_membership(who, membership, await read_json(request, EndForm))
    return await _membership(who, membership)


@post(
    "/memberships/{membership:uuid}/return",
    guards=[may("member.assign")],
    summary="Bring a member back",
    tags=TAGS,
    responses=problems(*WRITES),
    response_headers=LOCATION,
    operation_class=takes(BringBackForm, {"on": "2026-11-23"}),
)
async def post_return(
    request: Asking, who: Asker, membership: FromPath[UUID]
) -> Response[MembershipItem]:
    """Bring a former member back into the same team: a new membership."""
    await find_membership(who, membership, "member.assign")
    return await _made(
        who, await bring_back(who, membership, await read_json(request, BringBackForm))
    )


async def _assignment(who: Who, batch: UUID) -> AssignmentItem:
    found = await find_batch(who, batch)
    if found.kind != "assignment":
        raise NotFound
    return item(AssignmentItem, found, moved=json.loads(found.counts).get("moved", 0))


@post(
    "/assignments",
    guards=[may("member.assign")],
    summary="Move people to a team",
    tags=["assignments"],
    responses=problems(*WRITES),
    response_headers=LOCATION,
    operation_class=takes(AssignForm, {"team": SOME_ID, "people": [f"{SOME_ID}:"]}),
)
async def post_assignment(request: Asking, who: Asker) -> Response[AssignmentItem]:
    """Move people at one go: all or, when somebody moved one meanwhile, none (409, `theirs`).

    Each of `people` is the person's id, a colon and, when the person has a membership that has not
    ended, that membership's id, a colon and its `version`: how it was when you looked.
    """
    batch = await assign_members(who, await read_json(request, AssignForm))
    return made(f"/assignments/{batch}", await _assignment(who, batch))


@get(
    "/assignments/{batch:uuid}",
    guards=[may("member.assign")],
    summary="Show a move",
    tags=["assignments"],
    responses=problems(),
)
async def get_assignment(who: Asker, batch: FromPath[UUID]) -> AssignmentItem:
    """A move that was made, and whether it was undone."""
    return await _assignment(who, batch)


@post(
    "/assignments/{batch:uuid}/undoing",
    status_code=200,
    guards=[may("member.assign")],
    summary="Undo a move",
    tags=["assignments"],
    responses=problems(409),
)
async def post_undoing(who: Asker, batch: FromPath[UUID]) -> AssignmentItem:
    """Undo a move whole, as long as nothing depends on it. Twice is the same as once."""
    await _assignment(who, batch)
    await undo_batch(who, batch)
    return await _assignment(who, batch)


ROUTES: list[ControllerRouterHandler] = [
    get_memberships,
    get_membership,
    post_membership,
    post_position,
    post_ending,
    post_return,
    post_assignment,
    get_assignment,
    post_undoing,
]
