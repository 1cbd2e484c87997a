"""Visits on paper: the form, ten visits a page, and typing it in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import NotFound, Refused
from kit.forms import read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.i18n import ngettext
from kit.pages import done, link, page
from people.audit.commands import record
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.households.queries import HouseholdFilter, HouseholdLine, list_households
from teams.papers.lines import PaperLine, blank_lines, typed_lines
from teams.papers.queries import (
    A_PAGE,
    VERB,
    PaperFilter,
    choices_own_teams,
    list_hamlets,
)
from teams.papers.services import list_services, outcome_letters
from teams.papers.transcription import (
    Desk,
    Typed,
    TypedFor,
    set_desk,
    team_to_type_for,
    transcribe,
)
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
    due = await _to_visit(who, team)
    await record(who, "visit.paper", team, path=who.first_path(VERB), after={"rows": len(due)})
    parts = [due[at : at + A_PAGE] for at in range(0, len(due), A_PAGE)]
    return [[*part, *blank[len(part) :]] for part in parts] or [blank]


async def _to_visit(who: Who, team: UUID) -> list[HouseholdLine]:
    """The households that are due, then those nobody has met so far."""
    found: list[HouseholdLine] = []
    for show in ("due", "unreached"):
        asked = HouseholdFilter.model_validate({"team": team, "show": show})
        found += (await list_households(who, asked, MOST_DUE))[0]
    return found[:MOST_DUE]


@get("/visits/transcription", guards=[may(VERB)])
async def transcription_page(request: Asking, who: Asker) -> Response[str]:
    """Ten lines to type paper visits into."""
    asked = read_query(request, TypedFor)
    teams = await choices_own_teams(who, asked.team or who.own_team)
    team = team_to_type_for(asked, who, teams)
    desk = await set_desk(who, await find_team(who, team, VERB)) if team else None
    return _sheet(request, asked, desk, blank_lines(), teams=teams)


@post("/visits/transcription", guards=[may(VERB)])
async def transcribe_here(request: Asking, who: Asker) -> Response[Any]:
    """Save each line that is right; the others come back with the reason."""
    asked = await read_form(request, TypedFor)
    desk = await _desk_of(who, asked)
    lines = typed_lines(await read_typed(request))
    if asked.performed_by is None:
        refused = Refused(fields={"performed_by": _("Say whose paper it is.")})
        return _sheet(request, asked, desk, lines, refused)
    typed = await transcribe(who, desk, asked.performed_by, lines)
    return _answer(request, asked, desk, typed)


async def _desk_of(who: Who, asked: TypedFor) -> Desk:
    if asked.team is None:
        raise NotFound
    return await set_desk(who, await find_team(who, asked.team, VERB))


def _answer(request: Asking, asked: TypedFor, desk: Desk, typed: Typed) -> Response[Any]:
    """The lines that were wrong with the reasons, or a fresh sheet."""
    said = ngettext("%(num)s visit was saved.", "%(num)s visits were saved.", typed.saved)
    if not typed.wrong:
        onward = {"team": asked.team, "performed_by": asked.performed_by}
        told = said if typed.saved else _("No line was filled in, so nothing was saved.")
        return done(link("/visits/transcription", **onward), told)
    lines = typed.lines()
    fields = {f"{name}-{it.number}": why for it in lines for name, why in it.wrong.items()}
    told = _("%(said)s Mend the lines below, then save again.", said=said)
    return _sheet(request, asked, desk, lines, Refused(told, fields))


def _sheet(
    request: Asking,
    asked: TypedFor,
    desk: Desk | None,
    lines: list[PaperLine],
    refused: Refused | None = None,
    **more: Any,
) -> Response[str]:
    shown = {"desk": desk, "lines": lines, "asked": asked, "letters": outcome_letters()}
    return page(request, "papers/transcription.html", refused, **{"teams": []} | shown | more)


ROUTES: list[ControllerRouterHandler] = [paper_page, transcription_page, transcribe_here]
