"""Visits for programs and phones: /api/v1/visits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, QueryParameter
from litestar.types import ControllerRouterHandler

from kit.bodies import read_json
from kit.errors import Forbidden
from kit.listing import USUAL, After, Limit, Listed, cursor, pages, sifted
from kit.openapi import WRITES, problems, takes
from people.audit.commands import record
from people.sign_ins.door import Asker, may, signed_in
from teams.visits.batches import Synced, SyncForm, take_batch
from teams.visits.filters import VisitFilter
from teams.visits.forms import Outcome
from teams.visits.items import VisitItem, show_visit
from teams.visits.queries import find_visit, list_visits

Asking = Request[Any, Any, Any]
TAGS = ["visits"]
MORNING = {
    "id": "01932c07-5e3a-7000-8000-0000000000a1",
    "household": "01932c07-5e3a-7000-8000-000000000001",
    "met": "met",
    "met_at": "2026-11-23T09:42:00+07:00",
    "place": "home",
    "consent": "consent",
    "supports": [{"service": "vneid_2", "outcome": "assisted"}],
}


@dataclass(frozen=True)
class VisitListItem:
    """A visit in a list. Where nobody wished to be named, no household is."""

    id: UUID
    day: date
    met_at: datetime
    household: UUID | None
    area: UUID
    team: UUID
    met: str
    place: str
    basis: str
    performed_by: UUID
    via: str
    services: int
    flags: int
    withdrawn_at: datetime | None
    version: int


@get("/visits", guards=[may("visit.read")], summary="List visits", tags=TAGS, responses=problems())
async def get_visits(  # noqa: PLR0913, PLR0917  (each is a filter of the address)
    who: Asker,
    team: FromQuery[UUID | None] = None,
    area: FromQuery[UUID | None] = None,
    chart: Annotated[
        Literal["then"] | None,
        QueryParameter(name="map", description="Where it lay on the visit's own day."),
    ] = None,
    service: Annotated[str | None, QueryParameter(max_length=40)] = None,
    outcome: FromQuery[Outcome | None] = None,
    first: Annotated[date | None, QueryParameter(name="from")] = None,
    last: Annotated[date | None, QueryParameter(name="to")] = None,
    limit: Limit = USUAL,
    after: After = None,
) -> Listed[VisitListItem]:
    """The visits within reach by their own day, the newest first; that somebody asked is put on
    record. `from` and `to` are days, both included. An `area` holds what lies in it on today's
    map or, with `map=then`, what lay in it on the visit's own day."""
    days = {"since": first, "until": last, "after": cursor(after)}
    place = {"team": team, "area": area, "map": chart, "service": service, "outcome": outcome}
    asked = sifted(VisitFilter, **place, **days)
    answer = pages(VisitListItem, *await list_visits(who, asked, limit))
    shown = {**asked.query(), "shown": len(answer.items)}
    await record(who, "visit.list", path=who.first_path("visit.read"), after=shown)
    return answer


@get(
    "/visits/{visit:uuid}",
    guards=[may("visit.read")],
    summary="Show a visit",
    tags=TAGS,
    responses=problems(),
)
async def get_visit(who: Asker, visit: FromPath[UUID]) -> VisitItem:
    """A visit within reach, with what hangs on it and its earlier contents."""
    return await show_visit(await find_visit(who, visit))


@post(
    "/visits/sync",
    status_code=200,
    guards=[signed_in],
    summary="Send what a phone has gathered",
    tags=TAGS,
    responses=problems(*WRITES),
    operation_class=takes(SyncForm, {"visits": [MORNING]}),
)
async def post_sync(request: Asking, who: Asker) -> Response[Synced]:
    """Take records one by one and say of each what became of it; sent again, they are
    duplicates. The answer comes after the commit. At most 200 visits a call."""
    if who.read_only:
        raise Forbidden
    return Response(await take_batch(who, await read_json(request, SyncForm)), status_code=200)


ROUTES: list[ControllerRouterHandler] = [get_visits, get_visit, post_sync]
