"""The first page."""

from __future__ import annotations

from datetime import date
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromQuery
from litestar.types import ControllerRouterHandler

from kit.days import parse_day
from kit.pages import page
from kit.spells import EVERYWHERE
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, signed_in
from reports.home.classes import find_own_classes
from reports.home.view import find_district, find_own_team
from teams.follow_ups.words import reason_word
from teams.visits.words import outcome_word

Asking = Request[Any, Any, Any]


@get("/", guards=[signed_in])
async def home_page(request: Asking, who: Asker, on: FromQuery[str] = "") -> Response[Any]:
    """What the reader looks after: the district, the own team, or what to do to get there."""
    if who.home_path is not None:
        return await show_district(request, who, day_of(on))
    own = await find_own_team(who)
    if own:
        await record_view(who, "member.list", own.team.name, own.team.path or EVERYWHERE)
        words: dict[str, Any] = {"catalogues": own.catalogues, "reason_word": reason_word}
        return page(request, "home/team.html", own=own, **words)
    return page(request, "home/outside.html", own=await find_own_classes(who))


async def show_district(request: Asking, who: Who, on: date | None) -> Response[Any]:
    """The page of who looks after an area; of a database without areas, the first steps."""
    district = await find_district(who, on)
    if district is None:
        return page(request, "home/fresh.html")
    return page(request, "home/district.html", district=district, outcome_word=outcome_word)


def day_of(typed: str) -> date | None:
    """The day asked for; what is no day asks for today."""
    try:
        return parse_day(typed) if typed else None
    except ValueError:
        return None


ROUTES: list[ControllerRouterHandler] = [home_page]
