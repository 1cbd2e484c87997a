"""The visit form, online and in the shell of the phone; the service worker."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.types import ControllerRouterHandler

from kit import i18n
from kit.answers import Asking
from kit.database import hold_id, transaction
from kit.errors import Refused
from kit.forms import check
from kit.i18n import gettext as _
from kit.pages import done
from people.audit.commands import record_view
from people.permissions import Who
from people.sign_ins.door import Asker, may
from teams.households.forms import ResidentForm
from teams.households.queries import (
    HouseholdFilter,
    HouseholdLine,
    find_household,
    list_households,
)
from teams.households.residents import add_resident
from teams.offline.forms import visit_page
from teams.offline.plain import read_resident, read_visit
from teams.offline.shell import render_shell, render_worker
from teams.visits.commands import Logged, log_visit
from teams.visits.forms import VisitForm

OPEN = {"open": True}
Fields = dict[str, list[str]]


@get("/households/{household:uuid}/visits/new", guards=[may("visit.log")])
async def new_visit_page(request: Asking, who: Asker, household: FromPath[UUID]) -> Response[Any]:
    """The form of a visit to a household."""
    home = await find_household(who, household, "visit.log")
    if home.merged_into:
        return done(f"/households/{home.merged_into}/visits/new")
    await record_view(who, "household.view", home.head, home.path)
    return await visit_page(request, who, home)


@post("/households/{household:uuid}/visits/new", guards=[may("visit.log")])
async def log_visit_here(request: Asking, who: Asker, household: FromPath[UUID]) -> Response[Any]:
    """Log a visit to a household, and on to the next one that is due."""
    home = await find_household(who, household, "visit.log")
    sent = await _fields(request)
    try:
        logged = await _log(who, sent, household)
    except Refused as refused:
        return await visit_page(request, who, home, refused, sent)
    return await _onward(who, household, logged)


@get("/visits/new", guards=[may("visit.log")])
async def loose_visit_page(request: Asking, who: Asker, q: FromQuery[str] = "") -> Response[Any]:
    """The form of a visit at a market or a desk, or the search for the household."""
    found: list[HouseholdLine] = []
    if q.strip():
        found, _next = await list_households(who, HouseholdFilter(q=q), 20)
        await record_view(who, "household.list", path=who.first_path("household.read"))
    return await visit_page(request, who, None, q=q, found=found)


@post("/visits/new", guards=[may("visit.log")])
async def log_loose_visit_here(request: Asking, who: Asker) -> Response[Any]:
    """Log a visit that belongs to no household; only counted."""
    sent = await _fields(request)
    try:
        await _log(who, sent, None)
    except Refused as refused:
        return await visit_page(request, who, None, refused, sent, q="", found=[])
    return done("/visits/new", _("The visit was saved."))


async def _fields(request: Asking) -> Fields:
    found: Fields = {}
    for name, value in (await request.form()).multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


async def _log(who: Who, sent: Fields, household: UUID | None) -> Logged:
    """Log what a page sent; somebody new is added first. Raises Refused."""
    form, new = check(VisitForm, read_visit(sent, household)), read_resident(sent)
    resident = uuid5(form.id, "resident")  # the same form sent twice adds the same person
    if new:
        form = check(VisitForm, read_visit(sent, household, resident))
    async with transaction():
        await hold_id(form.id)  # the same page twice at once: the second finds the first
        if new and household:
            await add_resident(who, household, check(ResidentForm, new), resident)
        return await log_visit(who, form, "page")


async def _onward(who: Who, household: UUID, logged: Logged) -> Response[Any]:
    """To the next household that is due, else to the card of this one."""
    if logged.status == "conflict":
        said = _("Another visit was saved under this number before; it stands unchanged.")
        return done(f"/households/{household}", said, tone="bad")
    due, _more = await list_households(who, HouseholdFilter(show="due", team=who.own_team), 2)
    following = next((home for home in due if home.id != household), None)
    if following is None:
        return done(f"/households/{household}", _("The visit was saved."))
    said = _("The visit was saved. Next household: %(head)s.", head=following.head)
    return done(f"/households/{following.id}/visits/new", said)


@get(["/m/log", "/m/outbox"], opt=OPEN)
async def shell_page(request: Asking, language: FromQuery[str] = "") -> Response[str]:
    """The shell of the phone; the phone itself fills it."""
    chosen = language if language in i18n.LANGUAGES else i18n.current_language()
    text = await render_shell(chosen, request.scope["state"]["frame"])
    headers = {"cache-control": "no-cache", "vary": "cookie"}
    return Response(text, media_type="text/html", headers=headers)


@get("/sw.js", opt=OPEN)
async def service_worker(request: Asking) -> Response[str]:
    """The service worker."""
    text = await render_worker(request.scope["state"]["frame"])
    return Response(text, media_type="text/javascript", headers={"cache-control": "no-cache"})


ROUTES: list[ControllerRouterHandler] = [
    new_visit_page,
    log_visit_here,
    loose_visit_page,
    log_loose_visit_here,
    shell_page,
    service_worker,
]
