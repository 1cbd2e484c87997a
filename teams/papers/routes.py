"""The paper form, ten visits a page."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.forms import read_query
from kit.pages import page
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.households.queries import HouseholdFilter, HouseholdLine, list_households
from teams.papers.queries import (
    A_PAGE,
    VERB,
    PaperFilter,
    choices_own_teams,
    list_hamlets,
)
from teams.papers.services import list_services
from teams.roster.queries import TeamFound, find_team

MOST_DUE = 100
Sheets = list[list[HouseholdLine | None]]


@get("/visits/paper", guards=[may(VERB)])
async def paper_page(request: Asking, who: Asker) -> Response[str]:
    """The form to print, blank or with the households that are due."""
    asked = read_query(request, PaperFilter)
    team = asked.team or who.own_team
    teams = await choices_own_teams(who, team)
    found = await find_team(who, team or teams[0].id, VERB) if team or teams else None
    shown = await _sheets(who, asked, found) if found else {"sheets": []}
    return page(request, "papers/form.html", asked=asked, team=found, teams=teams, **shown)


async def _sheets(who: Who, asked: PaperFilter, team: TeamFound) -> dict[str, Any]:
    today = clock.today()
    hamlets = await list_hamlets(team.id, today)
    services = [service for service in await list_services() if service.offered(today)]
    return {
        "sheets": await _lines(who, asked, team.id),
        "hamlets": ", ".join(hamlet.name for hamlet in hamlets),
        "services": services,
    }


async def _lines(who: Who, asked: PaperFilter, team: UUID) -> Sheets:
    """Ten lines a sheet: blank ones, or households that are due, which stands in the log."""
    blank: list[HouseholdLine | None] = [None] * A_PAGE
    if not asked.due:
        return [blank] * asked.pages
    due, _more = await list_households(who, HouseholdFilter(team=team, show="due"), MOST_DUE)
    await record(who, "visit.paper", team, path=who.first_path(VERB), after={"rows": len(due)})
    parts = [due[at : at + A_PAGE] for at in range(0, len(due), A_PAGE)]
    return [[*part, *blank[len(part) :]] for part in parts] or [blank]


ROUTES: list[ControllerRouterHandler] = [paper_page]
