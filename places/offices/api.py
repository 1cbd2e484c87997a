"""Offices for programs: /api/v1/offices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, patch, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit.bodies import read_json
from kit.changes import made, patch_one
from kit.listing import USUAL, After, Limit, Listed, Search, clashing, cursor, item, pages
from kit.openapi import LOCATION, WRITES, problems, takes
from people.permissions import Who
from people.sign_ins.door import Asker, may
from places.offices.commands import (
    ChangeOfficeForm,
    EndOfficeForm,
    OfficeForm,
    change_office,
    end_office,
    found_office,
)
from places.offices.queries import OfficeFilter, find_office, list_offices

Asking = Request[Any, Any, Any]
TAGS = ["offices"]
SOME_ID = "01932c07-5e3a-7000-8000-000000000001"


@dataclass(frozen=True)
class OfficeItem:
    """An office; `until` is the first day on which this name and area no longer hold."""

    id: UUID
    name: str
    area: UUID
    area_name: str
    since: date
    until: date | None
    version: int


async def _office(who: Who, office: UUID) -> OfficeItem:
    return item(OfficeItem, await find_office(who, office))


@get(
    "/offices", guards=[may("office.read")], summary="List offices", tags=TAGS, responses=problems()
)
async def get_offices(
    who: Asker,
    area: FromQuery[UUID | None] = None,
    q: Search = None,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[OfficeItem]:
    """The offices of today within reach, by name."""
    asked = OfficeFilter(area=area, q=q or "", after=cursor(after))
    return pages(OfficeItem, *await list_offices(who, asked, limit))


@get(
    "/offices/{office:uuid}",
    guards=[may("office.read")],
    summary="Show an office",
    tags=TAGS,
    responses=problems(),
)
async def get_office(who: Asker, office: FromPath[UUID]) -> OfficeItem:
    """An office within reach."""
    return await _office(who, office)


@post(
    "/offices",
    guards=[may("office.edit")],
    summary="Found an office",
    tags=TAGS,
    responses=problems(*WRITES),
    response_headers=LOCATION,
    operation_class=takes(
        OfficeForm, {"name": "Trạm y tế", "area": SOME_ID, "since": "2026-07-01"}
    ),
)
async def post_office(request: Asking, who: Asker) -> Response[OfficeItem]:
    """Found an office in an area within reach."""
    office = await found_office(who, await read_json(request, OfficeForm))
    return made(f"/offices/{office}", await _office(who, office))


@patch(
    "/offices/{office:uuid}",
    guards=[may("office.edit")],
    summary="Change an office",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(
        ChangeOfficeForm,
        {"name": "Trạm y tế xã", "since": "2026-07-01", "version": 1},
        partly=("since", "version"),
    ),
)
async def patch_office(request: Asking, who: Asker, office: FromPath[UUID]) -> OfficeItem:
    """From a day on an office has another name or area; what is left out stays."""
    now = await find_office(who, office, "office.edit")
    change = partial(change_office, who, office)
    await patch_one(request, ChangeOfficeForm, now, partial(item, OfficeItem), change)
    return await _office(who, office)


@post(
    "/offices/{office:uuid}/ending",
    status_code=200,
    guards=[may("office.edit")],
    summary="End an office",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(EndOfficeForm, {"on": "2026-07-01", "version": 1}),
)
async def post_office_ending(request: Asking, who: Asker, office: FromPath[UUID]) -> OfficeItem:
    """End an office; its people keep it on record."""
    await find_office(who, office, "office.edit")
    with clashing(OfficeItem):
        await end_office(who, office, await read_json(request, EndOfficeForm))
    return await _office(who, office)


ROUTES: list[ControllerRouterHandler] = [
    get_offices,
    get_office,
    post_office,
    patch_office,
    post_office_ending,
]
