"""Teams: the list, one team, and what is done to it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit import clock
from kit.answers import Asking
from kit.errors import Refused
from kit.forms import Form, MaybeDay, read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.pages import done, page
from people.audit.commands import record, record_view
from people.permissions import Who
from people.reach import choices_areas, choices_communes
from people.sign_ins.door import Asker, may
from places.settings.queries import find_body
from teams.memberships.history import team_history
from teams.memberships.queries import list_team_spells, members_on, past_members
from teams.roster.commands import (
    DissolveTeamForm,
    EditTeamForm,
    FoundTeamForm,
    TeamAreasForm,
    dissolve_team,
    edit_team,
    found_team,
    set_team_areas,
)
from teams.roster.queries import (
    MOST_COUNTED,
    AreaCovered,
    TeamFilter,
    TeamFound,
    count_teams,
    find_team,
    gap_words,
    list_team_areas,
    list_teams,
)

ACTS = ("team.edit", "team.dissolve", "team.export", "member.assign", "member.card")


class DayAsked(Form):
    """`?on=2024-10-31`: the day a page speaks of."""

    on: MaybeDay = None


@get("/teams", guards=[may("team.read")])
async def teams_page(request: Asking, who: Asker) -> Response[str]:
    """The teams of a day: search, by commune, by gap."""
    asked = read_query(request, TeamFilter)
    teams, following = await list_teams(who, asked)
    whole = not (following or asked.after)
    shown = {
        "count": len(teams) if whole else await count_teams(who, asked),
        "most": MOST_COUNTED,
        "communes": tuple(await choices_communes(who, "team.read", asked.area)),
    }
    found: dict[str, Any] = {"teams": teams, "following": following, "asked": asked, **shown}
    return page(request, "teams/list.html", **found)


@get("/teams/{team:uuid}", guards=[may("team.read")])
async def team_page(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[str]:
    """One team on a day: who leads it, who is in it, what it lacks, its past in sentences."""
    day = read_query(request, DayAsked).on or clock.today()
    found = await find_team(who, team, on=day)
    shown = await _shown(who, found, day)
    await record_view(who, "member.list", found.name, found.path)
    return page(request, "teams/show.html", **shown)


async def _shown(who: Who, team: TeamFound, day: date) -> dict[str, Any]:
    areas = await list_team_areas(team.id, day)
    spells = await list_team_spells(team.id)
    members = members_on(spells, day)
    leader = next((m for m in members if m.position == "leader"), None)
    deputies = sum(m.position == "deputy" for m in members)
    lives = team.founded_on <= day and not (team.dissolved_on and team.dissolved_on <= day)
    gaps = gap_words(bool(leader), deputies, len(members), team.target_size) if lives else []
    return {
        "team": team,
        "day": day,
        "lives": lives,
        "leader": leader,
        "members": members,
        "past": past_members(spells, day),
        "covered": [a for a in areas if a.since <= day and not (a.until and a.until <= day)],
        "gaps": gaps,
        "history": team_history(team, spells, areas),
        "acts": acts_of(who, team, areas),
    }


def acts_of(who: Who, team: TeamFound, areas: list[AreaCovered]) -> set[str]:
    """What `who` may do to a team already found; nothing changes a dissolved one."""
    paths = [a.path for a in areas if a.until in (None, team.dissolved_on)]
    held = {
        act
        for act in ACTS
        if any(who.reaches(act, path) for path in paths) or team.id in who.teams(act)
    }
    return held - {"member.assign", "team.dissolve"} if team.dissolved_on else held


@get("/teams/{team:uuid}/contact-sheet", guards=[may("team.export")])
async def contact_sheet(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[str]:
    """Who to call in a team, on paper. That it was looked at stands in the log."""
    found = await find_team(who, team, "team.export")
    members = members_on(await list_team_spells(team), clock.today())
    await record(who, "team.contact_sheet", team, found.name, path=found.path)
    return page(request, "teams/contact_sheet.html", team=found, members=members)


@get("/teams/new", guards=[may("team.found")])
async def new_team_page(request: Asking, who: Asker) -> Response[str]:
    """The form that founds a team."""
    return await _founding(request, who)


@post("/teams/new", guards=[may("team.found")])
async def found_team_here(request: Asking, who: Asker) -> Response[Any]:
    """Found a team."""
    try:
        team = await found_team(who, await read_form(request, FoundTeamForm))
    except Refused as refused:
        return await _founding(request, who, refused)
    return done(f"/teams/{team}", _("The team was founded. Now add its members."))


async def _founding(request: Asking, who: Who, refused: Refused | None = None) -> Response[str]:
    areas = await choices_areas(who, "team.found", ["commune", "hamlet"])
    body = await find_body()
    chosen = await _areas_typed(request, refused) or request.query_params.getall("area", [])
    return page(
        request, "teams/new.html", refused, areas=areas, size=body.target_size, chosen=chosen
    )


async def _areas_typed(request: Asking, refused: Refused | None) -> list[str]:
    """The areas ticked in a form that was refused; what was typed is kept with the refusal."""
    if refused is None:
        return []
    refused.typed = await read_typed(request)
    return [str(area) for area in (await request.form()).getall("areas", [])]


@get("/teams/{team:uuid}/edit", guards=[may("team.edit")])
async def edit_team_page(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[str]:
    """The form of a team's words and numbers."""
    return await _editing(request, who, team)


