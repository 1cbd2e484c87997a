"""Teams for programs: /api/v1/teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, patch, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.bodies import read_json
from kit.changes import made, patch_one
from kit.listing import USUAL, After, Limit, Listed, Search, clashing, cursor, item, pages, sifted
from kit.openapi import LOCATION, WRITES, problems, takes
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.roster.commands import (
    DissolveTeamForm,
    EditTeamForm,
    FoundTeamForm,
    dissolve_team,
    edit_team,
    found_team,
)
from teams.roster.queries import Gap, TeamFilter, find_team, list_team_areas, list_teams

Asking = Request[Any, Any, Any]
TAGS = ["teams"]
BINH_HOA = {
    "name": "Tổ CNSCĐ khu phố Bình Hòa",
    "areas": ["01932c07-5e3a-7000-8000-000000000001"],
    "founded_on": "2024-10-10",
    "decision_number": "1234/QĐ-UBND",
    "decision_on": "2024-10-10",
    "target_size": 5,
}


@dataclass(frozen=True)
class TeamCover:
    """An area a team covers or covered; `until` is the first day on which it does not."""

    area: UUID
    name: str
    since: date
    until: date | None


@dataclass(frozen=True)
class TeamItem:
    """A team; `dissolved_on` is the first day without it."""

    id: UUID
    name: str
    founded_on: date
    dissolved_on: date | None
    dissolved_why: str
    decision_number: str
    decision_on: date | None
    target_size: int
    phone: str | None
    commune_name: str | None
    areas: list[TeamCover]
    version: int


@dataclass(frozen=True)
class TeamListItem:
    """A team in a list, with its leader and size on the day asked for."""

    id: UUID
    name: str
    founded_on: date
    decision_number: str
    decision_on: date | None
    target_size: int
    phone: str | None
    area_name: str | None
    commune_name: str | None
    leader: UUID | None
    leader_name: str | None
    deputies: int
    size: int


async def _team(who: Who, team: UUID, on: date | None = None) -> TeamItem:
    found = await find_team(who, team, on=on)
    return item(TeamItem, found, areas=await _covers(team, on))


async def _covers(team: UUID, on: date | None = None) -> list[TeamCover]:
    covers = await list_team_areas(team, on or clock.today())
    return [item(TeamCover, cover) for cover in covers]


@get("/teams", guards=[may("team.read")], summary="List teams", tags=TAGS, responses=problems())
async def get_teams(
    who: Asker,
    area: FromQuery[UUID | None] = None,
    gap: FromQuery[Gap | None] = None,
    q: Search = None,
    on: FromQuery[date | None] = None,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[TeamListItem]:
    """The teams within reach that exist on a day (`on`, today by default), by name."""
    asked = sifted(TeamFilter, area=area, gap=gap, q=q or "", on=on, after=cursor(after))
    return pages(TeamListItem, *await list_teams(who, asked, limit))


@get(
    "/teams/{team:uuid}",
    guards=[may("team.read")],
    summary="Show a team",
    tags=TAGS,
    responses=problems(),
)
async def get_team(who: Asker, team: FromPath[UUID], on: FromQuery[date | None] = None) -> TeamItem:
    """A team, its place named as of a day."""
    return await _team(who, team, on)


@post(
    "/teams",
    guards=[may("team.found")],
    summary="Found a team",
    tags=TAGS,
    responses=problems(*WRITES),
    response_headers=LOCATION,
    operation_class=takes(FoundTeamForm, BINH_HOA),
)
async def post_team(request: Asking, who: Asker) -> Response[TeamItem]:
    """Found a team in areas within reach."""
    team = await found_team(who, await read_json(request, FoundTeamForm))
    return made(f"/teams/{team}", await _team(who, team))


@patch(
    "/teams/{team:uuid}",
    guards=[may("team.edit")],
    summary="Edit a team",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(EditTeamForm, {"target_size": 7, "version": 1}, partly=("version",)),
)
async def patch_team(request: Asking, who: Asker, team: FromPath[UUID]) -> TeamItem:
    """Change what the body names of a team; 409 with `theirs` if another was faster."""
    now = await find_team(who, team, "team.edit")
    seen = partial(item, TeamItem, areas=await _covers(team))
    await patch_one(request, EditTeamForm, now, seen, partial(edit_team, who, team))
    return await _team(who, team)


@post(
    "/teams/{team:uuid}/dissolution",
    status_code=200,
    guards=[may("team.dissolve")],
    summary="Dissolve a team",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(
        DissolveTeamForm, {"on": "2026-07-01", "why": "Sáp nhập khu phố", "version": 1}
    ),
)
async def post_dissolution(request: Asking, who: Asker, team: FromPath[UUID]) -> TeamItem:
    """Dissolve a team from a day on; its memberships end with it."""
    await find_team(who, team, "team.dissolve")
    with clashing(TeamItem, areas=await _covers(team)):
        await dissolve_team(who, team, await read_json(request, DissolveTeamForm))
    return await _team(who, team)


ROUTES: list[ControllerRouterHandler] = [
    get_teams,
    get_team,
    post_team,
    patch_team,
    post_dissolution,
]
