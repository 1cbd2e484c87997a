"""Areas with their teams: the tree of a day, and the page of one area."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.days import parse_day
from kit.pages import page
from people.permissions import Who
from people.sign_ins.door import Asker, may
from places.areas.history import history_of
from places.areas.queries import find_area_or_last, list_spells
from reports.areas.queries import find_around, list_area_teams, list_tops

LISTING = ("commune", "hamlet")
"""Kinds of areas whose teams are few enough to stand on the area's page."""


def day_of(text: str) -> date:
    """The day asked for; today for none, and for what is no day."""
    try:
        return parse_day(text)
    except ValueError:
        return clock.today()


@get("/areas", guards=[may("area.read")])
async def areas_page(request: Asking, who: Asker, on: FromQuery[str] = "") -> Response[Any]:
    """The tree of a day: the highest areas within reach, and those right below."""
    day = day_of(on)
    return page(request, "areas/index.html", on=day, tops=await list_tops(who, day))


@get("/areas/{area:uuid}", guards=[may("area.read")])
async def area_page(
    request: Asking, who: Asker, area: FromPath[UUID], on: FromQuery[str] = ""
) -> Response[Any]:
    """An area as of a day, with what lies in it, its teams and its story."""
    return page(request, "areas/show.html", **await shown(who, area, day_of(on)))


async def shown(who: Who, area_id: UUID, on: date) -> dict[str, Any]:
    """What the page of an area tells."""
    area = await find_area_or_last(who, area_id, on)
    spells = await list_spells(area.id)
    listed = who.may("team.read") and area.kind in LISTING
    return {
        "area": area,
        "on": on,
        "around": await find_around(who, area, on),
        "began": spells[0].since,
        "ends": spells[-1].until,
        "parent_name": next((s.parent_name for s in spells if s.since == area.since), None),
        "history": history_of(spells),
        "listed": listed,
        "teams": await list_area_teams(who, area, on) if listed else [],
    }


ROUTES: list[ControllerRouterHandler] = [areas_page, area_page]