@post("/teams/{team:uuid}/edit", guards=[may("team.edit")])
async def edit_team_here(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[Any]:
    """Change a team's words and numbers."""
    try:
        await edit_team(who, team, await read_form(request, EditTeamForm))
    except Refused as refused:
        return await _editing(request, who, team, refused)
    return done(f"/teams/{team}", _("The team was saved."))


async def _editing(
    request: Asking, who: Who, team_id: UUID, refused: Refused | None = None
) -> Response[str]:
    team = await find_team(who, team_id, "team.edit")
    if refused:
        refused.typed = await read_typed(request)
    theirs = refused.details if refused else None
    return page(request, "teams/edit.html", refused, team=team, theirs=theirs)


@get("/teams/{team:uuid}/areas", guards=[may("team.edit")])
async def areas_page(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[str]:
    """The form of the areas a team covers."""
    return await _covering(request, who, team)


@post("/teams/{team:uuid}/areas", guards=[may("team.edit")])
async def set_areas_here(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[Any]:
    """Say which areas a team covers from a day on."""
    try:
        await set_team_areas(who, team, await read_form(request, TeamAreasForm))
    except Refused as refused:
        return await _covering(request, who, team, refused)
    return done(f"/teams/{team}", _("The areas were saved."))


async def _covering(
    request: Asking, who: Who, team_id: UUID, refused: Refused | None = None
) -> Response[str]:
    team = await find_team(who, team_id, "team.edit")
    covered = await list_team_areas(team_id, clock.today())
    now = {str(area.area) for area in covered if area.until is None}
    chosen = await _areas_typed(request, refused) if refused else sorted(now)
    areas = await choices_areas(who, "team.found", ["commune", "hamlet"])
    inside = {str(area.id) for area in areas}
    beyond = [a for a in covered if str(a.area) in now - inside]
    return page(
        request, "teams/areas.html", refused, team=team, areas=areas, chosen=chosen, beyond=beyond
    )


@get("/teams/{team:uuid}/dissolution", guards=[may("team.dissolve")])
async def dissolution_page(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[str]:
    """The form that dissolves a team, with what ends with it."""
    return await _dissolving(request, who, team)


@post("/teams/{team:uuid}/dissolution", guards=[may("team.dissolve")])
async def dissolve_here(request: Asking, who: Asker, team: FromPath[UUID]) -> Response[Any]:
    """Dissolve a team."""
    try:
        await dissolve_team(who, team, await read_form(request, DissolveTeamForm))
    except Refused as refused:
        return await _dissolving(request, who, team, refused)
    return done(f"/teams/{team}", _("The team was dissolved."))


async def _dissolving(
    request: Asking, who: Who, team_id: UUID, refused: Refused | None = None
) -> Response[str]:
    team = await find_team(who, team_id, "team.dissolve")
    members = members_on(await list_team_spells(team_id), clock.today())
    if refused:
        refused.typed = await read_typed(request)
    return page(request, "teams/dissolution.html", refused, team=team, members=members)


ROUTES: list[ControllerRouterHandler] = [
    teams_page,
    team_page,
    contact_sheet,
    new_team_page,
    found_team_here,
    edit_team_page,
    edit_team_here,
    areas_page,
    set_areas_here,
    dissolution_page,
    dissolve_here,
]
