"""Households: the list of those who help them, the card of one, and what is done to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from kit.answers import Asking
from kit.errors import Refused
from kit.forms import Form, read_form, read_query, read_typed
from kit.i18n import gettext as _
from kit.pages import done, onward, page
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.catalogues.queries import find_catalogues
from teams.follow_ups.queries import FollowUpFilter, list_follow_ups
from teams.follow_ups.words import reason_word
from teams.households.commands import (
    add_household,
    assign_household_team,
    edit_household,
    mute_household,
    unmute_household,
)
from teams.households.coverage import list_team_coverage
from teams.households.due import due_rule
from teams.households.forms import (
    AddHouseholdForm,
    EditHouseholdForm,
    HouseholdTeamForm,
    MuteForm,
    VersionForm,
)
from teams.households.history import (
    FIRST,
    MOST,
    list_consents,
    list_household_visits,
    list_merged,
    list_residents,
    live_consents,
)
from teams.households.lists import choices_hamlets, choices_teams
from teams.households.queries import (
    HouseholdFilter,
    HouseholdFound,
    count_households,
    find_household,
    list_households,
)
from teams.roster.choices import choices_places


@get("/households", guards=[may("household.read")])
async def households_page(request: Asking, who: Asker) -> Response[str]:
    """The households one helps: whom to visit, whom nobody met yet; search without marks."""
    asked = read_query(request, HouseholdFilter)
    homes, following = await list_households(who, asked)
    counts = await count_households(who, asked)
    coverage = await list_team_coverage(who.own_team) if who.own_team else []
    await record_view(who, "household.list", path=who.first_path("household.read"))
    found: dict[str, Any] = {"homes": homes, "counts": counts, "coverage": coverage}
    if not who.own_team:
        found["places"] = await choices_places(who, "household.read", asked.team, asked.area)
    following = onward(request, following)
    return page(request, "households/list.html", asked=asked, next=following, **found)


class CardAsked(Form):
    """`?visits=all`: every visit rather than the newest."""

    visits: str = ""


@get("/households/{household:uuid}", guards=[may("household.read")])
async def household_page(request: Asking, who: Asker, household: FromPath[UUID]) -> Response[Any]:
    """The card of a household: whom to call, when it is due, who lives there, what was done."""
    found = await find_household(who, household)
    if found.merged_into:
        return done(f"/households/{found.merged_into}")
    whole = read_query(request, CardAsked).visits == "all"
    return page(request, "households/show.html", **await _card(who, found, whole=whole))


async def _card(who: Who, home: HouseholdFound, *, whole: bool) -> dict[str, Any]:
    visits = await list_household_visits(home.id, MOST if whole else FIRST + 1)
    rule = await due_rule()
    due = None if home.muted_since else rule.of(home.last_met_on)
    consents = live_consents(await list_consents(home.id))
    residents = await list_residents(home.id, rule.today)
    promised = FollowUpFilter(household=home.id, show="open")
    return {
        "home": home,
        "visits": visits if whole else visits[:FIRST],
        "more_visits": not whole and len(visits) > FIRST,
        "due": due,
        "late": max((rule.today - due).days, 0) if due else 0,
        "residents": residents,
        "consents": consents,
        "names": {resident.id: resident.label for resident in residents},
        "merged": await list_merged(home.id) if home.merged else [],
        "follow_ups": (await list_follow_ups(who, promised))[0],
        "catalogues": await find_catalogues(),
        "reason_word": reason_word,
    }


@get("/households/new", guards=[may("household.edit")])
async def new_household_page(request: Asking, who: Asker) -> Response[str]:
    """The form of a new household."""
    return await _adding(request, who)


@post("/households/new", guards=[may("household.edit")])
async def add_household_here(request: Asking, who: Asker) -> Response[Any]:
    """Add a household, unless it may be here already (409 with the likely ones)."""
    try:
        household = await add_household(who, await read_form(request, AddHouseholdForm))
    except Refused as refused:
        return await _adding(request, who, refused)
    return done(f"/households/{household}", _("The household was added."))


async def _adding(request: Asking, who: Who, refused: Refused | None = None) -> Response[str]:
    if refused:
        refused.typed = await read_typed(request)
    twins = refused.details if refused and isinstance(refused.details, list) else []
    hamlets = await choices_hamlets(who)
    return page(request, "households/new.html", refused, twins=twins, hamlets=hamlets)


@get("/households/{household:uuid}/edit", guards=[may("household.edit")])
async def edit_household_page(
    request: Asking, who: Asker, household: FromPath[UUID]
) -> Response[str]:
    """The form of a household."""
    return await _form(request, who, household, "edit")


@post("/households/{household:uuid}/edit", guards=[may("household.edit")])
async def edit_household_here(
    request: Asking, who: Asker, household: FromPath[UUID]
) -> Response[Any]:
    """Change a household."""
    try:
        await edit_household(who, household, await read_form(request, EditHouseholdForm))
    except Refused as refused:
        return await _form(request, who, household, "edit", refused)
    return done(f"/households/{household}", _("The household was saved."))


@get("/households/{household:uuid}/pause", guards=[may("household.edit")])
async def pause_page(request: Asking, who: Asker, household: FromPath[UUID]) -> Response[str]:
    """The form that pauses the visits to a household."""
    return await _form(request, who, household, "pause")


@post("/households/{household:uuid}/pause", guards=[may("household.edit")])
async def pause_here(request: Asking, who: Asker, household: FromPath[UUID]) -> Response[Any]:
    """Pause the visits to a household."""
    try:
        await mute_household(who, household, await read_form(request, MuteForm))
    except Refused as refused:
        return await _form(request, who, household, "pause", refused)
    return done(f"/households/{household}", _("Visits to this household are paused."))


@post("/households/{household:uuid}/return", guards=[may("household.edit")])
async def return_here(request: Asking, who: Asker, household: FromPath[UUID]) -> Response[Any]:
    """Take a paused household up again."""
    await find_household(who, household, "household.edit")
    await unmute_household(who, household, await read_form(request, VersionForm))
    return done(f"/households/{household}", _("The household is on the list again."))


@get("/households/{household:uuid}/team", guards=[may("team.edit")])
async def household_team_page(
    request: Asking, who: Asker, household: FromPath[UUID]
) -> Response[str]:
    """The form that sets the team of a household by hand."""
    return await _form(request, who, household, "team")


@post("/households/{household:uuid}/team", guards=[may("team.edit")])
async def set_team_here(request: Asking, who: Asker, household: FromPath[UUID]) -> Response[Any]:
    """Set the team of a household by hand, or let it follow the hamlet again."""
    try:
        await assign_household_team(who, household, await read_form(request, HouseholdTeamForm))
    except Refused as refused:
        return await _form(request, who, household, "team", refused)
    return done(f"/households/{household}", _("The team of the household was saved."))


async def _form(
    request: Asking, who: Who, household: UUID, which: str, refused: Refused | None = None
) -> Response[str]:
    """A form about a household already there: `which` names its template."""
    home = await find_household(
        who, household, "team.edit" if which == "team" else "household.edit"
    )
    if refused:
        refused.typed = await read_typed(request)
    shown: dict[str, Any] = {"theirs": refused.details if refused else None, "home": home}
    if which == "edit":
        shown["hamlets"] = await choices_hamlets(who)
    if which == "team":
        shown["teams"] = await choices_teams(who)
    return page(request, f"households/{which}.html", refused, **shown)


ROUTES: list[ControllerRouterHandler] = [
    households_page,
    household_page,
    new_household_page,
    add_household_here,
    edit_household_page,
    edit_household_here,
    pause_page,
    pause_here,
    return_here,
    household_team_page,
    set_team_here,
]
