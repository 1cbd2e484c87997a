"""Households for programs: /api/v1/households."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Literal
from uuid import UUID

from litestar import Request, Response, get, patch, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit.bodies import read_json
from kit.changes import made, patch_one
from kit.listing import USUAL, After, Limit, Listed, Search, clashing, cursor, item, pages
from kit.openapi import LOCATION, WRITES, problems, takes
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.households.commands import add_household, edit_household
from teams.households.due import due_rule
from teams.households.forms import AddHouseholdForm, EditHouseholdForm
from teams.households.queries import (
    HouseholdFilter,
    HouseholdFound,
    find_household,
    list_households,
)

Asking = Request[Any, Any, Any]
TAGS = ["households"]
SOME_ID = "01931b5e-0000-7000-8000-000000000001"
UONG = {"area": SOME_ID, "code": "HN-012", "head": "Nguyễn Thị Ưởng", "phone": "0900 500 012"}


@dataclass(frozen=True)
class HouseholdItem:
    """A household. `fibre` and `smartphone` are null where nobody knows; `team` serves it today,
    `due_on` is the day of the next visit, null where nobody was met. One that was merged names the
    household that stands for it in `merged_into`."""

    id: UUID
    area: UUID
    area_name: str | None
    code: str
    head: str
    address: str
    phone: str | None
    people: int | None
    fibre: bool | None
    smartphone: bool | None
    source: str
    as_of: date | None
    team: UUID | None
    team_name: str | None
    last_met_on: date | None
    due_on: date | None
    muted_since: date | None
    mute_reason: str
    merged_into: UUID | None
    version: int


@dataclass(frozen=True)
class HouseholdSeen:
    """A household as it stands, when it is in the way of a change."""

    id: UUID
    area: UUID
    area_name: str | None
    code: str
    head: str
    address: str
    phone: str | None
    team: UUID | None
    team_name: str | None
    last_met_on: date | None
    muted_since: date | None
    version: int


@dataclass(frozen=True)
class HouseholdListItem(HouseholdSeen):
    """A household in a list."""

    due_on: date | None


async def _household(who: Who, household: UUID) -> HouseholdItem:
    found = await find_household(who, household)
    due = (await due_rule()).of(found.last_met_on)
    return item(HouseholdItem, found, due_on=due, **_facts(found))


def _facts(found: HouseholdFound) -> dict[str, bool | None]:
    return {
        "fibre": None if found.fibre is None else bool(found.fibre),
        "smartphone": None if found.smartphone is None else bool(found.smartphone),
    }


@get(
    "/households",
    guards=[may("household.read")],
    summary="List households",
    tags=TAGS,
    responses=problems(),
)
async def get_households(
    who: Asker,
    q: Search = None,
    team: FromQuery[UUID | None] = None,
    area: FromQuery[UUID | None] = None,
    due: FromQuery[Literal["due", "overdue", "unreached", "muted"] | None] = None,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[HouseholdListItem]:
    """The households within reach, by the given name of the head; that somebody asked is put on
    record. `due` narrows to those due within a week, overdue, never met, or paused."""
    asked = HouseholdFilter(q=q or "", show=due, team=team, area=area, after=cursor(after))
    answer = pages(HouseholdListItem, *await list_households(who, asked, limit))
    shown = {**asked.query(), "shown": len(answer.items)}
    await record(who, "household.list", path=who.first_path("household.read"), after=shown)
    return answer


@get(
    "/households/{household:uuid}",
    guards=[may("household.read")],
    summary="Show a household",
    tags=TAGS,
    responses=problems(),
)
async def get_household(who: Asker, household: FromPath[UUID]) -> HouseholdItem:
    """A household within reach."""
    return await _household(who, household)


@post(
    "/households",
    guards=[may("household.edit")],
    summary="Add a household",
    tags=TAGS,
    responses=problems(*WRITES),
    response_headers=LOCATION,
    operation_class=takes(AddHouseholdForm, UONG),
)
async def post_household(request: Asking, who: Asker) -> Response[HouseholdItem]:
    """Add a household. 409 with possible duplicates in `theirs`, unless `really_new` is true."""
    with clashing(HouseholdSeen):
        household = await add_household(who, await read_json(request, AddHouseholdForm))
    return made(f"/households/{household}", await _household(who, household))


@patch(
    "/households/{household:uuid}",
    guards=[may("household.edit")],
    summary="Edit a household",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(
        EditHouseholdForm, {"address": "Tổ 3, ngõ 12", "version": 1}, partly=("version",)
    ),
)
async def patch_household(request: Asking, who: Asker, household: FromPath[UUID]) -> HouseholdItem:
    """Change what the body names of a household; 409 with `theirs` if another was faster."""
    now = await find_household(who, household, "household.edit")
    known = item(HouseholdItem, now, due_on=None, **_facts(now))
    change = partial(edit_household, who, household)
    await patch_one(request, EditHouseholdForm, known, partial(item, HouseholdSeen), change)
    return await _household(who, household)


ROUTES: list[ControllerRouterHandler] = [
    get_households,
    get_household,
    post_household,
    patch_household,
]
