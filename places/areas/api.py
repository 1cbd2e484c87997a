"""Areas for programs: /api/v1/areas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, get, patch, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from kit.bodies import read_json
from kit.changes import made, patch_one
from kit.listing import USUAL, After, Limit, Listed, Search, clashing, cursor, item, pages, sifted
from kit.openapi import LOCATION, WRITES, problems, takes
from people.permissions import Who
from people.sign_ins.door import Asker, may
from places.areas.commands import (
    ChangeAreaForm,
    EndAreaForm,
    FoundAreaForm,
    Kind,
    change_area,
    end_area,
    found_area,
)
from places.areas.queries import AreaFilter, find_area, find_last_spell, list_areas

Asking = Request[Any, Any, Any]
TAGS = ["areas"]
HAMLET = {"kind": "hamlet", "name": "Ấp 3", "since": "2024-10-10", "basis": "Nghị quyết 12/NQ-HĐND"}


@dataclass(frozen=True)
class AreaItem:
    """An area as of a day. `path` is the chain of numbers from the root; `until` is the first
    day on which this name, code and parent no longer hold."""

    id: UUID
    kind: Kind
    name: str
    code: str | None
    parent: UUID | None
    path: str
    since: date
    until: date | None
    basis: str
    version: int


async def _area(who: Who, area: UUID, on: date | None = None) -> AreaItem:
    return item(AreaItem, await find_area(who, area, on=on))


@get("/areas", guards=[may("area.read")], summary="List areas", tags=TAGS, responses=problems())
async def get_areas(
    who: Asker,
    parent: FromQuery[UUID | None] = None,
    kind: FromQuery[Kind | None] = None,
    on: FromQuery[date | None] = None,
    q: Search = None,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[AreaItem]:
    """The areas within reach as of a day (`on`, today by default), by name."""
    asked = sifted(AreaFilter, parent=parent, kind=kind, on=on, q=q or "", after=cursor(after))
    return pages(AreaItem, *await list_areas(who, asked, limit))


@get(
    "/areas/{area:uuid}",
    guards=[may("area.read")],
    summary="Show an area",
    tags=TAGS,
    responses=problems(),
)
async def get_area(
    who: Asker,
    area: FromPath[UUID],
    on: Annotated[
        date | None, QueryParameter(description="As of this day; today if left out.")
    ] = None,
) -> AreaItem:
    """An area as of a day."""
    return await _area(who, area, on)


@post(
    "/areas",
    guards=[may("area.edit")],
    summary="Found an area",
    tags=TAGS,
    responses=problems(*WRITES),
    response_headers=LOCATION,
    operation_class=takes(FoundAreaForm, HAMLET),
)
async def post_area(request: Asking, who: Asker) -> Response[AreaItem]:
    """Found an area within its parent."""
    form = await read_json(request, FoundAreaForm)
    area = await found_area(who, form)
    shown = await _area(who, area, form.since)
    return made(f"/areas/{area}", shown)


@patch(
    "/areas/{area:uuid}",
    guards=[may("area.edit")],
    summary="Change an area",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(
        ChangeAreaForm,
        {"name": "Ấp 3 mới", "since": "2026-07-01", "version": 1},
        partly=("since", "version"),
    ),
)
async def patch_area(request: Asking, who: Asker, area: FromPath[UUID]) -> AreaItem:
    """From a day on an area has another name, code or parent; what is left out stays."""
    now, change = await find_last_spell(who, area, "area.edit"), partial(change_area, who, area)
    form = await patch_one(request, ChangeAreaForm, now, partial(item, AreaItem), change)
    return await _area(who, area, form.since)


@post(
    "/areas/{area:uuid}/ending",
    status_code=200,
    guards=[may("area.edit")],
    summary="End an area",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(
        EndAreaForm, {"on": "2026-07-01", "basis": "Nghị quyết 12/NQ-HĐND", "version": 1}
    ),
)
async def post_area_ending(request: Asking, who: Asker, area: FromPath[UUID]) -> AreaItem:
    """End an area that nothing needs any more."""
    await find_last_spell(who, area, "area.edit")
    with clashing(AreaItem):
        await end_area(who, area, await read_json(request, EndAreaForm))
    return item(AreaItem, await find_last_spell(who, area))


ROUTES: list[ControllerRouterHandler] = [
    get_areas,
    get_area,
    post_area,
    patch_area,
    post_area_ending,
]
